"""The whole check: Zammad's side, the sidecar's own, and the way between sipgate and it, within seconds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import anyio
from anyio import to_thread

from sidecar.calls.reasons import because
from sidecar.check.agents import unmapped_finding
from sidecar.check.finding import Finding, problem, warning, without_secrets
from sidecar.check.hooks_seen import arrive, hook_findings, unmapped_users
from sidecar.check.own_side import Records, database_findings, disk_findings, key_finding
from sidecar.check.pages import page_findings
from sidecar.check.sipgate.facts import Facts
from sidecar.check.sipgate.hook_urls import Expected
from sidecar.check.sipgate.judgement import KnownElsewhere, findings_of
from sidecar.check.tickets.lines import refusal_findings
from sidecar.check.way_in import hook_urls, own_address, way_in
from sidecar.check.zammad_side import ZammadSide
from sidecar.codes.callbacks import Callbacks
from sidecar.codes.findings import Checked, Reached, Topic, WayIn
from sidecar.config import Settings
from sidecar.hooks.tokens import hook_token
from sidecar.sipgate.account import sipgate_of
from sidecar.sync.setting_up import restarts_since
from sidecar.sync.synchronisation import reader_from
from sipgate_client.politeness import Politeness
from zammad_client.client import Zammad
from zammad_client.errors import UnusableTokenError

SECONDS = 15.0  # for everything
PATIENCE = 4.0  # for one question to Zammad


@dataclass(slots=True, kw_only=True)
class Examination:
    """What was found, side by side; `token` is the one of the hook path, as far as it is known."""

    settings: Settings
    zammad: list[Finding] = field(default_factory=list)
    entrance: list[Finding] = field(default_factory=list)
    own: list[Finding] = field(default_factory=list)
    other_side: list[Finding] = field(default_factory=list)  # sipgate's
    facts: Facts = field(default_factory=Facts)
    politeness: Politeness | None = None  # of the process, where it asks sipgate for more than this
    records: Records = field(default_factory=Records)
    side: ZammadSide | None = None

    @property
    def findings(self) -> list[Finding]:
        """In the order in which people would look, without any token."""
        secrets = tuple(self._secrets())
        return [
            without_secrets(finding, secrets) for finding in (*self.zammad, *self.entrance, *self.other_side, *self.own)
        ]

    @property
    def token(self) -> str | None:
        seen = self.side.settings if self.side else None
        of_zammad = seen.sipgate_token if seen else None
        return hook_token(configured=self._configured, of_zammad=of_zammad or self.records.tokens.current)

    @property
    def urls(self) -> tuple[str, str] | None:
        """For incoming and outgoing calls, with the token; None where none is known."""
        return hook_urls(self.settings.server.public_url, self.token) if self.token else None

    async def run(self, *, seconds: float = SECONDS) -> None:
        with anyio.move_on_after(seconds) as limit:
            if self.settings.sipgate.api.is_used:
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(self._ask_sipgate)
                    await self._examine_the_rest()
            else:
                await self._examine_the_rest()
        self._judge_sipgate()
        if limit.cancelled_caught:
            self.own.append(warning(Topic.CHECK, because(Checked.UNFINISHED, within=seconds)))

    async def _examine_the_rest(self) -> None:
        await self._examine_own_side()
        await self._examine_zammad()
        await self._examine_entrance()

    async def _examine_own_side(self) -> None:
        where = (self.settings.database.url, self.settings.database.journal)
        reader = reader_from(self.settings)
        self.own += [*disk_findings(*where), key_finding(self.settings.sipgate.public_key_files)]
        self.records, findings = await to_thread.run_sync(
            lambda: database_findings(*where, reader=reader, now=time.time()),
            abandon_on_cancel=True,
        )
        self.own += [*findings, *refusal_findings(self.records.refusals)]

    async def _examine_zammad(self) -> None:
        zammad = self._client()
        if zammad is None:
            return
        self.side = ZammadSide(
            zammad=zammad,
            country=self.settings.phone.country,
            tickets=self.settings.tickets,
            attributes=self.settings.phone.attributes,
            configured_token=self._configured,
            restarting=restarts_since(self.records.migrated_at, now=time.time()),
            findings=self.zammad,
            wants_mailboxes=self.settings.sipgate.api.is_used,
        )
        try:
            await self.side.examine(self.records.blocked)
        finally:
            await zammad.aclose()

    def _client(self) -> Zammad | None:
        own = self.settings.zammad
        try:
            return Zammad(
                url=own.url,
                token=own.token.get_secret_value(),
                timeout=min(own.timeout, PATIENCE),
                verify=own.verify_tls if isinstance(own.verify_tls, bool) else str(own.verify_tls),
            )
        except OSError as error:
            self.zammad.append(problem(Topic.ZAMMAD, because(Reached.BAD_CA_BUNDLE, error=str(error))))
        except UnusableTokenError:
            self.zammad.append(problem(Topic.TOKEN, because(Reached.BAD_TOKEN)))
        except ValueError:
            self.zammad.append(problem(Topic.ZAMMAD, because(Reached.BAD_URL)))
        return None

    async def _examine_entrance(self) -> None:
        server, hooks = self.settings.server, self.records.hooks
        if self.token:
            self.entrance += await way_in(
                server.public_url,
                self.token,
                pages=f"{server.public_url}{self.settings.web.root_path}",
                directly=own_address(server.host, server.port),
                hooks_arrive=arrive(hooks, now=time.time()),
            )
        else:
            self.entrance.append(warning(Topic.PUBLIC_URL, because(WayIn.UNTRIED)))
        self.entrance += hook_findings(
            hooks,
            self.settings.sipgate.signature,
            unnamed_answer=self.settings.calls.unnamed_answer,
            now=time.time(),
        )
        agents = self.side.agents if self.side else None
        if agents is not None and (unmapped := unmapped_users(hooks, agents)):
            self.entrance.append(unmapped_finding([user.named for user in unmapped]))
        self.entrance += await page_findings(self.settings)

    async def _ask_sipgate(self) -> None:
        sipgate = sipgate_of(self.settings, politeness=self.politeness)
        if sipgate is None:
            return
        try:
            await self.facts.gather(sipgate)
        finally:
            await sipgate.aclose()

    def _judge_sipgate(self) -> None:
        if not self.settings.sipgate.api.is_used:
            return
        rules = self.side.rules if self.side else None
        known = KnownElsewhere(
            expected=Expected(
                public_url=self.settings.server.public_url,
                current=self.token,
                previous=self.records.tokens.previous,
            ),
            country=self.settings.phone.country,
            caller_ids=rules.routing.caller_ids() if rules else (),
            mailboxes=self.side.mailboxes if self.side else frozenset(),
            makes_tickets=any(each.reason.code == Callbacks.LINES for each in self.zammad),
            now=time.time(),
        )
        self.other_side += findings_of(self.facts, known)

    @property
    def _configured(self) -> str | None:
        token = self.settings.sipgate.token
        return token.get_secret_value() if token else None

    def _secrets(self) -> Iterator[str | None]:
        """Every token that could have found its way into a text."""
        if secret := self.settings.web.oauth_client_secret:
            yield secret.get_secret_value()
        yield self.settings.zammad.token.get_secret_value()
        yield self.settings.sipgate.api.token.get_secret_value()
        yield self._configured
        yield from (self.records.tokens.current, self.records.tokens.previous)
        if self.side and self.side.settings:
            yield from (self.side.settings.sipgate_token, self.side.settings.cti_token)
