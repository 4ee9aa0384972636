"""Bring a database to the tables that this program reads and writes."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from moderation.store.database import writing
from moderation.store.errors import DatabaseMismatch, DatabaseUnavailable
from moderation.store.schema import SCHEMA_VERSION

# Any number will do, as long as no other program on the same database server uses it.
_MIGRATION_LOCK = 0x46524D47


def migrate(engine: Engine) -> None:
    """Create or upgrade the tables in one transaction; does nothing when they are current.

    Two processes may call it at once: the second waits for the first.

    Raises:
        DatabaseUnavailable: If the database does not answer.
        DatabaseMismatch: If it was written by a newer Framegate, or is not Framegate's.
    """
    try:
        with writing(engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK}
                )
            _upgrade(connection)
    except SQLAlchemyError as error:
        raise DatabaseUnavailable(
            "the database does not answer or cannot be written", field="database"
        ) from error


def stored_version(engine: Engine) -> str | None:
    """Revision that the database is at, or None when it holds no tables of Framegate.

    Raises:
        DatabaseUnavailable: If the database does not answer.
    """
    try:
        with engine.connect() as connection:
            return _version(connection)
    except DBAPIError as error:
        raise DatabaseUnavailable("the database does not answer", field="database") from error


def _upgrade(connection: Connection) -> None:
    version = _version(connection)
    if version == SCHEMA_VERSION:
        return
    config = Config()
    config.set_main_option("script_location", "moderation.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise DatabaseMismatch(
            "the database was written by a newer version of Framegate", field="database"
        )
    if version is None and inspect(connection).has_table("leaves"):
        raise DatabaseMismatch("the database holds tables of another program", field="database")
    command.upgrade(config, "head")


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if version is None else str(version)
