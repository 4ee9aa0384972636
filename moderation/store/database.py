"""One database for all durable state: SQLite in a file by default, PostgreSQL by its URL.

Everything that only one of the two needs stands here. Both are set up so that a commit that has
returned survives the loss of power: SQLite in WAL mode with `synchronous=FULL`, PostgreSQL with
`synchronous_commit=on`. An `Engine` is thread-safe; a `Connection` belongs to one thread.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, Dialect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool
from sqlalchemy.sql import ClauseElement

from moderation.store.errors import DatabaseUnavailable

BUSY_TIMEOUT_MS = 5_000
"""How long a writer waits for another process that holds the database."""

_WRITES = "framegate_writes"
_DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}


def open_database(url: str) -> Engine:
    """Open a database by its URL; makes the file of an SQLite database, mode 0600.

    Args:
        url: `sqlite:///relative.db`, `sqlite:////absolute.db` or `postgresql://...`.

    Raises:
        DatabaseUnavailable: If the URL is not one of these or the file cannot be made. A
            PostgreSQL server is first asked by `migrate`.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseUnavailable("the database URL is malformed", field="database") from error
    backend = parsed.get_backend_name()
    if backend not in _DRIVERS:
        raise DatabaseUnavailable(
            "the database URL starts with sqlite:// or postgresql://", field="database"
        )
    parsed = parsed.set(drivername=_DRIVERS[backend])
    if backend == "sqlite":
        return _open_sqlite(parsed)
    return _open_postgresql(parsed)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection with one consistent view of the database for the length of the block."""
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection inside a write transaction; commits when the block ends without error.

    The write lock of SQLite is taken at once, since a lock taken later may fail without waiting.
    """
    with connect_writer(engine) as connection, connection.begin():
        yield connection


def connect_writer(engine: Engine) -> Connection:
    """Open a connection whose every transaction is a write transaction from its start."""
    return engine.connect().execution_options(**{_WRITES: True})


def scrub(engine: Engine) -> bool:
    """Remove what overwritten and deleted rows have left behind in the database's own files.

    On SQLite the write-ahead log is folded into the database (whose freed bytes `secure_delete`
    has zeroed) and cut to nothing. On PostgreSQL the table of keys is vacuumed; its own
    write-ahead log keeps old pages until the server recycles it.

    Returns:
        Whether it was done; False when another process kept a transaction open for too long.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
            return not busy
        for table in ("subjects", "prompt_verdicts", "answers"):
            connection.execute(text(f"VACUUM {table}"))
        return True


class Cursor(Protocol):
    """The part of a DBAPI cursor that `Prepared` uses."""

    def execute(self, sql: str, parameters: Any = ..., /) -> object:  # noqa: ANN401
        """Run one statement."""

    def executemany(self, sql: str, parameters: Sequence[Any], /) -> object:
        """Run one statement for each set of parameters."""

    def fetchone(self) -> Any:  # noqa: ANN401
        """Give the next row or None."""


class Prepared:
    """A statement of SQLAlchemy, compiled once and run on the bare DBAPI cursor.

    The log appends on the path of every verdict; going round SQLAlchemy's execution there costs
    a tenth (see the benchmark of the log). Values must be of types that need no conversion:
    int, str, bytes, None. Immutable and thread-safe; the cursor is not.
    """

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        """Compile a statement whose parameters are all bound by name."""
        compiled = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        self._order: tuple[str, ...] | None = None
        if dialect.positional:
            self._order = tuple(getattr(compiled, "positiontup", None) or ())

    def execute(self, cursor: Cursor, **values: object) -> None:
        """Run it once."""
        cursor.execute(self.sql, self._arrange(values))

    def executemany(self, cursor: Cursor, rows: Sequence[Mapping[str, object]]) -> None:
        """Run it for each row; does nothing when there is none."""
        if rows:
            cursor.executemany(self.sql, [self._arrange(row) for row in rows])

    def _arrange(self, values: Mapping[str, object]) -> object:
        if self._order is None:
            return values
        return tuple([values[name] for name in self._order])


def _open_sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise DatabaseUnavailable(
            "the database must be a file; what is only in memory is no record", field="database"
        )
    path = Path(url.database)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # SQLite gives its side files the mode of the database file. One that is there is not
        # touched: closing it would drop the locks of all connections that this process has to it,
        # and another process could take the write-ahead log away under them.
        if not path.exists():
            with contextlib.suppress(FileExistsError):
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        elif not path.is_file() or not os.access(path, os.R_OK | os.W_OK):
            raise PermissionError(path)
    except OSError as error:
        raise DatabaseUnavailable(
            "the file of the database cannot be made or opened", field="database"
        ) from error
    engine = create_engine(
        url,
        # An error of the database must not carry what was being written.
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=24,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(dbapi_connection: Any, _record: object) -> None:  # noqa: ANN401
    # The driver would otherwise start transactions by itself, and never an immediate one.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    _write_ahead(cursor)
    for pragma in (
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Put a database into WAL mode; it stays there.

    SQLite heeds the busy timeout for transactions and not here: of several processes that open a
    new database at the same time, all but one are told at once that it is locked.
    """
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            # The low byte is the kind; the rest says more of it.
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() >= deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT":
        return
    statement = "BEGIN IMMEDIATE" if options.get(_WRITES) else "BEGIN"
    raw: Any = connection.connection.dbapi_connection
    try:
        # The bare connection saves a tenth of the time that an append takes.
        raw.execute(statement)
    except sqlite3.Error as error:
        raise OperationalError(statement, None, error) from error


def _open_postgresql(url: URL) -> Engine:
    try:
        return create_engine(
            url,
            hide_parameters=True,
            pool_size=8,
            max_overflow=24,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": 5,
                "options": f"-c synchronous_commit=on -c lock_timeout={BUSY_TIMEOUT_MS}",
            },
        )
    except (DBAPIError, ImportError) as error:
        raise DatabaseUnavailable(
            "PostgreSQL needs the psycopg package (pip install 'psycopg[binary]')",
            field="database",
        ) from error
