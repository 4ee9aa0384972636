"""The review of one clip with a classifier that anyone can check: how red a frame is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from media.limits import MediaLimits
from models.card import ModelCard
from models.classifiers import FrameClassifier
from models.registry import Registry
from moderation.clips.jobs import FramesSeen, Reviewed, ReviewJob
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


class OneModel(Registry):
    """A registry whose only frame model is the one given."""

    def __init__(self) -> None:
        super().__init__(cache_folder())
        self.redness = Redness(Registry(cache_folder()).card("scenes-image"))

    def cards(self) -> tuple[ModelCard, ...]:
        return (self.redness.card,)

    def frames(self, model_id: str) -> FrameClassifier:
        assert model_id == self.redness.card.id
        return self.redness


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
