"""Entries of the log: how a judgement or a step of a clip is written down."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass

from moderation.audit.entry import AuditEntry, Digests, Reason
from moderation.intake import Call
from moderation.store.effects import Leaf
from moderation.verdict import AuditRef, Judgement, StageLatency, Verdict


def new_id(kind: str) -> str:
    """A fresh id, for instance `clip-` and 32 hex digits."""
    return f"{kind}-{uuid.uuid4().hex}"


def now_ms() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Draft:
    """A verdict whose record is still to be written."""

    verdict_id: str
    created_ms: int
    judgement: Judgement
    latency: tuple[StageLatency, ...]
    clip_id: str = ""

    @classmethod
    def of(
        cls, judgement: Judgement, latency: tuple[StageLatency, ...], clip_id: str = ""
    ) -> Draft:
        """Give a judgement its id and time."""
        return cls(new_id("verdict"), now_ms(), judgement, latency, clip_id)

    def verdict(self, request_id: str, leaf: Leaf) -> Verdict:
        """The verdict, once its place in the log is known."""
        audit = AuditRef(leaf.index, leaf.hash)
        return Verdict(
            self.verdict_id,
            request_id,
            self.created_ms,
            self.judgement,
            self.latency,
            audit,
            self.clip_id,
        )


def digests(judgement: Judgement) -> Digests:
    """Digests of what a judgement was made with."""
    return Digests(
        policy=judgement.policy.digest,
        models={model.id: model.digest for model in judgement.models},
    )


def judged(event: str, draft: Draft, call: Call, digests: Digests) -> AuditEntry:
    """Entry of a judgement, with its reasons and what it had to do without."""
    judgement = draft.judgement
    missing = sorted({f"{fault.source}:{fault.reason}" for fault in judgement.degraded})
    return AuditEntry(
        event=event,
        time_ms=draft.created_ms,
        request_id=call.request_id,
        clip_id=draft.clip_id,
        verdict_id=draft.verdict_id,
        digests=digests,
        decision=judgement.decision,
        reasons=Reason.of(judgement.findings),
        details={"degraded": " ".join(missing)} if missing else {},
    )


def step(
    event: str,
    clip_id: str,
    call: Call,
    digests: Digests | None = None,
    details: dict[str, str] | None = None,
) -> AuditEntry:
    """Entry of a step that a clip took; details that are "" are left out."""
    return AuditEntry(
        event=event,
        time_ms=now_ms(),
        request_id=call.request_id,
        clip_id=clip_id,
        digests=digests or Digests(),
        details={name: value for name, value in (details or {}).items() if value},
    )
