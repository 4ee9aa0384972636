"""ScreenPrompt over a real server: answers, errors, ids, idempotency."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
import pytest
from grpc import aio

from framegate.v1 import audit_pb2, moderation_pb2, verdict_pb2
from moderation.cli.door import Door
from tests.house import error_info

pytestmark = pytest.mark.asyncio(loop_scope="module")

BENIGN = "A golden retriever puppy chasing soap bubbles across a sunny meadow"
HARMFUL = "Tutorial that shows how to make an explosive device and set it off in a shopping mall"


async def _screen(door: Door, prompt: str, **fields: Any) -> verdict_pb2.Verdict:
    request = moderation_pb2.ScreenPromptRequest(prompt=prompt, **fields)
    return (await door.moderation.ScreenPrompt(request)).verdict


async def test_a_benign_prompt_is_allowed_and_a_harmful_one_blocked(door: Door) -> None:
    allowed = await _screen(door, BENIGN)
    assert allowed.judgement.decision == verdict_pb2.DECISION_ALLOW
    assert not allowed.judgement.user_text
    blocked = await _screen(door, HARMFUL)
    assert blocked.judgement.decision == verdict_pb2.DECISION_BLOCK
    assert blocked.judgement.user_text
    first = blocked.judgement.findings[0]
    assert first.score >= first.threshold
    assert first.clause
    assert first.source == "prompt-safety"


async def test_the_same_prompt_gives_the_same_bytes(door: Door) -> None:
    first = await _screen(door, HARMFUL)
    second = await _screen(door, HARMFUL, subject_id="somebody-else")
    assert first.verdict_id != second.verdict_id
    for verdict in (first, second):
        for varying in ("verdict_id", "clip_id", "request_id", "create_time", "latency", "audit"):
            verdict.ClearField(varying)
    assert first.SerializeToString(deterministic=True) == second.SerializeToString(
        deterministic=True
    )


async def test_a_verdict_names_policy_and_models(door: Door) -> None:
    judgement = (await _screen(door, BENIGN)).judgement
    assert judgement.policy.id == "default"
    assert judgement.policy.digest.startswith("sha256:")
    assert [model.id for model in judgement.models] == ["names", "prompt-safety"]
    assert all(model.digest.startswith("sha256:") for model in judgement.models)
    assert len(judgement.digest) == 64
    assert {score.category for score in judgement.scores} >= {"sexual", "violence", "illicit"}


async def test_the_request_id_is_in_metadata_reply_and_record(door: Door) -> None:
    call = door.moderation.ScreenPrompt(
        moderation_pb2.ScreenPromptRequest(prompt=BENIGN),
        metadata=(("x-request-id", "my-request.7"),),
    )
    verdict = (await call).verdict
    assert ("x-request-id", "my-request.7") in list(await call.trailing_metadata())
    assert verdict.request_id == "my-request.7"
    entry = await _entry(door, verdict.audit.leaf_index)
    assert entry.request_id == "my-request.7"
    assert entry.verdict_id == verdict.verdict_id
    assert entry.leaf_hash == verdict.audit.leaf_hash
    assert BENIGN.encode() not in entry.leaf


async def _entry(door: Door, leaf_index: int) -> audit_pb2.Entry:
    token = ""
    while True:
        page = await door.audit.ListEntries(
            audit_pb2.ListEntriesRequest(page_size=1000, page_token=token)
        )
        for entry in page.entries:
            if entry.leaf_index == leaf_index:
                return entry
        token = page.next_page_token
        assert token, "the leaf is not in the log"


async def test_a_failed_call_carries_its_request_id_too(door: Door) -> None:
    with pytest.raises(aio.AioRpcError) as failed:
        await door.moderation.ScreenPrompt(
            moderation_pb2.ScreenPromptRequest(), metadata=(("x-request-id", "bad-one"),)
        )
    assert ("x-request-id", "bad-one") in list(failed.value.trailing_metadata() or ())
    assert error_info(failed.value).metadata["request_id"] == "bad-one"


async def test_without_a_request_id_one_is_made(door: Door) -> None:
    first, second = await _screen(door, BENIGN), await _screen(door, BENIGN)
    assert first.request_id
    assert first.request_id != second.request_id


BAD = {
    "empty": ({"prompt": ""}, "PROMPT_EMPTY", "prompt"),
    "invisible": ({"prompt": "\u200b\u200d"}, "PROMPT_EMPTY", "prompt"),
    "control": ({"prompt": "a dog\x00\x07 runs"}, "PROMPT_CONTROL_CHARACTERS", "prompt"),
    "one_megabyte": ({"prompt": "a dog " * 175_000}, "PROMPT_TOO_LONG", "prompt"),
    "subject": ({"prompt": "a dog", "subject_id": "some one@example"}, "INVALID_INPUT", "subject"),
    "key": ({"prompt": "a dog", "idempotency_key": "k" * 129}, "INVALID_INPUT", "idempotency_key"),
}


@pytest.mark.parametrize("name", BAD)
async def test_bad_input_is_named_and_the_next_call_is_served(door: Door, name: str) -> None:
    fields, reason, field = BAD[name]
    with pytest.raises(aio.AioRpcError) as failed:
        await door.moderation.ScreenPrompt(moderation_pb2.ScreenPromptRequest(**fields))
    assert failed.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    info = error_info(failed.value)
    assert (info.reason, info.domain) == (reason, "framegate.v1")
    assert info.metadata["field"] == field
    assert "dog" not in (failed.value.details() or "")
    assert (await _screen(door, BENIGN)).judgement.decision == verdict_pb2.DECISION_ALLOW


async def test_a_prompt_that_is_no_unicode_on_the_wire_is_named(door: Door) -> None:
    # Field 1, length 3: an encoded lone surrogate, which no protobuf runtime would write.
    with pytest.raises(aio.AioRpcError) as failed:
        await _raw_unary(door, b"\x0a\x03\xed\xa0\x80")
    assert failed.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert error_info(failed.value).reason == "REQUEST_MALFORMED"


def _raw_unary(door: Door, data: bytes) -> Any:
    return door.channel.unary_unary(
        "/framegate.v1.ModerationService/ScreenPrompt",
        request_serializer=lambda raw: raw,
        response_deserializer=moderation_pb2.ScreenPromptResponse.FromString,
    )(data)


async def test_a_message_over_the_limit_is_refused(door: Door) -> None:
    with pytest.raises(aio.AioRpcError) as failed:
        await _screen(door, "a" * (5 << 20))
    assert failed.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_a_bad_request_id_is_refused(door: Door) -> None:
    with pytest.raises(aio.AioRpcError) as failed:
        await door.moderation.ScreenPrompt(
            moderation_pb2.ScreenPromptRequest(prompt=BENIGN),
            metadata=(("x-request-id", "has a space"),),
        )
    assert error_info(failed.value).reason == "REQUEST_ID_INVALID"


async def test_an_idempotency_key_gives_the_same_verdict_once(door: Door) -> None:
    first = await _screen(door, BENIGN, idempotency_key="once-1", subject_id="u1")
    second = await _screen(door, BENIGN, idempotency_key="once-1", subject_id="u1")
    assert first.verdict_id == second.verdict_id
    assert first.audit == second.audit
    with pytest.raises(aio.AioRpcError) as failed:
        await _screen(door, HARMFUL, idempotency_key="once-1", subject_id="u1")
    assert failed.value.code() is grpc.StatusCode.ABORTED
    assert error_info(failed.value).reason == "IDEMPOTENCY_CONFLICT"


async def test_one_key_at_the_same_time_makes_one_record(door: Door) -> None:
    async def ask() -> str:
        try:
            return (await _screen(door, BENIGN, idempotency_key="race-1")).verdict_id
        except aio.AioRpcError as error:
            assert error_info(error).reason == "IDEMPOTENCY_IN_FLIGHT"
            return ""

    ids = set(await asyncio.gather(*(ask() for _ in range(12)))) - {""}
    assert len(ids) == 1


async def test_a_deadline_that_has_passed_gives_no_verdict(door: Door) -> None:
    with pytest.raises(aio.AioRpcError) as failed:
        await door.moderation.ScreenPrompt(
            moderation_pb2.ScreenPromptRequest(prompt=BENIGN), timeout=0.0005
        )
    assert failed.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED


async def test_many_at_once_all_get_a_verdict_or_are_told_to_come_back(door: Door) -> None:
    async def ask(number: int) -> str:
        try:
            verdict = await _screen(door, f"{BENIGN}, take {number}")
        except aio.AioRpcError as error:
            assert error_info(error).reason == "OVERLOADED"
            return "OVERLOADED"
        return verdict_pb2.Decision.Name(verdict.judgement.decision)

    answers = await asyncio.gather(*(ask(number) for number in range(300)))
    assert set(answers) <= {"DECISION_ALLOW", "DECISION_REVIEW", "OVERLOADED"}
    assert answers.count("OVERLOADED") < len(answers)
