"""Everything that is asked of Zammad, in an order that reports one cause once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from sidecar.calls.reasons import because
from sidecar.calls.rules.agents import AgentMap
from sidecar.calls.rules.rules import BlockedNumber, Rules, ZammadSettings, rules_from
from sidecar.check import agents, attributes, rows, switches
from sidecar.check.finding import Finding, problem, warning
from sidecar.check.permissions import FOR_INSTALL, permissions_held
from sidecar.check.reach import clock_difference, service_user
from sidecar.check.tickets.lines import callback_findings
from sidecar.codes.findings import Reached, Topic
from sidecar.config.sections import Tickets
from sidecar.faults import reason_of
from sidecar.sync.installation import planned_steps
from sidecar.sync.records import agent_from
from sidecar.sync.rules_in_force import AGENT_PERMISSION
from sidecar.sync.settings import SettingsReader
from zammad_client.client import Zammad
from zammad_client.errors import ZammadError

_READS_PEOPLE = frozenset({"ticket.agent", "admin.user"})  # either will do


@dataclass(slots=True, kw_only=True)
class ZammadSide:
    """Filled as the answers come: what is there when time runs out still counts."""

    zammad: Zammad
    country: str
    attributes: Sequence[str] = ()  # further ones of users that hold numbers
    configured_token: str | None
    restarting: bool = False  # as it does after a migration of attributes
    tickets: Tickets = field(default_factory=Tickets)
    findings: list[Finding]
    settings: ZammadSettings | None = None
    rules: Rules | None = None
    mailboxes: frozenset[str] = frozenset()  # whose mail becomes tickets, lower case
    wants_mailboxes: bool = False

    async def examine(self, blocked: Sequence[BlockedNumber]) -> None:
        user, found = await service_user(self.zammad, restarting=self.restarting)
        self.findings.append(found)
        if user is None:
            return
        self.findings.append(await clock_difference(self.zammad))
        held, findings = await permissions_held(self.zammad)
        self.findings += findings
        if self.wants_mailboxes and "ticket.agent" in held:
            await self._read_mailboxes()
        if "admin.integration" in held:
            await self._examine_settings()
            if FOR_INSTALL in held:
                await self._examine_attributes()
            await self._examine_number_fields()
            await self._examine_rules(held, blocked)
        if "ticket.agent" in held:
            self.findings += await callback_findings(self.zammad, self.tickets, self.country)

    async def _read_mailboxes(self) -> None:
        with suppress(ZammadError):
            self.mailboxes = frozenset(email.lower() for email in await self.zammad.mailboxes())

    async def _examine_settings(self) -> None:
        try:
            others = {setting.name: setting.value for setting in await self.zammad.settings()}
            self.settings = await SettingsReader(self.zammad).read()
        except ZammadError as error:
            unread = because(Reached.SETTINGS_UNREAD, error=reason_of(error))
            self.findings.append(problem(Topic.SETTINGS, unread))
            return
        self.findings += switches.switch_findings(self.settings, others, self.configured_token)
        if self.settings.cti_integration and self.settings.cti_token:
            self.findings += await switches.endpoint_findings(self.zammad, self.settings.cti_token)

    async def _examine_attributes(self) -> None:
        try:
            steps = await planned_steps(self.zammad)
        except ZammadError as error:
            unread = because(Reached.ATTRIBUTES_UNREAD, error=reason_of(error))
            self.findings.append(warning(Topic.ATTRIBUTES, unread))
            return
        self.findings += attributes.attribute_findings(steps)

    async def _examine_number_fields(self) -> None:
        try:
            there = await self.zammad.fields_of_users()
        except ZammadError:
            return  # that nothing can be read is told already
        self.findings += attributes.missing_attributes(self.attributes, there)

    async def _examine_rules(self, held: frozenset[str], blocked: Sequence[BlockedNumber]) -> None:
        if self.settings is None or not held & _READS_PEOPLE:
            return
        try:
            users = await self.zammad.users_with_permission(AGENT_PERMISSION)
        except ZammadError as error:
            unread = because(Reached.AGENTS_UNREAD, error=reason_of(error))
            self.findings.append(warning(Topic.AGENTS, unread))
            return
        everybody = [agent_from(user) for user in users]
        self.findings += agents.view_findings(everybody, offered=self.settings.desktop_view)
        self.rules = rules_from(self.settings, everybody, blocked, self.country)
        self._judge_rows(self.settings, self.rules)
        self.findings += agents.mapped_agents(self.rules.agents)
        of_agents = filter(agents.is_of_agents, self.rules.warnings)
        self.findings += await agents.unresolved_rows(self.zammad, of_agents)

    def _judge_rows(self, settings: ZammadSettings, rules: Rules) -> None:
        config, country, ignored = settings.sipgate_config, self.country, rules.warnings
        summaries = (
            rows.block_list(config, rows.of_block_list(ignored), country),
            rows.routing(config, rows.of_routing(ignored), country),
        )
        self.findings += filter(None, summaries)
        self.findings += [rows.doubtful_row(each) for each in ignored if not agents.is_of_agents(each)]

    @property
    def agents(self) -> AgentMap | None:
        return self.rules.agents if self.rules else None
