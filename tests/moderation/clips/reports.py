"""What the tests of a report share: a judgement with everything in it, and a parser of the page."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import Any

from moderation.clips.results import FrameScores
from moderation.verdict import (
    AuditRef,
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
    Verdict,
)

HOSTILE = 'a"><script>alert(1)</script><img src=x onerror=alert(2)>\u202e4pm\udcff.mp4'
TOP = '<b onmouseover="alert(3)">'
VOID = {"meta", "img", "input", "br", "link"}


@dataclass(slots=True)
class Element:
    """One element as it was parsed, with the text under it."""

    name: str
    attributes: dict[str, str]
    within: tuple[Element, ...]
    text: str = ""


class Parsed(HTMLParser):
    """Every element of a page, in order."""

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(page.decode("utf-8"))
        self.close()
        assert self._open == [], "an element is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs}, tuple(self._open))
        self.elements.append(made)
        if tag not in VOID:
            self._open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(
            Element(tag, {name: value or "" for name, value in attrs}, tuple(self._open))
        )

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().name == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, name: str, /, **attributes: str) -> list[Element]:
        return [
            element
            for element in self.elements
            if element.name == name
            and all(element.attributes.get(key) == value for key, value in attributes.items())
        ]

    def one(self, name: str, /, **attributes: str) -> Element:
        (found,) = self.all(name, **attributes)
        return found


def _finding(
    category: str, score: float, decision: Decision, span: TimeSpan | None, source: str = "nsfw"
) -> Finding:
    signal = Signal(Stage.FRAMES, category, score, source, span=span, frame_count=3)
    return Finding(signal, category, decision, 0.5, f"F-{category.upper()}"[:20])


FINDINGS = (
    _finding("sexual", 0.9712, Decision.BLOCK, TimeSpan(250, 1250, 1000)),
    _finding("violence", 0.6, Decision.REVIEW, TimeSpan(2250, 3000, 2500), "weapons"),
    _finding("hate", 0.55, Decision.REVIEW, None, TOP),
)
SEXUAL = (0.1, 0.6, 0.97, 0.2, 0.1, 0.1, 0.1)
PTS_MS = (0, 500, 1000, 1500, 2000, 2500, 2960)
BY_MODEL = (
    FrameScores("nsfw", ("sexual",), tuple((s,) for s in SEXUAL)),
    FrameScores("weapons", ("violence",), tuple((s,) for s in (0.1,) * 5 + (0.6, math.nan))),
)


def judgement(**changes: Any) -> Judgement:
    made = Judgement(
        decision=Decision.BLOCK,
        content_sha256="ab" * 32,
        scores={"sexual": 0.9712, "violence": 0.6},
        findings=FINDINGS,
        degraded=(
            Degradation(
                Stage.FRAMES,
                "hate-image",
                "model_unavailable",
                ("hate",),
                Decision.REVIEW,
                "F-HATE",
            ),
        ),
        policy=PolicyRef("default", "2.0.0", "sha256:" + "0c" * 32),
        models=(ModelRef("nsfw", "1.0.0", "sha256:" + "01" * 32),),
        sampling=Sampling("skip_nonref", 500, 9, 1, 500, 3000, closer_frames=2),
        user_text="It is not allowed here.",
    )
    return replace(made, **changes)


def verdict(of: Judgement) -> Verdict:
    audit = AuditRef(41, "cd" * 32)
    return Verdict("verdict-1", "request-1", 1_750_000_000_000, of, (), audit, "clip-1")
