"""Small grey pictures of a clip at given times, to be compared with those of another clip.

Grey and small, because that is how pictures of released clips are kept, and because what is hard
to look at is easier to look at that way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from media.closeup import Stretch, look_closer
from media.frames import Frame
from media.probe import ClipInfo
from moderation.pages.drawing import picture
from moderation.pages.picture import Picture

SHORT_SIDE: Final = 128
"""Short side of a still in pixels, at most."""

_JPEG = b"\xff\xd8\xff"
# A picture's time as the index has it and as the decoder has it may differ by rounding.
_ROUNDING_MS = 1


def stills(
    path: Path,
    info: ClipInfo,
    times_ms: Sequence[int],
    *,
    mirrored: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
) -> tuple[Picture | None, ...]:
    """Draw the pictures that are nearest to some times; only what is needed is decoded.

    Args:
        path: The clip that `info` was probed from.
        info: What was found out about it.
        times_ms: Milliseconds after the first picture, in any order.
        mirrored: Whether to turn them left to right.
        should_stop: Asked once a packet.

    Returns:
        A picture for each time, which says what its own time is; None where there is none.

    Raises:
        FramegateError: See `media.closeup.look_closer`.
    """
    index = info.packets.pts_ms
    nearest = [int(index[np.abs(index - at_ms).argmin()]) for at_ms in times_ms]
    wanted = [Stretch(at_ms - _ROUNDING_MS, at_ms + _ROUNDING_MS) for at_ms in set(nearest)]
    frames = list(
        look_closer(path, info, wanted, step_ms=0, short_side=SHORT_SIDE, should_stop=should_stop)
    )
    return tuple(_drawn(_nearest(frames, at_ms), mirrored=mirrored) for at_ms in nearest)


def grey(data: bytes) -> Picture | None:
    """Draw a JPEG file anew in grey; None for what is no picture.

    Hostile bytes are expected: call it in a process that may die.
    """
    if not data.startswith(_JPEG):
        return None
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    except cv2.error:
        return None
    return None if image is None else _picture(image.astype(np.uint8, copy=False), 0)


def _nearest(frames: Sequence[Frame], at_ms: int) -> Frame | None:
    return min(frames, key=lambda frame: abs(frame.pts_ms - at_ms), default=None)


def _drawn(frame: Frame | None, *, mirrored: bool) -> Picture | None:
    if frame is None:
        return None
    image = cv2.cvtColor(frame.image, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
    return _picture(np.ascontiguousarray(image[:, ::-1]) if mirrored else image, frame.pts_ms)


def _picture(image: NDArray[np.uint8], at_ms: int) -> Picture:
    return picture(np.stack([image] * 3, axis=2), at_ms, SHORT_SIDE)
