"""Zero-shot pictures: CLIP, SigLIP and their kin, asked with sentences that stand in the card.

A picture and a sentence meet in one space; what a label means is written down as sentences. In a
card:

    [labels]
    violence = ["fight", "weapon"]
    [preprocessing.zero_shot]
    contrast = ["a photo of people talking", "a photo of a landscape"]
    [preprocessing.zero_shot.prompts]
    fight = ["a photo of people fighting", "a photo of a brawl"]
    weapon = ["a photo of a person aiming a gun"]

A label's prompts are averaged: each embedding has length one, and so has their mean again (prompt
ensembling, Radford et al. 2021, "Learning Transferable Visual Models From Natural Language
Supervision", section 3.1.4). A label's score is then

- for CLIP, a softmax over the label and the `contrast` sentences, each of which is a class of its
  own. Labels do not compete with one another: a picture may be two bad things at once, and each
  must get its full score. Without contrast a softmax says 1 to everything, so it is demanded.
- for SigLIP, the sigmoid that it was trained with (Zhai et al. 2023, "Sigmoid Loss for Language
  Image Pre-Training"). Contrast would change nothing, so it is refused.

`preprocessing.activation` ("softmax" or "sigmoid") takes the other of the two; `batch` and `tiles`
are those of `models.hub.FrameFeed`. Sentences are embedded once, at load. Raw scores of such models
are no probabilities: calibrate them in the card.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.calibration import sigmoid
from models.card import ModelCard
from models.errors import InvalidCard
from models.hub import (
    FrameFeed,
    calibrated,
    device,
    image_processor_of,
    moved,
    pretrained,
    tokenizer_of,
    unloadable,
)

_CODE: Final = "zero-shot/1"
_TABLE: Final = "zero_shot"
_Sentences = Annotated[tuple[str, ...], msgspec.Meta(max_length=256)]


class ZeroShot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to compare a picture with: the table `preprocessing.zero_shot` of a card.

    Attributes:
        prompts: Label to the sentences that describe it, one at least; their mean counts.
        contrast: Sentences for harmless pictures, each by itself.
    """

    prompts: dict[str, _Sentences]
    contrast: _Sentences = ()

    @classmethod
    def of(cls, card: ModelCard) -> ZeroShot:
        """Reads the table of a card.

        Raises:
            InvalidCard: The table breaks a rule; the message names the key.
        """
        try:
            table = msgspec.convert(card.preprocessing[_TABLE], cls)
        except msgspec.ValidationError as error:
            raise _invalid(card, str(error)) from error
        labels = {label for labels in card.labels.values() for label in labels}
        if odd := sorted(labels.symmetric_difference(table.prompts)):
            raise _invalid(card, f"{odd[0]!r} must stand in both labels and prompts")
        for label, prompts in table.prompts.items():
            if not prompts or not all(map(str.strip, (*prompts, *table.contrast))):
                raise _invalid(card, f"prompts of {label!r}, or contrast, lack a sentence")
        return table


def _invalid(card: ModelCard, problem: str) -> InvalidCard:
    return InvalidCard(f"Zero-shot of {card.id!r}: {problem}.", field=f"preprocessing.{_TABLE}")


class ZeroShotFrameClassifier:
    """A model of pictures and sentences behind the `FrameClassifier` protocol.

    Thread-safe; one call at a time reaches the model. `FrameFeed` says when pictures go in batches
    and what that means for the last bits of a score.

    Raises:
        InvalidCard: The card's tables are wrong, or do not fit the model.
    """

    def __init__(
        self,
        card: ModelCard,
        model: Any,  # noqa: ANN401
        tokenizer: Any,  # noqa: ANN401
        image_processor: Any,  # noqa: ANN401
        device: str,
    ) -> None:
        self.card = card
        self.digest = card.digest(_CODE)
        self.categories = card.categories
        self._feed = FrameFeed.of(card, device, "activation", _TABLE)
        self._model = model.eval().to(device)
        self._image_processor = image_processor
        self._lock = threading.Lock()
        table = ZeroShot.of(card)
        self._scale = float(model.logit_scale.detach().float().exp().cpu())
        bias = getattr(model, "logit_bias", None)
        self._bias = 0.0 if bias is None else float(bias.detach().float().cpu())
        self._softmax = _activation(card, has_bias=bias is not None) == "softmax"
        if self._softmax != bool(table.contrast):
            rule = "softmax needs contrast" if self._softmax else "sigmoid takes no contrast"
            raise _invalid(card, rule)
        sentences = _Sentencer(card, model, tokenizer)
        self._contrast = [sentences.embedded([sentence]) for sentence in table.contrast]
        self._labels = {
            label: sentences.embedded(prompts) for label, prompts in table.prompts.items()
        }

    def score(self, images: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Calibrated probabilities; see `FrameClassifier.score` and, for errors, `FrameFeed`."""
        raw = self._feed.scores(images, len(self.categories), self._score_views)
        return calibrated(self.card, raw).astype(np.float32)

    def _score_views(self, views: list[Image.Image]) -> NDArray[np.float64]:
        import torch  # noqa: PLC0415

        inputs = self._image_processor(images=views, return_tensors="pt")
        with self._lock, torch.inference_mode():
            found = _pooled(self._model.get_image_features(**moved(inputs, self._model)))
        # One row at a time: a product of matrices has other last bits for another count of rows.
        return np.stack([self._score_view(_unit(row)) for row in found])

    def _score_view(self, picture: NDArray[np.float64]) -> NDArray[np.float64]:
        """Score of each category."""
        odds = {label: self._logit(picture, text) for label, text in self._labels.items()}
        if self._softmax:
            others = [self._logit(picture, text) for text in self._contrast]
            against = float(np.logaddexp.reduce(others))
            odds = {label: logit - against for label, logit in odds.items()}
        best = [max(odds[label] for label in labels) for labels in self.card.labels.values()]
        return sigmoid(np.asarray(best, dtype=np.float64))

    def _logit(self, picture: NDArray[np.float64], text: NDArray[np.float64]) -> float:
        return self._scale * float((picture * text).sum()) + self._bias


class _Sentencer:
    """Embeds the sentences of a card with the text half of its model."""

    def __init__(self, card: ModelCard, model: Any, tokenizer: Any) -> None:  # noqa: ANN401
        self._card = card
        self._model = model
        self._tokenizer = tokenizer
        self._longest = int(model.config.text_config.max_position_embeddings)
        # SigLIP was trained on sentences filled up to the last place, and looks at the filling.
        self._filled = "siglip" in model.config.model_type

    def embedded(self, sentences: Sequence[str]) -> NDArray[np.float64]:
        """Mean of sentences, of length one, shape (width,)."""
        units = [_unit(self._features(sentence)) for sentence in sentences]
        return _unit(np.mean(units, axis=0))

    def _features(self, sentence: str) -> NDArray[np.float64]:
        import torch  # noqa: PLC0415

        count = len(self._tokenizer(sentence)["input_ids"])
        if count > self._longest:
            raise _invalid(
                self._card,
                f"{sentence!r} has {count} tokens, the model reads {self._longest}",
            )
        filling = {"padding": "max_length", "max_length": self._longest} if self._filled else {}
        inputs = self._tokenizer(sentence, return_tensors="pt", **filling)
        with torch.inference_mode():
            found = _pooled(self._model.get_text_features(**moved(inputs, self._model)))
        row: NDArray[np.float64] = found[0]
        return row


def _activation(card: ModelCard, *, has_bias: bool) -> Literal["softmax", "sigmoid"]:
    """How a similarity becomes a score; a bias is the mark of the sigmoid loss."""
    match card.preprocessing.get("activation"):
        case None:
            return "sigmoid" if has_bias else "softmax"
        case "softmax":
            return "softmax"
        case "sigmoid":
            return "sigmoid"
    raise InvalidCard(
        f"Activation of {card.id!r} must be sigmoid or softmax.", field="preprocessing.activation"
    )


def _pooled(found: Any) -> NDArray[np.float64]:  # noqa: ANN401
    """Embeddings, shape (n, width)."""
    rows: NDArray[np.float64] = found.pooler_output.float().cpu().double().numpy()
    return rows


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(vector / np.sqrt((vector * vector).sum()), dtype=np.float64)


def load(card: ModelCard, files: Mapping[str, Path]) -> ZeroShotFrameClassifier:
    """Loads a zero-shot classifier from files whose digests were checked.

    Raises:
        InvalidCard: The files are no model of pictures and sentences, or the card does not fit it.
    """
    from transformers import AutoModelForZeroShotImageClassification  # noqa: PLC0415

    model = pretrained(card, files, AutoModelForZeroShotImageClassification)
    if not all(hasattr(model, name) for name in ("get_text_features", "logit_scale")):
        raise unloadable(card)
    tokenizer, pictures = tokenizer_of(card, files), image_processor_of(card, files)
    return ZeroShotFrameClassifier(card, model, tokenizer, pictures, device())
