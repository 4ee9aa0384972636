"""`framegate models adapt` from two folders of clips to a detector that answers."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from media.errors import FramegateError
from models.errors import SourceUnavailable
from models.registry import Registry
from moderation.cli import adaptation
from moderation.cli.main import root
from provenance.detection import loading
from provenance.detection.detection import MODEL, Detector
from provenance.detection.training import adapting
from provenance.detection.training.adaptation import Adaptation
from provenance.detection.training.comparison import compare
from provenance.detection.training.errors import (
    ExampleInBothClasses,
    InvalidModelFolder,
    ModelFolderTaken,
    TooFewExamples,
)
from tests.clips import cache_folder
from tests.provenance.detection.training.example_clips import example, folders
from tests.provenance.detection.training.test_adapting import made as apart
from tests.provenance.detection.training.test_adapting import shipped, worth

COUNT = 12


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache of its own with the shipped model's files."""
    try:
        Registry(cache_folder()).fetch([MODEL])
    except SourceUnavailable as error:
        pytest.skip(f"the weights cannot be fetched: {error.message}")
    folder = tmp_path_factory.mktemp("cache")
    shutil.copytree(cache_folder() / MODEL, folder / MODEL)
    return folder


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("clips")
    folders(base, COUNT)
    (base / "real" / "notes.txt").write_text("no clip")
    return base


def run(cache: Path, base: Path, out: Path, *more: str) -> Result:
    return CliRunner(env={"FRAMEGATE_CACHE": str(cache)}).invoke(
        root,
        ["--home", str(out.parent / "home"), "models", "adapt", MODEL,
         "--generated", str(base / "generated"), "--real", str(base / "real"),
         "--out", str(out), *more],
    )  # fmt: skip


def refused(cache: Path, base: Path, out: Path) -> FramegateError:
    done = run(cache, base, out)
    assert isinstance(done.exception, FramegateError), done.output
    assert done.exception.field
    assert not out.exists() or out.is_file() or any(out.iterdir())
    return done.exception


@pytest.fixture(scope="module")
def made(
    cache: Path, base: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any]]:
    out = tmp_path_factory.mktemp("models") / "ours-2026"
    done = run(cache, base, out, "--json")
    assert done.exit_code == 0, done.output
    assert "left out: real/notes.txt" in done.stderr
    return out, json.loads(done.stdout)


def test_the_answer_says_what_was_given_and_what_it_is_worth(
    made: tuple[Path, dict[str, Any]],
) -> None:
    out, answer = made
    assert answer["clips"] == {"generated": COUNT, "real": COUNT}
    assert [each["file"] for each in answer["left_out"]] == ["real/notes.txt"]
    assert (answer["model"], answer["adapted_from"]) == (out.name, MODEL)
    assert (answer["likely_ai_possible"], answer["real_clips_needed"]) == (False, 99)
    for side in ("before", "after"):
        for measure in answer[side].values():
            assert measure["low"] <= measure["value"] <= measure["high"]
            assert measure["n"] in (COUNT, 2 * COUNT)
    # Grain against none: even a dozen clips teach that.
    assert answer["after"]["auc"]["value"] > max(0.8, answer["before"]["auc"]["value"])
    assert answer["helps"] == (answer["auc_gain"]["low"] > 0)


def test_the_folder_is_a_detector(made: tuple[Path, dict[str, Any]], cache: Path) -> None:
    out, _ = made
    by_registry = Detector.load(Registry(cache, out.parent), out.name)
    assert by_registry.model_digest != Detector.load(Registry(cache)).model_digest
    by_folder = loading.load(cache, str(out))
    clip = example(out.parent / "asked" / "a.mp4", 5000, grain=False)
    camera = example(out.parent / "asked" / "b.mp4", 5001, grain=True)
    first, second = by_registry.detect(clip), by_registry.detect(camera)
    assert by_folder.detect(clip) == first
    assert first.score > second.score
    # A dozen real clips can show no rate below 1 in 13.
    assert first.fpr >= 1 / 13
    assert "likely_ai" not in {first.answer, second.answer}


def test_card_and_report_name_digests_and_no_files(
    made: tuple[Path, dict[str, Any]], base: Path
) -> None:
    out, answer = made
    card = tomllib.loads((out / "model.toml").read_text(encoding="utf-8"))
    assert (card["id"], card["license"]) == (out.name, "Apache-2.0")
    for side in ("generated", "real"):
        digest = answer["data"][side].removeprefix("sha256:")
        assert re.fullmatch("[0-9a-f]{64}", digest)
        assert digest in card["description"]
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["after"] == answer["after"]
    assert report["left_out"] == {"the file is no clip of an accepted container": 1}
    text = (out / "report.md").read_text(encoding="utf-8")
    assert "It never answers `likely_ai`" in text
    assert f"{answer['after']['auc']['value']:.3f}" in text
    for path in out.iterdir():
        raw = path.read_bytes()
        assert str(base).encode() not in raw, path.name
        assert b"notes.txt" not in raw, path.name


@pytest.mark.parametrize(("count", "said"), [(12, "It never answers"), (99, "can be answered")])
def test_a_person_reads_before_and_after(
    capsys: pytest.CaptureFixture[str], count: int, said: str
) -> None:
    examples = apart(count, 4.0, draws=2)
    scores = adapting.held_out(shipped(), examples)
    comparison = compare(shipped(), worth(), examples, scores)
    adaptation._show(Path("ours"), Adaptation(examples, comparison, {}))
    told = capsys.readouterr().out
    assert f"{count} generated and {count} real clips" in told
    assert said in told
    assert f"{comparison.after.auc.value:.3f} (" in told


def test_a_changed_file_is_not_loaded(
    made: tuple[Path, dict[str, Any]], cache: Path, tmp_path: Path
) -> None:
    out, _ = made
    copy = shutil.copytree(out, tmp_path / out.name)
    weights = copy / "detector.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\0")
    with pytest.raises(FramegateError, match=r"detector\.safetensors"):
        Detector.load(Registry(cache, tmp_path), out.name)


def test_a_missing_class_is_refused(cache: Path, base: Path, tmp_path: Path) -> None:
    copied = shutil.copytree(base, tmp_path / "clips")
    shutil.rmtree(copied / "real")
    (copied / "real").mkdir()
    error = refused(cache, copied, tmp_path / "own")
    assert isinstance(error, TooFewExamples)
    assert (error.field, error.limit, error.actual) == ("real", 12, 0)
    (copied / "real" / "notes.txt").write_text("no clip")
    assert refused(cache, copied, tmp_path / "own").actual == 0
    (copied / "real" / "notes.txt").unlink()
    (copied / "real").rmdir()
    assert run(cache, copied, tmp_path / "own").exit_code == 2


def test_the_same_file_on_both_sides_is_refused(cache: Path, base: Path, tmp_path: Path) -> None:
    copied = shutil.copytree(base, tmp_path / "clips")
    shutil.copy(copied / "generated" / "00.mp4", copied / "real" / "mine.mp4")
    error = refused(cache, copied, tmp_path / "own")
    assert isinstance(error, ExampleInBothClasses)
    assert "generated/00.mp4" in error.message


def test_nothing_is_written_over_and_no_name_is_taken(
    made: tuple[Path, dict[str, Any]], cache: Path, base: Path, tmp_path: Path
) -> None:
    assert isinstance(refused(cache, base, made[0]), ModelFolderTaken)
    (tmp_path / "file").write_text("")
    assert isinstance(refused(cache, base, tmp_path / "file"), ModelFolderTaken)
    for name in (MODEL, "Ours", "a b", "-x", "x" * 64):
        assert isinstance(refused(cache, base, tmp_path / name), InvalidModelFolder)
