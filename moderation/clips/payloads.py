"""Networks' marks of all released clips, looked up by what a network reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from moderation.clips.results import NeuralRead
from provenance.layers import LayerState, NeuralLayer
from provenance.watermark.books import CodeStore
from provenance.watermark.codes import CODE_BYTES, CodeBook
from provenance.watermark.identification import ALARM
from provenance.watermark.keys import KeyState, WatermarkKey
from provenance.watermark.networks import Named
from provenance.watermark.neural import NeuralReading, PayloadBook, identify

_PAGE: Final = 4096
# Another process may commit a lower position after a higher one was read.
_OVERLAP: Final = 256


class Payloads:
    """Payloads by key, kept in memory and caught up with their store. Not thread-safe.

    Args:
        store: Where the codes are.
        clip_of: Tells which clip carries a code, or "".
    """

    def __init__(self, store: CodeStore, clip_of: Callable[[bytes], str]) -> None:
        self._store = store
        self._clip_of = clip_of
        self._fresh: dict[str, list[bytes]] = {}
        self._recent: dict[int, bytes] = {}
        self._position = 0
        self._made: dict[str, PayloadBook] = {}

    def layer(self, read: NeuralRead, keys: Sequence[WatermarkKey]) -> NeuralLayer:
        """Look up what a network reads; the first question makes the payloads of all codes.

        Args:
            read: What was read.
            keys: All keys of the house, old and leaked ones as well.
        """
        if not read.logits:
            return NeuralLayer(network_id=read.network_id, fault=read.fault)
        self._catch_up()
        reading = NeuralReading(read.network_id, np.array(read.logits, np.float32), 1)
        network = Named(read.network_id, len(read.logits))
        best = identify(reading, [self._book(network, key) for key in keys])
        if best is None:
            return NeuralLayer(state=LayerState.NOT_FOUND, network_id=network.id)
        leaked = best.key_state is KeyState.LEAKED and best.p_value <= ALARM
        return NeuralLayer(
            state=LayerState.FOUND if best.found else LayerState.NOT_FOUND,
            clip_id=self._clip_of(best.code) if best.found else "",
            key_id=best.key_id if best.found or leaked else "",
            network_id=network.id,
            p_value=best.p_value,
            bits=best.bits,
            of_bits=best.of_bits,
            leaked=leaked,
        )

    def _book(self, network: Named, key: WatermarkKey) -> PayloadBook:
        before = self._made.get(key.id)
        fresh = b"".join(self._fresh.pop(key.id, []))
        codes = np.frombuffer(fresh, np.uint8).reshape(-1, CODE_BYTES)
        if before is not None:
            codes = np.concatenate([before.book.codes, codes]) if fresh else before.book.codes
            if (before.network_id, before.bits) != (network.id, network.bits):
                before = None
        made = PayloadBook.of(network, CodeBook(key, codes), before)
        self._made[key.id] = made
        return made

    def _catch_up(self) -> None:
        position = max(0, self._position - _OVERLAP)
        while rows := self._store.coded(position, _PAGE):
            for row in rows:
                if self._recent.get(row.position) != row.code:
                    self._recent[row.position] = row.code
                    self._fresh.setdefault(row.key_id, []).append(row.code)
            position = rows[-1].position
            self._position = max(self._position, position)
            kept = self._position - _OVERLAP
            self._recent = {at: code for at, code in self._recent.items() if at > kept}
