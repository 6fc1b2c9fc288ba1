"""`python -m sidecar.store.migrations "words"`: writes the next step, what the code's tables have and no step makes.

Not for `hooks`, which is a table in PostgreSQL alone: what is done to it is written by hand.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic.autogenerate import produce_migrations, render_python_code

from sidecar.store.database import Database
from sidecar.store.migrations import STEPS, comparison, known_schema, upgrade
from sidecar.store.schema import metadata

STEP = '''"""{words}."""

import sqlalchemy as sa
from alembic import op

revision = "{number:04}"
down_revision = {previous}
OLDEST_COMPATIBLE = {oldest}


def upgrade() -> None:
    {body}
'''


def write_step(words: str) -> Path:
    steps = list((STEPS / "versions").glob("[0-9]*.py"))
    known = known_schema() if steps else 0
    code = STEP.format(
        words=words.capitalize(),
        number=known + 1,
        previous=f'"{known:04}"' if known else None,
        oldest=known or 1,
        body=_missing_operations(migrate_first=bool(steps)),
    )
    path = STEPS / "versions" / f"{known + 1:04}_{re.sub(r'[^a-z0-9]+', '_', words.lower())}.py"
    path.write_text(code)
    return path


def _missing_operations(*, migrate_first: bool) -> str:
    with TemporaryDirectory() as directory:
        database = Database(f"sqlite:///{directory}/empty.db")
        if migrate_first:
            upgrade(database)
        with database.reading() as connection:
            missing = produce_migrations(comparison(connection), metadata)
        database.close()
    assert missing.upgrade_ops is not None
    lines = render_python_code(missing.upgrade_ops).splitlines()
    return "\n".join(line for line in lines if "###" not in line).strip()


if __name__ == "__main__":
    sys.stdout.write(f"{write_step(sys.argv[1])}: look it through, then `make format`\n")
