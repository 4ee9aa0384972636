"""The review of one clip with a classifier that anyone can check: how red a frame is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from media.closeup import look_closer
from media.frames import Frame
from media.limits import MediaLimits
from models.card import ModelCard
from models.classifiers import FrameClassifier
from models.registry import Registry
from moderation.clips.jobs import ReviewJob
from moderation.clips.results import FramesSeen, Reviewed
from moderation.clips.reviewer import ClipReviewer
from moderation.clips.segments import signals
from tests.clips import cache_folder, make_clip

FLOORS = {"violence": 0.5}


class Redness:
    """Share of red of a frame, as a score of `violence`; counts what it was given."""

    def __init__(self, card: ModelCard) -> None:
        self.card = card
        self.digest = "sha256:" + "0" * 64
        self.categories = ("violence",)
        self.asked = 0

    def score(self, images: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        self.asked += len(images)
        shares = [(image[..., 0] > 150).mean() * (image[..., 1] < 90).mean() for image in images]
        return np.array(shares, dtype=np.float32).reshape(-1, 1)


class Greenness(Redness):
    """Share of green of a frame, as a score of `violence` by another model."""

    def score(self, images: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        self.asked += len(images)
        shares = [(image[..., 1] > 150).mean() * (image[..., 0] < 90).mean() for image in images]
        return np.array(shares, dtype=np.float32).reshape(-1, 1)


class OneModel(Registry):
    """A registry whose only frame model is the one given."""

    def __init__(self) -> None:
        super().__init__(cache_folder())
        known = Registry(cache_folder())
        self.redness = Redness(known.card("scenes-image"))
        self.models: list[Redness] = [self.redness]

    def cards(self) -> tuple[ModelCard, ...]:
        return tuple(model.card for model in self.models)

    def frames(self, model_id: str) -> FrameClassifier:
        return next(model for model in self.models if model.card.id == model_id)


class TwoModels(OneModel):
    """A registry with a second model."""

    def __init__(self) -> None:
        super().__init__()
        self.greenness = Greenness(Registry(cache_folder()).card("nsfw-image"))
        self.models.append(self.greenness)


def red_between(first: int, last: int, count: int) -> list[NDArray[np.uint8]]:
    """Grey pictures that slide a little, those from `first` to `last` red."""
    pictures = []
    for index in range(count):
        image = np.full((180, 320, 3), 90, dtype=np.uint8)
        image[40:140, 10 + index : 60 + index] = 180
        if first <= index < last:
            image[:] = (200, 20, 20)
        pictures.append(image)
    return pictures


def review(
    clip: Path, registry: OneModel, stop_at: dict[str, float] | None = None
) -> tuple[Reviewed, list[FramesSeen]]:
    events: list[FramesSeen] = []
    job = ReviewJob(str(clip), MediaLimits(), 2.0, FLOORS, stop_at or {})
    reviewed = ClipReviewer(registry).review(job, events.append, lambda: False)
    return reviewed, events


@pytest.mark.parametrize("first", [0, 7, 50, 61, 86])
def test_a_short_span_is_found_and_its_times_are_right(tmp_path: Path, first: int) -> None:
    clip = make_clip(tmp_path / "c.mp4", gop=250, pictures=red_between(first, first + 10, 96))
    reviewed, _ = review(clip, OneModel())
    found = [
        signal
        for signal in signals(reviewed.pts_ms, reviewed.by_model, FLOORS, 4000)
        if signal.score >= 0.5
    ]
    assert len(found) == 1
    assert found[0].span is not None
    assert abs(found[0].span.start_ms - first * 1000 / 24) <= 70
    assert abs(found[0].span.end_ms - (first + 10) * 1000 / 24) <= 70
    assert first == 86 or reviewed.sampling.closer_frames > 0
    assert reviewed.sampling.frame_count == len(reviewed.pts_ms)
    assert list(reviewed.pts_ms) == sorted(reviewed.pts_ms)


def test_frames_that_look_alike_are_classified_once(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "c.mp4", seconds=6, pattern="still")
    registry = OneModel()
    reviewed, _ = review(clip, registry)
    assert registry.redness.asked == 1
    assert reviewed.sampling.repeated_frames == len(reviewed.pts_ms) - 1
    assert len(reviewed.by_model[0].scores) == len(reviewed.pts_ms)


def test_the_review_ends_at_a_certain_block_only_where_it_may(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "c.mp4", gop=24, pictures=red_between(24, 240, 288))
    whole, _ = review(clip, OneModel())
    assert whole.sampling.stopped_ms is None
    registry = OneModel()
    ended, _ = review(clip, registry, {"violence": 0.9})
    assert ended.sampling.stopped_ms is not None
    assert ended.sampling.stopped_ms < 8000
    assert max(row[0] for row in ended.by_model[0].scores) >= 0.9
    assert registry.redness.asked < len(whole.pts_ms)


def test_progress_counts_each_frame_once(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "c.mp4", gop=250, pictures=red_between(50, 60, 96))
    reviewed, events = review(clip, OneModel())
    assert sorted(at for event in events for at in event.pts_ms) == list(reviewed.pts_ms)
    assert events[-1].done == len(reviewed.pts_ms)
    assert all(event.done <= event.expected for event in events)


def test_only_the_model_in_doubt_looks_again(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "c.mp4", gop=250, pictures=red_between(50, 60, 96))
    registry = TwoModels()
    reviewed, _ = review(clip, registry)
    closer = reviewed.sampling.closer_frames
    assert closer > 0
    assert registry.redness.asked == len(reviewed.pts_ms) - reviewed.sampling.repeated_frames
    assert registry.greenness.asked <= len(reviewed.pts_ms) - closer < registry.redness.asked
    by_model = {model.source: model.scores for model in reviewed.by_model}
    alone, _ = review(clip, OneModel())
    assert by_model["scenes-image"] == alone.by_model[0].scores
    assert max(row[0] for row in by_model["nsfw-image"]) < 0.5
    assert len(by_model["nsfw-image"]) == len(reviewed.pts_ms)


def test_a_model_that_did_not_look_again_says_what_it_said_beside(tmp_path: Path) -> None:
    green = np.full((180, 320, 3), (20, 200, 20), dtype=np.uint8)
    # Green from the middle on; red only for a moment before, when nothing is green.
    pictures = [*red_between(20, 30, 60), *([green] * 60)]
    reviewed, _ = review(make_clip(tmp_path / "c.mp4", gop=250, pictures=pictures), TwoModels())
    by_model = {model.source: model.scores for model in reviewed.by_model}
    for at_ms, (score,) in zip(reviewed.pts_ms, by_model["nsfw-image"], strict=True):
        if abs(at_ms - 2500) > 90:
            assert (score >= 0.5) == (at_ms >= 2500)


def test_pictures_that_were_decoded_already_are_not_decoded_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def watched(*given: object, **options: object) -> Iterator[Frame]:
        asked.append(len(given[2]))  # type: ignore[arg-type]
        return look_closer(*given, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("moderation.clips.reviewer.look_closer", watched)
    pictures = red_between(46, 60, 96)
    dense = make_clip(tmp_path / "dense.mp4", gop=250, bframes=0, pictures=pictures)
    assert review(dense, OneModel())[0].sampling.closer_frames > 0
    sparse = make_clip(tmp_path / "sparse.mp4", gop=12, pictures=pictures)
    assert review(sparse, OneModel())[0].sampling.closer_frames > 0
    assert asked == [0, 2]
