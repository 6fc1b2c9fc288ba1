"""A hash of Zammad's cookie with each session that was opened by it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
OLDEST_COMPATIBLE = {"sqlite": 5, "postgresql": 4}


def upgrade() -> None:
    op.add_column("web_sessions", sa.Column("zammads_cookie", sa.String(64), nullable=True))
