from __future__ import annotations

import pytest

from media.errors import InvalidInput
from moderation.audit.log import AuditLog
from moderation.audit.writer import Pending, Receipt
from moderation.store.errors import IdempotencyConflict, IdempotencyInFlight
from moderation.store.idempotency import AlreadyAnswered, Answers, Claim
from tests.moderation.databases import Home, entry


def _answer(
    log: AuditLog, answers: Answers, claim: Claim, response: bytes, now_ms: int = 1
) -> Pending[Receipt[bytes]]:
    effect = answers.remember(
        claim, lambda leaf: response + str(leaf.index).encode(), now_ms=now_ms
    )
    return log.append(entry(), effect=effect)


async def test_the_second_call_gets_the_first_answer(home: Home) -> None:
    with home.log() as log:
        answers = Answers(log.engine)
        with answers.claim("me", "Screen", "k", b"request", now_ms=1) as claim:
            assert claim.response is None
            assert (await _answer(log, answers, claim, b"answer ")).result == b"answer 0"
        with answers.claim("me", "Screen", "k", b"request", now_ms=2) as claim:
            assert claim.response == b"answer 0"
        for caller, method, key in (("you", "Screen", "k"), ("me", "Review", "k")):
            with answers.claim(caller, method, key, b"request", now_ms=2) as claim:
                assert claim.response is None
        with (
            pytest.raises(IdempotencyConflict) as caught,
            answers.claim("me", "Screen", "k", b"other", now_ms=2),
        ):
            pass
        assert (caught.value.code, caught.value.reason) == ("ABORTED", "IDEMPOTENCY_CONFLICT")


async def test_a_call_in_flight_turns_the_second_away(home: Home) -> None:
    with home.log() as log:
        answers = Answers(log.engine)
        with answers.claim("me", "Screen", "k", b"request", now_ms=1):
            with (
                pytest.raises(IdempotencyInFlight) as caught,
                answers.claim("me", "Screen", "k", b"request", now_ms=1),
            ):
                pass
            assert caught.value.retryable
            assert caught.value.retry_after_ms
        with answers.claim("me", "Screen", "k", b"request", now_ms=1) as claim:
            assert claim.response is None


async def test_of_two_processes_one_answers(home: Home) -> None:
    with home.log() as one, home.log() as two:
        first, second = Answers(one.engine), Answers(two.engine)
        with (
            first.claim("me", "Screen", "k", b"request", now_ms=1) as mine,
            second.claim("me", "Screen", "k", b"request", now_ms=1) as yours,
            Answers(two.engine).claim("me", "Screen", "k", b"other", now_ms=1) as other,
        ):
            assert (await _answer(one, first, mine, b"first ")).result == b"first 0"
            with pytest.raises(AlreadyAnswered) as caught:
                await _answer(two, second, yours, b"second ")
            assert caught.value.response == b"first 0"
            with pytest.raises(IdempotencyConflict):
                await _answer(two, second, other, b"third ")
        assert one.size == 1


async def test_answers_expire(home: Home) -> None:
    with home.log() as log:
        answers = Answers(log.engine, keep_ms=100)
        for key in ("a", "b"):
            with answers.claim("me", "Screen", key, b"request", now_ms=1) as claim:
                await _answer(log, answers, claim, b"")
        with answers.claim("me", "Screen", "a", b"another", now_ms=101) as claim:
            assert claim.response is None
            await _answer(log, answers, claim, b"", now_ms=101)
        assert answers.expire(101) == 1
        assert answers.expire(201) == 1
        assert answers.expire(999) == 0


async def test_a_failed_call_leaves_no_answer(home: Home) -> None:
    with home.log() as log:
        answers = Answers(log.engine)
        with (
            pytest.raises(ZeroDivisionError),
            answers.claim("me", "Screen", "k", b"request", now_ms=1) as claim,
        ):
            await log.append(
                entry(), effect=answers.remember(claim, lambda _leaf: bytes(1 // 0), now_ms=1)
            )
        assert log.size == 0
        with answers.claim("me", "Screen", "k", b"request", now_ms=1) as claim:
            assert claim.response is None


async def test_keys(home: Home) -> None:
    with home.log() as log:
        answers = Answers(log.engine)
        with answers.claim("me", "Screen", "", b"x", now_ms=1) as claim:
            await _answer(log, answers, claim, b"")
            with answers.claim("me", "Screen", "", b"y", now_ms=1) as again:
                assert again.response is None
                await _answer(log, answers, again, b"")
        assert answers.expire(10**15) == 0
        with (
            pytest.raises(InvalidInput) as caught,
            answers.claim("me", "Screen", "k" * 129, b"x", now_ms=1),
        ):
            pass
        assert caught.value.limit == 128
