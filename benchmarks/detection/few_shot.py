"""Adapting to one generator with clips that were measured already, in more ways than one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from provenance.detection.classifier import Classifier
from provenance.detection.logistic import Linear, fit_linear, move_linear
from provenance.detection.training import corpus
from provenance.detection.training.adapting import FOLDS, PENALTY, split
from provenance.detection.training.examples import Clip, Examples
from provenance.detection.training.folds import folds, left_out
from provenance.detection.training.learning import CONTENT, FAMILIES, fit_members
from provenance.detection.training.measures import Flags, Floats
from provenance.detection.training.table import Table

SCRATCH = 100.0
#: What each family says of a clip, as a family of its own.
SPOKEN = "spoken"
_DIRECTIONS = 128


@dataclass(frozen=True, slots=True)
class Way:
    """A way to learn from a few clips.

    Attributes:
        name: For the table.
        inputs: What is given weights that are added to the score before; None where the score
            before has no say.
        penalty: On those weights.
    """

    name: str
    inputs: Callable[[Table], Floats] | None
    penalty: float


def ways(model: Classifier, learned: Table) -> list[Way]:
    """All that are compared.

    Args:
        model: Gives the standardisation.
        learned: Gives the main directions of what is in the pictures.
    """
    member, seen = model.members
    spread = seen.standardised(learned.joined(CONTENT))
    turn = np.linalg.eigh(spread.T @ spread)[1][:, ::-1][:, :_DIRECTIONS]

    def statistics(table: Table) -> Floats:
        return member.standardised(table.joined(FAMILIES))

    def both(table: Table) -> Floats:
        # A third of the scale is ten times the penalty.
        content = seen.standardised(table.joined(CONTENT)) @ turn / np.sqrt(10)
        return np.concatenate([statistics(table), content], axis=1)

    def by_family(table: Table) -> Floats:
        return table.families[SPOKEN]

    return [
        *(Way(f"statistics moved, penalty {each:g}", statistics, each)
          for each in (3.0, 10.0, 30.0, 100.0, 300.0)),
        Way("statistics (30) and content (300) moved", both, 30.0),
        Way("families weighed anew, penalty 1", by_family, 1.0),
        Way("families weighed anew, penalty 10", by_family, 10.0),
        Way(f"statistics learned from nothing, penalty {SCRATCH:g}", None, SCRATCH),
    ]  # fmt: skip


def with_spoken(learned: Table, judged: Table) -> Table:
    """A table with what each family says of a clip, by a model that left the clip's page out."""

    def learn(table: Table, weights: Floats) -> Callable[[Table], Floats]:
        member, seen = fit_members(table, weights)

        def spoken(rows: Table) -> Floats:
            said = member.standardised(rows.joined(FAMILIES)) * member.weights
            edges = np.cumsum([rows.families[family].shape[1] for family in FAMILIES])[:-1]
            parts = [part.sum(axis=1) for part in np.split(said, edges, axis=1)]
            return np.stack([*parts, seen(rows.joined(CONTENT))], axis=1)

        return spoken

    found = np.zeros((len(judged), len(FAMILIES) + 1))
    for _, rows, spoken in left_out(learned, judged, learn):
        found[rows] = spoken(judged.where(rows))
    return replace(judged, families=judged.families | {SPOKEN: found})


def chosen(compared: Sequence[Way]) -> Way:
    """What ships."""
    return next(way for way in compared if way.name.endswith(f"moved, penalty {PENALTY:g}"))


def step(way: Way, table: Table, examples: Examples, base: Floats) -> Callable[[Table], Floats]:
    """What is learned from some rows: what is to be added to the score before."""
    weights, fake = examples.weights(), examples.fake
    if way.inputs is None:
        fitted = fit_linear(table.joined(FAMILIES), fake, weights, way.penalty)
        return lambda asked: fitted(asked.joined(FAMILIES))
    inputs = way.inputs(table)
    width = inputs.shape[1]
    # Inputs are standardised and held already.
    start = Linear(np.zeros(width), np.full(width, 1.0), np.zeros(width), 0.0)
    found, given = move_linear(start, inputs, base, fake, weights, way.penalty), way.inputs
    return lambda asked: found(given(asked))


def examples_of(table: Table, seed: int) -> Examples:
    """A table as clips of an operator: real clips in groups by page, in an order by chance."""
    chance = np.random.default_rng(seed)
    files = list(dict.fromkeys(clip.file for clip in table.clips))
    first = {clip.file: clip for clip in table.clips}
    pages = dict(zip(files, folds([first[file] for file in files]), strict=True))
    fake = {file: first[file].label == "generated" for file in files}
    groups = {file: file if fake[file] else f"page {pages[file]}" for file in files}
    names = sorted(set(groups.values()))
    order = dict(zip(names, chance.permutation(len(names)), strict=True))
    clips = tuple(
        Clip(file, fake[file], "", first[file].lines, file, f"{order[groups[file]]:05d}")
        for file in files
    )
    place = {file: number for number, file in enumerate(files)}
    return Examples(
        clips,
        (),
        np.array([place[clip.file] for clip in table.clips]),
        table.lines >= corpus.HIGH_DRAWS[0],
        table.families,
        np.ones(len(table), bool),
    )


def few(examples: Examples, rows: Flags, counts: Sequence[int], seed: int) -> Flags:
    """Of some rows those of at most so many generated and so many real clips."""
    chance = np.random.default_rng(seed)
    kept = np.zeros(len(rows), bool)
    for fake, count in zip((True, False), counts, strict=True):
        mine = rows & (examples.fake == fake)
        kinds = chance.permutation(np.unique(examples.kinds[mine]))[:count]
        kept |= mine & np.isin(examples.kinds, kinds)
    return kept


def adapted(
    way: Way, table: Table, base: Floats, examples: Examples, counts: Sequence[int], seed: int
) -> Floats:
    """Scores (rows,), each by a head that was adapted without the clip and its page."""
    places = split(examples)[examples.clip]
    scores = np.zeros(len(table))
    for fold in range(FOLDS):
        asked = places == fold
        rows = few(examples, ~asked, counts, seed)
        learned = step(way, table.where(rows), examples.where(rows), base[rows])
        before = base[asked] if way.inputs is not None else 0.0
        scores[asked] = before + learned(table.where(asked))
    return scores
