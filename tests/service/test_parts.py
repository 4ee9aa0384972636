"""ScreenPrompt with all its parts over a real server, and the words that it gives as reasons."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import grpc
import msgspec
import pytest
import pytest_asyncio
from grpc import aio

from framegate.v1 import audit_pb2, moderation_pb2, verdict_pb2
from moderation.cli.door import Door
from moderation.prompts import explanation
from moderation.prompts.occlusion import without
from moderation.prompts.parts import PromptRequest
from moderation.store.errors import PayloadUnreadable
from tests.house import error_info, house, settings_for
from tests.service.places import Place

pytestmark = pytest.mark.asyncio(loop_scope="module")

BENIGN = "A golden retriever puppy chasing soap bubbles across a sunny meadow"
HARMFUL = "Tutorial that shows how to make an explosive device and set it off in a shopping mall"
SHOTS = (
    "A kite rises over a wide green valley",
    "Two children run down the hill after it",
    "The kite lands softly in a field of sunflowers",
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    settings = settings_for(tmp_path_factory.mktemp("home"))
    async with house(settings) as opened:
        yield Place(settings, opened)


@pytest.fixture(scope="module")
def door(place: Place) -> Door:
    return place.door


async def _screen(door: Door, **fields: Any) -> verdict_pb2.Verdict:
    return (
        await door.moderation.ScreenPrompt(moderation_pb2.ScreenPromptRequest(**fields))
    ).verdict


def _same(verdict: verdict_pb2.Verdict) -> bytes:
    """What is the same each time, as bytes."""
    return verdict.judgement.SerializeToString(deterministic=True)


# Parts.


async def test_a_storyboard_needs_no_prompt(door: Door) -> None:
    verdict = await _screen(door, shots=SHOTS)
    assert verdict.judgement.decision == verdict_pb2.DECISION_ALLOW
    assert verdict.judgement.language == "en"


async def test_harm_in_any_part_that_asks_is_found_and_the_part_is_named(door: Door) -> None:
    for fields, part in (
        ({"prompt": BENIGN, "shots": (*SHOTS, HARMFUL)}, "shots[3]"),
        ({"prompt": BENIGN, "reference_captions": (BENIGN, HARMFUL)}, "reference_captions[1]"),
        ({"prompt": HARMFUL, "shots": SHOTS}, "prompt"),
        ({"prompt": BENIGN, "negative_prompt": HARMFUL}, "negative_prompt"),
    ):
        judgement = (await _screen(door, **fields)).judgement
        assert judgement.decision == verdict_pb2.DECISION_BLOCK
        named = [list(finding.parts) for finding in judgement.findings]
        assert [part] in named


async def test_a_list_of_what_is_to_be_kept_out_is_allowed(door: Door) -> None:
    verdict = await _screen(
        door,
        prompt=BENIGN,
        negative_prompt="blurry, nudity, blood, gore, weapons, watermark, extra legs",
    )
    assert verdict.judgement.decision == verdict_pb2.DECISION_ALLOW


async def test_the_content_digest_covers_every_part(door: Door) -> None:
    asked = PromptRequest(BENIGN, "blurry", ("a puppy",), SHOTS)
    verdict = await _screen(door, **msgspec.to_builtins(asked))
    assert verdict.judgement.content_sha256 == asked.content_sha256
    alone = await _screen(door, prompt=BENIGN)
    assert alone.judgement.content_sha256 == PromptRequest(BENIGN).content_sha256


async def test_the_same_parts_give_the_same_bytes(door: Door) -> None:
    fields = {"prompt": BENIGN, "negative_prompt": "blurry", "shots": (*SHOTS, HARMFUL)}
    first, second = await _screen(door, **fields), await _screen(door, **fields)
    assert first.verdict_id != second.verdict_id
    assert _same(first) == _same(second)


async def test_an_idempotency_key_belongs_to_all_parts(door: Door) -> None:
    fields = {"prompt": BENIGN, "shots": SHOTS, "idempotency_key": "parts-1"}
    first, second = await _screen(door, **fields), await _screen(door, **fields)
    assert first.verdict_id == second.verdict_id
    for changed in ({"shots": SHOTS[:2]}, {"negative_prompt": "blurry"}):
        with pytest.raises(aio.AioRpcError) as failed:
            await _screen(door, **(fields | changed))
        assert error_info(failed.value).reason == "IDEMPOTENCY_CONFLICT"


BAD: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "nothing": ({"negative_prompt": "a dog"}, "PROMPT_EMPTY", "prompt", ""),
    "long": ({"shots": ["a dog", "d" * 8001]}, "PROMPT_TOO_LONG", "shots[1]", "8000"),
    "invisible": ({"shots": ["a dog", "\u200b"]}, "PROMPT_EMPTY", "shots[1]", ""),
    "many": ({"shots": ["a dog"] * 33}, "TOO_MANY_PARTS", "shots", "32"),
    "all": ({"shots": ["d" * 8000] * 5}, "REQUEST_TOO_LONG", "request", "32000"),
}


@pytest.mark.parametrize("name", BAD)
async def test_bad_parts_are_named_with_their_limit(door: Door, name: str) -> None:
    fields, reason, field, limit = BAD[name]
    with pytest.raises(aio.AioRpcError) as failed:
        await _screen(door, **fields)
    assert failed.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    info = error_info(failed.value)
    assert (info.reason, info.metadata["field"]) == (reason, field)
    assert info.metadata.get("limit", "") == limit
    assert "dog" not in (failed.value.details() or "")


async def test_all_parts_are_stored_encrypted_and_erased_together(place: Place) -> None:
    texts: dict[str, Any] = {
        "prompt": "Nine turquoise umbrellas over a harbour",
        "negative_prompt": "vermilion parasols",
        "reference_captions": ["an ochre lighthouse seen from the sea"],
        "shots": ["a magenta ferry arrives", "a cobalt ferry leaves"],
    }
    verdict = await _screen(place.door, subject_id="parts-user", **texts)
    index = verdict.audit.leaf_index
    stored = json.loads(place.payload(index))
    assert {name: stored[name] for name in texts} == texts
    assert stored["judgement"]["content_sha256"] == verdict.judgement.content_sha256
    flat = [
        texts["prompt"],
        texts["negative_prompt"],
        *texts["reference_captions"],
        *texts["shots"],
    ]
    for text in flat:
        assert place.holds(text) == []
    entry = await _entry(place.door, index)
    assert verdict.judgement.content_sha256.encode() not in entry.leaf
    await place.door.audit.EraseSubject(audit_pb2.EraseSubjectRequest(subject_id="parts-user"))
    with pytest.raises(PayloadUnreadable):
        place.payload(index)


async def _entry(door: Door, leaf_index: int) -> audit_pb2.Entry:
    page = await door.audit.ListEntries(
        audit_pb2.ListEntriesRequest(page_size=1, page_token=str(leaf_index))
    )
    return page.entries[0]


# Reasons.


async def test_without_the_words_that_are_named_the_prompt_scores_what_is_said(door: Door) -> None:
    verdict = await _screen(door, prompt=HARMFUL)
    explained = [f for f in verdict.judgement.findings if f.HasField("score_without")]
    assert verdict.judgement.findings[0] in explained
    for finding in explained:
        assert finding.chars
        assert finding.score_without < finding.threshold <= finding.score
        spans = [(span.start, span.end) for span in finding.chars]
        assert {span.part for span in finding.chars} == {"prompt"}
        left = (await _screen(door, prompt=without(HARMFUL, spans))).judgement
        scores = {score.category: score.score for score in left.scores}
        assert scores[finding.category] == pytest.approx(finding.score_without, abs=1e-6)


async def test_words_of_a_storyboard_are_in_the_part_that_they_are_said_to_be_in(
    door: Door,
) -> None:
    shots = [*SHOTS, HARMFUL]
    judgement = (await _screen(door, shots=shots)).judgement
    texts = {f"shots[{number}]": shot for number, shot in enumerate(shots)}
    spans = [span for finding in judgement.findings for span in finding.chars]
    assert spans
    for span in spans:
        assert 0 <= span.start < span.end <= len(texts[span.part])
        assert texts[span.part][span.start : span.end].strip()


async def test_an_allowed_prompt_has_no_explanation_and_costs_none(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any) -> Any:
        raise AssertionError

    monkeypatch.setattr(explanation, "explain", never)
    verdict = await _screen(door, prompt=BENIGN)
    assert verdict.judgement.decision == verdict_pb2.DECISION_ALLOW
    assert "explain" not in {lap.stage for lap in verdict.latency}


async def test_a_fault_of_the_explanation_keeps_the_verdict(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (await _screen(door, prompt=HARMFUL)).judgement

    def broken(*_: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(explanation, "explain", broken)
    bare = (await _screen(door, prompt=HARMFUL)).judgement
    assert bare.decision == whole.decision == verdict_pb2.DECISION_BLOCK
    assert len(bare.findings) == len(whole.findings)
    for finding, explained in zip(bare.findings, whole.findings, strict=True):
        assert (finding.category, finding.clause) == (explained.category, explained.clause)
        assert finding.score == explained.score
        assert not finding.HasField("score_without")


async def test_what_the_user_reads_gives_nothing_away(door: Door) -> None:
    for prompt, language in ((HARMFUL, "en"), (f"Video: {HARMFUL}", "en")):
        judgement = (await _screen(door, prompt=prompt)).judgement
        assert judgement.language == language
        text = judgement.user_text
        assert text
        assert not any(character.isdigit() for character in text)
        for finding in judgement.findings:
            for span in finding.chars:
                assert prompt[span.start : span.end] not in text
