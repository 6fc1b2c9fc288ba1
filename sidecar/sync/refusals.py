"""What Zammad refuses to have repaired, and when it may take it after all (docs/reference/zammad.md section 5.2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Protocol

import structlog

from sidecar.store.database import Connection, Database
from sidecar.store.people.refusals import (
    forget_refusal,
    is_refused,
    keep_refusal,
    longest_untried,
    note_asked,
    refused_as_it_is,
    try_again,
)
from zammad_client.errors import ZammadNotReachedError, ZammadRefusedError
from zammad_client.records import User

NAMED = re.compile(r"Missing required value for field '([^']{1,100})'")
GONE, FORBIDDEN, REFUSED = 404, 403, 422
LONGEST_WORDS = 500

log = structlog.get_logger()


class Workflows(Protocol):
    async def mandatory_fields(self, user_id: int, /) -> frozenset[str]: ...

    async def user(self, user_id: int, /) -> User: ...


class Refusals:
    def __init__(self, *, zammad: Workflows, database: Database, now: Callable[[], float]) -> None:
        self._zammad = zammad
        self._database = database
        self._now = now

    async def keep(self, person_id: int, error: ZammadRefusedError) -> bool:
        """False where the record is gone. Raises: `error`, where it says nothing about the record."""
        if error.status == GONE and not isinstance(error, ZammadNotReachedError):
            return False
        if isinstance(error, ZammadNotReachedError) or error.status not in {FORBIDDEN, REFUSED}:
            raise error
        log.info("repair_refused", user_id=person_id, status=error.status)
        field = await self._field_to_blame(person_id, error)
        status, words, now = error.status or REFUSED, error.message[:LONGEST_WORDS], self._now()
        await self._database.write(
            lambda connection: keep_refusal(connection, person_id, field=field, status=status, words=words, now=now)
        )
        return True

    async def passed(self, person_id: int) -> None:
        """Zammad has taken it. Where the record is as it was, whatever refused it is gone, for the others as well."""
        field = await self._database.read(lambda connection: refused_as_it_is(connection, person_id))

        def work(connection: Connection) -> None:
            forget_refusal(connection, person_id)
            if field is not None:
                try_again(connection, field)

        if await self._database.read(lambda connection: is_refused(connection, person_id)):
            await self._database.write(work)

    async def ask_again(self) -> None:
        """For each field that has refused, about one record: whether Zammad would take it now.

        Where it cannot be asked, that record is tried. Raises: ZammadError, StoreError.
        """
        untried = await self._database.read(lambda connection: longest_untried(connection, now=self._now()))
        for field, person_id in untried:
            mandatory = await self._mandatory_fields(person_id)
            known = bool(field) and mandatory is not None
            freed = field if known and field not in (mandatory or ()) else None
            note = partial(_note_answer, person_id=person_id, freed=freed, try_now=not known, now=self._now())
            await self._database.write(note)

    async def _field_to_blame(self, person_id: int, error: ZammadRefusedError) -> str:
        """Named by Zammad, or found: mandatory, and empty in this record. Nothing where neither tells."""
        if named := NAMED.search(error.message):
            return named[1]
        if error.status != REFUSED:
            return ""
        mandatory = await self._mandatory_fields(person_id)
        if not mandatory:
            return ""
        user = await self._zammad.user(person_id)
        filled = user.texts.keys() | user.flags.keys() | {"role_ids", "group_ids", "organization_ids"}
        return next(iter(sorted(mandatory - filled)), "")

    async def _mandatory_fields(self, person_id: int) -> frozenset[str] | None:
        """None where this Zammad does not tell."""
        try:
            return await self._zammad.mandatory_fields(person_id)
        except ZammadRefusedError as error:
            if error.status not in {FORBIDDEN, GONE, REFUSED}:
                raise
            return None


def _note_answer(connection: Connection, *, person_id: int, freed: str | None, try_now: bool, now: float) -> None:
    note_asked(connection, person_id, now, try_now=try_now)
    if freed is not None:
        try_again(connection, freed)
