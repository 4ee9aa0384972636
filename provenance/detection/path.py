"""How the path of a clip bends in the space of a network that looks at its frames.

Perceptual straightening: to a trained network a natural film runs straighter than its pixels do
(Henaff et al., Nature Neuroscience 2019), and generated clips differ from camera clips in how far
they go at each step and how they turn (ReStraV: Interno et al., NeurIPS 2025, arXiv 2507.00583).
As many statistics as there, but a set of our own: none belongs to a place in the stretch, since
stretches are averaged; none depends on the scale of the network's numbers, nor on how long, how
large or how fast a clip is.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FRAMES: Final = 5
"""States of a stretch: four steps, three turns, and one turn at twice the step."""

_SERIES: Final = ("step", "angle", "second")
_SUMMARY: Final = ("mean", "least", "most", "deviation")
STATISTICS: Final = (
    *(f"{series}_{summary}" for series in _SERIES for summary in _SUMMARY),
    "unevenness_mean",
    "unevenness_most",
    "angle_apart",
    "step_wide",
    "angle_wide",
    "straight",
    "straight_halves",
    "spread",
    "norm",
)
"""Names of the 21 statistics, in order.

`step`: log length of a step over the mean length of the states; `angle`: between one step and the
next, radians; `second`: log share of the second difference in the two steps; each as mean, least,
most and standard deviation. `unevenness`: absolute log ratio of one step to the next.
`angle_apart`: mean angle between a step and the next but one. `step_wide`, `angle_wide`: mean of
`step` and `angle` with steps twice as long. `straight`: from end to end over the length of the
path; `straight_halves`: the same of each half, averaged. `spread`: log of the deviation of the
states from their middle over the length of the path. `norm`: standard deviation of the states'
lengths over their mean.
"""

_FLOOR: Final = 1e-6


def path_statistics(states: NDArray[np.floating]) -> Floats:
    """Measure one stretch.

    Args:
        states: (`FRAMES`, d), one vector a frame, at one fixed step of time.

    Returns:
        (21,), in the order of `STATISTICS`; all finite where the states are.

    Raises:
        ValueError: The states have another shape.
    """
    found = np.asarray(states, np.float64)
    if found.ndim != 2 or found.shape[0] != FRAMES or not found.shape[1]:  # noqa: PLR2004
        raise ValueError(f"states must be of shape ({FRAMES}, d)")
    norms = np.linalg.norm(found, axis=1)
    # A network's numbers have no unit: all is measured against the mean length of its vectors.
    path = found / (norms.mean() + _FLOOR)
    steps = np.diff(path, axis=0)
    wide = np.diff(path[::2], axis=0)
    lengths, wide_lengths = _lengths(steps), _lengths(wide)
    uneven = np.abs(np.diff(np.log(lengths)))
    whole = float(lengths.sum())
    halves = wide_lengths / lengths.reshape(2, 2).sum(axis=1)
    from_middle = np.sqrt(((path - path.mean(axis=0)) ** 2).sum(axis=1).mean())
    series = (np.log(lengths), _angles(steps, 1), _second(steps, lengths))
    return np.array(
        [
            *(value for each in series for value in _summary(each)),
            uneven.mean(),
            uneven.max(),
            _angles(steps, 2).mean(),
            np.log(wide_lengths).mean(),
            _angles(wide, 1).mean(),
            np.linalg.norm(path[-1] - path[0]) / whole,
            halves.mean(),
            np.log((from_middle + _FLOOR) / whole),
            norms.std() / (norms.mean() + _FLOOR),
        ]
    )


def _lengths(steps: Floats) -> Floats:
    return np.asarray(np.linalg.norm(steps, axis=1) + _FLOOR)


def _angles(steps: Floats, apart: int) -> Floats:
    """Angles between steps that lie `apart`; a right angle where one of them goes nowhere."""
    one, other = steps[:-apart], steps[apart:]
    cosines = (one * other).sum(axis=1) / (_lengths(one) * _lengths(other))
    return np.asarray(np.arccos(np.clip(cosines, -1, 1)))


def _second(steps: Floats, lengths: Floats) -> Floats:
    return np.asarray(np.log(_lengths(np.diff(steps, axis=0)) / (lengths[:-1] + lengths[1:])))


def _summary(values: Floats) -> tuple[float, float, float, float]:
    return float(values.mean()), float(values.min()), float(values.max()), float(values.std())
