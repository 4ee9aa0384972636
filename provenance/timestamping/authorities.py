"""Asking time-stamping authorities: one after the other, within one deadline for all.

Each is asked over HTTP (RFC 3161, section 3.4). A silent one costs no more than its share of the
time that is left, so that the next one still gets its turn. What comes back is checked before it
counts as an answer.
"""

from __future__ import annotations

import contextlib
import http.client
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import SplitResult, urlsplit

from media.errors import InvalidInput
from provenance.timestamping import tsp

MAX_SKEW: Final = timedelta(minutes=10)
"""How far an authority's clock may be from ours."""

_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"
_HTTP_OK = 200
_CHUNK_BYTES = 16 << 10


def _utc_now() -> datetime:
    return datetime.now(UTC)


class _Refused(Exception):
    """An authority answered with something else than a good stamp."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What asking came to.

    Attributes:
        reply: The good answer as it came, DER; b"" without one.
        authority: Host of who gave it.
        time: The time in it, UTC.
        failures: Of those that were asked before or in vain, `host: what was wrong`.
    """

    reply: bytes = b""
    authority: str = ""
    time: datetime | None = None
    failures: tuple[str, ...] = ()


def check_url(url: str) -> SplitResult:
    """Check the address of an authority.

    Raises:
        InvalidInput: It is no http or https address, or holds a password.
    """
    parts = urlsplit(url)
    try:
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or parts.username is not None or not url.isascii() or not url.isprintable():
        raise InvalidInput(
            "a time-stamping authority is http://HOST/... or https://HOST/..., without a password",
            field="timestamp_url",
        )
    return parts


class Authorities:
    """Authorities in the order in which they are asked. Thread-safe.

    One that fails goes to the end, so that a broken one delays one clip and not every clip.

    Args:
        urls: Their addresses.

    Raises:
        InvalidInput: One is no address.
    """

    def __init__(self, urls: tuple[str, ...]) -> None:
        for url in urls:
            check_url(url)
        self._urls = list(urls)
        self._lock = threading.Lock()

    def ask(
        self, query: bytes, *, deadline: float, now: Callable[[], datetime] = _utc_now
    ) -> Answer:
        """Ask one after the other until one gives a good stamp.

        Args:
            query: A TimeStampReq, DER.
            deadline: When to have finished, by `time.monotonic`.
            now: The present, for the check of the authority's clock.
        """
        with self._lock:
            urls = list(self._urls)
        failures: list[str] = []
        for number, url in enumerate(urls):
            host = check_url(url).netloc
            left = deadline - time.monotonic()
            if left <= 0:
                failures.append(f"{host}: no time left")
                break
            try:
                reply = _within(left / (len(urls) - number), url, query)
                stamped = _checked(reply, query, now())
            except _Refused as error:
                failures.append(f"{host}: {error}")
                self._put_last(url)
                continue
            return Answer(reply, host, stamped.time, tuple(failures))
        return Answer(failures=tuple(failures))

    def _put_last(self, url: str) -> None:
        with self._lock:
            self._urls.remove(url)
            self._urls.append(url)


def _checked(reply: bytes, query: bytes, now: datetime) -> tsp.Stamped:
    try:
        stamped = tsp.parse_reply(reply)
        wanted = tsp.parse_query(query)
    except tsp.Malformed as error:
        raise _Refused(f"no time stamp ({error})") from error
    if (stamped.imprint, stamped.nonce) != wanted:
        raise _Refused("a time stamp of something else")
    if abs(stamped.time - now) > MAX_SKEW:
        raise _Refused("its clock is far from ours")
    return stamped


def _within(seconds: float, url: str, query: bytes) -> bytes:
    """Ask one authority, and leave it behind when the time is over.

    The asking runs in a thread of its own, since neither looking up a name nor a peer that sends a
    byte now and then can be bounded otherwise.
    """
    answers: queue.SimpleQueue[bytes | _Refused] = queue.SimpleQueue()
    call = _Call(url, seconds)

    def run() -> None:
        try:
            answers.put(call.post(query))
        except _Refused as error:
            answers.put(error)
        except (OSError, http.client.HTTPException, ValueError) as error:
            answers.put(_Refused(f"no answer ({type(error).__name__})"))

    threading.Thread(target=run, daemon=True, name="timestamp").start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        call.abandon()
        raise _Refused("no answer in time") from None
    if isinstance(answer, _Refused):
        raise answer
    return answer


class _Call:
    def __init__(self, url: str, timeout_s: float) -> None:
        parts = check_url(url)
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._abandoned = False
        host = parts.hostname or ""
        self._connection: http.client.HTTPConnection
        if parts.scheme == "https":
            self._connection = http.client.HTTPSConnection(
                host, parts.port, timeout=timeout_s, context=ssl.create_default_context()
            )
        else:
            self._connection = http.client.HTTPConnection(host, parts.port, timeout=timeout_s)

    def post(self, query: bytes) -> bytes:
        """Send the request and read the whole answer."""
        try:
            self._connection.request(
                "POST", self._path, query, {"Content-Type": _QUERY, "Accept": _REPLY}
            )
            with self._connection.getresponse() as response:
                if response.status != _HTTP_OK:
                    raise _Refused(f"HTTP {response.status}")
                reply = bytearray()
                while chunk := response.read(_CHUNK_BYTES):
                    reply += chunk
                    if self._abandoned or len(reply) > tsp.MAX_REPLY_BYTES:
                        raise _Refused("too long an answer")
                return bytes(reply)
        finally:
            self._connection.close()

    def abandon(self) -> None:
        """Make the waiting thread end soon: its next read fails."""
        self._abandoned = True
        if (sock := self._connection.sock) is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
