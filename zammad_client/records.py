"""Zammad's records, with only the fields that are used. Absent, null and "" are read alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = Any  # what came out of Zammad's JSON and has not been read yet


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    id: int
    login: str
    firstname: str = ""
    lastname: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""
    active: bool = True
    organization_id: int | None = None
    role_ids: tuple[int, ...] = ()
    phone_switch: bool = False  # preferences.cti; missing counts as off
    locale: str = ""  # preferences.locale: de-de; empty: that of the whole Zammad
    updated_at: datetime
    texts: Mapping[str, str] = field(default_factory=dict)  # every string attribute that is not empty, custom ones too
    flags: Mapping[str, bool] = field(default_factory=dict)  # every boolean attribute by name, custom ones too


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    id: int
    name: str
    active: bool = True
    member_ids: tuple[int, ...] = ()
    updated_at: datetime
    texts: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    id: int
    name: str
    value: Json  # of `state_current`


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLogRow:
    id: int
    call_id: str
    direction: str
    state: str  # newCall | answer | hangup
    caller: str
    callee: str
    done: bool
    comment: str
    to_comment: str
    recognised: tuple[int, ...] = ()  # users the caller is taken for, the one that counts first


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """Of the desktop view."""

    id: int
    user_id: int
    key: str
    is_untouched: bool  # since it was made


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    id: int
    object: str  # User | Organization; empty in the answer to its creation
    name: str
    data_type: str
    active: bool
    to_migrate: bool
    display: str = ""  # what people see


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    id: int
    number: str
    title: str
    state: str
    group: str
    customer_id: int
    owner_id: int | None  # 1, "-", is nobody
    created_at: datetime
    updated_at: datetime
    state_id: int | None = None
    group_id: int | None = None
    closed_at: datetime | None = None  # first time
    article_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    id: int
    ticket_id: int
    type: str  # phone | note | …
    internal: bool
    author: str  # login
    author_id: int | None = None
    mark: str = ""  # `sidecar` of its preferences: whoever wrote it knows it again by this


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketState:
    id: int
    name: str
    type_id: int  # 1 new, 2 open, 3 pending reminder, 4 pending action, 5 closed, 6 merged, 7 removed
    active: bool
    default_create: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    id: int
    name: str
    active: bool
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRights:
    """Of a person or a role: the groups whose tickets may be changed."""

    changes: frozenset[int]
    role_ids: tuple[int, ...] = ()
    id: int
    complete: bool = True  # or there may be more by roles that are not shown

    def forbid(self, group_id: int | None) -> bool:
        """Known for certain."""
        return self.complete and group_id is not None and group_id not in self.changes


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketForm:
    """What whoever asks has to and may fill in to create a ticket; None where this version does not tell."""

    group_ids: frozenset[int] | None
    mandatory: frozenset[str]
    options: Mapping[str, tuple[str, ...]]  # by field
    groups: tuple[Group, ...]  # up to 5.5
