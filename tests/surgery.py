"""Alterations of clips byte by byte: boxes of MP4 and elements of Matroska, with sizes mended."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

_WIDE = 8


@dataclass(frozen=True, slots=True)
class Edit:
    """One entry of an edit list, in milliseconds; `start_ms` of None shows nothing."""

    length_ms: int
    start_ms: int | None
    speed: float = 1.0


def boxes(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, beginning and end of each box, header included; sizes of 32 bits only."""
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        yield kind, at, at + size
        at += size


def box(kind: bytes, body: bytes) -> bytes:
    """Return one box."""
    return struct.pack(">I4s", len(body) + 8, kind) + body


def body_of(data: bytes, where: Sequence[bytes]) -> bytes:
    """Return what the first box at a path of kinds holds."""
    for kind in where:
        start, end = next((first, last) for found, first, last in boxes(data) if found == kind)
        data = data[start + 8 : end]
    return data


def changed(data: bytes, where: Sequence[bytes], change: Callable[[bytes], bytes]) -> bytes:
    """Change what the first box at a path of kinds holds, and mend the sizes around it.

    Offsets of samples stay right where `moov` lies behind `mdat`.
    """
    start, end = next((first, last) for found, first, last in boxes(data) if found == where[0])
    inside = data[start + 8 : end]
    inside = changed(inside, where[1:], change) if len(where) > 1 else change(inside)
    return data[:start] + box(where[0], inside) + data[end:]


TRACK = (b"moov", b"trak")
SAMPLES = (*TRACK, b"mdia", b"minf", b"stbl")


def with_edits(source: Path, path: Path, edits: Sequence[Edit]) -> Path:
    """Copy an MP4 (header last) with another edit list on its first track."""
    data = source.read_bytes()
    movie = struct.unpack_from(">I", body_of(data, (b"moov", b"mvhd")), 12)[0]
    media = struct.unpack_from(">I", body_of(data, (*TRACK, b"mdia", b"mdhd")), 12)[0]
    entries = b"".join(
        struct.pack(
            ">Iii",
            edit.length_ms * movie // 1000,
            -1 if edit.start_ms is None else edit.start_ms * media // 1000,
            round(edit.speed * 65_536),
        )
        for edit in edits
    )
    listed = struct.pack(">II", 0, len(edits)) + entries
    path.write_bytes(changed(data, (*TRACK, b"edts"), lambda _: box(b"elst", listed)))
    return path


def grown(data: bytes, where: Sequence[bytes], extra: bytes) -> bytes:
    """Append bytes to the first Matroska element at a path of ids, and mend the sizes around it."""
    at = 0
    while True:
        kind, start, end = _element(data, at)
        if kind == where[0]:
            break
        at = end
    inside = data[start:end]
    inside = grown(inside, where[1:], extra) if len(where) > 1 else inside + extra
    size = ((1 << 56) | len(inside)).to_bytes(_WIDE, "big")
    return data[:at] + kind + size + inside + data[end:]


def _element(data: bytes, at: int) -> tuple[bytes, int, int]:
    id_length = 9 - data[at].bit_length()
    first = data[at + id_length]
    length = 9 - first.bit_length()
    raw = int.from_bytes(data[at + id_length : at + id_length + length], "big")
    start = at + id_length + length
    return data[at : at + id_length], start, start + (raw & ((1 << 7 * length) - 1))


def with_noise_in(source: Path, path: Path, kind: str) -> Path:
    """Copy a clip whose packets of one kind of track ("audio") are overwritten with noise."""
    data = bytearray(source.read_bytes())
    with av.open(str(source)) as container:
        for packet in container.demux():
            if packet.stream.type == kind and packet.pos is not None and packet.size:
                noise = np.random.default_rng(packet.size).bytes(packet.size)
                data[packet.pos : packet.pos + packet.size] = noise
    path.write_bytes(data)
    return path
