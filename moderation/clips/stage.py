"""The clip stage as the gate sees it: look at a clip, sign it, verify it.

Knows the executor's jobs and their time limits, so that the gate need not.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import TypeVar

from moderation.clips.jobs import (
    FramesSeen,
    Result,
    Reviewed,
    ReviewJob,
    Signed,
    SignJob,
    Verified,
    VerifyJob,
)
from moderation.clips.judging import judge, judge_unseen, provisional
from moderation.executor import Executor, JobTimeout
from moderation.policy import Policy
from moderation.settings import Settings
from moderation.store.blobs import Blob
from moderation.store.clips import ClipRecord
from moderation.verdict import Context, Finding, Judgement, Stage
from provenance.manifest import Release
from provenance.signing import SignedClip
from provenance.verification import Verification

T = TypeVar("T", Reviewed, Signed, Verified)


class ClipStage:
    """What is done with the bytes of clips; for one event loop, any number of clips at once.

    Args:
        settings: Limits and time limits.
        policy: What clips are judged by.
        executor: Where the work runs.
    """

    def __init__(self, settings: Settings, policy: Policy, executor: Executor) -> None:
        self._settings = settings
        self._policy = policy
        self._executor = executor

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
        job = ReviewJob(
            str(blob.path),
            self._settings.media_limits,
            self._policy.min_fps,
            self._policy.floors(Stage.FRAMES),
            self._policy.stop_at(Stage.FRAMES),
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
            yield judge_unseen(self._policy, context, blob.sha256, "over_budget")
            return
        finally:
            review.cancel()
        yield judge(self._policy, result, context, blob.sha256)

    async def sign(self, record: ClipRecord, source: Blob, target: Path) -> SignedClip:
        """Have a cleared clip signed into `target`; see `provenance.signing.sign`."""
        job = SignJob(
            source=str(source.path),
            sha256=record.sha256,
            target=str(target),
            release=Release(
                clip_id=record.clip_id,
                generator_name=record.generator_name,
                generator_version=record.generator_version,
                created_ms=record.created_ms,
            ),
            limits=self._settings.media_limits,
            timestamp_url=self._settings.timestamp_url,
        )
        result = await self._executor.submit(job, timeout_ms=self._settings.sign_timeout_ms)
        return _of(Signed, result).clip

    async def verify(self, path: Path) -> Verification:
        """Have a clip's layers read; see `provenance.verification.verify`."""
        job = VerifyJob(str(path))
        result = await self._executor.submit(job, timeout_ms=self._settings.verify_timeout_ms)
        return _of(Verified, result).verification


def _of(kind: type[T], result: Result) -> T:
    """Hold an executor to answering a job with the result that belongs to it."""
    if not isinstance(result, kind):
        raise TypeError(f"{type(result).__name__} is no answer to this job")
    return result
