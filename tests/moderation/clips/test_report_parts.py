"""The parts of a report: tracks out of scores, lanes to scale, pictures that hide."""

from __future__ import annotations

import base64
import math
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from media.limits import MediaLimits
from media.probe import probe
from media.sampler import plan, sample
from moderation.clips.reporting import (
    Level,
    Sample,
    Series,
    Stretch,
    Track,
    differences,
    frame_tracks,
    take,
)
from moderation.clips.reporting.pictures import MAX_STRIP
from moderation.clips.reporting.timeline import Looked, draw
from moderation.pages.drawing import picture
from moderation.verdict import Decision, ModelRef, Stage
from tests.clips import make_clip
from tests.moderation.clips.reports import BY_MODEL, PTS_MS, SEXUAL, judgement
from tests.moderation.policies import DEFAULT


def test_a_track_is_made_for_each_category() -> None:
    made = frame_tracks(judgement(), DEFAULT, PTS_MS, BY_MODEL)
    sexual, violence, hate = made
    assert [track.key for track in made] == ["sexual", "violence", "hate"]
    samples = tuple(Sample(*pair) for pair in zip(PTS_MS, SEXUAL, strict=True))
    assert sexual.series == (Series("nsfw", samples),)
    review, block = DEFAULT.thresholds(Stage.FRAMES, "sexual")
    assert review is not None
    assert block is not None
    assert sexual.levels == (Level(Decision.REVIEW, review), Level(Decision.BLOCK, block))
    assert sexual.stretches == (Stretch(250, 1250, Decision.BLOCK, 1),)
    assert violence.stretches == (Stretch(2250, 3000, Decision.REVIEW, 2),)
    assert (hate.series, hate.stretches) == ((), ())
    assert hate.note


def test_without_the_policy_only_the_findings_say_where_a_line_is() -> None:
    sexual, violence, _ = frame_tracks(judgement(), None, PTS_MS, BY_MODEL)
    assert sexual.levels == (Level(Decision.BLOCK, 0.5),)
    assert violence.levels == (Level(Decision.REVIEW, 0.5),)


def test_a_second_look_that_differs_is_told() -> None:
    ours = judgement()
    assert differences(ours, ours) == ()
    near = {"sexual": 0.97121, "violence": 0.6}
    assert differences(ours, judgement(scores=near)) == ()
    assert differences(ours, judgement(scores=near | {"violence": math.nan})) == ("scores",)
    assert differences(ours, judgement(scores={}, models=())) == ("models", "scores")
    assert differences(ours, judgement(sampling=None)) == ("sampling",)
    # Hash lists are compared with once, where they are kept.
    lists = ModelRef("known-hashes", "1", "sha256:" + "02" * 32)
    listed = judgement(models=(*ours.models, lists), scores=ours.scores | {"known/other": 0.5})
    assert differences(listed, ours) == ()


def test_lanes_are_drawn_to_scale() -> None:
    track = Track(
        "Speech",
        series=(Series("asr", (Sample(0, 0.0), Sample(500, math.nan), Sample(1000, 1.0))),),
        levels=(Level(Decision.REVIEW, 0.5),),
        stretches=(Stretch(500, 1000, Decision.REVIEW, 1),),
    )
    drawn = draw([track], 2000, Looked((0, 500, 1000), (750,), (1000,), 1000))
    (lane,) = drawn.lanes
    assert lane.lines == (("asr", "M0.0 72.00 M5000.0 0.00"),)
    assert [(dot.x, dot.y, dot.invalid) for dot in lane.dots] == [
        ("0.000%", "88.00", False),
        ("25.000%", "16.00", True),
        ("50.000%", "16.00", False),
    ]
    assert lane.levels == (("review", "52.00", "review from 0.500"),)
    (shade,) = lane.shades
    assert (shade.x, shade.width, shade.number) == ("25.000%", "25.000%", "1")
    assert drawn.cuts == (("50.000%", "0:01.00"),)
    assert drawn.unseen == ("50.000%", "50.000%")
    assert (drawn.ticks.count("M"), drawn.closer) == (3, "M3750.0 0V1")
    assert drawn.labels[0] == ("0.000%", "start", "0:00.0")
    assert drawn.labels[-1] == ("100%", "end", "0:02.00")


@pytest.mark.parametrize("size", [(320, 180), (90, 400), (4, 4), (1000, 2)])
def test_nothing_is_to_be_made_out_in_a_blurred_picture(size: tuple[int, int]) -> None:
    width, height = size
    rows, columns = np.mgrid[0:height, 0:width]
    board = np.where((rows // 4 + columns // 4) % 2, 255, 0).astype(np.uint8)
    made = picture(np.stack([board] * 3, axis=2), 0, 120)
    blurred, clear = (_decoded(uri) for uri in (made.blurred, made.clear))
    assert blurred.shape == clear.shape == (made.height, made.width, 3)
    if min(size) > 20:
        assert clear.std() > 60
        assert blurred.std() < 15


def _decoded(uri: str) -> np.ndarray:
    data = base64.b64decode(uri.removeprefix("data:image/jpeg;base64,"))
    return np.asarray(Image.open(BytesIO(data)), dtype=np.float64)


def test_the_filmstrip_has_the_frames_of_the_review(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "cuts.mp4", seconds=3, pattern="cuts", gop=12)
    strip = take(clip, MediaLimits(), 2.0, (1000, 2500))
    info = probe(clip, MediaLimits())
    with sample(clip, info, plan(info, min_fps=2.0)) as frames:
        expected = [(frame.pts_ms, frame.scene_cut) for frame in frames]
    assert strip.sampled_ms == tuple(at_ms for at_ms, _ in expected)
    assert strip.cuts_ms == tuple(at_ms for at_ms, cut in expected if cut)
    assert set(strip.peaks) == {1000, 2500}
    assert {1000, 2500} <= {frame.at_ms for frame in strip.frames}


def test_a_peak_between_two_samples_is_found(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "flash.mp4", seconds=2, pattern="moving", gop=48)
    found = take(clip, MediaLimits(), 2.0, (875, 1625, 99_000))
    assert not {875, 1625} & set(found.sampled_ms)
    assert set(found.peaks) == {875, 1625}
    assert {875, 1625} <= {frame.at_ms for frame in found.frames}


def test_a_long_clip_has_an_even_choice(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "long.mp4", seconds=60, fps=2, size=(32, 32), pattern="still")
    found = take(clip, MediaLimits(), 2.0, ())
    times = [frame.at_ms for frame in found.frames]
    assert len(found.sampled_ms) > len(times) == MAX_STRIP
    assert (times[0], times[-1]) == (found.sampled_ms[0], found.sampled_ms[-1])
    steps = np.diff(times)
    assert steps.max() <= 2 * steps.min()
