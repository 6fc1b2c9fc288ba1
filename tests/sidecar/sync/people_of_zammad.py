"""Users and organizations as Zammad's client would give them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from zammad_client.records import Organization, User

START = datetime(2026, 1, 1, tzinfo=UTC).timestamp()


def user(
    user_id: int,
    name: str = "Erika Mustermann",
    *,
    phone: str = "",
    mobile: str = "",
    active: bool = True,
    organization_id: int | None = None,
    changed_at: float = START,
    texts: Mapping[str, str] | None = None,
    blocked: bool = False,
) -> User:
    firstname, _, lastname = name.partition(" ")
    return User(
        id=user_id,
        login=f"user{user_id}",
        firstname=firstname,
        lastname=lastname,
        phone=phone,
        mobile=mobile,
        active=active,
        organization_id=organization_id,
        updated_at=datetime.fromtimestamp(changed_at, UTC),
        texts=texts or {},
        flags={"cti_blocked": blocked},
    )


def organization(
    organization_id: int,
    name: str,
    *,
    main_numbers: str = "",
    active: bool = True,
    blocked: bool = False,
    changed_at: float = START,
) -> Organization:
    return Organization(
        id=organization_id,
        name=name,
        active=active,
        updated_at=datetime.fromtimestamp(changed_at, UTC),
        texts={"cti_main_numbers": main_numbers},
        flags={"cti_blocked": blocked},
    )
