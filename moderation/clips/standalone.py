"""A recovered manifest's own signature, validated without the file that it was made for.

The library reads a manifest out of a file. So it is put into the smallest MP4 that can carry one;
then everything about it is validated except its hard binding, which cannot hold (measured with the
library 0.91.3: `assertion.bmffHash.mismatch`, or `assertion.dataHash.mismatch` for AVI and GIF, is
the one failure that is left). What this says is true of the manifest, and of no file.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from provenance.boxes import C2PA_UUID
from provenance.report import C2paReport, Reason

_HARD_BINDING: Final = frozenset(
    {
        "assertion.bmffHash.mismatch",
        "assertion.dataHash.mismatch",
    }
)
_UNTRUSTED: Final = "signingCredential.untrusted"
# What is said of the file is about the carrier.
_OF_THE_FILE: Final = (
    "assertion.bmffHash.",
    "assertion.dataHash.",
    "org.framegate.ftyp",
    "org.framegate.mfra",
    "org.framegate.unhashed",
)
_HEADER: Final = struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0)
_NO_TRACKS: Final = struct.pack(">I4s", 8, b"moov")


class SignatureState(StrEnum):
    """What a manifest's own signature is worth."""

    NOT_CHECKED = "not_checked"
    VOUCHED_FOR = "vouched_for"
    INTACT = "intact"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class ManifestSignature:
    """What validating a manifest for itself says.

    Attributes:
        state: What its signature is worth.
        signer: Organisation in the signing certificate, or "".
        reasons: Failures, then informational results; nothing of the hard binding.
    """

    state: SignatureState = SignatureState.NOT_CHECKED
    signer: str = ""
    reasons: tuple[Reason, ...] = ()


NOT_CHECKED: Final = ManifestSignature()


def carrier(manifest: bytes) -> bytes:
    """Return the smallest MP4 that carries a manifest store (C2PA 2.4, A.5.1)."""
    body = C2PA_UUID + bytes(4) + b"manifest\0" + bytes(8) + manifest
    return _HEADER + struct.pack(">I4s", 8 + len(body), b"uuid") + body + _NO_TRACKS


def signature_of(report: C2paReport) -> ManifestSignature:
    """Tell what a manifest's signature is worth, from what was read of its carrier. Pure."""
    failures = {reason.code for reason in report.reasons if reason.failure}
    reasons = tuple(one for one in report.reasons if not one.code.startswith(_OF_THE_FILE))
    if not failures & _HARD_BINDING or failures - _HARD_BINDING - {_UNTRUSTED}:
        state = SignatureState.BROKEN
    elif _UNTRUSTED in failures:
        state = SignatureState.INTACT
    else:
        state = SignatureState.VOUCHED_FOR
    return ManifestSignature(state, report.signer_organization, reasons)
