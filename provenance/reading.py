"""What a clip's C2PA manifest says, and whether it holds.

| the file | what comes back |
|---|---|
| intact, signed under one of the anchors | `trusted` |
| intact, signed by anybody else | `valid`: it proves nothing of who signed |
| changed, expired, malformed; a second manifest box; bytes behind the last box | `invalid` |
| no manifest; a container that cannot carry one; only a link to one elsewhere | `absent` |
| no bytes | error `CLIP_EMPTY` |
| a still picture, sound, text | error `CLIP_NOT_VIDEO` |
| a broken container without a manifest box, nesting without end | error `CLIP_UNREADABLE` |
| a broken AVI or GIF, with or without a manifest | error `CLIP_UNREADABLE` |

Some changes are outside the signature by the specification and leave the state as it is; they are
told as reasons of our own: bytes in `free` and `skip` boxes, in boxes like the manifest's and
behind the manifest in its box; edits of `ftyp` (brands) and `mfra` (an index of fragments).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from media.refusals import ClipUnreadable
from provenance import boxes, containers, engine
from provenance.engine import Store
from provenance.foreign import cleaned
from provenance.report import (
    C2paReport,
    C2paState,
    Ingredient,
    Reason,
    Revocation,
    SoftwareAgent,
)
from provenance.summary import hash_exclusions, signer_is_vouched_for, summarise
from provenance.trust import SIGNERS, TrustAnchors, TrustList

__all__ = [
    "NO_CARRIER",
    "REMOTE_MANIFEST",
    "REVOCATION_UNKNOWN",
    "UNCOVERED_HEADER",
    "UNCOVERED_INDEX",
    "UNHASHED_BYTES",
    "UNREADABLE_MANIFEST",
    "C2paReport",
    "C2paState",
    "Ingredient",
    "Reason",
    "SoftwareAgent",
    "read",
    "revocation_unknown",
]

UNHASHED_BYTES: Final = "org.framegate.unhashedBytes"
"""Some bytes are in boxes that the signature does not cover, and they are not padding."""

UNCOVERED_HEADER: Final = "org.framegate.ftypNotCovered"
"""The `ftyp` box (brands) is not covered by the signature; an edit of it would not be seen."""

UNCOVERED_INDEX: Final = "org.framegate.mfraNotCovered"
"""There is an `mfra` box, an index into fragments for seeking, which is not covered."""

REVOCATION_UNKNOWN: Final = "org.framegate.revocationUnknown"
"""An answer whether the certificate is revoked was asked for or is in the file; none counts."""

UNREADABLE_MANIFEST: Final = "org.framegate.manifestUnreadable"
"""There is a manifest, or a box for one, but the file and it cannot be parsed together."""

REMOTE_MANIFEST: Final = "org.framegate.remoteManifestNotFetched"
"""The file points to a manifest elsewhere; nothing is fetched."""

NO_CARRIER: Final = "org.framegate.containerCannotCarry"
"""The container cannot carry a manifest."""

_USUAL_EXCLUSIONS = frozenset({"ftyp", "mfra", "free", "skip"})
_MAX_NOTES = 16
_SAID_OF_REVOCATION = frozenset(
    {
        "signingCredential.ocsp.inaccessible",
        "signingCredential.ocsp.skipped",
        "signingCredential.ocsp.unknown",
    }
)


def read(path: Path, anchors: TrustAnchors, *, ask_revocation: bool = False) -> C2paReport:
    """Read and validate a clip's manifest; the table of this module says what comes back.

    Hostile files are expected here: call it in a process that may die. Nothing is fetched from
    the network unless it is asked for.

    Args:
        path: The clip; its container is told by its bytes.
        anchors: Whom to trust.
        ask_revocation: Ask the hosts that `anchors` allows whether the signing certificate was
            revoked. A host may take as long as it likes to answer: call it where it can be
            stopped.

    Raises:
        ClipRefused: The file is no readable clip (and carries no manifest either).
    """
    return read_whole(path, anchors, ask_revocation=ask_revocation)[0]


def read_whole(
    path: Path, anchors: TrustAnchors, *, ask_revocation: bool = False, pictures: bool = False
) -> tuple[C2paReport, Store | None]:
    """Do as `read`, and return as well what the report was made of, where there is a manifest.

    Args:
        path: The clip.
        anchors: Whom to trust.
        ask_revocation: See `read`.
        pictures: Take out the thumbnails as well.

    Raises:
        ClipRefused: The file is no readable clip (and carries no manifest either).
    """
    media_type = containers.media_type(path)
    if media_type not in containers.CARRIERS:
        reason = Reason(NO_CARRIER, f"{media_type} cannot carry a manifest")
        return C2paReport(C2paState.ABSENT, (reason,)), None
    try:
        store = engine.read_store(
            path, media_type, anchors, ask_revocation=ask_revocation, pictures=pictures
        )
    except engine.RemoteOnly:
        reason = Reason(REMOTE_MANIFEST, "the manifest lies elsewhere and was not fetched")
        return C2paReport(C2paState.ABSENT, (reason,)), None
    except engine.EngineError as error:
        return _unparsable(path, media_type, error), None
    if store is None:
        return C2paReport(C2paState.ABSENT), None
    vouched = _vouching(path, media_type, anchors) if anchors.entangled() else None
    found = summarise(store, vouched)
    if media_type in containers.BOXED:
        notes = _uncovered(path, hash_exclusions(store))
        found = replace(found, reasons=found.reasons + notes)
    intact = found.state in (C2paState.TRUSTED, C2paState.VALID)
    if intact and found.revocation is Revocation.UNKNOWN:
        found = revocation_unknown(found)
    return found, store


def _vouching(path: Path, media_type: str, anchors: TrustAnchors) -> frozenset[TrustList]:
    """Ask each list of signers alone whether it vouches for the signer."""
    found = set()
    for one in SIGNERS:
        store = engine.read_store(path, media_type, anchors.alone(one))
        if store is not None and signer_is_vouched_for(store):
            found.add(one)
    return frozenset(found)


def revocation_unknown(report: C2paReport) -> C2paReport:
    """State that no answer came that tells whether the certificate was revoked."""
    reason = Reason(
        REVOCATION_UNKNOWN,
        "no answer that counts tells whether the signing certificate was revoked",
    )
    said = tuple(one for one in report.reasons if one.code not in _SAID_OF_REVOCATION)
    return replace(report, revocation=Revocation.UNKNOWN, reasons=(*said, reason))


def _unparsable(path: Path, media_type: str, error: engine.EngineError) -> C2paReport:
    """Judge a file that the library gave up on.

    With a box for a manifest in it, it claims to be signed, and the claim fails. Without one it
    is just no clip.
    """
    if media_type in containers.BOXED and boxes.has_manifest_box(path):
        reason = Reason(
            UNREADABLE_MANIFEST,
            f"the manifest cannot be parsed with the file: {error.kind}: {cleaned(str(error))}",
            failure=True,
        )
        return C2paReport(C2paState.INVALID, (reason,))
    raise ClipUnreadable("the clip's container cannot be read") from error


def _uncovered(path: Path, exclusions: frozenset[str]) -> tuple[Reason, ...]:
    """List what the signature does not cover in this file."""
    notes = [
        Reason(
            UNHASHED_BYTES,
            f"the {box.kind} box at byte {box.start} holds {box.end - box.body} bytes that are "
            "not zero and that the signature does not cover",
        )
        for box in boxes.unhashed_padding(path)
        if box.kind in exclusions
    ]
    notes += [
        Reason(
            UNHASHED_BYTES,
            f"{found.what} holds {found.end - found.start} bytes from byte {found.start} on that "
            "belong to no manifest and that the signature does not cover",
        )
        for found in boxes.unhashed_manifest_bytes(path)
    ]
    notes += [
        Reason(UNHASHED_BYTES, f"the signature does not cover boxes of type {cleaned(kind)}")
        for kind in sorted(exclusions - _USUAL_EXCLUSIONS)
    ]
    if "ftyp" in exclusions:
        notes.append(
            Reason(UNCOVERED_HEADER, "the brands in ftyp are not covered by the signature")
        )
    if "mfra" in exclusions and any(box.kind == "mfra" for box in boxes.outermost(path)):
        notes.append(
            Reason(UNCOVERED_INDEX, "the index of fragments (mfra) is not covered by the signature")
        )
    return tuple(notes[:_MAX_NOTES])
