"""What signing costs: beside the review, with two workers over one, and behind a busy front.

    python -m benchmarks.signing [--rounds 3]

Workers sign, verify and review the same clip (10 s of 1280 x 720, about 5 MB). CPU is that of the
worker processes, so the check that the clip decodes whole and the verification after signing are in
it. Bars: sign and verify at most a tenth of the review's CPU; two workers sign at least 1.7 times
what one does; with the serving process busy on one core, one worker takes at most 1.2 times as
long.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.reviewing import CLIPS, FPS, FRAMES_A_SECOND, scenery
from media.limits import MediaLimits
from models.sample_clips import sample_clip
from moderation import settings as settings_module
from moderation.assembly import load_policy
from moderation.clips.jobs import Job, ReviewJob, Setup, SignJob, VerifyJob
from moderation.executor import LocalExecutor
from moderation.verdict import Context, Stage
from provenance.keys import credentials
from provenance.manifest import Release
from tests.clips import make_clip

_TIMEOUT_MS = 120_000
_JOBS = 8
_MORE = 4


class Bench:
    """A clip, credentials and jobs on them."""

    def __init__(self, folder: Path) -> None:
        settings = settings_module.load()
        keys = folder / "keys"
        keys.mkdir()
        credentials.init(keys, organization="Benchmark", now=datetime.now(UTC))
        self.folder = folder
        self.clip = make_clip(
            folder / "clip.mp4",
            fps=FPS,
            gop=FPS,
            bframes=3,
            options={"preset": "veryfast", "b": "4000000"},
            pictures=scenery(sample_clip(CLIPS[0], settings.cache_folder)),
        )
        self.digest = hashlib.sha256(self.clip.read_bytes()).hexdigest()
        self.setup = Setup(
            cache=str(settings.cache_folder.resolve()),
            keys=str(keys),
            memory_bytes=settings.worker_memory_bytes,
            nice=0,
        )
        self.floors = load_policy(settings).floors(Stage.FRAMES, Context(Stage.FRAMES))

    def sign(self, number: int) -> SignJob:
        """Sign the clip into a file of its own."""
        release = Release(f"clip-{number}", "Benchmark", "1", 0)
        target = str(self.folder / f"{number}.mp4")
        return SignJob(str(self.clip), self.digest, target, release, MediaLimits())

    def verify(self) -> VerifyJob:
        """Verify what the first of `sign` wrote."""
        return VerifyJob(str(self.folder / "0.mp4"))

    def review(self) -> ReviewJob:
        """Review the clip."""
        return ReviewJob(str(self.clip), MediaLimits(), FRAMES_A_SECOND, self.floors)


def _children_s() -> float:
    """CPU seconds of the processes that have ended and were waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def cpu_s(bench: Bench, job: Job) -> float:
    """CPU seconds of one job in a worker, without its start."""
    spent = []
    for count in (1, 1 + _MORE):
        before = _children_s()
        executor = LocalExecutor(bench.setup, workers=1, jobs_per_worker=1000)
        try:
            for _ in range(count):
                await executor.submit(job, timeout_ms=_TIMEOUT_MS)
        finally:
            await executor.close()
        spent.append(_children_s() - before)
    return (spent[1] - spent[0]) / _MORE


async def _submit(executor: LocalExecutor, jobs: Sequence[Job]) -> None:
    await asyncio.gather(*(executor.submit(job, timeout_ms=_TIMEOUT_MS) for job in jobs))


async def costs(bench: Bench, rounds: int) -> None:
    """Print the CPU of signing and verifying over that of the review."""
    arms: dict[str, Job] = {
        "sign": bench.sign(0), "verify": bench.verify(), "review": bench.review(),
    }  # fmt: skip
    spent: dict[str, list[float]] = {name: [] for name in arms}
    for _ in range(rounds):
        for name, job in arms.items():
            spent[name].append(await cpu_s(bench, job))
    shares = [
        (sign + verify) / review
        for sign, verify, review in zip(*(spent[name] for name in arms), strict=True)
    ]
    middle = {name: statistics.median(each) for name, each in spent.items()}
    print(
        f"CPU: sign {middle['sign']:.2f} s, verify {middle['verify']:.2f} s, review "
        f"{middle['review']:.2f} s; sign and verify over review {statistics.median(shares):.2f} "
        f"({min(shares):.2f} to {max(shares):.2f}, n = {rounds})"
    )


async def _seconds(bench: Bench, workers: int) -> float:
    executor = LocalExecutor(bench.setup, workers=workers, jobs_per_worker=1000)
    jobs = [bench.sign(number) for number in range(_JOBS)]
    try:
        await _submit(executor, jobs[:workers])
        began = time.monotonic()
        await _submit(executor, jobs)
        return time.monotonic() - began
    finally:
        await executor.close()


def _spin(stop: multiprocessing.synchronize.Event) -> None:
    while not stop.is_set():
        hashlib.sha256(bytes(1 << 16)).digest()


@contextlib.contextmanager
def busy() -> Iterator[None]:
    """A process that keeps one core busy, as a front that screens prompts would."""
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    process = context.Process(target=_spin, args=(stop,), daemon=True)
    process.start()
    try:
        yield
    finally:
        stop.set()
        process.join()


async def throughput(bench: Bench, rounds: int) -> None:
    """Print what two workers do over one, and how a busy front slows one."""
    gains, slowed = [], []
    for _ in range(rounds):
        one, two = await _seconds(bench, 1), await _seconds(bench, 2)
        with busy():
            behind = await _seconds(bench, 1)
        gains.append(one / two)
        slowed.append(behind / one)
    for name, ratios in (("two workers over one", gains), ("behind a busy front", slowed)):
        print(
            f"signing, {name}: {statistics.median(ratios):.2f} times "
            f"({min(ratios):.2f} to {max(ratios):.2f}, n = {rounds})"
        )


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name))
        asyncio.run(costs(bench, given.rounds))
        asyncio.run(throughput(bench, given.rounds))


if __name__ == "__main__":
    main()
