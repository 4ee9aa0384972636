"""What a release says its clip was made from, and where those bytes are in the house.

A source is a clip that was released or cleared here, or a file that `take_source` took in. Such a
file lies in quarantine under its digest; the sweep deletes it when no clip needs it, an hour later
at the earliest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from media.errors import FramegateError, InvalidInput
from moderation.clips.jobs import SourceFile
from moderation.record import Recorder
from moderation.store.blobs import Area, Blob, Blobs
from moderation.store.clips import ClipRecord, ClipState
from moderation.store.errors import BlobMissing, ClipUnknown
from provenance.errors import TooManySources
from provenance.ingredients import MAX_SOURCES
from provenance.sources import Relation


class SourceUnknown(InvalidInput):
    """A source is no clip that is known here and no file that was taken in, or it is gone."""

    code = "NOT_FOUND"
    reason = "SOURCE_UNKNOWN"


class SourceNotCleared(FramegateError):
    """A source is a clip that was not cleared, or was recalled: nothing is made from it."""

    code = "FAILED_PRECONDITION"
    reason = "SOURCE_NOT_CLEARED"


class ReleasedBefore(FramegateError):
    """The clip was signed before; what it was made from can be said no more."""

    code = "FAILED_PRECONDITION"
    reason = "RELEASED_BEFORE"


@dataclass(frozen=True, slots=True)
class NamedSource:
    """A source as a request names it: by a clip's id, or by the SHA-256 of a file taken in.

    Raises:
        InvalidInput: It names neither or both.
    """

    relation: Relation
    clip_id: str = ""
    sha256: str = ""

    def __post_init__(self) -> None:
        if bool(self.clip_id) == bool(self.sha256):
            raise InvalidInput(
                "a source is named by clip_id or by sha256, by one of them", field="sources.origin"
            )


@dataclass(frozen=True, slots=True)
class Wish:
    """What a request to release a clip asks for beside the clip.

    Attributes:
        mark: Text of a visible mark, "" for the AI label, None for none.
        sources: What the clip was made from.
    """

    mark: str | None = None
    sources: tuple[NamedSource, ...] = ()


def check_unnamed(sources: Sequence[NamedSource]) -> None:
    """Hold the release of a clip that was signed before against the sources of the request.

    Raises:
        ReleasedBefore: There are some. A clip is signed once; asked without, it is sent again.
    """
    if sources:
        raise ReleasedBefore(
            "the clip was signed before, and its sources with it; ask for it without sources",
            field="sources",
        )


async def located(
    sources: Sequence[NamedSource], recorder: Recorder, blobs: Blobs, *, thumbnails: bool
) -> tuple[SourceFile, ...]:
    """Find the bytes of all sources.

    Args:
        sources: As the request names them.
        recorder: Knows the clips.
        blobs: Holds the bytes.
        thumbnails: Whether clips that the gate cleared are shown. Files that nobody looked at
            never are.

    Raises:
        TooManySources: There are more than a manifest takes.
        SourceUnknown: There is no such clip or file.
        SourceNotCleared: The clip was not cleared, or was recalled.
    """
    if len(sources) > MAX_SOURCES:
        raise TooManySources(
            "a release names too many sources",
            field="sources",
            limit=MAX_SOURCES,
            actual=len(sources),
        )
    found = []
    for number, source in enumerate(sources):
        place = f"sources[{number}]"
        try:
            if source.clip_id:
                record = await recorder.clip(source.clip_id)
                blob = await asyncio.to_thread(_of_clip, record, blobs, place)
            else:
                blob = await asyncio.to_thread(blobs.open, Area.QUARANTINE, source.sha256)
        except (BlobMissing, ClipUnknown) as error:
            raise SourceUnknown(
                "there is no such source: send it with UploadSource, or name a clip of this house",
                field=place,
            ) from error
        found.append(
            SourceFile(
                path=str(blob.path),
                sha256=blob.sha256,
                relation=source.relation,
                title=f"Clip {source.clip_id}" if source.clip_id else "",
                thumbnail=thumbnails and bool(source.clip_id),
            )
        )
    return tuple(found)


def _of_clip(record: ClipRecord, blobs: Blobs, place: str) -> Blob:
    if record.state is ClipState.RELEASED:
        return blobs.open(Area.RELEASED, record.signed_sha256)
    if record.state is ClipState.CLEARED:
        return blobs.open(Area.QUARANTINE, record.sha256)
    raise SourceNotCleared(
        f"the source is {record.state}; a clip is made from cleared and released ones",
        field=place,
        actual=record.state,
    )
