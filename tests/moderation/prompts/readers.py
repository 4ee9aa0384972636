"""A classifier for tests that scores words, so that a test says what is harmful."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from models.card import ModelCard
from models.classifiers import TextClassifier
from moderation.prompts.screener import PromptScreener

LOW = 0.01


class WordClassifier:
    """Scores a text by its words: in each category the highest, a group of words if all are there.

    Args:
        words: For each category the words, or blank-separated groups, that score.
        languages: What its card says that it covers.
    """

    def __init__(
        self, words: Mapping[str, Mapping[str, float]], *, languages: Sequence[str] = ()
    ) -> None:
        self._words = words
        self.categories = tuple(words)
        self.digest = "sha256:" + "0" * 64
        self.card = cast(
            "ModelCard",
            SimpleNamespace(id="words", version="1", preprocessing={"languages": list(languages)}),
        )
        self.read: list[str] = []

    def score(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.read += texts
        return np.asarray([self._row(text) for text in texts], dtype=np.float32)

    def unread_share(self, text: str) -> float:  # noqa: ARG002 - it reads everything
        return 0.0

    def _row(self, text: str) -> list[float]:
        present = {word.strip(".,!?") for word in text.lower().split()}
        return [
            max(
                [score for group, score in words.items() if set(group.split()) <= present],
                default=LOW,
            )
            for words in self._words.values()
        ]


def screener(classifier: TextClassifier) -> PromptScreener:
    """A screener over a classifier that is there."""
    return PromptScreener(classifier, (classifier.card.id, classifier.categories))
