"""Who is left out with whom, and scores by models that never saw a clip's source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from provenance.detection.training.corpus import Clip
from provenance.detection.training.table import Table
from provenance.detection.training.weighing import row_weights

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
#: Learns from rows and returns what gives any rows a score.
Learner = Callable[[Table, Floats], Callable[[Table], Floats]]


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
