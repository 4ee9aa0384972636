"""How an operator's clips are laundered: the same again each time, and alike for both classes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from provenance.detection.training.corpus import HIGH_DRAWS, LOW_DRAWS
from provenance.detection.training.examples import Clip
from provenance.detection.training.measurement import recipes, top_lines

CLIP = Clip("generated/a.mp4", True, "ab" * 32, 720)


def test_a_file_is_laundered_the_same_again_whatever_it_is_called() -> None:
    renamed = replace(CLIP, name="real/b.mp4", fake=False)
    assert recipes(CLIP, 360) == recipes(renamed, 360)
    assert recipes(CLIP, 360) != recipes(replace(CLIP, sha256="cd" * 32), 360)


@pytest.mark.parametrize(("lines", "most"), [(720, 4), (200, 4), (145, 2), (120, 2)])
def test_draws_stay_within_what_there_is(lines: int, most: int) -> None:
    found = recipes(replace(CLIP, lines=lines), 360)
    assert len(found) == most
    assert all(LOW_DRAWS[0] <= each.lines <= LOW_DRAWS[1] for each in found[:2])
    assert all(HIGH_DRAWS[0] <= each.lines <= min(lines, HIGH_DRAWS[1]) for each in found[2:])


def test_no_clip_keeps_lines_that_the_other_class_has_nowhere() -> None:
    small = replace(CLIP, fake=False, lines=240)
    assert top_lines([CLIP, small]) == 240
    assert top_lines([CLIP, replace(small, lines=1080)]) == HIGH_DRAWS[1]
    assert len(recipes(CLIP, top_lines([CLIP, replace(small, lines=120)]))) == 2
