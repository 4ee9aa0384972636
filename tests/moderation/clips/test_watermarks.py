"""A worker with a network: nothing leaves without what was ordered, and a fault costs one layer."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from media.errors import FramegateError
from media.limits import MediaLimits
from models.errors import ModelUnavailable
from moderation.clips.jobs import PicturesJob, Setup, SignJob, WatermarkOrder
from moderation.clips.messages import failure, raised
from moderation.clips.results import NeuralRead, PicturesRead, Signed
from moderation.worker import Station
from provenance.keys import credentials
from provenance.manifest import Release
from provenance.watermark import keyfiles, networks
from provenance.watermark.networks import NeuralWatermarkFailed, NeuralWatermarkUnusable
from tests.clips import make_clip
from tests.provenance.watermark.tiny_networks import Broken, seal_card


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    credentials.init(folder, organization="Example Video", now=datetime.now(UTC))
    keyfiles.new(folder, datetime.now(UTC))
    return folder


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("clip") / "a.mp4", seconds=0.5, size=(128, 96))


def _station(keys: Path, card: Path | None) -> Station:
    return Station(
        Setup("", str(keys), 6 << 30, 0, watermark_neural="" if card is None else str(card))
    )


def _sign(station: Station, clip: Path, target: Path, neural: float | None = 42.0) -> Signed:
    job = SignJob(
        source=str(clip),
        sha256=hashlib.sha256(clip.read_bytes()).hexdigest(),
        target=str(target),
        release=Release("clip-1", "VideoGen", "1", 5),
        limits=MediaLimits(),
        watermark=WatermarkOrder(bytes(16), 45.0, neural),
    )
    done = station.run(job, lambda _: None, lambda: False)
    assert isinstance(done, Signed)
    return done


def _read(station: Station, clip: Path) -> PicturesRead:
    done = station.run(PicturesJob(str(clip), MediaLimits()), lambda _: None, lambda: False)
    assert isinstance(done, PicturesRead)
    return done


def test_a_network_is_loaded_once_and_used_where_it_is_ordered(
    tmp_path: Path, keys: Path, clip: Path
) -> None:
    card = seal_card(tmp_path)
    name = networks.check(card)
    station = _station(keys, card)
    assert _sign(station, clip, tmp_path / "a.mp4", None).watermark_network == ""
    assert _sign(station, clip, tmp_path / "b.mp4").watermark_network == name
    card.unlink()
    (tmp_path / "seal.jit").unlink()
    done = _sign(station, clip, tmp_path / "c.mp4")
    assert (done.watermark_network, done.watermark_key) != ("", "")
    assert done.watermark_network == name
    neural = _read(station, tmp_path / "c.mp4").neural
    assert neural is not None
    assert (neural.network_id, len(neural.logits), neural.fault) == (name, 64, "")


def test_pictures_that_are_too_small_go_without_both(tmp_path: Path, keys: Path) -> None:
    small = make_clip(tmp_path / "small.mp4", seconds=0.5, size=(94, 94))
    done = _sign(_station(keys, seal_card(tmp_path)), small, tmp_path / "a.mp4")
    assert (done.watermark_key, done.watermark_network) == ("", "")


def test_nothing_leaves_without_the_mark_that_was_ordered(
    tmp_path: Path, keys: Path, clip: Path
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    without = tmp_path / "without"
    without.mkdir()
    gone = seal_card(without)
    (without / "seal.jit").unlink()
    cases: list[tuple[Path | None, type[FramegateError]]] = [
        (seal_card(broken, Broken()), NeuralWatermarkFailed),
        (gone, ModelUnavailable),
        (tmp_path / "none.toml", NeuralWatermarkUnusable),
        (None, NeuralWatermarkUnusable),
    ]
    target = tmp_path / "out"
    target.mkdir()
    for card, refusal in cases:
        with pytest.raises(refusal) as caught:
            _sign(_station(keys, card), clip, target / "a.mp4")
        # It reaches the caller as what it is.
        assert type(raised(failure(1, caught.value))) is refusal
        assert list(target.iterdir()) == []


def test_a_network_that_fails_costs_its_own_reading_alone(
    tmp_path: Path, keys: Path, clip: Path
) -> None:
    found = _read(_station(keys, seal_card(tmp_path, Broken())), clip)
    assert found.neural == NeuralRead(fault="NEURAL_WATERMARK_FAILED")
    assert len(found.watermarks) == 1
    assert found.fingerprint is not None
    assert found.fault == ""
    assert _read(_station(keys, None), clip).neural is None
    nothing = tmp_path / "no-keys"
    nothing.mkdir()
    assert _read(_station(nothing, tmp_path / "seal.toml"), clip).neural == NeuralRead()
