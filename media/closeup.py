"""A second, closer look at short stretches of a clip.

The first pass samples a clip sparsely. Where something in it looks suspicious, this gives the
pictures around it one after the other. Only the groups of pictures that touch a stretch are
decoded: from the last keyframe at or before its beginning to its end.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from media.containers import open_clip
from media.decoding import Clock, checked_packets, decode
from media.frames import Frame
from media.packets import PacketIndex
from media.probe import ClipInfo, check_picture, prepare_decoder
from media.scaling import SHORT_SIDE, Scaler


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a clip, in milliseconds after its first picture; both ends belong to it."""

    start_ms: int
    end_ms: int

    def __contains__(self, at_ms: int) -> bool:
        return self.start_ms <= at_ms <= self.end_ms


def look_closer(
    path: Path,
    info: ClipInfo,
    stretches: Sequence[Stretch],
    *,
    step_ms: int,
    short_side: int = SHORT_SIDE,
    should_stop: Callable[[], bool] = lambda: False,
) -> Generator[Frame]:
    """Give the pictures of some stretches of a clip, in order of time.

    The same bytes and stretches give the same frames.

    Args:
        path: The clip that `info` was probed from.
        info: What was found out about it.
        stretches: Where to look.
        step_ms: Least step between two frames of a stretch.
        short_side: Short side of a frame in pixels; smaller pictures are not scaled up.
        should_stop: Asked once a packet.

    Yields:
        Frames, counted from 0; a stretch between two pictures has none.

    Raises:
        Cancelled: `should_stop()` said so.
        ClipNotWhole: What was to be looked at cannot be decoded.
        PictureTooLarge: A picture outgrows the limits in mid-stream.
    """
    mask = _needed(info.packets, stretches)
    if not mask.any():
        return
    last = int(np.flatnonzero(mask)[-1])
    clock = Clock.of(info, mask)
    scaler = Scaler(short_side)
    index, given_ms = 0, -step_ms
    with contextlib.closing(open_clip(path, info.container, info.limits)) as clip:
        stream = clip.streams.video[0]
        prepare_decoder(stream, info.limits)
        base = stream.time_base
        for position, packet in enumerate(checked_packets(clip, info, should_stop)):
            over = position > last
            if packet is not None and not over and not mask[position]:
                continue
            for picture in decode(stream, None if over else packet):
                check_picture(picture.width, picture.height, info.limits)
                at_ms = clock.at_ms(picture, base)
                if at_ms - given_ms >= step_ms and any(at_ms in each for each in stretches):
                    yield Frame(index, at_ms, scaler.upright(picture), scene_cut=False)
                    index, given_ms = index + 1, at_ms
            if over:
                return


def _needed(packets: PacketIndex, stretches: Sequence[Stretch]) -> NDArray[np.bool_]:
    """Return which packets, in decoding order, have to be decoded."""
    mask = np.zeros(len(packets), dtype=np.bool_)
    starts = np.flatnonzero(packets.keyframe)
    for stretch in stretches:
        inside = np.flatnonzero(
            (packets.pts_ms >= stretch.start_ms) & (packets.pts_ms <= stretch.end_ms)
        )
        if not len(inside):
            continue
        before = starts[(packets.pts_ms[starts] <= stretch.start_ms) & (starts <= inside[0])]
        mask[(before[-1] if len(before) else 0) : inside[-1] + 1] = True
    return mask
