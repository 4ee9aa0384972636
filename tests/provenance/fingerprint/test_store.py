"""The contract of the stores, held against memory, SQLite and PostgreSQL."""

from __future__ import annotations

import contextlib
import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import MetaData

from moderation.store.database import reading, writing
from provenance.fingerprint.columns import OPINIONS
from provenance.fingerprint.errors import (
    FingerprintDamaged,
    FingerprintExists,
    HashListChanged,
    HashUnknown,
)
from provenance.fingerprint.fingerprint import Thumbnail
from provenance.fingerprint.known_sql import SqlKnown
from provenance.fingerprint.known_tables import known_tables
from provenance.fingerprint.records import (
    KnownHash,
    Opinion,
    Registered,
    Signal,
    pack_marks,
    unpack_marks,
    unpack_thumbnails,
)
from provenance.fingerprint.sql import SqlFingerprints, fingerprints_table
from provenance.fingerprint.store import (
    FingerprintStore,
    KnownStore,
    MemoryFingerprints,
    MemoryKnown,
)
from tests.moderation.databases import BACKENDS, empty_home
from tests.provenance.fingerprint.pictures import marks, random_hashes


@contextlib.contextmanager
def stores(kind: str, folder: Path) -> Iterator[tuple[FingerprintStore, KnownStore]]:
    if kind == "memory":
        yield MemoryFingerprints(), MemoryKnown()
        return
    metadata = MetaData()
    clips, known = fingerprints_table(metadata), known_tables(metadata)
    with empty_home(kind, folder) as home:
        engine = home.engine()
        try:
            metadata.create_all(engine)
            faces = (lambda: reading(engine), lambda: writing(engine))
            yield SqlFingerprints(clips, *faces), SqlKnown(known, *faces)
        finally:
            engine.dispose()


@pytest.fixture(params=["memory", *BACKENDS])
def both(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[FingerprintStore, KnownStore]]:
    with stores(request.param, tmp_path) as made:
        yield made


def clip(clip_id: str, seed: int = 0) -> Registered:
    return Registered(
        clip_id=clip_id,
        created_ms=1_700_000_000_000,
        duration_ms=4000,
        frames=marks(random_hashes(4, seed)),
        crops=marks(random_hashes(2, seed + 1)),
        thumbnails=(Thumbnail(0, b"\xff\xd8"), Thumbnail(2000, b"")),
        manifest_id="urn:c2pa:x",
        signed_sha256="ab" * 32,
        watermark_code=b"\x00\x01",
    )


def entry(name: str, opinion: Opinion = Opinion.UNREVIEWED, list_name: str = "bad") -> KnownHash:
    return KnownHash(
        list_name=list_name,
        entry_id=name,
        signal=Signal.VPDQ,
        marks=marks(random_hashes(2, 5)),
        label="test",
        opinion=opinion,
        expires_ms=2**61,
        allowed=True,
        category="known/other",
    )


def test_a_clip_comes_back_as_it_was(both: tuple[FingerprintStore, KnownStore]) -> None:
    store, _ = both
    kept = clip("one")
    store.put(kept)
    found = store.get("one")
    assert found is not None
    for field in dataclasses.fields(Registered):
        before, after = getattr(kept, field.name), getattr(found, field.name)
        if field.name in ("frames", "crops"):
            assert pack_marks(before) == pack_marks(after)
        else:
            assert before == after
    assert store.get("two") is None


def test_a_clip_is_kept_once_and_can_be_forgotten(
    both: tuple[FingerprintStore, KnownStore],
) -> None:
    store, _ = both
    store.put(clip("one"))
    with pytest.raises(FingerprintExists):
        store.put(clip("one", 7))
    assert store.remove("one")
    assert not store.remove("one")
    assert store.get("one") is None
    store.put(clip("one", 7))


def test_clips_come_in_order_by_pages(both: tuple[FingerprintStore, KnownStore]) -> None:
    store, _ = both
    names = [f"clip-{number}" for number in (5, 3, 9, 1)]
    for name in names:
        store.put(clip(name))
    assert store.after(0, 0) == []
    seen: list[str] = []
    position = 0
    while rows := store.after(position, 3):
        seen += [name for _, name in rows]
        position = rows[-1][0]
    assert seen == names
    store.remove("clip-3")
    assert [name for _, name in store.after(0, 9)] == ["clip-5", "clip-9", "clip-1"]
    found = {name: (frames, crops) for name, frames, crops in store.hashes(["clip-9", "clip-2"])}
    assert set(found) == {"clip-9"}
    assert [len(marks) for marks in found["clip-9"]] == [4, 2]
    assert list(store.hashes([])) == []


def test_a_list_is_replaced_and_opinions_stay(both: tuple[FingerprintStore, KnownStore]) -> None:
    _, store = both
    store.put_list("other", [entry("x", list_name="other")])
    assert store.put_list("bad", [entry("a"), entry("b"), entry("a")]) == 2
    store.decide("bad", "a", Opinion.DENIED)
    store.decide("bad", "b", Opinion.CONFIRMED)
    assert store.put_list("bad", [entry("a"), entry("c", Opinion.CONFIRMED)]) == 2
    seen = [(each.list_name, each.entry_id, each.opinion) for each in store.entries()]
    assert seen == [
        ("bad", "a", Opinion.DENIED),
        ("bad", "c", Opinion.CONFIRMED),
        ("other", "x", Opinion.UNREVIEWED),
    ]
    found = store.entries()[0]
    assert (found.signal, found.label, found.allowed) == (Signal.VPDQ, "test", True)
    assert found.expires_ms == 2**61
    assert pack_marks(found.marks) == pack_marks(entry("a").marks)
    store.put_list("bad", [])
    assert [each.list_name for each in store.entries()] == ["other"]


def test_only_entries_that_are_there_are_decided(both: tuple[FingerprintStore, KnownStore]) -> None:
    _, store = both
    store.put_list("bad", [entry("a")])
    for names in (("bad", "b"), ("other", "a")):
        with pytest.raises(HashUnknown) as caught:
            store.decide(*names, Opinion.DENIED)
        assert caught.value.field == "entry_id"


@given(st.integers(0, 20), st.integers(0, 2**31 - 1))
def test_hashes_are_packed_and_unpacked(count: int, seed: int) -> None:
    held = marks(random_hashes(count, seed))
    again = unpack_marks(pack_marks(held))
    assert pack_marks(again) == pack_marks(held)
    assert np.array_equal(again.hashes, held.hashes)


@given(st.binary(max_size=100))
def test_damage_is_told(packed: bytes) -> None:
    try:
        assert len(unpack_marks(packed)) * 41 == len(packed)
    except FingerprintDamaged as error:
        assert error.limit == 41
    with contextlib.suppress(FingerprintDamaged):
        unpack_thumbnails(packed)


def test_what_a_list_holds_is_told_in_few_words(both: tuple[FingerprintStore, KnownStore]) -> None:
    _, store = both
    assert store.lists() == []
    terror = dataclasses.replace(entry("c"), category="known/terrorism", allowed=False)
    store.put_list("bad", [entry("a"), entry("b"), dataclasses.replace(terror, expires_ms=7)])
    store.put_list("all", [entry("a", list_name="all")])
    other, listed = store.lists()
    assert (other.list_name, listed.list_name) == ("all", "bad")
    assert (listed.entries, listed.allowed, listed.expires_ms) == (3, True, 7)
    assert listed.categories == ("known/other", "known/terrorism")
    assert re.fullmatch("[0-9a-f]{64}", listed.digest)


def test_every_change_is_seen_and_the_digest_follows_from_the_content(
    both: tuple[FingerprintStore, KnownStore],
) -> None:
    _, store = both
    seen = []

    def version() -> str:
        listed = store.lists()
        seen.append([(each.list_id, each.decided) for each in listed])
        return listed[0].digest if listed else ""

    store.put_list("bad", [entry("a"), entry("b")])
    first = version()
    store.decide("bad", "a", Opinion.DENIED)
    assert version() == first
    store.decide("bad", "a", Opinion.UNREVIEWED)
    assert version() == first
    store.put_list("bad", [entry("b"), dataclasses.replace(entry("a"), label="other")])
    assert version() == first
    store.put_list("bad", [entry("b")])
    assert version() != first
    assert store.remove("bad")
    assert not store.remove("bad")
    version()
    store.put_list("bad", [entry("b")])
    version()
    assert len({tuple(each) for each in seen}) == len(seen)


def test_opinions_outlive_a_list_without_the_entry_and_not_its_removal(
    both: tuple[FingerprintStore, KnownStore],
) -> None:
    _, store = both
    store.put_list("bad", [entry("a"), entry("b")])
    store.decide("bad", "a", Opinion.DENIED)
    store.put_list("bad", [entry("b")])
    store.put_list("bad", [entry("a", Opinion.CONFIRMED)])
    assert [each.opinion for each in store.entries()] == [Opinion.DENIED]
    store.remove("bad")
    store.put_list("bad", [entry("a")])
    assert [each.opinion for each in store.entries()] == [Opinion.UNREVIEWED]


def test_columns_hold_what_can_match(both: tuple[FingerprintStore, KnownStore]) -> None:
    _, store = both
    hashes = random_hashes(3, 5)
    held = marks(np.concatenate([hashes[:2], hashes[:1], hashes[2:]]))
    held.quality[3] = 49
    store.put_list("bad", [dataclasses.replace(entry("b"), marks=held), entry("a")])
    store.decide("bad", "b", Opinion.CONFIRMED)
    (listed,) = store.lists()
    columns = store.columns(listed)
    place = columns.entry_ids.tolist().index(b"b")
    mine = columns.hashes[columns.owner == place]
    assert sorted(each.tobytes() for each in mine) == sorted(each.tobytes() for each in hashes[:2])
    assert OPINIONS[columns.opinion[place]] is Opinion.CONFIRMED
    assert OPINIONS[columns.opinion[1 - place]] is Opinion.UNREVIEWED
    assert columns.clip.all()
    assert columns.allowed.all()
    assert columns.expires_ms.tolist() == [2**61] * 2
    store.put_list("bad", [entry("a")])
    with pytest.raises(HashListChanged):
        store.columns(listed)


def test_the_state_does_not_hang_on_the_order_of_entries(
    both: tuple[FingerprintStore, KnownStore],
) -> None:
    _, store = both
    states = set()
    names = [f"{number:04}" for number in range(50)]
    for order in (names, names[::-1]):
        store.put_list("bad", [entry(name) for name in order])
        for name in order[:3] if order is names else names[:3]:
            store.decide("bad", name, Opinion.DENIED)
        (listed,) = store.lists()
        states.add(store.columns(listed).state)
    assert len(states) == 1
