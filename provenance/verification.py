"""The answer to "where does this clip come from?", put together from all that is known.

| the manifest | the answer |
|---|---|
| trusted through our own anchors, signed in our name, names one of our clips | `made_here` |
| trusted, and says that a generative model made it or had a part | `declared_ai` |
| trusted, and says nothing of the kind | `no_evidence` |
| intact, but signed by a stranger | `no_evidence` |
| names us as the provider, but is not signed by us | `inconclusive` |
| changed, expired, revoked, malformed | `inconclusive` |
| none | `no_evidence` |

Then the pictures are asked (`fuse`), because a manifest is easily stripped:

| the pictures | the answer |
|---|---|
| a watermark of ours, and they look like the clip that it stands for | `made_here` |
| a watermark of ours, and they do not: it was put onto something else | `inconclusive` |
| no watermark, no evidence so far; within 31 bits of a released clip | `made_here` |
| the same, but farther off, or the clip may be the source of the released one | `inconclusive` |
| neither | as the manifest says |

Where a network reads the pictures as well (`provenance.watermark.neural`), its mark counts for
little, because everybody who has the network can write it: it never stands against a manifest or
our own watermark, and proves nothing. It only says which clip to compare with. So pictures that
look most like that very clip, if not as near as a copy, are `made_here`, but for a clip that was
made from other footage; a mark that they do not bear out is asked last of all, and makes
`inconclusive` of `no_evidence`.

A trusted manifest of ours stands above them all: it is bound to the very bytes. One of somebody
else's that says that a model made the clip stands above a look-alike, and below a watermark. So
does one that was tampered with: what was changed may be too small for a fingerprint to see.

Last come the statistics (`weigh`): where nothing else was found, `likely_ai` or `inconclusive`.

No answer says that a clip is real. `no_evidence` means that nothing was found, and a manifest is
easily stripped: copying a clip into a new file is enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from provenance.detection.detection import Detection
from provenance.keys.credentials import Credentials
from provenance.layers import (
    UNREAD_FINGERPRINT,
    UNREAD_WATERMARK,
    FingerprintLayer,
    FingerprintMatch,
    LayerState,
    NeuralLayer,
    WatermarkLayer,
)
from provenance.reading import read, read_whole, revocation_unknown
from provenance.report import C2paReport, C2paState
from provenance.summary import says_ai
from provenance.tree import Node, grow
from provenance.trust import TrustAnchors

COPY_DISTANCE: Final = 31
"""Median distance of hashes, in bits of 256, up to which a look-alike counts as a copy without a
watermark: the bound of PDQ for two copies of one picture."""


class Answer(StrEnum):
    """The fused answer; never that a clip is real."""

    MADE_HERE = "made_here"
    DECLARED_AI = "declared_ai"
    LIKELY_AI = "likely_ai"
    INCONCLUSIVE = "inconclusive"
    NO_EVIDENCE = "no_evidence"


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer and what each layer says.

    Attributes:
        answer: The answer.
        c2pa: What the manifest says.
        clip_id: The released clip that it is, if it was made here; else "".
        watermark: What the pictures carry.
        fingerprint: What they look like.
        detection: What their statistics say, where they were looked at.
        detection_fault: Why not: the reason of an error, or "".
        neural: What a network reads from them; None where none is asked.
    """

    answer: Answer
    c2pa: C2paReport
    clip_id: str = ""
    watermark: WatermarkLayer = UNREAD_WATERMARK
    fingerprint: FingerprintLayer = UNREAD_FINGERPRINT
    detection: Detection | None = None
    detection_fault: str = ""
    neural: NeuralLayer | None = None


@dataclass(frozen=True, slots=True)
class Inspection:
    """A verification with all that a page about it shows.

    Attributes:
        verification: The answer.
        tree: The manifests, or None where there is none that can be read.
        pictures: Thumbnails by the keys that the tree names, as they were written: hostile bytes.
    """

    verification: Verification
    tree: Node | None
    pictures: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def verify(
    path: Path, ours: Credentials | TrustAnchors, *, ask_revocation: bool = False
) -> Verification:
    """Tell where a clip comes from.

    Args:
        path: The clip; hostile bytes are expected, so call it in a process that may die.
        ours: Our credentials (they may have expired: `credentials.load(..., for_signing=False)`),
            with the anchors of all who are believed; or just anchors, for who never signs.
        ask_revocation: See `provenance.reading.read`.

    Raises:
        ClipRefused: The file is no readable clip, see `provenance.reading`.
    """
    anchors, organization = _believed(ours)
    found = read(path, anchors, ask_revocation=ask_revocation)
    return _by_manifest(found, organization)


def inspect(path: Path, ours: Credentials | TrustAnchors) -> Inspection:
    """Do as `verify`, and take out the manifests and thumbnails for a person to look at.

    Args:
        path: The clip.
        ours: See `verify`.

    Raises:
        ClipRefused: The file is no readable clip, see `provenance.reading`.
    """
    anchors, organization = _believed(ours)
    found, store = read_whole(path, anchors, pictures=True)
    made = _by_manifest(found, organization)
    return Inspection(made, grow(store, found), store.pictures) if store else Inspection(made, None)


def looked_like(
    fingerprint: FingerprintLayer, neural: NeuralLayer | None = None
) -> FingerprintMatch | None:
    """Return the released clip that pictures without a watermark are of, or None. Pure.

    It is the best match: as a copy; or farther off, where a network's mark leads to it as well.
    Never a clip that was made from other footage: that looks like it too, and everybody can write
    the mark into it.

    Args:
        fingerprint: What they look like.
        neural: What a network reads from them, or None.
    """
    best = next(iter(fingerprint.matches), None)
    if best is None or best.derived:
        return None
    found = neural is not None and neural.state is LayerState.FOUND
    borne_out = neural is not None and found and neural.clip_id == best.clip_id
    return best if best.distance <= COPY_DISTANCE or borne_out else None


def fuse(
    found: Verification,
    watermark: WatermarkLayer,
    fingerprint: FingerprintLayer,
    neural: NeuralLayer | None = None,
) -> Verification:
    """Put what the pictures say beside what the manifest says; see the tables above. Pure.

    Args:
        found: The answer as far as the manifest goes.
        watermark: What they carry.
        fingerprint: What they look like.
        neural: What a network reads from them, or None. A mark that nothing else bears out is
            weighed in `weigh`, behind the statistics.
    """
    fused = replace(found, watermark=watermark, fingerprint=fingerprint, neural=neural)
    if found.answer is Answer.MADE_HERE:
        return fused
    if watermark.state is LayerState.FOUND:
        if watermark.same or fingerprint.of(watermark.clip_id) is not None:
            return replace(fused, answer=Answer.MADE_HERE, clip_id=watermark.clip_id)
        return replace(fused, answer=Answer.INCONCLUSIVE)
    if found.answer is not Answer.NO_EVIDENCE or fingerprint.state is not LayerState.FOUND:
        return fused
    match = looked_like(fingerprint, neural)
    if match is not None:
        return replace(fused, answer=Answer.MADE_HERE, clip_id=match.clip_id)
    return replace(fused, answer=Answer.INCONCLUSIVE)


def weigh(found: Verification, detection: Detection | None, fault: str = "") -> Verification:
    """Put what the statistics say last; they never outweigh or add to exact evidence. Pure.

    Only where nothing else was found do they decide: `likely_ai`, or `inconclusive` where the
    detector is not sure. Where it abstains for what the clip is, the answer stays `no_evidence`,
    unless a network's mark was found that nothing bears out: then it is `inconclusive`. That
    comes last, so that nobody hides what the statistics say by writing such a mark.

    Args:
        found: The answer without them.
        detection: What they say, or None.
        fault: Why there is none: the reason of an error.
    """
    said = found.answer
    if said is Answer.NO_EVIDENCE and detection is not None and not detection.out_of_domain:
        said = Answer(detection.answer)
    hinted = found.neural is not None and found.neural.state is LayerState.FOUND
    if said is Answer.NO_EVIDENCE and hinted:
        said = Answer.INCONCLUSIVE
    return replace(found, answer=said, detection=detection, detection_fault=fault)


def unlearnt_revocation(found: Verification) -> Verification:
    """State that it was asked whether the certificate is revoked, and not learnt in time."""
    return replace(found, c2pa=revocation_unknown(found.c2pa))


def _by_manifest(found: C2paReport, organization: str) -> Verification:
    said = answer(found, organization)
    return Verification(said, found, found.clip_id if said is Answer.MADE_HERE else "")


def _believed(ours: Credentials | TrustAnchors) -> tuple[TrustAnchors, str]:
    if isinstance(ours, TrustAnchors):
        return ours, ""
    return ours.anchors, ours.organization


def answer(found: C2paReport, organization: str) -> Answer:
    """Answer by the table of this module. Pure.

    Args:
        found: What the manifest says.
        organization: Our name in the signing certificate. It is asked for beside the anchor,
            because a public authority issues under one root to many. "" for who never signs.
    """
    if found.state is C2paState.ABSENT:
        return Answer.NO_EVIDENCE
    if found.state is C2paState.INVALID:
        return Answer.INCONCLUSIVE
    signed_by_us = found.own and found.signer_organization == organization
    if signed_by_us and found.clip_id:
        return Answer.MADE_HERE
    if organization and found.provider == organization and not signed_by_us:
        return Answer.INCONCLUSIVE
    if found.state is C2paState.TRUSTED and says_ai(found.digital_source_type):
        return Answer.DECLARED_AI
    return Answer.NO_EVIDENCE
