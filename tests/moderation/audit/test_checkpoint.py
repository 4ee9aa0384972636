from __future__ import annotations

import base64
import hashlib
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.audit.checkpoint import LogKey, VerifierKey, parse_note
from moderation.audit.errors import CheckpointInvalid
from moderation.store.errors import KeyUnusable

ROOT = hashlib.sha256(b"root").digest()
KEY = LogKey("framegate.example/audit", b"\x07" * 32)
NOTE = KEY.sign(12_345, ROOT)

# The verifier key and note that golang.org/x/mod/sumdb/note documents as its example.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
GO_SIGNATURE = (
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
)


def test_key_and_signature_are_those_of_the_go_tools() -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    key = VerifierKey.parse(GO_KEY)
    assert str(key) == GO_KEY
    data = base64.b64decode(GO_SIGNATURE)
    assert data[:4] == key.hash
    Ed25519PublicKey.from_public_bytes(key.public).verify(data[4:], GO_TEXT.encode())


def test_form() -> None:
    lines = NOTE.split("\n")
    assert lines[:4] == ["framegate.example/audit", "12345", base64.b64encode(ROOT).decode(), ""]
    assert lines[4].startswith("\u2014 framegate.example/audit ")
    assert lines[5:] == [""]
    opened = KEY.verifier.open(NOTE)
    assert (opened.origin, opened.size, opened.root) == ("framegate.example/audit", 12_345, ROOT)


def test_signature_lines_of_witnesses_are_ignored() -> None:
    witness = LogKey("witness.example", b"\x08" * 32).sign(1, ROOT).splitlines()[-1]
    assert KEY.verifier.open(f"{NOTE}{witness}\n").size == 12_345
    head, mine = NOTE[: NOTE.index("\n\n") + 2], NOTE.splitlines()[-1]
    assert KEY.verifier.open(f"{head}{witness}\n{mine}\n").size == 12_345


@given(place=st.integers(0, len(NOTE.encode()) - 1), bit=st.integers(0, 7))
def test_no_bit_can_be_flipped(place: int, bit: int) -> None:
    data = bytearray(NOTE.encode())
    data[place] ^= 1 << bit
    with pytest.raises(CheckpointInvalid):
        KEY.verifier.open(data.decode("utf-8", "replace"))


@given(st.text())
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(CheckpointInvalid):
        parse_note(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12345", "012345"),
        ("12345", "-1"),
        ("12345", "1e3"),
        ("12345", "99999999999999999"),
        ("12345", "١٢"),
        ("\n\n", "\nextension\n\n"),
        ("framegate.example/audit\n", "other.example\n"),
    ],
)
def test_a_changed_body_is_refused(old: str, new: str) -> None:
    with pytest.raises(CheckpointInvalid):
        KEY.verifier.open(NOTE.replace(old, new, 1))


def test_another_key_of_the_same_name_is_refused() -> None:
    other = LogKey("framegate.example/audit", b"\x09" * 32)
    with pytest.raises(CheckpointInvalid, match="no signature"):
        other.verifier.open(NOTE)


def test_a_too_long_note_is_refused() -> None:
    with pytest.raises(CheckpointInvalid, match="too long"):
        parse_note(NOTE + "x" * 10_000)


def test_key_files(tmp_path: Path) -> None:
    made = LogKey.init(tmp_path / "keys", "a.example")
    loaded = LogKey.load(tmp_path / "keys")
    assert loaded.sign(1, ROOT) == made.sign(1, ROOT)
    assert VerifierKey.load(tmp_path / "keys" / LogKey.VERIFIER_FILE) == made.verifier
    assert stat.S_IMODE((tmp_path / "keys" / LogKey.KEY_FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    with pytest.raises(KeyUnusable, match="never replaced"):
        LogKey.init(tmp_path / "keys", "a.example")


def test_a_key_open_to_others_is_refused(tmp_path: Path) -> None:
    LogKey.init(tmp_path, "a.example")
    (tmp_path / LogKey.KEY_FILE).chmod(0o640)
    with pytest.raises(KeyUnusable, match="0600"):
        LogKey.load(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a+b",
        "a.example+00000000+AAAA",
        "PRIVATE+KEY+a.example+00000000+" + base64.b64encode(b"\x01" + b"\x01" * 32).decode(),
        "PRIVATE+KEY+a b+00000000+" + base64.b64encode(b"\x01" + b"\x01" * 32).decode(),
        "PRIVATE+KEY+a.example+00000000+" + base64.b64encode(b"\x02" + b"\x01" * 32).decode(),
        "x" * 5000,
    ],
)
def test_a_malformed_key_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / LogKey.KEY_FILE
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(KeyUnusable):
        LogKey.load(tmp_path)


def test_a_missing_key_and_a_bad_origin_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyUnusable, match="cannot be read"):
        LogKey.load(tmp_path)
    for origin in ("", "a+b", "a b", "a\nb", "x" * 201, "ä"):
        with pytest.raises(KeyUnusable, match="origin"):
            LogKey.init(tmp_path, origin)
