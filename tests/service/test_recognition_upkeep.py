"""Recognition over the years: keys that are retired or leak, databases of older versions."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, text

from framegate.v1 import provenance_pb2 as pb
from moderation.store.database import open_database, writing
from moderation.store.migration import stored_version
from moderation.store.schema import SCHEMA_VERSION
from provenance.watermark import keyfiles
from provenance.watermark.keys import KeyState
from tests.clips import make_clip
from tests.house import house, settings_for
from tests.service.recognition import drawn, released, rests_on, stripped

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_old_keys_are_read_and_leaked_ones_prove_nothing(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "home", watermark=True)
    keys = settings.keys_folder
    async with house(settings) as door:
        out = await released(door, drawn(tmp_path, 3))
        (key,) = keyfiles.load(keys)
        copy = stripped(out.path)
        keyfiles.turn(keys, key.id, KeyState.RETIRED)
        found = await door.verify(copy)
        assert (found.answer, found.watermark.key_id) == (pb.ANSWER_MADE_HERE, key.id)
        assert rests_on(found) == "watermark"
        keyfiles.turn(keys, key.id, KeyState.LEAKED)
        found = await door.verify(copy)
        assert found.watermark.state == pb.LAYER_STATE_NOT_FOUND
        assert (found.watermark.leaked, found.watermark.clip_id) == (True, "")
        # A copy is known by its looks; what merely carries the leaked mark is not.
        assert rests_on(found) == "copy"


async def test_clips_released_before_there_were_fingerprints(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "home")
    async with house(settings) as door:
        out = await released(door, make_clip(tmp_path / "old.mp4", seconds=2))
    _take_back(settings.database, f"sqlite:///{tmp_path / 'empty.db'}", "0002")
    async with house(settings) as door:
        found = await door.verify(out.path)
        assert (found.answer, found.clip_id) == (pb.ANSWER_MADE_HERE, out.clip_id)
        assert found.fingerprint.state == pb.LAYER_STATE_NOT_FOUND
        found = await door.verify(stripped(out.path))
        assert (found.answer, found.clip_id) == (pb.ANSWER_NO_EVIDENCE, "")
    engine = open_database(settings.database)
    assert stored_version(engine) == SCHEMA_VERSION
    engine.dispose()


def _take_back(database: str, scratch: str, revision: str) -> None:
    """Leave in a database the tables that a revision has, which are as they are today."""
    empty, engine = open_database(scratch), open_database(database)
    with writing(empty) as connection:
        config = Config()
        config.set_main_option("script_location", "moderation.store:migrations")
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        there = set(inspect(connection).get_table_names())
    with writing(engine) as connection:
        newer = set(inspect(connection).get_table_names()) - there
        assert {"fingerprints", "known_hashes"} <= newer
        for table in newer:
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
    empty.dispose()
    engine.dispose()
