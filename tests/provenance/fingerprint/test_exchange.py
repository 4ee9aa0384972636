"""Hash lists: what is written is read back; a bad line is named by its number and the limit."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.fingerprint.errors import HashListMalformed
from provenance.fingerprint.exchange import (
    MAX_HASHES_PER_CLIP,
    MAX_LINE_CHARS,
    entry_id,
    read_clip,
    read_file,
    read_list,
    write_clip,
    write_list,
)
from provenance.fingerprint.fingerprint import Marks
from provenance.fingerprint.records import KnownHash, Signal
from tests.provenance.fingerprint.pictures import marks, random_hashes

HEX = random_hashes(1)[0].tobytes().hex()
GOOD = f"pdq {HEX}"

hashes = st.binary(min_size=32, max_size=32)
features = st.lists(st.tuples(hashes, st.integers(0, 100), st.integers(0, 600_000)), min_size=1,
                    max_size=6)  # fmt: skip


def clip_marks(rows: list[tuple[bytes, int, int]]) -> Marks:
    ordered = sorted(rows, key=lambda row: row[2])
    times = np.array([at_ms for _, _, at_ms in ordered], np.int32)
    data = np.frombuffer(b"".join(each for each, _, _ in ordered), np.uint8).reshape(-1, 32)
    return Marks(times, times, data, np.array([quality for _, quality, _ in ordered], np.uint8))


def known(signal: Signal, held: Marks) -> KnownHash:
    name = entry_id(signal, held)
    return KnownHash(list_name="a", entry_id=name, signal=signal, marks=held)


def same(one: Marks, other: Marks) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in Marks.__slots__)


@given(st.lists(st.one_of(hashes, features), max_size=5))
def test_what_is_written_is_read_back(signals: list[bytes | list[tuple[bytes, int, int]]]) -> None:
    entries = [
        known(Signal.PDQ, clip_marks([(each, 100, 0)]))
        if isinstance(each, bytes)
        else known(Signal.VPDQ, clip_marks(each))
        for each in signals
    ]
    back = list(read_list(write_list(entries), list_name="a"))
    assert [each.entry_id for each in back] == [each.entry_id for each in entries]
    assert [each.signal for each in back] == [each.signal for each in entries]
    assert all(same(one.marks, two.marks) for one, two in zip(back, entries, strict=True))


@given(features)
def test_a_clips_file_is_read_back(rows: list[tuple[bytes, int, int]]) -> None:
    held = clip_marks(rows)
    assert same(read_clip(write_clip(held)), held)


def test_the_forms_that_others_write() -> None:
    feature = f"{HEX.upper()},97,1.5"
    lines = ["# of a test", "", f"pdq {HEX}\n", f'vpdq ["{feature}", "{HEX},3,0"]\r\n']
    first, second = read_list(lines, list_name="a", label="b", expires_ms=7, allowed=True)
    assert (first.list_name, first.label, first.expires_ms, first.allowed) == ("a", "b", 7, True)
    assert first.signal is Signal.PDQ
    assert first.marks.hashes[0].tobytes().hex() == HEX
    assert second.marks.start_ms.tolist() == [0, 1500]
    assert second.marks.quality.tolist() == [3, 97]
    (bare,) = read_list([HEX], list_name="a", signal=Signal.PDQ)
    assert bare.entry_id == first.entry_id
    assert read_clip([f"0, 100, {HEX}, 0.000", f"30,50,{HEX},1.001"]).start_ms.tolist() == [0, 1001]


@pytest.mark.parametrize(
    ("line", "limit", "actual"),
    [
        (f"pdq {HEX[:-1]}", 64, 63),
        (f"pdq {HEX[:-1]}g", 64, 64),
        (f"pdq {HEX}00", 64, 66),
        ("pdq", 64, 0),
        ("md5 00", "pdq or vpdq", "md5"),
        (HEX, "pdq or vpdq", HEX),
        ("vpdq", "JSON", ""),
        ("vpdq [", "JSON", "["),
        ("vpdq " + "[" * 100_000, "JSON", "[" * 64),
        ("vpdq {}", "strings", "{}"),
        ("vpdq [1]", "strings", "[1]"),
        ("vpdq []", 1, 0),
        (f'vpdq ["{HEX},100"]', 3, 2),
        (f'vpdq ["{HEX},101,0"]', 100, "101"),
        (f'vpdq ["{HEX},-1,0"]', 100, "-1"),
        (f'vpdq ["{HEX},1.5,0"]', 100, "1.5"),
        (f'vpdq ["{HEX},100,nan"]', 86_400, "nan"),
        (f'vpdq ["{HEX},100,inf"]', 86_400, "inf"),
        (f'vpdq ["{HEX},100,-1"]', 86_400, "-1"),
        (f'vpdq ["{HEX},100,86401"]', 86_400, "86401"),
        (f'vpdq ["{HEX},100,1e99"]', 86_400, "1e99"),
    ],
)
def test_a_bad_line_is_named(line: str, limit: object, actual: object) -> None:
    with pytest.raises(HashListMalformed) as caught:
        list(read_list([GOOD, "", line, GOOD], list_name="a"))
    assert caught.value.message.startswith("line 3: ")
    assert (caught.value.field, caught.value.limit) == ("lines[3]", limit)
    assert caught.value.actual == actual


@pytest.mark.parametrize(
    ("lines", "field", "limit"),
    [
        ([f"0,100,{HEX}"], "lines[1]", 4),
        ([f"0,100,{HEX},0", f"x,100,{HEX},0"], "lines[2]", 0),
        ([f"0,100,{HEX[2:]},0"], "lines[1]", 64),
        (["", "#"], "lines", 1),
    ],
)
def test_a_bad_line_of_a_clip_is_named(lines: list[str], field: str, limit: object) -> None:
    with pytest.raises(HashListMalformed) as caught:
        read_clip(lines)
    assert (caught.value.field, caught.value.limit) == (field, limit)


def test_a_clip_has_not_too_many_hashes() -> None:
    many = json.dumps([f"{HEX},100,0"] * (MAX_HASHES_PER_CLIP + 1))
    with pytest.raises(HashListMalformed, match="line 1: a clip has too many hashes"):
        list(read_list([f"vpdq {many}"], list_name="a"))


@pytest.mark.parametrize(
    ("given_names", "field"),
    [({"list_name": ""}, "list_name"), ({"list_name": "a" * 65}, "list_name"),
     ({"list_name": "a", "label": "b" * 129}, "label")],
)  # fmt: skip
def test_names_have_a_length(given_names: dict[str, Any], field: str) -> None:
    with pytest.raises(HashListMalformed) as caught:
        list(read_list([], **given_names))
    assert caught.value.field == field


@settings(max_examples=200)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=80),
            st.text(alphabet='0123456789abcdefpdqv, "[]{}.-', max_size=120),
            st.just(GOOD),
            st.sampled_from([f'vpdq ["{HEX},1,1"]', "vpdq " + '"' * 9]),
        ),
        max_size=6,
    )
)
def test_any_text_is_read_or_refused(lines: list[str]) -> None:
    """Nothing but the one error comes out, and it names a line that is there."""
    try:
        entries = list(read_list(lines, list_name="a"))
    except HashListMalformed as error:
        number = int(error.message.removeprefix("line ").partition(":")[0])
        assert 1 <= number <= len(lines)
        assert error.limit is not None
    else:
        assert all(len(each.marks) for each in entries)


def test_the_id_follows_from_the_signal() -> None:
    one, two = marks(random_hashes(2)), marks(random_hashes(2), [0, 999])
    assert entry_id(Signal.VPDQ, one) == entry_id(Signal.VPDQ, marks(random_hashes(2)))
    assert len({entry_id(Signal.PDQ, one), entry_id(Signal.VPDQ, one), entry_id(Signal.VPDQ, two)})\
        == 3  # fmt: skip


def read(text: str) -> list[KnownHash]:
    return list(read_file(io.StringIO(text), list_name="a", category="known/other"))


INDICATOR = {"id": "1", "type": "HASH_PDQ", "indicator": HEX, "tags": ["x"]}


@pytest.mark.parametrize(
    ("text", "signal", "count"),
    [
        (f"# of a test\n\n{GOOD}\n", Signal.PDQ, 1),
        (f"{HEX}\n{HEX[:-1]}0\n", Signal.PDQ, 2),
        (f"{HEX},97,picture, of a dog.jpg\n", Signal.PDQ, 1),
        (f'["{HEX},97,0.000", "{HEX[::-1]},50,1.000"]\n', Signal.VPDQ, 1),
        (f"0,100,{HEX},0.000\n30,50,{HEX[::-1]},1.001", Signal.VPDQ, 1),
        (json.dumps(INDICATOR), Signal.PDQ, 1),
        (json.dumps(INDICATOR) + "\n" + json.dumps(INDICATOR | {"should_delete": True}),
         Signal.PDQ, 1),
    ],
)  # fmt: skip
def test_the_form_of_a_file_is_told_by_its_first_line(
    text: str, signal: Signal, count: int
) -> None:
    entries = read(text)
    assert [each.signal for each in entries] == [signal] * count
    assert {each.category for each in entries} == {"known/other"}
    again = read("".join(write_list(entries)))
    assert [each.entry_id for each in again] == [each.entry_id for each in entries]


def test_the_quality_of_a_picture_is_kept() -> None:
    (found,) = read(f"{HEX},49,a.jpg")
    assert found.marks.quality.tolist() == [49]


@pytest.mark.parametrize(
    ("text", "field", "limit"),
    [
        ("", "lines", 1),
        ("# nothing\n\n", "lines", 1),
        ("\x00\x01\ufffd", "lines[1]", "pdq or vpdq"),
        (f"{GOOD}\n\ufffd", "lines[2]", "pdq or vpdq"),
        ("hash,quality\n", "lines[1]", "pdq or vpdq"),
        (f"{HEX},101,a.jpg", "lines[1]", 100),
        (f"0,100,{HEX},0.0\n1,100,{HEX}", "lines[2]", 4),
        (json.dumps(INDICATOR | {"type": "HASH_MD5"}), "lines[1]", "HASH_PDQ"),
        (json.dumps(INDICATOR | {"indicator": 7}), "lines[1]", 64),
        (json.dumps(INDICATOR)[:-1], "lines[1]", "JSON"),
        (f"{GOOD}\n" + "a" * (MAX_LINE_CHARS + 9), "lines[2]", MAX_LINE_CHARS),
    ],
)
def test_a_bad_file_is_named(text: str, field: str, limit: object) -> None:
    with pytest.raises(HashListMalformed) as caught:
        read(text)
    assert (caught.value.field, caught.value.limit) == (field, limit)


def test_a_line_without_an_end_is_not_read_whole() -> None:
    class Endless(io.StringIO):
        """A file of one line that never ends."""

        asked = 0

        def readline(self, size: int | None = -1, /) -> str:
            assert size is not None
            assert size > 0
            self.asked += size
            return "a" * size

    file = Endless()
    with pytest.raises(HashListMalformed, match="too many characters"):
        list(read_file(file, list_name="a"))
    assert file.asked <= 2 * MAX_LINE_CHARS


@settings(max_examples=150)
@given(st.text(alphabet='0123456789abcdefpdqv, "[]{}.-\n:#\x00\ufffd', max_size=200))
def test_any_file_is_read_or_refused(text: str) -> None:
    try:
        entries = read(text)
    except HashListMalformed as error:
        assert error.field.startswith("lines")
    else:
        assert entries
