"""The hall's other half: the use cases about where a clip comes from.

Like the gate it does no stage's own work: it asks, has the record written, and answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from media.errors import InvalidInput
from moderation.clips.recovery import Recovery
from moderation.clips.released import NotCleared
from moderation.clips.stage import ClipStage
from moderation.intake import Call, ClipUpload
from moderation.reception import Reception
from moderation.record import Recorder
from moderation.store.clips import ClipRecord
from moderation.verdict import AuditRef
from provenance.verification import Verification, fuse


class Tracing:
    """The use cases. For one event loop; any number of calls at once.

    Args:
        stage: Has clips read.
        reception: Takes clips in.
        recorder: Writes the record.
        keys: The keys folder.
    """

    def __init__(
        self, stage: ClipStage, reception: Reception, recorder: Recorder, keys: Path
    ) -> None:
        self._stage = stage
        self._reception = reception
        self._recorder = recorder
        self.recovery = Recovery(recorder.fingerprints, keys)

    async def verify(
        self, size_bytes: int, chunks: AsyncIterator[bytes], call: Call
    ) -> tuple[Verification, AuditRef]:
        """Tell what a clip's layers say of its origin; nothing of the upload is kept.

        Raises:
            InvalidInput: When it is no clip, or too large.
            Overloaded: When too much waits already.
        """
        upload = ClipUpload(size_bytes, "", "unknown", "0", "")
        async with self._reception.whole(upload, chunks, call) as incoming:
            found = await self._stage.verify(incoming.path)
            pictures = await self._stage.pictures(incoming.path)
        found = fuse(found, *await asyncio.to_thread(self.recovery.layers, pictures))
        return found, await self._recorder.clip_verified(incoming.sha256, found, call)

    async def manifest(self, *, manifest_id: str, clip_id: str) -> ClipRecord:
        """Find a released clip by its id or by its manifest's.

        Raises:
            InvalidInput: When neither is given.
            NotCleared: When the clip was never released, so that it has no manifest.
            ClipUnknown: When there is no such clip.
        """
        if not (clip_id or manifest_id):
            raise InvalidInput("give manifest_id or clip_id", field="key")
        if manifest_id:
            return await self._recorder.clip_of_manifest(manifest_id)
        record = await self._recorder.clip(clip_id)
        if not record.manifest_id:
            raise NotCleared("the clip was never released", field="clip_id", actual=record.state)
        return record
