"""How jobs and their results travel between the service and a clip worker."""

from __future__ import annotations

from typing import Any

import msgspec

from media.errors import FramegateError, InvalidInput
from moderation.clips.jobs import Job
from moderation.clips.results import FramesSeen, Result


class Begin(msgspec.Struct, frozen=True, tag=True):
    """To a worker: begin this job."""

    job_id: int
    job: Job


class Stop(msgspec.Struct, frozen=True, tag=True):
    """To a worker: stop that job, if it is still at it."""

    job_id: int


class Progress(msgspec.Struct, frozen=True, tag=True):
    """From a worker: the job goes on."""

    job_id: int
    event: FramesSeen


class Done(msgspec.Struct, frozen=True, tag=True):
    """From a worker: the job is finished."""

    job_id: int
    result: Result


class Failed(msgspec.Struct, frozen=True, tag=True):
    """From a worker: the job failed; `reason` names the class of the error."""

    job_id: int
    reason: str
    message: str
    field: str = ""
    limit: float | str | None = None
    actual: float | str | None = None


ToWorker = Begin | Stop
FromWorker = Progress | Done | Failed


class WorkerFault(FramegateError):
    """A worker failed in a way that it should not; the input may be at fault or the worker."""

    code = "INTERNAL"
    reason = "WORKER_FAULT"


class MemoryExceeded(InvalidInput):
    """The clip needs more memory than a worker may use."""

    code = "RESOURCE_EXHAUSTED"
    reason = "CLIP_NEEDS_TOO_MUCH_MEMORY"


def failure(job_id: int, error: BaseException) -> Failed:
    """Turn an exception into a message; one that is not ours loses its text."""
    if isinstance(error, FramegateError):
        return Failed(job_id, error.reason, error.message, error.field, error.limit, error.actual)
    return Failed(job_id, WorkerFault.reason, f"the worker failed ({type(error).__name__})")


def raised(failed: Failed) -> FramegateError:
    """Turn a message back into the error that it stands for."""
    kind: type[FramegateError] = _classes().get(failed.reason, WorkerFault)
    return kind(failed.message, field=failed.field, limit=failed.limit, actual=failed.actual)


def _classes() -> dict[str, Any]:
    found: dict[str, Any] = {}
    waiting: list[Any] = [FramegateError]
    while waiting:
        kind = waiting.pop()
        found.setdefault(kind.reason, kind)
        waiting.extend(kind.__subclasses__())
    return found
