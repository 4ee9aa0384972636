"""One answer for one idempotency key, however often the call is repeated.

The answer is stored by an effect, in the transaction of the leaf: there is never a record without
its answer, nor an answer without its record. Of two calls with one key that run at once in this
process the second is told ABORTED and to come back; of two in different processes the one that
commits second is undone and gets the answer of the first (`AlreadyAnswered`). A key belongs to its
caller and method, so nobody can fetch another's answer by guessing keys.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from media.errors import FramegateError, InvalidInput
from moderation.store.database import reading, writing
from moderation.store.effects import Effect, Leaf
from moderation.store.errors import IdempotencyConflict, IdempotencyInFlight
from moderation.store.schema import answers

MAX_KEY_CHARS = 128
DAY_MS = 86_400_000
_RETRY_AFTER_MS = 500


class AlreadyAnswered(FramegateError):
    """Another process answered this very request first; `response` is what it answered."""

    code = "ABORTED"
    reason = "IDEMPOTENCY_RACE"
    retryable = True

    def __init__(self, response: bytes) -> None:
        super().__init__("the request was answered by another process", field="idempotency_key")
        self.response = response


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to answer a request.

    Attributes:
        caller: Who asks.
        method: Name of the call.
        key: The caller's idempotency key, "" when it sent none.
        request_digest: SHA-256 of the request, hex.
        response: The answer given before, or None when there is none yet.
    """

    caller: str
    method: str
    key: str
    request_digest: str
    response: bytes | None


class Answers:
    """Stored answers; thread-safe, one instance a process and database."""

    def __init__(self, engine: Engine, *, keep_ms: int = DAY_MS) -> None:
        """Use a database; an answer is kept for `keep_ms` milliseconds."""
        self._engine = engine
        self._keep_ms = keep_ms
        self._lock = threading.Lock()
        self._in_flight: set[tuple[str, str, str]] = set()

    @contextmanager
    def claim(
        self, caller: str, method: str, key: str, request: bytes, *, now_ms: int
    ) -> Iterator[Claim]:
        """Hold a key for as long as its request is being answered.

        Args:
            caller: Who asks, as the service knows callers.
            method: Name of the call.
            key: The caller's key, at most 128 characters; "" for none, which claims nothing.
            request: The request's bytes, or whatever decides that two requests are the same.
            now_ms: Milliseconds since the epoch.

        Raises:
            InvalidInput: If the key is too long.
            IdempotencyConflict: If the key was used with a different request.
            IdempotencyInFlight: If the first call is still being answered.
        """
        digest = hashlib.sha256(request).hexdigest()
        if not key:
            yield Claim(caller, method, "", digest, None)
            return
        if len(key) > MAX_KEY_CHARS:
            raise InvalidInput(
                "the idempotency key is too long",
                field="idempotency_key",
                limit=MAX_KEY_CHARS,
                actual=len(key),
            )
        name = (caller, method, key)
        with self._lock:
            if name in self._in_flight:
                raise IdempotencyInFlight(
                    "the first call with this key is still being answered",
                    field="idempotency_key",
                    retry_after_ms=_RETRY_AFTER_MS,
                )
            self._in_flight.add(name)
        try:
            with reading(self._engine) as connection:
                response = _find(connection, name, digest, now_ms)
            yield Claim(caller, method, key, digest, response)
        finally:
            with self._lock:
                self._in_flight.discard(name)

    def remember(
        self, claim: Claim, respond: Callable[[Leaf], bytes], *, now_ms: int
    ) -> Effect[bytes]:
        """Make the effect that builds the response and stores it under the claimed key.

        Args:
            claim: From `claim`.
            respond: Builds the response; it is given the leaf, which the response may name.
            now_ms: Milliseconds since the epoch.

        Returns:
            An effect that gives the response. It raises AlreadyAnswered or IdempotencyConflict
            when another process has used the key in the meantime.
        """

        def run(connection: Connection, leaf: Leaf) -> bytes:
            response = respond(leaf)
            if claim.key:
                self._store(connection, claim, response, leaf.subject_key, now_ms)
            return response

        return run

    def expire(self, now_ms: int) -> int:
        """Delete answers that have been kept long enough; returns how many."""
        with writing(self._engine) as connection:
            return connection.execute(
                delete(answers).where(answers.c.expires_ms <= now_ms)
            ).rowcount

    def _store(
        self, connection: Connection, claim: Claim, response: bytes, subject_key: str, now_ms: int
    ) -> None:
        name = (claim.caller, claim.method, claim.key)
        connection.execute(delete(answers).where(*_is(name), answers.c.expires_ms <= now_ms))
        earlier = _find(connection, name, claim.request_digest, now_ms)
        if earlier is not None:
            raise AlreadyAnswered(earlier)
        try:
            connection.execute(
                insert(answers),
                {
                    "caller": claim.caller,
                    "method": claim.method,
                    "key": claim.key,
                    "request_digest": claim.request_digest,
                    "response": response,
                    "subject_key": subject_key,
                    "expires_ms": now_ms + self._keep_ms,
                },
            )
        except IntegrityError as error:
            raise IdempotencyInFlight(
                "the key is being used by another call", field="idempotency_key"
            ) from error


def _find(
    connection: Connection, name: tuple[str, str, str], digest: str, now_ms: int
) -> bytes | None:
    row = connection.execute(
        select(answers.c.request_digest, answers.c.response).where(
            *_is(name), answers.c.expires_ms > now_ms
        )
    ).one_or_none()
    if row is None:
        return None
    if row.request_digest != digest:
        raise IdempotencyConflict(
            "the idempotency key was used before with a different request",
            field="idempotency_key",
        )
    return bytes(row.response)


def _is(name: tuple[str, str, str]) -> tuple[Any, ...]:
    caller, method, key = name
    return answers.c.caller == caller, answers.c.method == method, answers.c.key == key
