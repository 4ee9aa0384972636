"""The measurement of frame classifiers and clip review, on pictures and clips made here."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from media.probe import probe
from media.sampler import plan, sample
from models.card import ModelCard
from models.evaluation.frames import clips, planted, report, stills
from models.evaluation.frames.clips import Clip, JudgedClip, Span
from models.evaluation.numbers import Number
from models.frame_sets import Picture
from models.registry import Registry
from tests.clips import cache_folder, make_clip

RED = np.full((120, 160, 3), (200, 20, 20), dtype=np.uint8)
GREY = np.full((120, 160, 3), 128, dtype=np.uint8)


class Redness:
    """Scores red pictures as violence."""

    categories = ("violence",)
    digest = "sha256:" + "0" * 64

    def __init__(self, card: ModelCard) -> None:
        self.card = card

    def score(self, images: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        return np.array([[float(_is_red(image))] for image in images], dtype=np.float32)


def _is_red(image: NDArray[np.uint8]) -> bool:
    return bool(image[..., 0].mean() > 150 and image[..., 1].mean() < 90)


def still(number: int, source: str, labels: str, image: NDArray[np.uint8]) -> Picture:
    return Picture(f"{source}/{number}.png", source, labels, "heldout", image)


def find(numbers: Sequence[Number], measure: str, **wanted: str) -> Number:
    chosen = [
        number
        for number in numbers
        if number.measure == measure
        and all(getattr(number, name) == value for name, value in wanted.items())
    ]
    assert len(chosen) == 1
    return chosen[0]


def test_stills_are_measured_at_the_threshold_of_their_model() -> None:
    classifier = Redness(Registry(cache_folder()).card("scenes-image"))
    pictures = [still(n, "weapons_guns", "weapon:gun", RED) for n in range(8)]
    pictures += [still(n, "weapons_guns", "weapon:gun", GREY) for n in range(8, 10)]
    pictures += [still(n, "everyday", "benign", GREY) for n in range(20)]
    pictures += [still(n, "imagenet_sample", "class:x;medical", RED) for n in range(4)]
    numbers = stills.measure([classifier], pictures, lambda *_: (0.5, None))
    recall = find(numbers, "recall at review")
    assert (recall.value, recall.n) == (0.8, 10)
    false = find(numbers, "false positives at review", group="guns against all other stills")
    assert (false.value, false.n) == (4 / 24, 24)
    medical = find(numbers, "false positives at review", group="look-alike: medical")
    assert (medical.value, medical.n) == (1.0, 4)
    assert not [number for number in numbers if number.measure.endswith("block")]


def test_the_manifest_says_what_a_clip_is(tmp_path: Path) -> None:
    folder = tmp_path / "video"
    folder.mkdir()
    with (folder / "manifest.csv").open("w", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["file", "split", "label", "prompt"])
        rows.writerow(["a.mp4", "eval", "real", "[violence:fight]"])
        rows.writerow(["b.mp4", "train", "real", "[violence:none]"])
        rows.writerow(["c.mp4", "other", "animation", ""])
    found = list(clips.listed(tmp_path))
    assert [(clip.fight, clip.cctv) for clip in found] == [
        (True, True),
        (False, True),
        (False,) * 2,
    ]
    assert [clip.path.name for clip in clips.reported(found)] == ["a.mp4", "c.mp4"]


def test_everyday_clips_and_fights_are_counted_apart() -> None:
    clip = Clip(Path("x"), "eval", "real", fight=False, cctv=False)
    finding = Span("sexual", "review", "m", 0, 500)
    judged = [
        (clip, JudgedClip("allow", {})),
        (clip, JudgedClip("review", {}, (finding, finding))),
        (replace(clip, label="generated"), JudgedClip("block", {}, (finding,))),
        (clip, JudgedClip("refused", {}, reason="CLIP_NOT_WHOLE")),
    ]
    for number in range(12):
        fight = number % 2 == 0
        score = {("f", "violence"): 0.9 if fight else 0.1}
        judged.append(
            (
                replace(clip, cctv=True, fight=fight),
                JudgedClip("review" if fight else "allow", score),
            )
        )
    numbers = clips.measure([pair[0] for pair in judged], [pair[1] for pair in judged])
    everyday = find(numbers, "sent to review", data="everyday clips")
    assert (everyday.value, everyday.n) == (1 / 9, 9)
    assert find(numbers, "blocked", data="everyday clips, generated").value == 1.0
    held = find(numbers, "clips with a finding", data="everyday clips", category="sexual")
    assert held.value == 2 / 9
    assert find(numbers, "auc", data="CCTV clips").value == 1.0
    assert find(numbers, "fights held").value == 1.0
    assert find(numbers, "clips without a fight held").value == 0.0


def judge_red(path: Path) -> JudgedClip:
    """Finds red frames by looking at every one."""
    info = probe(path)
    red = [
        frame.pts_ms
        for frame in sample(path, info, plan(info, min_fps=60, every_frame=True))
        if _is_red(frame.image)
    ]
    if not red:
        return JudgedClip("allow", {})
    span = Span("violence", "review", "m", min(red), max(red))
    return JudgedClip("review", {}, (span,))


def test_a_planted_span_is_where_it_is_said_to_be(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "quiet.mp4", seconds=3, size=(160, 120))
    red = still(0, "weapons_guns", "weapon:gun", RED)
    made = [
        planted.plant(clip, red, "violence", tmp_path / f"{seed}.mp4", seed) for seed in range(4)
    ]
    assert len({each.start_ms for each in made if each}) > 1
    for each in made:
        assert each is not None
        assert each.end_ms - each.start_ms == pytest.approx(400, abs=50)
        (span,) = judge_red(each.path).spans
        assert abs(span.start_ms - each.start_ms) <= 50
    base = Number(measure="", data="planted spans")
    found, on_time = planted.measure([each for each in made if each], judge_red, base)
    assert (found.value, on_time.value) == (1.0, 1.0)
    missed, _ = planted.measure(
        [each for each in made if each], lambda _: JudgedClip("allow", {}), base
    )
    assert missed.value == 0.0


def test_too_short_a_clip_takes_no_span(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "short.mp4", seconds=1)
    red = still(0, "weapons_guns", "weapon:gun", RED)
    assert planted.plant(clip, red, "violence", tmp_path / "x.mp4", 0) is None


def test_the_report_has_every_number_with_its_interval() -> None:
    numbers = [
        Number(measure="auc", data="stills", value=0.9, low=0.8, high=0.95, n=10, positives=3),
        Number(measure="recall", data="everyday clips", note="no such row"),
    ]
    text = report.as_markdown(numbers)
    assert "| 0.900 | 0.800 to 0.950 | 10 (3) |" in text
    assert "no such row" in text
    assert "### Everyday clips" in text
