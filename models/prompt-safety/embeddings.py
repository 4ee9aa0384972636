"""Vectors of texts, kept on disk by the digest of the text, because they are slow to make."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.encoders import SentenceEncoder


def key(text: str) -> str:
    """Name of a text in the store."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def vectors(texts: Sequence[str], encoder: SentenceEncoder, store: Path) -> NDArray[np.float32]:
    """Vectors of texts of at most one window each, shape (n, dimensions).

    Args:
        texts: What to encode; windows, not whole prompts.
        encoder: The encoder; a store belongs to one encoder.
        store: An .npz file; made or added to.
    """
    known: dict[str, NDArray[np.float32]] = {}
    if store.exists():
        with np.load(store) as saved:
            known = dict(zip(saved["keys"].tolist(), saved["vectors"], strict=True))
    new = {key(text): text for text in texts if key(text) not in known}
    for count, (name, text) in enumerate(new.items()):
        known[name] = encoder.encode(text)
        if count % 5000 == 0:
            print(f"  {store.stem}: {count} of {len(new)} texts encoded", flush=True)
    if new:
        store.parent.mkdir(parents=True, exist_ok=True)
        np.savez(store, keys=np.array(list(known)), vectors=np.stack(list(known.values())))
    return np.stack([known[key(text)] for text in texts])
