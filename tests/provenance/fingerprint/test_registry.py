"""Registered clips are found after what the internet does to them; others are not."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from provenance.fingerprint.fingerprint import MIN_QUALITY, NO_MARKS, Marks
from provenance.fingerprint.pdq import hash_pictures, luma
from provenance.fingerprint.refining import NEAREST
from provenance.fingerprint.registry import FingerprintRegistry, Match
from provenance.fingerprint.store import MemoryFingerprints
from provenance.fingerprint.variants import COUNT
from tests.provenance.fingerprint.pictures import (
    FPS,
    Picture,
    encoded,
    fingerprint_of,
    flipped,
    marks,
    random_hashes,
    record,
    scenery,
    taken,
)

CLIPS = 4
Find = Callable[[Sequence[Picture], int], list[Match]]


@pytest.fixture(scope="module")
def clips() -> dict[str, list[Picture]]:
    return {f"clip-{seed}": scenery(seed) for seed in range(CLIPS)}


@pytest.fixture(scope="module")
def find(clips: dict[str, list[Picture]], tmp_path_factory: pytest.TempPathFactory) -> Find:
    folder = tmp_path_factory.mktemp("clips")
    registry = FingerprintRegistry(MemoryFingerprints())
    for name, pictures in clips.items():
        registry.register(record(name, taken(encoded(folder / f"{name}.mp4", pictures))))

    def run(pictures: Sequence[Picture], crf: int) -> list[Match]:
        return registry.find(taken(encoded(folder / "query.mp4", pictures, crf), crops=False))

    return run


@pytest.mark.parametrize("crf", [23, 40])
def test_a_transcode(find: Find, clips: dict[str, list[Picture]], crf: int) -> None:
    (found,) = find(clips["clip-1"], crf)
    assert found.clip_id == "clip-1"
    assert (found.mirrored, found.cropped) == (False, False)
    assert found.span.matched_ms >= 5000
    assert found.span.distance <= 31
    assert abs(found.span.start_ms - found.span.query_start_ms) <= 300


def test_a_copy_of_little_contrast(find: Find, clips: dict[str, list[Picture]]) -> None:
    """Its frames are below the quality that a registered frame needs."""
    faint = [(each // 5 + 100).astype(np.uint8) for each in clips["clip-3"]]
    assert hash_pictures([luma(faint[0])]).quality[0] < MIN_QUALITY
    (found,) = find(faint, 23)
    assert found.clip_id == "clip-3"


def test_a_piece_of_two_seconds_is_found_with_its_time(
    find: Find, clips: dict[str, list[Picture]]
) -> None:
    first = round(3.25 * FPS)
    (found,) = find(clips["clip-2"][first : first + 2 * FPS], 28)
    assert found.clip_id == "clip-2"
    assert found.span.start_ms - found.span.query_start_ms == pytest.approx(3250, abs=400)
    assert found.span.matched_ms >= 1000


def test_a_mirrored_copy(find: Find, clips: dict[str, list[Picture]]) -> None:
    (found,) = find([each[:, ::-1] for each in clips["clip-0"]], 28)
    assert (found.clip_id, found.mirrored, found.cropped) == ("clip-0", True, False)


@pytest.mark.parametrize("bars", [((30, 30), (0, 0)), ((0, 0), (40, 80)), ((20, 60), (30, 10))])
def test_bars(
    find: Find, clips: dict[str, list[Picture]], bars: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    (found,) = find([np.pad(each, (*bars, (0, 0))) for each in clips["clip-3"]], 28)
    assert (found.clip_id, found.cropped) == ("clip-3", False)


@pytest.mark.parametrize(("share", "top", "left"), [(0.9, 0.07, 0.02), (0.8, 0.13, 0.04)])
def test_a_crop(
    find: Find, clips: dict[str, list[Picture]], share: float, top: float, left: float
) -> None:
    rows, columns = slice(int(180 * top), int(180 * (top + share))), slice(
        int(320 * left), int(320 * (left + share))
    )  # fmt: skip
    cut = [each[rows, columns] for each in clips["clip-1"]]
    cut = [each[: each.shape[0] // 2 * 2, : each.shape[1] // 2 * 2] for each in cut]
    found = find(cut, 28)
    assert [match.clip_id for match in found] == ["clip-1"]
    assert found[0].cropped


def hard(picture: Picture) -> Picture:
    """Crop between two windows, turn left to right, write a logo, add bars."""
    cut = picture[13:157, 31:287][:, ::-1].copy()
    cut[6:24, -74:-6] = 245
    return np.pad(cut, ((18, 18), (0, 0), (0, 0)))


def test_a_hard_copy_is_found_by_its_variants(
    clips: dict[str, list[Picture]], tmp_path: Path
) -> None:
    registry = FingerprintRegistry(MemoryFingerprints())
    for name, pictures in clips.items():
        registry.register(record(name, taken(encoded(tmp_path / f"{name}.mp4", pictures))))
    copies = [hard(each) for each in clips["clip-2"]]
    query = taken(encoded(tmp_path / "query.mp4", copies, 28), crops=False)
    (found,) = registry.find(query)
    assert (found.clip_id, found.mirrored, found.cropped) == ("clip-2", True, True)
    assert found.span.frames >= 3
    # Without them it is not, or by far worse: so it is they that find it.
    bare = registry.find(dataclasses.replace(query, varied=NO_MARKS, varied_mirrored=NO_MARKS))
    assert not bare or bare[0].span.distance > found.span.distance + 10


def test_a_clip_that_is_forgotten_meanwhile_is_not_looked_at_closer() -> None:
    class Forgetful(MemoryFingerprints):
        forgotten = False

        def hashes(self, clip_ids: Sequence[str]) -> Sequence[tuple[str, Marks, Marks]]:
            return [] if self.forgotten else super().hashes(clip_ids)

    store = Forgetful()
    registry = FingerprintRegistry(store)
    registry.register(record("a", fingerprint_of(marks(made(1)))))
    frames = marks(flipped(made(1), 90))
    near = np.repeat(flipped(made(1), 40), COUNT, axis=0)
    query = dataclasses.replace(fingerprint_of(frames), varied=frames.stretched(COUNT, near))
    (found,) = registry.find(query)
    assert (found.clip_id, found.span.distance) == ("a", 40)
    store.forgotten = True
    assert registry.find(query) == []


def test_one_frame_must_be_nearer_in_a_closer_look() -> None:
    registry = FingerprintRegistry(MemoryFingerprints())
    registry.register(record("a", fingerprint_of(marks(made(4)))))
    frames = marks(flipped(made(4), 90))
    for bits, count in ((NEAREST, 1), (NEAREST + 1, 0)):
        near = np.repeat(flipped(made(4), bits), COUNT, axis=0)
        query = dataclasses.replace(fingerprint_of(frames), varied=frames.stretched(COUNT, near))
        assert len(registry.find(query)) == count


def test_a_clip_that_holds_pieces_of_two(find: Find, clips: dict[str, list[Picture]]) -> None:
    found = find([*clips["clip-0"][: 3 * FPS], *clips["clip-2"][: 2 * FPS]], 28)
    assert {match.clip_id for match in found} == {"clip-0", "clip-2"}
    spans = {match.clip_id: match.span for match in found}
    assert spans["clip-0"].query_end_ms <= 3000 <= spans["clip-2"].query_start_ms + 100


@pytest.mark.parametrize("seed", [100, 101, 102])
def test_an_unrelated_clip_is_not_found(find: Find, seed: int) -> None:
    assert find(scenery(seed, 4), 28) == []


def test_a_plain_clip_is_not_found(find: Find) -> None:
    assert find([np.zeros((180, 320, 3), np.uint8)] * FPS, 28) == []


def made(count: int = 6, seed: int = 0) -> np.ndarray:
    return random_hashes(count, seed)


def test_forgotten_clips_are_not_found_and_may_come_again() -> None:
    registry = FingerprintRegistry(MemoryFingerprints())
    query = fingerprint_of(marks(made()))
    registry.register(record("a", query))
    assert [match.clip_id for match in registry.find(query)] == ["a"]
    assert registry.get("a") is not None
    assert registry.remove("a")
    assert registry.find(query) == []
    assert registry.get("a") is None
    registry.register(record("a", fingerprint_of(marks(made(6, 1)))))
    assert registry.find(query) == []
    assert registry.find(fingerprint_of(marks(made(6, 1))))[0].clip_id == "a"


def test_what_another_process_registers_is_found() -> None:
    store = MemoryFingerprints()
    one, other = FingerprintRegistry(store), FingerprintRegistry(store)
    assert one.find(fingerprint_of(marks(made()))) == []
    for number in range(600):
        other.register(record(f"{number}", fingerprint_of(marks(made(1, 1000 + number)))))
    assert one.find(fingerprint_of(marks(made(1, 1599))))[0].clip_id == "599"
    assert len(one.find(fingerprint_of(marks(made(1, 1003))))) == 1


def test_the_best_come_first_and_not_too_many() -> None:
    registry = FingerprintRegistry(MemoryFingerprints())
    for bits in range(30, 0, -3):
        registry.register(record(f"{bits}", fingerprint_of(marks(flipped(made(), bits)))))
    found = registry.find(fingerprint_of(marks(made())), limit=3)
    assert [match.clip_id for match in found] == ["3", "6", "9"]


def test_a_long_query_is_thinned() -> None:
    registry = FingerprintRegistry(MemoryFingerprints())
    registry.register(record("a", fingerprint_of(marks(made(1000)))))
    (found,) = registry.find(fingerprint_of(marks(made(1000))))
    assert found.span.frames == 240
    assert found.span.matched_ms == 999_000


def test_searching_beside_registering() -> None:
    registry = FingerprintRegistry(MemoryFingerprints())
    registry.register(record("a", fingerprint_of(marks(made()))))

    def look(_: int) -> str:
        return registry.find(fingerprint_of(marks(made())))[0].clip_id

    with ThreadPoolExecutor(4) as pool:
        seen = pool.map(look, range(40))
        for number in range(50):
            registry.register(record(f"{number}", fingerprint_of(marks(made(6, number + 1)))))
        assert set(seen) == {"a"}


def test_a_query_without_frames_finds_nothing(tmp_path: Path) -> None:
    registry = FingerprintRegistry(MemoryFingerprints())
    registry.register(record("a", fingerprint_of(marks(made()))))
    assert registry.find(fingerprint_of(marks(made(0)))) == []
