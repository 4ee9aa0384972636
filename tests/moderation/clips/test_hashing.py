"""Hashes of a review's frames are taken as they come, and pictures are not kept."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from media.frames import Frame
from moderation.clips import hashing
from moderation.clips.hashing import FrameHashes
from provenance.fingerprint.fingerprint import of_pictures
from provenance.fingerprint.pdq import luma
from provenance.fingerprint.records import packed, unpacked
from tests.provenance.fingerprint.pictures import Picture, scene


def barred(seed: int, rows: int = 30, columns: int = 0) -> Picture:
    return np.pad(scene(seed), ((rows, rows), (columns, columns), (0, 0)))


SEEN = {
    "no bars": [scene(seed) for seed in range(4)],
    "bars": [barred(seed) for seed in range(5)],
    "bars on all sides": [barred(seed, 11, 24) for seed in range(4)],
    "black, then bars": [np.zeros_like(barred(0)), *(barred(seed) for seed in range(3))],
    "bars, then none": [
        *(barred(seed) for seed in range(3)),
        *(scene(seed, (320, 240)) for seed in (7, 8)),
    ],
    "bars that become narrower": [barred(0, 40), barred(1, 40), *(
        np.pad(scene(seed, (320, 220)), ((20, 20), (0, 0), (0, 0))) for seed in (2, 3)
    )],
    "other sizes in between": [barred(0), scene(1), barred(2), scene(3), scene(4, (160, 90))],
    "nothing to see": [np.zeros_like(scene(0))] * 3,
}  # fmt: skip


@pytest.mark.parametrize("kind", SEEN)
@pytest.mark.parametrize("in_memory", [1, 1 << 24])
def test_hashes_are_those_of_all_pictures_together(
    monkeypatch: pytest.MonkeyPatch, kind: str, in_memory: int
) -> None:
    """Whether pictures that may have bars wait in memory or in a file."""
    monkeypatch.setattr(hashing, "_IN_MEMORY_BYTES", in_memory)
    drawn = SEEN[kind]
    hashes = FrameHashes()
    for at in np.random.default_rng(1).permutation(len(drawn)):
        hashes.see([Frame(int(at), 400 * int(at), drawn[at], scene_cut=False)])
    times = [400 * at for at in range(len(drawn))]
    wanted = of_pictures([luma(each) for each in drawn], times, 3000, crops=False)
    assert hashes.fingerprint(3000) == packed(wanted)


def test_pictures_are_not_kept() -> None:
    """Sixty of them would take 28 MiB as luma."""
    one = scene(1, (456, 256))
    tracemalloc.start()
    try:
        hashes = FrameHashes()
        for at in range(60):
            hashes.see([Frame(at, 400 * at, np.roll(one, 7 * at, axis=1), scene_cut=False)])
        made = hashes.fingerprint(24_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert made is not None
    assert len(unpacked(made).frames) > 10
    assert peak < 8 << 20
