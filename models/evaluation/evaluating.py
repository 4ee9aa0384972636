"""Runs everything over all sets of a folder and gathers the numbers."""

from __future__ import annotations

import importlib.resources
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from models.classifiers import TextClassifier
from models.evaluation import by_set, comparing, suites
from models.evaluation.alternatives import Alternative, Missing, alternatives
from models.evaluation.evasions import Attacks, evasion_numbers
from models.evaluation.identity import gap_numbers
from models.evaluation.metrics import Flags, Floats
from models.evaluation.numbers import Number
from models.evaluation.sets import LabelledSet, SetsMissing, read_sets
from models.evaluation.splits import held_out
from models.evaluation.systems import Scored, Screening, classified, screened

HATE_SUITES: Final = frozenset({"hatecheck", "multilingual_hatecheck"})
TYPE_SUITES: Final = frozenset({"xstest", "simplesafetytests"})
NIBBLER: Final = "adversarial_nibbler_submitted"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Curve:
    """Scores and labels of one line of a plot."""

    name: str
    scores: Floats
    labels: Flags


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All that one run has found.

    Attributes:
        model: Id, version and digest of the model.
        numbers: Every number, also those that could not be measured.
        sets: The sets, as they were used.
        missing: Alternatives and parts that were left out, with reasons.
        published: Figures of others, from `published.toml`.
        reliability: One curve a category, over all sets that know of it.
        ranked: One curve a system and category on the set that precision-recall is drawn of.
        ranked_set: Name of that set; "" where no set has both harmful and harmless texts.
        asked: Name of each alternative that answered, and what must be known of it.
        policy: Identity of the policy that judged.
        drawn: Whether there are plots.
    """

    model: tuple[str, str, str]
    numbers: tuple[Number, ...]
    sets: tuple[LabelledSet, ...]
    missing: tuple[Missing, ...]
    published: tuple[dict[str, Any], ...]
    reliability: tuple[Curve, ...]
    ranked: tuple[Curve, ...]
    ranked_set: str
    asked: tuple[tuple[str, str], ...] = ()
    policy: str = ""
    drawn: bool = False


def evaluate(
    classifier: TextClassifier,
    screening: Screening,
    data: Path,
    *,
    sample: int | None = None,
    compare: bool = True,
    attacks: Attacks | None = None,
    say: Say = lambda _line: None,
) -> Evaluation:
    """Measures a classifier and the screening round it on every set of a folder.

    Args:
        classifier: The model; wrap it in `Remembering` where `screening` uses it too.
        screening: The whole screening.
        data: The data folder; see `read_sets`.
        sample: See `read_sets`.
        compare: Whether to ask the alternatives that are installed.
        attacks: Ways to deceive; without them nothing is measured of evasions.
        say: Told what is being done.

    Raises:
        SetsMissing: The folder holds no set.
    """
    sets = read_sets(data, sample=sample)
    numbers: list[Number] = []
    missing: list[Missing] = []
    plain: list[Scored] = []
    whole: list[Scored] = []
    for one in sets:
        say(f"{one.name}: {len(one.rows)} of {one.total} rows")
        plain.append(classified(classifier, screening, one))
        scored, decisions = screened(screening, one)
        whole.append(scored)
        numbers += _of_set(plain[-1], scored, decisions)
        if compare and one in comparing.compared(sets):
            numbers += comparing.our_numbers(scored, decisions)
    numbers += by_set.pooled_numbers(plain)
    numbers += _held_out(classifier, screening, data, sets, plain)
    if attacks is None:
        missing.append(Missing("evasions", "run python -m benchmarks.prompts from a checkout"))
    else:
        say("evasions")
        numbers += evasion_numbers(screening, attacks, [*sets, *_more(data, "catqa")])
    ranked_set = _ranked_set(sets)
    ranked = _own_curves(plain, whole, ranked_set)
    asked: list[Alternative] = []
    if compare:
        asked, left_out = alternatives(data)
        missing += left_out
        for alternative in asked:
            say(alternative.name)
            for one in comparing.compared(sets):
                scores, labels = comparing.ask(alternative, one)
                numbers += comparing.alternative_numbers(alternative, one, scores, labels)
                if one.name == ranked_set:
                    ranked.append(Curve(alternative.name, scores, labels))
    return Evaluation(
        model=(classifier.card.id, classifier.card.version, classifier.digest),
        numbers=tuple(numbers),
        sets=tuple(sets),
        missing=tuple(missing),
        published=tuple(_published()),
        reliability=tuple(
            Curve(category, *by_set.pooled(plain, category)) for category in classifier.categories
        ),
        ranked=tuple(ranked),
        ranked_set=ranked_set,
        asked=tuple((alternative.name, alternative.about) for alternative in asked),
        policy=screening.policy,
    )


def _of_set(plain: Scored, whole: Scored, decisions: Sequence[str]) -> list[Number]:
    numbers = [
        *by_set.category_numbers(plain),
        *by_set.any_numbers(plain),
        *by_set.any_numbers(whole),
        *by_set.verdict_numbers(whole, decisions),
        *gap_numbers(plain, decisions),
    ]
    only = [c for c in plain.data.categories() if c not in plain.categories]
    numbers += [n for n in by_set.category_numbers(whole) if n.category in only]
    if plain.data.name in HATE_SUITES:
        numbers += suites.hate_tests(plain, decisions)
    if plain.data.name in TYPE_SUITES:
        numbers += suites.by_type(plain, decisions)
    return numbers


def _held_out(
    classifier: TextClassifier,
    screening: Screening,
    data: Path,
    sets: Sequence[LabelledSet],
    plain: Sequence[Scored],
) -> list[Number]:
    """The held-out fifth of a training set, where the folder has the training sets."""
    numbers: list[Number] = []
    for found in _more(data, NIBBLER):
        rows = tuple(row for row in found.rows if held_out(NIBBLER, {"text": row.text}))
        kept = LabelledSet(f"{NIBBLER} (held out)", rows, found.scope, len(rows))
        scored, decisions = screened(screening, kept)
        pairs = (classified(classifier, screening, kept), scored)
        benign = [
            one.any_category()[_harmless_prompts(one.data)] for one in plain if one.data in sets
        ]
        for one in pairs:
            pool = np.concatenate(benign) if benign else np.zeros(0)
            numbers += suites.held_out_caught(one, decisions, pool)
            numbers += by_set.any_numbers(one)
    return numbers


def _harmless_prompts(data: LabelledSet) -> Flags:
    """Rows of a set that are harmless prompts for a generator."""
    return np.array([row.unsafe is False and row.kind == "prompt" for row in data.rows], bool)


def _more(data: Path, name: str) -> list[LabelledSet]:
    """A training set, whole, where the folder has it."""
    for place in (data / "train", data.parent / "train", data / "text" / "train"):
        if place.is_dir():
            try:
                return read_sets(place, sample=0, only=name)
            except SetsMissing:
                continue
    return []


def _ranked_set(sets: Sequence[LabelledSet]) -> str:
    """The set to draw: the one that peers report on, else the one with most of the rarer kind."""
    best, name = 0, ""
    for data in sets:
        yes, no = data.any_truth()
        rarer = min(int(yes.sum()), int(no.sum()))
        if rarer and (rarer > best or data.name == "openai_moderation"):
            best, name = rarer, data.name
        if name == "openai_moderation":
            break
    return name


def _own_curves(plain: Sequence[Scored], whole: Sequence[Scored], name: str) -> list[Curve]:
    curves = []
    for scored, title in ((plain, "classifier, any category"), (whole, "screening, any category")):
        for one in scored:
            if one.data.name == name:
                yes, no = one.data.any_truth()
                curves.append(Curve(title, one.any_category()[yes | no], yes[yes | no]))
    for one in plain:
        if one.data.name == name:
            for category in one.data.categories():
                yes, no = one.data.truth(category)
                if category in one.categories and yes.any() and no.any():
                    curves.append(Curve(category, one.column(category)[yes | no], yes[yes | no]))
    return curves


def _published() -> list[dict[str, Any]]:
    text = (
        importlib.resources.files("models.evaluation")
        .joinpath("published.toml")
        .read_text(encoding="utf-8")
    )
    figures: list[dict[str, Any]] = tomllib.loads(text)["figure"]
    return figures
