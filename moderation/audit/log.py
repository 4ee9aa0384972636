"""The audit log: what happened, in order, provable to somebody who does not trust us.

    log = AuditLog.open(engine, LogKey.load(keys), MasterKey.load(keys))
    receipt = await log.append(entry, payload=..., subject=..., effect=clips.transition(...))

An entry, its encrypted payload and the state change that it tells of become durable in one
commit. The log may be open in several processes at once; each append takes the lock of the head
row, so that leaves get their places one after another and none is lost or doubled.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, overload

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from media.errors import InvalidInput
from moderation.audit import merkle
from moderation.audit.checkpoint import Checkpoint, LogKey, VerifierKey
from moderation.audit.entry import AuditEntry, LeafDocument, read_leaf
from moderation.audit.errors import (
    AuditEntryInvalid,
    CheckpointInvalid,
    LogCorrupt,
    NotInLog,
)
from moderation.audit.nodes import HEAD_ID, load_nodes, read_root
from moderation.audit.writer import Append, Job, Pending, Receipt, Writer
from moderation.store.database import reading, writing
from moderation.store.effects import Effect
from moderation.store.errors import DatabaseMismatch, DatabaseUnavailable
from moderation.store.migration import migrate
from moderation.store.schema import checkpoints, leaves, log_head
from moderation.store.subjects import (
    MAX_PAYLOAD_BYTES,
    MasterKey,
    check_subject,
    read_payload,
)

T = TypeVar("T")
MAX_ENTRIES = 1_000


@dataclass(frozen=True, slots=True)
class LoggedLeaf:
    """A leaf as it stands in the log; `document` is None if the bytes are no leaf of ours."""

    index: int
    hash: bytes
    leaf: bytes
    document: LeafDocument | None


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint, the note that carries its signature, and when it was signed."""

    checkpoint: Checkpoint
    note: str
    created_ms: int


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof and the sizes that it holds for.

    Attributes:
        first: The leaf's index (inclusion) or the older size (consistency).
        size: Size of the tree that it leads to.
        hashes: The hashes of the proof, 32 bytes each, bottom first.
    """

    first: int
    size: int
    hashes: tuple[bytes, ...]


class AuditLog:
    """The log of one database; every method is thread-safe, those that read block briefly."""

    def __init__(
        self,
        engine: Engine,
        key: LogKey,
        master: MasterKey,
        *,
        queue_limit: int = 4_096,
        batch_limit: int = 256,
    ) -> None:
        """Start the writer on a database whose tables and head exist; use `open`."""
        self.engine = engine
        self.master = master
        self._key = key
        self._writer = Writer(
            engine, key.origin, master, queue_limit=queue_limit, batch_limit=batch_limit
        )

    @classmethod
    def open(
        cls,
        engine: Engine,
        key: LogKey,
        master: MasterKey,
        *,
        queue_limit: int = 4_096,
        batch_limit: int = 256,
    ) -> AuditLog:
        """Bring the tables up to date, check the stored tree against itself, start the writer.

        Args:
            engine: From `open_database`.
            key: Signs checkpoints; its name is the origin of the log.
            master: Wraps the keys of subjects.
            queue_limit: Entries that may wait before `append` refuses more.
            batch_limit: Entries in one commit.

        Raises:
            DatabaseUnavailable: If the database does not answer.
            DatabaseMismatch: If it holds another log or was written by a newer version.
            LogCorrupt: If its tree does not fit its head or a checkpoint signed before.
        """
        migrate(engine)
        try:
            with writing(engine) as connection:
                size = _ensure_head(connection, key.origin)
                _check_checkpoint(connection, key.verifier, size)
        except SQLAlchemyError as error:
            raise DatabaseUnavailable("the database does not answer", field="database") from error
        return cls(engine, key, master, queue_limit=queue_limit, batch_limit=batch_limit)

    @property
    def verifier(self) -> VerifierKey:
        """The public key that checkpoints of this log verify with."""
        return self._key.verifier

    @property
    def queued(self) -> int:
        """Number of entries that wait for the writer."""
        return self._writer.queued

    @overload
    def append(
        self,
        entry: AuditEntry,
        *,
        payload: bytes | None = None,
        subject: str | None = None,
        effect: None = None,
    ) -> Pending[Receipt[None]]: ...

    @overload
    def append(
        self,
        entry: AuditEntry,
        *,
        payload: bytes | None = None,
        subject: str | None = None,
        effect: Effect[T],
    ) -> Pending[Receipt[T]]: ...

    def append(
        self,
        entry: AuditEntry,
        *,
        payload: bytes | None = None,
        subject: str | None = None,
        effect: Effect[Any] | None = None,
    ) -> Pending[Receipt[Any]]:
        """Append an entry together with its payload and the state change that it tells of.

        Returns at once; the receipt comes after the commit is durable, never before.

        Args:
            entry: What happened.
            payload: Personal content, at most 256 KiB; encrypted under the subject's key.
            subject: The caller's pseudonym of the user; None or "" with a payload means a key
                for this payload alone.
            effect: The state change; see `moderation.store.effects`.

        Raises:
            AuditUnavailable: If the queue is full or the log is closed; through the receipt also
                when the commit fails.
            InvalidInput: If the subject or payload is out of range.
            AuditEntryInvalid: If the entry names a subject's key beside `subject` or `payload`.
        """
        if payload is not None and len(payload) > MAX_PAYLOAD_BYTES:
            raise InvalidInput(
                "the payload of an entry is too large",
                field="payload",
                limit=MAX_PAYLOAD_BYTES,
                actual=len(payload),
            )
        subject = check_subject(subject or "")
        if entry.subject_key and (subject or payload is not None):
            raise AuditEntryInvalid("the subject's key is named twice", field="subject_key")
        pending: Pending[Receipt[Any]] = Pending()
        self._writer.submit(Append(entry, payload, subject, effect, pending))
        return pending

    def close(self) -> None:
        """Finish what waits and stop the writer; later appends fail. Blocks; may be repeated."""
        self._writer.close()

    @property
    def size(self) -> int:
        """Number of leaves that are durable now."""
        with reading(self.engine) as connection:
            return int(connection.execute(select(log_head.c.size)).scalar_one())

    def entries(self, start: int = 0, limit: int = 100, *, clip_id: str = "") -> list[LoggedLeaf]:
        """Read leaves in order.

        Args:
            start: First index.
            limit: At most so many, up to 1000.
            clip_id: Only leaves about this clip, if given.
        """
        query = (
            select(leaves.c.leaf_index, leaves.c.leaf_hash, leaves.c.leaf)
            .where(leaves.c.leaf_index >= max(start, 0))
            .order_by(leaves.c.leaf_index)
            .limit(min(max(limit, 0), MAX_ENTRIES))
        )
        if clip_id:
            query = query.where(leaves.c.clip_id == clip_id)
        with reading(self.engine) as connection:
            rows = connection.execute(query).all()
        return [
            LoggedLeaf(row.leaf_index, row.leaf_hash, row.leaf, _document(row.leaf)) for row in rows
        ]

    def payload(self, leaf_index: int) -> bytes:
        """Decrypt the payload of a leaf.

        Raises:
            PayloadUnreadable: If the leaf has none, its subject was erased, or it was altered.
        """
        with reading(self.engine) as connection:
            return read_payload(connection, self.master, leaf_index)

    def checkpoint(self) -> SignedCheckpoint:
        """Sign the log as it is now, or return the newest checkpoint if nothing has grown.

        Before signing, the tree is checked against the checkpoint before it, so that this key
        never signs two histories.

        Raises:
            LogCorrupt: If the tree contradicts an earlier checkpoint.
            AuditUnavailable: If the database cannot be written.
        """
        pending: Pending[SignedCheckpoint] = Pending()
        self._writer.submit(Job(self._sign, pending))
        return pending.result()

    def checkpoints(
        self, limit: int = 100, *, sizes: Sequence[int] | None = None
    ) -> list[SignedCheckpoint]:
        """Read the newest checkpoints, or the newest of certain sizes; newest first.

        Raises:
            LogCorrupt: If one does not verify with the key of the log.
        """
        query = select(checkpoints).order_by(checkpoints.c.size.desc()).limit(limit)
        if sizes is not None:
            query = query.where(checkpoints.c.size.in_(sizes))
        with reading(self.engine) as connection:
            rows = connection.execute(query).all()
        return [
            SignedCheckpoint(_stored(self.verifier, row.note), row.note, row.created_ms)
            for row in rows
        ]

    def root(self, size: int) -> bytes:
        """Give the root that the log had at a size, 32 bytes.

        Raises:
            NotInLog: If the size is beyond the log.
        """
        with reading(self.engine) as connection:
            stored = connection.execute(select(log_head.c.size)).scalar_one()
            if not 0 <= size <= stored:
                raise NotInLog("the log is not that large", field="size", limit=stored, actual=size)
            return read_root(connection, size)

    def inclusion_proof(self, leaf_index: int, size: int) -> Proof:
        """Prove that a leaf is in the tree of a size (RFC 9162, 2.1.3).

        Raises:
            NotInLog: If the leaf or the size is beyond the log.
        """
        return self._prove(leaf_index, size, lambda: merkle.inclusion_ranges(leaf_index, size))

    def consistency_proof(self, first: int, size: int) -> Proof:
        """Prove that the tree of size `first` is a prefix of that of `size` (RFC 9162, 2.1.4).

        Raises:
            NotInLog: If a size is zero, beyond the log, or the first is the larger one.
        """
        return self._prove(first, size, lambda: merkle.consistency_ranges(first, size))

    def _prove(self, first: int, size: int, plan: Callable[[], list[tuple[int, int]]]) -> Proof:
        with reading(self.engine) as connection:
            stored = connection.execute(select(log_head.c.size)).scalar_one()
            if size > stored:
                raise NotInLog("the log is not that large", field="size", limit=stored, actual=size)
            try:
                ranges = plan()
            except ValueError as error:
                raise NotInLog("the proof asked for does not exist", field="size") from error
            read = load_nodes(connection, merkle.proof_nodes(ranges))
            return Proof(first, size, tuple(merkle.fold_ranges(read, ranges)))

    def _sign(self, connection: Connection) -> SignedCheckpoint:
        head = connection.execute(select(log_head.c.size, log_head.c.root)).one()
        newest = _check_checkpoint(connection, self.verifier, head.size)
        if newest is not None and newest.checkpoint.size == head.size:
            return newest
        note = self._key.sign(head.size, head.root)
        created_ms = time.time_ns() // 1_000_000
        connection.execute(
            insert(checkpoints).values(size=head.size, note=note, created_ms=created_ms)
        )
        return SignedCheckpoint(
            Checkpoint(self._key.origin, head.size, head.root), note, created_ms
        )


def _document(leaf: bytes) -> LeafDocument | None:
    try:
        return read_leaf(leaf)
    except AuditEntryInvalid:
        return None


def _ensure_head(connection: Connection, origin: str) -> int:
    query = select(log_head).with_for_update()
    head = connection.execute(query).one_or_none()
    if head is None:
        first = insert(log_head).values(id=HEAD_ID, origin=origin, size=0, root=merkle.EMPTY_ROOT)
        try:
            with connection.begin_nested():
                connection.execute(first)
        except IntegrityError:
            # Another process opened the empty database at the same moment and was first.
            head = connection.execute(query).one()
        else:
            return 0
    if head.origin != origin:
        raise DatabaseMismatch("the database holds another log", field="origin")
    if read_root(connection, head.size) != head.root:
        raise LogCorrupt("the stored tree does not have the root that its head states")
    return int(head.size)


def _check_checkpoint(
    connection: Connection, verifier: VerifierKey, size: int
) -> SignedCheckpoint | None:
    """Hold the tree against the newest checkpoint; gives that checkpoint."""
    newest = connection.execute(
        select(checkpoints).order_by(checkpoints.c.size.desc()).limit(1)
    ).one_or_none()
    if newest is None:
        return None
    signed = _stored(verifier, newest.note)
    known = signed.size
    if known != newest.size or known > size or read_root(connection, known) != signed.root:
        raise LogCorrupt("the log contradicts a checkpoint that was signed before")
    return SignedCheckpoint(signed, newest.note, newest.created_ms)


def _stored(verifier: VerifierKey, note: str) -> Checkpoint:
    try:
        return verifier.open(note)
    except CheckpointInvalid as error:
        raise LogCorrupt("a stored checkpoint does not verify with the key of the log") from error
