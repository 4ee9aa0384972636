"""Statistics of how a picture changes over three frames, at a fixed step of time.

Curvature of the path that a clip takes (ReStraV: Interno et al., NeurIPS 2025; after Henaff et al.,
2019), second differences (D3: Zheng et al., ICCV 2025), what optical flow (Farneback, SCIA 2003)
cannot explain, and whether detail moves along. Ratios and angles; sizes of steps are kept apart.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from provenance.detection.residuals import Plane, high_pass

_FLOOR: Final = 1e-3
_SCALES: Final = (72, 36, 12)
_STILL: Final = 0.3


def path_shape(states: Sequence[NDArray[np.floating]]) -> dict[str, float]:
    """How a path of three states bends.

    Args:
        states: Three arrays of one shape.

    Returns:
        Log length of the mean step, log ratio of the two steps, angle between them (radians), and
        the log share of the second difference.
    """
    one, two = (np.asarray(b, np.float64) - a for a, b in itertools.pairwise(states))
    lengths = [float(np.sqrt((step**2).mean())) + _FLOOR for step in (one, two)]
    cosine = float((one * two).mean()) / (lengths[0] * lengths[1])
    second = float(np.sqrt(((two - one) ** 2).mean())) + _FLOOR
    return {
        "step": float(np.log(sum(lengths) / 2)),
        "unevenness": abs(float(np.log(lengths[0] / lengths[1]))),
        "angle": float(np.arccos(np.clip(cosine, -1, 1))),
        "second": float(np.log(second / sum(lengths))),
    }


def movement(planes: Sequence[Plane]) -> dict[str, float]:
    """Statistics of three pictures.

    Args:
        planes: Luma, float32, 0..255, squares of one size, at least 64 pixels.

    Returns:
        Statistics by name, all finite.
    """
    found: dict[str, float] = {}
    for scale in _SCALES:
        small = [_shrunk(each, scale) for each in planes]
        found |= {f"{name}_{scale}": value for name, value in path_shape(small).items()}
    found |= _detail(planes)
    found |= _flow(planes)
    return found


def _shrunk(plane: Plane, side: int) -> Plane:
    return np.asarray(cv2.resize(plane, (side, side), interpolation=cv2.INTER_AREA), np.float32)


def _detail(planes: Sequence[Plane]) -> dict[str, float]:
    """Whether the residual stays where it is, and whether it flickers."""
    rests = [high_pass(each) for each in planes]
    logs = [float(np.log(rest.var() + _FLOOR)) for rest in rests]
    near = [_correlated(a, b) for a, b in itertools.pairwise(rests)]
    change = np.abs(planes[1] - planes[0]) + np.abs(planes[2] - planes[1])
    quiet = change <= np.quantile(change, 0.3)
    means = [float(each.mean()) for each in planes]
    return {
        "detail_kept": float(np.mean(near)),
        "detail_kept_far": _correlated(rests[0], rests[2]),
        "detail_flicker": float(np.std(logs)),
        "quiet_kept": float(np.mean([_correlated(a[quiet], b[quiet])
                                     for a, b in itertools.pairwise(rests)])),
        "quiet_share": float((change < 2 * _FLOOR + 2.0).mean()),
        "change_peak": float(np.log((change**2).mean() / (change.mean() ** 2 + _FLOOR) + _FLOOR)),
        "brightness_bend": float(np.log(abs(means[0] - 2 * means[1] + means[2]) + 0.05)),
    }  # fmt: skip


def _correlated(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    a, b = one - one.mean(), other - other.mean()
    return float((a * b).mean() / (np.sqrt((a**2).mean() * (b**2).mean()) + _FLOOR))


def _flow(planes: Sequence[Plane]) -> dict[str, float]:
    """What moves, how smoothly, and what moving the pixels does not explain."""
    bytes_ = [np.clip(each, 0, 255).astype(np.uint8) for each in planes]
    flows = [_flowed(a, b) for a, b in itertools.pairwise(bytes_)]
    speeds = [np.hypot(flow[..., 0], flow[..., 1]) for flow in flows]
    mean = float(np.mean([speed.mean() for speed in speeds])) + _FLOOR
    rough = float(np.mean([np.abs(np.diff(f, axis=a)).mean() for f in flows for a in (0, 1)]))
    gain = [_gain(a, b, flow) for a, b, flow in zip(planes[:-1], planes[1:], flows, strict=True)]
    middle = [flow.reshape(-1, 2).mean(axis=0) for flow in flows]
    return {
        "speed": float(np.log(mean)),
        "speed_peak": float(
            np.log(np.mean([np.quantile(s, 0.95) for s in speeds]) / mean + _FLOOR)
        ),
        "still_share": float(np.mean([(speed < _STILL).mean() for speed in speeds])),
        "flow_rough": float(np.log(rough / mean + _FLOOR)),
        "flow_bend": float(np.log(np.abs(flows[1] - flows[0]).mean() / mean + _FLOOR)),
        "camera_share": float(np.mean([np.hypot(*m) for m in middle]) / mean),
        "unexplained": float(np.mean([each[0] for each in gain])),
        "unexplained_share": float(np.mean([each[1] for each in gain])),
    }


def _flowed(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.float32]:
    flow = cv2.calcOpticalFlowFarneback(
        one, other, np.zeros((*one.shape, 2), np.float32), 0.5, 3, 11, 3, 5, 1.1, 0
    )
    return np.asarray(flow, np.float32)


def _gain(one: Plane, other: Plane, flow: NDArray[np.float32]) -> tuple[float, float]:
    """Log error after the pixels were moved back, and its log share of the error before."""
    rows, columns = np.mgrid[0 : one.shape[0], 0 : one.shape[1]].astype(np.float32)
    moved = cv2.remap(other, columns + flow[..., 0], rows + flow[..., 1], cv2.INTER_LINEAR,
                      borderMode=cv2.BORDER_REPLICATE)  # fmt: skip
    after = float(np.abs(moved - one)[4:-4, 4:-4].mean()) + 0.05
    before = float(np.abs(other - one)[4:-4, 4:-4].mean()) + 0.05
    return float(np.log(after)), float(np.log(after / before))
