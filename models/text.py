"""The embedded text classifier: sentence encoders, small trained heads, calibration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file

from models.calibration import apply_platt
from models.card import ModelCard
from models.encoders import SentenceEncoder, UseEncoder
from models.errors import InvalidCard
from models.scripts import unread_share
from models.windows import windows

# Part of the digest: raise it when this code or `windows` or `encoders` changes a score.
_CODE: Final = "sentence-heads/1"
_HEADS_FILE: Final = "heads.safetensors"


class SentenceHeads:
    """A two-layer head over one or more sentence vectors; immutable and thread-safe.

    logits = relu((vector - mean) @ w1 + b1) @ w2 + b2

    Products are summed by NumPy itself, not by a BLAS library, whose results change in the last
    bits with its number of threads.
    """

    def __init__(self, tensors: Mapping[str, NDArray[np.float32]]) -> None:
        """Takes the tensors `mean` (d), `w1` (d, h), `b1` (h), `w2` (h, k) and `b2` (k).

        Raises:
            KeyError: A tensor is missing.
            ValueError: Shapes that do not fit together.
        """
        self.mean, self.w1, self.b1 = tensors["mean"], tensors["w1"], tensors["b1"]
        self.w2, self.b2 = tensors["w2"], tensors["b2"]
        hidden, outputs = self.w2.shape
        shapes = (self.mean.shape, self.w1.shape, self.b1.shape, self.b2.shape)
        if shapes != ((self.w1.shape[0],), (self.w1.shape[0], hidden), (hidden,), (outputs,)):
            raise ValueError("The shapes of the heads do not fit together.")

    def logits(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Raw scores of one vector, shape (k,)."""
        centered = vector - self.mean
        hidden = np.einsum("i,ij->j", centered, self.w1, optimize=False) + self.b1
        hidden = np.maximum(hidden, 0.0)
        out = np.einsum("i,ij->j", hidden, self.w2, optimize=False) + self.b2
        return np.asarray(out, dtype=np.float32)


class EmbeddedTextClassifier:
    """Sentence encoders with trained heads behind the `TextClassifier` protocol.

    Thread-safe. A text is scored by itself, window by window, so the same text has the same bits
    on one machine whatever else is in the call.

    Attributes:
        card: The model's card.
        digest: Digest of all that decides a score.
        categories: Category ids in the order of the columns.
    """

    def __init__(
        self, card: ModelCard, encoders: Sequence[SentenceEncoder], heads: SentenceHeads
    ) -> None:
        self.card = card
        self.digest = card.digest(_CODE)
        self.categories = card.categories
        self._encoders = tuple(encoders)
        self._heads = heads
        self._scripts = frozenset(card.preprocessing.get("scripts", ()))
        width = sum(encoder.dimensions for encoder in encoders)
        if heads.w1.shape[0] != width or heads.b2.shape[0] != len(self.categories):
            raise InvalidCard(f"Heads of {card.id!r} fit neither its encoders nor its labels.")

    def score(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Calibrated probabilities; see `TextClassifier.score`."""
        scores = np.empty((len(texts), len(self.categories)), dtype=np.float32)
        for row, text in enumerate(texts):
            scores[row] = self._calibrated(self.logits(text))
        return scores

    def logits(self, text: str) -> NDArray[np.float32]:
        """Raw scores of one text, shape (k,): in each category the highest of its windows."""
        parts = [self._heads.logits(self.vector(window)) for window in windows(text)]
        return np.asarray(np.max(parts, axis=0), dtype=np.float32)

    def vector(self, window: str) -> NDArray[np.float32]:
        """What the heads see of one window: the vectors of all encoders, one after the other."""
        return np.concatenate([encoder.encode(window) for encoder in self._encoders])

    def unread_share(self, text: str) -> float:
        """Share of a text's letters in writing systems that no encoder here can read.

        A low score of such a text means nothing. 0 for a text that can be read in full.
        """
        return unread_share(text, self._scripts)

    def _calibrated(self, logits: NDArray[np.float32]) -> list[float]:
        return [
            float(apply_platt(logits[column : column + 1], self.card.calibration[category])[0])
            for column, category in enumerate(self.categories)
        ]


def open_encoders(names: Sequence[str], files: Mapping[str, Path]) -> list[SentenceEncoder]:
    """Opens encoders by the names that a card's `preprocessing.encoders` uses.

    Raises:
        InvalidCard: A name is not known, or a file of it is not among the sources.
    """
    opened: list[SentenceEncoder] = []
    for name in names:
        if name != "use-multilingual":
            raise InvalidCard(f"There is no encoder {name!r}.", field="preprocessing.encoders")
        try:
            weights, pieces = files["use-multilingual.npz"], files["use-multilingual.spm"]
        except KeyError as error:
            message = f"Encoder {name!r} needs the file {error.args[0]!r}."
            raise InvalidCard(message, field="source") from error
        opened.append(UseEncoder(weights, pieces))
    return opened


def load(card: ModelCard, files: Mapping[str, Path]) -> EmbeddedTextClassifier:
    """Loads an embedded text classifier from files whose digests were checked.

    Args:
        card: A card with `preprocessing.encoders` and a calibration for every label.
        files: Path of each source by its name; `heads.safetensors` among them.

    Raises:
        InvalidCard: The card lacks what a text classifier needs.
    """
    missing = [category for category in card.labels if category not in card.calibration]
    names = card.preprocessing.get("encoders")
    if missing or not isinstance(names, list) or _HEADS_FILE not in files:
        field = f"calibration.{missing[0]}" if missing else "preprocessing.encoders"
        raise InvalidCard(f"Card of {card.id!r} lacks what a text classifier needs.", field=field)
    try:
        heads = SentenceHeads(load_file(files[_HEADS_FILE]))
    except (KeyError, ValueError, SafetensorError) as error:
        raise InvalidCard(f"Heads of {card.id!r} cannot be used.", field="source") from error
    return EmbeddedTextClassifier(card, open_encoders(names, files), heads)
