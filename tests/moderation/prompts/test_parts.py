"""What a request may hold, and what stands for it in the record."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.errors import InvalidInput
from moderation.prompts.parts import PromptRequest

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1)
SEEN = TEXT.filter(lambda text: not text.isspace())
REQUESTS = st.builds(
    PromptRequest,
    prompt=SEEN,
    negative_prompt=st.just("") | SEEN,
    reference_captions=st.lists(SEEN, max_size=3).map(tuple),
    shots=st.lists(SEEN, max_size=3).map(tuple),
)

BAD: dict[str, tuple[dict[str, Any], str, str, object]] = {
    "nothing": ({}, "PROMPT_EMPTY", "prompt", None),
    "captions alone": ({"reference_captions": ("a dog",)}, "PROMPT_EMPTY", "prompt", None),
    "blank shot": ({"shots": ("a dog", "  ")}, "PROMPT_EMPTY", "shots[1]", None),
    "long shot": ({"shots": ("a dog", "b" * 8001)}, "PROMPT_TOO_LONG", "shots[1]", 8000),
    "long negative": (
        {"prompt": "a dog", "negative_prompt": "b" * 8001},
        "PROMPT_TOO_LONG",
        "negative_prompt",
        8000,
    ),
    "control": (
        {"prompt": "a dog", "reference_captions": ("a\x00b",)},
        "PROMPT_CONTROL_CHARACTERS",
        "reference_captions[0]",
        None,
    ),
    "surrogate": ({"shots": ("a \ud800 dog",)}, "PROMPT_NOT_UNICODE", "shots[0]", None),
    "many shots": ({"shots": ("a dog",) * 33}, "TOO_MANY_PARTS", "shots", 32),
    "many captions": (
        {"prompt": "a dog", "reference_captions": ("a dog",) * 17},
        "TOO_MANY_PARTS",
        "reference_captions",
        16,
    ),
    "long in all": ({"shots": ("b" * 8000,) * 4 + ("b",)}, "REQUEST_TOO_LONG", "request", 32_000),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_request_is_refused_by_field_and_limit(name: str) -> None:
    fields, reason, field, limit = BAD[name]
    with pytest.raises(InvalidInput) as caught:
        PromptRequest(**fields)
    assert (caught.value.reason, caught.value.field, caught.value.limit) == (reason, field, limit)
    assert "dog" not in caught.value.message


def test_the_limits_themselves_are_served() -> None:
    PromptRequest(shots=("b" * 8000,) * 4)
    PromptRequest(shots=("b",) * 32, reference_captions=("b",) * 16)


def test_parts_are_read_in_the_order_of_captions_prompt_and_shots() -> None:
    request = PromptRequest("p", "n", ("c", "d"), ("s", "t"))
    names = ["reference_captions[0]", "reference_captions[1]", "prompt", "shots[0]", "shots[1]"]
    assert [part.name for part in request.asked] == names
    assert [part.name for part in request.parts] == [*names, "negative_prompt"]
    assert "".join(part.text for part in request.parts) == "cdpstn"


def test_a_prompt_alone_keeps_the_digest_and_the_identity_that_it_had() -> None:
    request = PromptRequest("Ein Hund läuft")
    assert request.content_sha256 == hashlib.sha256("Ein Hund läuft".encode()).hexdigest()
    assert request.identity("u1") == b'["u1","RWluIEh1bmQgbMOkdWZ0"]'
    assert request.document() == {"prompt": "Ein Hund läuft"}


def test_the_digest_of_several_parts_can_be_worked_out_from_what_was_sent() -> None:
    request = PromptRequest("a", "b", (), ("c", "d"))
    plain = json.dumps(
        {"negative_prompt": "b", "prompt": "a", "shots": ["c", "d"]}, separators=(",", ":")
    )
    content = b"framegate.parts/1\x00" + plain.encode()
    assert request.content_sha256 == hashlib.sha256(content).hexdigest()


@settings(deadline=None)
@given(REQUESTS, REQUESTS)
def test_other_parts_have_other_digests(one: PromptRequest, other: PromptRequest) -> None:
    assert (one.content_sha256 == other.content_sha256) is (one == other)
    assert (one.identity("u") == other.identity("u")) is (one == other)


def test_a_text_in_another_part_is_another_request() -> None:
    requests = [
        PromptRequest("a", "b"),
        PromptRequest("a", "", ("b",)),
        PromptRequest("a", "", (), ("b",)),
        PromptRequest("", "", (), ("a", "b")),
        PromptRequest("", "", ("a",), ("b",)),
        PromptRequest("b", "a"),
    ]
    assert len({request.content_sha256 for request in requests}) == len(requests)
    assert len({request.identity("") for request in requests}) == len(requests)
