"""The fingerprint of a clip: what is kept, what is dropped, how large it is."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from media.errors import Cancelled, FramegateError
from media.probe import probe
from media.refusals import ClipNotWhole
from provenance.fingerprint.fingerprint import MAX_VARIED, Marks, fingerprint, of_pictures
from provenance.fingerprint.pdq import distances, hash_pictures, luma
from provenance.fingerprint.records import packed, unpacked
from provenance.fingerprint.variants import COUNT
from provenance.fingerprint.windows import PLACES, windows
from tests.clips import make_clip, make_hostile
from tests.provenance.fingerprint.pictures import FPS, encoded, random_hashes, scene, scenery, taken


def test_a_moving_clip_is_sampled_twice_a_second_and_at_shots(tmp_path: Path) -> None:
    made = taken(encoded(tmp_path / "clip.mp4", scenery(1)))
    starts = made.frames.start_ms
    assert np.diff(starts).max() <= 500
    shots = [round(number * 2000 / (1000 / FPS) * 1000 / FPS) for number in range(3)]
    assert all(np.abs(starts - at_ms).min() <= 1000 / FPS for at_ms in shots)
    assert made.dropped == 0
    assert made.duration_ms == 6000
    assert len(made.mirrored) == len(made.frames)
    assert not np.array_equal(made.mirrored.hashes, made.frames.hashes)


def test_crops_are_registered_once_in_two_seconds(tmp_path: Path) -> None:
    clip = encoded(tmp_path / "clip.mp4", scenery(1))
    made = taken(clip)
    times = np.unique(made.crops.start_ms)
    assert len(made.crops) == len(times) * len(PLACES)
    assert len(times) == len(made.thumbnails) == 3
    assert np.diff(times).min() >= 2000
    picture = cv2.imdecode(np.frombuffer(made.thumbnails[0].jpeg, np.uint8), cv2.IMREAD_UNCHANGED)
    assert picture is not None
    assert picture.shape == (72, 128)
    assert len(made.thumbnails[0].jpeg) < 6000
    bare = taken(clip, crops=False)
    assert (len(bare.crops), bare.thumbnails) == (0, ())
    assert np.array_equal(bare.frames.hashes, made.frames.hashes)


def test_a_query_has_variants_of_its_frames(tmp_path: Path) -> None:
    clip = encoded(tmp_path / "clip.mp4", scenery(1))
    query = unpacked(packed(taken(clip, crops=False)))
    starts = query.frames.start_ms
    for varied, frames in (
        (query.varied, query.frames),
        (query.varied_mirrored, query.mirrored),
    ):
        assert varied.start_ms.tolist() == np.repeat(starts, COUNT).tolist()
        assert distances(varied.hashes[::COUNT], frames.hashes).max() <= 4
    assert len(taken(clip).varied) == 0


def test_of_a_long_query_some_frames_have_variants() -> None:
    pictures = [luma(scene(seed, (64, 36))) for seed in range(MAX_VARIED + 30)]
    times = [500 * at for at in range(len(pictures))]
    made = of_pictures(pictures, times, 60_000, crops=False, variants=True)
    assert len(made.frames) == MAX_VARIED + 30
    assert len(made.varied) == len(made.varied_mirrored) == MAX_VARIED * COUNT
    chosen = made.varied.start_ms[::COUNT]
    assert (chosen[0], chosen[-1]) == (0, times[-1])
    assert np.diff(chosen).max() <= 1000


def test_a_still_clip_has_one_hash_for_all_of_its_time(tmp_path: Path) -> None:
    made = taken(encoded(tmp_path / "clip.mp4", [scene(1)] * 60))
    assert len(made.frames) == 1
    assert made.frames.start_ms[0] == 0
    assert made.frames.end_ms[0] >= 4500


@pytest.mark.parametrize("shade", [0, 90, 255])
def test_plain_frames_are_dropped(tmp_path: Path, shade: int) -> None:
    plain = [np.full((180, 320, 3), shade, np.uint8)] * 24
    made = taken(encoded(tmp_path / "clip.mp4", plain))
    assert len(made.frames) == len(made.crops) == 0
    assert made.dropped >= 4
    mixed = taken(encoded(tmp_path / "mixed.mp4", [*plain, *scenery(3, 2)]))
    assert mixed.frames.start_ms.min() >= 1900


def test_bars_are_taken_off_and_kept_beside() -> None:
    pictures = [luma(scene(seed)) for seed in range(3)]
    barred = [np.pad(each, ((40, 40), (0, 0))) for each in pictures]
    bare, boxed = (of_pictures(each, [0, 500, 1000], 1500) for each in (pictures, barred))
    both = boxed.frames.hashes.reshape(3, 2, 32)
    assert np.array_equal(bare.frames.hashes, both[:, 0])
    assert np.array_equal(hash_pictures(barred).hashes, both[:, 1])
    assert boxed.frames.start_ms.tolist() == [0, 0, 500, 500, 1000, 1000]
    assert np.array_equal(bare.crops.hashes, boxed.crops.hashes)


def test_a_clip_without_pictures_has_an_empty_fingerprint() -> None:
    made = of_pictures([], [], 0)
    assert len(made.frames) == len(made.mirrored) == len(made.crops) == 0


def test_pictures_may_change_their_size() -> None:
    pictures = [luma(scene(1)), luma(scene(2, (180, 320)))]
    assert len(of_pictures(pictures, [0, 500], 1000).frames) == 2


def test_windows_cover_the_picture() -> None:
    picture = np.arange(180 * 320, dtype=np.float32).reshape(180, 320)
    cut = windows(picture)
    assert len(cut) == 54
    assert set(np.unique(np.concatenate([each.ravel() for each in cut]))) == set(picture.ravel())
    assert min(each.shape[0] / 180 for each in cut) == pytest.approx(0.8)
    assert {(round(each.shape[0] / 9), round(each.shape[1] / 16)) for each in cut} == {
        (side, side) for side in range(16, 20)
    }


def test_damage_and_cancelling_are_told(tmp_path: Path) -> None:
    damaged = make_hostile("damaged", tmp_path)
    with pytest.raises(ClipNotWhole):
        fingerprint(damaged, probe(damaged))
    clip = make_clip(tmp_path / "clip.mp4")
    with pytest.raises(Cancelled):
        fingerprint(clip, probe(clip), should_stop=lambda: True)
    assert issubclass(Cancelled, FramegateError)


def test_marks_have_one_length() -> None:
    times, quality = np.zeros(2, np.int32), np.zeros(2, np.uint8)
    with pytest.raises(ValueError, match=r"shape \(2, 32\)"):
        Marks(times, times, random_hashes(3), quality)
    with pytest.raises(ValueError, match="one length"):
        Marks(times, times[:1], random_hashes(2), quality)
