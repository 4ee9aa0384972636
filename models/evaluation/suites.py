"""Sets that are made to be read in a way of their own: functional tests, contrasts, held-out rows.

Each suite answers to the name of its set and reads fields of its `raw`; where a set of another
name has them, nothing is lost: it gets the numbers of every set (`by_set`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import fmean
from typing import Final

import numpy as np

from models.calibration import threshold_for_fpr
from models.evaluation import metrics
from models.evaluation.metrics import Flags, Floats
from models.evaluation.numbers import LEAST_OF_A_KIND, ROUNDS, Number, of_flags, share
from models.evaluation.systems import ALLOW, BLOCK, Scored

_HATEFUL: Final = "hateful"
_GOLD: Final = frozenset({_HATEFUL, "non-hateful"})
_NIBBLER_RATE: Final = 0.05


def hate_tests(scored: Scored, decisions: Sequence[str]) -> Iterator[Number]:
    """Functional tests of hate detection, by the gold labels that their authors gave.

    Flagged at the review threshold of `hate` counts as "hateful"; `group` "any category" and the
    system "verdict" show the same for a finding of any category.
    """
    rows = scored.data.rows
    gold = np.array([row.raw.get("label_gold") in _GOLD for row in rows], bool)
    if "hate" not in scored.review or not gold.any():
        return
    labels = np.array([row.raw.get("label_gold") == _HATEFUL for row in rows], bool)
    flags = scored.column("hate") >= scored.review["hate"]
    base = Number(measure="", data=scored.data.name, system=scored.system, category="hate")
    yield share(base, "accuracy", (flags == labels)[gold])
    by_kind = list(_functionalities(base, scored, gold, flags == labels))
    yield from by_kind
    if by_kind:
        worst = min(by_kind, key=lambda number: (number.value or 0.0, number.group))
        yield replace(worst, measure="worst_functionality", note=f"of {len(by_kind)}")
    yield from _macro(base, scored, flags, labels, gold)
    said = np.array([decision != ALLOW for decision in decisions], bool)
    others = replace(base, category="any")
    flagged = scored.flagged(scored.review)
    yield share(others, "accuracy", (flagged == labels)[gold])
    verdict = replace(others, system="verdict")
    yield share(verdict, "accuracy", (said == labels)[gold])
    yield from _macro(verdict, scored, said, labels, gold)


def _functionalities(base: Number, scored: Scored, gold: Flags, right: Flags) -> Iterator[Number]:
    kinds = np.array([str(row.raw.get("functionality", "")) for row in scored.data.rows], object)
    for kind in sorted(set(kinds[gold].tolist()) - {""}):
        yield share(replace(base, group=kind), "accuracy", right[gold & (kinds == kind)])


def _macro(
    base: Number, scored: Scored, flags: Flags, labels: Flags, gold: Flags
) -> Iterator[Number]:
    """F1 by language, and its mean over languages."""
    spoken = np.array([row.lang for row in scored.data.rows], object)
    langs = [lang for lang in sorted(set(spoken[gold].tolist())) if lang]
    if len(langs) < 2:
        return  # a mean over one language is that language
    parts = [gold & (spoken == lang) for lang in langs]
    for name, statistic in (("macro_f1", metrics.macro_f1), ("f1_hateful", metrics.f1)):
        for lang, part in zip(langs, parts, strict=True):
            yield of_flags(replace(base, lang=lang), name, flags[part], labels[part], statistic)
        random = np.random.default_rng(0)
        drawn = [
            fmean(
                statistic(flags[chosen], labels[chosen])
                for chosen in (random.choice(np.flatnonzero(part), part.sum()) for part in parts)
            )
            for _ in range(ROUNDS)
        ]
        yield replace(
            base,
            measure=f"{name}_mean_over_languages",
            value=fmean(statistic(flags[part], labels[part]) for part in parts),
            low=metrics.interval(drawn)[0],
            high=metrics.interval(drawn)[1],
            n=int(gold.sum()),
            note=f"{len(langs)} languages",
        )


def by_type(scored: Scored, decisions: Sequence[str]) -> Iterator[Number]:
    """Verdicts by `raw.type` (xstest) or `raw.harm_area`: safe kinds and their contrasts."""
    rows = scored.data.rows
    kinds = np.array([str(_kind(row.raw)) for row in rows], object)
    said = np.array(decisions, object)
    for kind in sorted(set(kinds.tolist()) - {""}):
        chosen = kinds == kind
        base = Number(measure="", data=scored.data.name, system="verdict", group=kind)
        yield share(base, "not_allowed", said[chosen] != ALLOW)
        yield share(base, "share_block", said[chosen] == BLOCK)


def _kind(raw: object) -> object:
    if not isinstance(raw, dict):
        return ""
    return raw.get("type") or raw.get("harm_area") or ""


def held_out_caught(
    scored: Scored, decisions: Sequence[str], benign_prompts: Floats
) -> Iterator[Number]:
    """Unsafe prompts caught where 5 % of harmless ones are flagged; any category.

    The threshold comes once from benign picture and video prompts of the other sets, and once
    from the set's own benign prompts, which are few and meant to sound unsafe.
    """
    yes, no = scored.data.any_truth()
    scores = scored.any_category()
    base = Number(measure="", data=scored.data.name, system=scored.system, category="any")
    for kind, benign in (("benign prompts", benign_prompts), ("own benign rows", scores[no])):
        if benign.size < LEAST_OF_A_KIND:
            yield replace(base, measure="caught_at_fpr_5pct", group=kind, note="no benign row")
            continue
        limit, rate = threshold_for_fpr(benign, _NIBBLER_RATE)
        number = share(replace(base, group=kind), "caught_at_fpr_5pct", scores[yes] >= limit)
        note = f"threshold {limit:.4f} flags {rate:.1%} of {benign.size}"
        yield replace(number, note=f"{number.note}; {note}".strip("; "))
    said = np.array(decisions, object)
    yield share(replace(base, system="verdict"), "not_allowed_harmful", said[yes] != ALLOW)
    yield share(replace(base, system="verdict"), "not_allowed_benign", said[no] != ALLOW)
