"""Hash lists in a database: SQLite or PostgreSQL, through SQLAlchemy.

A list is written beside the one that it takes the place of, some thousand rows a transaction, and
put in its place in one short transaction at the end: nobody sees half a list, and nobody who
writes to the database waits for a million rows. Opinions belong to a name of a list and an id, and
outlive the next import. Connections come as for `SqlFingerprints`. Thread-safe.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select, update

from provenance.fingerprint.columns import Columns, Rows, entry_digest, summary
from provenance.fingerprint.errors import HashListChanged, HashListUnknown, HashUnknown
from provenance.fingerprint.known_tables import GONE, READY, STAGED, KnownTables
from provenance.fingerprint.records import (
    KnownHash,
    KnownList,
    Opinion,
    Signal,
    pack_marks,
    unpack_marks,
)

Connect = Callable[[], AbstractContextManager[Connection]]

_BATCH: Final = 2_000
_PAGE: Final = 1_000
_LEFT_BEHIND_MS: Final = 24 * 60 * 60 * 1000
"""Rows of an import that was begun so long ago and not finished belong to a process that died."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A list that is written and not in its place yet.

    Attributes:
        known: What it holds.
        opinions: Opinions that came with its entries, by id.
    """

    known: KnownList
    opinions: dict[str, Opinion]


class SqlKnown:
    """Hash lists in tables.

    Args:
        tables: As `known_tables` defines them.
        read: Opens a connection for reading.
        write: Opens one inside a write transaction, which is committed at the end of the block.
    """

    def __init__(self, tables: KnownTables, read: Connect, write: Connect) -> None:
        self._lists, self._hashes = tables.lists, tables.hashes
        self._opinions, self._read, self._write = tables.opinions, read, write

    def put_list(self, list_name: str, entries: Iterable[KnownHash]) -> int:
        """Make a list hold just these entries."""
        staged = self.stage(list_name, entries)
        with self._write() as connection:
            self.adopt(connection, staged)
        self.sweep()
        return staged.known.entries

    def stage(self, list_name: str, entries: Iterable[KnownHash]) -> Staged:
        """Write a list beside the one of its name; `adopt` puts it in its place.

        An error of `entries` leaves nothing behind.
        """
        created_ms = time.time_ns() // 1_000_000
        row = {"list_name": list_name, "state": STAGED, "created_ms": created_ms}
        unknown = {"entries": 0, "digest": "", "decided": 0, "categories": "", "allowed": False}
        begin = insert(self._lists).returning(self._lists.c.list_id)
        with self._write() as connection:
            list_id = connection.execute(begin, row | unknown | {"expires_ms": 0}).scalar_one()
        digests: dict[str, bytes] = {}
        scopes: set[tuple[str, bool, int]] = set()
        opinions: dict[str, Opinion] = {}
        try:
            rest = iter(entries)
            while batch := list(islice(rest, _BATCH)):
                rows = []
                for entry in batch:
                    if entry.entry_id in digests:
                        continue
                    digests[entry.entry_id] = entry_digest(entry)
                    scopes.add((entry.category, entry.allowed, entry.expires_ms))
                    if entry.opinion is not Opinion.UNREVIEWED:
                        opinions[entry.entry_id] = entry.opinion
                    rows.append(_row(list_id, entry))
                if rows:
                    with self._write() as connection:
                        connection.execute(insert(self._hashes), rows)
        except BaseException:
            self.discard(list_id)
            raise
        known = summary(list_name, digests, scopes, list_id=list_id, created_ms=created_ms)
        return Staged(known, opinions)

    def adopt(self, connection: Connection, staged: Staged) -> None:
        """Put a staged list in its place, inside a write transaction of the caller.

        Raises:
            HashListChanged: It was discarded meanwhile.
        """
        known, lists = staged.known, self._lists.c
        connection.execute(
            update(self._lists)
            .where(lists.list_name == known.list_name, lists.state == READY)
            .values(state=GONE)
        )
        adopted = connection.execute(
            update(self._lists)
            .where(lists.list_id == known.list_id, lists.state == STAGED)
            .values(
                state=READY,
                entries=known.entries,
                digest=known.digest,
                categories=" ".join(known.categories),
                allowed=known.allowed,
                expires_ms=known.expires_ms,
            )
        )
        if not adopted.rowcount:
            raise HashListChanged("the import was given up", field="list_name")
        before = self._opinions_of(connection, known.list_name)
        for entry_id, opinion in staged.opinions.items():
            if entry_id not in before:
                self._keep(connection, known.list_name, entry_id, opinion)

    def remove(self, list_name: str) -> bool:
        """Forget a list and the opinions on it; return whether it was there."""
        with self._write() as connection:
            try:
                self.drop(connection, list_name)
            except HashListUnknown:
                return False
        self.sweep()
        return True

    def drop(self, connection: Connection, list_name: str) -> KnownList:
        """Take a list out of use, inside a write transaction of the caller; `sweep` deletes it.

        Raises:
            HashListUnknown: There is none of this name.
        """
        known = self._ready(connection, list_name)
        lists, opinions = self._lists.c, self._opinions.c
        gone = update(self._lists).where(lists.list_id == known.list_id).values(state=GONE)
        connection.execute(gone)
        connection.execute(delete(self._opinions).where(opinions.list_name == list_name))
        return known

    def decide(self, list_name: str, entry_id: str, opinion: Opinion) -> None:
        """Keep what a reviewer said of an entry."""
        with self._write() as connection:
            self.decide_within(connection, list_name, entry_id, opinion)

    def decide_within(
        self, connection: Connection, list_name: str, entry_id: str, opinion: Opinion
    ) -> KnownList:
        """Keep what a reviewer said, inside a write transaction of the caller.

        Raises:
            HashUnknown: There is no such list or entry.
        """
        lists, hashes = self._lists.c, self._hashes.c
        found = connection.execute(
            select(lists.list_id)
            .join(self._hashes, hashes.list_id == lists.list_id)
            .where(lists.list_name == list_name, lists.state == READY, hashes.entry_id == entry_id)
        ).scalar_one_or_none()
        if found is None:
            raise HashUnknown("the list has no entry of this id", field="entry_id")
        self._keep(connection, list_name, entry_id, opinion)
        connection.execute(
            update(self._lists).where(lists.list_id == found).values(decided=lists.decided + 1)
        )
        return self._ready(connection, list_name)

    def lists(self) -> Sequence[KnownList]:
        """Return what all lists hold, by name."""
        columns = self._lists.c
        query = select(self._lists).where(columns.state == READY).order_by(columns.list_name)
        with self._read() as connection:
            return [_known(row) for row in connection.execute(query)]

    def columns(self, known: KnownList) -> Columns:
        """Return the entries of a list, ready to be compared.

        Raises:
            HashListChanged: It is not what it was any more.
        """
        hashes = self._hashes.c
        query = select(
            hashes.entry_id, hashes.signal, hashes.marks, hashes.expires_ms, hashes.allowed,
            hashes.category,
        ).where(hashes.list_id == known.list_id)  # fmt: skip
        rows = Rows()
        with self._read() as connection:
            with connection.execute(query, execution_options={"yield_per": _PAGE}) as result:
                for page in result.partitions():
                    rows.extend([(a, b, c, d, e, f) for a, b, c, d, e, f in page])
            opinions = self._opinions_of(connection, known.list_name)
        if len(rows) != known.entries:
            raise HashListChanged("the list was replaced while it was read", field="list_name")
        return rows.columns(known.list_name, known.digest, opinions)

    def entries(self) -> Sequence[KnownHash]:
        """Return the entries of all lists, by name of the list and id."""
        return [entry for known in self.lists() for entry in self.entries_of(known)]

    def entries_of(self, known: KnownList) -> Iterator[KnownHash]:
        """Give the entries of a list by id, reading some at a time.

        Raises:
            HashListChanged: It is not what it was any more.
        """
        hashes = self._hashes.c
        query = (
            select(self._hashes)
            .where(hashes.list_id == known.list_id)
            .order_by(hashes.entry_id)
            .limit(_PAGE)
        )
        last: str | None = None
        count = 0
        while True:
            page = query if last is None else query.where(hashes.entry_id > last)
            with self._read() as connection:
                rows = connection.execute(page).all()
                opinions = self._opinions_of(connection, known.list_name)
            if not rows:
                break
            for row in rows:
                yield _entry(row, known.list_name, opinions)
            count, last = count + len(rows), rows[-1].entry_id
        if count != known.entries:
            raise HashListChanged("the list was replaced while it was read", field="list_name")

    def sweep(self) -> None:
        """Delete the rows of lists that are gone, and of imports whose process died."""
        columns = self._lists.c
        before_ms = time.time_ns() // 1_000_000 - _LEFT_BEHIND_MS
        left = (columns.state == STAGED) & (columns.created_ms < before_ms)
        query = select(columns.list_id).where((columns.state == GONE) | left)
        with self._read() as connection:
            gone = connection.execute(query).scalars().all()
        for list_id in gone:
            self.discard(list_id)

    def opinions(self, list_name: str) -> dict[str, Opinion]:
        """Return the opinions on ids of a list, also of those that it has not got at present."""
        with self._read() as connection:
            return self._opinions_of(connection, list_name)

    def discard(self, list_id: int) -> None:
        """Delete the rows of an import, some at a time; one that is in its place stays."""
        hashes, lists = self._hashes.c, self._lists.c
        unused = (lists.list_id == list_id) & (lists.state != READY)
        with self._write() as connection:
            if not connection.execute(
                update(self._lists).where(unused).values(state=GONE)
            ).rowcount:
                return
        some = select(hashes.entry_id).where(hashes.list_id == list_id).limit(_BATCH)
        chunk = delete(self._hashes).where(
            hashes.list_id == list_id, hashes.entry_id.in_(some.scalar_subquery())
        )
        left = select(func.count()).select_from(some.subquery())
        while True:
            with self._write() as connection:
                connection.execute(chunk)
                if not connection.execute(left).scalar_one():
                    connection.execute(delete(self._lists).where(self._lists.c.list_id == list_id))
                    return

    def _ready(self, connection: Connection, list_name: str) -> KnownList:
        columns = self._lists.c
        query = select(self._lists).where(columns.list_name == list_name, columns.state == READY)
        row = connection.execute(query).one_or_none()
        if row is None:
            raise HashListUnknown("there is no hash list of this name", field="list_name")
        return _known(row)

    def _opinions_of(self, connection: Connection, list_name: str) -> dict[str, Opinion]:
        columns = self._opinions.c
        query = select(columns.entry_id, columns.opinion).where(columns.list_name == list_name)
        return {row.entry_id: Opinion(row.opinion) for row in connection.execute(query)}

    def _keep(
        self, connection: Connection, list_name: str, entry_id: str, opinion: Opinion
    ) -> None:
        columns = self._opinions.c
        connection.execute(
            delete(self._opinions).where(
                columns.list_name == list_name, columns.entry_id == entry_id
            )
        )
        if opinion is not Opinion.UNREVIEWED:
            row = {"list_name": list_name, "entry_id": entry_id, "opinion": opinion.value}
            connection.execute(insert(self._opinions), row)


def _row(list_id: int, entry: KnownHash) -> dict[str, Any]:
    return {
        "list_id": list_id,
        "entry_id": entry.entry_id,
        "signal": entry.signal.value,
        "marks": pack_marks(entry.marks),
        "label": entry.label,
        "expires_ms": entry.expires_ms,
        "allowed": entry.allowed,
        "category": entry.category,
    }


def _known(row: Any) -> KnownList:  # noqa: ANN401 - a row of SQLAlchemy
    return KnownList(
        list_id=row.list_id,
        list_name=row.list_name,
        entries=row.entries,
        digest=row.digest,
        decided=row.decided,
        created_ms=row.created_ms,
        categories=tuple(row.categories.split()),
        allowed=row.allowed,
        expires_ms=row.expires_ms,
    )


def _entry(row: Any, list_name: str, opinions: dict[str, Opinion]) -> KnownHash:  # noqa: ANN401
    return KnownHash(
        list_name=list_name,
        entry_id=row.entry_id,
        signal=Signal(row.signal),
        marks=unpack_marks(row.marks),
        label=row.label,
        opinion=opinions.get(row.entry_id, Opinion.UNREVIEWED),
        expires_ms=row.expires_ms,
        allowed=row.allowed,
        category=row.category,
    )
