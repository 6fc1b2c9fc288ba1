"""The rules and tokens in force: read from Zammad, kept in the database, swapped whole when something has changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import structlog
from anyio import Lock, to_thread

from sidecar.calls.numbers.known_numbers import ANYBODY, Anybody, KnownNumbers
from sidecar.calls.rules.rules import Rules, ZammadSettings
from sidecar.errors import StoreError
from sidecar.hooks.tokens import HookTokens, hook_token
from sidecar.logs import Streak
from sidecar.store.database import Connection, Database
from sidecar.store.journal.rules_copy import RulesCopy
from sidecar.store.people.known_numbers import known_numbers
from sidecar.store.replicas.snapshots import Snapshot, snapshot_versions
from sidecar.sync.intake import Intake, known_agents
from sidecar.sync.kept import (
    AGENTS,
    KNOWN,
    PARTS,
    Kept,
    keep_settings,
    keep_tokens,
    kept_in,
    kept_tokens,
    known_version,
    read_parts,
)
from sidecar.sync.settings import SettingsReader
from sidecar.wake_up import WakeUp
from zammad_client.client import Zammad
from zammad_client.errors import ZammadError, ZammadRefusedError
from zammad_client.records import User

SOON = 0.25  # seconds that the known numbers may be read in as often as they change
READ_AGAIN = 20.0  # what takes longer is not read again for so many times as long
AGENT_PERMISSION = "cti.agent"
LOOK = 1.0  # seconds between looks for what another process has read

log = structlog.get_logger()


class RulesInForce:
    """What hooks are decided from. `rules` and `tokens` change only as wholes.

    `rules` is None until Zammad's settings were read once, now or before a restart.
    """

    def __init__(
        self,
        *,
        zammad: Zammad,
        database: Database,
        intake: Intake,
        country: str,
        keep_hidden: bool = True,
        now: Callable[[], float],
        configured_token: str | None = None,
        token_overlap: float = 3600.0,
        exempt_known: bool = True,
        copy: RulesCopy | None = None,
    ) -> None:
        self.rules: Rules | None = None
        self.settings: ZammadSettings | None = None
        self.tokens = HookTokens(current=configured_token)
        self.agents_known = False
        self.agents_read_at = 0.0  # when Zammad was asked for what is known of them
        self._zammad = zammad
        self._database = database
        self._intake = intake
        self._country = country
        self._keep_hidden = keep_hidden
        self._now = now
        self._configured_token = configured_token
        self._token_overlap = token_overlap
        self._exempt_known = exempt_known
        self._copy = copy
        self._reader = SettingsReader(zammad)
        self._versions: Mapping[str, int] = {}
        self._known_from = 0.0  # of the monotonic clock: when the known numbers may be read again
        self._turn = Lock()
        self._view_limit_refused = False
        self._wake_up = WakeUp()

    def wake(self) -> None:
        """Another process has read something."""
        self._wake_up.wake()

    async def run(self) -> None:
        """Put into force what other processes have read."""
        streak = Streak("rules of others")
        while True:
            try:
                await self.reload_if_newer()
                streak.worked()
            except StoreError as error:
                streak.failed(error)
            await self._wake_up.wait(LOOK)

    def cti_token(self) -> str | None:
        """What Zammad's generic CTI endpoint is called with."""
        return self.settings.cti_token if self.settings else None

    def phone_switch(self, agent_id: int) -> bool:
        """Whether the agent takes calls, as last read from Zammad."""
        return self.rules is not None and self.rules.agents.phone_switch(agent_id)

    async def load_saved_rules(self) -> Rules | None:
        """The rules as last kept, without asking Zammad; None where there are none yet."""
        await self.reload_if_newer()
        return self.rules

    async def load_copy(self) -> None:
        """Without the database: the rules as last used here. Whom wildcards spare it alone knows, so they spare all."""
        if self._copy is None:
            return
        try:
            kept = kept_in(await to_thread.run_sync(self._copy.load))
        except StoreError as error:
            log.warning("no_copy_of_the_rules", reason=str(error))
            return
        await self._use(kept, known=ANYBODY if self._exempt_known else None)

    def look_anew(self) -> None:
        """The database may be another one."""
        self._versions = {}

    async def refresh(self) -> None:
        """One poll of settings and agents. Raises: ZammadError, StoreError; what was in force stays so."""
        await self.refresh_settings()
        await self.refresh_agents()

    async def refresh_settings(self) -> None:
        await self._read_settings()
        await self.reload_if_newer()

    async def _read_settings(self) -> None:
        """For itself, so that what was read is gone before rules are made of what is kept: it may be large."""
        settings = await self._with_view_limit(await self._reader.read())
        await self._database.write(lambda connection: self._keep_settings(connection, settings))

    async def renew_settings(self) -> None:
        """As `refresh_settings`, for whoever was told by Zammad that they are outdated; a failure changes nothing."""
        try:
            await self.refresh_settings()
        except (ZammadError, StoreError) as error:
            log.info("settings_not_renewed", problem=str(error))

    async def refresh_agents(self) -> None:
        asked_at = self._now()
        await self._intake.take_agents(await self._agents())
        await self.reload_if_newer()
        self.agents_read_at = asked_at

    async def _agents(self) -> list[User]:
        """Whoever is missing is looked for once more: a list read page by page may leave somebody out."""
        users = await self._zammad.users_with_permission(AGENT_PERMISSION)
        known = await self._database.read(known_agents) or set()
        if not known - {user.id for user in users}:
            return users
        again = await self._zammad.users_with_permission(AGENT_PERMISSION)
        return list({user.id: user for user in (*users, *again)}.values())

    async def reload_if_newer(self) -> bool:
        """Whether something was newer in the database than what was in force, and is in force now.

        What many rows mean is worked out in a thread: hooks are decided from what is in force meanwhile.
        """
        async with self._turn:
            newer = await self._database.read(self._newer)
            if newer == {KNOWN} and self.rules is not None:
                self.rules = await self._sparing(self.rules)
            elif newer:
                await self._reload()
            return bool(newer)

    def _newer(self, connection: Connection) -> set[str]:
        """Names of the parts that have changed, and of the known numbers if they make a difference now."""
        versions = {name: version for name, version in snapshot_versions(connection).items() if name in (*PARTS, KNOWN)}
        newer = {name for name, version in versions.items() if version != self._versions.get(name)}
        spares = self.rules is not None and self._exempt_known and self.rules.block_list.spares
        return newer if spares and time.monotonic() >= self._known_from else newer - {KNOWN}

    async def _reload(self) -> None:
        parts, versions = await self._database.read(self._parts)
        kept = kept_in(parts)
        await self._use(kept)
        if self.rules and kept.agents_read_at is not None and versions.get(AGENTS) != self._versions.get(AGENTS):
            self.agents_read_at = kept.agents_read_at  # no sooner: until now agents were as they had been
        self._versions = {**versions, KNOWN: self._versions.get(KNOWN, 0)}
        await to_thread.run_sync(self._save_copy, parts)

    async def _use(self, kept: Kept, known: KnownNumbers | Anybody | None = None) -> None:
        if kept.settings or not self.settings:  # a new database may have agents before it has settings
            self.tokens = self._renewed(kept.tokens, self._configured_token)
        self.agents_known = kept.agents is not None
        if rules := await to_thread.run_sync(kept.rules, self._country):
            self.settings = kept.settings
            rules = replace(rules, keep_hidden=self._keep_hidden, known=known)
            self.rules = rules if known else await self._sparing(rules)

    def _save_copy(self, parts: Mapping[str, Snapshot]) -> None:
        if self._copy is None:
            return
        try:
            self._copy.save(parts)
        except StoreError as error:
            log.warning("rules_not_copied", reason=str(error))

    def _parts(self, connection: Connection) -> tuple[dict[str, Snapshot], dict[str, int]]:
        versions = {name: version for name, version in snapshot_versions(connection).items() if name in PARTS}
        return read_parts(connection), versions

    async def _sparing(self, rules: Rules) -> Rules:
        """With those that are known now, where there is a row that spares them."""
        if not (self._exempt_known and rules.block_list.spares):
            return rules
        return replace(rules, known=await self._database.read(self._known_numbers))

    def _known_numbers(self, connection: Connection) -> KnownNumbers | None:
        """None as long as nobody was read."""
        version = known_version(connection)
        if version is None:
            return None
        began = time.monotonic()
        found = known_numbers(connection)
        taken = time.monotonic() - began
        self._known_from = began + (READ_AGAIN * taken if taken > SOON else 0.0)
        self._versions = {**self._versions, KNOWN: version}
        return found

    def _keep_settings(self, connection: Connection, settings: ZammadSettings) -> None:
        now = self._now()
        keep_settings(connection, settings, now)
        token = hook_token(configured=self._configured_token, of_zammad=settings.sipgate_token)
        keep_tokens(connection, self._renewed(kept_tokens(connection), token), now)

    def _renewed(self, tokens: HookTokens, token: str | None) -> HookTokens:
        return tokens.renewed(token, now=self._now(), overlap=self._token_overlap)

    async def _with_view_limit(self, settings: ZammadSettings) -> ZammadSettings:
        try:
            return await self._reader.write_view_limit_through(settings)
        except ZammadRefusedError as error:
            if not self._view_limit_refused:
                log.warning("view_limit_not_written", status=error.status, reason=error.message)
            self._view_limit_refused = True
            return settings
