"""Hash lists in the forms of ThreatExchange: PDQ of pictures, vPDQ of clips.

A list is text, one signal a line, as the file exchange of the package `threatexchange` reads it:

    pdq f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22
    vpdq ["f8f8...9b22,100,0.000", "f8f8...9b22,98,1.000"]

The kind may be left out where all lines have one. A vPDQ signal is a JSON array of
"hash,quality,seconds". A PDQ hash may stand in a line "hash,quality,file name", as the program
`pdq-photo-hasher` writes it; the name is not kept. The program `vpdq` writes a file for each clip
instead, whose lines are "frame,quality,hash,seconds"; `read_clip` reads it. An indicator of the
ThreatExchange API is a JSON object, one a line; of those that are PDQ hashes `indicator` is read:

    {"id": "3058061737574159", "type": "HASH_PDQ", "indicator": "f8f8...9b22", "status": "..."}

Empty lines and lines that start with `#` are passed over, and so is an indicator with
`should_delete`. `read_file` tells these forms apart by the first line.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final, TextIO

import numpy as np

from provenance.fingerprint.errors import HashListMalformed
from provenance.fingerprint.fingerprint import Marks
from provenance.fingerprint.pdq import HASH_BYTES
from provenance.fingerprint.records import FOREVER, KnownHash, Signal

MAX_LINES: Final = 2_000_000
MAX_LINE_CHARS: Final = 4_000_000
MAX_HASHES_PER_CLIP: Final = 36_000
MAX_SECONDS: Final = 24 * 60 * 60
MAX_QUALITY: Final = 100
MAX_LABEL: Final = 128
MAX_NAME: Final = 64

_HASH = re.compile(rf"[0-9a-fA-F]{{{2 * HASH_BYTES}}}")
_WHOLE = re.compile(r"[0-9]{1,9}")
_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{0,9})?([eE][+-]?[0-9]{1,2})?")
_PARTS = 3
_PDQ_INDICATOR = "HASH_PDQ"
_CLIP_PARTS = 4


def read_list(
    lines: Iterable[str],
    *,
    list_name: str,
    label: str = "",
    signal: Signal | None = None,
    category: str = "",
    expires_ms: int = FOREVER,
    allowed: bool = False,
) -> Iterator[KnownHash]:
    """Read a hash list line by line.

    Args:
        lines: Lines of the list, with or without their ends.
        list_name: Name that its entries get, 1 to 64 characters.
        label: What the list is of, at most 128 characters.
        signal: Kind of the lines that do not name one themselves.
        category: What a match of its entries is a finding of.
        expires_ms: From when its entries do not count any more, milliseconds since the epoch.
        allowed: Whether the list suppresses matches.

    Yields:
        Its entries; the id of one follows from its signal, so that reading it again gives the
        same.

    Raises:
        HashListMalformed: A line is not of the form; its number and the limit are given.
    """
    _check_length(list_name, MAX_NAME, "list_name", least=1)
    _check_length(label, MAX_LABEL, "label")
    for number, line in _numbered(lines):
        kind, text = _kind(line, signal, number)
        if not text and line.startswith("{"):
            continue
        marks = _pdq(text, number) if kind is Signal.PDQ else _vpdq(text, number)
        yield KnownHash(
            list_name=list_name,
            entry_id=entry_id(kind, marks),
            signal=kind,
            marks=marks,
            label=label,
            category=category,
            expires_ms=expires_ms,
            allowed=allowed,
        )


def read_file(
    file: TextIO,
    *,
    list_name: str,
    category: str = "",
    expires_ms: int = FOREVER,
    allowed: bool = False,
) -> Iterator[KnownHash]:
    """Read a file of one of the forms, told apart by its first line; see `read_list`.

    Args:
        file: Open for reading text; no more of it is held than a line.
        list_name: As for `read_list`.
        category: Likewise.
        expires_ms: Likewise.
        allowed: Likewise.

    Raises:
        HashListMalformed: It is of none of the forms, or holds no hash.
    """
    head: list[str] = []
    lines = _lines(file)
    first = ""
    for line in lines:
        head.append(line)
        if line.strip() and not line.strip().startswith("#"):
            first = line.strip()
            break
    if not first:
        raise HashListMalformed("the file holds no hash", field="lines", limit=1, actual=0)
    given = chain(head, lines)
    if _WHOLE.fullmatch(first.partition(",")[0].strip()) and first.count(",") == _CLIP_PARTS - 1:
        marks = read_clip(given)
        signals = [f"{Signal.VPDQ} {json.dumps(_features(marks))}"]
        given = chain(signals, lines)
    signal = {"[": Signal.VPDQ}.get(first[0], Signal.PDQ if _HASH.match(first) else None)
    yield from read_list(
        given,
        list_name=list_name,
        signal=signal,
        category=category,
        expires_ms=expires_ms,
        allowed=allowed,
    )


def read_clip(lines: Iterable[str]) -> Marks:
    """Read the hashes of one clip as the program `vpdq` writes them.

    Raises:
        HashListMalformed: A line is not "frame,quality,hash,seconds", or there is none.
    """
    rows = []
    for number, line in _numbered(lines):
        parts = line.split(",")
        if len(parts) != _CLIP_PARTS:
            raise _wrong(number, "a line has parts separated by commas", _CLIP_PARTS, len(parts))
        if not _WHOLE.fullmatch(parts[0].strip()):
            raise _wrong(number, "the number of a frame is a whole number from 0", 0, parts[0])
        rows.append(_feature([parts[2], parts[1], parts[3]], number))
        _check_count(len(rows), number)
    if not rows:
        raise HashListMalformed("the file holds no hash", field="lines", limit=1, actual=0)
    return _marks(rows)


def write_list(entries: Iterable[KnownHash]) -> Iterator[str]:
    """Write entries as the lines of a list, each with its end; `read_list` reads them back."""
    for entry in entries:
        hashes = [each.tobytes().hex() for each in entry.marks.hashes]
        if entry.signal is Signal.PDQ:
            yield f"{entry.signal} {hashes[0]}\n"
            continue
        yield f"{entry.signal} {json.dumps(_features(entry.marks))}\n"


def write_clip(marks: Marks) -> Iterator[str]:
    """Write the hashes of a clip as the program `vpdq` does; `read_clip` reads them back."""
    rows = zip(marks.hashes, marks.quality, marks.start_ms, strict=True)
    for frame, (each, quality, at_ms) in enumerate(rows):
        yield f"{frame},{quality},{each.tobytes().hex()},{at_ms / 1000:.3f}\n"


def entry_id(signal: Signal, marks: Marks) -> str:
    """Return the id of a signal: 32 hex digits of the SHA-256 over kind, hashes and times."""
    digest = hashlib.sha256(signal.value.encode())
    digest.update(marks.hashes.tobytes())
    digest.update(marks.start_ms.astype("<i4").tobytes())
    return digest.hexdigest()[:32]


def _features(marks: Marks) -> list[str]:
    rows = zip(marks.hashes, marks.quality, marks.start_ms, strict=True)
    return [f"{each.tobytes().hex()},{quality},{at / 1000:.3f}" for each, quality, at in rows]


def _lines(file: TextIO) -> Iterator[str]:
    """Lines of a file; of one that is too long only so much that this is seen."""
    while line := file.readline(MAX_LINE_CHARS + 2):
        yield line


def _numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, start=1):
        if number > MAX_LINES:
            raise _wrong(number, "the list has too many lines", MAX_LINES, number)
        if len(line) > MAX_LINE_CHARS:
            raise _wrong(number, "the line has too many characters", MAX_LINE_CHARS, len(line))
        text = line.strip()
        if text and not text.startswith("#"):
            yield number, text


def _kind(line: str, signal: Signal | None, number: int) -> tuple[Signal, str]:
    if line.startswith("{"):
        return Signal.PDQ, _indicator(line, number)
    name, _, rest = line.partition(" ")
    if name in {each.value for each in Signal}:
        return Signal(name), rest.strip()
    if signal is None:
        kinds = " or ".join(Signal)
        raise _wrong(number, "the line does not start with a kind of hash", kinds, name[:MAX_NAME])
    return signal, line


def _indicator(line: str, number: int) -> str:
    """The hash of an indicator; "" for one that was withdrawn."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _wrong(number, "an indicator is a JSON object", "JSON", line[:MAX_NAME]) from error
    kind, text = found.get("type"), found.get("indicator")
    if kind != _PDQ_INDICATOR:
        raise _wrong(number, "an indicator is of this type", _PDQ_INDICATOR, str(kind)[:MAX_NAME])
    if not isinstance(text, str) or not _HASH.fullmatch(text):
        size = len(text) if isinstance(text, str) else 0
        raise _wrong(number, "a PDQ hash is so many hexadecimal digits", 2 * HASH_BYTES, size)
    return "" if found.get("should_delete") is True else text


def _pdq(text: str, number: int) -> Marks:
    digits, *rest = text.split(",", 2)
    # Without a quality it is what somebody thought worth listing.
    quality = rest[0] if rest else str(MAX_QUALITY)
    return _marks([_feature([digits, quality, "0"], number)])


def _vpdq(text: str, number: int) -> Marks:
    try:
        features = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _wrong(number, "a vPDQ signal is a JSON array", "JSON", text[:MAX_NAME]) from error
    if not isinstance(features, list) or not all(isinstance(each, str) for each in features):
        raise _wrong(number, "a vPDQ signal is a JSON array of strings", "strings", text[:MAX_NAME])
    if not features:
        raise _wrong(number, "a vPDQ signal holds at least one hash", 1, 0)
    _check_count(len(features), number)
    rows = []
    for feature in features:
        parts = feature.split(",")
        if len(parts) != _PARTS:
            raise _wrong(number, "a hash of a clip has parts separated by commas", _PARTS,
                         len(parts))  # fmt: skip
        rows.append(_feature(parts, number))
    return _marks(rows)


def _feature(parts: list[str], number: int) -> tuple[bytes, int, int]:
    """Hash, quality and milliseconds of "hash", "quality", "seconds"."""
    text, quality, seconds = (part.strip() for part in parts)
    if not _HASH.fullmatch(text):
        raise _wrong(number, "a PDQ hash is so many hexadecimal digits", 2 * HASH_BYTES, len(text))
    if not _WHOLE.fullmatch(quality) or int(quality) > MAX_QUALITY:
        raise _wrong(number, "a quality is a whole number from 0 to the limit", MAX_QUALITY,
                     quality[:MAX_NAME])  # fmt: skip
    if not _SECONDS.fullmatch(seconds) or float(seconds) > MAX_SECONDS:
        raise _wrong(number, "a time is seconds from 0 to the limit", MAX_SECONDS,
                     seconds[:MAX_NAME])  # fmt: skip
    return bytes.fromhex(text), int(quality), math.floor(float(seconds) * 1000 + 0.5)


def _marks(rows: list[tuple[bytes, int, int]]) -> Marks:
    rows = sorted(rows, key=lambda row: row[2])
    starts = np.array([at_ms for _, _, at_ms in rows], dtype=np.int32)
    hashes = np.frombuffer(b"".join(each for each, _, _ in rows), dtype=np.uint8)
    return Marks(
        starts,
        starts.copy(),
        hashes.reshape(len(rows), HASH_BYTES).copy(),
        np.array([quality for _, quality, _ in rows], dtype=np.uint8),
    )


def _check_count(count: int, number: int) -> None:
    if count > MAX_HASHES_PER_CLIP:
        raise _wrong(number, "a clip has too many hashes", MAX_HASHES_PER_CLIP, count)


def _check_length(text: str, most: int, field: str, *, least: int = 0) -> None:
    if not least <= len(text) <= most:
        raise HashListMalformed(
            f"{field} has {least} to {most} characters", field=field, limit=most, actual=len(text)
        )


def _wrong(number: int, what: str, limit: float | str, actual: float | str) -> HashListMalformed:
    return HashListMalformed(
        f"line {number}: {what}", field=f"lines[{number}]", limit=limit, actual=actual
    )
