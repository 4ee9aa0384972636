"""Makers of odd clips: each writes one to a path and returns the path."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.clips import make_clip, picture, rotate
from tests.surgery import Edit, box, changed, grown, with_edits

SIZE = (64, 48)
OPAQUE, CLEAR = 255, 0
SEGMENT, TRACKS, ENTRY, VIDEO = b"\x18\x53\x80\x67", b"\x16\x54\xae\x6b", b"\xae", b"\xe0"


def plain(path: Path, *, seconds: float = 2, audio: bool = False) -> Path:
    """Write a small MP4 beside a path, its header last."""
    name = path.with_suffix(".plain.mp4")
    return make_clip(name, seconds=seconds, fps=12, size=SIZE, audio=audio, faststart=False)


def small(path: Path, codec: str, pix_fmt: str = "", **options: str) -> Path:
    quick = {"cpu-used": "8"} if codec.startswith("libvpx") else {}
    quick |= {"preset": "12", "svtav1-params": "tile-rows=0"} if codec == "libsvtav1" else {}
    quick |= {"x265-params": "log-level=none", "preset": "ultrafast"} if "265" in codec else {}
    return make_clip(
        path, seconds=1, fps=12, size=(64, 64), codec=codec, pix_fmt=pix_fmt,
        options=quick | options,
    )  # fmt: skip


def of_size(path: Path, codec: str, size: tuple[int, int]) -> Path:
    options = {"cpu-used": "8"} if codec == "libvpx" else {}
    return make_clip(path, seconds=1, fps=4, size=size, codec=codec, options=options)


def rotated(path: Path, degrees: int) -> Path:
    return rotate(plain(path), path, degrees)


def edited(path: Path, *edits: Edit) -> Path:
    return with_edits(plain(path), path, edits)


def interlaced(path: Path, first: str) -> Path:
    return make_clip(
        path, seconds=1, fps=12, size=(64, 64), options={"x264-params": f"{first}=1:keyint=12"}
    )


def several_tracks(path: Path, count: int) -> Path:
    """Several picture tracks, of which a player shows the first, the last or the "best"."""
    with av.open(str(path), "w") as container:
        streams = [container.add_stream("mpeg4", rate=12) for _ in range(count)]
        for stream in streams:
            stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for index in range(12):
            for stream in streams:
                frame = av.VideoFrame.from_ndarray(picture(index, SIZE), format="rgb24")
                frame.pts, frame.time_base = index, Fraction(1, 12)
                container.mux(stream.encode(frame))
        for stream in streams:
            container.mux(stream.encode(None))
    return path


def covered(path: Path) -> Path:
    """A cover picture: as `covr` in MP4, as an attachment in Matroska."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=12)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        if path.suffix == ".mkv":
            done, data = cv2.imencode(".jpg", picture(0, SIZE))
            assert done
            container.add_attachment("cover.jpg", "image/jpeg", data.tobytes())
        else:
            cover = container.add_stream("mjpeg", rate=1)
            cover.width, cover.height, cover.pix_fmt = *SIZE, "yuvj420p"
            cover.disposition = av.stream.Disposition.attached_pic
            frame = av.VideoFrame.from_ndarray(picture(0, SIZE), format="rgb24")
            container.mux(cover.encode(frame))
            container.mux(cover.encode(None))
        for index in range(12):
            frame = av.VideoFrame.from_ndarray(picture(index, SIZE), format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, 12)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def hidden_track(path: Path) -> Path:
    """Two picture tracks, the second in a codec that nothing here knows: some player may."""
    data = several_tracks(path, 2).read_bytes()
    at = data.rindex(b"mp4v")
    path.write_bytes(data[:at] + b"xyzv" + data[at + 4 :])
    return path


def other_track(path: Path, handler: bytes, form: bytes) -> Path:
    """A second track of another kind, made of the bytes of a sound track."""
    data = plain(path, audio=True).read_bytes()
    path.write_bytes(data.replace(b"soun", handler).replace(b"mp4a", form))
    return path


def matroska_subtitles(path: Path) -> Path:
    entry = b"\xd7\x81\x02\x73\xc5\x81\x02\x83\x81\x11\x86\x8bS_TEXT/UTF8"
    data = small(path, "libvpx").read_bytes()
    track = b"\xae" + bytes([0x80 | len(entry)]) + entry
    path.write_bytes(grown(data, (SEGMENT, TRACKS), track))
    return path


def with_element(path: Path, where: Sequence[bytes], extra: bytes) -> Path:
    data = small(path, "libvpx").read_bytes()
    path.write_bytes(grown(data, (SEGMENT, *where), extra))
    return path


def with_box(path: Path, where: Sequence[bytes], change: Callable[[bytes], bytes]) -> Path:
    path.write_bytes(changed(plain(path).read_bytes(), where, change))
    return path


def two_movies(path: Path) -> Path:
    """Two movie headers: some players take the first, some the last."""
    data = plain(path).read_bytes()
    path.write_bytes(data + data[data.index(b"moov") - 4 :])
    return path


def two_formats(entries: bytes) -> bytes:
    """A second sample description in another format, which samples may refer to."""
    other = bytearray(entries[8:])
    other[4:8] = b"mp4v"
    return struct.pack(">II", 0, 2) + entries[8:] + bytes(other)


def one_more_sample(sizes: bytes) -> bytes:
    count = struct.unpack_from(">I", sizes, 8)[0]
    return sizes[:8] + struct.pack(">I", count + 1) + sizes[12:] + struct.pack(">I", 9)


def crop(entries: bytes) -> bytes:
    """A clean aperture of a quarter of each side."""
    aperture = box(b"clap", struct.pack(">8I", SIZE[0] // 4, 1, SIZE[1] // 4, 1, 0, 1, 0, 1))
    entry = box(entries[12:16], entries[16:] + aperture)
    return entries[:8] + entry


def sizes(path: Path, *sizes: tuple[int, int]) -> Path:
    """A picture track whose pictures change their size in mid-stream."""
    with av.open(str(path), "w") as container:
        shown = container.add_stream("libvpx", rate=12, options={"cpu-used": "8"})
        shown.width, shown.height, shown.pix_fmt = *sizes[0], "yuv420p"
        at = 0
        for size in sizes:
            encoder = av.CodecContext.create("libvpx", "w")
            encoder.width, encoder.height, encoder.pix_fmt = *size, "yuv420p"
            encoder.time_base = Fraction(1, 12)
            encoder.options = {"cpu-used": "8", "lag-in-frames": "0"}
            for _ in range(6):
                frame = av.VideoFrame.from_ndarray(picture(at, size), format="rgb24")
                frame.pts, frame.time_base = at, Fraction(1, 12)
                at += 1
                for packet in encoder.encode(frame):
                    packet.stream = shown
                    container.mux(packet)
    return path


def eight_k(path: Path) -> Path:
    black = np.zeros((4320, 7680, 3), dtype=np.uint8)
    return make_clip(path, fps=12, pictures=[black], size=(7680, 4320))


def gif(
    path: Path, *, delay_ms: int = 100, disposal: int = 0, opacity: int = OPAQUE, count: int = 6
) -> Path:
    """A GIF whose pictures, but for the first, cover only part of the screen where they may."""
    pages = []
    for index in range(count):
        page = Image.fromarray(picture(index * 4, SIZE)).convert("RGBA")
        if opacity != OPAQUE:
            page.paste((0, 0, 0, opacity), (8, 8, 24, 24))
        pages.append(page)
    pages[0].save(
        path, save_all=True, append_images=pages[1:], duration=delay_ms, disposal=disposal, loop=0
    )
    return path


def gif_over_the_edge(path: Path) -> Path:
    """The screen is smaller than the first picture, which some players show as a whole."""
    data = bytearray(gif(path).read_bytes())
    data[6:10] = struct.pack("<HH", 16, 16)
    path.write_bytes(data)
    return path


def gif_twice(path: Path) -> Path:
    data = gif(path).read_bytes()
    path.write_bytes(data + data)
    return path


def claiming(path: Path, factor: float) -> Path:
    """A Matroska file whose Info says another Duration (a float of 64 bits)."""
    data = bytearray(small(path, "libvpx").read_bytes())
    at = data.index(b"\x44\x89\x88") + 3
    length = struct.unpack_from(">d", data, at)[0]
    data[at : at + 8] = struct.pack(">d", length * factor)
    path.write_bytes(data)
    return path


def steady_claim(path: Path, nanoseconds: int) -> Path:
    """A Matroska file whose DefaultDuration says another step between pictures."""
    data = small(path, "libvpx").read_bytes()
    at = data.index(b"\x23\xe3\x83") + 3
    length = data[at] & 0x7F
    step = (nanoseconds % (1 << 8 * length)).to_bytes(length, "big")
    path.write_bytes(data[: at + 1] + step + data[at + 1 + length :])
    return path


def paired(path: Path, codec: str) -> Path:
    """Two pictures a packet: FFmpeg shows the first, a decoder in hardware both."""
    options = {"x265-params": "log-level=none"} if codec == "libx265" else {}
    source = make_clip(
        path.with_suffix(".plain.mp4"), seconds=1, fps=12, size=(64, 64), codec=codec,
        options=options,
    )  # fmt: skip
    with av.open(str(source)) as read, av.open(str(path), "w") as written:
        track = written.add_stream_from_template(read.streams.video[0])
        packets = [packet for packet in read.demux(video=0) if packet.size]
        for first, second in zip(packets[::2], packets[1::2], strict=True):
            both = av.Packet(bytes(first) + bytes(second))
            both.pts, both.dts, both.time_base = first.pts, first.dts, first.time_base
            both.is_keyframe, both.stream = first.is_keyframe, track
            written.mux(both)
    return path


def pictures(count: int) -> list[NDArray[np.uint8]]:
    return [picture(index, SIZE) for index in range(count)]
