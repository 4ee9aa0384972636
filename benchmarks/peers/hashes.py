"""Whole-video hashes beside the fingerprint: which copies of a clip lead back to it."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from benchmarks.copies import ATTACKS, encoded, piece
from benchmarks.fingerprinting import Source, decoded, taken
from benchmarks.peers.connection import PeerFailed, Peers
from benchmarks.watermarking import share
from media.errors import FramegateError
from provenance.fingerprint.records import Registered
from provenance.fingerprint.registry import FingerprintRegistry
from provenance.fingerprint.store import MemoryFingerprints

CHOSEN = (
    "x264 crf 28", "x264 crf 40", "side x 0.5, crf 28", "mirrored, crf 28",
    "cropped to 0.9 of the sides, crf 28", "cropped to 0.8 + logo + bars + mirrored, crf 28",
    "piece of 2 s, crf 28",
)  # fmt: skip
_ORIGINAL = "original"


@dataclass(slots=True)
class Hashing:
    """Clips that are registered with both, attacked, and asked for.

    Attributes:
        source: Where clips come from.
        names: The clips.
        peers: The packages.
        folder: For files that are written on the way.
        registry: The fingerprints.
        ready: Clips that are registered.
        strangers: Clips that the registry found before they were registered.
    """

    source: Source
    names: Sequence[str]
    peers: Peers
    folder: Path
    registry: FingerprintRegistry = field(
        default_factory=lambda: FingerprintRegistry(MemoryFingerprints())
    )
    ready: list[str] = field(default_factory=list)
    strangers: int = 0

    def register(self) -> None:
        """Register all clips; one that cannot be decoded is named and left out."""
        for name in self.names:
            try:
                path = encoded(decoded(self.source, name), self.folder / "original.mp4")
                made = taken(path, crops=True)
            except (ValueError, av.FFmpegError, FramegateError) as error:
                print(f"left out: {name}: {error}", flush=True)
                continue
            self.strangers += bool(self.registry.find(taken(path, crops=False), limit=1))
            self.registry.register(
                Registered(
                    clip_id=name,
                    created_ms=0,
                    duration_ms=made.duration_ms,
                    frames=made.frames,
                    crops=made.crops,
                    thumbnails=made.thumbnails,
                )
            )
            self.ready.append(name)

    def records(self, done: set[str]) -> Iterator[dict[str, object]]:
        """Attack clips that are not done, and ask for them; one record a clip."""
        for name in self.ready:
            if name in done:
                continue
            clip = decoded(self.source, name)
            hashes = {_ORIGINAL: self._hashed(encoded(clip, self.folder / "original.mp4"))}
            ours: dict[str, bool] = {}
            for attack in ATTACKS:
                short = attack.change is piece and len(clip.pictures) / clip.fps < 2.5
                if attack.name not in CHOSEN or short:
                    continue
                chance = random.Random(f"1 {name} {attack.name}")  # noqa: S311 - to be repeated
                changed = attack.change(clip, chance)
                path = encoded(
                    changed, self.folder / "copy.mp4", codec=attack.codec, crf=attack.crf
                )
                ours[attack.name] = self._found(path) == name
                hashes[attack.name] = self._hashed(path)
            yield {"hashes": name, "ours": ours, "theirs": hashes}

    def _found(self, path: Path) -> str:
        try:
            found = self.registry.find(taken(path, crops=False), limit=1)
        except FramegateError:
            return ""
        return found[0].clip_id if found else ""

    def _hashed(self, path: Path) -> list[object]:
        try:
            bits, similar = self.peers.hashed(path)
        except PeerFailed as error:
            if self.peers.versions.get("videohash"):
                print(f"videohash: {error}", flush=True)
            return []
        return [similar, "".join(map(str, bits.tolist()))]


def report(records: Sequence[dict[str, dict[str, list[object]]]], version: str) -> None:
    """Print which copies lead back to their clip.

    Args:
        records: Of `Hashing.records`.
        version: Of videohash, or "" where it is not installed.
    """
    originals = [record["theirs"].get(_ORIGINAL) for record in records]
    known = _stacked([each for each in originals if each])
    print(
        f"\n{len(records)} clips are registered, and all of them are asked for.\n\n"
        "| copy | what asks | n | its own clip comes first | and near enough for its threshold |\n"
        "|---|---|---|---|---|"
    )
    for name in CHOSEN:
        ours = [bool(record["ours"][name]) for record in records if name in record["ours"]]
        if not ours:
            continue
        found = share(sum(ours), len(ours))
        print(f"| {name} | framegate fingerprint | {len(ours)} | {found} | {found} |")
        if not len(known):
            print(f"| {name} | videohash | 0 | not installed | |")
            continue
        first, near, asked = 0, 0, 0
        place = -1
        for record in records:
            if not record["theirs"].get(_ORIGINAL):
                continue
            place += 1
            if name not in record["theirs"]:
                continue
            asked += 1
            # A package that cannot hash a copy does not find it.
            if not record["theirs"][name]:
                continue
            similar = int(str(record["theirs"][name][0]))
            bits = (known != _stacked([record["theirs"][name]])).sum(axis=1)
            first += int(bits[place]) == int(bits.min()) and int((bits == bits.min()).sum()) == 1
            near += int(bits[place]) <= similar
        print(f"| {name} | videohash {version} | {asked} | {share(first, asked)} "
              f"| {share(near, asked)} |")  # fmt: skip
    if len(known) > 1:
        similar = int(str(next(each for each in originals if each)[0]))
        pairs = [int((a != b).sum()) for a, b in itertools.combinations(known, 2)]
        print(
            f"\nvideohash: of {len(pairs)} pairs of different clips, "
            f"{share(sum(each <= similar for each in pairs), len(pairs))} are called similar (at "
            f"most {similar} of {known.shape[1]} bits); the least distance is {min(pairs)}."
        )


def _stacked(hashes: Sequence[list[object]]) -> NDArray[np.uint8]:
    return np.array([[int(bit) for bit in str(each[1])] for each in hashes], np.uint8)
