"""Messages of RFC 3161, as `openssl ts` makes them and as nobody should."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from provenance.timestamping import tsp
from tests.provenance.stamping import prepare, query_for, reply_to


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes, bytes]:
    """A request, the answer to it, and a refusal."""
    folder = tmp_path_factory.mktemp("messages")
    prepare(folder)
    query = query_for(folder, b"a claim")
    return query, reply_to(folder, query), reply_to(folder, query, denied=True)


def test_an_answer_belongs_to_its_request(messages: tuple[bytes, bytes, bytes]) -> None:
    query, reply, _ = messages
    imprint, nonce = tsp.parse_query(query)
    assert nonce
    stamped = tsp.parse_reply(reply)
    assert (stamped.imprint, stamped.nonce) == (imprint, nonce)
    assert abs(stamped.time - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_refusal_is_no_stamp(messages: tuple[bytes, bytes, bytes]) -> None:
    with pytest.raises(tsp.Malformed, match="not granted"):
        tsp.parse_reply(messages[2])


def test_a_cut_off_answer_is_no_stamp(messages: tuple[bytes, bytes, bytes]) -> None:
    reply = messages[1]
    for length in range(len(reply)):
        with pytest.raises(tsp.Malformed):
            tsp.parse_reply(reply[:length])


@given(place=st.integers(0), value=st.integers(0, 255))
def test_a_changed_answer_is_read_or_refused(
    messages: tuple[bytes, bytes, bytes], place: int, value: int
) -> None:
    changed = bytearray(messages[1])
    changed[place % len(changed)] = value
    with contextlib.suppress(tsp.Malformed):
        assert tsp.parse_reply(bytes(changed)).time.tzinfo is UTC


@given(st.binary(max_size=200))
@example(b"\x30\x80\x00\x00")
@example(b"\x30\x84\xff\xff\xff\xff")
@example(b"\x3f\x81\x00")
def test_anything_else_is_malformed(data: bytes) -> None:
    with pytest.raises(tsp.Malformed):
        tsp.parse_reply(data)
    with pytest.raises(tsp.Malformed):
        tsp.parse_query(data)
