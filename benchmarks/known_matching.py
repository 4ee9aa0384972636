"""How long a clip is compared with hash lists of many entries: one thread, no database.

    python -m benchmarks.known_matching --entries 1000000

The clip has 20 hashes, each way round, as one of ten seconds has. The hashes are random: that is
how those of unrelated pictures lie, and the worst for the cache. Times are medians with the 95 %
interval of the median by order statistics (binomial).
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np
from scipy.stats import binom  # type: ignore[import-untyped]

from provenance.fingerprint.columns import Columns
from provenance.fingerprint.fingerprint import Fingerprint, Marks
from provenance.fingerprint.index import FlatIndex, HashIndex, PopcountIndex
from provenance.fingerprint.known import MATCH_DISTANCE, KnownHashes
from provenance.fingerprint.records import FOREVER

_FRAMES = 20
_SCANS = 5


def columns(count: int, chance: np.random.Generator) -> Columns:
    """A list of so many pictures."""
    return Columns(
        list_name="measured",
        digest="",
        state="",
        entry_ids=np.char.zfill(np.arange(count).astype("S32"), 32),
        clip=np.zeros(count, np.bool_),
        allowed=np.zeros(count, np.bool_),
        expires_ms=np.full(count, FOREVER),
        opinion=np.zeros(count, np.uint8),
        category=np.zeros(count, np.int64),
        categories=("known/other",),
        owner=np.arange(count),
        hashes=chance.integers(0, 256, (count, 32), dtype=np.uint8),
    )


def clip(chance: np.random.Generator) -> Fingerprint:
    """A clip that is on no list."""
    times = (np.arange(_FRAMES) * 500).astype(np.int32)

    def marks() -> Marks:
        hashes = chance.integers(0, 256, (_FRAMES, 32), dtype=np.uint8)
        return Marks(times, times, hashes, np.full(_FRAMES, 100, np.uint8))

    return Fingerprint(
        duration_ms=_FRAMES * 500,
        frames=marks(),
        mirrored=marks(),
        crops=marks().at(np.zeros(0, np.intp)),
        thumbnails=(),
        dropped=0,
    )


def median(took: list[float]) -> str:
    """The median in milliseconds with its 95 % interval."""
    ordered, count = sorted(took), len(took)
    low, high = (int(binom.ppf(share, count, 0.5)) for share in (0.025, 0.975))
    return (
        f"{1000 * float(np.median(ordered)):.1f} ms "
        f"[{1000 * ordered[max(low - 1, 0)]:.1f}, {1000 * ordered[min(high, count - 1)]:.1f}], "
        f"n = {count}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--clips", type=int, default=100)
    chosen = parser.parse_args()
    chance = np.random.default_rng(1)
    listed = columns(chosen.entries, chance)
    began = time.perf_counter()
    known = KnownHashes([listed])
    print(f"{chosen.entries} entries; tables built in {time.perf_counter() - began:.1f} s")
    others: dict[str, tuple[HashIndex, int]] = {
        "FAISS, every hash": (FlatIndex(), chosen.clips),
        "NumPy, every hash": (PopcountIndex(), _SCANS),
    }
    for index, _ in others.values():
        index.add(listed.hashes)
    took: dict[str, list[float]] = {"tables": [], **{name: [] for name in others}}
    for number in range(chosen.clips):
        seen = clip(chance)
        began = time.perf_counter()
        found = known.match(seen, now_ms=0)
        took["tables"].append(time.perf_counter() - began)
        for name, (index, tries) in others.items():
            if number >= tries:
                continue
            began = time.perf_counter()
            sides = (seen.frames, seen.mirrored)
            hits = sum(len(index.search(each.hashes, MATCH_DISTANCE)) for each in sides)
            took[name].append(time.perf_counter() - began)
            if bool(found) != bool(hits):
                raise SystemExit(f"the tables and {name} disagree")
    print(f"a clip of {_FRAMES} hashes, both ways round:")
    for name, times in took.items():
        print(f"  {name}: {median(times)}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"largest memory of the process: {peak} MiB")


if __name__ == "__main__":
    main()
