r"""Guards that look at a picture and answer in words.

The card says how to ask and how to read the answer, in `preprocessing.guard` (see `VisionGuard`).
Two conventions cover the guards that are published; hub ids as their owners name them, each
revision and digest is for the card to pin:

ShieldGemma 2 (`google/shieldgemma-2-4b-it`) says Yes or No to one policy at a time::

    [labels]
    sexual = ["sexual"]
    "violence/graphic" = ["gore"]
    [preprocessing.guard]
    answer = "first-token"
    verdicts = { No = 0.0, Yes = 1.0 }
    [preprocessing.guard.policies]
    sexual = "No Sexually Explicit content: the image shall not ..."
    gore = "No Violence/Gore content: the image shall not ..."

LlavaGuard (`AIML-TUDA/LlavaGuard-v1.2-0.5B-OV-hf`, `-7B-OV-hf`) fills in a form in JSON::

    [labels]
    hate = ["O1"]
    sexual = ["O3", "O4"]
    [preprocessing.guard]
    template = "... reviewing the following policy categories: O1: Hate, ..."
    answer = "parsed"
    verdicts = { Safe = 0.0, Unsafe = 1.0 }
    pattern = '\s*\{\s*"rating":\s*"(?P<verdict>\w+)",\s*"category":\s*"(?P<codes>\w+)[^"]*",\s*'
    stop = '"rationale"'
    none = ["NA"]
    ignored = ["O9"]

The model's own chat template frames the question. An answer that cannot be read is an error, never
a low score. Writing within a picture is seen by such a model, and may talk it into an answer.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from media.errors import FramegateError
from models.answers import TABLE, GuardAnswers, VisionGuard, invalid
from models.card import ModelCard
from models.hub import (
    FrameFeed,
    calibrated,
    device,
    folder_of,
    image_processor_of,
    moved,
    pretrained,
    tokenizer_of,
    unloadable,
)

if TYPE_CHECKING:
    import torch

_CODE: Final = "vision-guards/1"
_SHIELD_GEMMA: Final = "shieldgemma2"


class GuardPictureTooLarge(FramegateError):
    """A picture that does not fit into the guard's context beside the question."""

    code = "FAILED_PRECONDITION"
    reason = "GUARD_PICTURE_TOO_LARGE"


class GuardFrameClassifier:
    """A model of pictures and text of the guard kind behind the `FrameClassifier` protocol.

    Thread-safe; one call at a time reaches the model. Answers are the likeliest ones (no sampling,
    whatever the model's own settings say). `FrameFeed` says when pictures go in batches and what
    that means for the last bits of a score; a batch holds one question about pictures of one shape,
    so nothing in it is padded.

    Raises:
        InvalidCard: The card's tables are wrong, or do not fit the model.
    """

    def __init__(self, card: ModelCard, model: Any, processor: Any, device: str) -> None:  # noqa: ANN401
        self.card = card
        self.digest = card.digest(_CODE)
        self.categories = card.categories
        self._guard = VisionGuard.of(card)
        self._feed = FrameFeed.of(card, device, TABLE)
        self._model = model.eval().to(device)
        self._processor = processor
        self._lock = threading.Lock()
        self._longest = int(model.config.get_text_config().max_position_embeddings)
        ends = _ends(model, processor.tokenizer)
        self._answers = GuardAnswers(card, self._guard, processor.tokenizer, ends)
        self._settings = self._generation()
        self._prompts = {
            label: self._prompt(policy)
            for label, policy in (self._guard.policies or {self._guard.worst: ""}).items()
        }

    def score(self, images: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Calibrated probabilities; see `FrameClassifier.score` and, for errors, `FrameFeed`.

        Raises:
            GuardAnswerUnreadable: An answer is none of those that the card names.
            GuardPictureTooLarge: A picture does not fit.
        """
        raw = self._feed.scores(images, len(self.categories), self._score_views)
        return calibrated(self.card, raw).astype(np.float32)

    def _score_views(self, views: list[Image.Image]) -> NDArray[np.float64]:
        by_label: list[dict[str, float]] = [{} for _ in views]
        with self._lock:
            for label, prompt in self._prompts.items():
                for found, answer in zip(by_label, self._ask(prompt, views), strict=True):
                    if self._guard.answer == "first-token":
                        found[label] = self._answers.share(answer[1][0])
                    else:
                        found.update(self._answers.parsed(*answer))
        return np.asarray(
            [
                [max(found.get(label, 0.0) for label in labels) for labels in self._labels]
                for found in by_label
            ],
            dtype=np.float64,
        )

    @property
    def _labels(self) -> list[tuple[str, ...]]:
        return list(self.card.labels.values())

    def _ask(self, prompt: str, views: list[Image.Image]) -> list[tuple[list[int], torch.Tensor]]:
        """For each view the tokens of the answer, and the logits at each place (places, tokens)."""
        import torch  # noqa: PLC0415

        start = self._processor.tokenizer.bos_token
        inputs = self._processor(
            images=[[view] for view in views],
            text=[prompt] * len(views),
            return_tensors="pt",
            add_special_tokens=not (start and prompt.startswith(start)),
        )
        length = inputs["input_ids"].shape[1]
        if length + self._guard.max_new_tokens > self._longest:
            raise GuardPictureTooLarge(
                f"Picture does not fit into {self.card.id!r}.", limit=self._longest, actual=length
            )
        with torch.inference_mode():
            output = self._model.generate(
                **moved(inputs, self._model),
                generation_config=self._settings,
                stopping_criteria=[lambda tokens, _, **__: self._stopped(tokens[:, length:])],
            )
            logits = torch.stack(output.logits, dim=1).cpu()
        tokens = output.sequences[:, length:].tolist()
        return list(zip(tokens, logits, strict=True))

    def _stopped(self, answers: torch.Tensor) -> torch.Tensor:
        """Which answers need no going on."""
        import torch  # noqa: PLC0415

        done = [self._answers.is_enough(tokens) for tokens in answers.tolist()]
        return torch.tensor(done, device=answers.device)

    def _generation(self) -> Any:  # noqa: ANN401
        """How answers are written, with nothing left of the model's own settings."""
        from transformers import GenerationConfig  # noqa: PLC0415

        ends = sorted(self._answers.ends)
        padding = self._processor.tokenizer.pad_token_id
        settings = GenerationConfig(  # type: ignore[no-untyped-call]
            do_sample=False,
            num_beams=1,
            max_new_tokens=1 if self._guard.answer == "first-token" else self._guard.max_new_tokens,
            eos_token_id=ends,
            pad_token_id=ends[0] if padding is None else padding,
            output_logits=True,
            return_dict_in_generate=True,
        )
        self._model.generation_config = settings
        return settings

    def _prompt(self, policy: str) -> str:
        """The question as the model's chat template frames it, with one place for the picture."""
        question = self._guard.template.replace("{policy}", policy)
        parts = [{"type": "image"}, {"type": "text", "text": question}]
        try:
            prompt = str(
                self._processor.apply_chat_template(
                    [{"role": "user", "content": parts}], add_generation_prompt=True
                )
            )
        except Exception as error:
            raise invalid(self.card, "the chat template takes no picture with a text") from error
        if prompt.count(self._processor.image_token) != 1 or question.strip() not in prompt:
            raise invalid(self.card, "the chat template does not hold one picture and the text")
        return prompt


def _ends(model: Any, tokenizer: Any) -> frozenset[int]:  # noqa: ANN401
    """The tokens that end an answer."""
    ends = getattr(model.generation_config, "eos_token_id", None)
    listed = ends if isinstance(ends, list) else [ends]
    every = [*listed, tokenizer.eos_token_id]
    return frozenset(end for end in every if end is not None)


def load(card: ModelCard, files: Mapping[str, Path]) -> GuardFrameClassifier:
    """Loads a vision guard from files whose digests were checked.

    Raises:
        InvalidCard: The files are no model that takes a picture and answers, or the card does not
            fit it.
    """
    import transformers as hub  # noqa: PLC0415

    try:
        config = hub.AutoConfig.from_pretrained(
            folder_of(card, files), local_files_only=True, trust_remote_code=False
        )
    except (OSError, ValueError) as error:
        raise unloadable(card) from error
    if config.model_type == _SHIELD_GEMMA:
        # Its own class and processor keep two logits and hide the rest: with the model inside, an
        # answer that is neither Yes nor No is seen.
        model = pretrained(card, files, hub.ShieldGemma2ForImageClassification).model
        kind: Any = hub.Gemma3Processor
    else:
        model = pretrained(card, files, hub.AutoModelForImageTextToText)
        processors = hub.models.auto.processing_auto.PROCESSOR_MAPPING
        if type(config) not in processors:
            raise unloadable(card)
        kind = processors[type(config)]
    return GuardFrameClassifier(card, model, _processor(card, files, kind), device())


def _processor(card: ModelCard, files: Mapping[str, Path], kind: Any) -> Any:  # noqa: ANN401
    """A processor of pictures and text, without the part for video, which needs torchvision."""

    class Pictures(kind):  # type: ignore[misc]
        def __init__(self, image_processor: object, tokenizer: object, **options: object) -> None:
            super().__init__(image_processor=image_processor, tokenizer=tokenizer, **options)

    folder, tokenizer = folder_of(card, files), tokenizer_of(card, files)
    try:
        settings, _ = kind.get_processor_dict(folder, local_files_only=True)
        names = inspect.signature(kind.__init__).parameters.keys() - set(kind.get_attributes())
        options = {name: value for name, value in settings.items() if name in names}
        options["chat_template"] = settings.get("chat_template") or tokenizer.chat_template
        return Pictures(image_processor_of(card, files), tokenizer, **options)
    except (OSError, TypeError, ValueError) as error:
        raise unloadable(card) from error
