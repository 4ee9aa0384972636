"""How many pictures begin in one packet.

A packet holds one picture, by the rules of every container here. Where it holds two, FFmpeg shows
one of them and a decoder in hardware both, so that the second would be watched and not reviewed.
Counted by ITU-T H.264 7.3.2.1.1, 7.3.2.2, 7.3.3 and 7.4.1.2.4 (first slice of a picture), H.265
7.3.6.1 (first_slice_segment_in_pic_flag) and ISO/IEC 14496-2 (vop_start_code).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from media.packets import NalReader

_VOP = b"\x00\x00\x01\xb6"
_SLICE_BYTES, _SETS_BYTES = 64, 512
_HEVC_VCL_TYPES = 32
_H264_SLICES, _H264_IDR, _H264_SPS, _H264_PPS = (1, 2, 5), 5, 7, 8
_WITH_CHROMA = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})
_SEPARATE_PLANES = 3
_LONGEST_GOLOMB = 32
_FIRST_SET = 6


class _Bits:
    """Reads bits of a NAL unit's payload, without the bytes that prevent start codes.

    Behind the end there are zeroes: a header that is cut short is the decoder's to judge.
    """

    def __init__(self, data: bytes) -> None:
        clean = data.replace(b"\x00\x00\x03", b"\x00\x00")
        self._value = int.from_bytes(clean, "big")
        self._left = len(clean) * 8

    def number(self, bits: int) -> int:
        """Read an unsigned number of so many bits: u(n)."""
        self._left -= bits
        if self._left < 0:
            return 0
        return (self._value >> self._left) & ((1 << bits) - 1)

    def golomb(self) -> int:
        """Read an Exp-Golomb number: ue(v)."""
        zeros = 0
        while self._left > 0 and zeros < _LONGEST_GOLOMB and not self.number(1):
            zeros += 1
        return (1 << zeros) - 1 + self.number(zeros)

    def signed(self) -> int:
        """Read a signed Exp-Golomb number: se(v)."""
        number = self.golomb()
        return (number + 1) // 2 if number % 2 else -number // 2


@dataclass(frozen=True, slots=True)
class _Sequence:
    """What a sequence parameter set says that a slice header is read with."""

    frame_num_bits: int
    order_bits: int
    frames_only: bool
    separate_planes: bool


def _read_sequence(data: bytes) -> tuple[int, _Sequence]:
    bits = _Bits(data)
    profile = bits.number(8)
    bits.number(16)
    number = bits.golomb()
    separate = False
    if profile in _WITH_CHROMA:
        chroma = bits.golomb()
        separate = chroma == _SEPARATE_PLANES and bool(bits.number(1))
        bits.golomb(), bits.golomb(), bits.number(1)
        if bits.number(1):
            _skip_scaling(bits, 12 if chroma == _SEPARATE_PLANES else 8)
    frame_num_bits = min(16, bits.golomb() + 4)
    order_bits = 0
    order_type = bits.golomb()
    if order_type == 0:
        order_bits = min(16, bits.golomb() + 4)
    elif order_type == 1:
        bits.number(1)
        bits.signed(), bits.signed()
        for _ in range(min(255, bits.golomb())):
            bits.signed()
    bits.golomb(), bits.number(1), bits.golomb(), bits.golomb()
    return number, _Sequence(frame_num_bits, order_bits, bool(bits.number(1)), separate)


def _skip_scaling(bits: _Bits, lists: int) -> None:
    for index in range(lists):
        last = following = 8
        for _ in range((16 if index < 6 else 64) if bits.number(1) else 0):  # noqa: PLR2004
            if following:
                following = (last + bits.signed()) % 256
            last = following or last


@dataclass(slots=True)
class PictureCounter:
    """Counts the pictures that begin in each packet of one track; fed in order.

    Attributes:
        codec: FFmpeg's name of the codec; only `h264`, `hevc` and `mpeg4` are counted.
        units: Reads the NAL units of the track, None for other codecs.
    """

    codec: str
    units: NalReader | None
    _sequences: dict[int, _Sequence] = field(default_factory=dict)
    _sequence_of: dict[int, int] = field(default_factory=dict)

    @classmethod
    def for_stream(cls, codec: str, extradata: bytes | None) -> PictureCounter:
        """Return the counter for a track."""
        counter = cls(codec, NalReader.for_stream(codec, extradata))
        if codec == "h264" and extradata:
            counter._note_sets(extradata)
        return counter

    def count(self, packet: memoryview) -> int:
        """Return how many pictures begin in a packet, 1 where that is not looked into.

        Raises:
            ClipUnreadable: The packet has too many units.
        """
        if self.codec == "mpeg4":
            return bytes(packet).count(_VOP)
        if self.units is None:
            return 1
        starts = self.units.starts(packet)
        if self.codec == "hevc":
            return sum(_begins_hevc(packet[start : start + 3]) for start in starts)
        return self._count_h264(packet, starts)

    def _count_h264(self, packet: memoryview, starts: Sequence[int]) -> int:
        frames: list[tuple[int, ...]] = []
        fields: list[tuple[int, ...]] = []
        for start in starts:
            kind = packet[start] & 31
            if kind in {_H264_SPS, _H264_PPS}:
                self._note(kind, bytes(packet[start + 1 : start + _SETS_BYTES]))
            elif kind in _H264_SLICES:
                first, is_field, key = self._slice(packet, start)
                seen = fields if is_field else frames
                if first or key not in seen:
                    seen.append(key)
        return len(frames) + (len(fields) + 1) // 2

    def _slice(self, packet: memoryview, start: int) -> tuple[bool, bool, tuple[int, ...]]:
        """Return whether a slice is its picture's first, is of a field, and whose it is."""
        bits = _Bits(bytes(packet[start + 1 : start + _SLICE_BYTES]))
        first = bits.golomb() == 0
        bits.golomb()
        sequence = self._sequences.get(self._sequence_of.get(bits.golomb(), -1))
        if sequence is None:
            return first, False, ()
        if sequence.separate_planes:
            plane = bits.number(2)
            first = first and plane == 0
        header = packet[start]
        idr = header & 31 == _H264_IDR
        number = bits.number(sequence.frame_num_bits)
        is_field = not sequence.frames_only and bool(bits.number(1))
        bottom = bits.number(1) if is_field else 0
        name = bits.golomb() if idr else -1
        order = bits.number(sequence.order_bits)
        needed = int(header & 0x60 != 0)
        return first, is_field, (number, bottom, name, order, needed)

    def _note_sets(self, extradata: bytes) -> None:
        """Take the parameter sets of an avcC record (ISO/IEC 14496-15, 5.3.3.1) or of Annex B."""
        if extradata[0] != 1:
            view = memoryview(extradata)
            for start in NalReader("h264", 0).starts(view):
                self._note(extradata[start] & 31, extradata[start + 1 : start + _SETS_BYTES])
            return
        at, left = _FIRST_SET, extradata[5] & 31 if len(extradata) > _FIRST_SET else 0
        for again in (True, False):
            for _ in range(left):
                size = int.from_bytes(extradata[at : at + 2], "big")
                unit = extradata[at + 2 : at + 2 + size]
                if unit:
                    self._note(unit[0] & 31, unit[1:])
                at += 2 + size
            if again and at < len(extradata):
                left, at = extradata[at], at + 1

    def _note(self, kind: int, payload: bytes) -> None:
        if kind == _H264_SPS:
            number, sequence = _read_sequence(payload)
            self._sequences[number] = sequence
        elif kind == _H264_PPS:
            bits = _Bits(payload[:16])
            picture = bits.golomb()
            self._sequence_of[picture] = bits.golomb()


def _begins_hevc(unit: memoryview) -> bool:
    slice_of_base = (unit[0] >> 1) & 63 < _HEVC_VCL_TYPES and len(unit) > 2  # noqa: PLR2004
    layer = ((unit[0] & 1) << 5) | (unit[1] >> 3) if slice_of_base else 1
    return slice_of_base and layer == 0 and bool(unit[2] & 0x80)
