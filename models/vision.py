"""The embedded frame classifiers: a published image network, its classes, and calibration.

What a network needs is in its card's `[preprocessing]` (see `models.preprocessing`); nothing here
knows a model by its name. A category with a head is scored by it; every other one by the classes
that its label names.

A picture's score is that of the full look in each category in which the glance gives at least as
much as `doubt`, and that of the glance in the others. The score of `doubt` must lie below that for
review, so nothing is found by the glance alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray

from models import quantization
from models.calibration import apply_platt
from models.card import ModelCard, Platt
from models.conversions import kept
from models.efficientnet import RECIPE, converted
from models.errors import InvalidCard
from models.onnx import session
from models.preprocessing import Glance, Preprocessing, preprocessing

# Part of the digest: raise it when this code, `preprocessing` or `pictures` changes a score.
_CODE: Final = f"vision/4 {RECIPE} {quantization.RECIPE}"
_SMALLEST: Final = 1e-12
_PLAIN: Final = str.maketrans("/ ", "--")


class _Eye:
    """A network with its heads, and how it looks at a picture."""

    def __init__(
        self,
        recipe: Preprocessing,
        sessions: Sessions,
        places: Mapping[str, NDArray[np.intp]],
    ) -> None:
        self.network = sessions.network
        self._recipe = recipe
        self._heads = {
            category: (head, [each.name for each in head.get_inputs()])
            for category, head in sessions.heads.items()
        }
        self._places = places

    def odds(
        self, views: Sequence[NDArray[np.float32]], categories: Sequence[str]
    ) -> NDArray[np.float64]:
        """Highest log-odds of some categories in any view of a picture."""
        found = [self._view(view, categories) for view in views]
        return np.asarray(np.max(found, axis=0), dtype=np.float64)

    def _view(self, view: NDArray[np.float32], categories: Sequence[str]) -> list[float]:
        """Log-odds of some categories in one view."""
        recipe = self._recipe
        heads = {name: self._heads[name] for name in categories if name in self._heads}
        read = sorted({name for _, names in heads.values() for name in names})
        found = self.network.run([recipe.output, *read], {recipe.input: view})
        seen = dict(zip(read, found[1:], strict=True))
        values = np.asarray(found[0][0], dtype=np.float64)
        if recipe.values == "probabilities":
            values = np.log(np.maximum(values, _SMALLEST))
        odds: list[float] = []
        for category in categories:
            if category in heads:
                head, names = heads[category]
                (answer,) = head.run(None, {name: seen[name] for name in names})
                odds.append(float(answer.reshape(-1)[0]))
            else:
                odds.append(_log_odds(values, self._places[category]))
        return odds


@dataclass(frozen=True, slots=True)
class Sessions:
    """What one look at a picture takes.

    Attributes:
        network: The network.
        heads: Its heads by category.
    """

    network: ort.InferenceSession
    heads: Mapping[str, ort.InferenceSession]


class ImageNetwork:
    """An image network with classes, behind the `FrameClassifier` protocol.

    Thread-safe. Pictures are scored one by one, so that a picture's score has the same bits
    alone and in any company.

    Attributes:
        card: The model's card.
        digest: Digest of all that decides a score.
        categories: Category ids in the order of the columns.
    """

    def __init__(self, card: ModelCard, full: Sessions, glance: Sessions | None = None) -> None:
        self.card = card
        self.digest = card.digest(_CODE)
        self.categories = card.categories
        self._preprocessing = recipe = preprocessing(card)
        places = {
            category: self._classes(category)
            for category in self.categories
            if category not in full.heads
        }
        self._full = _Eye(recipe, full, places)
        self._glance = None if glance is None else _Eye(recipe, glance, places)

    def score(self, images: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Score pictures; see `FrameClassifier.score`.

        Raises:
            ValueError: A picture is not uint8 of shape (height, width, 3), or it has no pixels.
        """
        raw = self.raw(images)
        scores = np.zeros(raw.shape, dtype=np.float32)
        for column, category in enumerate(self.categories):
            platt = self.card.calibration.get(category, Platt(a=1.0, b=0.0))
            scores[:, column] = apply_platt(raw[:, column], platt)
        return scores

    def raw(self, images: Sequence[NDArray[np.uint8]]) -> NDArray[np.float64]:
        """Return log-odds before calibration, float64 of shape (n, categories)."""
        rows = [self._odds(image) for image in images]
        return np.asarray(rows, dtype=np.float64).reshape(len(images), len(self.categories))

    def both(
        self, image: NDArray[np.uint8]
    ) -> tuple[NDArray[np.float64] | None, NDArray[np.float64]]:
        """Return the log-odds of a glance, None without one, and those of the full look."""
        full = self._full.odds(self._preprocessing.tensors(image), self.categories)
        recipe = self._preprocessing.glance
        if self._glance is None or recipe is None:
            return None, full
        views = self._preprocessing.tensors(image, recipe.side)
        return self._glance.odds(views, self.categories), full

    def maps(
        self, image: NDArray[np.uint8], names: Sequence[str]
    ) -> tuple[NDArray[np.float32], ...]:
        """Return what a head reads of a picture that is seen in one view, by names of outputs."""
        recipe = self._preprocessing
        found = self._full.network.run(list(names), {recipe.input: recipe.tensor(image)})
        return tuple(np.asarray(each[0], dtype=np.float32) for each in found)

    def _odds(self, image: NDArray[np.uint8]) -> NDArray[np.float64]:
        recipe = self._preprocessing
        if image.ndim != 3 or not image.size:  # noqa: PLR2004
            raise ValueError("a picture must be uint8 of shape (height, width, 3), not empty")
        if self._glance is None or recipe.glance is None:
            return self._full.odds(recipe.tensors(image), self.categories)
        views = recipe.tensors(image, recipe.glance.side)
        odds = self._glance.odds(views, self.categories)
        # What is not a number is in doubt: a fault must not look harmless.
        doubtful = [
            place
            for place, category in enumerate(self.categories)
            if not odds[place] < recipe.glance.doubt[category]
        ]
        if doubtful:
            if recipe.glance.side != recipe.crop:
                views = recipe.tensors(image)
            odds[doubtful] = self._full.odds(views, [self.categories[each] for each in doubtful])
        return odds

    def _classes(self, category: str) -> NDArray[np.intp]:
        classes = self._preprocessing.classes
        try:
            return np.asarray([classes[name] for name in self.card.labels[category]], dtype=np.intp)
        except KeyError as error:
            raise InvalidCard(
                f"Card of {self.card.id!r}: preprocessing.classes lacks {error.args[0]!r}.",
                field="preprocessing.classes",
            ) from error


def load(card: ModelCard, files: Mapping[str, Path]) -> ImageNetwork:
    """Load an embedded frame classifier.

    Args:
        card: The model's card.
        files: Path of each of its files by name, already checked.

    Raises:
        InvalidCard: `[preprocessing]` lacks a key or has one that is not known.
    """
    recipe = preprocessing(card)
    try:
        heads = {category: session(files[name]) for category, name in recipe.heads.items()}
    except KeyError as error:
        raise InvalidCard(
            f"Card of {card.id!r} names no file {error.args[0]!r}.", field="source"
        ) from error
    network = session(published(card, files))
    outputs = {each.name for each in network.get_outputs()}
    for category, head in heads.items():
        for each in head.get_inputs():
            if each.name not in outputs:
                raise InvalidCard(
                    f"Card of {card.id!r}: the head of {category!r} reads {each.name!r}, which the "
                    "network does not have.",
                    field=f"preprocessing.heads.{category}",
                )
    full = Sessions(network, heads)
    if recipe.glance is None:
        return ImageNetwork(card, full)
    small = {
        category: session(quantization.unbound(onnx.load(files[name])))
        for category, name in recipe.heads.items()
    }
    copy = session(_small_copy(card, recipe.glance, files))
    return ImageNetwork(card, full, Sessions(copy, small))


def published(card: ModelCard, files: Mapping[str, Path]) -> bytes:
    """Return the ONNX graph of a model's network as it was published.

    Args:
        card: The model's card.
        files: Path of each of its files by name, already checked.
    """
    source = card.sources[0]
    path = files[source.name]
    if preprocessing(card).network == "onnx":
        return path.read_bytes()
    return converted(path, source.sha256)


def _small_copy(card: ModelCard, glance: Glance, files: Mapping[str, Path]) -> bytes:
    """Return the 8-bit copy of a card's network; made once, as all that decides it is the same."""
    source = card.sources[0]
    by_name = {each.name: each.sha256 for each in card.sources}
    try:
        ranges_file, digest = files[glance.ranges], by_name[glance.ranges]
    except KeyError as error:
        raise InvalidCard(
            f"Card of {card.id!r} names no file {error.args[0]!r}.", field="source"
        ) from error

    def make() -> bytes:
        ranges = msgspec.toml.decode(ranges_file.read_bytes(), type=dict[str, tuple[float, float]])
        model = onnx.load_from_string(published(card, files))
        return quantization.quantized(quantization.resized(model, glance.side), ranges)

    recipe = f"{RECIPE} {quantization.RECIPE}".translate(_PLAIN)
    path = files[source.name]
    stem = f"{path.stem}.{source.sha256[:12]}.{digest[:12]}.{glance.side}.{recipe}"
    return kept(path.parent, stem, make)


def _log_odds(values: NDArray[np.float64], places: NDArray[np.intp]) -> float:
    """Return how much likelier some classes are than all the others, as log-odds."""
    chosen = np.zeros(len(values), dtype=bool)
    chosen[places] = True
    return _log_sum(values[chosen]) - _log_sum(values[~chosen])


def _log_sum(values: NDArray[np.float64]) -> float:
    highest = float(values.max())
    return highest + float(np.log(np.exp(values - highest).sum()))
