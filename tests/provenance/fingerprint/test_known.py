"""Matching against hash lists: bounds, shares, opinions, expiry, what is allowed."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from provenance.fingerprint.exchange import entry_id
from provenance.fingerprint.fingerprint import Marks
from provenance.fingerprint.known import KnownHashes, KnownMatch
from provenance.fingerprint.records import KnownHash, Opinion, Signal
from provenance.fingerprint.store import MemoryKnown
from tests.provenance.fingerprint.pictures import fingerprint_of, flipped, marks, random_hashes

NOW = 1_700_000_000_000
HASHES = random_hashes(10)


def entry(hashes: np.ndarray, signal: Signal = Signal.PDQ, **given: Any) -> KnownHash:
    held = marks(hashes)
    name = entry_id(signal, held)
    usual: dict[str, Any] = {"list_name": "bad", "entry_id": name, "label": "secret"}
    usual["category"] = "known/other"
    return KnownHash(signal=signal, marks=held, **(usual | given))


def ready(entries: list[KnownHash]) -> KnownHashes:
    """The entries as a store gives them, each on its list."""
    store = MemoryKnown()
    for name in sorted({each.list_name for each in entries}):
        store.put_list(name, [each for each in entries if each.list_name == name])
    return KnownHashes([store.columns(each) for each in store.lists()])


def match(entries: list[KnownHash], frames: np.ndarray | Marks) -> list[KnownMatch]:
    held = frames if isinstance(frames, Marks) else marks(frames)
    return ready(entries).match(fingerprint_of(held), now_ms=NOW)


@pytest.mark.parametrize(("bits", "found"), [(0, True), (31, True), (32, False)])
def test_a_picture_matches_up_to_31_bits(bits: int, found: bool) -> None:
    matches = match([entry(flipped(HASHES[3:4], bits))], HASHES)
    assert bool(matches) is found
    if found:
        assert (matches[0].start_ms, matches[0].end_ms, matches[0].frames) == (3000, 3000, 1)
        assert (matches[0].distance, matches[0].nearest_ms) == (bits, 3000)
        assert (matches[0].category, matches[0].mirrored) == ("known/other", False)
        assert "secret" not in repr(matches[0])


@pytest.mark.parametrize(("shared", "found"), [(7, False), (8, True), (10, True)])
def test_a_clip_matches_by_its_share(shared: int, found: bool) -> None:
    """Eight of ten frames, of the longer side: so neither side reaches it through the other."""
    theirs = np.concatenate([HASHES[:shared], random_hashes(10 - shared, 7)])
    assert bool(match([entry(theirs, Signal.VPDQ)], HASHES)) is found


def test_a_piece_of_a_known_clip_matches_and_so_does_a_clip_that_holds_one() -> None:
    assert match([entry(HASHES, Signal.VPDQ)], HASHES[2:5])
    assert match([entry(HASHES[2:5], Signal.VPDQ)], HASHES)


def test_poor_hashes_take_no_part() -> None:
    poor = dataclasses.replace(marks(HASHES), quality=np.full(10, 49, np.uint8))
    assert match([entry(HASHES[:1])], poor) == []
    assert match([dataclasses.replace(entry(HASHES), marks=poor)], HASHES) == []


def test_a_mirrored_copy_matches() -> None:
    clip = fingerprint_of(marks(random_hashes(4, 3)), mirrored=marks(HASHES[:4]))
    (found,) = ready([entry(HASHES[:1])]).match(clip, now_ms=NOW)
    assert found.mirrored


def test_denied_and_expired_entries_are_not_matched() -> None:
    for opinion, found in ((Opinion.CONFIRMED, 1), (Opinion.UNREVIEWED, 1), (Opinion.DENIED, 0)):
        assert len(match([entry(HASHES[:1], opinion=opinion)], HASHES)) == found
    for expires_ms, found in ((NOW + 1, 1), (NOW, 0), (NOW - 1, 0)):
        assert len(match([entry(HASHES[:1], expires_ms=expires_ms)], HASHES)) == found


def test_an_allowed_frame_is_suppressed_and_no_other() -> None:
    bad = [entry(HASHES[:1]), entry(HASHES[5:6])]
    allow = entry(flipped(HASHES[:1], 20), list_name="allow", allowed=True)
    (found,) = match([*bad, allow], HASHES)
    assert found.entry_id == bad[1].entry_id
    for changed in ({"opinion": Opinion.DENIED}, {"expires_ms": NOW}):
        assert len(match([*bad, dataclasses.replace(allow, **changed)], HASHES)) == 2


def test_an_allow_list_alone_matches_nothing() -> None:
    assert match([entry(HASHES, Signal.VPDQ, allowed=True)], HASHES) == []


def test_lists_without_entries_and_clips_without_frames() -> None:
    assert match([], HASHES) == []
    assert match([entry(HASHES[:1])], HASHES[:0]) == []
    assert len(ready([])) == 0
    assert not ready([]).wanted(NOW)


def test_of_several_frames_the_nearest_is_named() -> None:
    frames = np.concatenate([flipped(HASHES[:1], bits) for bits in (20, 4, 30)])
    (found,) = match([entry(HASHES[:1])], frames)
    assert (found.start_ms, found.end_ms, found.nearest_ms) == (0, 2000, 1000)
    assert (found.frames, found.distance) == (3, 4)


def test_a_frame_with_bars_counts_once() -> None:
    both = marks(np.concatenate([HASHES[:1], flipped(HASHES[:1], 3)]), [500, 500])
    (found,) = match([entry(HASHES[:1])], both)
    assert found.frames == 1


def test_two_lists_are_kept_apart() -> None:
    found = match([entry(HASHES[:1]), entry(HASHES[:1], list_name="worse")], HASHES)
    assert [each.list_name for each in found] == ["bad", "worse"]


def test_the_digest_says_what_decides_a_match() -> None:
    """Every change that can change a match changes it, and a label does not."""
    one = entry(HASHES[:1], expires_ms=NOW + 1)
    first = ready([one]).digest(NOW)
    assert ready([dataclasses.replace(one, label="other")]).digest(NOW) == first
    assert ready([one]).digest(NOW - 5) == first
    assert ready([one, entry(HASHES[1:2], expires_ms=NOW + 1)]).digest(NOW) != first
    changes: list[dict[str, Any]] = [
        {"opinion": Opinion.DENIED},
        {"opinion": Opinion.CONFIRMED},
        {"category": "known/terrorism"},
        {"allowed": True},
        {"expires_ms": NOW + 2},
        {"list_name": "worse"},
    ]
    others = {ready([dataclasses.replace(one, **change)]).digest(NOW) for change in changes}
    assert len(others) == len(changes)
    assert first not in others
    late = entry(HASHES[1:2])
    assert ready([one, late]).digest(NOW) != ready([one, late]).digest(NOW + 1)


def test_what_is_wanted_ends_with_the_last_entry() -> None:
    assert ready([entry(HASHES[:1], expires_ms=NOW + 1)]).wanted(NOW)
    assert not ready([entry(HASHES[:1], expires_ms=NOW + 1)]).wanted(NOW + 1)
    assert not ready([entry(HASHES[:1], opinion=Opinion.DENIED)]).wanted(NOW)
    assert not ready([entry(HASHES[:1], allowed=True, category="")]).wanted(NOW)
    assert ready([entry(HASHES[:1])]).categories() == ("known/other",)


def test_a_clip_with_a_hash_twice_has_it_once() -> None:
    """Eight copies of one frame and two others: a share of a third is not enough."""
    doubled = np.concatenate([np.repeat(HASHES[:1], 8, axis=0), random_hashes(2, 4)])
    frames = np.concatenate([HASHES[:1], random_hashes(9, 5)])
    assert match([entry(doubled, Signal.VPDQ)], frames) == []
