"""One connection for those who write one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine


class KeptConnection:
    """A connection that is not given back to the pool between uses: what it has in memory stays true, nothing is asked.

    For one thread at a time. After an error the next use gets another one.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    @contextmanager
    def used(self) -> Iterator[Connection]:
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
            yield self._connection
        except BaseException:
            if self._connection is not None:
                self._connection.invalidate()  # nothing is asked of it any more, not even to take back what was begun
            self.close()
            raise

    def close(self) -> None:
        """For good: it does not go back to the pool."""
        connection, self._connection = self._connection, None
        if connection is not None:
            if not connection.invalidated:
                connection.detach()
            connection.close()
