from __future__ import annotations

import sqlite3
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, bindparam, insert, select, text

from moderation.store.database import (
    Prepared,
    connect_writer,
    open_database,
    reading,
    scrub,
    writing,
)
from moderation.store.errors import DatabaseMismatch, DatabaseUnavailable
from moderation.store.migration import migrate, stored_version
from moderation.store.schema import SCHEMA_VERSION, checkpoints, metadata
from tests.moderation.databases import Home


def test_migrations_build_the_tables_of_the_schema(home: Home) -> None:
    engine = home.engine()
    assert stored_version(engine) is None
    migrate(engine)
    migrate(engine)
    assert stored_version(engine) == SCHEMA_VERSION
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_many_migrate_at_once(home: Home) -> None:
    engines = [home.engine() for _ in range(4)]
    failed: list[BaseException] = []
    ready = threading.Barrier(len(engines))

    def run(index: int) -> None:
        ready.wait(30)
        try:
            migrate(engines[index])
        except BaseException as error:  # noqa: BLE001 - shown by the assertion
            failed.append(error)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(engines))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert stored_version(engines[0]) == SCHEMA_VERSION
    for engine in engines:
        engine.dispose()


def test_a_new_sqlite_database_may_be_opened_by_many_at_once(tmp_path: Path) -> None:
    for number in range(4):
        engines = [open_database(f"sqlite:///{tmp_path}/{number}.db") for _ in range(12)]
        ready = threading.Barrier(len(engines))

        def run(engine: Engine, ready: threading.Barrier = ready) -> str | None:
            ready.wait(30)
            return stored_version(engine)

        with ThreadPoolExecutor(len(engines)) as pool:
            assert list(pool.map(run, engines)) == [None] * len(engines)
        for engine in engines:
            engine.dispose()


def test_a_new_sqlite_database_that_stays_locked_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moderation.store.database.BUSY_TIMEOUT_MS", 50)
    engine = open_database(f"sqlite:///{tmp_path}/a.db")
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseUnavailable):
            migrate(engine)
    migrate(engine)
    assert stored_version(engine) == SCHEMA_VERSION
    engine.dispose()


def test_a_newer_database_is_refused(home: Home) -> None:
    engine = home.engine()
    migrate(engine)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseMismatch, match="newer"):
        migrate(engine)
    engine.dispose()


def test_a_foreign_database_is_refused(home: Home) -> None:
    engine = home.engine()
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE leaves (a INTEGER)"))
    with pytest.raises(DatabaseMismatch, match="another program"):
        migrate(engine)
    engine.dispose()


def test_a_failed_block_writes_nothing(home: Home) -> None:
    engine = home.engine()
    migrate(engine)
    row = {"size": 1, "note": "n", "created_ms": 1}
    with pytest.raises(ZeroDivisionError), writing(engine) as connection:
        connection.execute(insert(checkpoints), row)
        raise ZeroDivisionError
    with reading(engine) as connection:
        assert connection.execute(select(checkpoints)).all() == []
    assert scrub(engine)
    engine.dispose()


def test_prepared_statements(home: Home) -> None:
    engine = home.engine()
    migrate(engine)
    names = ("size", "note", "created_ms")
    add = Prepared(
        insert(checkpoints).values({name: bindparam(name) for name in names}), engine.dialect
    )
    find = Prepared(
        select(checkpoints.c.note).where(checkpoints.c.size == bindparam("wanted")), engine.dialect
    )
    with connect_writer(engine) as connection, connection.begin():
        cursor = connection.connection.cursor()
        add.executemany(cursor, [])
        add.executemany(cursor, [{"created_ms": 1, "note": f"n{i}", "size": i} for i in range(3)])
        find.execute(cursor, wanted=2)
        row = cursor.fetchone()
        assert row is not None
        assert row[0] == "n2"
        cursor.close()
    engine.dispose()


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://localhost/x", "sqlite://", "sqlite:///:memory:"]
)
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(DatabaseUnavailable):
        open_database(url)


def test_the_file_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'new' / 'x.db'}")
    migrate(engine)
    with writing(engine) as connection:
        connection.execute(insert(checkpoints), {"size": 1, "note": "n", "created_ms": 1})
        for file in (tmp_path / "new").iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        settings = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in pragmas]
        assert settings == ["wal", 2, 1, 1]
    engine.dispose()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"no database" * 1000)
    engine = open_database(f"sqlite:///{tmp_path / 'x.db'}")
    with pytest.raises(DatabaseUnavailable):
        migrate(engine)
    engine.dispose()
    with pytest.raises(DatabaseUnavailable):
        open_database(f"sqlite:///{tmp_path}")


def test_an_absent_server() -> None:
    pytest.importorskip("psycopg")
    engine = open_database("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(DatabaseUnavailable):
        migrate(engine)
    engine.dispose()
