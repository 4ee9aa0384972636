"""Screening of one request: bring its parts into plain form, apply the rules, ask the classifier.

Runs on the one thread of the prompt lane. It knows nothing of policy: what the scores mean is
judged by the stage.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import structlog

from media.errors import FramegateError
from models.classifiers import TextClassifier
from moderation.prompts import evasion, explanation, language, minors, names
from moderation.prompts.composition import Composition, Group, compose
from moderation.prompts.explanation import Passages
from moderation.prompts.parts import PromptRequest
from moderation.prompts.passages import Passage, merge
from moderation.prompts.readings import wrappers
from moderation.verdict import (
    CharSpan,
    Context,
    Degradation,
    Finding,
    ModelRef,
    Signal,
    Stage,
)

_log = structlog.get_logger(__name__)
# A prompt that names one thing in foreign letters is read; one that is written in them is not.
_UNREAD_SHARE = 0.2
_NAMES = "names"
_LANGUAGE = "language"
_SEXUAL = "sexual"


@dataclass(frozen=True, slots=True)
class Screening:
    """What is known of a request before the policy has seen it.

    Attributes:
        content_sha256: SHA-256 of what was sent; see `PromptRequest.content_sha256`.
        signals: Scores of the classifier and the rules.
        degraded: What could not be checked.
        context: What the policy's conditions may ask about.
        models: The models and lists that answered.
        covered: Categories that were really checked.
        passages: What the classifier read for its signals, by their parts and category.
    """

    content_sha256: str
    signals: tuple[Signal, ...]
    degraded: tuple[Degradation, ...]
    context: Context
    models: tuple[ModelRef, ...]
    covered: frozenset[str]
    passages: Passages


class PromptScreener:
    """Screens requests; thread-safe as its classifier is.

    Args:
        classifier: The model, or None where it could not be loaded.
        missing: Id of the model and its categories, named when it does not answer.
        known: The lists of names; those that come with Framegate where None is given.
    """

    def __init__(
        self,
        classifier: TextClassifier | None,
        missing: tuple[str, tuple[str, ...]],
        known: names.Names | None = None,
    ) -> None:
        self._classifier = classifier
        self._missing = missing
        self._known = known or names.shipped()

    def screen(self, request: PromptRequest) -> Screening:
        """Look at one request.

        Raises:
            InvalidInput: For a part in which nothing can be seen; the error names the part and
                never repeats it.
        """
        composed = compose(request)
        minor_words = _minor_words(composed)
        signals = [*_evasion(request, composed), *_names(composed, self._known)]
        code, degraded = self._language(composed)
        degraded += self._unread(composed)
        lists = ModelRef(_NAMES, names.VERSION, f"sha256:{self._known.digest}")
        models: tuple[ModelRef, ...] = (lists,)
        passages: dict[tuple[tuple[str, ...], str], Passage] = {}
        try:
            signals += self._classify(composed, minor_words, passages)
            models += self._models()
        except Exception as error:  # noqa: BLE001 - a model's fault is an entry in `degraded`
            reason = "model_unavailable" if self._classifier is None else "model_failed"
            _log.warning("model.failed", model=self._missing[0], kind=type(error).__name__)
            degraded = [Degradation(Stage.PROMPT, self._missing[0], reason, self._missing[1])]
            passages = {}
        return Screening(
            content_sha256=request.content_sha256,
            signals=tuple(signals),
            degraded=tuple(degraded),
            context=Context(Stage.PROMPT, code, minor_in_prompt=bool(minor_words)),
            models=models,
            covered=frozenset(signal.category for signal in signals),
            passages=passages,
        )

    def explain(
        self, screening: Screening, findings: Sequence[Finding], targets: Sequence[float]
    ) -> tuple[Finding, ...]:
        """Name the words that findings stand on; see `explanation.explain`.

        A fault here costs the explanation and never the finding.
        """
        if self._classifier is None or not screening.passages:
            return tuple(findings)
        try:
            return explanation.explain(findings, targets, screening.passages, self._classifier)
        except Exception as error:  # noqa: BLE001 - the findings hold without it
            _log.warning("explanation.failed", kind=type(error).__name__)
            return tuple(findings)

    def _classify(
        self,
        composed: Composition,
        minor_words: tuple[CharSpan, ...],
        passages: dict[tuple[tuple[str, ...], str], Passage],
    ) -> list[Signal]:
        """The classifier's signals: of each group the highest score among its readings."""
        if self._classifier is None:
            raise ModelMissing("the prompt model is not loaded")
        categories = self._classifier.categories
        texts = list(dict.fromkeys(passage.text.text for passage in composed.passages))
        scores = dict(zip(texts, self._classifier.score(texts).tolist(), strict=True))
        signals: list[Signal] = []
        highest = dict.fromkeys(categories, -1.0)
        for group in composed.groups:
            for column, category in enumerate(categories):
                if group.only and category not in group.only:
                    continue
                passage = max(group.readings, key=lambda read: scores[read.text.text][column])
                score = float(scores[passage.text.text][column])
                if group.adds and score <= highest[category]:
                    continue
                highest[category] = max(highest[category], score)
                passages[passage.parts, category] = passage
                signals.append(self._signal(category, score, passage, minor_words))
        return signals

    def _signal(
        self, category: str, score: float, passage: Passage, minor_words: tuple[CharSpan, ...]
    ) -> Signal:
        return Signal(
            Stage.PROMPT,
            category,
            score,
            self._missing[0],
            # Where a minor is spoken of, a sexual finding shows the words, because they are what
            # makes it the gravest one.
            chars=minor_words if category == _SEXUAL else (),
            parts=passage.parts,
            reading=passage.reading,
        )

    def _language(self, composed: Composition) -> tuple[str, list[Degradation]]:
        """The language of what is asked for, and whether the model covers that of each part."""
        languages: frozenset[str] = frozenset()
        if self._classifier is not None:
            languages = frozenset(self._classifier.card.preprocessing.get("languages", ()))
        source, categories = self._missing
        try:
            code = language.detect(composed.asked.text.text).code
            foreign = [
                group
                for group in composed.parts
                if not language.covered(group.plain.text.text, languages)
            ]
        except FramegateError as error:
            _log.warning("model.failed", model=_LANGUAGE, kind=type(error).__name__)
            return "", [Degradation(Stage.PROMPT, _LANGUAGE, "model_unavailable", categories)]
        if foreign:
            return code, [Degradation(Stage.PROMPT, source, "language_not_covered", categories)]
        return code, []

    def _unread(self, composed: Composition) -> list[Degradation]:
        """Say so when a part is in letters that the model was never shown."""
        if self._classifier is None:
            return []
        shares = [self._classifier.unread_share(group.plain.text.text) for group in composed.parts]
        if max(shares) < _UNREAD_SHARE:
            return []
        source, categories = self._missing
        return [Degradation(Stage.PROMPT, source, "language_not_covered", categories)]

    def _models(self) -> tuple[ModelRef, ...]:
        if self._classifier is None:
            return ()
        card = self._classifier.card
        return (ModelRef(card.id, card.version, self._classifier.digest),)


class ModelMissing(FramegateError):
    """The prompt model could not be loaded; the policy says what follows."""

    code = "UNAVAILABLE"
    reason = "MODEL_MISSING"


def _minor_words(composed: Composition) -> tuple[CharSpan, ...]:
    """Where any part that asks for something speaks of a minor, however it is read."""
    spans = [
        span
        for group in composed.groups
        if not group.only
        for passage in group.readings
        for found in minors.find(passage.text)
        for span in passage.locate(found)
    ]
    return merge([*spans, *composed.no_adults])


def _evasion(request: PromptRequest, composed: Composition) -> list[Signal]:
    """Signs of disguise in any part; nobody disguises a list of what is to be kept out."""
    signals = []
    for part, group in zip(request.parts, composed.parts, strict=True):
        ordered = [
            span
            for passage in group.readings
            for found in wrappers.orders(passage.text)
            for span in passage.locate(found)
        ]
        signals += [
            replace(signal, parts=(part.name,))
            for signal in (
                *evasion.inspect(part.text),
                *evasion.of_readings(passage.reading for passage in group.readings[1:]),
                *evasion.of_orders(merge(ordered)),
            )
        ]
    return signals


def _names(composed: Composition, known: names.Names) -> list[Signal]:
    """One signal for each category of names in a group."""
    return [
        signal for group in composed.groups if not group.only for signal in _names_in(group, known)
    ]


def _names_in(group: Group, known: names.Names) -> Iterable[Signal]:
    by_category: dict[str, list[tuple[float, Passage, tuple[CharSpan, ...]]]] = {}
    for passage in group.readings:
        for match in known.find(passage.text):
            spans = passage.locate(match.span)
            # What lies in one part was found when that part was read by itself.
            if not group.adds or len({span.part for span in spans}) > 1:
                by_category.setdefault(match.category, []).append((match.score, passage, spans))
    for category, found in sorted(by_category.items()):
        score, passage, _ = max(found, key=lambda match: match[0])
        chars = merge([span for _, _, spans in found for span in spans])
        yield Signal(
            Stage.PROMPT,
            category,
            score,
            _NAMES,
            chars=chars,
            parts=passage.parts,
            reading=passage.reading,
        )
