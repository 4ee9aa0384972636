"""The HTTP server of the API, in the event loop of the gRPC server.

uvicorn speaks HTTP/1.1 and TLS. It is kept from what a program of its own would do: it installs no
signal handlers, configures no logging and never ends the process.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import structlog
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from moderation.resolution.address import Address
from moderation.resolution.api import Resolution
from moderation.settings import Settings, SettingsInvalid
from moderation.tracing import Tracing

_log = structlog.get_logger(__name__)
_MAX_CONNECTIONS = 256
_MAX_HEADER_BYTES = 32_768
_FIELD = "resolution_listen"


class ResolutionUnavailable(SettingsInvalid):
    """The HTTP API cannot listen where it is told to."""

    reason = "RESOLUTION_ADDRESS_UNAVAILABLE"


class Listening:
    """The server as the one who started it sees it.

    Attributes:
        port: Where it listens; 0 where it is off.
    """

    def __init__(self, port: int = 0, server: uvicorn.Server | None = None) -> None:
        self.port = port
        self._server = server

    def drain(self) -> None:
        """Begin to drain: no new connections; running requests may finish. Returns at once."""
        if self._server is not None:
            self._server.should_exit = True


class _Server(uvicorn.Server):
    """A server that belongs to somebody else's process."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to who has them."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say when that is done."""
        await super().startup(sockets)
        self.ready.set()


@asynccontextmanager
async def resolving(tracing: Tracing, settings: Settings) -> AsyncIterator[Listening]:
    """Serve the HTTP API until the block is left; then drain within `settings.drain_ms`.

    Without the setting `resolution_listen` nothing is served.

    Args:
        tracing: The use cases.
        settings: Where to listen, token, limits and TLS files.

    Raises:
        SettingsInvalid: When the address is taken, or open to others without TLS.
    """
    if not settings.resolution_listen:
        yield Listening()
        return
    address = Address.parse(settings.resolution_listen, _FIELD)
    context = _tls(settings)
    if context is None and not (address.loopback or settings.allow_plaintext):
        raise SettingsInvalid(
            "an address that is not loopback needs tls_certificate and tls_key "
            "(or allow_plaintext)",
            field=_FIELD,
        )
    listener = _bound(address)
    server = _Server(_config(Resolution(tracing, settings), settings, context))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    started = asyncio.create_task(server.ready.wait())
    try:
        await asyncio.wait({running, started}, return_when=asyncio.FIRST_COMPLETED)
        port = listener.getsockname()[1]
        _log.info(
            "resolution.listening",
            address=settings.resolution_listen,
            port=port,
            tls=context is not None,
            token=bool(settings.resolution_token),
        )
        yield Listening(port, server)
    finally:
        started.cancel()
        server.should_exit = True
        await running
        listener.close()
        _log.info("resolution.stopped")


def _config(
    resolution: Resolution, settings: Settings, context: ssl.SSLContext | None
) -> uvicorn.Config:
    return uvicorn.Config(
        resolution.application(),
        http=_punctual(settings.upload_idle_ms),
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=_MAX_CONNECTIONS,
        h11_max_incomplete_event_size=_MAX_HEADER_BYTES,
        timeout_graceful_shutdown=math.ceil(settings.drain_ms / 1000),
        ssl_context_factory=None if context is None else lambda *_: context,
    )


def _punctual(idle_ms: int) -> type[H11Protocol]:
    """Return a protocol that closes a connection on which no request begins in time.

    That holds as well for one whose answer was sent while it is still sending: what it sends is
    thrown away meanwhile, so that a caller who looks only afterwards finds the answer.
    """

    class Punctual(H11Protocol):
        _waiting: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(cast("asyncio.Transport", transport))
            self._wait()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_waiting()
            super().connection_lost(exc)

        def on_response_complete(self) -> None:
            super().on_response_complete()
            self._wait()

        def _wait(self) -> None:
            self._stop_waiting()
            if not self.transport.is_closing():
                self._waiting = self.loop.call_later(idle_ms / 1000, self._close_if_idle)

        def _stop_waiting(self) -> None:
            if self._waiting is not None:
                self._waiting.cancel()

        def _close_if_idle(self) -> None:
            request = getattr(self, "cycle", None)  # None until the first one begins
            if request is None or request.response_complete:
                self.transport.close()
                # Closing waits until the answer has been read; nobody is waited for without end.
                self._waiting = self.loop.call_later(idle_ms / 1000, self.transport.abort)

    return Punctual


def _bound(address: Address) -> socket.socket:
    try:
        family = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((address.host, address.port), family=family, backlog=128)
    except OSError as error:
        raise ResolutionUnavailable("the address cannot be listened on", field=_FIELD) from error


def _tls(settings: Settings) -> ssl.SSLContext | None:
    """The TLS of the gRPC server: the same certificate, and clients' where they are asked for."""
    if settings.tls_certificate is None or settings.tls_key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(settings.tls_certificate, settings.tls_key)
        if settings.tls_client_ca is not None:
            context.load_verify_locations(cadata=Path(settings.tls_client_ca).read_text("ascii"))
            context.verify_mode = ssl.CERT_REQUIRED
    except (OSError, ValueError) as error:
        raise SettingsInvalid("the files of TLS cannot be used", field="tls_certificate") from error
    return context
