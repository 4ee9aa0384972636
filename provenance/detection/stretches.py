"""Which pictures of a clip a larger network looks at: stretches of frames half a second apart.

All lie on one grid of time that starts at the clip's first picture, so that stretches share what
they overlap in and a frame is looked at once. The step is that of the bursts, and for the same
reason (`provenance.detection.sampling`): shorter ones fall between the frames of slow clips, and
the rate would show as jitter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from media.probe import ClipInfo
from provenance.detection.path import FRAMES
from provenance.detection.sampling import STEP_MS, nearest, pictures_at

MAX_STRETCHES: Final = 8
LENGTH_MS: Final = STEP_MS * (FRAMES - 1)
_APART: Final = 2
_ROUNDING_MS: Final = 1


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """Frames of a clip, and which of them form a stretch.

    Attributes:
        images: RGB, uint8, (side, side, 3) each, by time: the middle square, without margins.
        stretches: For each stretch the `FRAMES` places of its frames in `images`.
        starts_ms: Time of the first frame of each stretch.
    """

    images: tuple[NDArray[np.uint8], ...]
    stretches: tuple[tuple[int, ...], ...]
    starts_ms: tuple[int, ...]


def stretch_starts(span_ms: int) -> list[int]:
    """At which steps of the grid stretches start, in a clip of so long a time between its ends.

    About one a second, at most `MAX_STRETCHES`, spread evenly over the whole length.
    """
    room = (span_ms + _ROUNDING_MS) // STEP_MS - (FRAMES - 1)
    if room <= 0:
        return [0]
    count = min(MAX_STRETCHES, room // _APART + 1)
    if count == 1:
        return [room // 2]
    return [round(place * room / (count - 1)) for place in range(count)]


def walk(path: Path, info: ClipInfo, should_stop: Callable[[], bool] = lambda: False) -> Walk:
    """Decode the stretches of a clip in one pass.

    Args:
        path: The clip that `info` was probed from.
        info: What was found out about it.
        should_stop: Asked once a packet.

    Returns:
        At least one stretch. In a clip shorter than that its last frame is repeated.

    Raises:
        FramegateError: `ClipNotWhole`, `PictureTooLarge`, `NoFrames`, `Cancelled`.
    """
    times = np.sort(info.packets.pts_ms)
    first = int(times[0])
    groups = [
        [nearest(times, first + STEP_MS * (start + step)) for step in range(FRAMES)]
        for start in stretch_starts(int(times[-1]) - first)
    ]
    wanted = sorted({at_ms for group in groups for at_ms in group})
    pictures = pictures_at(path, info, wanted, should_stop)
    places = {at_ms: place for place, at_ms in enumerate(wanted)}
    return Walk(
        tuple(pictures[at_ms] for at_ms in wanted),
        tuple(tuple(places[at_ms] for at_ms in group) for group in groups),
        tuple(group[0] for group in groups),
    )
