"""Counting the pictures of a packet, and the walks over headers, on bytes of any kind."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.access_units import PictureCounter
from media.packets import MOST_UNITS
from media.refusals import ClipRefused, ClipUnreadable
from tests.clips import make_clip, real_clip

_X264 = {
    "plain": "keyint=12:bframes=0",
    "slices": "slices=6:keyint=12:bframes=2",
    "mbaff": "tff=1:keyint=12:bframes=2:slices=2",
    "scaling": "cqm=jvt:keyint=12:bframes=3:b-pyramid=normal",
    "aud": "aud=1:keyint=6:bframes=1:open-gop=1",
}


def packets_of(path: Path) -> tuple[str, bytes | None, list[bytes]]:
    """Return codec, extradata and packets of a clip's picture track."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        codec = stream.codec_context.codec.canonical_name
        extradata = stream.codec_context.extradata
        return codec, extradata, [bytes(each) for each in container.demux(stream) if each.size]


def counts(codec: str, extradata: bytes | None, packets: list[bytes]) -> list[int]:
    counter = PictureCounter.for_stream(codec, extradata)
    return [counter.count(memoryview(packet)) for packet in packets]


def clip(folder: Path, codec: str, suffix: str, params: str = "") -> Path:
    options = {}
    if codec == "libx264":
        options = {"preset": "medium", "x264-params": params or _X264["plain"]}
    elif codec == "libx265":
        options = {"x265-params": f"log-level=none:{params or 'slices=1'}"}
    return make_clip(
        folder / f"clip{suffix}", seconds=2, fps=12, size=(128, 160), codec=codec, options=options
    )


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".avi"])
@pytest.mark.parametrize("kind", _X264)
def test_each_packet_of_x264_has_one_picture(tmp_path: Path, kind: str, suffix: str) -> None:
    codec, extradata, packets = packets_of(clip(tmp_path, "libx264", suffix, _X264[kind]))
    assert counts(codec, extradata, packets) == [1] * 24
    pairs = [first + second for first, second in zip(packets[::2], packets[1::2], strict=True)]
    assert counts(codec, extradata, pairs) == [2] * 12


@pytest.mark.parametrize("params", ["slices=1", "bframes=3", "aud=1:repeat-headers=1"])
def test_each_packet_of_x265_has_one_picture(tmp_path: Path, params: str) -> None:
    codec, extradata, packets = packets_of(clip(tmp_path, "libx265", ".mp4", params))
    assert counts(codec, extradata, packets) == [1] * 24
    assert counts(codec, extradata, [b"".join(packets)]) == [24]


def test_a_picture_without_its_first_slice_is_counted(tmp_path: Path) -> None:
    # The second picture of the packet lost its first slice; its number in the order tells it.
    codec, extradata, packets = packets_of(
        clip(tmp_path, "libx264", ".mp4", "slices=4:keyint=12:bframes=0")
    )
    units, at = [], 0
    while at < len(packets[5]):
        size = int.from_bytes(packets[5][at : at + 4], "big")
        units.append(packets[5][at : at + 4 + size])
        at += 4 + size
    assert len(units) == 4
    assert counts(codec, extradata, [packets[4] + b"".join(units[1:])]) == [2]


@pytest.mark.parametrize("name", ["bikes.mp4", "bigbuckbunny.mp4", "carphone_pristine.mp4"])
def test_each_packet_of_a_real_clip_has_one_picture(name: str) -> None:
    assert set(counts(*packets_of(real_clip(name)))) == {1}


def test_codecs_that_are_not_looked_into_count_one(tmp_path: Path) -> None:
    codec, extradata, packets = packets_of(clip(tmp_path, "libvpx", ".webm"))
    assert set(counts(codec, extradata, packets)) == {1}


def test_too_many_units_are_refused() -> None:
    counter = PictureCounter.for_stream("h264", None)
    with pytest.raises(ClipUnreadable) as caught:
        counter.count(memoryview(b"\x00\x00\x01\x06" * (MOST_UNITS + 1)))
    assert caught.value.limit == MOST_UNITS


@given(
    codec=st.sampled_from(["h264", "hevc", "mpeg4"]),
    extradata=st.none() | st.binary(max_size=60),
    packets=st.lists(st.binary(max_size=120), max_size=4),
    prefix=st.sampled_from([b"", b"\x00\x00\x01\x67", b"\x00\x00\x01\x68", b"\x00\x00\x01\x65"]),
)
def test_any_bytes_are_counted(
    codec: str, extradata: bytes | None, packets: list[bytes], prefix: bytes
) -> None:
    try:
        found = counts(codec, extradata, [prefix + packet for packet in packets])
    except ClipRefused:
        return
    assert all(count >= 0 for count in found)
