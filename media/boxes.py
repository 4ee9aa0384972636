"""What an MP4 or QuickTime file says of itself, read before any decoder sees it.

A walk over the boxes of ISO/IEC 14496-12 that reads headers only. It finds a file that ends
before its last box does, and it brings the claims (lengths, sample counts) that are later held
against the packets. Nothing is believed here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from media.refusals import ClipTruncated, ClipUnreadable

_CONTAINERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl"})
_MAX_BOXES = 100_000
_SHORT_HEADER, _LONG_HEADER = 8, 16
_LONGEST_HEADER = 96
_UNKNOWN_32 = 0xFFFF_FFFF
_UNKNOWN_64 = 0xFFFF_FFFF_FFFF_FFFF


@dataclass(slots=True)
class Claims:
    """What the header boxes say.

    Attributes:
        brand: Major brand of `ftyp`, or "".
        boxes: Types of the boxes that were met.
        movie_ms: Length by `mvhd`, or None where it is unset.
        tracks_ms: Lengths by `tkhd` and `mdhd`, those that are set.
        sizes: Width and height in pixels by `tkhd`, of the tracks that are shown.
        sample_counts: Samples of each track by `stsz` or `stz2`.
    """

    brand: str = ""
    boxes: set[str] = field(default_factory=set)
    movie_ms: int | None = None
    tracks_ms: list[int] = field(default_factory=list)
    sizes: list[tuple[int, int]] = field(default_factory=list)
    sample_counts: list[int] = field(default_factory=list)
    movie_timescale: int = 0


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int
    end: int


def read_claims(stream: BinaryIO, size_bytes: int) -> Claims:
    """Read the claims of an MP4 file.

    Args:
        stream: The file, opened for reading in binary.
        size_bytes: Its size.

    Returns:
        What the header boxes say.

    Raises:
        ClipTruncated: A box ends behind the end of the file.
        ClipUnreadable: A box contradicts itself, or there is no `moov`.
    """
    claims = Claims()
    budget = [_MAX_BOXES]
    _walk(stream, 0, size_bytes, size_bytes, claims, budget)
    if "moov" not in claims.boxes:
        raise ClipUnreadable("the clip has no movie header (moov box)")
    return claims


def _walk(
    stream: BinaryIO, start: int, end: int, size_bytes: int, claims: Claims, budget: list[int]
) -> None:
    for box in _children(stream, start, end, size_bytes):
        budget[0] -= 1
        if budget[0] < 0:
            raise ClipUnreadable("the clip has too many boxes", limit=_MAX_BOXES)
        claims.boxes.add(box.kind.decode("latin-1"))
        if box.kind in _CONTAINERS:
            _walk(stream, box.start, box.end, size_bytes, claims, budget)
        else:
            _read_leaf(stream, box, claims)


def _children(stream: BinaryIO, start: int, end: int, size_bytes: int) -> Iterator[_Box]:
    position = start
    while position < end:
        stream.seek(position)
        header = stream.read(min(_LONG_HEADER, end - position))
        if len(header) < _SHORT_HEADER:
            if end == size_bytes and start == 0:
                raise ClipTruncated("the clip ends inside a box header")
            return
        size, kind = struct.unpack(">I4s", header[:8])
        skip = _SHORT_HEADER
        if size == 1:
            if len(header) < _LONG_HEADER:
                raise ClipTruncated("the clip ends inside a box header")
            size, skip = struct.unpack(">Q", header[8:16])[0], _LONG_HEADER
        elif size == 0:
            size = end - position
        if size < skip:
            raise ClipUnreadable("a box of the clip is smaller than its own header")
        if position + size > size_bytes:
            raise ClipTruncated(
                "the clip ends before its last box does (bytes)",
                limit=size_bytes,
                actual=position + size,
            )
        if position + size > end:
            raise ClipUnreadable("a box of the clip reaches out of the box around it")
        yield _Box(kind, position + skip, position + size)
        position += size


def _read_leaf(stream: BinaryIO, box: _Box, claims: Claims) -> None:
    if box.kind not in {b"ftyp", b"mvhd", b"tkhd", b"mdhd", b"stsz", b"stz2"}:
        return
    stream.seek(box.start)
    body = stream.read(min(box.end - box.start, _LONGEST_HEADER))
    if box.kind == b"ftyp":
        claims.brand = claims.brand or body[:4].decode("latin-1")
    elif box.kind in {b"stsz", b"stz2"}:
        claims.sample_counts.append(_number(body, 8, 4))
    elif box.kind == b"tkhd":
        # Version 1 has 64-bit times: creation, modification, track id, reserved, duration.
        wide = body[:1] == b"\x01"
        duration = _number(body, 28, 8) if wide else _number(body, 20, 4)
        _note(claims, duration, claims.movie_timescale, wide=wide)
        at = 88 if wide else 76
        # The size is a 16.16 fixed-point number.
        claims.sizes.append((_number(body, at, 4) >> 16, _number(body, at + 4, 4) >> 16))
    else:
        _read_timed_header(box.kind, body, claims)


def _read_timed_header(kind: bytes, body: bytes, claims: Claims) -> None:
    wide = body[:1] == b"\x01"
    timescale = _number(body, 20 if wide else 12, 4)
    duration = _number(body, 24, 8) if wide else _number(body, 16, 4)
    if timescale == 0:
        raise ClipUnreadable("a header of the clip has a time scale of 0")
    if kind == b"mvhd":
        claims.movie_timescale = timescale
        claims.movie_ms = _milliseconds(duration, timescale, wide=wide)
    else:
        _note(claims, duration, timescale, wide=wide)


def _note(claims: Claims, duration: int, timescale: int, *, wide: bool) -> None:
    length_ms = _milliseconds(duration, timescale, wide=wide)
    if length_ms is not None:
        claims.tracks_ms.append(length_ms)


def _milliseconds(duration: int, timescale: int, *, wide: bool) -> int | None:
    if duration in {0, _UNKNOWN_64 if wide else _UNKNOWN_32} or timescale == 0:
        return None
    return duration * 1000 // timescale


def _number(body: bytes, offset: int, length: int) -> int:
    if len(body) < offset + length:
        raise ClipUnreadable("a header of the clip is cut short")
    return int.from_bytes(body[offset : offset + length], "big")
