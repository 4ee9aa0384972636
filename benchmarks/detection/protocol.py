"""Leaving sources out, weighing clips, and the numbers that a detector is judged by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.detection.corpus import HIGH_DRAWS, SURVEILLANCE, SURVEILLANCE_SHARE, Clip
from benchmarks.detection.table import Table

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
#: Learns from rows and returns what gives any rows a score.
Learner = Callable[[Table, Floats], Callable[[Table], Floats]]
_ROUNDS = 400
#: Weight of own reconstructions against that of the generated clips; chosen on `train`.
OWN_SHARE = 0.3


def folds(clips: Sequence[Clip]) -> NDArray[np.str_]:
    """The name of the group that each clip is left out with.

    A page is a group; pages that share copies of a clip are one group.
    """
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    for clip in clips:
        if clip.group:
            parent[root(f"group {clip.group}")] = root(clip.source)
    return np.array([root(clip.source) for clip in clips])


def row_weights(table: Table) -> Floats:
    """How much each row counts in training.

    Among rows of low and among those of high bottlenecks both classes count the same, so that
    lines say nothing of the class. Inside a class a source counts by the root of its clips, and
    one surveillance set for a quarter of the real class at most. Reconstructions of our own, and
    the real clips beside them, have a fixed share of their class's weight on top.
    """
    weights = np.zeros(len(table))
    weights[~table.own] = _clip_weights(table.where(~table.own))
    for fake in (False, True):
        kind = table.fake == fake
        mine = kind & table.own
        weights[mine] = OWN_SHARE * weights[kind & ~table.own].sum() / max(1, mine.sum())
    return weights


def _clip_weights(table: Table) -> Floats:
    weights = np.zeros(len(table))
    sources = table.column(lambda clip: clip.source)
    files = table.column(lambda clip: clip.file)
    for high in (False, True):
        for fake in (False, True):
            there = ((table.lines >= HIGH_DRAWS[0]) == high) & (table.fake == fake)
            if not there.any():
                continue
            shares = {}
            for source in np.unique(sources[there]):
                mine = there & (sources == source)
                shares[source] = np.sqrt(len(np.unique(files[mine])))
            watched = shares.get(SURVEILLANCE, 0.0)
            if watched and not fake:
                others = sum(shares.values()) - watched
                most = others * SURVEILLANCE_SHARE / (1 - SURVEILLANCE_SHARE)
                shares[SURVEILLANCE] = min(watched, most) if others else watched
            total = sum(shares.values())
            for source, share in shares.items():
                mine = there & (sources == source)
                weights[mine] = share / total / mine.sum() * there.sum()
        both = (table.lines >= HIGH_DRAWS[0]) == high
        for fake in (False, True):
            mine = both & (table.fake == fake)
            if mine.any():
                weights[mine] *= both.sum() / 2 / weights[mine].sum()
    return weights


def left_out(
    train: Table, judged: Table, learn: Learner
) -> Iterator[tuple[str, Flags, Callable[[Table], Floats]]]:
    """Learn once for each group of `judged`, without its clips; give the group's rows.

    Yields:
        The group's name, the rows of `judged` that belong to it, and what was learned.
    """
    joint = folds([*train.clips, *judged.clips])
    mine, theirs = joint[: len(train)], joint[len(train) :]
    kept: Callable[[Table], Floats] | None = None
    for name in np.unique(theirs):
        seen = mine != name
        if seen.all():
            # No clip of this group was ever trained on: one model serves all such groups.
            kept = kept or learn(train, row_weights(train))
            yield str(name), theirs == name, kept
        else:
            rest = train.where(seen)
            yield str(name), theirs == name, learn(rest, row_weights(rest))


def scores_left_out(train: Table, judged: Table, learn: Learner) -> Floats:
    """Scores of all rows of `judged`, each by a model that never saw the row's group."""
    scores = np.full(len(judged), np.nan)
    for _, rows, score in left_out(train, judged, learn):
        scores[rows] = score(judged.where(rows))
    return scores


def auc(scores: Floats, fake: Flags, weights: Floats | None = None) -> float:
    """Area under the ROC curve; ties count half. Not a number where a class is missing."""
    if weights is None:
        weights = np.ones(len(scores))
    if not fake.any() or fake.all():
        return float("nan")
    order = np.argsort(scores, kind="stable")
    values, labels, shares = scores[order], fake[order], weights[order]
    _, starts = np.unique(values, return_index=True)
    below, total = 0.0, 0.0
    for low, high in zip(starts, [*starts[1:], len(values)], strict=True):
        real = float(shares[low:high][~labels[low:high]].sum())
        total += float(shares[low:high][labels[low:high]].sum()) * (below + real / 2)
        below += real
    return total / float(weights[fake].sum() * weights[~fake].sum())


def tpr_at(scores: Floats, fake: Flags, fpr: float = 0.01) -> float:
    """Share of synthetic rows above the score that a share `fpr` of real ones reaches."""
    real = np.sort(scores[~fake])[::-1]
    bound = real[int(np.floor(fpr * len(real)))]
    return float((scores[fake] > bound).mean())


def clustered(
    statistic: Callable[[NDArray[np.intp]], float], groups: NDArray[np.str_], fake: Flags
) -> tuple[float, float]:
    """95 % interval by drawing whole groups, those with synthetic clips and those without apart.

    A page is one encoder and one taste, so its clips are not independent.
    """
    chance = np.random.default_rng(0)
    with_fakes = [np.flatnonzero(groups == name) for name in np.unique(groups[fake])]
    alone = np.setdiff1d(np.unique(groups[~fake]), np.unique(groups[fake]))
    without = [np.flatnonzero(groups == name) for name in alone]
    values = []
    for _ in range(_ROUNDS):
        drawn = [pool[place] for pool in (with_fakes, without) if pool
                 for place in chance.integers(len(pool), size=len(pool))]  # fmt: skip
        rows = np.concatenate(drawn)
        if fake[rows].any() and not fake[rows].all():
            values.append(statistic(rows))
    if not values:
        return float("nan"), float("nan")
    low, high = np.nanquantile(values, [0.025, 0.975])
    return float(low), float(high)
