"""What waits for Zammad: found without looking at all of it."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from sqlalchemy import event

from sidecar.store.calls import outbox
from sidecar.store.database import Database
from tests.sidecar.delivery.filled_outbox import NOW, fill


def test_postgresql_does_not_sort_all_that_waits_to_claim_the_newest(postgres_url: str) -> None:
    statements: list[tuple[str, Any]] = []
    with closing(Database(postgres_url)) as database:
        fill(database, *(f"call-{number}" for number in range(300)))
        with database.writing() as connection:
            event.listen(connection, "before_cursor_execute", lambda *said: statements.append((said[2], said[3])))
            outbox.claim(connection, now=NOW + 1.0, lease=60.0, limit=4)
            statement, values = next(each for each in statements if "FOR UPDATE" in each[0])
            steps = str(connection.exec_driver_sql(f"EXPLAIN {statement}", values).all())
    assert "Sort" not in steps
