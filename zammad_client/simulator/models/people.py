"""The simulated system's users, kept small enough for half a million of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .clock import later, stamp
from .recognition import numbers_of
from .roles import CUSTOMER, ROLE_IDS, ROLES, covers, within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from zammad_client.records import Json
    from zammad_client.simulator.versions import Version

    from .attributes import Attributes
    from .recognition import NumberIndex

# What every user record shows beside the fields of Person.
TEMPLATE: Mapping[str, Json] = {
    **dict.fromkeys(("image", "image_source", "department", "address", "last_login", "source")),
    **dict.fromkeys(("web", "fax", "street", "zip", "city", "country", "note"), ""),
    **dict.fromkeys(("vip", "verified", "out_of_office"), False),
    **dict.fromkeys(("out_of_office_start_at", "out_of_office_end_at", "out_of_office_replacement_id")),
    "login_failed": 0,
}
_OWN_FIELDS = frozenset({"login", "firstname", "lastname", "email", "phone", "mobile", "organization_id", "active"})
_NOTHING: dict[str, Json] = {}  # shared by everybody who has none; replaced, never changed
GROUP_NAMES = {1: "Users", 2: "Support"}


@dataclass(slots=True, kw_only=True)
class Person:
    id: int
    login: str
    firstname: str = ""
    lastname: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""
    organization_id: int | None = None
    active: bool = True
    role_ids: tuple[int, ...] = (CUSTOMER.id,)
    group_ids: tuple[int, ...] = ()
    read_only_group_ids: tuple[int, ...] = ()
    preferences: Mapping[str, Json] = field(default_factory=lambda: _NOTHING)
    extra: Mapping[str, Json] = field(
        default_factory=lambda: _NOTHING
    )  # what differs from TEMPLATE, and custom attributes
    created_at: float = 0.0
    updated_at: float = 0.0
    created_by_id: int = 1
    updated_by_id: int = 1

    @property
    def fullname(self) -> str:
        return f"{self.firstname} {self.lastname}".strip() or self.email

    def holds(self, permission: str) -> bool:
        return any(covers(ROLES[role_id].permissions, permission) for role_id in self.role_ids)

    def holds_some(self, area: str) -> bool:
        """Some permission of an area, `admin.*`."""
        return any(within(area, ROLES[role_id].permissions) for role_id in self.role_ids)

    def texts(self) -> list[str]:
        own = [self.login, self.firstname, self.lastname, self.email, self.phone, self.mobile]
        return own + [value for value in self.extra.values() if isinstance(value, str)]

    def as_json(self, lists: Iterable[str], template: Mapping[str, Json]) -> dict[str, Json]:
        return {
            "id": self.id,
            "organization_id": self.organization_id,
            "login": self.login,
            "firstname": self.firstname,
            "lastname": self.lastname,
            "email": self.email,
            "phone": self.phone,
            "mobile": self.mobile,
            "active": self.active,
            **template,
            "preferences": self.preferences,
            "updated_by_id": self.updated_by_id,
            "created_by_id": self.created_by_id,
            "created_at": stamp(self.created_at),
            "updated_at": stamp(self.updated_at),
            **self.extra,
            "role_ids": self.role_ids,
            "organization_ids": (),
            "authorization_ids": (),
            **dict.fromkeys(lists, ()),
            "group_ids": {
                **{str(group_id): ["full"] for group_id in self.group_ids},
                **{str(group_id): ["read"] for group_id in self.read_only_group_ids},
            },
        }


class People:
    def __init__(
        self, *, version: Version, index: NumberIndex, attributes: Attributes, on_number: Callable[[str], None]
    ) -> None:
        self._version = version
        self._index = index
        self._attributes = attributes
        self._on_number = on_number  # called for each number that became known
        self._by_id: dict[int, Person] = {}
        self._by_login: dict[str, int] = {}
        self._by_email: dict[str, int] = {}
        self._recency: dict[int, None] = {}  # ids in the order of updated_at
        self._staff: dict[int, None] = {}  # everybody with a role beyond Customer
        self.ids: list[int] = []  # ascending
        self.members: dict[int, dict[int, None]] = {}  # organization id -> user ids
        self.not_indexed: set[int] = set()  # ids that the index of searches does not show yet, up to 5.5
        self._last_id = 0

    def __len__(self) -> int:
        return len(self._by_id)

    def shown(self, person: Person) -> dict[str, Json]:
        return person.as_json(self._version.user_lists, {**TEMPLATE, **self._attributes.shown_anyway("User")})

    def shown_with_names(self, person: Person, organization: str | None) -> dict[str, Json]:
        """As `expand=true` shows it."""
        record = self.shown(person) | {
            "roles": [ROLES[role_id].name for role_id in person.role_ids],
            "organizations": [],
            "authorizations": [],
            **{name: [] for name in self._version.user_lists.values()},
            "groups": {GROUP_NAMES[group_id]: ["full"] for group_id in person.group_ids},
            "created_by": self.login_of(person.created_by_id),
            "updated_by": self.login_of(person.updated_by_id),
        }
        return record if organization is None else record | {"organization": organization}

    def find(self, user_id: int) -> Person | None:
        return self._by_id.get(user_id)

    def named(self, text: str) -> Person | None:
        """By id, login or e-mail, as the From header is read."""
        if text.isdecimal() and int(text) in self._by_id:
            return self._by_id[int(text)]
        return self.with_login(text) or self.with_email(text)

    def with_login(self, login: str) -> Person | None:
        return self._by_id.get(self._by_login.get(login.lower(), 0))

    def with_email(self, email: str) -> Person | None:
        return self._by_id.get(self._by_email.get(email.strip().lower(), 0))

    def login_of(self, user_id: int) -> str:
        person = self._by_id.get(user_id)
        return person.login if person else "-"

    def newest_first(self) -> Iterator[Person]:
        return (self._by_id[user_id] for user_id in reversed(self._recency))

    def staff(self) -> Iterator[Person]:
        return (self._by_id[user_id] for user_id in self._staff)

    def with_a_role_of(self, role_ids: frozenset[int]) -> list[Person]:
        """Newest change first; once per matching role, as Zammad's join gives them."""
        everybody = CUSTOMER.id in role_ids
        people = list(self.newest_first() if everybody else self.staff())
        people.sort(key=lambda person: person.updated_at, reverse=True)
        return [person for person in people for role_id in person.role_ids if role_id in role_ids]

    def add(self, *, now: float, user_id: int | None = None, **fields: Json) -> Person:
        self._last_id = user_id if user_id is not None else self._last_id + 1
        person = Person(id=self._last_id, created_at=now, updated_at=now, **fields)
        defaults = self._attributes.defaults_of("User", new=True)
        person.extra = {**defaults, **person.extra} if person.extra else defaults
        self._by_id[person.id] = person
        self.ids.append(person.id)
        self._note_names(person)
        self._recency[person.id] = None
        for number in numbers_of(person.texts()):
            self._learn(number, person, now)
        return person

    def change(self, person: Person, changes: Mapping[str, Json], *, by: int, now: float) -> None:
        before = numbers_of(person.texts())
        self._forget_names(person)
        self._assign(person, changes)
        person.updated_at = later(now, person.updated_at)
        person.updated_by_id = by
        self._note_names(person)
        self._recency.pop(person.id, None)
        self._recency[person.id] = None
        self._reindex(person, before, now)

    def remove(self, person: Person) -> None:
        self._forget_names(person)
        for number in numbers_of(person.texts()):
            self._index.remove(number, model="User", o_id=person.id)
        del self._by_id[person.id]
        self._recency.pop(person.id, None)
        self.ids.remove(person.id)

    def known_attribute(self, name: str) -> bool:
        return name in _OWN_FIELDS or name in TEMPLATE or name in self._attributes.columns("User")

    def _assign(self, person: Person, changes: Mapping[str, Json]) -> None:
        columns = self._attributes.columns("User")
        extra = {**self._attributes.defaults_of("User", new=False), **person.extra}
        for name, value in changes.items():
            if name in _OWN_FIELDS:
                setattr(person, name, value)
            elif name in TEMPLATE or name in columns:
                extra[name] = value
            elif name == "preferences":
                person.preferences = {**person.preferences, **value}
            elif name == "role_ids":
                person.role_ids = tuple(int(role_id) for role_id in value)
            elif name == "roles":
                person.role_ids = tuple(ROLE_IDS[role] for role in value)
        person.extra = extra

    def _reindex(self, person: Person, before: Mapping[str, None], now: float) -> None:
        after = numbers_of(person.texts())
        for number in before.keys() - after.keys():
            self._index.remove(number, model="User", o_id=person.id)
        for number in after:
            if number not in before:
                self._learn(number, person, now)

    def _learn(self, number: str, person: Person, now: float) -> None:
        self._index.add(number, level="known", model="User", o_id=person.id, user_id=person.id, now=now)
        self._on_number(number)

    def _note_names(self, person: Person) -> None:
        self._by_login[person.login.lower()] = person.id
        if person.email:
            self._by_email[person.email.lower()] = person.id
        if person.organization_id:
            self.members.setdefault(person.organization_id, {})[person.id] = None
        if person.role_ids and person.role_ids != (CUSTOMER.id,):
            self._staff[person.id] = None

    def _forget_names(self, person: Person) -> None:
        self._by_login.pop(person.login.lower(), None)
        self._by_email.pop(person.email.lower(), None)
        self.members.get(person.organization_id or 0, {}).pop(person.id, None)
        self._staff.pop(person.id, None)
