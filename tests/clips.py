"""Clips for tests: real files made with PyAV, and hostile ones made from them.

Everything is drawn from arithmetic, so the same arguments give the same pictures. `real_clip`
gives camera clips from a published package.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from av.video.stream import VideoStream
from numpy.typing import NDArray

from models.errors import SourceUnavailable
from models.sample_clips import sample_clip

_RATE_HZ = 48_000


def cache_folder() -> Path:
    """The folder that fetched files are kept in: FRAMEGATE_CACHE, or .cache of the repository."""
    return Path(os.environ.get("FRAMEGATE_CACHE") or Path(__file__).parents[1] / ".cache")


def real_clip(name: str) -> Path:
    """Return a real clip by its file name, such as "bikes.mp4"; skips the test without one."""
    try:
        return sample_clip(name, cache_folder())
    except SourceUnavailable as error:
        pytest.skip(f"no sample clip {name}: {error.message}")


def picture(index: int, size: tuple[int, int], pattern: str = "moving") -> NDArray[np.uint8]:
    """Draw picture `index` of a pattern as RGB (height, width, 3).

    Patterns: `moving` (a bright square over a slope), `still`, `cuts` (a new scene every 24
    pictures), `flash` (picture 20 alone is white), `noise` (hard to compress), `corners` (its
    top left corner is red, its top right green, so that one sees which way up it is).
    """
    width, height = size
    rows, columns = np.mgrid[0:height, 0:width]
    base = np.stack([columns * 200 // width, rows * 200 // height, (rows + columns) % 97], axis=2)
    image = base.astype(np.uint8)
    if pattern == "still":
        return image
    if pattern == "noise":
        return np.random.default_rng(index).integers(0, 255, (height, width, 3), dtype=np.uint8)
    if pattern == "corners":
        image[:] = 128
        image[: height // 2, : width // 2] = (220, 0, 0)
        image[: height // 2, width // 2 :] = (0, 220, 0)
        return image
    if pattern == "flash":
        image[:] = 255 if index == 20 else 30
        return image
    if pattern == "cuts":
        scene = np.random.default_rng(index // 24).integers(0, 256, (4, 4, 3), dtype=np.uint8)
        image = np.asarray(cv2.resize(scene, size, interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
    side = max(2, height // 4)
    left, top = (index * 3) % max(1, width - side), (index * 2) % max(1, height - side)
    image[top : top + side, left : left + side] = 250
    return image


def make_clip(
    path: Path,
    *,
    seconds: float = 2,
    fps: int = 24,
    size: tuple[int, int] = (320, 180),
    gop: int = 24,
    pattern: str = "moving",
    audio: bool = False,
    video: bool = True,
    codec: str = "libx264",
    faststart: bool = True,
    bframes: int = 0,
    pts: Sequence[int] | None = None,
    options: dict[str, str] | None = None,
    pictures: Iterable[NDArray[np.uint8]] | None = None,
    pix_fmt: str = "",
    muxing: dict[str, str] | None = None,
    title: str = "",
) -> Path:
    """Write a clip; its container follows from the path's suffix.

    Args:
        path: Where to; .mp4, .mov, .mkv, .webm, .avi or .gif.
        seconds: Length.
        fps: Pictures a second.
        size: Width and height, even numbers.
        gop: Pictures from keyframe to keyframe.
        pattern: See `picture`.
        audio: Whether to add a tone.
        video: Whether to add pictures at all.
        codec: Name of the encoder.
        faststart: For MP4, whether the header comes first.
        bframes: B-frames in a row, for the codecs that have them.
        pts: Time of each picture in units of 1/1000 s, for a variable frame rate.
        options: More options of the encoder.
        pictures: Pictures to use instead of the pattern.
        pix_fmt: Pixel format, where it is not the usual one of the codec.
        muxing: Options of the muxer, instead of `faststart`.
        title: Title in the metadata, where the container has such a thing.

    Returns:
        The path.
    """
    if muxing is None and faststart and path.suffix in {".mp4", ".mov"}:
        muxing = {"movflags": "+faststart"}
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", options=muxing or {}) as container:
        if title:
            container.metadata["title"] = title
        sound = _add_sound(container, path) if audio else None
        if video:
            count = len(pts) if pts is not None else round(seconds * fps)
            drawn = pictures or (picture(index, size, pattern) for index in range(count))
            settings = _encoder_options(codec, gop, bframes) | (options or {})
            stream = container.add_stream(codec, rate=fps, options=settings)
            assert isinstance(stream, VideoStream)
            usual = {"gif": "rgb8", "mjpeg": "yuvj420p", "png": "rgb24"}.get(codec, "yuv420p")
            stream.pix_fmt = pix_fmt or usual
            _encode(container, stream, drawn, fps, pts)
        if sound is not None:
            _encode_tone(container, sound, seconds)
    return path


def _encoder_options(codec: str, gop: int, bframes: int) -> dict[str, str]:
    if codec == "libx264":
        return {
            "preset": "ultrafast",
            "g": str(gop),
            "bf": str(bframes),
            "x264-params": f"keyint={gop}:min-keyint={gop}:scenecut=0:b-adapt=0:bframes={bframes}",
        }
    return {"g": str(gop), "bf": str(bframes)} if codec == "mpeg4" else {"g": str(gop)}


def _encode(
    container: av.container.OutputContainer,
    stream: VideoStream,
    pictures: Iterable[NDArray[np.uint8]],
    fps: int,
    pts: Sequence[int] | None,
) -> None:
    stream.codec_context.thread_count = 1
    base = Fraction(1, fps) if pts is None else Fraction(1, 1000)
    stream.codec_context.time_base = base
    for index, image in enumerate(pictures):
        if index == 0:
            stream.height, stream.width = image.shape[:2]
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
        frame.pts = index if pts is None else pts[index]
        frame.time_base = base
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _add_sound(container: av.container.OutputContainer, path: Path) -> av.AudioStream:
    codec = {".webm": "libopus", ".avi": "mp3"}.get(path.suffix, "aac")
    return container.add_stream(codec, rate=_RATE_HZ, layout="mono")


def _encode_tone(
    container: av.container.OutputContainer, stream: av.AudioStream, seconds: float
) -> None:
    step = 1024
    for start in range(0, round(seconds * _RATE_HZ), step):
        phase = np.arange(start, start + step) * (440 * 2 * np.pi / _RATE_HZ)
        tone = (np.sin(phase) * 0.2).astype(np.float32).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
        frame.rate, frame.pts, frame.time_base = _RATE_HZ, start, Fraction(1, _RATE_HZ)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def join_clips(path: Path, sources: Sequence[Path], *, seconds: float = 1.0, fps: int = 24) -> Path:
    """Write the first seconds of several clips one after the other, 320 x 180."""
    pictures: list[NDArray[np.uint8]] = []
    for source in sources:
        with av.open(str(source)) as container:
            for index, frame in enumerate(container.decode(video=0)):
                if index >= round(seconds * fps):
                    break
                pictures.append(frame.to_ndarray(format="rgb24", width=320, height=180))
    return make_clip(path, fps=fps, gop=250, pictures=pictures)


def rotate(source: Path, path: Path, degrees: int) -> Path:
    """Copy an MP4 and make players turn it clockwise, by the matrix of its track header."""
    turns = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}
    a, b, c, d = turns[degrees]
    matrix = struct.pack(">9i", a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30)
    data = bytearray(source.read_bytes())
    at = data.index(b"tkhd") + 4
    at += 52 if data[at] == 1 else 40
    data[at : at + 36] = matrix
    path.write_bytes(data)
    return path


def patch_durations(source: Path, path: Path, factor: int, boxes: Sequence[bytes]) -> Path:
    """Copy an MP4 whose named headers (mvhd, tkhd, mdhd) claim `factor` times the length."""
    data = bytearray(source.read_bytes())
    for kind in boxes:
        at = data.index(kind) + 4 + (20 if kind == b"tkhd" else 16)
        length = int.from_bytes(data[at : at + 4], "big")
        data[at : at + 4] = (length * factor).to_bytes(4, "big")
    path.write_bytes(data)
    return path


def _half(source: Path, path: Path) -> Path:
    data = source.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return path


def _still(path: Path, suffix: str) -> Path:
    done, data = cv2.imencode(suffix, picture(0, (64, 48)))
    assert done
    path.write_bytes(data.tobytes())
    return path


def _text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _wide_header(path: Path) -> Path:
    """A small clip whose track header says 50 000 x 2 pixels."""
    data = bytearray(make_clip(path.with_suffix(".plain.mp4"), seconds=0.5).read_bytes())
    at = data.index(b"tkhd") + 4 + 76
    data[at : at + 8] = struct.pack(">II", 50_000 << 16, 2 << 16)
    path.write_bytes(data)
    return path


def _wide_gif(path: Path) -> Path:
    """A GIF whose screen is 65 535 x 2 pixels."""
    plain = make_clip(path.with_suffix(".plain.gif"), size=(64, 2), seconds=0.5, codec="gif")
    data = bytearray(plain.read_bytes())
    data[6:10] = struct.pack("<HH", 65_535, 2)
    path.write_bytes(data)
    return path


def _huge_box(path: Path) -> Path:
    data = bytearray(make_clip(path.with_suffix(".plain.mp4"), faststart=False).read_bytes())
    at = data.index(b"mdat") - 4
    data[at : at + 4] = (3 * 2**30).to_bytes(4, "big")
    path.write_bytes(data)
    return path


def _many_samples(path: Path) -> Path:
    data = bytearray(make_clip(path.with_suffix(".plain.mp4")).read_bytes())
    at = data.index(b"stsz") + 8
    data[at : at + 8] = struct.pack(">II", 1, 2**31 - 1)
    path.write_bytes(data)
    return path


def _two_tracks(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        streams = [container.add_stream("mpeg4", rate=24) for _ in range(2)]
        for stream in streams:
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for index in range(12):
            for stream in streams:
                frame = av.VideoFrame.from_ndarray(picture(index, (64, 48)), format="rgb24")
                frame.pts, frame.time_base = index, Fraction(1, 24)
                container.mux(stream.encode(frame))
        for stream in streams:
            container.mux(stream.encode(None))
    return path


def _damaged(path: Path) -> Path:
    """An MP4 whose pictures are overwritten from the middle on; its index is intact."""
    data = bytearray(make_clip(path.with_suffix(".plain.mp4"), pattern="noise").read_bytes())
    at = data.index(b"mdat")
    middle = (at + len(data)) // 2
    data[middle:] = b"\xff" * (len(data) - middle)
    path.write_bytes(data)
    return path


def _lying(path: Path, boxes: Sequence[bytes]) -> Path:
    return patch_durations(make_clip(path.with_suffix(".plain.mp4")), path, 18_000, boxes)


_MAKERS: dict[str, tuple[str, str, Callable[[Path], Path]]] = {
    "empty": (".mp4", "CLIP_EMPTY", lambda p: _text(p, "")),
    "random": (
        ".mp4",
        "CLIP_NOT_VIDEO",
        lambda p: (p.write_bytes(np.random.default_rng(7).bytes(20_000)), p)[1],
    ),
    "png": (".mp4", "CLIP_NOT_VIDEO", lambda p: _still(p, ".png")),
    "jpeg": (".mp4", "CLIP_NOT_VIDEO", lambda p: _still(p, ".jpg")),
    "hls": (
        ".mp4",
        "CLIP_NOT_VIDEO",
        lambda p: _text(p, "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n"),
    ),
    "ffconcat": (
        ".mp4",
        "CLIP_NOT_VIDEO",
        lambda p: _text(p, "ffconcat version 1.0\nfile /etc/passwd\n"),
    ),
    "dash": (".mp4", "CLIP_NOT_VIDEO", lambda p: _text(p, '<?xml version="1.0"?><MPD></MPD>')),
    "header_only": (
        ".mp4",
        "CLIP_UNREADABLE",
        lambda p: (p.write_bytes(b"\x00\x00\x00\x10ftypisom\x00\x00\x00\x00"), p)[1],
    ),
    "truncated": (
        ".mp4",
        "CLIP_TRUNCATED",
        lambda p: _half(make_clip(p.with_suffix(".plain.mp4"), faststart=False), p),
    ),
    "truncated_faststart": (
        ".mp4",
        "CLIP_TRUNCATED",
        lambda p: _half(make_clip(p.with_suffix(".plain.mp4"), faststart=True), p),
    ),
    "truncated_webm": (
        ".webm",
        "CLIP_TRUNCATED",
        lambda p: _half(make_clip(p.with_suffix(".plain.webm"), codec="libvpx"), p),
    ),
    "truncated_avi": (
        ".avi",
        "CLIP_TRUNCATED",
        lambda p: _half(make_clip(p.with_suffix(".plain.avi"), codec="mpeg4"), p),
    ),
    "audio_only": (".mp4", "NO_VIDEO_TRACK", lambda p: make_clip(p, video=False, audio=True)),
    "two_tracks": (".mp4", "CLIP_SEVERAL_VIDEO_TRACKS", _two_tracks),
    "codec": (".mkv", "CLIP_NOT_VIDEO", lambda p: make_clip(p, seconds=0.5, codec="ffv1")),
    "wide": (
        ".mkv",
        "CLIP_TOO_LARGE_PICTURE",
        lambda p: make_clip(p, seconds=0.1, size=(32_000, 2), codec="mjpeg"),
    ),
    "wide_header": (".mp4", "CLIP_TOO_LARGE_PICTURE", _wide_header),
    "wide_gif": (".gif", "CLIP_TOO_LARGE_PICTURE", _wide_gif),
    "huge_box": (".mp4", "CLIP_TRUNCATED", _huge_box),
    "many_samples": (".mp4", "CLIP_TOO_MANY_FRAMES", _many_samples),
    "lying_movie": (".mp4", "CLIP_DURATION_MISMATCH", lambda p: _lying(p, [b"mvhd"])),
    "lying_all": (
        ".mp4",
        "CLIP_DURATION_MISMATCH",
        lambda p: _lying(p, [b"mvhd", b"tkhd", b"mdhd"]),
    ),
    "damaged": (".mp4", "CLIP_NOT_WHOLE", _damaged),
}

#: Name of a hostile clip to the reason that it is refused for: by `probe`, or for `damaged`
#: (its index is intact) by `sample` and `check_whole`.
HOSTILE: dict[str, str] = {name: reason for name, (_, reason, _) in _MAKERS.items()}


def make_hostile(name: str, folder: Path) -> Path:
    """Make one of the clips that `HOSTILE` lists, in a folder."""
    suffix, _, maker = _MAKERS[name]
    return maker(folder / f"{name}{suffix}")
