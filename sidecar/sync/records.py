"""Zammad's users and organizations as the directory keeps them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sidecar.calls.identification import FIELDS
from sidecar.calls.numbers.numbers import NumberPattern
from sidecar.calls.numbers.recognition import numbers_to_add
from sidecar.calls.numbers.written_numbers import numbers_in
from sidecar.calls.rules.agents import Agent
from sidecar.store.people.organizations import OrganizationRecord
from sidecar.store.people.people import Person, PersonNumber
from zammad_client.records import Organization, User

EDITION = 3  # of the reading below: records read by another one are read again
MAINTAINED = "cti_numbers"  # the attribute that only the sidecar writes


def read_as(country: str) -> str:
    return f"{country}/{EDITION}"


def display_name(user: User) -> str:
    return f"{user.firstname} {user.lastname}".strip() or user.email or user.login


def agent_from(user: User) -> Agent:
    return Agent(
        id=user.id,
        login=user.login,
        email=user.email,
        name=display_name(user),
        phone_switch=user.phone_switch,
        sipgate_users=user.texts.get("sipgate_users", ""),
        sipgate_number=user.texts.get("sipgate_number", ""),
        active=user.active,
    )


def person_from(user: User, *, is_agent: bool, country: str) -> Person:
    """With the numbers of all fields, and what Zammad has to be given to find each of them."""
    texts = {**user.texts, "phone": user.phone, "mobile": user.mobile}
    read = {field: numbers_in(texts.get(field, ""), country) for field in FIELDS}
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
        read_as=read_as(country),
        updated_at=user.updated_at.timestamp(),
        numbers=frozenset(
            PersonNumber(digits=number.e164.removeprefix("+"), field=field)
            for field, numbers in read.items()
            for number in numbers.found
            if not number.doubtful
        ),
    )


def organization_record_from(organization: Organization, country: str) -> OrganizationRecord:
    written = organization.texts.get("cti_main_numbers", "")
    patterns = {text: NumberPattern.compile(text, country) for text in _main_numbers(written)}
    readable = [pattern.text for pattern in patterns.values() if pattern]
    return OrganizationRecord(
        id=organization.id,
        name=_storable(organization.name),
        active=organization.active,
        blocked=organization.flags.get("cti_blocked", False),
        cti_main_numbers=_storable(written),
        unreadable=_storable("\n".join(text for text, pattern in patterns.items() if not pattern)) or None,
        read_as=read_as(country),
        updated_at=organization.updated_at.timestamp(),
        patterns=frozenset(text for text in readable if any(character.isdigit() for character in text)),
    )


def _main_numbers(written: str) -> Iterator[str]:
    """Separated by commas, semicolons or line ends."""
    for text in re.split(r"[,;\n\r]+", written):
        if text.strip():
            yield text.strip()[:64]


def _storable(text: str) -> str:
    return text.replace("\0", "")  # PostgreSQL refuses it
