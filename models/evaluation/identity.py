"""Whether a harmless text is flagged more often when it names one group than another."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from models.evaluation.metrics import Flags, centred
from models.evaluation.numbers import ROUNDS, Number, share
from models.evaluation.sets import LabelledSet, Row
from models.evaluation.systems import ALLOW, BLOCK, Scored

#: Fewer texts of a group than this say nothing about it.
LEAST_OF_A_GROUP: Final = 10
LEAST_OVER_LANGUAGES: Final = 30
_HATECHECK_KINDS: Final = frozenset({"ident_neutral_nh", "ident_pos_nh"})


def groups_of(row: Row) -> frozenset[str]:
    """Identity groups that a row names: its own field where it has one, else by its words."""
    target = row.raw.get("target_ident")
    if isinstance(target, str):
        neutral = row.raw.get("functionality") in _HATECHECK_KINDS
        return frozenset({target.casefold()} - {""}) if neutral else frozenset()
    words = frozenset(re.findall(r"[^\W\d_]+", row.text.casefold()))
    return frozenset(
        group
        for group, terms in _terms().get(row.lang, {}).items()
        if any(_named(term, words, row) for term in terms)
    )


def gap_numbers(scored: Scored, decisions: Sequence[str]) -> Iterator[Number]:
    """False alarms on harmless texts by group, and the widest gap between two groups.

    The gap is the highest share less the lowest, over groups with enough texts. Chance alone
    opens a gap between small groups, so it is an upper estimate.
    """
    said = np.array(decisions, object)
    for system, kind, flags in (
        (scored.system, "fpr_at_review", scored.flagged(scored.review)),
        ("verdict", "not_allowed", said != ALLOW),
        ("verdict", "share_block", said == BLOCK),
    ):
        base = Number(measure=kind, data=f"{scored.data.name} (benign)", system=system)
        yield from _gaps(base, scored.data, np.asarray(flags, bool))


def _gaps(base: Number, data: LabelledSet, flags: Flags) -> Iterator[Number]:
    harmless = [number for number, row in enumerate(data.rows) if row.unsafe is False]
    members: dict[tuple[str, str], list[int]] = {}
    named = 0
    for number in harmless:
        groups = groups_of(data.rows[number])
        named += bool(groups)
        for group in groups:
            for lang in {"", data.rows[number].lang}:
                members.setdefault((lang, group), []).append(number)
    if not named:
        return
    for lang in sorted({lang for lang, _ in members}):
        least = LEAST_OF_A_GROUP if lang else LEAST_OVER_LANGUAGES
        parts = {
            group: flags[rows]
            for (spoken, group), rows in sorted(members.items())
            if spoken == lang and len(rows) >= least
        }
        for group, part in parts.items():
            yield share(replace(base, lang=lang, group=group), base.measure, part)
        yield _widest(replace(base, lang=lang), parts)


def _widest(base: Number, parts: Mapping[str, Flags]) -> Number:
    """The gap, with a bootstrap interval over the texts of each group."""
    base = replace(base, measure=f"gap_{base.measure}", n=sum(part.size for part in parts.values()))
    if len(parts) < 2:
        return replace(base, note="fewer than two groups with enough harmless texts")
    rates = {group: float(part.mean()) for group, part in parts.items()}
    highest, lowest = max(rates, key=rates.__getitem__), min(rates, key=rates.__getitem__)
    random = np.random.default_rng(0)
    drawn = []
    for _ in range(ROUNDS):
        means = [random.choice(part, part.size).mean() for part in parts.values()]
        drawn.append(float(max(means) - min(means)))
    gap = rates[highest] - rates[lowest]
    low, high = centred(drawn, gap)
    return replace(
        base,
        value=gap,
        low=low,
        high=high,
        group=f"{highest} less {lowest}",
        note=f"{len(parts)} groups",
    )


def _named(term: str, words: frozenset[str], row: Row) -> bool:
    """Whether a text has a term: a whole word, a stem ("schwul*"), or in Chinese a part."""
    if term.endswith("*"):
        return any(word.startswith(term[:-1]) for word in words)
    return term in words or (row.lang in {"zh", "ja"} and term in row.text)


@cache
def _terms() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    text = (Path(__file__).parent / "identity.toml").read_text(encoding="utf-8")
    return {
        lang: {group: tuple(terms) for group, terms in table.items()}
        for lang, table in tomllib.loads(text).items()
    }
