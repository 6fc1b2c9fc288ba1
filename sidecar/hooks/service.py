"""The hook path as one part of the service: what has to be built, started and closed for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sidecar.calls.rules.rules import Rules
from sidecar.config import Settings
from sidecar.hooks.door import HookDoor
from sidecar.hooks.journal import Journal
from sidecar.hooks.known_calls import call_lookup
from sidecar.hooks.signature import signature_checker
from sidecar.hooks.tokens import HookTokens
from sidecar.metrics import Metrics
from sidecar.store.database import Database
from sidecar.store.journal.keeping import HookStore
from sidecar.store.journal.rows import HookRow


class HookPath:
    """`door` answers; `journal` has to be started, and keeps what was answered when it is closed.

    Args:
        on_commit: told whenever hooks are on disk.
        watchers: shown every hook on its way to the journal.

    """

    def __init__(
        self,
        settings: Settings,
        *,
        store: HookStore,
        database: Database,
        tokens: Callable[[], HookTokens],
        rules: Callable[[], Rules | None],
        on_commit: Callable[[], None],
        watchers: Sequence[Callable[[HookRow], None]],
        metrics: Metrics,
        clock: Callable[[], float],
    ) -> None:
        self.journal = Journal(store, on_commit=on_commit)
        self.door = HookDoor(
            tokens=tokens,
            rules=rules,
            signatures=signature_checker(settings.sipgate.public_key_files),
            signature_mode=settings.sipgate.signature,
            journal=self.journal,
            public_url=lambda: settings.server.public_url,
            metrics=metrics,
            known_call=call_lookup(database),
            watchers=watchers,
            clock=clock,
        )
