"""A signed clip on its way out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from moderation.store.blobs import Area, Blobs
from moderation.store.clips import ClipRecord
from moderation.verdict import AuditRef


@dataclass(frozen=True, slots=True)
class Released:
    """A signed clip that may be handed out.

    Attributes:
        record: The clip.
        media_type: For instance `video/mp4`.
        audit: The leaf that tells of the release.
        blobs: Where its bytes are.
    """

    record: ClipRecord
    media_type: str
    audit: AuditRef
    blobs: Blobs = field(repr=False)

    async def chunks(self, chunk_bytes: int) -> AsyncIterator[bytes]:
        """Yield the signed bytes in order; the last piece only if the whole is unaltered."""
        pieces = self.blobs.chunks(
            Area.RELEASED, self.record.signed_sha256, chunk_bytes=chunk_bytes
        )
        while (chunk := await asyncio.to_thread(next, pieces, None)) is not None:
            yield chunk
