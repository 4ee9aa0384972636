"""docs/coverage.md says of each category what the default policy requires; no more, no less."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from moderation.policy import Policy
from moderation.taxonomy import categories
from moderation.verdict import Stage

PAGE = (Path(__file__).parents[2] / "docs" / "coverage.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `([a-z/-]+)` \| (.+ \| .+) \|$", PAGE, flags=re.MULTILINE))


def test_every_category_has_its_row_in_the_order_of_the_taxonomy() -> None:
    assert list(ROWS) == list(categories())


@pytest.mark.parametrize(("stage", "column"), [(Stage.PROMPT, 0), (Stage.FRAMES, 1)])
def test_what_is_required_is_what_a_model_checks(stage: Stage, column: int) -> None:
    required = Policy.load("default").required(stage)
    for name, row in ROWS.items():
        cell = row.split(" | ")[column]
        assert re.match(r"model `|rule `|not covered$|cannot show there$|hash lists ", cell), cell
        assert cell.startswith("model `") == (name in required), (stage, name)
        assert (cell == "cannot show there") == (stage not in categories()[name].stages)
