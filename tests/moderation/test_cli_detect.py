"""`framegate detect` as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.clips import make_clip
from tests.house import CACHE


def test_the_command_writes_one_object_a_line(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mp4", seconds=3)
    (tmp_path / "no.mp4").write_bytes(b"\0" * 64)
    ran = subprocess.run(
        [sys.executable, "-m", "moderation.cli", "detect", "--json",
         str(clip), str(tmp_path / "no.mp4"), str(tmp_path / "gone.mp4")],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path),
             "FRAMEGATE_HOME": str(tmp_path / "home"), "FRAMEGATE_CACHE": str(CACHE)},
        capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert ran.returncode == 1, ran.stderr
    first, *failed = (json.loads(line) for line in ran.stdout.splitlines())
    assert {"file", "answer", "score", "llr", "fpr"} <= first.keys()
    assert first["file"] == str(clip)
    assert [each["error"]["code"] for each in failed] == ["INVALID_ARGUMENT", "NOT_FOUND"]
    assert not (tmp_path / "home").exists(), "it needs no house"
