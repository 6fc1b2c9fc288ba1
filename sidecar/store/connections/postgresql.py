"""How this product uses PostgreSQL: durable, in UTC and UTF-8, and with an end to waiting where it falls silent."""

from __future__ import annotations

import math
import select
import time
from contextlib import ExitStack
from typing import Any

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from sidecar.calls.reasons import because
from sidecar.codes.faults import Unusable
from sidecar.errors import StoreError
from sidecar.store.connections.deadlines import Deadlines

SETTINGS = (
    "SET synchronous_commit=on",
    "SET timezone='UTC'",
)
OPTIONS: dict[str, object] = {
    "connect_timeout": 5,
    "application_name": "sipgate-sidecar",
    "tcp_user_timeout": 5000,  # milliseconds: a server that vanished is noticed
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "options": (
        "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
        " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"  # the same of the server:
    ),  # the locks of a connection that the network has lost are nobody's then
}
ENCODING = "UTF8"
PREPARED_WITHIN = 5.0  # seconds for what a new connection is asked and told before anybody uses it
ALIVE_WITHIN = 3.0  # seconds for the first sign of life of a connection that has rested
RESTED = 1.0  # seconds after which one may have been lost without a word


class Care:
    """Of the connections of one pool, from the moment each is made; `address` is for messages."""

    def __init__(self, engine: Engine, deadlines: Deadlines, address: str) -> None:
        self._deadlines = deadlines
        self._address = address
        event.listen(engine, "do_connect", self._connect)
        event.listen(engine, "connect", self._prepare, insert=True)  # SQLAlchemy asks it some things afterwards
        event.listen(engine, "connect", _is_prepared)
        event.listen(engine, "checkout", self._see_whether_it_lives)
        event.listen(engine, "checkin", _note_the_time)

    def _connect(
        self, dialect: Dialect, entry: ConnectionPoolEntry, arguments: list[Any], options: dict[str, Any]
    ) -> Any:
        """The driver sees to the time that this takes itself, but not to what comes until it is prepared."""
        if self._deadlines.are_over:
            raise psycopg.OperationalError("no connection is made any more: the process ends")
        connection: Any = dialect.connect(*arguments, **options)
        entry.info["preparing"] = preparing = ExitStack()
        preparing.enter_context(self._deadlines.within(PREPARED_WITHIN, connection.fileno()))
        return connection

    def _prepare(self, connection: psycopg.Connection[Any], entry: ConnectionPoolEntry) -> None:
        try:
            self._refuse_other_encodings(connection.info.parameter_status("server_encoding"))
            for statement in SETTINGS:
                connection.execute(statement)
            connection.commit()
        except (psycopg.Error, StoreError):
            _is_prepared(connection, entry)
            connection.close()  # the pool does not know it yet
            raise

    def _refuse_other_encodings(self, encoding: str | None) -> None:
        if encoding != ENCODING:
            raise StoreError(because(Unusable.OTHER_ENCODING, address=self._address, encoding=encoding))

    def _see_whether_it_lives(
        self, connection: psycopg.Connection[Any], entry: ConnectionPoolEntry, _proxy: object
    ) -> None:
        """As the pool's own ping, but with an end to waiting, and none where it has been in use a moment ago."""
        rested = time.monotonic() - entry.info.get("rests_since", -math.inf)
        if rested < RESTED and not _is_to_be_read(connection.fileno()):  # a server that leaves says so
            return
        try:
            with self._deadlines.within(ALIVE_WITHIN, connection.fileno()):
                connection.autocommit = True  # one way there and back instead of three
                connection.execute("SELECT 1")
                connection.autocommit = False
        except psycopg.Error as error:
            raise DisconnectionError from error  # the pool gives another one


def _is_prepared(_connection: object, entry: ConnectionPoolEntry) -> None:
    entry.info.pop("preparing").close()


def _is_to_be_read(fileno: int) -> bool:
    """Whether the other side has said something, or is gone."""
    poll = select.poll()
    poll.register(fileno, select.POLLIN)
    return bool(poll.poll(0))


def _note_the_time(_connection: object, entry: ConnectionPoolEntry) -> None:
    entry.info["rests_since"] = time.monotonic()
