"""sipgate's users with their lines and phones, as last read: what belongs to whom, and no password."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sidecar.calls.rules.suggestions import SipgatePerson
from sidecar.store.database import Connection
from sidecar.store.replicas.snapshots import NOTE, load_snapshot, save_snapshot
from sipgate_client import Sipgate, SipgateForbiddenError, SipgateRefusedError, SipgateTokenError
from sipgate_client.records import Kind, Line, SipgateUser

KEPT = f"{NOTE}sipgate people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    id: str  # e0
    alias: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """`kind` of account; `master_sip_id` before a user's id is what hooks call the full id."""

    kind: Kind
    master_sip_id: str
    persons: tuple[SipgatePerson, ...]
    phones: Mapping[str, tuple[Phone, ...]]  # by sipgate's user, w0
    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # their ids, p0, in the same way

    def owner_of(self, extension: str) -> SipgatePerson | None:
        """Whose phone or line that is."""
        return next((each for each in self.persons if extension in self.extensions_of(each.id)), None)

    def extensions_of(self, user_id: str) -> set[str]:
        return {user_id, *(phone.id for phone in self.phones.get(user_id, ())), *self.lines.get(user_id, ())}


async def read_people(sipgate: Sipgate) -> People:
    """Two requests for each user. Raises: SipgateError where not even the users are shown."""
    kind, owner, users = await _kind(sipgate), await sipgate.token_owner(), await sipgate.users()
    lines = await _lines(sipgate, users, kind)
    return People(
        kind=kind,
        master_sip_id=owner.master_sip_id,
        persons=tuple(
            SipgatePerson(id=user.id, name=user.name, email=user.email, lines=_aliases(lines, user)) for user in users
        ),
        phones={user.id: await _phones(sipgate, user, kind) for user in users},
        lines={user_id: tuple(line.id for line in own) for user_id, own in lines.items() if kind is Kind.CLASSIC},
    )


def _aliases(lines: Mapping[str, Sequence[Line]], user: SipgateUser) -> tuple[str, ...]:
    return tuple(line.alias for line in lines.get(user.id, ()))


async def _kind(sipgate: Sipgate) -> Kind:
    """Classic where sipgate does not say which: what does not exist there is refused."""
    try:
        return await sipgate.kind()
    except SipgateForbiddenError:
        return Kind.CLASSIC


async def _phones(sipgate: Sipgate, user: SipgateUser, kind: Kind) -> tuple[Phone, ...]:
    try:
        devices = await sipgate.devices(user.id, kind=kind)
    except SipgateTokenError:
        raise
    except SipgateRefusedError:  # not shown; or gone a moment ago
        return ()
    return tuple(Phone(id=each.id, alias=each.alias, type=each.type) for each in devices)


async def _lines(sipgate: Sipgate, users: Sequence[SipgateUser], kind: Kind) -> Mapping[str, list[Line]]:
    """By user; on Neo the channels, which several people share."""
    try:
        match kind:
            case Kind.CLASSIC:
                return {user.id: await sipgate.phone_lines(user.id) for user in users}
            case Kind.NEO:
                channels = await sipgate.channels()
    except SipgateForbiddenError:
        return {}
    shared = {user.id: [channel for channel in channels if user.id in channel.user_ids] for user in users}
    return {user_id: [Line(id=channel.id, alias=channel.name) for channel in own] for user_id, own in shared.items()}


def keep_people(connection: Connection, people: People, now: float) -> None:
    save_snapshot(connection, KEPT, asdict(people), now)


def kept_people(connection: Connection) -> tuple[People, float] | None:
    """And when they were read; None: never, or by a release that kept them otherwise."""
    snapshot = load_snapshot(connection, KEPT)
    people = None if snapshot is None else _people_in(snapshot.value)
    return None if snapshot is None or people is None else (people, snapshot.saved_at)


def _people_in(value: Any) -> People | None:
    try:
        return People(
            kind=Kind(value["kind"]),
            master_sip_id=value["master_sip_id"],
            persons=tuple(SipgatePerson(**{**each, "lines": tuple(each["lines"])}) for each in value["persons"]),
            phones={user: tuple(Phone(**each) for each in phones) for user, phones in value["phones"].items()},
            lines={user: tuple(ids) for user, ids in value.get("lines", {}).items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
