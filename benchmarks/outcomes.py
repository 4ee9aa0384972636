"""What VerifyClip answers about copies of released clips, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from framegate.v1 import provenance_pb2
from models.calibration import wilson_interval

OUTCOMES: Final = ("right id", "wrong id", "inconclusive", "no_evidence", "other")


@dataclass(slots=True)
class Tally:
    """Outcomes of one kind of question.

    Attributes:
        outcomes: How many of each.
        marked: Questions of which the watermark led to the right clip.
        alike: Questions of which the fingerprint's first match was the right clip.
        millis: Wall time of each answer.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    marked: int = 0
    alike: int = 0
    millis: list[float] = field(default_factory=list)

    def add(self, found: provenance_pb2.VerifyClipResponse, clip_id: str, millis: float) -> str:
        """Count an answer; return its outcome."""
        said = outcome(found, clip_id)
        self.outcomes[said] += 1
        self.marked += bool(clip_id) and found.watermark.clip_id == clip_id
        matches = found.fingerprint.matches
        self.alike += bool(matches) and matches[0].clip_id == clip_id
        self.millis.append(millis)
        return said

    def joined(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(
            self.outcomes + other.outcomes,
            self.marked + other.marked,
            self.alike + other.alike,
            self.millis + other.millis,
        )

    @property
    def made_here(self) -> int:
        """Answers that say so, with whatever id."""
        return self.outcomes["right id"] + self.outcomes["wrong id"]

    def row(self, name: str) -> str:
        """A row of the table of released clips."""
        n = self.outcomes.total()
        counts = " | ".join(str(self.outcomes[each]) for each in OUTCOMES)
        return (
            f"| {name} | {n} | {share(self.outcomes['right id'], n)} | {counts} | "
            f"{self.marked} | {self.alike} |"
        )

    def stranger_row(self, name: str) -> str:
        """A row of the table of clips that were never released."""
        n = self.outcomes.total()
        counts = " | ".join(str(self.outcomes[each]) for each in OUTCOMES[2:])
        return f"| {name} | {n} | {share(self.made_here, n)} | {self.made_here} | {counts} |"


def outcome(found: provenance_pb2.VerifyClipResponse, clip_id: str) -> str:
    """Which of `OUTCOMES` an answer is, for a copy of this clip ("" for a stranger)."""
    if found.answer == provenance_pb2.ANSWER_MADE_HERE:
        return "right id" if clip_id and found.clip_id == clip_id else "wrong id"
    name = provenance_pb2.Answer.Name(found.answer).removeprefix("ANSWER_").lower()
    return name if name in OUTCOMES else "other"


def share(hits: int, n: int) -> str:
    """A share with its 95 % Wilson interval."""
    if not n:
        return "-"
    low, high = wilson_interval(hits, n)
    return f"{hits / n:.3f} [{low:.3f}, {high:.3f}]"
