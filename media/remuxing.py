"""Moving a Matroska or WebM clip's packets into an MP4, none of them encoded again.

A container that cannot carry a C2PA manifest is changed for one that can. Pictures stay what they
are, bit by bit.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
from av.container import InputContainer, OutputContainer

from media.containers import open_clip, unreadable
from media.errors import Cancelled, FramegateError, InvalidInput
from media.probe import ClipInfo, probe
from media.sound import IN_MP4, codec_of
from media.transcoding import same_times

PICTURES_IN_MP4: Final = frozenset({"av1", "h264", "hevc", "vp9"})
"""Picture codecs that are moved into an MP4: players know them there. VP8 is not among them."""

_TAGS: Final = {"h264": "avc1", "hevc": "hvc1", "vp9": "vp09", "av1": "av01"}


class CodecNotInMp4(InvalidInput):
    """The clip's container cannot carry a manifest, and MP4 cannot carry one of its codecs."""

    code = "INVALID_ARGUMENT"
    reason = "CODEC_NOT_IN_MP4"


class RemuxFailed(FramegateError):
    """The clip could not be moved into an MP4, or what came out is not what went in."""

    code = "FAILED_PRECONDITION"
    reason = "REMUX_FAILED"


def remux(
    source: Path, target: Path, info: ClipInfo, should_stop: Callable[[], bool] = lambda: False
) -> None:
    """Write a clip's packets into an MP4.

    Rotation, pixel aspect, colours and languages are kept; titles and tags are not, for they may
    name people. Memory does not grow with the clip.

    Args:
        source: The clip that `info` was probed from.
        target: Where the MP4 goes; it is not there when this fails.
        info: What was found out about it.
        should_stop: Asked once a packet.

    Raises:
        CodecNotInMp4: MP4 cannot carry one of its codecs; a visible mark, which encodes the
            pictures again, can still be asked for.
        RemuxFailed: FFmpeg refused, or the times of the pictures came out changed.
        Cancelled: `should_stop()` said so.
    """
    try:
        with contextlib.ExitStack() as stack:
            clip = stack.enter_context(open_clip(source, info.container, info.limits))
            _check_codecs(clip, info)
            order = _decoding_times(source, info)
            with _failing():
                out = av.open(
                    f"file:{target.resolve()}",
                    "w",
                    format="mp4",
                    options={"movflags": "+faststart"},
                )
                with out:
                    _copy(clip, out, info, order, should_stop)
        if not same_times(info, probe(target, info.limits)):
            raise RemuxFailed("the times of the clip's pictures do not fit into an MP4")
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _check_codecs(clip: InputContainer, info: ClipInfo) -> None:
    if info.codec not in PICTURES_IN_MP4:
        raise CodecNotInMp4(
            "the clip's picture codec cannot be moved into an MP4; use H.264, HEVC, VP9 or AV1",
            field="clip",
            limit=", ".join(sorted(PICTURES_IN_MP4)),
            actual=info.codec,
        )
    for stream in clip.streams.audio:
        if codec_of(stream) not in IN_MP4:
            raise CodecNotInMp4(
                "the clip's sound codec cannot be moved into an MP4; use AAC or Opus",
                field="clip",
                limit=", ".join(sorted(IN_MP4)),
                actual=codec_of(stream) or "unknown",
            )


def _copy(
    clip: InputContainer,
    out: OutputContainer,
    info: ClipInfo,
    order: Iterator[int],
    should_stop: Callable[[], bool],
) -> None:
    video = clip.streams.video[0]
    sounds = clip.streams.audio
    written: dict[int, Any] = {}
    for stream in (video, *sounds):
        # Opaque: a decoder such as that of AV1 has no encoder of its name, which PyAV looks for.
        copy = out.add_stream_from_template(stream, opaque=True)
        if stream is video:
            copy.codec_context.codec_tag = _TAGS[info.codec]
        if stream.language:
            copy.metadata["language"] = stream.language
        copy.disposition = stream.disposition
        written[stream.index] = copy
    if info.rotation:
        written[video.index].set_display_rotation(-info.rotation)
    for packet in clip.demux(video, *sounds):
        if should_stop():
            raise Cancelled("the work on the clip was stopped")
        if packet.size == 0 and packet.dts is None and packet.pts is None:
            continue
        if packet.stream_index == video.index:
            packet.dts = next(order, packet.pts)
        packet.stream = written[packet.stream_index]
        out.mux(packet)


def _decoding_times(source: Path, info: ClipInfo) -> Iterator[int]:
    """Give each packet of the picture track its time of decoding, which Matroska does not hold.

    They are the times of display in their order, put off until no packet is decoded after it is
    shown; before the first one they go on backwards at the clip's average step.
    """
    with open_clip(source, info.container, info.limits) as clip, unreadable():
        times = [packet.pts for packet in clip.demux(video=0) if packet.pts is not None]
        base = clip.streams.video[0].time_base or Fraction(1, 1000)
    ranks = {pts: rank for rank, pts in enumerate(sorted(times))}
    delay = max((place - ranks[pts] for place, pts in enumerate(times)), default=0)
    step = max(1, round(1 / (Fraction(info.fps or 1) * base)))
    ordered = sorted(times)
    before = [ordered[0] - step * count for count in range(delay, 0, -1)]
    return iter([*before, *ordered])


@contextlib.contextmanager
def _failing() -> Iterator[None]:
    try:
        with unreadable():
            yield
    except FramegateError as error:
        if isinstance(error, Cancelled):
            raise
        raise RemuxFailed("the clip could not be moved into an MP4", field="clip") from error
