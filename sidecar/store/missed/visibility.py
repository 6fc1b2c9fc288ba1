"""Which missed calls somebody may see."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, select, true

from sidecar.store.calls.visibility import Viewer, part
from sidecar.store.missed.tables import missed_calls, missed_parts


def visible_missed(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on an entry of the missed calls: one of its calls is visible."""
    if not viewer.only_own:
        return true()
    own = (
        select(1)
        .select_from(missed_parts.join(part, part.c.conversation_id == missed_parts.c.conversation_id))
        .where(missed_parts.c.missed_id == missed_calls.c.id, part.c.agent_id == viewer.user_id)
    )
    return exists(own)
