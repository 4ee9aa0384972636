"""What the command line prints as JSON: one object a line, in field names that stay."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from framegate.v1 import audit_pb2, moderation_pb2, provenance_pb2, verdict_pb2
from media.errors import FramegateError
from moderation.cli import layers
from moderation.cli.received import named, rests_on

Answer = dict[str, Any]

# Exit status by decision; a run over several files ends with the strictest.
EXIT = {"allow": 0, "review": 3, "block": 4}
EXIT_FAILED = 1

_DECISIONS = {
    verdict_pb2.DECISION_ALLOW: "allow",
    verdict_pb2.DECISION_REVIEW: "review",
    verdict_pb2.DECISION_BLOCK: "block",
}
_STAGES = {verdict_pb2.STAGE_PROMPT: "prompt", verdict_pb2.STAGE_FRAMES: "frames"}


def decision(value: verdict_pb2.Decision.ValueType) -> str:
    """Name of a decision; one that this program does not know counts as review."""
    return _DECISIONS.get(value, "review")


def verdict(value: verdict_pb2.Verdict) -> Answer:
    """The fields that screening and review have in common."""
    judgement = value.judgement
    return {
        "decision": decision(judgement.decision),
        "scores": {item.category: round(item.score, 6) for item in judgement.scores},
        "findings": [finding(item) for item in judgement.findings],
        "degraded": [_degradation(item) for item in judgement.degraded],
        "user_text": judgement.user_text,
        "language": judgement.language,
        "verdict_id": value.verdict_id,
        "request_id": value.request_id,
        "policy": {
            "id": judgement.policy.id,
            "version": judgement.policy.version,
            "digest": judgement.policy.digest,
        },
        "models": [
            {"id": model.id, "version": model.version, "digest": model.digest}
            for model in judgement.models
        ],
        "judgement_digest": judgement.digest,
        "latency_ms": {item.stage: round(item.duration_ms, 2) for item in value.latency},
        "audit": _audit(value.audit),
    }


def finding(value: verdict_pb2.Finding) -> Answer:
    """One finding."""
    found: Answer = {
        "category": value.category,
        "score": round(value.score, 6),
        "threshold": round(value.threshold, 6),
        "decision": decision(value.decision),
        "clause": value.clause,
        "source": value.source,
        "stage": _STAGES.get(value.stage, ""),
    }
    if value.HasField("span"):
        found |= {
            "start_ms": value.span.start_ms,
            "end_ms": value.span.end_ms,
            "peak_ms": value.span.peak_ms,
            "frame_count": value.frame_count,
        }
    if value.parts:
        found["parts"] = list(value.parts)
    if value.reading:
        found["reading"] = value.reading
    if value.chars:
        found["chars"] = [_chars(span) for span in value.chars]
    if value.HasField("score_without"):
        found["score_without"] = round(value.score_without, 6)
    if value.HasField("known"):
        found["known"] = {
            "list": value.known.list_name,
            "entry_id": value.known.entry_id,
            "distance": value.known.distance,
            "mirrored": value.known.mirrored,
            "confirmed": value.known.confirmed,
        }
    return found


def _chars(span: verdict_pb2.CharSpan) -> list[Any]:
    """`[start, end]` of the prompt, `[start, end, part]` of any other part."""
    other = [span.part] if span.part not in ("", "prompt") else []
    return [span.start, span.end, *other]


def review(file: str, value: verdict_pb2.Verdict) -> Answer:
    """The answer to `review`."""
    sampling = value.judgement.sampling
    return {
        "file": file,
        "clip_id": value.clip_id,
        **verdict(value),
        "sampling": {
            "strategy": sampling.strategy,
            "interval_ms": sampling.interval_ms,
            "frame_count": sampling.frame_count,
            "scene_cuts": sampling.scene_cuts,
            "max_gap_ms": sampling.max_gap_ms,
            "duration_ms": sampling.duration_ms,
            "closer_frames": sampling.closer_frames,
            "repeated_frames": sampling.repeated_frames,
            "stopped_ms": sampling.stopped_ms if sampling.HasField("stopped_ms") else None,
        },
    }


def released(value: moderation_pb2.ReleasedClip, file: str) -> Answer:
    """The answer to `release`."""
    return {
        "clip_id": value.clip_id,
        "file": file,
        "sha256": value.sha256,
        "size_bytes": value.size_bytes,
        "manifest_id": value.manifest_id,
        "media_type": value.media_type,
        "sources": [source(each) for each in value.sources],
        "request_id": value.request_id,
        "audit": _audit(value.audit),
    }


def source(value: moderation_pb2.SourceFound) -> Answer:
    """What was found of a source."""
    return {
        "relation": named(moderation_pb2.SourceRelation.Name, value.relation, "SOURCE_RELATION_"),
        "media_type": value.media_type,
        "sha256": value.sha256,
        "state": _state(value.state),
        "reasons": [_reason(each) for each in value.reasons],
        "manifest_id": value.manifest_id,
        "carried": value.carried,
    }


def verification(file: str, value: provenance_pb2.VerifyClipResponse) -> Answer:
    """The answer to `verify`."""
    layer = value.c2pa
    return {
        "file": file,
        "answer": named(provenance_pb2.Answer.Name, value.answer, "ANSWER_"),
        "rests_on": rests_on(value).value,
        "clip_id": value.clip_id,
        "layers": {
            "c2pa": {
                "state": _state(layer.state),
                "reasons": [_reason(item) for item in layer.reasons],
                "manifest_id": layer.manifest_id,
                "claim_generator": layer.claim_generator,
                "software_agents": [
                    {"name": agent.name, "version": agent.version}
                    for agent in layer.software_agents
                ],
                "digital_source_type": layer.digital_source_type,
                "signer": layer.signer,
                "vouched_by": [_list(each) for each in layer.vouched_by],
                "revocation": named(
                    provenance_pb2.Revocation.Name, layer.revocation, "REVOCATION_"
                ),
                "stamp": {
                    "state": named(
                        provenance_pb2.StampState.Name, layer.stamp.state, "STAMP_STATE_"
                    ),
                    "time_ms": layer.stamp.time.ToMilliseconds()
                    if layer.stamp.HasField("time")
                    else None,
                    "vouched_by": [_list(each) for each in layer.stamp.vouched_by],
                },
                "created_ms": layer.created_time.ToMilliseconds()
                if layer.HasField("created_time")
                else None,
                "ingredients": [
                    {
                        "title": item.title,
                        "relationship": item.relationship,
                        "state": _state(item.state),
                        "reasons": [_reason(reason) for reason in item.reasons],
                    }
                    for item in layer.ingredients
                ],
            },
            **layers.pictures(value),
            "detection": layers.detection(value.detection),
        },
        "request_id": value.request_id,
        "audit": _audit(value.audit),
    }


def entry(value: audit_pb2.Entry) -> Answer:
    """One line of `audit list`."""
    return {
        "leaf_index": value.leaf_index,
        "leaf_hash": value.leaf_hash,
        "event": value.event,
        "time_ms": value.time.ToMilliseconds(),
        "request_id": value.request_id,
        "clip_id": value.clip_id,
        "verdict_id": value.verdict_id,
        "decision": value.decision,
        "reasons": [
            {"category": reason.category, "clause": reason.clause} for reason in value.reasons
        ],
    }


def checkpoint(value: audit_pb2.GetCheckpointResponse) -> Answer:
    """The answer to `audit checkpoint`."""
    return {
        "checkpoint": value.checkpoint,
        "tree_size": value.tree_size,
        "root_hash": base64.b64encode(value.root_hash).decode(),
        "verifier_key": value.verifier_key,
    }


def failure(error: Exception) -> Answer:
    """An error as `{code, reason, message}`, from a call or from this program."""
    if isinstance(error, FramegateError):
        return {"code": error.code, "reason": error.reason, "message": error.message}
    if isinstance(error, grpc.RpcError):
        return _rpc_failure(error)
    if isinstance(error, OSError):
        return {
            "code": "NOT_FOUND" if isinstance(error, FileNotFoundError) else "UNAVAILABLE",
            "reason": "FILE_UNREADABLE",
            "message": f"the file cannot be read: {error.strerror}",
        }
    raise error


def strictest(decisions: Sequence[str]) -> int:
    """Exit status of a run over several files."""
    return max((EXIT[each] for each in decisions), default=0)


def _rpc_failure(error: grpc.RpcError) -> Answer:
    code = error.code().name
    answer = {"code": code, "reason": code, "message": error.details() or code}
    status = rpc_status.from_call(error)  # type: ignore[arg-type]
    for detail in status.details if status is not None else ():
        info = error_details_pb2.ErrorInfo()
        retry = error_details_pb2.RetryInfo()
        if detail.Unpack(info):
            answer["reason"] = info.reason
            answer |= {
                name: info.metadata[name]
                for name in ("field", "limit", "actual", "request_id")
                if name in info.metadata
            }
        elif detail.Unpack(retry):
            answer["retry_after_ms"] = retry.retry_delay.ToMilliseconds()
    return answer


def _state(value: int) -> str:
    return named(provenance_pb2.C2paState.Name, value, "C2PA_STATE_")


def _list(value: int) -> str:
    return named(provenance_pb2.TrustList.Name, value, "TRUST_LIST_")


def _reason(value: provenance_pb2.ValidationReason) -> Answer:
    return {"code": value.code, "explanation": value.explanation, "failure": value.failure}


def _degradation(value: verdict_pb2.Degradation) -> Answer:
    return {
        "stage": _STAGES.get(value.stage, ""),
        "source": value.source,
        "reason": value.reason,
        "categories": list(value.categories),
        "decision": decision(value.decision),
        "clause": value.clause,
    }


def _audit(value: verdict_pb2.AuditRef) -> Answer:
    return {"leaf_index": value.leaf_index, "leaf_hash": value.leaf_hash}


def clip(value: moderation_pb2.Clip) -> Answer:
    """The answer to `clip` and `recall`."""
    return {
        "clip_id": value.clip_id,
        "state": moderation_pb2.ClipState.Name(value.state).removeprefix("CLIP_STATE_").lower(),
        "sha256": value.sha256,
        "size_bytes": value.size_bytes,
        "created_ms": value.create_time.ToMilliseconds(),
        "updated_ms": value.update_time.ToMilliseconds(),
        "reason": value.reason,
        "decision": decision(value.verdict.judgement.decision) if value.HasField("verdict") else "",
        "signed_sha256": value.signed_sha256,
        "manifest_id": value.manifest_id,
    }
