"""The executor with real worker processes: limits, cancellation, death, recycling."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from media.errors import Cancelled, InvalidInput
from media.limits import MediaLimits
from moderation.clips.jobs import ReviewJob, Setup
from moderation.clips.results import FramesSeen, Reviewed
from moderation.executor import JobTimeout, LocalExecutor, WorkerLost
from tests.clips import make_clip
from tests.house import CACHE
from tests.meeting import kill, meeting

TIMEOUT_MS = 120_000


@pytest.fixture
async def executor(tmp_path: Path) -> AsyncIterator[LocalExecutor]:
    setup = Setup(cache=str(CACHE), keys=str(tmp_path), memory_bytes=6 << 30, nice=5)
    made = LocalExecutor(setup, workers=1, jobs_per_worker=3)
    yield made
    await made.close()


@pytest.fixture(scope="module")
def long_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    return make_clip(folder / "long.mp4", seconds=60, fps=5, size=(640, 360), gop=300)


def _job(clip: Path) -> ReviewJob:
    return ReviewJob(str(clip), MediaLimits(), 2.0)


async def test_a_review_streams_progress_and_returns_scores(
    executor: LocalExecutor, long_clip: Path
) -> None:
    events: list[FramesSeen] = []
    result = await executor.submit(_job(long_clip), timeout_ms=TIMEOUT_MS, on_event=events.append)
    assert isinstance(result, Reviewed)
    assert not result.degraded
    assert [time for event in events for time in event.pts_ms] == list(result.pts_ms)
    assert {model.source for model in result.by_model} == {model.id for model in result.models}


async def test_two_processes_give_the_same_bytes(executor: LocalExecutor, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=3)
    results, ids = [], set()
    # Three jobs a worker: the fourth runs in another process.
    for _ in range(4):
        seen: list[int] = []
        results.append(
            await executor.submit(
                _job(clip),
                timeout_ms=TIMEOUT_MS,
                on_event=lambda _, seen=seen: seen.extend(executor.process_ids),
            )
        )
        ids.update(seen)
    assert len(ids) == 2
    assert all(result == results[0] for result in results)


async def test_cancelling_frees_the_worker_for_the_next_job(
    executor: LocalExecutor, long_clip: Path, tmp_path: Path
) -> None:
    short = make_clip(tmp_path / "short.mp4")
    cancelled: list[int] = []
    after: list[int] = []

    async def cancel(pid: int) -> None:
        cancelled.append(pid)
        task.cancel()
        await asyncio.wait({task})

    async with meeting(long_clip.parent, cancel):
        await executor.submit(_job(short), timeout_ms=TIMEOUT_MS)
        task = asyncio.create_task(executor.submit(_job(long_clip), timeout_ms=TIMEOUT_MS))
        with pytest.raises(asyncio.CancelledError):
            await task
        await executor.submit(
            _job(short),
            timeout_ms=TIMEOUT_MS,
            on_event=lambda _: after.extend(executor.process_ids),
        )
    # It noticed by itself and was not killed: the same process did the next job.
    assert set(after) == set(cancelled)


async def test_a_worker_that_is_killed_once_costs_nothing(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    killed: list[int] = []

    async def kill_one(pid: int) -> None:
        if not killed:
            killed.append(pid)
            await kill(pid)

    clip = make_clip(tmp_path / "clip.mp4")
    async with meeting(tmp_path, kill_one):
        result = await executor.submit(_job(clip), timeout_ms=TIMEOUT_MS)
    assert isinstance(result, Reviewed)
    assert len(killed) == 1


async def test_a_job_that_kills_its_worker_twice_fails_as_retryable(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    killed: list[int] = []

    async def kill_any(pid: int) -> None:
        killed.append(pid)
        await kill(pid)

    clip = make_clip(tmp_path / "clip.mp4")
    async with meeting(tmp_path, kill_any):
        with pytest.raises(WorkerLost) as lost:
            await executor.submit(_job(clip), timeout_ms=TIMEOUT_MS)
    assert lost.value.retryable
    assert len(killed) == len(set(killed)) == 2


async def test_a_job_over_its_time_is_stopped(
    executor: LocalExecutor, long_clip: Path, tmp_path: Path
) -> None:
    # The worker is warm, so that the time goes into the job.
    await executor.submit(_job(make_clip(tmp_path / "clip.mp4")), timeout_ms=TIMEOUT_MS)
    with pytest.raises(JobTimeout) as late:
        await executor.submit(_job(long_clip), timeout_ms=1)
    assert late.value.limit == 1


async def test_a_worker_over_its_memory_fails_the_job_and_not_the_house(tmp_path: Path) -> None:
    setup = Setup(cache=str(CACHE), keys=str(tmp_path), memory_bytes=1 << 29, nice=5)
    executor = LocalExecutor(setup, workers=1)
    clip = make_clip(tmp_path / "clip.mp4", seconds=2, size=(1920, 1080))
    try:
        try:
            result = await executor.submit(_job(clip), timeout_ms=TIMEOUT_MS)
        except (InvalidInput, WorkerLost):
            return
        # The models did not fit: then nothing may look as if it had been checked.
        assert isinstance(result, Reviewed)
        assert result.degraded
    finally:
        await executor.close()


async def test_an_error_of_the_job_arrives_as_itself(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    with pytest.raises(InvalidInput) as refused:
        await executor.submit(_job(empty), timeout_ms=TIMEOUT_MS)
    assert refused.value.reason == "CLIP_EMPTY"
    assert not isinstance(refused.value, Cancelled)
    assert executor.idle <= 1
