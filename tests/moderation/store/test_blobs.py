from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.store.blobs import Area, Blobs
from moderation.store.errors import BlobMissing, BlobTooLarge, DiskFull

DATA = b"0123456789" * 1000
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "data", keep_free_bytes=0)


def _keep(blobs: Blobs, data: bytes = DATA) -> Path:
    with blobs.incoming(max_bytes=1 << 20, expected_bytes=len(data)) as incoming:
        for start in range(0, len(data), 999):
            incoming.write(memoryview(data)[start : start + 999])
        return incoming.keep().path


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_kept_blob(blobs: Blobs, tmp_path: Path) -> None:
    path = _keep(blobs)
    assert path.read_bytes() == DATA
    assert path.name == DIGEST
    assert blobs.open(Area.QUARANTINE, DIGEST).size_bytes == len(DATA)
    assert b"".join(blobs.chunks(Area.QUARANTINE, DIGEST, chunk_bytes=777)) == DATA
    with pytest.raises(BlobMissing):
        blobs.open(Area.RELEASED, DIGEST)
    for item in (tmp_path / "data").rglob("*"):
        assert stat.S_IMODE(item.stat().st_mode) == (0o700 if item.is_dir() else 0o600)
    assert _keep(blobs) == path
    assert _files(tmp_path) == [path]
    assert blobs.delete(Area.QUARANTINE, DIGEST)
    assert not blobs.delete(Area.QUARANTINE, DIGEST)


def test_an_empty_blob(blobs: Blobs) -> None:
    with blobs.incoming(max_bytes=0) as incoming:
        blob = incoming.keep()
    assert blob.size_bytes == 0
    assert b"".join(blobs.chunks(Area.QUARANTINE, blob.sha256)) == b""


def test_what_is_not_kept_is_gone(blobs: Blobs, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), blobs.incoming(max_bytes=100) as incoming:
        incoming.write(b"x")
        assert incoming.path.read_bytes() == b"x"
        raise ZeroDivisionError
    with blobs.incoming(max_bytes=100) as incoming:
        incoming.write(b"x")
    assert _files(tmp_path) == []
    with pytest.raises(ValueError, match="closed"):
        incoming.write(b"x")
    with pytest.raises(ValueError, match="closed"):
        incoming.keep()


def test_too_many_bytes(blobs: Blobs, tmp_path: Path) -> None:
    with (
        pytest.raises(BlobTooLarge) as caught,
        blobs.incoming(max_bytes=10) as incoming,
    ):
        incoming.write(b"x" * 10)
        incoming.write(b"x")
    assert (caught.value.limit, caught.value.actual) == (10, 11)
    with pytest.raises(BlobTooLarge):
        blobs.incoming(max_bytes=10, expected_bytes=11)
    assert _files(tmp_path) == []


def test_a_full_disk(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path, keep_free_bytes=1 << 62)
    with pytest.raises(DiskFull) as caught:
        blobs.incoming(max_bytes=10)
    assert (caught.value.code, caught.value.reason) == ("RESOURCE_EXHAUSTED", "DISK_FULL")
    with pytest.raises(DiskFull):
        Blobs(tmp_path, keep_free_bytes=0).check_room(1 << 62)


def test_an_altered_blob_is_never_given_whole(blobs: Blobs) -> None:
    path = _keep(blobs)
    path.write_bytes(DATA[:-1] + b"x")
    given_ = b""
    with pytest.raises(BlobMissing, match="altered"):
        for chunk in blobs.chunks(Area.QUARANTINE, DIGEST, chunk_bytes=1000):
            given_ += chunk
    assert given_ == DATA[:-1000]


def test_a_signed_clip_is_adopted(blobs: Blobs, tmp_path: Path) -> None:
    path = blobs.scratch_path()
    path.write_bytes(DATA)
    blob = blobs.adopt(path, Area.RELEASED)
    assert (blob.sha256, blob.size_bytes) == (DIGEST, len(DATA))
    assert stat.S_IMODE(blob.path.stat().st_mode) == 0o600
    assert _files(tmp_path) == [blob.path]
    with pytest.raises(DiskFull):
        blobs.adopt(blobs.scratch_path(), Area.RELEASED)


def test_the_sweep_spares_what_is_named_or_young(blobs: Blobs, tmp_path: Path) -> None:
    named, orphan = _keep(blobs), _keep(blobs, b"orphan")
    unfinished = blobs.scratch_path()
    unfinished.write_bytes(b"x")
    assert blobs.sweep({DIGEST}) == 0
    for path in (named, orphan, unfinished):
        os.utime(path, (1, 1))
    young = _keep(blobs, b"young")
    assert blobs.sweep({DIGEST}) == 2
    assert set(_files(tmp_path)) == {named, young}


@given(name=st.text() | st.sampled_from(["../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n"]))
def test_no_name_from_outside_becomes_a_path(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    blobs = Blobs(tmp_path_factory.getbasetemp() / "names", keep_free_bytes=0)
    for area in Area:
        with pytest.raises(BlobMissing):
            blobs.open(area, name)
        with pytest.raises(BlobMissing):
            blobs.delete(area, name)
