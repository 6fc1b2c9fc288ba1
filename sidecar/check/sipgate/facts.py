"""What sipgate is asked for the check, one thing after the other: what cannot be had is kept as its error."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from sipgate_client import Sipgate, SipgateError, SipgateTokenError, SipgateUnavailableError
from sipgate_client.records import (
    Account,
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
    lines: Told[list[Line]] | None = None  # phone lines and groups
    notices: Told[list[Notice]] | None = None
    not_asked: list[str] = field(default_factory=list)

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


async def _notices(sipgate: Sipgate, users: Sequence[SipgateUser]) -> list[Notice]:
    return [notice for user in users for notice in await sipgate.notices(user.id)]
