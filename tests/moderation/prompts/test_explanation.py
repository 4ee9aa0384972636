"""The words behind findings: faithful, bounded, always the same, never at a finding's cost."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from moderation.prompts.explanation import MAX_PASSES
from moderation.prompts.occlusion import without
from moderation.prompts.parts import PromptRequest
from moderation.prompts.screener import Screening
from moderation.verdict import CharSpan, Decision, Finding
from tests.moderation.prompts.readers import LOW, WordClassifier, screener

# Made-up words stand for what a classifier would find.
WORDS = {
    "sexual": {"zorple": 0.9},
    "illicit": {"vandrel": 0.9, "mix hide": 0.7},
    "violence": {"vandrel": 0.8},
}
TARGET = 0.5


def _findings(screening: Screening) -> list[Finding]:
    """What a policy would make of signals from 0.5 on, strictest first."""
    found = [
        Finding(signal, signal.category, Decision.BLOCK, TARGET, f"P-{signal.category}")
        for signal in screening.signals
        if signal.score >= TARGET
    ]
    return sorted(found, key=lambda finding: -finding.signal.score)


def _explained(
    request: PromptRequest, classifier: WordClassifier | None = None
) -> list[tuple[Finding, list[str]]]:
    """Findings with the words that they name."""
    reader = screener(classifier or WordClassifier(WORDS))
    screening = reader.screen(request)
    findings = _findings(screening)
    assert findings
    texts = {part.name: part.text for part in request.parts}
    explained = reader.explain(screening, findings, [TARGET] * len(findings))
    return [
        (finding, [texts[span.part][span.start : span.end] for span in finding.signal.chars])
        for finding in explained
    ]


def test_a_finding_names_its_words_as_they_were_sent() -> None:
    wide = "vandrel".translate({code: code + 0xFEE0 for code in range(0x61, 0x7B)})
    prompt = f"Beside the  lake a {wide}, very large, waits for \u200brain"
    ((illicit, words), (violence, more)) = _explained(PromptRequest(prompt))
    assert (illicit.category, violence.category) == ("illicit", "violence")
    assert words == more == [wide]
    assert illicit.score_without == pytest.approx(LOW)


PLAIN = st.sampled_from(["tree", "lake", "sun,", "boat", "hill.", "rain"])


@settings(deadline=None)
@given(st.lists(PLAIN, max_size=30), st.lists(PLAIN, max_size=30))
def test_without_its_words_a_prompt_has_the_score_that_is_said(
    before: list[str], after: list[str]
) -> None:
    prompt = " ".join([*before, "vandrel", *after])
    classifier = WordClassifier(WORDS)
    for finding, _ in _explained(PromptRequest(prompt), classifier):
        spans = [(span.start, span.end) for span in finding.signal.chars]
        left = PromptRequest(without(prompt, spans) or "-")
        column = classifier.categories.index(finding.category)
        again = float(classifier.score([left.prompt])[0][column])
        assert again == finding.score_without
        assert again < TARGET <= finding.signal.score


def test_what_is_spread_over_shots_names_words_of_shots() -> None:
    request = PromptRequest("", shots=("they mix things", "a boat sails", "they hide"))
    ((finding, words),) = _explained(request)
    assert finding.signal.parts == ("shots[0]", "shots[1]", "shots[2]")
    assert words in (["mix"], ["hide"])
    assert finding.signal.chars[0].part in ("shots[0]", "shots[2]")


def test_the_words_of_a_minor_stay_named_beside_the_others() -> None:
    request = PromptRequest("", shots=("a boat and a zorple", "a child plays"))
    ((finding, words),) = _explained(request)
    assert words == ["zorple", "child"]
    assert {span.part for span in finding.signal.chars} == {"shots[0]", "shots[1]"}
    assert finding.score_without == pytest.approx(LOW)


def test_a_long_text_is_explained_and_its_readings_are_bounded() -> None:
    chance = random.Random(3)
    words = [chance.choice(["tree", "lake", "sun", "boat", "rain"]) for _ in range(1200)]
    words[700] = "vandrel"
    words[30] = "vandrel"
    prompt = " ".join(words)
    classifier = WordClassifier(WORDS)
    explained = _explained(PromptRequest(prompt), classifier)
    for finding, named in explained:
        assert named == ["vandrel", "vandrel"]
        assert finding.score_without == pytest.approx(LOW)
    stretches = len(prompt) // 400 + 2
    assert len(classifier.read) <= 1 + MAX_PASSES + stretches + 2
    assert sum(map(len, classifier.read)) <= 33_000 + MAX_PASSES * 400


def test_a_storyboard_of_harm_ends_within_its_readings() -> None:
    shots = tuple(f"shot {number} shows a vandrel and a zorple at noon" for number in range(32))
    classifier = WordClassifier(WORDS)
    explained = _explained(PromptRequest("", shots=shots), classifier)
    read_before = 33
    assert len(classifier.read) <= read_before + MAX_PASSES
    assert explained[0][1]
    assert any(not words for _, words in explained)
    for finding, words in explained:
        assert bool(words) is (finding.score_without is not None)


def test_the_same_request_is_explained_alike() -> None:
    request = PromptRequest("a vandrel by a lake", "", ("a zorple",), ("they mix", "and hide"))
    assert _explained(request) == _explained(request)


def test_a_finding_that_no_word_explains_stays_as_it_is() -> None:
    class Always(WordClassifier):
        def _row(self, text: str) -> list[float]:  # noqa: ARG002 - whatever the text
            return [0.9] * len(self.categories)

    for finding, words in _explained(PromptRequest("a boat on a lake"), Always(WORDS)):
        assert (words, finding.score_without) == ([], None)


def test_a_fault_costs_the_explanation_and_not_the_finding() -> None:
    class Failing(WordClassifier):
        def score(self, texts: Sequence[str]) -> NDArray[np.float32]:
            if len(self.read) > 3:
                raise RuntimeError
            return super().score(texts)

    reader = screener(Failing(WORDS))
    screening = reader.screen(PromptRequest("a vandrel on a hill beside the lake"))
    findings = _findings(screening)
    assert reader.explain(screening, findings, [TARGET] * len(findings)) == tuple(findings)


def test_findings_of_rules_keep_their_own_words() -> None:
    reader = screener(WordClassifier(WORDS))
    screening = reader.screen(PromptRequest("a vandrel \u202ehidden\u202c here"))
    findings = [finding for finding in _findings(screening) if finding.category == "evasion"]
    assert findings
    assert reader.explain(screening, findings, [TARGET]) == tuple(findings)
    assert all(span.part == "prompt" for f in findings for span in f.signal.chars)
    assert CharSpan(0, 1) == CharSpan(0, 1, "prompt")
