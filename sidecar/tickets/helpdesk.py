"""What has to be known of Zammad before a ticket is written: which lines, groups, states, in which words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from sidecar.calls.callbacks.lines import CallbackLines, GroupOfLines, lines_from
from sidecar.calls.callbacks.work import ENDED, StateType
from sidecar.config.sections import Tickets
from sidecar.words.languages import SOURCE, language_of_locale
from zammad_client import Zammad
from zammad_client.records import Group, Ticket, TicketForm, TicketState, User

ATTRIBUTE = "cti_callbacks"
UNKNOWN_CUSTOMER = "sipgate-unknown-caller"  # login of the customer that `install` makes
LINES_EVERY = 60.0  # seconds: what admins change in groups
REST_EVERY = 600.0  # seconds
SOON = 10.0  # seconds, after a failure
FILLED = frozenset({"title", "customer_id", "group_id", "state_id", "priority_id", "body", "tags"})  # by us, always


@dataclass(frozen=True, slots=True, kw_only=True)
class Helpdesk:
    """As it was read last. Without lines nothing but the groups was asked for."""

    lines: CallbackLines
    barred: tuple[str, ...] = ()  # groups with lines where the service user may create nothing
    unfilled: frozenset[str] = frozenset()  # mandatory fields without a value
    states: Mapping[int, TicketState] = field(default_factory=dict)
    service_user: int = 0
    unknown_customer: int | None = None  # who collects callers nobody knows
    language: str = SOURCE
    zone: str = "UTC"

    def type_of(self, ticket: Ticket) -> int:
        """A `StateType`; open where the state is not shown to us."""
        known = self.states.get(ticket.state_id or 0)
        if known is not None:
            return known.type_id
        return {"merged": StateType.MERGED, "removed": StateType.REMOVED, "closed": StateType.CLOSED}.get(
            ticket.state, StateType.OPEN
        )

    def has_ended(self, ticket: Ticket) -> bool:
        return self.type_of(ticket) in ENDED

    @property
    def state_of_new(self) -> str | None:
        return next((each.name for each in self.states.values() if each.default_create and each.active), None)

    @property
    def state_of_closed(self) -> str | None:
        """The first active state of this type."""
        closed = [each for each in self.states.values() if each.active and each.type_id == StateType.CLOSED]
        return min(closed, key=lambda each: each.id).name if closed else None


class HelpdeskReader:
    """Asks at most once a minute, and for nothing but groups as long as none of them has lines."""

    def __init__(self, *, zammad: Zammad, tickets: Tickets, country: str, clock: Callable[[], float]) -> None:
        self._zammad = zammad
        self._tickets = tickets
        self._country = country
        self._clock = clock
        self._known = Helpdesk(lines=lines_from((), country))
        self._next_lines = 0.0
        self._next_rest = 0.0

    @property
    def known(self) -> Helpdesk:
        return self._known

    async def read(self) -> Helpdesk:
        """Raises: ZammadError; what was known stays so."""
        now = self._clock()
        if now >= self._next_lines:
            self._next_lines = now + SOON
            await self._read_lines()
            self._next_lines = now + LINES_EVERY
        if self._known.lines and now >= self._next_rest:
            self._known = await self._with_rest(self._known)
            self._next_rest = now + (LINES_EVERY if self._known.unknown_customer is None else REST_EVERY)
        return self._known

    async def _read_lines(self) -> None:
        groups = [each for each in await self._zammad.tickets.groups() if each.active]
        written = [_lines_of(group) for group in groups if group.texts.get(ATTRIBUTE)]
        lines = lines_from(written, self._country)
        form = await self._zammad.tickets.form() if lines else None
        allowed = {group.id for group in written} if form is None or form.group_ids is None else form.group_ids
        self._known = replace(
            self._known,
            lines=lines_from([group for group in written if group.id in allowed], self._country),
            barred=tuple(group.name for group in lines.groups if group.id not in allowed),
            unfilled=unfilled_fields(form, self._tickets.attributes),
        )

    async def _with_rest(self, known: Helpdesk) -> Helpdesk:
        shown = await self._zammad.shown_settings()
        locale = self._tickets.language or str(shown.get("locale_default") or "")
        customer = await find_customer(self._zammad, self._tickets.unknown_customer or UNKNOWN_CUSTOMER)
        return replace(
            known,
            states={state.id: state for state in await self._zammad.tickets.states()},
            service_user=(await self._zammad.me()).id,
            unknown_customer=customer.id if customer else None,
            language=language_of_locale(locale),
            zone=str(shown.get("timezone_default") or "UTC"),
        )


def unfilled_fields(form: TicketForm | None, attributes: Mapping[str, object]) -> frozenset[str]:
    """Mandatory fields of a new ticket that get no value from us."""
    return frozenset() if form is None else form.mandatory - FILLED - attributes.keys()


async def find_customer(zammad: Zammad, name: str) -> User | None:
    """The active customer with this login or e-mail."""
    customer = await zammad.user_known_as(name)
    return customer if customer is not None and customer.active else None


def _lines_of(group: Group) -> GroupOfLines:
    return GroupOfLines(id=group.id, name=group.name, written=group.texts[ATTRIBUTE])
