"""Review of one clip: sample its frames, classify each, say what could not be checked.

Runs inside a clip worker. It knows models and media, and nothing of policy but the scores from
which on something follows: what the scores mean is judged by the gate.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import structlog

from media.closeup import look_closer
from media.frames import Frame
from media.probe import ClipInfo, probe
from media.repeats import Repeats
from media.sampler import Coverage, plan, sample
from models.classifiers import FrameClassifier
from models.registry import Registry
from moderation.clips.attention import STEP_MS, Attention, Place
from moderation.clips.hashing import FrameHashes
from moderation.clips.jobs import ReviewJob
from moderation.clips.results import FrameScores, FramesSeen, Reviewed
from moderation.verdict import Degradation, ModelRef, Sampling, Stage

_log = structlog.get_logger(__name__)
# Small batches keep progress flowing and memory low; larger ones gain at most a tenth on a CPU.
_BATCH_FRAMES = 8

Row = tuple[float, ...]
Emit = Callable[[FramesSeen], None]


@dataclass(frozen=True, slots=True, eq=False)
class _Sighting:
    """A sampled frame, and the number of an earlier one whose scores it may take.

    Attributes:
        frame: The frame.
        like: One that it looks the same as, or None.
        beside: For a frame of a closer look, the nearest one of the first pass: models that see
            nothing there do not look again.
        sources: For a frame of a closer look, the models that do look.
    """

    frame: Frame
    like: int | None
    beside: int | None = None
    sources: frozenset[str] = frozenset()

    def taken_from(self, source: str) -> int | None:
        """Number of the frame whose scores a model gives this one, or None if it has to look."""
        if self.beside is not None and source not in self.sources:
            return self.beside
        return self.like


class _Seat:
    """One classifier at work on one clip, with its scores so far."""

    def __init__(self, classifier: FrameClassifier) -> None:
        self.classifier = classifier
        self.rows: list[Row] = []
        self.failed = False

    def look(self, batch: Sequence[_Sighting]) -> None:
        """Score a batch; a classifier that fails is out for the rest of the clip."""
        if self.failed:
            return
        try:
            taken = [sighting.taken_from(self.classifier.card.id) for sighting in batch]
            fresh = [
                sighting.frame.image
                for sighting, number in zip(batch, taken, strict=True)
                if number is None
            ]
            scored = iter(self.classifier.score(fresh).tolist() if fresh else [])
            for number in taken:
                self.rows.append(tuple(next(scored)) if number is None else self.rows[number])
        except Exception as error:  # noqa: BLE001 - a model's fault is an entry in `degraded`
            _log.warning("model.failed", model=self.classifier.card.id, kind=type(error).__name__)
            self.failed = True

    def scores(self, rows: Sequence[Row]) -> FrameScores:
        return FrameScores(self.classifier.card.id, self.classifier.categories, tuple(rows))


class _Watch:
    """What the seats have seen of one clip, in the order in which they saw it."""

    def __init__(self, seats: Sequence[_Seat], hashes: FrameHashes | None) -> None:
        self.seats = seats
        self.hashes = hashes
        self.pts_ms: list[int] = []
        self.repeated = 0
        self._repeats = Repeats()
        self._new = 0

    def see(self, frames: Sequence[Frame]) -> tuple[FrameScores, ...]:
        """Have a batch classified; returns what the seats that work say of it."""
        return self._look(
            [
                _Sighting(frame, self._like(len(self.pts_ms) + at, frame))
                for at, frame in enumerate(frames)
            ]
        )

    def see_closer(self, place: Place, frames: Sequence[Frame]) -> tuple[FrameScores, ...]:
        """Have the frames of a place classified by the models that see an edge there."""
        before = self.pts_ms.index(place.stretch.start_ms - 1)
        after = self.pts_ms.index(place.stretch.end_ms + 1)
        # What another model looked at, and this one did not, must not stand for anything.
        self._repeats = Repeats()
        batch = []
        for at, frame in enumerate(frames):
            is_late = 2 * frame.pts_ms > self.pts_ms[before] + self.pts_ms[after]
            like = self._like(len(self.pts_ms) + at, frame)
            batch.append(_Sighting(frame, like, after if is_late else before, place.sources))
        return self._look(batch)

    def _look(self, batch: Sequence[_Sighting]) -> tuple[FrameScores, ...]:
        for seat in self.seats:
            seat.look(batch)
        if self.hashes is not None:
            self.hashes.see(sighting.frame for sighting in batch)
        self.pts_ms.extend(sighting.frame.pts_ms for sighting in batch)
        return tuple(seat.scores(seat.rows[-len(batch) :]) for seat in self.working)

    @property
    def working(self) -> list[_Seat]:
        """The classifiers that have not failed."""
        return [seat for seat in self.seats if not seat.failed]

    def by_time(self) -> tuple[tuple[int, ...], tuple[FrameScores, ...]]:
        """What was seen, in order of time."""
        order = sorted(range(len(self.pts_ms)), key=self.pts_ms.__getitem__)
        times = tuple(self.pts_ms[at] for at in order)
        return times, tuple(seat.scores([seat.rows[at] for at in order]) for seat in self.working)

    def _like(self, number: int, frame: Frame) -> int | None:
        """Number of an earlier frame that this one looks the same as."""
        if self._repeats.is_repeat(frame.image):
            self.repeated += 1
            return self._new
        self._new = number
        return None


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

    def review(self, job: ReviewJob, emit: Emit, should_stop: Callable[[], bool]) -> Reviewed:
        """Look at one clip: at all of it sparsely, then closely next to what looks suspicious.

        Args:
            job: The clip and its limits.
            emit: Called after each batch of frames.
            should_stop: Asked once a packet.

        Raises:
            FramegateError: When the clip cannot be decoded, or `should_stop` said so.
        """
        path = Path(job.path)
        info = probe(path, job.limits)
        degraded: list[Degradation] = []
        hashes = FrameHashes() if job.hashes else None
        watch = _Watch(list(self._seats(degraded)), hashes)
        attention = Attention(job.floors)
        coverage, stopped_ms = _first_pass(path, info, job, watch, attention, emit, should_stop)
        first = len(watch.pts_ms)
        if stopped_ms is None:
            _second_pass(path, info, attention.places, watch, emit, should_stop)
        degraded.extend(
            _missing(seat.classifier.card.id, seat.classifier.categories, "model_failed")
            for seat in watch.seats
            if seat.failed
        )
        pts_ms, by_model = watch.by_time()
        return Reviewed(
            container=info.container,
            sampling=_sampling(coverage, len(watch.pts_ms) - first, watch.repeated, stopped_ms),
            pts_ms=pts_ms,
            by_model=by_model,
            models=tuple(
                ModelRef(
                    seat.classifier.card.id, seat.classifier.card.version, seat.classifier.digest
                )
                for seat in watch.working
            ),
            degraded=tuple(degraded),
            fingerprint=hashes.fingerprint(info.duration_ms) if hashes else None,
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


def _first_pass(
    path: Path,
    info: ClipInfo,
    job: ReviewJob,
    watch: _Watch,
    attention: Attention,
    emit: Emit,
    should_stop: Callable[[], bool],
) -> tuple[Coverage, int | None]:
    """Look at the whole clip; returns what was covered, and where it ended early."""
    sampling_plan = plan(info, min_fps=job.min_fps)
    stream = sample(path, info, sampling_plan, passed_step_ms=STEP_MS, should_stop=should_stop)
    with stream as frames:
        for batch in _batches(frames):
            seen = watch.see(batch)
            attention.see(batch, seen)
            _tell(batch, seen, watch, sampling_plan.expected_frames, info, emit)
            if _certain(seen, job.stop_at):
                return frames.coverage, batch[-1].pts_ms
    return frames.coverage, None


def _second_pass(
    path: Path,
    info: ClipInfo,
    places: Sequence[Place],
    watch: _Watch,
    emit: Emit,
    should_stop: Callable[[], bool],
) -> None:
    """Look closely next to what the first pass found suspicious."""
    unseen = [place.stretch for place in places if not place.frames]
    decoded = look_closer(path, info, unseen, step_ms=STEP_MS, should_stop=should_stop)
    with closing(decoded):
        waiting = next(decoded, None)
        for place in places:
            frames = list(place.frames)
            while waiting is not None and waiting.pts_ms in place.stretch:
                frames.append(waiting)
                waiting = next(decoded, None)
            if frames:
                _tell(frames, watch.see_closer(place, frames), watch, 0, info, emit)


def _tell(
    batch: Sequence[Frame],
    seen: tuple[FrameScores, ...],
    watch: _Watch,
    planned: int,
    info: ClipInfo,
    emit: Emit,
) -> None:
    done = len(watch.pts_ms)
    times = tuple(frame.pts_ms for frame in batch)
    emit(FramesSeen(times, seen, done, max(planned, done), info.duration_ms))


def _certain(seen: Sequence[FrameScores], stop_at: dict[str, float]) -> bool:
    """Whether a frame is enough to block the clip, whatever else it holds."""
    return any(
        score >= stop_at.get(category, math.inf)
        for model in seen
        for row in model.scores
        for category, score in zip(model.categories, row, strict=True)
    )


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


def _sampling(coverage: Coverage, closer: int, repeated: int, stopped_ms: int | None) -> Sampling:
    return Sampling(
        strategy=coverage.strategy,
        interval_ms=coverage.interval_ms,
        frame_count=coverage.frame_count + closer,
        scene_cuts=coverage.scene_cuts,
        max_gap_ms=coverage.max_gap_ms,
        duration_ms=coverage.duration_ms,
        closer_frames=closer,
        repeated_frames=repeated,
        stopped_ms=stopped_ms,
    )
