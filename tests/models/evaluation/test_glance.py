"""The glance of a network: how it is made from measured ranges, and how it is measured."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import onnx
import pytest

from models.errors import SourceUnavailable
from models.evaluation.frames.glance import Looks, joined, look, show
from models.evaluation.frames.ranges import RANGES_FILE, as_toml, measured
from models.preprocessing import preprocessing
from models.quantization import Ranges, activations
from models.registry import Registry
from models.vision import ImageNetwork, published
from tests.clips import cache_folder, picture

IDS = ("nsfw-image", "scenes-image")


@pytest.fixture(scope="module", params=IDS)
def network(request: pytest.FixtureRequest) -> ImageNetwork:
    registry = Registry(cache_folder())
    try:
        registry.fetch([request.param])
    except SourceUnavailable as error:
        pytest.skip(f"the weights cannot be fetched: {error.message}")
    model = registry.frames(request.param)
    assert isinstance(model, ImageNetwork)
    return model


def _read(text: str) -> Ranges:
    return msgspec.toml.decode(text, type=dict[str, tuple[float, float]])


def _graph(network: ImageNetwork) -> bytes:
    source = network.card.sources[0]
    return published(network.card, {source.name: cache_folder() / network.card.id / source.name})


def test_the_shipped_ranges_are_those_of_the_network(network: ImageNetwork) -> None:
    shipped = _read(Path(network.card.folder / RANGES_FILE).read_text(encoding="utf-8"))
    assert list(shipped) == activations(onnx.load_from_string(_graph(network)))
    assert all(low <= 0 < high for low, high in shipped.values())


def test_ranges_are_measured_and_written(network: ImageNetwork) -> None:
    images = [picture(seed, (320, 180)) for seed in range(2)]
    recipe = preprocessing(network.card)
    one = measured(_graph(network), recipe, images[:1])
    two = measured(_graph(network), recipe, images)
    assert all(two[name][0] <= low and high <= two[name][1] for name, (low, high) in one.items())
    assert one != two
    read = _read(as_toml(two))
    assert list(read) == list(two)
    assert all(read[name] == pytest.approx(two[name], rel=1e-4, abs=1e-9) for name in two)


def test_looks_are_what_the_network_answers(network: ImageNetwork) -> None:
    images = [picture(seed, (320, 180)) for seed in range(4)]
    looks = joined([look(network, images[:1]), look(network, images[1:])])
    assert np.array_equal(looks.scored, network.raw(images))


def test_what_is_no_number_is_in_doubt() -> None:
    glance = np.array([[np.nan], [-2.0], [-1.0], [0.0]])
    looks = Looks(glance, np.full((4, 1), 5.0), np.array([-1.0]))
    assert looks.in_doubt[:, 0].tolist() == [True, False, True, True]
    assert looks.scored[:, 0].tolist() == [5.0, -2.0, 5.0, 5.0]


def test_what_the_glance_keeps_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    glance = np.array([[-3.0], [0.0], [1.0], [-3.0]])
    looks = Looks(glance, np.array([[2.0], [2.0], [2.0], [-2.0]]), np.array([-1.0]))
    show("four", looks, 0, 1.0, looks)
    assert "kept 2 of 3 found from 1.00" in (said := capsys.readouterr().out)
    assert "in doubt 0.5000 of 4 everyday frames" in said
