"""The program of a clip worker: one job at a time from a socket, until the socket closes.

It runs in a process of its own (`python -m moderation.worker FD`), because decoders and manifest
parsers meet hostile bytes: a crash, a runaway allocation or a kill costs one job and no verdict.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import resource
import select
import socket
import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

# One thread a worker: the cores are shared out by processes.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from media.errors import Cancelled
from models.registry import Registry
from moderation.clips.jobs import (
    Begin,
    Done,
    FramesSeen,
    Job,
    MemoryExceeded,
    Progress,
    Result,
    ReviewJob,
    Setup,
    Signed,
    SignJob,
    Stop,
    ToWorker,
    Verified,
    VerifyJob,
    failure,
)
from moderation.clips.reviewer import ClipReviewer
from moderation.logs import configure
from moderation.store.errors import BlobMissing
from provenance import credentials, signing, verification
from provenance.errors import CredentialsMissing
from provenance.trust import TrustAnchors, load_others

_LENGTH_BYTES = 4


class Station:
    """What a worker can do; models and credentials are loaded when first needed.

    Args:
        setup: Where things are.
    """

    def __init__(self, setup: Setup) -> None:
        self._setup = setup

    @cached_property
    def _reviewer(self) -> ClipReviewer:
        return ClipReviewer(Registry(Path(self._setup.cache)))

    def run(
        self, job: Job, emit: Callable[[FramesSeen], None], should_stop: Callable[[], bool]
    ) -> Result:
        """Do one job.

        Args:
            job: What to do.
            emit: Called with progress.
            should_stop: Asked often; True when nobody wants the result any more.

        Raises:
            FramegateError: When the job cannot be done.
        """
        match job:
            case ReviewJob():
                return self._reviewer.review(job, emit, should_stop)
            case SignJob():
                return self._sign(job, should_stop)
            case VerifyJob():
                return self._verify(job)

    def _sign(self, job: SignJob, should_stop: Callable[[], bool]) -> Signed:
        with Path(job.source).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != job.sha256:
                raise BlobMissing("the bytes of the clip were altered", field="clip_id")
        signed = signing.sign(
            Path(job.source),
            Path(job.target),
            job.release,
            # Read for each clip: a rotated key takes effect without a restart.
            credentials.load(Path(self._setup.keys)),
            limits=job.limits,
            should_stop=should_stop,
            timestamp_url=job.timestamp_url,
        )
        return Signed(signed)

    def _verify(self, job: VerifyJob) -> Verified:
        folder = Path(self._setup.keys)
        ours: credentials.Credentials | TrustAnchors
        try:
            ours = credentials.load(folder, for_signing=False)
        except CredentialsMissing:
            # Who never signs may still ask where a clip comes from.
            ours = TrustAnchors(own="", others=load_others(folder / credentials.TRUSTED))
        return Verified(verification.verify(Path(job.path), ours))


class Line:
    """The worker's end of the socket. Not thread-safe."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._decoder = msgspec.msgpack.Decoder(ToWorker)
        self._encoder = msgspec.msgpack.Encoder()

    def receive_bytes(self) -> bytes:
        """Wait for one message.

        Raises:
            EOFError: When the other side is gone.
        """
        length = int.from_bytes(self._exactly(_LENGTH_BYTES), "big")
        return self._exactly(length)

    def receive(self) -> Begin | Stop:
        """Wait for one instruction."""
        message: Begin | Stop = self._decoder.decode(self.receive_bytes())
        return message

    def send(self, message: Any) -> None:
        """Send one message."""
        data = self._encoder.encode(message)
        self._channel.sendall(len(data).to_bytes(_LENGTH_BYTES, "big") + data)

    def stopped(self, job_id: int) -> bool:
        """Tell, without waiting, whether this job is to be stopped or nobody listens."""
        while select.select([self._channel], [], [], 0)[0]:
            try:
                message = self.receive()
            except EOFError:
                return True
            if isinstance(message, Stop) and message.job_id == job_id:
                return True
        return False

    def _exactly(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            part = self._channel.recv(size - len(data))
            if not part:
                raise EOFError
            data += part
        return bytes(data)


def serve(channel: socket.socket) -> None:
    """Do jobs until the socket closes."""
    line = Line(channel)
    setup = msgspec.msgpack.decode(line.receive_bytes(), type=Setup)
    configure(setup.log_format, "warning")
    os.nice(setup.nice)
    resource.setrlimit(resource.RLIMIT_AS, (setup.memory_bytes, setup.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    station = Station(setup)
    while True:
        message = line.receive()
        if isinstance(message, Begin):
            line.send(_answer(station, line, message))


def _answer(station: Station, line: Line, begin: Begin) -> Any:
    stop_seen = False

    def should_stop() -> bool:
        nonlocal stop_seen
        stop_seen = stop_seen or line.stopped(begin.job_id)
        return stop_seen

    def emit(event: FramesSeen) -> None:
        line.send(Progress(begin.job_id, event))

    try:
        return Done(begin.job_id, station.run(begin.job, emit, should_stop))
    except MemoryError:
        error = MemoryExceeded("the clip needs more memory than a worker may use", field="clip")
        return failure(begin.job_id, error)
    except Cancelled as error:
        return failure(begin.job_id, error)
    except Exception as error:  # noqa: BLE001 - whatever hostile media raises ends this job alone
        return failure(begin.job_id, error)


def main() -> None:
    """Run the worker on the socket whose number is the first argument."""
    with socket.socket(fileno=int(sys.argv[1])) as channel, contextlib.suppress(EOFError):
        serve(channel)


if __name__ == "__main__":
    main()
