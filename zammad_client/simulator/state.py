"""The simulated Zammad as tests and the demo hold it in their hands."""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from typing import TYPE_CHECKING

from .faults import Faults
from .models.attributes import Attributes
from .models.call_log import CallLog
from .models.http_logs import HttpLogs
from .models.oauth import OAuth
from .models.organizations import Organizations
from .models.people import People
from .models.recognition import NumberIndex
from .models.roles import ROLE_IDS
from .models.settings import Settings
from .models.taskbar import Taskbar
from .models.ticketing import Ticketing
from .models.tickets import Tickets
from .restarts import Restarts
from .seeds import Tokens, api_tokens, bulk_customer, seed
from .seen import Opened, OpenedInDesktop, Seen, Write
from .versions import NEWEST, VERSIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from zammad_client.records import Json

    from .models.organizations import Organization
    from .models.people import Person

_KEPT_REQUESTS = 10_000


class Simulator:
    """A Zammad in memory, of any version in `VERSIONS`, for tests and the demo; `running` or `create_app` serve it.

    Begins with users 1 "-", 2, 3 admin, agents 4 Jane Doe and 5 Max Roe (phone switch on), customers 6 Erika and
    7 Otto of organization 2, service user 9; both integrations on; the sidecar's attributes installed unless
    `attributes` is False. Calls from any thread are safe.
    """

    mailboxes: Sequence[str] = ("support@example.com",)  # whose mail becomes tickets

    def __init__(
        self, *, version: str = NEWEST, attributes: bool = True, clock: Callable[[], float] = time.time
    ) -> None:
        self.version = VERSIONS[version]
        self.now = clock
        self.started_at = clock()
        self.lock = threading.RLock()
        self.faults = Faults()
        self.switch_unheard = False  # the process that takes calls has not heard yet that the CTI integration is on
        self.tokens = Tokens()
        self.settings = Settings(version=self.version, now=clock)
        self.attributes = Attributes(version=self.version, now=clock())
        self.index = NumberIndex()
        self.calls = CallLog(version=self.version, index=self.index, fullname=self._fullname)
        self.people = People(
            version=self.version, index=self.index, attributes=self.attributes, on_number=self.calls.adopt
        )
        self.organizations = Organizations(version=self.version, attributes=self.attributes)
        self.tickets = Tickets()
        self.ticketing = Ticketing()
        self.http_log_rows = HttpLogs(version=self.version)
        self.oauth = OAuth()
        self.taskbar = Taskbar()
        self.restarts = Restarts(now=clock)
        self.api_tokens = api_tokens(self.tokens)
        self.sessions: dict[str, int] = {}  # cookie -> user id
        self.opened: list[Opened] = []
        self.opened_in_desktop: list[OpenedInDesktop] = []
        self.writes: deque[Write] = deque(maxlen=_KEPT_REQUESTS)
        self.requests: deque[Seen] = deque(maxlen=_KEPT_REQUESTS)
        self.not_simulated: deque[str] = deque(maxlen=_KEPT_REQUESTS)  # what was asked for and answered with 501
        seed(people=self.people, organizations=self.organizations, settings=self.settings, now=clock())
        if attributes:  # after the people: their records show the new attributes only once changed
            self.attributes.install_standard(now=clock())
        self._bulk_customers = 0

    @property
    def cti_token(self) -> str:
        return str(self.settings.raw("cti_token"))

    @property
    def sipgate_token(self) -> str:
        return str(self.settings.raw("sipgate_token"))

    @property
    def call_log(self) -> list[Json]:
        """All rows as /cti/log shows them, newest first."""
        with self.lock:
            return [row.as_json() for row in self.calls.newest_first()]

    @property
    def http_logs(self) -> list[Json]:
        """Entries written over the interface, newest first."""
        with self.lock:
            return self.http_log_rows.posted()

    def user(self, user_id: int) -> Json:
        with self.lock:
            return self.people.shown(self._person(user_id))

    def organization(self, organization_id: int) -> Json:
        with self.lock:
            return self._shown(self._organization(organization_id))

    def add_user(
        self,
        firstname: str = "",
        lastname: str = "",
        *,
        email: str = "",
        login: str = "",
        roles: Sequence[str] = ("Customer",),
        **fields: Json,
    ) -> Json:
        """`fields`: phone, mobile, active, organization_id, preferences or any text or custom attribute."""
        own = {"phone", "mobile", "active", "organization_id", "preferences"}
        with self.lock:
            person = self.people.add(
                now=self.now(),
                login=login or email or f"auto-{secrets.token_hex(8)}",
                email=email,
                firstname=firstname,
                lastname=lastname,
                role_ids=tuple(ROLE_IDS[role] for role in roles),
                group_ids=(1, 2) if "Agent" in roles else (),
                extra={name: value for name, value in fields.items() if name not in own},
                **{name: value for name, value in fields.items() if name in own},
            )
            return self.people.shown(person)

    def change_user(self, user_id: int, **fields: Json) -> Json:
        """As an admin's save. Raises: KeyError for an attribute that does not exist."""
        with self.lock:
            for name in fields:
                if name not in {"preferences", "roles", "role_ids"} and not self.people.known_attribute(name):
                    raise KeyError(name)
            person = self._person(user_id)
            self.people.change(person, fields, by=3, now=self.now())
            return self.people.shown(person)

    def remove_user(self, user_id: int) -> None:
        with self.lock:
            self.people.remove(self._person(user_id))

    def add_customers(self, count: int) -> None:
        """Customers with a phone and a mobile number each, about 50,000 a second."""
        with self.lock:
            now = self.now()
            for number in range(self._bulk_customers, self._bulk_customers + count):
                self.people.add(now=now, **bulk_customer(number))
            self._bulk_customers += count

    def add_organization(self, name: str, **fields: Json) -> Json:
        with self.lock:
            organization = self.organizations.add(name, by=3, now=self.now(), **fields)
            return self._shown(organization)

    def change_organization(self, organization_id: int, **fields: Json) -> Json:
        """Raises: KeyError for an attribute that does not exist."""
        with self.lock:
            for name in fields:
                if not self.organizations.known_attribute(name):
                    raise KeyError(name)
            organization = self._organization(organization_id)
            self.organizations.change(organization, fields, by=3, now=self.now())
            return self._shown(organization)

    def change_group(self, group_id: int, **fields: Json) -> None:
        """As an admin's save. Raises: KeyError for an attribute that does not exist."""
        with self.lock:
            for name in fields:
                if name not in self.attributes.columns("Group"):
                    raise KeyError(name)
            self.ticketing.group_attributes.setdefault(group_id, {}).update(fields)

    def add_ticket(self, customer_id: int, *, title: str = "Question", seconds_ago: float = 0.0) -> Json:
        """A ticket last touched so long ago; a recent one makes a call open the customer's profile."""
        with self.lock:
            organization_id = self._person(customer_id).organization_id
            fields = {
                "title": title, "group_id": 1, "customer_id": customer_id, "organization_id": organization_id,
                "state_id": 2, "priority_id": 2,
            }  # fmt: skip
            return self.tickets.add(fields, by=3, now=self.now() - seconds_ago).as_json()

    def add_mandatory_attribute(self, name: str, display: str = "Customer number") -> None:
        """Of users: shown to agents, and required where they edit one; there already, without a restart."""
        screen = {"shown": True, "required": True}
        definition = {
            "name": name, "display": display, "data_type": "input", "active": True, "position": 1700,
            "data_option": {"type": "text", "maxlength": 50, "default": ""},
            "screens": {"edit": {"ticket.agent": screen, "admin.user": screen}},
        }  # fmt: skip
        with self.lock:
            self.attributes.create("User", definition, by=3, now=self.now())
            self.attributes.migrate()

    def make_optional(self, name: str) -> None:
        """A core workflow that makes a mandatory attribute optional for the sidecar's role."""
        with self.lock:
            self.attributes.optional_for_service.add(name)

    def log_in(self, user_id: int) -> str:
        """The value of a browser's session cookie for this person, who has changed by that: `updated_at` is now."""
        with self.lock:
            person, session = self._person(user_id), secrets.token_hex(16)
            self.people.change(person, {}, by=person.id, now=self.now())
            self.sessions[session] = person.id
            return session

    def reset_calls(self) -> None:
        with self.lock:
            self.calls.clear()
            self.opened.clear()
            self.opened_in_desktop.clear()

    def _shown(self, organization: Organization) -> Json:
        return self.organizations.shown(organization, self.people.members.get(organization.id, ()))

    def _fullname(self, user_id: int) -> str:
        person = self.people.find(user_id)
        return person.fullname if person else ""

    def _person(self, user_id: int) -> Person:
        person = self.people.find(user_id)
        if person is None:
            raise KeyError(user_id)
        return person

    def _organization(self, organization_id: int) -> Organization:
        organization = self.organizations.find(organization_id)
        if organization is None:
            raise KeyError(organization_id)
        return organization
