"""Screening of one prompt: normalise it, apply the rules, ask the classifier.

Runs on the one thread of the prompt lane. It knows nothing of policy: what the scores mean is
judged by the gate.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import structlog

from media.errors import FramegateError
from models.classifiers import TextClassifier
from moderation.prompts import minors
from moderation.prompts.normalise import inspect, normalise
from moderation.verdict import CharSpan, Context, Degradation, ModelRef, Signal, Stage

_log = structlog.get_logger(__name__)
# A prompt that names one thing in foreign letters is read; one that is written in them is not.
_UNREAD_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Screening:
    """What is known of a prompt before the policy has seen it.

    Attributes:
        content_sha256: SHA-256 of the prompt as it was sent (UTF-8), hex.
        signals: Scores of the classifier and the rules.
        degraded: What could not be checked.
        context: What the policy's conditions may ask about.
        models: The models that answered.
        covered: Categories that were really checked.
    """

    content_sha256: str
    signals: tuple[Signal, ...]
    degraded: tuple[Degradation, ...]
    context: Context
    models: tuple[ModelRef, ...]
    covered: frozenset[str]


class PromptScreener:
    """Screens prompts; thread-safe as its classifier is.

    Args:
        classifier: The model, or None where it could not be loaded.
        missing: Id of the model and its categories, named when it does not answer.
    """

    def __init__(
        self, classifier: TextClassifier | None, missing: tuple[str, tuple[str, ...]]
    ) -> None:
        self._classifier = classifier
        self._missing = missing

    def screen(self, prompt: str) -> Screening:
        """Look at one prompt.

        Raises:
            InvalidInput: For a prompt that is empty, too long or no text; the error names the
                limit and never repeats the prompt.
        """
        normalised = normalise(prompt)
        signals = list(inspect(prompt))
        degraded = self._unread(normalised.text)
        models: tuple[ModelRef, ...] = ()
        minor_words = minors.find(normalised)
        try:
            signals += self._classify(normalised.text, minor_words)
            models = self._models()
        except Exception as error:  # noqa: BLE001 - a model's fault is an entry in `degraded`
            reason = "model_unavailable" if self._classifier is None else "model_failed"
            _log.warning("model.failed", model=self._missing[0], kind=type(error).__name__)
            degraded = (Degradation(Stage.PROMPT, self._missing[0], reason, self._missing[1]),)
        return Screening(
            content_sha256=hashlib.sha256(prompt.encode()).hexdigest(),
            signals=tuple(signals),
            degraded=degraded,
            context=Context(stage=Stage.PROMPT, minor_in_prompt=bool(minor_words)),
            models=models,
            covered=frozenset(signal.category for signal in signals),
        )

    def _classify(self, text: str, minor_words: tuple[CharSpan, ...]) -> list[Signal]:
        if self._classifier is None:
            raise ModelMissing("the prompt model is not loaded")
        row = self._classifier.score([text])[0]
        source = self._classifier.card.id
        # The model reads the prompt as a whole; where a minor is spoken of, a sexual finding shows
        # the words, because they are what makes it the gravest one.
        return [
            Signal(
                Stage.PROMPT,
                category,
                float(score),
                source,
                chars=minor_words if category == "sexual" else (),
            )
            for category, score in zip(self._classifier.categories, row, strict=True)
        ]

    def _unread(self, text: str) -> tuple[Degradation, ...]:
        """Say so when the prompt is in letters that the model was never shown."""
        if self._classifier is None or self._classifier.unread_share(text) < _UNREAD_SHARE:
            return ()
        source, categories = self._missing
        return (Degradation(Stage.PROMPT, source, "language_not_covered", categories),)

    def _models(self) -> tuple[ModelRef, ...]:
        if self._classifier is None:
            return ()
        card = self._classifier.card
        return (ModelRef(card.id, card.version, self._classifier.digest),)


class ModelMissing(FramegateError):
    """The prompt model could not be loaded; the policy says what follows."""

    code = "UNAVAILABLE"
    reason = "MODEL_MISSING"
