"""How well released clips are found again by their content, and what that costs.

    python -m benchmarks.fingerprinting --data FOLDER [--split eval] [--clips 200] [--seed 1]
        [--seconds 10] [--short-side 480]

Clips of FOLDER/video (its manifest.csv names them; one of each group of duplicates) are registered.
Each is then attacked with real encoders, and the registry is asked for it: recall@1 is the share of
clips whose own id comes first. Attacks: x264 at crf 23, 28, 33 and 40, x265, VP9, half and 0.71 of
the side, 15 frames a second, brightness and contrast, mirrored, bars; cropped to 0.9 and 0.8
of each side (so to 0.81 and 0.64 of the area) at a random place; a crop to 0.8 with a logo, bars
and a mirror; and a piece of two seconds. Clips that are not registered are asked for as well.
Intervals are Wilson's, 95 %. "crop 10 %" takes a tenth off each side, the stricter reading.

Unrelated pairs are a frame of one clip and a frame or a crop of another; "variants" are pairs of
which the nearest of all variants of the one counts, as when a query is looked at closer.

Pictures of clips of one source can be near-copies that the manifest does not call duplicates; where
an unrelated pair of frames is near, the names of both clips are printed, so that one can look.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import math
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from benchmarks.copies import ATTACKS, Clip, Picture, encoded, piece
from media.errors import FramegateError
from media.probe import probe
from provenance.fingerprint.alignment import RADIUS
from provenance.fingerprint.fingerprint import Fingerprint, Marks, fingerprint
from provenance.fingerprint.index import FlatIndex, HashIndex, PopcountIndex
from provenance.fingerprint.known import MATCH_DISTANCE
from provenance.fingerprint.pdq import distances
from provenance.fingerprint.records import Registered
from provenance.fingerprint.refining import WIDE
from provenance.fingerprint.registry import FingerprintRegistry
from provenance.fingerprint.store import MemoryFingerprints
from provenance.fingerprint.variants import COUNT

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """Where clips come from, and how much of each is taken."""

    data: Path
    seconds: float
    short_side: int


def decoded(source: Source, name: str) -> Clip:
    """Decode the first seconds of a clip, its short side at most so long.

    Raises:
        ValueError: It has fewer than two pictures, or is too small.
    """
    pictures: list[Picture] = []
    with av.open(str(source.data / "video" / name)) as container:
        stream = container.streams.video[0]
        if not min(stream.width, stream.height):
            msg = "has no size"
            raise ValueError(msg)
        share = min(1.0, source.short_side / min(stream.width, stream.height))
        width, height = (int(side * share) // 2 * 2 for side in (stream.width, stream.height))
        fps = float(stream.average_rate or 24)
        for frame in itertools.islice(container.decode(stream), int(fps * source.seconds)):
            rgb = frame.reformat(width=width, height=height, format="rgb24").to_ndarray()
            pictures.append(np.asarray(rgb, np.uint8))
    if len(pictures) < 2 or min(pictures[0].shape[:2]) < 64:
        msg = "too short or too small"
        raise ValueError(msg)
    return Clip(name, pictures, fps)


def chosen(data: Path, split: str, count: int, seed: int) -> list[str]:
    """Names of clips of a split, one of each group of duplicates, in random order."""
    with (data / "video" / "manifest.csv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["split"] == split]
    random.Random(seed).shuffle(rows)  # noqa: S311 - a draw that can be repeated
    groups: dict[str, str] = {}
    for row in rows:
        groups.setdefault(row["dup_group"] or row["file"], row["file"])
    return list(groups.values())[:count]


def taken(path: Path, *, crops: bool) -> Fingerprint:
    """Fingerprint a file."""
    return fingerprint(path, probe(path), crops=crops)


def interval(good: int, count: int) -> str:
    """Give a share with its 95 % interval after Wilson."""
    if not count:
        return "-"
    share, z = good / count, 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + (z / count / 2) ** 2)
    return f"{share:.3f} ({max(0, middle - half):.3f} to {min(1, middle + half):.3f})"


def recall(
    names: list[str], source: Source, folder: Path, seed: int
) -> list[tuple[Registered, Fingerprint]]:
    """Register, attack, ask; print the table. Return what was registered, with a query for it."""
    registry = FingerprintRegistry(MemoryFingerprints())
    clips: list[Registered] = []
    queries: list[Fingerprint] = []
    spent: dict[str, list[float]] = {attack.name: [] for attack in ATTACKS}
    results: dict[str, list[int | None]] = {attack.name: [] for attack in ATTACKS}
    rows: dict[str, list[int | None]] = {}
    costs: list[float] = []
    strangers: list[str] = []
    ready: list[str] = []
    for name in names:
        try:
            clip = decoded(source, name)
            original = encoded(clip, folder / "original.mp4")
            began = time.process_time()
            made = taken(original, crops=True)
            costs.append((time.process_time() - began) / (made.duration_ms / 1000))
        except (ValueError, av.FFmpegError, FramegateError) as error:
            print(f"left out: {name}: {type(error).__name__}: {error}")
            continue
        # Asked for before it is registered: whatever comes is a false match.
        queries.append(taken(original, crops=False))
        strangers += [
            f"{name} as {match.clip_id}: {match.span}" for match in registry.find(queries[-1])
        ]
        clips.append(_record(name, made))
        registry.register(clips[-1])
        ready.append(name)
    for place, name in enumerate(ready):
        clip = decoded(source, name)
        for attack in ATTACKS:
            if attack.change is piece and len(clip.pictures) / clip.fps < 2.5:
                continue
            chance = random.Random(f"{seed} {name} {attack.name}")  # noqa: S311
            changed = attack.change(clip, chance)
            path = encoded(changed, folder / "copy.mp4", codec=attack.codec, crf=attack.crf)
            try:
                query = taken(path, crops=False)
                began = time.process_time()
                found = registry.find(query, limit=1)
                spent[attack.name].append((time.process_time() - began) * 1000)
            except FramegateError as error:
                print(f"\nrefused, so not found: {name}, {attack.name}: {error}")
                found = []
            right = bool(found) and found[0].clip_id == name
            bits = found[0].span.distance if right else None
            results[attack.name].append(bits)
            if attack.row:
                rows.setdefault(attack.row, []).append(bits)
        print(f"\r{place + 1} of {len(ready)}", end="", flush=True)
    _print_recall(rows, results, spent)
    hashes = sum(len(clip.frames) + len(clip.crops) for clip in clips)
    print(
        f"\nregistered: {len(clips)} clips, {sum(len(clip.frames) for clip in clips)} frames, "
        f"{hashes} hashes with crops; without any mark: "
        f"{sum(not len(clip.frames) for clip in clips)}; CPU to register a second of clip: median "
        f"{statistics.median(costs) * 1000:.0f} ms\n"
        f"clips found before they were registered: {len(strangers)} of {len(clips)}"
    )
    for each in strangers:
        print(f"- {each}")
    return list(zip(clips, queries, strict=True))


def _print_recall(
    rows: dict[str, list[int | None]],
    results: dict[str, list[int | None]],
    spent: dict[str, list[float]],
) -> None:
    print("\n\n| attack | n | recall@1 (95 %) | bits of those found: median, most | CPU ms |")
    print("|---|---|---|---|---|")
    for label, hits in (rows | results).items():
        shown = f"**{label}**" if label in rows else label
        found_bits = [bits for bits in hits if bits is not None]
        said = f"{statistics.median(found_bits):g}, {max(found_bits)}" if found_bits else "-"
        cost = f"{statistics.median(spent[label]):.0f}" if spent.get(label) else "-"
        share = interval(len(found_bits), len(hits))
        print(f"| {shown} | {len(hits)} | {share} | {said} | {cost} |")


def _record(name: str, made: Fingerprint) -> Registered:
    return Registered(
        clip_id=name,
        created_ms=0,
        duration_ms=made.duration_ms,
        frames=made.frames,
        crops=made.crops,
        thumbnails=made.thumbnails,
    )


def _bits_between(
    mine: Registered, query: Fingerprint, theirs: Registered, kind: str
) -> NDArray[np.int64]:
    """Distances of all frames of a clip to all of another."""
    if kind == "variants":
        held = np.concatenate([theirs.frames.hashes, theirs.crops.hashes])
        if not len(held):
            return np.zeros(0, np.int64)
        bits = [
            distances(query.varied.hashes[at : at + COUNT, None], held[None]).min(axis=0)
            for at in range(0, len(query.varied), COUNT)
        ]
        return np.concatenate([*bits, np.zeros(0, np.int64)])
    hashes = theirs.frames.hashes if kind == "frames" else theirs.crops.hashes
    if not len(mine.frames) or not len(hashes):
        return np.zeros(0, np.int64)
    return distances(mine.frames.hashes[:, None], hashes[None]).ravel()


def false_matches(clips: list[tuple[Registered, Fingerprint]]) -> None:
    """Compare frames of different clips, whole with whole and with crops; print counts."""
    bounds = (MATCH_DISTANCE, 45, 60, 67, RADIUS, 90, 100)
    print("\n| unrelated pairs | n | " + " | ".join(f"<= {each}" for each in bounds) + " | least |")
    print("|---|---|" + "---|" * (len(bounds) + 1))
    near: dict[tuple[str, str], int] = {}
    kinds = (
        ("frame, frame", "frames"),
        ("frame, crop", "crops"),
        ("variants, frame or crop", "variants"),
    )
    for label, kind in kinds:
        counts = np.zeros(257, dtype=np.int64)
        for (one, query), (other, _) in itertools.permutations(clips, 2):
            if kind == "frames" and one.clip_id > other.clip_id:
                continue
            bits = _bits_between(one, query, other, kind)
            if not len(bits):
                continue
            counts += np.bincount(bits, minlength=257)
            if bits.min() <= RADIUS:
                pair = (min(one.clip_id, other.clip_id), max(one.clip_id, other.clip_id))
                near[pair] = min(near.get(pair, 256), int(bits.min()))
        total = int(counts.sum())
        below = np.cumsum(counts)
        cells = " | ".join(str(below[each]) for each in bounds)
        print(f"| {label} | {total} | {cells} | {np.flatnonzero(counts)[0] if total else '-'} |")
        print(f"| share at {MATCH_DISTANCE}, {RADIUS} | | " + " | ".join(
            interval(int(below[each]), total) if each in (MATCH_DISTANCE, RADIUS) else ""
            for each in bounds) + " | |")  # fmt: skip
    for (one_name, other_name), bits_least in sorted(near.items(), key=lambda item: item[1])[:20]:
        print(f"- {bits_least} bits: {one_name} and {other_name}")


def query_time(kinds: Iterable[Callable[[], HashIndex]], rounds: int = 9) -> None:
    """Print what a query of one hash costs among a million, on one thread."""
    try:
        import faiss  # noqa: PLC0415

        faiss.omp_set_num_threads(1)
    except ImportError:
        print("\nfaiss is not installed")
    chance = np.random.default_rng(0)
    hashes = chance.integers(0, 256, (MILLION, 32), dtype=np.uint8)
    queries = chance.integers(0, 256, (rounds, 32), dtype=np.uint8)
    print("\n| index | hashes | ms a hash: median (least to most) of n | n | ms for 40 hashes |")
    print("|---|---|---|---|---|")
    for kind in kinds:
        try:
            index = kind()
        except ImportError:
            continue
        index.add(hashes)
        index.search(queries[:1], WIDE)
        spent = []
        for query in queries:
            began = time.perf_counter()
            index.search(query[None], WIDE)
            spent.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        index.search(np.tile(queries, (5, 1))[:40], WIDE)
        whole = (time.perf_counter() - began) * 1000
        print(
            f"| {kind.__name__} | {len(index)} random | {statistics.median(spent):.1f} "
            f"({min(spent):.1f} to {max(spent):.1f}) | {rounds} | {whole:.0f} |"
        )


def whole_time(queries: list[Fingerprint]) -> None:
    """Print what looking up clips costs that nothing sure is found of, among a million hashes.

    These are random ones, of clips of ten seconds; so all is searched and looked at closer.
    """
    chance = np.random.default_rng(1)
    registry = FingerprintRegistry(MemoryFingerprints())
    frames, crops = 20, 270
    for number in range(MILLION // (frames + crops)):
        hashes = chance.integers(0, 256, (frames + crops, 32), dtype=np.uint8)
        times = np.arange(frames, dtype=np.int32) * 500
        held = Marks(times, times, hashes[:frames], np.full(frames, 100, np.uint8))
        some = held.at(np.arange(0, frames, 4)).stretched(crops // 5, hashes[frames:])
        registry.register(
            Registered(
                clip_id=str(number), created_ms=0, duration_ms=10_000, frames=held, crops=some
            )
        )
    registry.catch_up()
    spent, found = [], 0
    for query in queries:
        began = time.perf_counter()
        found += bool(registry.find(query))
        spent.append((time.perf_counter() - began) * 1000)
    middle = statistics.median(len(query.frames) for query in queries)
    print(
        f"\nlooking up {len(queries)} clips of {middle:g} frames (median) among {MILLION} random "
        "hashes, both ways round, with the closer look: "
        f"median {statistics.median(spent):.0f} ms, most {max(spent):.0f}; found: {found}"
    )


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--split", default="eval")
    parser.add_argument("--clips", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--short-side", type=int, default=480)
    given = parser.parse_args()
    names = chosen(given.data, given.split, given.clips, given.seed)
    source = Source(given.data, given.seconds, given.short_side)
    print(
        f"{len(names)} clips of {given.split}, seed {given.seed}, first {given.seconds:g} s, "
        f"short side at most {given.short_side}"
    )
    with tempfile.TemporaryDirectory() as folder:
        clips = recall(names, source, Path(folder), given.seed)
    false_matches(clips)
    query_time((FlatIndex, PopcountIndex))
    whole_time([query for _, query in clips])


if __name__ == "__main__":
    main()
