from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import InvalidInput
from moderation.store.errors import KeyUnusable, PayloadUnreadable
from moderation.store.subjects import (
    MasterKey,
    Sealed,
    SubjectKey,
    check_subject,
    seal,
    unseal,
)

MASTER = MasterKey(b"\x01" * 32)
KEY = SubjectKey("a" * 32, b"\x02" * 32)


@given(payload=st.binary(max_size=200), index=st.integers(0, 2**53), data=st.data())
def test_a_payload_opens_only_where_it_belongs(
    payload: bytes, index: int, data: st.DataObject
) -> None:
    sealed = seal(KEY, index, payload)
    assert unseal(KEY, index, sealed) == payload
    place = data.draw(st.integers(0, len(sealed.ciphertext) - 1))
    flipped = bytearray(sealed.ciphertext)
    flipped[place] ^= 1 << data.draw(st.integers(0, 7))
    for key, at, given_ in (
        (KEY, index + 1, sealed),
        (SubjectKey("b" * 32, KEY.secret), index, sealed),
        (SubjectKey(KEY.id, b"\x03" * 32), index, sealed),
        (KEY, index, Sealed(sealed.nonce, bytes(flipped))),
        (KEY, index, Sealed(bytes(12), sealed.ciphertext)),
        (KEY, index, Sealed(b"", b"")),
    ):
        with pytest.raises(PayloadUnreadable):
            unseal(key, at, given_)


def test_the_same_payload_never_looks_the_same() -> None:
    assert seal(KEY, 1, b"x").digest != seal(KEY, 1, b"x").digest


def test_wrapping() -> None:
    wrapped = MASTER.wrap(KEY)
    assert MASTER.unwrap(KEY.id, wrapped) == KEY
    assert KEY.secret not in wrapped
    for master, key_id, data in (
        (MasterKey(b"\x04" * 32), KEY.id, wrapped),
        (MASTER, "b" * 32, wrapped),
        (MASTER, KEY.id, wrapped[:-1]),
        (MASTER, KEY.id, b""),
    ):
        with pytest.raises(KeyUnusable):
            master.unwrap(key_id, data)


def test_tags_depend_on_the_master_key() -> None:
    assert MASTER.tag("user-1") == MasterKey(b"\x01" * 32).tag("user-1")
    assert MASTER.tag("user-1") != MASTER.tag("user-2")
    assert MASTER.tag("user-1") != MasterKey(b"\x04" * 32).tag("user-1")


def test_secrets_are_not_shown() -> None:
    assert "secret" not in repr(KEY)
    assert str(KEY.secret) not in repr(KEY)


def test_the_key_file(tmp_path: Path) -> None:
    made = MasterKey.init(tmp_path / "keys")
    path = tmp_path / "keys" / MasterKey.FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert MasterKey.load(tmp_path / "keys").tag("x") == made.tag("x")
    with pytest.raises(KeyUnusable):
        MasterKey.init(tmp_path / "keys")
    for text in ("zz", "00" * 31, ""):
        path.write_text(text)
        with pytest.raises(KeyUnusable):
            MasterKey.load(tmp_path / "keys")
    path.chmod(0o644)
    with pytest.raises(KeyUnusable):
        MasterKey.load(tmp_path / "keys")


def test_subjects() -> None:
    for subject in ("", "user-1", "A.b_c:d-9", "x" * 64):
        assert check_subject(subject) == subject
    for subject in ("x" * 65, "a b", "a\n", "ü", "a@b"):
        with pytest.raises(InvalidInput) as caught:
            check_subject(subject)
        assert caught.value.limit == 64
