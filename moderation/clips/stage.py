"""The clip stage as the gate sees it: look at a clip, sign it, verify it.

Knows the executor's jobs and their time limits, so that the gate need not.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import TypeVar

from prometheus_client import Counter

from media.errors import Cancelled, FramegateError
from moderation.clips import marks
from moderation.clips.jobs import (
    CompareJob,
    DetectJob,
    ExamineJob,
    FramesAtJob,
    InspectJob,
    PicturesJob,
    ReviewJob,
    SignJob,
    SourceFile,
    VerifyJob,
)
from moderation.clips.judging import judge, judge_unseen, provisional
from moderation.clips.known import KnownMedia, Lists
from moderation.clips.results import (
    Compared,
    Detected,
    FramesAt,
    FramesSeen,
    Inspected,
    NeuralRead,
    PicturesRead,
    Result,
    Reviewed,
    Signed,
    SourceExamined,
    Verified,
)
from moderation.entries import now_ms
from moderation.executor import Executor, JobTimeout, WorkerLost
from moderation.policy import Policy
from moderation.settings import Settings
from moderation.store.blobs import Blob
from moderation.store.clips import ClipRecord
from moderation.verdict import Context, Finding, Judgement, Stage
from provenance.actions import Mining
from provenance.detection.detection import Detection
from provenance.errors import SourceRefused
from provenance.fingerprint.fingerprint import Thumbnail
from provenance.manifest import Release
from provenance.preparation import VisibleMark
from provenance.registration import Sameness
from provenance.report import C2paState, Revocation
from provenance.sources import SourceReport
from provenance.verification import Verification, unlearnt_revocation
from provenance.watermark.placement import Placement

_stamps = Counter("framegate_timestamps", "Signatures by what became of their stamp", ["state"])

T = TypeVar(
    "T",
    Reviewed,
    Signed,
    Verified,
    PicturesRead,
    Detected,
    Compared,
    Inspected,
    FramesAt,
    SourceExamined,
)


class ClipStage:
    """What is done with the bytes of clips; for one event loop, any number of clips at once.

    Args:
        settings: Limits and time limits.
        policy: What clips are judged by.
        executor: Where the work runs.
        known: Lists of known media that clips are compared with; None for none.
    """

    def __init__(
        self,
        settings: Settings,
        policy: Policy,
        executor: Executor,
        known: KnownMedia | None = None,
    ) -> None:
        self._settings = settings
        self._policy = policy
        self._executor = executor
        self._known = known

    async def review(
        self, blob: Blob, context: Context
    ) -> AsyncGenerator[FramesSeen | Finding | Judgement, None]:
        """Have a clip looked at and judge it.

        Yields progress and provisional findings (the first of each category), at last the
        judgement. Leaving early stops the review. A review that takes too long is judged as one
        that saw nothing.

        Raises:
            FramegateError: When the clip cannot be decoded, or the worker died twice.
        """
        seen: asyncio.Queue[FramesSeen | None] = asyncio.Queue()
        known = await self._known.lists(now_ms()) if self._known else Lists()
        job = ReviewJob(
            str(blob.path),
            self._settings.media_limits,
            self._policy.min_fps,
            self._policy.floors(Stage.FRAMES, context),
            self._policy.stop_at(Stage.FRAMES),
            hashes=known.wanted,
        )
        review = asyncio.create_task(
            self._executor.submit(
                job, timeout_ms=self._settings.review_timeout_ms, on_event=seen.put_nowait
            )
        )
        review.add_done_callback(lambda _: seen.put_nowait(None))
        told: set[str] = set()
        try:
            while (event := await seen.get()) is not None:
                yield event
                for finding in provisional(self._policy, event, context):
                    if finding.category not in told:
                        told.add(finding.category)
                        yield finding
            result = _of(Reviewed, await review)
        except JobTimeout:
            missed = known.missed("over_budget")
            yield judge_unseen(self._policy, context, blob.sha256, "over_budget", missed)
            return
        finally:
            review.cancel()
        matched = await asyncio.to_thread(known.compare, result.fingerprint)
        yield judge(self._policy, result, context, blob.sha256, matched)

    def mark(self, text: str | None) -> VisibleMark | None:
        """Tell which visible mark a clip gets; see `marks.visible`."""
        return marks.visible(self._settings, text)

    async def sign(
        self,
        record: ClipRecord,
        source: Blob,
        target: Path,
        mark: VisibleMark | None = None,
        made_from: tuple[SourceFile, ...] = (),
    ) -> marks.Marked:
        """Have a cleared clip marked and signed into `target`; see `provenance.signing.sign`."""
        watermark = marks.unseen(self._settings)
        job = SignJob(
            source=str(source.path),
            sha256=record.sha256,
            target=str(target),
            release=Release(
                clip_id=record.clip_id,
                generator_name=record.generator_name,
                generator_version=record.generator_version,
                created_ms=record.created_ms,
                mining=Mining(self._settings.mining) if self._settings.mining else None,
                detector_url=self._settings.detector_url,
            ),
            limits=self._settings.media_limits,
            stamping=self._settings.stamping,
            min_days=self._settings.certificate_min_days,
            mark=mark,
            watermark=watermark,
            sources=made_from,
            accepted=self._policy.document.sources,
        )
        limit_ms = self._settings.sign_timeout_ms
        if mark or watermark:
            limit_ms += self._settings.mark_timeout_ms
        signed = _of(Signed, await self._executor.submit(job, timeout_ms=limit_ms))
        _stamps.labels(signed.clip.stamp.state).inc()
        return marks.marked(signed, mark, watermark)

    async def verify(self, path: Path) -> Verification:
        """Have a clip's manifest read; see `provenance.verification.verify`.

        Where the settings name hosts to ask, a trusted clip is read a second time with the
        question whether its signer's certificate was revoked. A host that does not answer in time
        costs a worker and no more: the answer then says that it is unknown.
        """
        found = await self._verify(VerifyJob(str(path)), self._settings.verify_timeout_ms)
        known = found.c2pa.revocation is not Revocation.NOT_CHECKED
        if known or not self._settings.ocsp_hosts or found.c2pa.state is not C2paState.TRUSTED:
            return found
        try:
            job = VerifyJob(str(path), ask_revocation=True)
            return await self._verify(job, self._settings.ocsp_timeout_ms)
        except (JobTimeout, WorkerLost):
            return unlearnt_revocation(found)

    async def _verify(self, job: VerifyJob, timeout_ms: int) -> Verification:
        result = await self._executor.submit(job, timeout_ms=timeout_ms)
        return _of(Verified, result).verification

    async def pictures(self, path: Path) -> PicturesRead:
        """Have a clip's pictures read, for what they carry and look like.

        Whatever goes wrong (pictures that cannot be decoded, that take too long, that kill the
        worker) is an answer: what the manifest says is worth having without them.
        """
        job = PicturesJob(str(path), self._settings.media_limits)
        try:
            result = await self._executor.submit(job, timeout_ms=self._settings.pictures_timeout_ms)
        except Cancelled:
            raise
        except FramegateError as error:
            asked = self._settings.watermark_neural is not None
            neural = NeuralRead(fault=error.reason) if asked else None
            return PicturesRead(fault=error.reason, neural=neural)
        return _of(PicturesRead, result)

    async def detect(self, path: Path) -> tuple[Detection | None, str]:
        """Have the statistics of a clip's pictures looked at.

        Returns:
            What they say; or None, and the reason of the error for which they were not looked at.
        """
        job = DetectJob(str(path), self._settings.media_limits)
        try:
            result = await self._executor.submit(job, timeout_ms=self._settings.pictures_timeout_ms)
        except Cancelled:
            raise
        except FramegateError as error:
            return None, error.reason
        return _of(Detected, result).detection, ""

    async def compare(
        self, path: Path, thumbnails: tuple[Thumbnail, ...], placement: Placement
    ) -> Sameness | None:
        """Have a clip held against a released one; None where that could not be done."""
        job = CompareJob(str(path), self._settings.media_limits, thumbnails, placement)
        try:
            result = await self._executor.submit(job, timeout_ms=self._settings.pictures_timeout_ms)
        except Cancelled:
            raise
        except FramegateError:
            return None
        return _of(Compared, result).sameness

    async def examine(self, path: Path) -> SourceReport:
        """Find out what a source is; see `provenance.ingredients.examine`."""
        job = ExamineJob(str(path), self._settings.media_limits)
        result = await self._executor.submit(job, timeout_ms=self._settings.verify_timeout_ms)
        return _of(SourceExamined, result).source

    async def check_source(self, path: Path, report: SourceReport) -> None:
        """Hold an uploaded clip against what the policy says of synthetic sources.

        Pictures are not looked at, and neither is a clip whose own manifest is trusted: that says
        better where it comes from.

        Raises:
            SourceRefused: It is `likely_ai`, or could not be looked at, and the policy wants to
                know.
        """
        if self._policy.document.synthetic_sources or report.state is C2paState.TRUSTED:
            return
        if not report.media_type.startswith("video/"):
            return
        found, fault = await self.detect(path)
        if found is None:
            raise SourceRefused(
                "the policy takes no synthetic source, and this one could not be looked at",
                field="source",
                actual=fault,
            )
        if found.answer == "likely_ai":
            raise SourceRefused(
                "the policy takes no synthetic source, and this one is likely AI-made",
                field="source",
                limit=found.fpr,
                actual=found.answer,
            )

    async def inspect(self, path: Path) -> Inspected:
        """Have a clip's layers read with all that a page about it shows; nobody is asked."""
        job = InspectJob(str(path), self._settings.media_limits)
        result = await self._executor.submit(job, timeout_ms=self._settings.verify_timeout_ms)
        return _of(Inspected, result)

    async def frames_at(
        self,
        path: Path,
        times_ms: tuple[int, ...],
        originals: tuple[bytes, ...] = (),
        *,
        mirrored: bool = False,
    ) -> FramesAt:
        """Have a clip's pictures drawn at some times, beside a released clip's; see the job."""
        job = FramesAtJob(str(path), self._settings.media_limits, times_ms, originals, mirrored)
        result = await self._executor.submit(job, timeout_ms=self._settings.pictures_timeout_ms)
        return _of(FramesAt, result)


def _of(kind: type[T], result: Result) -> T:
    """Hold an executor to answering a job with the result that belongs to it."""
    if not isinstance(result, kind):
        raise TypeError(f"{type(result).__name__} is no answer to this job")
    return result


def detection_note(found: Detection | None, fault: str) -> str:
    """What the record keeps of a look at the statistics, in one line."""
    if found is None:
        return f"not looked at: {fault}"
    abstains = f" ({found.reason})" if found.reason else ""
    if not found.calibration_digest:
        return f"{found.answer}{abstains} score={found.score:.4f} {found.model_digest}"
    return f"{found.answer}{abstains} fpr={found.fpr:.4f} {found.calibration_digest}"


def why(error: BaseException) -> FramegateError:
    """The error that is recorded for a review that ended with this one."""
    if isinstance(error, FramegateError):
        return error
    if isinstance(error, (asyncio.CancelledError, GeneratorExit)):
        return Cancelled("the caller went away")
    return FramegateError("the review failed")
