"""`framegate detect` as a process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from models.errors import ModelDigestMismatch
from moderation.cli import detect
from moderation.cli.room import Room
from moderation.cli.upkeep import models
from provenance.detection.hub import HEAD
from tests.clips import make_clip
from tests.house import CACHE, settings_for
from tests.models.networks import dinov2, video_card
from tests.moderation.origins.test_statistics import SEEN
from tests.provenance.detection.test_hub import HEAD_BYTES, grain


def ran(home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "moderation.cli", *arguments],
        env={"PATH": os.environ["PATH"], "HOME": str(home), "FRAMEGATE_HOME": str(home / "home"),
             "FRAMEGATE_CACHE": str(CACHE), "OMP_NUM_THREADS": "1", **settings},
        capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the card of a larger network without a calibration, and the cache beside it."""
    folder = tmp_path_factory.mktemp("own")
    dinov2(folder / "cache" / "tiny")
    video_card("tiny", folder / "cache" / "tiny", {HEAD: HEAD_BYTES}, folder / "tiny")
    return folder


def test_a_model_of_ones_own_without_a_calibration(own: Path, tmp_path: Path) -> None:
    clip = grain(tmp_path / "a.mp4")
    cache = {"FRAMEGATE_CACHE": str(own / "cache")}
    told = ran(tmp_path, "detect", "--json", "--model", str(own / "tiny"), str(clip), **cache)
    assert told.returncode == 0, told.stderr
    answer = json.loads(told.stdout)
    assert (answer["answer"], answer["reason"]) == ("inconclusive", "uncalibrated")
    assert (answer["llr"], answer["fpr"], answer["calibration_digest"]) == (0, 1, "")
    assert len(answer["timeline"]) == 3


def test_its_lines_say_that_nobody_measured_it(capsys: pytest.CaptureFixture[str]) -> None:
    seen = replace(SEEN, answer="inconclusive", reason="uncalibrated", calibration_digest="")
    detect._show({"file": "a.mp4"}, seen)
    said = capsys.readouterr().out
    assert "score 2.50: nobody has measured" in said
    assert "2.0 to 2.4 s: -40.00" in said
    assert "of all clips are synthetic" not in said
    detect._show({"file": "a.mp4"}, SEEN)
    said = capsys.readouterr().out
    assert "of all clips are synthetic" in said
    assert "nobody has measured" not in said


def test_a_model_that_is_not_there(tmp_path: Path) -> None:
    for model, reason in (("nobody", "MODEL_UNKNOWN"), ("./nobody", "MODEL_CARD_INVALID")):
        told = ran(tmp_path, "detect", "--json", "--model", model, str(tmp_path / "a.mp4"))
        assert told.returncode == 1
        assert json.loads(told.stdout)["error"]["reason"] == reason


def test_a_fetch_looks_after_a_model_of_ones_own(own: Path, tmp_path: Path) -> None:
    def fetched(folder: Path) -> Result:
        settings = settings_for(tmp_path, cache=own / "cache", detect_model=str(folder))
        room = Room(settings, "", None)
        return CliRunner().invoke(models, ["fetch", "--profile", "hub"], obj=room)

    assert fetched(own / "tiny").exit_code == 0
    shutil.copytree(own / "tiny", tmp_path / "tiny")
    (tmp_path / "tiny" / HEAD).write_bytes(b"changed")
    assert isinstance(fetched(tmp_path / "tiny").exception, ModelDigestMismatch)


def test_a_check_names_the_detector(own: Path, tmp_path: Path) -> None:
    settings = {"FRAMEGATE_DETECT_MODEL": str(own / "tiny"),
                "FRAMEGATE_CACHE": str(own / "cache")}  # fmt: skip
    told = json.loads(ran(tmp_path, "check", "--json", **settings).stdout)
    assert told["detector"] == "tiny 1.0.0, never answers likely_ai"


def test_the_command_writes_one_object_a_line(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mp4", seconds=3)
    (tmp_path / "no.mp4").write_bytes(b"\0" * 64)
    told = ran(
        tmp_path,
        "detect",
        "--json",
        str(clip),
        str(tmp_path / "no.mp4"),
        str(tmp_path / "gone.mp4"),
    )
    assert told.returncode == 1, told.stderr
    first, *failed = (json.loads(line) for line in told.stdout.splitlines())
    assert {"file", "answer", "score", "llr", "fpr"} <= first.keys()
    assert first["file"] == str(clip)
    assert [each["error"]["code"] for each in failed] == ["INVALID_ARGUMENT", "NOT_FOUND"]
    assert not (tmp_path / "home").exists(), "it needs no house"
