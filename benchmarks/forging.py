"""Mutated signed files against real workers: none is trusted that says or shows something else.

Small clips of every container that carries a manifest are signed: once, twice (a remix), and by a
stranger. They are mutated as any clip (`tests.mutations`) and, box by box, within the manifest
(JUMBF, ISO/IEC 19566-5), with the sizes around mended by chance and the room that is left filled
up, so that the rest of the file stays where it was signed. Each mutant is verified as `VerifyClip`
does it: by `moderation.clips.stage` through an executor with real worker processes and the ordinary
limits.

Fails (exit status 1) when

- a mutant reads as trusted, and any of its pictures or sounds, or anything of what its manifest is
  reported to say, is not that of the signed clip with the same manifest;
- a mutant of a stranger's clip reads as trusted, or any as made here under another clip's id;
- an error has a reason that a clip may not be refused for, or repeats the file's path;
- a whole clip, verified between the mutants, is not answered as before (the executor serves);
- this process grows by more than 100 MiB after a warm-up.

Dead workers and time-outs are counted and printed; `--keep` saves those mutants, and every one that
failed. Mutant N of a seed is always the same bytes for the same signed clips; keys, and so the
signatures, are made anew for each run unless `--clips` names a folder to keep them in.

    python -m benchmarks.forging --mutations 10000 --seed 0 [--keep FOLDER] [--clips FOLDER]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
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

import av
from av.subtitles.subtitle import SubtitleSet

from benchmarks.fuzzing import known_reasons, resident_mib
from media.errors import FramegateError
from moderation import settings as settings_module
from moderation.assembly import load_policy, make_keys, worker_setup
from moderation.clips.stage import ClipStage
from moderation.executor import LocalExecutor
from moderation.logs import configure
from moderation.settings import Settings
from provenance.keys import credentials
from provenance.manifest import Release
from provenance.report import C2paState
from provenance.signing import sign
from provenance.verification import Answer, Verification
from tests.clips import make_clip
from tests.forgeries import forged

TIMEOUT_MS: Final = 20_000
LOST, TIMEOUT = "WORKER_LOST", "JOB_TIMEOUT"
OURS, STRANGERS = "ours", "strangers"
_SERVES_EVERY = 100
_WARM_UP_SHARE, _GROWTH_MIB = 0.2, 100
_FOLDER = "secret-folder-of-forgeries"
_BASES: Final[dict[str, dict[str, object]]] = {
    "header-first.mp4": {"audio": True, "bframes": 2},
    "header-last.mp4": {"faststart": False},
    "fragments.mp4": {"gop": 4, "muxing": {"movflags": "frag_keyframe+empty_moov"}},
    "plain.mov": {"codec": "mpeg4"},
    "plain.avi": {"codec": "mpeg4", "audio": True},
    "plain.gif": {"codec": "gif"},
}


@dataclass(frozen=True, slots=True)
class Base:
    """A signed clip that is whole, and what is true of it.

    Attributes:
        data: Its bytes.
        shown: Digest of all its pictures and sounds.
        found: What a verification says of it.
    """

    data: bytes
    shown: str
    found: Verification


@dataclass(slots=True)
class Report:
    """What became of all mutants.

    Attributes:
        outcomes: Number of mutants by state of the manifest, or by reason of the error.
        answers: Number by answer.
        problems: Descriptions of all that failed.
        notable: Mutants that killed a worker or took too long.
        growth_mib: What this process grew by after the warm-up.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    notable: list[str] = field(default_factory=list)
    growth_mib: float = 0.0

    def noted(self, index: int) -> bool:
        """Tell whether something is to be said of a mutant."""
        return any(line.startswith(f"mutant {index} ") for line in (*self.notable, *self.problems))


def signed_clips(folder: Path, keys: Path) -> dict[str, bytes]:
    """Make and sign the base clips: ours, remixes of ours, and a stranger's.

    Args:
        folder: Where they are written; those that are there already are read.
        keys: Folder with our credentials.
    """
    ours = credentials.load(keys)
    folder.mkdir(parents=True, exist_ok=True)
    strange = folder / "stranger"
    if not strange.exists():
        credentials.init(strange, organization="A stranger", now=datetime.now(UTC))
    stranger = credentials.load(strange)
    clips: dict[str, bytes] = {}
    for number, (name, arguments) in enumerate(_BASES.items()):
        chosen: dict[str, object] = {"seconds": 1, "fps": 12, "size": (64, 48), "gop": 12}
        plain = folder / f"unsigned-{name}"
        once, twice, other = (folder / f"{kind}-{name}" for kind in ("once", "twice", STRANGERS))
        if not once.exists():
            make_clip(plain, **(chosen | arguments))  # type: ignore[arg-type]
            release = Release(f"clip-{number}", "VideoGen", "1.2", 1_795_241_524_817)
            sign(plain, once, release, ours)
            remix = Release(f"clip-{number}-remix", "Remixer", "3", 1_795_241_600_000)
            sign(once, twice, remix, ours)
            sign(plain, other, release, stranger)
        clips |= {path.name: path.read_bytes() for path in (once, twice, other)}
    return clips


def shown(path: Path) -> str:
    """Return a digest of all pictures and sounds of a clip, with their times."""
    digest = hashlib.sha256()
    # Brands and titles that are no UTF-8 are not what is compared.
    with av.open(str(path), metadata_errors="replace") as container:
        for stream in container.streams:
            if stream.type not in ("video", "audio"):
                continue
            container.seek(0)
            for frame in container.decode(stream):
                if isinstance(frame, SubtitleSet):
                    continue
                digest.update(f"{stream.index} {frame.pts} {frame.time_base}".encode())
                digest.update(frame.to_ndarray().tobytes())
    return digest.hexdigest()


class House:
    """A clip stage with its workers, and nothing else of the service.

    Args:
        stage: What mutants are verified by.
        folder: Where they are written for it.
    """

    def __init__(self, stage: ClipStage, folder: Path) -> None:
        self._stage = stage
        self._folder = folder
        self._known = known_reasons()

    async def verify(self, data: bytes, name: str) -> Verification | FramegateError:
        """Have bytes verified as a clip."""
        path = self._folder / name
        path.write_bytes(data)
        try:
            return await self._stage.verify(path)
        except FramegateError as error:
            return error
        finally:
            path.unlink()

    def shown(self, data: bytes) -> str:
        """Return the digest of what a clip shows; "" where it cannot be decoded."""
        path = self._folder / "shown"
        path.write_bytes(data)
        try:
            return shown(path)
        except (av.FFmpegError, ValueError):
            return ""
        finally:
            path.unlink()

    def wrong_error(self, error: FramegateError) -> str:
        """Say what is wrong with an error, or ""."""
        if error.reason not in self._known:
            return f"the reason {error.reason} is none that a clip may be refused for"
        said = " ".join(map(str, (error.message, error.field, error.limit, error.actual)))
        return "the error repeats the file's path" if _FOLDER in said else ""


def wrong_trust(found: Verification, data: bytes, bases: dict[str, Base], house: House) -> str:
    """Say what is wrong with reading a mutant as trusted, or ""."""
    if found.c2pa.state is not C2paState.TRUSTED:
        return "made here without being trusted" if found.answer is Answer.MADE_HERE else ""
    for name, base in bases.items():
        if base.found.c2pa.manifest_id == found.c2pa.manifest_id:
            if name.startswith(STRANGERS):
                return "a stranger's clip is trusted"
            if _said(found) != _said(base.found):
                return f"trusted, and does not say what {name} says"
            if house.shown(data) != base.shown:
                return f"trusted, and does not show what {name} shows"
            return ""
    return "trusted under a manifest that nobody signed"


def _said(found: Verification) -> Verification:
    """A verification without what may differ: notes of what is outside the signature."""
    return dataclasses.replace(found, c2pa=dataclasses.replace(found.c2pa, reasons=()))


@contextlib.asynccontextmanager
async def opened(settings: Settings, folder: Path) -> AsyncIterator[House]:
    """Open a house for the length of the block."""
    executor = LocalExecutor(
        worker_setup(settings),
        workers=settings.clip_workers,
        jobs_per_worker=settings.worker_jobs,
    )
    mutants = folder / _FOLDER
    mutants.mkdir()
    try:
        yield House(ClipStage(settings, load_policy(settings), executor), mutants)
    finally:
        await executor.close()


async def whole(house: House, clips: dict[str, bytes], report: Report) -> dict[str, Base]:
    """Verify the base clips as they were signed."""
    bases = {}
    for name, data in clips.items():
        found = await house.verify(data, f"whole-{name}")
        expected = C2paState.VALID if name.startswith(STRANGERS) else C2paState.TRUSTED
        if isinstance(found, FramegateError) or found.c2pa.state is not expected:
            report.problems.append(f"whole {name}: {found}")
            continue
        bases[name] = Base(data, house.shown(data), found)
    return bases


async def fuzz(
    house: House,
    clips: dict[str, bytes],
    numbers: Iterable[int],
    *,
    seed: int,
    at_once: int,
    keep: Path | None = None,
) -> Report:
    """Verify mutants, `at_once` at a time, and report what became of them."""
    report = Report()
    bases = await whole(house, clips, report)
    waiting = list(reversed(list(numbers)))
    total, done, warm_mib = len(waiting), 0, 0.0

    async def work() -> None:
        nonlocal done, warm_mib
        while waiting:
            index = waiting.pop()
            data, steps = forged(clips, seed, index)
            found = await house.verify(data, f"mutant-{index}")
            _note(report, found, _problem(found, data, bases, house), f"{index} ({steps})")
            if keep is not None and report.noted(index):
                await asyncio.to_thread(_keep, keep, index, data)
            done += 1
            if done == max(1, round(total * _WARM_UP_SHARE)):
                warm_mib = resident_mib(os.getpid())
            if done % _SERVES_EVERY == 0 or done == total:
                name = list(bases)[done // _SERVES_EVERY % len(bases)]
                if await house.verify(clips[name], f"again-{index}") != bases[name].found:
                    report.problems.append(f"after {index}: {name} is answered otherwise")

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(work())
    report.growth_mib = max(0.0, resident_mib(os.getpid()) - warm_mib)
    if report.growth_mib > _GROWTH_MIB:
        report.problems.append(f"this process grew by {report.growth_mib:.0f} MiB")
    return report


def _problem(
    found: Verification | FramegateError, data: bytes, bases: dict[str, Base], house: House
) -> str:
    if isinstance(found, FramegateError):
        return house.wrong_error(found)
    return wrong_trust(found, data, bases, house)


def _note(report: Report, found: Verification | FramegateError, problem: str, label: str) -> None:
    if isinstance(found, FramegateError):
        report.outcomes[found.reason] += 1
        if found.reason in (LOST, TIMEOUT):
            report.notable.append(f"mutant {label}: {found.reason}")
    else:
        report.outcomes[found.c2pa.state] += 1
        report.answers[found.answer] += 1
    if problem:
        report.problems.append(f"mutant {label}: {problem}")


def _keep(folder: Path, index: int, data: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"mutant-{index}").write_bytes(data)


def _print(report: Report, *, seed: int, seconds: float) -> None:
    total = sum(report.outcomes.values())
    print(f"{total} mutants of seed {seed} in {seconds:.0f} s")
    for reason, count in report.outcomes.most_common():
        print(f"  {reason:28} {count:6} {count / total:7.1%}")
    print(f"answers: {dict(sorted(report.answers.items()))}")
    print(f"memory: this process grew by {report.growth_mib:.0f} MiB after the warm-up")
    for line in (*report.notable, *report.problems):
        print(line)
    print("FAILED" if report.problems else "held")


async def _run(options: argparse.Namespace) -> bool:
    configure("json", "error")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        kept: Path = options.clips or home / "clips"
        settings = settings_module.load(
            environ={}, home=kept, clip_workers=options.workers, verify_timeout_ms=TIMEOUT_MS
        )
        make_keys(settings.keys_folder, "forging", datetime.now(UTC))
        clips = await asyncio.to_thread(signed_clips, kept, settings.keys_folder)
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
            )
        _print(report, seed=options.seed, seconds=time.monotonic() - began)
    return not report.problems


def main() -> None:
    """Run, print, and fail if anything gave way."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--mutations", type=int, default=1000, help="how many mutants")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, help="verify this one mutant of the seed")
    parser.add_argument("--keep", type=Path, help="folder for mutants that gave trouble")
    parser.add_argument("--clips", type=Path, help="folder to keep keys and signed clips in")
    parser.add_argument("--workers", type=int, default=2, help="worker processes")
    sys.exit(0 if asyncio.run(_run(parser.parse_args())) else 1)


if __name__ == "__main__":
    main()
