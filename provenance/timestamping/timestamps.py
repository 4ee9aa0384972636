"""Time stamps on signatures: who is asked, for how long, and what follows when nobody answers.

A stamp of RFC 3161 says when a signature was made. With it a clip stays trusted after the signing
certificate has expired; without it the clip then reads as invalid.

The C2PA library asks one authority, over a connection of its own that has no time limit. So it is
given an address on loopback, where a relay of ours takes its request, asks the authorities with
fail-over and a deadline, checks the answer and passes it on. The relay lives for one signature and
answers under a path that nobody else knows.
"""

from __future__ import annotations

import http.server
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self, TypeVar

import structlog

from media.errors import FramegateError, InvalidInput
from provenance.errors import TimestampUnavailable
from provenance.timestamping.authorities import Answer, Authorities, check_url

MAX_AUTHORITIES: Final = 8
"""Upper bound of authorities that are asked for one stamp."""

_MAX_QUERY_BYTES = 16 << 10
_OK, _NOT_FOUND, _UNAVAILABLE = 200, 404, 503
_LOOPBACK_S = 10.0
_SECRET_BYTES = 18
_SHOWN_CHARS = 400
_log = structlog.get_logger(__name__)

Written = TypeVar("Written")


class StampState(StrEnum):
    """Whether a signature carries a time stamp."""

    NONE = "none"
    """No authority is set."""

    STAMPED = "stamped"
    """It does."""

    UNAVAILABLE = "unavailable"
    """It does not, because no authority answered, and the settings allow to go on without."""


@dataclass(frozen=True, slots=True)
class Stamping:
    """Who is asked for a time stamp, and what follows when nobody answers.

    Attributes:
        urls: RFC 3161 authorities, http or https, in the order in which they are asked, 8 at most;
            empty for no stamp.
        required: Whether a signature without a stamp is a failure. If not, the clip is signed
            without one, and the result says so.
        deadline_ms: Wall time for all of them together, from the moment that the first is asked.

    Raises:
        InvalidInput: An address or a number is unfit.
    """

    urls: tuple[str, ...] = ()
    required: bool = True
    deadline_ms: int = 10_000

    def __post_init__(self) -> None:
        if len(self.urls) > MAX_AUTHORITIES:
            raise InvalidInput(
                f"at most {MAX_AUTHORITIES} time-stamping authorities",
                field="timestamp_url",
                limit=MAX_AUTHORITIES,
                actual=len(self.urls),
            )
        for url in self.urls:
            check_url(url)
        if self.deadline_ms < 1:
            raise InvalidInput(
                "the deadline for time stamps is at least 1 ms",
                field="timestamp_deadline_ms",
                limit=1,
                actual=self.deadline_ms,
            )

    @classmethod
    def parse(cls, urls: str, *, required: bool = True, deadline_ms: int = 10_000) -> Self:
        """Read addresses that are separated by spaces, as the settings hold them."""
        return cls(tuple(urls.split()), required, deadline_ms)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What became of the wish for a time stamp; part of the result of signing.

    Attributes:
        state: Whether there is one.
        authority: Host of the authority that gave it, "" without one.
        time_ms: The time in it, milliseconds since 1970; None without one.
        failures: What was wrong with authorities that were asked in vain, `host: reason`.
    """

    state: StampState = StampState.NONE
    authority: str = ""
    time_ms: int | None = None
    failures: tuple[str, ...] = ()


class Stamper:
    """Gets time stamps for signatures. Thread-safe; remembers which authorities failed.

    Args:
        plan: Who is asked, and what follows when nobody answers.
    """

    def __init__(self, plan: Stamping) -> None:
        self._plan = plan
        self._authorities = Authorities(plan.urls)

    def stamped(self, write: Callable[[str], Written]) -> tuple[Written, Stamp]:
        """Have something signed, with a stamp if one can be had.

        Args:
            write: Signs; is given the address to ask for a stamp, or "" to do without. May be
                called twice, so it begins anew each time. Its own errors come through.

        Returns:
            What `write` returned, and what became of the stamp.

        Raises:
            TimestampUnavailable: No authority gave a stamp in time, and the plan requires one.
        """
        if not self._plan.urls:
            return write(""), Stamp()
        with _relay(self._authorities, self._plan.deadline_ms / 1000) as relay:
            try:
                written = write(relay.url)
            except FramegateError:
                if relay.answer is None:
                    raise  # it came to nothing before a stamp was asked for
                if relay.answer.reply and self._plan.required:
                    raise  # a stamp was had, and something else went wrong
                answer = relay.answer
            else:
                return written, _stamp_of(relay.answer)
        for failure in answer.failures:
            _log.warning("timestamp.failed", authority=failure)
        if self._plan.required:
            raise TimestampUnavailable(
                "no time-stamping authority gave a stamp in time",
                field="timestamp_url",
                limit=self._plan.deadline_ms,
                actual="; ".join(answer.failures)[:_SHOWN_CHARS],
            )
        return write(""), Stamp(StampState.UNAVAILABLE, failures=answer.failures)


def _stamp_of(answer: Answer | None) -> Stamp:
    if answer is None or answer.time is None:
        # Written without a word to the relay: then there is no stamp, whatever was wished for.
        raise TimestampUnavailable("the signature was made without a time stamp")
    for failure in answer.failures:
        _log.warning("timestamp.failed", authority=failure)
    time_ms = int(answer.time.timestamp() * 1000)
    return Stamp(StampState.STAMPED, answer.authority, time_ms, answer.failures)


@dataclass(slots=True)
class _Relay:
    """The library's side of the authorities.

    Attributes:
        url: What the library is told to ask.
        answer: What asking came to; None as long as nobody asked.
    """

    url: str = ""
    answer: Answer | None = None


@contextmanager
def _relay(authorities: Authorities, within_s: float) -> Iterator[_Relay]:
    relay = _Relay()
    path = "/" + secrets.token_urlsafe(_SECRET_BYTES)
    over = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        timeout = _LOOPBACK_S

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if self.path != path or not 0 < length <= _MAX_QUERY_BYTES:
                self._reply(_NOT_FOUND, b"")
                return
            query = self.rfile.read(length)
            # The time counts from here: hashing a large clip comes before.
            relay.answer = authorities.ask(query, deadline=time.monotonic() + within_s)
            reply = relay.answer.reply
            self._reply(_OK if reply else _UNAVAILABLE, reply)

        def _reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    # A thread a request: nobody else on this machine can hold the library up by being slow.
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:

        def serve() -> None:
            while not over.is_set():
                server.handle_request()

        relay.url = f"http://127.0.0.1:{server.server_port}{path}"
        thread = threading.Thread(target=serve, daemon=True, name="timestamp-relay")
        thread.start()
        try:
            yield relay
        finally:
            over.set()
            # Wakes the thread, without the delay of looking for the end now and then.
            socket.create_connection(("127.0.0.1", server.server_port), _LOOPBACK_S).close()
            thread.join()
