"""What the house's database keeps of a released clip, for who draws a page beside the house."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from media.errors import FramegateError
from moderation.settings import Settings
from moderation.store.database import open_database, reading, writing
from moderation.store.errors import DatabaseUnavailable
from moderation.store.migration import stored_version
from moderation.store.schema import SCHEMA_VERSION, fingerprints
from provenance.fingerprint.records import Registered
from provenance.fingerprint.sql import SqlFingerprints


class OriginalsElsewhere(FramegateError):
    """The database that keeps the released clip's pictures is not at hand."""

    code = "NOT_FOUND"
    reason = "ORIGINALS_ELSEWHERE"


def kept(settings: Settings, clip_id: str) -> Registered:
    """Return what is kept of a released clip. Nothing is made or migrated.

    Args:
        settings: Where the database is.
        clip_id: The clip.

    Raises:
        OriginalsElsewhere: There is no such database here, or it does not know the clip.
        FingerprintDamaged: What it keeps cannot be read.
    """
    found = _read(settings.database, clip_id) if _there(settings.database) else None
    if found is None:
        raise OriginalsElsewhere(
            "the released clip's pictures are kept with the service that gave the answer, and "
            "cannot be shown from this machine",
            field="clip_id",
        )
    return found


def _there(url: str) -> bool:
    """Tell whether opening the database would not make it."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return False
    return parsed.get_backend_name() != "sqlite" or Path(parsed.database or "").is_file()


def _read(url: str, clip_id: str) -> Registered | None:
    try:
        engine = open_database(url)
    except DatabaseUnavailable:
        return None
    try:
        if stored_version(engine) != SCHEMA_VERSION:
            return None
        store = SqlFingerprints(fingerprints, lambda: reading(engine), lambda: writing(engine))
        return store.get(clip_id)
    except (SQLAlchemyError, DatabaseUnavailable):
        return None
    finally:
        engine.dispose()
