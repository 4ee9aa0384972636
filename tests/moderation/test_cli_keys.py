"""`framegate keys` as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from moderation.assembly import make_keys
from provenance.keys import credentials
from tests.provenance.authority import Authority


def _run(home: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "moderation.cli", "keys", *map(str, arguments), "--json"],
        env={"PATH": os.environ["PATH"], "HOME": str(home), "FRAMEGATE_HOME": str(home)},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_new_credentials_are_put_into_use(tmp_path: Path) -> None:
    home = tmp_path / "home"
    make_keys(home / "keys", "Framegate tests", datetime.now(UTC))
    authority, key = Authority.make(), ec.generate_private_key(ec.SECP256R1())
    new = authority.store(tmp_path / "new", key, authority.issue(key))
    ran = _run(home, "rotate", new)
    assert ran.returncode == 0, ran.stderr
    loaded = credentials.load(home / "keys")
    assert json.loads(ran.stdout) == {
        "serial": loaded.serial,
        "expires": loaded.not_after.isoformat(),
    }
    assert not loaded.development
    # The second time it is refused, in one line and without a trace.
    again = _run(home, "rotate", new)
    assert again.returncode != 0
    assert "put into use before" in again.stdout + again.stderr
    assert "Traceback" not in again.stderr
    # What is there is not made anew.
    assert make_keys(home / "keys", "Framegate tests", datetime.now(UTC)) == ()


def test_watermark_keys_are_made_retired_and_never_made_good_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    make_keys(home / "keys", "Framegate tests", datetime.now(UTC))
    (first,) = (json.loads(line) for line in _run(home, "watermark", "list").stdout.splitlines())
    assert first["state"] == "active"
    second = json.loads(_run(home, "watermark", "new").stdout)
    for name, state in (("retire", "retired"), ("leaked", "leaked")):
        ran = _run(home, "watermark", name, first["key_id"])
        assert json.loads(ran.stdout) == {"key_id": first["key_id"], "state": state}
    back = _run(home, "watermark", "retire", first["key_id"])
    assert back.returncode == 1
    assert json.loads(back.stdout)["error"]["reason"] == "WATERMARK_KEY_UNUSABLE"
    unknown = _run(home, "watermark", "retire", "../log")
    assert json.loads(unknown.stdout)["error"]["reason"] == "WATERMARK_KEY_MISSING"
    keys = [json.loads(line) for line in _run(home, "watermark", "list").stdout.splitlines()]
    assert {key["key_id"]: key["state"] for key in keys} == {
        first["key_id"]: "leaked",
        second["key_id"]: "active",
    }
    for path in (home / "keys" / "watermark").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.suffix == ".toml"
