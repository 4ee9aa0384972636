from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from models.card import ModelCard, RepositorySource
from models.efficientnet import build, converted
from models.errors import InvalidCard, SourceUnavailable
from models.onnx import session
from models.pictures import center_crop, resize, through_jpeg, tiles
from models.registry import Registry
from models.vision import ImageNetwork, load
from tests.clips import cache_folder, picture

IDS = ("nsfw-image", "scenes-image")
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def registry() -> Registry:
    registry = Registry(cache_folder())
    try:
        registry.fetch(list(IDS))
    except SourceUnavailable as error:
        pytest.skip(f"the weights cannot be fetched: {error.message}")
    return registry


@pytest.fixture(scope="module", params=IDS)
def network(registry: Registry, request: pytest.FixtureRequest) -> ImageNetwork:
    model = registry.frames(request.param)
    assert isinstance(model, ImageNetwork)
    return model


def _files(card: ModelCard) -> dict[str, Path]:
    """The files of a model by name, unchecked."""
    return {
        source.name: card.folder / source.file
        if isinstance(source, RepositorySource)
        else cache_folder() / card.id / source.name
        for source in card.sources
    }


def drawn(seed: int, width: int = 320, height: int = 180) -> NDArray[np.uint8]:
    small = np.random.default_rng(seed).integers(0, 256, (9, 16, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def test_scores_are_probabilities_of_the_card_s_categories(network: ImageNetwork) -> None:
    scores = network.score([drawn(1), drawn(2), picture(0, (64, 48))])
    assert scores.shape == (3, len(network.card.labels))
    assert scores.dtype == np.float32
    assert ((scores >= 0) & (scores <= 1)).all()
    assert network.categories == network.card.categories
    assert network.digest.startswith("sha256:")
    assert network.score([]).shape == (0, len(network.categories))


def test_company_changes_no_bit(network: ImageNetwork) -> None:
    images = [drawn(seed) for seed in range(5)]
    together = network.score(images)
    alone = np.concatenate([network.score([image]) for image in images])
    assert together.tobytes() == alone.tobytes()
    with ThreadPoolExecutor(4) as pool:
        threads = list(pool.map(lambda image: network.score([image]), images))
    assert np.concatenate(threads).tobytes() == alone.tobytes()


@pytest.mark.parametrize("size", [(1, 1), (4000, 10), (10, 4000), (2, 3), (1280, 720), (225, 224)])
def test_any_size_is_scored(network: ImageNetwork, size: tuple[int, int]) -> None:
    width, height = size
    for value in (0, 127, 255):
        grey = np.full((height, width, 3), value, dtype=np.uint8)
        assert np.isfinite(network.score([grey])).all()
        assert network.score([grey])[0, 0] < network.card.thresholds[network.categories[0]].review


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((0, 4, 3), np.uint8),
        np.zeros((4, 4, 3), np.float32),
    ],
)
def test_what_is_no_picture_is_named(network: ImageNetwork, image: NDArray[np.uint8]) -> None:
    with pytest.raises(ValueError, match="uint8 of shape"):
        network.score([image])


def test_views_of_memory_are_scored_like_copies(network: ImageNetwork) -> None:
    turned = np.rot90(drawn(3))
    assert (
        network.score([turned]).tobytes() == network.score([np.ascontiguousarray(turned)]).tobytes()
    )


def test_other_processes_give_the_same_bits_and_load_no_torch(network: ImageNetwork) -> None:
    script = (
        "import sys, hashlib; from pathlib import Path; from models.registry import Registry\n"
        "from tests.models.test_vision import drawn\n"
        f"model = Registry(Path(sys.argv[1])).frames({network.card.id!r})\n"
        "scores = model.score([drawn(seed) for seed in range(3)])\n"
        "print(hashlib.sha256(scores.tobytes()).hexdigest(), model.digest, 'torch' in sys.modules)"
    )
    here = network.score([drawn(seed) for seed in range(3)])
    done = subprocess.run(
        [sys.executable, "-c", script, str(cache_folder())],
        check=True, capture_output=True, text=True, cwd=REPOSITORY,
    )  # fmt: skip
    digest = hashlib.sha256(here.tobytes()).hexdigest()
    assert done.stdout.split() == [digest, network.digest, "False"]


def test_the_digest_follows_what_decides_a_score(registry: Registry) -> None:
    model = registry.frames("nsfw-image")
    changed = msgspec.structs.replace(
        model.card, preprocessing=model.card.preprocessing | {"jpeg": False}
    )
    assert load(changed, _files(model.card)).digest != model.digest


@pytest.mark.parametrize(
    "change", [{"tile": 2}, {"layout": "chw"}, {"mean": [1.0]}, {"classes": {"sfw": 0}}]
)
def test_a_wrong_recipe_is_named(registry: Registry, change: dict[str, object]) -> None:
    card = registry.card("nsfw-image")
    wrong = msgspec.structs.replace(card, preprocessing=card.preprocessing | change)
    with pytest.raises(InvalidCard, match="preprocessing"):
        load(wrong, _files(card))


def _head(path: Path, reads: str, shape: list[int]) -> Path:
    """A head that answers the mean of an output of the network."""
    graph = helper.make_graph(
        [
            helper.make_node("ReduceMean", [reads], ["mean"], axes=[1, 2, 3], keepdims=0),
            helper.make_node("Reshape", ["mean", "shape"], ["odds"]),
        ],
        "head",
        [helper.make_tensor_value_info(reads, TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("odds", TensorProto.FLOAT, [1, 1])],
        [numpy_helper.from_array(np.array([1, 1], np.int64), "shape")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    path.write_bytes(model.SerializeToString())
    return path


def _with_head(registry: Registry, head: Path) -> ImageNetwork:
    card = registry.card("scenes-image")
    card = msgspec.structs.replace(card, preprocessing=card.preprocessing | {"glance": None})
    return load(card, _files(card) | {"symbols.onnx": head})


@pytest.mark.parametrize(("reads", "shape"), [("fine", [1, 40, 28, 28]), ("map", [1, 112, 14, 14])])
def test_a_head_is_given_the_output_that_it_reads(
    registry: Registry, tmp_path: Path, reads: str, shape: list[int]
) -> None:
    network = _with_head(registry, _head(tmp_path / "head.onnx", reads, shape))
    image = drawn(1, 224, 224)
    (seen,) = network.maps(image, [reads])
    assert list(seen.shape) == shape[1:]
    column = network.categories.index("hate")
    assert network.raw([image])[0, column] == pytest.approx(float(seen.mean()), rel=1e-4)


def test_a_head_that_reads_what_the_network_lacks_is_named(
    registry: Registry, tmp_path: Path
) -> None:
    head = _head(tmp_path / "head.onnx", "coarse", [1, 8, 7, 7])
    with pytest.raises(InvalidCard, match="reads 'coarse'"):
        _with_head(registry, head)


def test_thresholds_lie_above_the_benign(registry: Registry) -> None:
    for model_id in IDS:
        for threshold in registry.card(model_id).thresholds.values():
            assert 0 < threshold.review < threshold.block <= 1
            assert threshold.review_fpr >= threshold.block_fpr


def _with_glance(card: ModelCard, **changes: object) -> ModelCard:
    glance = card.preprocessing["glance"] | changes
    return msgspec.structs.replace(card, preprocessing=card.preprocessing | {"glance": glance})


class TestGlance:
    def test_what_is_not_in_doubt_is_the_glance_s_and_the_rest_the_full_look_s(
        self, network: ImageNetwork
    ) -> None:
        doubt = network.card.preprocessing["glance"]["doubt"]
        for seed in range(4):
            image = drawn(seed)
            glance, full = network.both(image)
            assert glance is not None
            for column, category in enumerate(network.categories):
                decides = glance if glance[column] < doubt[category] else full
                assert network.raw([image])[0, column] == decides[column]

    def test_doubt_is_what_calls_for_the_full_look(self, network: ImageNetwork) -> None:
        images = [drawn(seed) for seed in range(4)]
        full = np.array([network.both(image)[1] for image in images])
        glance = np.array([network.both(image)[0] for image in images])
        for level in (-100.0, -3.0):
            card = _with_glance(network.card, doubt=dict.fromkeys(network.categories, level))
            raw = load(card, _files(card)).raw(images)
            assert np.array_equal(raw, np.where(glance < level, glance, full))

    def test_it_says_nearly_the_same_as_the_full_look(self, network: ImageNetwork) -> None:
        card = _with_glance(network.card, side=224)
        same = load(card, _files(card))
        pairs = [same.both(drawn(seed)) for seed in range(12)]
        off = np.array([glance - full for glance, full in pairs if glance is not None])
        assert np.abs(off).mean() < 0.8

    @pytest.mark.parametrize("doubt", [{}, {"sexual": 3.0, "hate": 9.0, "violence": 3.0}])
    def test_it_may_find_nothing_by_itself(
        self, network: ImageNetwork, doubt: dict[str, float]
    ) -> None:
        card = _with_glance(network.card, doubt=doubt)
        with pytest.raises(InvalidCard, match="below that for review"):
            load(card, _files(card))

    def test_a_file_of_ranges_that_the_card_lacks_is_named(self, registry: Registry) -> None:
        card = _with_glance(registry.card("nsfw-image"), ranges="other.toml")
        with pytest.raises(InvalidCard, match=r"other\.toml"):
            load(card, _files(card))


@pytest.fixture(scope="module")
def weights(registry: Registry) -> tuple[Path, ModelCard]:
    card = registry.card("scenes-image")
    return cache_folder() / card.id / card.sources[0].name, card


class TestConversion:
    def test_is_the_published_network(self, weights: tuple[Path, ModelCard]) -> None:
        """The graph against the same layers run by PyTorch, normalisation not folded."""
        torch = pytest.importorskip("torch")
        state = torch.load(weights[0], weights_only=True)
        image = np.random.default_rng(0).normal(size=(1, 3, 224, 224)).astype(np.float32)
        expected = _forward(torch, state, torch.from_numpy(image)).numpy()
        model = session(converted(weights[0], weights[1].sources[0].sha256))
        got = model.run(["logits"], {"image": image})[0]
        assert np.abs(got - expected).max() < 1e-3
        assert got.argmax() == expected.argmax()

    def test_is_repeatable_and_kept(self, weights: tuple[Path, ModelCard], tmp_path: Path) -> None:
        path = Path(shutil.copy(weights[0], tmp_path))
        sha256 = weights[1].sources[0].sha256
        first = converted(path, sha256)
        kept = next(tmp_path.glob("*.onnx"))
        assert kept.read_bytes() == first
        # A kept file that was changed is not used, but made again.
        kept.write_bytes(first[:-1] + b"\0")
        assert converted(path, sha256) == first
        assert kept.read_bytes() == first

    def test_needs_every_layer(self) -> None:
        with pytest.raises(KeyError):
            build({})


def _forward(torch, state, image):  # type: ignore[no-untyped-def]  # noqa: ANN001
    nn = torch.nn.functional

    def convolve(x, layer, norm, stride=1, active=True):  # type: ignore[no-untyped-def]  # noqa: ANN001, FBT002
        kernel = state[f"{layer}.weight"]
        size = kernel.shape[2]
        total = max((-(-x.shape[2] // stride) - 1) * stride + size - x.shape[2], 0)
        x = nn.pad(x, (total // 2, total - total // 2) * 2)
        x = nn.conv2d(x, kernel, stride=stride, groups=x.shape[1] // kernel.shape[1])
        parts = (state[f"{norm}.{p}"] for p in ("running_mean", "running_var", "weight", "bias"))
        x = nn.batch_norm(x, *parts, eps=1e-3)
        return nn.relu6(x) if active else x

    x, number = convolve(image, "_conv_stem", "_bn0", 2), 0
    for repeats, stride in ((1, 1), (2, 2), (2, 2), (3, 2), (3, 1), (4, 2), (1, 1)):
        for repeat in range(repeats):
            p, entry = f"_blocks.{number}.", x
            if f"{p}_expand_conv.weight" in state:
                x = convolve(x, f"{p}_expand_conv", f"{p}_bn0")
            x = convolve(x, f"{p}_depthwise_conv", f"{p}_bn1", stride if repeat == 0 else 1)
            x = convolve(x, f"{p}_project_conv", f"{p}_bn2", active=False)
            x = x + entry if x.shape == entry.shape else x
            number += 1
    x = convolve(x, "_conv_head", "_bn1").mean(dim=(2, 3))
    return x @ state["_fc.weight"].T + state["_fc.bias"]


class TestPictures:
    def test_resize_keeps_flat_pictures_flat(self) -> None:
        flat = np.full((37, 911, 3), 201, dtype=np.uint8)
        assert (resize(flat, 256, 256) == 201).all()

    def test_resize_averages_where_it_shrinks(self) -> None:
        # A checkerboard of single pixels turns grey; nearest or plain bilinear would keep it.
        board = (np.indices((512, 512)).sum(axis=0) % 2 * 255).astype(np.uint8)
        small = resize(np.repeat(board[:, :, None], 3, axis=2), 64, 64)
        assert np.abs(small.astype(int) - 127).max() <= 2

    def test_resize_to_the_same_size_is_the_same(self) -> None:
        image = drawn(4)
        assert (resize(image, 320, 180) == image).all()

    def test_resize_agrees_with_area_averaging_by_halves(self) -> None:
        image = drawn(5, 512, 512)
        area = cv2.resize(image, (256, 256), interpolation=cv2.INTER_AREA)
        assert np.abs(resize(image, 256, 256).astype(int) - area).mean() < 2

    def test_crop_is_in_the_middle(self) -> None:
        rows, columns = np.indices((256, 256))
        image = np.stack([rows, columns, rows], axis=2).astype(np.uint8)
        cut = center_crop(image, 224)
        assert cut.shape == (224, 224, 3)
        assert cut[0, 0].tolist() == [16, 16, 16]

    def test_jpeg_changes_little_and_keeps_channels(self) -> None:
        image = np.zeros((64, 64, 3), dtype=np.uint8)
        image[..., 0] = 200
        again = through_jpeg(image)
        assert np.abs(again.astype(int) - image).max() < 6

    @pytest.mark.parametrize(
        ("size", "most", "count"),
        [
            ((100, 100), 3, 1),
            ((178, 100), 3, 2),
            ((100, 178), 3, 2),
            ((400, 100), 3, 3),
            ((178, 100), 1, 1),
        ],
    )
    def test_tiles_cover_the_whole_picture(
        self, size: tuple[int, int], most: int, count: int
    ) -> None:
        width, height = size
        marks = np.arange(width * height, dtype=np.int64).reshape(height, width)
        image = np.stack([marks % 251, marks // 251 % 251, marks % 7], axis=2).astype(np.uint8)
        parts = tiles(image, most)
        assert len(parts) == count
        seen = {tuple(pixel) for part in parts for pixel in part.reshape(-1, 3).tolist()}
        assert seen == {tuple(pixel) for pixel in image.reshape(-1, 3).tolist()}
        if count * min(size) >= max(size):
            assert {part.shape for part in parts} == {(min(size), min(size), 3)}
