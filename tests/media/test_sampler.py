from __future__ import annotations

import dataclasses
import itertools
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from media.errors import Cancelled
from media.frames import Frame
from media.limits import MediaLimits
from media.probe import probe
from media.refusals import ClipRefused
from media.sampler import Coverage, plan, sample
from tests.clips import join_clips, make_clip, picture, real_clip, rotate

EVERY_KIND = [
    "gop1s", "gop250", "gop_half", "no_b", "sound", "hevc", "vp8", "vp9", "h264_mkv",
    "mpeg4_avi", "h264_avi", "gif",
]  # fmt: skip


def look(
    path: Path, *, min_fps: float = 2.0, every_frame: bool = False, short_side: int = 256
) -> tuple[list[Frame], Coverage]:
    info = probe(path)
    stream = sample(
        path, info, plan(info, min_fps=min_fps, every_frame=every_frame), short_side=short_side
    )
    return list(stream), stream.coverage


@pytest.mark.parametrize("name", EVERY_KIND)
@pytest.mark.parametrize("min_fps", [2.0, 5.0])
def test_covers_every_kind_of_clip(clips: dict[str, Path], name: str, min_fps: float) -> None:
    info = probe(clips[name])
    frames, coverage = look(clips[name], min_fps=min_fps)
    times = [frame.pts_ms for frame in frames]
    assert times[0] == 0
    assert times[-1] == info.packets.pts_ms.max()
    assert np.diff(times).max() <= 1000 / min_fps
    assert coverage == Coverage(
        strategy=plan(info, min_fps=min_fps).strategy,
        interval_ms=int(1000 / min_fps),
        frame_count=len(frames),
        scene_cuts=sum(frame.scene_cut for frame in frames),
        max_gap_ms=int(np.diff(times).max()),
        duration_ms=info.duration_ms,
    )
    assert [frame.index for frame in frames] == list(range(len(frames)))


def test_picks_the_cheapest_strategy_that_is_dense_enough(clips: dict[str, Path]) -> None:
    assert plan(probe(clips["gop_half"])).strategy == "keyframes"
    assert plan(probe(clips["gop1s"])).strategy == "skip_nonref"
    assert plan(probe(clips["gop250"])).strategy == "skip_nonref"
    assert plan(probe(clips["no_b"])).strategy == "all"
    assert plan(probe(clips["gop250"]), every_frame=True).strategy == "all"
    # At twelve a second even the pictures that others refer to are too few.
    assert plan(probe(clips["gop250"]), min_fps=12).strategy == "all"


def test_a_keyframe_every_second_spares_most_of_the_decoding(clips: dict[str, Path]) -> None:
    info = probe(clips["gop1s"])
    assert plan(info).decoded_packets < info.frame_count / 2
    assert plan(info, every_frame=True).decoded_packets == info.frame_count


@pytest.mark.parametrize("fps", [1.9, 0.0, -1.0, 121.0, float("nan")])
def test_no_plan_goes_below_two_a_second(clips: dict[str, Path], fps: float) -> None:
    with pytest.raises(ValueError, match="min_fps"):
        plan(probe(clips["no_b"]), min_fps=fps)


def test_takes_each_scene(clips: dict[str, Path]) -> None:
    frames, coverage = look(clips["cuts"])
    assert [frame.pts_ms for frame in frames if frame.scene_cut] == [1000, 2000, 3000, 4000]
    assert coverage.scene_cuts == 4


def test_takes_a_flash_of_a_single_picture(clips: dict[str, Path]) -> None:
    frames, _ = look(clips["flash"], every_frame=True)
    flash = [frame for frame in frames if frame.image.mean() > 200]
    assert [(frame.pts_ms, frame.scene_cut) for frame in flash] == [(833, True)]


def test_finds_the_joins_of_real_clips(tmp_path: Path) -> None:
    names = ["bikes.mp4", "bigbuckbunny.mp4", "carphone_pristine.mp4"]
    frames, _ = look(join_clips(tmp_path / "joined.mp4", [real_clip(name) for name in names]))
    assert [frame.pts_ms for frame in frames if frame.scene_cut] == [1000, 2000]


def test_a_still_clip_has_no_cuts(tmp_path: Path) -> None:
    _, coverage = look(make_clip(tmp_path / "still.mp4", pattern="still"))
    assert coverage.scene_cuts == 0


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_frames_come_upright(tmp_path: Path, degrees: int) -> None:
    plain = make_clip(tmp_path / "plain.mp4", pattern="corners", seconds=0.5)
    frames, _ = look(rotate(plain, tmp_path / "turned.mp4", degrees), short_side=90)
    image = frames[0].image
    assert image.shape == ((90, 160, 3) if degrees % 180 == 0 else (160, 90, 3))
    # The red quarter starts at the top left and moves clockwise.
    height, width = image.shape[:2]
    corner = {0: (0, 0), 90: (0, 1), 180: (1, 1), 270: (1, 0)}[degrees]
    spot = image[height // 4 + corner[0] * height // 2, width // 4 + corner[1] * width // 2]
    assert spot[0] > 150
    assert spot[1] < 80


def test_colours_and_pictures_are_those_that_went_in(clips: dict[str, Path]) -> None:
    frames, _ = look(clips["no_b"], short_side=180)
    for frame in frames:
        drawn = picture(round(frame.pts_ms * 24 / 1000), (320, 180)).astype(int)
        assert np.abs(drawn - frame.image).mean() < 8


@pytest.mark.parametrize(("short_side", "shape"), [(90, (90, 160, 3)), (400, (180, 320, 3))])
def test_scales_down_only(
    clips: dict[str, Path], short_side: int, shape: tuple[int, int, int]
) -> None:
    frames, _ = look(clips["no_b"], short_side=short_side)
    assert {frame.image.shape for frame in frames} == {shape}
    assert all(frame.image.dtype == np.uint8 for frame in frames)


def test_samples_by_time_where_the_rate_varies(tmp_path: Path) -> None:
    times = [0, 40, 80, 120, 400, 900, 1500, 1900, 1940, 3000]
    frames, coverage = look(make_clip(tmp_path / "vfr.mp4", pts=times, pattern="still"))
    # The clip itself shows nothing new for 600 ms and for 1 060 ms.
    assert [frame.pts_ms for frame in frames] == [0, 400, 900, 1500, 1940, 3000]
    assert coverage.max_gap_ms == 1060


def test_one_picture_is_a_clip(tmp_path: Path) -> None:
    frames, coverage = look(make_clip(tmp_path / "one.mp4", pts=[0]))
    assert len(frames) == 1
    assert coverage.max_gap_ms == 0


def test_a_change_of_size_in_mid_stream_is_followed(tmp_path: Path) -> None:
    clip = _two_sizes(tmp_path)
    info = probe(clip)
    shapes = {frame.image.shape for frame in sample(clip, info, plan(info), short_side=1000)}
    assert shapes == {(48, 64, 3), (96, 128, 3)}
    tight = dataclasses.replace(info, limits=MediaLimits(max_width=100))
    with pytest.raises(ClipRefused) as caught:
        list(sample(clip, tight, plan(tight)))
    assert caught.value.reason == "CLIP_TOO_LARGE_PICTURE"


def _two_sizes(folder: Path) -> Path:
    """An AVI of JPEG pictures, whose second half is replaced by pictures of another size."""
    path = make_clip(
        folder / "two.avi", codec="mjpeg", size=(64, 48), pattern="noise", options={"b": "9M"}
    )
    data = bytearray(path.read_bytes())
    at = data.index(b"movi") + 4
    for index in range(48):
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        if index >= 24:
            flat = picture(0, (128, 96), "flash")
            done, jpeg = cv2.imencode(".jpg", flat, [cv2.IMWRITE_JPEG_QUALITY, 20])
            assert done
            assert len(jpeg) <= length
            data[at + 8 : at + 8 + length] = jpeg.tobytes().ljust(length, b"\0")
        at += 8 + length + length % 2
    path.write_bytes(data)
    return path


def test_the_same_bytes_give_the_same_frames_in_another_process(clips: dict[str, Path]) -> None:
    script = (
        "import hashlib, sys; from pathlib import Path; from media.probe import probe\n"
        "from media.sampler import plan, sample\n"
        "path = Path(sys.argv[1]); info = probe(path); digest = hashlib.sha256()\n"
        "for f in sample(path, info, plan(info)):\n"
        "    digest.update(f'{f.index} {f.pts_ms} {f.scene_cut}'.encode() + f.image.tobytes())\n"
        "print(digest.hexdigest())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", script, str(clips["gop250"])],
            check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2],
        ).stdout
        for _ in range(2)
    }  # fmt: skip
    assert len(runs) == 1


def test_stops_when_told_and_asks_once_a_packet(clips: dict[str, Path]) -> None:
    info = probe(clips["no_b"])
    asked = 0

    def after(limit: int) -> Callable[[], bool]:
        def should_stop() -> bool:
            nonlocal asked
            asked += 1
            return asked > limit

        return should_stop

    with pytest.raises(Cancelled):
        list(sample(clips["no_b"], info, plan(info), should_stop=after(10)))
    assert asked == 11
    asked = 0
    list(sample(clips["no_b"], info, plan(info), should_stop=after(10_000)))
    assert info.frame_count <= asked <= info.frame_count + 2


def test_can_be_left_early(clips: dict[str, Path]) -> None:
    info = probe(clips["no_b"])
    with sample(clips["no_b"], info, plan(info)) as stream:
        assert next(stream).pts_ms == 0
    with pytest.raises(StopIteration):
        next(stream)
    assert stream.coverage.frame_count == 1


def test_another_clip_than_the_one_that_was_probed_is_not_whole(clips: dict[str, Path]) -> None:
    info = probe(clips["gop250"])
    with pytest.raises(ClipRefused) as caught:
        list(sample(clips["sound"], info, plan(info)))
    assert caught.value.reason == "CLIP_NOT_WHOLE"


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    fps=st.integers(2, 60),
    count=st.integers(1, 90),
    gop=st.integers(1, 250),
    bframes=st.integers(0, 5),
    min_fps=st.floats(2, 15),
    suffix=st.sampled_from([".mp4", ".mkv"]),
    every_frame=st.booleans(),
)
def test_no_gap_is_longer_than_the_interval(
    tmp_path: Path,
    fps: int,
    count: int,
    gop: int,
    bframes: int,
    min_fps: float,
    suffix: str,
    every_frame: bool,
) -> None:
    clip = make_clip(
        tmp_path / f"any{suffix}", seconds=count / fps, fps=fps, gop=gop, bframes=bframes,
        size=(64, 48),
    )  # fmt: skip
    info = probe(clip)
    assert info.frame_count == count
    stream = sample(clip, info, plan(info, min_fps=min_fps, every_frame=every_frame))
    times = [frame.pts_ms for frame in stream]
    assert times[0] == 0
    assert times[-1] == info.packets.pts_ms.max()
    assert max(np.diff(times), default=0) <= 1000 / min_fps + 1000 / fps + 1
    assert stream.coverage.max_gap_ms == max(np.diff(times), default=0)


@pytest.mark.parametrize("name", EVERY_KIND)
def test_gives_what_it_passed_where_it_is_asked_to(clips: dict[str, Path], name: str) -> None:
    info = probe(clips[name])
    chosen = plan(info)
    plain = list(sample(clips[name], info, chosen))
    frames = list(sample(clips[name], info, chosen, passed_step_ms=80))
    assert [frame.pts_ms for frame in frames] == [frame.pts_ms for frame in plain]
    assert all(frame.passed == () for frame in plain)
    for before, frame in itertools.pairwise(frames):
        times = [before.pts_ms, *(each.pts_ms for each in frame.passed)]
        assert all(later - earlier >= 80 for earlier, later in itertools.pairwise(times))
        assert times[-1] < frame.pts_ms
    # Where every picture is decoded, none is left out for long.
    if chosen.strategy == "all":
        seen = [at for frame in frames for at in (*(p.pts_ms for p in frame.passed), frame.pts_ms)]
        assert np.diff(seen).max() <= 80 + info.frame_gap_ms


@pytest.mark.parametrize("name", ["gop250", "vp9"])
def test_what_it_passed_are_the_pictures_of_a_full_decoding(
    clips: dict[str, Path], name: str
) -> None:
    info = probe(clips[name])
    every = plan(info, min_fps=120, every_frame=True)
    known = {frame.pts_ms: frame.image for frame in sample(clips[name], info, every)}
    passed = [
        each
        for frame in sample(clips[name], info, plan(info), passed_step_ms=100)
        for each in frame.passed
    ]
    assert passed
    for each in passed:
        assert np.array_equal(each.image(), known[each.pts_ms])


def test_large_pictures_are_passed_scaled(tmp_path: Path) -> None:
    pictures = [np.full((1100, 1928, 3), 10 * index, dtype=np.uint8) for index in range(24)]
    clip = make_clip(tmp_path / "large.mp4", gop=24, bframes=0, pictures=pictures)
    info = probe(clip)
    frames = list(sample(clip, info, plan(info), passed_step_ms=100))
    images = [each.image() for frame in frames for each in frame.passed]
    assert images
    assert {image.shape for image in images} == {frames[0].image.shape}
    assert len({int(image.mean()) // 5 for image in images}) == len(images)
