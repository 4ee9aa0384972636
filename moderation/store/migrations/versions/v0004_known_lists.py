"""Hash lists: imports, their entries, and opinions on them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables; nothing could be put into the one that was there."""
    op.drop_table("known_hashes")
    op.create_table(
        "known_lists",
        sa.Column("list_id", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("list_name", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("entries", _NUMBER, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("decided", _NUMBER, nullable=False),
        sa.Column("created_ms", _NUMBER, nullable=False),
        sa.Column("categories", sa.Text, nullable=False),
        sa.Column("allowed", sa.Boolean, nullable=False),
        sa.Column("expires_ms", _NUMBER, nullable=False),
        sqlite_autoincrement=True,
    )
    ready = sa.text("state = 'ready'")
    op.create_index(
        "ux_known_lists_ready",
        "known_lists",
        ["list_name"],
        unique=True,
        sqlite_where=ready,
        postgresql_where=ready,
    )
    op.create_table(
        "known_hashes",
        sa.Column("list_id", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("entry_id", sa.String(64), primary_key=True),
        sa.Column("signal", sa.String(16), nullable=False),
        sa.Column("marks", sa.LargeBinary, nullable=False),
        sa.Column("label", sa.String(128), nullable=False),
        sa.Column("expires_ms", _NUMBER, nullable=False),
        sa.Column("allowed", sa.Boolean, nullable=False),
        sa.Column("category", sa.String(64), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "known_opinions",
        sa.Column("list_name", sa.String(64), primary_key=True),
        sa.Column("entry_id", sa.String(64), primary_key=True),
        sa.Column("opinion", sa.String(16), nullable=False),
        sqlite_with_rowid=False,
    )
