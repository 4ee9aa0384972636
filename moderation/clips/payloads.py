"""Networks' marks of all released clips, looked up by what a network reads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from moderation.clips.results import NeuralRead
from provenance.layers import LayerState, NeuralLayer
from provenance.watermark.books import Books
from provenance.watermark.codes import CodeBook
from provenance.watermark.identification import ALARM
from provenance.watermark.keys import KeyState, WatermarkKey
from provenance.watermark.networks import Named
from provenance.watermark.neural import NeuralReading, PayloadBook, identify


class Payloads:
    """Payloads by key, kept in memory beside the codes that they stand for. Not thread-safe.

    Args:
        books: The codes.
    """

    def __init__(self, books: Books) -> None:
        self._books = books
        self._made: dict[str, PayloadBook] = {}

    def layer(self, read: NeuralRead, keys: Sequence[WatermarkKey]) -> NeuralLayer:
        """Look up what a network reads; the first question makes the payloads of all codes.

        Args:
            read: What was read.
            keys: All keys of the house, old and leaked ones as well.
        """
        if not read.logits:
            return NeuralLayer(network_id=read.network_id, fault=read.fault)
        reading = NeuralReading(read.network_id, np.array(read.logits, np.float32), 1)
        network = Named(read.network_id, len(read.logits))
        best = identify(reading, [self._of(network, book) for book in self._books.of(keys)])
        if best is None:
            return NeuralLayer(state=LayerState.NOT_FOUND, network_id=network.id)
        leaked = best.key_state is KeyState.LEAKED and best.p_value <= ALARM
        return NeuralLayer(
            state=LayerState.FOUND if best.found else LayerState.NOT_FOUND,
            clip_id=self._books.clip_of(best.code) if best.found else "",
            key_id=best.key_id if best.found or leaked else "",
            network_id=network.id,
            p_value=best.p_value,
            bits=best.bits,
            of_bits=best.of_bits,
            leaked=leaked,
        )

    def _of(self, network: Named, book: CodeBook) -> PayloadBook:
        before = self._made.get(book.key.id)
        if before is not None and (before.network_id, before.bits) != (network.id, network.bits):
            before = None
        made = PayloadBook.of(network, book, before)
        self._made[book.key.id] = made
        return made
