"""Mutants of signed clips: as of any clip, and box by box within the manifest (ISO/IEC 19566-5)."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.mutations import mutated

_IN_MANIFEST_SHARE = 0.5
_STEPS = (1, 1, 1, 2, 3)
_MOST_BOXES = 2_000
_HEADER = 8


def forged(clips: dict[str, bytes], seed: int, index: int) -> tuple[bytes, str]:
    """Return mutant `index` of a seed, and what was done to which clip."""
    chance = random.Random(f"forge-{seed}-{index}")
    if chance.random() >= _IN_MANIFEST_SHARE:
        return mutated(clips, seed, index)
    name = chance.choice(sorted(clips))
    data, done = clips[name], [name]
    for _ in range(chance.choice(_STEPS)):
        data, step = _in_manifest(data, chance, [clips[other] for other in sorted(clips)])
        done.append(step)
    return data, " ".join(done)


@dataclass(frozen=True, slots=True)
class _Place:
    """A box within a manifest store; `around` are the starts of those that it lies in."""

    start: int
    end: int
    around: tuple[int, ...]


def _places(data: bytes) -> list[_Place]:
    """List the boxes of the first manifest store in a file, the store itself first."""
    at = data.find(b"jumb\0\0\0")
    start = at - 4
    if at < 4:
        return []
    (size,) = struct.unpack_from(">I", data, start)
    if size < _HEADER or start + size > len(data):
        return []
    found = [_Place(start, start + size, ())]
    for place in found:  # grows while it is walked
        if data[place.start + 4 : place.start + _HEADER] == b"jumb":
            found.extend(_children(data, place))
        if len(found) > _MOST_BOXES:
            break
    return found


def _children(data: bytes, place: _Place) -> Iterator[_Place]:
    at = place.start + _HEADER
    while at + _HEADER <= place.end:
        (size,) = struct.unpack_from(">I", data, at)
        if size < _HEADER or at + size > place.end:
            return
        yield _Place(at, at + size, (*place.around, place.start))
        at += size


def _in_manifest(data: bytes, chance: random.Random, others: Sequence[bytes]) -> tuple[bytes, str]:
    places = _places(data)
    if not places:
        return data, "no-manifest"
    place = chance.choice(places)
    old = data[place.start : place.end]
    step = chance.choice(("flip", "byte", "remove", "double", "swap", "graft", "kind", "zero"))
    new = old
    if step in ("flip", "byte", "zero"):
        at = chance.randrange(len(old))
        value = {"flip": old[at] ^ 1 << chance.randrange(8), "byte": chance.randrange(256)}
        new = old[:at] + bytes([value.get(step, 0)]) + old[at + 1 :]
    elif step == "kind":
        new = old[:4] + chance.choice((b"free", b"jumb", b"cbor", b"json", b"uuid")) + old[8:]
    elif step == "remove":
        new = b""
    elif step == "double":
        new = old + old
    else:
        source = data if step == "swap" else chance.choice(others)
        there = _places(source)
        if there:
            like = chance.choice(there)
            new = source[like.start : like.end]
    return _put(data, place, new, mend=chance.random() < 0.7, room=chance.random() < 0.8), step


def _put(data: bytes, place: _Place, new: bytes, *, mend: bool, room: bool) -> bytes:
    """Put a box in the place of another.

    Args:
        data: The file.
        place: The box that goes.
        new: What comes.
        mend: Whether the sizes of the boxes around are made to fit.
        room: Whether what is left of the store's room is filled with zeros, so that nothing behind
            it moves; what needs more room takes it from what stands behind.
    """
    grown = len(new) - (place.end - place.start)
    made = bytearray(data[: place.start] + new + data[place.end :])
    if mend:
        for start in place.around:
            (size,) = struct.unpack_from(">I", made, start)
            struct.pack_into(">I", made, start, max(0, size + grown))
    if room and grown:
        whole = place.around[0] if place.around else place.start
        (size,) = struct.unpack_from(">I", data, whole)
        end = whole + size + grown
        if grown < 0:
            made[end:end] = bytes(-grown)
        else:
            del made[end : end + grown]
    return bytes(made)
