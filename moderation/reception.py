"""The reception of whole files: those that are looked at at once, and kept or thrown away."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from moderation import admission
from moderation.admission import Admission
from moderation.intake import Call, ClipUpload, take_in
from moderation.settings import Settings
from moderation.store.blobs import Blobs, Incoming


class Reception:
    """Takes files in; for one event loop, any number of calls at once.

    Args:
        settings: The largest file.
        blobs: Where files are kept.
        lane: The clip workers' queue.
    """

    def __init__(self, settings: Settings, blobs: Blobs, lane: Admission) -> None:
        self._settings = settings
        self._blobs = blobs
        self._lane = lane

    def incoming(self, upload: ClipUpload) -> Incoming:
        """Open a place for the bytes of an upload."""
        return self._blobs.incoming(max_bytes=upload.size_bytes, expected_bytes=upload.size_bytes)

    @contextlib.asynccontextmanager
    async def whole(
        self, upload: ClipUpload, chunks: AsyncIterator[bytes], call: Call
    ) -> AsyncIterator[Incoming]:
        """Have a whole file for as long as the block runs, and a worker's time for it.

        Raises:
            InvalidInput: When it is too large, or not what was announced.
            Overloaded: When too much waits already; no byte was taken then.
        """
        upload.check(self._settings.max_clip_bytes)
        estimate_ms = admission.sign_ms(upload.size_bytes)
        with (
            self._lane.admit(estimate_ms, remaining_ms=call.remaining_ms),
            self.incoming(upload) as incoming,
        ):
            await take_in(incoming, upload, chunks)
            yield incoming
