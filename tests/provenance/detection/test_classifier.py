"""That weights come back as they were written, and that other files are refused."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import InvalidCard
from provenance.detection.classifier import Classifier, Ellipsoid, Layout, Member
from provenance.detection.logistic import Linear

SIZES = {"motion": 4, "tone": 3}


def linear(seed: int, size: int) -> Linear:
    chance = np.random.default_rng(seed)
    return Linear(
        chance.normal(size=size).astype(np.float32).astype(np.float64),
        np.ones(size),
        chance.normal(size=size).astype(np.float32).astype(np.float64),
        0.25,
    )


def classifier() -> Classifier:
    return Classifier(
        Layout(
            (Member("a", ("motion",)), Member("b", ("tone", "motion"))), ("tone",), ("motion",), 3.0
        ),
        (linear(1, 4), linear(2, 7)),
        linear(3, 2),
        linear(4, 3),
        Ellipsoid(np.zeros(4), np.eye(4)[:, :2]),
    )


def rows(seed: int, count: int = 5) -> dict[str, np.ndarray]:
    chance = np.random.default_rng(seed)
    return {name: chance.normal(size=(count, size)) for name, size in SIZES.items()}


def test_weights_come_back_as_they_were() -> None:
    written = classifier().write()
    again = Classifier.read(written)
    assert again.write() == written
    assert np.array_equal(again.score(rows(0)), classifier().score(rows(0)))
    assert np.array_equal(again.loss(rows(0)), classifier().loss(rows(0)))
    assert again.layout == classifier().layout


def test_a_row_does_not_depend_on_its_company() -> None:
    together = classifier().score(rows(1))
    alone = [classifier().score({k: v[at : at + 1] for k, v in rows(1).items()})[0]
             for at in range(5)]  # fmt: skip
    assert np.allclose(together, alone)


def test_strangeness_is_one_where_it_is_usual() -> None:
    usual = {name: np.random.default_rng(2).normal(size=(4000, n)) for name, n in SIZES.items()}
    assert np.sqrt((classifier().strangeness(usual) ** 2).mean()) == pytest.approx(1, abs=0.05)
    assert classifier().strangeness({"motion": np.full((1, 4), 9.0)})[0] == pytest.approx(9)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    with pytest.raises(InvalidCard):
        Classifier.read(raw)


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_changed_byte_is_refused_or_read(place: int, value: int) -> None:
    written = bytearray(classifier().write())
    written[place % len(written)] = value
    try:
        Classifier.read(bytes(written))
    except InvalidCard:
        return


def test_a_file_that_lacks_a_part_is_refused() -> None:
    layout = msgspec.structs.replace(classifier().layout, members=(Member("c", ("tone",)),))
    raw = classifier().write()
    other = raw.replace(
        msgspec.json.encode(classifier().layout, order="deterministic").replace(b'"', b'\\"'),
        msgspec.json.encode(layout, order="deterministic").replace(b'"', b'\\"'),
    )
    length = int.from_bytes(raw[:8], "little") + len(other) - len(raw)
    with pytest.raises(InvalidCard, match="weights"):
        Classifier.read(length.to_bytes(8, "little") + other[8:])
