"""What sipgate is asked for the check, one thing after the other: what cannot be had is kept as its error."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias, TypeVar

from sipgate_client import Sipgate, SipgateError, SipgateTokenError, SipgateUnavailableError
from sipgate_client.records import (
    Account,
    Device,
    HistoryEntry,
    HookLogEntry,
    HookSettings,
    Kind,
    Line,
    Notice,
    OwnNumber,
    SipgateUser,
    TokenOwner,
)

T = TypeVar("T")
Told: TypeAlias = T | SipgateError
MOST_USERS = 5  # are asked for what belongs to each of them


@dataclass(slots=True, kw_only=True)
class Facts:
    """Filled as the answers come; None: not asked yet, or not for this kind of account."""

    owner: Told[TokenOwner] | None = None
    kind: Told[Kind] | None = None
    account: Told[Account] | None = None
    hook_settings: Told[HookSettings] | None = None
    hook_log: Told[list[HookLogEntry]] | None = None
    numbers: Told[list[OwnNumber]] | None = None
    users: Told[list[SipgateUser]] | None = None
    lines: Told[list[Line]] | None = None  # phone lines and groups, or channels
    phones: Told[list[Device]] | None = None
    newest_calls: Told[list[HistoryEntry]] | None = None
    notices: Told[list[Notice]] | None = None

    async def gather(self, sipgate: Sipgate) -> None:
        self.owner = await told(sipgate.token_owner)
        if isinstance(self.owner, SipgateTokenError | SipgateUnavailableError):
            return  # nothing else would work
        self.kind = await told(sipgate.kind)
        self.hook_settings = await told(sipgate.hook_settings)
        if isinstance(self.hook_settings, HookSettings) and self.hook_settings.log:
            self.hook_log = await told(sipgate.hook_log)
        self.numbers = await told(sipgate.numbers)
        self.account = await told(sipgate.account)
        self.users = await told(sipgate.users)
        users = [] if isinstance(self.users, SipgateError) else self.users[:MOST_USERS]
        if self.kind is Kind.CLASSIC:
            self.lines = await told(lambda: _lines(sipgate, users))
            self.newest_calls = await told(lambda: _newest_calls(sipgate))
        elif self.kind is Kind.NEO:
            self.lines = await told(lambda: _channels(sipgate))
        self.phones = await told(lambda: _phones(sipgate, users, self.kind))
        self.notices = await told(lambda: _notices(sipgate, users))


async def told(ask: Callable[[], Awaitable[T]]) -> Told[T]:
    try:
        return await ask()
    except SipgateError as error:
        return error


async def _lines(sipgate: Sipgate, users: Sequence[SipgateUser]) -> list[Line]:
    lines = await sipgate.groups()
    for user in users:
        lines += await sipgate.phone_lines(user.id)
    return lines


async def _channels(sipgate: Sipgate) -> list[Line]:
    return [Line(id=channel.id, alias=channel.name) for channel in await sipgate.channels()]


async def _newest_calls(sipgate: Sipgate) -> list[HistoryEntry]:
    """Whether they are shown at all."""
    now = datetime.now(UTC)
    return await sipgate.history(since=now - timedelta(minutes=1), until=now)


async def _phones(sipgate: Sipgate, users: Sequence[SipgateUser], kind: Told[Kind] | None) -> list[Device]:
    """Of one user: whether they are shown at all."""
    asked_as = kind if isinstance(kind, Kind) else Kind.CLASSIC
    return await sipgate.devices(users[0].id, kind=asked_as) if users else []


async def _notices(sipgate: Sipgate, users: Sequence[SipgateUser]) -> list[Notice]:
    return [notice for user in users for notice in await sipgate.notices(user.id)]
