"""`framegate verify --report`: where a clip comes from, as a page that a person looks at.

The answer comes from the gate, which may be on another machine, and has no tree of manifests and no
pictures. So the clip is read a second time here, in a worker with the same limits. What the page
says of the answer is what the gate said; the second look draws what the manifest tells, and where
it disagrees the page says so. What the pictures carry and look like is not read a second time: only
the gate has the keys and the released clips. Where the database is at hand too, the released clip's
pictures are shown beside the clip's own.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from dataclasses import replace
from pathlib import Path

from framegate.v1 import provenance_pb2 as pb
from media.errors import FramegateError
from moderation.assembly import load_policy, worker_setup
from moderation.cli import answers, received
from moderation.cli.originals import OriginalsElsewhere, kept
from moderation.cli.pages import ClipChanged, Target
from moderation.clips.results import Inspected
from moderation.clips.stage import ClipStage
from moderation.entries import now_ms
from moderation.executor import LocalExecutor
from moderation.origins import Origin, render
from moderation.origins.comparison import Comparison, Pair, beside, moments
from moderation.pages.picture import Picture
from moderation.settings import Settings
from provenance.report import C2paReport, Revocation

# What a worker sends is not believed either: it read a stranger's file.
_DATA_URI = re.compile(r"data:image/jpeg;base64,[A-Za-z0-9+/]+={0,2}")
_NOT_DRAWN = "The pictures of the two could not be drawn"


async def write(
    settings: Settings, path: Path, value: pb.VerifyClipResponse, target: Target
) -> answers.Answer:
    """Write the page about one clip, whole or not at all, readable by its owner alone.

    Args:
        settings: Trust and limits of the second look.
        path: The clip that was asked about.
        value: The answer.
        target: Where to.

    Returns:
        `{file, report, size_bytes}`.

    Raises:
        ClipChanged: The file changed while it was looked at.
        ReportNotWritten: The page cannot be written, or its file came to be in the meantime.
        OSError: The clip cannot be read.
    """
    before = await asyncio.to_thread(_sha256, path)
    notes: list[str] = []
    watermark = received.watermark(value.watermark)
    fingerprint = received.fingerprint(value.fingerprint)
    neural = received.neural(value)
    executor = LocalExecutor(worker_setup(settings), workers=1)
    try:
        stage = ClipStage(settings, load_policy(settings), executor)
        seen = await _second_look(stage, path, notes)
        shown = beside(watermark, fingerprint, neural)
        if shown is not None:
            shown = await _pictured(settings, stage, path, shown)
    finally:
        await executor.close()
    if await asyncio.to_thread(_sha256, path) != before:
        raise ClipChanged("the clip changed while it was looked at", field="clip")
    answered = received.report(value.c2pa)
    if seen is not None and (said := _difference(answered, seen.verification.c2pa)):
        notes.append(said)
    tree = seen.tree if seen else None
    if tree is not None:
        tree = replace(tree, state=answered.state, reasons=answered.reasons)
    page = render(
        Origin(
            clip_name=path.name,
            answer=received.answer(value.answer),
            report=answered,
            sha256=before,
            checked_ms=now_ms(),
            tree=tree,
            pictures=_pictures(seen),
            frame=_whole(seen.frame) if seen else None,
            clip_id=value.clip_id,
            request_id=value.request_id,
            leaf=(value.audit.leaf_index, value.audit.leaf_hash),
            notes=tuple(notes),
            watermark=watermark,
            fingerprint=fingerprint,
            neural=neural,
            doubtful=received.doubtful(value.detection),
            detection=received.detection(value.detection),
            detection_fault=value.detection.fault,
            beside=shown,
        )
    )
    await asyncio.to_thread(target.put, page)
    return {"file": str(path), "report": str(target.path), "size_bytes": len(page)}


async def _second_look(stage: ClipStage, path: Path, notes: list[str]) -> Inspected | None:
    try:
        return await stage.inspect(path.absolute())
    except FramegateError as error:
        notes.append(f"The record could not be read for this page: {error.message}.")
        return None


async def _pictured(
    settings: Settings, stage: ClipStage, path: Path, shown: Comparison
) -> Comparison:
    """Lay the two clips' pictures side by side, as far as there are any."""
    match = shown.match
    try:
        original = await asyncio.to_thread(kept, settings, shown.clip_id)
        chosen, apart = moments(match, original)
        if not chosen:
            return replace(shown, missing="No pictures of the released clip are kept.")
        drawn = await stage.frames_at(
            path.absolute(),
            tuple(each.upload_ms for each in chosen),
            tuple(each.jpeg for each in chosen),
            mirrored=match is not None and match.mirrored,
        )
    except OriginalsElsewhere as error:
        return replace(shown, missing=f"{error.message}.")
    except FramegateError as error:
        return replace(shown, missing=f"{_NOT_DRAWN}: {error.message}.")
    pairs = tuple(
        Pair(each.original_ms, upload.at_ms, released, upload)
        for each, theirs, ours in zip(chosen, drawn.frames, drawn.originals, strict=False)
        if (upload := _whole(theirs)) and (released := _whole(ours))
    )
    return replace(shown, pairs=pairs, apart=apart, missing="" if pairs else f"{_NOT_DRAWN}.")


def _difference(answered: C2paReport, seen: C2paReport) -> str:
    """Say where the second look disagrees; revocation is asked for the answer alone."""
    revoked = answered.revocation is Revocation.REVOKED
    if answered.manifest_id == seen.manifest_id and (answered.state is seen.state or revoked):
        return ""
    return (
        "The record was read a second time on this machine to draw this page, and this reading "
        f"says {seen.state.value!r} where the answer says {answered.state.value!r}. The two may "
        "believe different authorities. The answer above is the one on record."
    )


def _pictures(seen: Inspected | None) -> dict[str, Picture]:
    found = {key: _whole(each) for key, each in seen.pictures.items()} if seen else {}
    return {key: each for key, each in found.items() if each is not None}


def _whole(picture: Picture | None) -> Picture | None:
    """Return a picture if both of its files are what they should be."""
    if picture is None or not all(map(_DATA_URI.fullmatch, (picture.blurred, picture.clear))):
        return None
    return picture


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
