from __future__ import annotations

from pathlib import Path

import pytest

from media.errors import Cancelled
from media.probe import probe
from media.refusals import ClipNotWhole
from media.whole import check_whole
from tests.clips import make_clip, make_hostile, real_clip
from tests.media.test_sampler import EVERY_KIND


@pytest.mark.parametrize("name", EVERY_KIND)
def test_accepts_each_kind_of_whole_clip(clips: dict[str, Path], name: str) -> None:
    check_whole(clips[name], probe(clips[name]))


@pytest.mark.parametrize("name", ["bikes.mp4", "bigbuckbunny.mp4", "carphone_distorted.mp4"])
def test_accepts_real_clips(name: str) -> None:
    path = real_clip(name)
    check_whole(path, probe(path))


def test_refuses_a_clip_with_overwritten_packets(tmp_path: Path) -> None:
    path = make_hostile("damaged", tmp_path)
    with pytest.raises(ClipNotWhole):
        check_whole(path, probe(path))


@pytest.mark.parametrize("length", [200, 2_000])
def test_refuses_a_clip_with_a_hole(tmp_path: Path, length: int) -> None:
    plain = make_clip(tmp_path / "plain.mp4", pattern="noise", size=(128, 96), seconds=1)
    data = bytearray(plain.read_bytes())
    middle = (data.index(b"mdat") + len(data)) // 2
    data[middle : middle + length] = bytes(length)
    path = tmp_path / "hole.mp4"
    path.write_bytes(data)
    with pytest.raises(ClipNotWhole):
        check_whole(path, probe(path))


def test_refuses_a_file_that_changed_after_the_probe(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mp4", seconds=2)
    info = probe(path)
    make_clip(path, seconds=1)
    with pytest.raises(ClipNotWhole):
        check_whole(path, info)


def test_stops_when_told(clips: dict[str, Path]) -> None:
    with pytest.raises(Cancelled):
        check_whole(clips["no_b"], probe(clips["no_b"]), lambda: True)
