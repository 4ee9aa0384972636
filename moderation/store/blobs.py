"""Bytes of clips in two folders, named by their SHA-256.

    <data>/quarantine/ab/abcd...   what came in; never handed out
    <data>/released/ab/abcd...     what was marked and signed
    <data>/incoming/               files that are still being written

No name from outside ever becomes part of a path. Folders have mode 0700, files 0600. A file stands
under its final name only when it is whole and on the disk. All methods block and are thread-safe;
an `Incoming` belongs to one caller.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from moderation.store.errors import BlobMissing, BlobTooLarge, DiskFull
from moderation.store.keyfiles import sync_folder

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_CHUNK_BYTES = 1 << 20
_MIB = 1 << 20


class Area(StrEnum):
    """Which of the two folders."""

    QUARANTINE = "quarantine"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Blob:
    """A file that is whole: where it is, its SHA-256 (64 hex digits) and its size."""

    path: Path
    sha256: str
    size_bytes: int


class Incoming:
    """A file that is being received; a context manager that leaves nothing behind on failure.

    Write the chunks, then `keep`. What is not kept is deleted when the block ends.
    """

    def __init__(self, blobs: Blobs, area: Area, max_bytes: int) -> None:
        self._blobs = blobs
        self._area = area
        self._max_bytes = max_bytes
        self._hash = hashlib.sha256()
        self.size_bytes = 0
        self.path = blobs.scratch_path()
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file: BinaryIO | None = os.fdopen(descriptor, "wb", buffering=0)

    def write(self, chunk: bytes | memoryview) -> None:
        """Take in a chunk.

        Raises:
            BlobTooLarge: If more bytes came than are allowed.
            DiskFull: If the disk has no room.
        """
        self.size_bytes += len(chunk)
        if self.size_bytes > self._max_bytes:
            raise BlobTooLarge(
                "the clip has too many bytes",
                field="clip",
                limit=self._max_bytes,
                actual=self.size_bytes,
            )
        if self._file is None:
            raise ValueError("the file is closed")
        self._hash.update(chunk)
        try:
            rest = memoryview(chunk)
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise DiskFull("the clip cannot be stored", field="clip") from error

    @property
    def sha256(self) -> str:
        """SHA-256 of what has come so far, hex."""
        return self._hash.hexdigest()

    def keep(self) -> Blob:
        """Make the file durable and give it its final name.

        Bytes that are there already are kept once.

        Raises:
            DiskFull: If the disk has no room.
        """
        if self._file is None:
            raise ValueError("the file is closed")
        try:
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None
            path = self._blobs.place(self.path, self._area, self.sha256)
        except OSError as error:
            raise DiskFull("the clip cannot be stored", field="clip") from error
        return Blob(path, self.sha256, self.size_bytes)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        self.path.unlink(missing_ok=True)


class Blobs:
    """The folders under one data folder."""

    def __init__(self, folder: Path, *, keep_free_bytes: int = 512 * _MIB) -> None:
        """Make the folders.

        Args:
            folder: The data folder.
            keep_free_bytes: Room on the disk that no clip may use up.
        """
        self._folder = folder
        self._keep_free_bytes = keep_free_bytes
        self._incoming = folder / "incoming"
        for path in (folder, self._incoming, *(folder / area.value for area in Area)):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def incoming(self, *, max_bytes: int, expected_bytes: int = 0) -> Incoming:
        """Begin to receive a clip into quarantine.

        Args:
            max_bytes: Most bytes that are taken in.
            expected_bytes: What the sender announces, 0 if unknown.

        Raises:
            BlobTooLarge: If more is announced than allowed.
            DiskFull: If the disk has no room for what is announced.
        """
        if expected_bytes > max_bytes:
            raise BlobTooLarge(
                "the clip has too many bytes", field="clip", limit=max_bytes, actual=expected_bytes
            )
        self.check_room(expected_bytes)
        return Incoming(self, Area.QUARANTINE, max_bytes)

    def check_room(self, wanted_bytes: int) -> None:
        """Make sure that so many bytes can be written.

        Raises:
            DiskFull: If less than `keep_free_bytes` would be left.
        """
        free = shutil.disk_usage(self._folder).free
        if free - wanted_bytes < self._keep_free_bytes:
            raise DiskFull(
                "too little room is left on the disk", field="clip", retry_after_ms=60_000
            )

    def scratch_path(self) -> Path:
        """Name a new file in `incoming/`, on the same disk as the final folders."""
        return self._incoming / f"{secrets.token_hex(16)}.part"

    def adopt(self, path: Path, area: Area) -> Blob:
        """Hash a finished file, make it durable and move it to its final name.

        Used for signed clips, which another part has written to a `scratch_path`.

        Raises:
            DiskFull: If it cannot be stored.
        """
        try:
            path.chmod(0o600)
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                size = os.fstat(file.fileno()).st_size
                os.fsync(file.fileno())
            return Blob(self.place(path, area, digest), digest, size)
        except OSError as error:
            raise DiskFull("the clip cannot be stored", field="clip") from error

    def place(self, path: Path, area: Area, sha256: str) -> Path:
        """Rename a durable file to the name that its SHA-256 gives it."""
        final = self._path(area, sha256)
        if not final.parent.is_dir():
            final.parent.mkdir(mode=0o700, exist_ok=True)
            sync_folder(final.parent.parent)
        path.replace(final)
        sync_folder(final.parent)
        return final

    def open(self, area: Area, sha256: str) -> Blob:
        """Find a blob.

        Raises:
            BlobMissing: If it is not there.
        """
        path = self._path(area, sha256)
        try:
            return Blob(path, sha256, path.stat().st_size)
        except OSError as error:
            raise BlobMissing("the bytes of the clip are not there", field="clip_id") from error

    def chunks(
        self, area: Area, sha256: str, *, chunk_bytes: int = _CHUNK_BYTES
    ) -> Iterator[bytes]:
        """Read a blob in pieces and hash it on the way.

        The last piece is only given once the whole has the hash that its name says, so that
        nobody ever receives the whole of an altered file.

        Raises:
            BlobMissing: If it is not there, or its bytes were altered.
        """
        blob = self.open(area, sha256)
        digest = hashlib.sha256()
        held = b""
        with blob.path.open("rb") as file:
            while chunk := file.read(chunk_bytes):
                digest.update(chunk)
                if held:
                    yield held
                held = chunk
        if digest.hexdigest() != sha256:
            raise BlobMissing("the bytes of the clip were altered", field="clip_id")
        yield held

    def delete(self, area: Area, sha256: str) -> bool:
        """Delete a blob; returns whether it was there.

        Clips of the same content share one blob, so ask `find_by_content` first.
        """
        path = self._path(area, sha256)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        sync_folder(path.parent)
        return True

    def sweep(self, referenced: Collection[str], *, older_than_ms: int = 3_600_000) -> int:
        """Delete what no record names, and incoming files that nobody finished.

        Args:
            referenced: SHA-256 of every blob that a record names, read before the call.
            older_than_ms: Spare files younger than this, since their record may be on its way.

        Returns:
            Number of files that were deleted.
        """
        before = time.time() - older_than_ms / 1000
        doomed = [path for path in self._incoming.iterdir() if _is_older(path, before)]
        for area in Area:
            files = (self._folder / area.value).glob("??/*")
            doomed += [
                path for path in files if path.name not in referenced and _is_older(path, before)
            ]
        for path in doomed:
            path.unlink(missing_ok=True)
        return len(doomed)

    def _path(self, area: Area, sha256: str) -> Path:
        if not _DIGEST.fullmatch(sha256):
            raise BlobMissing("the bytes of the clip are not there", field="clip_id")
        return self._folder / area.value / sha256[:2] / sha256


def _is_older(path: Path, before: float) -> bool:
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:
        return False
