"""One HTML file for the person who looks at a reviewed clip; see `moderation.pages.sheet`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from jinja2 import Template
from markupsafe import Markup

from moderation.clips.reporting import timeline
from moderation.clips.reporting.pictures import Filmstrip
from moderation.clips.reporting.timeline import Looked, Track, clock, score_text
from moderation.pages import sheet
from moderation.pages.picture import Picture
from moderation.taxonomy import categories
from moderation.verdict import Decision, Finding, Verdict

MAX_PEAKS: Final = 40
"""Findings that get a picture of their own; all of them are listed."""

_FOLDER = Path(__file__).parent
_STRATEGIES: Mapping[str, str] = {
    "all": "every picture was decoded",
    "skip_nonref": "the pictures that others refer to were decoded",
    "keyframes": "the keyframes were decoded",
}
_SUMMARIES: Mapping[Decision, str] = {
    Decision.ALLOW: "Nothing stands against this clip.",
    Decision.REVIEW: "A person has to look before this clip goes on.",
    Decision.BLOCK: "This clip must not go on.",
}
_REASONS: Mapping[str, str] = {
    "model_unavailable": "the model could not be loaded",
    "model_failed": "the model failed on this clip",
    "over_budget": "the review took longer than it may",
    "category_not_checked": "no model looks for it",
    "nothing_sampled": "no frame was looked at",
    "sampling_too_sparse": "the frames that were looked at are too far apart",
    "score_invalid": "a score is no number from 0 to 1",
    "category_unknown": "a model names a category that the taxonomy does not have",
    "rule_failed": "a rule of the policy could not be evaluated",
}


@dataclass(frozen=True, slots=True)
class Report:
    """All that the page says.

    Attributes:
        clip_name: Name of the file, without its folder.
        verdict: What was judged, as it is on record.
        judgement_digest: Digest of that judgement; empty where it is not known.
        tracks: Lanes of the timeline, from above.
        filmstrip: Pictures of the moments that the plan samples.
        closer_ms: Moments that were looked at beside those of the plan.
        notes: Sentences about the page itself, for instance what could not be measured again.
        prompt: The prompt, if the reader is to see it, or "".
    """

    clip_name: str
    verdict: Verdict
    judgement_digest: str
    tracks: tuple[Track, ...]
    filmstrip: Filmstrip = field(default_factory=Filmstrip)
    closer_ms: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """A finding with its number, its category in words, and the picture of its peak."""

    number: int
    finding: Finding
    title: str
    picture: Picture | None


def peaks_ms(verdict: Verdict) -> tuple[int, ...]:
    """The moments that a report of this verdict shows as pictures of their own, ascending."""
    shown = verdict.judgement.findings[:MAX_PEAKS]
    return tuple(sorted({each.signal.span.peak_ms for each in shown if each.signal.span}))


def render(report: Report) -> bytes:
    """Return the page, UTF-8. The same report gives the same bytes. Thread-safe."""
    judgement = report.verdict.judgement
    strip, looked = report.filmstrip, _looked(report)
    duration_ms = judgement.sampling.duration_ms if judgement.sampling else 0
    style, script = sheet.style_with(_FOLDER / "report.css"), sheet.picture_script()
    return (
        _template()
        .render(
            report=report,
            verdict=report.verdict,
            judgement=judgement,
            summary=_SUMMARIES[judgement.decision],
            created=_time(report.verdict.created_ms),
            rows=[
                _row(number, finding, strip)
                for number, finding in enumerate(judgement.findings, start=1)
            ],
            timeline=timeline.draw(report.tracks, duration_ms, looked),
            looked=looked,
            looked_for=[_title(name) for name in judgement.scores],
            plot=(timeline.PLOT_TOP_PX, timeline.PLOT_HEIGHT_PX, timeline.WIDE),
            marks=_marks(report),
            strategies=_STRATEGIES,
            reasons=_REASONS,
            style=Markup(style),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            policy=sheet.security_policy(style, script),
            made_by=f"Framegate {version('framegate')}",
        )
        .encode("utf-8")
    )


def _row(number: int, finding: Finding, strip: Filmstrip) -> _Row:
    span = finding.signal.span
    picture = strip.peaks.get(span.peak_ms) if span and number <= MAX_PEAKS else None
    return _Row(number, finding, _title(finding.category), picture)


def _title(category_id: str) -> str:
    known = categories().get(category_id)
    return known.title if known else category_id


def _looked(report: Report) -> Looked:
    """What the review looked at; the filmstrip goes on where a review ended early."""
    sampling, strip = report.verdict.judgement.sampling, report.filmstrip
    if sampling is None:
        return Looked()
    stopped_ms = sampling.stopped_ms
    end_ms = math.inf if stopped_ms is None else stopped_ms
    return Looked(
        tuple(at_ms for at_ms in strip.sampled_ms if at_ms <= end_ms),
        report.closer_ms,
        tuple(at_ms for at_ms in strip.cuts_ms if at_ms <= end_ms),
        stopped_ms,
    )


def _marks(report: Report) -> dict[int, tuple[int, Decision]]:
    """For each frame of the strip inside a finding: the number of the strictest, and its decision.

    Findings come sorted by severity, so the first one that holds a frame is the strictest.
    """
    marks: dict[int, tuple[int, Decision]] = {}
    for number, finding in enumerate(report.verdict.judgement.findings, start=1):
        span = finding.signal.span
        for frame in report.filmstrip.frames:
            if span and span.start_ms <= frame.at_ms <= span.end_ms:
                marks.setdefault(frame.at_ms, (number, finding.decision))
    return marks


def _time(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms // 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"


@cache
def _template() -> Template:
    made = sheet.environment(_FOLDER)
    made.filters |= {"clock": clock, "score": score_text}
    return made.get_template("report.html.j2")
