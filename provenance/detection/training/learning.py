"""What is learned from a table of measured clips, and how; the choices were made on `train`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from provenance.detection.calibration import Calibration
from provenance.detection.classifier import Classifier, Ellipsoid, Layout, Member
from provenance.detection.logistic import Linear, fit_linear
from provenance.detection.sampling import FRAMES, STEP_MS
from provenance.detection.training.corpus import COMMON, SURVEILLANCE, SURVEILLANCE_SHARE
from provenance.detection.training.folds import Learner, scores_left_out
from provenance.detection.training.table import Table
from provenance.detection.training.weighing import row_weights
from provenance.detection.training.worth import RATE, fit_bin

Floats = NDArray[np.float64]
#: Families that the shipped model reads, and its penalty: the best of those that
#: `python -m benchmarks.detecting` compares by leaving sources out of the training split.
FAMILIES: Final = ("fine", "small", "motion", "tone", "texture")
PENALTY: Final = 500.0
#: The second member of the stack, which reads what is in the picture, and its penalty.
CONTENT: Final = ("content",)
CONTENT_PENALTY: Final = 3000.0
_QUALITY: Final = ("fine", "small")
_DOMAIN: Final = ("small", "motion", "tone")
_DIRECTIONS: Final = 20
_SPAN_MS: Final = STEP_MS * (FRAMES - 1)
_USUAL: Final = 0.995
#: Estimated loss of quality from which the second bin holds.
COARSE: Final = 1.5


def draws(table: Table) -> Table:
    """The rows that are learned from: random launderings of clips long enough for one burst."""
    return usable(table.where(np.char.startswith(table.laundering, "draw/")))


def usable(table: Table) -> Table:
    """Clips that are long enough to have three frames half a second apart."""
    length = table.claims[:, table.claim_names.index("duration_ms")]
    rate = table.claims[:, table.claim_names.index("fps")]
    return table.where(length - 1000 / rate >= _SPAN_MS - 1)


def linear(families: Sequence[str], penalty: float) -> Callable[..., Callable[[Table], Floats]]:
    """A learner of log-odds that are linear in some families."""

    def learn(table: Table, weights: Floats) -> Callable[[Table], Floats]:
        fitted = fit_linear(table.joined(families), table.fake, weights, penalty)
        return lambda rows: fitted(rows.joined(families))

    return learn


def averaged(families: Sequence[str], penalty: float) -> Callable[..., Callable[[Table], Floats]]:
    """A learner that adds up one log-odds a family: a stack of equal weights."""

    def learn(table: Table, weights: Floats) -> Callable[[Table], Floats]:
        parts = [linear([family], penalty)(table, weights) for family in families]
        return lambda rows: np.asarray(np.sum([part(rows) for part in parts], axis=0))

    return learn


def classifier(table: Table) -> Classifier:
    """The shipped classifier, learned from draws and own reconstructions."""
    members = fit_members(table, row_weights(table))
    # A sum; the wide scale keeps the clipping of standardised statistics away from it.
    total = Linear(np.zeros(2), np.full(2, 100.0), np.full(2, 100.0), 0.0)
    clips = table.where(~table.own)
    domain = _ellipsoid(clips.joined(_DOMAIN))
    strange = float(np.quantile(domain(clips.joined(_DOMAIN)), _USUAL))
    layout = Layout(
        (Member("statistics", FAMILIES), Member("content", CONTENT)), _QUALITY, _DOMAIN, strange
    )
    return Classifier(layout, members, total, _quality(clips), domain)


def fit_members(table: Table, weights: Floats) -> tuple[Linear, Linear]:
    """Statistics, from all rows; content, from clips alone: reconstructions share theirs."""
    statistics = fit_linear(table.joined(FAMILIES), table.fake, weights, PENALTY)
    clips = table.where(~table.own)
    content = fit_linear(clips.joined(CONTENT), clips.fake, weights[~table.own], CONTENT_PENALTY)
    return statistics, content


def stacked(table: Table, weights: Floats) -> Callable[[Table], Floats]:
    """The learner of the shipped score: the sum of both members' log-odds."""
    statistics, content = fit_members(table, weights)
    return lambda rows: statistics(rows.joined(FAMILIES)) + content(rows.joined(CONTENT))


def without_own(learn: Learner) -> Learner:
    """A learner that is not shown own reconstructions."""

    def learned(table: Table, weights: Floats) -> Callable[[Table], Floats]:
        kept = table.where(~table.own)
        return learn(kept, weights[~table.own])

    return learned


def _quality(table: Table) -> Linear:
    """Ridge regression of the known loss of quality on what is seen."""
    rows = table.joined(_QUALITY)
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    start = Linear(mean, scale, np.zeros(rows.shape[1]), 0.0)
    inputs = start.standardised(rows)
    target = loss(table)
    bend = inputs.T @ inputs + 30.0 * np.eye(inputs.shape[1])
    weights = np.linalg.solve(bend, inputs.T @ (target - target.mean()))
    bias = float(target.mean() - (inputs @ weights).mean())
    return Linear(mean, scale, weights, bias)


def loss(table: Table) -> Floats:
    """What is known to be lost: crf above 23 in sixes, and halvings of the common lines."""
    crf = table.claims[:, table.claim_names.index("crf")]
    own = np.array([clip.lines for clip in table.clips])
    return np.asarray((crf - 23) / 6 + np.log2(COMMON / np.minimum(table.lines, own)))


def _ellipsoid(rows: Floats) -> Ellipsoid:
    """Principal directions of standardised, clipped statistics."""
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    covariance = np.cov(np.clip((rows - mean) / scale, -4, 4).T)
    values, vectors = np.linalg.eigh(covariance)
    chosen = np.argsort(values)[::-1][:_DIRECTIONS]
    return Ellipsoid(mean, vectors[:, chosen] / np.sqrt(values[chosen]) / scale[:, None])


def calibration(train: Table, learned: Table) -> Calibration:
    """What scores are worth, from clips of sources that the scoring model never saw.

    Args:
        train: All launderings of the training split.
        learned: What is learned from: the draws among them, and own reconstructions.
    """
    judged = usable(train)
    scores = scores_left_out(learned, judged, stacked)
    losses = classifier(learned).loss(judged.families)
    kept = _few_watched(judged)
    bins = []
    for name, low, below in (("fine", -np.inf, COARSE), ("coarse", COARSE, np.inf)):
        there = kept & (losses >= low) & (losses < below)
        part = judged.where(there)
        found = fit_bin(
            name,
            below,
            scores[there],
            part.fake,
            row_weights(part),
            files=part.column(lambda clip: clip.file),
            sources=part.column(lambda clip: clip.source),
        )
        bins.append(found)
    return Calibration(RATE, tuple(bins))


def _few_watched(table: Table) -> NDArray[np.bool_]:
    """All rows but those of surveillance clips beyond a quarter of the real class."""
    real = {c.file: c.source == SURVEILLANCE for c in table.clips if c.label == "real"}
    others = sum(not watched for watched in real.values())
    most = int(others * SURVEILLANCE_SHARE / (1 - SURVEILLANCE_SHARE))
    kept = sorted(file for file, watched in real.items() if watched)[:most]
    return np.array([not real.get(clip.file) or clip.file in kept for clip in table.clips])
