"""Mutated clips against real clip workers: what becomes of each, and whether anything gives way.

Small clips of every container and codec are mutated (`tests.mutations`), and each mutant is
reviewed as the service reviews a clip: by `moderation.clips.stage` through an executor with real
worker processes and the ordinary limits. Decoding and sampling always run for real. Without
`--models` the workers find no model files, so that every clip that can be decoded is judged as one
that could not be checked: it is `degraded`, and no such judgement may be ALLOW. With `--models` the
classifiers run too.

Fails (exit status 1) when

- a mutant is allowed without a picture having been looked at, or while something is degraded;
- an error has a reason that a clip may not be refused for, or repeats the clip's path or text;
- a whole clip, reviewed between the mutants, is not reviewed as before (the executor serves);
- a worker outgrows `--worker-mib`, or this process grows by more than 100 MiB after a warm-up.

Dead workers and time-outs are counted and printed; `--keep` saves those mutants, and every one that
failed. Mutant N of a seed is always the same bytes: `--only N` reviews it alone. The report goes to
stdout; on stderr each review says which models it had to do without.

    python -m benchmarks.fuzzing --mutations 10000 --seed 0 [--keep FOLDER] [--models]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from media.errors import FramegateError
from media.refusals import ClipRefused
from moderation import settings as settings_module
from moderation.assembly import load_policy, make_keys
from moderation.clips.jobs import Setup
from moderation.clips.stage import ClipStage
from moderation.executor import LocalExecutor
from moderation.logs import configure
from moderation.settings import Settings
from moderation.store.blobs import Blob
from moderation.verdict import Context, Decision, Judgement, Stage
from tests.mutations import CANARY, base_clips, mutated

TIMEOUT_MS: Final = 20_000
REVIEWED, LOST, TIMEOUT = "REVIEWED", "WORKER_LOST", "JOB_TIMEOUT"
_SERVES_EVERY = 100
_WARM_UP_SHARE, _GROWTH_MIB = 0.2, 100
_MIB = 1 << 20
_FOLDER = "secret-folder-of-mutants"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mutant.

    Attributes:
        reason: `REVIEWED`, or the reason of the error.
        frames: Pictures that were looked at.
        decision: The judgement's decision, None where there was an error.
        problem: What is wrong with that, or "".
    """

    reason: str
    frames: int = 0
    decision: Decision | None = None
    problem: str = ""


@dataclass(slots=True)
class Report:
    """What became of all mutants.

    Attributes:
        outcomes: Number of mutants by reason.
        decisions: Number of reviewed ones by decision.
        problems: Descriptions of all that failed.
        notable: Mutants that killed a worker or took too long.
        worker_mib: Most memory that a worker held after a job.
        growth_mib: What this process grew by after the warm-up.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    notable: list[str] = field(default_factory=list)
    worker_mib: float = 0.0
    growth_mib: float = 0.0


def known_reasons() -> frozenset[str]:
    """Return what a clip may be refused for, and what may happen to a worker."""
    found = {LOST, TIMEOUT, "CLIP_NEEDS_TOO_MUCH_MEMORY"}
    waiting: list[type[ClipRefused]] = [ClipRefused]
    while waiting:
        kind = waiting.pop()
        found.add(kind.reason)
        waiting.extend(kind.__subclasses__())
    return frozenset(found)


class House:
    """A clip stage with its workers, and nothing else of the service.

    Args:
        stage: What mutants are reviewed by.
        folder: Where they are written for it.
    """

    def __init__(self, stage: ClipStage, folder: Path) -> None:
        self._stage = stage
        self._folder = folder
        self._known = known_reasons()

    async def review(self, data: bytes, name: str) -> Outcome:
        """Have bytes reviewed as a clip, and look for what is wrong with the answer."""
        path = self._folder / name
        path.write_bytes(data)
        blob = Blob(path, hashlib.sha256(data).hexdigest(), len(data))
        judgement: Judgement | None = None
        try:
            async with contextlib.aclosing(
                self._stage.review(blob, Context(Stage.FRAMES))
            ) as events:
                async for event in events:
                    if isinstance(event, Judgement):
                        judgement = event
        except FramegateError as error:
            return Outcome(error.reason, problem=self._wrong_error(error))
        except Exception as error:  # noqa: BLE001 - whatever else comes is what is looked for
            return Outcome(type(error).__name__, problem=f"raised {type(error).__name__}")
        finally:
            path.unlink()
        if judgement is None:
            return Outcome("NOTHING", problem="ended without a judgement")
        return _judged(judgement)

    def _wrong_error(self, error: FramegateError) -> str:
        if error.reason not in self._known:
            return f"the reason {error.reason} is none that a clip may be refused for"
        said = " ".join(map(str, (error.message, error.field, error.limit, error.actual)))
        if any(word in said for word in (_FOLDER, str(self._folder), CANARY)):
            return "the error repeats the clip's path or text"
        if error.reason not in {LOST, TIMEOUT} and error.field != "clip":
            return "the error names no field"
        return ""


def _judged(judgement: Judgement) -> Outcome:
    frames = judgement.sampling.frame_count if judgement.sampling else 0
    late = any(gap.reason == "over_budget" for gap in judgement.degraded)
    reason = TIMEOUT if late else REVIEWED
    problem = ""
    if judgement.decision is Decision.ALLOW and (not frames or judgement.degraded):
        problem = f"allowed with {frames} pictures and {len(judgement.degraded)} gaps"
    elif reason == REVIEWED and not frames:
        problem = "reviewed without a picture"
    return Outcome(reason, frames, judgement.decision, problem)


@contextlib.asynccontextmanager
async def opened(settings: Settings, folder: Path) -> AsyncIterator[House]:
    """Open a house for the length of the block."""
    settings.home.mkdir(parents=True, exist_ok=True)
    make_keys(settings.keys_folder, "fuzzing", datetime.now(UTC))
    executor = LocalExecutor(
        Setup(
            cache=str(settings.cache_folder),
            keys=str(settings.keys_folder),
            memory_bytes=settings.worker_memory_bytes,
            nice=settings.worker_nice,
        ),
        workers=settings.clip_workers,
        jobs_per_worker=settings.worker_jobs,
    )
    mutants = folder / _FOLDER
    mutants.mkdir()
    try:
        yield House(ClipStage(settings, load_policy(settings), executor), mutants)
    finally:
        await executor.close()


async def fuzz(
    house: House,
    clips: dict[str, bytes],
    numbers: Iterable[int],
    *,
    seed: int,
    at_once: int,
    keep: Path | None = None,
    worker_mib: float = 2048,
) -> Report:
    """Review mutants, `at_once` at a time, and report what became of them."""
    report = Report()
    waiting = list(reversed(list(numbers)))
    total, done, warm_mib = len(waiting), 0, 0.0
    whole = {name: await house.review(data, f"whole-{name}") for name, data in clips.items()}
    report.problems += [
        f"whole {name}: {outcome.reason} {outcome.problem}"
        for name, outcome in whole.items()
        if outcome.reason != REVIEWED or outcome.problem
    ]

    async def work() -> None:
        nonlocal done, warm_mib
        while waiting:
            index = waiting.pop()
            data, steps = mutated(clips, seed, index)
            outcome = await house.review(data, f"mutant-{index}")
            _note(report, outcome, f"{index} ({steps})", data, keep)
            done += 1
            report.worker_mib = max(report.worker_mib, *children_mib())
            if done == max(1, round(total * _WARM_UP_SHARE)):
                warm_mib = resident_mib(os.getpid())
            if done % _SERVES_EVERY == 0 or done == total:
                name = list(clips)[done // _SERVES_EVERY % len(clips)]
                again = await house.review(clips[name], f"again-{index}")
                if again != whole[name]:
                    report.problems.append(f"after {index}: {name} is {again}, was {whole[name]}")

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(work())
    report.growth_mib = max(0.0, resident_mib(os.getpid()) - warm_mib)
    if report.growth_mib > _GROWTH_MIB:
        report.problems.append(f"this process grew by {report.growth_mib:.0f} MiB")
    if report.worker_mib > worker_mib:
        report.problems.append(f"a worker held {report.worker_mib:.0f} MiB")
    return report


def _note(report: Report, outcome: Outcome, label: str, data: bytes, keep: Path | None) -> None:
    report.outcomes[outcome.reason] += 1
    if outcome.decision is not None:
        report.decisions[outcome.decision.name] += 1
    notable = outcome.reason in {LOST, TIMEOUT}
    if outcome.problem:
        report.problems.append(f"mutant {label}: {outcome.problem}")
    elif notable:
        report.notable.append(f"mutant {label}: {outcome.reason}")
    if keep is not None and (notable or outcome.problem):
        keep.mkdir(parents=True, exist_ok=True)
        (keep / f"mutant-{label.partition(' ')[0]}").write_bytes(data)


def resident_mib(pid: int) -> float:
    """Resident memory of a process, 0 where it is gone or the system does not say."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / _MIB


def children_mib() -> list[float]:
    """Resident memory of each process that this one started."""
    pid = os.getpid()
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [0.0]
    return [resident_mib(int(child)) for child in children] or [0.0]


def _print(report: Report, *, seed: int, seconds: float) -> None:
    total = sum(report.outcomes.values())
    print(f"{total} mutants of seed {seed} in {seconds:.0f} s")
    for reason, count in report.outcomes.most_common():
        print(f"  {reason:28} {count:6} {count / total:7.1%}")
    print(f"decisions on what was reviewed: {dict(sorted(report.decisions.items()))}")
    print(
        f"memory: a worker held at most {report.worker_mib:.0f} MiB; this process grew by "
        f"{report.growth_mib:.0f} MiB after the warm-up"
    )
    for line in (*report.notable, *report.problems):
        print(line)
    print("FAILED" if report.problems else "held")


async def _run(options: argparse.Namespace) -> bool:
    configure("json", "error")
    cache = settings_module.load().cache_folder
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = settings_module.load(
            environ={},
            home=home / "home",
            cache=cache if options.models else home / "no-models",
            clip_workers=options.workers,
            review_timeout_ms=TIMEOUT_MS,
        )
        clips = await asyncio.to_thread(base_clips, home / "bases", cache if options.real else None)
        numbers = range(options.mutations) if options.only is None else [options.only]
        began = time.monotonic()
        async with opened(settings, home) as house:
            report = await fuzz(
                house,
                clips,
                numbers,
                seed=options.seed,
                at_once=options.workers,
                keep=options.keep,
                worker_mib=options.worker_mib,
            )
        _print(report, seed=options.seed, seconds=time.monotonic() - began)
    return not report.problems


def main() -> None:
    """Run, print, and fail if anything gave way."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--mutations", type=int, default=1000, help="how many mutants")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, help="review this one mutant of the seed")
    parser.add_argument("--keep", type=Path, help="folder for mutants that gave trouble")
    parser.add_argument("--models", action="store_true", help="run the classifiers too")
    parser.add_argument("--real", action="store_true", help="mutate a real sample clip as well")
    parser.add_argument("--workers", type=int, default=2, help="worker processes")
    parser.add_argument("--worker-mib", type=float, default=2048, help="bound on a worker's memory")
    sys.exit(0 if asyncio.run(_run(parser.parse_args())) else 1)


if __name__ == "__main__":
    main()
