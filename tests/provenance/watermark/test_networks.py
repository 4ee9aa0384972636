"""Cards and files of neural watermarks: what is loaded, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import ModelDigestMismatch, ModelUnavailable
from provenance.watermark.networks import (
    Network,
    NeuralWatermarkFailed,
    NeuralWatermarkUnusable,
    check,
    load,
)
from tests.provenance.watermark.marking import scene
from tests.provenance.watermark.tiny_networks import (
    BITS,
    Broken,
    NoDetect,
    Reader,
    Seal,
    Writer,
    digest,
    onnx_pair,
    scripted,
    seal_card,
)


def _picture() -> np.ndarray:
    return next(iter(scene(2, 1, (256, 256)))).astype(np.float32) / 255


def _round_trip(network: Network) -> float:
    """Share of the bits that come back from a marked picture."""
    bits = np.random.default_rng(1).integers(0, 2, network.bits).astype(np.float32)
    picture = _picture()
    marked = network.marked(picture, bits)
    assert marked.shape == picture.shape
    assert marked.dtype == np.float32
    assert 0 <= marked.min() <= marked.max() <= 1
    # The picture stays what it is: what comes back was written.
    seen = network.logits(np.stack([marked, marked])) - network.logits(np.stack([picture] * 2))
    assert seen.shape == (2, network.bits)
    return float(((seen[0] > 0) == (bits > 0)).mean())


def test_a_videoseal_file_writes_and_reads(tmp_path: Path) -> None:
    network = load(seal_card(tmp_path))
    assert network.id.startswith(f"videoseal-{BITS}-")
    assert _round_trip(network) == 1


def test_a_trustmark_pair_in_torchscript_writes_and_reads(tmp_path: Path) -> None:
    first = scripted(tmp_path / "encoder.pt", Writer())
    second = scripted(tmp_path / "decoder.pt", Reader())
    network = load(_pair(tmp_path, "encoder.pt", first, "decoder.pt", second))
    assert network.id.startswith(f"trustmark-{BITS}-")
    assert _round_trip(network) == 1


def test_a_trustmark_pair_in_onnx_writes_and_reads(tmp_path: Path) -> None:
    first, second = onnx_pair(tmp_path, 16)
    card = _pair(tmp_path, "encoder.onnx", first, "decoder.onnx", second, bits=16)
    network = load(card)
    assert check(card) == network.id
    assert network.bits == 16
    assert _round_trip(network) == 1


def test_another_file_has_another_id(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    ids = {load(seal_card(one)).id, load(seal_card(other, Seal(strength=0.01))).id}
    assert len(ids) == 2


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    card = seal_card(tmp_path)
    with (tmp_path / "seal.jit").open("ab") as stream:
        stream.write(b"\0")
    for look in (load, check):
        with pytest.raises(ModelDigestMismatch) as refused:
            look(card)
        assert refused.value.field == "seal.jit"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    card = seal_card(tmp_path)
    (tmp_path / "seal.jit").unlink()
    with pytest.raises(ModelUnavailable) as refused:
        check(card)
    assert refused.value.field == "seal.jit"


def test_what_is_no_network_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NeuralWatermarkUnusable, match="method detect"):
        load(seal_card(tmp_path, NoDetect()))
    first, second = onnx_pair(tmp_path, 16)
    card = seal_card(tmp_path)
    said = card.read_text("utf-8").splitlines()
    card.write_text("\n".join([*said[:2], 'file = "encoder.onnx"', f'sha256 = "{first}"']), "utf-8")
    with pytest.raises(NeuralWatermarkUnusable, match="TorchScript"):
        load(card)
    scripted(tmp_path / "decoder.pt", Reader())
    (tmp_path / "x.onnx").write_bytes((tmp_path / "decoder.pt").read_bytes())
    wrong = _pair(tmp_path, "x.onnx", digest(tmp_path / "x.onnx"), "decoder.onnx", second)
    with pytest.raises(NeuralWatermarkUnusable, match="ONNX"):
        load(wrong)


def test_what_is_no_number_is_refused(tmp_path: Path) -> None:
    network = load(seal_card(tmp_path, Broken()))
    with pytest.raises(NeuralWatermarkFailed, match="picture"):
        network.marked(_picture(), np.zeros(BITS, np.float32))
    with pytest.raises(NeuralWatermarkFailed, match="reading"):
        network.logits(_picture()[None])


def test_a_network_of_other_bits_than_its_card_says_fails(tmp_path: Path) -> None:
    network = load(seal_card(tmp_path, Seal(bits=32)))
    with pytest.raises(NeuralWatermarkFailed, match="failed"):
        network.marked(_picture(), np.zeros(BITS, np.float32))
    with pytest.raises(NeuralWatermarkFailed, match="reading"):
        network.logits(_picture()[None])


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ('kind = "videoseal"', 'kind = "synthid"'),
        (f"bits = {BITS}", "bits = 8"),
        (f"bits = {BITS}", "bits = 4096"),
        ('file = "seal.jit"', 'file = "../seal.jit"'),
        ('file = "seal.jit"', 'file = "seal.jit"\nurl = "x"'),
        ('file = "seal.jit"', ""),
        ('sha256 = "', 'sha256 = "00'),
        ('kind = "videoseal"', 'kind = "trustmark"'),
        ('file = "seal.jit"', 'file = "seal.jit"\ndecoder = "seal.jit"'),
    ],
)
def test_a_card_that_says_something_else_is_refused(
    tmp_path: Path, line: str, instead: str
) -> None:
    card = seal_card(tmp_path)
    text = card.read_text("utf-8")
    assert line in text
    card.write_text(text.replace(line, instead), "utf-8")
    with pytest.raises(NeuralWatermarkUnusable):
        load(card)


def test_a_card_that_is_not_there_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NeuralWatermarkUnusable, match="cannot be read"):
        load(tmp_path / "none.toml")
    (tmp_path / "big.toml").write_bytes(b"#" * 20_000)
    with pytest.raises(NeuralWatermarkUnusable, match="too large"):
        load(tmp_path / "big.toml")


@given(data=st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode()))
def test_whatever_a_card_is_it_is_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    card = tmp_path_factory.getbasetemp() / "card.toml"
    card.write_bytes(data)
    with pytest.raises(NeuralWatermarkUnusable):
        load(card)


def _pair(
    folder: Path, encoder: str, first: str, decoder: str, second: str, bits: int = BITS
) -> Path:
    card = folder / "pair.toml"
    card.write_text(
        f'kind = "trustmark"\nbits = {bits}\nfile = "{encoder}"\nsha256 = "{first}"\n'
        f'decoder = "{decoder}"\ndecoder_sha256 = "{second}"\n',
        "utf-8",
    )
    return card
