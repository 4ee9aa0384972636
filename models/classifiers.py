"""The two seams through which everything else sees a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.card import ModelCard


class TextClassifier(Protocol):
    """Scores texts by category. Implementations are thread-safe and deterministic."""

    @property
    def card(self) -> ModelCard:
        """The model's card."""
        ...

    @property
    def digest(self) -> str:
        """Digest, as "sha256:<hex>", of all that decides a score: weights, calibration, ..."""
        ...

    @property
    def categories(self) -> tuple[str, ...]:
        """Framegate category ids, in the order of the columns of a score."""
        ...

    def score(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Scores texts.

        Args:
            texts: Any number of texts of any length.

        Returns:
            float32, shape `(len(texts), len(categories))`: calibrated probabilities in [0, 1].
            A text's row does not depend on the other texts of the call.
        """
        ...

    def unread_share(self, text: str) -> float:
        """Share of a text's letters, 0 to 1, that the model cannot read.

        A low score of a text with unread letters means nothing.
        """
        ...


class FrameClassifier(Protocol):
    """Scores pictures by category. Implementations are thread-safe and deterministic."""

    @property
    def card(self) -> ModelCard:
        """The model's card."""
        ...

    @property
    def digest(self) -> str:
        """Digest, as "sha256:<hex>", of all that decides a score: weights, calibration, ..."""
        ...

    @property
    def categories(self) -> tuple[str, ...]:
        """Framegate category ids, in the order of the columns of a score."""
        ...

    def score(self, images: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Scores pictures.

        Args:
            images: RGB pictures, uint8, shape (height, width, 3), of any size.

        Returns:
            float32, shape `(len(images), len(categories))`: calibrated probabilities in [0, 1].
            A picture's row does not depend on the other pictures of the call.
        """
        ...
