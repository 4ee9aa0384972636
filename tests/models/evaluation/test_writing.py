"""The report on disk: Markdown, JSON, plots, card and README."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from models.card import ModelCard
from models.evaluation import headlines
from models.evaluation.evaluating import Evaluation, evaluate
from models.evaluation.systems import Remembering
from models.evaluation.writing import write_card, write_metrics, write_report
from models.registry import MODELS_FOLDER
from tests.models.evaluation.conftest import Judge, Reader


@pytest.fixture
def found(data: Path) -> Evaluation:
    return evaluate(Remembering(Reader()), Judge(), data, compare=False)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "prompt-safety"
    folder.mkdir()
    shutil.copy(MODELS_FOLDER / "prompt-safety" / "model.toml", folder)
    (folder / "README.md").write_text(
        "# Title\n\n<!-- evaluation -->\nold\n<!-- end evaluation -->\n\nEnd.\n"
    )
    return folder


def test_a_report_names_every_set_and_what_is_missing(found: Evaluation, tmp_path: Path) -> None:
    write_report(found, tmp_path / "new" / "out")
    text = (tmp_path / "new" / "out" / "report.md").read_text()
    for name in ("never_heard_of", "odd", "empty"):
        assert f"| {name} |" in text
    assert "evasions: run" in text
    assert "needs 1000 negatives" in text
    assert (tmp_path / "new" / "out" / "report.json").stat().st_size > 1000


def test_plots_are_the_same_each_time(found: Evaluation, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    for name in ("a", "b"):
        assert write_report(found, tmp_path / name).drawn
    for plot in ("reliability.png", "precision_recall.png"):
        drawn = (tmp_path / "a" / plot).read_bytes()
        assert drawn.startswith(b"\x89PNG")
        assert drawn == (tmp_path / "b" / plot).read_bytes()
        assert f"({plot})" in (tmp_path / "a" / "report.md").read_text()


def test_the_card_keeps_what_is_above_its_metrics(found: Evaluation, model: Path) -> None:
    before = ModelCard.load(model)
    write_card(found, model)
    after = ModelCard.load(model)
    assert after.digest() == before.digest()
    assert after.thresholds == before.thresholds
    assert 0 < len(after.metrics) <= headlines.MOST
    assert all(metric.command.startswith("framegate") for metric in after.metrics)
    readme = (model / "README.md").read_text()
    assert readme.startswith("# Title\n\n<!-- evaluation -->\nModel prompt-safety")
    assert readme.endswith("<!-- end evaluation -->\n\nEnd.\n")
    assert "old" not in readme.split("<!-- end evaluation -->")[0].split()
    again = (model / "model.toml").read_bytes()
    write_card(found, model)
    assert (model / "model.toml").read_bytes() == again
    assert (model / "README.md").read_text() == readme


def test_a_readme_without_a_place_is_left_alone(found: Evaluation, model: Path) -> None:
    (model / "README.md").write_text("nothing")
    before = (model / "model.toml").read_bytes()
    with pytest.raises(ValueError, match="evaluation"):
        write_card(found, model)
    assert (model / "model.toml").read_bytes() == before
    assert {path.name for path in model.iterdir()} == {"model.toml", "README.md"}


def test_metrics_come_back_as_they_were_written(model: Path) -> None:
    card = ModelCard.load(model)
    assert write_metrics(model, card.metrics).metrics == card.metrics
    assert write_metrics(model, ()).metrics == ()
