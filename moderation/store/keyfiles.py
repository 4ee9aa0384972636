"""Files that hold secrets: made for their owner alone, never overwritten."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from moderation.store.errors import KeyUnusable

MAX_KEY_FILE_BYTES = 4096


def write_secret(path: Path, content: str) -> None:
    """Create a file of mode 0600 in a folder of mode 0700 and make it durable.

    Raises:
        KeyUnusable: If the file is there already; a key is never replaced.
    """
    _create(path, content, 0o600)


def write_public(path: Path, content: str) -> None:
    """Create a file of mode 0644 beside a secret one and make it durable.

    Raises:
        KeyUnusable: If the file is there already.
    """
    _create(path, content, 0o644)


def read_secret(path: Path) -> str:
    """Read a secret file.

    Raises:
        KeyUnusable: If it is missing, too large, not text, or open to group or others.
    """
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise KeyUnusable(
                f"the key file {path.name} is open to other users; set its mode to 0600",
                field=path.name,
            )
        return read_key_text(path)
    except OSError as error:
        raise KeyUnusable(f"the key file {path.name} cannot be read", field=path.name) from error


def read_key_text(path: Path) -> str:
    """Read a short text file, such as a public key.

    Raises:
        KeyUnusable: If it is missing, too large or not text.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_KEY_FILE_BYTES + 1)
        if len(content) > MAX_KEY_FILE_BYTES:
            raise KeyUnusable(
                f"the key file {path.name} is too large",
                field=path.name,
                limit=MAX_KEY_FILE_BYTES,
            )
        return content.decode("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnusable(f"the key file {path.name} cannot be read", field=path.name) from error


def sync_folder(folder: Path) -> None:
    """Make a new or renamed entry of a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _create(path: Path, content: str, mode: int) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError as error:
        raise KeyUnusable(
            f"the key file {path.name} is there already and is never replaced", field=path.name
        ) from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content + "\n")
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)
