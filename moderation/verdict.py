"""Domain values of a judgement: what was found, where, and what follows from it.

Frozen values only, no behaviour beyond small derived properties; `policy.evaluate` makes a
`Judgement` out of findings, the gate wraps it in a `Verdict` once its record is durable.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec


class Decision(StrEnum):
    """What follows for the caller, from the mildest to the strictest."""

    ALLOW = "allow"
    REVIEW = "review"
    BLOCK = "block"

    @property
    def severity(self) -> int:
        """0 for allow, 1 for review, 2 for block; the strictest of several decisions holds."""
        return _SEVERITY[self]


_SEVERITY = {Decision.ALLOW: 0, Decision.REVIEW: 1, Decision.BLOCK: 2}


def strictest(*decisions: Decision) -> Decision:
    """Return the strictest of the decisions; ALLOW when there is none."""
    return max(decisions, key=lambda decision: decision.severity, default=Decision.ALLOW)


class Stage(StrEnum):
    """The part of the gate that made a finding."""

    PROMPT = "prompt"
    FRAMES = "frames"


@dataclass(frozen=True, slots=True)
class CharSpan:
    """Half-open range of characters (code points) of the prompt as it was sent."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """Range of a clip in milliseconds from its first frame; `peak_ms` scores highest."""

    start_ms: int
    end_ms: int
    peak_ms: int


@dataclass(frozen=True, slots=True)
class Signal:
    """One classifier's or rule's score for one category, before the policy has seen it.

    Attributes:
        stage: Where it was seen.
        category: Id of the taxonomy.
        score: Calibrated probability, 0 to 1; a rule that matched says 1.
        source: Id of the model or rule.
        chars: Spans of the prompt that carry it; empty when it is the whole prompt.
        span: Range of the clip, for frames.
        frame_count: Number of sampled frames inside the span.
    """

    stage: Stage
    category: str
    score: float
    source: str
    chars: tuple[CharSpan, ...] = ()
    span: TimeSpan | None = None
    frame_count: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """A signal that passed a threshold of the policy, and the clause that says so.

    Attributes:
        signal: What was seen.
        category: The category that it counts as (a rule of the policy may change it).
        decision: REVIEW or BLOCK.
        threshold: The score at which the clause takes effect.
        clause: Id of the clause in the policy document.
    """

    signal: Signal
    category: str
    decision: Decision
    threshold: float
    clause: str


@dataclass(frozen=True, slots=True)
class Degradation:
    """A part that could not answer, and what the policy makes of that.

    Attributes:
        stage: The stage whose part is missing.
        source: Id of the model or rule that is down, late, over budget or not applicable.
        reason: Stable identifier, for instance `model_unavailable`, `language_not_covered`.
        categories: Categories that were therefore not checked.
        decision: What the policy says of it.
        clause: Id of the clause in the policy document, "" where none applies.
    """

    stage: Stage
    source: str
    reason: str
    categories: tuple[str, ...]
    decision: Decision = Decision.ALLOW
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What the conditions of a policy may ask about, beside the signals.

    Attributes:
        stage: The stage that is judged.
        language: ISO 639 code of the prompt, or "" if unknown.
        minor_in_prompt: Whether a word of the prompt speaks of a minor.
        minor_in_frame: Whether a frame seems to show a minor.
        prompt_scores: Scores of the prompt that a clip was made from, by category.
        prompt_decision: The decision on that prompt, or None where it is not known.
    """

    stage: Stage
    language: str = ""
    minor_in_prompt: bool = False
    minor_in_frame: bool = False
    prompt_scores: dict[str, float] = field(default_factory=dict)
    prompt_decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """Identity of the policy that was applied; the digest is over the document's bytes."""

    id: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class ModelRef:
    """Identity of a model that was asked; the digest covers all that decides a score."""

    id: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the frames of a clip were chosen and what of the clip they cover.

    Attributes:
        strategy: `all`, `skip_nonref` or `keyframes`.
        interval_ms: Longest step between two samples that was asked for.
        frame_count: Frames that were classified.
        scene_cuts: How many of them were added for a scene cut.
        max_gap_ms: Longest stretch of the clip between neighbouring samples.
        duration_ms: Length of the clip.
    """

    strategy: str
    interval_ms: int
    frame_count: int
    scene_cuts: int
    max_gap_ms: int
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """The part of a verdict that is the same, byte for byte, for the same input.

    Attributes:
        decision: The strictest of all findings and degradations.
        content_sha256: SHA-256 of the prompt (UTF-8) or of the clip's bytes, hex.
        scores: Highest calibrated score by category, over every classifier that was asked.
        findings: Sorted by severity, then score, then category.
        degraded: What could not be checked.
        policy: The policy that was applied.
        models: The models that were asked, sorted by id.
        sampling: For a clip, how it was looked at.
        user_text: What the user may be told, or "" for ALLOW.
    """

    decision: Decision
    content_sha256: str
    scores: dict[str, float]
    findings: tuple[Finding, ...]
    degraded: tuple[Degradation, ...]
    policy: PolicyRef
    models: tuple[ModelRef, ...]
    sampling: Sampling | None
    user_text: str

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON of this judgement (sorted keys), hex."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()


@dataclass(frozen=True, slots=True)
class StageLatency:
    """Wall time that one stage took, in milliseconds."""

    stage: str
    duration_ms: float


@dataclass(frozen=True, slots=True)
class AuditRef:
    """Where the record of a verdict stands in the log."""

    leaf_index: int
    leaf_hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgement with its ids, times and record.

    `verdict_id`, `clip_id`, `request_id`, `created_ms`, `latency` and `audit` differ between two
    verdicts on the same input; `judgement` does not. `clip_id` is "" for a prompt.
    """

    verdict_id: str
    request_id: str
    created_ms: int
    judgement: Judgement
    latency: tuple[StageLatency, ...]
    audit: AuditRef
    clip_id: str = ""
