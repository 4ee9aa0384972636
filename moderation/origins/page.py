"""One HTML file that tells a person where a clip comes from; see `moderation.pages.sheet`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path

from jinja2 import Template
from markupsafe import Markup

from moderation.origins import layers, statistics, words
from moderation.origins.checks import checks
from moderation.origins.comparison import Comparison
from moderation.origins.grounds import Ground, ground
from moderation.pages import sheet
from moderation.pages.picture import Picture
from provenance.detection.detection import Detection
from provenance.layers import (
    UNREAD_FINGERPRINT,
    UNREAD_WATERMARK,
    FingerprintLayer,
    NeuralLayer,
    WatermarkLayer,
)
from provenance.report import C2paReport, C2paState
from provenance.tree import Node
from provenance.verification import Answer

_FOLDER = Path(__file__).parent
_LAST_MS = 253_402_300_799_999  # the last millisecond of the year 9999
_CLASSES: Mapping[Answer, str] = {
    Answer.MADE_HERE: "good",
    Answer.DECLARED_AI: "good",
    Answer.LIKELY_AI: "open",
    Answer.INCONCLUSIVE: "bad",
    Answer.NO_EVIDENCE: "open",
}
_BADGES: Mapping[Answer, str] = {
    Answer.MADE_HERE: "made here",
    Answer.DECLARED_AI: "declared AI",
    Answer.LIKELY_AI: "likely AI",
    Answer.INCONCLUSIVE: "inconclusive",
    Answer.NO_EVIDENCE: "no evidence",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """All that the page says.

    Attributes:
        clip_name: Name of the file, without its folder.
        answer: The fused answer.
        report: What the manifest says, as it was answered.
        sha256: Digest of the clip, hex.
        checked_ms: When it was answered, milliseconds since 1970.
        tree: The manifests, or None where there is none that can be read.
        pictures: Thumbnails by the keys that the tree names.
        frame: A picture of the clip itself, or None.
        clip_id: Its id, if it was released here.
        request_id: Id of the request that was answered.
        leaf: Number of the leaf of the log that tells of it, and its hash.
        notes: Sentences about the page itself.
        watermark: What the pictures carry, as it was answered.
        fingerprint: What they look like, as it was answered.
        neural: What a network reads from them, as it was answered, or None.
        doubtful: Whether their statistics were looked at and are inconclusive.
        detection: What their statistics say, as it was answered, or None.
        detection_fault: Why they were not looked at: the reason of an error, or "".
        beside: The released clip that they look like, laid beside it, or None.
    """

    clip_name: str
    answer: Answer
    report: C2paReport
    sha256: str
    checked_ms: int
    tree: Node | None = None
    pictures: Mapping[str, Picture] = field(default_factory=dict, repr=False)
    frame: Picture | None = None
    clip_id: str = ""
    request_id: str = ""
    leaf: tuple[int, str] = (0, "")
    notes: tuple[str, ...] = ()
    watermark: WatermarkLayer = UNREAD_WATERMARK
    fingerprint: FingerprintLayer = UNREAD_FINGERPRINT
    neural: NeuralLayer | None = None
    doubtful: bool = False
    detection: Detection | None = None
    detection_fault: str = ""
    beside: Comparison | None = None


def render(origin: Origin) -> bytes:
    """Return the page, UTF-8. The same origin gives the same bytes. Thread-safe."""
    style, script = sheet.style_with(_FOLDER / "origin.css"), sheet.picture_script()
    used = _pictures_of(origin.tree) & origin.pictures.keys()
    rests_on = ground(
        origin.answer,
        origin.report,
        origin.watermark,
        origin.fingerprint,
        origin.neural,
        doubtful=origin.doubtful,
    )
    return (
        _template()
        .render(
            origin=origin,
            report=origin.report,
            tree=origin.tree,
            pictures=origin.pictures,
            has_pictures=bool(used) or origin.frame is not None,
            kind="open" if rests_on is Ground.STATISTICS else _CLASSES[origin.answer],
            badge_text=_BADGES[origin.answer],
            headline=words.headline(origin.answer, origin.report, rests_on),
            conclusion=words.conclusion(origin.answer, origin.report, rests_on),
            checks=(
                *checks(origin.report, origin.tree),
                *layers.layer_checks(origin.watermark, origin.fingerprint, origin.neural),
                statistics.check(origin.detection, origin.detection_fault, origin.answer),
            ),
            words=words,
            layers=layers,
            statistics=statistics,
            absent=origin.report.state is C2paState.ABSENT,
            style=Markup(style),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            policy=sheet.security_policy(style, script),
            made_by=f"Framegate {version('framegate')}",
        )
        .encode("utf-8")
    )


def _pictures_of(node: Node | None) -> set[str]:
    if node is None:
        return set()
    return {node.picture_id}.union(*(_pictures_of(source) for source in node.sources))


def _time(at_ms: int) -> str:
    """A time of a stranger's may be any number."""
    if not 0 <= at_ms <= _LAST_MS:
        return "an impossible time"
    return f"{datetime.fromtimestamp(at_ms // 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _clock(at_ms: int) -> str:
    """A place in a clip: `0:03.2`."""
    tenths = max(0, at_ms) // 100
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"


@cache
def _template() -> Template:
    made = sheet.environment(_FOLDER)
    made.filters["time"] = _time
    made.filters["clock"] = _clock
    return made.get_template("origin.html.j2")
