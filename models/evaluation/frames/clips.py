"""What clip review says of whole clips: everyday ones that must pass, and fights."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from models.evaluation.numbers import Number, rankings, share

_EVERYDAY: Final = ("real", "generated", "animation")
FIGHT: Final = "[violence:fight]"
_CCTV: Final = "violence:"


_CCTV_CLIPS: Final = Number(measure="", data="CCTV clips", group="fights against none")


@dataclass(frozen=True, slots=True)
class Span:
    """A finding of a clip: category, decision, model, and its times in milliseconds."""

    category: str
    decision: str
    source: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class JudgedClip:
    """What came of one clip.

    Attributes:
        decision: "allow", "review", "block", or "refused" for one that cannot be reviewed.
        scores: Highest score of each model in each category, by (model id, category).
        spans: The findings.
        reason: Why it was refused.
    """

    decision: str
    scores: Mapping[tuple[str, str], float]
    spans: tuple[Span, ...] = ()
    reason: str = ""


Judge = Callable[[Path], JudgedClip]


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip of the data's manifest."""

    path: Path
    split: str
    label: str
    fight: bool
    cctv: bool


def listed(folder: Path) -> Iterator[Clip]:
    """The clips of `folder/video/manifest.csv`."""
    with (folder / "video" / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            yield Clip(
                folder / "video" / row["file"],
                row["split"],
                row["label"],
                fight=FIGHT in row["prompt"],
                cctv=_CCTV in row["prompt"],
            )


def reported(clips: Sequence[Clip]) -> list[Clip]:
    """The clips that may be reported on: of the evaluation split, or of none."""
    return [clip for clip in clips if clip.split != "train"]


def measure(clips: Sequence[Clip], judged: Sequence[JudgedClip]) -> list[Number]:
    """Measures what was judged of clips.

    Args:
        clips: Clips that may be reported on.
        judged: What came of each of them.
    """
    pairs = [
        (clip, found)
        for clip, found in zip(clips, judged, strict=True)
        if found.decision != "refused"
    ]
    numbers: list[Number] = []
    kinds: dict[str, Callable[[Clip], bool]] = {
        "everyday clips": lambda clip: clip.label in _EVERYDAY and not clip.fight,
        **{
            f"everyday clips, {label}": lambda clip, label=label: (  # type: ignore[misc]
                clip.label == label and not clip.fight
            )
            for label in _EVERYDAY
        },
        "everyday clips, CCTV without a fight": lambda clip: clip.cctv and not clip.fight,
    }
    for name, belongs in kinds.items():
        found = [each for clip, each in pairs if belongs(clip)]
        base = Number(measure="", data=name, system="verdict")
        decisions = np.array([each.decision for each in found])
        numbers.append(share(base, "blocked", decisions == "block"))
        numbers.append(share(base, "sent to review", decisions == "review"))
        held = Counter({(span.category, span.source) for each in found for span in each.spans})
        for category, source in sorted(held):
            hits = [any((s.category, s.source) == (category, source) for s in e.spans)
                    for e in found]  # fmt: skip
            of = Number(measure="", data=name, system=source, category=category)
            numbers.append(share(of, "clips with a finding", np.array(hits, dtype=bool)))
    numbers += _fights(pairs)
    return numbers


def _fights(pairs: Sequence[tuple[Clip, JudgedClip]]) -> list[Number]:
    """Fights among CCTV clips, by each model that scores violence, and by the verdict."""
    cctv = [(clip, found) for clip, found in pairs if clip.cctv]
    labels = np.array([clip.fight for clip, _ in cctv], dtype=bool)
    numbers: list[Number] = []
    if not labels.any() or labels.all():
        return numbers
    models = sorted({key for _, found in cctv for key in found.scores if key[1] == "violence"})
    for model, category in models:
        scores = np.array([found.scores.get((model, category), 0.0) for _, found in cctv])
        base = replace(_CCTV_CLIPS, system=model, category=category)
        numbers += rankings(base, scores, labels)
    held = np.array([found.decision != "allow" for _, found in cctv], dtype=bool)
    base = replace(_CCTV_CLIPS, system="verdict", category="violence")
    numbers.append(share(base, "fights held", held[labels]))
    numbers.append(share(base, "clips without a fight held", held[~labels]))
    return numbers
