"""What an adaptation gives, before and after, on clips that neither head was fitted to.

"Before" is the shipped head. "After" is, for each clip, a head that was moved without the clip, its
copies and its folder. Intervals draw whole groups anew (shares of clips have Wilson's).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.calibration import wilson_interval
from provenance.detection.calibration import Calibration
from provenance.detection.classifier import Classifier
from provenance.detection.training.adapting import REAL_NEEDED, called, called_before
from provenance.detection.training.examples import Examples
from provenance.detection.training.measures import Flags, Floats, auc, clustered, tpr_at

_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class Measured:
    """A number with its 95 % interval.

    Attributes:
        value: The number.
        low: Lower end.
        high: Upper end.
        n: How many clips it rests on, copies counted once.
    """

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Side:
    """How one head does.

    Attributes:
        auc: Area under the ROC curve over launderings.
        tpr: Share of launderings of generated clips above the score that 1 % of real ones reach.
        real_called: Share of real clips that are called `likely_ai` in any laundering.
        generated_called: Share of generated clips called so in at least half of their launderings.
    """

    auc: Measured
    tpr: Measured
    real_called: Measured
    generated_called: Measured


@dataclass(frozen=True, slots=True)
class Comparison:
    """Before and after.

    Attributes:
        generated: Number of generated clips, copies counted once.
        real: Number of real clips.
        groups: How many groups of clips were left out together, by class: generated, real.
        before: The shipped head.
        after: The moved one.
        gain: Area after less area before, on the same clips.
        abstained: Share of launderings that the detector abstains from, with either head.
    """

    generated: int
    real: int
    groups: tuple[int, int]
    before: Side
    after: Side
    gain: Measured
    abstained: float

    @property
    def helps(self) -> bool:
        """Whether the area rose beyond chance."""
        return self.gain.low > 0

    @property
    def decides(self) -> bool:
        """Whether there are real clips enough for `likely_ai` to be said at all."""
        return self.real >= REAL_NEEDED


def compare(
    shipped: Classifier, worth: Calibration, examples: Examples, after: Floats
) -> Comparison:
    """Compare the shipped head with the moved one.

    Args:
        shipped: The head before.
        worth: Its calibration.
        examples: The operator's clips.
        after: Held-out scores of the moved head, of `adapting.held_out`.
    """
    before = shipped.score(examples.rows)
    fake, weights, groups = examples.fake, examples.weights(), examples.groups

    def area(scores: Floats, rows: NDArray[np.intp]) -> float:
        return auc(scores[rows], fake[rows], weights[rows])

    def gain(rows: NDArray[np.intp]) -> float:
        return area(after, rows) - area(before, rows)

    every = np.arange(len(fake))
    counted = examples.count(fake=True), examples.count(fake=False)
    return Comparison(
        *counted,
        (len(np.unique(groups[fake])), len(np.unique(groups[~fake]))),
        _side(examples, before, called_before(shipped, worth, examples, before)),
        _side(examples, after, called(examples, after)),
        Measured(gain(every), *clustered(gain, groups, fake), sum(counted)),
        float((~examples.known).mean()),
    )


def _side(examples: Examples, scores: Floats, said: Flags) -> Side:
    fake, weights, groups = examples.fake, examples.weights(), examples.groups

    def area(rows: NDArray[np.intp]) -> float:
        return auc(scores[rows], fake[rows], weights[rows])

    def found(rows: NDArray[np.intp]) -> float:
        return tpr_at(scores[rows], fake[rows])

    every = np.arange(len(fake))
    generated, real = examples.count(fake=True), examples.count(fake=False)
    return Side(
        Measured(area(every), *clustered(area, groups, fake), generated + real),
        Measured(found(every), *clustered(found, groups, fake), generated),
        _share(examples, said, fake=False),
        _share(examples, said, fake=True),
    )


def _share(examples: Examples, said: Flags, *, fake: bool) -> Measured:
    mine = examples.fake == fake
    kinds = examples.kinds[mine]
    shares = [said[mine][kinds == kind].mean() for kind in np.unique(kinds)]
    count = sum(bool(share >= _HALF if fake else share > 0) for share in shares)
    return Measured(count / len(shares), *wilson_interval(count, len(shares)), len(shares))
