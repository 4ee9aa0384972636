from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from media.motion import Highlights, Moment, follow
from media.probe import probe
from media.sampler import plan, sample
from models.card import ModelCard
from models.clip_tower import SIDE, WIDTH, repaired, tensor
from models.errors import InvalidCard, SourceUnavailable
from models.motion import FightClassifier, load, preprocessing
from models.onnx import session
from models.registry import MODELS_FOLDER, cache_file
from models.sources import fetch_files
from tests.clips import cache_folder, make_clip, real_clip

MODEL = "fights-video"
FOLDER = MODELS_FOLDER / MODEL
CARD = ModelCard.parse(next(FOLDER.glob("model.toml*")).read_bytes(), FOLDER)


def small_tower() -> bytes:
    """A tower of the right shapes: the mean of each 14 x 14 block of each channel, and more."""
    rng = np.random.default_rng(5)
    weights = rng.normal(size=(3 * 16 * 16, WIDTH)).astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node(
                "AveragePool", ["pixel_values"], ["blocks"], kernel_shape=[14, 14], strides=[14, 14]
            ),
            helper.make_node("Flatten", ["blocks"], ["flat"]),
            helper.make_node("MatMul", ["flat", "weights"], ["image_embeds"]),
        ],
        "tower",
        [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["n", 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("image_embeds", TensorProto.FLOAT, ["n", WIDTH])],
        [numpy_helper.from_array(weights, "weights")],
    )
    return helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8
    ).SerializeToString()


@pytest.fixture(scope="module")
def classifier() -> FightClassifier:
    """The card's own head on a tower that costs nothing."""
    head = session(CARD.folder / "head.onnx")
    return FightClassifier(CARD, session(small_tower()), {"violence": head})


def moment(seed: int, side: int = 60, pts_ms: int = 0) -> Moment:
    image = np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8)
    return Moment(pts_ms, 1.0, image)


def test_scores_are_probabilities_of_the_card_s_categories(classifier: FightClassifier) -> None:
    scores = classifier.score([moment(1), moment(2, 300), moment(3, 1)])
    assert scores.shape == (3, len(CARD.labels))
    assert scores.dtype == np.float32
    assert ((scores >= 0) & (scores <= 1)).all()
    assert classifier.categories == CARD.categories
    assert classifier.score([]).shape == (0, len(CARD.labels))
    assert classifier.digest.startswith("sha256:")


def doubting(classifier: FightClassifier, doubt: float) -> FightClassifier:
    changed = CARD.preprocessing | {"doubt": {"violence": doubt}}
    card = msgspec.structs.replace(CARD, preprocessing=changed)
    head = session(FOLDER / "head.onnx")
    return FightClassifier(card, session(small_tower()), {"violence": head})


def test_a_score_has_the_same_bits_alone_and_in_company(classifier: FightClassifier) -> None:
    model = doubting(classifier, -1e9)
    moments = [moment(seed) for seed in range(4)]
    together = model.score(moments)
    alone = np.concatenate([model.score([each]) for each in moments])
    assert np.array_equal(together, alone)
    assert np.array_equal(together, model.score(moments))


def test_less_lively_moments_are_looked_at_only_in_doubt(classifier: FightClassifier) -> None:
    moments = [
        Moment(number, energy, moment(number).image)
        for number, energy in enumerate((1.0, 4.0, 3.0, 2.0, 0.5))
    ]
    calm = doubting(classifier, 1e9).score(moments)[:, 0]
    assert [bool(score) for score in calm] == [False, True, True, True, False]
    odds = sorted(classifier.raw([moments[at].image for at in (1, 2, 3)])[:, 0].tolist())
    full = doubting(classifier, -1e9).score(moments)[:, 0]
    assert full.all()
    assert np.array_equal(doubting(classifier, odds[-1]).score(moments)[:, 0], full)
    above = float(np.nextafter(odds[-1], np.inf))
    assert np.array_equal(doubting(classifier, above).score(moments)[:, 0], calm)


def test_a_score_counts_for_the_frames_next_to_its_moment(classifier: FightClassifier) -> None:
    reach_ms = preprocessing(CARD).reach_ms
    moments = [moment(1, pts_ms=10_000), moment(2, pts_ms=10_000 + reach_ms)]
    scores = np.array([[0.9], [0.4]], dtype=np.float32)
    frames = [0, 10_000 - reach_ms - 1, 10_000 - reach_ms, 10_000, 10_000 + reach_ms // 2 - 1,
              10_000 + reach_ms, 10_000 + 2 * reach_ms, 10_000 + 2 * reach_ms + 1]  # fmt: skip
    found = classifier.by_frame(frames, moments, scores)
    expected = np.array([0, 0, 0.9, 0.9, 0.9, 0.4, 0.4, 0], dtype=np.float32)
    assert np.array_equal(found[:, 0], expected)
    assert classifier.by_frame(frames, [], np.zeros((0, 1), np.float32)).max() == 0
    assert classifier.by_frame([], moments, scores).shape == (0, 1)


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((0, 4, 3), np.uint8),
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 4, 3), np.float32),
    ],
)
def test_what_is_no_picture_is_an_error(
    classifier: FightClassifier, image: NDArray[np.uint8]
) -> None:
    with pytest.raises(ValueError, match="uint8 of shape"):
        classifier.score([Moment(0, 1.0, image)])


@pytest.mark.parametrize(
    ("seconds", "fps", "pattern"),
    [(0.04, 25, "moving"), (2, 24, "still"), (1, 240, "moving"), (4, 1, "moving"), (2, 24, "cuts")],
)
def test_clips_of_any_length_and_rate_are_scored(
    classifier: FightClassifier, tmp_path: Path, seconds: float, fps: int, pattern: str
) -> None:
    clip = make_clip(tmp_path / "a.mp4", seconds=seconds, fps=fps, pattern=pattern)
    info = probe(clip)
    found = []
    for _ in range(2):
        kept = classifier.highlights(info.duration_ms)
        with sample(clip, info, plan(info, min_fps=2.5), passed_step_ms=100) as frames:
            times = [frame.pts_ms for frame in follow(frames, kept)]
        scores = classifier.score(kept.moments)
        found.append(classifier.by_frame(times, kept.moments, scores))
    assert np.array_equal(found[0], found[1])
    assert found[0].shape == (len(times), 1)
    assert np.isfinite(found[0]).all()


def test_how_many_moments_are_looked_at_grows_with_the_clip(classifier: FightClassifier) -> None:
    recipe = preprocessing(CARD)
    for duration_ms, most in (
        (0, recipe.moments),
        (100 * recipe.every_ms, 100),
        (100 * recipe.every_ms + 1, 101),
    ):
        kept = classifier.highlights(duration_ms)
        for number in range(120):
            energy = np.full((4, 4), recipe.least + 1, dtype=np.float32)
            kept.see(number, energy, lambda: np.zeros((4, 4, 3), np.uint8))
        assert len(kept.moments) == most


def test_a_card_with_an_unknown_key_or_no_head_is_refused() -> None:
    odd = msgspec.structs.replace(CARD, preprocessing=CARD.preprocessing | {"hedd": 1})
    with pytest.raises(InvalidCard, match="hedd"):
        preprocessing(odd)
    certain = msgspec.structs.replace(CARD, preprocessing=CARD.preprocessing | {"doubt": {}})
    with pytest.raises(InvalidCard, match="doubt"):
        FightClassifier(certain, session(small_tower()), {})
    bare = msgspec.structs.replace(CARD, preprocessing=CARD.preprocessing | {"head": {}})
    with pytest.raises(InvalidCard, match="violence"):
        load(bare, {})


def dynamic(weights: NDArray[np.int8], scale: NDArray[np.float32]) -> bytes:
    """One product as dynamic quantisation writes it."""
    nodes = [
        helper.make_node("DynamicQuantizeLinear", ["x"], ["q", "q_scale", "q_zero"]),
        helper.make_node("MatMulInteger", ["q", "w", "q_zero", "w_zero"], ["whole"], name="it"),
        helper.make_node("Cast", ["whole"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["q_scale", "w_scale"], ["scales"]),
        helper.make_node("Mul", ["floats", "scales"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "product",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", weights.shape[0]])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", weights.shape[1]])],
        [
            numpy_helper.from_array(weights, "w"),
            numpy_helper.from_array(np.zeros(weights.shape[1], np.int8), "w_zero"),
            numpy_helper.from_array(scale, "w_scale"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def test_a_product_of_rounded_activations_becomes_exact() -> None:
    rng = np.random.default_rng(3)
    weights = rng.integers(-127, 128, (8, 5), dtype=np.int8)
    scale = rng.uniform(0.01, 0.1, 5).astype(np.float32)
    x = rng.normal(size=(4, 8)).astype(np.float32)
    x[0, 0] = 400  # one large value spoils what is rounded with one scale
    exact = x @ (weights.astype(np.float32) * scale)
    rounded = session(dynamic(weights, scale)).run(None, {"x": x})[0]
    mended = session(repaired(dynamic(weights, scale))).run(None, {"x": x})[0]
    assert np.abs(mended - exact).max() < 1e-3
    assert np.abs(rounded - exact).max() > 1


def test_a_product_of_another_form_is_refused() -> None:
    model = onnx.load_model_from_string(dynamic(np.ones((2, 2), np.int8), np.ones(2, np.float32)))
    model.graph.node[2].op_type = "Identity"
    with pytest.raises(ValueError, match="one Cast"):
        repaired(model.SerializeToString())


def test_the_tower_s_input_is_a_square_of_its_side() -> None:
    assert tensor(np.zeros((SIDE, SIDE, 3), np.uint8)).shape == (1, 3, SIDE, SIDE)
    with pytest.raises(ValueError, match="224"):
        tensor(np.zeros((10, 10, 3), np.uint8))


def test_the_head_in_the_folder_is_the_card_s() -> None:
    source = next(each for each in CARD.sources if each.name == "head.onnx")
    written = (CARD.folder / source.file).read_bytes()
    assert (len(written), hashlib.sha256(written).hexdigest()) == (source.bytes, source.sha256)


def test_the_card_asks_for_review_and_never_for_a_block() -> None:
    threshold = CARD.thresholds["violence"]
    assert threshold.block == 1.0
    assert threshold.block_fpr == 0.0
    assert 0 < threshold.review < 1


def test_the_tower_tells_pictures_apart_and_harmless_clips_pass() -> None:
    wanted = cache_file(CARD, CARD.sources[0])
    assert wanted is not None
    try:
        fetch_files([wanted], cache_folder())
    except SourceUnavailable as error:
        pytest.skip(f"the weights cannot be fetched: {error.message}")
    files = {source.name: CARD.folder / source.file for source in CARD.sources}
    model = load(CARD, files | {CARD.sources[0].name: cache_folder() / wanted.name})
    kept: list[Moment] = []
    for name in ("bikes.mp4", "bigbuckbunny.mp4"):
        clip = real_clip(name)
        info = probe(clip)
        of = Highlights(1, 0.6)
        with sample(clip, info, plan(info), passed_step_ms=100) as frames:
            for _ in follow(frames, of):
                pass
        kept.extend(of.moments)
    first, second = (model.embedding(each.image)[0] for each in kept)
    mirrored = model.embedding(np.ascontiguousarray(kept[0].image[:, ::-1]))[0]
    assert first @ mirrored > 0.85 > first @ second
    assert (model.score(kept) < model.card.thresholds["violence"].review).all()
    assert np.array_equal(model.score(kept), model.score(kept))


def test_the_card_is_of_the_kind_for_clips() -> None:
    assert (CARD.task, CARD.profile) == ("video-classification", "embedded")
