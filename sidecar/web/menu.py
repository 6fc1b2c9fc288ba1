"""What the menu around every page shows, and from where the page's stream goes on."""

from __future__ import annotations

from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Connection
from sidecar.store.missed.entries import count_open
from sidecar.store.replicas.page_changes import position
from sidecar.web.access.visitor import Visitor
from sidecar.web.parts import Parts


async def read_menu(visitor: Visitor, parts: Parts) -> dict[str, object]:
    """For a page whose own values do not have to be of the same moment."""
    return await parts.database.read(lambda connection: menu_values(connection, visitor.viewer))


def menu_values(connection: Connection, viewer: Viewer) -> dict[str, object]:
    """`position` first: whatever is read after it in this transaction is at least as new."""
    return {"position": position(connection), "open_missed": count_open(connection, viewer)}
