"""The tables of hash lists; the migrations of whoever owns the database make them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

STAGED: Final = "staged"
"""State of an import that is being written."""
READY: Final = "ready"
"""State of the one import of a name that counts."""
GONE: Final = "gone"
"""State of an import whose rows are to be deleted."""

# SQLite counts rows by itself only where the type is INTEGER.
_NUMBER = BigInteger().with_variant(Integer, "sqlite")


@dataclass(frozen=True, slots=True)
class KnownTables:
    """The tables of hash lists: imports, their entries, and opinions."""

    lists: Table
    hashes: Table
    opinions: Table


def known_tables(metadata: MetaData) -> KnownTables:
    """Define the tables of hash lists."""
    lists = Table(
        "known_lists",
        metadata,
        Column("list_id", _NUMBER, primary_key=True, autoincrement=True),
        Column("list_name", String(64), nullable=False),
        Column("state", String(16), nullable=False),
        Column("entries", _NUMBER, nullable=False),
        Column("digest", String(64), nullable=False),
        Column("decided", _NUMBER, nullable=False),
        Column("created_ms", _NUMBER, nullable=False),
        Column("categories", Text, nullable=False),
        Column("allowed", Boolean, nullable=False),
        Column("expires_ms", _NUMBER, nullable=False),
        # An id names one import for ever; SQLite would give that of a deleted row again.
        sqlite_autoincrement=True,
    )
    Index(
        "ux_known_lists_ready",
        lists.c.list_name,
        unique=True,
        sqlite_where=lists.c.state == READY,
        postgresql_where=lists.c.state == READY,
    )
    hashes = Table(
        "known_hashes",
        metadata,
        Column("list_id", _NUMBER, primary_key=True, autoincrement=False),
        Column("entry_id", String(64), primary_key=True),
        Column("signal", String(16), nullable=False),
        Column("marks", LargeBinary, nullable=False),
        Column("label", String(128), nullable=False),
        Column("expires_ms", _NUMBER, nullable=False),
        Column("allowed", Boolean, nullable=False),
        Column("category", String(64), nullable=False),
        sqlite_with_rowid=False,
    )
    opinions = Table(
        "known_opinions",
        metadata,
        Column("list_name", String(64), primary_key=True),
        Column("entry_id", String(64), primary_key=True),
        Column("opinion", String(16), nullable=False),
        sqlite_with_rowid=False,
    )
    return KnownTables(lists, hashes, opinions)
