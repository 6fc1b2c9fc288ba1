"""Zammad's users and organizations as the directory keeps them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

from sidecar.calls.identification import FIELDS, Holding
from sidecar.calls.numbers.main_numbers import main_numbers_in
from sidecar.calls.numbers.recognition import numbers_to_add
from sidecar.calls.numbers.written_numbers import Numbers, numbers_in
from sidecar.calls.reasons import Reason
from sidecar.calls.rules.agents import Agent
from sidecar.store.people.organizations import OrganizationRecord
from sidecar.store.people.people import Person, PersonNumber
from zammad_client.records import Organization, User

EDITION = 3  # of the reading below: records read by another one are read again
MAINTAINED = "cti_numbers"  # the attribute that only the sidecar writes
NOTE = "note"  # of a person: whose number stands there is anybody's guess
# the login Zammad makes up for whoever has no address (docs/reference/zammad.md section 5.2)
NAMELESS = re.compile(r"auto-[0-9a-f-]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How records are read: where we are, and which further attributes of people hold numbers."""

    country: str
    area_code: str = ""  # without trunk 0, of numbers that have none
    attributes: tuple[str, ...] = ()

    @property
    def read_as(self) -> str:
        """What is read otherwise is read again."""
        more = "\n".join([self.area_code, *self.attributes])
        return f"{self.country}/{EDITION}/{crc32(more.encode()):08x}"

    @property
    def fields(self) -> tuple[str, ...]:
        """Those that hold a person's numbers."""
        return (*FIELDS, *(name for name in self.attributes if name not in FIELDS))


def display_name(user: User) -> str:
    """Nothing where Zammad knows nothing but a number."""
    name = f"{user.firstname} {user.lastname}".strip() or user.email
    return name or ("" if NAMELESS.fullmatch(user.login) else user.login)


def agent_from(user: User) -> Agent:
    return Agent(
        id=user.id,
        login=user.login,
        email=user.email,
        name=display_name(user) or user.login,
        phone_switch=user.phone_switch,
        sipgate_users=user.texts.get("sipgate_users", ""),
        sipgate_number=user.texts.get("sipgate_number", ""),
        active=user.active,
        locale=user.locale,
        desktop_tab=user.flags.get("cti_desktop_tab", False),
    )


def person_from(user: User, *, is_agent: bool, reader: Reader) -> Person:
    """With the numbers of all fields, and what Zammad has to be given to find each of them."""
    texts = {**user.texts, "phone": user.phone, "mobile": user.mobile}
    read = {field: numbers_in(texts.get(field, ""), reader.country, reader.area_code) for field in reader.fields}
    own = [number.e164 for numbers in read.values() for number in numbers.found if not number.doubtful]
    unreadable = [" ".join(text.split()) for numbers in read.values() for text in numbers.unreadable]
    return Person(
        id=user.id,
        name=_storable(display_name(user)),
        login=_storable(user.login),
        email=_storable(user.email),
        active=user.active,
        is_agent=is_agent,
        organization_id=user.organization_id,
        blocked=user.flags.get("cti_blocked", False),
        phone_switch=user.phone_switch,
        sipgate_users=_storable(texts.get("sipgate_users", "")),
        sipgate_number=_storable(texts.get("sipgate_number", "")),
        phone=_storable(user.phone),
        mobile=_storable(user.mobile),
        cti_more_numbers=_storable(texts.get("cti_more_numbers", "")),
        cti_numbers=_storable(texts.get(MAINTAINED, "")),
        cti_numbers_wanted=numbers_to_add(own, (text for name, text in texts.items() if name != MAINTAINED)),
        unreadable=_storable("\n".join(unreadable)) or None,
        numbers_in_note=NOTE not in reader.fields and _has_number(texts.get(NOTE, ""), reader),
        read_as=reader.read_as,
        updated_at=user.updated_at.timestamp(),
        numbers=frozenset(number for field, numbers in read.items() for number in _held(numbers, field)),
    )


def _held(numbers: Numbers, field: str) -> Iterator[PersonNumber]:
    for number in numbers.found:
        holding = Holding.PERHAPS if number.doubtful else Holding.FULL
        yield PersonNumber(digits=number.e164.removeprefix("+"), field=field, holding=holding)
        if number.head:
            yield PersonNumber(digits=number.head.removeprefix("+"), field=field, holding=Holding.BLOCK)


def _has_number(text: str, reader: Reader) -> bool:
    return any(not number.doubtful for number in numbers_in(text, reader.country, reader.area_code).found)


def organization_record_from(organization: Organization, reader: Reader) -> OrganizationRecord:
    written = organization.texts.get("cti_main_numbers", "")
    read = main_numbers_in(written, reader.country, reader.area_code)
    return OrganizationRecord(
        id=organization.id,
        name=_storable(organization.name),
        active=organization.active,
        blocked=organization.flags.get("cti_blocked", False),
        cti_main_numbers=_storable(written),
        unreadable=_storable("\n".join(text for text, what in read.items() if isinstance(what, Reason))) or None,
        read_as=reader.read_as,
        updated_at=organization.updated_at.timestamp(),
        patterns=frozenset(pattern.text for what in read.values() if not isinstance(what, Reason) for pattern in what),
    )


def _storable(text: str) -> str:
    return text.replace("\0", "")  # PostgreSQL refuses it
