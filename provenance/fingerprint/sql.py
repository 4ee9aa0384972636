"""Fingerprints in a database: SQLite or PostgreSQL, through SQLAlchemy.

The table is defined here and made by the migrations of whoever owns the database. Connections
come from two context managers, one for reading and one inside a write transaction, so that the
rules of each database (which lock is taken when) stay where the database is opened. Thread-safe
where they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

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
)
from sqlalchemy.exc import IntegrityError

from provenance.fingerprint.errors import FingerprintExists
from provenance.fingerprint.fingerprint import Marks
from provenance.fingerprint.records import (
    Coded,
    Registered,
    pack_marks,
    pack_thumbnails,
    unpack_marks,
    unpack_thumbnails,
)

Connect = Callable[[], AbstractContextManager[Connection]]

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

    def hashes(self, clip_ids: Sequence[str]) -> Sequence[tuple[str, Marks, Marks]]:
        """Return id, frames and crops of those of these clips that are there."""
        columns = self._table.c
        query = select(columns.clip_id, columns.frames, columns.crops).where(
            columns.clip_id.in_(clip_ids)
        )
        with self._read() as connection:
            return [
                (row.clip_id, unpack_marks(row.frames), unpack_marks(row.crops))
                for row in connection.execute(query)
            ]

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
