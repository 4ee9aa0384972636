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
from tests.provenance.fingerprint.pictures import fingerprint_of, flipped, marks, random_hashes

NOW = 1_700_000_000_000
HASHES = random_hashes(10)


def entry(hashes: np.ndarray, signal: Signal = Signal.PDQ, **given: Any) -> KnownHash:
    held = marks(hashes)
    name = entry_id(signal, held)
    usual: dict[str, Any] = {"list_name": "bad", "entry_id": name, "label": "test"}
    return KnownHash(signal=signal, marks=held, **(usual | given))


def match(entries: list[KnownHash], frames: np.ndarray | Marks) -> list[KnownMatch]:
    held = frames if isinstance(frames, Marks) else marks(frames)
    return KnownHashes(entries).match(fingerprint_of(held), now_ms=NOW)


@pytest.mark.parametrize(("bits", "found"), [(0, True), (31, True), (32, False)])
def test_a_picture_matches_up_to_31_bits(bits: int, found: bool) -> None:
    matches = match([entry(flipped(HASHES[3:4], bits))], HASHES)
    assert bool(matches) is found
    if found:
        assert (matches[0].start_ms, matches[0].end_ms, matches[0].frames) == (3000, 3000, 1)
        assert (matches[0].distance, matches[0].label, matches[0].mirrored) == (bits, "test", False)


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
    (found,) = KnownHashes([entry(HASHES[:1])]).match(clip, now_ms=NOW)
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
    assert len(KnownHashes([])) == 0
