"""A clip's way through a real server: review, states, release, verification, recall."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc import aio

from framegate.v1 import audit_pb2, moderation_pb2, provenance_pb2, verdict_pb2
from moderation.cli.door import Door
from tests.clips import HOSTILE, make_clip, make_hostile
from tests.house import error_info, header, house, settings_for
from tests.meeting import meeting
from tests.odd_clips import ODD, REVIEWED, make_odd

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _review(
    door: Door, path: Path, **fields: Any
) -> tuple[str, list[moderation_pb2.ReviewClipResponse]]:
    events = []
    data = path.read_bytes()
    fields = {"size_bytes": len(data)} | fields

    async def upload() -> AsyncIterator[moderation_pb2.ReviewClipRequest]:
        yield moderation_pb2.ReviewClipRequest(header=header(**fields))
        for start in range(0, len(data), 1 << 18):
            yield moderation_pb2.ReviewClipRequest(chunk=data[start : start + (1 << 18)])

    async for event in door.moderation.ReviewClip(upload()):
        events.append(event)
    return events[0].accepted.clip_id, events


async def _state(door: Door, clip_id: str) -> str:
    response = await door.moderation.GetClip(moderation_pb2.GetClipRequest(clip_id=clip_id))
    return moderation_pb2.ClipState.Name(response.clip.state).removeprefix("CLIP_STATE_")


async def _events(door: Door, clip_id: str) -> list[str]:
    page = await door.audit.ListEntries(audit_pb2.ListEntriesRequest(clip_id=clip_id))
    return [entry.event for entry in page.entries]


async def test_a_clip_goes_from_upload_to_recall(
    door: Door, everyday_clip: Path, tmp_path: Path
) -> None:
    prompt = await door.moderation.ScreenPrompt(
        moderation_pb2.ScreenPromptRequest(prompt="a bright square on a slope", subject_id="u-9")
    )
    clip_id, events = await _review(
        door,
        everyday_clip,
        prompt_verdict_id=prompt.verdict.verdict_id,
        subject_id="u-9",
        sha256=hashlib.sha256(everyday_clip.read_bytes()).hexdigest(),
    )
    assert events[0].HasField("accepted")
    assert any(event.HasField("progress") for event in events)
    verdict = events[-1].verdict
    assert verdict.judgement.decision == verdict_pb2.DECISION_ALLOW
    sampling = verdict.judgement.sampling
    assert sampling.frame_count >= 6
    assert sampling.max_gap_ms <= 500
    assert {model.id for model in verdict.judgement.models} == {"nsfw-image", "scenes-image"}
    assert await _state(door, clip_id) == "CLEARED"

    released = await door.release(clip_id, tmp_path / "out.mp4")
    signed = (tmp_path / "out.mp4").read_bytes()
    assert released.sha256 == hashlib.sha256(signed).hexdigest()
    assert released.size_bytes == len(signed)
    assert signed != everyday_clip.read_bytes()
    assert b"bright square" not in signed
    assert b"u-9" not in signed

    found = await door.verify(tmp_path / "out.mp4")
    assert found.answer == provenance_pb2.ANSWER_MADE_HERE
    assert found.c2pa.state == provenance_pb2.C2PA_STATE_TRUSTED
    assert found.clip_id == clip_id
    assert [(agent.name, agent.version) for agent in found.c2pa.software_agents] == [
        ("Test generator", "1.2.3")
    ]
    manifest = await door.provenance.LookupManifest(
        provenance_pb2.LookupManifestRequest(manifest_id=released.manifest_id)
    )
    assert manifest.clip_id == clip_id
    assert manifest.manifest in signed

    again = await door.release(clip_id, tmp_path / "again.mp4")
    assert again.sha256 == released.sha256

    recalled = await door.moderation.RecallClip(
        moderation_pb2.RecallClipRequest(clip_id=clip_id, reason="rights holder asked")
    )
    assert recalled.clip.state == moderation_pb2.CLIP_STATE_RECALLED
    with pytest.raises(aio.AioRpcError) as failed:
        await door.release(clip_id, tmp_path / "never.mp4")
    assert error_info(failed.value).reason == "NOT_CLEARED"
    assert not (tmp_path / "never.mp4").exists()
    events_of_clip = await _events(door, clip_id)
    for event in ("received", "reviewing", "cleared", "released", "recalled"):
        assert events_of_clip.count(f"clip.{event}") == 1


async def test_the_same_clip_gives_the_same_judgement(door: Door, everyday_clip: Path) -> None:
    verdicts = []
    for _ in range(2):
        _, events = await _review(door, everyday_clip)
        verdict = events[-1].verdict
        for varying in ("verdict_id", "clip_id", "request_id", "create_time", "latency", "audit"):
            verdict.ClearField(varying)
        verdicts.append(verdict.SerializeToString(deterministic=True))
    assert verdicts[0] == verdicts[1]


@pytest.mark.parametrize("name", sorted(HOSTILE))
async def test_a_bad_clip_is_named_and_never_released(
    door: Door, tmp_path: Path, name: str
) -> None:
    clip = make_hostile(name, tmp_path)
    clip_id = ""

    async def upload() -> AsyncIterator[moderation_pb2.ReviewClipRequest]:
        data = clip.read_bytes()
        yield moderation_pb2.ReviewClipRequest(header=header(size_bytes=len(data)))
        for start in range(0, len(data), 1 << 20):
            yield moderation_pb2.ReviewClipRequest(chunk=data[start : start + (1 << 20)])

    with pytest.raises(aio.AioRpcError) as failed:
        async for event in door.moderation.ReviewClip(upload()):
            clip_id = clip_id or event.accepted.clip_id
    assert failed.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert error_info(failed.value).reason == HOSTILE[name]
    with pytest.raises(aio.AioRpcError):
        await door.release(clip_id, tmp_path / "out.mp4")
    assert not (tmp_path / "out.mp4").exists()
    response = await door.moderation.ScreenPrompt(
        moderation_pb2.ScreenPromptRequest(prompt="a dog on a beach")
    )
    assert response.verdict.verdict_id


@pytest.mark.parametrize("name", [name for name, odd in ODD.items() if odd.outcome == REVIEWED])
async def test_an_odd_clip_is_looked_at(door: Door, tmp_path: Path, name: str) -> None:
    clip_id, events = await _review(door, make_odd(name, tmp_path))
    judgement = events[-1].verdict.judgement
    # What a drawn picture is judged to be is not the matter here: it was judged, with all models.
    assert judgement.decision != verdict_pb2.DECISION_UNSPECIFIED
    assert judgement.sampling.frame_count >= 1
    assert not judgement.degraded
    assert judgement.models
    assert await _state(door, clip_id) in {"CLEARED", "IN_REVIEW", "BLOCKED"}


@pytest.mark.parametrize("name", [name for name, odd in ODD.items() if odd.outcome != REVIEWED])
async def test_an_odd_clip_is_refused(door: Door, tmp_path: Path, name: str) -> None:
    with pytest.raises(aio.AioRpcError) as failed:
        await _review(door, make_odd(name, tmp_path))
    assert failed.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    info = error_info(failed.value)
    assert info.reason == ODD[name].outcome
    assert info.metadata["field"] == "clip"


async def test_a_variable_frame_rate_is_reviewed(door: Door, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "vfr.mkv", seconds=3, pts=[0, 40, 80, 700, 1100, 1150, 2600])
    _, events = await _review(door, clip)
    # The second picture is not needed, the third holds the step; the long gap is the clip's own.
    sampling = events[-1].verdict.judgement.sampling
    assert (sampling.frame_count, sampling.max_gap_ms) == (6, 1450)


async def test_a_clip_over_the_limit_is_refused_before_it_is_sent(door: Door) -> None:
    async def upload() -> AsyncIterator[moderation_pb2.ReviewClipRequest]:
        yield moderation_pb2.ReviewClipRequest(header=header(size_bytes=3 << 30))

    with pytest.raises(aio.AioRpcError) as failed:
        async for _ in door.moderation.ReviewClip(upload()):
            pass
    info = error_info(failed.value)
    assert info.reason == "CLIP_TOO_LARGE"
    assert info.metadata["field"] == "size_bytes"
    assert info.metadata["limit"]


async def test_more_or_fewer_bytes_than_announced_are_refused(
    door: Door, everyday_clip: Path
) -> None:
    size = everyday_clip.stat().st_size
    for announced, reason in ((size - 1, "CLIP_TOO_LARGE"), (size + 1, "CLIP_SIZE_MISMATCH")):
        with pytest.raises(aio.AioRpcError) as failed:
            await _review(door, everyday_clip, size_bytes=announced)
        assert error_info(failed.value).reason == reason


async def test_other_bytes_than_announced_are_refused(door: Door, everyday_clip: Path) -> None:
    with pytest.raises(aio.AioRpcError) as failed:
        await _review(door, everyday_clip, sha256="0" * 64)
    assert error_info(failed.value).reason == "CLIP_DIGEST_MISMATCH"


@pytest.mark.parametrize("first", ["nothing", "chunk", "empty"])
async def test_an_upload_without_a_header_is_refused(door: Door, first: str) -> None:
    async def upload() -> AsyncIterator[moderation_pb2.ReviewClipRequest]:
        if first != "nothing":
            yield moderation_pb2.ReviewClipRequest(chunk=b"x" if first == "chunk" else None)

    with pytest.raises(aio.AioRpcError) as failed:
        async for _ in door.moderation.ReviewClip(upload()):
            pass
    assert error_info(failed.value).reason == "UPLOAD_MALFORMED"


async def test_an_uncleared_clip_is_not_released(door: Door, tmp_path: Path) -> None:
    with pytest.raises(aio.AioRpcError) as failed:
        await door.release("clip-unknown", tmp_path / "out.mp4")
    assert failed.value.code() is grpc.StatusCode.NOT_FOUND
    assert list(tmp_path.iterdir()) == []


async def test_an_idempotent_review_is_done_once(door: Door, everyday_clip: Path) -> None:
    first_id, first = await _review(door, everyday_clip, idempotency_key="clip-once")
    _, second = await _review(door, everyday_clip, idempotency_key="clip-once")
    assert first[-1].verdict == second[-1].verdict
    assert second[-1].verdict.clip_id == first_id
    with pytest.raises(aio.AioRpcError) as failed:
        await _review(door, everyday_clip, idempotency_key="clip-once", subject_id="other")
    assert error_info(failed.value).reason == "IDEMPOTENCY_CONFLICT"
    assert await _state(door, first_id) == "CLEARED"


async def test_watching_shows_every_change(door: Door, everyday_clip: Path, tmp_path: Path) -> None:
    clip_id, _ = await _review(door, everyday_clip)
    states: asyncio.Queue[int] = asyncio.Queue()

    async def watch() -> None:
        request = moderation_pb2.WatchClipRequest(clip_id=clip_id)
        async for response in door.moderation.WatchClip(request):
            states.put_nowait(response.clip.state)

    watching = asyncio.create_task(watch())
    assert await states.get() == moderation_pb2.CLIP_STATE_CLEARED
    await door.release(clip_id, tmp_path / "out.mp4")
    assert await states.get() == moderation_pb2.CLIP_STATE_RELEASED
    await door.moderation.RecallClip(
        moderation_pb2.RecallClipRequest(clip_id=clip_id, reason="test")
    )
    assert await states.get() == moderation_pb2.CLIP_STATE_RECALLED
    # A recalled clip can change no more, so the watching ends by itself.
    await watching


async def test_a_clip_that_is_cancelled_stops_and_is_not_lost(
    tmp_path: Path, everyday_clip: Path
) -> None:
    data = everyday_clip.read_bytes()
    accepted, put_back = asyncio.Event(), asyncio.Event()

    async def upload() -> AsyncIterator[moderation_pb2.ReviewClipRequest]:
        yield moderation_pb2.ReviewClipRequest(header=header(size_bytes=len(data)))
        await accepted.wait()
        yield moderation_pb2.ReviewClipRequest(chunk=data)

    async def cancel(_: int) -> None:
        call.cancel()
        watched = door.moderation.WatchClip(moderation_pb2.WatchClipRequest(clip_id=clip_id))
        async for response in watched:
            if response.clip.state == moderation_pb2.CLIP_STATE_RECEIVED:
                assert response.clip.reason == "CANCELLED"
                put_back.set()
                return

    settings = settings_for(tmp_path / "home")
    async with house(settings) as door, meeting(settings.home, cancel):
        call = door.moderation.ReviewClip(upload())
        events = aiter(call)
        clip_id = (await anext(events)).accepted.clip_id
        accepted.set()
        with pytest.raises(asyncio.CancelledError):
            async for _ in events:
                pass
        await put_back.wait()
        assert "clip.review_interrupted" in await _events(door, clip_id)
        with pytest.raises(aio.AioRpcError):
            await door.release(clip_id, tmp_path / "out.mp4")
