"""What admins have set in Zammad, read once into an immutable snapshot that hooks are decided from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sidecar.calls.numbers.known_numbers import Anybody, KnownNumbers
from sidecar.calls.numbers.numbers import WITHHELD, e164_digits
from sidecar.calls.reasons import because
from sidecar.calls.rules.agents import Agent, AgentMap, agent_map_from
from sidecar.calls.rules.block_list import BlockedNumber, BlockList, BlockRule, as_sent, block_list_from
from sidecar.calls.rules.routing import CallerId, Routing, routing_from
from sidecar.calls.rules.rows import Json, Place, RuleWarning, Shape, Warnings, as_section, plain_text, rows, section
from sidecar.calls.sipgate.events import NewCall

__all__ = ["Agent", "BlockRule", "BlockedNumber", "RuleWarning", "Rules", "ZammadSettings", "rules_from"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ZammadSettings:
    """Zammad's settings as read, the two configs of whatever shape."""

    sipgate_integration: bool
    sipgate_token: str | None = field(repr=False)
    sipgate_config: Json
    cti_integration: bool
    cti_token: str | None = field(repr=False)
    cti_config: Json
    desktop_view: bool = False  # whether agents are offered it
    locale_default: str = ""  # de-de; empty: not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Everything a hook's answer depends on."""

    enabled: bool  # the switch on the sipgate.io page
    country: str  # DE: how national numbers in hooks are read
    block_list: BlockList
    routing: Routing
    agents: AgentMap
    keep_hidden: bool = True  # no caller id for who hides the number
    warnings: tuple[RuleWarning, ...] = ()
    known: KnownNumbers | Anybody | None = (
        None  # whom rules with wildcards spare; None: nobody, as long as nobody was read
    )

    def blocking(self, caller: str) -> BlockRule | None:
        """The rule that rejects calls from this number, `from` as sent."""
        digits = self._digits_of(caller)
        named = self.block_list.named(caller, digits)
        return named or (None if self._is_known(digits) else self.block_list.covering(digits))

    def sparing(self, caller: str) -> BlockRule | None:
        """The rule that would reject calls from this number if it were not that of somebody known."""
        digits = self._digits_of(caller)
        return self.block_list.covering(digits) if self._is_known(digits) else None

    def _digits_of(self, caller: str) -> str | None:
        return WITHHELD if as_sent(caller) in {"", WITHHELD} else e164_digits(caller, self.country)

    def _is_known(self, digits: str | None) -> bool:
        return self.known is not None and digits in self.known

    def caller_id_for(self, call: NewCall) -> CallerId | None:
        """What an outbound call should show; None: the account's own setting."""
        user_id = call.user_ids[0] if call.user_ids else None
        full_user_id = call.full_user_ids[0] if call.full_user_ids else None
        agent = self.agent_for(user_id, full_user_id)
        return self.routing.caller_id_for(e164_digits(call.callee, self.country), agent)

    def agent_for(self, user_id: str | None, full_user_id: str | None) -> Agent | None:
        """Whom sipgate means by `userId` (w0) and `fullUserId` (1234567w0)."""
        return self.agents.find(user_id, full_user_id)


def rules_from(
    settings: ZammadSettings, agents: Sequence[Agent], blocked: Sequence[BlockedNumber], country: str
) -> Rules:
    """Never raises because of what admins have written: what cannot be understood becomes a warning."""
    warnings = Warnings()
    config = as_section(settings.sipgate_config, Place.CONFIG, warnings)
    inbound = section(config, "inbound", Place.INBOUND, warnings)
    outbound = section(config, "outbound", Place.OUTBOUND, warnings)
    default = plain_text(outbound.get("default_caller_id"))
    if default is None:
        warnings.add(because(Place.DEFAULT_CALLER_ID), outbound["default_caller_id"], because(Shape.NO_TEXT))
    blocked_rows = rows(inbound, "block_caller_ids", Place.BLOCK_LIST, Place.BLOCK_LIST_ROW, warnings)
    routing_rows = rows(outbound, "routing_table", Place.ROUTING_TABLE, Place.ROUTING_TABLE_ROW, warnings)
    map_rows = rows(config, "user_remote_map", Place.AGENT_MAP, Place.AGENT_MAP_ROW, warnings)
    block_list = block_list_from(blocked_rows, blocked, country, warnings)
    routing = routing_from(routing_rows, default or "", agents, country, warnings)
    return Rules(
        enabled=settings.sipgate_integration,
        country=country,
        block_list=block_list,
        routing=routing,
        agents=agent_map_from(list(map_rows), agents, warnings),
        warnings=tuple(warnings.found),
    )
