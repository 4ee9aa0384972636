"""A served house with its settings, to look behind the answers."""

from __future__ import annotations

from dataclasses import dataclass

from moderation.cli.door import Door
from moderation.settings import Settings
from moderation.store.database import open_database, reading
from moderation.store.subjects import MasterKey, read_payload


@dataclass(frozen=True, slots=True)
class Place:
    """A served house, its settings, and the way into it."""

    settings: Settings
    door: Door

    def payload(self, leaf_index: int) -> bytes:
        """What the operator can read of a leaf, with the database and the master key."""
        engine = open_database(self.settings.database)
        try:
            with reading(engine) as connection:
                master = MasterKey.load(self.settings.keys_folder)
                return read_payload(connection, master, leaf_index)
        finally:
            engine.dispose()

    def holds(self, text: str) -> list[str]:
        """Names of all files of the house that hold this text."""
        files = [path for path in self.settings.home.rglob("*") if path.is_file()]
        assert any(path.name == "framegate.db" for path in files)
        return [path.name for path in files if text.encode() in path.read_bytes()]
