"""Where clip work runs: spawned, niced, recycled processes with limits on memory and time.

Decoders meet hostile bytes and C2PA signing scales with processes and not with threads, so no
clip is ever opened in the process that serves calls. `Executor` is the seam: another one may send
the same jobs to a cluster.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec
import structlog

from media.errors import FramegateError
from moderation.byte_budget import ByteBudget
from moderation.clips.jobs import Job, ReviewJob, Setup, SignJob
from moderation.clips.messages import Begin, Done, Failed, FromWorker, Progress, Stop, raised
from moderation.clips.results import FramesSeen, Result

_log = structlog.get_logger(__name__)
_LENGTH_BYTES = 4
# How long a worker may take to notice that it was told to stop before it is killed. Decoding asks
# once a packet and frames are classified eight at a time, so 400 ms is ample there also on a busy
# machine; a signing in native code cannot ask and is killed.
_STOP_GRACE_S = 0.4
_ATTEMPTS = 2

OnEvent = Callable[[FramesSeen], None]


class WorkerLost(FramegateError):
    """The worker died in the middle of the job; nothing came of it."""

    code = "UNAVAILABLE"
    reason = "WORKER_LOST"
    retryable = True


class JobTimeout(FramegateError):
    """The job took longer than it may."""

    code = "DEADLINE_EXCEEDED"
    reason = "JOB_TIMEOUT"


class Executor(Protocol):
    """Runs jobs on clips somewhere else."""

    async def submit(self, job: Job, *, timeout_ms: int, on_event: OnEvent | None = None) -> Result:
        """Run one job and return its result.

        Cancelling the awaiting task stops the job. `on_event` is called on the event loop.

        Raises:
            FramegateError: What the job itself raised.
            WorkerLost: When the worker died twice over the same job.
            JobTimeout: When the job took longer than `timeout_ms`.
        """
        ...

    async def close(self) -> None:
        """Stop what runs and end the workers."""
        ...


class LocalExecutor:
    """Worker processes on this machine, one job at a time each.

    Args:
        setup: What each worker is told first.
        workers: How many there are; they start with the first job.
        jobs_per_worker: Jobs after which a worker is replaced.
        signing_bytes: Bytes of clips that are signed or verified at the same time: both need
            memory in proportion to the clip. A review does not, and is not counted.
    """

    def __init__(
        self,
        setup: Setup,
        *,
        workers: int,
        jobs_per_worker: int = 200,
        signing_bytes: int = 1 << 30,
    ) -> None:
        self._setup = setup
        self._bytes = ByteBudget(signing_bytes)
        self._jobs_per_worker = jobs_per_worker
        self._slots: asyncio.Queue[_Worker | None] = asyncio.Queue()
        for _ in range(workers):
            self._slots.put_nowait(None)
        self._workers = workers
        self._ids = itertools.count(1)
        self._returning: set[asyncio.Task[None]] = set()
        self._busy: set[_Worker] = set()

    @property
    def process_ids(self) -> tuple[int, ...]:
        """Ids of the processes that are at a job right now."""
        return tuple(worker.pid for worker in self._busy)

    @property
    def idle(self) -> int:
        """Workers that could begin a job at once."""
        return self._slots.qsize()

    async def submit(self, job: Job, *, timeout_ms: int, on_event: OnEvent | None = None) -> Result:
        """Run one job; see `Executor.submit`."""
        async with self._bytes.hold(_bytes_of(job)):
            for attempt in range(1, _ATTEMPTS + 1):
                try:
                    return await self._attempt(job, timeout_ms, on_event)
                except WorkerLost:
                    _log.warning("worker.lost", job=type(job).__name__, attempt=attempt)
                    if attempt == _ATTEMPTS:
                        raise
        raise AssertionError

    async def close(self) -> None:
        """End all workers, those at work as well."""
        for task in list(self._returning):
            await task
        for _ in range(self._workers):
            worker = await self._slots.get()
            if worker is not None:
                await worker.end()

    async def _attempt(self, job: Job, timeout_ms: int, on_event: OnEvent | None) -> Result:
        worker = await self._slots.get()
        try:
            if worker is None:
                worker = await _Worker.start(self._setup)
        except BaseException:
            self._slots.put_nowait(None)
            raise
        job_id = next(self._ids)
        self._busy.add(worker)
        finished = False
        try:
            async with asyncio.timeout(timeout_ms / 1000):
                result = await worker.run(job_id, job, on_event)
            finished = True
            return result
        except TimeoutError:
            raise JobTimeout(
                f"the job took longer than {timeout_ms} ms", field="clip", limit=timeout_ms
            ) from None
        except WorkerLost:
            raise
        except FramegateError:
            finished = True
            raise
        finally:
            self._busy.discard(worker)
            # The worker goes back in a task of its own, so that a cancelled caller need not wait.
            task = asyncio.create_task(self._put_back(worker, job_id, finished=finished))
            self._returning.add(task)
            task.add_done_callback(self._returning.discard)

    async def _put_back(self, worker: _Worker, job_id: int, *, finished: bool) -> None:
        reusable = finished or await worker.stop(job_id)
        if reusable and worker.jobs < self._jobs_per_worker:
            self._slots.put_nowait(worker)
            return
        await worker.end()
        self._slots.put_nowait(None)


def _bytes_of(job: Job) -> int:
    """Size of the clip whose bytes a job keeps in memory; 0 where it does not, or has none."""
    if isinstance(job, ReviewJob):
        return 0
    with contextlib.suppress(OSError):
        return Path(job.source if isinstance(job, SignJob) else job.path).stat().st_size
    return 0


class _Worker:
    """One process and the socket to it."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer
        self._decoder = msgspec.msgpack.Decoder(FromWorker)
        self._encoder = msgspec.msgpack.Encoder()
        # A cancelled read must not lose the frame's length that it had already taken.
        self._length: int | None = None
        self.jobs = 0

    @property
    def pid(self) -> int:
        return self._process.pid

    @classmethod
    async def start(cls, setup: Setup) -> _Worker:
        ours, theirs = socket.socketpair()
        with theirs:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "moderation.worker",
                str(theirs.fileno()),
                pass_fds=(theirs.fileno(),),
                stdin=asyncio.subprocess.DEVNULL,
                # Whatever a library prints must not get between the answers of a command.
                stdout=sys.stderr,
            )
        reader, writer = await asyncio.open_connection(sock=ours)
        worker = cls(process, reader, writer)
        worker._send(setup)
        return worker

    async def run(self, job_id: int, job: Job, on_event: OnEvent | None) -> Result:
        self.jobs += 1
        self._send(Begin(job_id, job))
        while True:
            match await self._receive():
                case Progress(job_id=of, event=event) if of == job_id and on_event is not None:
                    on_event(event)
                case Done(job_id=of, result=result) if of == job_id:
                    return result
                case Failed(job_id=of) as failed if of == job_id:
                    raise raised(failed)

    async def stop(self, job_id: int) -> bool:
        """Ask the worker to stop; return whether it did so in time and may be used again."""
        try:
            self._send(Stop(job_id))
            async with asyncio.timeout(_STOP_GRACE_S):
                while True:
                    match await self._receive():
                        case Done(job_id=of) | Failed(job_id=of) if of == job_id:
                            return True
        except (TimeoutError, WorkerLost):
            return False

    async def end(self) -> None:
        """End the process: politely when it is idle, by force when it is not."""
        self._writer.close()
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    def _send(self, message: object) -> None:
        data = self._encoder.encode(message)
        self._writer.write(len(data).to_bytes(_LENGTH_BYTES, "big") + data)

    async def _receive(self) -> Progress | Done | Failed:
        try:
            if self._length is None:
                head = await self._reader.readexactly(_LENGTH_BYTES)
                self._length = int.from_bytes(head, "big")
            body = await self._reader.readexactly(self._length)
            self._length = None
            message: Progress | Done | Failed = self._decoder.decode(body)
            return message
        except (EOFError, OSError, msgspec.DecodeError) as error:
            raise WorkerLost("the worker died in the middle of the job") from error
