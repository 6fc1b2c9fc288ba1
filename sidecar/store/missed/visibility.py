"""Which missed calls somebody may see."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, select, true

from sidecar.store.calls.visibility import Viewer, visible_call
from sidecar.store.missed.tables import missed_calls, missed_parts


def visible_missed(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on an entry of the missed calls: one of its calls is visible."""
    if not viewer.restricted:
        return true()
    one = select(1).where(
        missed_parts.c.missed_id == missed_calls.c.id, visible_call(viewer, missed_parts.c.conversation_id)
    )
    return exists(one)
