"""What the product would say of clips that the scoring model has not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from provenance.detection.calibration import Calibration
from provenance.detection.classifier import Classifier
from provenance.detection.domain import looks_drawn
from provenance.detection.training.corpus import SURVEILLANCE, SURVEILLANCE_SHARE
from provenance.detection.training.folds import folds
from provenance.detection.training.measures import Flags, Floats, auc, clustered
from provenance.detection.training.table import Table


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Clips of one laundering with their scores, in and out of the domain.

    Attributes:
        table: The rows.
        scores: Their scores by models that never saw their source.
        llr: Log likelihood ratios.
        fpr: False-positive rates.
        known: Which rows the detector speaks of; it abstains from the others.
    """

    table: Table
    scores: Floats
    llr: Floats
    fpr: Floats
    known: Flags

    def at(self, rows: NDArray[np.bool_]) -> Judged:
        """Some of the rows."""
        return Judged(
            self.table.where(rows), self.scores[rows], self.llr[rows], self.fpr[rows],
            self.known[rows],
        )  # fmt: skip


def judge(table: Table, scores: Floats, model: Classifier, calibration: Calibration) -> Judged:
    """What the product would say of rows with these scores."""
    losses = model.loss(table.families)
    places = [calibration.bin_of(float(loss)) for loss in losses]
    worth = list(zip(places, scores, strict=True))
    return Judged(
        table,
        scores,
        np.array([place.llr(float(score))[0] for place, score in worth]),
        np.array([place.fpr(float(score)) for place, score in worth]),
        (model.strangeness(table.families) <= model.layout.strange)
        & ~looks_drawn(table.names, table.families),
    )


def under(table: Table, condition: str) -> NDArray[np.bool_]:
    """Which rows were laundered in a way."""
    return np.asarray(table.laundering == condition)


def weights_of(table: Table) -> Floats:
    """One for each row, less for surveillance clips beyond a quarter of the real class."""
    watched = np.array([clip.source == SURVEILLANCE for clip in table.clips], bool)
    others = int((~watched & ~table.fake).sum())
    weights = np.ones(len(table))
    most = others * SURVEILLANCE_SHARE / (1 - SURVEILLANCE_SHARE)
    if watched.sum() > most > 0:
        weights[watched] = most / watched.sum()
    return weights


def area(table: Table, scores: Floats) -> tuple[float, float, float]:
    """Area under the curve, surveillance capped, and its interval by source."""
    weights, fake = weights_of(table), table.fake

    def statistic(rows: NDArray[np.intp]) -> float:
        return auc(scores[rows], fake[rows], weights[rows])

    low, high = clustered(statistic, folds(table.clips), fake)
    return auc(scores, fake, weights), low, high
