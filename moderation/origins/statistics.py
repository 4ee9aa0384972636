"""The question about a clip's statistics: what they say, and what that is worth."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from moderation.origins.checks import Check
from moderation.origins.layers import why
from provenance.detection.calibration import Posterior
from provenance.detection.detection import Detection
from provenance.verification import Answer

PRIORS: Final = (0.001, 0.01, 0.1)
"""Shares of synthetic clips that the page gives a probability at."""

_REASONS: Mapping[str, str] = {
    "too_short": "The clip is too short for it.",
    "too_small": "The pictures are too small for it.",
    "still": "Nothing in the clip moves.",
    "drawn": "The pictures look drawn, or recorded from a screen.",
    "unfamiliar": "The pictures are unlike all that it has learned from.",
    "uncalibrated": "Nobody has measured how many real clips score as high, so its score counts "
    "for nothing.",
}
_HEIGHT = 20


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of the clip in the drawing: 0..100 across, 0..20 down.

    Attributes:
        left: Where it begins.
        width: How long it is.
        top: Where its upper edge is; the higher the score, the smaller.
        height: Down to the lower edge of the drawing.
        says: The same in words.
    """

    left: float
    width: float
    top: float
    height: float
    says: str


DECIDED: Final = frozenset({Answer.MADE_HERE, Answer.DECLARED_AI})
"""Answers that rest on exact evidence of how the clip was made; statistics have no say in them."""


def check(found: Detection | None, fault: str, answer: Answer = Answer.NO_EVIDENCE) -> Check:
    """Answer the question.

    Args:
        found: What the statistics say, or None.
        fault: Why there is none: the reason of an error, or "".
        answer: The fused answer.
    """
    question = "Do the statistics of the pictures look generated?"
    if found is None:
        said = why(fault) if fault else "The service that gave the answer does not look at them."
        return Check(question, "open", "Not looked at", said)
    if found.reason:
        said = _REASONS.get(found.reason, f"{found.reason}.")
        return Check(question, "open", "Abstains", f"The detector has no say here. {said}")
    if answer in DECIDED:
        said = "What was found above is exact, and decides. Statistics miss most generated clips."
        return Check(question, "open", "No say", said)
    rate = f"Of real clips of this quality, {percent(found.fpr)} look as much so, or more."
    if found.answer == "likely_ai":
        return Check(question, "open", "Likely", f"{rate} That is a hint and no proof.")
    if found.answer == "inconclusive":
        return Check(question, "open", "Unclear", f"{rate} That is too many to say more.")
    return Check(question, "open", "No sign", f"{rate} That does not say that the clip is real.")


def shown(found: Detection | None, answer: Answer) -> bool:
    """Whether there is more to say of the statistics than the answer to the question.

    Scores that were never calibrated are drawn too, without a word on what they are worth.
    """
    return found is not None and found.reason in ("", "uncalibrated") and answer not in DECIDED


def worth(found: Detection) -> tuple[Posterior, ...]:
    """How likely the clip is synthetic, at each of `PRIORS`."""
    return tuple(found.posterior(prior) for prior in PRIORS)


def bars(found: Detection) -> tuple[Bar, ...]:
    """Draw the scores along the clip; one that spans no time is drawn as nothing."""
    moments = found.timeline
    end = max((moment.end_ms for moment in moments), default=0)
    if end <= 0:
        return ()
    drawn = []
    for moment in moments:
        share = 1 / (1 + math.exp(-max(-30.0, min(30.0, moment.score))))
        height = max(0.5, share * _HEIGHT)
        drawn.append(
            Bar(
                left=100 * moment.start_ms / end,
                width=100 * max(0, moment.end_ms - moment.start_ms) / end,
                top=_HEIGHT - height,
                height=height,
                says=f"{moment.start_ms / 1000:.1f} to {moment.end_ms / 1000:.1f} s: "
                f"score {moment.score:.2f}",
            )
        )
    return tuple(drawn)


def percent(share: float) -> str:
    """A share in percent, with as many digits as it bears: `0.1 %`, `12 %`."""
    value = 100 * share
    return f"{value:.0f} %" if value >= 10 else f"{value:.1f} %"  # noqa: PLR2004
