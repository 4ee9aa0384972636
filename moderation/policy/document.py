"""A policy as it is written: a YAML document, read strictly into frozen values.

`docs/policy.md` explains each key. Numbers that a model's card is to give are still open here;
`moderation.policy.Policy` puts them in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from moderation.documents import DocumentInvalid, Section, read_document
from moderation.policy.conditions import Condition
from moderation.policy.texts import Texts
from moderation.taxonomy import categories
from moderation.verdict import Decision, Stage
from provenance.ingredients import ACCEPTED
from provenance.report import C2paState

SCHEMA = "framegate.policy/v1"
MIN_FPS = 2.0
MAX_FPS = 60.0
MAX_RULES = 64
# Categories for which nothing may be switched off or waived.
NEVER_OFF = frozenset({"sexual/minors", "known/child-abuse"})
_CLAUSE = r"[A-Za-z0-9][A-Za-z0-9-]{0,39}"
_ID = r"[a-z0-9][a-z0-9-]{0,62}"
_SOURCE_KEYS = {
    "tampered": C2paState.INVALID,
    "untrusted": C2paState.VALID,
    "unsigned": C2paState.ABSENT,
}
_VERSION = r"[A-Za-z0-9][A-Za-z0-9.+-]{0,31}"

CardThreshold = Literal["review", "block"]


class PolicyInvalid(DocumentInvalid):
    """A policy document that cannot be applied; `field` is the place in it."""

    reason = "POLICY_INVALID"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A score from which on a clause takes effect.

    Attributes:
        value: Calibrated probability, above 0 and at most 1.
        from_model: Which threshold of the model's card replaces `value`; None for a fixed one.
    """

    value: float
    from_model: CardThreshold | None = None


@dataclass(frozen=True, slots=True)
class CategoryClause:
    """What a stage makes of a category.

    Attributes:
        category: Id of the taxonomy.
        clause: Id that findings and degradations cite.
        review: From where on a person decides; None for never.
        block: From where on it is refused; None for never.
        required: Whether the stage must have been checked for it.
        missing: What follows when it was not.
        off: Why the policy does not judge it, or "".
    """

    category: str
    clause: str
    review: Threshold | None
    block: Threshold | None
    required: bool
    missing: Decision
    off: str


@dataclass(frozen=True, slots=True)
class ReasonClause:
    """What follows from a degradation of one reason, instead of the categories' `missing`."""

    reason: str
    clause: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class Rule:
    """What context changes: when it holds for a signal, the signal is judged more strictly.

    Attributes:
        id: Id that findings cite.
        title: What it is for.
        stages: Stages whose signals it looks at.
        categories: Categories whose signals it looks at.
        min_score: Least score, or None where `min_share` counts or thresholds are scaled.
        min_share: Least score as a share of the category's lowest threshold, or None.
        condition: Condition over the context; None for always.
        raise_to: The least decision that follows, or None where thresholds are scaled.
        recategorise: The category that the finding counts as, or "" for its own.
        scale: Factor on the category's thresholds, below 1, or None.
    """

    id: str
    title: str
    stages: frozenset[Stage]
    categories: frozenset[str]
    min_score: float | None
    min_share: float | None
    condition: Condition | None
    raise_to: Decision | None
    recategorise: str
    scale: float | None


@dataclass(frozen=True, slots=True)
class StageClauses:
    """What a policy says of one stage: each category that can show there, and faults."""

    categories: Mapping[str, CategoryClause]
    reasons: Mapping[str, ReasonClause]


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """A whole document, checked.

    Attributes:
        id: Name of the policy.
        version: Version that its author gave it.
        title: One line for people.
        digest: "sha256:" and 64 hex digits over the document's bytes.
        sources: States of a source's own manifest with which a clip that was made from it is
            signed.
        synthetic_sources: Whether an uploaded clip that the detector calls `likely_ai` is taken as
            a source.
        min_fps: Least rate at which frames must be sampled, per second.
        stop_at_block: Whether the review of a clip may end once it is certain to be blocked.
        stages: The clauses of every stage.
        rules: In the order of the document; on a tie the first one is cited.
        texts: What a user reads.
    """

    id: str
    version: str
    title: str
    digest: str
    sources: frozenset[C2paState]
    synthetic_sources: bool
    min_fps: float
    stop_at_block: bool
    stages: Mapping[Stage, StageClauses]
    rules: tuple[Rule, ...]
    texts: Texts

    @classmethod
    def parse(cls, raw: bytes) -> PolicyDocument:
        """Reads a document of at most 256 KiB.

        Raises:
            PolicyInvalid: It is no policy document; nothing else is raised, whatever the bytes.
        """
        top = read_document(raw, PolicyInvalid)
        top.choice("schema", str, (SCHEMA,))
        sampling, stages = top.section("sampling"), top.section("stages")
        sources, synthetic_sources = _sources(top)
        document = cls(
            id=top.text("id", pattern=_ID),
            version=top.text("version", pattern=_VERSION),
            title=top.text("title"),
            digest="sha256:" + hashlib.sha256(raw).hexdigest(),
            sources=sources,
            synthetic_sources=synthetic_sources,
            min_fps=sampling.number("min_fps", MIN_FPS, MAX_FPS),
            stop_at_block=sampling.flag("stop_at_block", default=False),
            stages=MappingProxyType({stage: _stage(stages, stage) for stage in Stage}),
            rules=tuple(_rule(section) for section in top.sections("rules")),
            texts=Texts.take(top),
        )
        for section in (sampling, stages, top):
            section.done()
        _check_clauses(top, document)
        return document


def _sources(top: Section) -> tuple[frozenset[C2paState], bool]:
    if not top.has("sources"):
        return ACCEPTED, True
    section = top.section("sources")
    found = {
        state
        for key, state in _SOURCE_KEYS.items()
        if section.choice(key, str, ("accept", "refuse")) == "accept"
    }
    synthetic = True
    if section.has("synthetic"):
        synthetic = section.choice("synthetic", str, ("accept", "refuse")) == "accept"
    section.done()
    return frozenset(found | {C2paState.TRUSTED}), synthetic


def _stage(parent: Section, stage: Stage) -> StageClauses:
    section = parent.section(stage.value)
    listed = section.section("categories")
    expected = [entry.id for entry in categories().values() if stage in entry.stages]
    clauses = {name: _category(listed, name) for name in expected}
    listed.done()
    reasons = section.section("degraded")
    read = {reason: _reason(reasons, reason) for reason in reasons.names()}
    section.done()
    return StageClauses(MappingProxyType(clauses), MappingProxyType(read))


def _category(parent: Section, name: str) -> CategoryClause:
    section = parent.section(name)
    off = section.text("off") if section.has("off") else ""
    read = CategoryClause(
        category=name,
        clause=section.text("clause", pattern=_CLAUSE),
        review=_threshold(section, "review") if section.has("review") else None,
        block=_threshold(section, "block") if section.has("block") else None,
        required=section.flag("required", default=not off),
        missing=_decision(section, "missing") if section.has("missing") else Decision.REVIEW,
        off=off,
    )
    section.done()
    _check_category(parent, read)
    return read


def _check_category(parent: Section, read: CategoryClause) -> None:
    """Holds the rules that span the keys of a category."""
    has_threshold = read.review is not None or read.block is not None
    if read.off and (has_threshold or read.required or read.category in NEVER_OFF):
        raise parent.fail(read.category, "cannot be off here")
    if not read.off and not has_threshold:
        raise parent.fail(read.category, "needs a threshold for review or block, or off: <why>")
    if read.review and read.block and read.review.value > read.block.value:
        raise parent.fail(f"{read.category}.review", "is above block")
    if read.missing is Decision.ALLOW and (read.required or read.category in NEVER_OFF):
        raise parent.fail(f"{read.category}.missing", "a required category cannot be allowed")


def _threshold(parent: Section, key: str) -> Threshold:
    if not parent.is_section(key):
        return Threshold(_positive(parent, key))
    section = parent.section(key)
    name: CardThreshold = "review"
    if section.choice("from_model", str, ("review", "block")) == "block":
        name = "block"
    read = Threshold(_positive(section, "until_then"), name)
    section.done()
    return read


def _positive(section: Section, key: str) -> float:
    value = section.number(key, 0.0, 1.0)
    if value == 0.0:
        raise section.fail(key, "must be above 0, or every input would be a finding")
    return value


def _decision(section: Section, key: str) -> Decision:
    return section.choice(key, Decision, tuple(decision.value for decision in Decision))


def _strict_decision(section: Section, key: str) -> Decision:
    return section.choice(key, Decision, (Decision.REVIEW.value, Decision.BLOCK.value))


def _reason(parent: Section, reason: str) -> ReasonClause:
    section = parent.section(reason)
    read = ReasonClause(
        reason, section.text("clause", pattern=_CLAUSE), _strict_decision(section, "decision")
    )
    section.done()
    return read


def _rule(section: Section) -> Rule:
    effect = section.section("effect")
    scale = effect.number("scale_thresholds", 0.05, 1.0) if effect.has("scale_thresholds") else None
    rule = Rule(
        id=section.text("id", pattern=_CLAUSE),
        title=section.text("title"),
        stages=frozenset(Stage(name) for name in _known(section, "stages", tuple(Stage))),
        categories=_known(section, "categories", tuple(categories())),
        min_score=section.number("min_score", 0.0, 1.0) if section.has("min_score") else None,
        min_share=section.number("min_share_of_review", 0.0, 1.0)
        if section.has("min_share_of_review")
        else None,
        condition=Condition.take(section, "when") if section.has("when") else None,
        raise_to=_strict_decision(effect, "raise_to") if effect.has("raise_to") else None,
        recategorise=effect.choice("recategorise", str, tuple(categories()))
        if effect.has("recategorise")
        else "",
        scale=scale,
    )
    effect.done()
    section.done()
    _check_rule(section, rule)
    return rule


def _check_rule(section: Section, rule: Rule) -> None:
    """Holds the rules that span the keys of a rule."""
    if (rule.raise_to is None) == (rule.scale is None):
        raise section.fail("effect", "needs either raise_to or scale_thresholds")
    if rule.recategorise and rule.raise_to is None:
        raise section.fail("effect.recategorise", "needs raise_to beside it")
    given = sum(value is not None for value in (rule.min_score, rule.min_share))
    if rule.scale is not None and given:
        raise section.fail("min_score", "has no meaning beside scale_thresholds")
    if rule.scale is None and given != 1:
        raise section.fail("min_score", "give either min_score or min_share_of_review")


def _known(section: Section, key: str, allowed: tuple[str, ...]) -> frozenset[str]:
    names = section.texts(key)
    for name in names:
        if name not in allowed:
            raise section.fail(key, f"must hold some of {', '.join(allowed)}")
    return frozenset(names)


def _check_clauses(top: Section, document: PolicyDocument) -> None:
    """Every clause has an id of its own, so that a finding cites one place."""
    if len(document.rules) > MAX_RULES:
        raise top.fail("rules", f"has more than {MAX_RULES} rules")
    seen: set[str] = set()
    ids = [rule.id for rule in document.rules]
    for stage in document.stages.values():
        ids += [clause.clause for clause in stage.categories.values()]
        ids += [clause.clause for clause in stage.reasons.values()]
    for clause in ids:
        if clause in seen:
            raise top.fail("", f"the clause id {clause} is given twice")
        seen.add(clause)
