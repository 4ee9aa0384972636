"""ModerationService: protobuf in, the gate's use case, protobuf out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from grpc import aio

from framegate.v1 import moderation_pb2 as pb
from framegate.v1 import moderation_pb2_grpc
from moderation.clips.results import FramesSeen
from moderation.clips.sources import Wish
from moderation.gate import Gate
from moderation.intake import Call, ClipUpload
from moderation.prompts.parts import PromptRequest
from moderation.record import stored_verdict
from moderation.service import uploads, wire
from moderation.service.calls import request_id
from moderation.settings import Settings
from moderation.store.clips import ClipRecord
from moderation.verdict import Finding, Verdict

Context = aio.ServicerContext[Any, Any]
CHUNK_BYTES = 1 << 20


def call_of(context: Context, *, subject_id: str = "", idempotency_key: str = "") -> Call:
    """Gather what a use case needs to know of the call it serves."""
    remaining_s: float | None = context.time_remaining()  # None without a deadline
    return Call(
        request_id=request_id(),
        subject_id=subject_id,
        idempotency_key=idempotency_key,
        remaining_ms=None if remaining_s is None else remaining_s * 1000,
    )


class ModerationServicer(moderation_pb2_grpc.ModerationServiceServicer):
    """Translates between the contract and the gate; safe for any number of calls at once."""

    def __init__(self, gate: Gate, settings: Settings) -> None:
        self._gate = gate
        self._idle_ms = settings.upload_idle_ms

    async def ScreenPrompt(
        self, request: pb.ScreenPromptRequest, context: Context
    ) -> pb.ScreenPromptResponse:
        """Judge a prompt."""
        call = call_of(
            context, subject_id=request.subject_id, idempotency_key=request.idempotency_key
        )
        prompt = PromptRequest(
            prompt=request.prompt,
            negative_prompt=request.negative_prompt,
            reference_captions=tuple(request.reference_captions),
            shots=tuple(request.shots),
        )
        verdict = await self._gate.screen(prompt, call)
        return pb.ScreenPromptResponse(verdict=wire.verdict(verdict))

    async def ReviewClip(
        self, request_iterator: AsyncIterator[pb.ReviewClipRequest], context: Context
    ) -> AsyncIterator[pb.ReviewClipResponse]:
        """Take a clip in and review it."""
        header = await uploads.first_header(request_iterator, idle_ms=self._idle_ms)
        call = call_of(
            context, subject_id=header.subject_id, idempotency_key=header.idempotency_key
        )
        upload = ClipUpload(
            size_bytes=header.size_bytes,
            sha256=header.sha256,
            generator_name=header.generator.name,
            generator_version=header.generator.version,
            prompt_verdict_id=header.prompt_verdict_id,
        )
        chunks = uploads.chunks(request_iterator, idle_ms=self._idle_ms)
        async with aclosing(self._gate.review(upload, chunks, call)) as events:
            async for event in events:
                yield _review_event(event)

    async def GetClip(self, request: pb.GetClipRequest, context: Context) -> pb.GetClipResponse:
        """Tell where a clip stands."""
        record = await self._gate.clip(request.clip_id)
        return pb.GetClipResponse(clip=_clip(record), request_id=request_id())

    async def WatchClip(
        self, request: pb.WatchClipRequest, context: Context
    ) -> AsyncIterator[pb.WatchClipResponse]:
        """Send the clip at every change of its state."""
        async for record in self._gate.watch(request.clip_id):
            yield pb.WatchClipResponse(clip=_clip(record), request_id=request_id())

    async def UploadSource(
        self, request_iterator: AsyncIterator[pb.UploadSourceRequest], context: Context
    ) -> pb.UploadSourceResponse:
        """Take in a file that a clip was made from."""
        header = await uploads.first_header(request_iterator, idle_ms=self._idle_ms)
        upload = ClipUpload(header.size_bytes, header.sha256, "source", "0", "")
        chunks = uploads.chunks(request_iterator, idle_ms=self._idle_ms)
        found = wire.source_found(await self._gate.take_source(upload, chunks, call_of(context)))
        # What it will be to a clip is not known yet.
        found.relation = pb.SOURCE_RELATION_UNSPECIFIED
        return pb.UploadSourceResponse(source=found, request_id=request_id())

    async def ReleaseClip(
        self, request: pb.ReleaseClipRequest, context: Context
    ) -> AsyncIterator[pb.ReleaseClipResponse]:
        """Sign a cleared clip and send it."""
        mark = request.visible_mark.text if request.HasField("visible_mark") else None
        wish = Wish(mark, tuple(wire.named_source(source) for source in request.sources))
        released = await self._gate.release(request.clip_id, call_of(context), wish)
        yield pb.ReleaseClipResponse(
            released=pb.ReleasedClip(
                clip_id=released.record.clip_id,
                size_bytes=released.record.signed_size_bytes,
                sha256=released.record.signed_sha256,
                manifest_id=released.record.manifest_id,
                media_type=released.media_type,
                request_id=request_id(),
                audit=wire.audit_ref(released.audit),
                sources=[wire.source_found(source) for source in released.sources],
            )
        )
        async for chunk in released.chunks(CHUNK_BYTES):
            yield pb.ReleaseClipResponse(chunk=chunk)

    async def RecallClip(
        self, request: pb.RecallClipRequest, context: Context
    ) -> pb.RecallClipResponse:
        """Take a released clip back."""
        record, audit = await self._gate.recall(request.clip_id, request.reason, call_of(context))
        return pb.RecallClipResponse(
            clip=_clip(record), request_id=request_id(), audit=wire.audit_ref(audit)
        )


def _review_event(event: Any) -> pb.ReviewClipResponse:
    match event:
        case FramesSeen():
            return pb.ReviewClipResponse(
                progress=pb.ReviewProgress(
                    frames_done=event.done,
                    frames_expected=event.expected,
                    position_ms=event.pts_ms[-1],
                    duration_ms=event.duration_ms,
                )
            )
        case Finding():
            return pb.ReviewClipResponse(finding=wire.finding(event))
        case Verdict():
            return pb.ReviewClipResponse(verdict=wire.verdict(event))
        case clip_id:
            return pb.ReviewClipResponse(
                accepted=pb.ReviewAccepted(clip_id=clip_id, request_id=request_id())
            )


def _clip(record: ClipRecord) -> pb.Clip:
    verdict = stored_verdict(record)
    return pb.Clip(
        clip_id=record.clip_id,
        state=wire.clip_state(record.state),
        sha256=record.sha256,
        size_bytes=record.size_bytes,
        create_time=wire.timestamp(record.created_ms),
        update_time=wire.timestamp(record.updated_ms),
        verdict=None if verdict is None else wire.verdict(verdict),
        signed_sha256=record.signed_sha256,
        manifest_id=record.manifest_id,
        reason=record.reason,
    )
