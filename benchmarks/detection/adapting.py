"""What adapting the detector to one generator gives, and what it costs elsewhere.

    python -m benchmarks.detection.adapting --data FOLDER [--features FOLDER]

Clips and launderings are those of `python -m benchmarks.detecting`, measured first where they are
not yet. As Markdown:

1. The choice of what is moved and how far, on the training split: generators with at least 13
   clips, one at a time, three draws of the folds.
2. The same way with more clips, on the page that has many, of six generators.
3. The evaluation split, where nothing was chosen: generators with at least 6 clips.
4. What those heads do to other generators and to the real clips of the shipped calibration.

The score before is that of a model that left the clip's page out. Generated clips are left out
singly, in five folds, real ones by page. A head learns from all launderings of its clips and is
judged on those of others. Intervals draw generated clips and real pages anew (95 %, 400 draws);
shares have Wilson's.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.detection.few_shot import Way, adapted, chosen, examples_of, step, ways, with_spoken
from benchmarks.detection.protocol import weights_of
from models.calibration import wilson_interval
from provenance.detection.calibration import Calibration
from provenance.detection.classifier import Classifier
from provenance.detection.training.adapting import called, highest
from provenance.detection.training.folds import scores_left_out
from provenance.detection.training.learning import calibration, classifier, draws, stacked, usable
from provenance.detection.training.measures import Flags, Floats, auc, clustered, tpr_at
from provenance.detection.training.recipe import measure_all
from provenance.detection.training.table import Table, read, read_own
from provenance.detection.training.worth import RATE

#: Launderings that a head is judged on.
JUDGED = ("common/23", "common/28", "common/35 half", "low/23")
LEAST_CHOICE, LEAST_REPORT, LEAST_RISE = 13, 6, 50
#: Generated and real clips that are learned from.
RISE = ((0, 0), (5, 10), (10, 20), (20, 40), (40, 40))
ROUNDS = 3
#: More clips than there are.
ALL = (999, 999)
#: Clips of one generator and all real ones, with their scores before.
Case = tuple[Table, Floats]


def cases_of(table: Table, base: Floats, least: int) -> dict[str, Case]:
    """For each generator of a page with enough clips, its clips and all real ones."""
    labels = table.column(lambda clip: f"{clip.source} {clip.generator.split('(')[0]}")
    titles = {str(label): str(label).split(" ", 1)[1] for label in np.unique(labels[table.fake])}
    found = {}
    for label, title in titles.items():
        mine = (labels == label) & table.fake
        if len({clip.file for clip in table.where(mine).clips}) >= least:
            found[title] = mine | ~table.fake
    lumiere = table.column(lambda clip: clip.generator[:7]) == "Lumiere"
    if len({clip.file for clip in table.where(lumiere).clips}) >= least:
        found = {title: rows for title, rows in found.items() if title[:7] != "Lumiere"}
        found["Lumiere, all five kinds"] = lumiere | ~table.fake
    return {title: (table.where(rows), base[rows]) for title, rows in found.items()}


def area(table: Table, scores: Floats) -> float:
    """Area under the curve over the launderings that are judged, surveillance capped."""
    rows = np.isin(table.laundering, JUDGED)
    return auc(scores[rows], table.fake[rows], weights_of(table)[rows])


def choice(compared: Sequence[Way], cases: dict[str, Case]) -> str:
    """The table that way and penalty were chosen on: mean areas over generators and rounds."""
    counts = ((3, 10), (5, 20), (9, 20), ALL)
    heads = [f"{generated} and {real}" for generated, real in counts[:-1]]
    lines = [
        f"| learned from, generated and real | {' | '.join(heads)} | all other folds |",
        "|---|" + "---|" * len(counts),
    ]
    before = np.mean([area(table, base) for table, base in cases.values()])
    lines.append(f"| nothing: before | {' | '.join([f'{before:.3f}'] * len(counts))} |")
    for way in compared:
        cells = []
        for count in counts:
            values = []
            for table, base in cases.values():
                for seed in range(ROUNDS):
                    scores = adapted(way, table, base, examples_of(table, seed), count, seed)
                    values.append(area(table, scores))
            cells.append(f"{np.mean(values):.3f}")
        mark = "**" if way == chosen(compared) else ""
        lines.append(f"| {mark}{way.name}{mark} | {' | '.join(cells)} |")
    return "\n".join(lines)


def rise(way: Way, cases: dict[str, Case]) -> str:
    """How areas and recall rise with the clips that are learned from, on pages with many."""
    lines = [
        (
            "| page | learned from, generated and real | n judged, generated and real "
            "| AUC (95 %) | TPR at 1 % FPR (95 %) |"
        ),
        "|---|---|---|---|---|",
    ]
    for title, (table, base) in cases.items():
        examples = examples_of(table, 0)
        judged = np.isin(table.laundering, JUDGED)
        fake, kinds, groups = table.fake[judged], examples.kinds[judged], examples.groups[judged]
        counts = f"{len(np.unique(kinds[fake]))}, {len(np.unique(kinds[~fake]))}"
        for generated, real in RISE:
            after = adapted(way, table, base, examples, (generated, real), 0) if real else base
            scores = after[judged]
            ranking = Ranking(scores, scores, fake, weights_of(table)[judged], groups)
            lines.append(
                f"| {title} | {generated} and {real} | {counts} | {ranking.area(scores)} "
                f"| {ranking.recall(scores)} |"
            )
    return "\n".join(lines)


def pages_of(table: Table, base: Floats, least: int) -> dict[str, Case]:
    """For each page with enough generated clips, whosever they are, those and all real ones."""
    sources = table.column(lambda clip: clip.source)
    found = {}
    for source in np.unique(sources[table.fake]):
        mine = (sources == source) & table.fake
        if len({clip.file for clip in table.where(mine).clips}) >= least:
            rows = mine | ~table.fake
            found[str(source)] = table.where(rows), base[rows]
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Rows with scores before and after.

    Attributes:
        before: Scores (n,).
        after: Scores (n,).
        fake: Which rows are of generated clips.
        weights: How much each counts in areas.
        groups: What is drawn as a whole for intervals.
    """

    before: Floats
    after: Floats
    fake: Flags
    weights: Floats
    groups: NDArray[np.str_]

    def area(self, scores: Floats) -> str:
        """Area under the curve with its interval."""
        return self._told(lambda rows: self._auc(scores, rows), ".3f")

    def gain(self) -> str:
        """Area after less area before, with its interval."""
        return self._told(
            lambda rows: self._auc(self.after, rows) - self._auc(self.before, rows), "+.3f"
        )

    def recall(self, scores: Floats) -> str:
        """Share above the score that 1 % of real rows reach, with its interval."""
        return self._told(lambda rows: tpr_at(scores[rows], self.fake[rows]), ".3f")

    def _auc(self, scores: Floats, rows: NDArray[np.intp]) -> float:
        return auc(scores[rows], self.fake[rows], self.weights[rows])

    def _told(self, statistic: Callable[[NDArray[np.intp]], float], form: str) -> str:
        low, high = clustered(statistic, self.groups, self.fake)
        value = statistic(np.arange(len(self.fake)))
        return f"{value:{form}} ({low:{form}} to {high:{form}})"


def report(way: Way, cases: dict[str, Case]) -> str:
    """Before and after on generators where nothing was chosen."""
    lines = [
        (
            "| generator | n generated, real | AUC before (95 %) | after 5 and 20 | after all "
            "others (95 %) | gain (95 %) | TPR at 1 % FPR before (95 %) | after (95 %) | generated "
            "called likely_ai after (95 %) | real called likely_ai after (95 %) |"
        ),
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for title, (table, base) in cases.items():
        examples = examples_of(table, 0)
        after = adapted(way, table, base, examples, ALL, 0)
        small = adapted(way, table, base, examples, (5, 20), 0)
        judged = np.isin(table.laundering, JUDGED)
        fake, kinds = table.fake[judged], examples.kinds[judged]
        ranking = Ranking(
            base[judged], after[judged], fake, weights_of(table)[judged], examples.groups[judged]
        )
        said = called(examples, after)[judged]
        lines.append(
            f"| {title} | {len(np.unique(kinds[fake]))}, {len(np.unique(kinds[~fake]))} "
            f"| {ranking.area(ranking.before)} | {area(table, small):.3f} "
            f"| {ranking.area(ranking.after)} | {ranking.gain()} "
            f"| {ranking.recall(ranking.before)} | {ranking.recall(ranking.after)} "
            f"| {mostly(said[fake], kinds[fake])} | {ever(said[~fake], kinds[~fake])} |"
        )
    return "\n".join(lines)


def ever(said: Flags, kinds: NDArray[np.str_]) -> str:
    """Share of clips of which any row is called so."""
    return _share(len(np.unique(kinds[said])), len(np.unique(kinds)))


def mostly(said: Flags, kinds: NDArray[np.str_]) -> str:
    """Share of clips of which at least half of the rows are called so."""
    names = np.unique(kinds)
    return _share(sum(bool(said[kinds == name].mean() >= 0.5) for name in names), len(names))


def _share(count: int, n: int) -> str:
    low, high = wilson_interval(count, n)
    return f"{count / n:.3f} ({low:.3f} to {high:.3f})"


def costs(
    way: Way,
    cases: dict[str, Case],
    every: Case,
    shipped: Case,
    model: Classifier,
    worth: Calibration,
) -> str:
    """What each head does to generators it was not adapted to, and to other real clips.

    Args:
        way: The one that was chosen.
        cases: Each generator's clips and all real ones.
        every: All clips of the split.
        shipped: The real clips of the shipped calibration.
        model: The shipped one.
        worth: Its calibration.
    """
    lines = [
        (
            "| adapted to | n generated of other pages | AUC on them before | after | n real of "
            "the shipped calibration | called likely_ai, shipped (95 %) | adapted (95 %) |"
        ),
        "|---|---|---|---|---|---|---|",
    ]
    files = shipped[0].column(lambda clip: clip.file)
    losses = model.loss(shipped[0].families)
    usual = [
        worth.bin_of(float(loss)).fpr(float(score))
        for loss, score in zip(losses, shipped[1], strict=True)
    ]
    said = ever(np.array(usual) <= RATE, files)
    for title, (table, base) in cases.items():
        examples = examples_of(table, 0)
        after = adapted(way, table, base, examples, ALL, 0)
        learned = step(way, table, examples, base)
        pages = np.unique(table.where(table.fake).column(lambda clip: clip.source))
        others = every[0].fake & ~np.isin(every[0].column(lambda clip: clip.source), pages)
        rest = every[0].where(others)
        both = table.where(~table.fake).beside(rest)
        areas = [
            area(both, np.concatenate([mine[~table.fake], theirs]))
            for mine, theirs in (
                (base, every[1][others]),
                (after, every[1][others] + learned(rest)),
            )
        ]
        moved = shipped[1] + learned(shipped[0])
        top = highest(examples, after)[1]
        rates = (1 + (top[None] >= moved[:, None]).sum(axis=1)) / (1 + len(top))
        lines.append(
            f"| {title} | {len({clip.file for clip in rest.clips})} | {areas[0]:.3f} "
            f"| {areas[1]:.3f} | {len(np.unique(files))} | {said} | {ever(rates <= RATE, files)} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--features", type=Path, default=Path(".cache/detection"))
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--choice", action="store_true", help="print the choice alone")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    measure_all(
        given.data, given.features, given.cache,
        lambda line: print(line, file=sys.stderr, flush=True),
    )  # fmt: skip
    table = usable(read(given.data, given.features))
    splits = table.column(lambda clip: clip.split)
    train, held = table.where(splits == "train"), table.where(splits == "eval")
    learned = draws(train).beside(usable(read_own(given.data, given.features / "own")))
    model = classifier(learned)
    compared = ways(model, learned)
    before = scores_left_out(learned, train, stacked)
    few = cases_of(with_spoken(learned, train), before, LEAST_CHOICE)
    print(f"## The choice, training split\n\n{choice(compared, few)}")
    many = rise(chosen(compared), pages_of(train, before, LEAST_RISE))
    print(f"\n## From few clips to many, training split\n\n{many}")
    if given.choice:
        return
    base = scores_left_out(learned, held, stacked)
    cases, way = cases_of(held, base, LEAST_REPORT), chosen(compared)
    print(f"\n## Evaluation split\n\n{report(way, cases)}")
    shipped = train.where(~train.fake), before[~train.fake]
    other = costs(way, cases, (held, base), shipped, model, calibration(train, learned))
    print(f"\n## What it costs elsewhere\n\n{other}")


if __name__ == "__main__":
    main()
