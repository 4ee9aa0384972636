"""How well copies of listed media are found at review, and what else is found.

    python -m benchmarks.known_copies --data FOLDER [--split eval] [--clips 40] [--seed 1]
        [--seconds 6] [--short-side 480]

Of each clip of FOLDER/video (its manifest.csv names them; one of each group of duplicates) one
picture goes on a list, the middle one of those that have anything to be known by, and so does the
clip's vPDQ. Then each clip is attacked with real encoders and compared with the list of all, by the
pictures that a review decodes. "Found" is the clip's own entry; "others" are entries of other clips
that it matches. The rules are ThreatExchange's defaults: nothing was chosen on these clips.
Intervals are Wilson's, 95 %.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from pathlib import Path

import av
import numpy as np

from benchmarks.copies import ATTACKS, encoded, piece
from benchmarks.fingerprinting import Source, chosen, decoded, interval, taken
from media.errors import FramegateError
from media.probe import probe
from media.sampler import plan, sample
from moderation.clips.attention import STEP_MS
from moderation.clips.hashing import FrameHashes
from moderation.clips.known import KnownMedia, Lists
from provenance.fingerprint.exchange import entry_id
from provenance.fingerprint.fingerprint import MIN_QUALITY, Marks
from provenance.fingerprint.records import KnownHash, Packed, Signal
from provenance.fingerprint.store import MemoryKnown

_REVIEW_FPS = 2.5


def reviewed(path: Path) -> Packed:
    """The fingerprint that a review takes of a clip.

    Raises:
        FramegateError: It cannot be decoded.
    """
    info, hashes = probe(path), FrameHashes()
    sampling = plan(info, min_fps=_REVIEW_FPS)
    with sample(path, info, sampling, passed_step_ms=STEP_MS) as frames:
        hashes.see(frames)
    made = hashes.fingerprint(info.duration_ms)
    if made is None:
        raise FramegateError("the clip was not hashed")
    return made


def entries(name: str, marks: Marks) -> list[KnownHash]:
    """What of a clip goes on the list."""
    worth = marks.at(np.flatnonzero(marks.quality >= MIN_QUALITY))
    if not len(worth):
        raise ValueError("nothing to be known by")
    middle = worth.at(np.array([len(worth) // 2]))
    return [
        KnownHash(
            list_name="measured",
            entry_id=f"{entry_id(signal, held)[:8]} {signal} {name}",
            signal=signal,
            marks=held,
            category="known/other",
        )
        for signal, held in ((Signal.PDQ, middle), (Signal.VPDQ, worth))
    ]


def listed(names: list[str], source: Source, folder: Path) -> tuple[list[str], Lists]:
    """Put clips on a list; return those that could be, and the list."""
    store, held, ready = MemoryKnown(), [], []
    for name in names:
        try:
            original = encoded(decoded(source, name), folder / "original.mp4")
            held += entries(name, taken(original, crops=False).frames)
        except (ValueError, av.FFmpegError, FramegateError) as error:
            print(f"left out: {name}: {type(error).__name__}: {error}")
            continue
        ready.append(name)
    store.put_list("measured", held)
    return ready, KnownMedia(store).read(1)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", default="eval")
    parser.add_argument("--clips", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--short-side", type=int, default=480)
    given = parser.parse_args()
    source = Source(given.data, given.seconds, given.short_side)
    tried, found, others = Counter[str](), Counter[str](), Counter[str]()
    strangers: set[str] = set()
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        names = chosen(given.data, given.split, given.clips, given.seed)
        names, lists = listed(names, source, folder)
        for place, name in enumerate(names):
            clip = decoded(source, name)
            for attack in ATTACKS:
                if attack.change is piece and len(clip.pictures) / clip.fps < 2.5:
                    continue
                chance = random.Random(f"{given.seed} {name} {attack.name}")  # noqa: S311
                path = folder / "copy.mp4"
                try:
                    encoded(attack.change(clip, chance), path, codec=attack.codec, crf=attack.crf)
                    seen = lists.compare(reviewed(path))
                except FramegateError as error:
                    print(f"refused, so not found: {name}, {attack.name}: {error}")
                    tried[attack.name] += 1
                    continue
                ids = [signal.known.entry_id for signal in seen.signals if signal.known]
                tried[attack.name] += 1
                for signal in Signal:
                    own = any(f" {signal} {name}" in each for each in ids)
                    found[f"{signal} {attack.name}"] += own
                foreign = [each for each in ids if not each.endswith(f" {name}")]
                others[attack.name] += bool(foreign)
                strangers.update(f"{name}: {each}" for each in foreign)
            print(f"{place + 1} of {len(names)}", flush=True)
    print(f"\n{len(names)} clips, {given.seconds:g} s each, short side {given.short_side}\n")
    print("| attack | n | picture found (95 %) | clip found (95 %) | copies that match others |")
    print("|---|---|---|---|---|")
    for attack in ATTACKS:
        if count := tried[attack.name]:
            cells = [interval(found[f"{signal} {attack.name}"], count) for signal in Signal]
            print(f"| {attack.name} | {count} | {' | '.join(cells)} | {others[attack.name]} |")
    for each in sorted(strangers):
        print(f"- {each}")


if __name__ == "__main__":
    main()
