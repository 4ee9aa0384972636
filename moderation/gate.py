"""The hall of the house: one class whose methods are the use cases.

It is the only place where stages meet, and it does no stage's own work: it asks, lets the policy
judge, has the record written, and answers. Everything is on one event loop; whatever takes time
runs in a lane of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine
from contextlib import aclosing
from typing import Any
from weakref import WeakValueDictionary

import msgspec
import structlog
from prometheus_client import Counter

from media.errors import FramegateError, InvalidInput
from moderation import admission
from moderation.admission import Admission
from moderation.audit.errors import AuditUnavailable
from moderation.clips.known import KnownMedia
from moderation.clips.released import NotCleared, Released, check_same_mark
from moderation.clips.results import FramesSeen
from moderation.clips.sources import Wish, check_unnamed, located
from moderation.clips.stage import ClipStage, detection_note, why
from moderation.entries import Draft, new_id
from moderation.executor import Executor
from moderation.hash_lists import known_store
from moderation.intake import Call, ClipUpload, take_in
from moderation.policy import Policy
from moderation.prompts.parts import PromptRequest
from moderation.prompts.screener import PromptScreener
from moderation.prompts.stage import PromptStage
from moderation.reception import Reception
from moderation.record import Recorder
from moderation.settings import Settings
from moderation.stopwatch import Stopwatch
from moderation.store.blobs import Area, Blobs
from moderation.store.clips import ClipRecord, ClipState
from moderation.store.errors import ClipStateRefused
from moderation.tracing import Tracing
from moderation.verdict import (
    AuditRef,
    Decision,
    Finding,
    Judgement,
    Verdict,
)
from provenance.containers import media_type
from provenance.naming import check_name
from provenance.preparation import VisibleMark
from provenance.sources import SourceReport

_log = structlog.get_logger(__name__)
_decisions = Counter("framegate_decisions", "Verdicts by stage and decision", ["stage", "decision"])
_MAX_REASON_CHARS = 200
_RETRY_S = 2.0
_GIVE_UP_WAIT_S = 1.0
_STATES = {
    Decision.ALLOW: ClipState.CLEARED,
    Decision.REVIEW: ClipState.IN_REVIEW,
    Decision.BLOCK: ClipState.BLOCKED,
}
_FINAL = frozenset({ClipState.BLOCKED, ClipState.RECALLED})

ReviewEvent = str | FramesSeen | Finding | Verdict


class Gate:
    """The use cases. For one event loop; any number of calls at once.

    Args:
        settings: Limits.
        policy: What is judged, with the thresholds of the models that are loaded.
        screener: Looks at prompts.
        executor: Looks at clips, signs and verifies.
        recorder: Writes the record and the state that goes with it.
        blobs: Bytes of clips, quarantined and released apart.

    Attributes:
        recorder: As given.
        tracing: The use cases about where a clip comes from.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        policy: Policy,
        screener: PromptScreener,
        executor: Executor,
        recorder: Recorder,
        blobs: Blobs,
    ) -> None:
        self.recorder = recorder
        self._settings = settings
        known = KnownMedia(known_store(recorder.log.engine))
        self._stage = ClipStage(settings, policy, executor, known)
        self._blobs = blobs
        self._prompts = PromptStage(settings, policy, screener)
        self._clip_lane = Admission(
            "clip", limit_ms=settings.clip_queue_ms, workers=settings.clip_workers
        )
        self._reception = Reception(settings, blobs, self._clip_lane)
        self.tracing = Tracing(self._stage, self._reception, recorder, settings.keys_folder)
        self._changed = asyncio.Condition()
        self._background: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()
        # A lock lives for as long as somebody holds it or waits for it.
        self._releasing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def recover(self) -> None:
        """Put right what a process that died has left: reviews begun and files nobody names."""
        for record in await self.recorder.clips_in(ClipState.REVIEWING):
            await self.recorder.clip_moved(
                record.clip_id,
                ClipState.RECEIVED,
                Call("recovery"),
                event="clip.review_interrupted",
                reason="INTERRUPTED",
            )
        await self._sweep()

    async def tidy(self) -> None:
        """Sign the log as it stands, forget old answers, delete files that no clip needs."""
        await self.recorder.tidy()
        await self._sweep()

    async def ready(self) -> None:
        """Load what the first prompt would otherwise wait for (seconds, once a process)."""
        await self._prompts.ready()
        await asyncio.to_thread(self.tracing.recovery.catch_up)

    async def close(self) -> None:
        """Finish what runs in the background."""
        self._closing.set()
        while self._background:
            await asyncio.wait(self._background)
        self._prompts.close()

    async def screen(self, request: PromptRequest, call: Call) -> Verdict:
        """Judge a prompt with all its parts.

        Raises:
            InvalidInput: For a part in which nothing can be seen.
            Overloaded: When too much waits already.
            AuditUnavailable: When the record cannot be written; there is no verdict then.
        """
        identity = request.identity(call.subject_id)
        with self.recorder.claim("ScreenPrompt", call, identity) as claim:
            if (answered := self.recorder.answered(claim)) is not None:
                return answered
            judged = await self._prompts.judge(request, remaining_ms=call.remaining_ms)
            draft = Draft.of(judged.judgement, judged.latency)
            verdict = await self.recorder.prompt_screened(
                draft, request, judged.context, call, claim
            )
        _decisions.labels("prompt", judged.judgement.decision).inc()
        return verdict

    async def review(
        self, upload: ClipUpload, chunks: AsyncIterator[bytes], call: Call
    ) -> AsyncGenerator[ReviewEvent, None]:
        """Take a clip in, review it and judge it.

        Yields the clip's id, then progress and provisional findings, at last the verdict.
        Leaving the iteration early stops the review.

        Raises:
            InvalidInput: When header or bytes are not what they must be, or the clip cannot be
                decoded; such a clip is blocked, with the reason on record.
            Overloaded: When too much waits already; no byte was taken then.
            WorkerLost: When the worker died twice; the clip may be sent again.
        """
        upload.check(self._settings.max_clip_bytes)
        context = await self.recorder.prompt_context(upload.prompt_verdict_id)
        watch = Stopwatch()
        estimate_ms = admission.review_ms(upload.size_bytes)
        with self._clip_lane.admit(estimate_ms, remaining_ms=call.remaining_ms):
            clip_id = new_id("clip")
            yield clip_id
            with self._reception.incoming(upload) as incoming:
                await take_in(incoming, upload, chunks)
                blob = await asyncio.to_thread(incoming.keep)
            watch.lap("upload")
            request = msgspec.json.encode([call.subject_id, upload, blob.sha256])
            with self.recorder.claim("ReviewClip", call, request) as claim:
                if (answered := self.recorder.answered(claim)) is not None:
                    yield answered
                    return
                await self.recorder.clip_received(clip_id, blob, upload, call)
                judgement = None
                try:
                    await self._move(clip_id, ClipState.REVIEWING, call)
                    async with aclosing(self._stage.review(blob, context)) as events:
                        async for event in events:
                            if isinstance(event, Judgement):
                                judgement = event
                            else:
                                yield event
                    if judgement is None:
                        raise RuntimeError("the review ended without a judgement")
                    watch.lap("review")
                    seen = ""
                    if self._settings.detect_reviewed:
                        seen = detection_note(*await self._stage.detect(blob.path))
                        watch.lap("detect")
                    draft = Draft.of(judgement, watch.laps, clip_id)
                    verdict = await self.recorder.clip_judged(
                        _STATES[judgement.decision], draft, call, claim, detection=seen
                    )
                except BaseException as error:
                    # In a task of its own: the caller may be gone, or the log not be writable now.
                    task = self._later(self._give_up(clip_id, why(error), call))
                    if isinstance(error, FramegateError):
                        await asyncio.wait({task}, timeout=_GIVE_UP_WAIT_S)
                    raise
        _decisions.labels("frames", judgement.decision).inc()
        await self._announce()
        yield verdict

    async def clip(self, clip_id: str) -> ClipRecord:
        """Tell where a clip stands.

        Raises:
            ClipUnknown: When there is no such clip.
        """
        return await self.recorder.clip(clip_id)

    async def watch(self, clip_id: str) -> AsyncIterator[ClipRecord]:
        """Yield the clip as it stands, then at every change, until it can change no more."""
        last: ClipRecord | None = None
        while last is None or last.state not in _FINAL:
            async with self._changed:
                record = await self.recorder.clip(clip_id)
                if last is not None and record.leaf_index == last.leaf_index:
                    # Another process may change the clip as well: it is looked up now and then.
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._changed.wait(), timeout=1)
                    continue
            last = record
            yield record

    async def release(self, clip_id: str, call: Call, wish: Wish) -> Released:
        """Sign a cleared clip as is wished, or find it again.

        Raises:
            SourceRefused: When the policy takes no source in the state that one is in.
            ReleasedBefore: When sources are named for a clip that was signed before.
            NotCleared: When the clip is not cleared, or was recalled.
            MarkedOtherwise: When it was released before with another mark or none.
            ClipRefused: When the clip does not decode whole.
            SigningFailed: When it cannot be signed; nothing half-signed is left.
        """
        wanted = self._stage.mark(wish.mark)
        made_from: tuple[SourceReport, ...] = ()
        lock = self._releasing.setdefault(clip_id, asyncio.Lock())
        async with lock:
            record = await self.recorder.clip(clip_id)
            if record.state is ClipState.CLEARED:
                audit, made_from = await self._sign(record, wanted, wish, call)
                record = await self.recorder.clip(clip_id)
            elif record.state is ClipState.RELEASED:
                check_same_mark(record, None if wish.mark is None else wanted)
                check_unnamed(wish.sources)
                audit = await self.recorder.clip_handed_out(record, call)
            else:
                raise NotCleared(
                    f"the clip is {record.state}; only a cleared clip is released",
                    field="clip_id",
                    actual=record.state,
                )
        blob = await asyncio.to_thread(self._blobs.open, Area.RELEASED, record.signed_sha256)
        kind = await asyncio.to_thread(media_type, blob.path)
        return Released(record, kind, audit, self._blobs, made_from)

    async def take_source(
        self, upload: ClipUpload, chunks: AsyncIterator[bytes], call: Call
    ) -> SourceReport:
        """Take in a file that clips are made from, and tell what its own credentials say.

        Raises:
            InvalidInput: When it is no clip and no picture, or too large.
            SourceRefused: When the policy takes no clip with such statistics.
            Overloaded: When too much waits already.
        """
        async with self._reception.whole(upload, chunks, call) as incoming:
            report = await self._stage.examine(incoming.path)
            await self._stage.check_source(incoming.path, report)
            await asyncio.to_thread(incoming.keep)
        return report

    async def recall(self, clip_id: str, reason: str, call: Call) -> tuple[ClipRecord, AuditRef]:
        """Take a released clip back.

        Raises:
            ClipStateRefused: When it is neither cleared nor released.
        """
        check_name(reason, "reason", _MAX_REASON_CHARS)
        audit = await self._move(clip_id, ClipState.RECALLED, call, reason=reason)
        return await self.recorder.clip(clip_id), audit

    async def _give_up(self, clip_id: str, error: FramegateError, call: Call) -> None:
        """Record why a review came to nothing: the clip's fault blocks it, ours does not.

        Tries again for as long as the log cannot be written and the house stands; what is left
        after that is put right by `recover`.
        """
        at_fault = isinstance(error, InvalidInput)
        to = ClipState.BLOCKED if at_fault else ClipState.RECEIVED
        event = "clip.blocked" if at_fault else "clip.review_interrupted"
        while True:
            try:
                await self._move(clip_id, to, call, event=event, reason=error.reason)
            except AuditUnavailable:
                if self._closing.is_set():
                    _log.error("record.failed", clip_id=clip_id, reason=error.reason)
                    return
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), _RETRY_S)
            except ClipStateRefused:
                # The judgement was recorded after all, or the review never began.
                return
            else:
                return

    async def _sign(
        self, record: ClipRecord, mark: VisibleMark | None, wish: Wish, call: Call
    ) -> tuple[AuditRef, tuple[SourceReport, ...]]:
        """Sign a cleared clip into the released folder and put that on record."""
        source = await asyncio.to_thread(self._blobs.open, Area.QUARANTINE, record.sha256)
        made_from = await located(
            wish.sources, self.recorder, self._blobs, thumbnails=self._settings.source_thumbnails
        )
        target = self._blobs.scratch_path()
        drawn = mark is not None or self._settings.watermark
        estimate_ms = admission.sign_ms(record.size_bytes, marked=drawn)
        try:
            with self._clip_lane.admit(estimate_ms, remaining_ms=call.remaining_ms):
                marked = await self._stage.sign(record, source, target, mark, made_from)
            await asyncio.to_thread(self._blobs.adopt, target, Area.RELEASED)
        finally:
            target.unlink(missing_ok=True)
        audit = await self.recorder.clip_released(record.clip_id, marked, call)
        await self._announce()
        return audit, marked.clip.sources

    async def _sweep(self) -> None:
        await asyncio.to_thread(self._blobs.sweep, await self.recorder.blobs_needed())

    async def _move(
        self, clip_id: str, to: ClipState, call: Call, *, event: str = "", reason: str = ""
    ) -> AuditRef:
        audit = await self.recorder.clip_moved(clip_id, to, call, event=event, reason=reason)
        await self._announce()
        return audit

    async def _announce(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _later(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task
