"""Classifiers of what people do in a clip, by the few moments in which most moves.

One whole frame of a fight shows little: people are small in it. The square in which most has just
moved (`media.motion`) shows them. What a classifier needs is in its card's `[preprocessing]`:

    network     "clip-vit-b16": the tower of `clip_tower`
    head        category to the file of a small ONNX network that reads an embedding of length 1
                and answers one log-odds
    short_side  short side of the pictures that squares are cut from, in pixels
    share       side of a square, as a share of the picture's short side
    least       energy below which a picture is not looked at (`media.motion.Moment`)
    moments     how many moments of a clip are looked at, at least
    every_ms    one moment more is looked at for each such length of the clip
    doubt       category to the log-odds that one of the livelier half of the moments must have for
                the other half to be looked at as well
    reach_ms    how far from a moment its score still counts
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Literal, Protocol

import msgspec
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from media.motion import Highlights, Moment
from models.calibration import apply_platt
from models.card import ModelCard, Platt
from models.clip_tower import INPUT, OUTPUT, RECIPE, SIDE, converted, tensor
from models.errors import InvalidCard
from models.onnx import session
from models.pictures import resize

# Part of the digest: raise it when this code, `pictures` or `media.motion` changes a score.
_CODE: Final = f"motion/1 {RECIPE}"
_SMALLEST: Final = 1e-12

Scores = NDArray[np.float32]


class MotionClassifier(Protocol):
    """Scores moments of a clip by category. Implementations are thread-safe and deterministic."""

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

    @property
    def short_side(self) -> int:
        """Short side in pixels of the pictures that `highlights` is to be shown."""
        ...

    def highlights(self, duration_ms: int) -> Highlights:
        """Return a new keeper of the moments of one clip that are worth a look."""
        ...

    def score(self, moments: Sequence[Moment]) -> Scores:
        """Score moments.

        Args:
            moments: What `highlights` kept, or any others.

        Returns:
            float32, shape `(len(moments), len(categories))`: calibrated probabilities in [0, 1];
            0 for a moment that was not looked at, because the livelier ones showed nothing.
        """
        ...

    def by_frame(self, pts_ms: Sequence[int], moments: Sequence[Moment], scores: Scores) -> Scores:
        """Spread the scores of moments over a clip's frames.

        Args:
            pts_ms: Times of the frames.
            moments: The moments that were scored.
            scores: Their scores.

        Returns:
            float32, shape `(len(pts_ms), len(categories))`: for each frame the score of the moment
            next to it, the earlier of two; 0 where none is within the card's reach.
        """
        ...


class Preprocessing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The card's `[preprocessing]`; the module's docstring says what each key means."""

    network: Literal["clip-vit-b16"]
    head: dict[str, str]
    short_side: int
    share: float
    least: float
    moments: int
    every_ms: int
    reach_ms: int
    doubt: dict[str, float]


class FightClassifier:
    """An image tower with a head a category, behind the `MotionClassifier` protocol.

    Thread-safe. Moments are looked at one by one, so that a score has the same bits in any company
    in which the moment is looked at. A look costs about 0.4 s of one core.

    Attributes:
        card: The model's card.
        digest: Digest of all that decides a score.
        categories: Category ids in the order of the columns.
        short_side: Short side of the pictures that squares are cut from, in pixels.
    """

    def __init__(
        self,
        card: ModelCard,
        tower: ort.InferenceSession,
        heads: Mapping[str, ort.InferenceSession],
    ) -> None:
        self.card = card
        self.digest = card.digest(_CODE)
        self.categories = card.categories
        self._recipe = preprocessing(card)
        if set(self._recipe.doubt) != set(self.categories):
            raise InvalidCard(
                f"Card of {card.id!r}: preprocessing.doubt must name the categories of the labels.",
                field="preprocessing.doubt",
            )
        self.short_side = self._recipe.short_side
        self._tower = tower
        self._heads = heads

    def highlights(self, duration_ms: int) -> Highlights:
        """Return a keeper of one clip's moments; see `MotionClassifier.highlights`."""
        recipe = self._recipe
        most = max(recipe.moments, -(-max(0, duration_ms) // recipe.every_ms))
        return Highlights(most, recipe.share, recipe.least)

    def score(self, moments: Sequence[Moment]) -> Scores:
        """Score moments; see `MotionClassifier.score`.

        Raises:
            ValueError: A moment's picture is not uint8 of shape (height, width, 3), or is empty.
        """
        scores = np.zeros((len(moments), len(self.categories)), dtype=np.float32)
        lively = sorted(range(len(moments)), key=lambda at: (-moments[at].energy, at))
        half = -(-len(lively) // 2)
        if self._look(moments, lively[:half], scores):
            self._look(moments, lively[half:], scores)
        return scores

    def _look(self, moments: Sequence[Moment], chosen: Sequence[int], scores: Scores) -> bool:
        """Fill in the scores of some moments; returns whether one of them leaves a doubt."""
        raw = self.raw([moments[at].image for at in chosen])
        doubt = False
        for column, category in enumerate(self.categories):
            platt = self.card.calibration.get(category, Platt(a=1.0, b=0.0))
            scores[list(chosen), column] = apply_platt(raw[:, column], platt)
            # What is not a number is in doubt: a fault must not look harmless.
            doubt |= not bool((raw[:, column] < self._recipe.doubt[category]).all())
        return doubt

    def by_frame(self, pts_ms: Sequence[int], moments: Sequence[Moment], scores: Scores) -> Scores:
        """Spread the scores of moments over frames; see `MotionClassifier.by_frame`."""
        spread = np.zeros((len(pts_ms), len(self.categories)), dtype=np.float32)
        if not moments:
            return spread
        times = np.asarray([moment.pts_ms for moment in moments], dtype=np.int64)
        away = np.abs(np.asarray(pts_ms, dtype=np.int64)[:, None] - times[None])
        nearest = np.argmin(away, axis=1)
        near = away.min(axis=1) <= self._recipe.reach_ms
        spread[near] = scores[nearest[near]]
        return spread

    def raw(self, images: Sequence[NDArray[np.uint8]]) -> NDArray[np.float64]:
        """Return log-odds before calibration, float64 of shape (n, categories)."""
        rows = [self._odds(self.embedding(image)) for image in images]
        return np.asarray(rows, dtype=np.float64).reshape(len(images), len(self.categories))

    def embedding(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return what the heads read of a picture: float32 of shape (1, 512), length 1."""
        return embedding(self._tower, image)

    def _odds(self, read: NDArray[np.float32]) -> list[float]:
        answers = []
        for category in self.categories:
            head = self._heads[category]
            (answer,) = head.run(None, {head.get_inputs()[0].name: read})
            answers.append(float(answer.reshape(-1)[0]))
        return answers


def embedding(tower: ort.InferenceSession, image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the tower's view of a picture of any size: float32 of shape (1, 512), length 1."""
    (found,) = tower.run([OUTPUT], {INPUT: tensor(resize(image, SIDE, SIDE))})
    values = np.asarray(found, dtype=np.float32)
    length = max(float(np.linalg.norm(values)), _SMALLEST)
    return np.asarray(values / np.float32(length), dtype=np.float32)


def load(card: ModelCard, files: Mapping[str, Path]) -> FightClassifier:
    """Load an embedded classifier of moments.

    Args:
        card: The model's card; its first source is the tower.
        files: Path of each of its files by name, already checked.

    Raises:
        InvalidCard: `[preprocessing]` lacks a key or has one that is not known, or a category has
            no head.
    """
    recipe = preprocessing(card)
    source = card.sources[0]
    try:
        heads = {category: session(files[recipe.head[category]]) for category in card.categories}
    except KeyError as error:
        raise InvalidCard(
            f"Card of {card.id!r} names no head, or no file, {error.args[0]!r}.",
            field="preprocessing.head",
        ) from error
    return FightClassifier(card, session(converted(files[source.name], source.sha256)), heads)


def preprocessing(card: ModelCard) -> Preprocessing:
    """Return the card's `[preprocessing]`, checked.

    Raises:
        InvalidCard: It lacks a key or has one that is not known.
    """
    try:
        return msgspec.convert(card.preprocessing, Preprocessing, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidCard(
            f"Card of {card.id!r}: preprocessing: {error}.", field="preprocessing"
        ) from error
