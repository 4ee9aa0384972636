"""AuditService over a real server: listing, proofs, bundles, erasure."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
import pytest_asyncio
from grpc import aio

from framegate.v1 import audit_pb2, moderation_pb2, verdict_pb2
from moderation.audit import merkle, verification
from moderation.audit.checkpoint import VerifierKey
from moderation.cli.door import Door
from moderation.store.errors import PayloadUnreadable
from tests.house import error_info, header, house, settings_for
from tests.service.places import Place

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROMPT = "Nine turquoise umbrellas waltzing over a frozen harbour"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    settings = settings_for(tmp_path_factory.mktemp("home"))
    async with house(settings) as opened:
        yield Place(settings, opened)


@pytest.fixture(scope="module")
def door(place: Place) -> Door:
    return place.door


async def _screen(door: Door, prompt: str, **fields: Any) -> verdict_pb2.Verdict:
    request = moderation_pb2.ScreenPromptRequest(prompt=prompt, **fields)
    return (await door.moderation.ScreenPrompt(request)).verdict


async def _all(door: Door, page_size: int = 1000) -> list[audit_pb2.Entry]:
    entries: list[audit_pb2.Entry] = []
    token = ""
    while True:
        page = await door.audit.ListEntries(
            audit_pb2.ListEntriesRequest(page_size=page_size, page_token=token)
        )
        assert len(page.entries) <= page_size
        assert page.request_id
        entries.extend(page.entries)
        token = page.next_page_token
        if not token:
            return entries


async def _checkpoint(door: Door) -> audit_pb2.GetCheckpointResponse:
    return await door.audit.GetCheckpoint(audit_pb2.GetCheckpointRequest())


async def _export(door: Door, target: Path, **fields: Any) -> Path:
    with target.open("wb") as out:
        async for part in door.audit.ExportBundle(audit_pb2.ExportBundleRequest(**fields)):
            out.write(part.chunk)
    return target


async def test_pages_give_every_entry_once_and_in_order(door: Door) -> None:
    for number in range(5):
        await _screen(door, f"a dog, take {number}")
    small, large = await _all(door, 2), await _all(door)
    assert small == large
    assert [entry.leaf_index for entry in large] == list(range(len(large)))
    for entry in large:
        assert merkle.leaf_hash(entry.leaf).hex() == entry.leaf_hash
        assert entry.event
        assert entry.time.seconds
        assert entry.request_id


@pytest.mark.parametrize("token", ["abc", "-1", "1.5", "١٢", " 1", "9" * 40])
async def test_a_bad_page_token_is_named(door: Door, token: str) -> None:
    with pytest.raises(aio.AioRpcError) as failed:
        await door.audit.ListEntries(audit_pb2.ListEntriesRequest(page_token=token))
    assert failed.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert error_info(failed.value).metadata["field"] == "page_token"


async def test_a_token_beyond_the_log_gives_an_empty_page(door: Door) -> None:
    page = await door.audit.ListEntries(audit_pb2.ListEntriesRequest(page_token="9" * 18))
    assert not page.entries
    assert not page.next_page_token


async def test_a_page_that_is_too_large_is_refused(door: Door) -> None:
    with pytest.raises(aio.AioRpcError) as failed:
        await door.audit.ListEntries(audit_pb2.ListEntriesRequest(page_size=5000))
    assert failed.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    info = error_info(failed.value)
    assert info.metadata["field"] == "page_size"
    assert (info.metadata["limit"], info.metadata["actual"]) == ("1000", "5000")


async def test_a_checkpoint_verifies_with_the_key_of_the_house(place: Place) -> None:
    await _screen(place.door, "a dog")
    response = await _checkpoint(place.door)
    key = VerifierKey.parse(response.verifier_key)
    opened = key.open(response.checkpoint)
    assert (opened.size, opened.root) == (response.tree_size, response.root_hash)
    assert key == VerifierKey.load(place.settings.keys_folder / "log.pub")
    hashes = [bytes.fromhex(entry.leaf_hash) for entry in await _all(place.door)]
    assert merkle.root(hashes[: opened.size]) == opened.root


async def test_a_verdict_is_proved_to_be_in_the_log(door: Door) -> None:
    verdict = await _screen(door, "a dog")
    for take in range(6):
        await _screen(door, f"a cat, take {take}")
    checkpoint = await _checkpoint(door)
    index = verdict.audit.leaf_index
    for size in (index + 1, checkpoint.tree_size):
        proof = await door.audit.GetInclusionProof(
            audit_pb2.GetInclusionProofRequest(leaf_index=index, tree_size=size)
        )
        assert (proof.leaf_index, proof.tree_size) == (index, size)
        assert proof.leaf_hash.hex() == verdict.audit.leaf_hash
        hashed = bytes.fromhex(verdict.audit.leaf_hash)
        hashes = list(proof.hashes)
        assert merkle.verify_inclusion(hashed, index, size, hashes, proof.root_hash)
        other = bytes([hashed[0] ^ 1]) + hashed[1:]
        assert not merkle.verify_inclusion(other, index, size, hashes, proof.root_hash)
    assert proof.root_hash == checkpoint.root_hash


async def test_a_later_log_is_proved_to_hold_the_earlier_one(door: Door) -> None:
    await _screen(door, "a dog")
    earlier = await _checkpoint(door)
    for take in range(5):
        await _screen(door, f"a bird, take {take}")
    later = await _checkpoint(door)
    proof = await door.audit.GetConsistencyProof(
        audit_pb2.GetConsistencyProofRequest(
            first_size=earlier.tree_size, second_size=later.tree_size
        )
    )
    assert proof.first_root_hash == earlier.root_hash
    assert proof.second_root_hash == later.root_hash
    sizes, hashes = (earlier.tree_size, later.tree_size), list(proof.hashes)
    roots = earlier.root_hash, later.root_hash
    assert merkle.verify_consistency(*sizes, *roots, hashes)
    assert not merkle.verify_consistency(*sizes, *roots[::-1], hashes)


FAR = 2**64 - 1
BEYOND: dict[str, tuple[str, Any]] = {
    "leaf": ("GetInclusionProof", audit_pb2.GetInclusionProofRequest(leaf_index=1 << 40)),
    "leaf at the end": (
        "GetInclusionProof",
        audit_pb2.GetInclusionProofRequest(leaf_index=1, tree_size=1),
    ),
    "farthest leaf": ("GetInclusionProof", audit_pb2.GetInclusionProofRequest(leaf_index=FAR)),
    "tree": (
        "GetInclusionProof",
        audit_pb2.GetInclusionProofRequest(leaf_index=0, tree_size=1 << 40),
    ),
    "farthest tree": (
        "GetInclusionProof",
        audit_pb2.GetInclusionProofRequest(leaf_index=0, tree_size=FAR),
    ),
    "nothing": ("GetConsistencyProof", audit_pb2.GetConsistencyProofRequest(second_size=1)),
    "backwards": (
        "GetConsistencyProof",
        audit_pb2.GetConsistencyProofRequest(first_size=2, second_size=1),
    ),
    "later": (
        "GetConsistencyProof",
        audit_pb2.GetConsistencyProofRequest(first_size=1, second_size=1 << 40),
    ),
    "farthest": (
        "GetConsistencyProof",
        audit_pb2.GetConsistencyProofRequest(first_size=FAR, second_size=FAR),
    ),
}


@pytest.mark.parametrize("name", BEYOND)
async def test_what_is_not_in_the_log_is_out_of_range(door: Door, name: str) -> None:
    await _screen(door, "a dog")
    await _screen(door, "a cat")
    method, request = BEYOND[name]
    with pytest.raises(aio.AioRpcError) as failed:
        await getattr(door.audit, method)(request)
    assert failed.value.code() is grpc.StatusCode.OUT_OF_RANGE
    assert error_info(failed.value).reason == "NOT_IN_LOG"


@pytest.mark.parametrize("span", [{"end": 1 << 40}, {"end": FAR}, {"start": 2, "end": 1}])
async def test_a_bundle_beyond_the_log_is_out_of_range(
    door: Door, tmp_path: Path, span: dict[str, Any]
) -> None:
    await _screen(door, "a dog")
    with pytest.raises(aio.AioRpcError) as failed:
        await _export(door, tmp_path / "bundle", **span)
    assert failed.value.code() is grpc.StatusCode.OUT_OF_RANGE
    assert error_info(failed.value).reason == "NOT_IN_LOG"


async def test_a_bundle_verifies_without_the_server(door: Door, tmp_path: Path) -> None:
    await _screen(door, "a dog")
    kept = await _checkpoint(door)
    await _screen(door, "a cat")
    key = VerifierKey.parse(kept.verifier_key)
    whole = verification.verify(
        await _export(door, tmp_path / "whole"), key, known=[kept.checkpoint]
    )
    assert whole.ok, whole.fault
    assert whole.leaf_count == whole.size > kept.tree_size
    assert whole.known_count == 1
    part = verification.verify(await _export(door, tmp_path / "part", start=1, end=2), key)
    assert part.ok, part.fault
    assert (part.start, part.end, part.leaf_count) == (1, 2, 1)


async def test_a_bundle_of_another_house_does_not_verify(
    door: Door, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    await _screen(door, "a dog")
    bundle = await _export(door, tmp_path / "bundle")
    async with house(settings_for(tmp_path_factory.mktemp("other"))) as other:
        stranger = VerifierKey.parse((await _checkpoint(other)).verifier_key)
    assert not verification.verify(bundle, stranger).ok


async def test_an_erased_subject_is_unreadable_and_the_log_still_holds(
    place: Place, everyday_clip: Path, tmp_path: Path
) -> None:
    door = place.door
    verdict = await _screen(door, PROMPT, subject_id="u-erased", idempotency_key="erased-1")
    other = await _screen(door, PROMPT, subject_id="u-stays")
    await door.review(everyday_clip, header(prompt_verdict_id=verdict.verdict_id), lambda _: None)
    index = verdict.audit.leaf_index
    assert PROMPT.encode() in place.payload(index)
    assert place.holds(PROMPT) == []
    assert place.holds("u-erased") == []
    kept = await _checkpoint(door)

    request = audit_pb2.EraseSubjectRequest(subject_id="u-erased")
    erased = await door.audit.EraseSubject(request, metadata=(("x-request-id", "erase.1"),))
    assert erased.records == 1
    entry = (await _all(door))[erased.leaf_index]
    assert (entry.event, entry.request_id) == ("subject.erased", "erase.1")

    with pytest.raises(PayloadUnreadable):
        place.payload(index)
    assert PROMPT.encode() in place.payload(other.audit.leaf_index)
    assert place.holds(PROMPT) == []
    assert all(PROMPT.encode() not in leaf.leaf for leaf in await _all(door))
    report = verification.verify(
        await _export(door, tmp_path / "bundle"),
        VerifierKey.parse(kept.verifier_key),
        known=[kept.checkpoint],
    )
    assert report.ok, report.fault

    with pytest.raises(aio.AioRpcError) as failed:
        await door.audit.EraseSubject(request)
    assert failed.value.code() is grpc.StatusCode.NOT_FOUND
    assert error_info(failed.value).reason == "SUBJECT_UNKNOWN"
    with pytest.raises(aio.AioRpcError) as failed:
        await door.review(
            everyday_clip, header(prompt_verdict_id=verdict.verdict_id), lambda _: None
        )
    assert failed.value.code() is grpc.StatusCode.NOT_FOUND
    assert error_info(failed.value).reason == "VERDICT_UNKNOWN"


async def test_a_subject_that_comes_back_begins_anew(place: Place) -> None:
    request = audit_pb2.EraseSubjectRequest(subject_id="u-back")
    first = await _screen(place.door, PROMPT, subject_id="u-back", idempotency_key="back-1")
    await place.door.audit.EraseSubject(request)
    # The stored answer went with the subject: the same key is answered afresh.
    second = await _screen(place.door, PROMPT, subject_id="u-back", idempotency_key="back-1")
    assert second.verdict_id != first.verdict_id
    assert PROMPT.encode() in place.payload(second.audit.leaf_index)
    with pytest.raises(PayloadUnreadable):
        place.payload(first.audit.leaf_index)


@pytest.mark.parametrize(
    ("subject", "code", "reason"),
    [
        ("", "NOT_FOUND", "SUBJECT_UNKNOWN"),
        ("never-seen", "NOT_FOUND", "SUBJECT_UNKNOWN"),
        ("some one@example", "INVALID_ARGUMENT", "INVALID_INPUT"),
        ("s" * 65, "INVALID_ARGUMENT", "INVALID_INPUT"),
    ],
)
async def test_nobody_is_erased_by_a_name_that_is_not_known(
    door: Door, subject: str, code: str, reason: str
) -> None:
    await _screen(door, "a dog")
    before = len(await _all(door))
    with pytest.raises(aio.AioRpcError) as failed:
        await door.audit.EraseSubject(audit_pb2.EraseSubjectRequest(subject_id=subject))
    assert failed.value.code().name == code
    assert error_info(failed.value).reason == reason
    assert len(await _all(door)) == before
