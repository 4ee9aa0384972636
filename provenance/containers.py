"""Which containers can carry a manifest, by their first bytes; a file's name is never asked."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from media.refusals import ClipEmpty, ClipNotVideo, ClipUnreadable

MP4: Final = "video/mp4"
QUICKTIME: Final = "video/quicktime"
AVI: Final = "video/x-msvideo"
GIF: Final = "image/gif"
MATROSKA: Final = "video/x-matroska"
MPEG_TS: Final = "video/mp2t"

BOXED: Final = frozenset({MP4, QUICKTIME})
"""Containers made of the boxes of ISO/IEC 14496-12."""

CARRIERS: Final = frozenset({MP4, QUICKTIME, AVI, GIF})
"""Containers that a manifest can be written to and read from."""

_STILL_BRANDS = frozenset({b"avif", b"heic", b"heix", b"heim", b"heis", b"mif1", b"miaf"})
_FIRST_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide"})
_PACKET_BYTES = 188
_SYNC = 0x47


def media_type(path: Path) -> str:
    """Tell a clip's container by its first bytes.

    Returns:
        One of the constants of this module.

    Raises:
        ClipEmpty: There are no bytes.
        ClipUnreadable: It is no regular file.
        ClipNotVideo: They are of no container of moving pictures that is known here.
    """
    if not path.is_file():
        raise ClipUnreadable("the clip is not a regular local file")
    with path.open("rb") as stream:
        head = stream.read(2 * _PACKET_BYTES + 1)
    if not head:
        raise ClipEmpty("the clip has no bytes")
    found = _boxed(head) or _other(head)
    if not found:
        raise ClipNotVideo("the file is no clip of a known container")
    return found


def _boxed(head: bytes) -> str:
    kind, brand = head[4:8], head[8:12]
    if kind not in _FIRST_BOXES or (kind == b"ftyp" and brand in _STILL_BRANDS):
        return ""
    # Files older than `ftyp` are QuickTime's.
    return MP4 if kind == b"ftyp" and brand != b"qt  " else QUICKTIME


def _other(head: bytes) -> str:
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return AVI
    if head[:6] in {b"GIF87a", b"GIF89a"}:
        return GIF
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return MATROSKA
    if len(head) > _PACKET_BYTES and head[0] == head[_PACKET_BYTES] == _SYNC:
        return MPEG_TS
    return ""
