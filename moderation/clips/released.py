"""A signed clip on its way out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from media.errors import FramegateError
from moderation.store.blobs import Area, Blobs
from moderation.store.clips import ClipRecord
from moderation.verdict import AuditRef
from provenance.preparation import VisibleMark
from provenance.sources import SourceReport


class NotCleared(FramegateError):
    """The clip may not be released as it stands."""

    code = "FAILED_PRECONDITION"
    reason = "NOT_CLEARED"


class MarkedOtherwise(FramegateError):
    """The clip was released before, and not with the visible mark that is asked for now."""

    code = "FAILED_PRECONDITION"
    reason = "MARKED_OTHERWISE"


def check_same_mark(record: ClipRecord, mark: VisibleMark | None) -> None:
    """Hold a released clip against the mark that is asked for; None asks for nothing.

    Raises:
        MarkedOtherwise: It has another mark, or none. A clip is signed once.
    """
    if mark is not None and mark.digest != record.visible_mark:
        raise MarkedOtherwise(
            "the clip was released before with another visible mark, or without one",
            field="visible_mark",
        )


@dataclass(frozen=True, slots=True)
class Released:
    """A signed clip that may be handed out.

    Attributes:
        record: The clip.
        media_type: For instance `video/mp4`.
        audit: The leaf that tells of the release.
        blobs: Where its bytes are.
        sources: What was found of its sources, when it was signed by this call.
    """

    record: ClipRecord
    media_type: str
    audit: AuditRef
    blobs: Blobs = field(repr=False)
    sources: tuple[SourceReport, ...] = ()

    async def chunks(self, chunk_bytes: int) -> AsyncIterator[bytes]:
        """Yield the signed bytes in order; the last piece only if the whole is unaltered."""
        pieces = self.blobs.chunks(
            Area.RELEASED, self.record.signed_sha256, chunk_bytes=chunk_bytes
        )
        while (chunk := await asyncio.to_thread(next, pieces, None)) is not None:
            yield chunk
