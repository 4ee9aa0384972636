"""The network that sees patterns: what it gives, how it learns, and that its file is its card's."""

from __future__ import annotations

import random
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from models.errors import ModelDigestMismatch
from models.onnx import session
from models.registry import MODELS_FOLDER, Registry
from provenance.watermark.carriers import SIDE, Carriers, shells_within
from provenance.watermark.codes import signs_of
from provenance.watermark.correlation import pilot_score
from provenance.watermark.estimation import FILE, MODEL, PatternEstimator, estimator, inputs
from provenance.watermark.residual import canonical, residual, spectrum
from provenance.watermark.training.clips import HELD, chosen, learned_from
from provenance.watermark.training.examples import Example, drawn, examples, make
from provenance.watermark.training.learning import exported, learn, rate
from provenance.watermark.training.reposting import decoded
from tests.clips import make_clip, real_clip
from tests.provenance.watermark.marking import CODE, KEY, scene

CARRIERS = Carriers.of(KEY)
PATTERN = CARRIERS.pattern(0, signs_of(CODE), shells_within(SIDE / 1.6))


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("training") / "clip.mp4"
    make_clip(path, pictures=scene(3, 12, (176, 144)), options={"crf": "12"})
    return path


def _grey(seed: int) -> np.ndarray:
    (picture,) = scene(seed, 1, (320, 240))
    return canonical(picture.mean(axis=2).astype(np.float32))


def test_it_sees_more_of_a_pattern_than_the_residual_does() -> None:
    """In pictures of cameras and of drawings, after a codec for stills."""
    seen, plain = 0.0, 0.0
    for name in ("bikes.mp4", "bigbuckbunny.mp4", "carphone_pristine.mp4"):
        _, rgb = next(decoded(real_clip(name)))
        marked = np.rint(canonical(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)) + PATTERN)
        coded = cv2.imencode(
            ".jpg", np.clip(marked, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 60]
        )[1]
        received = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE).astype(np.float32)
        detail = residual(received)
        seen += pilot_score(spectrum(estimator()(received, detail)), CARRIERS)
        plain += pilot_score(spectrum(detail), CARRIERS)
    assert seen > 1.2 * plain


def test_it_sees_no_pattern_where_there_is_none() -> None:
    picture = _grey(4)
    assert abs(pilot_score(spectrum(estimator()(picture, residual(picture))), CARRIERS)) < 5


def test_another_file_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / MODEL
    folder.mkdir()
    for name in ("model.toml", FILE):
        (folder / name).write_bytes((MODELS_FOLDER / MODEL / name).read_bytes())
    PatternEstimator.load(Registry(tmp_path, tmp_path))
    (folder / FILE).write_bytes((folder / FILE).read_bytes() + b"\0")
    with pytest.raises(ModelDigestMismatch):
        PatternEstimator.load(Registry(tmp_path, tmp_path))


def test_examples_are_the_same_for_the_same_seed_and_show_the_pattern(clip: Path) -> None:
    made, again, other = (list(examples(clip, 0.5, seed)) for seed in ("a", "a", "b"))
    assert made
    for one, same in zip(made, again, strict=True):
        assert (one.pictures == same.pictures).all()
        assert (one.pattern == same.pattern).all()
    assert not np.array_equal(made[0].pattern, other[0].pattern)
    # The residual of the first picture leans towards the pattern, wherever the copy shows it.
    leaning = [
        float((each.residuals[0].astype(np.float32) * each.pattern.astype(np.float32)).mean())
        for each in (*made, *other)
    ]
    assert np.mean(leaning) > 0.01


def test_a_copy_shows_the_part_of_the_pattern_that_it_keeps() -> None:
    chance = random.Random(1)
    copies = [drawn(chance, trimmed=True) for _ in range(200)]
    assert {copy.attack.codec for copy in copies} == {
        "libx264",
        "libx265",
        "libvpx-vp9",
        "libsvtav1",
    }
    turned = next(copy for copy in copies if copy.mirrored)
    assert (turned.shown(PATTERN) == PATTERN[:, ::-1]).all()
    cut = next(copy for copy in copies if copy.box[2] < 1)
    left, top, width, _ = cut.box
    middle = cut.shown(PATTERN)[SIDE // 2, SIDE // 2]
    at = [round((start + width / 2) * SIDE - 0.5) for start in (top, left)]
    near = PATTERN[at[0] - 1 : at[0] + 2, at[1] - 1 : at[1] + 2]
    assert near.min() - 0.5 <= middle <= near.max() + 0.5


def test_it_learns_and_is_written_as_it_was_learned(clip: Path, tmp_path: Path) -> None:
    said: list[str] = []
    rows = [{"file": clip.name, "duration_s": "0.5"}, {"file": "missing.mp4", "duration_s": "1"}]
    root = tmp_path / "data"
    (root / "video").mkdir(parents=True)
    (root / "video" / clip.name).write_bytes(clip.read_bytes())
    count = make(rows, root, tmp_path / "made", 1)
    held = [Example.read(path) for path in sorted((tmp_path / "made").glob("*.npz"))]
    assert len(held) == count > 0
    network = learn(held, 2, tell=said.append)
    assert said
    written = PatternEstimator(session(exported(network)))
    picture, detail = _grey(5), residual(_grey(5))
    with torch.inference_mode():
        (wanted,) = network(torch.from_numpy(inputs(picture, detail))[None]).numpy()
    assert np.allclose(written(picture, detail), wanted[0], atol=1e-4)
    assert rate(0, 100) < rate(100, 1000)
    assert rate(1000, 1000) < 1e-4


def test_what_is_learned_from_is_neither_held_nor_measured(tmp_path: Path) -> None:
    (tmp_path / "video").mkdir()
    head = "file,split,width,height,generator,source_repo,dup_group,duration_s"
    lines = [
        f"{split}/{number}.mp4,{split},320,{96 + number % 2 * 100},g{number % 30},page,"
        f"{f'd{number // 2}' if number < 20 else ''},1"
        for split in ("train", "eval")
        for number in range(90)
    ]
    (tmp_path / "video" / "manifest.csv").write_text("\n".join([head, *lines]) + "\n")
    learned = learned_from(tmp_path)
    held = {path.name for count, seed in HELD for path in chosen(tmp_path, "train", count, seed)}
    assert learned
    assert all(row["split"] == "train" for row in learned)
    assert not held & {Path(row["file"]).name for row in learned}
    groups = {f"d{int(Path(name).stem) // 2}" for name in held if int(Path(name).stem) < 20}
    assert not groups & {row["dup_group"] for row in learned}
