"""The tree of the log as it lies in the database: reading and writing its nodes.

Leaf hashes stand beside the leaves (level 0), full inner nodes in a table of their own, so that
a proof over n leaves reads O(log n) rows. Functions take a connection and run in its transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import (
    BindParameter,
    Connection,
    Table,
    and_,
    bindparam,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.engine import Dialect

from moderation.audit import merkle
from moderation.audit.errors import LogCorrupt
from moderation.audit.merkle import Frontier, NodeReader
from moderation.store.database import Cursor, Prepared
from moderation.store.schema import leaves, log_head, nodes, payloads

HEAD_ID = 1


def load_nodes(connection: Connection, names: Iterable[tuple[int, int]]) -> NodeReader:
    """Fetch full nodes (a few hundred at most) and give them as a reader.

    The reader raises LogCorrupt for a node that is not there or is no hash.
    """
    by_level: dict[int, set[int]] = {}
    for level, index in names:
        by_level.setdefault(level, set()).add(index)
    outer = sorted(by_level.pop(0, ()))
    found: dict[tuple[int, int], bytes] = {}
    if by_level:
        # A term for each level, since SQLite looks up no index for a list of pairs.
        terms = [
            and_(nodes.c.level == level, nodes.c.node_index.in_(sorted(indexes)))
            for level, indexes in by_level.items()
        ]
        rows = connection.execute(
            select(nodes.c.level, nodes.c.node_index, nodes.c.hash).where(or_(*terms))
        )
        found.update({(row.level, row.node_index): row.hash for row in rows})
    if outer:
        rows = connection.execute(
            select(leaves.c.leaf_index, leaves.c.leaf_hash).where(leaves.c.leaf_index.in_(outer))
        )
        found.update({(0, row.leaf_index): row.leaf_hash for row in rows})

    def read(level: int, index: int) -> bytes:
        hashed = found.get((level, index))
        if hashed is None or len(hashed) != merkle.HASH_BYTES:
            raise LogCorrupt(f"the node ({level}, {index}) of the log is missing or damaged")
        return hashed

    return read


def read_frontier(connection: Connection, size: int) -> Frontier:
    """Read what the tree of this size needs in order to grow."""
    return merkle.frontier(load_nodes(connection, merkle.full_nodes(0, size)), size)


def read_root(connection: Connection, size: int) -> bytes:
    """Fold the root that the log had at a size out of the stored nodes."""
    return read_frontier(connection, size).root


@dataclass(frozen=True, slots=True)
class Head:
    """The row that says how large the log is; holding its lock is the right to append.

    Attributes:
        origin: Name of the log that this database belongs to.
        size: Number of leaves.
        root: Root over all of them.
    """

    origin: str
    size: int
    root: bytes


class TreeWriter:
    """The statements by which leaves are appended; belongs to the writer thread."""

    def __init__(self, dialect: Dialect) -> None:
        head = select(log_head.c.origin, log_head.c.size, log_head.c.root)
        self._lock = Prepared(
            head.where(log_head.c.id == bindparam("head_id")).with_for_update(), dialect
        )
        self._advance = Prepared(
            update(log_head)
            .where(log_head.c.id == bindparam("head_id"))
            .values(size=bindparam("new_size"), root=bindparam("new_root")),
            dialect,
        )
        self._leaves = _insertion(leaves, ("leaf_index", "leaf", "leaf_hash", "clip_id"), dialect)
        self._nodes = _insertion(nodes, ("level", "node_index", "hash"), dialect)
        self._payloads = _insertion(
            payloads, ("leaf_index", "subject_key", "nonce", "ciphertext"), dialect
        )

    def lock(self, cursor: Cursor) -> Head:
        """Take the right to append until the transaction ends, and read where the log stands."""
        self._lock.execute(cursor, head_id=HEAD_ID)
        row = cursor.fetchone()
        if row is None:
            raise LogCorrupt("the head of the log is missing")
        return Head(row[0], row[1], bytes(row[2]))

    def write(self, cursor: Cursor, growth: Growth) -> bytes:
        """Write the rows of a batch and move the head; returns the new root."""
        self._leaves.executemany(cursor, growth.leaves)
        self._nodes.executemany(cursor, growth.nodes)
        self._payloads.executemany(cursor, growth.payloads)
        root = growth.frontier.root
        self._advance.execute(cursor, head_id=HEAD_ID, new_size=growth.frontier.size, new_root=root)
        return root


class Growth:
    """The rows that a batch adds to the log, gathered before they are written together."""

    def __init__(self, frontier: Frontier) -> None:
        self.frontier = frontier
        self.leaves: list[dict[str, object]] = []
        self.nodes: list[dict[str, object]] = []
        self.payloads: list[dict[str, object]] = []

    def add(self, leaf: bytes, hashed: bytes, clip_id: str) -> None:
        """Add a leaf at the end."""
        index = self.frontier.size
        self.leaves.append(
            {
                "leaf_index": index,
                "leaf": leaf,
                "leaf_hash": hashed,
                "clip_id": clip_id or None,
            }
        )
        self.frontier, filled = self.frontier.push(hashed)
        for level, node in enumerate(filled, start=1):
            self.nodes.append({"level": level, "node_index": index >> level, "hash": node})


def _insertion(table: Table, names: tuple[str, ...], dialect: Dialect) -> Prepared:
    values: dict[str, BindParameter[object]] = {name: bindparam(name) for name in names}
    return Prepared(insert(table).values(values), dialect)
