"""From what a worker saw of a clip to a judgement: segments, then the policy. Pure."""

from __future__ import annotations

from moderation.clips import segments
from moderation.clips.known import KnownSeen
from moderation.clips.results import FramesSeen, Reviewed
from moderation.policy import Policy, evaluate
from moderation.verdict import Context, Degradation, Finding, Judgement, Stage

_NO_LISTS = KnownSeen()


def judge(
    policy: Policy,
    reviewed: Reviewed,
    context: Context,
    sha256: str,
    known: KnownSeen = _NO_LISTS,
) -> Judgement:
    """Judge a clip by all its sampled frames, and by the lists that it was compared with."""
    found = segments.signals(
        reviewed.pts_ms,
        reviewed.by_model,
        policy.floors(Stage.FRAMES),
        reviewed.sampling.duration_ms,
    )
    found += known.signals
    return evaluate(
        policy,
        found,
        (*reviewed.degraded, *known.degraded),
        context,
        covered=frozenset(signal.category for signal in found),
        content_sha256=sha256,
        models=(*reviewed.models, *known.models),
        sampling=reviewed.sampling,
    )


def judge_unseen(
    policy: Policy,
    context: Context,
    sha256: str,
    reason: str,
    known: KnownSeen = _NO_LISTS,
) -> Judgement:
    """Judge a clip whose review was stopped: everything that it must be checked for is missing."""
    missing = Degradation(
        Stage.FRAMES, "review", reason, tuple(sorted(policy.required(Stage.FRAMES)))
    )
    return evaluate(
        policy,
        (),
        (missing, *known.degraded),
        context,
        covered=frozenset(),
        content_sha256=sha256,
        models=(),
        sampling=None,
    )


def provisional(policy: Policy, seen: FramesSeen, context: Context) -> tuple[Finding, ...]:
    """Say what one batch of frames alone would be found for; the verdict looks at all of them."""
    floors = policy.floors(Stage.FRAMES)
    found = segments.signals(seen.pts_ms, seen.by_model, floors, seen.pts_ms[-1])
    judgement = evaluate(
        policy,
        found,
        (),
        context,
        covered=policy.required(Stage.FRAMES),
        content_sha256="",
        models=(),
    )
    return judgement.findings
