"""Review of one clip: sample its frames, classify each, say what could not be checked.

Runs inside a clip worker. It knows models and media, and nothing of policy: what the scores mean
is judged by the gate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import structlog
from numpy.typing import NDArray

from media.frames import Frame
from media.probe import probe
from media.sampler import Coverage, plan, sample
from models.classifiers import FrameClassifier
from models.registry import Registry
from moderation.clips.jobs import FrameScores, FramesSeen, Reviewed, ReviewJob
from moderation.verdict import Degradation, ModelRef, Sampling, Stage

_log = structlog.get_logger(__name__)
# Small batches keep progress flowing and memory low; larger ones gain at most a tenth on a CPU.
_BATCH_FRAMES = 8


class _Seat:
    """One classifier at work on one clip, with its scores so far."""

    def __init__(self, classifier: FrameClassifier) -> None:
        self.classifier = classifier
        self.rows: list[tuple[float, ...]] = []
        self.failed = False

    def look(self, images: Sequence[NDArray[np.uint8]]) -> FrameScores | None:
        """Score a batch; a classifier that fails is out for the rest of the clip."""
        if self.failed:
            return None
        try:
            scores = self.classifier.score(images)
        except Exception as error:  # noqa: BLE001 - a model's fault is an entry in `degraded`
            _log.warning("model.failed", model=self.classifier.card.id, kind=type(error).__name__)
            self.failed = True
            return None
        rows = tuple(tuple(float(value) for value in row) for row in scores)
        self.rows.extend(rows)
        return self.scores(rows)

    def scores(self, rows: tuple[tuple[float, ...], ...]) -> FrameScores:
        return FrameScores(self.classifier.card.id, self.classifier.categories, rows)


class ClipReviewer:
    """Reviews clips with all frame classifiers of the registry's profile.

    Not thread-safe: one for each worker. Models are loaded with the first clip and kept.

    Args:
        registry: Where the models are.
        profile: Which models take part.
    """

    def __init__(self, registry: Registry, profile: str = "embedded") -> None:
        self._registry = registry
        self._cards = sorted(
            (
                card
                for card in registry.cards()
                if card.task == "image-classification" and card.profile == profile
            ),
            key=lambda card: card.id,
        )
        self._loaded: dict[str, FrameClassifier] = {}

    def review(
        self,
        job: ReviewJob,
        emit: Callable[[FramesSeen], None],
        should_stop: Callable[[], bool],
    ) -> Reviewed:
        """Look at one clip.

        Args:
            job: The clip and its limits.
            emit: Called after each batch of frames.
            should_stop: Asked once a packet.

        Raises:
            FramegateError: When the clip cannot be decoded, or `should_stop` said so.
        """
        path = Path(job.path)
        info = probe(path, job.limits)
        sampling_plan = plan(info, min_fps=job.min_fps)
        degraded: list[Degradation] = []
        seats = list(self._seats(degraded))
        pts_ms: list[int] = []
        with sample(path, info, sampling_plan, should_stop=should_stop) as frames:
            for batch in _batches(frames):
                images = [frame.image for frame in batch]
                seen = [scores for seat in seats if (scores := seat.look(images))]
                times = tuple(frame.pts_ms for frame in batch)
                pts_ms.extend(times)
                expected = max(sampling_plan.expected_frames, len(pts_ms))
                emit(FramesSeen(times, tuple(seen), len(pts_ms), expected, info.duration_ms))
        coverage = frames.coverage
        degraded.extend(
            _missing(seat.classifier.card.id, seat.classifier.categories, "model_failed")
            for seat in seats
            if seat.failed
        )
        working = [seat for seat in seats if not seat.failed]
        return Reviewed(
            container=info.container,
            sampling=_sampling(coverage),
            pts_ms=tuple(pts_ms),
            by_model=tuple(seat.scores(tuple(seat.rows)) for seat in working),
            models=tuple(
                ModelRef(
                    seat.classifier.card.id, seat.classifier.card.version, seat.classifier.digest
                )
                for seat in working
            ),
            degraded=tuple(degraded),
        )

    def _seats(self, degraded: list[Degradation]) -> Iterator[_Seat]:
        for card in self._cards:
            try:
                if card.id not in self._loaded:
                    self._loaded[card.id] = self._registry.frames(card.id)
            except Exception as error:  # noqa: BLE001 - a model's fault is an entry in `degraded`
                _log.warning("model.unavailable", model=card.id, kind=type(error).__name__)
                degraded.append(_missing(card.id, tuple(card.labels), "model_unavailable"))
                continue
            yield _Seat(self._loaded[card.id])


def _missing(source: str, categories: tuple[str, ...], reason: str) -> Degradation:
    return Degradation(Stage.FRAMES, source, reason, categories)


def _batches(frames: Iterator[Frame]) -> Iterator[list[Frame]]:
    batch: list[Frame] = []
    for frame in frames:
        batch.append(frame)
        if len(batch) == _BATCH_FRAMES:
            yield batch
            batch = []
    if batch:
        yield batch


def _sampling(coverage: Coverage) -> Sampling:
    return Sampling(
        strategy=coverage.strategy,
        interval_ms=coverage.interval_ms,
        frame_count=coverage.frame_count,
        scene_cuts=coverage.scene_cuts,
        max_gap_ms=coverage.max_gap_ms,
        duration_ms=coverage.duration_ms,
    )
