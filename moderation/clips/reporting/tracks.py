"""From what the frame models said to the tracks of a timeline, one for each category."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from media.errors import FramegateError
from moderation.clips import known
from moderation.clips.reporting.timeline import Level, Sample, Series, Stretch, Track
from moderation.clips.results import FrameScores
from moderation.policy import Policy
from moderation.taxonomy import categories
from moderation.verdict import Decision, Finding, Judgement, Stage

# Scores of two machines differ in the last bits of a float; anything more is another model.
_SAME_SCORE = 1e-4


def frame_tracks(
    judgement: Judgement,
    policy: Policy | None,
    pts_ms: Sequence[int],
    by_model: Sequence[FrameScores],
) -> tuple[Track, ...]:
    """Make one track for each category that was scored, or that there is a finding of.

    Args:
        judgement: What the findings are taken from; they are numbered in its order, from 1.
        policy: The policy of that judgement, for its thresholds; None where it is not at hand,
            then those of the findings are all that is known.
        pts_ms: Times of the sampled frames.
        by_model: Scores of each model for these frames.

    Returns:
        Categories with findings first, the strictest at the top; the rest by highest score.
    """
    lines: dict[str, list[Series]] = {name: [] for name in judgement.scores}
    for model in by_model:
        for column, name in enumerate(model.categories):
            rows = zip(pts_ms, model.scores, strict=False)
            samples = tuple(Sample(at_ms, row[column]) for at_ms, row in rows)
            lines.setdefault(name, []).append(Series(model.source, samples))
    for finding in judgement.findings:
        lines.setdefault(finding.category, [])
    made = [_track(name, series, judgement, policy) for name, series in lines.items()]
    return tuple(sorted(made, key=lambda track: _rank(track, judgement)))


def _track(name: str, series: list[Series], judgement: Judgement, policy: Policy | None) -> Track:
    known = categories().get(name)
    found = [
        (number, finding)
        for number, finding in enumerate(judgement.findings, start=1)
        if finding.category == name
    ]
    return Track(
        title=known.title if known else name,
        key=name,
        series=tuple(series),
        levels=_levels(name, series, [finding for _, finding in found], policy),
        stretches=tuple(
            Stretch(span.start_ms, span.end_ms, finding.decision, number)
            for number, finding in found
            if (span := finding.signal.span) is not None
        ),
        note="" if series else "no score by frame is at hand for this category",
    )


def _levels(
    name: str, series: list[Series], findings: list[Finding], policy: Policy | None
) -> tuple[Level, ...]:
    """The thresholds of every source; without its name where they are the same for all."""
    if policy is None:
        every = [Level(each.decision, each.threshold, each.signal.source) for each in findings]
    else:
        every = [
            level for source in _sources(series) for level in _policy_levels(policy, name, source)
        ]
    single = len({level.source for level in every}) == 1
    numbers = {(level.decision, level.score) for level in every}
    if single or len(numbers) == len({decision for decision, _ in numbers}):
        every = [replace(level, source="") for level in every]
    return tuple(dict.fromkeys(every))


def _sources(series: list[Series]) -> list[str]:
    return [line.source for line in series] or [""]


def _policy_levels(policy: Policy, name: str, source: str) -> list[Level]:
    try:
        review, block = policy.thresholds(Stage.FRAMES, name, source)
    except FramegateError:
        return []  # a category that the taxonomy does not have
    pairs = ((Decision.REVIEW, review), (Decision.BLOCK, block))
    return [Level(decision, score, source) for decision, score in pairs if score is not None]


def _rank(track: Track, judgement: Judgement) -> tuple[object, ...]:
    numbers = [
        number
        for number, finding in enumerate(judgement.findings, start=1)
        if finding.category == track.key
    ]
    score = judgement.scores.get(track.key, 0.0)
    return (
        min(numbers, default=len(judgement.findings) + 1),
        -score if math.isfinite(score) else -math.inf,
        track.key,
    )


def differences(recorded: Judgement, measured: Judgement) -> tuple[str, ...]:
    """Tell in what a second look differs from the judgement on record; empty when in nothing.

    Args:
        recorded: The judgement of the verdict.
        measured: What was measured again, perhaps on another machine.

    Returns:
        Any of `policy`, `models`, `sampling`, `scores`. Hash lists are no part of it.
    """
    # Hash lists are kept where the verdict was made; a second look compares with none.
    models = tuple(model for model in recorded.models if model.id != known.SOURCE)
    seen = {name for name in recorded.scores if not name.startswith(known.FAMILY)}
    scores = {name: each for name, each in recorded.scores.items() if name in seen}
    found = {
        "policy": recorded.policy != measured.policy,
        "models": models != measured.models,
        "sampling": recorded.sampling != measured.sampling,
        "scores": not _alike(scores, measured.scores),
    }
    return tuple(name for name, differs in found.items() if differs)


def _alike(ours: dict[str, float], theirs: dict[str, float]) -> bool:
    if ours.keys() != theirs.keys():
        return False
    # Two scores that are no numbers are alike; one alone is not (its distance is no number).
    return all(
        (math.isnan(score) and math.isnan(theirs[name])) or abs(score - theirs[name]) <= _SAME_SCORE
        for name, score in ours.items()
    )
