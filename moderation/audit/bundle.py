"""A piece of the log in one file that proves itself.

A bundle is JSON Lines, one record a line, UTF-8: it streams, needs no unpacking (so it cannot be
a decompression bomb), and can be read with any text tool. Its lines, in this order:

1. the header: format, origin, range of leaves, size of the tree, verifier key, the signed
   checkpoint of that size, the hashes left and right of the range (of full subtrees, from left
   to right), and how many lines of the other kinds follow;
2. earlier checkpoints, each with its consistency proof to the checkpoint of the header;
3. the leaves, each with its index, bytes, hash, the inner nodes that it completes, and its
   encrypted payload if that was asked for.

With the hashes left and right of it, the range folds to the one root that the checkpoint signs;
the hashes of each leaf and node are not needed for that but tell where it goes wrong. Every
line must be byte for byte what this module would write, so no byte of a bundle is without effect.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from moderation.audit import merkle
from moderation.audit.errors import NotInLog
from moderation.audit.lines import (
    FORMAT,
    MAX_CHECKPOINTS,
    EarlierCheckpoint,
    Header,
    LeafLine,
    Line,
    SealedPayload,
    write_base64,
    write_line,
)
from moderation.audit.log import AuditLog, SignedCheckpoint
from moderation.audit.nodes import load_nodes
from moderation.audit.verification import BundleReport, verify
from moderation.store.database import reading
from moderation.store.schema import leaves, nodes, payloads

__all__ = ["BundleReport", "Exported", "export", "verify"]

_ROWS_A_PAGE = 500


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the range, the size of the tree, and the root that was signed."""

    start: int
    end: int
    size: int
    root: bytes
    payload_count: int
    checkpoint_count: int


def export(
    log: AuditLog,
    path: Path,
    start: int = 0,
    end: int | None = None,
    *,
    with_payloads: bool = False,
    since: Sequence[int] = (),
) -> Exported:
    """Write leaves start..end-1 and all that proves them into a file; blocks.

    The file is written under a temporary name and renamed when whole; mode 0600.

    Args:
        log: The log; a checkpoint of its present size is signed for the bundle.
        path: Where to write.
        start: First leaf.
        end: Leaf after the last, None for the end of the log.
        with_payloads: Whether to add the encrypted payloads. Without the keys they are
            unreadable; they let an auditor check that none was exchanged.
        since: Further sizes that an auditor holds checkpoints of. The newest 1000 checkpoints
            that the log has stored are always covered.

    Raises:
        NotInLog: If the range or a size is not inside the log.
        LogCorrupt: If the stored tree contradicts itself so that nothing can be proved.
        AuditUnavailable: If no checkpoint can be signed.
    """
    signed = log.checkpoint()
    size = signed.checkpoint.size
    end = size if end is None else end
    if not 0 <= start <= end <= size:
        raise NotInLog("the range is not inside the log", field="end", limit=size, actual=end)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            counts = [0, 0]
            for line in _lines(log, signed, (start, end), with_payloads, since, counts):
                file.write(write_line(line))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return Exported(start, end, size, signed.checkpoint.root, counts[0], counts[1])


def _lines(
    log: AuditLog,
    signed: SignedCheckpoint,
    span: tuple[int, int],
    with_payloads: bool,  # noqa: FBT001 - private, one caller
    since: Sequence[int],
    counts: list[int],
) -> Iterator[Line]:
    start, end = span
    size = signed.checkpoint.size
    earlier = _earlier(log, size, since)
    counts[1] = len(earlier)
    with reading(log.engine) as connection:
        yield Header(
            format=FORMAT,
            origin=signed.checkpoint.origin,
            start=start,
            end=end,
            size=size,
            payloads=with_payloads,
            key=str(log.verifier),
            checkpoint=signed.note,
            left=_hashes(connection, 0, start),
            right=_hashes(connection, end, size),
            checkpoint_count=len(earlier),
        )
    for known in earlier:
        proof = log.consistency_proof(known.checkpoint.size, size)
        yield EarlierCheckpoint(note=known.note, consistency=[item.hex() for item in proof.hashes])
    for page in range(start, end, _ROWS_A_PAGE):
        # A transaction for each page: a long export must not hold up the write-ahead file.
        with reading(log.engine) as connection:
            yield from _page(connection, page, min(page + _ROWS_A_PAGE, end), with_payloads, counts)


def _earlier(log: AuditLog, size: int, since: Sequence[int]) -> list[SignedCheckpoint]:
    newest = log.checkpoints(MAX_CHECKPOINTS)
    known = {item.checkpoint.size: item for item in newest}
    wanted = [item for item in since if item not in known]
    known |= {item.checkpoint.size: item for item in log.checkpoints(sizes=wanted)}
    if set(since) - set(known) - {0}:
        raise NotInLog("the log holds no checkpoint of this size", field="since")
    sizes = sorted(set(known) - {0, size}, key=lambda item: (item in since, item))
    return [known[item] for item in sorted(sizes[-MAX_CHECKPOINTS:])]


def _hashes(connection: Connection, start: int, end: int) -> list[str]:
    names = merkle.full_nodes(start, end)
    read = load_nodes(connection, names)
    return [read(level, index).hex() for level, index in names]


def _page(
    connection: Connection,
    start: int,
    end: int,
    with_payloads: bool,  # noqa: FBT001 - private, one caller
    counts: list[int],
) -> Iterator[LeafLine]:
    inner = _inner_nodes(connection, start, end)
    sealed = _payloads(connection, start, end) if with_payloads else {}
    counts[0] += len(sealed)
    rows = {
        row.leaf_index: row
        for row in connection.execute(
            select(leaves).where(leaves.c.leaf_index >= start, leaves.c.leaf_index < end)
        )
    }
    for index in range(start, end):
        row = rows.get(index)
        if row is None:
            # A deleted row goes out as an empty leaf, so that the verifier names the gap.
            yield LeafLine(index=index, hash="", nodes=inner.get(index, []))
            continue
        text, encoded = _text(row.leaf)
        yield LeafLine(
            index=index,
            leaf=text,
            leaf_base64=encoded,
            hash=row.leaf_hash.hex(),
            nodes=inner.get(index, []),
            payload=sealed.get(index),
        )


def _inner_nodes(connection: Connection, start: int, end: int) -> dict[int, list[str]]:
    """Read the nodes that each leaf of a range completes: level `h` when 2**h divides index+1."""
    found: dict[int, list[str]] = {}
    for level in range(1, end.bit_length()):
        first, last = start >> level, end >> level
        rows = connection.execute(
            select(nodes.c.node_index, nodes.c.hash)
            .where(nodes.c.level == level, nodes.c.node_index >= first, nodes.c.node_index < last)
            .order_by(nodes.c.node_index)
        )
        for row in rows:
            found.setdefault(((row.node_index + 1) << level) - 1, []).append(row.hash.hex())
    return found


def _payloads(connection: Connection, start: int, end: int) -> dict[int, SealedPayload]:
    rows = connection.execute(
        select(payloads).where(payloads.c.leaf_index >= start, payloads.c.leaf_index < end)
    )
    return {
        row.leaf_index: SealedPayload(
            subject_key=row.subject_key,
            nonce=write_base64(row.nonce),
            ciphertext=write_base64(row.ciphertext),
        )
        for row in rows
    }


def _text(leaf: bytes) -> tuple[str, str]:
    try:
        return leaf.decode(), ""
    except UnicodeDecodeError:
        return "", write_base64(leaf)
