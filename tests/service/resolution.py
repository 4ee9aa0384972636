"""A house with the HTTP API beside gRPC, a client that hides nothing, and clips to find again."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

from framegate.v1 import provenance_pb2 as pb
from moderation.assembly import make_keys, open_gate
from moderation.cli.door import Door, opened
from moderation.gate import Gate
from moderation.resolution.server import resolving
from moderation.service.server import serving
from moderation.settings import Settings
from tests.clips import make_clip

WATERMARK = "org.framegate.watermark.1"
FINGERPRINT = "org.framegate.fingerprint.1"


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Its body."""
        assert self.headers["content-type"] == "application/json", self.body
        return json.loads(self.body)

    @property
    def reason(self) -> str:
        """Reason of the error."""
        return str(self.json["error"]["reason"])


@dataclass(frozen=True, slots=True)
class Site:
    """A served house, and where its HTTP API listens."""

    settings: Settings
    gate: Gate
    door: Door | None
    port: int
    grpc: str

    async def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Reply:
        """Send one request on a connection of its own."""
        return await asyncio.to_thread(self._ask, method, path, body, headers or {})

    def _ask(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            told = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, told, response.read())
        finally:
            connection.close()

    async def raw(self, data: bytes, *, half: bool = False) -> bytes:
        """Send bytes as they are and return all that comes back until the server closes."""
        return await asyncio.to_thread(self._raw, data, half)

    def _raw(self, data: bytes, half: bool) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as stream:
            answer = b""
            try:
                stream.sendall(data)
                if half:
                    stream.shutdown(socket.SHUT_WR)
                while piece := stream.recv(65_536):
                    answer += piece
            except (BrokenPipeError, ConnectionResetError):
                pass
            return answer

    async def by_content(self, path: Path, query: str = "", kind: str = "video/mp4") -> Reply:
        """Ask by content."""
        target = f"/matches/byContent{query}"
        return await self.ask("POST", target, path.read_bytes(), {"content-type": kind})

    async def match(self, path: Path) -> pb.MatchClipResponse:
        """Ask by content over gRPC."""
        data = path.read_bytes()

        def upload() -> Iterator[pb.MatchClipRequest]:
            yield pb.MatchClipRequest(header=pb.MatchHeader(size_bytes=len(data)))
            yield pb.MatchClipRequest(chunk=data)

        assert self.door is not None
        return await self.door.provenance.MatchClip(upload())

    def left(self) -> list[Path]:
        """Files of uploads that are still there."""
        return [path for path in (self.settings.home / "incoming").rglob("*") if path.is_file()]


@asynccontextmanager
async def site(settings: Settings) -> AsyncIterator[Site]:
    """Serve both on free ports."""
    make_keys(settings.keys_folder, settings.provider, datetime.now(UTC))
    async with (
        open_gate(settings) as gate,
        resolving(gate.tracing, settings) as listening,
        serving(gate, settings) as port,
        opened(settings, f"127.0.0.1:{port}") as door,
    ):
        yield Site(settings, gate, door, listening.port, f"127.0.0.1:{port}")


def scenic(path: Path, *, seed: int, seconds: float = 3) -> Path:
    """A clip with enough in it to carry a watermark and be known by: a pan over soft clouds."""
    width, height, count = 640, 360, round(seconds * 24)
    random = np.random.default_rng(seed)
    noise = random.integers(0, 255, (height + 2 * count, width + 3 * count, 3), dtype=np.uint8)
    soft = np.zeros(noise.shape, np.float32)
    for sigma in (3, 9, 27):
        soft += cv2.GaussianBlur(noise.astype(np.float32), (0, 0), sigma) * sigma
    clouds = cv2.normalize(soft, np.zeros_like(soft), 20, 235, cv2.NORM_MINMAX).astype(np.uint8)

    def pictures() -> Iterator[NDArray[np.uint8]]:
        for index in range(count):
            top, left = 2 * index, 3 * index
            yield np.ascontiguousarray(clouds[top : top + height, left : left + width])

    return make_clip(path, seconds=seconds, pictures=pictures(), options={"crf": "20"})


def stripped(source: Path, target: Path) -> Path:
    """Copy the packets into a new file, as a site does that re-wraps uploads."""
    with av.open(str(source)) as taken, av.open(str(target), "w") as made:
        stream = taken.streams.video[0]
        copied = made.add_stream_from_template(stream)
        for packet in taken.demux(stream):
            if packet.dts is not None:
                packet.stream = copied
                made.mux(packet)
    return target


def encoded(source: Path, target: Path, *, crf: int = 30) -> Path:
    """Encode the pictures again."""
    with av.open(str(source)) as taken, av.open(str(target), "w") as made:
        before = taken.streams.video[0]
        options = {"crf": str(crf), "preset": "veryfast"}
        after = made.add_stream("libx264", rate=24, options=options)
        assert isinstance(after, VideoStream)
        after.width, after.height, after.pix_fmt = before.width, before.height, "yuv420p"
        after.codec_context.thread_count = 1
        after.codec_context.time_base = Fraction(1, 24)
        for index, frame in enumerate(taken.decode(before)):
            frame.pts, frame.time_base = index, Fraction(1, 24)
            made.mux(after.encode(frame))
        made.mux(after.encode(None))
    return target
