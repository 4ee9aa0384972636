"""The databases that the contract of the record is tested on, and logs in them."""

from __future__ import annotations

import contextlib
import os
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
POSTGRES = os.environ.get("FRAMEGATE_TEST_POSTGRES", "")
BACKENDS = [
    "sqlite",
    pytest.param(
        "postgresql",
        marks=pytest.mark.skipif(not POSTGRES, reason="FRAMEGATE_TEST_POSTGRES is not set"),
    ),
]


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


def _url(database: str) -> str:
    return make_url(POSTGRES).set(database=database).render_as_string(hide_password=False)


@contextlib.contextmanager
def _admin() -> Iterator[Any]:
    url = make_url(POSTGRES).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()
