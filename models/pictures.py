"""Pictures made ready for a model: resized, cropped, normalised.

`resize` is Pillow's bilinear resampling (a triangle filter that widens when it shrinks, integer
arithmetic with 22 fractional bits, rounded after each of its two passes), because the models here
were trained or published with it; OpenCV's INTER_LINEAR skips pixels when it shrinks and gives
other scores. Same numbers, without Pillow.
"""

from __future__ import annotations

import functools
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

_FRACTION_BITS: Final = 32 - 8 - 2
_JPEG_QUALITY: Final = 75


def resize(image: Picture, width: int, height: int) -> Picture:
    """Resize an RGB picture (height, width, 3) as Pillow's BILINEAR does.

    Raises:
        ValueError: The picture is not uint8 of shape (height, width, 3), or it has no pixels.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or not image.size:  # noqa: PLR2004
        raise ValueError("a picture must be uint8 of shape (height, width, 3), not empty")
    across = image
    if image.shape[1] != width:
        turned = _resample(np.ascontiguousarray(image.transpose(1, 0, 2)), width)
        across = np.ascontiguousarray(turned.transpose(1, 0, 2))
    return across if across.shape[0] == height else _resample(across, height)


def _resample(image: Picture, size: int) -> Picture:
    """Resample the first axis."""
    places, weights = _taps(image.shape[0], size)
    total = np.full((size, *image.shape[1:]), 1 << (_FRACTION_BITS - 1), dtype=np.int32)
    for tap in range(places.shape[1]):
        total += image[places[:, tap]].astype(np.int32) * weights[:, tap, None, None]
    return np.asarray(np.clip(total >> _FRACTION_BITS, 0, 255), dtype=np.uint8)


@functools.lru_cache(maxsize=64)
def _taps(length: int, size: int) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """Return which rows each output row is made of, and their weights."""
    scale = length / size
    reach = max(scale, 1.0)
    count = int(np.ceil(reach)) * 2 + 1
    centers = (np.arange(size) + 0.5) * scale
    first = np.maximum((centers - reach + 0.5).astype(int), 0)
    last = np.minimum((centers + reach + 0.5).astype(int), length)
    places = first[:, None] + np.arange(count)[None, :]
    weights = np.maximum(1.0 - np.abs((places - centers[:, None] + 0.5) / reach), 0.0)
    weights[places >= last[:, None]] = 0.0
    weights /= weights.sum(axis=1, keepdims=True)
    fixed = np.floor(weights * (1 << _FRACTION_BITS) + 0.5).astype(np.int32)
    return np.minimum(places, length - 1), fixed


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
