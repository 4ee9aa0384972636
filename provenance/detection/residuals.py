"""Statistics of the finest detail of a picture: how it was made shows there first.

Neighbouring-pixel relations at the four phases of a 2 x 2 grid (NPR: Tan et al., CVPR 2024), the
radial spectrum (Durall et al., CVPR 2020), correlation of a high-pass residual with itself (SRM:
Fridrich and Kodovsky, TIFS 2012), and noise against brightness. Ratios throughout, so that contrast
and compression move them less than the way a picture was made does.
"""

from __future__ import annotations

import itertools
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

SPECTRUM_BANDS: Final = 10
_LAGS: Final = ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (0, 3), (3, 0), (0, 4), (4, 0), (0, 8))
_FLOOR: Final = 1e-3
_PATCH: Final = 64
_KERNELS: Final[dict[str, Plane]] = {
    "second_across": np.array([[0, 0, 0], [1, -2, 1], [0, 0, 0]], np.float32),
    "second_down": np.array([[0, 1, 0], [0, -2, 0], [0, 1, 0]], np.float32),
    "second_slope": np.array([[1, 0, 0], [0, -2, 0], [0, 0, 1]], np.float32),
    "square": np.array([[-0.5, 1, -0.5], [1, -2, 1], [-0.5, 1, -0.5]], np.float32),
    "edge": np.array([[-0.5, 1, -0.5], [1, -2, 1], [0, 0, 0]], np.float32),
}


def luma(image: NDArray[np.uint8]) -> Plane:
    """Luma of an RGB picture, 0..255, float32."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.float32)


def high_pass(plane: Plane) -> Plane:
    """What a 3 x 3 binomial filter takes away."""
    return plane - np.asarray(cv2.GaussianBlur(plane, (3, 3), 0), np.float32)


def detail(plane: Plane) -> dict[str, float]:
    """Statistics of a picture's detail.

    Args:
        plane: Luma, float32, 0..255, both sides at least 32 pixels.

    Returns:
        Statistics by name, all finite.
    """
    rest = high_pass(plane)
    found = {"energy": _log(rest.var()), "contrast": _log(plane.var())}
    found["energy_share"] = found["energy"] - found["contrast"]
    found["kurtosis"] = _log(float(((rest - rest.mean()) ** 4).mean()) / _square(rest.var()))
    found |= _kernels(plane, found["energy"])
    found |= _correlation(rest)
    found |= _phases(plane)
    found |= _spectrum(plane)
    found |= _noise(plane, rest)
    return found


def _kernels(plane: Plane, energy: float) -> dict[str, float]:
    found = {}
    for name, kernel in _KERNELS.items():
        answer = np.abs(cv2.filter2D(plane, cv2.CV_32F, kernel)[2:-2, 2:-2])
        found[f"{name}_energy"] = _log(float((answer**2).mean())) - energy
        found[f"{name}_flat"] = float((answer < 1.0).mean())
        found[f"{name}_peak"] = _log(float((answer**2).mean()) / _square(float(answer.mean())))
    return found


def _correlation(rest: Plane) -> dict[str, float]:
    centred = rest - rest.mean()
    power = float((centred**2).mean()) + _FLOOR
    found = {}
    for down, across in _LAGS:
        one = centred[: centred.shape[0] - down, : centred.shape[1] - across]
        found[f"lag_{down}_{across}"] = float((one * centred[down:, across:]).mean()) / power
    # Lines against each other: what odd and even ones have in common tells of doubling.
    for name, axis in (("down", 0), ("across", 1)):
        steps = (np.diff(centred, axis=axis) ** 2).mean(axis=1 - axis)
        for period in (2, 4, 8):
            count = len(steps) // period * period
            means = steps[:count].reshape(-1, period).mean(axis=0)
            found[f"period_{period}_{name}"] = _log(float(means.max())) - _log(float(means.mean()))
    return found


def _phases(plane: Plane) -> dict[str, float]:
    """Energy of the differences inside 2 x 2 cells against that across them, for each phase."""
    inside = []
    for top in (0, 1):
        for left in (0, 1):
            part = plane[top:, left:]
            rows, columns = part.shape[0] // 2 * 2, part.shape[1] // 2 * 2
            cells = part[:rows, :columns].reshape(rows // 2, 2, columns // 2, 2)
            inside.append(float(cells.var(axis=(1, 3)).mean()))
    steps = float((np.diff(plane, axis=0) ** 2).mean() + (np.diff(plane, axis=1) ** 2).mean())
    return {
        "phase_spread": _log(max(inside)) - _log(min(inside)),
        "phase_share": _log(min(inside)) - _log(steps),
    }


def _spectrum(plane: Plane) -> dict[str, float]:
    """Log power in rings from a twelfth of the sampling rate to its half, each to their mean."""
    side = min(_PATCH, *plane.shape)
    window = np.outer(np.hanning(side), np.hanning(side)).astype(np.float32)
    down, across = plane.shape
    power = np.zeros((side, side), np.float64)
    for top in {0, (down - side) // 2, down - side}:
        for left in {0, (across - side) // 2, across - side}:
            patch = plane[top : top + side, left : left + side]
            power += np.abs(np.fft.fft2((patch - patch.mean()) * window)) ** 2
    steps = np.fft.fftfreq(side)
    radius = np.hypot(steps[:, None], steps[None, :])
    edges = np.linspace(0.04, 0.5, SPECTRUM_BANDS + 1)
    logs = np.array(
        [
            _log(float(power[(radius >= low) & (radius < high)].mean()))
            for low, high in itertools.pairwise(edges)
        ]
    )
    found = {f"ring_{number}": float(each - logs.mean()) for number, each in enumerate(logs)}
    middle = (edges[:-1] + edges[1:]) / 2
    slope, offset = np.polyfit(np.log(middle), logs, 1)
    found["spectrum_slope"] = float(slope)
    found["spectrum_bend"] = _log(float(((logs - slope * np.log(middle) - offset) ** 2).mean()))
    # Axes against diagonals: what is upsampled in both directions is stronger on the axes.
    far = radius > 0.3  # noqa: PLR2004 - the upper frequencies
    axes = (np.minimum(np.abs(steps[:, None]), np.abs(steps[None, :])) < 0.06) & far  # noqa: PLR2004
    found["spectrum_axes"] = _log(float(power[axes].mean())) - _log(float(power[far].mean()))
    return found


def _noise(plane: Plane, rest: Plane) -> dict[str, float]:
    """Noise of the flattest pixels, over all and in four steps of brightness."""
    local = np.asarray(cv2.blur(rest**2, (5, 5)), np.float32)
    level = np.asarray(cv2.blur(plane, (5, 5)), np.float32)
    whole = _log(float(np.quantile(local, 0.2)))
    found = {
        "noise": whole,
        "noise_range": _log(float(np.quantile(local, 0.9))) - whole,
        "noise_middle": _log(float(np.median(local))) - whole,
    }
    for number, (low, high) in enumerate(((0, 64), (64, 128), (128, 192), (192, 256))):
        there = local[(level >= low) & (level < high)]
        enough = len(there) >= 0.02 * local.size
        found[f"noise_at_{number}"] = (
            _log(float(np.quantile(there, 0.2))) - whole if enough else 0.0
        )
    return found


def _square(value: float) -> float:
    return float(value) ** 2 + _FLOOR


def _log(value: float) -> float:
    return float(np.log(float(value) + _FLOOR))
