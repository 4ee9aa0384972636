"""Which encoder and pixel format a clip's pictures are encoded with, and their planes as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

from media.planes import Plane

_FULL = 2
_UNKNOWN = 2
_BT709 = 1
# Where a picture is not made of luma and chroma yet, it becomes what HD video is.
_SUBSAMPLED = {(2, 2): "420", (2, 1): "422", (1, 1): "444"}
_BYTES_8 = 8
_DEPTHS = (8, 10, 12)
# Constant quality: about 45 dB on camera footage, so that the second encoding is hardly seen.
# No B-frames: pictures come out in the order of their times, so that the file needs no edit list
# for them, whose handling is where players part (about a tenth more bytes).
_X264 = {
    "preset": "fast", "crf": "17", "bf": "0", "forced-idr": "1", "threads": "1",
    "rc-lookahead": "20",
}  # fmt: skip
_X265 = {"preset": "fast", "crf": "17", "forced-idr": "1"}
_X265_PARAMS = "log-level=none:pools=none:frame-threads=1:bframes=0:rc-lookahead=15"


@dataclass(frozen=True, slots=True)
class Target:
    """How the pictures of a clip are encoded.

    Attributes:
        codec: FFmpeg's name of the encoder.
        pix_fmt: Pixel format of what is encoded: planar luma and chroma.
        width: In pixels; one more than the clip's where that is odd and chroma is halved.
        height: Likewise.
        bits: Of a sample.
        full_range: Whether luma goes from 0 to the top.
        primaries: Colour primaries after ITU-T H.273; 2 where unknown. So the two below.
        transfer: Transfer characteristics.
        matrix: Matrix coefficients.
        interlaced: Whether pictures are made of two fields.
    """

    codec: str
    pix_fmt: str
    width: int
    height: int
    bits: int
    full_range: bool
    primaries: int
    transfer: int
    matrix: int
    interlaced: bool

    def configure(self, stream: VideoStream, base: Fraction, aspect: Fraction) -> None:
        """Set up an encoder's stream.

        Args:
            stream: Of the output, not opened yet.
            base: Clock of the pictures' times.
            aspect: Width of a pixel to its height.
        """
        context = stream.codec_context
        context.width, context.height, context.pix_fmt = self.width, self.height, self.pix_fmt
        context.time_base = base
        context.sample_aspect_ratio = aspect
        context.color_range = _FULL if self.full_range else 1
        context.color_primaries, context.color_trc = self.primaries, self.transfer
        context.colorspace = self.matrix
        context.thread_count = 1
        # Keyframes are placed by the clock; this is the bound for a clip at 600 pictures a second.
        context.gop_size = 600
        if self.codec == "libx264":
            context.options = dict(_X264)
            if self.interlaced:
                context.options = {**_X264, "flags": "+ildct+ilme"}
        else:
            context.codec_tag = "hvc1"
            context.options = {**_X265, "x265-params": _X265_PARAMS}

    def copy_of(self, frame: av.VideoFrame) -> av.VideoFrame:
        """Return a picture of its own in the format and size of what is encoded."""
        width, height = self.width - self.width % 2, self.height - self.height % 2
        fits = frame.width in {width, width - 1} and frame.height in {height, height - 1}
        if frame.format.name != self.pix_fmt or not fits:
            frame = frame.reformat(
                width=None if fits else self.width,
                height=None if fits else self.height,
                format=self.pix_fmt,
                **self._matrix_for(frame),
            )
        copy = av.VideoFrame(self.width, self.height, self.pix_fmt)
        for mine, theirs in zip(planes_of(copy), planes_of(frame), strict=True):
            down, across = mine.shape[0] - theirs.shape[0], mine.shape[1] - theirs.shape[1]
            mine[...] = np.pad(theirs, ((0, down), (0, across)), mode="edge")
        copy.color_range = _FULL if self.full_range else 1
        copy.color_primaries, copy.color_trc = self.primaries, self.transfer
        copy.colorspace = self.matrix
        return copy

    def _matrix_for(self, frame: av.VideoFrame) -> dict[str, Any]:
        if not frame.format.is_rgb and frame.format.name != "pal8":
            return {}
        return {"dst_colorspace": Colorspace.ITU709, "dst_color_range": ColorRange.MPEG}


def target_of(frame: av.VideoFrame) -> Target:
    """Choose how a clip is encoded by its first picture."""
    form = frame.format
    rgb = form.is_rgb or form.name == "pal8"
    depth = max((component.bits for component in form.components), default=_BYTES_8)
    bits = next((known for known in _DEPTHS if known >= depth), _DEPTHS[-1])
    if rgb:
        chroma, jpeg, full = "420", False, False
    else:
        steps = (_step(form.chroma_width(64)), _step(form.chroma_height(64)))
        chroma = _SUBSAMPLED.get(steps, "420") if len(form.components) > 1 else "420"
        jpeg = form.name.startswith("yuvj")
        full = jpeg or int(frame.color_range) == _FULL
    pix_fmt = f"yuv{'j' if jpeg and bits == _BYTES_8 else ''}{chroma}p"
    pix_fmt += f"{bits}le" if bits > _BYTES_8 else ""
    across, along = chroma_step(pix_fmt)
    return Target(
        codec="libx264" if bits == _BYTES_8 else "libx265",
        pix_fmt=pix_fmt,
        width=frame.width + frame.width % across,
        height=frame.height + frame.height % along,
        bits=bits,
        full_range=full,
        primaries=_BT709 if rgb else _known(frame.color_primaries),
        transfer=13 if rgb else _known(frame.color_trc),
        matrix=_BT709 if rgb else _known(frame.colorspace),
        interlaced=bool(frame.interlaced_frame) and bits == _BYTES_8,
    )


def chroma_step(pix_fmt: str) -> tuple[int, int]:
    """Tell how many luma pixels go to a chroma sample, across and along."""
    form = av.VideoFormat(pix_fmt)
    return _step(form.chroma_width(64)), _step(form.chroma_height(64))


def planes_of(frame: av.VideoFrame) -> list[Plane]:
    """Return the planes of a planar picture as arrays on its own memory."""
    wide = any(component.bits > _BYTES_8 for component in frame.format.components)
    kind: Any = np.uint16 if wide else np.uint8
    size = np.dtype(kind).itemsize
    found = []
    for plane in frame.planes:
        rows = np.frombuffer(memoryview(plane), kind).reshape(plane.height, plane.line_size // size)
        found.append(rows[:, : plane.width])
    return found


def _step(chroma: int) -> int:
    return max(1, 64 // max(1, chroma))


def _known(value: object) -> int:
    number = int(value)  # type: ignore[call-overload]
    return number if number > 0 else _UNKNOWN
