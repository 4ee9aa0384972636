"""Packets that change their container and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import av
import pytest

from media.errors import Cancelled
from media.probe import probe
from media.remuxing import CodecNotInMp4, remux
from media.transcoding import same_times
from media.whole import check_whole
from tests.clips import make_clip
from tests.media.test_transcoding import RATE_HZ, add_sounds, tone
from tests.odd_makers import small

Make = Callable[[Path], Path]

MOVED: dict[str, tuple[str, Make]] = {
    "h264": ("avc1", lambda p: make_clip(p / "a.mkv", audio=True, size=(64, 48))),
    "h264-bframes": ("avc1", lambda p: make_clip(p / "a.mkv", bframes=3, size=(64, 48))),
    "h264-variable": (
        "avc1",
        lambda p: make_clip(p / "a.mkv", bframes=2, pts=[0, 30, 100, 500, 510, 900, 2100, 3500]),
    ),
    "hevc": ("hvc1", lambda p: small(p / "a.mkv", "libx265")),
    "vp9": ("vp09", lambda p: small(p / "a.webm", "libvpx-vp9")),
    "av1": ("av01", lambda p: small(p / "a.mkv", "libsvtav1")),
}


def pictures(path: Path) -> list[str]:
    with av.open(str(path)) as clip:
        return [
            hashlib.sha256(frame.to_ndarray().tobytes()).hexdigest()
            for frame in clip.decode(video=0)
        ]


@pytest.mark.parametrize("name", MOVED)
def test_pictures_and_times_stay_what_they_are(tmp_path: Path, name: str) -> None:
    tag, make = MOVED[name]
    source, target = make(tmp_path), tmp_path / "t.mp4"
    before = probe(source)
    remux(source, target, before)
    after = probe(target)
    check_whole(target, after)
    assert (after.container, after.codec) == ("mp4", before.codec)
    assert same_times(before, after)
    assert after.has_audio == before.has_audio
    assert pictures(source) == pictures(target)
    assert target.read_bytes().count(tag.encode()) >= 1


@pytest.mark.parametrize("codec", ["libopus", "aac", "libmp3lame", "flac"])
def test_sound_is_moved(tmp_path: Path, codec: str) -> None:
    plain = make_clip(tmp_path / "p.mp4", size=(64, 48))
    wave = tone(RATE_HZ, 9000)
    form = [(codec, "deu", wave)]
    if codec == "flac":
        form = [("libopus", "deu", wave), ("aac", "eng", wave)]
    source, target = add_sounds(plain, tmp_path / "s.mkv", form), tmp_path / "t.mp4"
    remux(source, target, probe(source))

    def packets(path: Path) -> list[tuple[str | None, list[bytes]]]:
        with av.open(str(path)) as clip:
            streams = list(clip.streams.audio)
            found: dict[int, list[bytes]] = {stream.index: [] for stream in streams}
            for packet in clip.demux(*streams):
                if packet.size:
                    found[packet.stream_index].append(bytes(packet))
            return [(stream.language, found[stream.index]) for stream in streams]

    assert packets(source) == packets(target)


def test_vp8_is_named(tmp_path: Path) -> None:
    source = make_clip(tmp_path / "a.webm", seconds=0.5, codec="libvpx", size=(64, 48))
    with pytest.raises(CodecNotInMp4) as caught:
        remux(source, tmp_path / "t.mp4", probe(source))
    assert caught.value.actual == "vp8"
    assert "vp9" in str(caught.value.limit)
    assert not (tmp_path / "t.mp4").exists()


def test_sound_without_compression_is_named(tmp_path: Path) -> None:
    plain = make_clip(tmp_path / "p.mp4", size=(64, 48))
    source = add_sounds(plain, tmp_path / "s.mkv", [("pcm_s16le", "deu", tone(RATE_HZ))])
    with pytest.raises(CodecNotInMp4) as caught:
        remux(source, tmp_path / "t.mp4", probe(source))
    assert caught.value.actual == "pcm_s16le"


@pytest.mark.parametrize("after", [0, 10])
def test_stopping_leaves_nothing(tmp_path: Path, after: int) -> None:
    source = make_clip(tmp_path / "a.mkv", size=(64, 48))
    asked = iter(range(1000))
    with pytest.raises(Cancelled):
        remux(source, tmp_path / "t.mp4", probe(source), lambda: next(asked) >= after)
    assert not (tmp_path / "t.mp4").exists()


def test_titles_are_not_copied(tmp_path: Path) -> None:
    source = make_clip(tmp_path / "a.mkv", size=(64, 48), title="Jane Doe at home")
    remux(source, tmp_path / "t.mp4", probe(source))
    assert b"Jane Doe" not in (tmp_path / "t.mp4").read_bytes()
