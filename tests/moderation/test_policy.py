"""What a policy makes of signals, faults and context."""

from __future__ import annotations

import dataclasses
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.policy import Policy, PolicyInvalid, evaluate
from moderation.taxonomy import categories
from moderation.verdict import Context, Decision, Degradation, Sampling, Signal, Stage
from tests.moderation.policies import (
    DEFAULT,
    MODELS,
    RAW,
    SAMPLING,
    document,
    frames,
    judge,
    parse,
    prompt,
    with_rules,
)

FRAMES = Context(Stage.FRAMES)
SCORES = st.floats(0.0, 1.0)
ODD_SCORES = st.sampled_from([math.nan, math.inf, -math.inf, -0.001, 1.001, 1e300])
CATEGORIES = st.sampled_from(sorted(categories()))
SIGNALS = st.builds(
    Signal,
    stage=st.sampled_from(Stage),
    category=CATEGORIES,
    score=SCORES,
    source=st.sampled_from(["one", "two", "three"]),
)
CONTEXTS = st.builds(
    Context,
    stage=st.sampled_from(Stage),
    language=st.sampled_from(["", "en", "ru"]),
    minor_in_prompt=st.booleans(),
    minor_in_frame=st.booleans(),
    prompt_scores=st.dictionaries(CATEGORIES, SCORES, max_size=4),
    prompt_decision=st.sampled_from([None, *Decision]),
)
FAULTS = st.builds(
    Degradation,
    stage=st.sampled_from(Stage),
    source=st.sampled_from(["one", "two"]),
    reason=st.sampled_from(["model_unavailable", "language_not_covered", "late"]),
    categories=st.lists(CATEGORIES, max_size=3, unique=True).map(tuple),
)


# The default policy.


def test_low_scores_are_allowed_and_kept() -> None:
    judgement = judge([prompt(name, 0.01) for name in sorted(DEFAULT.required(Stage.PROMPT))])
    assert judgement.decision is Decision.ALLOW
    assert judgement.findings == ()
    assert judgement.degraded == ()
    assert judgement.user_text == ""
    assert set(judgement.scores) == DEFAULT.required(Stage.PROMPT)
    assert [model.id for model in judgement.models] == ["nsfw", "prompt-safety"]


@pytest.mark.parametrize(
    ("score", "decision"),
    [
        (0.4999, Decision.ALLOW),
        (0.5, Decision.REVIEW),
        (0.7999, Decision.REVIEW),
        (0.8, Decision.BLOCK),
    ],
)
def test_a_threshold_counts_from_its_very_score(score: float, decision: Decision) -> None:
    assert judge([prompt("sexual", score)]).decision is decision


def test_a_finding_names_threshold_and_clause() -> None:
    (finding,) = judge([prompt("sexual", 0.81)]).findings
    assert (finding.category, finding.decision) == ("sexual", Decision.BLOCK)
    assert (finding.threshold, finding.clause) == (0.8, "P-SEXUAL")


@pytest.mark.parametrize("category", ["hate", "harassment"])
def test_what_the_model_cannot_tell_apart_is_never_refused_by_itself(category: str) -> None:
    assert judge([prompt(category, 1.0)]).decision is Decision.REVIEW


@pytest.mark.parametrize("context", [Context(Stage.PROMPT), FRAMES])
@pytest.mark.parametrize("score", [0.3, 0.6, 1.0])
def test_sexual_content_with_minors_is_never_only_reviewed(context: Context, score: float) -> None:
    assert judge([Signal(context.stage, "sexual/minors", score, "m")], context).decision == "block"


@pytest.mark.parametrize(
    "context",
    [
        Context(Stage.PROMPT, minor_in_prompt=True),
        Context(Stage.FRAMES, minor_in_prompt=True),
        Context(Stage.FRAMES, minor_in_frame=True),
    ],
)
def test_a_weak_sexual_signal_with_a_minor_blocks_as_sexual_minors(context: Context) -> None:
    judgement = judge([Signal(context.stage, "sexual", 0.25, "m")], context)
    assert judgement.decision is Decision.BLOCK
    (finding,) = judgement.findings
    assert (finding.category, finding.clause) == ("sexual/minors", "C-MINORS")
    assert finding.signal.category == "sexual"
    assert judgement.user_text == categories()["sexual/minors"].user_text


def test_a_strong_sexual_signal_with_a_minor_is_recategorised_too() -> None:
    (finding,) = judge(
        [prompt("sexual", 0.99)], Context(Stage.PROMPT, minor_in_prompt=True)
    ).findings
    assert finding.category == "sexual/minors"


def test_a_minor_alone_is_nothing() -> None:
    context = Context(Stage.PROMPT, minor_in_prompt=True)
    assert judge([prompt("sexual", 0.2), prompt("violence", 0.5)], context).decision == "allow"


def test_a_weapon_in_a_film_is_reviewed_at_most() -> None:
    assert judge([frames("violence", 0.85)], FRAMES).decision is Decision.ALLOW
    assert judge([frames("violence", 1.0)], FRAMES).decision is Decision.REVIEW


@pytest.mark.parametrize(
    ("scores", "decision"),
    [
        ({}, Decision.REVIEW),
        ({"hate": 0.4}, Decision.REVIEW),
        ({"hate": 0.5}, Decision.BLOCK),
        ({"extremism": 0.9}, Decision.BLOCK),
    ],
)
def test_the_prompt_decides_what_a_hate_symbol_leads_to(
    scores: dict[str, float], decision: Decision
) -> None:
    context = Context(Stage.FRAMES, prompt_scores=scores)
    assert judge([frames("hate", 0.9)], context).decision is decision
    assert judge([frames("hate", 0.4)], context).decision is Decision.ALLOW


def test_a_borderline_frame_weighs_more_under_a_borderline_prompt() -> None:
    signal = [frames("sexual", 0.42)]
    reviewed = Context(Stage.FRAMES, prompt_decision=Decision.REVIEW)
    scored = Context(Stage.FRAMES, prompt_scores={"sexual": 0.3})
    assert judge(signal, FRAMES).decision is Decision.ALLOW
    for context in (reviewed, scored):
        judgement = judge(signal, context)
        assert judgement.decision is Decision.REVIEW
        assert judgement.findings[0].clause == "C-DOUBTFUL-PROMPT"
        assert judgement.findings[0].threshold == pytest.approx(0.4)


def test_persons_works_and_politics_go_to_a_person() -> None:
    for name in ("likeness/public-figure", "ip/third-party", "political"):
        judgement = judge([prompt(name, 1.0)])
        assert judgement.decision is Decision.REVIEW
        assert judgement.user_text == DEFAULT.document.texts.tell(Decision.REVIEW, name, "")
        assert judgement.user_text


# Faults.


def test_a_required_category_that_nobody_checked_is_a_degradation() -> None:
    covered = DEFAULT.required(Stage.FRAMES) - {"violence"}
    judgement = judge([], FRAMES, covered=covered)
    assert judgement.decision is Decision.REVIEW
    (fault,) = judgement.degraded
    assert (fault.reason, fault.categories) == ("category_not_checked", ("violence",))
    assert fault.clause == "F-VIOLENCE"
    assert judgement.user_text == DEFAULT.document.texts.degraded["en"]


def test_a_degradation_accounts_for_its_categories() -> None:
    down = Degradation(Stage.FRAMES, "scenes-image", "model_unavailable", ("violence",))
    judgement = judge([], FRAMES, faults=[down], covered=frozenset({"sexual", "hate"}))
    (fault,) = judgement.degraded
    assert (fault.source, fault.decision, fault.clause) == (
        "scenes-image", Decision.REVIEW, "F-VIOLENCE",
    )  # fmt: skip


def test_a_degradation_of_the_other_stage_accounts_for_nothing() -> None:
    down = Degradation(Stage.PROMPT, "prompt-safety", "model_unavailable", ("sexual", "violence"))
    judgement = judge([], FRAMES, faults=[down], covered=frozenset())
    assert [fault.stage for fault in judgement.degraded].count(Stage.FRAMES) == 3


def test_a_clause_for_a_reason_goes_before_that_of_the_category() -> None:
    changed = document()
    changed["stages"]["prompt"]["categories"]["hate"]["missing"] = "block"
    policy = parse(changed)
    for reason, decision, clause in (
        ("language_not_covered", Decision.REVIEW, "P-LANGUAGE"),
        ("late", Decision.BLOCK, "P-HATE"),
    ):
        fault = Degradation(Stage.PROMPT, "m", reason, ("political", "hate"))
        (told,) = judge([], policy=policy, faults=[fault]).degraded
        assert (told.decision, told.clause) == (decision, clause)


def test_a_fault_without_categories_is_reviewed() -> None:
    judgement = judge([], faults=[Degradation(Stage.PROMPT, "m", "crashed", ())])
    assert judgement.decision is Decision.REVIEW


def test_a_stricter_decision_of_the_fault_itself_stays() -> None:
    fault = Degradation(Stage.FRAMES, "reader", "clip_broken", (), Decision.BLOCK, "given")
    assert judge([], FRAMES, faults=[fault]).degraded == (fault,)


@settings(deadline=None)
@given(ODD_SCORES, CATEGORIES, st.sampled_from(Stage))
def test_a_score_that_is_no_probability_never_allows(score: float, name: str, stage: Stage) -> None:
    judgement = judge([Signal(stage, name, score, "m")], Context(stage))
    assert judgement.decision is not Decision.ALLOW
    assert "score_invalid" in {fault.reason for fault in judgement.degraded}
    assert name not in judgement.scores
    assert len(judgement.digest) == 64


@settings(deadline=None)
@given(ODD_SCORES)
def test_a_prompt_score_that_is_no_probability_never_allows(score: float) -> None:
    judgement = judge([], Context(Stage.FRAMES, prompt_scores={"hate": score}))
    assert judgement.decision is Decision.REVIEW


def test_a_category_that_the_policy_does_not_know_never_allows() -> None:
    for signal in (prompt("weather", 0.0), frames("evasion", 0.0)):
        judgement = judge([signal], Context(signal.stage))
        assert judgement.decision is Decision.REVIEW
        assert judgement.degraded[0].reason == "category_unknown"


@pytest.mark.parametrize(
    ("sampling", "reason"),
    [
        (None, "nothing_sampled"),
        (dataclasses.replace(SAMPLING, frame_count=0), "nothing_sampled"),
        (dataclasses.replace(SAMPLING, interval_ms=501), "sampling_too_sparse"),
        (dataclasses.replace(SAMPLING, interval_ms=0), "sampling_too_sparse"),
    ],
)
def test_a_clip_that_was_hardly_looked_at_is_not_allowed(
    sampling: Sampling | None, reason: str
) -> None:
    judgement = judge([], FRAMES, sampling=sampling)
    assert judgement.decision is Decision.REVIEW
    assert [fault.reason for fault in judgement.degraded] == [reason]


@pytest.mark.parametrize("condition", ['prompt_scores["nothing"] > 0.1', "size(category)"])
def test_a_rule_that_fails_is_a_degradation(condition: str) -> None:
    policy = with_rules(_rule(when=condition))
    judgement = judge([prompt("hate", 0.2)], policy=policy)
    assert judgement.decision is Decision.REVIEW
    (fault,) = judgement.degraded
    assert (fault.reason, fault.source, fault.clause) == ("rule_failed", "R-1", "R-1")


# Rules.


def _rule(**changes: object) -> dict[str, object]:
    rule: dict[str, object] = {
        "id": "R-1",
        "title": "A rule",
        "stages": ["prompt"],
        "categories": ["hate"],
        "min_score": 0.1,
        "effect": {"raise_to": "review"},
    }
    return {name: value for name, value in (rule | changes).items() if value is not None}


def test_a_rule_looks_only_at_its_stage_category_and_score() -> None:
    policy = with_rules(_rule())
    assert judge([prompt("hate", 0.1)], policy=policy).decision is Decision.REVIEW
    assert judge([prompt("hate", 0.09)], policy=policy).decision is Decision.ALLOW
    assert judge([prompt("sexual", 0.1)], policy=policy).decision is Decision.ALLOW
    assert judge([frames("hate", 0.1)], FRAMES, policy=policy).decision is Decision.ALLOW


def test_a_rule_never_makes_a_finding_milder() -> None:
    policy = with_rules(_rule(categories=["sexual"]))
    (finding,) = judge([prompt("sexual", 0.9)], policy=policy).findings
    assert (finding.decision, finding.clause) == (Decision.BLOCK, "P-SEXUAL")


@pytest.mark.parametrize(
    "condition",
    [
        'stage == "prompt"',
        'category == "hate" && source == "prompt-safety"',
        'language in ["en", "de"]',
        "minor_in_prompt && !minor_in_frame",
        'prompt_decision == "review"',
        "prompt_scores.sexual >= 0.3 || false",
        'category.startsWith("ha") ? true : false',
    ],
)
def test_conditions_see_the_context(condition: str) -> None:
    context = Context(
        Stage.PROMPT, "en", True, False, {"sexual": 0.4}, Decision.REVIEW,
    )  # fmt: skip
    policy = with_rules(_rule(when=condition))
    assert judge([prompt("hate", 0.2)], context, policy=policy).decision is Decision.REVIEW


def test_of_two_scalings_the_stricter_holds() -> None:
    policy = with_rules(
        _rule(id="R-1", min_score=None, effect={"scale_thresholds": 0.5}),
        _rule(id="R-2", min_score=None, effect={"scale_thresholds": 0.9}),
    )
    (finding,) = judge([prompt("hate", 0.3)], policy=policy).findings
    assert (finding.decision, finding.clause, finding.threshold) == (Decision.REVIEW, "R-1", 0.25)


# Numbers of model cards.


def test_numbers_of_a_card_replace_those_that_wait_for_them() -> None:
    card = {
        Stage.PROMPT: {"sexual": {"a": (0.11, 0.22)}},
        Stage.FRAMES: {"violence": {"b": (0.1, 0.93)}},
    }
    policy = DEFAULT.resolve(card)
    assert policy.thresholds(Stage.PROMPT, "sexual") == (0.11, 0.22)
    assert policy.thresholds(Stage.PROMPT, "hate") == DEFAULT.thresholds(Stage.PROMPT, "hate")
    # A weapon in a film is for a person to judge, however sure the model is.
    assert policy.thresholds(Stage.FRAMES, "violence") == (0.1, None)
    assert policy.floor(Stage.PROMPT, "sexual") == pytest.approx(0.055)
    assert judge([prompt("sexual", 0.22)], policy=policy).decision is Decision.BLOCK


def test_a_signal_is_held_to_the_numbers_of_its_own_model() -> None:
    numbers = {"strict": (0.2, 0.3), "wide": (0.6, 0.9)}
    policy = DEFAULT.resolve({Stage.PROMPT: {"sexual": numbers}})

    def of(source: str) -> Decision:
        return judge(
            [dataclasses.replace(prompt("sexual", 0.5), source=source)], policy=policy
        ).decision

    assert of("strict") is Decision.BLOCK
    assert of("wide") is Decision.ALLOW
    assert of("somebody") is Decision.BLOCK
    assert policy.thresholds(Stage.PROMPT, "sexual", "wide") == (0.6, 0.9)
    assert policy.thresholds(Stage.PROMPT, "sexual") == (0.2, 0.3)
    lone = DEFAULT.resolve({Stage.PROMPT: {"sexual": {"strict": (0.2, 0.3)}}})
    assert lone.digest != policy.digest


def test_a_review_may_end_only_where_the_policy_says_so() -> None:
    numbers = {Stage.FRAMES: {"sexual": {"a": (0.2, 0.7), "b": (0.5, 0.9)}}}
    assert DEFAULT.resolve(numbers).stop_at(Stage.FRAMES) == {}
    eager = Policy.parse(RAW.replace(b"min_fps: 2.5", b"min_fps: 2.5\n  stop_at_block: true"))
    assert eager.resolve(numbers).stop_at(Stage.FRAMES)["sexual"] == 0.9
    assert "hate" not in eager.stop_at(Stage.FRAMES)


def test_the_digest_covers_document_and_numbers() -> None:
    one = DEFAULT.resolve({Stage.PROMPT: {"sexual": {"a": (0.11, 0.22)}}})
    assert DEFAULT.digest == DEFAULT.document.digest == Policy.parse(RAW).digest
    assert DEFAULT.resolve({}).digest == DEFAULT.digest
    assert one.digest == DEFAULT.resolve({Stage.PROMPT: {"sexual": {"a": (0.11, 0.22)}}}).digest
    assert one.digest not in {
        DEFAULT.digest,
        DEFAULT.resolve({Stage.PROMPT: {"sexual": {"a": (0.11, 0.23)}}}).digest,
        DEFAULT.resolve({Stage.FRAMES: {"sexual": {"a": (0.11, 0.22)}}}).digest,
        Policy.parse(RAW + b"\n").resolve({Stage.PROMPT: {"sexual": {"a": (0.11, 0.22)}}}).digest,
    }
    assert one.resolve({}).digest == DEFAULT.digest
    assert one.ref.digest == one.digest


@pytest.mark.parametrize("pair", [(0.5, 0.4), (math.nan, 0.5), (0.0, 0.5), (0.5, 1.5)])
def test_numbers_that_make_no_sense_are_refused(pair: tuple[float, float]) -> None:
    with pytest.raises(PolicyInvalid) as caught:
        DEFAULT.resolve({Stage.PROMPT: {"sexual": {"a": pair}}})
    assert caught.value.field.startswith("stages.prompt.categories.sexual.")


# Laws.


@settings(deadline=None)
@given(st.lists(SIGNALS, max_size=6), CONTEXTS, st.integers(0, 5), SCORES)
def test_a_higher_score_is_never_milder(
    signals: list[Signal], context: Context, at: int, score: float
) -> None:
    if not signals:
        return
    at %= len(signals)
    higher = dataclasses.replace(signals[at], score=max(score, signals[at].score))
    before = judge(signals, context)
    after = judge([*signals[:at], higher, *signals[at + 1 :]], context)
    assert after.decision.severity >= before.decision.severity


@settings(deadline=None)
@given(st.lists(SIGNALS, max_size=6), st.lists(FAULTS, max_size=2), CONTEXTS, SIGNALS, FAULTS)
def test_more_signals_and_faults_are_never_milder(
    signals: list[Signal],
    faults: list[Degradation],
    context: Context,
    signal: Signal,
    fault: Degradation,
) -> None:
    before = judge(signals, context, faults=faults).decision.severity
    assert judge([*signals, signal], context, faults=faults).decision.severity >= before
    assert judge(signals, context, faults=[*faults, fault]).decision.severity >= before


@settings(deadline=None)
@given(st.lists(SIGNALS, max_size=6), st.lists(FAULTS, min_size=1, max_size=3), CONTEXTS)
def test_a_fault_never_allows(
    signals: list[Signal], faults: list[Degradation], context: Context
) -> None:
    judgement = judge(signals, context, faults=faults)
    assert judgement.decision is not Decision.ALLOW
    assert all(fault.clause for fault in judgement.degraded)


@settings(deadline=None)
@given(st.lists(SIGNALS, max_size=7), st.lists(FAULTS, max_size=3), CONTEXTS, st.randoms())
def test_order_leaves_no_trace(
    signals: list[Signal], faults: list[Degradation], context: Context, random: object
) -> None:
    before = judge(signals, context, faults=faults)
    signals, faults = list(signals), list(faults)
    random.shuffle(signals)  # type: ignore[attr-defined]
    random.shuffle(faults)  # type: ignore[attr-defined]
    after = evaluate(
        DEFAULT,
        signals,
        faults,
        context,
        covered=DEFAULT.required(context.stage),
        content_sha256="ab" * 32,
        models=MODELS[::-1],
        sampling=SAMPLING if context.stage is Stage.FRAMES else None,
    )
    assert after == before
    assert after.digest == before.digest


@settings(deadline=None)
@given(st.lists(SIGNALS, max_size=7), CONTEXTS)
def test_findings_fall_in_severity_and_score(signals: list[Signal], context: Context) -> None:
    found = [
        (item.decision.severity, item.signal.score) for item in judge(signals, context).findings
    ]
    assert found == sorted(found, reverse=True)


@settings(deadline=None)
@given(SIGNALS, CONTEXTS)
def test_below_the_floor_nothing_follows(signal: Signal, context: Context) -> None:
    context = dataclasses.replace(context, stage=signal.stage)
    shows = signal.stage in categories()[signal.category].stages
    if shows and signal.score < DEFAULT.floor(signal.stage, signal.category):
        assert judge([signal], context).decision is Decision.ALLOW


@settings(deadline=None)
@given(SIGNALS, CONTEXTS)
def test_below_the_floor_of_a_context_nothing_follows_in_it(
    signal: Signal, context: Context
) -> None:
    context = dataclasses.replace(context, stage=signal.stage)
    floors = DEFAULT.floors(signal.stage, context)
    for name, floor in floors.items():
        assert floor >= DEFAULT.floors(signal.stage)[name]
    shows = signal.stage in categories()[signal.category].stages
    if shows and signal.score < floors.get(signal.category, math.inf):
        assert judge([signal], context).decision is Decision.ALLOW


def test_the_floor_of_a_context_leaves_out_rules_that_cannot_hold() -> None:
    frames = Stage.FRAMES
    review, _ = DEFAULT.thresholds(frames, "sexual")
    assert review is not None
    calm = DEFAULT.floors(frames, Context(frames))["sexual"]
    minor = DEFAULT.floors(frames, Context(frames, minor_in_prompt=True))["sexual"]
    assert (calm, minor) == (review, review * 0.5)
    assert DEFAULT.floors(frames)["sexual"] == minor
