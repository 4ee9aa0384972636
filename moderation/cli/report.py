"""`framegate review --report`: the verdict as a page that a person looks at.

The verdict comes from the gate, which may be on another machine, and has no scores by frame and no
pictures. So the clip is looked at a second time here: in a worker for the scores, as the gate does
it, and in this process for the pictures. What the page says of findings is what stands in the
verdict; the second look only draws, and where it disagrees the page says so.
"""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from framegate.v1 import verdict_pb2
from media.errors import FramegateError
from moderation.assembly import load_policy, worker_setup
from moderation.cli import answers
from moderation.cli.pages import ClipChanged, Target
from moderation.clips.jobs import Job
from moderation.clips.reporting import Filmstrip, Report, differences, frame_tracks, render, take
from moderation.clips.reporting.page import peaks_ms
from moderation.clips.results import FrameScores, Result, Reviewed
from moderation.clips.stage import ClipStage
from moderation.executor import LocalExecutor, OnEvent
from moderation.policy import Policy
from moderation.settings import Settings
from moderation.store.blobs import Blob
from moderation.verdict import (
    AuditRef,
    Context,
    Decision,
    Degradation,
    Finding,
    Judgement,
    KnownEntry,
    ModelRef,
    PolicyRef,
    Sampling,
    Signal,
    Stage,
    TimeSpan,
    Verdict,
)

_NEVER_SHOWN = "known/child-abuse"
_STAGES = {
    verdict_pb2.STAGE_PROMPT: Stage.PROMPT,
    verdict_pb2.STAGE_FRAMES: Stage.FRAMES,
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for.

    Attributes:
        target: File to write.
        prompt: Text to print as the clip's prompt, or "".
    """

    target: Target
    prompt: str


@dataclass(frozen=True, slots=True)
class _Look:
    """The second look: what it judged and the scores by frame."""

    judgement: Judgement
    pts_ms: tuple[int, ...]
    by_model: tuple[FrameScores, ...]


class _Keeping:
    """An executor that keeps the result of the last review, whose scores a judgement drops."""

    def __init__(self, inner: LocalExecutor) -> None:
        self._inner = inner
        self.reviewed: Reviewed | None = None

    async def submit(self, job: Job, *, timeout_ms: int, on_event: OnEvent | None = None) -> Result:
        result = await self._inner.submit(job, timeout_ms=timeout_ms, on_event=on_event)
        if isinstance(result, Reviewed):
            self.reviewed = result
        return result

    async def close(self) -> None:
        await self._inner.close()


async def write(
    settings: Settings, path: Path, value: verdict_pb2.Verdict, wish: Wish
) -> answers.Answer:
    """Write the page about one clip, whole or not at all, readable by its owner alone.

    Args:
        settings: Models, policy and limits of the second look.
        path: The clip that was judged.
        value: Its verdict.
        wish: Where to, and what to add.

    Returns:
        `{file, report, size_bytes}`.

    Raises:
        ClipChanged: The file is no longer the one that was judged.
        ReportNotWritten: The page cannot be written, or its file came to be in the meantime.
        OSError: The clip cannot be read.
    """
    verdict = _verdict(value)
    blob = await asyncio.to_thread(_blob, path)
    if blob.sha256 != verdict.judgement.content_sha256:
        raise ClipChanged("the clip is no longer the one that was judged", field="clip")
    policy = load_policy(settings)
    notes: list[str] = []
    look = await _second_look(settings, policy, blob, notes)
    strip = Filmstrip()
    if any(each.category == _NEVER_SHOWN for each in verdict.judgement.findings):
        notes.append("There are no pictures: the clip matches a list of child abuse imagery.")
    else:
        strip = await asyncio.to_thread(_pictures, settings, policy, path, verdict, notes)
    if look is not None and (differ := differences(verdict.judgement, look.judgement)):
        notes.append(
            "The scores by frame were measured again for this page, and the second look differs "
            f"from the verdict on record in: {', '.join(differ)}. The findings are those of the "
            "verdict; the lines of the timeline may not be."
        )
    same_policy = policy.ref == verdict.judgement.policy
    tracks = frame_tracks(
        verdict.judgement,
        policy if same_policy else None,
        look.pts_ms if look else (),
        look.by_model if look else (),
    )
    page = render(
        Report(
            clip_name=path.name,
            verdict=verdict,
            judgement_digest=value.judgement.digest,
            tracks=tracks,
            filmstrip=strip,
            closer_ms=tuple(sorted(set(look.pts_ms if look else ()) - set(strip.sampled_ms))),
            notes=tuple(notes),
            prompt=wish.prompt,
        )
    )
    await asyncio.to_thread(wish.target.put, page)
    return {"file": str(path), "report": str(wish.target.path), "size_bytes": len(page)}


async def _second_look(
    settings: Settings, policy: Policy, blob: Blob, notes: list[str]
) -> _Look | None:
    executor = _Keeping(LocalExecutor(worker_setup(settings), workers=1))
    judged: Judgement | None = None
    try:
        stage = ClipStage(settings, policy, executor)
        async with aclosing(stage.review(blob, Context(Stage.FRAMES))) as events:
            async for event in events:
                judged = event if isinstance(event, Judgement) else judged
    except FramegateError as error:
        notes.append(f"The scores by frame could not be measured for this page: {error.message}.")
    finally:
        await executor.close()
    if judged is None:
        return None
    seen = executor.reviewed
    return _Look(judged, seen.pts_ms, seen.by_model) if seen else _Look(judged, (), ())


def _pictures(
    settings: Settings, policy: Policy, path: Path, verdict: Verdict, notes: list[str]
) -> Filmstrip:
    try:
        return take(path, settings.media_limits, policy.min_fps, peaks_ms(verdict))
    except FramegateError as error:
        notes.append(f"There are no pictures: {error.message}.")
        return Filmstrip()


def _blob(path: Path) -> Blob:
    with path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
        return Blob(path.absolute(), digest, source.tell())


def _verdict(value: verdict_pb2.Verdict) -> Verdict:
    """The verdict in values of the domain; what the wire does not carry is left at its default."""
    return Verdict(
        verdict_id=value.verdict_id,
        request_id=value.request_id,
        created_ms=value.create_time.ToMilliseconds(),
        judgement=_judgement(value.judgement),
        latency=(),
        audit=AuditRef(value.audit.leaf_index, value.audit.leaf_hash),
        clip_id=value.clip_id,
    )


def _judgement(value: verdict_pb2.Judgement) -> Judgement:
    sampling = value.sampling
    return Judgement(
        decision=Decision(answers.decision(value.decision)),
        content_sha256=value.content_sha256,
        scores={item.category: item.score for item in value.scores},
        findings=tuple(_finding(item) for item in value.findings),
        degraded=tuple(
            Degradation(
                stage=_STAGES.get(item.stage, Stage.FRAMES),
                source=item.source,
                reason=item.reason,
                categories=tuple(item.categories),
                decision=Decision(answers.decision(item.decision)),
                clause=item.clause,
            )
            for item in value.degraded
        ),
        policy=PolicyRef(value.policy.id, value.policy.version, value.policy.digest),
        models=tuple(ModelRef(model.id, model.version, model.digest) for model in value.models),
        sampling=Sampling(
            strategy=sampling.strategy,
            interval_ms=sampling.interval_ms,
            frame_count=sampling.frame_count,
            scene_cuts=sampling.scene_cuts,
            max_gap_ms=sampling.max_gap_ms,
            duration_ms=sampling.duration_ms,
            closer_frames=sampling.closer_frames,
            repeated_frames=sampling.repeated_frames,
            stopped_ms=sampling.stopped_ms if sampling.HasField("stopped_ms") else None,
        )
        if value.HasField("sampling")
        else None,
        user_text=value.user_text,
    )


def _finding(value: verdict_pb2.Finding) -> Finding:
    span = value.span
    return Finding(
        signal=Signal(
            stage=_STAGES.get(value.stage, Stage.FRAMES),
            category=value.category,
            score=value.score,
            source=value.source,
            span=TimeSpan(span.start_ms, span.end_ms, span.peak_ms)
            if value.HasField("span")
            else None,
            frame_count=value.frame_count,
            known=KnownEntry(
                value.known.list_name,
                value.known.entry_id,
                value.known.distance,
                value.known.mirrored,
                value.known.confirmed,
            )
            if value.HasField("known")
            else None,
        ),
        category=value.category,
        decision=Decision(answers.decision(value.decision)),
        threshold=value.threshold,
        clause=value.clause,
    )
