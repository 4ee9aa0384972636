"""Domain values to protobuf and back: the only module that knows both."""

from __future__ import annotations

from google.protobuf.timestamp_pb2 import Timestamp

from framegate.v1 import moderation_pb2, provenance_pb2, verdict_pb2
from media.errors import InvalidInput
from moderation.clips.sources import NamedSource
from moderation.verdict import (
    AuditRef,
    Decision,
    Degradation,
    Finding,
    Judgement,
    Sampling,
    Stage,
    Verdict,
)
from provenance.report import C2paState, Reason
from provenance.sources import Relation, SourceReport

_DECISIONS = {
    Decision.ALLOW: verdict_pb2.DECISION_ALLOW,
    Decision.REVIEW: verdict_pb2.DECISION_REVIEW,
    Decision.BLOCK: verdict_pb2.DECISION_BLOCK,
}
_STAGES = {
    Stage.PROMPT: verdict_pb2.STAGE_PROMPT,
    Stage.FRAMES: verdict_pb2.STAGE_FRAMES,
}
_RELATIONS = {
    moderation_pb2.SOURCE_RELATION_PARENT: Relation.PARENT,
    moderation_pb2.SOURCE_RELATION_COMPONENT: Relation.COMPONENT,
    moderation_pb2.SOURCE_RELATION_INPUT: Relation.INPUT,
}


def timestamp(time_ms: int) -> Timestamp:
    """Milliseconds since 1970 as a protobuf timestamp."""
    stamp = Timestamp()
    stamp.FromMilliseconds(time_ms)
    return stamp


def verdict(value: Verdict) -> verdict_pb2.Verdict:
    """A verdict."""
    return verdict_pb2.Verdict(
        verdict_id=value.verdict_id,
        request_id=value.request_id,
        create_time=timestamp(value.created_ms),
        judgement=judgement(value.judgement),
        latency=[
            verdict_pb2.StageLatency(stage=item.stage, duration_ms=item.duration_ms)
            for item in value.latency
        ],
        audit=audit_ref(value.audit),
        clip_id=value.clip_id,
    )


def judgement(value: Judgement) -> verdict_pb2.Judgement:
    """The part of a verdict that is the same for the same input."""
    return verdict_pb2.Judgement(
        decision=_DECISIONS[value.decision],
        content_sha256=value.content_sha256,
        scores=[
            verdict_pb2.CategoryScore(category=category, score=score)
            for category, score in sorted(value.scores.items())
        ],
        findings=[finding(item) for item in value.findings],
        degraded=[_degradation(item) for item in value.degraded],
        policy=verdict_pb2.PolicyRef(
            id=value.policy.id, version=value.policy.version, digest=value.policy.digest
        ),
        models=[
            verdict_pb2.ModelRef(id=model.id, version=model.version, digest=model.digest)
            for model in value.models
        ],
        sampling=None if value.sampling is None else _sampling(value.sampling),
        user_text=value.user_text,
        digest=value.digest,
        language=value.language,
    )


def finding(value: Finding) -> verdict_pb2.Finding:
    """A finding with its evidence."""
    signal = value.signal
    return verdict_pb2.Finding(
        stage=_STAGES[signal.stage],
        category=value.category,
        score=signal.score,
        threshold=value.threshold,
        decision=_DECISIONS[value.decision],
        clause=value.clause,
        source=signal.source,
        chars=[
            verdict_pb2.CharSpan(start=span.start, end=span.end, part=span.part)
            for span in signal.chars
        ],
        span=None
        if signal.span is None
        else verdict_pb2.TimeSpan(
            start_ms=signal.span.start_ms,
            end_ms=signal.span.end_ms,
            peak_ms=signal.span.peak_ms,
        ),
        frame_count=signal.frame_count,
        parts=signal.parts,
        reading=signal.reading,
        score_without=value.score_without,
        known=None
        if signal.known is None
        else verdict_pb2.KnownEntry(
            list_name=signal.known.list_name,
            entry_id=signal.known.entry_id,
            distance=signal.known.distance,
            mirrored=signal.known.mirrored,
            confirmed=signal.known.confirmed,
        ),
    )


def audit_ref(value: AuditRef) -> verdict_pb2.AuditRef:
    """Where a record stands in the log."""
    return verdict_pb2.AuditRef(leaf_index=value.leaf_index, leaf_hash=value.leaf_hash)


def _degradation(value: Degradation) -> verdict_pb2.Degradation:
    return verdict_pb2.Degradation(
        stage=_STAGES[value.stage],
        source=value.source,
        reason=value.reason,
        categories=value.categories,
        decision=_DECISIONS[value.decision],
        clause=value.clause,
    )


def _sampling(value: Sampling) -> verdict_pb2.Sampling:
    return verdict_pb2.Sampling(
        strategy=value.strategy,
        interval_ms=value.interval_ms,
        frame_count=value.frame_count,
        scene_cuts=value.scene_cuts,
        max_gap_ms=value.max_gap_ms,
        duration_ms=value.duration_ms,
        closer_frames=value.closer_frames,
        repeated_frames=value.repeated_frames,
        stopped_ms=value.stopped_ms,
    )


def clip_state(name: str) -> moderation_pb2.ClipState.ValueType:
    """The enum value of a state of the domain (`received` to `recalled`)."""
    return moderation_pb2.ClipState.Value(f"CLIP_STATE_{name.upper()}")


def reason(value: Reason) -> provenance_pb2.ValidationReason:
    """One result of a validation."""
    return provenance_pb2.ValidationReason(
        code=value.code, explanation=value.explanation, failure=value.failure
    )


def c2pa_state(state: C2paState) -> provenance_pb2.C2paState.ValueType:
    """The enum value of a state (`trusted` to `absent`)."""
    return provenance_pb2.C2paState.Value(f"C2PA_STATE_{state.value.upper()}")


def named_source(value: moderation_pb2.Source) -> NamedSource:
    """A source as a request names it.

    Raises:
        InvalidInput: Its relation is not set, or it is not named by exactly one of the ways.
    """
    relation = _RELATIONS.get(value.relation)
    if relation is None:
        raise InvalidInput("a source says what it is to the clip", field="sources.relation")
    return NamedSource(relation, clip_id=value.clip_id, sha256=value.sha256)


def source_found(value: SourceReport) -> moderation_pb2.SourceFound:
    """What was found of a source."""
    relations = {kind: number for number, kind in _RELATIONS.items()}
    return moderation_pb2.SourceFound(
        relation=relations[value.relation],
        media_type=value.media_type,
        sha256=value.sha256,
        state=c2pa_state(value.state),
        reasons=[reason(one) for one in value.reasons],
        manifest_id=value.manifest_id,
        carried=value.carried,
    )
