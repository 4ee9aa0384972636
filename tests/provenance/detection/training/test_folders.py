"""An operator's folders: what is refused, what is left out, and what counts as a copy."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import Cancelled
from media.limits import MediaLimits
from provenance.detection.training import folders as folders_module
from provenance.detection.training.copies import joined
from provenance.detection.training.errors import (
    ExampleInBothClasses,
    TooFewExamples,
    TooManyExamples,
)
from provenance.detection.training.examples import LeftOut
from provenance.detection.training.folders import LEAST, Found, attempt, opened
from tests.clips import make_clip
from tests.provenance.detection.training.example_clips import example, folders, scene


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("clean")
    folders(base, LEAST)
    return base


@pytest.fixture
def base(clean: Path, tmp_path: Path) -> Path:
    shutil.copytree(clean, tmp_path / "clips")
    return tmp_path / "clips"


def look(base: Path) -> tuple[list[Found], dict[str, str]]:
    left_out: list[LeftOut] = []
    told: list[str] = []
    found = opened(base / "generated", base / "real", MediaLimits(), left_out, told.append)
    assert len(told) == len(left_out)
    return found, {each.name: each.reason for each in left_out}


def test_what_is_no_clip_is_named_and_left_out(base: Path) -> None:
    (base / "real" / "notes.txt").write_text("no clip")
    (base / "real" / "empty.mp4").write_bytes(b"")
    (base / "generated" / "cut.mp4").write_bytes((base / "generated" / "00.mp4").read_bytes()[:900])
    (base / "generated" / ".hidden").write_text("not even named")
    (base / "real" / "gone.mp4").symlink_to(base / "nowhere")
    os.mkfifo(base / "real" / "pipe.mp4")
    example(base / "real" / "deep" / "er" / "one.mp4", 77, grain=True)
    make_clip(base / "real" / "short.mp4", fps=8, seconds=0.5, size=(160, 120))
    make_clip(base / "real" / "small.mp4", fps=8, seconds=2, size=(96, 64))
    found, left_out = look(base)
    assert sorted(left_out) == [
        "generated/cut.mp4", "real/empty.mp4", "real/notes.txt", "real/short.mp4", "real/small.mp4",
    ]  # fmt: skip
    clips = [one.clip for one in found]
    assert len({clip.kind for clip in clips}) == len({clip.group for clip in clips}) == 25
    assert {clip.lines for clip in clips} == {120}
    assert "1000 ms" in left_out["real/short.mp4"]
    assert "96 lines" in left_out["real/small.mp4"]
    assert len(found) == 2 * LEAST + 1


@pytest.mark.parametrize("side", ["generated", "real"])
def test_a_folder_with_too_few_clips_is_refused(base: Path, side: str) -> None:
    for path in sorted((base / side).iterdir())[1:]:
        path.unlink()
    with pytest.raises(TooFewExamples) as caught:
        look(base)
    assert (caught.value.field, caught.value.limit, caught.value.actual) == (side, LEAST, 1)
    next((base / side).iterdir()).unlink()
    with pytest.raises(TooFewExamples, match=f"--{side} holds 0 usable clips"):
        look(base)


def test_copies_do_not_make_up_the_number(base: Path) -> None:
    for number in range(1, LEAST):
        path = base / "real" / f"{number:02d}.mp4"
        path.unlink()
        # The same pictures in another encoding each: other bytes, no other clip.
        pictures = list(scene(1000, grain=True))
        make_clip(path, fps=8, pictures=pictures, options={"crf": str(10 + number)})
    with pytest.raises(TooFewExamples) as caught:
        look(base)
    assert caught.value.actual == 1


def test_the_same_file_in_both_folders_is_refused(base: Path) -> None:
    shutil.copy(base / "generated" / "03.mp4", base / "real" / "mine.mp4")
    with pytest.raises(ExampleInBothClasses, match=r"generated/03\.mp4 and real/mine\.mp4"):
        look(base)


def test_the_same_folder_twice_is_refused(base: Path) -> None:
    with pytest.raises(ExampleInBothClasses):
        opened(base / "real", base / "real", MediaLimits(), [], lambda _: None)


def test_copies_are_known_as_such(base: Path) -> None:
    shutil.copy(base / "real" / "03.mp4", base / "real" / "zz.mp4")
    pictures = list(scene(4, grain=False))
    make_clip(base / "real" / "again.mp4", fps=8, pictures=pictures, options={"crf": "30"})
    found, left_out = look(base)
    assert left_out == {"real/zz.mp4": "the same file as real/03.mp4"}
    groups = {one.clip.name: one.clip.group for one in found}
    # Its copy is in the other folder: they are left out together.
    assert groups["real/again.mp4"] == groups["generated/04.mp4"] != groups["generated/05.mp4"]


def test_folders_are_groups_where_there_are_three(base: Path) -> None:
    for number in range(LEAST):
        for side, kinds in (("real", 3), ("generated", 2)):
            target = base / side / f"from {number % kinds}"
            target.mkdir(exist_ok=True)
            (base / side / f"{number:02d}.mp4").rename(target / f"{number:02d}.mp4")
    example(base / "real" / "alone.mp4", 88, grain=True)
    found, _ = look(base)
    assert len({one.clip.group for one in found if not one.clip.fake}) == 3 + 1
    assert len({one.clip.group for one in found if one.clip.fake}) == LEAST


def test_too_many_files_are_refused_before_they_are_read(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders_module, "MOST", LEAST - 1)
    with pytest.raises(TooManyExamples) as caught:
        look(base)
    assert (caught.value.field, caught.value.actual) == ("generated", LEAST)


def test_a_cancelled_run_is_no_bad_file() -> None:
    def work() -> None:
        raise Cancelled("away")

    with pytest.raises(Cancelled):
        attempt("a", [], lambda _: None, work)


@given(st.integers(1, 12), st.data())
def test_joining_is_an_equivalence(count: int, data: st.DataObject) -> None:
    places = st.integers(0, count - 1)
    pairs = data.draw(st.lists(st.tuples(places, places), max_size=20))
    found = joined(count, pairs)
    assert all(found[one] == found[other] for one, other in pairs)
    assert all(found[each] == each for each in found)
    # No more is joined than the pairs ask for.
    assert len(set(found)) >= count - len(pairs)
