from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from media.frames import Frame
from media.motion import NOISE, Highlights, Moment, MotionMap, MotionTrail, follow, liveliest
from media.probe import probe
from media.sampler import plan, sample
from tests.clips import make_clip

SIZE = (320, 180)


def walker(index: int, at: tuple[int, int], width: int = 320) -> NDArray[np.uint8]:
    """A dark street in which a small bright square shakes round a place (row, column)."""
    image = np.full((180, width, 3), 40, dtype=np.uint8)
    top, left = at[0] + (index % 2) * 10, at[1] + (index % 3) * 5
    image[top : top + 30, left : left + 16] = 220
    return image


def moments(path: Path, *, most: int = 3, share: float = 0.6) -> tuple[Moment, ...]:
    info = probe(path)
    kept = Highlights(most, share)
    with sample(path, info, plan(info, min_fps=2.5), passed_step_ms=100) as frames:
        for _ in follow(frames, kept):
            pass
    return kept.moments


def grey(value: float) -> MotionMap:
    return np.full((36, 64), value, dtype=np.float32)


def test_the_square_lies_where_something_moves(tmp_path: Path) -> None:
    for at in ((20, 30), (120, 250)):
        clip = make_clip(
            tmp_path / f"{at[0]}.mp4", pictures=[walker(each, at) for each in range(48)]
        )
        found = moments(clip)
        assert len(found) == 3
        for moment in found:
            assert moment.image.shape == (108, 108, 3)
            assert (moment.image > 180).any(axis=2).sum() > 200, "the moving thing is in the square"


def test_a_still_picture_gives_its_middle_and_no_energy(tmp_path: Path) -> None:
    found = moments(make_clip(tmp_path / "still.mp4", pattern="still"))
    assert {moment.energy for moment in found} == {0.0}
    assert liveliest(grey(0), 180, 320, 0.5).left == 115


def test_one_frame_is_a_moment_without_energy(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "one.mp4", pictures=[walker(0, (20, 30))])
    (only,) = moments(clip)
    assert (only.pts_ms, only.energy) == (0, 0.0)


@pytest.mark.parametrize("fps", [1, 240])
def test_any_frame_rate_is_followed(tmp_path: Path, fps: int) -> None:
    count = 4 if fps == 1 else 480
    clip = make_clip(
        tmp_path / "odd.mp4", fps=fps, pictures=[walker(each, (20, 30)) for each in range(count)]
    )
    found = moments(clip)
    assert len(found) == 3
    assert all(np.isfinite(moment.energy) for moment in found)
    assert found[-1].energy > 0


def test_the_same_clip_gives_the_same_moments(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mp4", pictures=[walker(each, (60, 200)) for each in range(48)])
    first, second = moments(clip), moments(clip)
    assert [(each.pts_ms, each.energy) for each in first] == [
        (each.pts_ms, each.energy) for each in second
    ]
    assert all(np.array_equal(a.image, b.image) for a, b in zip(first, second, strict=True))


def test_the_liveliest_moments_are_kept_in_order_of_time(tmp_path: Path) -> None:
    still = [walker(0, (60, 100))] * 24
    moving = [walker(each, (60, 100)) for each in range(24)]
    found = moments(make_clip(tmp_path / "late.mp4", seconds=2, pictures=still + moving), most=2)
    assert [each.pts_ms for each in found] == sorted(each.pts_ms for each in found)
    assert all(each.pts_ms > 1000 for each in found)


def test_frames_are_given_on_unchanged(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "cuts.mp4", pattern="cuts", seconds=3)
    info = probe(clip)
    with sample(clip, info, plan(info)) as plain:
        expected = [(frame.pts_ms, frame.scene_cut) for frame in plain]
    with sample(clip, info, plan(info), passed_step_ms=100) as frames:
        given_on = [(frame.pts_ms, frame.scene_cut) for frame in follow(frames, Highlights(1, 0.5))]
    assert given_on == expected


def test_a_cut_is_no_motion() -> None:
    trail = MotionTrail()
    trail.see(grey(0), 0)
    trail.see(grey(200), 40, cut=True)
    assert trail.around(40).max() == 0
    trail.see(grey(0), 80)
    assert trail.around(40).max() == 200 - NOISE


def test_what_moves_shortly_before_and_after_counts_and_nothing_else() -> None:
    trail = MotionTrail()
    for number in range(20):
        trail.see(grey(100 * (number % 2)), number * 100)
    step = 100 - NOISE
    assert trail.around(900).max() == 4 * step
    assert trail.around(1900).max() == 2 * step
    assert trail.around(5000).max() == 0


def test_steps_longer_than_the_reach_count_whole() -> None:
    trail = MotionTrail()
    for number in range(3):
        trail.see(grey(50 * number), number * 1000)
    assert trail.around(1000).max() == 2 * (50 - NOISE)


def test_time_stamps_that_stand_still_do_not_pile_up() -> None:
    trail = MotionTrail()
    for number in range(500):
        trail.see(grey(100 * (number % 2)), 0)
    assert trail.around(0).max() <= 64 * 100


def test_a_trail_without_pictures_is_an_error() -> None:
    with pytest.raises(ValueError, match="no picture"):
        MotionTrail().around(0)


def test_a_picture_that_is_not_kept_is_not_made() -> None:
    made: list[int] = []

    def picture(number: int) -> NDArray[np.uint8]:
        made.append(number)
        return np.zeros((8, 8, 3), dtype=np.uint8)

    kept = Highlights(1, 0.5, least=2.0)
    for number, energy in enumerate((1.0, 5.0, 3.0, 5.0, 6.0)):
        kept.see(number * 400, grey(energy), lambda number=number: picture(number))  # type: ignore[misc]
    assert made == [1, 4]
    assert [moment.pts_ms for moment in kept.moments] == [1600]


@settings(max_examples=200, deadline=None)
@given(
    rows=st.integers(1, 40),
    columns=st.integers(1, 70),
    height=st.integers(1, 500),
    width=st.integers(1, 500),
    share=st.floats(0.01, 1.0),
    seed=st.integers(0, 9),
)
def test_the_square_always_lies_inside(
    rows: int, columns: int, height: int, width: int, share: float, seed: int
) -> None:
    motion = np.random.default_rng(seed).random((rows, columns), dtype=np.float32)
    square = liveliest(motion, height, width, share)
    assert 0 <= square.top <= height - square.side
    assert 0 <= square.left <= width - square.side
    assert 1 <= square.side <= min(height, width)


def test_what_cannot_be_looked_at_is_an_error() -> None:
    with pytest.raises(ValueError, match="most"):
        Highlights(0, 0.5)
    for share in (0.0, 1.5):
        with pytest.raises(ValueError, match="share"):
            liveliest(grey(1), 10, 10, share)
    with pytest.raises(ValueError, match="above 0"):
        liveliest(grey(1), 0, 10, 0.5)


def test_frames_without_neighbours_are_followed_too() -> None:
    frames = [
        Frame(number, number * 400, walker(number, (20, 200)), scene_cut=False)
        for number in range(4)
    ]
    kept = Highlights(2, 0.6)
    assert len(list(follow(frames, kept))) == 4
    assert all(moment.energy > 0 for moment in kept.moments)
