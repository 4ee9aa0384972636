"""The clips that a detector is trained and judged on, and what each is laundered with."""

from __future__ import annotations

import csv
import hashlib
import random
from dataclasses import dataclass
from pathlib import Path

from provenance.detection.laundering import Laundering, drawn

#: Lines that every clip of both classes is brought down to (or up to) before it is measured.
COMMON, LOW = 256, 144
#: Lines between which training draws lie; nearly every clip has the low ones, fewer the high ones.
LOW_DRAWS, HIGH_DRAWS = (100, 144), (145, 360)
#: Of the real class, this much at most may be recordings of one surveillance set.
SURVEILLANCE_SHARE = 0.25
SURVEILLANCE = "seymanurakti/fight-detection-surv-dataset"


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip of the manifest.

    Attributes:
        file: Its path below the folder of clips.
        split: `train`, `eval` or `other`.
        label: `generated`, `real`, `animation`, `composite` or `screen`.
        generator: Name of the generator, or "".
        source: The repository or page that it is from: one page is one encoder.
        licence: As the manifest states it.
        lines: Its own short side in pixels.
        seconds: Its length.
        mark: Whether a page's mark is burnt in: `yes`, `no`, `some` or "".
        group: Clips of one group are copies of each other; "" is none.
    """

    file: str
    split: str
    label: str
    generator: str
    source: str
    licence: str
    lines: int
    seconds: float
    mark: str
    group: str

    @property
    def key(self) -> str:
        """A short name of its own."""
        return hashlib.sha256(self.file.encode()).hexdigest()[:16]


def clips(data: Path) -> list[Clip]:
    """All clips of `data/video/manifest.csv`, in its order."""
    with (data / "video" / "manifest.csv").open(encoding="utf-8", newline="") as table:
        return [
            Clip(
                file=row["file"],
                split=row["split"],
                label=row["label"],
                generator=row["generator"],
                source=row["source_repo"],
                licence=row["licence"],
                lines=min(int(row["width"]), int(row["height"])),
                seconds=float(row["duration_s"] or 0),
                mark=row["watermark"],
                group=row["dup_group"],
            )
            for row in csv.DictReader(table)
        ]


def wanted(clip: Clip) -> bool:
    """Whether a clip is measured: of the surveillance set, a third is enough to learn from."""
    kept = int(clip.key, 16) % 3 == 0
    return kept or clip.split != "train" or clip.source != SURVEILLANCE


def launderings(clip: Clip) -> dict[str, Laundering]:
    """What a clip is measured under: fixed conditions for reports, random draws for training."""
    own = max(96, min(clip.lines, 480))
    chosen = {
        "common/23": Laundering(COMMON, COMMON, crf=23, start=0.5),
        "common/28": Laundering(COMMON, COMMON, crf=28, start=0.5),
        "common/35 half": Laundering(COMMON, COMMON // 2, crf=35, start=0.5),
        "low/23": Laundering(LOW, LOW, crf=23, start=0.5),
    }
    if clip.split != "train":
        chosen |= {
            "common/23 masked": Laundering(COMMON, COMMON, crf=23, start=0.5, masked=True),
            "low/35 half": Laundering(LOW, LOW // 2, crf=35, start=0.5),
            "own/23": Laundering(own, own, crf=23, start=0.5),
        }
    chance = random.Random(f"launder {clip.key}")  # noqa: S311 - a draw that can be repeated
    count = 2 if clip.split == "train" else 1
    for number in range(count):
        chosen[f"draw/low {number}"] = drawn(chance, *LOW_DRAWS)
    if clip.split == "train" and clip.lines > HIGH_DRAWS[0]:
        for number in range(count):
            chosen[f"draw/high {number}"] = drawn(
                chance, HIGH_DRAWS[0], min(clip.lines, HIGH_DRAWS[1])
            )
    return chosen
