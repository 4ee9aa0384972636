"""The embedded frame classifiers: a published image network, its classes, and calibration.

What a network needs is in its card's `[preprocessing]`; nothing here knows a model by its name:

    network   "onnx" for a file that ONNX Runtime reads as it is, or "efficientnet-lite0" for a
              PyTorch state dict that is converted once
    input     name of the network's input
    output    name of the output, and `values`: "logits" or "probabilities"
    layout    "nhwc" or "nchw"
    channels  "rgb" or "bgr"
    resize    side of the square that a view is resized to
    crop      side of the square that is cut out of its middle
    jpeg      whether a view passes through JPEG first
    mean      subtracted, one value a channel, in the network's order
    scale     divided by
    tiles     most views of one picture; the highest score counts
    [preprocessing.classes]  name of a class to its place among the outputs
    [preprocessing.heads]    category to the file of a head of its own: a small ONNX network whose
                             inputs are outputs of the network, by their names, and which answers
                             one log-odds

A category with a head is scored by it; every other one by the classes that its label names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

import msgspec
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from models.calibration import apply_platt
from models.card import ModelCard, Platt
from models.efficientnet import RECIPE, converted
from models.errors import InvalidCard
from models.onnx import session
from models.pictures import Picture, center_crop, resize, through_jpeg, tiles

# Part of the digest: raise it when this code or `pictures` changes a score.
_CODE: Final = f"vision/3 {RECIPE}"
_SMALLEST: Final = 1e-12


class Preprocessing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The card's `[preprocessing]`; the module's docstring says what each key means."""

    network: Literal["onnx", "efficientnet-lite0"]
    input: str
    output: str
    values: Literal["logits", "probabilities"]
    layout: Literal["nhwc", "nchw"]
    channels: Literal["rgb", "bgr"]
    resize: int
    crop: int
    jpeg: bool
    mean: tuple[float, float, float]
    scale: float
    tiles: int
    classes: dict[str, int]
    heads: dict[str, str] = {}

    def tensor(self, view: Picture) -> NDArray[np.float32]:
        """Return one view as the network's input, a batch of one."""
        picture = center_crop(resize(view, self.resize, self.resize), self.crop)
        if self.jpeg:
            picture = through_jpeg(picture)
        values = picture if self.channels == "rgb" else picture[:, :, ::-1]
        normal = (values.astype(np.float32) - np.asarray(self.mean, np.float32)) / self.scale
        ordered = normal if self.layout == "nhwc" else normal.transpose(2, 0, 1)
        return np.ascontiguousarray(ordered[None], dtype=np.float32)


class ImageNetwork:
    """An image network with classes, behind the `FrameClassifier` protocol.

    Thread-safe. Pictures are scored one by one, so that a picture's score has the same bits
    alone and in any company.

    Attributes:
        card: The model's card.
        digest: Digest of all that decides a score.
        categories: Category ids in the order of the columns.
    """

    def __init__(
        self,
        card: ModelCard,
        network: ort.InferenceSession,
        heads: Mapping[str, ort.InferenceSession] = MappingProxyType({}),
    ) -> None:
        self.card = card
        self.digest = card.digest(_CODE)
        self.categories = card.categories
        self._network = network
        self._heads = heads
        self._read = sorted({each.name for head in heads.values() for each in head.get_inputs()})
        self._preprocessing = _preprocessing(card)
        self._places = {
            category: self._classes(category)
            for category in self.categories
            if category not in heads
        }

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

    def maps(
        self, image: NDArray[np.uint8], names: Sequence[str]
    ) -> tuple[NDArray[np.float32], ...]:
        """Return what a head reads of a picture that is seen in one view, by names of outputs."""
        recipe = self._preprocessing
        found = self._network.run(list(names), {recipe.input: recipe.tensor(image)})
        return tuple(np.asarray(each[0], dtype=np.float32) for each in found)

    def _odds(self, image: NDArray[np.uint8]) -> NDArray[np.float64]:
        recipe = self._preprocessing
        if image.ndim != 3 or not image.size:  # noqa: PLR2004
            raise ValueError("a picture must be uint8 of shape (height, width, 3), not empty")
        views = [self._view(view) for view in tiles(image, recipe.tiles)]
        return np.asarray(np.max(views, axis=0), dtype=np.float64)

    def _view(self, view: Picture) -> list[float]:
        """Log-odds of each category in one view."""
        recipe = self._preprocessing
        found = self._network.run([recipe.output, *self._read], {recipe.input: recipe.tensor(view)})
        seen = dict(zip(self._read, found[1:], strict=True))
        values = np.asarray(found[0][0], dtype=np.float64)
        if recipe.values == "probabilities":
            values = np.log(np.maximum(values, _SMALLEST))
        odds: list[float] = []
        for category in self.categories:
            if category in self._heads:
                head = self._heads[category]
                (answer,) = head.run(
                    None, {each.name: seen[each.name] for each in head.get_inputs()}
                )
                odds.append(float(answer.reshape(-1)[0]))
            else:
                odds.append(_log_odds(values, self._places[category]))
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
    source = card.sources[0]
    path = files[source.name]
    recipe = _preprocessing(card)
    try:
        heads = {category: session(files[name]) for category, name in recipe.heads.items()}
    except KeyError as error:
        raise InvalidCard(
            f"Card of {card.id!r} names no file {error.args[0]!r}.", field="source"
        ) from error
    network = session(path if recipe.network == "onnx" else converted(path, source.sha256))
    outputs = {each.name for each in network.get_outputs()}
    for category, head in heads.items():
        for each in head.get_inputs():
            if each.name not in outputs:
                raise InvalidCard(
                    f"Card of {card.id!r}: the head of {category!r} reads {each.name!r}, which the "
                    "network does not have.",
                    field=f"preprocessing.heads.{category}",
                )
    return ImageNetwork(card, network, heads)


def _preprocessing(card: ModelCard) -> Preprocessing:
    try:
        return msgspec.convert(card.preprocessing, Preprocessing, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidCard(
            f"Card of {card.id!r}: preprocessing: {error}.", field="preprocessing"
        ) from error


def _log_odds(values: NDArray[np.float64], places: NDArray[np.intp]) -> float:
    """Return how much likelier some classes are than all the others, as log-odds."""
    chosen = np.zeros(len(values), dtype=bool)
    chosen[places] = True
    return _log_sum(values[chosen]) - _log_sum(values[~chosen])


def _log_sum(values: NDArray[np.float64]) -> float:
    highest = float(values.max())
    return highest + float(np.log(np.exp(values - highest).sum()))
