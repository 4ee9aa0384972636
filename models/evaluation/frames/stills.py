"""What frame classifiers say of labelled stills: what they find, and what they take for it.

Only held-out stills count. What a category's positives and its look-alikes are is written down
here, by source and label of the data's manifest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from models.classifiers import FrameClassifier
from models.evaluation.metrics import Flags, Floats
from models.evaluation.numbers import Number, rankings, share
from models.frame_sets import Picture

#: Scores for review and for block of a model in a category; None where there is none.
Limits = Callable[[str, str], tuple[float | None, float | None]]
#: Tags of the ImageNet stills whose pictures are easily taken for something else.
LOOKALIKES: Final = (
    *("swimwear_underwear", "medical", "weapon_context", "red_or_gory_confusable"),
    *("religious_confusable", "fire", "alcohol_tobacco"),
)


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked of a category: its positives, and the negatives that are hard for it.

    Attributes:
        name: Name of the task in the tables.
        category: Category id.
        source: The set that both are from, or "" for negatives from everywhere.
        is_positive: Whether a still is one of the positives.
        is_negative: Whether it is one of the negatives; what is neither is left out.
    """

    name: str
    category: str
    source: str
    is_positive: Callable[[Picture], bool]
    is_negative: Callable[[Picture], bool]


def _symbol(*kinds: str) -> Callable[[Picture], bool]:
    return lambda picture: (
        picture.source == "symbols_rendered" and picture.labels.split(";")[0] in kinds
    )


def _harmless(picture: Picture) -> bool:
    return picture.source not in {"weapons_guns", "symbols_rendered", "text_overlay_rendered"} and (
        "weapon" not in picture.labels
    )


TASKS: Final = (
    Task("guns against all other stills", "violence", "",
         lambda picture: picture.source == "weapons_guns", _harmless),
    Task("hate symbols against look-alikes", "hate", "symbols_rendered",
         _symbol("hate_symbol"), _symbol("benign_confusable")),
    Task("hate symbols, those that hang on context too, against look-alikes and harmless ones",
         "hate", "symbols_rendered", _symbol("hate_symbol", "hate_symbol_contextual"),
         _symbol("benign_confusable", "benign")),
)  # fmt: skip


def measure(
    classifiers: Sequence[FrameClassifier], pictures: Sequence[Picture], limits: Limits
) -> list[Number]:
    """Measures classifiers on stills.

    Args:
        classifiers: Who is asked.
        pictures: Stills; all of them are used, so give only those that may be reported on.
        limits: Thresholds by category and model id.
    """
    numbers: list[Number] = []
    for classifier in classifiers:
        scores = classifier.score([picture.image for picture in pictures])
        for column, category in enumerate(classifier.categories):
            found = scores[:, column].astype(np.float64)
            base = Number(measure="", data="stills", system=classifier.card.id, category=category)
            levels = _levels(limits(category, classifier.card.id))
            numbers += _tasks(base, pictures, found, levels)
            numbers += _lookalikes(base, pictures, found, levels)
    return numbers


def _levels(pair: tuple[float | None, float | None]) -> Mapping[str, float]:
    return {
        name: limit
        for name, limit in zip(("review", "block"), pair, strict=True)
        if limit is not None
    }


def _tasks(
    base: Number, pictures: Sequence[Picture], scores: Floats, levels: Mapping[str, float]
) -> list[Number]:
    numbers: list[Number] = []
    for task in TASKS:
        if task.category != base.category:
            continue
        positive = np.array([task.is_positive(picture) for picture in pictures], dtype=bool)
        negative = np.array([task.is_negative(picture) for picture in pictures], dtype=bool)
        if not positive.any() or not negative.any():
            continue
        used = positive | negative
        here = replace(base, group=task.name)
        numbers += rankings(here, scores[used], positive[used])
        for name, limit in levels.items():
            numbers.append(share(here, f"recall at {name}", scores[positive] >= limit))
            numbers.append(share(here, f"false positives at {name}", scores[negative] >= limit))
    return numbers


def _lookalikes(
    base: Number, pictures: Sequence[Picture], scores: Floats, levels: Mapping[str, float]
) -> list[Number]:
    numbers: list[Number] = []
    for tag in LOOKALIKES:
        tagged: Flags = np.array([tag in picture.labels for picture in pictures], dtype=bool)
        for name, limit in levels.items():
            here = replace(base, group=f"look-alike: {tag}")
            numbers.append(share(here, f"false positives at {name}", scores[tagged] >= limit))
    return numbers
