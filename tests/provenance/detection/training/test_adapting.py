"""Moving the head on made-up statistics: what is learned, what is left out, what is promised."""

from __future__ import annotations

import numpy as np
import pytest

from provenance.detection.calibration import Bin, Calibration
from provenance.detection.classifier import Classifier, Ellipsoid, Layout, Member
from provenance.detection.logistic import Linear
from provenance.detection.training import adapting
from provenance.detection.training.comparison import compare
from provenance.detection.training.examples import Clip, Examples
from provenance.detection.training.measures import auc
from provenance.detection.training.worth import written

WIDTH = 6


def shipped() -> Classifier:
    """A classifier that looks at the first statistic alone."""
    weights = np.eye(WIDTH)[0]
    member = Linear(np.zeros(WIDTH), np.ones(WIDTH), weights, 0.0)
    flat = Linear(np.zeros(2), np.ones(2), np.zeros(2), 0.0)
    total = Linear(np.zeros(2), np.full(2, 100.0), np.full(2, 100.0), 0.0)
    layout = Layout(
        (Member("statistics", ("fine",)), Member("content", ("content",))),
        ("content",), ("content",), 9.0,
    )  # fmt: skip
    return Classifier(layout, (member, flat), total, flat, Ellipsoid(np.zeros(2), np.eye(2)))


def made(
    count: int, shift: float, *, groups: int = 10_000, draws: int = 3, seed: int = 0
) -> Examples:
    """Clips of both classes that are `shift` apart in the second statistic."""
    chance = np.random.default_rng(seed)
    clips = tuple(
        Clip(f"{side}/{number}", side == "generated", f"{side}{number}", 300, f"{side}{number}",
             f"{side} {number % groups}")
        for side in ("generated", "real")
        for number in range(count)
    )  # fmt: skip
    place = np.repeat(np.arange(len(clips)), draws)
    fine = chance.normal(size=(len(place), WIDTH))
    fine[:, 1] += shift * np.array([clip.fake for clip in clips])[place]
    high = np.tile(np.arange(draws) == draws - 1, len(clips))
    rows = {"fine": fine, "content": chance.normal(size=(len(place), 2))}
    return Examples(clips, (), place, high, rows, np.ones(len(place), bool))


def worth() -> Calibration:
    real = tuple(np.linspace(-3, 3, 200))
    return Calibration(0.01, (Bin("any", np.inf, 1.0, 0.0, (0.1, 0.0, 0.1), 60, 60, real),))


def test_what_is_there_is_learned_and_what_is_not_is_not() -> None:
    for shift, low, high in ((3.0, 0.9, 1.0), (0.0, 0.3, 0.7)):
        examples = made(30, shift)
        scores = adapting.held_out(shipped(), examples)
        assert low <= auc(scores, examples.fake) <= high
        assert auc(shipped().score(examples.rows), examples.fake) < 0.7


def test_a_group_is_never_scored_by_a_head_that_saw_it() -> None:
    # Each group is told by statistics of its own, and labels are dealt by group: whoever has seen
    # the group knows its label, and nobody else does.
    chance = np.random.default_rng(1)
    examples = made(24, 0.0, groups=8)
    marks = {name: chance.normal(0, 6, WIDTH) for name in np.unique(examples.groups)}
    examples.rows["fine"][:] = [marks[name] for name in examples.groups]
    seen = adapting.moved(shipped(), examples.rows, examples.fake, examples.weights())
    honest = adapting.held_out(shipped(), examples)
    assert auc(seen.score(examples.rows), examples.fake) > auc(honest, examples.fake) + 0.2


def test_folds_keep_groups_whole_and_have_both_classes() -> None:
    examples = made(30, 0.0, groups=7)
    folds = adapting.split(examples)
    groups = np.array([clip.group for clip in examples.clips])
    fake = np.array([clip.fake for clip in examples.clips])
    for name in np.unique(groups):
        assert len(np.unique(folds[groups == name])) == 1
    for fold in range(adapting.FOLDS):
        assert fake[folds == fold].any()
        assert not fake[folds == fold].all()


def test_both_classes_weigh_the_same_at_many_and_few_lines() -> None:
    examples = made(12, 0.0)
    # Two thirds of the real clips have no rows of many lines.
    kept = ~(examples.high & ~examples.fake & (examples.clip % 3 > 0))
    part = examples.where(kept)
    weights = part.weights()
    assert weights.sum() == pytest.approx(24)
    for high in (False, True):
        block = part.high == high
        assert weights[block & part.fake].sum() == pytest.approx(weights[block & ~part.fake].sum())


def test_lines_that_one_class_alone_has_count_nothing() -> None:
    examples = made(12, 0.0)
    part = examples.where(~(examples.high & ~examples.fake))
    assert not part.weights()[part.high].any()
    assert part.weights().sum() == pytest.approx(24)


@pytest.mark.parametrize(("count", "possible"), [(98, False), (99, True)])
def test_nothing_is_likely_ai_before_there_are_real_clips_enough(
    count: int, possible: bool
) -> None:
    examples = made(count, 8.0, draws=2)
    scores = adapting.held_out(shipped(), examples)
    found = adapting.calibration(examples, scores)
    place = found.bins[0]
    assert len(place.real) == count
    assert (place.fpr(1e9) <= found.rate) == possible
    said = compare(shipped(), worth(), examples, scores)
    assert said.decides == possible
    # A real clip is judged by the others, one fewer.
    assert (said.after.generated_called.value > 0.5) == possible
    assert said.after.real_called.value == 0


def test_a_clip_has_one_score_in_the_bound_and_it_is_its_worst() -> None:
    examples = made(12, 0.0)
    scores = np.arange(len(examples.clip), dtype=np.float64)
    place = adapting.calibration(examples, scores).bins[0]
    tops = [scores[examples.clip == number].max() for number in range(12, 24)]
    assert list(place.real) == sorted(tops)


def test_copies_count_once() -> None:
    examples = made(12, 0.0)
    clips = tuple(
        Clip(c.name, c.fake, c.sha256, c.lines, "one" if c.fake else c.kind, c.group)
        for c in examples.clips
    )
    copied = Examples(
        clips, (), examples.clip, examples.high, examples.rows, examples.known
    )  # fmt: skip
    assert copied.count(fake=True) == 1
    assert copied.count(fake=False) == 12
    assert copied.weights().sum() == pytest.approx(13)


def test_a_clip_that_is_abstained_from_is_never_called() -> None:
    examples = made(120, 9.0)
    silent = Examples(
        examples.clips, (), examples.clip, examples.high, examples.rows,
        np.zeros(len(examples.clip), bool),
    )  # fmt: skip
    scores = adapting.held_out(shipped(), silent)
    assert not adapting.called(silent, scores).any()
    assert adapting.called(examples, scores)[examples.fake].any()


def test_a_gain_that_chance_can_give_is_not_claimed() -> None:
    for shift, helps in ((0.0, False), (4.0, True)):
        examples = made(15, shift, draws=2)
        said = compare(shipped(), worth(), examples, adapting.held_out(shipped(), examples))
        assert said.helps == helps
        assert said.gain.low <= said.gain.value <= said.gain.high


def test_what_is_written_is_read_again() -> None:
    examples = made(15, 3.0)
    scores = adapting.held_out(shipped(), examples)
    again = Calibration.parse(written(adapting.calibration(examples, scores), "written for x"))
    assert again.bins[0].clips == again.bins[0].synthetic == 15
    moved = adapting.moved(shipped(), examples.rows, examples.fake, examples.weights())
    read = Classifier.read(moved.write())
    assert np.allclose(read.score(examples.rows), moved.score(examples.rows), atol=1e-4)
