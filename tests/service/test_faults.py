"""Faults over a real server: none becomes ALLOW, and no verdict goes out without its record."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

import grpc
import pytest
from google.protobuf.message import Message
from google.rpc import error_details_pb2
from grpc import aio
from grpc_status import rpc_status

from framegate.v1 import audit_pb2, moderation_pb2, verdict_pb2
from models.errors import ModelDigestMismatch
from moderation.cli.door import Door
from moderation.settings import Settings
from tests.house import CACHE, error_info, header, house, settings_for
from tests.meeting import kill, meeting

PROMPT_MODEL = "prompt-safety"
FRAME_MODELS = {"nsfw-image", "scenes-image"}
BENIGN = "A golden retriever puppy chasing soap bubbles across a sunny meadow"
# The prompt model takes tenths of a second for so long a one.
LONG = "a dog on a beach " * 400

M = TypeVar("M", bound=Message)


async def _screen(door: Door, prompt: str = BENIGN) -> verdict_pb2.Verdict:
    request = moderation_pb2.ScreenPromptRequest(prompt=prompt)
    return (await door.moderation.ScreenPrompt(request)).verdict


async def _review(door: Door, path: Path) -> tuple[str, verdict_pb2.Verdict]:
    verdict = await door.review(path, header(), lambda _: None)
    return verdict.clip_id, verdict


async def _clip(door: Door, clip_id: str) -> moderation_pb2.Clip:
    response = await door.moderation.GetClip(moderation_pb2.GetClipRequest(clip_id=clip_id))
    return response.clip


async def _entries(door: Door) -> list[audit_pb2.Entry]:
    return list((await door.audit.ListEntries(audit_pb2.ListEntriesRequest())).entries)


async def _assert_not_released(door: Door, clip_id: str, folder: Path) -> None:
    with pytest.raises(aio.AioRpcError) as failed:
        await door.release(clip_id, folder / "never.mp4")
    assert failed.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert not (folder / "never.mp4").exists()


def _detail(error: grpc.RpcError, kind: type[M]) -> M:
    status = rpc_status.from_call(error)  # type: ignore[arg-type]
    assert status is not None
    for packed in status.details:
        detail = kind()
        if packed.Unpack(detail):
            return detail
    raise AssertionError(f"no {kind.__name__} in {status}")


def _alter(path: Path) -> None:
    """Change one bit in the middle of a file."""
    with path.open("r+b") as out:
        out.seek(path.stat().st_size // 2)
        byte = out.read(1)[0]
        out.seek(-1, os.SEEK_CUR)
        out.write(bytes([byte ^ 1]))


def _cache_with_own(folder: Path, model: str, file: str) -> Path:
    """The real cache, but for one file that is a copy: give the copy."""
    for card in (PROMPT_MODEL, *FRAME_MODELS):
        (folder / card).mkdir(parents=True)
        for source in (CACHE / card).iterdir():
            target = folder / card / source.name
            if (card, source.name) == (model, file):
                shutil.copyfile(source, target)
            else:
                target.symlink_to(source.resolve())
    return folder / model / file


# --- Models that are missing or altered ---------------------------------------------------------


async def test_without_models_a_person_decides_and_nothing_is_allowed(
    tmp_path: Path, everyday_clip: Path
) -> None:
    settings = settings_for(tmp_path / "home", cache=tmp_path / "empty")
    async with house(settings) as door:
        for prompt in (BENIGN, "a dog", "Ein Hund am Strand"):
            judgement = (await _screen(door, prompt)).judgement
            assert judgement.decision in (
                verdict_pb2.DECISION_REVIEW,
                verdict_pb2.DECISION_BLOCK,
            )
            (fault,) = judgement.degraded
            assert (fault.source, fault.reason) == (PROMPT_MODEL, "model_unavailable")
            assert {"sexual", "violence", "self-harm"} <= set(fault.categories)
            assert fault.clause
            # The lists of names are no model that can be missing.
            assert [model.id for model in judgement.models] == ["names"]
            assert judgement.user_text
        clip_id, verdict = await _review(door, everyday_clip)
        judgement = verdict.judgement
        assert judgement.decision == verdict_pb2.DECISION_REVIEW
        assert {fault.source for fault in judgement.degraded} == FRAME_MODELS
        assert {fault.reason for fault in judgement.degraded} == {"model_unavailable"}
        assert not judgement.models
        assert (await _clip(door, clip_id)).state == moderation_pb2.CLIP_STATE_IN_REVIEW
        await _assert_not_released(door, clip_id, tmp_path)
        # What could not be checked stands in the record as well.
        assert b"model_unavailable" in (await _entries(door))[-1].leaf


@pytest.mark.parametrize(
    ("model", "file"),
    [(PROMPT_MODEL, "e5-small-q4.bin"), ("nsfw-image", "open-nsfw.onnx")],
)
async def test_an_altered_model_stops_the_start(tmp_path: Path, model: str, file: str) -> None:
    cache = tmp_path / "cache"
    _alter(_cache_with_own(cache, model, file))
    with pytest.raises(ModelDigestMismatch) as refused:
        async with house(settings_for(tmp_path / "home", cache=cache)):
            pass
    assert refused.value.reason == "MODEL_DIGEST_MISMATCH"
    assert refused.value.field == model


async def test_an_image_model_that_is_altered_under_way_is_not_asked(
    tmp_path: Path, everyday_clip: Path
) -> None:
    cache = tmp_path / "cache"
    own = _cache_with_own(cache, "nsfw-image", "open-nsfw.onnx")
    async with house(settings_for(tmp_path / "home", cache=cache)) as door:
        _alter(own)
        clip_id, verdict = await _review(door, everyday_clip)
        judgement = verdict.judgement
        assert judgement.decision == verdict_pb2.DECISION_REVIEW
        (fault,) = judgement.degraded
        assert (fault.source, list(fault.categories)) == ("nsfw-image", ["sexual"])
        assert [model.id for model in judgement.models] == ["scenes-image"]
        assert {score.category for score in judgement.scores} == {"hate", "violence"}
        await _assert_not_released(door, clip_id, tmp_path)


# --- A record that cannot be written ------------------------------------------------------------


@contextmanager
def _held(settings: Settings) -> Iterator[None]:
    """Hold the write lock of the database, as a stuck process would."""
    other = sqlite3.connect(
        settings.home / "framegate.db", isolation_level=None, check_same_thread=False
    )
    try:
        other.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        other.close()


async def test_without_a_record_there_is_no_verdict(tmp_path: Path, everyday_clip: Path) -> None:
    settings = settings_for(tmp_path / "home")
    async with house(settings) as door:
        before = (await _screen(door)).audit.leaf_index
        with _held(settings):
            refused = await asyncio.gather(
                _screen(door), _review(door, everyday_clip), return_exceptions=True
            )
        for error in refused:
            assert isinstance(error, aio.AioRpcError), error
            assert error.code() is grpc.StatusCode.UNAVAILABLE
            info = error_info(error)
            assert info.reason == "AUDIT_UNAVAILABLE"
            assert info.metadata["retryable"] == "true"
            retry = _detail(error, error_details_pb2.RetryInfo)
            assert retry.retry_delay.ToMilliseconds() > 0
        # The lock is gone: the log goes on with the very next leaf, and the house with it.
        assert (await _screen(door)).audit.leaf_index == before + 1
        _, verdict = await _review(door, everyday_clip)
        assert verdict.judgement.decision == verdict_pb2.DECISION_ALLOW


async def test_a_judgement_that_cannot_be_recorded_clears_nothing(
    tmp_path: Path, everyday_clip: Path
) -> None:
    settings = settings_for(tmp_path / "home")
    async with house(settings) as door:
        clip_id = await _judged_in_vain(door, settings, everyday_clip)
        assert (await _clip(door, clip_id)).state != moderation_pb2.CLIP_STATE_CLEARED
        await _assert_not_released(door, clip_id, tmp_path)
    # Whoever comes into the house next finds the review begun and puts it back.
    async with house(settings) as door:
        clip = await _clip(door, clip_id)
        assert clip.state == moderation_pb2.CLIP_STATE_RECEIVED
        assert clip.reason
        assert not clip.HasField("verdict")


async def test_a_clip_whose_judgement_was_lost_is_not_left_under_review(
    tmp_path: Path, everyday_clip: Path
) -> None:
    settings = settings_for(tmp_path / "home")
    async with house(settings) as door:
        clip_id = await _judged_in_vain(door, settings, everyday_clip)
        # The log can be written again: the steps of a clip are in its order.
        await _screen(door)
        assert (await _clip(door, clip_id)).state == moderation_pb2.CLIP_STATE_RECEIVED


async def _judged_in_vain(door: Door, settings: Settings, clip: Path) -> str:
    """Review a clip while, from the moment that a worker reads it, nothing can be written."""
    with ExitStack() as holds:

        async def hold(_: int) -> None:
            await asyncio.to_thread(holds.enter_context, _held(settings))

        async with meeting(settings.home, hold):
            with pytest.raises(aio.AioRpcError) as failed:
                await _review(door, clip)
    assert failed.value.code() is grpc.StatusCode.UNAVAILABLE
    assert error_info(failed.value).reason == "AUDIT_UNAVAILABLE"
    return (await _entries(door))[-1].clip_id


# --- Too much work, too little time -------------------------------------------------------------


async def test_too_many_prompts_are_told_when_to_come_back(tmp_path: Path) -> None:
    async with house(settings_for(tmp_path, prompt_queue_ms=1)) as door:
        replies = await asyncio.gather(
            *(_screen(door, LONG) for _ in range(40)), return_exceptions=True
        )
        refused = [reply for reply in replies if isinstance(reply, BaseException)]
        # The first finds the lane idle; so many cannot all come one after the other.
        assert 1 <= len(refused) < len(replies)
        for error in refused:
            assert isinstance(error, aio.AioRpcError)
            assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
            info = error_info(error)
            assert (info.reason, info.metadata["field"]) == ("OVERLOADED", "prompt")
            assert _detail(error, error_details_pb2.RetryInfo).retry_delay.ToMilliseconds() >= 100
            quota = _detail(error, error_details_pb2.QuotaFailure)
            assert quota.violations[0].subject == "prompt"
        assert (await _screen(door)).verdict_id
        # A refusal is no verdict and leaves no record.
        assert len(await _entries(door)) == len(replies) - len(refused) + 1


async def test_a_second_clip_is_refused_before_it_is_sent(
    tmp_path: Path, everyday_clip: Path
) -> None:
    data = everyday_clip.read_bytes()
    go, sent = asyncio.Event(), asyncio.Event()

    async def first() -> AsyncIterator[moderation_pb2.ReviewClipRequest]:
        yield moderation_pb2.ReviewClipRequest(header=header(size_bytes=len(data)))
        await go.wait()
        yield moderation_pb2.ReviewClipRequest(chunk=data)

    async def second() -> AsyncIterator[moderation_pb2.ReviewClipRequest]:
        yield moderation_pb2.ReviewClipRequest(header=header(size_bytes=len(data)))
        await asyncio.Event().wait()
        sent.set()

    async with house(settings_for(tmp_path, clip_queue_ms=1)) as door:
        events = aiter(door.moderation.ReviewClip(first()))
        assert (await anext(events)).HasField("accepted")
        with pytest.raises(aio.AioRpcError) as failed:
            async for _ in door.moderation.ReviewClip(second()):
                pass
        assert failed.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        info = error_info(failed.value)
        assert (info.reason, info.metadata["field"]) == ("OVERLOADED", "clip")
        retry = _detail(failed.value, error_details_pb2.RetryInfo)
        assert retry.retry_delay.ToMilliseconds() >= 100
        assert _detail(failed.value, error_details_pb2.QuotaFailure).violations[0].subject == "clip"
        assert not sent.is_set()
        # Prompts have a lane of their own.
        assert (await _screen(door)).verdict_id
        go.set()
        last = [event async for event in events][-1]
        assert last.verdict.judgement.decision == verdict_pb2.DECISION_ALLOW


async def test_a_review_over_its_time_is_left_to_a_person(
    tmp_path: Path, everyday_clip: Path
) -> None:
    async with house(settings_for(tmp_path / "home", review_timeout_ms=1)) as door:
        clip_id, verdict = await _review(door, everyday_clip)
        judgement = verdict.judgement
        assert judgement.decision == verdict_pb2.DECISION_REVIEW
        assert "over_budget" in {fault.reason for fault in judgement.degraded}
        assert not judgement.models
        assert (await _clip(door, clip_id)).state == moderation_pb2.CLIP_STATE_IN_REVIEW
        await _assert_not_released(door, clip_id, tmp_path)


@pytest.mark.parametrize("said", ["nothing", "header", "half"])
async def test_a_client_that_falls_silent_is_let_go(
    tmp_path: Path, everyday_clip: Path, said: str
) -> None:
    data = everyday_clip.read_bytes()

    async def upload() -> AsyncIterator[moderation_pb2.ReviewClipRequest]:
        if said != "nothing":
            yield moderation_pb2.ReviewClipRequest(header=header(size_bytes=len(data)))
        if said == "half":
            yield moderation_pb2.ReviewClipRequest(chunk=data[: len(data) // 2])
        await asyncio.Event().wait()

    async with house(settings_for(tmp_path, upload_idle_ms=300)) as door:
        with pytest.raises(aio.AioRpcError) as failed:
            async for _ in door.moderation.ReviewClip(upload()):
                pass
        assert failed.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        assert error_info(failed.value).reason == "UPLOAD_STALLED"
        assert await _entries(door) == []
        _, verdict = await _review(door, everyday_clip)
        assert verdict.judgement.decision == verdict_pb2.DECISION_ALLOW
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in kept if path.stat().st_size == len(data) // 2] == []


# --- Workers that die ---------------------------------------------------------------------------


async def test_a_worker_that_is_killed_costs_no_verdict(
    tmp_path: Path, everyday_clip: Path
) -> None:
    killed: list[int] = []

    async def kill_one(pid: int) -> None:
        if not killed:
            killed.append(pid)
            await kill(pid)

    settings = settings_for(tmp_path)
    async with house(settings) as door, meeting(settings.home, kill_one):
        clip_id, verdict = await _review(door, everyday_clip)
        assert len(killed) == 1
        assert verdict.judgement.decision == verdict_pb2.DECISION_ALLOW
        assert not verdict.judgement.degraded
        # It was looked at from its beginning again, and has one verdict.
        assert verdict.judgement.sampling.duration_ms == pytest.approx(3_000, abs=100)
        events = [entry.event for entry in await _entries(door)]
        assert events == ["clip.received", "clip.reviewing", "clip.cleared"]
        assert (await _clip(door, clip_id)).state == moderation_pb2.CLIP_STATE_CLEARED


async def test_a_clip_whose_workers_always_die_may_be_sent_again(
    tmp_path: Path, everyday_clip: Path
) -> None:
    settings = settings_for(tmp_path / "home")
    async with house(settings) as door:
        async with meeting(settings.home, kill):
            with pytest.raises(aio.AioRpcError) as failed:
                await _review(door, everyday_clip)
        assert failed.value.code() is grpc.StatusCode.UNAVAILABLE
        info = error_info(failed.value)
        assert (info.reason, info.metadata["retryable"]) == ("WORKER_LOST", "true")
        last = (await _entries(door))[-1]
        assert last.event == "clip.review_interrupted"
        clip = await _clip(door, last.clip_id)
        assert clip.state == moderation_pb2.CLIP_STATE_RECEIVED
        assert clip.reason == "WORKER_LOST"
        assert not clip.HasField("verdict")
        await _assert_not_released(door, last.clip_id, tmp_path)
        _, verdict = await _review(door, everyday_clip)
        assert verdict.judgement.decision == verdict_pb2.DECISION_ALLOW
