"""Reading and decoding packets one by one, with every kind of damage named.

Shared by the sampler and by the check for wholeness, so that both mean the same by a packet, by
a picture's time and by damage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import av
import numpy as np
from av.container import InputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray

from media.errors import Cancelled
from media.probe import ClipInfo
from media.refusals import ClipNotWhole, ClipTransparent

_ALPHA_LAST: Final = frozenset({"bgra", "rgba"})
_OPAQUE: Final = 255


def checked_packets(
    clip: InputContainer, info: ClipInfo, should_stop: Callable[[], bool]
) -> Iterator[av.Packet[Any] | None]:
    """Give the packets of the picture track, then None to flush the decoder.

    Raises:
        Cancelled: `should_stop()` said so; it is asked once a packet.
        ClipNotWhole: A packet is damaged, or there are more or fewer than the index lists.
    """
    count = 0
    try:
        for packet in clip.demux(clip.streams.video[0]):
            if should_stop():
                raise Cancelled("the work on the clip was stopped")
            if packet.size == 0 and packet.dts is None and packet.pts is None:
                continue
            count += 1
            if packet.is_corrupt or count > info.frame_count:
                raise ClipNotWhole("a packet of the clip is damaged", actual=count)
            yield packet
    except (av.FFmpegError, ValueError) as error:
        raise ClipNotWhole("the clip cannot be read to its end") from error
    if count < info.frame_count:
        raise ClipNotWhole("packets of the clip are missing", limit=info.frame_count, actual=count)
    yield None


def decode(stream: VideoStream, packet: av.Packet[Any] | None) -> list[av.VideoFrame]:
    """Decode one packet, or flush the decoder with None.

    Raises:
        ClipNotWhole: The decoder refuses it.
        ClipTransparent: A picture has parts that are not opaque.
    """
    try:
        pictures = stream.codec_context.decode(packet)
    except av.EOFError:
        return []
    except (av.FFmpegError, ValueError) as error:
        raise ClipNotWhole("a packet of the clip cannot be decoded") from error
    for picture in pictures:
        _check_opaque(picture)
    return pictures


def _check_opaque(picture: av.VideoFrame) -> None:
    """Refuse a picture whose look depends on what lies behind it."""
    form = picture.format
    if not any(component.is_alpha for component in form.components):
        return
    if form.name not in _ALPHA_LAST:
        picture = picture.reformat(format="rgba", threads=1)
    plane = picture.planes[0]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    least = int(rows[:, 3 : plane.width * 4 : 4].min())
    if least < _OPAQUE:
        raise ClipTransparent(
            "a picture of the clip is transparent (least opacity)", limit=_OPAQUE, actual=least
        )


@dataclass(slots=True)
class Clock:
    """Tells the time of each decoded picture.

    AVI has no times of display, only an order of decoding; there the n-th picture to come out is
    given the n-th time of the index. Everywhere else the picture's own time stamp counts.

    Attributes:
        origin: Time stamp of the first picture.
        ranks_ms: Times by order of display, or None where pictures carry their own.
        step_ms: What to add for a picture without a time.
    """

    origin: int
    ranks_ms: NDArray[np.int64] | None
    step_ms: int
    _count: int = 0
    _last_ms: int = 0

    @classmethod
    def of(cls, info: ClipInfo, mask: NDArray[np.bool_]) -> Clock:
        """Return the clock for the packets of a clip that are decoded."""
        ranks = np.sort(info.packets.pts_ms[mask]) if info.container == "avi" else None
        step_ms = round(1000 / info.fps) if info.fps else 0
        return cls(info.packets.origin, ranks, step_ms)

    def at_ms(self, picture: av.VideoFrame, base: Fraction | None) -> int:
        """Return a picture's time in milliseconds after the first one's."""
        if self.ranks_ms is not None and self._count < len(self.ranks_ms):
            at_ms = int(self.ranks_ms[self._count])
        elif picture.pts is None or base is None or self.ranks_ms is not None:
            at_ms = self._last_ms + self.step_ms
        else:
            at_ms = round((picture.pts - self.origin) * base * 1000)
        self._count += 1
        self._last_ms = at_ms
        return at_ms
