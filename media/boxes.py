"""What an MP4 or QuickTime file says of itself, read before any decoder sees it.

A walk over the boxes of ISO/IEC 14496-12 that reads headers only. It finds a file that ends
before its last box does, one whose headers come twice (players differ in which one they take),
and it brings the claims (lengths, sample counts, edit lists) that are later held against the
packets. Nothing is believed here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from media.refusals import ClipAmbiguous, ClipTruncated, ClipUnreadable
from media.tracks import PICTURES, Edit, TrackClaims

_CONTAINERS = frozenset({b"moov", b"trak", b"edts", b"mdia", b"minf", b"dinf", b"stbl"})
# A box of these kinds may be there once in the box around it; those of one name exclude each other.
_ONCE: Final = {
    b"moov": "moov", b"mvhd": "mvhd", b"tkhd": "tkhd", b"edts": "edts", b"elst": "elst",
    b"mdia": "mdia", b"mdhd": "mdhd", b"hdlr": "hdlr", b"minf": "minf", b"dinf": "dinf",
    b"dref": "dref", b"stbl": "stbl", b"stsd": "stsd", b"stts": "stts", b"ctts": "ctts",
    b"stsc": "stsc", b"stss": "stss", b"stsz": "stsz", b"stz2": "stsz", b"stco": "stco",
    b"co64": "stco",
}  # fmt: skip
_MAX_BOXES = 100_000
_SHORT_HEADER, _LONG_HEADER = 8, 16
_LONGEST_HEADER = 96
_MOST_EDITS = 4
_SAMPLE_ENTRY = 78
_UNKNOWN_32 = 0xFFFF_FFFF
_UNKNOWN_64 = 0xFFFF_FFFF_FFFF_FFFF


@dataclass(slots=True)
class Claims:
    """What the header boxes say.

    Attributes:
        brand: Major brand of `ftyp`, or "".
        boxes: Types of the boxes that were met.
        movie_ms: Length by `mvhd`, or None where it is unset.
        movie_timescale: Ticks of the movie a second, 0 where there is no `mvhd`.
        tracks_ms: Lengths by `tkhd` and `mdhd`, those that are set.
        sizes: Width and height in pixels by `tkhd`, of the tracks that are shown.
        sample_counts: Samples of each track by `stsz` or `stz2`.
        tracks: What each track says.
        pictures: How many pictures there must be by a container without tracks (GIF), else 0.
    """

    brand: str = ""
    boxes: set[str] = field(default_factory=set)
    movie_ms: int | None = None
    movie_timescale: int = 0
    tracks_ms: list[int] = field(default_factory=list)
    sizes: list[tuple[int, int]] = field(default_factory=list)
    sample_counts: list[int] = field(default_factory=list)
    tracks: list[TrackClaims] = field(default_factory=list)
    pictures: int = 0


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
        ClipAmbiguous: A header is there twice.
    """
    reader = _Reader(stream, size_bytes)
    reader.walk(_Box(b"", 0, size_bytes), TrackClaims())
    if "moov" not in reader.claims.boxes:
        raise ClipUnreadable("the clip has no movie header (moov box)")
    return reader.claims


class _Reader:
    """One walk over the boxes of a file."""

    def __init__(self, stream: BinaryIO, size_bytes: int) -> None:
        self._stream = stream
        self._size_bytes = size_bytes
        self._budget = _MAX_BOXES
        self._entries: list[_Box] = []
        self.claims = Claims()

    def walk(self, around: _Box, track: TrackClaims) -> None:
        """Read all boxes inside one; `track` is the one that they belong to."""
        met: set[str] = set()
        for box in self._children(around.start, around.end):
            self._budget -= 1
            if self._budget < 0:
                raise ClipUnreadable("the clip has too many boxes", limit=_MAX_BOXES)
            once = _ONCE.get(box.kind)
            if once is not None and once in met:
                raise ClipAmbiguous("a header of the clip is there twice", limit=1)
            met.add(once or "")
            self.claims.boxes.add(box.kind.decode("latin-1"))
            if box.kind == b"trak":
                inner = TrackClaims()
                self.claims.tracks.append(inner)
                self._entries = []
                self.walk(box, inner)
                # Only now is it known for sure which kind of track it is.
                if inner.handler in PICTURES:
                    self._read_crops(inner)
            elif box.kind in _CONTAINERS:
                self.walk(box, track)
            elif box.kind == b"cmov":
                raise ClipUnreadable("the clip's movie header is compressed")
            elif box.kind == b"stsd":
                self._entries = list(self._children(box.start + 8, box.end))
                track.formats = [entry.kind.decode("latin-1") for entry in self._entries]
            elif box.kind != b"hdlr" or around.kind == b"mdia":
                self._read_leaf(box, track)

    def _children(self, start: int, end: int) -> Iterator[_Box]:
        position = start
        while position < end:
            self._stream.seek(position)
            header = self._stream.read(min(_LONG_HEADER, end - position))
            if len(header) < _SHORT_HEADER:
                if end == self._size_bytes and start == 0:
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
            if position + size > self._size_bytes:
                raise ClipTruncated(
                    "the clip ends before its last box does (bytes)",
                    limit=self._size_bytes,
                    actual=position + size,
                )
            if position + size > end:
                raise ClipUnreadable("a box of the clip reaches out of the box around it")
            yield _Box(kind, position + skip, position + size)
            position += size

    def _read_leaf(self, box: _Box, track: TrackClaims) -> None:
        reading = {
            b"ftyp": self._read_brand,
            b"mvhd": self._read_movie_header,
            b"tkhd": self._read_track_header,
            b"mdhd": self._read_media_header,
            b"hdlr": self._read_handler,
            b"elst": self._read_edits,
            b"dref": self._read_references,
            b"stsz": self._read_sample_count,
            b"stz2": self._read_sample_count,
        }.get(box.kind)
        if reading is not None:
            self._stream.seek(box.start)
            reading(self._stream.read(min(box.end - box.start, _LONGEST_HEADER)), track)

    def _read_brand(self, body: bytes, _: TrackClaims) -> None:
        self.claims.brand = self.claims.brand or body[:4].decode("latin-1")

    def _read_handler(self, body: bytes, track: TrackClaims) -> None:
        track.handler = body[8:12].decode("latin-1")

    def _read_sample_count(self, body: bytes, track: TrackClaims) -> None:
        track.samples = _number(body, 8, 4)
        self.claims.sample_counts.append(track.samples)

    def _read_track_header(self, body: bytes, _: TrackClaims) -> None:
        # Version 1 has 64-bit times: creation, modification, track id, reserved, duration.
        wide = body[:1] == b"\x01"
        duration = _number(body, 28, 8) if wide else _number(body, 20, 4)
        self._note_length(duration, self.claims.movie_timescale, wide=wide)
        at = 88 if wide else 76
        # The size is a 16.16 fixed-point number.
        self.claims.sizes.append((_number(body, at, 4) >> 16, _number(body, at + 4, 4) >> 16))

    def _read_movie_header(self, body: bytes, _: TrackClaims) -> None:
        duration, timescale, wide = _timed(body)
        self.claims.movie_timescale = timescale
        self.claims.movie_ms = _milliseconds(duration, timescale, wide=wide)

    def _read_media_header(self, body: bytes, _: TrackClaims) -> None:
        duration, timescale, wide = _timed(body)
        self._note_length(duration, timescale, wide=wide)

    def _read_edits(self, body: bytes, track: TrackClaims) -> None:
        wide = body[:1] == b"\x01"
        entry = struct.Struct(">Qqi" if wide else ">Iii")
        # More edits than these are refused, whatever they say.
        for index in range(min(_number(body, 4, 4), _MOST_EDITS)):
            at = 8 + index * entry.size
            if len(body) < at + entry.size:
                raise ClipUnreadable("a header of the clip is cut short")
            track.edits.append(Edit(*entry.unpack_from(body, at)))

    @staticmethod
    def _read_references(body: bytes, track: TrackClaims) -> None:
        at = 8
        for _ in range(min(_number(body, 4, 4), _MOST_EDITS)):
            # The lowest flag of a data reference says that the data is in this very file.
            track.external = track.external or not _number(body, at + 8, 4) & 1
            at += max(_SHORT_HEADER, _number(body, at, 4))
            if at + 12 > len(body):
                return

    def _read_crops(self, track: TrackClaims) -> None:
        for entry in self._entries:
            if entry.end - entry.start <= _SAMPLE_ENTRY:
                continue
            self._stream.seek(entry.start + 24)
            size = struct.unpack(">HH", self._stream.read(4))
            for inner in self._children(entry.start + _SAMPLE_ENTRY, entry.end):
                if inner.kind == b"clap" and min(size):
                    self._stream.seek(inner.start)
                    share = _shown_share(self._stream.read(16), *size)
                    track.shown_share = min(track.shown_share, share)

    def _note_length(self, duration: int, timescale: int, *, wide: bool) -> None:
        length_ms = _milliseconds(duration, timescale, wide=wide)
        if length_ms is not None:
            self.claims.tracks_ms.append(length_ms)


def _shown_share(body: bytes, width: int, height: int) -> float:
    """Return the share of a side that a clean aperture (two fractions) leaves."""
    across = _number(body, 0, 4) / max(1, _number(body, 4, 4))
    down = _number(body, 8, 4) / max(1, _number(body, 12, 4))
    return min(across / width, down / height)


def _timed(body: bytes) -> tuple[int, int, bool]:
    wide = body[:1] == b"\x01"
    timescale = _number(body, 20 if wide else 12, 4)
    duration = _number(body, 24, 8) if wide else _number(body, 16, 4)
    if timescale == 0:
        raise ClipUnreadable("a header of the clip has a time scale of 0")
    return duration, timescale, wide


def _milliseconds(duration: int, timescale: int, *, wide: bool) -> int | None:
    if duration in {0, _UNKNOWN_64 if wide else _UNKNOWN_32} or timescale == 0:
        return None
    return duration * 1000 // timescale


def _number(body: bytes, offset: int, length: int) -> int:
    if len(body) < offset + length:
        raise ClipUnreadable("a header of the clip is cut short")
    return int.from_bytes(body[offset : offset + length], "big")
