"""`framegate known` as a person types it: answers, errors, files that are no lists."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from media.errors import FramegateError
from moderation.assembly import open_log
from moderation.cli.main import root
from moderation.hash_lists import HashLists
from moderation.settings import Settings
from tests.house import CACHE
from tests.moderation.clips.reports import Parsed
from tests.provenance.fingerprint.pictures import FPS, encoded, scene, taken

HASHES = [f"{random.Random(seed).getrandbits(256):064x}" for seed in range(5)]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list.txt"
    path.write_text("".join(f"pdq {each}\n" for each in HASHES))
    return path


def run(home: Path, *arguments: object) -> Result:
    return CliRunner().invoke(root, ["--home", str(home), "known", *map(str, arguments)])


def lines(home: Path, *arguments: object) -> list[dict[str, Any]]:
    done = run(home, *arguments, "--json")
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def failed(home: Path, *arguments: object) -> FramegateError:
    done = run(home, *arguments)
    assert isinstance(done.exception, FramegateError), done.output
    return done.exception


def imported(home: Path, file: Path, *more: object) -> dict[str, Any]:
    usual = more or ("--category", "other")
    (answer,) = lines(home, "import", file, "--list", "bad", *usual)
    return answer


def test_a_list_goes_in_and_out_again(home: Path, file: Path, tmp_path: Path) -> None:
    answer = imported(home, file, "--category", "terrorism", "--expires", "30")
    assert (answer["list"], answer["entries"]) == ("bad", 5)
    assert answer["categories"] == ["known/terrorism"]
    assert answer["expires"] > answer["imported"]
    out = tmp_path / "out.txt"
    (exported,) = lines(home, "export", "bad", out)
    assert exported["file"] == str(out)
    assert sorted(out.read_text().splitlines()) == sorted(file.read_text().splitlines())
    assert [each.name for each in tmp_path.iterdir() if each.name.endswith(".part")] == []
    again = imported(home, out, "--category", "terrorism")
    assert again["expires"] == ""
    first = imported(home, file, "--category", "terrorism")
    assert first["digest"] == again["digest"] != answer["digest"]
    assert lines(home, "lists") == [first | {"confirmed": 0, "denied": 0}]


def test_opinions_are_kept_and_shown(home: Path, file: Path) -> None:
    imported(home, file)
    _, *entries = lines(home, "show", "bad")
    assert len(entries) == 5
    assert {each["opinion"] for each in entries} == {"unreviewed"}
    one, two = entries[0]["entry_id"], entries[1]["entry_id"]
    assert lines(home, "confirm", "bad", one)[0]["opinion"] == "confirmed"
    assert lines(home, "deny", "bad", two)[0]["opinion"] == "denied"
    (listed,) = lines(home, "lists")
    assert (listed["confirmed"], listed["denied"]) == (1, 1)
    assert "1 confirmed, 1 denied" in run(home, "lists").output
    imported(home, file)
    _, shown = lines(home, "show", "bad", "--opinion", "confirmed")
    assert shown["entry_id"] == one
    assert len(lines(home, "show", "bad", "--limit", "2")) == 3
    assert lines(home, "reopen", "bad", two)[0]["opinion"] == "unreviewed"
    assert len(lines(home, "show", "bad", "--opinion", "denied")) == 1


def test_every_change_is_on_record(home: Path, file: Path) -> None:
    answer = imported(home, file)
    entry = lines(home, "show", "bad")[1]["entry_id"]
    run(home, "confirm", "bad", entry)
    run(home, "deny", "bad", entry)
    run(home, "remove", "bad")
    with open_log(Settings(home=home)) as log:
        leaves = [each.document for each in log.entries()]
    assert [each.event for each in leaves if each] == [
        "known.imported",
        "known.confirmed",
        "known.denied",
        "known.removed",
    ]
    for each in leaves:
        assert each is not None
        assert each.details["digest"] == answer["digest"]
        assert (each.details["list"], each.details["entries"]) == ("bad", "5")


def test_a_person_is_told_in_words(home: Path, file: Path) -> None:
    assert "no list" in run(home, "lists").output
    assert (
        "bad: 5 entries"
        in run(
            home, "import", file, "--list", "bad", "--category", "child-abuse", "--expires", "3"
        ).output
    )
    assert "known/child-abuse" in run(home, "lists").output
    assert "until" in run(home, "show", "bad").output
    imported(home, file, "--allow")
    assert " allow " in run(home, "lists").output
    assert "removed" in run(home, "remove", "bad").output


@pytest.mark.parametrize(
    ("arguments", "reason", "field"),
    [
        (["export", "none", "out"], "HASH_LIST_UNKNOWN", "list_name"),
        (["show", "none"], "HASH_LIST_UNKNOWN", "list_name"),
        (["remove", "none"], "HASH_LIST_UNKNOWN", "list_name"),
        (["confirm", "none", "x"], "HASH_LIST_UNKNOWN", "list_name"),
        (["confirm", "bad", "x"], "HASH_UNKNOWN", "entry_id"),
        (["import", "FILE", "--list", "bad"], "INVALID_INPUT", "category"),
        (["import", "FILE", "--list", "bad", "--category", "other", "--allow"],
         "INVALID_INPUT", "category"),
        (["import", "FILE", "--list", "a b", "--category", "other"], "INVALID_INPUT", "list"),
        (["import", "FILE", "--list", "a" * 65, "--category", "other"], "INVALID_INPUT", "list"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(
    home: Path, file: Path, arguments: list[str], reason: str, field: str
) -> None:
    imported(home, file)
    given = [str(file) if each == "FILE" else each for each in arguments]
    error = failed(home, *given)
    assert (error.field, error.reason) == (field, reason)


def test_there_is_no_way_round_by_a_server(home: Path) -> None:
    done = CliRunner().invoke(root, ["--home", str(home), "--server", "x:1", "known", "lists"])
    assert isinstance(done.exception, FramegateError)
    assert done.exception.field == "server"


@pytest.mark.parametrize(
    ("content", "field", "limit"),
    [
        (b"", "lines", 1),
        (b"# only words\n", "lines", 1),
        (b"\xff\xfe\x00\x01" * 99, "lines[1]", "pdq or vpdq"),
        (b"pdq " + HASHES[0].encode() + b"\npdq \xff\n", "lines[2]", 64),
        (b"pdq " + HASHES[0].encode() + b"\n" + b"a" * 4_000_003, "lines[2]", 4_000_000),
        (b'{"type":"HASH_PDQ","should_delete":true,"indicator":"' + HASHES[0].encode() + b'"}',
         "entries", 1),
    ],
)  # fmt: skip
def test_a_bad_file_leaves_the_list_as_it_was(
    home: Path, file: Path, tmp_path: Path, content: bytes, field: str, limit: object
) -> None:
    before = imported(home, file)
    bad = tmp_path / "bad.txt"
    bad.write_bytes(content)
    error = failed(home, "import", bad, "--list", "bad", "--category", "other")
    assert (error.field, error.limit) == (field, limit)
    assert lines(home, "lists") == [before | {"confirmed": 0, "denied": 0}]
    with open_log(Settings(home=home)) as log:
        assert log.size == 1


def test_a_list_that_cannot_be_recorded_is_not_put_into_use(home: Path, file: Path) -> None:
    imported(home, file)
    with open_log(Settings(home=home)) as log:
        lists = HashLists(log)
        (listed,) = lists.lists()
        entries = list(lists.entries(listed))
        log.close()
        with pytest.raises(FramegateError):
            lists.put("bad", entries[:2])
        assert lists.lists() == [listed]


@pytest.mark.parametrize("days", ["0", "-1", "3651", "x"])
def test_days_have_a_range(home: Path, file: Path, days: str) -> None:
    done = run(home, "import", file, "--list", "bad", "--category", "other", "--expires", days)
    assert done.exit_code == 2
    assert "--expires" in done.output


def test_a_report_names_the_entry_and_shows_no_picture_of_child_abuse(
    home: Path, tmp_path: Path
) -> None:
    """The words of a page about such a clip may be passed on; its pictures may not."""
    clip = encoded(tmp_path / "clip.mp4", [scene(5, (256, 144))] * FPS)
    listed = tmp_path / "hash.txt"
    held = taken(clip, crops=False).frames
    listed.write_text(f"pdq {held.hashes[0].tobytes().hex()}\n")
    pages = {}
    for category in ("other", "child-abuse"):
        imported(home, listed, "--category", category)
        page = tmp_path / f"{category}.html"
        done = subprocess.run(
            [sys.executable, "-m", "moderation.cli", "--home", home, "review", "--json",
             "--report", page, clip],
            env=os.environ | {"FRAMEGATE_CACHE": str(CACHE)},
            capture_output=True, encoding="utf-8", timeout=180, check=False,
        )  # fmt: skip
        verdict = json.loads(done.stdout.splitlines()[0])
        assert done.returncode == {"other": 3, "child-abuse": 4}[category], done.stderr
        (found,) = (each for each in verdict["findings"] if each["source"] == "known-hashes")
        assert found["known"]["list"] == "bad"
        assert found["known"]["distance"] <= 31
        pages[category] = Parsed(page.read_bytes())
        told = pages[category].one("body").text
        assert found["known"]["entry_id"] in told
    assert pages["other"].all("p", **{"class": "note"}) == []
    (note,) = pages["child-abuse"].all("p", **{"class": "note"})
    assert "no pictures" in note.text
    assert "image/" in (tmp_path / "other.html").read_text()
    assert "data:image/" not in (tmp_path / "child-abuse.html").read_text()
