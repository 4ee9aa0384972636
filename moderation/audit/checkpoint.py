"""Signed checkpoints: what the log was at a size, in a form that others can check and keep.

The text is that of C2SP `tlog-checkpoint` inside a C2SP `signed-note` with an Ed25519 signature:

    <origin>
    <size, decimal>
    <root hash, base64>

    — <key name> <base64(key hash, 4 bytes || signature, 64 bytes)>

The key hash is the first four bytes of SHA-256(name || 0x0A || 0x01 || public key). The verifier
key is the one-line string `<name>+<key hash, hex>+<base64(0x01 || public key)>`, which any tool
of that family reads (Go's `sumdb/note`, `sigsum`, witnesses). Values here are immutable and
thread-safe.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from moderation.audit.errors import CheckpointInvalid
from moderation.audit.merkle import HASH_BYTES
from moderation.store.errors import KeyUnusable
from moderation.store.keyfiles import read_key_text, read_secret, write_public, write_secret

MAX_CHECKPOINT_BYTES = 8192
MAX_SIZE = 2**53
_ED25519 = b"\x01"
_KEY_BYTES = 32
_PRIVATE_PREFIX = "PRIVATE+KEY+"
_SIGNATURE_PREFIX = "\u2014 "
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}", re.ASCII)
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The claim of a log about itself: at this size it had this root.

    Attributes:
        origin: Name of the log, without scheme, for instance `framegate.example.org/audit`.
        size: Number of leaves, 0 to 2**53.
        root: Root hash, 32 bytes.
    """

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> str:
        """The text that is signed, with its final newline."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half of a log's key; it is all that an auditor needs beside a bundle.

    Attributes:
        name: Name of the key, which is the origin of the log.
        public: Ed25519 public key, 32 bytes.
    """

    name: str
    public: bytes

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read the one-line string form.

        Raises:
            KeyUnusable: If it is malformed or its key hash does not fit.
        """
        name, key_hash, encoded = _split_key(text)
        key = cls(name=name, public=_key_bytes(encoded))
        if key.hash.hex() != key_hash:
            raise KeyUnusable("the verifier key is malformed: its hash does not fit", field="key")
        return key

    @classmethod
    def load(cls, path: Path) -> VerifierKey:
        """Read a verifier key file.

        Raises:
            KeyUnusable: If it cannot be read or is malformed.
        """
        return cls.parse(read_key_text(path))

    @property
    def hash(self) -> bytes:
        """The four bytes by which a signature line names its key."""
        return _key_hash(self.name, self.public)

    def __str__(self) -> str:
        return f"{self.name}+{self.hash.hex()}+{_base64(_ED25519 + self.public)}"

    def open(self, note: str) -> Checkpoint:
        """Check a signed checkpoint and return what it says.

        Signature lines of other keys (witnesses) are allowed and ignored.

        Raises:
            CheckpointInvalid: If it is malformed, of another log, or not signed by this key.
        """
        checkpoint, signatures = parse_note(note)
        if checkpoint.origin != self.name:
            raise CheckpointInvalid("the checkpoint is of another log", field="checkpoint")
        mine = [data[4:] for name, data in signatures if (name, data[:4]) == (self.name, self.hash)]
        if not mine:
            raise CheckpointInvalid(
                "the checkpoint carries no signature of this key", field="checkpoint"
            )
        public = Ed25519PublicKey.from_public_bytes(self.public)
        try:
            for signature in mine:
                public.verify(signature, checkpoint.body.encode())
        except InvalidSignature as error:
            raise CheckpointInvalid(
                "the signature of the checkpoint is wrong", field="checkpoint"
            ) from error
        return checkpoint


class LogKey:
    """The key that signs the checkpoints of one log; thread-safe.

    In a folder it is two files: `log.key` (secret, mode 0600) and `log.pub` (the verifier key).
    """

    KEY_FILE = "log.key"
    VERIFIER_FILE = "log.pub"

    def __init__(self, name: str, seed: bytes) -> None:
        """Hold a key.

        Args:
            name: Name of the key and origin of the log: ASCII letters, digits and `._:/-`.
            seed: Ed25519 private seed, 32 bytes.
        """
        if not _NAME.fullmatch(name):
            raise KeyUnusable(
                "the origin of the log is 1 to 200 ASCII letters, digits or ._:/-",
                field="origin",
                limit=200,
            )
        self._seed = seed
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = VerifierKey(name, self._private.public_key().public_bytes_raw())

    @property
    def origin(self) -> str:
        """Name of the log that this key signs for."""
        return self.verifier.name

    @classmethod
    def init(cls, folder: Path, origin: str) -> LogKey:
        """Make a new key and store both halves in a folder.

        Raises:
            KeyUnusable: If there is one already, or the origin is not usable as a name.
        """
        key = cls(origin, Ed25519PrivateKey.generate().private_bytes_raw())
        public = key.verifier
        secret = f"{_PRIVATE_PREFIX}{origin}+{public.hash.hex()}+{_base64(_ED25519 + key._seed)}"
        write_secret(folder / cls.KEY_FILE, secret)
        write_public(folder / cls.VERIFIER_FILE, str(public))
        return key

    @classmethod
    def load(cls, folder: Path) -> LogKey:
        """Read the key of a folder.

        Raises:
            KeyUnusable: If it is missing, malformed, or its file is open to other users.
        """
        text = read_secret(folder / cls.KEY_FILE)
        if not text.startswith(_PRIVATE_PREFIX):
            raise KeyUnusable("the log key is malformed", field=cls.KEY_FILE)
        name, key_hash, encoded = _split_key(text.removeprefix(_PRIVATE_PREFIX))
        key = cls(name, _key_bytes(encoded))
        if key.verifier.hash.hex() != key_hash:
            raise KeyUnusable("the log key is malformed: its hash does not fit", field="key")
        return key

    def sign(self, size: int, root: bytes) -> str:
        """Sign what the log is at a size; returns the text of the signed note."""
        body = Checkpoint(self.origin, size, root).body
        signature = self._private.sign(body.encode())
        line = _base64(self.verifier.hash + signature)
        return f"{body}\n{_SIGNATURE_PREFIX}{self.origin} {line}\n"


def parse_note(note: str) -> tuple[Checkpoint, list[tuple[str, bytes]]]:
    """Take a signed checkpoint apart without checking any signature.

    Returns:
        What it claims, and its signature lines as (key name, key hash || signature).

    Raises:
        CheckpointInvalid: If it is not in the form that this module describes.
    """
    if len(note) > MAX_CHECKPOINT_BYTES:
        raise _malformed("it is too long")
    body, separator, signed = note.rpartition("\n\n")
    if not separator or not signed.endswith("\n"):
        raise _malformed("it has no signature block")
    lines = body.split("\n")
    if len(lines) != 3 or not _SIZE.fullmatch(lines[1]) or not _NAME.fullmatch(lines[0]):  # noqa: PLR2004
        raise _malformed("it is not origin, size and root")
    root = _debase64(lines[2])
    size = int(lines[1])
    if len(root) != HASH_BYTES or size > MAX_SIZE:
        raise _malformed("its size or root is out of range")
    signatures = [_signature(line) for line in signed[:-1].split("\n")]
    return Checkpoint(lines[0], size, root), signatures


def _signature(line: str) -> tuple[str, bytes]:
    name, separator, encoded = line.removeprefix(_SIGNATURE_PREFIX).partition(" ")
    data = _debase64(encoded)
    if not line.startswith(_SIGNATURE_PREFIX) or not separator or not name or len(data) <= 4:  # noqa: PLR2004
        raise _malformed("a signature line is wrong")
    return name, data


def _malformed(why: str) -> CheckpointInvalid:
    return CheckpointInvalid(f"the checkpoint is malformed: {why}", field="checkpoint")


def _key_hash(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def _split_key(text: str) -> tuple[str, str, str]:
    parts = text.strip().split("+", 2)
    if len(parts) != 3 or not _NAME.fullmatch(parts[0]):  # noqa: PLR2004
        raise KeyUnusable("the key is not of the form name+hash+base64", field="key")
    return parts[0], parts[1], parts[2]


def _key_bytes(encoded: str) -> bytes:
    try:
        data = _debase64(encoded)
    except CheckpointInvalid as error:
        raise KeyUnusable("the key is not valid base64", field="key") from error
    if len(data) != 1 + _KEY_BYTES or data[:1] != _ED25519:
        raise KeyUnusable("the key is not an Ed25519 key", field="key")
    return data[1:]


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _debase64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _malformed("a part is not base64") from error
    if _base64(data) != text:
        # Base64 leaves spare bits at the end; one text for one value keeps a note unmalleable.
        raise _malformed("a part is not canonical base64")
    return data
