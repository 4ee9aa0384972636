"""The books of codes: caught up with a store that others write to as well."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, MetaData, create_engine

from provenance.fingerprint.fingerprint import Marks
from provenance.fingerprint.pdq import HASH_BYTES
from provenance.fingerprint.records import Coded, Registered
from provenance.fingerprint.sql import SqlFingerprints, fingerprints_table
from provenance.fingerprint.store import MemoryFingerprints
from provenance.watermark.books import Books
from provenance.watermark.codes import new_code, signs_of
from provenance.watermark.keys import KeyState, WatermarkKey
from provenance.watermark.reading import Reading

FIRST = WatermarkKey("first", bytes(range(32)))
SECOND = WatermarkKey("second", bytes(range(1, 33)))
LEAKED = WatermarkKey("leaked", bytes(range(2, 34)), KeyState.LEAKED)
NO_MARKS = Marks(
    np.zeros(0, np.int32),
    np.zeros(0, np.int32),
    np.zeros((0, HASH_BYTES), np.uint8),
    np.zeros(0, np.uint8),
)


def _clip(clip_id: str, key: WatermarkKey | None = FIRST, code: bytes = b"") -> Registered:
    return Registered(
        clip_id=clip_id,
        created_ms=0,
        duration_ms=1000,
        frames=NO_MARKS,
        crops=NO_MARKS,
        watermark_key=key.id if key else "",
        watermark_code=code or (new_code() if key else b""),
    )


def _reading(code: bytes, key: WatermarkKey = FIRST, wrong: int = 10) -> Reading:
    """What a clip says that carries a code, with some bits read wrong."""
    sums = signs_of(code) * np.linspace(1, 3, 128, dtype=np.float32)
    sums[:wrong] *= -1
    return Reading(key.id, sums)


class Late:
    """A store in which a lower position can become visible after a higher one."""

    def __init__(self) -> None:
        self.rows: dict[int, Coded] = {}
        self.asked = 0

    def add(self, position: int, code: bytes, key: WatermarkKey = FIRST) -> str:
        clip_id = f"clip-{position}"
        self.rows[position] = Coded(position=position, clip_id=clip_id, key_id=key.id, code=code)
        return clip_id

    def coded(self, position: int, limit: int) -> Sequence[Coded]:
        self.asked += 1
        return [self.rows[at] for at in sorted(self.rows) if at > position][:limit]


def test_nothing_given_out_is_nobodys() -> None:
    books = Books(MemoryFingerprints())
    assert books.identify([_reading(new_code())], [FIRST]) is None
    assert books.clip_of(new_code()) == ""


def test_a_code_leads_to_its_clip_and_new_ones_are_taken_in() -> None:
    store = MemoryFingerprints()
    books = Books(store)
    for number in range(3):
        clip = _clip(f"clip-{number}")
        store.put(clip)
        owner = books.identify([_reading(clip.watermark_code)], [FIRST])
        assert owner is not None
        assert (owner.clip_id, owner.detection.found) == (clip.clip_id, True)
        assert owner.detection.bits == 118
        assert owner.detection.tests == number + 1
        assert books.clip_of(clip.watermark_code) == clip.clip_id
    assert books.clip_of(b"short") == ""


def test_clips_without_a_mark_have_no_code() -> None:
    store = MemoryFingerprints()
    store.put(_clip("plain", None))
    books = Books(store)
    assert books.identify([_reading(new_code())], [FIRST]) is None
    assert books.clip_of(b"") == ""


def test_what_nobody_was_given_is_not_found() -> None:
    store = MemoryFingerprints()
    for number in range(20):
        store.put(_clip(f"clip-{number}"))
    owner = Books(store).identify([_reading(new_code(), wrong=0)], [FIRST])
    assert owner is not None
    assert not owner.detection.found
    assert owner.detection.p_value > 1e-6


def test_each_key_has_a_shelf_of_its_own() -> None:
    store = MemoryFingerprints()
    ours, theirs = _clip("ours"), _clip("theirs", SECOND)
    store.put(ours)
    store.put(theirs)
    books = Books(store)
    # The same bits, read with the other key, are nobody's.
    swapped = books.identify(
        [_reading(theirs.watermark_code), _reading(ours.watermark_code, SECOND)], [FIRST, SECOND]
    )
    assert swapped is not None
    assert not swapped.detection.found
    both = books.identify(
        [_reading(new_code()), _reading(theirs.watermark_code, SECOND)], [FIRST, SECOND]
    )
    assert both is not None
    assert (both.clip_id, both.detection.key_id) == ("theirs", "second")
    assert both.detection.tests == 2


def test_a_reading_with_a_key_that_is_not_given_is_passed_over() -> None:
    store = MemoryFingerprints()
    clip = _clip("clip")
    store.put(clip)
    assert Books(store).identify([_reading(clip.watermark_code)], [SECOND]) is None


def test_a_leaked_key_finds_nothing_and_says_whose_it_would_be() -> None:
    store = MemoryFingerprints()
    clip = _clip("clip", LEAKED)
    store.put(clip)
    owner = Books(store).identify([_reading(clip.watermark_code, LEAKED)], [LEAKED])
    assert owner is not None
    assert not owner.detection.found
    assert owner.detection.p_value < 1e-20
    assert (owner.clip_id, owner.detection.key_state) == ("clip", KeyState.LEAKED)


def test_a_mark_put_over_it_with_a_leaked_key_does_not_hide_ours() -> None:
    store = MemoryFingerprints()
    ours, theirs = _clip("ours"), _clip("theirs", LEAKED)
    store.put(ours)
    store.put(theirs)
    readings = [
        _reading(ours.watermark_code, wrong=15),
        _reading(theirs.watermark_code, LEAKED, wrong=0),
    ]
    owner = Books(store).identify(readings, [FIRST, LEAKED])
    assert owner is not None
    assert (owner.clip_id, owner.detection.found) == ("ours", True)


def test_of_one_code_given_twice_the_first_clip_is_named() -> None:
    store = MemoryFingerprints()
    code = new_code()
    for name in ("first", "again"):
        store.put(_clip(name, code=code))
    books = Books(store)
    owner = books.identify([_reading(code)], [FIRST])
    assert owner is not None
    assert owner.clip_id == books.clip_of(code) == "first"


def test_a_position_that_is_given_again_is_read_again() -> None:
    store = Late()
    store.add(1, new_code())
    books = Books(store)
    assert books.clip_of(store.rows[1].code) == "clip-1"
    code = new_code()
    store.rows[1] = Coded(position=1, clip_id="another", key_id=FIRST.id, code=code)
    assert books.clip_of(code) == "another"


@given(st.permutations(range(1, 13)), st.sets(st.integers(0, 11)))
def test_codes_are_found_in_whatever_order_they_become_visible(
    order: list[int], looks: set[int]
) -> None:
    store, codes = Late(), {at: bytes([at]) * 16 for at in order}
    books = Books(store)
    for step, position in enumerate(order):
        store.add(position, codes[position])
        if step in looks:
            assert books.clip_of(codes[position]) == f"clip-{position}"
    for position, code in codes.items():
        assert books.clip_of(code) == f"clip-{position}"
    assert books.clip_of(bytes(16)) == ""
    owner = books.identify([_reading(codes[order[0]])], [FIRST])
    assert owner is not None
    assert owner.detection.tests == 12  # each once, however often it was seen


def test_many_codes_are_read_once_page_by_page() -> None:
    store = Late()
    for position in range(1, 10_001):
        store.add(position, position.to_bytes(16, "big"))
    books = Books(store)
    assert books.clip_of((10_000).to_bytes(16, "big")) == "clip-10000"
    first = store.asked
    assert books.clip_of((4096).to_bytes(16, "big")) == "clip-4096"
    # Once for what others may have written in between, once to see that there is no more.
    assert (first, store.asked - first) == (4, 2)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[tuple[str, Engine]]:
    url = f"sqlite:///{tmp_path / 'codes.db'}"
    engine = create_engine(url)
    metadata = MetaData()
    fingerprints_table(metadata)
    metadata.create_all(engine)
    yield url, engine
    engine.dispose()


def _store(engine: Engine) -> SqlFingerprints:
    return SqlFingerprints(fingerprints_table(MetaData()), engine.begin, engine.begin)


_WRITER = """
import sys
from sqlalchemy import create_engine
from tests.provenance.watermark.test_books import _clip, _store

engine = create_engine(sys.argv[1])
store = _store(engine)
for line in sys.stdin:
    store.put(_clip(line.strip(), code=line.strip().encode().ljust(16, b".")))
    print("kept", flush=True)
engine.dispose()
"""


def test_another_process_gives_codes_out(database: tuple[str, Engine]) -> None:
    url, engine = database
    store = _store(engine)
    books = Books(store)
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        for number in range(5):
            theirs, ours = f"theirs-{number}", _clip(f"ours-{number}")
            print(theirs, file=other.stdin, flush=True)
            assert other.stdout.readline() == "kept\n"
            store.put(ours)
            assert books.clip_of(theirs.encode().ljust(16, b".")) == theirs
            owner = books.identify([_reading(ours.watermark_code)], [FIRST])
            assert owner is not None
            assert (owner.clip_id, owner.detection.tests) == (ours.clip_id, 2 * number + 2)
        other.stdin.close()
        assert other.wait(30) == 0
    # Who comes later reads all of it.
    assert Books(store).clip_of(b"theirs-3".ljust(16, b".")) == "theirs-3"
