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
    """Half-open range of characters (code points) of one part of a request as it was sent.

    Attributes:
        start: First character, from 0.
        end: One past the last.
        part: The part that it counts in: `prompt`, `negative_prompt`, `shots[0]`, ...
    """

    start: int
    end: int
    part: str = "prompt"


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """Range of a clip in milliseconds from its first frame; `peak_ms` scores highest."""

    start_ms: int
    end_ms: int
    peak_ms: int


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """The entry of a hash list that a clip matches; never what the list says of it in words.

    Attributes:
        list_name: The list.
        entry_id: Id of the entry on it, which follows from its hash.
        distance: Bits by which the nearest frame differs, 0 to 31.
        mirrored: Whether the clip shows it turned left to right.
        confirmed: Whether a reviewer confirmed the entry.
    """

    list_name: str
    entry_id: str
    distance: int
    mirrored: bool
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Signal:
    """One classifier's or rule's score for one category, before the policy has seen it.

    Attributes:
        stage: Where it was seen.
        category: Id of the taxonomy.
        score: Calibrated probability, 0 to 1; a rule that matched says 1.
        source: Id of the model or rule.
        chars: Spans of the prompt that carry it; empty when it is the whole of its parts.
        span: Range of the clip, for frames.
        frame_count: Number of sampled frames inside the span.
        parts: For prompts: the parts of the request that were read, in the order in which they
            were; several when they were read as one text.
        reading: For prompts: how they were read, "" as they are written.
        known: For an entry of a hash list: which one.
    """

    stage: Stage
    category: str
    score: float
    source: str
    chars: tuple[CharSpan, ...] = ()
    span: TimeSpan | None = None
    frame_count: int = 0
    parts: tuple[str, ...] = ()
    reading: str = ""
    known: KnownEntry | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A signal that passed a threshold of the policy, and the clause that says so.

    Attributes:
        signal: What was seen.
        category: The category that it counts as (a rule of the policy may change it).
        decision: REVIEW or BLOCK.
        threshold: The score at which the clause takes effect.
        clause: Id of the clause in the policy document.
        score_without: Score of the same text without the words in `signal.chars`, below
            `signal.score`; None where that was not measured.
    """

    signal: Signal
    category: str
    decision: Decision
    threshold: float
    clause: str
    score_without: float | None = None


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
        closer_frames: How many frames were added by a closer look at what seemed suspicious.
        repeated_frames: How many look like the one before and were given its scores.
        stopped_ms: Where the review ended early because the clip is blocked whatever follows;
            None where the clip was looked at to its end.
    """

    strategy: str
    interval_ms: int
    frame_count: int
    scene_cuts: int
    max_gap_ms: int
    duration_ms: int
    closer_frames: int = 0
    repeated_frames: int = 0
    stopped_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The part of a verdict that is the same, byte for byte, for the same input.

    Attributes:
        decision: The strictest of all findings and degradations.
        content_sha256: SHA-256 of the clip's bytes, of the prompt (UTF-8), or of all parts of a
            request that has more (`moderation.prompts.parts`), hex.
        scores: Highest calibrated score by category, over every classifier that was asked.
        findings: Sorted by severity, then score, then category.
        degraded: What could not be checked.
        policy: The policy that was applied.
        models: The models that were asked, sorted by id.
        sampling: For a clip, how it was looked at.
        user_text: What the user may be told, or "" for ALLOW.
        language: For a prompt, the ISO 639 code of the language that it was taken for, or "".
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
    language: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON of this judgement, hex.

        Canonical: fields in the order of the classes, keys of maps sorted, no white space. Fields
        that came after the first release are left out where they say nothing, so that a judgement
        from before has the digest that its leaf names.
        """
        plain = _without_unsaid(msgspec.to_builtins(self, order="deterministic"))
        return hashlib.sha256(msgspec.json.encode(plain)).hexdigest()


# Later fields by their names, with the value that says nothing.
_UNSAID: dict[str, object] = {
    "language": "",
    "part": "prompt",
    "parts": (),
    "reading": "",
    "score_without": None,
    "closer_frames": 0,
    "repeated_frames": 0,
    "stopped_ms": None,
    "known": None,
}
_MISSING = object()


def _without_unsaid(value: object) -> object:
    """Plain values without the later fields that say nothing."""
    if isinstance(value, dict):
        return {
            name: _without_unsaid(item)
            for name, item in value.items()
            if _UNSAID.get(name, _MISSING) != item
        }
    if isinstance(value, list | tuple):
        return [_without_unsaid(item) for item in value]
    return value


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
