"""Larger public models through `transformers` and `torch`, for a machine with a GPU.

Any text or picture classification model of the hub fits, if a card maps its labels, and any guard
that answers in words, if the card says how (`models.guards`). Two more kinds for pictures stand in
modules of their own: `models.zero_shot` and `models.vision_guards`. Files come from the cache only
(`local_files_only`), a model that lacks a weight is refused, and no code of a repository is run.
`torch` and `transformers` are imported at the first load.

A text card's `preprocessing` may hold: `max_tokens` (longest input), `activation` ("sigmoid" or
"softmax", where the model's own configuration does not say), `scripts` (writing systems that the
model reads, as for `models.scripts`), `guard`. A picture card's may hold `activation` and the keys
of `FrameFeed`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from media.errors import FramegateError
from models.calibration import apply_platt
from models.card import ModelCard
from models.classifiers import TextClassifier
from models.errors import InvalidCard
from models.guards import GuardTextClassifier
from models.pictures import tiles
from models.scripts import unread_share
from models.windows import windows

if TYPE_CHECKING:
    import torch

_TEXT_CODE: Final = "hub/2"
_FRAMES_CODE: Final = "hub-frames/3"
# As many frames as a clip's review hands over at once.
_GPU_BATCH: Final = 8
_LOGIT_LIMIT: Final = 1e-6
_PLACES_AFTER_PADDING: Final = frozenset(
    {"camembert", "longformer", "mpnet", "roberta", "xlm-roberta", "xlm-roberta-xl"}
)


class ScoreNotFinite(FramegateError):
    """A model that answered with no number; the picture was not judged."""

    code = "INTERNAL"
    reason = "MODEL_SCORE_NOT_FINITE"


class FrameFeed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How pictures reach a model of the hub: keys that every picture card may hold.

    A batch of another size has other kernels, and with them other last bits. So without `batch` a
    CPU gets one view at a time: a picture's score then has the same bits alone and in any company.
    Where views go in batches (on a GPU, or where the card says so), each batch is of one shape and
    filled up to its size with its last view: how many pictures a call holds changes no kernel, and
    the same pictures in the same order have the same scores. A view's place in a batch may still
    move a last bit, as far as the kernels of the device do not rule that out.

    Attributes:
        batch: Views in a batch; None is 1 on a CPU and 8 on a GPU.
        tiles: Most views of one picture (`models.pictures.tiles`); the highest score counts. For
            models whose processor sees the middle of a picture only, or squeezes it.
    """

    batch: Annotated[int, msgspec.Meta(ge=1, le=256)] | None = None
    tiles: Annotated[int, msgspec.Meta(ge=1, le=8)] = 1

    @classmethod
    def of(cls, card: ModelCard, device: str, *others: str) -> FrameFeed:
        """Reads `preprocessing`; `others` are the keys that the caller reads by itself.

        Raises:
            InvalidCard: A key is not known, or is out of its range.
        """
        own = {key: value for key, value in card.preprocessing.items() if key not in others}
        try:
            feed = msgspec.convert(own, cls)
        except msgspec.ValidationError as error:
            raise InvalidCard(
                f"Card of {card.id!r}: preprocessing: {error}.", field="preprocessing"
            ) from error
        usual = 1 if device == "cpu" else _GPU_BATCH
        return cls(batch=feed.batch or usual, tiles=feed.tiles)

    def scores(
        self,
        images: Sequence[NDArray[np.uint8]],
        columns: int,
        score: Callable[[list[Image.Image]], NDArray[np.float64]],
    ) -> NDArray[np.float64]:
        """Raw scores of pictures, each the highest of its views.

        Args:
            images: RGB pictures, uint8, shape (height, width, 3), of any size.
            columns: How many scores a view has.
            score: Scores a batch of views, all of one shape: shape (len(views), columns), 0 to 1.

        Returns:
            float64, shape (len(images), columns).

        Raises:
            ValueError: A picture is not uint8 of shape (height, width, 3), or it has no pixels.
            ScoreNotFinite: A score is no number.
        """
        by_shape: dict[tuple[int, ...], list[tuple[int, Image.Image]]] = {}
        for row, image in enumerate(images):
            if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or not image.size:  # noqa: PLR2004
                raise ValueError("a picture must be uint8 of shape (height, width, 3), not empty")
            for view in tiles(image, self.tiles):
                # A Pillow image says which axis holds the colours; an array of 3 rows does not.
                pair = (row, Image.fromarray(np.ascontiguousarray(view)))
                by_shape.setdefault(view.shape, []).append(pair)
        raw = np.zeros((len(images), columns), dtype=np.float64)
        size = self.batch or 1
        for views in by_shape.values():
            for start in range(0, len(views), size):
                part = views[start : start + size]
                filled = [view for _, view in part] + [part[-1][1]] * (size - len(part))
                for (row, _), scores in zip(part, score(filled), strict=False):
                    raw[row] = np.maximum(raw[row], scores)
        if not np.isfinite(raw).all():
            raise ScoreNotFinite("The model's answer to a picture is no number.")
        return raw


class _HubModel:
    """What both classifiers share: a model on a device, and labels mapped to categories.

    A category's raw score is the highest of its labels'; where the card calibrates a category, the
    logit of that score is scaled.
    """

    def __init__(self, card: ModelCard, model: Any, device: str, code: str) -> None:  # noqa: ANN401
        self.card = card
        self.digest = card.digest(code)
        self.categories = card.categories
        self._model = model.eval().to(device)
        self._lock = threading.Lock()
        columns = {str(label): int(i) for label, i in model.config.label2id.items()}
        self._columns: list[list[int]] = []
        for category, labels in card.labels.items():
            unknown = [label for label in labels if label not in columns]
            if unknown:
                raise InvalidCard(
                    f"Model of {card.id!r} has no label {unknown[0]!r}.", field=f"labels.{category}"
                )
            self._columns.append([columns[label] for label in labels])
        self._sigmoid = _is_sigmoid(card, model.config)

    def _raw(self, inputs: Mapping[str, torch.Tensor]) -> NDArray[np.float64]:
        """Probabilities before calibration, shape (n, categories)."""
        import torch  # noqa: PLC0415

        with self._lock, torch.inference_mode():
            logits = self._model(**moved(inputs, self._model)).logits.float().cpu()
        shares = logits.sigmoid() if self._sigmoid else logits.softmax(dim=-1)
        raw = shares.double().numpy()
        return np.stack([raw[:, columns].max(axis=1) for columns in self._columns], axis=1)


def calibrated(card: ModelCard, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Raw scores, shape (n, categories), through the scaling of each category that has one."""
    scaled = np.array(scores, dtype=np.float64)
    for column, category in enumerate(card.categories):
        if (platt := card.calibration.get(category)) is not None:
            kept = np.clip(scaled[:, column], _LOGIT_LIMIT, 1 - _LOGIT_LIMIT)
            scaled[:, column] = apply_platt(np.log(kept / (1 - kept)), platt)
    return scaled


def moved(inputs: Mapping[str, torch.Tensor], model: Any) -> dict[str, torch.Tensor]:  # noqa: ANN401
    """Inputs on the model's device; numbers with a fraction in the type of its weights."""
    return {
        name: value.to(model.device, model.dtype if value.is_floating_point() else value.dtype)
        for name, value in inputs.items()
    }


def _is_sigmoid(card: ModelCard, config: Any) -> bool:  # noqa: ANN401
    """Whether each label has a probability of its own: many at once, or only one."""
    activation = card.preprocessing.get("activation")
    if activation not in {None, "sigmoid", "softmax"}:
        raise InvalidCard(
            f"Activation of {card.id!r} must be sigmoid or softmax.",
            field="preprocessing.activation",
        )
    if activation is not None:
        return bool(activation == "sigmoid")
    return bool(config.num_labels == 1 or config.problem_type == "multi_label_classification")


class HubTextClassifier(_HubModel):
    """A sequence classification model of the hub behind the `TextClassifier` protocol.

    Thread-safe; one call at a time reaches the model. Long texts are scored window by window, and
    the highest score counts.
    """

    def __init__(self, card: ModelCard, model: Any, tokenizer: Any, device: str) -> None:  # noqa: ANN401
        super().__init__(card, model, device, _TEXT_CODE)
        self._tokenizer = tokenizer
        self._max_tokens = int(card.preprocessing.get("max_tokens", _longest(model.config)))

    def score(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Calibrated probabilities; see `TextClassifier.score`."""
        scores = np.empty((len(texts), len(self.categories)), dtype=np.float32)
        for row, text in enumerate(texts):
            # Windows go one by one: padding would change the last bits.
            parts = [self._score_window(window) for window in windows(text)]
            scores[row] = np.max(parts, axis=0)
        return scores

    def unread_share(self, text: str) -> float:
        """Share of letters outside the scripts of the card; see `TextClassifier.unread_share`.

        0 where the card names no scripts: it then says that the model reads all.
        """
        scripts = self.card.preprocessing.get("scripts")
        return unread_share(text, scripts) if scripts else 0.0

    def _score_window(self, window: str) -> NDArray[np.float64]:
        inputs = self._tokens(window)
        if inputs["input_ids"].shape[1] == 0:
            # Some tokenizers add no marks of their own: nothing to read is one padding token.
            inputs = self._tokens(str(self._tokenizer.pad_token or self._tokenizer.unk_token))
        scores: NDArray[np.float64] = calibrated(self.card, self._raw(inputs))[0]
        return scores

    def _tokens(self, window: str) -> Mapping[str, torch.Tensor]:
        tokens: Mapping[str, torch.Tensor] = self._tokenizer(
            window, truncation=True, max_length=self._max_tokens, return_tensors="pt"
        )
        return tokens


def _longest(config: Any) -> int:  # noqa: ANN401
    """The most tokens that a model has places for."""
    places = int(getattr(config, "max_position_embeddings", 512))
    # RoBERTa and its kin number places from behind the padding token's number.
    if config.model_type in _PLACES_AFTER_PADDING:
        places -= int(config.pad_token_id) + 1
    return places


class HubFrameClassifier(_HubModel):
    """A picture classification model of the hub behind the `FrameClassifier` protocol.

    Thread-safe; one call at a time reaches the model. `FrameFeed` says when pictures go in batches
    and what that means for the last bits of a score.
    """

    def __init__(self, card: ModelCard, model: Any, processor: Any, device: str) -> None:  # noqa: ANN401
        super().__init__(card, model, device, _FRAMES_CODE)
        self._processor = processor
        self._feed = FrameFeed.of(card, device, "activation")

    def score(self, images: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Calibrated probabilities; see `FrameClassifier.score` and, for errors, `FrameFeed`."""
        raw = self._feed.scores(images, len(self.categories), self._score_views)
        return calibrated(self.card, raw).astype(np.float32)

    def _score_views(self, views: list[Image.Image]) -> NDArray[np.float64]:
        return self._raw(self._processor(images=views, return_tensors="pt"))


def load_text(card: ModelCard, files: Mapping[str, Path]) -> TextClassifier:
    """Loads a text classifier, or a guard, from files whose digests were checked.

    Raises:
        InvalidCard: The files are no such model, or its labels are not those of the card.
    """
    from transformers import (  # noqa: PLC0415
        AutoModelForCausalLM,
        AutoModelForSequenceClassification,
    )

    is_guard = "guard" in card.preprocessing
    kind = AutoModelForCausalLM if is_guard else AutoModelForSequenceClassification
    model = pretrained(card, files, kind)
    tokenizer = tokenizer_of(card, files)
    if is_guard:
        return GuardTextClassifier(card, model, tokenizer, device(), calibrated)
    return HubTextClassifier(card, model, tokenizer, device())


def load_frames(card: ModelCard, files: Mapping[str, Path]) -> HubFrameClassifier:
    """Loads a frame classifier; see `load_text`."""
    from transformers import AutoModelForImageClassification  # noqa: PLC0415

    model = pretrained(card, files, AutoModelForImageClassification)
    return HubFrameClassifier(card, model, image_processor_of(card, files), device())


def pretrained(card: ModelCard, files: Mapping[str, Path], kind: Any) -> Any:  # noqa: ANN401
    """A model of a class of `transformers`, all of its weights from the files.

    Raises:
        InvalidCard: The files are no such model, or lack a weight (`transformers` would make one
            up).
    """
    try:
        model, found = kind.from_pretrained(
            folder_of(card, files),
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            output_loading_info=True,
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise unloadable(card) from error
    if found["missing_keys"]:
        missing = min(found["missing_keys"])
        raise InvalidCard(f"Files of {card.id!r} lack the weight {missing!r}.", field="source")
    return model


def tokenizer_of(card: ModelCard, files: Mapping[str, Path]) -> Any:  # noqa: ANN401
    """The model's tokenizer; see `pretrained` for errors."""
    from transformers import AutoTokenizer  # noqa: PLC0415

    try:
        return AutoTokenizer.from_pretrained(
            folder_of(card, files), local_files_only=True, trust_remote_code=False
        )
    except (OSError, ValueError) as error:
        raise unloadable(card) from error


def image_processor_of(card: ModelCard, files: Mapping[str, Path]) -> Any:  # noqa: ANN401
    """The model's image processor, with Pillow: the same pixels with and without torchvision."""
    from transformers import AutoImageProcessor  # noqa: PLC0415

    try:
        return AutoImageProcessor.from_pretrained(  # type: ignore[no-untyped-call]
            folder_of(card, files), local_files_only=True, trust_remote_code=False, backend="pil"
        )
    except (OSError, ValueError) as error:
        raise unloadable(card) from error


def folder_of(card: ModelCard, files: Mapping[str, Path]) -> Path:
    """The one folder that a model's files lie in."""
    folders = {path.parent for path in files.values()}
    if len(folders) != 1:
        raise InvalidCard(f"Files of {card.id!r} must lie in one folder.", field="source")
    return folders.pop()


def unloadable(card: ModelCard) -> InvalidCard:
    """The error for files that are no model of the card's task."""
    return InvalidCard(f"Files of {card.id!r} are not a model for {card.task}.", field="source")


def device() -> str:
    """Where models of the hub run."""
    import torch  # noqa: PLC0415

    return "cuda" if torch.cuda.is_available() else "cpu"
