"""What a Matroska or WebM file says of itself, read before any decoder sees it.

A walk over the EBML elements (RFC 8794) of RFC 9559 that reads headers only: whether the file is
all there, whether it holds one segment, and what would make players show another thing than what
a decoder gives: ordered chapters, transparency, a crop.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from media.refusals import ClipAmbiguous, ClipTransparent, ClipTruncated, ClipUnreadable
from media.tracks import check_crop

_EBML, _SEGMENT = 0x1A45DFA3, 0x18538067
_CLUSTER, _TRACKS, _CHAPTERS = 0x1F43B675, 0x1654AE6B, 0x1043A770
_ENTRY, _VIDEO = 0xAE, 0xE0
_ALPHA_MODE, _WIDTH, _HEIGHT = 0x53C0, 0xB0, 0xBA
_CROP_BOTTOM, _CROP_TOP, _CROP_LEFT, _CROP_RIGHT = 0x54AA, 0x54BB, 0x54CC, 0x54DD
_EDITION, _EDITION_ORDERED = 0x45B9, 0x45DD
_LONGEST_ID, _LONGEST_SIZE, _LONGEST_HEADER = 4, 8, 12
_MAX_ELEMENTS = 400_000


@dataclass(frozen=True, slots=True)
class _Element:
    kind: int
    start: int
    end: int
    known: bool


def check_elements(stream: BinaryIO, size_bytes: int) -> None:
    """Check the elements of a Matroska file.

    Args:
        stream: The file, opened for reading in binary.
        size_bytes: Its size.

    Raises:
        ClipTruncated: An element ends behind the end of the file.
        ClipUnreadable: There is no segment, or an element contradicts itself.
        ClipAmbiguous: There are several segments, ordered chapters or a crop.
        ClipTransparent: A picture track has an alpha channel.
    """
    _Reader(stream, size_bytes).check()


class _Reader:
    """One walk over the elements of a file."""

    def __init__(self, stream: BinaryIO, size_bytes: int) -> None:
        self._stream = stream
        self._size_bytes = size_bytes
        self._budget = _MAX_ELEMENTS

    def check(self) -> None:
        segments = 0
        position = 0
        # What lies behind the segment is no part of it, and need not be made of elements.
        while position < self._size_bytes and (element := self._element(position, segments > 0)):
            if element.kind == _SEGMENT:
                segments += 1
                self._check_segment(element)
            position = element.end
        if segments != 1:
            message = "the clip has more than one segment" if segments else "it has no segment"
            raise (ClipAmbiguous if segments else ClipUnreadable)(message, limit=1, actual=segments)

    def _element(self, position: int, lenient: bool = False) -> _Element | None:  # noqa: FBT001, FBT002
        """Read the header of one element; None where there is none and that is of no matter."""
        self._budget -= 1
        if self._budget < 0:
            raise ClipUnreadable("the clip has too many elements", limit=_MAX_ELEMENTS)
        self._stream.seek(position)
        head = self._stream.read(_LONGEST_HEADER)
        id_length = 9 - head[0].bit_length()
        length = 9 - head[id_length].bit_length() if len(head) > id_length else 9
        if id_length > _LONGEST_ID or length > _LONGEST_SIZE or len(head) < id_length + length:
            if lenient:
                return None
            if len(head) < _LONGEST_HEADER:
                raise ClipTruncated("the clip ends inside the header of an element")
            raise ClipUnreadable("an element of the clip has no valid header")
        ones = (1 << (7 * length)) - 1
        size = int.from_bytes(head[id_length : id_length + length], "big") & ones
        start = position + id_length + length
        known = size != ones
        end = start + size if known else self._size_bytes
        if end > self._size_bytes and not lenient:
            raise ClipTruncated(
                "the clip ends before its last element does (bytes)",
                limit=self._size_bytes,
                actual=end,
            )
        return _Element(int.from_bytes(head[:id_length], "big"), start, end, known)

    def _children(self, around: _Element) -> Iterator[_Element]:
        position = around.start
        while position < around.end:
            element = self._element(position)
            if element is None or (element.known and element.end > around.end):
                raise ClipUnreadable("an element of the clip reaches out of the one around it")
            yield element
            position = element.end

    def _check_segment(self, segment: _Element) -> None:
        position = segment.start
        while position < segment.end:
            element = self._element(position)
            if element is None or (element.known and element.end > segment.end):
                raise ClipUnreadable("an element of the clip reaches out of the one around it")
            if element.kind in {_EBML, _SEGMENT}:
                raise ClipAmbiguous("the clip has more than one segment", limit=1)
            if element.kind == _TRACKS:
                self._check_tracks(element)
            elif element.kind == _CHAPTERS:
                self._check_chapters(element)
            # A live cluster has no size: it ends where the next child of the segment begins, so
            # what is in it is walked over as if it were in the segment.
            live = element.kind == _CLUSTER and not element.known
            position = element.start if live else element.end

    def _check_tracks(self, tracks: _Element) -> None:
        for entry in self._children(tracks):
            if entry.kind != _ENTRY:
                continue
            for child in self._children(entry):
                if child.kind == _VIDEO:
                    self._check_video(child)

    def _check_video(self, video: _Element) -> None:
        numbers = {child.kind: self._number(child) for child in self._children(video)}
        if numbers.get(_ALPHA_MODE, 0):
            raise ClipTransparent("the clip's picture track has an alpha channel")
        for side, near, far in (
            (_WIDTH, _CROP_LEFT, _CROP_RIGHT),
            (_HEIGHT, _CROP_TOP, _CROP_BOTTOM),
        ):
            cut = numbers.get(near, 0) + numbers.get(far, 0)
            check_crop(1 - cut / max(1, numbers.get(side, 1)))

    def _check_chapters(self, chapters: _Element) -> None:
        for edition in self._children(chapters):
            if edition.kind != _EDITION:
                continue
            for child in self._children(edition):
                if child.kind == _EDITION_ORDERED and self._number(child):
                    raise ClipAmbiguous("the clip's chapters say in which order it is shown")

    def _number(self, element: _Element) -> int:
        self._stream.seek(element.start)
        return int.from_bytes(self._stream.read(min(8, element.end - element.start)), "big")
