"""Pictures made ready for a model: resized, cropped, normalised.

`resize` is Pillow's bilinear resampling (a triangle filter that widens when it shrinks, integer
arithmetic), because the models here were trained or published with it; OpenCV's INTER_LINEAR skips
pixels when it shrinks and gives other scores.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Picture = NDArray[np.uint8]

_JPEG_QUALITY: Final = 75


def resize(image: Picture, width: int, height: int) -> Picture:
    """Resize an RGB picture (height, width, 3).

    Raises:
        ValueError: The picture is not uint8 of shape (height, width, 3), or it has no pixels.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or not image.size:  # noqa: PLR2004
        raise ValueError("a picture must be uint8 of shape (height, width, 3), not empty")
    if image.shape[:2] == (height, width):
        return image
    small = Image.fromarray(image).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(small, dtype=np.uint8)


def center_crop(image: Picture, size: int) -> Picture:
    """Return the square of `size` pixels in the middle."""
    top, left = (image.shape[0] - size) // 2, (image.shape[1] - size) // 2
    return np.ascontiguousarray(image[top : top + size, left : left + size])


def through_jpeg(image: Picture) -> Picture:
    """Encode a picture as JPEG of quality 75 and decode it again."""
    done, data = cv2.imencode(
        ".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    )
    if not done:
        raise ValueError("the picture cannot be encoded as JPEG")
    decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
    if decoded is None:
        raise ValueError("the picture cannot be decoded from JPEG")
    return np.asarray(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def tiles(image: Picture, most: int) -> list[Picture]:
    """Cut a picture along its long side into overlapping parts, square where `most` allows it.

    A classifier of square pictures would see a wide frame squeezed, or its middle only.

    Args:
        image: RGB picture.
        most: Highest number of parts; very long pictures give parts that are not square.

    Returns:
        One to `most` views that cover the whole picture.
    """
    height, width = image.shape[:2]
    axis, length, short = (1, width, height) if width >= height else (0, height, width)
    count = max(1, min(most, -(-length // short)))
    side = max(short, -(-length // count))
    starts = [round(place * (length - side) / max(1, count - 1)) for place in range(count)]
    return [
        image[:, start : start + side] if axis else image[start : start + side] for start in starts
    ]
