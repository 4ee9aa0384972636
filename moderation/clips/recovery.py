"""Released clips, found again by what their pictures carry and look like.

Clip workers read the pictures; what they read is looked up here, in the process that has the
database, so that hostile bytes and the registry never meet.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from moderation.clips.payloads import Payloads
from moderation.clips.results import NeuralRead, PicturesRead, WatermarkRead
from provenance.fingerprint.records import Registered, unpacked
from provenance.fingerprint.registry import FingerprintRegistry
from provenance.fingerprint.store import FingerprintStore
from provenance.layers import (
    FingerprintLayer,
    FingerprintMatch,
    LayerState,
    NeuralLayer,
    WatermarkLayer,
)
from provenance.watermark import keyfiles
from provenance.watermark.books import Books
from provenance.watermark.identification import ALARM
from provenance.watermark.keys import KeyState
from provenance.watermark.reading import Reading

MAX_MATCHES = 5


@dataclass(frozen=True, slots=True)
class PictureLayers:
    """What the pictures of a clip say, and which released clips that leads to.

    Attributes:
        watermark: What they carry.
        fingerprint: What they look like.
        neural: What a network reads from them; None where none is asked.
    """

    watermark: WatermarkLayer
    fingerprint: FingerprintLayer
    neural: NeuralLayer | None = None


class Recovery:
    """Looks released clips up. Thread-safe; each call may take a tenth of a second and more.

    Args:
        store: The released clips.
        keys: The keys folder: what a watermark key may still be used for is read anew each time.
    """

    def __init__(self, store: FingerprintStore, keys: Path) -> None:
        self._store = store
        self._keys = keys
        self._registry = FingerprintRegistry(store)
        self._books = Books(store)
        self._payloads = Payloads(self._books)
        self._lock = threading.Lock()

    def catch_up(self) -> None:
        """Take in what the store holds, so that the first question need not wait for it."""
        self._registry.catch_up()

    def layers(self, pictures: PicturesRead) -> PictureLayers:
        """Tell which released clips the pictures of a clip lead to."""
        neural = self._neural(pictures.neural)
        if fault := pictures.fault:
            return PictureLayers(WatermarkLayer(fault=fault), FingerprintLayer(fault=fault), neural)
        return PictureLayers(
            self._watermark(pictures.watermarks), self._fingerprint(pictures), neural
        )

    def registered(self, clip_id: str) -> Registered | None:
        """Return what is kept of a released clip, or None."""
        return self._store.get(clip_id)

    def of_code(self, code: bytes) -> str:
        """Return the id of the clip that carries a watermark's code, or ""."""
        with self._lock:
            return self._books.clip_of(code)

    def _watermark(self, read: tuple[WatermarkRead, ...]) -> WatermarkLayer:
        if not read:
            return WatermarkLayer()
        readings = [Reading(each.key_id, np.array(each.sums, np.float32)) for each in read]
        with self._lock:
            owner = self._books.identify(readings, keyfiles.load(self._keys))
        if owner is None:
            return WatermarkLayer(state=LayerState.NOT_FOUND)
        best = owner.detection
        leaked = best.key_state is KeyState.LEAKED and best.p_value <= ALARM
        return WatermarkLayer(
            state=LayerState.FOUND if best.found else LayerState.NOT_FOUND,
            clip_id=owner.clip_id if best.found else "",
            key_id=best.key_id if best.found or leaked else "",
            p_value=best.p_value,
            bits=best.bits,
            leaked=leaked,
        )

    def _neural(self, read: NeuralRead | None) -> NeuralLayer | None:
        if read is None:
            return None
        with self._lock:
            return self._payloads.layer(read, keyfiles.load(self._keys))

    def _fingerprint(self, pictures: PicturesRead) -> FingerprintLayer:
        if pictures.fingerprint is None:
            return FingerprintLayer()
        query = unpacked(pictures.fingerprint)
        found = self._registry.find(query, limit=MAX_MATCHES)
        matches = []
        for match in found:
            original = self._store.get(match.clip_id)
            if original is None:
                continue
            span = match.span
            matches.append(
                FingerprintMatch(
                    clip_id=match.clip_id,
                    start_ms=span.query_start_ms,
                    end_ms=span.query_end_ms,
                    original_start_ms=span.start_ms,
                    original_end_ms=span.end_ms,
                    frames=span.frames,
                    distance=span.distance,
                    mirrored=match.mirrored,
                    cropped=match.cropped,
                    derived=original.derived,
                )
            )
        return FingerprintLayer(
            state=LayerState.FOUND if matches else LayerState.NOT_FOUND,
            matches=tuple(matches),
            comparable=len(query.frames) > 0,
        )
