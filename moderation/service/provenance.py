"""ProvenanceService: protobuf in, the gate's use case, protobuf out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Any

from grpc import aio

from framegate.v1 import provenance_pb2 as pb
from framegate.v1 import provenance_pb2_grpc
from moderation.clips.matches import Match
from moderation.clips.standalone import NOT_CHECKED
from moderation.gate import Gate
from moderation.service import uploads, wire
from moderation.service.calls import request_id
from moderation.service.moderation import call_of
from moderation.settings import Settings
from moderation.store.clips import ClipState
from provenance.actions import SoftBinding
from provenance.layers import FingerprintLayer, FingerprintMatch, NeuralLayer, WatermarkLayer
from provenance.reading import C2paReport, C2paState, Reason
from provenance.trust import TrustList
from provenance.verification import Verification

Context = aio.ServicerContext[Any, Any]
_PRIORS = (0.001, 0.01, 0.1)


class ProvenanceServicer(provenance_pb2_grpc.ProvenanceServiceServicer):
    """Translates between the contract and the gate; safe for any number of calls at once."""

    def __init__(self, gate: Gate, settings: Settings) -> None:
        self._gate = gate
        self._idle_ms = settings.upload_idle_ms
        self._prior = settings.synthetic_prior

    async def VerifyClip(
        self, request_iterator: AsyncIterator[pb.VerifyClipRequest], context: Context
    ) -> pb.VerifyClipResponse:
        """Tell what a clip's layers say of its origin."""
        header = await uploads.first_header(request_iterator, idle_ms=self._idle_ms)
        chunks = uploads.chunks(request_iterator, idle_ms=self._idle_ms)
        found, audit = await self._gate.tracing.verify(header.size_bytes, chunks, call_of(context))
        return pb.VerifyClipResponse(
            request_id=request_id(),
            answer=pb.Answer.Value(f"ANSWER_{found.answer.upper()}"),
            clip_id=found.clip_id,
            c2pa=_layer(found.c2pa),
            audit=wire.audit_ref(audit),
            watermark=_watermark(found.watermark),
            fingerprint=_fingerprint(found.fingerprint),
            detection=detection_layer(found, self._prior),
            neural=None if found.neural is None else _neural(found.neural),
        )

    async def LookupManifest(
        self, request: pb.LookupManifestRequest, context: Context
    ) -> pb.LookupManifestResponse:
        """Find the manifest of a clip that was released here."""
        asked = request.soft_binding if request.HasField("soft_binding") else None
        record = await self._gate.tracing.manifest(
            manifest_id=request.manifest_id,
            clip_id=request.clip_id,
            binding=None if asked is None else SoftBinding(asked.algorithm, asked.value),
        )
        signature = NOT_CHECKED
        if request.check_signature:
            signature = await self._gate.tracing.signature(record.manifest, call_of(context))
        return pb.LookupManifestResponse(
            request_id=request_id(),
            clip_id=record.clip_id,
            manifest_id=record.manifest_id,
            manifest=record.manifest,
            recalled=record.state is ClipState.RECALLED,
            signature=pb.ManifestSignature(
                state=pb.SignatureState.Value(f"SIGNATURE_STATE_{signature.state.upper()}"),
                signer=signature.signer,
                reasons=[_reason(reason) for reason in signature.reasons],
            ),
        )

    async def MatchClip(
        self, request_iterator: AsyncIterator[pb.MatchClipRequest], context: Context
    ) -> pb.MatchClipResponse:
        """Find the released clips that a clip's pictures lead to."""
        header = await uploads.first_header(request_iterator, idle_ms=self._idle_ms)
        chunks = uploads.chunks(request_iterator, idle_ms=self._idle_ms)
        matches, audit = await self._gate.tracing.match(header.size_bytes, chunks, call_of(context))
        return pb.MatchClipResponse(
            request_id=request_id(),
            matches=[_match(match) for match in matches.found],
            comparable=matches.comparable,
            audit=wire.audit_ref(audit),
        )


def detection_layer(found: Verification, prior: float) -> pb.DetectionLayer:
    """What the statistics say, with what that is worth at a prior of the operator's and others."""
    seen = found.detection
    if seen is None:
        return pb.DetectionLayer(fault=found.detection_fault)
    return pb.DetectionLayer(
        answer=pb.Answer.Value(f"ANSWER_{seen.answer.upper()}"),
        score=seen.score,
        llr=seen.llr,
        llr_low=seen.llr_low,
        llr_high=seen.llr_high,
        false_positive_rate=seen.fpr,
        quality=seen.quality,
        quality_loss=seen.quality_loss,
        reason=seen.reason,
        timeline=[
            pb.DetectionMoment(
                start_pts_ms=max(0, part.start_ms), end_pts_ms=max(0, part.end_ms), score=part.score
            )
            for part in seen.timeline
        ],
        posteriors=[
            pb.Posterior(prior=at.prior, probability=at.probability, low=at.low, high=at.high)
            for at in (seen.posterior(each) for each in (prior, *_PRIORS))
            if seen.calibration_digest
        ],
        model_digest=seen.model_digest,
        calibration_digest=seen.calibration_digest,
    )


def _layer(report: C2paReport) -> pb.C2paLayer:
    return pb.C2paLayer(
        state=_state(report.state),
        reasons=[_reason(reason) for reason in report.reasons],
        manifest_id=report.manifest_id,
        claim_generator=report.claim_generator,
        software_agents=[
            pb.SoftwareAgent(name=agent.name, version=agent.version)
            for agent in report.software_agents
        ],
        digital_source_type=report.digital_source_type,
        signer=report.signer_organization,
        created_time=None if report.created_ms is None else wire.timestamp(report.created_ms),
        vouched_by=_lists(report.vouched_by),
        revocation=pb.Revocation.Value(f"REVOCATION_{report.revocation.upper()}"),
        stamp=pb.TimeStamp(
            state=pb.StampState.Value(f"STAMP_STATE_{report.stamp.upper()}"),
            time=None if report.signed_ms is None else wire.timestamp(report.signed_ms),
            vouched_by=_lists(report.stamp_vouched_by),
        ),
        ingredients=[
            pb.Ingredient(
                title=item.title,
                relationship=item.relationship,
                state=_state(item.state),
                reasons=[_reason(reason) for reason in item.reasons],
            )
            for item in report.ingredients
        ],
    )


def _watermark(layer: WatermarkLayer) -> pb.WatermarkLayer:
    return pb.WatermarkLayer(
        state=pb.LayerState.Value(f"LAYER_STATE_{layer.state.upper()}"),
        clip_id=layer.clip_id,
        key_id=layer.key_id,
        p_value=layer.p_value,
        bits=layer.bits,
        leaked=layer.leaked,
        fault=layer.fault,
        sameness=layer.sameness,
        same=layer.same,
    )


def _neural(layer: NeuralLayer) -> pb.NeuralLayer:
    return pb.NeuralLayer(
        state=pb.LayerState.Value(f"LAYER_STATE_{layer.state.upper()}"),
        clip_id=layer.clip_id,
        key_id=layer.key_id,
        network_id=layer.network_id,
        p_value=layer.p_value,
        bits=layer.bits,
        of_bits=layer.of_bits,
        leaked=layer.leaked,
        fault=layer.fault,
    )


def _fingerprint(layer: FingerprintLayer) -> pb.FingerprintLayer:
    return pb.FingerprintLayer(
        state=pb.LayerState.Value(f"LAYER_STATE_{layer.state.upper()}"),
        matches=[_stretch(match) for match in layer.matches],
        comparable=layer.comparable,
        fault=layer.fault,
    )


def _stretch(match: FingerprintMatch) -> pb.FingerprintMatch:
    return pb.FingerprintMatch(
        clip_id=match.clip_id,
        start_pts_ms=max(0, match.start_ms),
        end_pts_ms=max(0, match.end_ms),
        original_start_pts_ms=max(0, match.original_start_ms),
        original_end_pts_ms=max(0, match.original_end_ms),
        frame_count=match.frames,
        distance=match.distance,
        mirrored=match.mirrored,
        cropped=match.cropped,
        derived=match.derived,
    )


def _match(match: Match) -> pb.ClipMatch:
    found, stretch, written = match.watermark, match.fingerprint, match.neural
    return pb.ClipMatch(
        clip_id=match.clip_id,
        manifest_id=match.manifest_id,
        recalled=match.recalled,
        watermark=None
        if found is None
        else pb.WatermarkMatch(key_id=found.key_id, p_value=found.p_value, bits=found.bits),
        fingerprint=None if stretch is None else _stretch(stretch),
        score=match.score,
        statement=match.statement,
        neural=None
        if written is None
        else pb.NeuralMatch(
            network_id=written.network_id,
            key_id=written.key_id,
            p_value=written.p_value,
            bits=written.bits,
            of_bits=written.of_bits,
        ),
    )


def _lists(lists: Iterable[TrustList]) -> list[pb.TrustList.ValueType]:
    return [pb.TrustList.Value(f"TRUST_LIST_{one.upper()}") for one in lists]


def _state(state: C2paState) -> pb.C2paState.ValueType:
    return pb.C2paState.Value(f"C2PA_STATE_{state.upper()}")


def _reason(reason: Reason) -> pb.ValidationReason:
    return pb.ValidationReason(
        code=reason.code, explanation=reason.explanation, failure=reason.failure
    )
