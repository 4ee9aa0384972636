"""Which clips are marked: to learn from, to choose strengths on, to measure on."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Final

from provenance.watermark.embedding import MIN_SIDE

#: Draws of the training split (count, seed) on which strengths and weighings are chosen. Nothing is
#: learned from them, nor from copies of them.
HELD: Final = ((24, 5), (24, 9))


def chosen(root: Path, split: str, count: int, seed: int, least_side: int = MIN_SIDE) -> list[Path]:
    """Draw clips, the same for the same seed: from each source in turn, one of a group."""
    by_source: dict[str, list[Path]] = {}
    groups: set[str] = set()
    rows = _rows(root, split, least_side)
    random.Random(seed).shuffle(rows)  # noqa: S311 - no secret
    for row in rows:
        group = row.get("dup_group") or row["file"]
        if group not in groups:
            groups.add(group)
            by_source.setdefault(row["generator"] or row["source_repo"], []).append(
                root / "video" / row["file"]
            )
    picked: list[Path] = []
    while by_source and len(picked) < count:
        for source in sorted(by_source):
            picked.append(by_source[source].pop())
            if not by_source[source]:
                del by_source[source]
    return picked[:count]


def learned_from(root: Path) -> list[dict[str, str]]:
    """The rows of the manifest that the network learns from, in its order."""
    held = {clip.name for count, seed in HELD for clip in chosen(root, "train", count, seed)}
    rows = _rows(root, "train", MIN_SIDE)
    groups = {row["dup_group"] for row in rows if Path(row["file"]).name in held} - {""}
    return [
        row for row in rows if Path(row["file"]).name not in held and row["dup_group"] not in groups
    ]


def _rows(root: Path, split: str, least_side: int = MIN_SIDE) -> list[dict[str, str]]:
    with (root / "video" / "manifest.csv").open(encoding="utf-8") as stream:
        return [
            row
            for row in csv.DictReader(stream)
            if row["split"] == split
            and min(int(row["width"] or 0), int(row["height"] or 0)) >= least_side
        ]
