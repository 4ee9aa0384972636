"""A detector on a larger network: tiny untrained ones of real architectures, on real clips."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import torch

from media.errors import Cancelled, FramegateError
from media.limits import MediaLimits
from media.probe import probe
from media.refusals import ClipRefused
from models.card import ModelCard
from models.errors import InvalidCard, ModelDigestMismatch, ModelUnavailable, UnknownModel
from models.registry import MODELS_FOLDER
from provenance.detection import loading
from provenance.detection.detection import MODEL, Detector
from provenance.detection.domain import MIN_LINES
from provenance.detection.head import Head
from provenance.detection.hub import CALIBRATION, HEAD, HubDetector, measure
from provenance.detection.logistic import Linear
from provenance.detection.path import FRAMES, STATISTICS
from provenance.detection.stretches import walk
from provenance.report import C2paReport, C2paState
from provenance.verification import Answer, Verification, weigh
from tests.clips import cache_folder, make_clip
from tests.models.networks import NETWORKS, video_card


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Networks this small gain nothing from more, and tests may run beside one another."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def some_head(strange: float | None = None, bias: float = 0.5) -> Head:
    chance = np.random.default_rng(0)
    size = len(STATISTICS)
    weights = chance.normal(size=size)
    return Head(Linear(chance.normal(size=size), np.full(size, 2.0), weights, bias), strange)


def worth(real: tuple[float, ...], offset: float = 0.0, bins: int = 1) -> bytes:
    """A calibration by so many real clips, each seen once."""
    lines = ["rate = 0.01"]
    for place in range(bins):
        below = "inf" if place == bins - 1 else f"{place}.0"
        lines.append(
            f'[[bins]]\nname = "all"\nbelow = {below}\nslope = 1.0\noffset = {offset}\n'
            f"covariance = [0.01, 0.0, 0.01]\nsynthetic = {len(real)}\nclips = {len(real)}\n"
            f"real = {sorted(real)}"
        )
    return "\n".join(lines).encode()


PAGE = Path(__file__).parents[3] / "docs" / "detection.md"
LOW = tuple(-50.0 + 0.01 * place for place in range(200))
HIGH = tuple(50.0 + 0.01 * place for place in range(200))


@dataclass(frozen=True, slots=True)
class Bench:
    """Where networks lie, and cards are put."""

    folder: Path

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    def card(self, name: str, network: str, own: dict[str, bytes], keys: str = "") -> str:
        """Put a card there; returns what `detect_model` would be."""
        hub = self.cache / name
        if not hub.exists():
            NETWORKS[network](hub)
        video_card(name, hub, own, self.folder / name, keys)
        return str(self.folder / name)

    def detector(
        self, name: str, network: str, own: dict[str, bytes], keys: str = ""
    ) -> HubDetector:
        found = loading.load(self.cache, self.card(name, network, own, keys))
        assert isinstance(found, HubDetector)
        return found


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("bench"))


@pytest.fixture(scope="module")
def plain(bench: Bench) -> HubDetector:
    """Without a calibration."""
    return bench.detector("plain", "dinov2", {HEAD: some_head().write()})


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grain that drifts: neither drawn nor still."""
    return grain(tmp_path_factory.mktemp("clips") / "a.mp4")


def grain(path: Path, seconds: float = 4, fps: int = 12, seed: int = 0) -> Path:
    chance = np.random.default_rng(seed)
    ground = np.cumsum(chance.normal(0, 6, (180, 480, 3)), axis=1) + 128
    pictures = [
        np.clip(ground[:, 3 * place : 3 * place + 320] + chance.normal(0, 3, (180, 320, 3)), 0, 255)
        .astype(np.uint8)
        for place in range(round(seconds * fps) + 1)
    ]  # fmt: skip
    return make_clip(path, fps=fps, pictures=pictures)


@pytest.mark.parametrize("network", NETWORKS)
def test_every_network_is_shown_and_counts_for_nothing(
    bench: Bench, clip: Path, network: str
) -> None:
    made = bench.detector(
        f"shown-{network.replace('_', '-')}", network, {HEAD: some_head().write()}
    )
    found = made.detect(clip)
    assert (found.answer, found.reason) == ("inconclusive", "uncalibrated")
    assert (found.llr, found.llr_low, found.llr_high, found.fpr) == (0, 0, 0, 1)
    assert np.isfinite(found.score)
    assert [part.start_ms for part in found.timeline] == [0, 1000, 2000]
    assert len({part.score for part in found.timeline}) == 3
    assert (found.quality, found.calibration_digest) == ("", "")
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", found.model_digest)


@pytest.mark.parametrize("base", list(Answer))
def test_without_a_calibration_no_answer_is_moved(
    plain: HubDetector, clip: Path, base: Answer
) -> None:
    seen = replace(plain.detect(clip), score=1e6)
    found = weigh(Verification(base, C2paReport(C2paState.ABSENT), clip_id="clip-1"), seen)
    assert (found.answer, found.clip_id) == (base, "clip-1")
    assert found.detection == seen
    for prior in (0.001, 0.5):
        assert seen.posterior(prior).probability == pytest.approx(prior)


@pytest.mark.parametrize(
    ("calibration", "answer"),
    [
        (worth(LOW, offset=60.0), "likely_ai"),
        (worth(HIGH, offset=60.0), "inconclusive"),
        (worth(HIGH, offset=-60.0), "no_evidence"),
    ],
)
def test_with_a_calibration_it_answers(
    tmp_path: Path, clip: Path, calibration: bytes, answer: str
) -> None:
    own = {HEAD: some_head().write(), CALIBRATION: calibration}
    made = Bench(tmp_path).detector("worth", "dinov2", own)
    found = made.detect(clip)
    assert (found.answer, found.reason, found.quality) == (answer, "", "all")
    assert found.llr_low <= found.llr <= found.llr_high
    assert found.fpr == pytest.approx(1 / 201 if answer == "likely_ai" else 1)
    assert abs(found.llr) == pytest.approx(np.log(200 / 3))
    assert found.calibration_digest == made.calibration_digest != ""
    weighed = weigh(Verification(Answer.NO_EVIDENCE, C2paReport(C2paState.ABSENT)), found)
    assert weighed.answer is Answer(answer)


def test_the_same_bytes_give_the_same_answer(plain: HubDetector, bench: Bench, clip: Path) -> None:
    first = plain.detect(clip)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(plain.detect, [clip, clip])) == [first, first]
    again = loading.load(bench.cache, str(bench.folder / "plain"))
    assert again.detect(clip) == first


def test_batches_hardly_move_a_score(bench: Bench, plain: HubDetector, clip: Path) -> None:
    made = bench.detector("batched", "dinov2", {HEAD: some_head().write()}, "batch = 4")
    found = made.detect(clip)
    assert found.score == pytest.approx(plain.detect(clip).score, abs=1e-3)
    assert made.detect(clip) == found
    assert found.model_digest != plain.model_digest


def test_a_score_is_that_of_the_head(plain: HubDetector, clip: Path) -> None:
    info = probe(clip)
    seen = walk(clip, info)
    rows = measure(seen, plain._embedder)
    assert rows.shape == (len(seen.stretches), len(STATISTICS))
    found = plain.detect(clip)
    assert found.score == some_head().score(rows.mean(axis=0, keepdims=True))[0]
    assert [part.score for part in found.timeline] == some_head().score(rows).tolist()


def test_what_it_was_not_made_for(plain: HubDetector, tmp_path: Path) -> None:
    """Said before it is said that there is no calibration."""
    short = plain.detect(grain(tmp_path / "short.mp4", seconds=1.5))
    assert (short.answer, short.reason) == ("inconclusive", "too_short")
    side = MIN_LINES - 2
    small = plain.detect(make_clip(tmp_path / "small.mp4", seconds=3, size=(2 * side, side)))
    assert small.reason == "too_small"
    still = plain.detect(make_clip(tmp_path / "still.mp4", seconds=3, pattern="still"))
    assert still.reason == "still"
    slides = [np.full((240, 320, 3), 250, np.uint8) for _ in range(37)]
    for index, each in enumerate(slides):
        each[60:180, 60 + 3 * index : 120 + 3 * index] = (20, 40, 200)
    drawn = plain.detect(make_clip(tmp_path / "drawn.mp4", pictures=slides, fps=12))
    assert drawn.reason == "drawn"
    assert all(np.isfinite(each.score) for each in (short, small, still, drawn))


def test_a_strange_clip_is_abstained_from(tmp_path: Path, clip: Path) -> None:
    for strange, reason in ((1e-3, "unfamiliar"), (1e3, "")):
        own = {HEAD: some_head(strange).write(), CALIBRATION: worth(LOW)}
        found = Bench(tmp_path / reason).detector("guarded", "dinov2", own).detect(clip)
        assert found.reason == reason
        assert (found.answer == "likely_ai") is (not reason)
        assert not reason or found.llr == 0 < found.llr_high


def test_a_long_clip_costs_no_more_frames(plain: HubDetector, tmp_path: Path) -> None:
    path = make_clip(tmp_path / "long.mp4", seconds=90, fps=4, size=(160, 120))
    seen = walk(path, probe(path))
    assert len(seen.images) <= 8 * FRAMES
    assert plain.detect(path).timeline[-1].end_ms > 85_000


def test_it_stops_when_asked(plain: HubDetector, clip: Path) -> None:
    with pytest.raises(Cancelled):
        plain.detect(clip, should_stop=lambda: True)
    seen = walk(clip, probe(clip))
    asked = iter([False, False, True])
    with pytest.raises(Cancelled):
        measure(seen, plain._embedder, lambda: next(asked))
    assert next(asked, None) is None


def test_limits_are_held(plain: HubDetector, clip: Path) -> None:
    with pytest.raises(ClipRefused):
        plain.detect(clip, MediaLimits(max_width=100))


def test_hostile_files_give_named_errors(plain: HubDetector, clip: Path, tmp_path: Path) -> None:
    whole = clip.read_bytes()
    chance = np.random.default_rng(0)
    path = tmp_path / "a.mp4"
    for _ in range(8):
        broken = bytearray(whole[: chance.integers(1, len(whole))])
        for place in chance.integers(0, len(broken), 8):
            broken[place] ^= int(chance.integers(1, 256))
        path.write_bytes(broken)
        try:
            assert np.isfinite(plain.detect(path).score)
        except FramegateError as error:
            assert error.reason != "INTERNAL"


HEAD_BYTES = some_head().write()


@pytest.mark.parametrize(
    ("own", "words", "field"),
    [
        ({}, "names no head.safetensors", "source"),
        ({HEAD: b"x"}, "cannot be read", HEAD),
        ({HEAD: HEAD_BYTES[:-4]}, "cannot be read", HEAD),
        ({HEAD: HEAD_BYTES.replace(b"step_mean", b"step_meow")}, "other statistics", HEAD),
        ({HEAD: HEAD_BYTES, CALIBRATION: b"rate = 2"}, "calibration cannot be read", ""),
        ({HEAD: HEAD_BYTES, CALIBRATION: worth(LOW, bins=2)}, "one bin", CALIBRATION),
    ],
)
def test_wrong_files_are_named(
    tmp_path: Path, own: dict[str, bytes], words: str, field: str
) -> None:
    with pytest.raises(InvalidCard, match=words) as caught:
        Bench(tmp_path).detector("wrong", "dinov2", own)
    assert (caught.value.field or "") == field


def test_a_head_of_impossible_numbers_is_refused() -> None:
    linear = some_head().linear
    for changed in (
        {"weights": np.full(len(STATISTICS), np.nan)},
        {"scale": np.zeros(len(STATISTICS))},
        {"mean": np.zeros(3)},
    ):
        with pytest.raises(InvalidCard):
            Head.read(Head(replace(linear, **changed)).write())
    kept = Head.read(some_head(3.0).write())
    assert kept.strange == 3.0
    assert kept.write() == some_head(3.0).write()
    rows = np.random.default_rng(1).normal(size=(4, len(STATISTICS)))
    assert np.array_equal(kept.score(rows), some_head().score(rows))


def test_missing_and_changed_files(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    model = bench.card("tiny", "dinov2", {HEAD: HEAD_BYTES})
    (tmp_path / "tiny" / HEAD).write_bytes(HEAD_BYTES[:-1] + b"\1")
    with pytest.raises(ModelDigestMismatch) as changed:
        loading.load(bench.cache, model)
    assert changed.value.field == HEAD
    (tmp_path / "tiny" / HEAD).write_bytes(HEAD_BYTES)
    shutil.rmtree(bench.cache)
    with pytest.raises(ModelUnavailable, match="models fetch"):
        loading.load(bench.cache, model)


def test_a_name_or_a_folder(tmp_path: Path, plain: HubDetector, bench: Bench) -> None:
    registry, card = loading.find(cache_folder())
    assert (card.id, registry.card(MODEL)) == (MODEL, card)
    _, own = loading.find(bench.cache, str(bench.folder / "plain") + "/")
    assert own.id == "plain"
    assert loading.resolved(MODEL) == MODEL
    assert loading.resolved("./x") == str(Path.cwd() / "x")
    for wrong in ("nobody", "prompt-safety", "scenes-image"):
        with pytest.raises(UnknownModel) as caught:
            loading.find(cache_folder(), wrong)
        assert caught.value.field == "detect_model"
    with pytest.raises(InvalidCard, match="no readable"):
        loading.find(cache_folder(), str(tmp_path / "gone"))


@pytest.mark.parametrize(
    ("own", "expected"),
    [({}, False), ({CALIBRATION: worth(LOW[:98])}, False), ({CALIBRATION: worth(LOW[:99])}, True)],
)
def test_only_a_calibration_by_enough_real_clips_decides(
    tmp_path: Path, own: dict[str, bytes], expected: bool
) -> None:
    bench = Bench(tmp_path)
    model = bench.card("tiny", "dinov2", {HEAD: HEAD_BYTES, **own})
    assert loading.decides(*loading.find(bench.cache, model)) is expected


def written(mark: str) -> str:
    """A block of the page, between its marks, as it is meant to be copied."""
    page = PAGE.read_text(encoding="utf-8")
    found = re.search(rf"<!-- {mark} -->\n(.*?)<!-- end {mark} -->", page, re.DOTALL)
    assert found is not None
    return textwrap.dedent(found[1])


def test_the_card_of_the_page_is_whole() -> None:
    card = ModelCard.parse(written("card").encode(), Path("dinov2-clips"))
    assert (card.task, card.profile) == ("video-classification", "hub")
    assert "synthetic" in card.labels
    assert HEAD in {source.name for source in card.sources}


def test_the_recipe_of_the_page_makes_a_head(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    folders = {name: tmp_path / name for name in ("GENERATED", "REAL")}
    for place, folder in enumerate(folders.values()):
        folder.mkdir()
        for number in range(3):
            grain(folder / f"{number}.mp4", seconds=3, seed=3 * place + number)
    bench.card("tiny", "dinov2", {})
    cards = tmp_path / "tiny"
    exec(written("recipe"), {"CACHE": bench.cache, "CARDS": cards, **folders})  # noqa: S102
    head = (cards / HEAD).read_bytes()
    assert Head.read(head).strange
    shutil.rmtree(cards)
    found = loading.load(bench.cache, bench.card("tiny", "dinov2", {HEAD: head}))
    assert np.isfinite(found.detect(tmp_path / "REAL" / "0.mp4").score)


def test_a_folder_may_hold_one_of_the_embedded_profile(tmp_path: Path) -> None:
    shutil.copytree(MODELS_FOLDER / MODEL, tmp_path / MODEL)
    try:
        found = loading.load(cache_folder(), str(tmp_path / MODEL))
    except ModelUnavailable as error:
        pytest.skip(error.message)
    assert isinstance(found, Detector)
    assert found.model_digest == loading.load(cache_folder()).model_digest
