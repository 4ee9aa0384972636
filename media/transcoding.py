"""One pass that decodes a clip, lets its pictures be changed, and encodes them again.

What a viewer has is kept: the time of every picture, the sound (copied, not encoded again, where
MP4 can carry it), rotation, pixel aspect, range, primaries, transfer and matrix of the colours, bit
depth and chroma format. There is a keyframe at least every second. Metadata is not copied: it may
name people.

8 bits become H.264, more bits HEVC, for few players decode H.264 with 10 bits.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.container import InputContainer, OutputContainer
from av.video.frame import PictureType
from av.video.stream import VideoStream

from media.containers import open_clip
from media.decoding import decode
from media.errors import Cancelled, FramegateError
from media.formats import Target, chroma_step, planes_of, target_of
from media.planes import Canvas, Planes, Transform, TransformMaker
from media.probe import ClipInfo, check_picture, prepare_decoder
from media.refusals import ClipAmbiguous, ClipNotWhole
from media.sound import SoundTrack

KEYFRAME_S = 1
"""Longest stretch without a keyframe, in seconds."""

_STRICT = "crccheck+bitstream+buffer+explode"


class EncodingFailed(FramegateError):
    """The clip could not be encoded again; nothing was kept."""

    code = "INTERNAL"
    reason = "ENCODING_FAILED"


def transcode(
    source: Path,
    target: Path,
    info: ClipInfo,
    makers: Sequence[TransformMaker],
    should_stop: Callable[[], bool] = lambda: False,
) -> int:
    """Write a clip anew with changed pictures.

    Takes one thread, and memory for some fifty pictures, whatever the clip's length.

    Args:
        source: The clip that `info` was probed from.
        target: Where the MP4 goes; it is not there when this fails.
        info: What was found out about it.
        makers: What is done to each picture, in this order.
        should_stop: Asked once a packet.

    Returns:
        How many pictures were written.

    Raises:
        ClipNotWhole: The clip cannot be decoded to its end.
        ClipAmbiguous: Two pictures have the same time.
        EncodingFailed: FFmpeg refused to encode or to write.
        Cancelled: `should_stop()` said so.
        FramegateError: What a maker raises, for instance PictureTooSmallForMark.
    """
    try:
        with contextlib.ExitStack() as stack:
            clip = stack.enter_context(open_clip(source, info.container, info.limits))
            out = stack.enter_context(_output(target))
            count = _Pass(clip, out, info, makers, should_stop).run()
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return count


@contextlib.contextmanager
def _output(target: Path) -> Iterator[OutputContainer]:
    try:
        with av.open(
            f"file:{target.resolve()}", "w", format="mp4", options={"movflags": "+faststart"}
        ) as out:
            yield out
    except (av.FFmpegError, OSError) as error:
        raise EncodingFailed("the clip could not be written") from error


@contextlib.contextmanager
def _encoding() -> Iterator[None]:
    try:
        yield
    except (av.FFmpegError, ValueError) as error:
        raise EncodingFailed("the clip could not be encoded") from error


@dataclass(slots=True)
class _Encoder:
    """The picture track that is written."""

    stream: VideoStream
    target: Target
    transforms: list[Transform]
    base: Fraction
    step_s: Fraction
    first_pts: int
    out: OutputContainer
    count: int = 0
    _last_pts: int | None = None
    _next_key_s: Fraction = Fraction(0)
    _lengths: dict[int, int] = field(default_factory=dict)

    def take(self, frame: av.VideoFrame) -> None:
        """Change one picture and encode it."""
        pts, length = self._time(frame), frame.duration or 0
        drawn = self.target.copy_of(frame)
        at_s = (pts - self.first_pts) * self.base
        luma, *chroma = planes_of(drawn)
        picture = Planes(float(at_s * 1000), luma, (chroma[0], chroma[1]))
        for transform in self.transforms:
            transform(picture)
        drawn.pts, drawn.time_base = pts, self.base
        drawn.pict_type = PictureType.NONE
        if at_s >= self._next_key_s:
            drawn.pict_type = PictureType.I
            # One picture early rather than late: the next one would be over the second.
            self._next_key_s = at_s + KEYFRAME_S - min(self.step_s, Fraction(1, 2))
        self._lengths[pts] = length
        self.count += 1
        with _encoding():
            self._mux(self.stream.encode(drawn))

    def finish(self) -> None:
        """Write what the encoder still holds."""
        with _encoding():
            self._mux(self.stream.encode(None))

    def _time(self, frame: av.VideoFrame) -> int:
        pts, last = frame.pts, self._last_pts
        if pts is None:
            step = frame.duration or round(self.step_s / self.base)
            pts = self.first_pts if last is None else last + step
        if last is not None and pts <= last:
            raise ClipAmbiguous("two pictures of the clip have the same time")
        self._last_pts = pts
        return pts

    def _mux(self, packets: list[av.Packet[Any]]) -> None:
        for packet in packets:
            if packet.pts is not None:
                packet.duration = self._lengths.pop(packet.pts, packet.duration or 0)
            self.out.mux(packet)


@dataclass(slots=True)
class _Pass:
    """One pass over a clip's packets."""

    clip: InputContainer
    out: OutputContainer
    info: ClipInfo
    makers: Sequence[TransformMaker]
    should_stop: Callable[[], bool]
    _packets: int = 0
    _encoder: _Encoder | None = None
    _times: deque[int] = field(default_factory=deque)
    _waiting: list[av.Packet[Any]] = field(default_factory=list)
    _sounds: dict[int, SoundTrack] = field(default_factory=dict)

    def run(self) -> int:
        video = self.clip.streams.video[0]
        prepare_decoder(video, self.info.limits)
        context = video.codec_context
        context.options = {**context.options, "err_detect": _STRICT}
        try:
            self._read(video)
        except (av.FFmpegError, ValueError) as error:
            raise ClipNotWhole("the clip cannot be read to its end") from error
        if self._encoder is None or self._packets < self.info.frame_count:
            raise ClipNotWhole("packets of the clip are missing", limit=self.info.frame_count)
        self._encoder.finish()
        for sound in self._sounds.values():
            with _encoding():
                sound.finish(self.out)
        return self._encoder.count

    def _read(self, video: VideoStream) -> None:
        for packet in self.clip.demux(video, *self.clip.streams.audio):
            if self.should_stop():
                raise Cancelled("the work on the clip was stopped")
            if packet.size == 0 and packet.dts is None and packet.pts is None:
                continue
            if packet.stream_index == video.index:
                self._see(video, packet)
            else:
                self._hear(packet)
        self._see(video, None)

    def _see(self, video: VideoStream, packet: av.Packet[Any] | None) -> None:
        if packet is not None:
            self._packets += 1
            if packet.is_corrupt:
                raise ClipNotWhole("a packet of the clip is damaged", actual=self._packets)
            if self.info.container == "avi" and packet.dts is not None:
                # No times of display there: pictures come out in the order of these.
                self._times.append(packet.dts)
        for frame in decode(video, packet):
            check_picture(frame.width, frame.height, self.info.limits)
            if frame.is_corrupt:
                raise ClipNotWhole("a picture of the clip is damaged")
            if self._times:
                frame.pts = self._times.popleft()
            if self._encoder is None:
                self._encoder = self._open(video, frame)
                for waiting in self._waiting:
                    self._hear(waiting)
                self._waiting.clear()
            self._encoder.take(frame)

    def _open(self, video: VideoStream, frame: av.VideoFrame) -> _Encoder:
        """Open the encoder and the tracks, now that the first picture shows what there is."""
        target = target_of(frame)
        base = video.time_base or Fraction(1, 1000)
        rate = Fraction(self.info.fps or 1).limit_denominator(1001)
        aspect = video.sample_aspect_ratio or Fraction(1)
        stream = cast("VideoStream", self.out.add_stream(target.codec, rate=rate))
        target.configure(stream, base, aspect)
        if self.info.rotation:
            stream.set_display_rotation(-self.info.rotation)
        for source in self.clip.streams.audio:
            self._sounds[source.index] = SoundTrack.of(source, self.out)
        canvas = Canvas(
            width=target.width,
            height=target.height,
            bits=target.bits,
            full_range=target.full_range,
            chroma_step=chroma_step(target.pix_fmt),
            rotation=self.info.rotation,
            pixel_aspect=aspect,
            transfer=target.transfer,
        )
        transforms = [make(canvas) for make in self.makers]
        return _Encoder(stream, target, transforms, base, 1 / rate, frame.pts or 0, self.out)

    def _hear(self, packet: av.Packet[Any]) -> None:
        if self._encoder is None:
            self._waiting.append(packet)
            return
        with _encoding():
            self._sounds[packet.stream_index].take(packet, self.out)


def same_times(left: ClipInfo, right: ClipInfo, tolerance_ms: int = 1) -> bool:
    """Tell whether two clips show as many pictures at the same times."""
    ours, theirs = np.sort(left.packets.pts_ms), np.sort(right.packets.pts_ms)
    return len(ours) == len(theirs) and bool(np.abs(ours - theirs).max() <= tolerance_ms)
