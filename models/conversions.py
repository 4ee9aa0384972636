"""Models that are made from published files once and kept beside them, with their digests."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def kept(folder: Path, stem: str, make: Callable[[], bytes]) -> bytes:
    """Return a converted model, from where it is kept if it is there already and whole.

    Args:
        folder: Where it is kept; one that cannot be written to is left as it is.
        stem: Its name without a suffix, which tells apart all that decides its bytes.
        make: Makes it; called where it is not there or not what was written.
    """
    model_file, digest_file = folder / f"{stem}.onnx", folder / f"{stem}.sha256"
    if model_file.is_file() and digest_file.is_file():
        model = model_file.read_bytes()
        if hashlib.sha256(model).hexdigest() == digest_file.read_text(encoding="ascii").strip():
            return model
    model = make()
    _write(model_file, model)
    _write(digest_file, hashlib.sha256(model).hexdigest().encode("ascii"))
    return model


def _write(path: Path, data: bytes) -> None:
    """Write a file in one step."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    except OSError:
        return
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
    Path(name).chmod(0o644)
    Path(name).replace(path)
