"""Moves the shipped classifier towards an operator's own generator, and says what that gives.

Only the weights of the statistics are moved, and only so far as the clips ask for against a
penalty (`logistic.move_linear`). What is in the picture is left as it was learned: the topics of
two folders differ, and a few dozen clips would teach them. The penalty was chosen on the training
split with generators and pages left out (`python -m benchmarks.detection.adapting`).
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from provenance.detection.calibration import Calibration
from provenance.detection.classifier import Classifier, Rows, joined
from provenance.detection.logistic import move_linear
from provenance.detection.training.examples import Examples
from provenance.detection.training.measures import Flags, Floats
from provenance.detection.training.worth import RATE, fit_bin

PENALTY: Final = 30.0
FOLDS: Final = 5
REAL_NEEDED: Final = math.ceil(1 / RATE) - 1
"""Real clips below which no score can be shown to be passed by 1 % of real clips at most."""


def moved(shipped: Classifier, rows: Rows, fake: Flags, weights: Floats) -> Classifier:
    """Move a classifier's first member; its stack must be the sum of its members.

    Args:
        shipped: What is moved.
        rows: Statistics of each row.
        fake: Which rows are of generated clips.
        weights: How much each counts; see `move_linear`.
    """
    place, member = shipped.layout.members[0], shipped.members[0]
    base = shipped.score(rows)
    found = move_linear(member, joined(rows, place.families), base, fake, weights, PENALTY)
    return replace(shipped, members=(found, *shipped.members[1:]))


def split(examples: Examples) -> NDArray[np.int64]:
    """The fold (clips,) that each clip is left out with: groups stay whole, classes spread out."""
    fake = np.array([clip.fake for clip in examples.clips])
    groups = np.array([clip.group for clip in examples.clips])
    names, sizes = np.unique(groups, return_counts=True)
    folds = np.zeros(len(fake), np.int64)
    filled = np.zeros((FOLDS, 2))
    for name in names[np.lexsort((names, -sizes))]:
        mine = groups == name
        counts = np.array([(mine & ~fake).sum(), (mine & fake).sum()])
        # Where this group's class (or the larger of its classes) is thinnest.
        fold = int(np.lexsort((filled.sum(axis=1), filled[:, int(counts.argmax())]))[0])
        folds[mine] = fold
        filled[fold] += counts
    return folds


def held_out(shipped: Classifier, examples: Examples) -> Floats:
    """Scores (rows,), each by a classifier that was moved without the clip's group."""
    folds = split(examples)[examples.clip]
    scores = np.zeros(len(folds))
    for fold in np.unique(folds):
        asked = folds == fold
        known = examples.where(~asked)
        found = moved(shipped, known.rows, known.fake, known.weights())
        scores[asked] = found.score(examples.where(asked).rows)
    return scores


def highest(examples: Examples, scores: Floats) -> tuple[NDArray[np.str_], Floats]:
    """Of each real clip, copies as one, the highest score of its launderings, and its group.

    One number a clip, and the worst: launderings of a clip are not independent, and whoever asks
    later asks about one of them.
    """
    kinds = examples.kinds
    names = np.unique(kinds[~examples.fake])
    tops = [scores[(kinds == name) & ~examples.fake].max() for name in names]
    groups = [examples.groups[(kinds == name) & ~examples.fake][0] for name in names]
    return np.array(groups), np.array(tops)


def calibration(examples: Examples, scores: Floats) -> Calibration:
    """What held-out scores are worth, from the operator's own clips alone.

    The bound for `likely_ai` rests on one score a real clip, so that below `REAL_NEEDED` of them
    nothing is ever called that.
    """
    kinds = examples.kinds
    found = fit_bin(
        "any", math.inf, scores, examples.fake, examples.weights(),
        files=kinds, sources=examples.groups,
    )  # fmt: skip
    real = tuple(float(each) for each in np.sort(highest(examples, scores)[1]))
    return Calibration(RATE, (msgspec.structs.replace(found, real=real),))


def called(examples: Examples, scores: Floats) -> Flags:
    """Which rows (n,) are called `likely_ai`, each by the bound of the other groups' real clips."""
    groups, tops = highest(examples, scores)
    rates = np.zeros(len(scores))
    for name in np.unique(examples.groups):
        mine = examples.groups == name
        others = tops[groups != name]
        reached = (others[None] >= scores[mine][:, None]).sum(axis=1)
        rates[mine] = (1 + reached) / (1 + len(others))
    return (rates <= RATE) & examples.known


def called_before(
    shipped: Classifier, worth: Calibration, examples: Examples, scores: Floats
) -> Flags:
    """Which rows (n,) the shipped detector calls `likely_ai`."""
    losses = shipped.loss(examples.rows)
    rates = [
        worth.bin_of(float(loss)).fpr(float(s)) for loss, s in zip(losses, scores, strict=True)
    ]
    return (np.array(rates) <= worth.rate) & examples.known
