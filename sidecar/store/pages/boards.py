"""Links of boards on televisions. A link is found by the hash of the key in its address; the key is kept nowhere."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from sidecar.store.pages.tables import board_links

SEEN_EVERY = 60.0  # seconds between notes that a board is looked at

_c = board_links.c


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardLink:
    """`numbers`, `names`: whether those of callers are shown. `lines`: calls of these alone; empty: all."""

    key: str  # hash
    name: str
    made_by_id: int
    made_by: str
    made_at: float
    numbers: bool
    names: bool
    lines: tuple[str, ...] = ()
    seen_at: float | None = None
    id: int = 0  # the database gives it


_NAMES = tuple(field.name for field in fields(BoardLink))


def add_board_link(connection: Connection, link: BoardLink) -> None:
    values = asdict(replace(link, lines=())) | {"lines": list(link.lines)}
    del values["id"]
    connection.execute(insert(board_links).values(values))


def board_link_with(connection: Connection, key: str) -> BoardLink | None:
    row = connection.execute(select(board_links).where(_c.key == key)).first()
    return None if row is None else _link(row)


def all_board_links(connection: Connection) -> list[BoardLink]:
    return [_link(row) for row in connection.execute(select(board_links).order_by(_c.id))]


def note_seen(connection: Connection, link: BoardLink, *, now: float) -> None:
    connection.execute(update(board_links).where(_c.id == link.id).values(seen_at=now))


def is_to_be_noted(link: BoardLink, now: float) -> bool:
    """Not each look of a television is worth a write."""
    return link.seen_at is None or now - link.seen_at >= SEEN_EVERY


def revoke(connection: Connection, number: int) -> str | None:
    """The name of the link that is no more; None where there was none."""
    return connection.execute(delete(board_links).where(_c.id == number).returning(_c.name)).scalar()


def _link(row: Row[Any]) -> BoardLink:
    values = {name: getattr(row, name) for name in _NAMES}
    return BoardLink(**{**values, "lines": tuple(values["lines"])})
