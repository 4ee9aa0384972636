"""`framegate manifest`: a file's manifests as crJSON, and what is said where there are none."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from media.errors import FramegateError
from moderation.cli.main import root
from provenance.keys import credentials
from provenance.manifest import Release
from provenance.signing import sign
from provenance.sources import Relation, Source
from tests.clips import make_clip
from tests.provenance import origins


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    credentials.init(folder / "keys", organization="Example Video", now=datetime.now(UTC))
    return folder


def test_a_signed_clip_prints_all_its_manifests(home: Path, tmp_path: Path) -> None:
    ours = credentials.load(home / "keys")
    plain = origins.picture(tmp_path / "plain.png")
    picture = origins.signed_picture(plain, tmp_path / "signed.png", ours)
    clip = make_clip(tmp_path / "clip.mp4", seconds=0.5)
    target = tmp_path / "out.mp4"
    release = Release("clip-1", "VideoGen", "1", 1000)
    sign(clip, target, release, ours, sources=[Source(picture, Relation.INPUT)])
    for file, count in ((target, 2), (picture, 1)):
        done = CliRunner().invoke(
            root, ["--home", str(home), "manifest", str(file)], catch_exceptions=False
        )
        assert done.exit_code == 0
        found = json.loads(done.output)
        assert len(found["manifests"]) == count
        codes = {one["code"] for one in found["manifests"][0]["validationResults"]["success"]}
        assert "signingCredential.trusted" in codes


def test_without_keys_of_its_own_a_house_believes_nobody(home: Path, tmp_path: Path) -> None:
    ours = credentials.load(home / "keys")
    plain = origins.picture(tmp_path / "plain.png")
    picture = origins.signed_picture(plain, tmp_path / "signed.png", ours)
    done = CliRunner().invoke(root, ["--home", str(tmp_path / "none"), "manifest", str(picture)])
    found = json.loads(done.output)
    codes = {one["code"] for one in found["manifests"][0]["validationResults"]["failure"]}
    assert codes == {"signingCredential.untrusted"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "SOURCE_EMPTY"),
        (b"just a text", "SOURCE_NOT_SUPPORTED"),
        (b"\xff\xd8\xff\xe0 nothing more", "NO_MANIFEST"),
    ],
)
def test_files_without_a_manifest_are_named(
    home: Path, tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    done = CliRunner().invoke(root, ["--home", str(home), "manifest", str(path)])
    assert done.exit_code == 1
    assert isinstance(done.exception, FramegateError)
    assert done.exception.reason == reason


def test_an_unsigned_picture_has_none(home: Path, tmp_path: Path) -> None:
    plain = origins.picture(tmp_path / "plain.png")
    done = CliRunner().invoke(root, ["--home", str(home), "manifest", str(plain)])
    assert isinstance(done.exception, FramegateError)
    assert done.exception.reason == "NO_MANIFEST"
