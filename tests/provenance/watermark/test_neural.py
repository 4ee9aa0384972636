"""A network's watermark: what it writes into clips, what is read, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from media.errors import InvalidInput
from media.frames import Frame
from media.planes import Planes
from media.probe import probe
from media.refusals import NoFrames
from media.transcoding import transcode
from provenance.watermark import embedding
from provenance.watermark.codes import CodeBook
from provenance.watermark.errors import PictureTooSmallForWatermark, WatermarkKeyRetired
from provenance.watermark.keys import KeyState, WatermarkKey
from provenance.watermark.networks import Network, load
from provenance.watermark.neural import (
    NeuralReading,
    PayloadBook,
    embedder,
    identify,
    payload_of,
    read,
)
from provenance.watermark.pooling import frames_of
from provenance.watermark.significance import binomial_tail
from tests.clips import make_clip
from tests.provenance.watermark.marking import (
    CODE,
    KEY,
    SIZE,
    Rgb,
    attacked,
    book,
    canvas,
    found,
    scene,
)
from tests.provenance.watermark.tiny_networks import BITS, seal_card


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return load(seal_card(tmp_path_factory.mktemp("network")))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("neural") / "plain.mp4"
    return make_clip(path, pictures=scene(1, 24), options={"crf": "10"})


@pytest.fixture(scope="module")
def both(plain: Path, network: Network) -> Path:
    """A clip with the spread spectrum, and the network's mark over it."""
    target = plain.with_name("both.mp4")
    makers = [embedding.embedder(KEY, CODE), embedder(network, KEY, CODE)]
    transcode(plain, target, probe(plain), makers)
    return target


@pytest.fixture(scope="module")
def payloads(network: Network) -> PayloadBook:
    return PayloadBook.of(network, book())


@pytest.fixture(scope="module")
def unmarked(plain: Path, network: Network) -> NeuralReading:
    return read(network, frames_of(plain, probe(plain)))


class Scribe:
    """A network that counts what it is asked for, and reads the same from everything."""

    def __init__(self, inner: Network) -> None:
        self._inner = inner
        self.id = inner.id
        self.bits = inner.bits
        self.asked = 0
        self.seen = 0
        self.given: list[NDArray[np.float32]] = []

    def marked(
        self, picture: NDArray[np.float32], payload: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        self.asked += 1
        self.given.append(picture)
        return self._inner.marked(picture, payload)

    def logits(self, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
        self.seen += len(pictures)
        return np.ones((len(pictures), self.bits), np.float32)


def _frames(pictures: Sequence[Rgb]) -> list[Frame]:
    return [Frame(index, 40 * index, rgb, False) for index, rgb in enumerate(pictures)]


def _planes(rgb: Rgb, bits: int = 8) -> Planes:
    """A picture as an encoder gets it: limited range, chroma halved."""
    height, width = rgb.shape[:2]
    packed = cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420)
    luma, rest = packed[:height], packed[height:].reshape(2, height // 2, width // 2)
    kind = np.uint8 if bits == 8 else np.uint16
    deep = [plane.astype(np.uint16) << (bits - 8) for plane in (luma, rest[0], rest[1])]
    parts = [plane.astype(kind) for plane in deep]
    return Planes(0.0, parts[0], (parts[1], parts[2]))


def _rgb(planes: Planes, bits: int = 8) -> Rgb:
    parts = [
        (np.asarray(plane) >> (bits - 8)).astype(np.uint8).ravel()
        for plane in (planes.luma, *planes.chroma)
    ]
    packed = np.concatenate(parts).reshape(-1, planes.luma.shape[1])
    return np.asarray(cv2.cvtColor(packed, cv2.COLOR_YUV2RGB_I420), np.uint8)


def test_a_payload_follows_from_network_key_and_code(network: Network) -> None:
    payload = payload_of(network, KEY, CODE)
    assert payload.shape == (BITS,)
    assert set(np.unique(payload)) == {-1, 1}
    assert (payload == payload_of(network, KEY, CODE)).all()
    other_key = WatermarkKey("first", bytes(range(1, 33)))
    other = Scribe(network)
    other.id = "videoseal-64-another"
    for changed in (
        payload_of(network, other_key, CODE),
        payload_of(network, KEY, CODE[::-1]),
        payload_of(other, KEY, CODE),
    ):
        assert 12 <= (payload == changed).sum() <= 52


def test_a_book_holds_the_payloads_of_its_codes(payloads: PayloadBook, network: Network) -> None:
    bits = np.unpackbits(payloads.payloads[-1])[:BITS].astype(np.float32) * 2 - 1
    assert (bits == payload_of(network, KEY, CODE)).all()
    assert len(payloads.payloads) == len(payloads.book.codes) == 1001


def test_both_marks_of_a_clip_outlive_a_codec(
    both: Path, network: Network, payloads: PayloadBook
) -> None:
    copy = attacked(both, "copy", lambda pictures: pictures)
    detection = identify(read(network, frames_of(copy, probe(copy))), [payloads])
    assert detection is not None
    assert detection.found
    assert detection.code == CODE
    assert detection.of_bits == BITS
    assert detection.tests == 1001
    assert detection.p_value <= 1e-9
    spread = found(copy)
    assert spread.found
    assert spread.code == CODE


def test_an_unmarked_clip_is_not_identified(unmarked: NeuralReading, payloads: PayloadBook) -> None:
    detection = identify(unmarked, [payloads])
    assert detection is not None
    assert not detection.found
    assert detection.p_value > 1e-3


def test_another_key_sees_nothing(both: Path, network: Network) -> None:
    reading = read(network, frames_of(both, probe(both)))
    other = WatermarkKey("second", bytes(range(1, 33)))
    detection = identify(reading, [PayloadBook.of(network, book(key=other))])
    assert detection is not None
    assert not detection.found


def test_with_a_leaked_key_nothing_is_found(both: Path, network: Network) -> None:
    reading = read(network, frames_of(both, probe(both)))
    leaked = WatermarkKey(KEY.id, KEY.secret, KeyState.LEAKED)
    detection = identify(reading, [PayloadBook.of(network, book(key=leaked))])
    assert detection is not None
    assert detection.code == CODE
    assert detection.p_value < 1e-9
    assert not detection.found
    assert detection.key_state is KeyState.LEAKED


@pytest.mark.parametrize("extractor", ["the network", "one that always reads ones"])
def test_over_keys_agreement_is_binomial_whatever_the_network_reads(
    extractor: str, unmarked: NeuralReading, network: Network
) -> None:
    """The argument of the p-value, and that it needs nothing of the network."""
    logits = unmarked.logits if extractor == "the network" else np.ones(BITS, np.float32)
    reading = NeuralReading(network.id, logits, 1)
    rng = np.random.default_rng(11)
    agreeing, below = [], 0
    for index in range(2000):
        key = WatermarkKey(f"null-{index}", rng.bytes(32))
        detection = identify(reading, [PayloadBook.of(network, CodeBook.of(key, CODE))])
        assert detection is not None
        agreeing.append(detection.bits)
        below += detection.p_value <= 0.01
    # Deviations of the mean and of the variance of 2,000 draws; four of them each.
    assert abs(np.mean(agreeing) - BITS / 2) < 4 * (BITS / 4 / 2000) ** 0.5
    assert abs(np.var(agreeing) / (BITS / 4) - 1) < 4 * (2 / 2000) ** 0.5
    assert below <= 20 + 4 * 20**0.5
    middle = sum(bits >= 36 for bits in agreeing) / 2000
    expected = binomial_tail(36, BITS)
    assert abs(middle - expected) < 4 * (expected * (1 - expected) / 2000) ** 0.5


def test_the_p_value_is_corrected_for_all_that_was_tried(
    unmarked: NeuralReading, network: Network
) -> None:
    payload = payload_of(network, KEY, CODE)
    reading = NeuralReading(network.id, payload, 1)
    alone = identify(reading, [PayloadBook.of(network, CodeBook.of(KEY, CODE))])
    other = WatermarkKey("second", bytes(range(1, 33)))
    among = identify(
        reading, [PayloadBook.of(network, book(999)), PayloadBook.of(network, book(1, key=other))]
    )
    assert alone is not None
    assert among is not None
    assert alone.p_value == pytest.approx(2.0**-BITS)
    assert (among.tests, among.bits) == (1002, BITS)
    assert among.p_value == pytest.approx(1002 * 2.0**-BITS)
    assert among.bits_p_value == pytest.approx(1002 * 2.0**-BITS)
    assert among.key_id == KEY.id


def test_nothing_to_compare_with_is_no_answer(unmarked: NeuralReading, network: Network) -> None:
    empty = PayloadBook.of(network, CodeBook.of(KEY))
    assert identify(unmarked, []) is None
    assert identify(unmarked, [empty]) is None


def test_a_reading_that_says_nothing_agrees_with_nothing(payloads: PayloadBook) -> None:
    reading = NeuralReading(payloads.network_id, np.zeros(BITS, np.float32), 1)
    detection = identify(reading, [payloads])
    assert detection is not None
    assert detection.p_value == 1
    assert detection.bits == 0


def test_books_that_do_not_belong_are_refused(
    unmarked: NeuralReading, payloads: PayloadBook, network: Network
) -> None:
    other = NeuralReading("trustmark-100-x", unmarked.logits, 1)
    with pytest.raises(InvalidInput, match="book"):
        identify(other, [payloads])
    with pytest.raises(InvalidInput, match="book"):
        identify(unmarked, [payloads, payloads])
    for alarm in (0.0, 0.02):
        with pytest.raises(InvalidInput, match="alarm"):
            identify(unmarked, [payloads], alarm=alarm)


@pytest.mark.parametrize("psnr_db", [44.0, 50.0])
def test_it_costs_no_more_than_was_asked(network: Network, psnr_db: float) -> None:
    rgb = next(iter(scene(3, 1)))
    before, after = _planes(rgb), _planes(rgb)
    embedder(network, KEY, CODE, psnr_db)(canvas(*SIZE))(after)
    error = float(np.mean((before.luma.astype(float) - after.luma.astype(float)) ** 2))
    # Whole levels cost a twelfth of a level squared beside.
    assert 0 < error <= (255 / 10 ** (psnr_db / 20)) ** 2 + 1 / 12


@pytest.mark.parametrize(("bits", "quarters"), [(10, 0), (8, 1), (8, 3)])
def test_deep_and_turned_pictures_are_read_as_a_viewer_sees_them(
    network: Network, payloads: PayloadBook, bits: int, quarters: int
) -> None:
    width, height = SIZE
    shown: list[Rgb] = []
    scribe = Scribe(network)
    transform = None
    for rgb in scene(4, 6, SIZE):
        planes = _planes(rgb, bits)
        if transform is None:
            # A player turns what is stored clockwise.
            made = canvas(width, height, bits, 90 * quarters)
            transform = embedder(scribe, KEY, CODE)(made)
        transform(planes)
        shown.append(np.ascontiguousarray(np.rot90(_rgb(planes, bits), -quarters)))
    upright = cv2.resize(shown[0], (256, 256), interpolation=cv2.INTER_AREA) / 255
    assert float(np.abs(scribe.given[0] - upright).mean()) < 0.02
    detection = identify(read(network, _frames(shown)), [payloads])
    assert detection is not None
    assert detection.found
    assert detection.code == CODE


def test_the_network_is_asked_for_every_fourth_picture_and_at_cuts(network: Network) -> None:
    scribe = Scribe(network)
    transform = embedder(scribe, KEY, CODE)(canvas(*SIZE))
    for rgb in scene(5, 9):
        transform(_planes(rgb))
    assert scribe.asked == 3
    dark = np.full((SIZE[1], SIZE[0], 3), 20, np.uint8)
    transform(_planes(dark))
    assert scribe.asked == 4


def test_long_clips_are_read_at_even_steps(network: Network) -> None:
    rgb = np.zeros((96, 96, 3), np.uint8)
    for count, expected in ((1, 1), (32, 32), (33, 17), (300, 19)):
        scribe = Scribe(network)
        reading = read(scribe, (Frame(i, i, rgb, False) for i in range(count)))
        assert (reading.frames, scribe.seen) == (expected, expected)


def test_what_cannot_be_marked_or_read_is_refused(network: Network) -> None:
    with pytest.raises(NoFrames):
        read(network, [])
    with pytest.raises(PictureTooSmallForWatermark):
        embedder(network, KEY, CODE)(canvas(320, 94))
    with pytest.raises(WatermarkKeyRetired):
        embedder(network, WatermarkKey("old", bytes(32), KeyState.RETIRED), CODE)
    with pytest.raises(InvalidInput, match="16 bytes"):
        embedder(network, KEY, b"short")
    for psnr_db in (30.0, 60.0, float("nan")):
        with pytest.raises(InvalidInput, match="psnr_db"):
            embedder(network, KEY, CODE, psnr_db)
