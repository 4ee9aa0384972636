"""From signals to findings: thresholds first, then the rules that make them stricter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from moderation.policy.bounds import Bounds
from moderation.policy.conditions import ConditionFailed
from moderation.policy.document import Rule
from moderation.policy.faults import category_unknown, rule_failed, score_invalid
from moderation.taxonomy import categories
from moderation.verdict import Context, Decision, Degradation, Finding, Signal, Stage


class Judging:
    """One evaluation: takes signals one by one and keeps what follows from them.

    Not thread-safe; made anew for each evaluation.

    Attributes:
        findings: What passed a threshold or a rule, in the order of the signals.
        faults: What was wrong with a signal, the context or a rule.
        scores: Highest valid score of each category.
    """

    def __init__(self, bounds: Mapping[Stage, Mapping[str, Bounds]], context: Context) -> None:
        self._bounds = bounds
        self._context = context
        self._variables: dict[str, object] = {}
        self.findings: list[Finding] = []
        self.scores: dict[str, float] = {}
        self.faults: list[Degradation] = [
            score_invalid(context.stage, "prompt_scores", name)
            for name, score in context.prompt_scores.items()
            if not 0.0 <= score <= 1.0
        ]

    def take(self, signal: Signal) -> None:
        """Judges one signal."""
        name, score = signal.category, signal.score
        if not 0.0 <= score <= 1.0:
            self.faults.append(score_invalid(signal.stage, signal.source, name))
            return
        if score >= self.scores.get(name, 0.0):
            self.scores[name] = float(score)
        bounds = self._bounds[signal.stage].get(name)
        if bounds is None:
            self.faults.append(category_unknown(signal.stage, signal.source, name))
        elif score >= bounds.floor:
            self._judge(signal, bounds)

    def floor(self, stage: Stage, name: str) -> float:
        """Least score of a category at which anything can follow in this context.

        A rule counts unless the context alone says that it does not hold.
        """
        bounds = self._bounds[stage][name]
        rules = [
            bound.min_score for bound in bounds.rules if self._may_hold(bound.rule, stage, name)
        ]
        return min([bounds.review, bounds.block, *rules])

    def _may_hold(self, rule: Rule, stage: Stage, name: str) -> bool:
        if rule.condition is None or rule.condition.asks_of_the_signal:
            return True
        faults = len(self.faults)
        return self._holds(rule, Signal(stage, name, 1.0, "")) or len(self.faults) > faults

    def _judge(self, signal: Signal, bounds: Bounds) -> None:
        """Finds the strictest that holds; on a tie a rule goes before the category's clause."""
        scale, scaled_by = 1.0, ""
        best: Finding | None = None
        for bound in bounds.rules:
            rule = bound.rule
            if signal.score < bound.min_score or not self._holds(rule, signal):
                continue
            if rule.scale is not None:
                if rule.scale < scale:
                    scale, scaled_by = rule.scale, rule.id
            elif rule.raise_to is not None:
                name = rule.recategorise or signal.category
                raised = Finding(signal, name, rule.raise_to, bound.min_score, rule.id)
                best = _stricter(best, raised)
        own = _own(signal, bounds, scale, scaled_by)
        if own is not None:
            best = _stricter(best, own)
        if best is not None:
            self.findings.append(replace(best, signal=replace(signal, score=float(signal.score))))

    def _holds(self, rule: Rule, signal: Signal) -> bool:
        if rule.condition is None:
            return True
        if not self._variables:
            self._variables = _variables(self._context)
        self._variables["stage"] = signal.stage.value
        self._variables["category"] = signal.category
        self._variables["source"] = signal.source
        try:
            return rule.condition.holds(self._variables)
        except ConditionFailed:
            self.faults.append(rule_failed(signal.stage, rule.id, signal.category))
            return False


def _own(signal: Signal, bounds: Bounds, scale: float, scaled_by: str) -> Finding | None:
    """The finding by the category's own thresholds, scaled by a rule where one says so."""
    review, block = bounds.of(signal.source)
    for decision, threshold in ((Decision.BLOCK, block), (Decision.REVIEW, review)):
        if signal.score >= threshold * scale:
            clause = bounds.clause.clause if signal.score >= threshold else scaled_by
            applied = threshold if signal.score >= threshold else threshold * scale
            return Finding(signal, signal.category, decision, applied, clause)
    return None


def _stricter(best: Finding | None, other: Finding) -> Finding:
    if best is None or other.decision.severity > best.decision.severity:
        return other
    return best


def _variables(context: Context) -> dict[str, object]:
    """The variables of conditions, but for those that differ from signal to signal."""
    decision = context.prompt_decision
    return {
        "language": context.language,
        "minor_in_prompt": context.minor_in_prompt,
        "minor_in_frame": context.minor_in_frame,
        "prompt_decision": decision.value if decision else "",
        "prompt_scores": {
            **dict.fromkeys(categories(), 0.0),
            **{name: float(score) for name, score in context.prompt_scores.items()},
        },
    }
