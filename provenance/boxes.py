"""The outermost boxes of an MP4 file, and bytes in them that a signature does not cover.

C2PA's hash over boxes (`c2pa.hash.bmff.v3`) leaves some boxes out. Whatever lies in them can be
changed, or added, without the signature failing; this module finds it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

C2PA_UUID: Final = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
"""User type of the box that holds a manifest store (C2PA 2.4, A.5)."""

_CHUNK_BYTES = 1 << 20
_MAX_BOXES = 10_000
_SHORT_HEADER, _LONG_HEADER = 8, 16
_USER_TYPE_BYTES = 16
_PADDING = frozenset({"free", "skip"})
_STORE_PURPOSES = frozenset({b"manifest", b"original", b"update"})
_MAX_PURPOSE_BYTES = 64
_VERSION_BYTES, _OFFSET_BYTES = 4, 8


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A stretch of a file that a signature does not cover and that is not all zeros.

    Attributes:
        what: What kind of place it is.
        start: Offset of its first byte.
        end: Offset of the first byte behind it.
    """

    what: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Box:
    """One outermost box.

    Attributes:
        kind: Its type, four characters.
        start: Offset of its header in bytes.
        body: Offset of what comes after the header (and after the user type of a `uuid` box).
        end: Offset of the first byte behind it.
        user_type: User type of a `uuid` box, or b"".
    """

    kind: str
    start: int
    body: int
    end: int
    user_type: bytes = b""


def outermost(path: Path) -> list[Box]:
    """List a file's outermost boxes as far as they make sense; never fails on odd bytes."""
    size_bytes = path.stat().st_size
    boxes: list[Box] = []
    with path.open("rb") as stream:
        position = 0
        while position < size_bytes and len(boxes) < _MAX_BOXES:
            box = _box_at(stream, position, size_bytes)
            if box is None:
                break
            boxes.append(box)
            position = box.end
    return boxes


def has_manifest_box(path: Path) -> bool:
    """Tell whether one of the outermost boxes is made to hold a manifest store."""
    return any(box.user_type == C2PA_UUID for box in outermost(path))


def unhashed_padding(path: Path) -> list[Box]:
    """List the outermost `free` and `skip` boxes that hold anything but zeros."""
    with path.open("rb") as stream:
        return [
            box for box in outermost(path) if box.kind in _PADDING and _holds_bytes(stream, box)
        ]


def unhashed_manifest_bytes(path: Path) -> list[Uncovered]:
    """List what lies in the boxes made for a manifest and is no part of one, unless it is zeros.

    The hash leaves out every outermost `uuid` box of C2PA's user type, whole: also one that says
    that it is for something else, and whatever stands behind the manifest store in its box.
    """
    found = []
    with path.open("rb") as stream:
        for box in outermost(path):
            if box.user_type == C2PA_UUID:
                start = _behind_store(stream, box)
                what = "the manifest's box" if start > box.body else "a box like the manifest's"
                if any(chunk.count(0) != len(chunk) for chunk in _chunks(stream, start, box.end)):
                    found.append(Uncovered(what, start, box.end))
    return found


def _behind_store(stream: BinaryIO, box: Box) -> int:
    """Find the first byte behind the manifest store in its box (C2PA 2.4, A.5.1).

    After version and flags comes the purpose, ended by a zero, then the offset of auxiliary boxes,
    then one JUMBF superbox. A box that is laid out otherwise holds no store at all.
    """
    stream.seek(box.body)
    least = _VERSION_BYTES + _MAX_PURPOSE_BYTES + _OFFSET_BYTES + _LONG_HEADER
    head = stream.read(min(least, box.end - box.body))
    purpose, ended, _ = head[_VERSION_BYTES:].partition(b"\0")
    if not ended or purpose not in _STORE_PURPOSES:
        return box.body
    store = box.body + _VERSION_BYTES + len(purpose) + 1 + _OFFSET_BYTES
    inner = _box_at(stream, store, box.end)
    return box.body if inner is None or inner.kind != "jumb" else inner.end


def _box_at(stream: BinaryIO, position: int, size_bytes: int) -> Box | None:
    stream.seek(position)
    header = stream.read(_LONG_HEADER + _USER_TYPE_BYTES)
    if len(header) < _SHORT_HEADER:
        return None
    size, kind = struct.unpack(">I4s", header[:8])
    skip = _SHORT_HEADER
    if size == 1 and len(header) >= _LONG_HEADER:
        size, skip = struct.unpack(">Q", header[8:16])[0], _LONG_HEADER
    elif size == 0:
        size = size_bytes - position
    if size < skip or position + size > size_bytes:
        return None
    user_type = b""
    if kind == b"uuid" and size >= skip + _USER_TYPE_BYTES:
        user_type = header[skip : skip + _USER_TYPE_BYTES]
        skip += _USER_TYPE_BYTES
    return Box(kind.decode("latin-1"), position, position + skip, position + size, user_type)


def _holds_bytes(stream: BinaryIO, box: Box) -> bool:
    return any(chunk.count(0) != len(chunk) for chunk in _chunks(stream, box.body, box.end))


def _chunks(stream: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    stream.seek(start)
    left = end - start
    while left > 0 and (chunk := stream.read(min(left, _CHUNK_BYTES))):
        left -= len(chunk)
        yield chunk
