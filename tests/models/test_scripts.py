"""Writing systems: what a model cannot read is counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.scripts import unread_share

SCRIPTS = ("LATIN", "CYRILLIC", "CJK", "HIRAGANA", "KATAKANA")


@pytest.mark.parametrize(
    "text",
    ["a cat", "кошка", "猫が歩く、ﾈｺ", "Ünïcödé ﬁne", "12 + 3 = 15!", "", "ＦＵＬＬ ｗｉｄｔｈ"],  # noqa: RUF001
)
def test_what_can_be_read(text: str) -> None:
    assert unread_share(text, SCRIPTS) == 0.0


def test_what_cannot_be_read() -> None:
    assert unread_share("बिल्ली", SCRIPTS) == 1.0
    assert unread_share("γάτα", SCRIPTS) == 1.0
    assert 0 < unread_share("a cat, बिल्ली", SCRIPTS) < 1


@given(st.text(max_size=200))
def test_it_is_always_a_share(text: str) -> None:
    assert 0 <= unread_share(text, SCRIPTS) <= 1
    assert unread_share(text, ()) in {0.0, 1.0} or any(not c.isalpha() for c in text)
