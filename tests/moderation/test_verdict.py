"""Domain values of a judgement: the digest that audit leaves name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moderation.verdict import (
    CharSpan,
    Decision,
    Degradation,
    Finding,
    Judgement,
    ModelRef,
    PolicyRef,
    Sampling,
    Signal,
    Stage,
    TimeSpan,
)

PROMPT = Signal(Stage.PROMPT, "violence", 0.9, "m", (CharSpan(0, 3),))
FRAMES = Signal(Stage.FRAMES, "sexual", 0.5, "m", (), TimeSpan(0, 5, 3), 4)
EARLIER = Judgement(
    decision=Decision.BLOCK,
    content_sha256="ab" * 32,
    scores={"violence": 0.9, "hate": 0.1},
    findings=(
        Finding(PROMPT, "violence", Decision.BLOCK, 0.8, "P-V"),
        Finding(FRAMES, "sexual", Decision.REVIEW, 0.4, "F-S"),
    ),
    degraded=(
        Degradation(Stage.PROMPT, "m", "language_not_covered", ("hate",), Decision.REVIEW, "P-L"),
    ),
    policy=PolicyRef("d", "1", "sha256:00"),
    models=(ModelRef("m", "1", "sha256:01"),),
    sampling=Sampling("all", 500, 20, 2, 500, 10_000),
    user_text="No.",
)


def test_a_judgement_from_before_keeps_the_digest_that_its_leaf_names() -> None:
    # Worked out by the first release, which knew no parts, readings, languages or words.
    assert EARLIER.digest == "01b19e28688e020b19d1b9e50f741bca9047b97653d5eba2aa5229118baafd47"


@pytest.mark.parametrize(
    "changed",
    [
        replace(EARLIER, language="de"),
        replace(EARLIER, findings=(replace(EARLIER.findings[0], score_without=0.1),)),
        replace(EARLIER, findings=(EARLIER.findings[0],)),
        *(
            replace(EARLIER, findings=(replace(EARLIER.findings[0], signal=signal),))
            for signal in (
                replace(PROMPT, parts=("prompt",)),
                replace(PROMPT, reading="base64"),
                replace(PROMPT, chars=(CharSpan(0, 3, "shots[0]"),)),
            )
        ),
    ],
)
def test_whatever_a_judgement_says_is_in_its_digest(changed: Judgement) -> None:
    assert changed.digest != EARLIER.digest
    assert changed.digest != replace(EARLIER, findings=()).digest
