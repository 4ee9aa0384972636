"""The Merkle tree of RFC 6962 (kept by RFC 9162), as pure functions over hashes.

A tree over `size` leaves is cut into subtrees at the largest power of two below its size. A
subtree over 2**level leaves that starts at a multiple of 2**level never changes again once it is
full; such a node is named by (level, index) and is all that is ever stored. Everything else
(roots, proofs, ranges) is folded from full nodes, so that a proof costs O(log size) reads.

Hashes are SHA-256, 32 bytes. Functions are pure and thread-safe.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

NodeReader = Callable[[int, int], bytes]
"""Gives the hash of the full node (level, index); level 0 is the leaf hash."""


def leaf_hash(leaf: bytes) -> bytes:
    """Hash of a leaf, SHA-256(0x00 || leaf); RFC 9162, 2.1.1."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node, SHA-256(0x01 || left || right); RFC 9162, 2.1.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The hashes that a tree needs in order to grow: one full subtree for each bit of its size.

    Attributes:
        size: Number of leaves.
        peaks: Hashes of the full subtrees from left (largest) to right (smallest).
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or self.size.bit_count() != len(self.peaks):
            raise ValueError("a frontier has one hash for each bit set in its size")

    def push(self, subtree: bytes, level: int = 0) -> tuple[Frontier, tuple[bytes, ...]]:
        """Append a full subtree of 2**level leaves on the right.

        Args:
            subtree: Its hash; for level 0 a leaf hash.
            level: Its height; the size must be a multiple of 2**level.

        Returns:
            The grown frontier, and the hashes of the nodes that became full by it: the first
            is of height level + 1, each further one a level higher. The node of height `h` is
            (h, size >> h), with the size before the push.
        """
        if self.size & ((1 << level) - 1):
            raise ValueError("a subtree may only be appended at a multiple of its own size")
        peaks = list(self.peaks)
        filled = []
        carry = self.size >> level
        while carry & 1:
            subtree = node_hash(peaks.pop(), subtree)
            filled.append(subtree)
            carry >>= 1
        peaks.append(subtree)
        return Frontier(self.size + (1 << level), tuple(peaks)), tuple(filled)

    @property
    def root(self) -> bytes:
        """Root of the tree; the hash of nothing for an empty one."""
        return _fold(self.peaks)


def _fold(peaks: Sequence[bytes]) -> bytes:
    if not peaks:
        return EMPTY_ROOT
    hashed = peaks[-1]
    for left in reversed(peaks[:-1]):
        hashed = node_hash(left, hashed)
    return hashed


def full_nodes(start: int, end: int) -> list[tuple[int, int]]:
    """Name the fewest full nodes (level, index) that cover leaves start..end-1, in order."""
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def range_root(read: NodeReader, start: int, end: int) -> bytes:
    """Root of the subtree over leaves start..end-1, where `start` begins a subtree of the tree."""
    return _fold([read(level, index) for level, index in full_nodes(start, end)])


def frontier(read: NodeReader, size: int) -> Frontier:
    """Read the frontier of the tree over the first `size` leaves."""
    return Frontier(size, tuple(read(level, index) for level, index in full_nodes(0, size)))


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """Root of the tree over these leaf hashes."""
    grown = Frontier()
    for hashed in leaf_hashes:
        grown, _ = grown.push(hashed)
    return grown.root


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """Leaf ranges whose roots make the inclusion proof, bottom first; RFC 9162, 2.1.3.1."""
    if not 0 <= index < size:
        raise ValueError("the leaf must be inside the tree")
    ranges = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(first: int, second: int) -> list[tuple[int, int]]:
    """Leaf ranges whose roots make the consistency proof, bottom first; RFC 9162, 2.1.4.1."""
    if not 0 < first <= second:
        raise ValueError("the older tree must hold a leaf and be no larger than the newer one")
    ranges = []
    start, end = 0, second
    while end != first:
        middle = start + _split(end - start)
        if first <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:
        ranges.append((start, end))
    return ranges[::-1]


def proof_nodes(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Name every full node that `fold_ranges` will read for these ranges."""
    return [node for start, end in ranges for node in full_nodes(start, end)]


def fold_ranges(read: NodeReader, ranges: Iterable[tuple[int, int]]) -> list[bytes]:
    """Turn the ranges of a proof into the hashes of that proof."""
    return [range_root(read, start, end) for start, end in ranges]


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Prove that leaf `index` is in the tree over these leaf hashes."""
    return fold_ranges(list_reader(leaf_hashes), inclusion_ranges(index, len(leaf_hashes)))


def consistency_proof(leaf_hashes: Sequence[bytes], first: int) -> list[bytes]:
    """Prove that the tree over the first `first` leaves is a prefix of the tree over all."""
    return fold_ranges(list_reader(leaf_hashes), consistency_ranges(first, len(leaf_hashes)))


def list_reader(leaf_hashes: Sequence[bytes]) -> NodeReader:
    """Read nodes out of a plain list of leaf hashes."""

    def read(level: int, index: int) -> bytes:
        return root(leaf_hashes[index << level : (index + 1) << level])

    return read


def verify_inclusion(
    hashed: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes
) -> bool:
    """Check an inclusion proof by the algorithm of RFC 9162, 2.1.3.2; never raises."""
    if not 0 <= index < size or any(len(item) != HASH_BYTES for item in proof):
        return False
    node, last = index, size - 1
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            hashed = node_hash(sibling, hashed)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            hashed = node_hash(hashed, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and hashed == expected_root


def verify_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Check a consistency proof by the algorithm of RFC 9162, 2.1.4.2; never raises.

    Every tree is consistent with the empty one and with itself, by an empty proof.
    """
    if not 0 <= first <= second or any(len(item) != HASH_BYTES for item in proof):
        return False
    if first == 0:
        return not proof and first_root == EMPTY_ROOT
    if first == second:
        return not proof and first_root == second_root
    path = list(proof) if first & (first - 1) else [first_root, *proof]
    if not path:
        return False
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for item in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(item, old), node_hash(item, new)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, item)
        node, last = node >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _split(size: int) -> int:
    """Give the largest power of two below `size` (size > 1)."""
    return 1 << ((size - 1).bit_length() - 1)
