"""The embedded text classifier: a small multilingual transformer that may answer early.

The network comes in two parts. The first layers and a head of their own read every text; where
that head is sure that nothing is wrong in any category, its answer stands, and most harmless
prompts cost no more. Everything else is read by the rest of the layers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from models.calibration import apply_platt
from models.card import ModelCard, Platt
from models.errors import InvalidCard
from models.onnx import session
from models.packed import PackedEncoder
from models.pieces import Pieces
from models.scripts import unread_share
from models.windows import LARGE_UNITS, SMALL_UNITS, windows

# Part of the digest: raise it when this code, `packed` or `pieces` changes a score.
_CODE: Final = "early-exit-transformer/1"
#: Most pieces of one window; no window of ordinary writing comes near.
MAX_PIECES: Final = 500
_ENCODER_FILE: Final = "e5-small-q4.bin"
_EARLY_FILE: Final = "early.onnx"
_LATE_FILE: Final = "late.onnx"

Vector = NDArray[np.float32]


class EarlyExit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the early head's logit of one category means."""

    a: float
    b: float
    below: float


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How texts are read: the card's `preprocessing`.

    Attributes:
        whole: A text of at most so many units (`windows`) is read at once, a longer one in windows.
        languages: ISO 639-1 codes of the languages that the model was measured on.
        scripts: Writing systems that it was shown.
        early: For each category the early head's calibration, and the logit below which it is
            sure; a text leaves early only if it is sure in all of them.
    """

    whole: Annotated[int, msgspec.Meta(ge=SMALL_UNITS, le=LARGE_UNITS)]
    languages: tuple[str, ...]
    scripts: tuple[str, ...]
    early: dict[str, EarlyExit]


@dataclass(frozen=True, slots=True)
class _Window:
    """Calibrated scores of one window and whether they are the early head's."""

    scores: Vector
    early: bool


class TransformerTextClassifier:
    """The network behind the `TextClassifier` protocol.

    Thread-safe. A text is scored by itself, window by window, so the same text has the same bits
    whatever else is in the call.

    Attributes:
        card: The model's card.
        digest: Digest of all that decides a score.
        categories: Category ids in the order of the columns.
    """

    def __init__(
        self,
        card: ModelCard,
        reading: Reading,
        packed: PackedEncoder,
        early: ort.InferenceSession,
        late: ort.InferenceSession,
    ) -> None:
        self.card = card
        self.digest = card.digest(_CODE)
        self.categories = card.categories
        self._reading = reading
        self._scripts = frozenset(reading.scripts)
        self._packed = packed
        self._pieces = Pieces(packed)
        self._early, self._late = early, late
        exits = [reading.early[category] for category in self.categories]
        self._below = np.array([each.below for each in exits], dtype=np.float32)
        self._early_platts = [Platt(a=each.a, b=each.b) for each in exits]
        self._late_platts = [card.calibration[category] for category in self.categories]

    def score(self, texts: Sequence[str]) -> Vector:
        """Calibrated probabilities; see `TextClassifier.score`."""
        scores = np.empty((len(texts), len(self.categories)), dtype=np.float32)
        for row, text in enumerate(texts):
            scores[row] = np.max([self._window(ids).scores for ids in self._cut(text)], axis=0)
        return scores

    def leaves_early(self, text: str) -> bool:
        """Whether the early head alone answers for a text."""
        return all(self._window(ids).early for ids in self._cut(text))

    def unread_share(self, text: str) -> float:
        """Share of a text's letters in writing systems that the model was never shown.

        A low score of such a text means nothing. 0 for a text that can be read in full.
        """
        return unread_share(text, self._scripts)

    def _cut(self, text: str) -> list[NDArray[np.int64]]:
        """Ids of each window, marks of beginning and end included."""
        return cut(text, self._reading.whole, self._pieces)

    def _window(self, ids: NDArray[np.int64]) -> _Window:
        words = self._packed.words(ids)[None]
        states, logits = self._early.run(None, {"words": words})
        if bool((logits[0] < self._below).all()):
            return _Window(_calibrated(logits[0], self._early_platts), early=True)
        (logits,) = self._late.run(None, {"states": states})
        return _Window(_calibrated(logits[0], self._late_platts), early=False)


def cut(text: str, whole: int, pieces: Pieces) -> list[NDArray[np.int64]]:
    """Ids of the windows of a text, marks of beginning and end included.

    Args:
        text: Any text.
        whole: A text of at most so many units is one window.
        pieces: The tokenizer.
    """
    return [pieces.frame(ids[:MAX_PIECES]) for ids in map(pieces.cut, windows(text, whole=whole))]


def _calibrated(logits: Vector, platts: Sequence[Platt]) -> Vector:
    return np.array(
        [apply_platt(logits[i : i + 1], platt)[0] for i, platt in enumerate(platts)],
        dtype=np.float32,
    )


def load(card: ModelCard, files: Mapping[str, Path]) -> TransformerTextClassifier:
    """Loads the classifier from files whose digests were checked.

    Args:
        card: A card with a calibration for every label and `Reading` as its preprocessing.
        files: Path of each source by its name.

    Raises:
        InvalidCard: The card lacks what the classifier needs, or a file is of another kind.
    """
    reading = _reading(card)
    for field, keys in (("calibration", card.calibration), ("preprocessing.early", reading.early)):
        for category in card.labels:
            if category not in keys:
                raise InvalidCard(
                    f"Card of {card.id!r} lacks {category!r}.", field=f"{field}.{category}"
                )
    try:
        places = [files[name] for name in (_ENCODER_FILE, _EARLY_FILE, _LATE_FILE)]
    except KeyError as error:
        message = f"Card of {card.id!r} names no file {error.args[0]!r}."
        raise InvalidCard(message, field="source") from error
    sessions = [_open(card, place) for place in places[1:]]
    return TransformerTextClassifier(card, reading, PackedEncoder(places[0]), *sessions)


def _reading(card: ModelCard) -> Reading:
    values: dict[str, Any] = dict(card.preprocessing)
    try:
        reading = msgspec.convert(values, type=Reading)
    except msgspec.ValidationError as error:
        message = f"Card of {card.id!r}: preprocessing: {error}."
        raise InvalidCard(message, field="preprocessing") from error
    return reading


def _open(card: ModelCard, place: Path) -> ort.InferenceSession:
    opened = session(place)
    width = opened.get_outputs()[-1].shape[-1]
    if width != len(card.labels):
        raise InvalidCard(
            f"Model of {card.id!r}: {place.name} answers {width} categories, not "
            f"{len(card.labels)}.",
            field="labels",
        )
    return opened
