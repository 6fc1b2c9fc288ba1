"""A release to come, with one step more than this one."""

from __future__ import annotations

import shutil
from pathlib import Path

from sidecar.store.migrations import STEPS, known_schema

NEXT_STEP = """
import sqlalchemy as sa
from alembic import op

revision = "{number:04}"
down_revision = "{previous:04}"
OLDEST_COMPATIBLE = {oldest}


def upgrade() -> None:
    op.add_column("audit", sa.Column("later_{number}", sa.Text()))
    {more}
"""


def next_release(directory: Path, *, oldest: int, more: str = "pass") -> Path:
    """The steps of a release that brings one more."""
    steps = directory / "steps"
    shutil.copytree(STEPS, steps, ignore=shutil.ignore_patterns("__pycache__"))
    known = known_schema()
    text = NEXT_STEP.format(number=known + 1, previous=known, oldest=oldest, more=more)
    (steps / "versions" / f"{known + 1:04}_next.py").write_text(text)
    return steps
