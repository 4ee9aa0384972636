"""The page about where a clip comes from: all of it is there, nothing runs, a browser opens it."""

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
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import ec

from media.limits import MediaLimits
from moderation.assembly import worker_setup
from moderation.cli.clips import verify
from moderation.cli.room import Room
from moderation.clips.jobs import InspectJob
from moderation.clips.results import Inspected
from moderation.origins import Origin, render
from moderation.origins.checks import checks
from moderation.worker import Station
from provenance.engine import Store
from provenance.keys import credentials
from provenance.keys.credentials import Credentials
from provenance.report import C2paReport, C2paState, Reason, Revocation, StampTrust
from provenance.tree import MAX_NODES, Node, grow
from provenance.trust import TrustList
from provenance.verification import Answer
from tests.clips import make_clip
from tests.house import CACHE, settings_for
from tests.moderation.clips.browser import browser_path, opened
from tests.moderation.clips.reports import Parsed
from tests.moderation.origins.samples import HOSTILE, history
from tests.provenance.authority import Authority


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    credentials.init(folder / "keys", organization="Example Video", now=datetime.now(UTC))
    return folder


@pytest.fixture(scope="module")
def ours(home: Path) -> Credentials:
    return credentials.load(home / "keys")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory, ours: Credentials) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    key, authority = ec.generate_private_key(ec.SECP256R1()), Authority.make()
    stranger = credentials.load(authority.store(folder / "keys", key, authority.issue(key)))
    plain = make_clip(folder / "plain.mp4", seconds=1, audio=True)
    return history(folder, plain, ours, stranger)


@pytest.fixture(scope="module")
def seen(home: Path, clip: Path) -> Inspected:
    station = Station(worker_setup(settings_for(home)))
    job = InspectJob(str(clip), MediaLimits())
    result = station.run(job, lambda _: None, lambda: False)
    assert isinstance(result, Inspected)
    return result


@pytest.fixture(scope="module")
def origin(seen: Inspected) -> Origin:
    return Origin(
        clip_name=HOSTILE,
        answer=seen.verification.answer,
        report=seen.verification.c2pa,
        sha256="ab" * 32,
        checked_ms=1_750_000_000_000,
        tree=seen.tree,
        pictures=seen.pictures,
        frame=seen.frame,
        request_id="request-1",
        leaf=(7, "cd" * 32),
        notes=("A note <about> the page.",),
    )


@pytest.fixture(scope="module")
def page(origin: Origin) -> bytes:
    return render(origin)


@pytest.fixture(scope="module")
def parsed(page: bytes) -> Parsed:
    return Parsed(page)


def _nodes(node: Node | None) -> list[Node]:
    return [node, *(one for each in node.sources for one in _nodes(each))] if node else []


def test_the_tree_holds_every_source_with_its_own_state(seen: Inspected) -> None:
    assert seen.tree is not None
    told = [(node.title, node.relationship, node.state) for node in _nodes(seen.tree)]
    assert told == [
        ("Third take", "", C2paState.TRUSTED),
        ("Second take", "inputTo", C2paState.TRUSTED),
        ("First take", "parentOf", C2paState.TRUSTED),
        (HOSTILE.replace("\u202e", " "), "inputTo", C2paState.VALID),
        ("A clip that was changed", "inputTo", C2paState.INVALID),
        ("A photograph", "inputTo", C2paState.ABSENT),
    ]
    by_title = {node.title: node for node in _nodes(seen.tree)}
    changed = by_title["A clip that was changed"]
    assert "assertion.bmffHash.mismatch" in {one.code for one in changed.reasons if one.failure}
    # The thumbnail that is no picture is left out; the others were written anew.
    pictured = {node.title for node in by_title.values() if node.picture_id in seen.pictures}
    assert pictured == {"Third take", "Second take", "First take", "A photograph"}
    assert seen.frame is not None


def test_every_node_is_a_card_with_its_state_in_words(parsed: Parsed, seen: Inspected) -> None:
    cards = parsed.all("article")
    assert len(cards) == len(_nodes(seen.tree)) == 6
    words = "".join(card.text for card in cards)
    for said in (
        *("holds", "by a stranger", "does not hold", "no record"),
        *("made by a generative AI model", "with VideoGen 1.2", "Put a watermark in"),
        *("by their own word alone", "which cannot be relied on", "It came without a record"),
        *("The file was changed after it was sealed.", "assertion.bmffHash.mismatch"),
    ):
        assert said in words, said
    assert "A note <about> the page." in parsed.one("p", **{"class": "note"}).text
    record = parsed.one("section", **{"aria-labelledby": "record"}).text
    for said in ("declared_ai", "trusted", "own", "not_checked", "ab" * 32, "cd" * 32, "request-1"):
        assert said in record


def test_a_source_that_was_changed_is_told_among_the_checks(parsed: Parsed) -> None:
    (told,) = [one for one in parsed.all("li") if "what it was made from hold?" in one.text]
    assert told.attributes["class"] == "bad"
    assert "1 do not hold" in told.text
    assert "1 sealed by a stranger" in told.text


def test_hostile_text_stays_text_and_nothing_is_fetched(parsed: Parsed, page: bytes) -> None:
    assert HOSTILE.replace("\u202e", "\\u202e") in parsed.one("h1").text
    assert "\u202e" not in page.decode("utf-8")
    assert len(parsed.all("script")) == 1
    for element in parsed.elements:
        assert not [name for name in element.attributes if name.startswith("on")], element.name
        assert "style" not in element.attributes
        for name in ("src", "href"):
            target = element.attributes.get(name, "#")
            assert target.startswith(("#", "data:image/jpeg;base64,"))
    policy = parsed.one("meta", **{"http-equiv": "Content-Security-Policy"}).attributes["content"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    for name in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(parsed.one(name).text.encode()).digest()).decode()
        assert rules[f"{name}-src"] == f"'sha256-{digest}'"
    plain = re.sub(rb"data:image/jpeg;base64,[A-Za-z0-9+/=]+", b"", page)
    assert not re.search(rb"https?:|//[a-z]|url\(|@import", plain)


def test_pictures_are_blurred_until_asked_for(parsed: Parsed, seen: Inspected) -> None:
    clear = {each.clear for each in seen.pictures.values()}
    assert {each.attributes["src"] for each in parsed.all("img")} & clear == set()
    assert {each.attributes["data-clear"] for each in parsed.all("button")} == clear


def test_the_same_origin_gives_the_same_bytes(origin: Origin, page: bytes) -> None:
    assert render(origin) == page


REPORTS = {
    "absent": (Answer.NO_EVIDENCE, C2paReport(C2paState.ABSENT), "That proves nothing."),
    "remote": (
        Answer.NO_EVIDENCE,
        C2paReport(C2paState.ABSENT, (Reason("org.framegate.remoteManifestNotFetched", "x"),)),
        "lies elsewhere on the network",
    ),
    "stranger": (
        Answer.NO_EVIDENCE,
        C2paReport(C2paState.VALID, signer_organization="Acme", manifest_id="m"),
        "Anybody can write any name into a certificate.",
    ),
    "revoked": (
        Answer.INCONCLUSIVE,
        C2paReport(
            C2paState.INVALID,
            (Reason("signingCredential.ocsp.revoked", "x", failure=True),),
            revocation=Revocation.REVOKED,
            manifest_id="m",
        ),
        "its key may be in wrong hands",
    ),
    "lists": (
        Answer.DECLARED_AI,
        C2paReport(
            C2paState.TRUSTED,
            vouched_by=(TrustList.C2PA,),
            stamp=StampTrust.TRUSTED,
            stamp_vouched_by=(TrustList.TSA,),
            manifest_id="m",
        ),
        "Who vouches for the clock: the official list of time-stamping authorities.",
    ),
    "unreadable": (
        Answer.INCONCLUSIVE,
        C2paReport(
            C2paState.INVALID,
            (Reason("org.framegate.manifestUnreadable", "x", failure=True),),
        ),
        "cannot be read together",
    ),
}


@pytest.mark.parametrize("name", REPORTS)
def test_each_state_is_told_in_words(name: str) -> None:
    answer, report, said = REPORTS[name]
    parsed = Parsed(render(Origin("a.mp4", answer, report, "ab" * 32, 0)))
    assert said in parsed.one("body").text
    assert parsed.all("article") == parsed.all("button") == []


def test_a_stranger_is_never_shown_as_somebody_known() -> None:
    report = C2paReport(C2paState.VALID, signer_organization="Acme", manifest_id="m")
    told = {check.question: check for check in checks(report, Node("x", "", C2paState.VALID))}
    assert told["Is it known who sealed it?"].short == "No"
    page = Parsed(render(Origin("a.mp4", Answer.NO_EVIDENCE, report, "", 0)))
    assert "good" not in page.one("header").attributes["class"]
    assert "nobody known stands behind it" in page.one("header").text


def test_a_time_of_a_stranger_may_be_any_number(origin: Origin) -> None:
    assert origin.tree is not None
    odd = replace(origin.tree, signed_ms=-(10**18), sources=())
    assert b"an impossible time" in render(replace(origin, tree=odd))


def test_a_browser_shows_the_page(page: bytes, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(page)
    browser_path()
    with opened(tmp_path / "profile") as tab:
        tab.open(file)
        pressed = "document.querySelectorAll('button[aria-pressed=true]').length"
        assert tab.value(pressed) == 0
        tab.click("#show-all")
        assert tab.value(pressed) == 4
        drawn = "document.querySelector('button.picture img')"
        assert tab.value(f"{drawn}.decode().then(() => {drawn}.naturalWidth)") > 0
        tab.key("Escape", 27)
        assert tab.value(pressed) == 0
        tab.click("summary")
        assert tab.value("document.querySelectorAll('details[open]').length") == 1
        for width in (320, 360, 1280):
            tab.resize(width, 800, phone=width < 400)
            assert tab.value("document.documentElement.scrollWidth") <= width
        assert tab.value("alert.name + document.querySelectorAll('script').length") == "alert1"
        assert tab.complaints == []
        assert [url for url in tab.requested if not url.startswith(("file:", "data:"))] == []


def test_the_program_writes_the_page_beside_the_answer(
    home: Path, clip: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out.html"
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PYTHONPATH": os.pathsep.join(sys.path),
        "FRAMEGATE_HOME": str(home),
        "FRAMEGATE_CACHE": str(CACHE.resolve()),
        "FRAMEGATE_CLIP_WORKERS": "1",
    }
    ran = subprocess.run(
        [sys.executable, "-m", "moderation.cli", "verify", "--json", "--report", target, clip],
        env=environ,
        capture_output=True,
        encoding="utf-8",
        timeout=180,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    answered, written = (json.loads(line) for line in ran.stdout.splitlines())
    page = target.read_bytes()
    assert written == {"file": str(clip), "report": str(target), "size_bytes": len(page)}
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert answered["layers"]["c2pa"]["vouched_by"] == ["own"]
    parsed = Parsed(page)
    assert len(parsed.all("article")) == 6
    assert parsed.all("p", **{"class": "note"}) == []
    told = parsed.one("body").text
    # Its keys folder has signing credentials and no watermark key.
    assert answered["layers"]["watermark"]["state"] == "not_read"
    assert answered["layers"]["fingerprint"]["state"] == "not_found"
    assert "This house has no watermark key" in told
    digest = hashlib.sha256(clip.read_bytes()).hexdigest()
    for said in (digest, answered["request_id"], answered["audit"]["leaf_hash"]):
        assert said in told


def test_what_cannot_be_written_is_refused_before_anything_is_asked(
    clip: Path, tmp_path: Path
) -> None:
    there, home = tmp_path / "there.html", tmp_path / "home"
    there.write_bytes(b"old")
    room = Room(settings_for(home), "", None)
    for arguments, said in (
        (("--report", there, clip), "--force"),
        (("--report", tmp_path / "new.html", clip, clip), "one CLIP"),
        (("--force", clip), "--report"),
    ):
        ran = CliRunner().invoke(verify, [str(each) for each in arguments], obj=room)
        assert ran.exit_code == 2
        assert said in ran.output
    assert there.read_bytes() == b"old"
    assert not home.exists()


def test_a_store_that_names_itself_again_and_again_ends() -> None:
    item = {"title": "x", "relationship": "parentOf", "active_manifest": "m"}
    store = Store(
        "Valid", {"active_manifest": "m", "manifests": {"m": {"ingredients": [item] * 3}}}
    )
    tree = grow(store, C2paReport(C2paState.VALID, manifest_id="m"))
    assert len(_nodes(tree)) <= MAX_NODES
    assert any(node.cut_off for node in _nodes(tree))
