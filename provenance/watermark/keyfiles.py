"""The watermark keys of a house: one file a key, in a folder of their own.

    keys/watermark/wm-20261121-3f2a91c0.toml    secret = "64 hex digits", state = "active"

A key is never deleted: what it marked is found with it for as long as anybody has a copy. It can be
retired (nothing new is marked with it) or declared leaked (what is found with it proves nothing).
"""

from __future__ import annotations

import os
import secrets
import stat
import tomllib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from media.errors import InvalidInput
from provenance.watermark.errors import WatermarkKeyMissing, WatermarkKeyUnusable
from provenance.watermark.keys import SECRET_BYTES, KeyState, WatermarkKey

FOLDER: Final = "watermark"
"""Folder of the watermark keys, inside the keys folder."""

MAX_KEYS: Final = 64
"""Most keys of a house: a clip is looked at with each of them."""

_SUFFIX = ".toml"
_MAX_BYTES = 4096
_OTHERS = 0o077
_ORDER = (KeyState.ACTIVE, KeyState.RETIRED, KeyState.LEAKED)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    secret: str
    state: KeyState = KeyState.ACTIVE


def load(keys: Path) -> tuple[WatermarkKey, ...]:
    """Read all watermark keys of a keys folder, by id; none where there is no folder of them.

    Raises:
        WatermarkKeyUnusable: A file is no key, is open to others, or there are too many.
    """
    folder = keys / FOLDER
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == _SUFFIX)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise WatermarkKeyUnusable(
            "the folder of watermark keys cannot be read", field=FOLDER
        ) from error
    if len(paths) > MAX_KEYS:
        raise WatermarkKeyUnusable(
            "there are too many watermark keys", field=FOLDER, limit=MAX_KEYS, actual=len(paths)
        )
    return tuple(_read(path) for path in paths)


def active(keys: Iterable[WatermarkKey]) -> WatermarkKey:
    """Return the key that clips are marked with: of the active ones the last by id.

    Raises:
        WatermarkKeyMissing: No key is active.
    """
    found = [key for key in keys if key.state is KeyState.ACTIVE]
    if not found:
        raise WatermarkKeyMissing(
            "there is no active watermark key; framegate keys watermark new makes one, or turn "
            "the setting watermark off",
            field=FOLDER,
        )
    return max(found, key=lambda key: key.id)


def new(keys: Path, now: datetime) -> WatermarkKey:
    """Make a key and keep it in the keys folder; it is used from the next release on.

    Args:
        keys: The keys folder.
        now: The present; the id begins with its day.
    """
    key = WatermarkKey.new(f"wm-{now:%Y%m%d}-{secrets.token_hex(4)}")
    folder = keys / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(folder / f"{key.id}{_SUFFIX}", key)
    return key


def turn(keys: Path, key_id: str, to: KeyState) -> WatermarkKey:
    """Retire a key, or declare it leaked; there is no way back.

    Raises:
        WatermarkKeyMissing: There is no such key.
        WatermarkKeyUnusable: Its file is no key, or it would become worth more than it is.
    """
    found = {key.id: key for key in load(keys)}
    key = found.get(key_id)
    if key is None:
        raise WatermarkKeyMissing("there is no watermark key of this id", field="key_id")
    if _ORDER.index(to) < _ORDER.index(key.state):
        raise WatermarkKeyUnusable(
            f"the key is {key.state}; it cannot become {to} again",
            field="state",
            actual=key.state.value,
        )
    changed = WatermarkKey(key.id, key.secret, to)
    _write(keys / FOLDER / f"{key.id}{_SUFFIX}", changed)
    return changed


def _read(path: Path) -> WatermarkKey:
    try:
        with path.open("rb") as stream:
            if stat.S_IMODE(os.fstat(stream.fileno()).st_mode) & _OTHERS:
                raise WatermarkKeyUnusable(
                    "the file of a watermark key is open to other users; set its mode to 0600",
                    field=path.name,
                )
            data = stream.read(_MAX_BYTES + 1)
        if len(data) > _MAX_BYTES:
            raise WatermarkKeyUnusable(
                "the file of a watermark key is too large", field=path.name, limit=_MAX_BYTES
            )
        file = msgspec.convert(tomllib.loads(data.decode("utf-8")), _File)
        secret = bytes.fromhex(file.secret)
    except OSError as error:
        raise WatermarkKeyUnusable(
            "the file of a watermark key cannot be read", field=path.name
        ) from error
    except (ValueError, msgspec.ValidationError) as error:
        raise WatermarkKeyUnusable(
            f'the file of a watermark key holds secret = "{2 * SECRET_BYTES} hex digits" and state',
            field=path.name,
        ) from error
    try:
        return WatermarkKey(path.name.removesuffix(_SUFFIX), secret, file.state)
    except InvalidInput as error:
        # Of several files it has to be told which one.
        raise WatermarkKeyUnusable(
            error.message, field=path.name, limit=error.limit, actual=error.actual
        ) from error


def _write(path: Path, key: WatermarkKey) -> None:
    """Put a file in place in one step, durable, for its owner alone."""
    made = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(f'secret = "{key.secret.hex()}"\nstate = "{key.state}"\n')
            stream.flush()
            os.fsync(stream.fileno())
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
