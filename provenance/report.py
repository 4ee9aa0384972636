"""What was read of a clip's manifest: values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from provenance.trust import TrustList


class C2paState(StrEnum):
    """Outcome of the validation."""

    TRUSTED = "trusted"
    VALID = "valid"
    INVALID = "invalid"
    ABSENT = "absent"


class Revocation(StrEnum):
    """Whether the signing certificate was called back by its authority (OCSP, RFC 6960)."""

    NOT_CHECKED = "not_checked"
    NOT_REVOKED = "not_revoked"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


class StampTrust(StrEnum):
    """What the time stamp (RFC 3161) is worth."""

    NONE = "none"
    TRUSTED = "trusted"
    UNTRUSTED = "untrusted"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Reason:
    """One result of the validation.

    Attributes:
        code: Status code of the C2PA specification, or one of ours (`org.framegate...`).
        explanation: A sentence.
        url: The part of the manifest that it is about, or "".
        failure: Whether it is a failure; if not, it is for information.
    """

    code: str
    explanation: str
    url: str = ""
    failure: bool = False


@dataclass(frozen=True, slots=True)
class SoftwareAgent:
    """A program that the manifest names for an action."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Ingredient:
    """Something that the clip was made from, as it was judged when the clip was signed.

    Attributes:
        title: As its signer wrote it, cleaned.
        relationship: `parentOf`, `componentOf` or `inputTo`.
        state: `absent` if it had no manifest.
        reasons: Failures, then informational results.
    """

    title: str
    relationship: str
    state: C2paState
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class C2paReport:
    """What a clip's manifest says. All text is the signer's, shortened and cleaned.

    No names of authors, places, prompts or identity assertions are ever taken over: only the
    fields below are read. What is true of them depends on `state`.

    Attributes:
        state: Outcome of the validation.
        reasons: Failures, then informational results.
        own: Whether the signature is trusted through one of our own anchors.
        vouched_by: The lists whose anchor vouches for the signer; empty unless `trusted`.
        revocation: Whether the signing certificate was called back.
        stamp: What the time stamp is worth.
        stamp_vouched_by: The lists whose anchor vouches for a trusted time stamp.
        manifest_id: Id of the active manifest, or "".
        claim_generator: Name and version of the program that wrote the claim.
        software_agents: Programs that actions name, in order, each once.
        created_ms: When the first action says that it happened, milliseconds since 1970.
        digital_source_type: IRI of the IPTC vocabulary: one that says AI if any action does, else
            the first; taken from the parent where the manifest itself has none.
        signer_organization: Organisation in the signing certificate.
        signer_common_name: Common name in the signing certificate.
        signed_ms: Time of the time stamp, or None where there is none.
        clip_id: From our own assertion, whoever wrote it, or "".
        provider: From our own assertion, whoever wrote it, or "".
        ingredients: What it was made from.
    """

    state: C2paState
    reasons: tuple[Reason, ...] = ()
    own: bool = False
    vouched_by: tuple[TrustList, ...] = ()
    revocation: Revocation = Revocation.NOT_CHECKED
    stamp: StampTrust = StampTrust.NONE
    stamp_vouched_by: tuple[TrustList, ...] = ()
    manifest_id: str = ""
    claim_generator: str = ""
    software_agents: tuple[SoftwareAgent, ...] = ()
    created_ms: int | None = None
    digital_source_type: str = ""
    signer_organization: str = ""
    signer_common_name: str = ""
    signed_ms: int | None = None
    clip_id: str = ""
    provider: str = ""
    ingredients: tuple[Ingredient, ...] = ()
