"""What a score is worth: likelihood ratios, and how often a camera's clip scores as high.

Both come from clips of sources and generators that the scoring model had not learned from, for
each bin of estimated quality apart. The likelihood ratio is a logistic fit (Brummer and du Preez,
2006) that is held to what so many clips can bear; the false-positive rate is a split-conformal
p-value against real clips (Vovk et al., 2005), which holds for clips drawn like those.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import Annotated, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from models.calibration import sigmoid
from models.errors import InvalidCard

_Z95: Final = 1.959963984540054
_Positive = Annotated[float, msgspec.Meta(gt=0)]


class Bin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Calibration for clips of one estimated quality.

    Attributes:
        name: Such as `fine` or `coarse`.
        below: Estimated quality loss from which the next bin holds.
        slope: Of the log likelihood ratio over the score; above 0, so that a higher score is
            never less evidence.
        offset: Log likelihood ratio at a score of 0.
        covariance: Of slope and offset, by drawing whole sources: (slope, both, offset).
        synthetic: How many synthetic clips it rests on.
        clips: How many real clips it rests on.
        real: Scores of the real clips, each in several launderings, ascending.
    """

    name: str
    below: float
    slope: _Positive
    offset: float
    covariance: tuple[float, float, float]
    synthetic: Annotated[int, msgspec.Meta(ge=3)]
    clips: Annotated[int, msgspec.Meta(ge=3)]
    real: Annotated[tuple[float, ...], msgspec.Meta(min_length=3)]

    @property
    def most(self) -> float:
        """The largest magnitude that the log likelihood ratio may have: log(n / 3)."""
        return math.log(min(self.synthetic, self.clips) / 3)

    def llr(self, score: float) -> tuple[float, float, float]:
        """Log likelihood ratio (natural) of synthetic against real, and its 95 % interval."""
        value = self.slope * score + self.offset
        first, both, last = self.covariance
        half = _Z95 * math.sqrt(max(0.0, first * score * score + 2 * both * score + last))
        low, middle, high = (
            min(max(each, -self.most), self.most) for each in (value - half, value, value + half)
        )
        return middle, low, high

    def fpr(self, score: float) -> float:
        """Conformal p-value: share of real scores that are at least as high, itself counted.

        Launderings of one clip are not independent: with n clips, nothing below 1 / (n + 1) is
        known for sure.
        """
        reached = len(self.real) - int(np.searchsorted(self.real, score, side="left"))
        return (1 + reached) / (1 + len(self.real))


class Calibration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What turns scores into answers.

    Attributes:
        rate: Highest share of real clips that may be called `likely_ai`.
        bins: By rising `below`; the last one's is infinite.
    """

    rate: Annotated[float, msgspec.Meta(gt=0, lt=1)]
    bins: Annotated[tuple[Bin, ...], msgspec.Meta(min_length=1)]

    @classmethod
    def parse(cls, raw: bytes) -> Calibration:
        """Read the text of `calibration.toml`.

        Raises:
            InvalidCard: It is no TOML, or breaks a rule.
        """
        try:
            found = msgspec.toml.decode(raw, type=cls)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise InvalidCard(f"The calibration cannot be read: {error}.") from error
        edges = [each.below for each in found.bins]
        if edges != sorted(edges) or not math.isinf(edges[-1]):
            raise InvalidCard("The calibration's bins must rise to infinity.", field="bins.below")
        if any(list(each.real) != sorted(each.real) for each in found.bins):
            raise InvalidCard("The calibration's real scores must rise.", field="bins.real")
        return found

    def bin_of(self, loss: float) -> Bin:
        """The bin for an estimated loss of quality."""
        return next(each for each in self.bins if loss < each.below or math.isinf(each.below))


def digest(raw: bytes) -> str:
    """Digest of a calibration file, as "sha256:<hex>"."""
    return "sha256:" + hashlib.sha256(raw).hexdigest()


@dataclass(frozen=True, slots=True)
class Posterior:
    """How likely synthetic is, at a prior.

    Attributes:
        prior: Share of synthetic clips among all that are asked about.
        probability: After the score.
        low: Lower end, from the likelihood ratio's interval.
        high: Upper end.
    """

    prior: float
    probability: float
    low: float
    high: float


def posterior(llr: tuple[float, float, float], prior: float) -> Posterior:
    """Bayes' rule in odds.

    Args:
        llr: Log likelihood ratio with the ends of its interval.
        prior: Within (0, 1).

    Raises:
        ValueError: The prior is not within (0, 1).
    """
    if not 0.0 < prior < 1.0:
        raise ValueError("prior must be above 0 and below 1")
    odds = math.log(prior / (1 - prior))
    values: NDArray[np.float64] = sigmoid(np.array([odds + each for each in llr]))
    return Posterior(prior, float(values[0]), float(values[1]), float(values[2]))
