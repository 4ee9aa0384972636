from __future__ import annotations

import dataclasses
import pickle
from pathlib import Path

import pytest

from media.errors import InvalidInput
from media.limits import MediaLimits
from media.probe import probe
from media.refusals import ClipRefused
from tests.clips import make_clip, patch_durations, real_clip, rotate

KINDS = {
    "gop1s": ("mp4", "h264", 72, 24.0),
    "hevc": ("mp4", "hevc", 48, 24.0),
    "vp8": ("matroska", "vp8", 48, 24.0),
    "vp9": ("matroska", "vp9", 48, 24.0),
    "h264_mkv": ("matroska", "h264", 48, 24.0),
    "mpeg4_avi": ("avi", "mpeg4", 48, 24.0),
    "gif": ("gif", "gif", 20, 10.0),
}


@pytest.mark.parametrize("name", KINDS)
def test_names_container_codec_count_and_rate(clips: dict[str, Path], name: str) -> None:
    info = probe(clips[name])
    container, codec, count, fps = KINDS[name]
    assert (info.container, info.codec, info.frame_count) == (container, codec, count)
    assert info.fps == pytest.approx(fps, rel=0.01)
    assert info.duration_ms == pytest.approx(count / fps * 1000, abs=3)
    assert (info.width, info.height) == (320, 180)
    assert not info.variable_frame_rate


def test_tells_keyframe_gaps_apart(clips: dict[str, Path]) -> None:
    assert probe(clips["gop_half"]).keyframe_gap_ms == 500
    assert probe(clips["gop1s"]).keyframe_gap_ms == 1000
    # One keyframe only: the gap reaches to the last picture.
    assert probe(clips["gop250"]).keyframe_gap_ms == 3958


def test_finds_pictures_that_no_other_needs(clips: dict[str, Path]) -> None:
    assert probe(clips["no_b"]).packets.droppable.sum() == 0
    with_b = probe(clips["gop250"]).packets
    assert 0.4 < with_b.droppable.mean() < 0.8
    assert not with_b.droppable[with_b.keyframe].any()


def test_sees_sound(clips: dict[str, Path]) -> None:
    assert probe(clips["sound"]).has_audio
    assert probe(clips["vp8"]).has_audio
    assert not probe(clips["no_b"]).has_audio


def test_sees_variable_frame_rate(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "vfr.mp4", pts=[0, 40, 80, 400, 440, 900, 1500, 1540])
    info = probe(clip)
    assert info.variable_frame_rate
    assert info.frame_gap_ms == 600
    assert info.packets.pts_ms.max() == 1540


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_reports_rotation_clockwise(clips: dict[str, Path], tmp_path: Path, degrees: int) -> None:
    assert probe(rotate(clips["no_b"], tmp_path / "turned.mp4", degrees)).rotation == degrees


def test_times_start_at_the_first_picture(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "late.mkv", pts=[5000, 5040, 5080, 5120])
    info = probe(clip)
    assert info.packets.pts_ms.min() == 0
    assert info.duration_ms < 400


@pytest.mark.parametrize(
    ("limits", "reason", "limit"),
    [
        (MediaLimits(max_bytes=1000), "CLIP_TOO_LARGE", 1000),
        (MediaLimits(max_duration_ms=1500), "CLIP_TOO_LONG", 1500),
        (MediaLimits(max_width=319), "CLIP_TOO_LARGE_PICTURE", 319),
        (MediaLimits(max_height=179), "CLIP_TOO_LARGE_PICTURE", 179),
        (MediaLimits(max_pixels=57_599), "CLIP_TOO_LARGE_PICTURE", 57_599),
        (MediaLimits(max_frames=71), "CLIP_TOO_MANY_FRAMES", 71),
        (MediaLimits(max_packets=71), "CLIP_TOO_MANY_FRAMES", 71),
    ],
)
def test_holds_each_limit(
    clips: dict[str, Path], limits: MediaLimits, reason: str, limit: int
) -> None:
    with pytest.raises(ClipRefused) as caught:
        probe(clips["gop1s"], limits)
    assert caught.value.reason == reason
    assert caught.value.limit == limit
    assert caught.value.field == "clip"
    assert isinstance(caught.value, InvalidInput)


def test_a_limit_is_inclusive(clips: dict[str, Path]) -> None:
    limits = MediaLimits(
        max_width=320, max_height=180, max_pixels=57_600, max_frames=72, max_duration_ms=3000
    )
    assert probe(clips["gop1s"], limits).frame_count == 72


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(MediaLimits)])
def test_limits_must_be_positive(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        MediaLimits(**{name: 0})


def test_a_header_may_round_its_length(clips: dict[str, Path], tmp_path: Path) -> None:
    # Twice three seconds is far; a claim within a second is not.
    with pytest.raises(ClipRefused, match="far from its packets"):
        probe(patch_durations(clips["gop1s"], tmp_path / "far.mp4", 2, [b"mvhd"]))
    short = make_clip(tmp_path / "short.mp4", seconds=0.5)
    assert probe(patch_durations(short, tmp_path / "near.mp4", 2, [b"mvhd"])).duration_ms == 500


@pytest.mark.parametrize("kind", ["folder", "missing"])
def test_only_regular_files(tmp_path: Path, kind: str) -> None:
    path = tmp_path if kind == "folder" else tmp_path / "none.mp4"
    with pytest.raises(ClipRefused) as caught:
        probe(path)
    assert caught.value.reason == "CLIP_UNREADABLE"


def test_the_name_is_of_no_matter(clips: dict[str, Path], tmp_path: Path) -> None:
    odd = tmp_path / "concat:playlist.m3u8"
    odd.write_bytes(clips["no_b"].read_bytes())
    assert probe(odd).container == "mp4"


def test_travels_between_processes(clips: dict[str, Path]) -> None:
    info = probe(clips["gop1s"])
    again = pickle.loads(pickle.dumps(info))  # noqa: S301
    assert again.packets.pts_ms.tolist() == info.packets.pts_ms.tolist()


def test_real_clips() -> None:
    bunny = probe(real_clip("bigbuckbunny.mp4"))
    assert (bunny.width, bunny.height, bunny.frame_count) == (1280, 720, 132)
    assert bunny.has_audio
    assert bunny.fps == pytest.approx(25, abs=0.1)
    bikes = probe(real_clip("bikes.mp4"))
    assert (bikes.width, bikes.height, bikes.frame_count) == (640, 272, 250)
