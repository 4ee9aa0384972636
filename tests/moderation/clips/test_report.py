"""The page about a reviewed clip: all of it is there, nothing runs or leaks, a browser opens it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from media.limits import MediaLimits
from moderation.cli.clips import review
from moderation.cli.room import Room
from moderation.clips.reporting import (
    Filmstrip,
    Report,
    Sample,
    Series,
    Track,
    frame_tracks,
    render,
    take,
)
from moderation.clips.reporting.timeline import clock, score_text
from moderation.verdict import Decision, Sampling
from tests.clips import make_clip
from tests.house import CACHE, settings_for
from tests.moderation.clips.browser import browser_path, opened
from tests.moderation.clips.reports import (
    BY_MODEL,
    FINDINGS,
    HOSTILE,
    PTS_MS,
    TOP,
    Parsed,
    judgement,
    verdict,
)
from tests.moderation.policies import DEFAULT


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "cuts.mp4"
    return make_clip(path, seconds=3, pattern="cuts", gop=12)


@pytest.fixture(scope="module")
def strip(clip: Path) -> Filmstrip:
    return take(clip, MediaLimits(), 2.0, (1000, 2500))


@pytest.fixture(scope="module")
def report(strip: Filmstrip) -> Report:
    judged = judgement()
    return Report(
        clip_name=HOSTILE,
        verdict=verdict(judged),
        judgement_digest="ef" * 32,
        tracks=frame_tracks(judged, DEFAULT, PTS_MS, BY_MODEL),
        filmstrip=strip,
        closer_ms=(1100, 1200),
        notes=("A note <about> the page.",),
    )


@pytest.fixture(scope="module")
def page(report: Report) -> bytes:
    return render(report)


@pytest.fixture(scope="module")
def parsed(page: bytes) -> Parsed:
    return Parsed(page)


def test_every_finding_stands_in_a_row_of_its_own(parsed: Parsed) -> None:
    for number, finding in enumerate(FINDINGS, start=1):
        row = parsed.one("tr", id=f"finding-{number}")
        assert row.attributes["class"] == finding.decision.value
        for said in (finding.category, finding.clause, finding.signal.source, "0.500"):
            assert said in row.text
        assert score_text(finding.signal.score) in row.text
        inside = [each for each in parsed.all("button") if row in each.within]
        if finding.signal.span is None:
            assert inside == []
            assert "the whole clip" in row.text
        else:
            assert clock(finding.signal.span.start_ms) in row.text
            assert clock(finding.signal.span.end_ms) in row.text
            (button,) = inside
            assert button.attributes["data-what"].startswith(
                f"frame at {clock(finding.signal.span.peak_ms)}"
            )


def test_the_record_names_what_judged_and_how(parsed: Parsed) -> None:
    told = parsed.one("section", **{"aria-labelledby": "record"}).text
    for said in (
        *("default 2.0.0", "sha256:" + "0c" * 32, "nsfw", "sha256:" + "01" * 32),
        *("skip_nonref", "every 500 ms", "9 frames of 0:03.00", "1 at scene cuts", "2 by a closer"),
        *("ab" * 32, "cd" * 32, "ef" * 32, "clip-1", "verdict-1", "2025-06-15 15:06:40 UTC"),
    ):
        assert said in told, said
    missing = parsed.one("section", **{"aria-labelledby": "missing"}).text
    for said in ("hate-image", "model_unavailable", "could not be loaded", "F-HATE", "review"):
        assert said in missing
    assert "A note <about> the page." in parsed.one("p", **{"class": "note"}).text


def test_hostile_text_stays_text(parsed: Parsed, page: bytes) -> None:
    spelt = HOSTILE.replace("\u202e", "\\u202e").replace("\udcff", "\\udcff")
    assert spelt in parsed.one("h1").text
    assert spelt in parsed.all("title")[0].text
    assert "\u202e" not in page.decode("utf-8")
    assert len(parsed.all("script")) == 1
    assert TOP in parsed.one("tr", id="finding-3").text
    assert parsed.all("b") == []
    for element in parsed.elements:
        assert not [name for name in element.attributes if name.startswith("on")], element.name


def test_only_its_own_style_and_script_run_and_nothing_is_fetched(
    parsed: Parsed, page: bytes
) -> None:
    policy = parsed.one("meta", **{"http-equiv": "Content-Security-Policy"}).attributes["content"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["img-src"] == "data:"
    for name in ("style", "script"):
        text = parsed.one(name).text
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[f"{name}-src"] == f"'sha256-{digest}'"
    plain = re.sub(rb"data:image/jpeg;base64,[A-Za-z0-9+/=]+", b"", page)
    assert not re.search(rb"https?:|//[a-z]|url\(|@import|data:", plain.split(b"</head>")[1])
    assert not re.search(rb"https?:|//[a-z]|url\(|@import", plain)
    assert parsed.all("link") == parsed.all("iframe") == []
    for element in parsed.elements:
        assert "style" not in element.attributes
        for name in ("src", "href"):
            target = element.attributes.get(name, "#")
            assert target.startswith(("#", "data:image/jpeg;base64,"))


def test_the_clear_picture_is_in_no_src(parsed: Parsed, strip: Filmstrip) -> None:
    shown = {each.attributes["src"] for each in parsed.all("img")}
    clear = {each.clear for each in (*strip.frames, *strip.peaks.values())}
    assert shown == {each.blurred for each in (*strip.frames, *strip.peaks.values())}
    assert shown & clear == set()
    buttons = parsed.all("button")
    assert {each.attributes["data-clear"] for each in buttons} == clear
    # Without the script they do nothing, and say so.
    assert all("disabled" in each.attributes for each in buttons)
    assert all(each.attributes["aria-pressed"] == "false" for each in buttons)
    assert all(each.attributes["alt"].startswith("Blurred: ") for each in parsed.all("img"))
    assert "stay blurred" in parsed.one("noscript").text


def test_the_page_can_be_read_by_everyone(parsed: Parsed) -> None:
    assert parsed.one("html").attributes["lang"] == "en"
    assert "width=device-width" in parsed.one("meta", name="viewport").attributes["content"]
    assert parsed.one("meta", name="color-scheme").attributes["content"] == "light dark"
    for heading in parsed.all("th"):
        assert heading.attributes["scope"] in ("col", "row")
    for drawing in parsed.all("svg"):
        hidden = any("aria-hidden" in each.attributes for each in (drawing, *drawing.within))
        inner = any(each.name == "svg" for each in drawing.within)
        assert hidden or inner or drawing.attributes["aria-label"]
    ids = [each.attributes["id"] for each in parsed.elements if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    for link in parsed.all("a"):
        assert link.attributes["href"].removeprefix("#") in ids


def test_the_same_report_gives_the_same_bytes(report: Report, clip: Path, page: bytes) -> None:
    again = replace(report, filmstrip=take(clip, MediaLimits(), 2.0, (1000, 2500)))
    assert render(again) == page


def test_a_prompt_is_there_only_if_it_is_given(report: Report, parsed: Parsed) -> None:
    assert parsed.all("blockquote") == []
    given = Parsed(render(replace(report, prompt="a <i>dog</i>\nruns")))
    assert given.one("blockquote").text == "a <i>dog</i>\nruns"
    assert given.all("i") == []


def test_a_clip_that_was_not_looked_at_has_a_page_too() -> None:
    judged = judgement(
        decision=Decision.REVIEW, scores={}, findings=(), models=(), sampling=None, user_text=""
    )
    page = Parsed(render(Report("a.mp4", verdict(judged), "", ())))
    assert "No frame was looked at" in page.one("header").text
    assert page.all("button") == page.all("img") == page.all("input") == []
    assert "Looked for in the picture: nothing." in page.one("body").text


def test_a_review_that_ended_early_says_where(report: Report) -> None:
    judged = judgement(sampling=Sampling("all", 500, 4, 0, 500, 3000, stopped_ms=1200))
    page = Parsed(render(replace(report, verdict=verdict(judged))))
    assert "ended at 0:01.20" in page.one("header").text
    assert page.all("rect", **{"class": "unseen"})
    told = {each.text.strip() for each in page.all("span", **{"class": "caption"})}
    assert any("not reviewed" in each for each in told if each.startswith("0:02"))
    assert not any("not reviewed" in each for each in told if each.startswith("0:00"))


def test_any_track_can_be_added(report: Report) -> None:
    speech = Track("Speech", series=(Series("asr", (Sample(100, 0.4), Sample(900, 0.7))),))
    page = Parsed(render(replace(report, tracks=(*report.tracks, speech))))
    captions = [each.text for each in page.all("figcaption")]
    assert any(each.startswith("Speech") and "highest 0.700" in each for each in captions)


def test_a_browser_shows_a_picture_to_who_asks_for_it(page: bytes, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(page)
    browser_path()
    with opened(tmp_path / "profile") as tab:
        tab.open(file)
        src = "document.querySelector('button.picture img').getAttribute('src')"
        clear = "document.querySelector('button.picture').dataset.clear"
        pressed = "document.querySelectorAll('button[aria-pressed=true]').length"
        blurred = tab.value(src)
        assert blurred != tab.value(clear)

        tab.click("button.picture")
        assert tab.value(src) == tab.value(clear)
        assert tab.value(pressed) == 1
        drawn = "document.querySelector('button.picture img')"
        assert tab.value(f"{drawn}.decode().then(() => {drawn}.naturalWidth)") > 0
        assert not tab.value(f"{drawn}.alt").startswith("Blurred")

        tab.key("Enter", 13, "\r")  # the button has the focus; the keyboard works as well
        assert tab.value(src) == blurred

        count = tab.value("document.querySelectorAll('button.picture').length")
        tab.click("#show-all")
        assert tab.value(pressed) == count > 2
        tab.key("Escape", 27)
        assert tab.value(pressed) == 0
        assert tab.value("document.getElementById('show-all').checked") is False

        for width in (320, 360, 1280):
            tab.resize(width, 800, phone=width < 400)
            assert tab.value("document.documentElement.scrollWidth") <= width
        assert tab.value("alert.name + document.querySelectorAll('script').length") == "alert1"
        assert tab.complaints == []
        assert [url for url in tab.requested if not url.startswith(("file:", "data:"))] == []
        assert sum(url.startswith("file:") for url in tab.requested) == 1

        tab.call("Emulation.setScriptExecutionDisabled", value=True)
        tab.open(file)
        clear_uris = set(re.findall(rb'data-clear="([^"]*)"', page))
        assert clear_uris.isdisjoint(url.encode() for url in tab.requested)


def test_a_picture_opens_nowhere_by_itself(page: bytes, tmp_path: Path) -> None:
    """What the page asks for on its own are blurred pictures alone."""
    file = tmp_path / "page.html"
    file.write_bytes(page)
    with opened(tmp_path / "profile") as tab:
        tab.open(file)
        tab.call("Page.printToPDF", printBackground=True)
        clear_uris = set(re.findall(rb'data-clear="([^"]*)"', page))
        assert clear_uris
        assert clear_uris.isdisjoint(url.encode() for url in tab.requested)


def _review(home: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PYTHONPATH": os.pathsep.join(sys.path),
        "FRAMEGATE_HOME": str(home),
        "FRAMEGATE_CACHE": str(CACHE.resolve()),
        "FRAMEGATE_CLIP_WORKERS": "1",
    }
    return subprocess.run(
        [sys.executable, "-m", "moderation.cli", "review", *map(str, arguments)],
        env=environ,
        capture_output=True,
        encoding="utf-8",
        timeout=180,
        check=False,
    )


def test_the_program_writes_the_page_beside_the_verdict(clip: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    target = folder / "report.html"
    target.write_bytes(b"old")
    ran = _review(tmp_path / "home", "--json", "--report", target, "--force", clip)
    judged, written = (json.loads(line) for line in ran.stdout.splitlines())
    assert ran.returncode == {"allow": 0, "review": 3, "block": 4}[judged["decision"]], ran.stderr
    page = target.read_bytes()
    assert written == {"file": str(clip), "report": str(target), "size_bytes": len(page)}
    assert [path.name for path in folder.iterdir()] == ["report.html"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    told = Parsed(page).one("body").text
    for said in (
        *(clip.name, judged["verdict_id"], judged["clip_id"], judged["policy"]["digest"]),
        *(judged["judgement_digest"], judged["audit"]["leaf_hash"]),
        *(model["digest"] for model in judged["models"]),
    ):
        assert said in told
    # The second look gave the scores of the verdict: there is nothing to warn of.
    assert Parsed(page).all("p", **{"class": "note"}) == []
    assert Parsed(page).all("path", **{"class": "series s0"})


def test_what_cannot_be_written_is_refused_before_anything_is_reviewed(
    clip: Path, tmp_path: Path
) -> None:
    there, home = tmp_path / "there.html", tmp_path / "home"
    there.write_bytes(b"old")
    room = Room(settings_for(home), "", None)
    for arguments, said in (
        (("--report", tmp_path / "none" / "a.html", clip), "does not exist"),
        (("--report", there, clip), "--force"),
        (("--report", tmp_path, "--force", clip), "is a folder"),
        (("--report", tmp_path / "new.html", clip, clip), "one CLIP"),
        (("--force", clip), "--report"),
    ):
        ran = CliRunner().invoke(review, [str(each) for each in arguments], obj=room)
        assert ran.exit_code == 2
        assert said in ran.output
    assert there.read_bytes() == b"old"
    assert not home.exists()
