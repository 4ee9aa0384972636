"""The server as such: health, reflection, TLS, draining, metrics of its edge."""

from __future__ import annotations

import asyncio
import os
import shutil
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from google.protobuf import descriptor_pb2
from google.protobuf.json_format import MessageToDict, ParseDict
from grpc import aio
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from framegate.v1 import moderation_pb2, moderation_pb2_grpc
from media.errors import FramegateError
from moderation.assembly import make_keys, open_gate
from moderation.service.server import serving
from moderation.settings import SettingsInvalid
from tests.house import served, settings_for


async def test_health_says_serving_for_every_service(tmp_path: Path) -> None:
    async with served(settings_for(tmp_path)) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        for name in ("", "framegate.v1.ModerationService", "framegate.v1.AuditService"):
            reply = await stub.Check(health_pb2.HealthCheckRequest(service=name))
            assert reply.status == health_pb2.HealthCheckResponse.SERVING


async def test_a_call_by_reflection_needs_no_stubs(tmp_path: Path) -> None:
    """What grpcurl does: list services, fetch the descriptors, build the message from JSON."""
    async with served(settings_for(tmp_path)) as channel:
        stub = reflection_pb2_grpc.ServerReflectionStub(channel)

        async def ask(**question: str) -> reflection_pb2.ServerReflectionResponse:
            async def questions():  # type: ignore[no-untyped-def]
                yield reflection_pb2.ServerReflectionRequest(**question)

            return await anext(aiter(stub.ServerReflectionInfo(questions())))

        listed = await ask(list_services="")
        names = {service.name for service in listed.list_services_response.service}
        assert {
            "framegate.v1.ModerationService",
            "framegate.v1.ProvenanceService",
            "framegate.v1.AuditService",
            "grpc.health.v1.Health",
        } <= names
        found = await ask(file_containing_symbol="framegate.v1.ModerationService")
        files = [
            descriptor_pb2.FileDescriptorProto.FromString(data)
            for data in found.file_descriptor_response.file_descriptor_proto
        ]
        methods = {m.name for file in files for service in file.service for m in service.method}
        assert "ScreenPrompt" in methods
        request = ParseDict(
            {"prompt": "a dog chasing bubbles"}, moderation_pb2.ScreenPromptRequest()
        )
        call = channel.unary_unary(
            "/framegate.v1.ModerationService/ScreenPrompt",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=moderation_pb2.ScreenPromptResponse.FromString,
        )
        reply = MessageToDict(await call(request))
        assert reply["verdict"]["judgement"]["decision"] == "DECISION_ALLOW"


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    certificate_path, key_path = folder / "tls.pem", folder / "tls.key"
    certificate_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate_path, key_path


async def test_with_certificates_only_tls_is_served(tmp_path: Path) -> None:
    certificate, key = _certificate(tmp_path)
    settings = settings_for(tmp_path / "home", tls_certificate=certificate, tls_key=key)
    make_keys(settings.keys_folder, settings.provider, datetime.now(UTC))
    async with open_gate(settings) as gate, serving(gate, settings) as port:
        credentials = grpc.ssl_channel_credentials(certificate.read_bytes())
        async with aio.secure_channel(f"127.0.0.1:{port}", credentials) as channel:
            stub = moderation_pb2_grpc.ModerationServiceStub(channel)
            reply = await stub.ScreenPrompt(moderation_pb2.ScreenPromptRequest(prompt="a dog"))
            assert reply.verdict.verdict_id
        async with aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = moderation_pb2_grpc.ModerationServiceStub(channel)
            with pytest.raises(aio.AioRpcError):
                await stub.ScreenPrompt(
                    moderation_pb2.ScreenPromptRequest(prompt="a dog"), timeout=5
                )


async def test_an_open_address_without_tls_is_refused(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, listen="0.0.0.0:0")
    make_keys(settings.keys_folder, settings.provider, datetime.now(UTC))
    async with open_gate(settings) as gate:
        with pytest.raises(SettingsInvalid) as refused:
            async with serving(gate, settings):
                pass
    assert refused.value.field == "listen"


async def test_draining_finishes_what_runs_and_takes_nothing_new(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    make_keys(settings.keys_folder, settings.provider, datetime.now(UTC))
    async with open_gate(settings) as gate:
        await gate.ready()  # what loads at first use is no part of the drain
        async with serving(gate, settings) as port:
            channel = aio.insecure_channel(f"127.0.0.1:{port}")
            stub = moderation_pb2_grpc.ModerationServiceStub(channel)
            calls = [
                asyncio.ensure_future(
                    stub.ScreenPrompt(moderation_pb2.ScreenPromptRequest(prompt=f"a dog, take {n}"))
                )
                for n in range(20)
            ]
            await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
        replies = await asyncio.gather(*calls, return_exceptions=True)
        # Calls that had reached the server are answered; the rest is told that it is gone. One that
        # arrives while gRPC closes its queue is cancelled by gRPC itself, before we see it.
        gone = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED}
        assert any(not isinstance(reply, BaseException) for reply in replies)
        for reply in replies:
            if isinstance(reply, BaseException):
                assert isinstance(reply, aio.AioRpcError)
                assert reply.code() in gone
            else:
                assert reply.verdict.audit.leaf_hash
        with pytest.raises(aio.AioRpcError) as failed:
            await stub.ScreenPrompt(moderation_pb2.ScreenPromptRequest(prompt="a dog"))
        assert failed.value.code() is grpc.StatusCode.UNAVAILABLE
        await channel.close()


def _opened_below(folder: Path) -> set[str]:
    """Files below a folder that this process holds open."""
    opened = {os.path.realpath(link) for link in Path("/proc/self/fd").iterdir()}
    return {name for name in opened if name.startswith(f"{folder}/")}


async def test_a_closed_gate_holds_no_file(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "home")
    make_keys(settings.keys_folder, settings.provider, datetime.now(UTC))
    async with open_gate(settings):
        assert str(settings.home / "framegate.db") in _opened_below(tmp_path)
    assert _opened_below(tmp_path) == set()
    # Nor does one that did not open: the key is not that of the log.
    shutil.rmtree(settings.keys_folder)
    make_keys(settings.keys_folder, "Another house", datetime.now(UTC))
    with pytest.raises(FramegateError):
        async with open_gate(settings):
            pass
    assert _opened_below(tmp_path) == set()
