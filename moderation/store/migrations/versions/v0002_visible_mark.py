"""Which visible mark a clip was released with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; clips that were released before have none."""
    op.add_column(
        "clips", sa.Column("visible_mark", sa.String(64), nullable=False, server_default="")
    )
