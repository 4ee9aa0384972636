"""What one leaf of the log says, and the bytes in which it says it.

A leaf is canonical JSON: UTF-8, keys sorted, no white space, no floats, absent values left out.
It holds ids, digests and reasons, never text of a prompt and nothing that names a person.

A plain SHA-256 of a prompt counts as personal data too: prompts are short, so whoever guesses one
can confirm it against the digest, and the digest would outlive every erasure. The same holds for
the digest of a judgement over a prompt, which is a function of the prompt. A `prompt.*` entry
therefore may carry neither; prompt and judgement go into the encrypted payload, and the leaf
carries the SHA-256 of the ciphertext, which nobody can guess once the key is gone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from moderation.audit.errors import AuditEntryInvalid
from moderation.verdict import Decision, Finding

SCHEMA = "framegate.audit/1"
MAX_LEAF_BYTES = 65_536
MAX_DETAILS = 32
_EVENT = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Reason:
    """A category and the clause of the policy that made it count."""

    category: str
    clause: str

    @classmethod
    def of(cls, findings: tuple[Finding, ...]) -> tuple[Reason, ...]:
        """Take the reasons out of findings: sorted, each once."""
        return tuple(sorted({cls(finding.category, finding.clause) for finding in findings}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """Digests that pin what was judged and by what; hex, or `sha256:` and hex, or "".

    Attributes:
        content: Of the clip's bytes; never of a prompt.
        signed: Of the released bytes.
        judgement: Of the judgement over a clip; never over a prompt.
        policy: Of the policy document.
        models: By model id.
    """

    content: str = ""
    signed: str = ""
    judgement: str = ""
    policy: str = ""
    models: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One event, as the code that caused it hands it to the log.

    Attributes:
        event: Dotted name: `prompt.screened`, `clip.received`, `clip.reviewing`,
            `clip.cleared`, `clip.blocked`, `clip.in_review`, `clip.released`, `clip.recalled`,
            `clip.review_interrupted`, `subject.erased`, `log.opened` and others of that form.
        time_ms: When it happened, milliseconds since the epoch.
        request_id: Id of the request that caused it, or "".
        actor: Pseudonym of who acted: a service account or a reviewer's id, or "".
        subject_key: Id of the subject's key; `AuditLog.append` fills it in when it is given a
            subject. Never the subject's own id.
        clip_id: Clip that it is about, or "".
        verdict_id: Verdict that it is about, or "".
        digests: What was judged and by what.
        decision: What was decided, or None.
        reasons: Why.
        details: Further short facts, at most 32; no text that a user wrote.
    """

    event: str
    time_ms: int
    request_id: str = ""
    actor: str = ""
    subject_key: str = ""
    clip_id: str = ""
    verdict_id: str = ""
    digests: Digests = field(default_factory=Digests)
    decision: Decision | None = None
    reasons: tuple[Reason, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _EVENT.fullmatch(self.event):
            raise AuditEntryInvalid("an event is a dotted name in lower case", field="event")
        if self.event.startswith("prompt.") and (self.digests.content or self.digests.judgement):
            raise AuditEntryInvalid(
                "a digest of a prompt or of its judgement belongs into the payload, not the leaf",
                field="digests",
            )
        if len(self.details) > MAX_DETAILS:
            raise AuditEntryInvalid(
                "too many details", field="details", limit=MAX_DETAILS, actual=len(self.details)
            )

    def leaf(self, *, subject_key: str = "", payload_sha256: str = "") -> bytes:
        """Write the entry as the bytes of a leaf.

        Args:
            subject_key: Id of the subject's key, if the entry does not name it itself.
            payload_sha256: Commitment to the encrypted payload, or "".

        Raises:
            AuditEntryInvalid: If the leaf is over 64 KiB or a value cannot be written.
        """
        document = LeafDocument(
            schema=SCHEMA,
            event=self.event,
            time_ms=self.time_ms,
            request_id=self.request_id,
            actor=self.actor,
            subject_key=self.subject_key or subject_key,
            clip_id=self.clip_id,
            verdict_id=self.verdict_id,
            content_sha256=self.digests.content,
            signed_sha256=self.digests.signed,
            judgement_digest=self.digests.judgement,
            policy_digest=self.digests.policy,
            model_digests=dict(self.digests.models),
            decision=self.decision.value if self.decision else "",
            reasons=[LeafReason(reason.category, reason.clause) for reason in self.reasons],
            details=dict(self.details),
            payload_sha256=payload_sha256,
        )
        try:
            leaf = _ENCODER.encode(document)
        except (TypeError, ValueError) as error:
            raise AuditEntryInvalid("a value of the entry cannot be written") from error
        if len(leaf) > MAX_LEAF_BYTES:
            raise AuditEntryInvalid("the leaf is too large", limit=MAX_LEAF_BYTES, actual=len(leaf))
        return leaf


class LeafReason(msgspec.Struct, frozen=True, omit_defaults=True):
    """A reason as it stands in a leaf."""

    category: str
    clause: str = ""


class LeafDocument(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A leaf as it stands in the log; unknown keys of a later schema are skipped on reading.

    The attributes are those of `AuditEntry` and `Digests`; `payload_sha256` is the SHA-256 over
    nonce and ciphertext of the encrypted payload that lies beside the log.
    """

    schema: str
    event: str
    time_ms: int
    request_id: str = ""
    actor: str = ""
    subject_key: str = ""
    clip_id: str = ""
    verdict_id: str = ""
    content_sha256: str = ""
    signed_sha256: str = ""
    judgement_digest: str = ""
    policy_digest: str = ""
    model_digests: dict[str, str] = {}
    decision: str = ""
    reasons: list[LeafReason] = []
    details: dict[str, str] = {}
    payload_sha256: str = ""


_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder(LeafDocument)


def read_leaf(leaf: bytes) -> LeafDocument:
    """Read the bytes of a leaf.

    Raises:
        AuditEntryInvalid: If they are not a leaf of this program.
    """
    try:
        return _DECODER.decode(leaf)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise AuditEntryInvalid("the bytes are not a leaf of this log") from error
