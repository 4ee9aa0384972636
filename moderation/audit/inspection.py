"""Check a stored log row by row, also one that is too damaged to be opened or exported.

Needs the database and the public key, no secret. It recomputes every hash from the leaves up and
compares with what is stored: leaf hashes, inner nodes, head, checkpoints, payloads.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, select

from moderation.audit import merkle
from moderation.audit.checkpoint import VerifierKey
from moderation.audit.entry import LeafDocument, read_leaf
from moderation.audit.errors import AuditEntryInvalid, CheckpointInvalid
from moderation.audit.merkle import Frontier
from moderation.audit.verification import Fault, FaultKind
from moderation.store.database import reading
from moderation.store.schema import checkpoints, leaves, log_head, nodes, payloads

_ROWS_A_PAGE = 500


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found: leaves that were checked, and the first thing that is wrong or None."""

    leaf_count: int
    fault: Fault | None

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.fault is None


class _Wrong(Exception):
    def __init__(self, kind: FaultKind, message: str, *span: int) -> None:
        super().__init__(message)
        first, last = (span[0], span[-1]) if span else (None, None)
        self.fault = Fault(kind, message, 0, first, last)


def inspect(engine: Engine, key: VerifierKey) -> Inspection:
    """Check the log of a database; blocks, memory does not grow with the log.

    Leaves that are appended while it runs are not looked at.

    Args:
        engine: From `open_database`, with tables that are up to date.
        key: The log's public key.
    """
    frontier = Frontier()
    try:
        with reading(engine) as connection:
            head = connection.execute(select(log_head)).one_or_none()
            if head is None:
                raise _Wrong(FaultKind.INCOMPLETE, "the head of the log is missing")
            signed = _signed(connection, key, head.size)
            if head.origin != key.name:
                raise _Wrong(FaultKind.SIGNATURE, "the database holds another log")
        for start in range(0, head.size, _ROWS_A_PAGE):
            end = min(start + _ROWS_A_PAGE, head.size)
            with reading(engine) as connection:
                frontier = _check_page(connection, frontier, end, signed)
        if frontier.root != head.root:
            raise _Wrong(FaultKind.ROOT, "the head states another root than the leaves give")
    except _Wrong as wrong:
        return Inspection(frontier.size, wrong.fault)
    return Inspection(frontier.size, None)


def _signed(connection: Connection, key: VerifierKey, size: int) -> dict[int, bytes]:
    signed: dict[int, bytes] = {}
    for row in connection.execute(select(checkpoints).order_by(checkpoints.c.size)):
        try:
            checkpoint = key.open(row.note)
        except CheckpointInvalid as error:
            message = f"the stored checkpoint of size {row.size}: {error.message}"
            raise _Wrong(FaultKind.SIGNATURE, message) from error
        if checkpoint.size != row.size or checkpoint.size > size:
            raise _Wrong(
                FaultKind.HISTORY, f"a checkpoint of size {checkpoint.size} does not fit the log"
            )
        signed[checkpoint.size] = checkpoint.root
    stray = connection.execute(
        select(func.count()).select_from(leaves).where(leaves.c.leaf_index >= size)
    ).scalar_one()
    if stray:
        raise _Wrong(FaultKind.LEAF, "there are leaves beyond the head of the log", size)
    return signed


def _check_page(
    connection: Connection, frontier: Frontier, end: int, signed: dict[int, bytes]
) -> Frontier:
    start = frontier.size
    rows = {
        row.leaf_index: row
        for row in connection.execute(
            select(leaves).where(leaves.c.leaf_index >= start, leaves.c.leaf_index < end)
        )
    }
    stored = _stored_nodes(connection, start, end)
    sealed = _sealed(connection, start, end)
    for index in range(start, end):
        row = rows.get(index)
        if row is None:
            raise _Wrong(FaultKind.LEAF, f"leaf {index} is missing", index)
        hashed = merkle.leaf_hash(row.leaf)
        if hashed != row.leaf_hash:
            message = f"leaf {index} does not have the hash that was recorded for it"
            raise _Wrong(FaultKind.LEAF, message, index)
        _check_content(index, row.leaf, row.clip_id, sealed.get(index))
        frontier, filled = frontier.push(hashed)
        for level, node in enumerate(filled, start=1):
            if stored.get((level, index >> level)) != node:
                first = (index >> level) << level
                message = f"the hash recorded over leaves {first} to {index} does not fit them"
                raise _Wrong(FaultKind.NODE, message, first, index)
        if signed.get(frontier.size, frontier.root) != frontier.root:
            message = f"the checkpoint of size {frontier.size} is of a different history"
            raise _Wrong(FaultKind.HISTORY, message, 0, index)
    return frontier


def _check_content(
    index: int, leaf: bytes, clip_id: str | None, sealed: tuple[str, str] | None
) -> None:
    document = _read(index, leaf)
    if document.clip_id != (clip_id or ""):
        raise _Wrong(FaultKind.LEAF, f"leaf {index} is filed under another clip", index)
    if (sealed or ("", document.subject_key)) != (document.payload_sha256, document.subject_key):
        message = f"the payload of leaf {index} is not the one that was recorded"
        raise _Wrong(FaultKind.PAYLOAD, message, index)


def _read(index: int, leaf: bytes) -> LeafDocument:
    try:
        return read_leaf(leaf)
    except AuditEntryInvalid as error:
        message = f"leaf {index} is no entry of this log"
        raise _Wrong(FaultKind.LEAF, message, index) from error


def _stored_nodes(connection: Connection, start: int, end: int) -> dict[tuple[int, int], bytes]:
    found: dict[tuple[int, int], bytes] = {}
    for level in range(1, end.bit_length()):
        rows = connection.execute(
            select(nodes.c.node_index, nodes.c.hash).where(
                nodes.c.level == level,
                nodes.c.node_index >= start >> level,
                nodes.c.node_index < end >> level,
            )
        )
        found |= {(level, row.node_index): row.hash for row in rows}
    return found


def _sealed(connection: Connection, start: int, end: int) -> dict[int, tuple[str, str]]:
    rows = connection.execute(
        select(payloads).where(payloads.c.leaf_index >= start, payloads.c.leaf_index < end)
    )
    return {
        row.leaf_index: (
            hashlib.sha256(row.nonce + row.ciphertext).hexdigest(),
            row.subject_key,
        )
        for row in rows
    }
