"""From scores of single frames to segments in time: where it begins, where it ends, how strong.

Pure functions over plain numbers, so that the same scores always give the same segments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from moderation.clips.results import FrameScores
from moderation.verdict import Signal, Stage, TimeSpan


def signals(
    pts_ms: Sequence[int],
    by_model: Sequence[FrameScores],
    floors: Mapping[str, float],
    duration_ms: int,
) -> tuple[Signal, ...]:
    """Turn frame scores into signals.

    Neighbouring frames at or above the category's floor make one segment, whose score is that of
    its highest frame. Where no frame reaches the floor, one signal says so with the highest frame
    there was, so that every category that was looked for has a score.

    A segment reaches halfway to the neighbouring frames outside it: what lies between two samples
    was not seen, and the middle is the estimate with the smallest largest error.

    Args:
        pts_ms: Times of the sampled frames, ascending.
        by_model: Scores of each classifier for these frames.
        floors: Score at which a frame belongs to a segment, by category; 0.5 where none is given.
        duration_ms: Length of the clip.

    Returns:
        Signals in the order of models, categories and time.
    """
    found: list[Signal] = []
    for model in by_model:
        for column, category in enumerate(model.categories):
            scores = [row[column] for row in model.scores]
            if not scores:
                continue
            runs = list(_runs(scores, floors.get(category, 0.5)))
            if not runs:
                peak = max(range(len(scores)), key=scores.__getitem__)
                runs = [(peak, peak)]
            found.extend(
                _signal(model.source, category, pts_ms, scores, run, duration_ms) for run in runs
            )
    return tuple(found)


def _runs(scores: Sequence[float], floor: float) -> Iterator[tuple[int, int]]:
    """Yield first and last index of each run that is not below the floor.

    A score that is not a number counts as above it: a fault must not look harmless.
    """
    start: int | None = None
    for index, score in enumerate(scores):
        if not score < floor:
            start = index if start is None else start
        elif start is not None:
            yield start, index - 1
            start = None
    if start is not None:
        yield start, len(scores) - 1


def _signal(
    source: str,
    category: str,
    pts_ms: Sequence[int],
    scores: Sequence[float],
    run: tuple[int, int],
    duration_ms: int,
) -> Signal:
    first, last = run
    peak = max(range(first, last + 1), key=scores.__getitem__)
    start_ms = 0 if first == 0 else (pts_ms[first - 1] + pts_ms[first]) // 2
    end_ms = (
        max(duration_ms, pts_ms[last])
        if last == len(pts_ms) - 1
        else (pts_ms[last] + pts_ms[last + 1]) // 2
    )
    return Signal(
        stage=Stage.FRAMES,
        category=category,
        score=scores[peak],
        source=source,
        span=TimeSpan(start_ms, end_ms, pts_ms[peak]),
        frame_count=last - first + 1,
    )
