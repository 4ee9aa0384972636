"""What is measured: the classifier, and the whole screening that is passed in from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from models.card import ModelCard
from models.classifiers import TextClassifier
from models.evaluation.metrics import Flags, Floats, highest
from models.evaluation.numbers import flags_at
from models.evaluation.sets import LabelledSet

ALLOW: Final = "allow"
REVIEW: Final = "review"
BLOCK: Final = "block"
#: A sign of evasion is no harm of its own: it counts for the verdict, not for harm of any kind.
NOT_HARM: Final = frozenset({"evasion"})
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Judged:
    """What the whole screening said of one text.

    Attributes:
        decision: "allow", "review", "block", or "refused" for a text that is not taken at all.
        scores: Highest score of each category, whoever gave it.
    """

    decision: str
    scores: Mapping[str, float]


class Screening(Protocol):
    """The whole screening with the shipped policy; lives outside of this package."""

    @property
    def policy(self) -> str:
        """Identity of the policy."""
        ...

    @property
    def categories(self) -> tuple[str, ...]:
        """Every category that it can score."""
        ...

    @property
    def review(self) -> Mapping[str, float]:
        """Score of each category at which the policy asks for review."""
        ...

    @property
    def block(self) -> Mapping[str, float]:
        """Score of each category at which the policy blocks."""
        ...

    def read(self, text: str) -> str:
        """The text as the classifier sees it."""
        ...

    def judge(self, text: str) -> Judged:
        """Judges one text."""
        ...


class Remembering:
    """A classifier that scores each text once; not thread-safe.

    Rows do not depend on the other texts of a call, so remembering changes no score.
    """

    def __init__(self, classifier: TextClassifier) -> None:
        self._classifier = classifier
        self._known: dict[str, Scores] = {}

    @property
    def card(self) -> ModelCard:
        """The model's card."""
        return self._classifier.card

    @property
    def digest(self) -> str:
        """Digest of all that decides a score."""
        return self._classifier.digest

    @property
    def categories(self) -> tuple[str, ...]:
        """Category ids in the order of the columns."""
        return self._classifier.categories

    def score(self, texts: Sequence[str]) -> Scores:
        """Scores; see `TextClassifier.score`."""
        for text in texts:
            if text not in self._known:
                self._known[text] = np.asarray(self._classifier.score([text])[0], np.float32)
        shape = (len(texts), len(self.categories))
        return np.array([self._known[text] for text in texts], np.float32).reshape(shape)

    def unread_share(self, text: str) -> float:
        """Share of letters that the model cannot read."""
        return self._classifier.unread_share(text)


@dataclass(frozen=True, slots=True)
class Scored:
    """One set's scores by one system.

    Attributes:
        system: "classifier" or "screening".
        data: The set.
        categories: Categories in the order of the columns.
        scores: One row a text.
        review: Threshold of each category for review; a category may have none.
        block: The same for block.
    """

    system: str
    data: LabelledSet
    categories: tuple[str, ...]
    scores: Floats
    review: Mapping[str, float]
    block: Mapping[str, float]

    def column(self, category: str) -> Floats:
        """Scores of one category."""
        return self.scores[:, self.categories.index(category)]

    def any_category(self, among: Sequence[str] = ()) -> Floats:
        """Score for harm of any kind: the highest of all categories, or of those named."""
        columns = [
            column
            for column, category in enumerate(self.categories)
            if category not in NOT_HARM and (not among or category in among)
        ]
        return highest(self.scores[:, columns])

    def flagged(self, limits: Mapping[str, float]) -> Flags:
        """Which texts reach the limit of any category."""
        return flags_at(self.scores, self.categories, limits)


def classified(classifier: TextClassifier, screening: Screening, data: LabelledSet) -> Scored:
    """The classifier's scores of a set, read as the screening reads them."""
    thresholds = classifier.card.thresholds
    return Scored(
        system="classifier",
        data=data,
        categories=classifier.categories,
        scores=classifier.score([screening.read(row.text) for row in data.rows]).astype(np.float64),
        review={name: threshold.review for name, threshold in thresholds.items()},
        block={name: threshold.block for name, threshold in thresholds.items()},
    )


def screened(screening: Screening, data: LabelledSet) -> tuple[Scored, tuple[str, ...]]:
    """The whole screening's scores of a set, and its decisions."""
    judged = [screening.judge(row.text) for row in data.rows]
    names = screening.categories
    scores = [[one.scores.get(name, 0.0) for name in names] for one in judged]
    return (
        Scored(
            system="screening",
            data=data,
            categories=names,
            scores=np.array(scores, np.float64).reshape(len(judged), len(names)),
            review=screening.review,
            block=screening.block,
        ),
        tuple(one.decision for one in judged),
    )
