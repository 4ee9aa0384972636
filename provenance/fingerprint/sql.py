"""Fingerprints and hash lists in a database: SQLite or PostgreSQL, through SQLAlchemy.

The tables are defined here and made by the migrations of whoever owns the database. Connections
come from two context managers, one for reading and one inside a write transaction, so that the
rules of each database (which lock is taken when) stay where the database is opened. Thread-safe
where they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from provenance.fingerprint.errors import FingerprintExists, HashUnknown
from provenance.fingerprint.records import (
    Coded,
    KnownHash,
    Opinion,
    Registered,
    Signal,
    pack_marks,
    pack_thumbnails,
    unpack_marks,
    unpack_thumbnails,
)

Connect = Callable[[], AbstractContextManager[Connection]]

_BATCH: Final = 1_000
# SQLite counts rows by itself only where the type is INTEGER.
_NUMBER = BigInteger().with_variant(Integer, "sqlite")


def fingerprints_table(metadata: MetaData) -> Table:
    """Define the table of released clips; a row holds the hashes of one."""
    return Table(
        "fingerprints",
        metadata,
        Column("position", _NUMBER, primary_key=True, autoincrement=True),
        Column("clip_id", String(64), nullable=False, unique=True),
        Column("created_ms", _NUMBER, nullable=False),
        Column("duration_ms", _NUMBER, nullable=False),
        Column("manifest_id", Text, nullable=False),
        Column("signed_sha256", String(64), nullable=False),
        Column("watermark_key", String(64), nullable=False),
        Column("watermark_code", LargeBinary, nullable=False),
        Column("derived", Boolean, nullable=False),
        Column("frames", LargeBinary, nullable=False),
        Column("crops", LargeBinary, nullable=False),
        Column("thumbnails", LargeBinary, nullable=False),
    )


def known_hashes_table(metadata: MetaData) -> Table:
    """Define the table of hash lists; a row is one entry."""
    return Table(
        "known_hashes",
        metadata,
        Column("list_name", String(64), primary_key=True),
        Column("entry_id", String(64), primary_key=True),
        Column("signal", String(16), nullable=False),
        Column("marks", LargeBinary, nullable=False),
        Column("label", String(128), nullable=False),
        Column("opinion", String(16), nullable=False),
        Column("expires_ms", _NUMBER, nullable=False),
        Column("allowed", Boolean, nullable=False),
        Column("category", String(64), nullable=False),
    )


class SqlFingerprints:
    """Fingerprints in a table.

    Args:
        table: As `fingerprints_table` defines it.
        read: Opens a connection for reading.
        write: Opens one inside a write transaction, which is committed at the end of the block.
    """

    def __init__(self, table: Table, read: Connect, write: Connect) -> None:
        self._table, self._read, self._write = table, read, write

    def put(self, clip: Registered) -> None:
        """Keep a clip."""
        try:
            with self._write() as connection:
                self.put_within(connection, clip)
        except IntegrityError as error:
            raise FingerprintExists("this clip is registered already", field="clip_id") from error

    def put_within(self, connection: Connection, clip: Registered) -> None:
        """Keep a clip inside a transaction of the caller, beside what else belongs to it."""
        row = {
            "clip_id": clip.clip_id,
            "created_ms": clip.created_ms,
            "duration_ms": clip.duration_ms,
            "manifest_id": clip.manifest_id,
            "signed_sha256": clip.signed_sha256,
            "watermark_key": clip.watermark_key,
            "watermark_code": clip.watermark_code,
            "derived": clip.derived,
            "frames": pack_marks(clip.frames),
            "crops": pack_marks(clip.crops),
            "thumbnails": pack_thumbnails(clip.thumbnails),
        }
        connection.execute(insert(self._table), row)

    def get(self, clip_id: str) -> Registered | None:
        """Return a clip, or None."""
        query = select(self._table).where(self._table.c.clip_id == clip_id)
        with self._read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return Registered(
            clip_id=row.clip_id,
            created_ms=row.created_ms,
            duration_ms=row.duration_ms,
            frames=unpack_marks(row.frames),
            crops=unpack_marks(row.crops),
            thumbnails=unpack_thumbnails(row.thumbnails),
            manifest_id=row.manifest_id,
            signed_sha256=row.signed_sha256,
            watermark_key=row.watermark_key,
            watermark_code=row.watermark_code,
            derived=row.derived,
        )

    def remove(self, clip_id: str) -> bool:
        """Forget a clip; return whether it was there."""
        with self._write() as connection:
            done = connection.execute(delete(self._table).where(self._table.c.clip_id == clip_id))
            return done.rowcount > 0

    def after(self, position: int, limit: int) -> Sequence[tuple[int, str]]:
        """Return position and id of the next clips behind a position."""
        columns = self._table.c
        query = (
            select(columns.position, columns.clip_id)
            .where(columns.position > position)
            .order_by(columns.position)
            .limit(limit)
        )
        with self._read() as connection:
            return [(row.position, row.clip_id) for row in connection.execute(query)]

    def coded(self, position: int, limit: int) -> Sequence[Coded]:
        """Return the watermarks of the next clips behind a position that have one."""
        columns = self._table.c
        query = (
            select(columns.position, columns.clip_id, columns.watermark_key, columns.watermark_code)
            .where(columns.position > position, columns.watermark_key != "")
            .order_by(columns.position)
            .limit(limit)
        )
        with self._read() as connection:
            return [
                Coded(
                    position=row.position,
                    clip_id=row.clip_id,
                    key_id=row.watermark_key,
                    code=row.watermark_code,
                )
                for row in connection.execute(query)
            ]


class SqlKnown:
    """Hash lists in a table; its arguments are those of `SqlFingerprints`."""

    def __init__(self, table: Table, read: Connect, write: Connect) -> None:
        self._table, self._read, self._write = table, read, write

    def put_list(self, list_name: str, entries: Iterable[KnownHash]) -> int:
        """Make a list hold just these entries."""
        columns = self._table.c
        new = {entry.entry_id: entry for entry in entries}
        decided = select(columns.entry_id, columns.opinion).where(
            columns.list_name == list_name, columns.opinion != Opinion.UNREVIEWED.value
        )
        with self._write() as connection:
            opinions = {row.entry_id: row.opinion for row in connection.execute(decided)}
            connection.execute(delete(self._table).where(columns.list_name == list_name))
            rows = [
                {
                    "list_name": list_name,
                    "entry_id": entry.entry_id,
                    "signal": entry.signal.value,
                    "marks": pack_marks(entry.marks),
                    "label": entry.label,
                    "opinion": opinions.get(entry.entry_id, entry.opinion.value),
                    "expires_ms": entry.expires_ms,
                    "allowed": entry.allowed,
                    "category": entry.category,
                }
                for entry in new.values()
            ]
            for start in range(0, len(rows), _BATCH):
                connection.execute(insert(self._table), rows[start : start + _BATCH])
        return len(new)

    def decide(self, list_name: str, entry_id: str, opinion: Opinion) -> None:
        """Keep what a reviewer said of an entry."""
        columns = self._table.c
        change = (
            update(self._table)
            .where(columns.list_name == list_name, columns.entry_id == entry_id)
            .values(opinion=opinion.value)
        )
        with self._write() as connection:
            if not connection.execute(change).rowcount:
                raise HashUnknown("the list has no entry of this id", field="entry_id")

    def entries(self) -> Sequence[KnownHash]:
        """Return the entries of all lists."""
        columns = self._table.c
        query = select(self._table).order_by(columns.list_name, columns.entry_id)
        with self._read() as connection:
            return [
                KnownHash(
                    list_name=row.list_name,
                    entry_id=row.entry_id,
                    signal=Signal(row.signal),
                    marks=unpack_marks(row.marks),
                    label=row.label,
                    opinion=Opinion(row.opinion),
                    expires_ms=row.expires_ms,
                    allowed=row.allowed,
                    category=row.category,
                )
                for row in connection.execute(query)
            ]
