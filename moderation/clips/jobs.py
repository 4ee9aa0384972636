"""What is asked of a clip worker and what it answers: plain values that cross a process border.

They travel as MessagePack and are checked against these types on arrival. Nothing is unpickled:
a worker that hostile media took over can send wrong numbers, but no code.
"""

from __future__ import annotations

from typing import Any

import msgspec

from media.errors import FramegateError, InvalidInput
from media.limits import MediaLimits
from moderation.pages.picture import Picture
from moderation.verdict import Degradation, ModelRef, Sampling
from provenance.fingerprint.records import Packed
from provenance.manifest import Release
from provenance.preparation import VisibleMark
from provenance.report import C2paState
from provenance.signing import SignedClip
from provenance.sources import Relation, SourceReport
from provenance.timestamping.timestamps import Stamping
from provenance.tree import Node
from provenance.verification import Verification


class Setup(msgspec.Struct, frozen=True):
    """The first message to a worker: where things are and what it may use.

    Attributes:
        cache: Folder of model files.
        keys: Folder of signing credentials and anchors.
        memory_bytes: Limit of its address space.
        nice: Its niceness.
        log_format: `json` or `text`; it logs to stderr, from warnings up.
        c2pa_trust_list: File of the official C2PA trust list, or "".
        tsa_trust_list: File of the official list of time-stamping authorities, or "".
        ocsp_hosts: Hosts that may be asked about revocation.
    """

    cache: str
    keys: str
    memory_bytes: int
    nice: int
    log_format: str = "json"
    c2pa_trust_list: str = ""
    tsa_trust_list: str = ""
    ocsp_hosts: tuple[str, ...] = ()


class ReviewJob(msgspec.Struct, frozen=True, tag=True):
    """Look at a clip's frames.

    Attributes:
        path: The quarantined file.
        limits: Limits that the clip is held to.
        min_fps: Least sampling rate that the policy asks for.
        floors: Least score that has consequences, by category: where a closer look is worth it.
        stop_at: Score from which on the clip is blocked whatever else it holds, by category; the
            review may end there. Empty where the policy wants every clip looked at to its end.
    """

    path: str
    limits: MediaLimits
    min_fps: float
    floors: dict[str, float] = {}
    stop_at: dict[str, float] = {}


class SourceFile(msgspec.Struct, frozen=True):
    """A file that a clip was made from.

    Attributes:
        path: The file.
        sha256: What it must have.
        relation: What it is to the clip.
        title: What readers see it called, or "".
        thumbnail: Whether a small picture of it is published.
    """

    path: str
    sha256: str
    relation: Relation
    title: str = ""
    thumbnail: bool = False


class WatermarkOrder(msgspec.Struct, frozen=True):
    """The watermark that a clip is to carry.

    Attributes:
        code: 16 bytes that stand for the clip.
        psnr_db: What it may cost, see `provenance.watermark.embedding.Quality`.
    """

    code: bytes
    psnr_db: float


class SignJob(msgspec.Struct, frozen=True, tag=True):
    """Check that a clip decodes whole, mark it, sign it, verify what was written.

    Attributes:
        source: The quarantined file.
        sha256: What was reviewed; other bytes are not signed.
        target: Where the signed clip goes.
        release: What its manifest says.
        limits: Limits that the clip is held to.
        stamping: Who is asked for a time stamp, and what follows when nobody answers.
        min_days: For how many days the signing certificate must stay valid.
        mark: What viewers are to see in every picture, or None.
        watermark: What it carries unseen, or None.
        sources: What the clip was made from.
        accepted: States of a source's own manifest that the policy takes.
    """

    source: str
    sha256: str
    target: str
    release: Release
    limits: MediaLimits
    stamping: Stamping = Stamping()
    min_days: float = 0
    mark: VisibleMark | None = None
    watermark: WatermarkOrder | None = None
    sources: tuple[SourceFile, ...] = ()
    accepted: frozenset[C2paState] = frozenset()


class VerifyJob(msgspec.Struct, frozen=True, tag=True):
    """Read what a clip's layers say of its origin.

    Attributes:
        path: The clip.
        ask_revocation: Ask the allowed hosts whether the signing certificate was revoked; they
            may take as long as they like.
    """

    path: str
    ask_revocation: bool = False


class PicturesJob(msgspec.Struct, frozen=True, tag=True):
    """Read what a clip's pictures carry and look like.

    Attributes:
        path: The clip.
        limits: Limits that the clip is held to.
    """

    path: str
    limits: MediaLimits


class InspectJob(msgspec.Struct, frozen=True, tag=True):
    """Read what a clip's layers say of its origin, with all that a page about it shows.

    Attributes:
        path: The clip.
        limits: Limits that the clip is held to.
    """

    path: str
    limits: MediaLimits


class ExamineJob(msgspec.Struct, frozen=True, tag=True):
    """Find out what a file is that clips are to be made from, and what its own manifest says.

    Attributes:
        path: The file.
        limits: Limits that it is held to if it is a clip.
    """

    path: str
    limits: MediaLimits


Job = ReviewJob | SignJob | VerifyJob | PicturesJob | InspectJob | ExamineJob


class FrameScores(msgspec.Struct, frozen=True):
    """What one classifier says of the sampled frames, in their order.

    Attributes:
        source: Id of the model.
        categories: What it scores.
        scores: One row a frame, one column a category, calibrated, 0 to 1.
    """

    source: str
    categories: tuple[str, ...]
    scores: tuple[tuple[float, ...], ...]


class FramesSeen(msgspec.Struct, frozen=True, tag=True):
    """Progress of a review: a batch of frames has been classified.

    Attributes:
        pts_ms: Times of the frames in this batch.
        by_model: What each classifier says of them.
        done: Frames so far.
        expected: Frames in all, by the plan's estimate.
        duration_ms: Length of the clip.
    """

    pts_ms: tuple[int, ...]
    by_model: tuple[FrameScores, ...]
    done: int
    expected: int
    duration_ms: int


class Reviewed(msgspec.Struct, frozen=True, tag=True):
    """Result of a review: every frame's scores, and what could not be checked.

    Attributes:
        container: Short name of the container.
        sampling: How the frames were chosen.
        pts_ms: Times of all sampled frames.
        by_model: Scores in the order of `pts_ms`.
        models: The classifiers that answered.
        degraded: The classifiers that did not.
    """

    container: str
    sampling: Sampling
    pts_ms: tuple[int, ...]
    by_model: tuple[FrameScores, ...]
    models: tuple[ModelRef, ...]
    degraded: tuple[Degradation, ...]


class Signed(msgspec.Struct, frozen=True, tag=True):
    """Result of a signing.

    Attributes:
        clip: The signed clip.
        fingerprint: What it looks like, to be found again by.
        watermark_key: Id of the key that it was marked with; "" for a clip without a watermark,
            or one whose pictures are too small to carry it.
    """

    clip: SignedClip
    fingerprint: Packed
    watermark_key: str = ""


class WatermarkRead(msgspec.Struct, frozen=True):
    """What a clip's pictures say with one watermark key.

    Attributes:
        key_id: The key.
        sums: 128 numbers whose signs are the bits as read.
    """

    key_id: str
    sums: tuple[float, ...]


class PicturesRead(msgspec.Struct, frozen=True, tag=True):
    """What a clip's pictures say, to be looked up among the released clips.

    Attributes:
        watermarks: One for each key of the house.
        fingerprint: Of the clip as a query.
        fault: Reason of the error for which they could not be read, or "".
    """

    watermarks: tuple[WatermarkRead, ...] = ()
    fingerprint: Packed | None = None
    fault: str = ""


class Verified(msgspec.Struct, frozen=True, tag=True):
    """Result of a verification: the answer as far as the manifest goes."""

    verification: Verification


class Inspected(msgspec.Struct, frozen=True, tag=True):
    """Result of an inspection.

    Attributes:
        verification: The answer.
        tree: The manifests, or None where there is none that can be read.
        pictures: Thumbnails by the keys that the tree names, decoded and written anew.
        frame: A picture of the clip itself, or None where there is none to be had.
    """

    verification: Verification
    tree: Node | None
    pictures: dict[str, Picture]
    frame: Picture | None


class SourceExamined(msgspec.Struct, frozen=True, tag=True):
    """Result of an examination."""

    source: SourceReport


Result = Reviewed | Signed | Verified | PicturesRead | Inspected | SourceExamined


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
