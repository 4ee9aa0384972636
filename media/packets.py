"""The packet index of a clip: what is in it, learnt without decoding it.

The index is the ground truth about a clip's length and rate; headers are only claims. For H.264
and HEVC it also says which pictures no other picture refers to, by the headers of their NAL units
(ITU-T H.264 7.4.1: nal_ref_idc; H.265 7.4.2.2: sub-layer non-reference types).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from media.refusals import ClipUnreadable

_HEVC_LAST_SUBLAYER_NONREFERENCE = 14
_H264_SLICE_TYPES = range(1, 6)
_H264_IDR = 5
_HEVC_IDR = (19, 20)
_HEVC_VCL_TYPES = 32
_H264_PARAMETER_SETS = (7, 8)
_HEVC_PARAMETER_SETS = (32, 33, 34)
_MAX_UNITS = 64

MOST_UNITS: Final = 4096
"""NAL units that a packet may have."""


@dataclass(frozen=True, slots=True, eq=False)
class PacketIndex:
    """The packets of the picture track, in decoding order.

    Attributes:
        pts_ms: int64, milliseconds after the first picture.
        keyframe: bool, whether the container marks the packet as a place to start.
        droppable: bool, whether no other picture needs it (never true where that is unknown).
        instant: bool, whether nothing behind it refers to anything before it (IDR).
        origin: Time stamp of the first picture in units of the track's time base.
    """

    pts_ms: NDArray[np.int64]
    keyframe: NDArray[np.bool_]
    droppable: NDArray[np.bool_]
    instant: NDArray[np.bool_]
    origin: int

    def __len__(self) -> int:
        return len(self.pts_ms)


def largest_gap_ms(pts_ms: NDArray[np.int64]) -> int:
    """Return the longest step between neighbours in time, 0 for fewer than two."""
    return int(np.diff(np.sort(pts_ms)).max(initial=0))


@dataclass(frozen=True, slots=True)
class NalReader:
    """Reads the NAL unit headers of a packet.

    Attributes:
        codec: `h264` or `hevc`.
        length_bytes: Size of the length field before each unit, or 0 for start codes.
    """

    codec: str
    length_bytes: int

    @classmethod
    def for_stream(cls, codec: str, extradata: bytes | None) -> NalReader | None:
        """Return the reader for a stream, or None where its packets cannot be told apart."""
        if codec not in {"h264", "hevc"}:
            return None
        at = 4 if codec == "h264" else 21
        if extradata and extradata[0] == 1 and len(extradata) > at:
            return cls(codec, (extradata[at] & 3) + 1)
        return cls(codec, 0)

    def read(self, packet: memoryview) -> tuple[bool, bool]:
        """Return whether the packet's picture is droppable and whether it is an IDR."""
        droppable, instant, slices = True, False, 0
        for start in self._units(packet):
            needed, idr, is_slice = self._unit(packet[start])
            slices += is_slice
            droppable = droppable and not needed
            instant = instant or idr
        return droppable and slices > 0, instant

    def _unit(self, header: int) -> tuple[bool, bool, bool]:
        """Return whether others need a unit, whether it is of an IDR, whether it is a slice."""
        if self.codec == "h264":
            unit = header & 31
            if unit in _H264_SLICE_TYPES:
                return (header >> 5) & 3 != 0, unit == _H264_IDR, True
            return unit in _H264_PARAMETER_SETS, False, False
        unit = (header >> 1) & 63
        if unit < _HEVC_VCL_TYPES:
            spare = unit <= _HEVC_LAST_SUBLAYER_NONREFERENCE and unit % 2 == 0
            return not spare, unit in _HEVC_IDR, True
        return unit in _HEVC_PARAMETER_SETS, False, False

    def starts(self, packet: memoryview) -> list[int]:
        """Return where the packet's NAL units begin, their headers included.

        Raises:
            ClipUnreadable: There are too many of them.
        """
        found = list(self._units(packet, MOST_UNITS + 1))
        if len(found) > MOST_UNITS:
            raise ClipUnreadable("a packet of the clip has too many units", limit=MOST_UNITS)
        return found

    def _units(self, packet: memoryview, most: int = _MAX_UNITS) -> Iterator[int]:
        if self.length_bytes == 0:
            return self._by_start_code(packet, most)
        return self._by_length(packet, most)

    def _by_length(self, packet: memoryview, most: int) -> Iterator[int]:
        position, size = 0, len(packet)
        for _ in range(most):
            start = position + self.length_bytes
            if start >= size:
                return
            yield start
            position = start + int.from_bytes(packet[position:start], "big")

    @staticmethod
    def _by_start_code(packet: memoryview, most: int) -> Iterator[int]:
        data = bytes(packet)
        position = data.find(b"\x00\x00\x01")
        for _ in range(most):
            if position < 0 or position + 3 >= len(data):
                return
            yield position + 3
            position = data.find(b"\x00\x00\x01", position + 3)
