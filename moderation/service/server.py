"""The gRPC server: services, health, reflection, limits, TLS, graceful drain."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import grpc
import structlog
from grpc import aio
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from framegate.v1 import (
    audit_pb2,
    audit_pb2_grpc,
    moderation_pb2,
    moderation_pb2_grpc,
    provenance_pb2,
    provenance_pb2_grpc,
)
from moderation.gate import Gate
from moderation.resolution.server import resolving
from moderation.service.audit import AuditServicer
from moderation.service.calls import CallInterceptor
from moderation.service.moderation import ModerationServicer
from moderation.service.provenance import ProvenanceServicer
from moderation.settings import Settings, SettingsInvalid

_log = structlog.get_logger(__name__)
MAX_MESSAGE_BYTES = 4 << 20
# How often a serving process signs a checkpoint; one more is signed when it is told to stop.
_TIDY_S = 3600.0
_SERVICES = (
    moderation_pb2.DESCRIPTOR.services_by_name["ModerationService"].full_name,
    provenance_pb2.DESCRIPTOR.services_by_name["ProvenanceService"].full_name,
    audit_pb2.DESCRIPTOR.services_by_name["AuditService"].full_name,
)
_OPTIONS = (
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    ("grpc.so_reuseport", 0),
    # A client that vanished without a word is noticed within half a minute.
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.min_ping_interval_without_data_ms", 5_000),
)


class AddressUnavailable(SettingsInvalid):
    """The server cannot listen where it is told to."""

    reason = "ADDRESS_UNAVAILABLE"


@asynccontextmanager
async def serving(gate: Gate, settings: Settings, address: str = "") -> AsyncIterator[int]:
    """Serve until the block is left; then drain.

    Draining: health says NOT_SERVING, new calls are refused, running ones may finish within
    `settings.drain_ms`.

    Args:
        gate: The use cases.
        settings: Limits and TLS files.
        address: Where to listen; `settings.listen` when empty. Port 0 picks a free one, and
            `unix:PATH` listens on a socket file.

    Yields:
        The port.

    Raises:
        SettingsInvalid: When the address is taken, or open to others without TLS.
    """
    address = address or settings.listen
    server = aio.server(interceptors=(CallInterceptor(),), options=_OPTIONS)
    moderation_pb2_grpc.add_ModerationServiceServicer_to_server(
        ModerationServicer(gate, settings), server
    )
    provenance_pb2_grpc.add_ProvenanceServiceServicer_to_server(
        ProvenanceServicer(gate, settings), server
    )
    audit_pb2_grpc.add_AuditServiceServicer_to_server(AuditServicer(gate), server)
    checks = health.aio.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(checks, server)
    reflection.enable_server_reflection(
        (*_SERVICES, health.SERVICE_NAME, reflection.SERVICE_NAME), server
    )
    port = _listen(server, settings, address)
    await server.start()
    for name in ("", *_SERVICES):
        await checks.set(name, health_pb2.HealthCheckResponse.SERVING)
    _log.info("server.listening", address=address, port=port, tls=bool(settings.tls_key))
    try:
        yield port
    finally:
        await checks.enter_graceful_shutdown()
        await server.stop(settings.drain_ms / 1000)
        _log.info("server.stopped")


async def serve_until_told(gate: Gate, settings: Settings, address: str = "") -> None:
    """Serve until SIGTERM or SIGINT."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    await gate.ready()
    async with resolving(gate.tracing, settings) as http, serving(gate, settings, address):
        while not told.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(told.wait(), _TIDY_S)
            await gate.tidy()
        # Both drain at the same time.
        http.drain()


def _listen(server: aio.Server, settings: Settings, address: str) -> int:
    try:
        if settings.tls_key and settings.tls_certificate:
            return server.add_secure_port(address, _credentials(settings))
        if not (_is_local(address) or settings.allow_plaintext):
            raise SettingsInvalid(
                "an address that is not loopback needs tls_certificate and tls_key "
                "(or allow_plaintext)",
                field="listen",
            )
        return server.add_insecure_port(address)
    except RuntimeError as error:
        raise AddressUnavailable("the address cannot be listened on", field="listen") from error


def _credentials(settings: Settings) -> grpc.ServerCredentials:
    anchors = _read(settings.tls_client_ca, "tls_client_ca") if settings.tls_client_ca else None
    return grpc.ssl_server_credentials(
        [
            (
                _read(settings.tls_key, "tls_key"),
                _read(settings.tls_certificate, "tls_certificate"),
            )
        ],
        root_certificates=anchors,
        require_client_auth=anchors is not None,
    )


def _read(path: Path | None, name: str) -> bytes:
    try:
        return (path or Path()).read_bytes()
    except OSError as error:
        raise SettingsInvalid(f"the file of {name} cannot be read", field=name) from error


def _is_local(address: str) -> bool:
    if address.startswith("unix:"):
        return True
    host = address.rpartition(":")[0].strip("[]")
    if host == "localhost":
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False
