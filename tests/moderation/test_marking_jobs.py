"""A worker that burns a mark in: stopped, late, and within the memory that it may use."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from media.limits import MediaLimits
from moderation.clips.jobs import Setup, SignJob
from moderation.clips.results import Signed
from moderation.executor import JobTimeout, LocalExecutor
from provenance.keys import credentials
from provenance.manifest import Release
from provenance.preparation import VisibleMark
from tests.clips import make_clip
from tests.house import CACHE

TIMEOUT_MS = 60_000


@pytest_asyncio.fixture
async def executor(tmp_path: Path) -> AsyncIterator[LocalExecutor]:
    keys = tmp_path / "keys"
    keys.mkdir()
    credentials.init(keys, organization="Example Video", now=datetime.now(UTC))
    setup = Setup(cache=str(CACHE), keys=str(keys), memory_bytes=2 << 30, nice=5)
    made = LocalExecutor(setup, workers=1)
    yield made
    await made.close()


@pytest.fixture(scope="module")
def long_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    return make_clip(folder / "long.mp4", seconds=20, fps=30, size=(480, 270), gop=60)


def _await_file(folder: Path, task: asyncio.Task[object]) -> None:
    """Wait until the pass writes, by the folder itself."""
    while not list(folder.glob("*.prepared")) and not task.done():
        time.sleep(0.005)


def _job(clip: Path, folder: Path) -> SignJob:
    folder.mkdir(exist_ok=True)
    return SignJob(
        source=str(clip),
        sha256=hashlib.sha256(clip.read_bytes()).hexdigest(),
        target=str(folder / "signed.part"),
        release=Release("clip-1", "VideoGen", "1", 5),
        limits=MediaLimits(),
        mark=VisibleMark(),
    )


async def test_a_late_job_is_stopped_and_leaves_nothing(
    executor: LocalExecutor, long_clip: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    short = make_clip(tmp_path / "short.mp4", seconds=0.5, size=(64, 48))
    # The worker and its imports are there before the clock runs.
    await executor.submit(_job(short, folder), timeout_ms=TIMEOUT_MS)
    (folder / "signed.part").unlink()
    with pytest.raises(JobTimeout):
        await executor.submit(_job(long_clip, folder), timeout_ms=500)
    result = await executor.submit(_job(short, folder), timeout_ms=TIMEOUT_MS)
    assert isinstance(result, Signed)
    assert {path.name for path in folder.iterdir()} == {"signed.part"}


async def test_a_cancelled_job_is_stopped_and_leaves_nothing(
    executor: LocalExecutor, long_clip: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    task = asyncio.create_task(executor.submit(_job(long_clip, folder), timeout_ms=TIMEOUT_MS))
    await asyncio.to_thread(_await_file, folder, task)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    short = make_clip(tmp_path / "short.mp4", seconds=0.5, size=(64, 48))
    await executor.submit(_job(short, folder), timeout_ms=TIMEOUT_MS)
    assert {path.name for path in folder.iterdir()} == {"signed.part"}


async def test_one_budget_holds_for_all_workers(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    credentials.init(keys, organization="Example Video", now=datetime.now(UTC))
    setup = Setup(cache=str(CACHE), keys=str(keys), memory_bytes=2 << 30, nice=5)
    clip = make_clip(tmp_path / "clip.mp4", seconds=1, size=(64, 48))
    executor = LocalExecutor(setup, workers=2, signing_bytes=1)
    try:
        at_once = []
        tasks = [
            asyncio.create_task(
                executor.submit(_job(clip, tmp_path / f"out-{number}"), timeout_ms=TIMEOUT_MS)
            )
            for number in range(2)
        ]
        waiting = set(tasks)
        while waiting:
            at_once.append(len(executor.process_ids))
            _, waiting = await asyncio.wait(waiting, timeout=0.02)
    finally:
        await executor.close()
    assert all(isinstance(task.result(), Signed) for task in tasks)
    assert max(at_once) == 1
