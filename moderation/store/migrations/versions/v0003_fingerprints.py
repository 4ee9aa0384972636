"""Fingerprints of released clips, and entries of hash lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables; clips that were released before have no fingerprint."""
    op.create_table(
        "fingerprints",
        sa.Column("position", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("clip_id", sa.String(64), nullable=False, unique=True),
        sa.Column("created_ms", _NUMBER, nullable=False),
        sa.Column("duration_ms", _NUMBER, nullable=False),
        sa.Column("manifest_id", sa.Text, nullable=False),
        sa.Column("signed_sha256", sa.String(64), nullable=False),
        sa.Column("watermark_key", sa.String(64), nullable=False),
        sa.Column("watermark_code", sa.LargeBinary, nullable=False),
        sa.Column("derived", sa.Boolean, nullable=False),
        sa.Column("frames", sa.LargeBinary, nullable=False),
        sa.Column("crops", sa.LargeBinary, nullable=False),
        sa.Column("thumbnails", sa.LargeBinary, nullable=False),
    )
    marked = sa.text("watermark_key != ''")
    op.create_index(
        "ix_fingerprints_watermark_key",
        "fingerprints",
        ["position"],
        sqlite_where=marked,
        postgresql_where=marked,
    )
    op.create_table(
        "known_hashes",
        sa.Column("list_name", sa.String(64), primary_key=True),
        sa.Column("entry_id", sa.String(64), primary_key=True),
        sa.Column("signal", sa.String(16), nullable=False),
        sa.Column("marks", sa.LargeBinary, nullable=False),
        sa.Column("label", sa.String(128), nullable=False),
        sa.Column("opinion", sa.String(16), nullable=False),
        sa.Column("expires_ms", _NUMBER, nullable=False),
        sa.Column("allowed", sa.Boolean, nullable=False),
        sa.Column("category", sa.String(64), nullable=False),
    )
