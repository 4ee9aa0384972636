"""Which layer an answer rests on: what a page or a line says depends on that."""

from __future__ import annotations

from enum import StrEnum

from provenance.layers import FingerprintLayer, LayerState, WatermarkLayer
from provenance.report import C2paReport, C2paState
from provenance.trust import TrustList
from provenance.verification import COPY_DISTANCE, Answer


class Ground(StrEnum):
    """What an answer rests on; see the tables of `provenance.verification`.

    `TRANSPLANT`: a watermark of ours in pictures that do not look like its clip. `LOOKALIKE`: they
    look like a released clip, but not so much that they must be a copy. `SOURCE`: they look like a
    released clip that was made from other footage, and may be that footage. `STATISTICS`: nothing
    exact was found.
    """

    MANIFEST = "manifest"
    WATERMARK = "watermark"
    COPY = "copy"
    TRANSPLANT = "transplant"
    LOOKALIKE = "lookalike"
    SOURCE = "source"
    STATISTICS = "statistics"


def ground(
    answer: Answer,
    report: C2paReport,
    watermark: WatermarkLayer,
    fingerprint: FingerprintLayer,
    *,
    doubtful: bool = False,
) -> Ground:
    """Tell what an answer rests on. Pure.

    Args:
        answer: The fused answer.
        report: What the manifest says.
        watermark: What the pictures carry.
        fingerprint: What they look like.
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
    otherwise = Ground.STATISTICS if doubtful else Ground.MANIFEST
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
    return Ground.COPY if fingerprint.matches else Ground.MANIFEST
