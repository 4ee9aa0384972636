"""What is written down, and the state that changes with it.

Turns judgements and steps of a clip into entries of the log, and has each written together with
the state that it tells of, in one transaction. Nothing here decides anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TypeVar

import msgspec
from sqlalchemy import Connection

from moderation.audit.entry import Digests
from moderation.audit.erasure import Erasure, erase_subject
from moderation.audit.log import AuditLog
from moderation.clips.marks import Marked
from moderation.entries import Draft, digests, judged, now_ms, step
from moderation.intake import Call, ClipUpload
from moderation.prompts.parts import PromptRequest
from moderation.store import clips, verdicts
from moderation.store.blobs import Blob
from moderation.store.clips import ClipChange, ClipRecord, ClipState
from moderation.store.database import reading, writing
from moderation.store.effects import Effect, Leaf, together
from moderation.store.idempotency import AlreadyAnswered, Answers, Claim
from moderation.store.schema import fingerprints
from moderation.verdict import AuditRef, Context, Stage, Verdict
from provenance.fingerprint.records import Registered
from provenance.fingerprint.sql import SqlFingerprints
from provenance.verification import Verification

T = TypeVar("T")
_verdict_encoder = msgspec.msgpack.Encoder()
_verdict_decoder = msgspec.msgpack.Decoder(Verdict)
_payload_encoder = msgspec.json.Encoder(order="sorted")


def stored_verdict(record: ClipRecord) -> Verdict | None:
    """The verdict on a clip, or None where there is none yet."""
    return _verdict_decoder.decode(record.verdict) if record.verdict else None


class Recorder:
    """Writes the record; for one event loop, any number of calls at once.

    Args:
        log: The log that is written to.
    """

    def __init__(self, log: AuditLog) -> None:
        self.log = log
        self._answers = Answers(log.engine)
        engine = log.engine
        self.fingerprints = SqlFingerprints(
            fingerprints, lambda: reading(engine), lambda: writing(engine)
        )

    def claim(self, method: str, call: Call, request: bytes) -> AbstractContextManager[Claim]:
        """Hold the call's idempotency key while it is answered; see `Answers.claim`."""
        return self._answers.claim("", method, call.idempotency_key, request, now_ms=now_ms())

    def answered(self, claim: Claim) -> Verdict | None:
        """The verdict that this very request was given before, or None."""
        return None if claim.response is None else _verdict_decoder.decode(claim.response)

    async def prompt_screened(
        self, draft: Draft, request: PromptRequest, context: Context, call: Call, claim: Claim
    ) -> Verdict:
        """Record a verdict on a prompt; its parts and judgement go into the encrypted payload.

        Raises:
            AuditUnavailable: When it cannot be written; there is no verdict then.
        """
        judgement = draft.judgement
        facts = verdicts.PromptVerdict(
            verdict_id=draft.verdict_id,
            decision=judgement.decision,
            created_ms=draft.created_ms,
            scores=judgement.scores,
            minor_in_prompt=context.minor_in_prompt,
            language=context.language,
        )
        effect = together(verdicts.keep(facts), self._answer(draft, call, claim))
        entry = judged("prompt.screened", draft, call, digests(judgement))
        payload = _payload_encoder.encode({**request.document(), "judgement": judgement})
        try:
            receipt = await self.log.append(
                entry, payload=payload, subject=call.subject_id, effect=effect
            )
        except AlreadyAnswered as earlier:
            return _verdict_decoder.decode(earlier.response)
        return draft.verdict(call.request_id, Leaf(receipt.leaf_index, receipt.leaf_hash, ""))

    async def prompt_context(self, verdict_id: str) -> Context:
        """What the review of a clip knows of its prompt.

        Raises:
            VerdictUnknown: When there is no such verdict, or its subject was erased.
        """
        if not verdict_id:
            return Context(Stage.FRAMES)
        known = await self._read(lambda connection: verdicts.get(connection, verdict_id))
        return Context(
            Stage.FRAMES,
            language=known.language,
            minor_in_prompt=known.minor_in_prompt,
            prompt_scores=dict(known.scores),
            prompt_decision=known.decision,
        )

    async def clip_received(self, clip_id: str, blob: Blob, upload: ClipUpload, call: Call) -> None:
        """Record that a clip's bytes are in quarantine."""
        record = ClipRecord(
            clip_id=clip_id,
            sha256=blob.sha256,
            size_bytes=blob.size_bytes,
            created_ms=now_ms(),
            generator_name=upload.generator_name,
            generator_version=upload.generator_version,
            prompt_verdict_id=upload.prompt_verdict_id,
        )
        entry = step("clip.received", clip_id, call, Digests(content=blob.sha256))
        await self.log.append(entry, subject=call.subject_id, effect=clips.receive(record))

    async def clip_moved(
        self,
        clip_id: str,
        to: ClipState,
        call: Call,
        *,
        event: str = "",
        reason: str = "",
        expected: Collection[ClipState] | None = None,
    ) -> AuditRef:
        """Record a step of a clip.

        Args:
            clip_id: The clip.
            to: Its new state.
            call: The call that made it go there.
            event: Name of the entry; `clip.` and the state by default.
            reason: Why, for instance the reason of an error.
            expected: States that it may come from; None for every one that the table allows.

        Raises:
            ClipStateRefused: When the clip does not stand where this step begins.
        """
        entry = step(event or f"clip.{to}", clip_id, call, details={"reason": reason})
        effect = clips.transition(
            clip_id, to, at_ms=entry.time_ms, expected=expected, change=ClipChange(reason=reason)
        )
        receipt = await self.log.append(entry, effect=effect)
        return AuditRef(receipt.leaf_index, receipt.leaf_hash)

    async def clip_judged(
        self, to: ClipState, draft: Draft, call: Call, claim: Claim, *, detection: str = ""
    ) -> Verdict:
        """Record a verdict on a clip and move it to where the verdict leads.

        `detection` is what the statistics of its pictures said, for the record alone.
        """
        judgement = draft.judgement
        used = replace(
            digests(judgement), content=judgement.content_sha256, judgement=judgement.digest
        )
        entry = judged(f"clip.{to}", draft, call, used)
        if detection:
            entry = replace(entry, details={**entry.details, "detection": detection})
        answer = self._answer(draft, call, claim)

        def effect(connection: Connection, leaf: Leaf) -> Verdict:
            verdict = draft.verdict(call.request_id, leaf)
            change = ClipChange(
                verdict_id=draft.verdict_id,
                verdict=_verdict_encoder.encode(verdict),
                duration_ms=judgement.sampling.duration_ms if judgement.sampling else None,
                reason="",
            )
            moved = clips.transition(draft.clip_id, to, at_ms=entry.time_ms, change=change)
            moved(connection, leaf)
            answer(connection, leaf)
            return verdict

        try:
            return (await self.log.append(entry, effect=effect)).result
        except AlreadyAnswered as earlier:
            return _verdict_decoder.decode(earlier.response)

    async def clip_released(self, clip_id: str, marked: Marked, call: Call) -> AuditRef:
        """Record that a clip was marked and signed and may be handed out."""
        signed = marked.clip
        entry = step(
            "clip.released",
            clip_id,
            call,
            Digests(signed=signed.sha256),
            {
                "manifest_id": signed.manifest_id,
                "timestamp": signed.stamp.state,
                "timestamp_authority": signed.stamp.authority,
                "visible_mark": marked.visible_mark,
                "watermark_key": marked.watermark_key,
                "watermark_network": marked.watermark_network,
                "sources": " ".join(
                    f"{one.relation}:{one.state}:{one.sha256}" for one in signed.sources
                ),
            },
        )
        change = ClipChange(
            signed_sha256=signed.sha256,
            signed_size_bytes=signed.size_bytes,
            manifest_id=signed.manifest_id,
            manifest=signed.manifest_bytes,
            visible_mark=marked.visible_mark,
        )
        moved = clips.transition(clip_id, ClipState.RELEASED, at_ms=entry.time_ms, change=change)
        registered = Registered(
            clip_id=clip_id,
            created_ms=entry.time_ms,
            duration_ms=marked.fingerprint.duration_ms,
            frames=marked.fingerprint.frames,
            crops=marked.fingerprint.crops,
            thumbnails=marked.fingerprint.thumbnails,
            manifest_id=signed.manifest_id,
            signed_sha256=signed.sha256,
            watermark_key=marked.watermark_key,
            watermark_code=marked.watermark_code,
            derived=bool(signed.sources),
        )

        def effect(connection: Connection, leaf: Leaf) -> None:
            moved(connection, leaf)
            self.fingerprints.put_within(connection, registered)

        receipt = await self.log.append(entry, effect=effect)
        return AuditRef(receipt.leaf_index, receipt.leaf_hash)

    async def clip_handed_out(self, record: ClipRecord, call: Call) -> AuditRef:
        """Record that a released clip was handed out once more."""
        entry = step("clip.handed_out", record.clip_id, call, Digests(signed=record.signed_sha256))
        receipt = await self.log.append(entry)
        return AuditRef(receipt.leaf_index, receipt.leaf_hash)

    async def clip_verified(self, sha256: str, found: Verification, call: Call) -> AuditRef:
        """Record what was answered about a clip; of the clip itself only its digest is kept."""
        entry = step(
            "clip.verified",
            found.clip_id,
            call,
            Digests(content=sha256),
            {
                "answer": found.answer,
                "c2pa": found.c2pa.state,
                "watermark": found.watermark.state,
                "fingerprint": found.fingerprint.state,
                "neural": found.neural.state if found.neural else "",
                "detection": found.detection.answer if found.detection else "",
            },
        )
        receipt = await self.log.append(entry)
        return AuditRef(receipt.leaf_index, receipt.leaf_hash)

    async def tidy(self) -> None:
        """Sign the log as it stands and forget answers whose keys are no longer honoured."""
        await asyncio.to_thread(self.log.checkpoint)
        await asyncio.to_thread(self._answers.expire, now_ms())

    async def erase(self, subject_id: str, call: Call) -> Erasure:
        """Destroy a subject's key.

        Raises:
            SubjectUnknown: When no key is held for it.
        """
        return await asyncio.to_thread(
            erase_subject, self.log, subject_id, time_ms=now_ms(), request_id=call.request_id
        )

    async def clip(self, clip_id: str) -> ClipRecord:
        """Read a clip's record.

        Raises:
            ClipUnknown: When there is none.
        """
        return await self._read(lambda connection: clips.get(connection, clip_id))

    async def clip_of_manifest(self, manifest_id: str) -> ClipRecord:
        """Read the record of the clip that carries this manifest.

        Raises:
            ClipUnknown: When there is none.
        """
        return await self._read(lambda connection: clips.find_by_manifest(connection, manifest_id))

    async def clips_in(self, state: ClipState) -> list[ClipRecord]:
        """Records of all clips in a state (at most 1,000), oldest first."""
        return await self._read(
            lambda connection: clips.in_state(connection, {state}, limit=clips.MAX_LISTED)
        )

    async def blobs_needed(self) -> frozenset[str]:
        """SHA-256 of every file that some clip still needs."""
        return await self._read(clips.referenced_blobs)

    def _answer(self, draft: Draft, call: Call, claim: Claim) -> Effect[bytes]:
        return self._answers.remember(
            claim,
            lambda leaf: _verdict_encoder.encode(draft.verdict(call.request_id, leaf)),
            now_ms=draft.created_ms,
        )

    async def _read(self, look: Callable[[Connection], T]) -> T:
        def run() -> T:
            with reading(self.log.engine) as connection:
                return look(connection)

        return await asyncio.to_thread(run)
