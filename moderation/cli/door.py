"""The way from the command line to a gate: a server somewhere, or one of its own.

Without `--server` the command builds the gate in this process and talks to it through a socket
file that only this user can open. So there is one way in, with the same checks, records and
errors, whether the server is here or elsewhere.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc
from grpc import aio

from framegate.v1 import (
    audit_pb2_grpc,
    moderation_pb2,
    moderation_pb2_grpc,
    provenance_pb2,
    provenance_pb2_grpc,
    verdict_pb2,
)
from moderation.assembly import open_gate
from moderation.service.server import serving
from moderation.settings import Settings

CHUNK_BYTES = 1 << 20
OnProgress = Callable[[moderation_pb2.ReviewProgress], None]


@dataclass(frozen=True, slots=True)
class Door:
    """Stubs of the three services over one channel."""

    channel: aio.Channel
    moderation: moderation_pb2_grpc.ModerationServiceAsyncStub
    provenance: provenance_pb2_grpc.ProvenanceServiceAsyncStub
    audit: audit_pb2_grpc.AuditServiceAsyncStub

    async def review(
        self, path: Path, header: moderation_pb2.ClipHeader, on_progress: OnProgress
    ) -> verdict_pb2.Verdict:
        """Upload a clip and return the verdict."""
        header.size_bytes = _size(path)
        verdict = verdict_pb2.Verdict()
        async for event in self.moderation.ReviewClip(_review_upload(path, header)):
            if event.HasField("progress"):
                on_progress(event.progress)
            elif event.HasField("verdict"):
                verdict = event.verdict
        return verdict

    async def release(
        self,
        clip_id: str,
        target: Path,
        visible_mark: str | None = None,
        sources: Sequence[moderation_pb2.Source] = (),
    ) -> moderation_pb2.ReleasedClip:
        """Have a clip signed and write it to `target`, whole or not at all."""
        mark = None if visible_mark is None else moderation_pb2.VisibleMark(text=visible_mark)
        released = moderation_pb2.ReleasedClip()
        part = target.with_name(f".{target.name}.part")
        try:
            with part.open("wb") as out:
                call = self.moderation.ReleaseClip(
                    moderation_pb2.ReleaseClipRequest(
                        clip_id=clip_id, visible_mark=mark, sources=sources
                    )
                )
                async for response in call:
                    if response.HasField("released"):
                        released = response.released
                    else:
                        out.write(response.chunk)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return released

    async def send_source(self, path: Path) -> moderation_pb2.SourceFound:
        """Send a file that a clip was made from."""
        header = moderation_pb2.UploadSourceHeader(size_bytes=_size(path))
        response = await self.moderation.UploadSource(_source_upload(path, header))
        return response.source

    async def verify(self, path: Path) -> provenance_pb2.VerifyClipResponse:
        """Ask where a clip comes from."""
        header = provenance_pb2.VerifyHeader(size_bytes=_size(path))
        return await self.provenance.VerifyClip(_verify_upload(path, header))


def _review_upload(
    path: Path, header: moderation_pb2.ClipHeader
) -> Iterator[moderation_pb2.ReviewClipRequest]:
    yield moderation_pb2.ReviewClipRequest(header=header)
    for chunk in _chunks(path):
        yield moderation_pb2.ReviewClipRequest(chunk=chunk)


def _source_upload(
    path: Path, header: moderation_pb2.UploadSourceHeader
) -> Iterator[moderation_pb2.UploadSourceRequest]:
    yield moderation_pb2.UploadSourceRequest(header=header)
    for chunk in _chunks(path):
        yield moderation_pb2.UploadSourceRequest(chunk=chunk)


def _verify_upload(
    path: Path, header: provenance_pb2.VerifyHeader
) -> Iterator[provenance_pb2.VerifyClipRequest]:
    yield provenance_pb2.VerifyClipRequest(header=header)
    for chunk in _chunks(path):
        yield provenance_pb2.VerifyClipRequest(chunk=chunk)


def _size(path: Path) -> int:
    """Bytes of a file; one that cannot be read fails here and not in the middle of a call."""
    with path.open("rb") as source:
        return source.seek(0, os.SEEK_END)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while chunk := source.read(CHUNK_BYTES):
            yield chunk


@asynccontextmanager
async def opened(
    settings: Settings, server: str, *, tls_ca: Path | None = None
) -> AsyncIterator[Door]:
    """Open the door for the length of the block.

    Args:
        settings: Used when there is no server to go to.
        server: `HOST:PORT`, or "" for a gate in this process.
        tls_ca: PEM anchors of the server's certificate; without it the channel is plain.
    """
    if server:
        async with _channel(server, tls_ca) as channel:
            yield _door(channel)
        return
    with tempfile.TemporaryDirectory(prefix="framegate-") as folder:
        address = f"unix:{folder}/gate.sock"
        async with (
            open_gate(settings) as gate,
            serving(gate, settings, address),
            _channel(address, None) as channel,
        ):
            yield _door(channel)


def _channel(address: str, tls_ca: Path | None) -> aio.Channel:
    if tls_ca is None:
        return aio.insecure_channel(address)
    return aio.secure_channel(address, grpc.ssl_channel_credentials(tls_ca.read_bytes()))


def _door(channel: aio.Channel) -> Door:
    return Door(
        channel,
        moderation_pb2_grpc.ModerationServiceStub(channel),
        provenance_pb2_grpc.ProvenanceServiceStub(channel),
        audit_pb2_grpc.AuditServiceStub(channel),
    )
