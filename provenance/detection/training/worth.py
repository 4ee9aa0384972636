"""What scores of clips that the model never saw are worth, and how that is written down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.calibration import fit_platt
from provenance.detection.calibration import Bin, Calibration
from provenance.detection.training.measures import Flags, Floats

RATE: Final = 0.01
_ROUNDS: Final = 200


def fit_bin(
    name: str,
    below: float,
    scores: Floats,
    fake: Flags,
    weights: Floats,
    *,
    files: NDArray[np.str_],
    sources: NDArray[np.str_],
) -> Bin:
    """Fit the likelihood ratio of one bin and keep the scores of its real rows.

    Args:
        name: Of the bin.
        below: Estimated loss of quality from which the next bin holds.
        scores: Of each row (n,), by a model that never saw its source.
        fake: Which rows are of generated clips.
        weights: How much each row counts beside the others of its class.
        files: Which clip each row is of; clips are counted by it.
        sources: What is drawn as a whole for the interval, within each class.
    """
    platt = fit_platt(scores, fake, base_rate=0.5, weights=weights)
    covariance = _covariance(scores, fake, weights, sources)
    return Bin(
        name=name,
        below=below,
        slope=max(platt.a, 1e-3),
        offset=platt.b,
        covariance=(covariance[0, 0], covariance[0, 1], covariance[1, 1]),
        synthetic=len(np.unique(files[fake])),
        clips=len(np.unique(files[~fake])),
        real=tuple(float(each) for each in np.sort(scores[~fake])),
    )


def _covariance(scores: Floats, fake: Flags, weights: Floats, sources: NDArray[np.str_]) -> Floats:
    """Of slope and offset, by drawing whole sources, each class on its own."""
    chance = np.random.default_rng(0)
    pools: Sequence[list[NDArray[np.intp]]] = [
        [
            np.flatnonzero((sources == name) & (fake == kind))
            for name in np.unique(sources[fake == kind])
        ]
        for kind in (False, True)
    ]
    found = []
    for _ in range(_ROUNDS):
        drawn = [
            pool[place] for pool in pools for place in chance.integers(len(pool), size=len(pool))
        ]
        rows = np.concatenate(drawn)
        platt = fit_platt(scores[rows], fake[rows], base_rate=0.5, weights=weights[rows])
        found.append((platt.a, platt.b))
    return np.cov(np.array(found).T)


def written(worth: Calibration, origin: str = "written by train.py") -> bytes:
    """A calibration as TOML, numbers in five digits, with a comment on where it is from."""
    lines = [
        f"# What scores are worth; {origin} and locked by model.toml.",
        f"rate = {worth.rate}",
    ]
    for each in worth.bins:
        scores = [f"{score:.5g}" for score in each.real]
        rows = [", ".join(scores[at : at + 12]) for at in range(0, len(scores), 12)]
        lines += [
            "",
            "[[bins]]",
            f'name = "{each.name}"',
            f"below = {each.below}",
            f"slope = {each.slope:.6g}",
            f"offset = {each.offset:.6g}",
            f"covariance = [{', '.join(f'{value:.6g}' for value in each.covariance)}]",
            f"synthetic = {each.synthetic}",
            f"clips = {each.clips}",
            "real = [",
            *(f"    {row}," for row in rows),
            "]",
        ]
    return ("\n".join(lines) + "\n").encode()
