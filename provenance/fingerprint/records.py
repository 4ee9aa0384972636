"""What is stored: fingerprints of released clips, and entries of hash lists."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Final

import msgspec
import numpy as np

from provenance.fingerprint.errors import FingerprintDamaged
from provenance.fingerprint.fingerprint import Fingerprint, Marks, Thumbnail
from provenance.fingerprint.pdq import HASH_BYTES

FOREVER: Final = 2**62
"""Time of expiry of what does not expire."""

MARK: Final = np.dtype(
    [("start_ms", "<i4"), ("end_ms", "<i4"), ("quality", "u1"), ("hash", "u1", HASH_BYTES)]
)
"""A stored hash."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Registered:
    """A released clip, as it can be found again.

    Attributes:
        clip_id: Its id, at most 64 characters.
        created_ms: When it was registered, milliseconds since the epoch.
        duration_ms: Its length.
        frames: Hashes of whole frames.
        crops: Hashes of crops.
        thumbnails: Small grey pictures.
        manifest_id: Label of its manifest, or "".
        signed_sha256: SHA-256 of the released file, 64 hex digits, or "".
        watermark_key: Id of the key that it was marked with, or "".
        watermark_code: The code that its watermark carries, or b"".
        derived: Whether it was made from other clips or pictures: what looks like it may then be
            its source, and not a copy of it.
    """

    clip_id: str
    created_ms: int
    duration_ms: int
    frames: Marks
    crops: Marks
    thumbnails: tuple[Thumbnail, ...] = ()
    manifest_id: str = ""
    signed_sha256: str = ""
    watermark_key: str = ""
    watermark_code: bytes = b""
    derived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """A released clip's watermark.

    Attributes:
        position: Of the clip in its store.
        clip_id: The clip.
        key_id: The key that it was marked with.
        code: 16 bytes.
    """

    position: int
    clip_id: str
    key_id: str
    code: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A fingerprint as bytes, to cross the border of a process; see `packed` and `unpacked`.

    Attributes:
        duration_ms: Length of the clip.
        frames: Hashes, see `pack_marks`.
        mirrored: Likewise.
        crops: Likewise.
        thumbnails: See `pack_thumbnails`.
        dropped: Frames that were left out for their quality.
        varied: Hashes, as above.
        varied_mirrored: Likewise.
    """

    duration_ms: int
    frames: bytes
    mirrored: bytes
    crops: bytes
    thumbnails: bytes
    dropped: int
    varied: bytes = b""
    varied_mirrored: bytes = b""


class Signal(enum.StrEnum):
    """Kind of a hash, under ThreatExchange's names."""

    PDQ = "pdq"
    VPDQ = "vpdq"


class Opinion(enum.StrEnum):
    """What a reviewer said of an entry, or of a list."""

    UNREVIEWED = "unreviewed"
    CONFIRMED = "confirmed"
    DENIED = "denied"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KnownHash:
    """An entry of a hash list.

    Attributes:
        list_name: The list that it stands on, at most 64 characters.
        entry_id: Its id within the list, at most 64 characters.
        signal: A picture's hash or a clip's.
        marks: One hash for a picture; any number for a clip.
        label: What the list says of it, at most 128 characters; goes into no finding.
        opinion: A denied entry is never matched.
        expires_ms: From then on it is not matched; milliseconds since the epoch.
        allowed: Whether it suppresses matches instead of making them.
        category: What a match is a finding of: a category of the taxonomy, at most 64 characters,
            or "" for an entry that suppresses.
    """

    list_name: str
    entry_id: str
    signal: Signal
    marks: Marks = field(repr=False)
    label: str = ""
    opinion: Opinion = Opinion.UNREVIEWED
    expires_ms: int = FOREVER
    allowed: bool = False
    category: str = ""

    def live(self, now_ms: int) -> bool:
        """Whether it counts at a time."""
        return self.opinion is not Opinion.DENIED and now_ms < self.expires_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownList:
    """What a hash list holds, in a few words.

    Attributes:
        list_id: Number of this import; never given twice.
        list_name: Name of the list, 1 to 64 characters.
        entries: How many.
        digest: SHA-256 over all that decides what its entries match, hex; labels and opinions
            are no part of it.
        decided: How often an opinion on an entry was kept or taken back since the import.
        created_ms: When it was imported, milliseconds since the epoch.
        categories: Categories that its entries are findings of, sorted.
        allowed: Whether some entry suppresses matches.
        expires_ms: When the first entry expires.
    """

    list_id: int
    list_name: str
    entries: int
    digest: str
    decided: int
    created_ms: int
    categories: tuple[str, ...]
    allowed: bool
    expires_ms: int


def pack_marks(marks: Marks) -> bytes:
    """Return hashes as bytes: 41 each, little-endian."""
    rows = np.zeros(len(marks), dtype=MARK)
    rows["start_ms"], rows["end_ms"] = marks.start_ms, marks.end_ms
    rows["quality"], rows["hash"] = marks.quality, marks.hashes
    return rows.tobytes()


def unpack_marks(packed: bytes) -> Marks:
    """Read what `pack_marks` wrote.

    Raises:
        FingerprintDamaged: The length is not a whole number of hashes.
    """
    if len(packed) % MARK.itemsize:
        raise FingerprintDamaged(
            "stored hashes are cut off (bytes of one)",
            limit=MARK.itemsize,
            actual=len(packed) % MARK.itemsize,
        )
    rows = np.frombuffer(packed, dtype=MARK)
    return Marks(
        rows["start_ms"].astype(np.int32),
        rows["end_ms"].astype(np.int32),
        np.ascontiguousarray(rows["hash"]),
        rows["quality"].astype(np.uint8),
    )


def packed(fingerprint: Fingerprint) -> Packed:
    """Return a fingerprint as bytes."""
    return Packed(
        duration_ms=fingerprint.duration_ms,
        frames=pack_marks(fingerprint.frames),
        mirrored=pack_marks(fingerprint.mirrored),
        crops=pack_marks(fingerprint.crops),
        thumbnails=pack_thumbnails(fingerprint.thumbnails),
        dropped=fingerprint.dropped,
        varied=pack_marks(fingerprint.varied),
        varied_mirrored=pack_marks(fingerprint.varied_mirrored),
    )


def unpacked(fingerprint: Packed) -> Fingerprint:
    """Read what `packed` made.

    Raises:
        FingerprintDamaged: It is something else.
    """
    return Fingerprint(
        duration_ms=fingerprint.duration_ms,
        frames=unpack_marks(fingerprint.frames),
        mirrored=unpack_marks(fingerprint.mirrored),
        crops=unpack_marks(fingerprint.crops),
        thumbnails=unpack_thumbnails(fingerprint.thumbnails),
        dropped=fingerprint.dropped,
        varied=unpack_marks(fingerprint.varied),
        varied_mirrored=unpack_marks(fingerprint.varied_mirrored),
    )


def pack_thumbnails(thumbnails: tuple[Thumbnail, ...]) -> bytes:
    """Return thumbnails as MessagePack."""
    return msgspec.msgpack.encode([(each.at_ms, each.jpeg) for each in thumbnails])


def unpack_thumbnails(packed: bytes) -> tuple[Thumbnail, ...]:
    """Read what `pack_thumbnails` wrote.

    Raises:
        FingerprintDamaged: It is something else.
    """
    try:
        rows = msgspec.msgpack.decode(packed, type=list[tuple[int, bytes]])
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise FingerprintDamaged("stored thumbnails cannot be read") from error
    return tuple(Thumbnail(at_ms, jpeg) for at_ms, jpeg in rows)
