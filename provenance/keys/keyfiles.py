"""The files of one key set, read in one piece.

Chain and key of different sets must never meet. So the folder is opened once (a link that leads to
it is followed once), everything is read out of that folder, and then read again: only when two
readings are the same does the set count. Files that are links themselves into a common folder, as
secrets are mounted in containers (`key.pem -> ..data/key.pem`, `..data` being a link that is
turned), are read out of that folder, opened once in the same way.
"""

from __future__ import annotations

import os
import stat
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from provenance.errors import CredentialsExist, CredentialsInvalid, CredentialsMissing

CHAIN, ANCHORS = "chain.pem", "anchors.pem"
KEY, KEY_FILE, PIN = "key.pem", "key.toml", "pin"

SIGNING: Final = "signing"
"""Link in the keys folder that leads to the folder of the key set in use; without it, the set lies
in the keys folder itself."""

_SECRET = (KEY, KEY_FILE, PIN)
_MAX_BYTES = 1 << 20
_READINGS = 8
_OTHERS_MAY = 0o007
_GROUP_WRITES = 0o020


@dataclass(frozen=True, slots=True)
class KeyFiles:
    """The bytes of one key set; equal if and only if it is the same set.

    Attributes:
        chain: PEM, leaf first.
        anchors: PEM, roots.
        key: PEM of the private key; None if it lies elsewhere.
        place: TOML that says where the key lies; None if `key` is given.
        pin: What opens a token; None without one.
    """

    chain: bytes
    anchors: bytes
    key: bytes | None = field(repr=False)
    place: bytes | None
    pin: bytes | None = field(repr=False)


def read(folder: Path) -> KeyFiles:
    """Read the key set in use.

    Args:
        folder: The keys folder.

    Raises:
        CredentialsMissing: A file is not there or cannot be read.
        CredentialsInvalid: Others may read or write the key, there are two keys, or the files are
            being exchanged all the time.
    """
    before: KeyFiles | None = None
    for _ in range(_READINGS):
        files = _read_once(folder)
        if files == before:
            return files
        before = files
    raise CredentialsInvalid("the signing credentials change while they are read", field=CHAIN)


def write_new(path: Path, data: bytes, mode: int) -> None:
    """Write a file that must not be there yet; it never has a wider mode than it ends with.

    Raises:
        CredentialsExist: It is there.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError as error:
        raise CredentialsExist(f"there is a {path.name} already") from error
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _read_once(folder: Path) -> KeyFiles:
    linked = folder / SIGNING
    # `lexists`: a link that leads nowhere is a broken set, and never the set of another place.
    place = linked if os.path.lexists(linked) else folder
    with ExitStack() as stack:
        folders: dict[str, int] = {"": _opened(place, None, CHAIN, stack)}
        found = {}
        for name in (CHAIN, ANCHORS, *_SECRET):
            parent, target = os.path.split(_target(name, folders[""]))
            if parent not in folders:
                folders[parent] = _opened(parent, folders[""], name, stack)
            found[name] = _bytes(name, target, folders[parent])
    chain, anchors, key, where = (found[name] for name in (CHAIN, ANCHORS, KEY, KEY_FILE))
    if chain is None:
        raise _missing(CHAIN)
    if key is None and where is None:
        raise _missing(KEY)
    if anchors is None:
        raise _missing(ANCHORS)
    if key is not None and where is not None:
        raise CredentialsInvalid(
            f"there is a {KEY} and a {KEY_FILE}; which key is meant?", field=KEY_FILE
        )
    return KeyFiles(chain, anchors, key, where, found[PIN])


def _target(name: str, opened: int) -> str:
    """Where a file lies, seen from its folder: links are followed for one step."""
    try:
        return os.readlink(name, dir_fd=opened)
    except OSError:
        return name


def _opened(folder: Path | str, inside: int | None, name: str, stack: ExitStack) -> int:
    try:
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY, dir_fd=inside)
    except OSError as error:
        raise _missing(name) from error
    stack.callback(os.close, opened)
    return opened


def _bytes(name: str, target: str, opened: int) -> bytes | None:
    try:
        descriptor = os.open(target, os.O_RDONLY | os.O_NONBLOCK, dir_fd=opened)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _missing(name) from error
    with os.fdopen(descriptor, "rb") as stream:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise _missing(name)
        if name in _SECRET and mode & (_OTHERS_MAY | _GROUP_WRITES):
            raise CredentialsInvalid(
                f"{name} may be read by others or written by its group; chmod 600 it",
                field=name,
                actual=f"{mode & 0o777:04o}",
            )
        return stream.read(_MAX_BYTES)


def _missing(name: str) -> CredentialsMissing:
    return CredentialsMissing(
        f"there is no readable {name} among the signing credentials; "
        "framegate keys init makes some for development",
        field=name,
    )
