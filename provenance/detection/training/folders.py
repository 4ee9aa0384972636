"""The files of an operator's two folders: which can be read, and which are copies of others."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import av
import cv2

from media.errors import Cancelled, FramegateError
from media.limits import MediaLimits
from media.probe import ClipInfo, probe
from provenance.detection.domain import MIN_LINES, MIN_MS, Reason, stated_reason
from provenance.detection.training.copies import copies, joined
from provenance.detection.training.errors import (
    ClipNotUsable,
    ExampleInBothClasses,
    TooFewExamples,
    TooManyExamples,
)
from provenance.detection.training.examples import Clip, LeftOut
from provenance.fingerprint.fingerprint import Fingerprint, fingerprint

LEAST: Final = 12
"""Fewest clips of a class, copies counted once."""
MOST: Final = 2000
"""Most files of a folder."""
_SOURCES: Final = 3
_SIDES: Final = ("generated", "real")
_STATED: Final[dict[Reason, str]] = {
    "too_short": f"it is shorter than {MIN_MS} ms, the shortest that can be measured",
    "too_small": f"it has fewer than {MIN_LINES} lines, the fewest that can be measured",
}
Tell = Callable[[str], None]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A clip that can be read."""

    path: Path
    clip: Clip
    info: ClipInfo


def opened(
    generated: Path, real: Path, limits: MediaLimits, left_out: list[LeftOut], tell: Tell
) -> list[Found]:
    """Look at the files of two folders and of the folders below them.

    Args:
        generated: Clips of the operator's generator.
        real: Camera clips.
        limits: What a clip may cost.
        left_out: Where files are added that are no usable clip, or there twice.
        tell: Called with a line for each of them.

    Raises:
        TooFewExamples: A folder holds fewer than `LEAST` usable clips.
        TooManyExamples: A folder holds more than `MOST` files.
        ExampleInBothClasses: A clip is in both.
    """
    found: list[Found] = []
    for path, name in [*_listed(generated, "generated"), *_listed(real, "real")]:
        one = attempt(name, left_out, tell, partial(_open, path, name, limits))
        if one is not None:
            found.append(one)
    found = _each_once(found, left_out, tell)
    check_counts([one.clip for one in found])
    prints = [attempt(one.clip.name, left_out, tell, partial(_fingerprint, one)) for one in found]
    whole = [(one, each) for one, each in zip(found, prints, strict=True) if each is not None]
    found = _grouped([one for one, _ in whole], [each for _, each in whole])
    check_counts([one.clip for one in found])
    return found


def attempt(
    name: str, left_out: list[LeftOut], tell: Tell, work: Callable[[], Result]
) -> Result | None:
    """Do what a bad file can make fail; such a file is named and left out."""
    try:
        return work()
    except Cancelled:
        raise
    except (FramegateError, OSError, av.FFmpegError, cv2.error, ValueError, MemoryError) as error:
        reason = error.message if isinstance(error, FramegateError) else type(error).__name__
        left_out.append(LeftOut(name, reason))
        tell(f"left out: {name}: {reason}")
        return None


def _listed(folder: Path, side: str) -> list[tuple[Path, str]]:
    """Files below a folder but hidden ones, with their names."""
    files = []
    for path in sorted(folder.rglob("*")):
        below = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in below.parts):
            files.append((path, f"{side}/{below.as_posix()}"))
    if len(files) > MOST:
        raise TooManyExamples(
            f"--{side} holds {len(files)} files; at most {MOST} are looked at.",
            field=side, limit=MOST, actual=len(files),
        )  # fmt: skip
    return files


def _open(path: Path, name: str, limits: MediaLimits) -> Found:
    info = probe(path, limits)
    reason = stated_reason(info)
    if reason:
        raise not_usable(reason)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    side = name.partition("/")[0]
    clip = Clip(name, side == "generated", sha256, min(info.width, info.height))
    return Found(path, clip, info)


def _fingerprint(one: Found) -> Fingerprint:
    return fingerprint(one.path, one.info, crops=False)


def not_usable(reason: Reason) -> ClipNotUsable:
    """The error for a clip that cannot be measured."""
    return ClipNotUsable(_STATED[reason], field="clip")


def _each_once(found: Sequence[Found], left_out: list[LeftOut], tell: Tell) -> list[Found]:
    """Leave out what is there twice; refuse what is there in both classes."""
    seen: dict[str, Clip] = {}
    kept: list[Found] = []
    for one in found:
        first = seen.setdefault(one.clip.sha256, one.clip)
        if first.fake != one.clip.fake:
            raise ExampleInBothClasses(
                f"{first.name} and {one.clip.name} are the same file: a clip is generated or real, "
                "not both.",
                field="real",
                actual=one.clip.name,
            )
        if first is one.clip:
            kept.append(one)
        else:
            left_out.append(LeftOut(one.clip.name, f"the same file as {first.name}"))
            tell(f"left out: {one.clip.name}: {left_out[-1].reason}")
    return kept


def _grouped(found: Sequence[Found], prints: Sequence[Fingerprint]) -> list[Found]:
    """Say what is a copy of what, and what is left out together.

    Copies always are; so are the clips of a folder, where a class has at least three.
    """
    places = copies(prints)
    sources = [_source(one.clip) for one in found]
    sides = [{each for each in sources if each.startswith(side)} for side in _SIDES]
    enough = set().union(*(side for side in sides if len(side) >= _SOURCES))
    first: dict[str, int] = {}
    pairs = list(enumerate(places))
    for place, source in enumerate(sources):
        if source in enough:
            pairs.append((place, first.setdefault(source, place)))
    groups = joined(len(found), pairs)
    return [
        replace(one, clip=replace(one.clip, kind=str(kind), group=str(group)))
        for one, kind, group in zip(found, places, groups, strict=True)
    ]


def _source(clip: Clip) -> str:
    """The side and the first folder below it that a clip is in; "" where it is in none."""
    side, *folders = clip.name.split("/")[:-1]
    return f"{side}/{folders[0]}" if folders else ""


def check_counts(clips: Sequence[Clip]) -> None:
    """Fail where a class has too few clips."""
    for side in _SIDES:
        mine = [clip for clip in clips if clip.fake == (side == "generated")]
        count = len({clip.kind or clip.sha256 for clip in mine})
        if count < LEAST:
            raise TooFewExamples(
                f"--{side} holds {count} usable clips, copies counted once; it takes {LEAST}.",
                field=side,
                limit=LEAST,
                actual=count,
            )
