"""What a picture shows of a pattern, as a small network has learned to see it.

A pattern of a fraction of a level lies under the picture itself and under what a codec has made of
it. The best that a detector of so weak a signal can correlate with is the signal's conditional mean
given what was received (the score of a locally optimal detector; Poor, An Introduction to Signal
Detection and Estimation, 1994, section III.B). The network was trained to give that mean for the
patterns of random keys (`training`): it takes the picture off, knows what codecs keep and where,
and says little where there is little to see.

It knows no key. For any pictures the sums that are formed from what it gives have fair signs, as
from any other function of the pictures; see `correlation`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final, Self

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from models.onnx import session
from models.registry import Registry

MODEL: Final = "watermark-pattern"
FILE: Final = "estimator.onnx"
_MIDDLE, _SPAN = np.float32(128), np.float32(64)


class PatternEstimator:
    """The network; thread-safe, and the same for the same pictures on the same machine."""

    def __init__(self, network: ort.InferenceSession) -> None:
        self._network = network

    @classmethod
    def load(cls, registry: Registry) -> Self:
        """Load it from its file.

        Raises:
            UnknownModel: The registry does not know it.
            ModelUnavailable: The file is not there.
            ModelDigestMismatch: The file is another than the card names.
        """
        return cls(session(registry.files(MODEL)[FILE]))

    def __call__(
        self, picture: NDArray[np.float32], residual: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Estimate the pattern in a picture, some 30 ms.

        Args:
            picture: (256, 256) float32, levels of 0 to 255: canonical, the mean over a section.
            residual: (256, 256) float32: the mean of the pictures' residuals; see `residual`.

        Returns:
            (256, 256) float32, in deviations of the whole pattern; nearer to 0 where less is seen.
        """
        (estimate,) = self._network.run(None, {"pictures": inputs(picture, residual)[None]})
        return np.asarray(estimate[0, 0], dtype=np.float32)


def inputs(picture: NDArray[np.float32], residual: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the network sees: two planes of about unit deviation, (2, height, width) float32."""
    return np.stack([(picture - _MIDDLE) / _SPAN, residual]).astype(np.float32)


@cache
def estimator() -> PatternEstimator:
    """The estimator that comes with Framegate, loaded once; raises as `PatternEstimator.load`."""
    return PatternEstimator.load(Registry(Path()))
