"""What a card of pictures says of its network, and pictures made into its input.

The keys of `[preprocessing]`:

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
    [preprocessing.glance]   a cheap first look, which spares most pictures the full one: the same
                             views, smaller where that serves, by an 8-bit copy of the network
        side                 side of the square that the copy sees
        ranges               file with the ranges of the copy's activations
        doubt                category to the log-odds from which on a picture gets the full look
"""

from __future__ import annotations

import functools
from typing import Literal

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from models.calibration import apply_platt
from models.card import ModelCard, Platt
from models.errors import InvalidCard
from models.pictures import Picture, center_crop, resize, through_jpeg, tiles


class Glance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The card's `[preprocessing.glance]`; the module's docstring says what each key means."""

    side: int
    ranges: str
    doubt: dict[str, float]


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
    glance: Glance | None = None

    def tensor(self, view: Picture, side: int | None = None) -> NDArray[np.float32]:
        """Return one view as a network's input, a batch of one.

        Args:
            view: The picture, or a part of it.
            side: Of the square in pixels: `crop`, unless it is for a glance.
        """
        side = side or self.crop
        whole = round(self.resize * side / self.crop)
        picture = center_crop(resize(view, whole, whole), side)
        if self.jpeg:
            picture = through_jpeg(picture)
        values = picture if self.channels == "rgb" else cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
        normal = cv2.LUT(values, _normalised(self.mean, self.scale))
        ordered = normal if self.layout == "nhwc" else normal.transpose(2, 0, 1)
        return np.ascontiguousarray(ordered[None], dtype=np.float32)

    def tensors(self, image: Picture, side: int | None = None) -> list[NDArray[np.float32]]:
        """Return each view of a picture as a network's input."""
        return [self.tensor(view, side) for view in tiles(image, self.tiles)]


def preprocessing(card: ModelCard) -> Preprocessing:
    """Return what a card says of its network.

    Raises:
        InvalidCard: `[preprocessing]` lacks a key or has one that is not known.
    """
    try:
        recipe = msgspec.convert(card.preprocessing, Preprocessing, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidCard(
            f"Card of {card.id!r}: preprocessing: {error}.", field="preprocessing"
        ) from error
    for category in card.categories if recipe.glance is not None else ():
        _check_doubt(card, recipe.glance, category)
    return recipe


def _check_doubt(card: ModelCard, glance: Glance | None, category: str) -> None:
    """Refuse a glance that could find something, or leave something out, by itself."""
    odds = glance.doubt.get(category) if glance else None
    platt = card.calibration.get(category, Platt(a=1.0, b=0.0))
    threshold = card.thresholds.get(category)
    if odds is None or (
        threshold is not None and not apply_platt(np.array([odds]), platt)[0] < threshold.review
    ):
        raise InvalidCard(
            f"Card of {card.id!r}: preprocessing.glance.doubt has no number for {category!r} "
            "whose score is below that for review.",
            field="preprocessing.glance.doubt",
        )


@functools.cache
def _normalised(mean: tuple[float, float, float], scale: float) -> NDArray[np.float32]:
    """What each byte of each channel becomes: float32 of shape (256, 1, 3)."""
    values = np.arange(256, dtype=np.uint8).astype(np.float32)[:, None]
    table = (values - np.asarray(mean, np.float32)) / np.float32(scale)
    return np.ascontiguousarray(table[:, None, :])
