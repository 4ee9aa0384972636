"""The hall's other half: the use cases about where a clip comes from.

Like the gate it does no stage's own work: it asks, has the record written, and answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from pathlib import Path

from media.errors import InvalidInput
from moderation.audit.entry import AuditEntry, Digests
from moderation.clips.matches import ALL_LAYERS, Match, Matches, MatchLayer, matched
from moderation.clips.messages import Failed, raised
from moderation.clips.recovery import PictureLayers, Recovery
from moderation.clips.released import NotCleared
from moderation.clips.stage import ClipStage
from moderation.clips.standalone import ManifestSignature, carrier, signature_of
from moderation.entries import now_ms
from moderation.intake import Call, ClipUpload
from moderation.reception import Reception
from moderation.record import Recorder
from moderation.store.clips import ClipRecord, ClipState
from moderation.store.errors import ClipUnknown
from moderation.verdict import AuditRef
from provenance.actions import SoftBinding
from provenance.layers import LayerState
from provenance.verification import Verification, fuse, weigh
from provenance.watermark.codes import CODE_BYTES
from provenance.watermark.keys import ALGORITHM


class AlgorithmUnknown(InvalidInput):
    """Nothing can be looked up by soft bindings of this algorithm."""

    reason = "ALGORITHM_UNKNOWN"


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
        async with self._reception.whole(_nameless(size_bytes), chunks, call) as incoming:
            found = await self._stage.verify(incoming.path)
            seen = await self._pictures(incoming.path)
            found = fuse(found, seen.watermark, seen.fingerprint, seen.neural)
            found = weigh(found, *await self._stage.detect(incoming.path))
        return found, await self._recorder.clip_verified(incoming.sha256, found, call)

    async def match(
        self,
        size_bytes: int,
        chunks: AsyncIterator[bytes],
        call: Call,
        layers: Collection[MatchLayer] = ALL_LAYERS,
    ) -> tuple[Matches, AuditRef]:
        """Find the released clips that a clip's pictures lead to; nothing of the upload is kept.

        Args:
            size_bytes: How large it is.
            chunks: Its bytes.
            call: The call.
            layers: What may lead to a clip.

        Raises:
            InvalidInput: When it is no clip whose pictures can be read, or too large.
            Overloaded: When too much waits already.
        """
        async with self._reception.whole(_nameless(size_bytes), chunks, call) as incoming:
            seen = await self._pictures(incoming.path)
        if fault := seen.watermark.fault or seen.fingerprint.fault:
            raise raised(Failed(0, fault, "the pictures of the clip cannot be read"))
        led = matched(seen.watermark, seen.fingerprint, layers, neural=seen.neural)
        known = [await self._known(each) for each in led]
        found = Matches(
            found=tuple(each for each in known if each is not None),
            comparable=seen.fingerprint.comparable,
        )
        return found, await self._clip_matched(incoming.sha256, found, call)

    async def manifest(
        self, *, manifest_id: str = "", clip_id: str = "", binding: SoftBinding | None = None
    ) -> ClipRecord:
        """Find a released clip by its id, by its manifest's, or by what its watermark carries.

        Raises:
            InvalidInput: When none of them is given, or the binding cannot be one of ours.
            NotCleared: When the clip was never released, so that it has no manifest.
            ClipUnknown: When there is no such clip.
        """
        if binding is not None:
            clip_id = await self.carries(binding)
            if not clip_id:
                raise ClipUnknown("no released clip carries this watermark", field="soft_binding")
        if not (clip_id or manifest_id):
            raise InvalidInput("give manifest_id, clip_id or soft_binding", field="key")
        if manifest_id:
            return await self._recorder.clip_of_manifest(manifest_id)
        record = await self._recorder.clip(clip_id)
        if not record.manifest_id:
            raise NotCleared("the clip was never released", field="clip_id", actual=record.state)
        return record

    async def carries(self, binding: SoftBinding) -> str:
        """Return the id of the released clip whose watermark carries this, or "".

        Raises:
            AlgorithmUnknown: When it is of another algorithm.
            InvalidInput: When it has not as many bytes as a code.
        """
        if binding.algorithm != ALGORITHM:
            raise AlgorithmUnknown(
                f"only {ALGORITHM} can be looked up by its value",
                field="soft_binding.algorithm",
                limit=ALGORITHM,
                actual=binding.algorithm,
            )
        if len(binding.value) != CODE_BYTES:
            raise InvalidInput(
                f"the value of {ALGORITHM} has {CODE_BYTES} bytes",
                field="soft_binding.value",
                limit=CODE_BYTES,
                actual=len(binding.value),
            )
        return await asyncio.to_thread(self.recovery.of_code, binding.value)

    async def signature(self, manifest: bytes, call: Call) -> ManifestSignature:
        """Have a manifest validated for itself, without the file that it was made for.

        Raises:
            Overloaded: When too much waits already.
        """
        data = carrier(manifest)
        async with self._reception.whole(_nameless(len(data)), _at_once(data), call) as incoming:
            return signature_of((await self._stage.verify(incoming.path)).c2pa)

    async def _pictures(self, path: Path) -> PictureLayers:
        """What the pictures of a clip carry and look like."""
        pictures = await self._stage.pictures(path)
        found = await asyncio.to_thread(self.recovery.layers, pictures)
        watermark = found.watermark
        if watermark.state is not LayerState.FOUND or found.fingerprint.of(watermark.clip_id):
            return found
        # The fingerprint does not lead to the clip that the mark stands for: it is cropped or
        # turned too far for an index, or the mark was put onto something else.
        original = await asyncio.to_thread(self.recovery.registered, watermark.clip_id)
        if original is None or not original.thumbnails:
            return found
        placement = pictures.placement(watermark.key_id)
        if seen := await self._stage.compare(path, original.thumbnails, placement):
            watermark = replace(watermark, sameness=seen.score, same=seen.same)
        return replace(found, watermark=watermark)

    async def _known(self, match: Match) -> Match | None:
        """What is on record of a match; None where its clip is there no more."""
        try:
            record = await self._recorder.clip(match.clip_id)
        except ClipUnknown:
            return None
        recalled = record.state is ClipState.RECALLED
        return replace(match, manifest_id=record.manifest_id, recalled=recalled)

    async def _clip_matched(self, sha256: str, found: Matches, call: Call) -> AuditRef:
        """Record what was answered; of the clip itself only its digest is kept."""
        best = found.found[0] if found.found else None
        details = {"matches": str(len(found.found))}
        if best is not None:
            details |= {"score": str(best.score), "layers": " ".join(best.layers)}
        entry = AuditEntry(
            event="clip.matched",
            time_ms=now_ms(),
            request_id=call.request_id,
            clip_id=best.clip_id if best is not None else "",
            digests=Digests(content=sha256),
            details=details,
        )
        receipt = await self._recorder.log.append(entry)
        return AuditRef(receipt.leaf_index, receipt.leaf_hash)


def _nameless(size_bytes: int) -> ClipUpload:
    """An upload of which nothing is known but its size."""
    return ClipUpload(size_bytes, "", "unknown", "0", "")


async def _at_once(data: bytes) -> AsyncIterator[bytes]:
    yield data
