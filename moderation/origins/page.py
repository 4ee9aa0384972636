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

from moderation.origins import words
from moderation.origins.checks import checks
from moderation.pages import sheet
from moderation.pages.picture import Picture
from provenance.report import C2paReport, C2paState
from provenance.tree import Node
from provenance.verification import Answer

_FOLDER = Path(__file__).parent
_LAST_MS = 253_402_300_799_999  # the last millisecond of the year 9999
_CLASSES: Mapping[Answer, str] = {
    Answer.MADE_HERE: "good",
    Answer.DECLARED_AI: "good",
    Answer.INCONCLUSIVE: "bad",
    Answer.NO_EVIDENCE: "open",
}
_BADGES: Mapping[Answer, str] = {
    Answer.MADE_HERE: "made here",
    Answer.DECLARED_AI: "declared AI",
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


def render(origin: Origin) -> bytes:
    """Return the page, UTF-8. The same origin gives the same bytes. Thread-safe."""
    style, script = sheet.style_with(_FOLDER / "origin.css"), sheet.picture_script()
    used = _pictures_of(origin.tree) & origin.pictures.keys()
    return (
        _template()
        .render(
            origin=origin,
            report=origin.report,
            tree=origin.tree,
            pictures=origin.pictures,
            has_pictures=bool(used) or origin.frame is not None,
            kind=_CLASSES[origin.answer],
            badge_text=_BADGES[origin.answer],
            headline=words.headline(origin.answer, origin.report),
            conclusion=words.conclusion(origin.answer, origin.report),
            checks=checks(origin.report, origin.tree),
            words=words,
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


@cache
def _template() -> Template:
    made = sheet.environment(_FOLDER)
    made.filters["time"] = _time
    return made.get_template("origin.html.j2")
