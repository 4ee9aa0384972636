"""Where in a picture something has just moved, told from thumbnails of neighbouring pictures.

People are small in most pictures: what they do is seen in a square cut out where they move, and
lost in the whole picture squeezed to a model's input. The map is the sum of the absolute grey
differences of neighbouring pictures, shortly before and after; a moving camera moves everything,
and the square then goes where the contrast is. Nothing here needs a model or optical flow.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from media.frames import Frame

MotionMap = NDArray[np.float32]
"""Summed grey differences, float32, 0 and more, of any shape: a coarse map of a whole picture."""

REACH_MS: Final = 210
"""How long before and after a picture what moves counts for it; a longer step counts whole."""

NOISE: Final = 6.0
"""Differences up to this many grey levels of 255 are taken for noise of the camera or codec."""

_SIZE: Final = (128, 72)
# More steps than this next to one picture, as at 240 a second, are not kept.
_MOST_STEPS: Final = 64


@dataclass(frozen=True, slots=True)
class Square:
    """A square part of a picture, in pixels."""

    top: int
    left: int
    side: int

    def cut(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return that part of a picture (height, width, 3), without a copy."""
        return image[self.top : self.top + self.side, self.left : self.left + self.side]


class MotionTrail:
    """Keeps what moved lately, while pictures pass by in order of display. Not thread-safe."""

    def __init__(self) -> None:
        self._last: MotionMap | None = None
        self._last_ms = 0
        self._steps: deque[tuple[int, int, MotionMap]] = deque()

    def see(self, small: MotionMap, at_ms: int, *, cut: bool = False) -> None:
        """Take the next picture.

        Args:
            small: The picture's grey values, float32, 0 to 255; all of a clip of one shape.
            at_ms: Its time.
            cut: Whether it starts a scene: what differs then has not moved.
        """
        last = self._last
        if last is not None and not cut and last.shape == small.shape:
            moved = np.maximum(np.abs(small - last) - NOISE, 0).astype(np.float32)
            self._steps.append((self._last_ms, at_ms, moved))
            if len(self._steps) > _MOST_STEPS:
                self._steps.popleft()
        self._last, self._last_ms = small, at_ms

    def around(self, at_ms: int) -> MotionMap:
        """Return what moved next to a time: the sum of the steps that touch it within the reach.

        Nothing that was seen after it by more than `REACH_MS` counts, and steps before it are
        forgotten: times asked for must not fall.

        Returns:
            The map, of the thumbnails' shape; all zero where nothing moved.

        Raises:
            ValueError: No picture was seen yet.
        """
        if self._last is None:
            raise ValueError("no picture was seen yet")
        while self._steps and self._steps[0][1] < at_ms - REACH_MS:
            self._steps.popleft()
        total = np.zeros(self._last.shape, dtype=np.float32)
        for start_ms, stop_ms, moved in self._steps:
            touches = start_ms <= at_ms + REACH_MS
            long = stop_ms - start_ms > REACH_MS
            inside = start_ms >= at_ms - REACH_MS and stop_ms <= at_ms + REACH_MS
            if touches and (long or inside):
                total += moved
        return total


def liveliest(motion: MotionMap, height: int, width: int, share: float) -> Square:
    """Return the square of a picture in which most has moved.

    Args:
        motion: The map of the whole picture, as upright as the picture.
        height: Height of the picture in pixels.
        width: Width of the picture.
        share: Side of the square, as a share of the picture's short side, above 0 and up to 1.

    Returns:
        A square inside the picture; the middle of it where nothing moved.

    Raises:
        ValueError: The picture has no pixels, the map no values, or `share` is out of its range.
    """
    if height < 1 or width < 1 or not motion.size or not 0 < share <= 1:
        raise ValueError("a picture, its map and the share must be above 0, the share at most 1")
    side = max(1, round(share * min(height, width)))
    rows, columns = motion.shape
    tall = min(rows, max(1, round(side * rows / height)))
    wide = min(columns, max(1, round(side * columns / width)))
    total = cv2.integral(motion, sdepth=cv2.CV_64F)
    sums = total[tall:, wide:] - total[:-tall, wide:] - total[tall:, :-wide] + total[:-tall, :-wide]
    if float(sums.max()) <= 0:
        return Square((height - side) // 2, (width - side) // 2, side)
    row, column = np.unravel_index(int(np.argmax(sums)), sums.shape)
    top = min(height - side, round(int(row) * height / rows))
    left = min(width - side, round(int(column) * width / columns))
    return Square(top, left, side)


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A picture of a clip in which something moves.

    Attributes:
        pts_ms: Milliseconds after the first picture of the clip.
        energy: Sum of its map divided by the number of values: mean grey levels that changed.
        image: The liveliest square of it, RGB, uint8, shape (side, side, 3).
    """

    pts_ms: int
    energy: float
    image: NDArray[np.uint8]


class Highlights:
    """Keeps the moments of a clip in which most moves; not thread-safe.

    Only a picture that is kept is scaled, and only its square stays in memory.

    Args:
        most: How many moments are kept, at least 1.
        share: Side of their squares, as a share of the picture's short side.
        least: Energy below which a picture is not looked at.
    """

    def __init__(self, most: int, share: float, least: float = 0.0) -> None:
        if most < 1:
            raise ValueError("most must be at least 1")
        self._most, self._share, self._least = most, share, least
        self._kept: list[tuple[float, int, Moment]] = []
        self._count = 0

    def see(self, pts_ms: int, motion: MotionMap, picture: Callable[[], NDArray[np.uint8]]) -> None:
        """Take the next picture.

        Args:
            pts_ms: Its time.
            motion: Its map, as upright as the picture.
            picture: Gives it as RGB, uint8, shape (height, width, 3); called only where it is kept.
        """
        energy = float(motion.mean()) if motion.size else 0.0
        self._count += 1
        full = len(self._kept) == self._most
        if energy < self._least or (full and energy <= self._kept[0][0]):
            return
        image = picture()
        square = liveliest(motion, image.shape[0], image.shape[1], self._share)
        moment = Moment(pts_ms, energy, square.cut(image).copy())
        # Of two alike the earlier one stays: the count breaks the tie before moments are compared.
        entry = (energy, -self._count, moment)
        (heapq.heapreplace if full else heapq.heappush)(self._kept, entry)

    @property
    def moments(self) -> tuple[Moment, ...]:
        """The moments that are kept so far, in order of time."""
        return tuple(sorted((kept for *_, kept in self._kept), key=lambda each: each.pts_ms))


def follow(frames: Iterable[Frame], highlights: Highlights) -> Iterator[Frame]:
    """Give frames on, and show the keeper of highlights what moves next to each of them.

    Args:
        frames: Frames of one clip in order of time, best with those that were passed
            (`media.sampler.sample` with `passed_step_ms`): what moves is seen between neighbours.
        highlights: Is shown each frame once what follows it is known; the last one when `frames`
            has ended.
    """
    trail = MotionTrail()
    waiting: Frame | None = None
    for frame in frames:
        for passed in frame.passed:
            trail.see(_grey(passed.image()), passed.pts_ms)
        if waiting is not None and not frame.scene_cut:
            trail.see(_grey(frame.image), frame.pts_ms)
        if waiting is not None:
            _show(waiting, trail, highlights)
        if waiting is None or frame.scene_cut:
            trail.see(_grey(frame.image), frame.pts_ms, cut=True)
        waiting = frame
        yield frame
    if waiting is not None:
        _show(waiting, trail, highlights)


def _show(frame: Frame, trail: MotionTrail, highlights: Highlights) -> None:
    highlights.see(frame.pts_ms, trail.around(frame.pts_ms), partial(np.asarray, frame.image))


def _grey(image: NDArray[np.uint8]) -> MotionMap:
    """Return 72 x 128 grey values of an RGB picture, float32, averaged."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, _SIZE, interpolation=cv2.INTER_AREA), dtype=np.float32)
