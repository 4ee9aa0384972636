"""Entries of a hash list by columns: a million of them in a hundred megabytes, ready to compare.

Nothing of what a list says in words is in here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from provenance.fingerprint.errors import FingerprintDamaged
from provenance.fingerprint.fingerprint import MIN_QUALITY
from provenance.fingerprint.pdq import HASH_BYTES
from provenance.fingerprint.records import MARK, KnownHash, KnownList, Opinion, Signal, pack_marks

OPINIONS: Final = tuple(Opinion)
"""What the numbers of `Columns.opinion` stand for."""

_CLIP: Final[str] = Signal.VPDQ.value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """n entries of one list and their m hashes.

    Attributes:
        list_name: The list.
        digest: SHA-256 over the content of the list, hex; see `KnownList`.
        state: SHA-256 over `digest` and all opinions, hex: lists of one state match alike.
        entry_ids: (n,) bytes.
        clip: (n,) bool, whether the entry is a clip and not a picture.
        allowed: (n,) bool.
        expires_ms: (n,) int64.
        opinion: (n,) uint8, see `OPINIONS`.
        category: (n,) int64, place in `categories`.
        categories: Categories of the entries.
        owner: (m,) int64, number of the entry that a hash belongs to, ascending.
        hashes: (m, 32) uint8; of one entry each once, and none of a quality below 50.
    """

    list_name: str
    digest: str
    state: str
    entry_ids: NDArray[np.bytes_]
    clip: NDArray[np.bool_]
    allowed: NDArray[np.bool_]
    expires_ms: NDArray[np.int64]
    opinion: NDArray[np.uint8]
    category: NDArray[np.int64]
    categories: tuple[str, ...]
    owner: NDArray[np.int64]
    hashes: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.entry_ids)

    def with_opinions(self, opinions: Mapping[str, Opinion]) -> Columns:
        """Return the same entries with these opinions and no others, by id."""
        codes = np.full(len(self), OPINIONS.index(Opinion.UNREVIEWED), dtype=np.uint8)
        decided = sorted(each for each in opinions if opinions[each] is not Opinion.UNREVIEWED)
        state = hashlib.sha256(f"{self.list_name}\n{self.digest}\n".encode())
        if decided and len(self):
            wanted = np.array([each.encode() for each in decided], dtype=np.bytes_)
            order = np.argsort(self.entry_ids)
            places = np.searchsorted(self.entry_ids, wanted, sorter=order)
            rows = order[np.minimum(places, len(self) - 1)]
            # An opinion may be on an entry that the list has not got at present.
            held = self.entry_ids[rows] == wanted
            for name, row in zip(np.array(decided)[held], rows[held], strict=True):
                codes[row] = OPINIONS.index(opinions[str(name)])
                state.update(f"{name} {opinions[str(name)]}\n".encode())
        return replace(self, opinion=codes, state=state.hexdigest())


Row = tuple[str, str, bytes, int, bool, str]
"""Of an entry: id, signal, hashes as `pack_marks` writes them, expiry, allowed, category."""


class Rows:
    """Gathers the entries of one list for `Columns`. Not thread-safe."""

    def __init__(self) -> None:
        self._ids: list[bytes] = []
        self._clip: list[bool] = []
        self._allowed: list[bool] = []
        self._expires: list[int] = []
        self._category: list[int] = []
        self._categories: dict[str, int] = {}
        self._counts: list[int] = []
        self._marks: list[bytes] = []

    def __len__(self) -> int:
        return len(self._ids)

    def extend(self, rows: Sequence[Row]) -> None:
        """Add entries.

        Raises:
            FingerprintDamaged: The hashes of one are not a whole number of them.
        """
        if not rows:
            return
        ids, signals, marks, expires, allowed, category = zip(*rows, strict=True)
        sizes = [len(each) for each in marks]
        for size in sizes:
            if size % MARK.itemsize:
                raise FingerprintDamaged(
                    "stored hashes are cut off (bytes of one)",
                    limit=MARK.itemsize,
                    actual=size % MARK.itemsize,
                )
        self._ids += [each.encode() for each in ids]
        self._clip += [each == _CLIP for each in signals]
        self._marks += marks
        self._counts += [size // MARK.itemsize for size in sizes]
        self._expires += expires
        self._allowed += allowed
        for name in dict.fromkeys(category):
            self._categories.setdefault(name, len(self._categories))
        self._category += [self._categories[name] for name in category]

    def columns(
        self, list_name: str, digest: str, opinions: Mapping[str, Opinion] | None = None
    ) -> Columns:
        """Return what was gathered."""
        rows = np.frombuffer(b"".join(self._marks), dtype=MARK)
        counts = np.array(self._counts, dtype=np.int64)
        owner = np.repeat(np.arange(len(counts)), counts)
        worth = rows["quality"] >= MIN_QUALITY
        owner, hashes = owner[worth], np.ascontiguousarray(rows["hash"][worth])
        if (counts > 1).any():
            owner, hashes = _each_once(owner, hashes)
        return Columns(
            list_name=list_name,
            digest=digest,
            state="",
            entry_ids=np.array(self._ids, dtype=np.bytes_),
            clip=np.array(self._clip, dtype=np.bool_),
            allowed=np.array(self._allowed, dtype=np.bool_),
            expires_ms=np.array(self._expires, dtype=np.int64),
            opinion=np.zeros(len(counts), dtype=np.uint8),
            category=np.array(self._category, dtype=np.int64),
            categories=tuple(self._categories),
            owner=owner,
            hashes=hashes.reshape(len(owner), HASH_BYTES),
        ).with_opinions(opinions or {})


def entry_digest(entry: KnownHash) -> bytes:
    """Return the SHA-256 over all of an entry that decides what it matches, 32 bytes.

    Neither its label is part of it nor the opinion on it.
    """
    said = f"{entry.entry_id}\n{entry.signal}\n{entry.category}\n{entry.allowed:d}\n"
    digest = hashlib.sha256(f"{said}{entry.expires_ms}\n".encode())
    digest.update(pack_marks(entry.marks))
    return digest.digest()


def content_digest(entries: Mapping[str, bytes]) -> str:
    """Return the digest of a list, hex, from the digests of its entries by their ids."""
    digest = hashlib.sha256()
    for entry_id in sorted(entries):
        digest.update(entries[entry_id])
    return digest.hexdigest()


def summary(
    list_name: str,
    entries: Mapping[str, bytes],
    scopes: set[tuple[str, bool, int]],
    *,
    list_id: int,
    created_ms: int,
) -> KnownList:
    """Say what a list holds.

    Args:
        list_name: Its name.
        entries: Digests of its entries, by id.
        scopes: Category, whether it is allowed, and expiry of all entries, each once.
        list_id: Its id.
        created_ms: When it was imported.
    """
    return KnownList(
        list_id=list_id,
        list_name=list_name,
        entries=len(entries),
        digest=content_digest(entries),
        decided=0,
        created_ms=created_ms,
        categories=tuple(sorted({category for category, _, _ in scopes if category})),
        allowed=any(allowed for _, allowed, _ in scopes),
        expires_ms=min((expires for _, _, expires in scopes), default=0),
    )


def _each_once(
    owner: NDArray[np.int64], hashes: NDArray[np.uint8]
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Leave out the hashes that an entry has twice."""
    words = np.ascontiguousarray(hashes).view(np.uint64)
    order = np.lexsort((*words.T, owner))
    owner, words = owner[order], words[order]
    new = np.ones(len(owner), dtype=np.bool_)
    new[1:] = (owner[1:] != owner[:-1]) | (words[1:] != words[:-1]).any(axis=1)
    return owner[new], np.ascontiguousarray(words[new]).view(np.uint8)
