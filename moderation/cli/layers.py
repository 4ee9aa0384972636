"""The layers of a verification as JSON, in field names that stay."""

from __future__ import annotations

from typing import Any

from framegate.v1 import provenance_pb2
from moderation.cli.received import layer_state, named, p_value

Answer = dict[str, Any]


def pictures(value: provenance_pb2.VerifyClipResponse) -> Answer:
    """What the pictures carry and look like; `neural` is there where a network was asked."""
    found = {
        "watermark": watermark(value.watermark),
        "fingerprint": fingerprint(value.fingerprint),
    }
    return found | ({"neural": neural(value.neural)} if value.HasField("neural") else {})


def watermark(layer: provenance_pb2.WatermarkLayer) -> Answer:
    """What the pictures carry."""
    return {
        "state": layer_state(layer.state).value,
        "found": layer.state == provenance_pb2.LAYER_STATE_FOUND,
        "clip_id": layer.clip_id,
        "key_id": layer.key_id,
        "p_value": p_value(layer),
        "bits": layer.bits,
        "leaked": layer.leaked,
        "sameness": layer.sameness if layer.HasField("sameness") else None,
        "same": layer.same,
        "fault": layer.fault,
    }


def neural(layer: provenance_pb2.NeuralLayer) -> Answer:
    """What a network reads from them."""
    return {
        "state": layer_state(layer.state).value,
        "found": layer.state == provenance_pb2.LAYER_STATE_FOUND,
        "clip_id": layer.clip_id,
        "key_id": layer.key_id,
        "network": layer.network_id,
        "p_value": p_value(layer),
        "bits": layer.bits,
        "of_bits": layer.of_bits,
        "leaked": layer.leaked,
        "fault": layer.fault,
    }


def fingerprint(layer: provenance_pb2.FingerprintLayer) -> Answer:
    """What they look like."""
    matches = [
        {
            "clip_id": match.clip_id,
            "start_ms": match.start_pts_ms,
            "end_ms": match.end_pts_ms,
            "matched_ms": match.end_pts_ms - match.start_pts_ms,
            "original_start_ms": match.original_start_pts_ms,
            "original_end_ms": match.original_end_pts_ms,
            "frame_count": match.frame_count,
            "distance": match.distance,
            "mirrored": match.mirrored,
            "cropped": match.cropped,
            "derived": match.derived,
        }
        for match in layer.matches
    ]
    best: Answer = matches[0] if matches else {}
    return {
        "state": layer_state(layer.state).value,
        "found": layer.state == provenance_pb2.LAYER_STATE_FOUND,
        "clip_id": best.get("clip_id", ""),
        "matched_ms": best.get("matched_ms", 0),
        "distance": best.get("distance"),
        "matches": matches,
        "comparable": layer.comparable,
        "fault": layer.fault,
    }


def detection(layer: provenance_pb2.DetectionLayer) -> Answer:
    """What their statistics say."""
    return {
        "answer": named(provenance_pb2.Answer.Name, layer.answer, "ANSWER_")
        if layer.answer
        else "",
        "score": layer.score,
        "llr": layer.llr,
        "llr_low": layer.llr_low,
        "llr_high": layer.llr_high,
        "fpr": layer.false_positive_rate,
        "quality": layer.quality,
        "reason": layer.reason,
        "timeline": [
            {"start_ms": part.start_pts_ms, "end_ms": part.end_pts_ms, "score": part.score}
            for part in layer.timeline
        ],
        "posteriors": [
            {
                "prior": each.prior,
                "probability": each.probability,
                "low": each.low,
                "high": each.high,
            }
            for each in layer.posteriors
        ],
        "model_digest": layer.model_digest,
        "calibration_digest": layer.calibration_digest,
        "fault": layer.fault,
    }
