"""The lines of a bundle: what they hold and the one way in which each is written."""

from __future__ import annotations

import base64
from typing import Annotated, Any, TypeVar, cast

import msgspec

from moderation.audit.checkpoint import MAX_CHECKPOINT_BYTES

L = TypeVar("L", bound="Line")
FORMAT = "framegate.audit.bundle/1"
MAX_LINE_BYTES = 1 << 20
MAX_CHECKPOINTS = 1_000

Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Hex = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$", max_length=64)]
Proof = Annotated[list[Hex], msgspec.Meta(max_length=128)]
Note = Annotated[str, msgspec.Meta(max_length=MAX_CHECKPOINT_BYTES)]


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the lines have in common: unknown keys and wrong types are refused."""


class Header(Line, tag="bundle", tag_field="kind", frozen=True, kw_only=True):
    """The first line.

    Attributes:
        format: Name and version of this form.
        origin: Name of the log.
        start: Index of the first leaf.
        end: Index after the last leaf.
        size: Size of the tree that the checkpoint signs.
        payloads: Whether every encrypted payload of the range is in the bundle.
        key: The log's verifier key as the log states it; a verifier trusts only its own copy.
        checkpoint: Signed note for `size`.
        left: Hashes of the full subtrees over the leaves before `start`.
        right: Hashes of the full subtrees over the leaves from `end` on.
        checkpoint_count: Number of earlier checkpoints that follow.
    """

    format: str
    origin: str
    start: Count
    end: Count
    size: Count
    payloads: bool
    key: str
    checkpoint: Note
    left: Proof
    right: Proof
    checkpoint_count: Annotated[int, msgspec.Meta(ge=0, le=MAX_CHECKPOINTS)]


class EarlierCheckpoint(Line, tag="checkpoint", tag_field="kind", frozen=True, kw_only=True):
    """A checkpoint signed before and its consistency proof to the header's."""

    note: Note
    consistency: Proof


class SealedPayload(Line, frozen=True, kw_only=True):
    """An encrypted payload; nonce and ciphertext in base64."""

    subject_key: str
    nonce: str
    ciphertext: str


class LeafLine(Line, tag="leaf", tag_field="kind", frozen=True, kw_only=True):
    """A leaf.

    Attributes:
        index: Its place in the log.
        leaf: Its bytes as text, or "" when they are not UTF-8 (a leaf that was tampered with).
        leaf_base64: Its bytes in base64 in that case, else "".
        hash: Its RFC 6962 leaf hash.
        nodes: Hashes of the inner nodes that it completes, from level 1 up.
        payload: Its encrypted payload, if the bundle carries payloads.
    """

    index: Count
    leaf: str = ""
    leaf_base64: str = ""
    hash: str
    nodes: Annotated[list[str], msgspec.Meta(max_length=64)]
    payload: SealedPayload | None = None

    def leaf_bytes(self) -> bytes:
        """Give the bytes of the leaf; raises ValueError when they are badly written."""
        if self.leaf_base64:
            if self.leaf:
                raise ValueError("the leaf is there twice")
            return read_base64(self.leaf_base64)
        return self.leaf.encode()


def read_line(kind: type[L], line: bytes) -> L:
    """Read a line of a kind.

    Raises:
        ValueError: If it is not exactly what `write_line` would have written.
    """
    try:
        record = _DECODERS[kind].decode(line)
        if write_line(record) == line:
            return cast("L", record)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise ValueError("the line is malformed") from error
    raise ValueError("the line is not in its canonical form")


def write_line(record: Line) -> bytes:
    """Write a line: JSON with sorted keys, no white space, and a newline at the end."""
    return _ENCODER.encode(record) + b"\n"


def write_base64(data: bytes) -> str:
    """Write bytes in base64."""
    return base64.b64encode(data).decode("ascii")


def read_base64(text: str) -> bytes:
    """Read base64; raises ValueError for anything but the one text that `write_base64` gives."""
    data = base64.b64decode(text, validate=True)
    if write_base64(data) != text:
        raise ValueError("not canonical base64")
    return data


_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODERS: dict[type[Line], msgspec.json.Decoder[Any]] = {
    kind: msgspec.json.Decoder(kind) for kind in (Header, EarlierCheckpoint, LeafLine)
}
