"""Which layer an answer rests on: what a page or a line says depends on that."""

from __future__ import annotations

from enum import StrEnum

from provenance.layers import FingerprintLayer, LayerState, NeuralLayer, WatermarkLayer
from provenance.report import C2paReport, C2paState
from provenance.trust import TrustList
from provenance.verification import COPY_DISTANCE, Answer


class Ground(StrEnum):
    """What an answer rests on; see the tables of `provenance.verification`.

    `TRANSPLANT`: a watermark of ours in pictures that do not look like its clip. `LOOKALIKE`: they
    look like a released clip, but not so much that they must be a copy. `SOURCE`: they look like a
    released clip that was made from other footage, and may be that footage. `STATISTICS`: nothing
    exact was found. `NEURAL`: a network's mark leads to a released clip that the pictures look
    like, if not as near as a copy. `NEURAL_ALONE`: it leads to one, and nothing bears that out.
    """

    MANIFEST = "manifest"
    WATERMARK = "watermark"
    COPY = "copy"
    TRANSPLANT = "transplant"
    LOOKALIKE = "lookalike"
    SOURCE = "source"
    STATISTICS = "statistics"
    NEURAL = "neural"
    NEURAL_ALONE = "neural_alone"


def ground(
    answer: Answer,
    report: C2paReport,
    watermark: WatermarkLayer,
    fingerprint: FingerprintLayer,
    neural: NeuralLayer | None = None,
    *,
    doubtful: bool = False,
) -> Ground:
    """Tell what an answer rests on. Pure.

    Args:
        answer: The fused answer.
        report: What the manifest says.
        watermark: What the pictures carry.
        fingerprint: What they look like.
        neural: What a network reads from them, or None.
        doubtful: Whether their statistics were looked at and are inconclusive.
    """
    if answer is Answer.MADE_HERE:
        return _made_here(report, watermark, fingerprint)
    if answer is Answer.LIKELY_AI:
        return Ground.STATISTICS
    if answer is not Answer.INCONCLUSIVE:
        return Ground.MANIFEST
    if watermark.state is LayerState.FOUND:
        return Ground.TRANSPLANT
    # Where the detector is not sure, that was the answer before a network's mark was asked.
    otherwise = Ground.MANIFEST
    if doubtful:
        otherwise = Ground.STATISTICS
    elif neural is not None and neural.state is LayerState.FOUND:
        otherwise = Ground.NEURAL_ALONE
    return _unproven(report, fingerprint, otherwise)


def _unproven(report: C2paReport, fingerprint: FingerprintLayer, otherwise: Ground) -> Ground:
    if report.state is C2paState.INVALID:
        return Ground.MANIFEST
    if not fingerprint.matches:
        return otherwise
    best = fingerprint.matches[0]
    if best.distance > COPY_DISTANCE:
        return Ground.LOOKALIKE
    # So near, and nothing else made into it: it would be called ours, but for its manifest.
    return Ground.SOURCE if best.derived else Ground.MANIFEST


def _made_here(
    report: C2paReport, watermark: WatermarkLayer, fingerprint: FingerprintLayer
) -> Ground:
    if report.state is C2paState.TRUSTED and TrustList.OWN in report.vouched_by:
        return Ground.MANIFEST
    if watermark.state is LayerState.FOUND:
        return Ground.WATERMARK
    if not fingerprint.matches:
        return Ground.MANIFEST
    near = fingerprint.matches[0].distance <= COPY_DISTANCE
    return Ground.COPY if near else Ground.NEURAL
