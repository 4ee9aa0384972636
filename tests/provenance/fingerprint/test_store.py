"""The contract of the stores, held against memory, SQLite and PostgreSQL."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import MetaData

from moderation.store.database import reading, writing
from provenance.fingerprint.errors import FingerprintDamaged, FingerprintExists, HashUnknown
from provenance.fingerprint.fingerprint import Thumbnail
from provenance.fingerprint.records import (
    KnownHash,
    Opinion,
    Registered,
    Signal,
    pack_marks,
    unpack_marks,
    unpack_thumbnails,
)
from provenance.fingerprint.sql import (
    SqlFingerprints,
    SqlKnown,
    fingerprints_table,
    known_hashes_table,
)
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
    clips, known = fingerprints_table(metadata), known_hashes_table(metadata)
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
