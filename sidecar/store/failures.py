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


def failure(error: Exception, address: str, *, hidden: str | None = None) -> StoreError:
    """The error to raise instead, without the password."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    words = " ".join(str(cause).split()) or type(cause).__name__
    if hidden:
        words = words.replace(hidden, "…")
    kind = RefusedError if refuses_values(error) else StoreError
    return kind(because(_kind_of(words), address=address, said=words))


def _kind_of(words: str) -> Unusable:
    if "readonly" in words:
        return Unusable.READ_ONLY
    if "malformed" in words or "not a database" in words:
        return Unusable.MALFORMED
    if "unable to open" in words or "connect" in words or "password" in words:
        return Unusable.CANNOT_OPEN
    if "no such table" in words or "does not exist" in words:
        return Unusable.NOT_SET_UP
    if "locked" in words:
        return Unusable.LOCKED
    return Unusable.CANNOT_WRITE if "full" in words or "disk I/O" in words or "No space" in words else Unusable.ERROR
