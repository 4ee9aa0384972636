"""Check a bundle with nothing but the bundle and the log's public key.

It streams: memory does not grow with the bundle. It never raises for what a bundle contains;
whatever is wrong becomes the `fault` of the report, with the first leaf at which it shows.

What a good report means: these leaves, in this order, at these places, are what the holder of the
key signed; and each earlier checkpoint in the bundle, and each one that the auditor brings, is an
earlier state of the same log. What it cannot mean without a checkpoint from outside: that the
holder of the key did not write the whole log anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from moderation.audit import merkle
from moderation.audit.checkpoint import Checkpoint, VerifierKey
from moderation.audit.entry import read_leaf
from moderation.audit.errors import AuditEntryInvalid, CheckpointInvalid
from moderation.audit.lines import (
    FORMAT,
    MAX_LINE_BYTES,
    EarlierCheckpoint,
    Header,
    L,
    LeafLine,
    read_base64,
    read_line,
)
from moderation.audit.merkle import Frontier


class FaultKind(StrEnum):
    """What is wrong with a bundle."""

    UNREADABLE = "unreadable"
    MALFORMED = "malformed"
    INCOMPLETE = "incomplete"
    SIGNATURE = "signature"
    HISTORY = "history"
    LEAF = "leaf"
    NODE = "node"
    PAYLOAD = "payload"
    ROOT = "root"


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong.

    Attributes:
        kind: What sort of thing.
        message: One sentence for a person.
        line: Line of the bundle, from 1; 0 when it is no single line.
        first_leaf: First leaf that may be the altered one, or None when it is not about a leaf.
        last_leaf: Last such leaf; the same as the first when it is known exactly.
    """

    kind: FaultKind
    message: str
    line: int = 0
    first_leaf: int | None = None
    last_leaf: int | None = None


@dataclass(frozen=True, slots=True)
class BundleReport:
    """What a bundle was found to be; counts go as far as the check went.

    Attributes:
        fault: The first thing that is wrong, or None.
        origin: Name of the log.
        start: Index of the first leaf.
        end: Index after the last leaf.
        size: Size of the tree that the checkpoint signs.
        root: Its root, hex.
        leaf_count: Leaves that were checked.
        payload_count: Encrypted payloads that were checked against their leaf.
        checkpoint_count: Earlier checkpoints that were checked.
        known_count: Checkpoints from the auditor that were found to be earlier states.
        first_ms: Time of the first leaf, or None.
        last_ms: Time of the last leaf, or None.
    """

    fault: Fault | None = None
    origin: str = ""
    start: int = 0
    end: int = 0
    size: int = 0
    root: str = ""
    leaf_count: int = 0
    payload_count: int = 0
    checkpoint_count: int = 0
    known_count: int = 0
    first_ms: int | None = None
    last_ms: int | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.fault is None

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong, in sentences for a person; empty when nothing is."""
        if self.fault is None:
            return ()
        place = f" (line {self.fault.line})" if self.fault.line else ""
        return (f"{self.fault.message}{place}",)


def verify(path: Path, key: VerifierKey | str, *, known: Sequence[str] = ()) -> BundleReport:
    """Check a bundle.

    Args:
        path: The bundle.
        key: The log's public key, or its one-line text, from a source that the auditor trusts.
        known: Signed checkpoints that the auditor kept from before or got from elsewhere. The
            bundle must prove that each is an earlier state of this log.

    Returns:
        What was found.

    Raises:
        KeyUnusable: If the text of the key is malformed.
    """
    if isinstance(key, str):
        key = VerifierKey.parse(key)
    try:
        with path.open("rb") as file:
            check = _Check(file, key)
            try:
                check.run(known)
            except _Wrong as wrong:
                return replace(check.report(), fault=wrong.fault)
            return check.report()
    except OSError:
        return BundleReport(fault=Fault(FaultKind.UNREADABLE, "the bundle cannot be read"))


class _Wrong(Exception):
    def __init__(self, kind: FaultKind, message: str, line: int = 0, *span: int) -> None:
        super().__init__(message)
        first, last = (span[0], span[-1]) if span else (None, None)
        self.fault = Fault(kind, message, line, first, last)


@dataclass(slots=True)
class _Check:
    """One pass over one bundle."""

    file: BinaryIO
    key: VerifierKey
    line: int = 0
    header: Header | None = None
    root: bytes = b""
    # Root by size, for every size that the bundle has proved so far.
    roots: dict[int, bytes] = field(default_factory=dict)
    leaf_count: int = 0
    payload_count: int = 0
    checkpoint_count: int = 0
    known_count: int = 0
    first_ms: int | None = None
    last_ms: int | None = None

    def report(self) -> BundleReport:
        header = self.header
        return BundleReport(
            origin=header.origin if header else "",
            start=header.start if header else 0,
            end=header.end if header else 0,
            size=header.size if header else 0,
            root=self.root.hex(),
            leaf_count=self.leaf_count,
            payload_count=self.payload_count,
            checkpoint_count=self.checkpoint_count,
            known_count=self.known_count,
            first_ms=self.first_ms,
            last_ms=self.last_ms,
        )

    def run(self, known: Sequence[str]) -> None:
        wanted = [self._open(note, "a checkpoint that was brought along") for note in known]
        header = self._read(Header)
        self._check_header(header)
        self.header = header
        for _ in range(header.checkpoint_count):
            self._check_earlier(header, self._read(EarlierCheckpoint))
        self._check_leaves(header, {item.size for item in wanted})
        if self.file.read(1):
            raise _Wrong(FaultKind.MALFORMED, "there is more after the last leaf", self.line + 1)
        for checkpoint in wanted:
            self._check_known(checkpoint)

    def _read(self, kind: type[L], *leaf: int) -> L:
        self.line += 1
        line = self.file.readline(MAX_LINE_BYTES + 1)
        if not line.endswith(b"\n"):
            cut = len(line) <= MAX_LINE_BYTES
            raise _Wrong(
                FaultKind.INCOMPLETE if cut else FaultKind.MALFORMED,
                "the bundle ends too early" if cut else "a line is too long",
                self.line,
                *leaf,
            )
        try:
            return read_line(kind, line)
        except ValueError as error:
            raise _Wrong(FaultKind.MALFORMED, str(error), self.line, *leaf) from error

    def _open(self, note: str, what: str) -> Checkpoint:
        try:
            return self.key.open(note)
        except CheckpointInvalid as error:
            message = f"{what}: {error.message}"
            raise _Wrong(FaultKind.SIGNATURE, message, self.line) from error

    def _check_header(self, header: Header) -> None:
        if header.format != FORMAT:
            raise _Wrong(FaultKind.MALFORMED, "not a bundle of this version", self.line)
        checkpoint = self._open(header.checkpoint, "the checkpoint of the bundle")
        if header.key != str(self.key) or header.origin != checkpoint.origin:
            raise _Wrong(FaultKind.SIGNATURE, "the bundle is of another log or key", self.line)
        if not header.start <= header.end <= header.size == checkpoint.size:
            raise _Wrong(FaultKind.MALFORMED, "the range is not inside the log", self.line)
        outside = (merkle.full_nodes(0, header.start), merkle.full_nodes(header.end, header.size))
        if (len(header.left), len(header.right)) != tuple(map(len, outside)):
            raise _Wrong(FaultKind.MALFORMED, "hashes around the range are missing", self.line)
        self.root = checkpoint.root
        self.roots[checkpoint.size] = checkpoint.root

    def _check_earlier(self, header: Header, earlier: EarlierCheckpoint) -> None:
        checkpoint = self._open(earlier.note, "an earlier checkpoint")
        proof = [bytes.fromhex(item) for item in earlier.consistency]
        if not 0 < checkpoint.size < header.size or not merkle.verify_consistency(
            checkpoint.size, header.size, checkpoint.root, self.root, proof
        ):
            raise _Wrong(
                FaultKind.HISTORY,
                f"the checkpoint of size {checkpoint.size} is no earlier state of this log",
                self.line,
            )
        self.roots[checkpoint.size] = checkpoint.root
        self.checkpoint_count += 1

    def _check_leaves(self, header: Header, wanted: set[int]) -> None:
        frontier = Frontier(header.start, tuple(bytes.fromhex(item) for item in header.left))
        passed: dict[int, bytes] = {}
        for index in range(header.start, header.end):
            if index in wanted:
                passed[index] = frontier.root
            frontier = self._check_leaf(header, frontier, self._read(LeafLine, index))
            self.leaf_count += 1
        if header.end in wanted:
            passed[header.end] = frontier.root
        for (level, _), text in zip(
            merkle.full_nodes(header.end, header.size), header.right, strict=True
        ):
            frontier, _ = frontier.push(bytes.fromhex(text), level)
        if frontier.root != self.root:
            raise _Wrong(
                FaultKind.ROOT,
                "the leaves do not lead to the signed root, although each fits its own hashes: "
                "leaves and hashes were exchanged together, or the hashes around the range",
            )
        self.roots |= passed

    def _check_leaf(self, header: Header, frontier: Frontier, line: LeafLine) -> Frontier:
        index = frontier.size
        if line.index != index:
            raise _Wrong(FaultKind.LEAF, f"leaf {index} is missing", self.line, index)
        try:
            leaf = line.leaf_bytes()
        except ValueError as error:
            raise _Wrong(FaultKind.LEAF, "the leaf is badly written", self.line, index) from error
        hashed = merkle.leaf_hash(leaf)
        if hashed.hex() != line.hash:
            message = f"leaf {index} does not have the hash that was recorded for it"
            raise _Wrong(FaultKind.LEAF, message, self.line, index)
        grown, filled = frontier.push(hashed)
        stated = line.nodes
        for level, node in enumerate(filled, start=1):
            if len(stated) < level or stated[level - 1] != node.hex():
                first = (index >> level) << level
                message = f"the hash recorded over leaves {first} to {index} does not fit them"
                raise _Wrong(FaultKind.NODE, message, self.line, max(first, header.start), index)
        if len(stated) != len(filled):
            raise _Wrong(FaultKind.NODE, "there are hashes too many", self.line, index)
        self._check_content(header, line, leaf)
        return grown

    def _check_content(self, header: Header, line: LeafLine, leaf: bytes) -> None:
        try:
            document = read_leaf(leaf)
        except AuditEntryInvalid as error:
            message = f"leaf {line.index} is no entry of this log"
            raise _Wrong(FaultKind.LEAF, message, self.line, line.index) from error
        self.first_ms = document.time_ms if self.first_ms is None else self.first_ms
        self.last_ms = document.time_ms
        if line.payload is None:
            if header.payloads and document.payload_sha256:
                message = f"the payload of leaf {line.index} is missing"
                raise _Wrong(FaultKind.PAYLOAD, message, self.line, line.index)
            return
        try:
            nonce, ciphertext = map(read_base64, (line.payload.nonce, line.payload.ciphertext))
        except ValueError as error:
            message = "the payload is badly written"
            raise _Wrong(FaultKind.PAYLOAD, message, self.line, line.index) from error
        digest = hashlib.sha256(nonce + ciphertext).hexdigest()
        stated = (document.payload_sha256, document.subject_key)
        if (digest, line.payload.subject_key) != stated or not header.payloads:
            message = f"the payload of leaf {line.index} is not the one that was recorded"
            raise _Wrong(FaultKind.PAYLOAD, message, self.line, line.index)
        self.payload_count += 1

    def _check_known(self, checkpoint: Checkpoint) -> None:
        root = merkle.EMPTY_ROOT if checkpoint.size == 0 else self.roots.get(checkpoint.size)
        if root is None:
            raise _Wrong(
                FaultKind.HISTORY,
                f"the bundle proves nothing about the checkpoint of size {checkpoint.size}; "
                "ask for one that is exported since that size",
            )
        if root != checkpoint.root:
            raise _Wrong(
                FaultKind.HISTORY,
                f"the checkpoint of size {checkpoint.size} is of a different history: "
                "the log was rewritten",
            )
        self.known_count += 1
