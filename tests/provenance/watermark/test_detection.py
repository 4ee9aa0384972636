"""What is found in marked and unmarked clips, with which key, and what is refused."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from media.errors import InvalidInput
from media.frames import Frame
from media.probe import probe
from media.refusals import NoFrames
from provenance.preparation import VisibleMark, Watermark, prepared
from provenance.watermark.codes import CodeBook
from provenance.watermark.detection import detect
from provenance.watermark.identification import best_row, identify
from provenance.watermark.keys import KeyState, WatermarkKey
from provenance.watermark.pooling import Pooled, frames_of, pool
from provenance.watermark.reading import read
from tests.clips import make_clip
from tests.provenance.watermark.marking import (
    CODE,
    KEY,
    SIZE,
    attacked,
    book,
    decoded,
    found,
    marked,
    scene,
)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("watermark") / "plain.mp4"
    return make_clip(path, pictures=scene(1, 48), options={"crf": "10"})


@pytest.fixture(scope="module")
def clip(plain: Path) -> Path:
    return marked(plain)


@pytest.fixture(scope="module")
def unmarked(plain: Path) -> Pooled:
    return pool(frames_of(plain, probe(plain)))


def test_unmarked_clips_are_not_identified(plain: Path) -> None:
    detection = found(plain)
    assert not detection.found
    assert detection.p_value > 1e-3
    assert detection.bits < 100


def test_other_keys_see_nothing(clip: Path) -> None:
    other = WatermarkKey("second", bytes(range(1, 33)))
    detection = found(clip, book(key=other))
    assert not detection.found
    assert detection.p_value > 1e-3


def test_other_codes_of_the_same_key_do_not_match(clip: Path) -> None:
    strangers = CodeBook(KEY, book().codes[:-1])
    detection = found(clip, strangers)
    assert not detection.found
    assert detection.p_value > 1e-3


def test_retired_keys_are_still_read_and_leaked_ones_prove_nothing(clip: Path) -> None:
    new = WatermarkKey("new", bytes(range(2, 34)))
    retired = WatermarkKey(KEY.id, KEY.secret, KeyState.RETIRED)
    detection = found(clip, book(key=new, code=bytes(16)), book(key=retired))
    assert detection.found
    assert (detection.key_id, detection.key_state) == (KEY.id, KeyState.RETIRED)
    assert detection.tests == 2002
    leaked = WatermarkKey(KEY.id, KEY.secret, KeyState.LEAKED)
    detection = found(clip, book(key=leaked))
    assert not detection.found
    assert detection.p_value < 1e-9
    assert detection.code == CODE


def test_shots_are_added_up(tmp_path: Path) -> None:
    pictures = [
        np.clip(rgb.astype(np.float32) * gain, 0, 255).astype(np.uint8)
        for seed, gain in ((1, 0.5), (2, 1.0))
        for rgb in scene(seed, 52)
    ]
    source = make_clip(tmp_path / "cuts.mp4", pictures=iter(pictures), options={"crf": "12"})
    target = attacked(marked(source), "cuts-33", lambda pictures: pictures, crf=33)
    pooled = pool(frames_of(target, probe(target)))
    assert pooled.shots.max() == 1
    assert found(target).found
    first, second = (pooled.shot(index) for index in (0, 1))
    joined, *single = (identify(read(part, [KEY]), [book()]) for part in (pooled, first, second))
    assert joined is not None
    assert all(one is not None and joined.p_value <= one.p_value for one in single)


def test_it_runs_behind_the_visible_mark(tmp_path: Path, plain: Path) -> None:
    with prepared(
        plain, tmp_path / "out.mp4", mark=VisibleMark(), watermark=Watermark(KEY, CODE)
    ) as ready:
        assert found(ready.path).code == CODE
        assert found(ready.path).found


def test_the_same_clip_gives_the_same_answer(clip: Path) -> None:
    once, again = found(clip), found(clip)
    assert (once.p_value, once.bits) == (again.p_value, again.bits)
    assert (once.reading.sums == again.reading.sums).all()


def test_averaging_marked_clips_frames_nobody(tmp_path: Path) -> None:
    """Marks of 12 clips, averaged and put on a stranger's, are none of the 12."""
    codes = [np.random.default_rng(100 + index).bytes(16) for index in range(12)]
    average = np.zeros((SIZE[1], SIZE[0]), np.float32)
    for index, code in enumerate(codes):
        source = make_clip(
            tmp_path / f"{index}.mp4", pictures=scene(index, 2), options={"crf": "4"}
        )
        target = marked(source, code=code)
        before, after = decoded(source)[1], decoded(target)[1]
        average += cv2.cvtColor(after, cv2.COLOR_RGB2GRAY).astype(np.float32)
        average -= cv2.cvtColor(before, cv2.COLOR_RGB2GRAY)
    average *= 1.6 / average.std()
    frames = [
        Frame(i, 40 * i, np.clip(rgb + average[..., None], 0, 255).astype(np.uint8), False)
        for i, rgb in enumerate(scene(50, 8))
    ]
    detection = detect(frames, [CodeBook.of(KEY, *codes)])
    assert detection is not None
    assert not detection.found


def test_no_frames_and_no_codes() -> None:
    with pytest.raises(NoFrames):
        detect([], [book()])
    frames = [Frame(0, 0, np.zeros((90, 160, 3), np.uint8), False)]
    assert detect(frames, [], search=False) is None
    assert detect(frames, [CodeBook.of(KEY)], search=False) is None
    black = detect(frames, [book()])
    assert black is not None
    assert not black.found


@pytest.mark.parametrize("alarm", [0.0, -1.0, 0.011, float("nan")])
def test_unfit_alarm_levels_are_refused(unmarked: Pooled, alarm: float) -> None:
    readings = read(unmarked, [KEY], search=False)
    with pytest.raises(InvalidInput) as caught:
        identify(readings, [book()], alarm=alarm)
    assert caught.value.field == "alarm"


def test_readings_must_be_those_of_the_books(unmarked: Pooled) -> None:
    readings = read(unmarked, [KEY], search=False)
    other = WatermarkKey("second", bytes(32))
    for books in ([], [book(key=other)], [book(), book()]):
        with pytest.raises(InvalidInput):
            identify(readings, books)
    with pytest.raises(InvalidInput):
        identify(readings * 2, [book(), book()])


def test_the_best_row_is_that_of_plain_arithmetic() -> None:
    rng = np.random.default_rng(4)
    codes = rng.integers(0, 256, (70_000, 16), dtype=np.uint8)
    signed = rng.integers(-31, 32, 128)
    scores = (np.unpackbits(codes, axis=1).astype(np.int64) * 2 - 1) @ signed
    assert best_row(signed, codes) == (int(scores.argmax()), int(scores.max()))
