"""`framegate models evaluate` from end to end, with the real model on a small folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from models.classifiers import TextClassifier
from moderation.cli.main import root


def test_the_command(
    prompt_safety: TextClassifier,
    models_cache: Path,
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FRAMEGATE_CACHE", str(models_cache))
    arguments = ["--home", str(tmp_path), "models", "evaluate", "prompt-safety", "--no-compare"]
    out = tmp_path / "out"
    done = CliRunner().invoke(root, [*arguments, "--data", str(data), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "never_heard_of: 135 of 135 rows" in done.stderr
    assert "| data | measured of |" in done.stdout
    read = json.loads((out / "report.json").read_bytes())
    assert read["model"]["digest"] == prompt_safety.digest
    assert read["policy"].startswith("default ")
    measures = {one["measure"] for one in read["numbers"] if one["system"] == "screening"}
    assert {"cpu_ms_median", "cpu_ms_p95"} <= measures


def test_a_folder_without_sets_is_refused(tmp_path: Path, prompt_safety: TextClassifier) -> None:
    arguments = ["--home", str(tmp_path), "models", "evaluate", "prompt-safety"]
    done = CliRunner().invoke(root, [*arguments, "--data", str(tmp_path)])
    assert done.exit_code != 0
    assert getattr(done.exception, "reason", "") == "EVALUATION_SETS_MISSING"
