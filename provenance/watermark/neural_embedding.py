"""The transform that lets a network write bits into the pictures of one clip."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from media.cuts import CutDetector
from media.planes import Canvas, Plane, Planes
from provenance.watermark.networks import SIDE, Network

_STEP: Final = 4
_CUT_SIZE: Final = (64, 36)
_BEST_BITS: Final = 8
# Rec. ITU-R BT.601: the weights of R, G and B in luma, and the spans of Cb and Cr. Files that name
# another matrix are seen in slightly other colours; what is added to them is right all the same.
_WEIGHTS = np.array([0.299, 0.587, 0.114], np.float32)
_CB, _CR = np.float32(1.772), np.float32(1.402)


class NeuralEmbedder:
    """Writes one payload into the pictures of one clip; a `Transform`. Not thread-safe."""

    def __init__(
        self, canvas: Canvas, network: Network, bits: NDArray[np.float32], deviation: float
    ) -> None:
        self._network = network
        self._bits = bits
        self._deviation = deviation
        self._quarters = round(canvas.rotation / 90) % 4
        self._top = (1 << canvas.bits) - 1
        self._level = 1.0 / (1 << (canvas.bits - _BEST_BITS))
        depth = 1 << (canvas.bits - _BEST_BITS)
        self._black = 0.0 if canvas.full_range else 16.0 * depth
        self._luma_span = float(self._top) if canvas.full_range else 219.0 * depth
        self._chroma_span = float(self._top) if canvas.full_range else 224.0 * depth
        self._grey = 128.0 * depth
        self._cuts = CutDetector()
        self._count = 0
        self._added: tuple[NDArray[np.float32], ...] = ()

    def __call__(self, planes: Planes) -> None:
        """Add the mark to one picture."""
        if self._is_cut(planes.luma) or self._count == _STEP:
            self._count = 0
        if self._count == 0:
            self._added = self._asked(planes)
        self._count += 1
        for plane, added in zip((planes.luma, *planes.chroma), self._added, strict=True):
            self._put(plane, added)

    def _asked(self, planes: Planes) -> tuple[NDArray[np.float32], ...]:
        """What the network adds to Y, Cb and Cr, (256, 256) each, in the samples' own levels."""
        y = (_small(planes.luma) - np.float32(self._black)) / np.float32(self._luma_span)
        cb, cr = (
            (_small(plane) - np.float32(self._grey)) / np.float32(self._chroma_span)
            for plane in planes.chroma
        )
        red, blue = y + _CR * cr, y + _CB * cb
        green = (y - _WEIGHTS[0] * red - _WEIGHTS[2] * blue) / _WEIGHTS[1]
        rgb = np.clip(np.stack([red, green, blue], axis=-1), 0, 1)
        upright = np.ascontiguousarray(np.rot90(rgb, -self._quarters))
        marked = self._network.marked(upright, self._bits)
        added = np.rot90(marked - upright, self._quarters)
        luma = added @ _WEIGHTS
        chroma = ((added[..., 2] - luma) / _CB, (added[..., 0] - luma) / _CR)
        spread = float(np.sqrt(np.mean(luma * luma))) * self._luma_span * self._level
        weaker = min(1.0, self._deviation / max(spread, 1e-6))
        return (
            luma * np.float32(weaker * self._luma_span),
            *(each * np.float32(weaker * self._chroma_span) for each in chroma),
        )

    def _put(self, plane: Plane, added: NDArray[np.float32]) -> None:
        height, width = plane.shape
        grown = cv2.resize(
            np.ascontiguousarray(added), (width, height), interpolation=cv2.INTER_LINEAR
        )
        depth = cv2.CV_8U if plane.dtype == np.uint8 else cv2.CV_16U
        np.minimum(cv2.add(plane, grown, dtype=depth), self._top, out=plane, casting="unsafe")

    def _is_cut(self, luma: Plane) -> bool:
        small = cv2.resize(luma[::2, ::2], _CUT_SIZE, interpolation=cv2.INTER_AREA)
        return self._cuts.is_cut(small.astype(np.float32) * np.float32(self._level))


def _small(plane: Plane) -> NDArray[np.float32]:
    scaled = cv2.resize(plane.astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(scaled, np.float32)
