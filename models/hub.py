"""Larger public models through `transformers` and `torch`, for a machine with a GPU.

Any text or picture classification model of the hub fits, if a card maps its labels, and any guard
that answers in words, if the card says how (`models.guards`). Files come from the cache only
(`local_files_only`); no code of a repository is run. `torch` and `transformers` are imported at the
first load.

A card's `preprocessing` may hold: `max_tokens` (longest input), `activation` ("sigmoid" or
"softmax", where the model's own configuration does not say), `scripts` (writing systems that the
model reads, as for `models.scripts`), `guard`.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from models.calibration import apply_platt
from models.card import ModelCard
from models.classifiers import TextClassifier
from models.errors import InvalidCard
from models.guards import GuardTextClassifier
from models.scripts import unread_share
from models.windows import windows

if TYPE_CHECKING:
    import torch

_CODE: Final = "hub/2"
_LOGIT_LIMIT: Final = 1e-6
_PLACES_AFTER_PADDING: Final = frozenset(
    {"camembert", "longformer", "mpnet", "roberta", "xlm-roberta", "xlm-roberta-xl"}
)


class _HubModel:
    """What both classifiers share: a model on a device, and labels mapped to categories.

    A category's raw score is the highest of its labels'; where the card calibrates a category, the
    logit of that score is scaled.
    """

    def __init__(self, card: ModelCard, model: Any, device: str) -> None:  # noqa: ANN401
        self.card = card
        self.digest = card.digest(_CODE)
        self.categories = card.categories
        self._model = model.eval().to(device)
        self._device = device
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

    def _probabilities(self, inputs: Mapping[str, torch.Tensor]) -> NDArray[np.float64]:
        """Calibrated probabilities, shape (n, categories)."""
        import torch  # noqa: PLC0415

        moved = {name: value.to(self._device) for name, value in inputs.items()}
        with self._lock, torch.inference_mode():
            logits = self._model(**moved).logits.float().cpu()
        shares = logits.sigmoid() if self._sigmoid else logits.softmax(dim=-1)
        raw = shares.double().numpy()
        scores = np.stack([raw[:, columns].max(axis=1) for columns in self._columns], axis=1)
        return calibrated(self.card, scores)


def calibrated(card: ModelCard, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Raw scores, shape (n, categories), through the scaling of each category that has one."""
    scaled = np.array(scores, dtype=np.float64)
    for column, category in enumerate(card.categories):
        if (platt := card.calibration.get(category)) is not None:
            kept = np.clip(scaled[:, column], _LOGIT_LIMIT, 1 - _LOGIT_LIMIT)
            scaled[:, column] = apply_platt(np.log(kept / (1 - kept)), platt)
    return scaled


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
        super().__init__(card, model, device)
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
        scores: NDArray[np.float64] = self._probabilities(inputs)[0]
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

    Thread-safe; one call at a time reaches the model.
    """

    def __init__(self, card: ModelCard, model: Any, processor: Any, device: str) -> None:  # noqa: ANN401
        super().__init__(card, model, device)
        self._processor = processor

    def score(self, images: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Calibrated probabilities; see `FrameClassifier.score`."""
        scores = np.empty((len(images), len(self.categories)), dtype=np.float32)
        for row, image in enumerate(images):
            inputs = self._processor(images=image, return_tensors="pt")
            scores[row] = self._probabilities(inputs)[0]
        return scores


def load_text(card: ModelCard, files: Mapping[str, Path]) -> TextClassifier:
    """Loads a text classifier, or a guard, from files whose digests were checked.

    Raises:
        InvalidCard: The files are no such model, or its labels are not those of the card.
    """
    from transformers import (  # noqa: PLC0415
        AutoModelForCausalLM,
        AutoModelForSequenceClassification,
        AutoTokenizer,
    )

    folder = _folder(card, files)
    is_guard = "guard" in card.preprocessing
    kind: Any = AutoModelForCausalLM if is_guard else AutoModelForSequenceClassification
    try:
        model = kind.from_pretrained(folder, local_files_only=True, use_safetensors=True)
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError) as error:
        raise _unloadable(card) from error
    if is_guard:
        return GuardTextClassifier(card, model, tokenizer, _device(), calibrated)
    return HubTextClassifier(card, model, tokenizer, _device())


def load_frames(card: ModelCard, files: Mapping[str, Path]) -> HubFrameClassifier:
    """Loads a frame classifier; see `load_text`."""
    from transformers import (  # noqa: PLC0415
        AutoImageProcessor,
        AutoModelForImageClassification,
    )

    folder = _folder(card, files)
    try:
        model = AutoModelForImageClassification.from_pretrained(
            folder, local_files_only=True, use_safetensors=True
        )
        processor = AutoImageProcessor.from_pretrained(  # type: ignore[no-untyped-call]
            folder,
            local_files_only=True,
            backend="pil",
        )
    except (OSError, ValueError) as error:
        raise _unloadable(card) from error
    return HubFrameClassifier(card, model, processor, _device())


def _folder(card: ModelCard, files: Mapping[str, Path]) -> Path:
    folders = {path.parent for path in files.values()}
    if len(folders) != 1:
        raise InvalidCard(f"Files of {card.id!r} must lie in one folder.", field="source")
    return folders.pop()


def _unloadable(card: ModelCard) -> InvalidCard:
    return InvalidCard(f"Files of {card.id!r} are not a model for {card.task}.", field="source")


def _device() -> str:
    import torch  # noqa: PLC0415

    return "cuda" if torch.cuda.is_available() else "cpu"
