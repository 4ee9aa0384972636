"""Which pictures of a clip are looked at, and the decoding of just those.

Decoding is most of the work of a review, so a plan picks the smallest set of packets that leaves
no gap longer than the interval: keyframes alone where they are dense enough, else the pictures
that others refer to, else all of them. Where a clip starts afresh often (IDR), the end of each
group of pictures is left out as far as the interval allows. Nothing is ever sought: seeking in a
clip with distant keyframes decodes the same pictures again for every sample.

The promise: the first and the last picture are sampled; two neighbouring samples are never
further apart than the interval, unless the clip itself shows no picture in between; and each
decoded picture that starts a scene is sampled. A picture that is shown for less than the interval
can be missed; `plan(..., every_frame=True)` lets every picture be searched for cuts.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Literal

import av
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray

from media.containers import open_clip
from media.cuts import CutDetector, thumbnail
from media.decoding import Clock, checked_packets, decode
from media.frames import Frame, Passed
from media.packets import PacketIndex, largest_gap_ms
from media.probe import ClipInfo, check_picture, prepare_decoder
from media.refusals import ClipNotWhole, NoFrames
from media.scaling import SHORT_SIDE, Scaler

Strategy = Literal["all", "skip_nonref", "keyframes"]

MIN_FPS: Final = 2.0
"""Samples a second below which no plan goes."""

# However fast a clip's pictures follow each other, at least one in this many a second is sampled.
# So time stamps that lie (all alike, or running backwards) cannot hide pictures.
_MAX_STEP_FPS = 120
_ROUNDING_MS = 2
# Pictures up to full HD are kept as they were decoded; larger ones are scaled before.
_KEPT_PIXELS = 1920 * 1088


@dataclass(frozen=True, slots=True)
class SamplingPlan:
    """How a clip is going to be looked at.

    Attributes:
        strategy: What is decoded: every picture, those that others refer to, or keyframes.
        interval_ms: Longest step between two samples.
        min_fps: Samples a second that were asked for.
        expected_frames: About how many samples there will be, scene cuts not counted.
        decoded_packets: How many packets are handed to the decoder.
    """

    strategy: Strategy
    interval_ms: int
    min_fps: float
    expected_frames: int
    decoded_packets: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was really looked at.

    Attributes:
        strategy: As planned.
        interval_ms: As planned.
        frame_count: Frames that were given out.
        scene_cuts: How many of them start a scene.
        max_gap_ms: Longest stretch of the clip between neighbouring samples.
        duration_ms: Length of the clip.
    """

    strategy: Strategy
    interval_ms: int
    frame_count: int
    scene_cuts: int
    max_gap_ms: int
    duration_ms: int


def plan(info: ClipInfo, *, min_fps: float = MIN_FPS, every_frame: bool = False) -> SamplingPlan:
    """Choose how to sample a clip.

    Args:
        info: What `media.probe.probe` found.
        min_fps: Least samples a second, from 2 to 120.
        every_frame: Decode every picture, so that each one is compared with the one before.

    Returns:
        The plan that decodes the fewest packets.

    Raises:
        ValueError: `min_fps` is out of its range.
    """
    if not MIN_FPS <= min_fps <= _MAX_STEP_FPS:
        msg = f"min_fps must be from {MIN_FPS:g} to {_MAX_STEP_FPS}"
        raise ValueError(msg)
    interval_ms = int(1000 / min_fps)
    strategies: tuple[Strategy, ...] = ("all",) if every_frame else (
        "all", "skip_nonref", "keyframes",
    )  # fmt: skip
    chosen, fewest = strategies[0], len(info.packets)
    for strategy in strategies:
        mask = _decoded(info.packets, strategy, interval_ms, trim=not every_frame)
        gap_ms = largest_gap_ms(info.packets.pts_ms[mask])
        count = int(mask.sum())
        # Where two decode as little, the later one names better what is done.
        if gap_ms <= max(interval_ms, info.frame_gap_ms) and count <= fewest:
            chosen, fewest = (strategy, count) if count < len(mask) else (strategies[0], count)
    span_ms = int(info.packets.pts_ms.max())
    return SamplingPlan(
        strategy=chosen,
        interval_ms=interval_ms,
        min_fps=min_fps,
        expected_frames=min(info.frame_count, -(-span_ms // interval_ms) + 1),
        decoded_packets=fewest,
    )


def _decoded(
    packets: PacketIndex, strategy: Strategy, interval_ms: int, *, trim: bool
) -> NDArray[np.bool_]:
    """Return which packets, in decoding order, a strategy hands to the decoder."""
    if strategy == "keyframes":
        mask = packets.keyframe.copy()
        starts = np.flatnonzero(mask)
        # The last picture is promised, so the last group is decoded to its end.
        mask[starts[-1] if len(starts) else 0 :] = True
        mask[0] = True
        return mask
    mask = ~packets.droppable if strategy == "skip_nonref" else np.ones(len(packets), np.bool_)
    mask[[int(np.argmin(packets.pts_ms)), int(np.argmax(packets.pts_ms))]] = True
    if not trim:
        return mask
    trimmed = _trim_groups(packets, mask, interval_ms)
    dense = largest_gap_ms(packets.pts_ms[trimmed]) <= max(
        interval_ms, largest_gap_ms(packets.pts_ms[mask])
    )
    return trimmed if dense else mask


def _planned(packets: PacketIndex, plan: SamplingPlan) -> NDArray[np.bool_]:
    """Return the mask that a plan was made with."""
    for trim in (True, False):
        mask = _decoded(packets, plan.strategy, plan.interval_ms, trim=trim)
        if int(mask.sum()) == plan.decoded_packets:
            return mask
    msg = "the plan was made for another clip"
    raise ValueError(msg)


def _trim_groups(
    packets: PacketIndex, mask: NDArray[np.bool_], interval_ms: int
) -> NDArray[np.bool_]:
    """Leave out the end of each group that the next group's first picture makes up for."""
    trimmed = mask.copy()
    starts = np.flatnonzero(packets.instant)
    for start, stop in itertools.pairwise(starts):
        kept = np.flatnonzero(mask[start:stop]) + start
        late = kept[packets.pts_ms[kept] >= packets.pts_ms[stop] - interval_ms]
        if len(late):
            last = late[np.argmin(packets.pts_ms[late])]
            trimmed[last + 1 : stop] = False
    return trimmed


def sample(
    path: Path,
    info: ClipInfo,
    plan: SamplingPlan,
    *,
    short_side: int = SHORT_SIDE,
    passed_step_ms: int | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> FrameStream:
    """Decode a clip and give out the pictures that the plan wants, in order of time.

    The same bytes under the same plan give the same frames. Only sampled pictures are scaled.

    Args:
        path: The clip that `info` was probed from.
        info: What was found out about it.
        plan: How to sample it.
        short_side: Short side of a frame in pixels; smaller pictures are not scaled up.
        passed_step_ms: Give each frame the pictures that were decoded since the frame before it,
            at least this far from it and from each other (`Frame.passed`). They hold the
            decoder's memory as long as they are kept. None for none.
        should_stop: Asked once a packet.

    Returns:
        An iterator of frames; its `coverage` says what has been looked at so far. Using it can
        raise `Cancelled` (`should_stop()` said so), `ClipNotWhole` (damage that would leave part
        of the clip unseen), `PictureTooLarge` (a picture outgrows the limits in mid-stream) and
        `NoFrames`.
    """
    if short_side < 1:
        msg = "short_side must be at least 1"
        raise ValueError(msg)
    return FrameStream(path, info, plan, short_side, passed_step_ms, should_stop)


class FrameStream(Iterator[Frame]):
    """The sampled frames of one clip; not thread-safe. Close it when it is left early."""

    def __init__(
        self,
        path: Path,
        info: ClipInfo,
        plan: SamplingPlan,
        short_side: int,
        passed_step_ms: int | None,
        should_stop: Callable[[], bool],
    ) -> None:
        self._path = path
        self._info = info
        self._plan = plan
        self._scaler = Scaler(short_side)
        self._passed_step_ms = passed_step_ms
        self._should_stop = should_stop
        self._given_ms: list[int] = []
        self._passed: list[Passed] = []
        self._cuts = 0
        self._frames = self._run()

    @property
    def coverage(self) -> Coverage:
        """What has been looked at so far; final once the stream is used up."""
        return Coverage(
            strategy=self._plan.strategy,
            interval_ms=self._plan.interval_ms,
            frame_count=len(self._given_ms),
            scene_cuts=self._cuts,
            max_gap_ms=largest_gap_ms(np.asarray(self._given_ms, dtype=np.int64)),
            duration_ms=self._info.duration_ms,
        )

    def __next__(self) -> Frame:
        return next(self._frames)

    def __enter__(self) -> FrameStream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file and the decoder."""
        self._frames.close()

    def _run(self) -> Generator[Frame]:
        step = max(1, self._plan.interval_ms * _MAX_STEP_FPS // 1000)
        detector = CutDetector()
        waiting: tuple[av.VideoFrame, int] | None = None
        since = 0
        info = self._info
        with contextlib.closing(open_clip(self._path, info.container, info.limits)) as clip:
            for picture, at_ms in self._pictures(clip):
                cut = detector.is_cut(thumbnail(picture))
                last_ms = self._given_ms[-1] if self._given_ms else 0
                late = at_ms - last_ms > self._plan.interval_ms or at_ms < last_ms
                if waiting is not None and (late or since >= step):
                    yield self._give(*waiting, cut=False)
                    waiting, since = None, 0
                since += 1
                if waiting is not None:
                    self._pass(*waiting)
                if cut or not self._given_ms:
                    yield self._give(picture, at_ms, cut=cut)
                    waiting, since = None, 0
                else:
                    waiting = (picture, at_ms)
            if waiting is not None:
                yield self._give(*waiting, cut=False)
        self._check_covered()

    def _give(self, picture: av.VideoFrame, at_ms: int, *, cut: bool) -> Frame:
        passed, self._passed = tuple(self._passed), []
        frame = Frame(len(self._given_ms), at_ms, self._scaler.upright(picture), cut, passed)
        self._given_ms.append(at_ms)
        self._cuts += cut
        return frame

    def _pass(self, picture: av.VideoFrame, at_ms: int) -> None:
        """Keep a picture that will not be sampled, where such pictures were asked for."""
        if self._passed_step_ms is None:
            return
        before_ms = self._passed[-1].pts_ms if self._passed else self._given_ms[-1]
        if at_ms - before_ms < self._passed_step_ms:
            return
        upright = partial(self._scaler.upright, picture)
        if picture.width * picture.height > _KEPT_PIXELS:
            scaled = upright()
            upright = partial(np.asarray, scaled)
        self._passed.append(Passed(at_ms, upright))

    def _pictures(self, clip: InputContainer) -> Iterator[tuple[av.VideoFrame, int]]:
        """Decode what the plan wants; give each picture with its time."""
        info = self._info
        mask = _planned(info.packets, self._plan)
        clock = Clock.of(info, mask)
        stream = clip.streams.video[0]
        prepare_decoder(stream, info.limits)
        base = stream.time_base
        for position, packet in enumerate(checked_packets(clip, info, self._should_stop)):
            if packet is not None and not mask[position]:
                continue
            for picture in decode(stream, packet):
                check_picture(picture.width, picture.height, info.limits)
                yield picture, clock.at_ms(picture, base)

    def _check_covered(self) -> None:
        if not self._given_ms:
            raise NoFrames("no picture of the clip could be decoded")
        allowed = max(self._plan.interval_ms, self._info.frame_gap_ms * 2) + _ROUNDING_MS
        end_ms = int(self._info.packets.pts_ms.max())
        missed = largest_gap_ms(np.asarray([0, *self._given_ms, end_ms], dtype=np.int64))
        if missed > allowed:
            raise ClipNotWhole(
                "pictures that the clip's index lists could not be decoded (ms in a row)",
                limit=allowed,
                actual=missed,
            )
