"""The words that a score stands on: without them the text really scores lower."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.prompts.occlusion import PASSES, find, joined, without, words

PLAIN = st.lists(st.sampled_from(["tree", "lake", "sun", "boat", "hill", "rain"]), max_size=40)
BAD = st.lists(st.sampled_from(["alpha", "beta"]), min_size=1, max_size=3)


def _any_of(text: str) -> float:
    """Each bad word would do, as for most classifiers."""
    return 0.9 if {"alpha", "beta"} & set(text.split()) else 0.1


def _all_of(text: str) -> float:
    """Only both together are bad."""
    return 0.9 if {"alpha", "beta"} <= set(text.split()) else 0.1


@settings(deadline=None)
@given(PLAIN, BAD, st.randoms(use_true_random=False))
def test_what_is_named_is_what_the_score_stands_on(
    plain: list[str], bad: list[str], chance: object
) -> None:
    sentence = [*plain, *bad]
    chance.shuffle(sentence)  # type: ignore[attr-defined]
    text = " ".join(sentence)
    read: list[str] = []

    def score(shorter: str) -> float:
        read.append(shorter)
        return _any_of(shorter)

    found = find(text, score, 0.5)
    assert found is not None
    assert len(read) <= PASSES
    left = without(text, found.ranges)
    assert score(left) == found.score_without == 0.1
    named = {word for start, end in found.ranges for word in text[start:end].split()}
    assert {"alpha", "beta"} & set(bad) <= named
    assert find(text, _any_of, 0.5) == found


def test_few_words_are_named_where_the_readings_suffice() -> None:
    text = "a boat on a lake in the rain with an alpha under the hill at dawn"
    found = find(text, _any_of, 0.5)
    assert found is not None
    assert [text[start:end] for start, end in found.ranges] == ["alpha"]


def test_of_two_words_that_need_each_other_one_is_enough() -> None:
    text = "the alpha stands beside the lake and the beta waits under a tree"
    found = find(text, _all_of, 0.5)
    assert found is not None
    named = [text[start:end] for start, end in found.ranges]
    assert named in (["alpha"], ["beta"])


@pytest.mark.parametrize("passes", range(1, 30))
def test_with_fewer_readings_more_is_named_and_it_still_holds(passes: int) -> None:
    text = "boat lake alpha rain hill sun beta tree boat lake rain hill sun tree alpha boat"
    count = 0

    def score(shorter: str) -> float:
        nonlocal count
        count += 1
        return _any_of(shorter)

    found = find(text, score, 0.5, passes=passes)
    assert found is not None
    assert count <= passes
    assert _any_of(without(text, found.ranges)) == found.score_without


def test_nothing_is_named_where_no_word_makes_the_difference() -> None:
    assert find("a boat on a lake", lambda _: 0.9, 0.5) is None
    assert find("?! ...", _any_of, 0.5) is None


def test_words_that_belong_to_it_from_the_first_stay() -> None:
    text = "boat alpha lake"
    found = find(text, _any_of, 0.5, fixed=[(0, 4)])
    assert found is not None
    assert found.ranges == ((0, 10),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, big world!", ["Hello", "big", "world"]),
        ("“so”  he said…", ["so", "he", "said"]),
        ("don't stop", ["don't", "stop"]),
        ("猫が走る", ["猫が", "走る"]),
        ("a猫b", ["a", "猫", "b"]),
        ("बच्चा हँसता है।", ["बच्चा", "हँसता", "है"]),
        ("... !", []),
    ],
)
def test_words_in_many_scripts(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in words(text)] == expected


def test_a_joined_range_still_parts_its_neighbours() -> None:
    text = ":0\r0㐀"
    apart = [(1, 2), (3, 4)]
    assert joined(text, apart) == ((1, 4),)
    assert without(text, joined(text, apart)) == without(text, apart) == ": 㐀"


@settings(deadline=None)
@given(st.text(), st.data())
def test_ranges_are_joined_without_changing_what_is_left(text: str, data: st.DataObject) -> None:
    chosen = [word for word in words(text) if data.draw(st.booleans())]
    assert without(text, joined(text, chosen)) == without(text, chosen)
