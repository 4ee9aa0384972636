"""Networks' marks looked up: caught up with a store, for any network, whatever the key is worth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from moderation.clips.payloads import Payloads
from moderation.clips.results import NeuralRead
from provenance.fingerprint.records import Coded
from provenance.layers import LayerState, NeuralLayer
from provenance.watermark.books import Books
from provenance.watermark.keys import KeyState, WatermarkKey
from provenance.watermark.networks import Named
from provenance.watermark.neural import payload_of

KEY = WatermarkKey("first", bytes(range(32)))
OTHER = WatermarkKey("second", bytes(range(1, 33)))
NETWORK = Named("videoseal-100-aaaaaaaaaaaa", 100)


class Store:
    """Codes in memory."""

    def __init__(self) -> None:
        self.rows: dict[int, Coded] = {}

    def add(self, position: int, key: WatermarkKey = KEY) -> bytes:
        code = np.random.default_rng(position).bytes(16)
        self.rows[position] = Coded(
            position=position, clip_id=f"clip-{position}", key_id=key.id, code=code
        )
        return code

    def coded(self, position: int, limit: int) -> Sequence[Coded]:
        return [self.rows[at] for at in sorted(self.rows) if at > position][:limit]


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def payloads(store: Store) -> Payloads:
    return Payloads(Books(store))


def _read(
    code: bytes, key: WatermarkKey = KEY, network: Named = NETWORK, wrong: int = 5
) -> NeuralRead:
    """What a network reads from a clip that carries a code, with some bits wrong."""
    logits = payload_of(network, key, code) * np.linspace(2, 1, network.bits, dtype=np.float32)
    logits[-wrong:] *= -1
    return NeuralRead(network.id, tuple(logits.tolist()))


def test_nothing_given_out_is_nobodys(payloads: Payloads) -> None:
    assert payloads.layer(_read(bytes(16)), []).state is LayerState.NOT_FOUND
    layer = payloads.layer(_read(bytes(16)), [KEY])
    assert layer == NeuralLayer(state=LayerState.NOT_FOUND, network_id=NETWORK.id)


def test_a_payload_leads_to_its_clip_and_new_ones_are_taken_in(
    store: Store, payloads: Payloads
) -> None:
    codes = [store.add(at) for at in range(1, 41)]
    layer = payloads.layer(_read(codes[6]), [KEY, OTHER])
    assert (layer.state, layer.clip_id, layer.key_id) == (LayerState.FOUND, "clip-7", "first")
    assert (layer.bits, layer.of_bits, layer.network_id) == (95, 100, NETWORK.id)
    assert layer.p_value <= 1e-9

    unknown = np.random.default_rng(0).bytes(16)
    assert payloads.layer(_read(unknown), [KEY]).state is LayerState.NOT_FOUND
    late = store.add(50, OTHER)
    store.add(41)
    layer = payloads.layer(_read(late, OTHER), [KEY, OTHER])
    assert (layer.clip_id, layer.key_id) == ("clip-50", "second")
    # Position 45 becomes visible after 50: another process committed it later.
    slow = store.add(45)
    assert payloads.layer(_read(slow), [KEY, OTHER]).clip_id == "clip-45"


def test_no_code_is_counted_twice(store: Store, payloads: Payloads) -> None:
    codes = [store.add(at) for at in range(1, 1001)]
    first = payloads.layer(_read(codes[0]), [KEY])
    store.add(1001)
    again = payloads.layer(_read(codes[0]), [KEY])
    assert again.p_value == pytest.approx(first.p_value * 1001 / 1000)


def test_another_network_has_other_payloads(store: Store, payloads: Payloads) -> None:
    code = store.add(1)
    other = Named("trustmark-64-bbbbbbbbbbbb", 64)
    for network in (NETWORK, other, NETWORK):
        layer = payloads.layer(_read(code, network=network), [KEY])
        assert (layer.clip_id, layer.of_bits) == ("clip-1", network.bits)
    mixed = NeuralRead(other.id, _read(code).logits)
    assert payloads.layer(mixed, [KEY]).state is LayerState.NOT_FOUND


def test_a_leaked_key_finds_nothing(store: Store, payloads: Payloads) -> None:
    code = store.add(1)
    assert payloads.layer(_read(code), [KEY]).state is LayerState.FOUND
    leaked = WatermarkKey(KEY.id, KEY.secret, KeyState.LEAKED)
    layer = payloads.layer(_read(code), [leaked])
    assert (layer.state, layer.clip_id, layer.leaked) == (LayerState.NOT_FOUND, "", True)
    assert layer.key_id == KEY.id
    # Without its key a code has no payload.
    assert payloads.layer(_read(code), []).state is LayerState.NOT_FOUND


def test_what_was_not_read_says_why(payloads: Payloads) -> None:
    assert payloads.layer(NeuralRead(), [KEY]).state is LayerState.NOT_READ
    layer = payloads.layer(NeuralRead(fault="NEURAL_WATERMARK_FAILED"), [KEY])
    assert (layer.state, layer.fault) == (LayerState.NOT_READ, "NEURAL_WATERMARK_FAILED")
