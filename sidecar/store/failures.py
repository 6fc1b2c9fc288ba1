"""What the drivers raise, and what it means.

StoreError (sidecar.errors)   the database cannot be used now; the same work may succeed later
└── RefusedError              the database took offence at the values themselves; a retry cannot help
"""

from __future__ import annotations

import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError

from sidecar.calls.reasons import because
from sidecar.codes.faults import Unusable
from sidecar.errors import StoreError


class RefusedError(StoreError):
    """The database refused the values as such: they can never be written as they are."""


GONE = "removed or replaced"  # what we say ourselves of a file that is another one, or none, by now

# What the drivers raise where a value does not fit; the last three before it is even sent.
REFUSALS = (
    psycopg.DataError,
    psycopg.IntegrityError,
    sqlite3.DataError,
    sqlite3.IntegrityError,
    TypeError,
    ValueError,
    OverflowError,
)


def refuses_values(error: BaseException) -> bool:
    """Whether the values are to blame, not the database or the connection."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    if isinstance(cause, REFUSALS):
        return True
    words = str(cause)
    return "binding parameter" in words or "cannot adapt" in words  # sqlite3, psycopg: the type has no column form


def is_used_id(error: BaseException) -> bool:
    """Whether PostgreSQL has given out an id that is in use: its sequence was set back, as after a partial restore."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return isinstance(cause, psycopg.errors.UniqueViolation) and "(id)=" in (cause.diag.message_detail or "")


def failure(error: Exception, address: str, *, hidden: str | None = None) -> StoreError:
    """The error to raise instead, without the password."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    words = " ".join(str(cause).split()) or type(cause).__name__
    if hidden:
        words = words.replace(hidden, "…")
    kind = RefusedError if refuses_values(error) and not is_used_id(error) else StoreError
    return kind(because(_kind_of(words), address=address, said=words))


_KINDS: tuple[tuple[Unusable, tuple[str, ...]], ...] = (
    (Unusable.READ_ONLY, ("readonly",)),
    (Unusable.REPLACED, (GONE,)),
    (Unusable.MALFORMED, ("malformed", "not a database", "Could not decode")),
    (Unusable.CANNOT_OPEN, ("unable to open", "connect", "password")),
    (Unusable.NOT_SET_UP, ("no such table", "does not exist")),
    (Unusable.LOCKED, ("locked",)),
    (Unusable.CANNOT_WRITE, ("full", "disk I/O", "No space")),
)


def _kind_of(words: str) -> Unusable:
    return next((kind for kind, signs in _KINDS if any(sign in words for sign in signs)), Unusable.ERROR)
