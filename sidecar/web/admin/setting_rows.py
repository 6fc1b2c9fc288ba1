"""A change of a row on Zammad's sipgate.io page, and what the admin is told where Zammad does not take it."""

from __future__ import annotations

from collections.abc import Awaitable

import structlog

from sidecar.sync.setting_rows import UnknownShapeError
from sidecar.words.marks import N_
from zammad_client.errors import ZammadError

UNKNOWN_SHAPE = N_("Zammad's setting is none a row could be added to. Save the sipgate.io page in Zammad once.")
ZAMMAD_REFUSED = N_("Zammad did not take the change; whether it was written is shown by its sipgate.io page.")

log = structlog.get_logger(__name__)


async def problem_of(change: Awaitable[None]) -> str | None:
    """A message; None where it was made. Raises: RowExistsError, RowGoneError."""
    try:
        await change
    except UnknownShapeError:
        return UNKNOWN_SHAPE
    except ZammadError as error:
        log.warning("setting_row_not_changed", problem=str(error))
        return ZAMMAD_REFUSED
    return None
