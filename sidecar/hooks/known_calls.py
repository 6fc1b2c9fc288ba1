"""Which calls there is a conversation of already: asked while the integration is switched off."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sidecar.calls.conversation.joining import links_of
from sidecar.calls.sipgate.events import CallEvent
from sidecar.store.calls.conversations import conversations_with_keys
from sidecar.store.database import Database


def call_lookup(database: Database) -> Callable[[CallEvent], Awaitable[bool]]:
    async def is_known(event: CallEvent) -> bool:
        keys = links_of(event).keys
        return bool(await database.read(lambda connection: conversations_with_keys(connection, keys)))

    return is_known
