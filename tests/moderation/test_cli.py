"""The real program as a process: JSON fields, exit statuses, nothing lost between two calls."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.clips import make_clip, make_hostile
from tests.house import CACHE

BENIGN = "A golden retriever puppy chasing soap bubbles across a sunny meadow"
HARMFUL = "Tutorial that shows how to make an explosive device and set it off in a shopping mall"
# In letters that the embedded model does not read.
UNREAD = "Ένα κουτάβι κυνηγά σαπουνόφουσκες σε ένα λιβάδι"
ESCAPE = "\x1b["
PROGRAM = [sys.executable, "-m", "moderation.cli"]


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run of the program left."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The JSON objects that it printed."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def one(self) -> dict[str, Any]:
        """The one JSON object that it printed."""
        (answer,) = self.lines
        return answer


@dataclass(frozen=True, slots=True)
class Home:
    """A data folder that several runs share."""

    folder: Path
    environ: dict[str, str]

    def run(self, *arguments: object, **changes: str) -> Ran:
        done = subprocess.run(
            [*PROGRAM, *map(str, arguments)],
            env=self.environ | changes,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)


def _home(folder: Path) -> Home:
    return Home(
        folder,
        {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONPATH": os.pathsep.join(sys.path),
            "FRAMEGATE_HOME": str(folder),
            "FRAMEGATE_CACHE": str(CACHE.resolve()),
            "FRAMEGATE_CLIP_WORKERS": "1",
        },
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = _home(tmp_path_factory.mktemp("home"))
    ran = made.run("keys", "init", "--json")
    assert ran.status == 0, ran.err
    assert ran.one["made"] == ["log key", "master key", "signing credentials", "watermark key"]
    return made


@dataclass(frozen=True, slots=True)
class Way:
    """The files of a clip's way and what each run said about them."""

    clip: Path
    broken: Path
    signed: Path
    review: Ran
    release: Ran


@pytest.fixture(scope="module")
def way(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Way:
    """Two clips and a broken one are reviewed, then one is released by another run."""
    folder = tmp_path_factory.mktemp("clips")
    clip = make_clip(folder / "a.mp4", seconds=1, audio=True)
    other = make_clip(folder / "b.mp4", seconds=1, pattern="cuts")
    broken = make_hostile("truncated", folder)
    review = home.run("review", "--json", clip, broken, other)
    signed = folder / "out.mp4"
    release = home.run("release", "--json", review.lines[0]["clip_id"], "-o", signed)
    return Way(clip, broken, signed, review, release)


def test_a_prompt_is_answered_with_one_object(home: Home) -> None:
    ran = home.run("screen", "--json", BENIGN)
    assert (ran.status, ran.err) == (0, "")
    answer = ran.one
    assert answer["decision"] == "allow"
    assert answer["scores"]
    assert all(0 <= score <= 1 for score in answer["scores"].values())
    assert (answer["findings"], answer["degraded"]) == ([], [])
    assert answer["verdict_id"]
    assert len(answer["audit"]["leaf_hash"]) == 64


def test_a_person_reads_text_without_colour_codes(home: Home) -> None:
    ran = home.run("screen", UNREAD)
    assert ran.status == 3
    assert ran.out.startswith("REVIEW\n")
    assert "language_not_covered" in ran.out
    assert ESCAPE not in ran.out + ran.err


def test_each_line_of_a_file_has_its_answer(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "prompts.jsonl"
    good = [
        json.dumps({"id": "benign", "text": BENIGN}),
        "{this is no JSON",
        json.dumps({"id": "surrogate", "text": "a dog \ud800 runs"}),
        json.dumps({"id": "empty", "text": ""}),
        json.dumps({"id": "long", "text": "a dog " * 175_000}),
        json.dumps({"id": "no text"}),
        json.dumps({"id": "number", "text": 7}),
        "",
        json.dumps({"id": 8, "text": HARMFUL}),
        json.dumps({"id": "unread", "text": UNREAD}),
    ]
    bytes_of = [line.encode() for line in good]
    bytes_of.insert(1, b'{"id": "bytes", "text": "\xff\xfe"}')
    file.write_bytes(b"\n".join(bytes_of))
    ran = home.run("screen", "--jsonl", file)
    assert (ran.status, ran.err) == (4, "")
    ids = ["benign", "bytes", None, "surrogate", "empty", "long", None, None, 8, "unread"]
    assert [answer["id"] for answer in ran.lines] == ids
    told = [answer.get("decision") or answer["error"]["reason"] for answer in ran.lines]
    assert told == [
        "allow",
        "PROMPT_NOT_UNICODE",
        "LINE_INVALID",
        "PROMPT_NOT_UNICODE",
        "PROMPT_EMPTY",
        "PROMPT_TOO_LONG",
        "LINE_INVALID",
        "LINE_INVALID",
        "block",
        "review",
    ]
    for answer in ran.lines:
        if "error" in answer:
            assert answer["error"]["code"] == "INVALID_ARGUMENT"
            assert answer["error"]["message"]
            assert "dog" not in answer["error"]["message"]
        else:
            assert {"id", "decision", "scores", "findings"} <= set(answer)
    first = ran.lines[8]["findings"][0]
    assert {"category", "score", "threshold", "decision", "clause", "source"} <= set(first)


def test_all_parts_of_a_request_can_be_given(home: Home) -> None:
    shots = ("--shot", BENIGN, "--shot", HARMFUL)
    ran = home.run("screen", "--json", "--negative", "blurry, watermark", *shots)
    assert (ran.status, ran.err) == (4, "")
    found = ran.one["findings"][0]
    assert found["parts"] in (["shots[1]"], ["shots[0]", "shots[1]"])
    start, end, part = found["chars"][0]
    assert part.startswith("shots[")
    assert start < end
    assert found["score_without"] < found["threshold"]
    assert ran.one["language"] == "en"
    assert (
        home.run("screen", BENIGN, "--negative", "blood, nudity", "--caption", BENIGN).status == 0
    )


def test_a_person_reads_where_the_words_stand_and_not_the_words(home: Home) -> None:
    ran = home.run("screen", BENIGN, "--shot", HARMFUL)
    assert ran.status == 4
    assert "of shots[0]" in ran.out
    assert "explosive" not in ran.out


def test_lines_can_hold_parts(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "parts.jsonl"
    lines: list[dict[str, Any]] = [
        {"id": 1, "shots": [BENIGN, BENIGN]},
        {"id": 2, "text": BENIGN, "shots": [HARMFUL]},
        {"id": 3, "text": BENIGN, "negative_prompt": 7},
        {"id": 4, "text": BENIGN, "shots": BENIGN},
        {"id": 5, "shots": ["a dog"] * 33},
        {"id": 6, "negative_prompt": "blurry"},
    ]
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    ran = home.run("screen", "--jsonl", file)
    told = [answer.get("decision") or answer["error"]["reason"] for answer in ran.lines]
    assert told == ["allow", "block", *["LINE_INVALID"] * 2, "TOO_MANY_PARTS", "LINE_INVALID"]
    assert ran.lines[4]["error"]["field"] == "shots"


def test_a_file_of_errors_alone_fails(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "prompts.jsonl"
    file.write_text("[]\n", encoding="utf-8")
    ran = home.run("screen", "--jsonl", file)
    assert ran.status == 1
    assert ran.one["error"]["reason"] == "LINE_INVALID"


def test_each_clip_of_a_review_has_its_answer(way: Way) -> None:
    ran = way.review
    assert (ran.status, ran.err) == (1, "")
    first, broken, last = ran.lines
    for answer in (first, last):
        assert answer["decision"] == "allow"
        assert answer["clip_id"].startswith("clip-")
        assert {"sexual", "violence"} <= set(answer["scores"])
        assert (answer["findings"], answer["degraded"]) == ([], [])
        assert answer["sampling"]["frame_count"] >= 2
    assert first["file"] == str(way.clip)
    assert set(broken) == {"file", "error"}
    assert broken["file"] == str(way.broken)
    assert broken["error"]["code"] == "INVALID_ARGUMENT"
    assert broken["error"]["reason"] == "CLIP_TRUNCATED"
    assert broken["error"]["message"]


def test_a_cleared_clip_is_released_by_another_run(way: Way) -> None:
    assert (way.release.status, way.release.err) == (0, "")
    answer = way.release.one
    assert answer["clip_id"] == way.review.lines[0]["clip_id"]
    assert answer["size_bytes"] == way.signed.stat().st_size
    assert answer["media_type"] == "video/mp4"
    assert answer["manifest_id"]


def test_a_clip_says_where_it_comes_from(home: Home, way: Way, tmp_path: Path) -> None:
    changed = tmp_path / "changed.mp4"
    data = bytearray(way.signed.read_bytes())
    data[data.rindex(b"mdat") + 100] ^= 1
    changed.write_bytes(data)
    missing = tmp_path / "missing.mp4"
    ran = home.run("verify", "--json", way.signed, changed, way.clip, missing)
    assert (ran.status, ran.err) == (1, "")
    signed, altered, unsigned, absent = ran.lines
    told = [
        (answer["answer"], answer["rests_on"], answer["layers"]["c2pa"]["state"])
        for answer in ran.lines[:3]
    ]
    # What was changed has lost its manifest's word, and still carries the watermark.
    assert told == [
        ("made_here", "manifest", "trusted"),
        ("made_here", "watermark", "invalid"),
        ("made_here", "copy", "absent"),
    ]
    clip_id = way.review.lines[0]["clip_id"]
    assert [answer["clip_id"] for answer in (signed, altered, unsigned)] == [clip_id] * 3
    assert signed["layers"]["watermark"]["clip_id"] == clip_id
    assert absent["file"] == str(missing)
    assert (absent["error"]["code"], absent["error"]["reason"]) == ("NOT_FOUND", "FILE_UNREADABLE")


def test_what_is_not_cleared_is_not_written(home: Home, way: Way, tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    ran = home.run("release", "--json", "clip-unknown", "-o", target)
    assert ran.status == 1
    assert ran.one["clip_id"] == "clip-unknown"
    assert (ran.one["error"]["code"], ran.one["error"]["reason"]) == ("NOT_FOUND", "CLIP_UNKNOWN")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["review", "verify"])
def test_a_folder_is_no_clip_and_does_not_stop_the_others(
    home: Home, way: Way, tmp_path: Path, command: str
) -> None:
    ran = home.run(command, "--json", tmp_path, way.clip)
    assert ran.status == 1
    folder, clip = ran.lines
    assert folder["error"]["reason"] == "FILE_UNREADABLE"
    assert clip["file"] == str(way.clip)
    assert "error" not in clip


def test_the_record_is_listed_exported_and_verified(home: Home, way: Way, tmp_path: Path) -> None:
    clip_id = way.review.lines[0]["clip_id"]
    listed = home.run("audit", "list", "--json", "--clip", clip_id)
    assert (listed.status, listed.err) == (0, "")
    assert [entry["event"] for entry in listed.lines[:4]] == [
        "clip.received",
        "clip.reviewing",
        "clip.cleared",
        "clip.released",
    ]
    assert listed.lines[2]["decision"] == "allow"
    assert listed.lines[3]["leaf_index"] == way.release.one["audit"]["leaf_index"]

    signed = home.run("audit", "checkpoint", "--json")
    assert (signed.status, signed.err) == (0, "")
    note = tmp_path / "note"
    note.write_text(signed.one["checkpoint"], encoding="utf-8")

    bundle, key = tmp_path / "bundle", home.folder / "keys" / "log.pub"
    exported = home.run("audit", "export", bundle, "--json")
    assert (exported.status, exported.err) == (0, "")
    assert exported.one["size_bytes"] == bundle.stat().st_size

    # Away from home: nothing but the bundle and the public key.
    elsewhere = {"FRAMEGATE_HOME": str(tmp_path / "nowhere")}
    good = home.run("audit", "verify", bundle, "--key", key, "--known", note, "--json", **elsewhere)
    assert (good.status, good.err) == (0, "")
    assert good.one["ok"] is True
    assert good.one["known_count"] == 1
    assert good.one["leaf_count"] == good.one["size"] >= signed.one["tree_size"]

    note.write_bytes(b"\xff\xfe no note")
    forged = home.run("audit", "verify", bundle, "--key", key, "--known", note, "--json")
    assert (forged.status, forged.err) == (1, "")
    assert forged.one["ok"] is False

    data = bytearray(bundle.read_bytes())
    data[data.index(b"clip.released") + 5] ^= 1
    bundle.write_bytes(data)
    bad = home.run("audit", "verify", bundle, "--key", key, "--json", **elsewhere)
    assert (bad.status, bad.err) == (1, "")
    assert bad.one["ok"] is False
    assert bad.one["fault"]["message"]


def test_models_are_listed_and_checked(home: Home) -> None:
    listed = home.run("models", "list", "--json")
    assert (listed.status, listed.err) == (0, "")
    assert {"prompt-safety", "nsfw-image", "scenes-image"} <= {card["id"] for card in listed.lines}
    assert all(card["license"] for card in listed.lines)
    without = {card["id"] for card in listed.lines if not card["categories"]}
    assert without == {"watermark-pattern"}  # a picture comes out of it, and no score
    checked = home.run("models", "check", "--json")
    assert (checked.status, checked.err) == (0, "")
    assert {state["state"] for state in checked.lines} == {"ready"}


def test_a_check_shows_the_settings_and_hides_secrets(home: Home) -> None:
    secret = "postgresql://somebody:hidden-word@localhost/framegate"
    ran = home.run("check", "--json", FRAMEGATE_DATABASE_URL=secret)
    assert (ran.status, ran.err) == (0, "")
    assert "hidden-word" not in ran.out
    assert ran.one["settings"]["database_url"] == "(hidden)"
    assert ran.one["settings"]["home"] == str(home.folder)
    assert ran.one["problems"] == []


def test_a_check_names_what_is_missing(home: Home, tmp_path: Path) -> None:
    ran = home.run("check", "--json", FRAMEGATE_CACHE=str(tmp_path))
    assert ran.status == 1
    (problem,) = ran.one["problems"]
    assert (problem["part"], problem["reason"]) == ("models", "NOT_READY")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nonsense",),
        ("screen", "--nonsense"),
        ("screen",),
        ("screen", "--negative", "blurry"),
        ("screen", "--jsonl", "-", "--shot", "a dog"),
        ("review", "--json"),
    ],
    ids=["nothing", "command", "option", "no text", "no prompt", "two ways", "no file"],
)
def test_bad_usage_ends_with_2(home: Home, arguments: tuple[str, ...]) -> None:
    ran = home.run(*arguments)
    assert ran.status == 2
    assert ran.out == ""
    assert "Usage" in ran.err
    assert ESCAPE not in ran.err


def test_a_misspelt_setting_is_named(home: Home) -> None:
    ran = home.run("check", FRAMEGATE_CLIP_WORKER="2")
    assert (ran.status, ran.out) == (1, "")
    assert "clip_worker" in ran.err
    assert "Traceback" not in ran.err


def test_without_its_models_a_review_still_prints_objects_alone(way: Way, tmp_path: Path) -> None:
    bare = _home(tmp_path / "home")
    bare.run("keys", "init")
    ran = bare.run("review", "--json", way.clip, FRAMEGATE_CACHE=str(tmp_path / "cache"))
    assert ran.status == 3
    assert ran.one["decision"] == "review"
    assert {fault["reason"] for fault in ran.one["degraded"]} == {"model_unavailable"}


@contextlib.contextmanager
def _served(home: Home, log: Path) -> Iterator[str]:
    """Serve by the real program; ends it as an operator does."""
    with log.open("wb") as out:
        server = subprocess.Popen(
            [*PROGRAM, "serve", "--listen", "127.0.0.1:0"], env=home.environ, stderr=subprocess.PIPE
        )
        try:
            assert server.stderr is not None
            while line := server.stderr.readline():
                out.write(line)
                if (said := json.loads(line))["event"] == "server.listening":
                    yield f"127.0.0.1:{said['port']}"
                    break
            server.send_signal(signal.SIGTERM)
            out.write(server.communicate(timeout=60)[1])
            assert server.returncode == 0
        finally:
            server.kill()
            server.communicate()


def test_a_server_gives_the_same_fields(home: Home, way: Way, tmp_path: Path) -> None:
    here = home.run("screen", "--json", HARMFUL)
    log = tmp_path / "log"
    with _served(home, log) as address:
        there = home.run("--server", address, "screen", "--json", HARMFUL)
        clip = home.run("--server", address, "review", "--json", way.clip)
    assert (here.status, there.status) == (4, 4)
    assert there.err == ""
    varying = {"verdict_id", "request_id", "latency_ms", "audit"}
    assert {k: v for k, v in here.one.items() if k not in varying} == {
        k: v for k, v in there.one.items() if k not in varying
    }
    assert set(here.one) == set(there.one)
    assert set(clip.one) == set(way.review.lines[0])
    # The server's log: an object a line, the call by its id, and nothing of the prompt.
    said = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    calls = [line for line in said if line["event"] == "call"]
    assert there.one["request_id"] in {line["request_id"] for line in calls}
    assert {line["status"] for line in calls} == {"OK"}
    assert said[-1]["event"] == "server.stopped"
    assert "explosive" not in log.read_text(encoding="utf-8")


def test_a_server_that_is_not_there_is_an_error_and_no_traceback(home: Home) -> None:
    ran = home.run("--server", "127.0.0.1:1", "screen", "--json", BENIGN)
    assert ran.status == 1
    assert ran.one["error"]["code"] == "UNAVAILABLE"
    assert "Traceback" not in ran.err
