"""The pictures of a page: each once so blurred that nothing is to be made out, and once clear.

The blurred one is a file of its own, averaged down to a handful of patches before it is enlarged
again. It is no filter over the clear one, so print, preview, reading mode and a browser without
style sheets show no more than that.
"""

from __future__ import annotations

import base64
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from moderation.pages.picture import Picture

PATCHES: Final = 10
"""Patches along the long side of a blurred picture."""

# A banner of a picture is no wider than this many times the short side that is asked for.
_LONGEST = 4
_CLEAR_QUALITY, _BLURRED_QUALITY = 78, 40
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"


def picture(image: NDArray[np.uint8], at_ms: int, short_px: int) -> Picture:
    """Make both files of a frame.

    Args:
        image: RGB, uint8, shape (height, width, 3).
        at_ms: Its time.
        short_px: Short side of both files in pixels; a smaller frame keeps its size.
    """
    height, width = image.shape[:2]
    share = min(1.0, short_px / min(width, height), _LONGEST * short_px / max(width, height))
    size = max(1, round(width * share)), max(1, round(height * share))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    share = min(1.0, PATCHES / max(size))
    patches = max(1, round(size[0] * share)), max(1, round(size[1] * share))
    blurred = cv2.resize(
        cv2.resize(small, patches, interpolation=cv2.INTER_AREA),
        size,
        interpolation=cv2.INTER_LINEAR,
    )
    return Picture(
        at_ms=at_ms,
        width=size[0],
        height=size[1],
        blurred=_data_uri(blurred, _BLURRED_QUALITY),
        clear=_data_uri(small, _CLEAR_QUALITY),
    )


def thumbnail(data: bytes, short_px: int) -> Picture | None:
    """Decode a stranger's thumbnail (JPEG or PNG) and write it anew, with nothing but its pixels.

    Hostile bytes are expected: call it in a process that may die. The library refuses pictures
    above what `OPENCV_IO_MAX_IMAGE_PIXELS` says.

    Args:
        data: The file.
        short_px: Short side of what is written, in pixels.

    Returns:
        The picture, or None for what is no picture of these kinds.
    """
    if not data.startswith((_JPEG, _PNG)):
        return None
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    except cv2.error:
        return None
    return None if image is None else picture(image.astype(np.uint8, copy=False), 0, short_px)


def _data_uri(image: NDArray[np.uint8] | cv2.typing.MatLike, quality: int) -> str:
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    encoded, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not encoded:
        raise RuntimeError("the frame could not be written as a JPEG file")
    return "data:image/jpeg;base64," + base64.b64encode(data.tobytes()).decode("ascii")
