"""What planning Zammad's caller log needs to know of the world: who is who, and what the admin wants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sidecar.calls.conversation.legs import Dialler, Pickup
from sidecar.calls.numbers.numbers import WITHHELD, e164_digits
from sidecar.calls.rules.agents import Agent
from sidecar.calls.rules.rules import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Who is shown as having answered or dialled, by a name that is no login of anybody's, and the agent behind it."""

    name: str | None
    agent_id: int | None


NOBODY = Addressee(name=None, agent_id=None)
Party = Pickup | Dialler  # somebody of ours as sipgate names them


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    addressee: Callable[[Party], Addressee]
    written: Callable[[str], str]  # a number as Zammad wants it: digits, or "anonymous"
    popup_ttl: float = 20.0  # seconds
    may_open: bool = True
    log_blocked_calls: bool = False


def desk_for(rules: Rules | None, *, country: str, popup_ttl: float, log_blocked_calls: bool) -> Desk:
    """The desk as the rules of this moment have it; without rules nobody is known and nothing opens."""

    def addressee(party: Party) -> Addressee:
        agent = rules.agent_for(party.user_id, party.full_user_id) if rules else None
        logins = rules.agents.logins if rules else frozenset()
        return Addressee(name=_display_name(party, agent, logins), agent_id=agent.id if agent else None)

    return Desk(
        addressee=addressee,
        written=lambda raw: written_for_zammad(raw, country),
        popup_ttl=popup_ttl,
        may_open=rules is not None and rules.enabled,
        log_blocked_calls=log_blocked_calls,
    )


def written_for_zammad(raw: str, country: str) -> str:
    """Digits without plus for a number, what was sent for anything else (docs/reference/zammad.md section 1.1)."""
    return e164_digits(raw, country) or raw.removeprefix("+")[:100] or WITHHELD


def _display_name(party: Party, agent: Agent | None, logins: frozenset[str]) -> str | None:
    """Never a login: Zammad takes a `user` that equals one, anybody's, for that person, whoever really answered.

    A name of one word may be a customer's login, so the agent's own name stands for it; without any agents known
    (`logins` is empty) every name may be one.
    """
    name = (party.user or "").strip()
    if agent and len(name.split()) < 2:  # noqa: PLR2004 - words
        name = agent.name.strip() or name
    if name and (not logins or name.casefold() in logins):
        name = f"{agent.name if agent and agent.name.casefold() not in logins else name} (sipgate)"
    return name or None
