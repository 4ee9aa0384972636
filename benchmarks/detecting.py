"""How well generated clips are told from real ones, everything laundered, each source left out.

    python -m benchmarks.detecting --data FOLDER [--features FOLDER] [--curves FOLDER] [--slow]

Clips of FOLDER/video are laundered and measured first, where that is not done yet
(`provenance.detection.training.extraction`; half an hour on one core), and kept in `--features`.
Then, as Markdown:

1. Families of statistics compared on the training split: every choice was made on this table.
2. The same on the evaluation split, where nothing was chosen.
3. The whole on the evaluation split: area under the ROC curve, true positives at 1 % false ones,
   balanced accuracy where the likelihood ratio turns, expected calibration error at the split's own
   share of generated clips, and what is called `likely_ai`. Of each clip the score comes from a
   model that saw no clip of its page; what scores are worth comes from the training split alone.
4. Generators one by one; one page's generated clips against its real ones; drawn and screen clips.
5. The audit for short cuts, and what a clip costs.

Launderings: `common` brings every clip to 256 lines, `low` to 144 (which nearly all have), `own`
keeps the clip's lines, up to 480; then x264 at the crf named, `half` with half the size; 24
pictures a second, 4 seconds at most.
Intervals draw whole pages (95 %, 400 draws); shares have Wilson's.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

from benchmarks.detection import report
from benchmarks.detection.plots import curves
from benchmarks.detection.protocol import judge
from media.probe import probe
from provenance.detection.laundering import Laundering, decoded, laundered
from provenance.detection.training.corpus import Clip, clips
from provenance.detection.training.extraction import measure_clip, open_backbone
from provenance.detection.training.folds import scores_left_out
from provenance.detection.training.learning import (
    calibration,
    classifier,
    draws,
    stacked,
    usable,
)
from provenance.detection.training.recipe import measure_all
from provenance.detection.training.table import Table, read, read_own


def of_split(table: Table, *splits: str) -> Table:
    """The rows of some splits."""
    return table.where(np.array([clip.split in splits for clip in table.clips]))


def counted(every: list[Clip], measured: Table) -> str:
    """How many clips there are, and how many of them are long enough to be measured."""
    files = {clip.file for clip in usable(measured).clips}
    lines = ["| split | generated | real | other | long enough |", "|---|---|---|---|---|"]
    for split in ("train", "eval", "other"):
        mine = [clip for clip in every if clip.split == split]
        counts = [sum(clip.label == label for clip in mine) for label in ("generated", "real")]
        enough = sum(clip.file in files for clip in mine)
        lines.append(
            f"| {split} | {counts[0]} | {counts[1]} | {len(mine) - sum(counts)} | {enough} |"
        )
    return "\n".join(lines)


def cost(data: Path, cache: Path, rounds: int = 3) -> str:
    """CPU and wall time of a clip of ten seconds at 720 lines, decoding included."""
    clip = next(each for each in clips(data) if each.lines >= 720 and each.seconds >= 8)
    backbone = open_backbone(cache)
    recipe = Laundering(720, 720, fps=30, crf=23, seconds=10)
    spent = []
    with tempfile.TemporaryDirectory() as folder:
        made = laundered(decoded(data / "video" / clip.file), recipe, Path(folder) / "clip")
        seconds = probe(made).duration_ms / 1000
        for _ in range(rounds):
            began = time.process_time(), time.perf_counter()
            measure_clip(made, backbone)
            spent.append((time.process_time() - began[0], time.perf_counter() - began[1]))
    cpu, wall = (min(each) / seconds for each in zip(*spent, strict=True))
    return (
        f"{seconds:.1f} s of 720 lines at 30 a second: {cpu:.2f} s CPU and {wall:.2f} s wall for a "
        f"second of clip (least of {rounds}, one thread)"
    )


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--features", type=Path, default=Path(".cache/detection"))
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--curves", type=Path, help="where to draw the curves, as SVG")
    parser.add_argument("--slow", action="store_true", help="compare trees as well")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    measure_all(
        given.data, given.features, given.cache,
        lambda line: print(line, file=sys.stderr, flush=True),
    )  # fmt: skip
    table = read(given.data, given.features)
    train, held = of_split(table, "train"), usable(of_split(table, "eval"))
    print(f"## Clips\n\n{counted(clips(given.data), table)}")
    few = ("common/23", "common/28", "common/35 half", "low/23")
    learned = draws(train).beside(usable(read_own(given.data, given.features / "own")))
    compared = report.compared(learned, train, few, slow=given.slow)
    print(f"\n## Families, training split\n\n{compared}")
    print(f"\n## Families, evaluation split\n\n{report.compared(learned, held, few, slow=False)}")
    model, worth = classifier(learned), calibration(train, learned)
    judged = judge(held, scores_left_out(learned, held, stacked), model, worth)
    shipped = judge(held, model.score(held.families), model, worth)
    print(f"\n## Evaluation split, sources left out\n\n{report.headline(judged)}")
    print(f"\n## Evaluation split, the shipped model\n\n{report.headline(shipped)}")
    print(f"\n## By generator\n\n{report.by_generator(judged)}")
    print(f"\n## Same-source pairs\n\n{report.pairs(judged)}")
    others = usable(of_split(table, "other"))
    drawn = judge(others, model.score(others.families), model, worth)
    print(f"\n## Drawn, joined and screen clips\n\n{report.hard(drawn)}")
    print(f"\n## Audit\n\n{report.audit(learned, held)}")
    print(f"\n## Cost\n\n{cost(given.data, given.cache)}")
    if given.curves:
        curves(judged, given.curves)


if __name__ == "__main__":
    main()
