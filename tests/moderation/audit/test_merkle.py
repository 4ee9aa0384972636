from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.audit import merkle
from moderation.audit.merkle import Frontier

# Leaves and roots of the reference tests of certificate-transparency.
VECTOR_LEAVES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
VECTOR_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [merkle.leaf_hash(index.to_bytes(2)) for index in range(300)]
ROOTS = [merkle.root(LEAVES[:size]) for size in range(301)]
SIZES = st.integers(1, 300)


def _definition(hashes: list[bytes]) -> bytes:
    """The recursive definition of RFC 9162, 2.1.1, word for word."""
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return merkle.node_hash(_definition(hashes[:split]), _definition(hashes[split:]))


def test_reference_vectors() -> None:
    hashes = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in VECTOR_LEAVES]
    assert [merkle.root(hashes[: size + 1]).hex() for size in range(8)] == VECTOR_ROOTS
    assert merkle.root([]).hex() == hashlib.sha256(b"").hexdigest()


def test_reference_proofs() -> None:
    # Paths of the same reference tests: leaf 5 of 8, and sizes 2 to 5.
    hashes = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in VECTOR_LEAVES]
    assert [item.hex() for item in merkle.inclusion_proof(hashes, 5)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [item.hex() for item in merkle.consistency_proof(hashes[:5], 2)] == [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]


@pytest.mark.parametrize("size", [*range(70), 127, 128, 129, 255, 256, 257, 300])
def test_root_is_that_of_the_definition(size: int) -> None:
    assert ROOTS[size] == _definition(LEAVES[:size])


@given(size=SIZES, data=st.data())
def test_inclusion(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(LEAVES[:size], index)
    assert merkle.verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])
    other = data.draw(st.integers(0, 299).filter(lambda item: item != index))
    assert not merkle.verify_inclusion(LEAVES[other], index, size, proof, ROOTS[size])
    assert not merkle.verify_inclusion(LEAVES[index], size + index, size, proof, ROOTS[size])
    assert not merkle.verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size - 1])
    for wrong in _wrong_proofs(proof, data):
        assert not merkle.verify_inclusion(LEAVES[index], index, size, wrong, ROOTS[size])


@given(size=SIZES, data=st.data())
def test_a_proof_holds_for_no_other_index(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(LEAVES[:size], index)
    for other in range(size):
        held = merkle.verify_inclusion(LEAVES[index], other, size, proof, ROOTS[size])
        assert held == (other == index)


@given(second=SIZES, data=st.data())
def test_consistency(second: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, second))
    proof = merkle.consistency_proof(LEAVES[:second], first)
    assert merkle.verify_consistency(first, second, ROOTS[first], ROOTS[second], proof)
    other = data.draw(st.integers(0, 300).filter(lambda item: item != first))
    assert not merkle.verify_consistency(first, second, ROOTS[other], ROOTS[second], proof)
    for wrong in _wrong_proofs(proof, data):
        assert not merkle.verify_consistency(first, second, ROOTS[first], ROOTS[second], wrong)


def test_consistency_with_the_empty_tree() -> None:
    assert merkle.verify_consistency(0, 7, merkle.EMPTY_ROOT, ROOTS[7], [])
    assert not merkle.verify_consistency(0, 7, ROOTS[1], ROOTS[7], [])
    assert not merkle.verify_consistency(8, 7, ROOTS[8], ROOTS[7], [])
    assert not merkle.verify_consistency(-1, 7, ROOTS[8], ROOTS[7], [])


def _wrong_proofs(proof: list[bytes], data: st.DataObject) -> list[list[bytes]]:
    """Give every proof that differs in one hash, and some of another length or order."""
    wrong = [[*proof, LEAVES[0]], [LEAVES[0], *proof], [*proof, b""]]
    if proof:
        wrong += [proof[:-1], proof[1:]]
        bit = 1 << data.draw(st.integers(0, 255))
        for place, item in enumerate(proof):
            flipped = (int.from_bytes(item) ^ bit).to_bytes(32)
            wrong.append([*proof[:place], flipped, *proof[place + 1 :]])
    if len(set(proof)) > 1:
        wrong.append([*proof[1:], proof[0]])
    return wrong


@given(size=SIZES, data=st.data())
def test_a_range_folds_to_the_root(size: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, size))
    end = data.draw(st.integers(start, size))
    read = merkle.list_reader(LEAVES[:size])
    grown = merkle.frontier(read, start)
    for hashed in LEAVES[start:end]:
        grown, _ = grown.push(hashed)
    for level, index in merkle.full_nodes(end, size):
        grown, _ = grown.push(read(level, index), level)
    assert grown.root == ROOTS[size]


def test_push_tells_which_nodes_became_full() -> None:
    grown, seen = Frontier(), {}
    for index, hashed in enumerate(LEAVES):
        grown, filled = grown.push(hashed)
        for level, node in enumerate(filled, start=1):
            seen[level, index >> level] = node
    read = merkle.list_reader(LEAVES)
    assert seen == {name: read(*name) for name in seen}
    assert len(seen) == sum(300 >> level for level in range(1, 9))


def test_misuse_is_refused() -> None:
    with pytest.raises(ValueError, match="one hash for each bit"):
        Frontier(3, (LEAVES[0],))
    with pytest.raises(ValueError, match="multiple"):
        Frontier(1, (LEAVES[0],)).push(LEAVES[1], level=1)
    with pytest.raises(ValueError, match="inside"):
        merkle.inclusion_ranges(3, 3)
    with pytest.raises(ValueError, match="older"):
        merkle.consistency_ranges(0, 3)
