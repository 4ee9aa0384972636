"""Which pictures of a clip the detector looks at: triples of frames half a second apart.

The number of frames follows the length of the clip by the second, up to a bound, and the step in
time is one and the same for every clip: neither the rate, the size, the shape nor the codec can be
read from what comes out. Half a second is near a whole number of frames at every usual rate (6, 8,
10, 24, 25 and 30 a second), so that the rate does not show as jitter.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from media.containers import open_clip
from media.decoding import Clock, checked_packets, decode
from media.probe import ClipInfo, check_picture, prepare_decoder
from media.refusals import NoFrames
from media.scaling import Scaler

STEP_MS: Final = 500
"""Time between the frames of a burst."""
FRAMES: Final = 3
"""Frames of a burst: the fewest that have a second difference."""
MAX_BURSTS: Final = 10
SHORT_SIDE: Final = 480
"""Frames are kept at their own size up to this short side, in pixels; a higher one is halved by
area until it fits, so that no interpolation is added."""
MARGIN: Final = 0.12
"""Share of each side that is cut off: page marks and time stamps lie there."""

_ROUNDING_MS: Final = 1


@dataclass(frozen=True, slots=True, eq=False)
class Burst:
    """Three frames half a second apart.

    Attributes:
        start_ms: Time of the first frame.
        images: RGB, uint8, (side, side, 3) each: the middle square, without margins.
    """

    start_ms: int
    images: tuple[NDArray[np.uint8], ...]


def burst_starts(span_ms: int) -> list[int]:
    """Times at which bursts start in a clip whose last frame is at `span_ms`.

    About one a second, at most `MAX_BURSTS`, spread evenly over the whole length.
    """
    room = span_ms - STEP_MS * (FRAMES - 1)
    if room <= 0:
        return [0]
    count = min(MAX_BURSTS, room // 1000 + 1)
    if count == 1:
        return [room // 2]
    return [round(place * room / (count - 1)) for place in range(count)]


def middle(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The middle square of a picture (height, width, 3), its margins cut off."""
    height, width = image.shape[:2]
    side = max(1, round(min(height, width) * (1 - 2 * MARGIN)))
    top, left = (height - side) // 2, (width - side) // 2
    return np.ascontiguousarray(image[top : top + side, left : left + side])


def bursts(
    path: Path, info: ClipInfo, should_stop: Callable[[], bool] = lambda: False
) -> tuple[Burst, ...]:
    """Decode the bursts of a clip in one pass.

    Args:
        path: The clip that `info` was probed from.
        info: What was found out about it.
        should_stop: Asked once a packet.

    Returns:
        At least one burst. In a clip shorter than a burst its last frame is repeated.

    Raises:
        FramegateError: `ClipNotWhole`, `PictureTooLarge`, `NoFrames`, `Cancelled`.
    """
    times = np.sort(info.packets.pts_ms)
    groups = []
    for start in burst_starts(int(times[-1])):
        # Counted from a picture's own time: half a frame off would make the steps uneven.
        first = nearest(times, start)
        groups.append([nearest(times, first + STEP_MS * step) for step in range(FRAMES)])
    wanted = sorted({at_ms for group in groups for at_ms in group})
    pictures = pictures_at(path, info, wanted, should_stop)
    return tuple(Burst(group[0], tuple(pictures[at_ms] for at_ms in group)) for group in groups)


def nearest(times: NDArray[np.int64], at_ms: int) -> int:
    """The nearest of some ascending times; the earlier one of two as near."""
    place = int(np.searchsorted(times, at_ms))
    around = times[max(0, place - 1) : place + 1]
    return int(around[np.argmin(np.abs(around - at_ms))])


def pictures_at(
    path: Path, info: ClipInfo, wanted: Sequence[int], should_stop: Callable[[], bool]
) -> dict[int, NDArray[np.uint8]]:
    """The picture shown at each wanted time; the last one decoded where damage hides a time."""
    scaler = Scaler(_kept_side(min(info.width, info.height)))
    found: dict[int, NDArray[np.uint8]] = {}
    place = 0
    last: NDArray[np.uint8] | None = None
    mask = np.ones(len(info.packets), dtype=np.bool_)
    with contextlib.closing(open_clip(path, info.container, info.limits)) as clip:
        stream = clip.streams.video[0]
        prepare_decoder(stream, info.limits)
        clock = Clock.of(info, mask)
        base = stream.time_base
        for packet in checked_packets(clip, info, should_stop):
            for picture in decode(stream, packet):
                check_picture(picture.width, picture.height, info.limits)
                at_ms = clock.at_ms(picture, base)
                reached = place
                while reached < len(wanted) and at_ms + _ROUNDING_MS >= wanted[reached]:
                    reached += 1
                if reached > place or last is None:
                    last = middle(scaler.upright(picture))
                    found |= dict.fromkeys(wanted[place:reached], last)
                    place = reached
    if last is None:
        raise NoFrames("no picture of the clip could be decoded")
    return dict.fromkeys(wanted, last) | found


def _kept_side(short_side: int) -> int:
    while short_side > SHORT_SIDE:
        short_side //= 2
    return short_side
