"""Pictures as a viewer sees them: upright, RGB, scaled down, always to the same bits."""

from __future__ import annotations

from typing import Final

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

SHORT_SIDE: Final = 256
"""Short side of a frame in pixels, where nothing else is asked for."""

_SCALING: Final = Interpolation.BILINEAR | Interpolation.ACCURATE_RND | Interpolation.BITEXACT


class Scaler:
    """Scales and turns pictures; keeps swscale's tables between them. Not thread-safe.

    Args:
        short_side: Short side in pixels; smaller pictures are not scaled up.
    """

    def __init__(self, short_side: int) -> None:
        self._short_side = short_side
        self._reformatter = VideoReformatter()

    def upright(self, picture: av.VideoFrame) -> NDArray[np.uint8]:
        """Return a picture as RGB, uint8, shape (height, width, 3), as a viewer sees it."""
        width, height = self._size(picture)
        small = self._reformatter.reformat(
            picture, width=width, height=height, format="rgb24", interpolation=_SCALING, threads=1
        )
        image = small.to_ndarray()
        quarters = round(picture.rotation / 90) % 4
        return np.ascontiguousarray(np.rot90(image, quarters), dtype=np.uint8)

    def _size(self, picture: av.VideoFrame) -> tuple[int, int]:
        share = min(1.0, self._short_side / min(picture.width, picture.height))
        return max(1, round(picture.width * share)), max(1, round(picture.height * share))
