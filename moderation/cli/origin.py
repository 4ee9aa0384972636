"""`framegate verify --report`: where a clip comes from, as a page that a person looks at.

The answer comes from the gate, which may be on another machine, and has no tree of manifests and no
pictures. So the clip is read a second time here, in a worker with the same limits. What the page
says of the answer is what the gate said; the second look draws what the manifest tells, and where
it disagrees the page says so.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from framegate.v1 import provenance_pb2 as pb
from media.errors import FramegateError
from moderation.assembly import load_policy, worker_setup
from moderation.cli import answers
from moderation.cli.pages import ClipChanged, Target
from moderation.clips.jobs import Inspected
from moderation.clips.stage import ClipStage
from moderation.executor import LocalExecutor
from moderation.origins import Origin, render
from moderation.pages.picture import Picture
from moderation.record import now_ms
from moderation.settings import Settings
from provenance.report import C2paReport, C2paState, Reason, Revocation, StampTrust
from provenance.trust import TrustList
from provenance.verification import Answer

# What a worker sends is not believed either: it read a stranger's file.
_DATA_URI = re.compile(r"data:image/jpeg;base64,[A-Za-z0-9+/]+={0,2}")


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
    seen = await _second_look(settings, path, notes)
    if await asyncio.to_thread(_sha256, path) != before:
        raise ClipChanged("the clip changed while it was looked at", field="clip")
    answered = _report(value.c2pa)
    if seen is not None and (said := _difference(answered, seen.verification.c2pa)):
        notes.append(said)
    tree = seen.tree if seen else None
    if tree is not None:
        tree = replace(tree, state=answered.state, reasons=answered.reasons)
    page = render(
        Origin(
            clip_name=path.name,
            answer=Answer(answers.named(pb.Answer.Name, value.answer, "ANSWER_")),
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
        )
    )
    await asyncio.to_thread(target.put, page)
    return {"file": str(path), "report": str(target.path), "size_bytes": len(page)}


async def _second_look(settings: Settings, path: Path, notes: list[str]) -> Inspected | None:
    executor = LocalExecutor(worker_setup(settings), workers=1)
    try:
        stage = ClipStage(settings, load_policy(settings), executor)
        return await stage.inspect(path.absolute())
    except FramegateError as error:
        notes.append(f"The record could not be read for this page: {error.message}.")
        return None
    finally:
        await executor.close()


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


def _report(layer: pb.C2paLayer) -> C2paReport:
    """The answer in values of the domain; what the wire does not carry is left at its default."""
    return C2paReport(
        state=C2paState(answers.named(pb.C2paState.Name, layer.state, "C2PA_STATE_")),
        reasons=tuple(
            Reason(item.code, item.explanation, failure=item.failure) for item in layer.reasons
        ),
        manifest_id=layer.manifest_id,
        digital_source_type=layer.digital_source_type,
        signer_organization=layer.signer,
        vouched_by=_lists(layer.vouched_by),
        revocation=Revocation(answers.named(pb.Revocation.Name, layer.revocation, "REVOCATION_")),
        stamp=StampTrust(answers.named(pb.StampState.Name, layer.stamp.state, "STAMP_STATE_")),
        signed_ms=layer.stamp.time.ToMilliseconds() if layer.stamp.HasField("time") else None,
        stamp_vouched_by=_lists(layer.stamp.vouched_by),
    )


def _lists(values: Iterable[int]) -> tuple[TrustList, ...]:
    return tuple(
        TrustList(answers.named(pb.TrustList.Name, value, "TRUST_LIST_")) for value in values
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
