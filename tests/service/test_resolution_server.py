"""The HTTP server as such: token, TLS, addresses, draining, and that `serve` starts it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from moderation.assembly import make_keys, open_gate
from moderation.gate import Gate
from moderation.resolution.server import ResolutionUnavailable, resolving
from moderation.service.server import serve_until_told
from moderation.settings import Settings, SettingsInvalid
from tests.clips import make_clip
from tests.house import settings_for
from tests.service.resolution import WATERMARK, Site, site
from tests.service.test_server import _certificate

TOKEN = "token-of-a-test-0123456789"
pytestmark = pytest.mark.asyncio(loop_scope="module")
QUERY = f"/matches/byBinding?alg={WATERMARK}&value={'A' * 22}"


def _settings(home: Path, **changes: object) -> Settings:
    return settings_for(home, **({"resolution_listen": "127.0.0.1:0"} | changes))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gate(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Gate]:
    """One gate for all servers of this module that need none of their own."""
    settings = settings_for(tmp_path_factory.mktemp("gate"))
    make_keys(settings.keys_folder, settings.provider, datetime.now(UTC))
    async with open_gate(settings) as opened:
        yield opened


@asynccontextmanager
async def _resolving(gate: Gate, settings: Settings) -> AsyncIterator[Site]:
    async with resolving(gate.tracing, settings) as http:
        yield Site(settings, gate, None, http.port, "")


async def test_off_unless_it_is_asked_for(gate: Gate, tmp_path: Path) -> None:
    async with _resolving(gate, settings_for(tmp_path)) as place:
        assert place.port == 0


async def test_a_token_is_asked_for(gate: Gate, tmp_path: Path) -> None:
    settings = _settings(tmp_path, resolution_token=f"another-token-of-a-test {TOKEN}")
    assert settings.shown()["resolution_token"] == "(hidden)"
    async with site(settings) as place:
        for shown in (
            "",
            "Bearer",
            "Bearer x",
            f"Basic {TOKEN}",
            f"Bearer {TOKEN}x",
            "Bearer \xff",
        ):
            reply = await place.ask("GET", QUERY, headers={"authorization": shown} if shown else {})
            assert (reply.status, reply.reason) == (401, "TOKEN_REFUSED")
            assert reply.headers["www-authenticate"] == "Bearer"
        post = await place.ask("POST", "/matches/byContent", b"x", {"content-type": "video/mp4"})
        assert post.status == 401
        assert (await place.ask("GET", "/manifests/urn:c2pa:x")).status == 401
        for shown in (f"Bearer {TOKEN}", f"bearer {TOKEN}"):
            reply = await place.ask("GET", QUERY, headers={"authorization": shown})
            assert (reply.status, reply.json) == (200, {"matches": []})
        assert (await place.ask("GET", "/services/supportedAlgorithms")).status == 200


@pytest.mark.parametrize("token", ["short", " ", "\n", "tökens-are-in-ascii-letters"])
async def test_an_unfit_token_stops_the_start(tmp_path: Path, token: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        _settings(tmp_path, resolution_token=token)
    assert refused.value.field == "resolution_token"
    assert token.strip() == "" or token not in str(refused.value)


@pytest.mark.parametrize("listen", ["here", "127.0.0.1", "127.0.0.1:x", ":1", "::1:1", "a:65536"])
async def test_an_unfit_address_stops_the_start(tmp_path: Path, listen: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        _settings(tmp_path, resolution_listen=listen)
    assert refused.value.field == "resolution_listen"


async def test_others_are_served_with_tls_alone(gate: Gate, tmp_path: Path) -> None:
    settings = _settings(tmp_path, resolution_listen="0.0.0.0:0")
    with pytest.raises(SettingsInvalid, match="loopback"):
        async with _resolving(gate, settings):
            pass
    settings = _settings(tmp_path, resolution_listen="0.0.0.0:0", allow_plaintext=True)
    async with _resolving(gate, settings) as it:
        assert (await it.ask("GET", "/services/supportedAlgorithms")).status == 200


async def test_an_address_that_is_taken(gate: Gate, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = _settings(tmp_path, resolution_listen=f"127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(ResolutionUnavailable):
            async with _resolving(gate, settings):
                pass


async def _status(port: int, context: ssl.SSLContext | None) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    try:
        writer.write(b"GET /services/supportedAlgorithms HTTP/1.1\r\nhost: a\r\n\r\n")
        return int((await reader.readline()).split()[1])
    finally:
        writer.close()
        await writer.wait_closed()


async def test_tls_is_that_of_the_grpc_server(gate: Gate, tmp_path: Path) -> None:
    certificate, key = _certificate(tmp_path)
    settings = _settings(
        tmp_path / "home",
        tls_certificate=certificate,
        tls_key=key,
        tls_client_ca=certificate,
        upload_idle_ms=2_000,
    )
    known = ssl.create_default_context(cafile=str(certificate))
    async with resolving(gate.tracing, settings) as http:
        with pytest.raises((ssl.SSLError, ConnectionError, IndexError)):
            await _status(http.port, known)  # no certificate of the client's
        with pytest.raises((ConnectionError, IndexError)):
            await _status(http.port, None)
        known.load_cert_chain(certificate, key)
        assert await _status(http.port, known) == 200


async def _begun(place: Site, data: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Begin an upload; the server says when it has taken it on."""
    reader, writer = await asyncio.open_connection("127.0.0.1", place.port)
    head = (
        "POST /matches/byContent HTTP/1.1\r\nhost: a\r\ncontent-type: video/mp4\r\n"
        f"content-length: {len(data)}\r\nexpect: 100-continue\r\n\r\n"
    )
    writer.write(head.encode())
    assert await reader.readline() == b"HTTP/1.1 100 Continue\r\n"
    assert await reader.readline() == b"\r\n"
    return reader, writer


async def test_what_runs_may_finish_when_the_server_stops(tmp_path: Path) -> None:
    data = make_clip(tmp_path / "clip.mp4", seconds=1).read_bytes()
    async with AsyncExitStack() as stack:
        place = await stack.enter_async_context(site(_settings(tmp_path / "home", drain_ms=60_000)))
        reader, writer = await _begun(place, data)
        leaving = asyncio.create_task(stack.pop_all().aclose())
        writer.write(data)
        assert b" 200 " in await reader.readline()
        assert b'{"matches":[]}' in await reader.read()
        writer.close()
        await writer.wait_closed()
        await leaving
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", place.port)


async def test_what_does_not_finish_in_time_is_told_so(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        place = await stack.enter_async_context(site(_settings(tmp_path / "home", drain_ms=1)))
        reader, writer = await _begun(place, bytes(1_000))
        await stack.pop_all().aclose()
        answer = await reader.read()
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"DRAINING" in answer
        writer.close()
        await writer.wait_closed()
        assert place.left() == []


async def test_serving_until_told_serves_both(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = _settings(tmp_path, resolution_listen=f"127.0.0.1:{port}")
    make_keys(settings.keys_folder, settings.provider, datetime.now(UTC))
    async with open_gate(settings) as gate:
        serving = asyncio.create_task(serve_until_told(gate, settings))
        status = 0
        while not status and not serving.done():
            try:
                status = await _status(port, None)
            except ConnectionError:
                await asyncio.sleep(0.05)
        assert status == 200
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(serving, timeout=30)
        with pytest.raises(ConnectionRefusedError):
            await _status(port, None)
