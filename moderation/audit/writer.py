"""The one thread that appends, with group commit.

It takes everything that has queued up, opens one transaction, runs each item (its effect, then
its leaf), commits once and only then answers anybody. An item that fails is undone alone; a
commit that fails fails them all. Under load the cost of making a commit durable is shared by
all that waited for it; without load nothing waits.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from media.errors import FramegateError
from moderation.audit import merkle
from moderation.audit.entry import AuditEntry
from moderation.audit.errors import AuditUnavailable, LogCorrupt
from moderation.audit.merkle import Frontier
from moderation.audit.nodes import Growth, TreeWriter, read_frontier
from moderation.store.database import Cursor, connect_writer
from moderation.store.effects import Effect, Leaf
from moderation.store.errors import DatabaseMismatch
from moderation.store.subjects import MasterKey, SubjectKeys, seal

T = TypeVar("T")
_RETRY_AFTER_MS = 200
_logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Receipt(Generic[T]):
    """Proof that an entry is durable.

    Attributes:
        leaf_index: Its place in the log, from 0.
        leaf_hash: Its RFC 6962 leaf hash, 64 hex digits.
        subject_key: Id of the subject's key, "" when the entry has no subject.
        result: What the effect returned.
    """

    leaf_index: int
    leaf_hash: str
    subject_key: str
    result: T


class Pending(Future[T]):
    """An answer that comes after the commit: `await` it, or block on `result()`.

    Cancelling it before the writer has taken it up removes it; later the record is made anyway.
    """

    def __await__(self) -> Generator[Any, None, T]:
        return asyncio.wrap_future(self).__await__()


@dataclass(slots=True, eq=False)
class Append:
    """An entry that waits for its leaf."""

    entry: AuditEntry
    payload: bytes | None
    subject: str
    effect: Effect[Any] | None
    pending: Pending[Any]

    @property
    def is_leaf_only(self) -> bool:
        """Whether it touches no other table, so that there is nothing to undo if it fails."""
        return self.effect is None and not self.subject and self.payload is None


@dataclass(slots=True, eq=False)
class Job:
    """A change without a leaf that must not run beside the writer."""

    run: Callable[[Connection], Any]
    pending: Pending[Any]


class Writer:
    """Owns the queue, the thread and the writing connection; `submit` is thread-safe."""

    def __init__(
        self, engine: Engine, origin: str, master: MasterKey, *, queue_limit: int, batch_limit: int
    ) -> None:
        self._engine = engine
        self._origin = origin
        self._keys = SubjectKeys(master, engine.dialect)
        self._tree = TreeWriter(engine.dialect)
        self._database_error = engine.dialect.loaded_dbapi.Error
        self._queue: deque[Append | Job] = deque()
        self._queue_limit = queue_limit
        self._batch_limit = batch_limit
        self._wake = threading.Condition()
        self._closing = False
        self._connection: Connection | None = None
        self._frontier: Frontier | None = None
        self._root = b""
        self._thread = threading.Thread(target=self._work, name="audit-writer", daemon=True)
        self._thread.start()

    @property
    def queued(self) -> int:
        """Number of items that wait to be taken up."""
        return len(self._queue)

    def submit(self, item: Append | Job) -> None:
        """Put an item into the queue.

        Raises:
            AuditUnavailable: If the queue is full or the log is closed.
        """
        with self._wake:
            if self._closing:
                raise AuditUnavailable("the log is closed")
            if len(self._queue) >= self._queue_limit:
                raise AuditUnavailable(
                    "too many entries wait for the log",
                    limit=self._queue_limit,
                    retry_after_ms=_RETRY_AFTER_MS,
                )
            self._queue.append(item)
            self._wake.notify()

    def close(self) -> None:
        """Refuse new items, finish those that wait, and end the thread."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join()

    def _work(self) -> None:
        while batch := self._next_batch():
            batch = [item for item in batch if item.pending.set_running_or_notify_cancel()]
            if batch:
                self._answer(batch)
        self._disconnect()

    def _next_batch(self) -> list[Append | Job]:
        with self._wake:
            while not self._queue and not self._closing:
                self._wake.wait()
            count = min(len(self._queue), self._batch_limit)
            return [self._queue.popleft() for _ in range(count)]

    def _answer(self, batch: list[Append | Job]) -> None:
        try:
            outcomes = self._commit(batch)
        except BaseException as error:  # noqa: BLE001 - whatever it is, somebody waits for an answer
            self._frontier = None
            self._disconnect()
            # Without the traceback: what was being written is in it.
            _logger.error(  # noqa: TRY400
                "audit.commit_failed", items=len(batch), kind=type(error).__name__
            )
            for item in batch:
                item.pending.set_exception(_batch_failure(error))
            return
        for item, (result, failure) in zip(batch, outcomes, strict=True):
            if failure is not None:
                item.pending.set_exception(failure)
            else:
                item.pending.set_result(result)

    def _commit(self, batch: list[Append | Job]) -> list[tuple[Any, BaseException | None]]:
        if self._connection is None:
            self._connection = connect_writer(self._engine)
        connection = self._connection
        with connection.begin():
            cursor: Any = connection.connection.cursor()
            growth = Growth(self._position(connection, cursor))
            before = growth.frontier.size
            outcomes = [self._attempt(connection, cursor, growth, item) for item in batch]
            if growth.frontier.size > before:
                self._root = self._tree.write(cursor, growth)
            cursor.close()
        self._frontier = growth.frontier
        return outcomes

    def _position(self, connection: Connection, cursor: Cursor) -> Frontier:
        head = self._tree.lock(cursor)
        if head.origin != self._origin:
            raise DatabaseMismatch("the database holds another log", field="origin")
        known = self._frontier
        if known is not None and known.size == head.size and self._root == head.root:
            return known
        # Another process has appended, or this is the first batch.
        stored = read_frontier(connection, head.size)
        if stored.root != head.root:
            raise LogCorrupt("the stored tree does not have the root that its head states")
        self._root = head.root
        return stored

    def _attempt(
        self,
        connection: Connection,
        cursor: Cursor,
        growth: Growth,
        item: Append | Job,
    ) -> tuple[Any, BaseException | None]:
        """Run one item; undo it alone if it fails. Raises only when the batch is lost."""
        if isinstance(item, Append) and item.is_leaf_only:
            try:
                return self._append(connection, cursor, growth, item), None
            except FramegateError as error:
                return None, error
        cursor.execute("SAVEPOINT item")
        try:
            if isinstance(item, Job):
                result = item.run(connection)
            else:
                result = self._append(connection, cursor, growth, item)
        except Exception as error:  # noqa: BLE001 - the caller of this one item gets it
            cursor.execute("ROLLBACK TO SAVEPOINT item")
            cursor.execute("RELEASE SAVEPOINT item")
            return None, self._item_failure(error)
        cursor.execute("RELEASE SAVEPOINT item")
        return result, None

    def _append(
        self, connection: Connection, cursor: Cursor, growth: Growth, item: Append
    ) -> Receipt[Any]:
        index = growth.frontier.size
        subject_key, commitment, row = item.entry.subject_key, "", None
        if item.subject or item.payload is not None:
            key = self._keys.resolve(cursor, item.subject, item.entry.time_ms)
            subject_key = key.id
            if item.payload is not None:
                sealed = seal(key, index, item.payload)
                commitment = sealed.digest
                row = {
                    "leaf_index": index,
                    "subject_key": key.id,
                    "nonce": sealed.nonce,
                    "ciphertext": sealed.ciphertext,
                }
        leaf = item.entry.leaf(subject_key=subject_key, payload_sha256=commitment)
        hashed = merkle.leaf_hash(leaf)
        shown = Leaf(index, hashed.hex(), subject_key)
        result = item.effect(connection, shown) if item.effect else None
        # Nothing may fail from here on: what the batch has gathered is not undone for one item.
        growth.add(leaf, hashed, item.entry.clip_id)
        if row is not None:
            growth.payloads.append(row)
        return Receipt(index, shown.hash, subject_key, result)

    def _item_failure(self, error: Exception) -> Exception:
        if isinstance(error, (DBAPIError, self._database_error)):
            failure = AuditUnavailable("the database refused a change", field="database")
            failure.__cause__ = error
            return failure
        return error

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.close()
        except (SQLAlchemyError, self._database_error):
            connection.invalidate()


def _batch_failure(error: BaseException) -> FramegateError:
    if isinstance(error, (LogCorrupt, DatabaseMismatch)):
        return type(error)(error.message, field=error.field)
    failure = AuditUnavailable("the log could not be written", retry_after_ms=_RETRY_AFTER_MS)
    failure.__cause__ = error
    return failure
