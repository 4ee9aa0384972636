"""The operator's use cases about hash lists of known media: import, export, opinions, removal.

Every change is an entry of the log, in the transaction that makes it. An entry names the list, how
many entries it has and their digest; what a list says of an entry in words stays in the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Engine

from media.errors import InvalidInput
from moderation.audit.entry import AuditEntry
from moderation.audit.log import AuditLog
from moderation.entries import now_ms
from moderation.store.database import reading, writing
from moderation.store.effects import Leaf
from moderation.store.schema import known
from provenance.fingerprint.errors import HashListUnknown
from provenance.fingerprint.known_sql import SqlKnown
from provenance.fingerprint.records import KnownHash, KnownList, Opinion

_EVENTS = {
    Opinion.CONFIRMED: "known.confirmed",
    Opinion.DENIED: "known.denied",
    Opinion.UNREVIEWED: "known.reopened",
}


def known_store(engine: Engine) -> SqlKnown:
    """The hash lists of a database."""
    return SqlKnown(known, lambda: reading(engine), lambda: writing(engine))


class HashLists:
    """The hash lists of a house and the record of what is done to them.

    Thread-safe; every method blocks until what it did is durable.

    Args:
        log: The log that is written to; the lists are in its database.
    """

    def __init__(self, log: AuditLog) -> None:
        self._log = log
        self._store = known_store(log.engine)

    def put(self, list_name: str, entries: Iterable[KnownHash]) -> KnownList:
        """Make a list hold just these entries; opinions on ids that it had are kept.

        Args:
            list_name: Its name.
            entries: Read once; an error of theirs leaves everything as it was.

        Raises:
            InvalidInput: There is no entry: more likely a file was cut off than a list emptied.
            AuditUnavailable: The log cannot be written; the list is what it was then.
        """
        staged = self._store.stage(list_name, entries)
        new = staged.known
        if not new.entries:
            self._store.discard(new.list_id)
            raise InvalidInput(
                "a list has at least one entry; one that is not wanted any more is removed",
                field="entries",
                limit=1,
                actual=0,
            )

        def adopt(connection: Connection, _: Leaf) -> None:
            self._store.adopt(connection, staged)

        details = {"allowed": "yes"} if new.allowed else {"categories": " ".join(new.categories)}
        try:
            self._log.append(_entry("known.imported", new, details), effect=adopt).result()
        except BaseException:
            self._store.discard(new.list_id)
            raise
        self._store.sweep()
        return new

    def remove(self, list_name: str) -> KnownList:
        """Forget a list and the opinions on it.

        Raises:
            HashListUnknown: There is none of this name.
        """
        old = self.get(list_name)

        def drop(connection: Connection, _: Leaf) -> None:
            self._store.drop(connection, list_name)

        self._log.append(_entry("known.removed", old), effect=drop).result()
        self._store.sweep()
        return old

    def decide(self, list_name: str, entry_id: str, opinion: Opinion) -> KnownList:
        """Keep what a reviewer says of an entry.

        Raises:
            HashListUnknown: There is no list of this name.
            HashUnknown: It has no entry of this id.
        """
        changed = self.get(list_name)

        def decide(connection: Connection, _: Leaf) -> None:
            self._store.decide_within(connection, list_name, entry_id, opinion)

        entry = _entry(_EVENTS[opinion], changed, {"entry_id": entry_id})
        self._log.append(entry, effect=decide).result()
        return self.get(list_name)

    def lists(self) -> list[KnownList]:
        """What all lists hold, by name."""
        return list(self._store.lists())

    def get(self, list_name: str) -> KnownList:
        """What a list holds.

        Raises:
            HashListUnknown: There is none of this name.
        """
        for each in self._store.lists():
            if each.list_name == list_name:
                return each
        raise HashListUnknown("there is no hash list of this name", field="list_name")

    def entries(self, listed: KnownList) -> Iterator[KnownHash]:
        """The entries of a list by id, some read at a time.

        Raises:
            HashListChanged: It was replaced meanwhile.
        """
        return self._store.entries_of(listed)

    def opinions(self, list_name: str) -> dict[str, Opinion]:
        """What was said of ids of a list, also of those that it has not got at present."""
        return self._store.opinions(list_name)


def _entry(event: str, listed: KnownList, details: dict[str, str] | None = None) -> AuditEntry:
    said = {
        "list": listed.list_name,
        "entries": str(listed.entries),
        "digest": f"sha256:{listed.digest}",
    }
    return AuditEntry(event=event, time_ms=now_ms(), details=said | (details or {}))
