"""From a file to an answer: what it says, when it abstains, and what it refuses."""

from __future__ import annotations

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from media.errors import Cancelled, FramegateError
from media.limits import MediaLimits
from media.refusals import ClipRefused
from models.errors import ModelDigestMismatch, SourceUnavailable
from models.registry import MODELS_FOLDER, Registry
from provenance.detection.calibration import Calibration
from provenance.detection.detection import MODEL, Answer, Detector
from provenance.detection.domain import MIN_LINES
from tests.clips import cache_folder, make_clip, real_clip

FOLDER = MODELS_FOLDER / MODEL


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of models with this one alone."""
    models = tmp_path_factory.mktemp("models")
    shutil.copytree(FOLDER, models / MODEL)
    card = next((models / MODEL).glob("model.toml*"))
    card.rename(models / MODEL / "model.toml")
    return models


@pytest.fixture(scope="module")
def detector(folder: Path) -> Detector:
    registry = Registry(cache_folder(), folder)
    try:
        registry.fetch([MODEL])
    except SourceUnavailable as error:
        pytest.skip(f"the weights cannot be fetched: {error.message}")
    return Detector.load(registry)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clips") / "a.mp4"
    return make_clip(path, seconds=3, size=(320, 180), fps=12)


def test_there_is_no_answer_that_says_real() -> None:
    assert set(get_args(Answer)) == {"likely_ai", "inconclusive", "no_evidence"}


def test_the_same_bytes_give_the_same_answer(detector: Detector, clip: Path) -> None:
    first = detector.detect(clip)
    with ThreadPoolExecutor(2) as pool:
        again = list(pool.map(detector.detect, [clip, clip]))
    assert again == [first, first]


def test_a_detection_holds_together(detector: Detector) -> None:
    found = detector.detect(real_clip("bikes.mp4"))
    assert found.llr_low <= found.llr <= found.llr_high
    assert 0 < found.fpr <= 1
    assert found.quality in {"fine", "coarse"}
    assert [moment.start_ms for moment in found.timeline] == sorted(
        moment.start_ms for moment in found.timeline
    )
    assert len(found.timeline) >= 8
    assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each)
               for each in (found.model_digest, found.calibration_digest))  # fmt: skip
    chances = [found.posterior(prior).probability for prior in (0.001, 0.01, 0.1)]
    assert chances == sorted(chances)


def test_camera_clips_are_not_called_likely_ai(detector: Detector) -> None:
    for name in ("bikes.mp4", "carphone_pristine.mp4"):
        assert detector.detect(real_clip(name)).answer != "likely_ai"


def test_a_clip_shorter_than_a_burst_is_abstained_from(detector: Detector, tmp_path: Path) -> None:
    found = detector.detect(make_clip(tmp_path / "a.mp4", seconds=0.5))
    assert (found.answer, found.reason, found.llr) == ("inconclusive", "too_short", 0.0)
    assert found.out_of_domain
    assert np.isfinite(found.score)


@pytest.mark.parametrize("side", [16, 48, MIN_LINES - 2])
def test_small_clips_are_abstained_from(detector: Detector, tmp_path: Path, side: int) -> None:
    found = detector.detect(make_clip(tmp_path / "a.mp4", size=(side * 2, side)))
    assert (found.answer, found.reason) == ("inconclusive", "too_small")
    assert np.isfinite(found.score)


def test_stills_are_abstained_from(detector: Detector, tmp_path: Path) -> None:
    found = detector.detect(make_clip(tmp_path / "a.mp4", pattern="still"))
    assert (found.answer, found.reason) == ("inconclusive", "still")


@pytest.mark.parametrize("pattern", ["moving", "noise", "cuts"])
def test_drawn_clips_are_never_called_likely_ai(
    detector: Detector, tmp_path: Path, pattern: str
) -> None:
    found = detector.detect(make_clip(tmp_path / "a.mp4", pattern=pattern, size=(320, 240)))
    assert found.answer != "likely_ai"


def test_plain_grounds_are_abstained_from(detector: Detector, tmp_path: Path) -> None:
    slides = [np.full((240, 320, 3), 250, np.uint8) for _ in range(24)]
    for index, each in enumerate(slides):
        each[60:180, 60 + 4 * index : 120 + 4 * index] = (20, 40, 200)
    found = detector.detect(make_clip(tmp_path / "a.mp4", pictures=slides, fps=12))
    assert (found.answer, found.reason) == ("inconclusive", "drawn")


def test_marks_in_the_corner_hardly_move_the_score(detector: Detector, tmp_path: Path) -> None:
    chance = np.random.default_rng(0)
    grain = [
        np.clip(128 + np.cumsum(chance.normal(0, 6, (180, 320, 3)), axis=1), 0, 255).astype(
            np.uint8
        )
        for _ in range(24)
    ]
    scores = []
    for marked in (False, True):
        pictures = [each.copy() for each in grain]
        if marked:
            for each in pictures:
                each[162:, 270:] = 255
        path = make_clip(tmp_path / f"{marked}.mp4", fps=12, pictures=pictures)
        scores.append(detector.detect(path).score)
    assert abs(scores[0] - scores[1]) < 0.1


def test_it_stops_when_asked(detector: Detector, clip: Path) -> None:
    with pytest.raises(Cancelled):
        detector.detect(clip, should_stop=lambda: True)


def test_limits_are_held(detector: Detector, clip: Path) -> None:
    with pytest.raises(ClipRefused):
        detector.detect(clip, MediaLimits(max_width=100))


def test_hostile_files_give_named_errors(detector: Detector, clip: Path, tmp_path: Path) -> None:
    whole = clip.read_bytes()
    chance = np.random.default_rng(0)
    for number in range(12):
        broken = bytearray(whole[: chance.integers(1, len(whole))])
        for place in chance.integers(0, len(broken), 8):
            broken[place] ^= int(chance.integers(1, 256))
        path = tmp_path / f"{number}.mp4"
        path.write_bytes(broken)
        try:
            found = detector.detect(path)
        except FramegateError as error:
            assert error.reason != "INTERNAL"
        else:
            assert np.isfinite(found.score)


def test_changed_weights_are_not_loaded(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "models")
    weights = tmp_path / "models" / MODEL / "detector.safetensors"
    changed = bytearray(weights.read_bytes())
    changed[-1] ^= 1
    weights.write_bytes(changed)
    with pytest.raises(FramegateError) as caught:
        Detector.load(Registry(cache_folder(), tmp_path / "models"))
    assert isinstance(caught.value, ModelDigestMismatch)


def test_the_shipped_calibration_can_reach_its_own_rate() -> None:
    shipped = Calibration.parse((FOLDER / "calibration.toml").read_bytes())
    assert {each.name for each in shipped.bins} == {"fine", "coarse"}
    for each in shipped.bins:
        assert each.fpr(1e9) <= shipped.rate
        assert each.clips >= 50
        assert each.fpr(each.real[-1]) >= 2 / (1 + len(each.real))
