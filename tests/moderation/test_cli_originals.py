"""Looking into the house's database for a page: nothing is made, nothing is migrated."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from moderation.cli.originals import OriginalsElsewhere, kept
from moderation.store.database import open_database, reading, writing
from moderation.store.migration import migrate, stored_version
from moderation.store.schema import fingerprints
from provenance.fingerprint.fingerprint import Marks, Thumbnail
from provenance.fingerprint.pdq import HASH_BYTES
from provenance.fingerprint.records import Registered
from provenance.fingerprint.sql import SqlFingerprints
from tests.house import settings_for


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A house that has released one clip."""
    settings = settings_for(tmp_path / "home")
    marks = Marks(
        np.zeros(1, np.int32),
        np.zeros(1, np.int32),
        np.zeros((1, HASH_BYTES), np.uint8),
        np.zeros(1, np.uint8),
    )
    clip = Registered(
        clip_id="clip-1",
        created_ms=1,
        duration_ms=2,
        frames=marks,
        crops=marks,
        thumbnails=(Thumbnail(0, b"jpeg"),),
    )
    engine = open_database(settings.database)
    migrate(engine)
    SqlFingerprints(fingerprints, lambda: reading(engine), lambda: writing(engine)).put(clip)
    engine.dispose()
    return settings.home


def test_what_is_kept_is_given(home: Path) -> None:
    assert kept(settings_for(home), "clip-1").thumbnails == (Thumbnail(0, b"jpeg"),)


def test_a_clip_of_another_house_is_elsewhere(home: Path) -> None:
    with pytest.raises(OriginalsElsewhere, match="this machine"):
        kept(settings_for(home), "clip-2")


def test_a_house_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(OriginalsElsewhere):
        kept(settings_for(tmp_path / "none"), "clip-1")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["", "nonsense", "sqlite://", "sqlite:////nowhere/at/all.db"])
def test_odd_addresses_are_elsewhere(tmp_path: Path, url: str) -> None:
    with pytest.raises(OriginalsElsewhere):
        kept(settings_for(tmp_path / "none", database_url=url), "clip-1")


def test_an_older_database_is_left_as_it_is(home: Path) -> None:
    engine = open_database(settings_for(home).database)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    with pytest.raises(OriginalsElsewhere):
        kept(settings_for(home), "clip-1")
    assert stored_version(engine) == "0002"
    engine.dispose()


def test_a_file_that_is_no_database_is_elsewhere(tmp_path: Path) -> None:
    file = tmp_path / "odd.db"
    file.write_bytes(b"no database at all, but a file of some length" * 100)
    with pytest.raises(OriginalsElsewhere):
        kept(settings_for(tmp_path, database_url=f"sqlite:///{file}"), "clip-1")
