"""An answer of the service in values of the domain, for whoever tells a person about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

from framegate.v1 import provenance_pb2 as pb
from moderation.origins.grounds import Ground, ground
from provenance.detection.detection import Detection, Moment
from provenance.layers import (
    FingerprintLayer,
    FingerprintMatch,
    LayerState,
    NeuralLayer,
    WatermarkLayer,
)
from provenance.report import C2paReport, C2paState, Reason, Revocation, StampTrust
from provenance.trust import TrustList
from provenance.verification import Answer


def named(name: Callable[[Any], str], value: int, prefix: str) -> str:
    """Name of an enum's value, in small letters and without the prefix."""
    return name(value).removeprefix(prefix).lower()


def answer(value: int) -> Answer:
    """The fused answer."""
    return Answer(named(pb.Answer.Name, value, "ANSWER_"))


def report(layer: pb.C2paLayer) -> C2paReport:
    """What the manifest says; what the wire does not carry is left at its default."""
    return C2paReport(
        state=C2paState(named(pb.C2paState.Name, layer.state, "C2PA_STATE_")),
        reasons=tuple(
            Reason(item.code, item.explanation, failure=item.failure) for item in layer.reasons
        ),
        manifest_id=layer.manifest_id,
        digital_source_type=layer.digital_source_type,
        signer_organization=layer.signer,
        vouched_by=_lists(layer.vouched_by),
        revocation=Revocation(named(pb.Revocation.Name, layer.revocation, "REVOCATION_")),
        stamp=StampTrust(named(pb.StampState.Name, layer.stamp.state, "STAMP_STATE_")),
        signed_ms=layer.stamp.time.ToMilliseconds() if layer.stamp.HasField("time") else None,
        stamp_vouched_by=_lists(layer.stamp.vouched_by),
    )


def watermark(layer: pb.WatermarkLayer) -> WatermarkLayer:
    """What the pictures carry."""
    return WatermarkLayer(
        state=layer_state(layer.state),
        clip_id=layer.clip_id,
        key_id=layer.key_id,
        p_value=p_value(layer),
        bits=layer.bits,
        leaked=layer.leaked,
        sameness=layer.sameness if layer.HasField("sameness") else None,
        same=layer.same,
        fault=layer.fault,
    )


def neural(value: pb.VerifyClipResponse) -> NeuralLayer | None:
    """What a network reads; None where none was asked."""
    if not value.HasField("neural"):
        return None
    layer = value.neural
    return NeuralLayer(
        state=layer_state(layer.state),
        clip_id=layer.clip_id,
        key_id=layer.key_id,
        network_id=layer.network_id,
        p_value=p_value(layer),
        bits=layer.bits,
        of_bits=layer.of_bits,
        leaked=layer.leaked,
        fault=layer.fault,
    )


def p_value(layer: pb.WatermarkLayer | pb.NeuralLayer) -> float:
    """The chance of a false alarm; 1 where an older service says nothing of it."""
    return layer.p_value if layer.state else 1.0


def fingerprint(layer: pb.FingerprintLayer) -> FingerprintLayer:
    """What the pictures look like."""
    return FingerprintLayer(
        state=layer_state(layer.state),
        matches=tuple(
            FingerprintMatch(
                clip_id=match.clip_id,
                start_ms=match.start_pts_ms,
                end_ms=match.end_pts_ms,
                original_start_ms=match.original_start_pts_ms,
                original_end_ms=match.original_end_pts_ms,
                frames=match.frame_count,
                distance=match.distance,
                mirrored=match.mirrored,
                cropped=match.cropped,
                derived=match.derived,
            )
            for match in layer.matches
        ),
        comparable=layer.comparable,
        fault=layer.fault,
    )


def layer_state(value: int) -> LayerState:
    """State of a layer; an older service that says nothing of it did not read it."""
    return LayerState(named(pb.LayerState.Name, value or pb.LAYER_STATE_NOT_READ, "LAYER_STATE_"))


def rests_on(value: pb.VerifyClipResponse) -> Ground:
    """Which layer the answer rests on."""
    return ground(
        answer(value.answer),
        report(value.c2pa),
        watermark(value.watermark),
        fingerprint(value.fingerprint),
        neural(value),
        doubtful=doubtful(value.detection),
    )


def detection(layer: pb.DetectionLayer) -> Detection | None:
    """What the statistics say; None where they were not looked at."""
    if not layer.answer:
        return None
    return Detection(
        answer=cast("Any", named(pb.Answer.Name, layer.answer, "ANSWER_")),
        score=layer.score,
        llr=layer.llr,
        llr_low=layer.llr_low,
        llr_high=layer.llr_high,
        fpr=layer.false_positive_rate,
        quality=layer.quality,
        quality_loss=layer.quality_loss,
        reason=cast("Any", layer.reason),
        timeline=tuple(
            Moment(part.start_pts_ms, part.end_pts_ms, part.score) for part in layer.timeline
        ),
        model_digest=layer.model_digest,
        calibration_digest=layer.calibration_digest,
    )


def doubtful(layer: pb.DetectionLayer) -> bool:
    """Whether the statistics were looked at and are inconclusive."""
    return layer.answer == pb.ANSWER_INCONCLUSIVE and not layer.reason


def _lists(values: Iterable[int]) -> tuple[TrustList, ...]:
    return tuple(TrustList(named(pb.TrustList.Name, value, "TRUST_LIST_")) for value in values)
