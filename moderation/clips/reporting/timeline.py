"""A clip's length as lanes of an inline SVG: one track a lane, all over the same axis of time.

A track does not say what it was made from: scores of frames, of speech or of text in the picture
are drawn alike. Only numbers are worked out here; the markup is in `report.html.j2`.

Across, everything is in percent of the clip, so that the same lane fits a phone and a desk without
scaled letters; down, it is in CSS pixels. Lines are drawn in a coordinate system of their own that
is stretched, with strokes that are not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from moderation.verdict import Decision

PLOT_TOP_PX = 16
PLOT_HEIGHT_PX = 72
WIDE = 10_000
"""Width of the stretched coordinate system of lines."""

# Beyond this many samples the points of a lane would touch each other; the line stays.
_MAX_DOTS = 240
_MAX_LABELS = 5
_STEPS_MS = (
    100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
)  # fmt: skip
_SECOND_MS, _MINUTE_MS = 1_000, 60_000
# Labels nearer to each other than this share of the clip would run together on a phone.
_LABEL_SHARE = 0.2
_NUMBER_SHARE = 0.03


@dataclass(frozen=True, slots=True)
class Sample:
    """A score at one moment: milliseconds from the first frame, and 0 to 1 (or not a number)."""

    at_ms: int
    score: float


@dataclass(frozen=True, slots=True)
class Series:
    """What one source says over time; `samples` ascend."""

    source: str
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the clip that a finding is about.

    Attributes:
        start_ms: Where it begins.
        end_ms: Where it ends.
        decision: What the finding asks for.
        finding: Number of the finding on the page, from 1.
    """

    start_ms: int
    end_ms: int
    decision: Decision
    finding: int


@dataclass(frozen=True, slots=True)
class Level:
    """A score from which on something follows; `source` where it holds for one source alone."""

    decision: Decision
    score: float
    source: str = ""

    @property
    def text(self) -> str:
        """The level in words."""
        whose = f" ({self.source})" if self.source else ""
        return f"{self.decision.value} from {score_text(self.score)}{whose}"


@dataclass(frozen=True, slots=True)
class Track:
    """One lane of the timeline.

    Attributes:
        title: What it shows, for people.
        key: Stable id that stands beside the title, or "".
        series: Scores over time, one line a source; may be empty.
        levels: Scores from which on something follows.
        stretches: What findings are about.
        note: A sentence under the lane, or "".
    """

    title: str
    key: str = ""
    series: tuple[Series, ...] = ()
    levels: tuple[Level, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """The moments of a clip that were looked at, each ascending, in milliseconds.

    Attributes:
        sampled_ms: By the plan.
        closer_ms: Beside those, where something seemed suspicious.
        cuts_ms: Those of the plan at which a scene begins.
        stopped_ms: Where looking ended early, or None.
    """

    sampled_ms: tuple[int, ...] = ()
    closer_ms: tuple[int, ...] = ()
    cuts_ms: tuple[int, ...] = ()
    stopped_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Dot:
    """A sample as a point: `x` in percent, `y` in pixels; `invalid` for a score that is none."""

    x: str
    y: str
    text: str
    invalid: bool


@dataclass(frozen=True, slots=True)
class Shade:
    """A stretch as a rectangle, in percent; `number` is "" where it would run into another."""

    x: str
    width: str
    decision: str
    finding: int
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A track, ready to be drawn; `levels` are the thresholds as (name, y in pixels, text)."""

    track: Track
    summary: str
    lines: tuple[tuple[str, str], ...]
    dots: tuple[Dot, ...]
    shades: tuple[Shade, ...]
    levels: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """All lanes, and the row of sampled moments under them.

    Attributes:
        lanes: In the order of the tracks.
        ticks: Path of the moments of the plan, in the stretched coordinate system.
        closer: The same of the closer look.
        unseen: Where what was not looked at begins, in percent, with its width; or None.
        cuts: Moments at which a scene begins, in percent, with their times.
        labels: The axis as (x in percent, `start`, `middle` or `end`, text).
    """

    lanes: tuple[Lane, ...]
    ticks: str
    closer: str
    unseen: tuple[str, str] | None
    cuts: tuple[tuple[str, str], ...]
    labels: tuple[tuple[str, str, str], ...]


def draw(tracks: Sequence[Track], duration_ms: int, looked: Looked) -> Timeline:
    """Work out where everything stands.

    Args:
        tracks: The lanes, from above.
        duration_ms: Length of the clip; what lies beyond makes it longer.
        looked: What was looked at.
    """
    samples = [sample for track in tracks for line in track.series for sample in line.samples]
    ends = [stretch.end_ms for track in tracks for stretch in track.stretches]
    times = (*looked.sampled_ms, *looked.closer_ms, *ends)
    span_ms = max([1, duration_ms, *times, *(sample.at_ms for sample in samples)])
    stopped_ms = looked.stopped_ms
    return Timeline(
        lanes=tuple(_lane(track, span_ms) for track in tracks),
        ticks=_ticks(looked.sampled_ms, span_ms),
        closer=_ticks(looked.closer_ms, span_ms),
        unseen=None
        if stopped_ms is None
        else (_percent(stopped_ms, span_ms), _percent(max(0, span_ms - stopped_ms), span_ms)),
        cuts=tuple((_percent(at_ms, span_ms), clock(at_ms)) for at_ms in looked.cuts_ms),
        labels=tuple(_labels(span_ms)),
    )


def clock(at_ms: int) -> str:
    """A moment as minutes, seconds and hundredths, cut off: 62 345 is `1:02.34`."""
    return f"{at_ms // _MINUTE_MS}:{at_ms % _MINUTE_MS // _SECOND_MS:02}.{at_ms % 1000 // 10:02}"


def score_text(score: float) -> str:
    """A score with three digits, cut off so that what is below a threshold does not look at it."""
    return f"{math.floor(score * 1000 + 1e-9) / 1000:.3f}" if math.isfinite(score) else "no number"


def _lane(track: Track, span_ms: int) -> Lane:
    every = [(line.source, sample) for line in track.series for sample in line.samples]
    dots = (
        tuple(
            Dot(
                _percent(sample.at_ms, span_ms),
                _height(sample.score, PLOT_TOP_PX),
                f"{clock(sample.at_ms)}: {score_text(sample.score)} ({source})",
                not math.isfinite(sample.score),
            )
            for source, sample in every
            if len(every) <= _MAX_DOTS or not math.isfinite(sample.score)
        )
    )  # fmt: skip
    return Lane(
        track=track,
        summary=_summary(track),
        lines=tuple((line.source, _line(line, span_ms)) for line in track.series),
        dots=dots,
        shades=tuple(_shades(track, span_ms)),
        levels=tuple(
            (level.decision.value, _height(level.score, PLOT_TOP_PX), level.text)
            for level in track.levels
        ),
    )


def _summary(track: Track) -> str:
    """The lane in words: its highest score, and what it takes for anything to follow."""
    every = [
        (sample, line.source)
        for line in track.series
        for sample in line.samples
        if math.isfinite(sample.score)
    ]
    if not every:
        return track.note or "no score over time"
    highest, source = max(every, key=lambda pair: pair[0].score)
    said = f"highest {score_text(highest.score)} at {clock(highest.at_ms)} by {source}"
    return "; ".join([said, *(level.text for level in track.levels)])


def _ticks(moments_ms: Sequence[int], span_ms: int) -> str:
    return " ".join(f"M{_wide(at_ms, span_ms)} 0V1" for at_ms in moments_ms)


def _line(line: Series, span_ms: int) -> str:
    """Path through the samples; it is broken where a score is not a number."""
    parts, pen = [], "M"
    for sample in line.samples:
        if math.isfinite(sample.score):
            parts.append(f"{pen}{_wide(sample.at_ms, span_ms)} {_height(sample.score, 0)}")
            pen = "L"
        else:
            pen = "M"
    return " ".join(parts)


def _shades(track: Track, span_ms: int) -> Iterator[Shade]:
    numbered_ms = -span_ms
    for stretch in sorted(track.stretches, key=lambda each: (each.start_ms, each.finding)):
        free = stretch.start_ms - numbered_ms >= span_ms * _NUMBER_SHARE
        numbered_ms = stretch.start_ms if free else numbered_ms
        yield Shade(
            x=_percent(stretch.start_ms, span_ms),
            width=_percent(stretch.end_ms - stretch.start_ms, span_ms),
            decision=stretch.decision.value,
            finding=stretch.finding,
            number=str(stretch.finding) if free else "",
            text=f"finding {stretch.finding}, {stretch.decision.value}: {track.title}, "
            f"{clock(stretch.start_ms)} to {clock(stretch.end_ms)}",
        )


def _labels(span_ms: int) -> Iterator[tuple[str, str, str]]:
    step_ms = next((step for step in _STEPS_MS if span_ms <= step * _MAX_LABELS), _STEPS_MS[-1])
    # Zeros at the end say nothing, and a phone has no room for them.
    spare = 3 if step_ms % _SECOND_MS == 0 else 1
    for at_ms in range(0, span_ms, step_ms):
        if span_ms - at_ms >= span_ms * _LABEL_SHARE:
            anchor = "middle" if at_ms else "start"
            yield _percent(at_ms, span_ms), anchor, clock(at_ms)[:-spare]
    yield "100%", "end", clock(span_ms)


def _percent(at_ms: int, span_ms: int) -> str:
    return f"{100 * at_ms / span_ms:.3f}%"


def _wide(at_ms: int, span_ms: int) -> str:
    return f"{WIDE * at_ms / span_ms:.1f}"


def _height(score: float, top_px: int) -> str:
    """Pixels from above; what is not a number stands at the top, where it is seen."""
    share = min(1.0, max(0.0, score)) if math.isfinite(score) else 1.0
    return f"{top_px + PLOT_HEIGHT_PX * (1 - share):.2f}"
