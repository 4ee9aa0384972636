"""Keys, codes and the carriers that follow from them."""

from __future__ import annotations

import numpy as np
import pytest

from media.errors import FramegateError, InvalidInput
from provenance.watermark.carriers import PATTERNS, PILOTS, SIDE, Carriers, shells_within
from provenance.watermark.codes import CODE_BITS, CODE_BYTES, CodeBook, new_code, signs_of
from provenance.watermark.embedding import Quality, embedder
from provenance.watermark.errors import WatermarkKeyRetired
from provenance.watermark.keys import KeyState, WatermarkKey

KEY = WatermarkKey("first", bytes(range(32)))
CODE = bytes(range(16))


def test_a_key_does_not_show_its_secret() -> None:
    secret = b"secret-secret-secret-secret-0123"
    key = WatermarkKey("first", secret)
    assert "secret-secret" not in repr(key)
    assert key.derive("payload") != key.derive("pilot")
    assert secret not in key.derive("payload")
    assert WatermarkKey.new("a").secret != WatermarkKey.new("a").secret


@pytest.mark.parametrize("key_id", ["", "Upper", "a b", "../x", "a" * 65, "-a"])
def test_unfit_ids_are_refused(key_id: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        WatermarkKey(key_id, bytes(32))
    assert caught.value.field == "watermark_key.id"


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_secrets_of_another_length_are_refused(length: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        WatermarkKey("first", bytes(length))
    assert (caught.value.limit, caught.value.actual) == (32, length)


@pytest.mark.parametrize("state", [KeyState.RETIRED, KeyState.LEAKED])
def test_nothing_is_marked_with_an_old_key(state: KeyState) -> None:
    with pytest.raises(WatermarkKeyRetired) as caught:
        embedder(WatermarkKey("first", bytes(32), state), CODE)
    assert caught.value.actual == state.value


@pytest.mark.parametrize("code", [b"", bytes(15), bytes(17)])
def test_codes_of_another_length_are_refused(code: bytes) -> None:
    for use in (
        lambda: embedder(KEY, code),
        lambda: signs_of(code),
        lambda: CodeBook.of(KEY, code),
    ):
        with pytest.raises(InvalidInput) as caught:
            use()
        assert caught.value.field == "watermark.code"


@pytest.mark.parametrize("shape", [(3,), (3, 15), (2, 16, 1)])
def test_books_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InvalidInput):
        CodeBook(KEY, np.zeros(shape, np.uint8))
    with pytest.raises(InvalidInput):
        CodeBook(KEY, np.zeros((3, 16), np.int64))


@pytest.mark.parametrize(
    ("name", "value"),
    [("psnr_db", 35.9), ("psnr_db", 54.1), ("psnr_db", float("nan")), ("flat_levels", 0.1)],
)
def test_qualities_out_of_range_are_refused(name: str, value: float) -> None:
    with pytest.raises(FramegateError) as caught:
        Quality(**{name: value})
    assert caught.value.field == f"watermark.{name}"


def test_codes_are_random_and_read_highest_bit_first() -> None:
    assert len({new_code() for _ in range(100)}) == 100
    assert len(new_code()) == CODE_BYTES
    assert signs_of(b"\x80" + bytes(15)).tolist() == [1.0] + [-1.0] * 127


def test_no_two_bits_share_a_frequency() -> None:
    carriers = Carriers.of(KEY)
    every = np.concatenate([carriers.payload.ravel(), carriers.pilot.ravel()])
    assert len(np.unique(every)) == len(every)
    assert every.min() > SIDE * 3
    assert carriers.payload.shape[0] == CODE_BITS
    assert carriers.pilot.shape[0] == PILOTS
    assert carriers.chips.shape == (PATTERNS, *carriers.payload.shape)


def test_each_bit_has_its_share_of_each_shell() -> None:
    carriers = Carriers.of(KEY)
    radius = np.hypot(*np.divmod(carriers.payload, SIDE))
    # From bit to bit, the radii of one shell differ by no more than the shell is thick.
    assert np.ptp(radius, axis=0)[0] < 9
    assert np.ptp(radius, axis=0)[10:].max() < 3
    assert (np.diff(radius.mean(axis=0)) > 0).all()
    assert shells_within(0) == 4
    assert shells_within(1000) == carriers.payload.shape[1]


def test_chips_are_balanced_and_independent_of_other_keys() -> None:
    ours = Carriers.of(KEY)
    others = Carriers.of(WatermarkKey("second", bytes(range(1, 33))))
    assert abs(float(ours.chips.mean())) < 4 / ours.chips.size**0.5
    assert abs(float((ours.chips * others.chips).mean())) < 4 / ours.chips.size**0.5
    assert (ours.payload != others.payload).any()
    for index in range(1, PATTERNS):
        mean = float((ours.chips[0] * ours.chips[index]).mean())
        assert abs(mean) < 4 / ours.chips[0].size ** 0.5


def test_carriers_never_change() -> None:
    """Clips that were marked years ago must still be read: these numbers are for ever."""
    carriers = Carriers.of(KEY)
    assert carriers.payload[:4, 0].tolist() == FIRST_PLACES
    assert carriers.chips[0, 0, :8].tolist() == FIRST_CHIPS
    again = Carriers.of(WatermarkKey("another-name", bytes(range(32))))
    assert (again.chips == carriers.chips).all()


FIRST_PLACES = [3336, 785, 3599, 3084]
FIRST_CHIPS = [-1.0, 1.0, 1.0, -1.0, 1.0, 1.0, 1.0, 1.0]
