"""One key for each subject, so that a person's prompts can be made unreadable without a trace.

A subject is the caller's pseudonym for a user. Its payloads are encrypted with AES-256-GCM under
a random key of its own; that key lies in the database only wrapped by the master key of the keys
folder, and the pseudonym itself only as a keyed hash. Erasing a subject removes the wrapped key
and the keyed hash: what was encrypted stays where it is, unreadable, and every proof over it
still holds.

A payload that comes without a subject gets a fresh key for itself alone. A shared key for all
nameless payloads could never be destroyed for one of them; this way a single record can be erased
by its leaf index, and nothing links two nameless records.

Unwrapped keys are never kept: each use reads the row in its own transaction, so an erasure by any
process takes effect with the next transaction. Copies of the database made before an erasure still
hold the wrapped key; whoever keeps backups must let them expire.

Values and functions are thread-safe; cursors and connections belong to one thread.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.engine import Dialect

from media.errors import InvalidInput
from moderation.store.database import Cursor, Prepared
from moderation.store.effects import Effect, Leaf
from moderation.store.errors import KeyUnusable, PayloadUnreadable, SubjectUnknown
from moderation.store.keyfiles import read_secret, write_secret
from moderation.store.schema import answers, payloads, prompt_verdicts, subjects

MAX_SUBJECT_CHARS = 64
MAX_PAYLOAD_BYTES = 262_144
_SUBJECT = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)
_KEY_BYTES = 32
_NONCE_BYTES = 12


def check_subject(subject: str) -> str:
    """Return the caller's pseudonym of a user, "" for none.

    Raises:
        InvalidInput: If it is not at most 64 ASCII letters, digits or `._:-`.
    """
    if subject and not _SUBJECT.fullmatch(subject):
        raise InvalidInput(
            "the subject is at most 64 ASCII letters, digits or ._:- ; send a pseudonym",
            field="subject",
            limit=MAX_SUBJECT_CHARS,
            actual=len(subject),
        )
    return subject


@dataclass(frozen=True, slots=True)
class SubjectKey:
    """A subject's key while it is in use.

    Attributes:
        id: Random id, 32 hex digits; it stands in leaves and says nothing about the subject.
        secret: The unwrapped key, 32 bytes; never logged, never kept.
    """

    id: str
    secret: bytes

    def __repr__(self) -> str:
        return f"SubjectKey(id={self.id!r})"


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted payload: the GCM nonce (12 bytes) and ciphertext with its tag (16 bytes)."""

    nonce: bytes
    ciphertext: bytes

    @property
    def digest(self) -> str:
        """SHA-256 over nonce and ciphertext, hex: the commitment that the leaf carries."""
        return hashlib.sha256(self.nonce + self.ciphertext).hexdigest()


class MasterKey:
    """The key that wraps all subjects' keys; thread-safe.

    In the keys folder it is the file `subjects.key` (mode 0600). Whoever loses it has erased
    everybody; whoever steals it together with the database can read every payload.
    """

    FILE = "subjects.key"

    def __init__(self, secret: bytes) -> None:
        """Hold a master key of 32 random bytes."""
        if len(secret) != _KEY_BYTES:
            raise KeyUnusable("the master key is not 32 bytes", field=self.FILE, limit=_KEY_BYTES)
        self._secret = secret
        self._wrapping = AESGCM(self._derive(b"wrap"))
        self._tagging = self._derive(b"tag")

    @classmethod
    def init(cls, folder: Path) -> MasterKey:
        """Make a new master key and store it in a folder.

        Raises:
            KeyUnusable: If there is one already.
        """
        key = cls(secrets.token_bytes(_KEY_BYTES))
        write_secret(folder / cls.FILE, key._secret.hex())
        return key

    @classmethod
    def load(cls, folder: Path) -> MasterKey:
        """Read the master key of a folder.

        Raises:
            KeyUnusable: If it is missing, malformed, or its file is open to other users.
        """
        try:
            return cls(bytes.fromhex(read_secret(folder / cls.FILE)))
        except ValueError as error:
            raise KeyUnusable("the master key is malformed", field=cls.FILE) from error

    def tag(self, subject: str) -> bytes:
        """Name under which a subject is found in the database: keyed BLAKE2b, 32 bytes."""
        return hashlib.blake2b(subject.encode(), key=self._tagging, digest_size=32).digest()

    def wrap(self, key: SubjectKey) -> bytes:
        """Encrypt a subject's key, bound to its id."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._wrapping.encrypt(nonce, key.secret, key.id.encode())

    def unwrap(self, key_id: str, wrapped: bytes) -> SubjectKey:
        """Decrypt a subject's key.

        Raises:
            KeyUnusable: If it was wrapped by another master key or for another id.
        """
        try:
            nonce, sealed = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
            return SubjectKey(key_id, self._wrapping.decrypt(nonce, sealed, key_id.encode()))
        except (InvalidTag, ValueError) as error:
            raise KeyUnusable(
                "the master key does not belong to this database", field=self.FILE
            ) from error

    def _derive(self, use: bytes) -> bytes:
        return hmac.digest(self._secret, b"framegate.subjects/1 " + use, "sha256")


def seal(key: SubjectKey, leaf_index: int, payload: bytes) -> Sealed:
    """Encrypt a payload, bound to its subject and to its place in the log."""
    nonce = os.urandom(_NONCE_BYTES)
    ciphertext = AESGCM(key.secret).encrypt(nonce, payload, _context(key.id, leaf_index))
    return Sealed(nonce, ciphertext)


def unseal(key: SubjectKey, leaf_index: int, sealed: Sealed) -> bytes:
    """Decrypt a payload.

    Raises:
        PayloadUnreadable: If it was altered, or sealed for another leaf or subject.
    """
    try:
        cipher = AESGCM(key.secret)
        return cipher.decrypt(sealed.nonce, sealed.ciphertext, _context(key.id, leaf_index))
    except (InvalidTag, ValueError) as error:
        raise PayloadUnreadable(
            "the payload was altered or belongs to another leaf", field="leaf_index"
        ) from error


def _context(key_id: str, leaf_index: int) -> bytes:
    return f"framegate.payload/1 {key_id} {leaf_index}".encode()


class SubjectKeys:
    """Finds or makes the key of a subject inside a running transaction."""

    def __init__(self, master: MasterKey, dialect: Dialect) -> None:
        self._master = master
        self._find = Prepared(
            select(subjects.c.subject_key, subjects.c.wrapped_key).where(
                subjects.c.tag == bindparam("tag")
            ),
            dialect,
        )
        self._insert = Prepared(
            insert(subjects).values({name: bindparam(name) for name in _INSERTED}),
            dialect,
        )

    def resolve(self, cursor: Cursor, subject: str, now_ms: int) -> SubjectKey:
        """Give the key of a subject, made now if it has none; "" always makes a new one."""
        tag = self._master.tag(subject) if subject else None
        if tag is not None:
            self._find.execute(cursor, tag=tag)
            row = cursor.fetchone()
            if row is not None:
                return self._master.unwrap(row[0], bytes(row[1]))
        key = SubjectKey(secrets.token_hex(16), secrets.token_bytes(_KEY_BYTES))
        self._insert.execute(
            cursor,
            subject_key=key.id,
            tag=tag,
            wrapped_key=self._master.wrap(key),
            created_ms=now_ms,
        )
        return key


_INSERTED = ("subject_key", "tag", "wrapped_key", "created_ms")


def find_subject(connection: Connection, master: MasterKey, subject: str) -> str:
    """Give the id of the key that a subject has now.

    Raises:
        SubjectUnknown: If it has none.
    """
    query = select(subjects.c.subject_key).where(subjects.c.tag == master.tag(subject))
    key_id = connection.execute(query).scalar()
    if key_id is None:
        raise SubjectUnknown("no key is held for this subject", field="subject")
    return str(key_id)


def payload_subject(connection: Connection, leaf_index: int) -> str:
    """Give the id of the key that the payload of a leaf is encrypted under.

    Raises:
        PayloadUnreadable: If the leaf has no payload.
    """
    query = select(payloads.c.subject_key).where(payloads.c.leaf_index == leaf_index)
    key_id = connection.execute(query).scalar()
    if key_id is None:
        raise PayloadUnreadable("this leaf has no payload", field="leaf_index")
    return str(key_id)


def read_payload(connection: Connection, master: MasterKey, leaf_index: int) -> bytes:
    """Decrypt the payload of a leaf.

    Raises:
        PayloadUnreadable: If the leaf has none, its subject was erased, or it was altered.
        KeyUnusable: If the master key is not that of this database.
    """
    query = (
        select(
            payloads.c.subject_key,
            payloads.c.nonce,
            payloads.c.ciphertext,
            subjects.c.wrapped_key,
        )
        .join_from(payloads, subjects, payloads.c.subject_key == subjects.c.subject_key)
        .where(payloads.c.leaf_index == leaf_index)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise PayloadUnreadable("this leaf has no payload", field="leaf_index")
    if row.wrapped_key is None:
        raise PayloadUnreadable("the subject of this payload was erased", field="leaf_index")
    key = master.unwrap(row.subject_key, row.wrapped_key)
    return unseal(key, leaf_index, Sealed(row.nonce, row.ciphertext))


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What an erasure made unreadable (payloads) or removed (the rest), as counts of records."""

    payload_count: int
    verdict_count: int
    answer_count: int


def forget(key_id: str, now_ms: int) -> Effect[Forgotten]:
    """Make the effect that destroys a subject's key and what is stored beside the log about it.

    The effect raises SubjectUnknown when the key was destroyed already.
    """

    def run(connection: Connection, _leaf: Leaf) -> Forgotten:
        erased = connection.execute(
            update(subjects)
            .where(subjects.c.subject_key == key_id, subjects.c.wrapped_key.is_not(None))
            .values(wrapped_key=None, tag=None, erased_ms=now_ms)
        )
        if erased.rowcount != 1:
            raise SubjectUnknown("no key is held for this subject", field="subject")
        count = select(func.count()).select_from(payloads)
        return Forgotten(
            payload_count=connection.execute(
                count.where(payloads.c.subject_key == key_id)
            ).scalar_one(),
            verdict_count=connection.execute(
                delete(prompt_verdicts).where(prompt_verdicts.c.subject_key == key_id)
            ).rowcount,
            answer_count=connection.execute(
                delete(answers).where(answers.c.subject_key == key_id)
            ).rowcount,
        )

    return run
