"""Mutated clips against real workers: the short run, and that the long one would notice."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.fuzzing import REVIEWED, TIMEOUT_MS, House, fuzz, known_reasons, opened
from media.errors import FramegateError, InvalidInput
from media.refusals import ClipTruncated, ClipUnreadable
from moderation.assembly import load_policy
from moderation.clips.results import Result, Reviewed
from moderation.clips.stage import ClipStage
from moderation.settings import Settings
from moderation.verdict import Sampling
from tests.house import settings_for
from tests.mutations import CANARY, MUTATIONS, base_clips, mutated, pieces

SEED = 20
MUTANTS = 300


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return base_clips(tmp_path_factory.mktemp("bases"))


def _settings(folder: Path) -> Settings:
    # No model files: what can be decoded is judged as what could not be checked.
    return settings_for(
        folder / "home", cache=folder / "none", clip_workers=2, review_timeout_ms=TIMEOUT_MS
    )


async def test_mutated_clips_end_in_a_judgement_or_a_named_error(
    tmp_path: Path, clips: dict[str, bytes]
) -> None:
    async with opened(_settings(tmp_path), tmp_path) as house:
        report = await fuzz(house, clips, range(MUTANTS), seed=SEED, at_once=2)
    assert report.problems == []
    assert report.notable == []
    assert report.outcomes.total() == MUTANTS
    # Some still show pictures, and many different things are wrong with the others.
    assert MUTANTS // 10 < report.outcomes[REVIEWED] < MUTANTS * 9 // 10
    assert len(report.outcomes) >= 8
    assert set(report.outcomes) <= known_reasons() | {REVIEWED}
    assert "ALLOW" not in report.decisions


def test_a_mutant_is_the_same_bytes_each_time(clips: dict[str, bytes]) -> None:
    for index in range(100):
        assert mutated(clips, SEED, index) == mutated(clips, SEED, index)
    assert len({mutated(clips, SEED, index)[0] for index in range(100)}) > 90
    assert mutated(clips, SEED, 1) != mutated(clips, SEED + 1, 1)


def test_every_mutation_is_made(clips: dict[str, bytes]) -> None:
    steps = {step for index in range(600) for step in mutated(clips, SEED, index)[1].split()}
    assert steps == set(clips) | {mutation.__name__ for mutation in MUTATIONS}


def test_pieces_nest_and_cover_a_clip(clips: dict[str, bytes]) -> None:
    for name, data in clips.items():
        found = pieces(data)
        assert bool(found) != name.endswith(".gif")
        for piece in found:
            assert piece.start < piece.body <= piece.end <= len(data)
            assert all(outer.start < piece.start for outer in piece.around)
            assert all(piece.end <= outer.end for outer in piece.around)
    inner = {name: max((len(piece.around) for piece in pieces(clips[name])), default=0)
             for name in ("header-first.mp4", "vp8.webm", "mpeg4.avi")}  # fmt: skip
    assert min(inner.values()) >= 2


class _Answering:
    """An executor that gives one answer or raises one error, to see what the run makes of it."""

    def __init__(self, answer: Result | Exception) -> None:
        self._answer = answer

    async def submit(self, *_: object, **__: object) -> Result:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer

    async def close(self) -> None:
        """Nothing runs."""


class _Strange(FramegateError):
    """A reason that no clip is refused for."""

    reason = "STRANGE"


async def _problem(tmp_path: Path, answer: Result | Exception) -> str:
    settings = _settings(tmp_path)
    folder = tmp_path / "mutants"
    folder.mkdir()
    house = House(ClipStage(settings, load_policy(settings), _Answering(answer)), folder)
    return (await house.review(b"clip", "mutant")).problem


def _reviewed(frames: int) -> Reviewed:
    sampling = Sampling(
        strategy="all", interval_ms=500, frame_count=frames, scene_cuts=0, max_gap_ms=0,
        duration_ms=0,
    )  # fmt: skip
    return Reviewed("mp4", sampling, (0,) * frames, (), (), ())


async def test_the_run_notices_an_answer_without_pictures(tmp_path: Path) -> None:
    assert "without a picture" in await _problem(tmp_path, _reviewed(0))


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (_Strange("the clip is strange", field="clip"), "STRANGE"),
        (ClipTruncated(f"the clip {CANARY} ends"), "path or text"),
        (ClipTruncated("the clip ends", limit="/secret-folder-of-mutants/mutant"), "path or text"),
        (InvalidInput("the clip is bad", field="clip"), "INVALID_INPUT"),
        (ClipUnreadable("the clip is bad", field=""), "no field"),
        (ZeroDivisionError(), "ZeroDivisionError"),
    ],
)
async def test_the_run_notices_a_wrong_error(
    tmp_path: Path, error: Exception, problem: str
) -> None:
    assert problem in await _problem(tmp_path, error)


async def test_the_run_lets_a_right_error_pass(tmp_path: Path) -> None:
    assert await _problem(tmp_path, ClipTruncated("the clip ends", limit=5, actual=9)) == ""
