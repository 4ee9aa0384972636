"""What a frozen image network sees in a frame: EfficientNet-Lite0, trained on ImageNet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from models.efficientnet import converted
from models.onnx import session

SIDE: Final = 224
_OUTPUTS: Final = ("features", "fine", "map")


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the network says of one frame.

    Attributes:
        content: (1280,) float32, the pooled last layer: what is in the picture.
        texture: (80,) float32, mean and deviation over places of the map at a stride of 8.
        parts: (224,) float32, the same of the map at a stride of 16.
    """

    content: NDArray[np.float32]
    texture: NDArray[np.float32]
    parts: NDArray[np.float32]


class Backbone:
    """The network; thread-safe and deterministic."""

    def __init__(self, weights: Path, sha256: str) -> None:
        """Opens the published weights, a `.pth` file whose digest was checked."""
        self._network = session(converted(weights, sha256))

    def see(self, image: NDArray[np.uint8]) -> Seen:
        """Look at a square picture, RGB uint8, scaled to 224 pixels."""
        side = image.shape[0]
        way = cv2.INTER_AREA if side > SIDE else cv2.INTER_LINEAR
        scaled = cv2.resize(image, (SIDE, SIDE), interpolation=way)
        tensor = ((scaled.astype(np.float32) - 127.0) / 128.0).transpose(2, 0, 1)[None]
        content, fine, coarse = self._network.run(
            list(_OUTPUTS), {"image": np.ascontiguousarray(tensor)}
        )
        return Seen(content[0], _pooled(fine[0]), _pooled(coarse[0]))


def _pooled(maps: NDArray[np.float32]) -> NDArray[np.float32]:
    flat = maps.reshape(len(maps), -1)
    return np.concatenate([flat.mean(axis=1), flat.std(axis=1)]).astype(np.float32)
