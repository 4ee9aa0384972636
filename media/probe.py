"""What a clip is, by its packets: container, codec, size, length, rate, keyframes.

`probe` reads every packet and decodes only until the first picture is out. The header is used to
refuse early (a picture of 100 000 pixels is refused before a decoder is opened), never to accept.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.container import InputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream
from numpy.typing import NDArray

from media.access_units import PictureCounter
from media.boxes import Claims
from media.containers import VIDEO_CODECS, check_file, identify, open_clip, unreadable
from media.limits import MediaLimits
from media.packets import NalReader, PacketIndex, largest_gap_ms
from media.refusals import (
    ClipAmbiguous,
    ClipNotVideo,
    ClipNotWhole,
    ClipTooLong,
    ClipTooManyFrames,
    ClipUnreadable,
    DurationMismatch,
    NoFrames,
    NoVideoTrack,
    PictureTooLarge,
    SeveralVideoTracks,
    SubtitlesPresent,
)
from media.tracks import check_shown

_MISMATCH_MS = 1000
_MISMATCH_SHARE = 0.1
_FIRST_PICTURE_PACKETS = 64


@dataclass(frozen=True, slots=True, eq=False)
class ClipInfo:
    """What was found out about a clip.

    Attributes:
        container: `mp4`, `matroska`, `avi` or `gif`.
        codec: FFmpeg's name of the picture codec.
        width: Width of the first picture in pixels, as coded (before rotation).
        height: Its height.
        rotation: Degrees by which a player turns it, clockwise: 0, 90, 180 or 270.
        duration_ms: From the first picture to the end of the last one.
        frame_count: Packets of the picture track.
        fps: Average pictures a second, 0.0 for a single one.
        variable_frame_rate: Whether steps between pictures differ by more than a tenth (and more
            than the clock of the track can tell apart).
        has_audio: Whether there is a sound track.
        keyframe_gap_ms: Longest stretch without a keyframe, the end of the clip included.
        frame_gap_ms: Longest step between neighbouring pictures.
        packets: The packet index.
        limits: The limits that it was checked against, which hold while it is decoded.
    """

    container: str
    codec: str
    width: int
    height: int
    rotation: int
    duration_ms: int
    frame_count: int
    fps: float
    variable_frame_rate: bool
    has_audio: bool
    keyframe_gap_ms: int
    frame_gap_ms: int
    packets: PacketIndex
    limits: MediaLimits


def probe(path: Path, limits: MediaLimits | None = None) -> ClipInfo:
    """Find out what a clip is and whether it may be looked at.

    Args:
        path: A regular local file; its name is of no matter.
        limits: What it may cost; the defaults of `MediaLimits` where None.

    Returns:
        What its packets say.

    Raises:
        ClipRefused: One of the subclasses in `media.refusals`, each with its own reason.
    """
    limits = limits or MediaLimits()
    size_bytes = check_file(path, limits)
    container, claims = identify(path, size_bytes)
    _check_claims(claims, limits)
    with open_clip(path, container, limits) as clip:
        stream = _video_stream(clip)
        check_picture(stream.width, stream.height, limits)
        # What is needed of a stream is taken while the clip is open; later it is gone.
        codec = _codec_name(stream)
        if stream.time_base is None:
            raise ClipUnreadable("the clip's picture track has no time base")
        survey = _Survey(stream, limits, stream.time_base)
        with unreadable():
            survey.run(clip)
        header_ms = _header_ms(clip) if container in {"matroska", "avi"} else None
        has_audio = any(other.type == "audio" for other in clip.streams)
    return _describe(container, codec, claims, header_ms, survey, has_audio)


def check_picture(width: int, height: int, limits: MediaLimits) -> None:
    """Hold a picture's size against the limits.

    Raises:
        PictureTooLarge: It is wider, higher or larger than they allow.
    """
    checks = (
        ("width", width, limits.max_width),
        ("height", height, limits.max_height),
        ("pixels", width * height, limits.max_pixels),
    )
    for name, actual, limit in checks:
        if actual > limit:
            raise PictureTooLarge(
                f"the clip's picture is too large ({name})", limit=limit, actual=actual
            )


def _check_claims(claims: Claims, limits: MediaLimits) -> None:
    for width, height in claims.sizes:
        check_picture(width, height, limits)
    most = max(claims.sample_counts, default=0)
    if most > limits.max_packets:
        raise ClipTooManyFrames(
            "the clip's header lists too many samples", limit=limits.max_packets, actual=most
        )


def _video_stream(clip: InputContainer) -> VideoStream:
    streams = clip.streams.video
    if not streams:
        raise NoVideoTrack("the clip has no picture track")
    if len(streams) > 1:
        raise SeveralVideoTracks(
            "the clip has more than one picture track", limit=1, actual=len(streams)
        )
    subtitles = sum(other.type == "subtitle" for other in clip.streams)
    if subtitles:
        raise SubtitlesPresent(
            "the clip has subtitles, which are not reviewed (tracks)", limit=0, actual=subtitles
        )
    if _codec_name(streams[0]) not in VIDEO_CODECS:
        raise ClipNotVideo(
            "the clip's picture codec is not accepted", limit=", ".join(sorted(VIDEO_CODECS))
        )
    return streams[0]


def _codec_name(stream: VideoStream) -> str:
    # A stream whose codec FFmpeg does not know has no context, whatever the type says.
    context: VideoCodecContext | None = stream.codec_context
    return "" if context is None else context.codec.canonical_name


def _header_ms(clip: InputContainer) -> int | None:
    return None if clip.duration is None else clip.duration // 1000


@dataclass(slots=True)
class _Survey:
    """One pass over all packets."""

    stream: VideoStream
    limits: MediaLimits
    base: Fraction
    pts: list[int | None] = field(default_factory=list)
    durations: list[int] = field(default_factory=list)
    keyframe: list[bool] = field(default_factory=list)
    droppable: list[bool] = field(default_factory=list)
    instant: list[bool] = field(default_factory=list)
    ends_ms: dict[int, tuple[float, float]] = field(default_factory=dict)
    first: av.VideoFrame | None = None
    counter: PictureCounter = field(default_factory=lambda: PictureCounter("", None))

    def run(self, clip: InputContainer) -> None:
        # AVI carries no time of display, so it is not known there what a dropped picture leaves.
        reader = None
        if "avi" not in clip.format.name:
            context = self.stream.codec_context
            reader = NalReader.for_stream(_codec_name(self.stream), context.extradata)
        prepare_decoder(self.stream, self.limits)
        extradata = self.stream.codec_context.extradata
        self.counter = PictureCounter.for_stream(_codec_name(self.stream), extradata)
        total = 0
        for packet in clip.demux():
            if packet.size == 0 and packet.dts is None and packet.pts is None:
                continue  # the flush packet that PyAV appends for each stream
            total += 1
            if total > self.limits.max_packets:
                raise ClipTooManyFrames(
                    "the clip has too many packets", limit=self.limits.max_packets
                )
            self._note_span(packet)
            if packet.stream_index == self.stream.index:
                self._note_picture(packet, reader)
        if self.first is None and self.pts:
            self._try_decode(None)

    def _note_span(self, packet: av.Packet[Any]) -> None:
        at = packet.pts if packet.pts is not None else packet.dts
        if at is None or packet.time_base is None:
            return
        start_ms = float(at * packet.time_base * 1000)
        end_ms = start_ms + float((packet.duration or 0) * packet.time_base * 1000)
        low, high = self.ends_ms.get(packet.stream_index, (start_ms, end_ms))
        self.ends_ms[packet.stream_index] = (min(low, start_ms), max(high, end_ms))

    def _note_picture(self, packet: av.Packet[Any], reader: NalReader | None) -> None:
        if len(self.pts) >= self.limits.max_frames:
            raise ClipTooManyFrames("the clip has too many frames", limit=self.limits.max_frames)
        self.pts.append(packet.pts if packet.pts is not None else packet.dts)
        self.durations.append(packet.duration or 0)
        self.keyframe.append(packet.is_keyframe)
        data = memoryview(packet)
        pictures = self.counter.count(data)
        if pictures > 1:
            raise ClipAmbiguous("a packet of the clip holds several pictures", limit=1)
        droppable, instant = reader.read(data) if reader else (False, False)
        self.droppable.append(droppable)
        self.instant.append(instant)
        if self.first is None and len(self.pts) <= _FIRST_PICTURE_PACKETS:
            self._try_decode(packet)

    def _try_decode(self, packet: av.Packet[Any] | None) -> None:
        try:
            frames = self.stream.codec_context.decode(packet)
        except av.FFmpegError:
            return  # the sampler judges damage; here it is only asked whether any picture comes out
        for frame in frames:
            check_picture(frame.width, frame.height, self.limits)
            self.first = self.first or frame


def prepare_decoder(stream: VideoStream, limits: MediaLimits) -> None:
    """Set a stream's decoder to one thread and to the limit on pixels, before its first use."""
    context = stream.codec_context
    context.thread_type = "NONE"
    context.thread_count = 1
    context.options = {"max_pixels": str(limits.max_pixels), "threads": "1"}


def _describe(
    container: str,
    codec: str,
    claims: Claims,
    header_ms: int | None,
    survey: _Survey,
    has_audio: bool,  # noqa: FBT001 -- private, and named at its only call
) -> ClipInfo:
    if not survey.pts:
        raise NoFrames("the clip's picture track holds no packets")
    if len(survey.pts) < claims.pictures:
        raise ClipNotWhole(
            "pictures that the clip's blocks hold cannot be reached",
            limit=claims.pictures,
            actual=len(survey.pts),
        )
    origin, times = _times_ms(survey)
    ordered = np.sort(times)
    steps = np.diff(ordered)
    _check_length(survey, claims, header_ms)
    if survey.first is None:
        raise NoFrames("no picture of the clip can be decoded")
    tick_ms = float(survey.base) * 1000
    step_ms = float(np.median(steps)) if len(steps) else 0.0
    last_ms = _last_duration_ms(survey, times, step_ms)
    duration_ms = int(ordered[-1]) + last_ms
    span_ms = int(ordered[-1])
    frame_gap_ms = largest_gap_ms(times)
    check_shown(
        claims.tracks,
        claims.movie_timescale,
        packets=len(times),
        span_ms=duration_ms,
        gap_ms=frame_gap_ms,
    )
    keys = times[np.asarray(survey.keyframe, dtype=np.bool_)]
    edges = np.concatenate([keys, [0, ordered[-1]]])
    return ClipInfo(
        container=container,
        codec=codec,
        width=survey.first.width,
        height=survey.first.height,
        rotation=-survey.first.rotation % 360,
        duration_ms=duration_ms,
        frame_count=len(times),
        fps=round((len(times) - 1) * 1000 / span_ms, 3) if span_ms else 0.0,
        variable_frame_rate=bool(
            len(steps) and np.abs(steps - step_ms).max() > max(tick_ms + 1, step_ms / 10)
        ),
        has_audio=has_audio,
        keyframe_gap_ms=largest_gap_ms(edges),
        frame_gap_ms=frame_gap_ms,
        packets=PacketIndex(
            pts_ms=times,
            keyframe=np.asarray(survey.keyframe, dtype=np.bool_),
            droppable=np.asarray(survey.droppable, dtype=np.bool_),
            instant=np.asarray(survey.instant, dtype=np.bool_),
            origin=origin,
        ),
        limits=survey.limits,
    )


def _times_ms(survey: _Survey) -> tuple[int, NDArray[np.int64]]:
    known = [at for at in survey.pts if at is not None]
    origin = min(known, default=0)
    lengths = [length for length in survey.durations if length > 0]
    step = int(statistics.median(lengths)) if lengths else 1
    times: list[int] = []
    last = origin - step
    for at in survey.pts:
        # A packet without any time stamp is taken to follow its predecessor by one step.
        last = last + step if at is None else at
        times.append(round((last - origin) * survey.base * 1000))
    return origin, np.asarray(times, dtype=np.int64)


def _last_duration_ms(survey: _Survey, times: NDArray[np.int64], step_ms: float) -> int:
    length = survey.durations[int(np.argmax(times))]
    return round(length * survey.base * 1000) if length > 0 else round(step_ms)


def _check_length(survey: _Survey, claims: Claims, header_ms: int | None) -> None:
    spans = {stream: high - low for stream, (low, high) in survey.ends_ms.items()}
    lows = [low for low, _ in survey.ends_ms.values()]
    highs = [high for _, high in survey.ends_ms.values()]
    whole_ms = max(highs, default=0.0) - min(0.0, *lows) if highs else 0.0
    claimed = [*claims.tracks_ms, *(c for c in (claims.movie_ms, header_ms) if c is not None)]
    for claim in claimed:
        measures = (*spans.values(), whole_ms)
        if all(_far(claim, measure) for measure in measures):
            raise DurationMismatch(
                "a header of the clip claims a length far from its packets (ms)",
                limit=round(whole_ms),
                actual=claim,
            )
    limit = survey.limits.max_duration_ms
    if whole_ms > limit:
        raise ClipTooLong("the clip is too long (ms)", limit=limit, actual=round(whole_ms))


def _far(claim_ms: float, measured_ms: float) -> bool:
    return abs(claim_ms - measured_ms) > max(_MISMATCH_MS, _MISMATCH_SHARE * measured_ms)
