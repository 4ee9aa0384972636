"""Clips to be mutated, and the mutations: from single bits to the structure of the container.

A mutation takes the bytes of a clip and a source of chance, and gives other bytes. The structural
ones know boxes (ISO/IEC 14496-12), elements (EBML, RFC 8794) and chunks (RIFF), and mend the sizes
around what they change or leave them wrong, by chance.
"""

from __future__ import annotations

import os
import random
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.sample_clips import sample_clip
from tests.clips import make_clip

CANARY = "canary-of-the-title"
"""Stands in the metadata of each base clip, and must stand in no error."""

_FRAGMENTS = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
_QUIET_265 = {"x265-params": "log-level=none", "preset": "ultrafast"}
_QUICK = {"cpu-used": "8"}
#: File name of each base clip to the arguments that it is made with.
_BASES: dict[str, dict[str, object]] = {
    "header-first.mp4": {"bframes": 2, "audio": True},
    "header-last.mp4": {"faststart": False},
    "fragments.mp4": {"gop": 4, "muxing": _FRAGMENTS},
    "hevc.mp4": {"codec": "libx265", "options": _QUIET_265},
    "deep.mp4": {"pix_fmt": "yuv420p10le"},
    "av1.mp4": {"codec": "libsvtav1", "size": (64, 64), "options": {"preset": "11"}},
    "mpeg4.mov": {"codec": "mpeg4", "bframes": 1},
    "h264.mkv": {"bframes": 2},
    "vp8.webm": {"codec": "libvpx", "audio": True, "options": _QUICK},
    "live.webm": {"codec": "libvpx", "options": _QUICK, "muxing": {"live": "1"}},
    "vp9.webm": {"codec": "libvpx-vp9", "options": _QUICK},
    "mpeg4.avi": {"codec": "mpeg4", "bframes": 1, "audio": True},
    "h264.avi": {},
    "mjpeg.avi": {"codec": "mjpeg"},
    "clip.gif": {"codec": "gif"},
}
_REAL = ("carphone_distorted.mp4",)

_PARENTS = frozenset(
    {b"moov", b"trak", b"edts", b"mdia", b"minf", b"dinf", b"stbl", b"mvex", b"moof", b"traf"}
)
_MASTERS = frozenset(
    bytes.fromhex(each)
    for each in ("18538067", "1549a966", "1654ae6b", "ae", "e0", "1f43b675", "a0", "1254c367")
)
_LISTS = frozenset({b"RIFF", b"LIST"})
_EXTREMES = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 2**31 - 1, 2**31, 2**32 - 1)
_MOST_PIECES = 4_000
_DEEPEST = 12
_HEAD, _TAIL = 2_048, 4_096


def base_clips(folder: Path, cache: Path | None = None) -> dict[str, bytes]:
    """Make the base clips.

    Args:
        folder: Where they are written.
        cache: Folder of fetched files; given, a real clip is among them.

    Returns:
        Bytes of each clip by its name, in a fixed order.
    """
    os.environ.setdefault("SVT_LOG", "0")
    clips = {}
    for name, arguments in _BASES.items():
        chosen: dict[str, object] = {"seconds": 1, "fps": 12, "size": (64, 48), "gop": 12}
        made = make_clip(folder / name, title=CANARY, **(chosen | arguments))  # type: ignore[arg-type]
        clips[name] = made.read_bytes()
    if cache is not None:
        clips |= {name: sample_clip(name, cache).read_bytes() for name in _REAL}
    return clips


@dataclass(frozen=True, slots=True)
class Piece:
    """A box, element or chunk.

    Attributes:
        start: Where its header begins.
        body: Where its content begins.
        end: Where it ends.
        kind_at: Where its kind stands, four bytes but for elements.
        size_at: Where its size stands.
        size_bytes: Bytes of the size.
        form: `box`, `element` or `chunk`.
        around: The pieces that it lies in, the outermost first.
    """

    start: int
    body: int
    end: int
    kind_at: int
    size_at: int
    size_bytes: int
    form: str
    around: tuple[Piece, ...] = ()


def pieces(data: bytes) -> list[Piece]:
    """Return the boxes, elements or chunks of a clip; none for a GIF or for what is broken."""
    if data[:4] == b"\x1a\x45\xdf\xa3":
        walk, form = _element, "element"
    elif data[:4] == b"RIFF":
        walk, form = _chunk, "chunk"
    elif data[:3] == b"GIF":
        return []
    else:
        walk, form = _box, "box"
    found: list[Piece] = []
    for piece in _walk(data, 0, len(data), walk, ()):
        found.append(piece)
        if len(found) >= _MOST_PIECES:
            break
    assert all(piece.form == form for piece in found)
    return found


_Reader = Callable[[bytes, int], tuple[Piece, int] | None]


def _walk(
    data: bytes, at: int, end: int, read: _Reader, around: tuple[Piece, ...]
) -> Iterator[Piece]:
    while at < end and (found := read(data, at)):
        piece, children = found
        if piece.end > end or piece.end <= at:
            return
        inside = Piece(
            piece.start, piece.body, piece.end, piece.kind_at, piece.size_at, piece.size_bytes,
            piece.form, around,
        )  # fmt: skip
        yield inside
        if children and len(around) < _DEEPEST:
            yield from _walk(data, children, piece.end, read, (*around, inside))
        at = piece.end + (piece.end & 1 if piece.form == "chunk" else 0)


def _box(data: bytes, at: int) -> tuple[Piece, int] | None:
    if at + 8 > len(data):
        return None
    size, kind = struct.unpack_from(">I4s", data, at)
    piece = Piece(at, at + 8, at + max(8, size), at + 4, at, 4, "box")
    return piece, at + 8 if kind in _PARENTS else at + 16 if kind == b"stsd" else 0


def _chunk(data: bytes, at: int) -> tuple[Piece, int] | None:
    if at + 12 > len(data):
        return None
    kind, size = struct.unpack_from("<4sI", data, at)
    piece = Piece(at, at + 8, at + 8 + size, at, at + 4, 4, "chunk")
    return piece, at + 12 if kind in _LISTS else 0


def _element(data: bytes, at: int) -> tuple[Piece, int] | None:
    head = data[at : at + 12]
    id_bytes = 9 - head[0].bit_length()
    size_bytes = 9 - head[id_bytes].bit_length() if len(head) > id_bytes else 9
    if id_bytes > 4 or size_bytes > 8 or len(head) < id_bytes + size_bytes:
        return None
    ones = (1 << 7 * size_bytes) - 1
    size = int.from_bytes(head[id_bytes : id_bytes + size_bytes], "big") & ones
    body = at + id_bytes + size_bytes
    end = len(data) if size == ones else body + size
    piece = Piece(at, body, end, at, at + id_bytes, size_bytes, "element")
    return piece, body if head[:id_bytes] in _MASTERS else 0


def _resize(data: bytearray, piece: Piece, size: int) -> None:
    """Write a size of a piece's content, as its form has it."""
    if piece.form == "box":
        struct.pack_into(">I", data, piece.size_at, (size + 8) & 0xFFFF_FFFF)
    elif piece.form == "chunk":
        struct.pack_into("<I", data, piece.size_at, size & 0xFFFF_FFFF)
    else:
        marker = 1 << 7 * piece.size_bytes
        value = marker | (size & (marker - 1))
        data[piece.size_at : piece.size_at + piece.size_bytes] = value.to_bytes(
            piece.size_bytes, "big"
        )


def _replace(data: bytes, piece: Piece, start: int, end: int, new: bytes, *, mend: bool) -> bytes:
    """Put other bytes in the place of some, and mend the sizes of what lies around a piece."""
    changed = bytearray(data)
    if mend:
        for outer in piece.around:
            _resize(changed, outer, outer.end - outer.body + len(new) - (end - start))
    changed[start:end] = new
    return bytes(changed)


Mutation = Callable[[bytes, random.Random, Sequence[bytes]], bytes]


def flip_bits(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Flip one to thirty-two bits anywhere."""
    changed = bytearray(data)
    for _index in range(chance.choice((1, 2, 8, 32))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def flip_header(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Change one to eight bytes near the beginning or the end, where headers are."""
    changed = bytearray(data)
    for _index in range(chance.choice((1, 2, 4, 8))):
        changed[_in_header(data, chance)] = chance.randrange(256)
    return bytes(changed)


def set_extreme(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Set one to four fields of a header to the ends of their range."""
    changed = bytearray(data)
    for _index in range(chance.choice((1, 1, 2, 4))):
        length = chance.choice((1, 2, 4, 8))
        value = chance.choice(_EXTREMES) & ((1 << 8 * length) - 1)
        at = _in_header(data, chance)
        field = value.to_bytes(length, chance.choice(("big", "little")))
        changed[at : at + length] = field[: len(changed) - at]
    return bytes(changed)


def overwrite(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Overwrite a run of bytes with zeroes, ones or noise."""
    length = min(len(data), chance.choice((4, 16, 64, 512)))
    at = chance.randrange(len(data) - length + 1)
    run = chance.choice((bytes(length), b"\xff" * length, chance.randbytes(length)))
    return data[:at] + run + data[at + length :]


def insert(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Insert noise, or a copy of a run of the clip."""
    at, length = chance.randrange(len(data)), chance.choice((1, 4, 64, 1024))
    source = chance.randrange(len(data))
    run = chance.choice((chance.randbytes(length), data[source : source + length]))
    return data[:at] + run + data[at:]


def delete(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Take a run of bytes out."""
    at = chance.randrange(len(data))
    return data[:at] + data[at + chance.choice((1, 4, 64, 1024)) :]


def truncate(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Cut the end off."""
    return data[: chance.randrange(len(data))]


def lie_about_size(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Give a piece another size."""
    found = pieces(data)
    if not found:
        return set_extreme(data, chance, others)
    piece = chance.choice(found)
    changed = bytearray(data)
    size = piece.end - piece.body
    near = size + chance.choice((-8, -1, 1, 8, 4096))
    _resize(changed, piece, chance.choice((*_EXTREMES, near, near, near)))
    return bytes(changed)


def lie_about_kind(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Give a piece the kind of another one."""
    found = pieces(data)
    if not found:
        return flip_header(data, chance, others)
    piece, other = chance.choice(found), chance.choice(found)
    kind = data[other.kind_at : other.kind_at + _kind_bytes(other)]
    return data[: piece.kind_at] + kind + data[piece.kind_at + _kind_bytes(piece) :]


def duplicate_piece(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Have a piece twice."""
    found = pieces(data)
    if not found:
        return insert(data, chance, others)
    piece = chance.choice(found)
    twice = data[piece.start : piece.end] * 2
    return _replace(data, piece, piece.start, piece.end, twice, mend=chance.random() < 0.8)


def delete_piece(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Leave a piece out."""
    found = pieces(data)
    if not found:
        return delete(data, chance, others)
    piece = chance.choice(found)
    return _replace(data, piece, piece.start, piece.end, b"", mend=chance.random() < 0.8)


def swap_pieces(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Change the order of two neighbours in the same piece."""
    found = pieces(data)
    by_start = {(piece.start, piece.around): piece for piece in found}
    pairs = [
        (piece, by_start[piece.end, piece.around])
        for piece in found
        if (piece.end, piece.around) in by_start
    ]
    if not pairs:
        return insert(data, chance, others)
    first, second = chance.choice(pairs)
    return (
        data[: first.start] + data[second.start : second.end] + data[first.start : first.end]
        + data[second.end :]
    )  # fmt: skip


def graft_piece(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Put a piece of another clip in the place of one, of the same kind where there is one."""
    found, strange = pieces(data), pieces(other := chance.choice(others))
    if not found or not strange:
        return splice(data, chance, others)
    piece = chance.choice(found)
    kind = data[piece.kind_at : piece.kind_at + _kind_bytes(piece)]
    alike = [
        each for each in strange if other[each.kind_at : each.kind_at + _kind_bytes(each)] == kind
    ]
    taken = chance.choice(alike or strange)
    new = other[taken.start : taken.end]
    return _replace(data, piece, piece.start, piece.end, new, mend=chance.random() < 0.8)


def swap_run(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Overwrite a run with one of another clip."""
    other = chance.choice(others)
    length = min(len(data), len(other), chance.choice((16, 256, 4096)))
    at, source = chance.randrange(len(data) - length + 1), chance.randrange(len(other) - length + 1)
    return data[:at] + other[source : source + length] + data[at + length :]


def splice(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Join the beginning of one clip to the end of another."""
    other = chance.choice(others)
    return data[: chance.randrange(len(data))] + other[chance.randrange(len(other)) :]


#: All mutations; the structural ones come twice, as they reach deepest.
MUTATIONS: tuple[Mutation, ...] = (
    flip_bits, flip_header, set_extreme, overwrite, insert, delete, truncate, swap_run, splice,
    *(lie_about_size, lie_about_kind, duplicate_piece, delete_piece, swap_pieces, graft_piece) * 2,
    set_extreme, flip_header,
)  # fmt: skip


def mutated(clips: dict[str, bytes], seed: int, index: int) -> tuple[bytes, str]:
    """Return mutation `index` of a run and how it was made; the same for the same arguments."""
    chance = random.Random(f"{seed}:{index}")
    name = chance.choice(list(clips))
    others = list(clips.values())
    data = clips[name]
    steps = [name]
    for mutation in chance.choices(MUTATIONS, k=chance.choice((1, 1, 1, 2, 3))):
        if data:
            data = mutation(data, chance, others)
            steps.append(mutation.__name__)
    return data, " ".join(steps)


def _in_header(data: bytes, chance: random.Random) -> int:
    if chance.random() < 0.5:
        return chance.randrange(min(_HEAD, len(data)))
    return len(data) - 1 - chance.randrange(min(_TAIL, len(data)))


def _kind_bytes(piece: Piece) -> int:
    return piece.size_at - piece.kind_at if piece.form == "element" else 4
