"""The folder of watermark keys: made, read, retired, leaked; bad files are refused by name."""

from __future__ import annotations

import os
import stat
import string
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provenance.watermark import keyfiles
from provenance.watermark.errors import WatermarkKeyMissing, WatermarkKeyUnusable
from provenance.watermark.keys import KeyState, WatermarkKey

DAY = datetime(2026, 11, 21, tzinfo=UTC)
SECRET = "ab" * 32
STATES = (KeyState.ACTIVE, KeyState.RETIRED, KeyState.LEAKED)


def _put(keys: Path, text: str | bytes, name: str = "first.toml", mode: int = 0o600) -> Path:
    path = keys / keyfiles.FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    path.chmod(mode)
    return path


def test_no_folder_means_no_keys(tmp_path: Path) -> None:
    assert keyfiles.load(tmp_path) == ()
    with pytest.raises(WatermarkKeyMissing, match="framegate keys watermark new"):
        keyfiles.active(())


def test_a_new_key_is_read_back_and_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    key = keyfiles.new(tmp_path, DAY)
    assert key.id.startswith("wm-20261121-")
    assert keyfiles.load(tmp_path) == (key,)
    assert keyfiles.active(keyfiles.load(tmp_path)) == key
    folder = tmp_path / keyfiles.FOLDER
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert keyfiles.new(tmp_path, DAY).secret != key.secret


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
def test_a_file_that_is_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    _put(tmp_path, f'secret = "{SECRET}"', mode=mode)
    with pytest.raises(WatermarkKeyUnusable, match="0600") as caught:
        keyfiles.load(tmp_path)
    assert caught.value.field == "first.toml"


BAD: dict[str, str | bytes] = {
    "empty": "",
    "no TOML": "secret: abc",
    "no UTF-8": b'secret = "\xff"',
    "no secret": 'state = "active"',
    "no hex": f'secret = "{"zz" * 32}"',
    "odd hex": f'secret = "{SECRET[1:]}"',
    "number": "secret = 5",
    "unknown state": f'secret = "{SECRET}"\nstate = "lost"',
    "unknown field": f'secret = "{SECRET}"\nstates = "active"',
    "twice": f'secret = "{SECRET}"\nsecret = "{SECRET}"',
    "large": f'secret = "{SECRET}"\n#' + "x" * 5000,
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_by_name_and_show_no_secret(tmp_path: Path, name: str) -> None:
    keyfiles.new(tmp_path, DAY)
    _put(tmp_path, BAD[name], "second.toml")
    with pytest.raises(WatermarkKeyUnusable) as caught:
        keyfiles.load(tmp_path)
    assert caught.value.field == "second.toml"
    assert SECRET[:8] not in str(caught.value)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_secrets_of_another_length_are_refused(tmp_path: Path, length: int) -> None:
    _put(tmp_path, f'secret = "{"ab" * length}"')
    with pytest.raises(WatermarkKeyUnusable) as caught:
        keyfiles.load(tmp_path)
    assert caught.value.field == "first.toml"
    assert (caught.value.limit, caught.value.actual) == (32, length)


def test_a_file_whose_name_is_no_id_is_refused(tmp_path: Path) -> None:
    _put(tmp_path, f'secret = "{SECRET}"', "First Key.toml")
    with pytest.raises(WatermarkKeyUnusable) as caught:
        keyfiles.load(tmp_path)
    assert caught.value.field == "First Key.toml"


def test_what_is_no_key_file_is_passed_over(tmp_path: Path) -> None:
    key = keyfiles.new(tmp_path, DAY)
    _put(tmp_path, "not TOML", "README")
    _put(tmp_path, "not TOML", "old.toml.bak", 0o644)
    assert keyfiles.load(tmp_path) == (key,)


def test_a_folder_or_a_dangling_link_in_a_keys_place_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / keyfiles.FOLDER
    (folder / "a.toml").mkdir(parents=True)
    with pytest.raises(WatermarkKeyUnusable):
        keyfiles.load(tmp_path)
    (folder / "a.toml").rmdir()
    (folder / "b.toml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(WatermarkKeyUnusable) as caught:
        keyfiles.load(tmp_path)
    assert caught.value.field == "b.toml"


def test_there_is_a_limit_to_keys(tmp_path: Path) -> None:
    for number in range(keyfiles.MAX_KEYS):
        _put(tmp_path, f'secret = "{SECRET}"', f"key-{number}.toml")
    assert len(keyfiles.load(tmp_path)) == keyfiles.MAX_KEYS
    _put(tmp_path, f'secret = "{SECRET}"', "one-more.toml")
    with pytest.raises(WatermarkKeyUnusable) as caught:
        keyfiles.load(tmp_path)
    assert (caught.value.limit, caught.value.actual) == (
        keyfiles.MAX_KEYS,
        keyfiles.MAX_KEYS + 1,
    )


def test_the_last_active_key_marks(tmp_path: Path) -> None:
    for name in ("wm-20250101-a", "wm-20261121-b", "wm-20270101-c"):
        _put(tmp_path, f'secret = "{SECRET}"', f"{name}.toml")
    assert keyfiles.active(keyfiles.load(tmp_path)).id == "wm-20270101-c"
    keyfiles.turn(tmp_path, "wm-20270101-c", KeyState.RETIRED)
    assert keyfiles.active(keyfiles.load(tmp_path)).id == "wm-20261121-b"
    keyfiles.turn(tmp_path, "wm-20261121-b", KeyState.LEAKED)
    keyfiles.turn(tmp_path, "wm-20250101-a", KeyState.RETIRED)
    with pytest.raises(WatermarkKeyMissing):
        keyfiles.active(keyfiles.load(tmp_path))
    assert len(keyfiles.load(tmp_path)) == 3


@pytest.mark.parametrize("start", STATES)
@pytest.mark.parametrize("to", STATES)
def test_a_key_never_becomes_worth_more_than_it_is(
    tmp_path: Path, start: KeyState, to: KeyState
) -> None:
    path = _put(tmp_path, f'secret = "{SECRET}"\nstate = "{start}"')
    if STATES.index(to) < STATES.index(start):
        with pytest.raises(WatermarkKeyUnusable) as caught:
            keyfiles.turn(tmp_path, "first", to)
        assert caught.value.actual == start.value
        assert keyfiles.load(tmp_path)[0].state is start
        return
    assert keyfiles.turn(tmp_path, "first", to).state is to
    (read,) = keyfiles.load(tmp_path)
    assert read == WatermarkKey("first", bytes.fromhex(SECRET), to)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("key_id", ["second", "", "../first", "first.toml"])
def test_keys_that_are_not_there_cannot_be_turned(tmp_path: Path, key_id: str) -> None:
    _put(tmp_path, f'secret = "{SECRET}"')
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(WatermarkKeyMissing):
        keyfiles.turn(tmp_path, key_id, KeyState.RETIRED)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_key_is_exchanged_in_one_step(tmp_path: Path) -> None:
    """Who has the file open while it is turned reads the old key whole."""
    key = keyfiles.new(tmp_path, DAY)
    path = tmp_path / keyfiles.FOLDER / f"{key.id}.toml"
    with path.open() as before:
        keyfiles.turn(tmp_path, key.id, KeyState.LEAKED)
        assert 'state = "active"' in before.read()
    assert 'state = "leaked"' in path.read_text()
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_nothing_is_left_of_a_write_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = keyfiles.new(tmp_path, DAY)

    def full(_: int) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        keyfiles.turn(tmp_path, key.id, KeyState.LEAKED)
    monkeypatch.undo()
    assert keyfiles.load(tmp_path) == (key,)
    assert len(list((tmp_path / keyfiles.FOLDER).iterdir())) == 1


_texts = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(str.encode),
    st.builds(
        '{} = "{}"\n{}'.format,
        st.sampled_from(["secret", "state", "Secret"]),
        st.text(string.hexdigits, min_size=60, max_size=68),
        st.sampled_from(["", 'state = "retired"', 'state = "x"', "state = 1"]),
    ).map(str.encode),
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_texts)
def test_any_bytes_are_a_key_or_an_error_of_ours(tmp_path: Path, text: bytes) -> None:
    _put(tmp_path, text)
    try:
        (key,) = keyfiles.load(tmp_path)
    except WatermarkKeyUnusable as error:
        assert error.field == "first.toml"
        return
    assert len(key.secret) == 32


_steps = st.lists(st.sampled_from(STATES), max_size=6)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_steps)
def test_a_state_is_the_worst_that_was_ever_said(tmp_path: Path, steps: list[KeyState]) -> None:
    _put(tmp_path, f'secret = "{SECRET}"')
    worst: Callable[[KeyState], int] = STATES.index
    expected = KeyState.ACTIVE
    for to in steps:
        if worst(to) < worst(expected):
            with pytest.raises(WatermarkKeyUnusable):
                keyfiles.turn(tmp_path, "first", to)
            continue
        expected = to
        keyfiles.turn(tmp_path, "first", to)
    assert keyfiles.load(tmp_path)[0].state is expected
