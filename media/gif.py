"""What a GIF says of itself, read before any decoder sees it.

A walk over the blocks of GIF89a (CompuServe, 1990) that reads headers only: whether the file is
all there, how many pictures it has, and whether they lie on its screen. A first picture that is
larger than the screen is cut by some players, while others enlarge the screen to hold it.
"""

from __future__ import annotations

import mmap
import struct
from typing import BinaryIO, Final

from media.refusals import ClipAmbiguous, ClipTruncated, ClipUnreadable

_HEADER_BYTES = 13
_IMAGE, _EXTENSION, _TRAILER = 0x2C, 0x21, 0x3B
_TABLE_FLAG, _TABLE_SIZE = 0x80, 7
_PADDING: Final = 16
"""Bytes behind the trailer that are let pass, as some writers leave them."""


def count_pictures(stream: BinaryIO, size_bytes: int) -> int:
    """Check the blocks of a GIF and count its pictures.

    Args:
        stream: The file, opened for reading in binary.
        size_bytes: Its size, more than 0.

    Raises:
        ClipTruncated: The file ends before its trailer.
        ClipUnreadable: There is a block of no known kind.
        ClipAmbiguous: A picture lies outside the screen, or something follows the trailer.
    """
    with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            pictures, end = _walk(data)
        except IndexError:
            raise ClipTruncated("the clip ends before its trailer") from None
    if size_bytes - end > _PADDING:
        raise ClipAmbiguous(
            "something follows the clip's trailer (bytes)", limit=_PADDING, actual=size_bytes - end
        )
    return pictures


def _walk(data: mmap.mmap) -> tuple[int, int]:
    """Return the number of pictures and where the trailer ends."""
    data[_HEADER_BYTES - 1]
    width, height = _pair(data, 6)
    position = _HEADER_BYTES + _table_bytes(data[10])
    pictures = 0
    while (kind := data[position]) != _TRAILER:
        if kind == _IMAGE:
            left, top = _pair(data, position + 1)
            across, down = _pair(data, position + 5)
            if left + across > width or top + down > height:
                raise ClipAmbiguous(
                    "a picture of the clip reaches over the edge of its screen (pixels)",
                    limit=f"{width}x{height}",
                    actual=f"{left + across}x{top + down}",
                )
            pictures += 1
            position += 10 + _table_bytes(data[position + 9]) + 1
        elif kind == _EXTENSION:
            position += 2
        else:
            raise ClipUnreadable("the clip has a block of no known kind")
        while (length := data[position]) != 0:
            position += length + 1
        position += 1
    return pictures, position + 1


def _pair(data: mmap.mmap, at: int) -> tuple[int, int]:
    data[at + 3]  # raises IndexError behind the end, where unpacking raises another error
    across, down = struct.unpack_from("<HH", data, at)
    return across, down


def _table_bytes(flags: int) -> int:
    return 3 << ((flags & _TABLE_SIZE) + 1) if flags & _TABLE_FLAG else 0
