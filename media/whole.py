"""Whether every picture that a clip's index lists can really be seen.

Costs a full decoding; it is meant for the moment before a clip is let out.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

import av
import numpy as np

from media.containers import open_clip
from media.decoding import Clock, checked_packets, decode
from media.probe import ClipInfo, check_picture, prepare_decoder
from media.refusals import ClipNotWhole

_HIDDEN_PICTURES: Final = frozenset({"av1", "vp8", "vp9"})
# These codecs may carry packets that are never shown (alternate references).
_ROUNDING_MS = 2


def check_whole(
    path: Path, info: ClipInfo, should_stop: Callable[[], bool] = lambda: False
) -> None:
    """Decode all of a clip, and fail at the first sign that part of it is missing.

    Args:
        path: The clip that `info` was probed from.
        info: What was found out about it.
        should_stop: Asked once a packet.

    Raises:
        ClipNotWhole: A packet is missing, damaged or cannot be decoded, or fewer pictures come
            out than the index lists, or the last one is earlier than the index says.
        PictureTooLarge: A picture outgrows the limits.
        Cancelled: `should_stop()` said so.
    """
    everything = np.ones(len(info.packets), np.bool_)
    clock = Clock.of(info, everything)
    count = last_ms = 0
    with contextlib.closing(open_clip(path, info.container, info.limits)) as clip:
        stream = clip.streams.video[0]
        prepare_decoder(stream, info.limits)
        # Without these the H.264 decoder paints over what is missing and says nothing.
        stream.codec_context.options = {
            **stream.codec_context.options,
            "err_detect": "crccheck+bitstream+buffer+explode",
        }
        for packet in checked_packets(clip, info, should_stop):
            for picture in decode(stream, packet):
                _check_picture(picture, info)
                count += 1
                last_ms = max(last_ms, clock.at_ms(picture, stream.time_base))
    _check_count(info, count, last_ms)


def _check_picture(picture: av.VideoFrame, info: ClipInfo) -> None:
    check_picture(picture.width, picture.height, info.limits)
    if picture.is_corrupt:
        raise ClipNotWhole("a picture of the clip is damaged")


def _check_count(info: ClipInfo, count: int, last_ms: int) -> None:
    if info.codec not in _HIDDEN_PICTURES and count < info.frame_count:
        raise ClipNotWhole(
            "fewer pictures come out of the clip than its index lists",
            limit=info.frame_count,
            actual=count,
        )
    end_ms = int(info.packets.pts_ms.max())
    if end_ms - last_ms > info.frame_gap_ms + _ROUNDING_MS:
        raise ClipNotWhole(
            "the pictures of the clip end before its index does (ms)", limit=end_ms, actual=last_ms
        )
