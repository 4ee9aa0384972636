"""Odd clips by the table: looked at as a whole, or refused for the reason that it names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from media.errors import FramegateError
from media.probe import ClipInfo, probe
from media.refusals import ClipRefused
from media.sampler import FrameStream, plan, sample
from media.whole import check_whole
from tests.clips import make_clip
from tests.odd_clips import ODD, REVIEWED, make_odd
from tests.surgery import Edit, with_edits

SIZE = (64, 48)


def look(path: Path) -> tuple[ClipInfo, FrameStream, list[int]]:
    """Review a clip; returns what it is, its stream of frames, and the times of the frames."""
    info = probe(path)
    stream = sample(path, info, plan(info))
    return info, stream, [frame.pts_ms for frame in stream]


@pytest.mark.parametrize("name", [name for name, odd in ODD.items() if odd.outcome == REVIEWED])
def test_what_a_player_shows_is_looked_at(tmp_path: Path, name: str) -> None:
    path = make_odd(name, tmp_path)
    info, stream, times = look(path)
    assert info.frame_count == ODD[name].pictures
    check_whole(path, info)
    assert times[0] == 0
    assert times[-1] == info.packets.pts_ms.max()
    assert stream.coverage.max_gap_ms <= max(500, info.frame_gap_ms)


@pytest.mark.parametrize("name", [name for name, odd in ODD.items() if odd.outcome != REVIEWED])
def test_what_players_differ_in_is_refused(tmp_path: Path, name: str) -> None:
    path = make_odd(name, tmp_path)
    with pytest.raises(ClipRefused) as caught:
        look(path)
    assert caught.value.reason == ODD[name].outcome
    assert caught.value.field == "clip"
    assert caught.value.code == "INVALID_ARGUMENT"
    assert not caught.value.retryable
    assert str(path) not in str(caught.value)


def test_pictures_turned_by_the_header_come_upright(tmp_path: Path) -> None:
    # The table says that they are looked at; which way up is told by the matrix.
    for degrees in (90, 180, 270):
        assert probe(make_odd(f"rotated_{degrees}", tmp_path)).rotation == degrees


def test_a_change_of_size_is_looked_at_on_both_sides(tmp_path: Path) -> None:
    path = make_odd("changing_size", tmp_path)
    info = probe(path)
    shapes = {frame.image.shape for frame in sample(path, info, plan(info))}
    assert shapes == {(48, 64, 3), (32, 160, 3)}


def test_high_dynamic_range_gives_pictures_of_eight_bits(tmp_path: Path) -> None:
    for name in ("hdr_h264", "hdr_hevc", "hdr_av1"):
        path = make_odd(name, tmp_path)
        info = probe(path)
        for frame in sample(path, info, plan(info)):
            assert frame.image.dtype == np.uint8
            assert frame.image.std() > 10


_TRUNCATED = {
    "header_first.mp4": {"fps": 12},
    "header_last.mp4": {"fps": 12, "faststart": False},
    "sound.mp4": {"fps": 12, "audio": True, "faststart": False},
    "fragments.mp4": {
        "fps": 12,
        "gop": 6,
        "muxing": {"movflags": "frag_keyframe+empty_moov+default_base_moof"},
    },
    "quicktime.mov": {"fps": 12},
    "vp8.webm": {"fps": 12, "codec": "libvpx"},
    "live.webm": {"fps": 12, "codec": "libvpx", "muxing": {"live": "1"}},
    "h264.mkv": {"fps": 12, "bframes": 2},
    "mpeg4.avi": {"fps": 12, "codec": "mpeg4"},
    "clip.gif": {"fps": 12, "codec": "gif"},
}


@pytest.mark.parametrize("name", _TRUNCATED)
def test_a_clip_cut_at_any_tenth_is_refused(tmp_path: Path, name: str) -> None:
    whole = make_clip(tmp_path / name, seconds=2, size=SIZE, **_TRUNCATED[name])  # type: ignore[arg-type]
    data = whole.read_bytes()
    assert look(whole)[0].frame_count == 24
    reasons = set()
    for tenth in range(1, 10):
        path = tmp_path / f"cut{tenth}"
        path.write_bytes(data[: len(data) * tenth // 10])
        with pytest.raises(FramegateError) as caught:
            look(path)
        reasons.add(caught.value.reason)
    assert reasons <= {"CLIP_TRUNCATED", "CLIP_UNREADABLE", "CLIP_NOT_WHOLE"}


def test_an_edit_list_hides_nothing(tmp_path: Path) -> None:
    # Players show the last second only; every picture is looked at all the same.
    plain = make_clip(tmp_path / "plain.mp4", seconds=3, size=SIZE, faststart=False)
    edited = with_edits(plain, tmp_path / "edited.mp4", [Edit(1000, 2000)])
    assert look(edited)[2] == look(plain)[2]


@pytest.mark.parametrize(
    ("seconds", "edit", "reviewed"),
    [
        (3, Edit(1000, 1000), True),  # two sampling intervals: at least one sample lies within
        (3, Edit(990, 1000), False),
        (0.5, Edit(500, 0), True),  # all of a short clip
        (0.5, Edit(460, 0), True),  # but for its last picture
        (0.5, Edit(250, 100), False),
        (0.5, Edit(0, 0), True),  # no length means all of it
    ],
)
def test_an_edit_shows_enough_to_be_sampled(
    tmp_path: Path, seconds: float, edit: Edit, reviewed: bool
) -> None:
    plain = make_clip(tmp_path / "plain.mp4", seconds=seconds, size=SIZE, faststart=False)
    # The headers agree with the edit list, so that it alone can be the reason.
    edited = with_edits(plain, tmp_path / "edited.mp4", [edit])
    if reviewed:
        assert look(edited)[2] == look(plain)[2]
        return
    with pytest.raises(ClipRefused) as caught:
        look(edited)
    assert (caught.value.reason, caught.value.limit) == ("CLIP_AMBIGUOUS", 1000)
    assert caught.value.actual == edit.length_ms


# Not x265: with slices its encoder writes past its own memory now and then.
@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_picture_of_several_slices_is_one_picture(
    tmp_path: Path, codec: str, suffix: str
) -> None:
    options = {
        "libx264": {"x264-params": "slices=4:keyint=12:bframes=2:tff=1"},
    }.get(codec, {})
    path = make_clip(
        tmp_path / f"sliced{suffix}", size=(128, 160), codec=codec, options=options, bframes=2,
        fps=12,
    )  # fmt: skip
    assert look(path)[0].frame_count == 24
