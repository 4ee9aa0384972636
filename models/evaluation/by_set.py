"""The numbers that every set gets, whatever its name: by category, by language, any, verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from models.evaluation import metrics
from models.evaluation.metrics import Flags, Floats
from models.evaluation.numbers import (
    LEAST_OF_A_KIND,
    Number,
    calibration_error,
    of_flags,
    rankings,
    share,
)
from models.evaluation.systems import ALLOW, BLOCK, REVIEW, Scored

ANY = "any"
ANY_IN_SCOPE = "any in scope"
ANY_NOISY_OR = "any (noisy-or)"
ALL_SETS = "all sets"


def category_numbers(scored: Scored) -> Iterator[Number]:
    """Each category that the set annotates, over all and by language."""
    data = scored.data
    for category in data.categories():
        base = Number(measure="", data=data.name, system=scored.system, category=category)
        yes, no = data.truth(category)
        if category not in scored.categories:
            n, positives = int((yes | no).sum()), int(yes.sum())
            note = "no such category in this system"
            yield replace(base, measure="auprc", n=n, positives=positives, note=note)
            continue
        yield from _one(base, scored, yes, no)
        for lang, rows in _languages(scored, yes, no):
            yield from _one(replace(base, lang=lang), scored, yes & rows, no & rows)


def any_numbers(scored: Scored) -> Iterator[Number]:
    """Harm of any category, over all and by language; false alarms where a set is benign."""
    data = scored.data
    base = Number(measure="", data=data.name, system=scored.system, category=ANY)
    yes, no = data.any_truth()
    flags = scored.flagged(scored.review)
    scores = scored.any_category()
    yield from _any(base, scored, scores, yes, no)
    for lang, rows in _languages(scored, yes, no):
        yield from _any(replace(base, lang=lang), scored, scores, yes & rows, no & rows)
    if yes.any() and no.any():
        known = yes | no
        noisy = replace(base, category=ANY_NOISY_OR)
        yield from rankings(noisy, metrics.noisy_or(scored.scores)[known], yes[known])
        scope = [name for name in data.categories() if name in scored.categories]
        if scope:
            inside = replace(base, category=ANY_IN_SCOPE)
            yield from rankings(inside, scored.any_category(scope)[known], yes[known])
        yield share(base, "accuracy_at_review", (flags == yes)[known])


def verdict_numbers(scored: Scored, decisions: Sequence[str]) -> Iterator[Number]:
    """Share of each decision among harmful and harmless texts of a set, and by language."""
    data = scored.data
    said = np.array(decisions, dtype=object)
    yes, no = data.any_truth()
    langs = [("", np.ones(len(data.rows), bool)), *_languages(scored, yes, no)]
    for kind, rows in (("harmful", yes), ("benign", no)):
        for lang, spoken in langs:
            chosen = said[rows & spoken]
            if chosen.size:
                base = Number(measure="", data=f"{data.name} ({kind})", system="verdict", lang=lang)
                for decision in (ALLOW, REVIEW, BLOCK):
                    yield share(base, f"share_{decision}", chosen == decision)
                yield share(base, "not_allowed", chosen != ALLOW)
    if any(decision not in {ALLOW, REVIEW, BLOCK} for decision in decisions):
        base = Number(measure="", data=data.name, system="verdict")
        yield share(base, "share_refused", ~np.isin(said.astype(str), [ALLOW, REVIEW, BLOCK]))


def pooled_numbers(everything: Sequence[Scored]) -> Iterator[Number]:
    """Each category over all sets together: calibration, false alarms, and how well it ranks."""
    names = everything[0].categories if everything else ()
    for category in names:
        scores, labels = pooled(everything, category)
        base = Number(measure="", data=ALL_SETS, system=everything[0].system, category=category)
        yield calibration_error(base, scores, labels)
        yield from rankings(base, scores, labels)


def pooled(everything: Sequence[Scored], category: str) -> tuple[Floats, Flags]:
    """Scores and labels of one category over all sets that know of it."""
    scores, labels = [np.zeros(0)], [np.zeros(0, bool)]
    for scored in everything:
        yes, no = scored.data.truth(category)
        scores.append(scored.column(category)[yes | no])
        labels.append(yes[yes | no])
    return np.concatenate(scores), np.concatenate(labels)


def _one(base: Number, scored: Scored, yes: Flags, no: Flags) -> Iterator[Number]:
    known = yes | no
    scores, labels = scored.column(base.category)[known], yes[known]
    base = replace(base, positives=int(labels.sum()))
    if labels.any() and not labels.all():
        yield from rankings(base, scores, labels)
        yield calibration_error(base, scores, labels)
    limit = scored.review.get(base.category)
    if limit is None:
        yield replace(base, measure="f1_at_review", note="the category has no threshold")
        return
    flags = scores >= limit
    if labels.any() and not labels.all():
        yield of_flags(base, "f1_at_review", flags, labels, metrics.f1)
    yield from _shares(base, flags, scores >= scored.block.get(base.category, np.inf), labels)


def _any(base: Number, scored: Scored, scores: Floats, yes: Flags, no: Flags) -> Iterator[Number]:
    known = yes | no
    labels = yes[known]
    flags, blocked = scored.flagged(scored.review)[known], scored.flagged(scored.block)[known]
    base = replace(base, positives=int(labels.sum()))
    if labels.any() and not labels.all():
        yield from rankings(base, scores[known], labels)
        yield of_flags(base, "f1_at_review", flags, labels, metrics.f1)
    yield from _shares(base, flags, blocked, labels)


def _shares(base: Number, flags: Flags, blocked: Flags, labels: Flags) -> Iterator[Number]:
    if labels.any():
        yield share(base, "recall_at_review", flags[labels])
    if not labels.all():
        yield share(base, "fpr_at_review", flags[~labels])
        yield share(base, "fpr_at_block", blocked[~labels])


def _languages(scored: Scored, yes: Flags, no: Flags) -> Iterator[tuple[str, Flags]]:
    """The languages of a set with several, where they have enough rows that count."""
    spoken = np.array([row.lang for row in scored.data.rows], dtype=object)
    names = sorted(set(spoken.tolist()) - {""})
    if len(names) > 1:
        for lang in names:
            rows = np.asarray(spoken == lang, dtype=bool)
            if int((rows & (yes | no)).sum()) >= LEAST_OF_A_KIND:
                yield lang, rows
