"""What a policy makes of signals: pure, without clock, input or output.

A signal is one classifier's score for one category. `evaluate` compares it with the thresholds
of its stage, lets the rules of the policy make that stricter (never milder), and takes the
strictest of all findings and degradations. A fault never becomes ALLOW: whatever could not be
checked, or cannot be right, is a degradation that the policy gives a decision.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import msgspec

from moderation.policy.bounds import Bounds, Thresholds, bind, card_thresholds
from moderation.policy.document import PolicyDocument, PolicyInvalid
from moderation.policy.faults import complete, not_checked, sampling_faults
from moderation.policy.judging import Judging
from moderation.taxonomy import category
from moderation.verdict import (
    Context,
    Decision,
    Degradation,
    Finding,
    Judgement,
    ModelRef,
    PolicyRef,
    Sampling,
    Signal,
    Stage,
    strictest,
)

__all__ = ["Policy", "PolicyInvalid", "card_thresholds", "evaluate"]

POLICIES = Path(__file__).parents[1] / "policies"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy document with all its numbers. Immutable and thread-safe.

    Attributes:
        document: The document as it was written.
        digest: "sha256:" and 64 hex digits; over the document's bytes, and once numbers of model
            cards are in, over the document's digest and every threshold. It is the identity of
            the policy: the same digest judges the same signals alike.
        bounds: The numbers for each stage and category.
    """

    document: PolicyDocument
    digest: str
    bounds: Mapping[Stage, Mapping[str, Bounds]] = field(repr=False)
    _required: Mapping[Stage, frozenset[str]] = field(repr=False)

    @classmethod
    def parse(cls, raw: bytes) -> Policy:
        """Reads a policy from the bytes of its document.

        Raises:
            PolicyInvalid: The document is no policy; `field` is the place.
        """
        document = PolicyDocument.parse(raw)
        return cls._build(document, document.digest, {})

    @classmethod
    def load(cls, name: str | Path) -> Policy:
        """Reads a policy that comes with Framegate (by name) or a file (by path).

        Raises:
            PolicyInvalid: There is no such file, or it holds no policy.
        """
        shipped = POLICIES / f"{name}.yaml"
        path = shipped if _NAME.fullmatch(str(name)) and shipped.is_file() else Path(name)
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise PolicyInvalid("The policy cannot be read.", field="policy") from error
        return cls.parse(raw)

    @property
    def id(self) -> str:
        """Name of the policy."""
        return self.document.id

    @property
    def version(self) -> str:
        """Version that its author gave it."""
        return self.document.version

    @property
    def min_fps(self) -> float:
        """Least rate at which frames must be sampled, per second."""
        return self.document.min_fps

    @property
    def ref(self) -> PolicyRef:
        """Identity for a verdict."""
        return PolicyRef(self.document.id, self.document.version, self.digest)

    def required(self, stage: Stage) -> frozenset[str]:
        """Categories that the stage must have been checked for."""
        return self._required[stage]

    def thresholds(
        self, stage: Stage, category_id: str, source: str = ""
    ) -> tuple[float | None, float | None]:
        """Scores for review and for block, without rules; None where there is none.

        Args:
            stage: Where the signal is from.
            category_id: Id of the taxonomy.
            source: Id of the model whose signals are meant; without one, the lowest of all.

        Raises:
            UnknownCategory: The taxonomy has no such category.
        """
        bounds = self.bounds[stage].get(category(category_id).id)
        if bounds is None:
            return None, None
        review, block = bounds.of(source)
        return (
            review if math.isfinite(review) else None,
            block if math.isfinite(block) else None,
        )

    def floor(self, stage: Stage, category_id: str) -> float:
        """Least score at which anything can follow, rules included; infinity where nothing does.

        What is below may be left out before `evaluate`; what is above must not be.

        Raises:
            UnknownCategory: The taxonomy has no such category.
        """
        bounds = self.bounds[stage].get(category(category_id).id)
        return math.inf if bounds is None else bounds.floor

    def floors(self, stage: Stage, context: Context | None = None) -> dict[str, float]:
        """`floor` of every category of a stage from which anything can follow.

        Args:
            stage: The stage.
            context: Leaves out the rules that cannot hold in it; without one all of them count.
        """
        if context is None:
            floors = {name: each.floor for name, each in self.bounds[stage].items()}
        else:
            judging = Judging(self.bounds, context)
            floors = {name: judging.floor(stage, name) for name in self.bounds[stage]}
        return {name: floor for name, floor in floors.items() if math.isfinite(floor)}

    def stop_at(self, stage: Stage) -> dict[str, float]:
        """Scores that block by themselves, where the policy lets a review end there; else none.

        Of several models' numbers it is the highest: what reaches it blocks, whoever says so.
        """
        if not self.document.stop_at_block:
            return {}
        blocks = {
            name: max([bounds.block, *(block for _, block in bounds.by_source.values())])
            for name, bounds in self.bounds[stage].items()
        }
        return {name: block for name, block in blocks.items() if math.isfinite(block)}

    def resolve(self, thresholds: Thresholds) -> Policy:
        """Puts the thresholds of model cards in wherever the document says `from_model`.

        Where no card has a number, the document's `until_then` stays.

        Args:
            thresholds: For each stage, category and model id the card's scores for review and
                block. A signal is held to its own model's numbers, one of no model to the lowest.

        Raises:
            PolicyInvalid: A number is not above 0 and at most 1, or review comes out above block.
        """
        if not any(thresholds.get(stage) for stage in Stage):
            return self._build(self.document, self.document.digest, {})
        resolved = self._build(self.document, "", thresholds)
        table = {
            stage.value: {
                name: [resolved.thresholds(stage, name), _finite(bounds.by_source)]
                for name, bounds in resolved.bounds[stage].items()
            }
            for stage in Stage
        }
        encoded = msgspec.json.encode([self.document.digest, table], order="deterministic")
        return replace(resolved, digest="sha256:" + hashlib.sha256(encoded).hexdigest())

    @classmethod
    def _build(cls, document: PolicyDocument, digest: str, cards: Thresholds) -> Policy:
        bounds = {
            stage: MappingProxyType(
                {
                    name: bind(document, stage, clause, cards.get(stage, {}).get(name, {}))
                    for name, clause in document.stages[stage].categories.items()
                }
            )
            for stage in Stage
        }
        required = {
            stage: frozenset(name for name, bound in table.items() if bound.clause.required)
            for stage, table in bounds.items()
        }
        return cls(document, digest, MappingProxyType(bounds), MappingProxyType(required))


def _finite(
    by_source: Mapping[str, tuple[float, float]],
) -> dict[str, tuple[float | None, ...]]:
    """Numbers by source, with None in place of infinity."""
    return {
        source: tuple(value if math.isfinite(value) else None for value in pair)
        for source, pair in by_source.items()
    }


def evaluate(
    policy: Policy,
    signals: Sequence[Signal],
    degradations: Sequence[Degradation],
    context: Context,
    *,
    covered: frozenset[str],
    content_sha256: str,
    models: Sequence[ModelRef],
    sampling: Sampling | None = None,
) -> Judgement:
    """Judges what was seen. Pure, and the order of the inputs does not matter.

    Args:
        policy: The policy, with its numbers resolved.
        signals: Every score of every classifier and rule that was asked.
        degradations: What could not answer; the decision and clause in them are completed here.
        context: What the rules may ask about.
        covered: Categories that a classifier really answered for at `context.stage`. A required
            category that is neither here nor in a degradation becomes a degradation.
        content_sha256: SHA-256 of what is judged, hex.
        models: The models that were asked.
        sampling: How a clip was looked at; must be given for `Stage.FRAMES`.

    Returns:
        The judgement. Scores stay as they were given, not rounded. Findings are sorted by
        severity, score (both falling), category, source and span.
    """
    judging = Judging(policy.bounds, context)
    for signal in signals:
        judging.take(signal)
    stages = policy.document.stages
    unchecked = policy.required(context.stage) - covered
    faults = judging.faults
    faults += [complete(stages[fault.stage], fault) for fault in degradations]
    faults += not_checked(stages[context.stage], context.stage, unchecked, degradations)
    faults += sampling_faults(policy.min_fps, context.stage, sampling)
    findings = tuple(sorted(judging.findings, key=_finding_order))
    degraded = tuple(sorted(set(faults), key=_fault_order))
    decision = strictest(
        *[finding.decision for finding in findings[:1]], *[fault.decision for fault in degraded[:1]]
    )
    return Judgement(
        decision=decision,
        content_sha256=content_sha256,
        scores=dict(sorted(judging.scores.items())),
        findings=findings,
        degraded=degraded,
        policy=policy.ref,
        models=tuple(sorted(models, key=lambda model: (model.id, model.version, model.digest))),
        sampling=sampling,
        user_text=_user_text(policy, decision, findings, context.language),
        language=context.language if context.stage is Stage.PROMPT else "",
    )


def _user_text(
    policy: Policy, decision: Decision, findings: Sequence[Finding], language: str
) -> str:
    """What the user may be told: about the strictest finding, if it is what decides."""
    decides = findings[0].category if findings and findings[0].decision is decision else ""
    return policy.document.texts.tell(decision, decides, language)


def _finding_order(finding: Finding) -> tuple[object, ...]:
    """A total order, so that the order of the signals leaves no trace."""
    signal = finding.signal
    span = signal.span
    return (
        -finding.decision.severity,
        -signal.score,
        finding.category,
        signal.source,
        signal.category,
        signal.stage,
        (span.start_ms, span.end_ms, span.peak_ms) if span else (),
        tuple((chars.part, chars.start, chars.end) for chars in signal.chars),
        signal.frame_count,
        signal.parts,
        signal.reading,
        astuple(signal.known) if signal.known else (),
    )


def _fault_order(fault: Degradation) -> tuple[object, ...]:
    return (
        -fault.decision.severity,
        fault.stage,
        fault.reason,
        fault.source,
        fault.categories,
        fault.clause,
    )
