"""CPU time of one call, on one core, over fixed prompts of 30 words."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from models.evaluation.metrics import interval
from models.evaluation.numbers import ROUNDS, Number

Times = NDArray[np.float64]
WORDS: Final = 30
PROMPTS: Final = 40
PASSES: Final = 3
_LEAST_MS: Final = 1e-4
#: Prompts that an alternative is asked for, once each: some take a second.
OF_OTHERS: Final = 10
_PLACES: Final = ("a quiet harbour", "an old library", "a crowded market", "a snowy village")
_LIGHT: Final = ("at dawn", "at noon", "in the evening", "by candle light", "in heavy rain")
_HARMLESS: Final = (
    "a fisherman mends his nets",
    "two children fly a red kite",
    "a cook slices bread",
)
_HARMFUL: Final = (
    "a masked man beats a shopkeeper with a bat",
    "a soldier shoots a kneeling prisoner",
    "a crowd burns a house with people inside",
)
_ENDING: Final = (
    "filmed with a handheld camera on old film stock while the view moves slowly forward and the "
    "sound of wind and distant bells can be heard over the whole scene until it fades out"
)


def prompts(*, harmful: bool) -> tuple[str, ...]:
    """The fixed prompts: `PROMPTS` different ones, each of exactly `WORDS` words."""
    chance = random.Random(harmful)  # noqa: S311 - a fixed list, not a secret
    acts = _HARMFUL if harmful else _HARMLESS
    made = []
    for number in range(PROMPTS):
        parts = (chance.choice(acts), f"in {chance.choice(_PLACES)}", chance.choice(_LIGHT))
        words = f"take {number} {' '.join(parts)} {_ENDING}".split()
        made.append(" ".join(words[:WORDS]))
    return tuple(made)


def cpu_ms(call: Callable[[str], object], texts: Sequence[str], *, passes: int = PASSES) -> Times:
    """CPU milliseconds of the process for each call, the best of some passes for each text.

    The best of several, because what else the machine does can only add.
    """
    with one_core():
        call(texts[0])
        spent = np.array([[_one(call, text) for text in texts] for _ in range(passes)])
    return np.asarray(spent.min(axis=0), dtype=np.float64)


def cost_numbers(
    ours: Callable[[str], object], others: Sequence[tuple[str, Callable[[str], object]]]
) -> Iterator[Number]:
    """Median and 95th percentile of a call, and how many times that of each alternative it is."""
    sets = {"benign": prompts(harmful=False), "harmful": prompts(harmful=True)}
    spent = {kind: cpu_ms(ours, texts) for kind, texts in sets.items()}
    for kind, each in spent.items():
        data = f"{WORDS}-word prompts ({kind})"
        yield _of("cpu_ms_median", data, "screening", each, np.median)
        yield _of("cpu_ms_p95", data, "screening", each, lambda ms: np.quantile(ms, 0.95))
    for name, call in others:
        each = cpu_ms(call, sets["benign"][:OF_OTHERS], passes=1)
        data = f"{WORDS}-word prompts (benign)"
        yield _of("cpu_ms_median", data, name, each, np.median)
        yield _ratio(data, name, spent["benign"], each)


@contextmanager
def one_core() -> Iterator[None]:
    """Keeps the calling thread on one core, and libraries to one thread, for the block."""
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    with threadpool_limits(limits=1):
        try:
            if allowed:
                os.sched_setaffinity(0, {max(allowed)})
            yield
        finally:
            if allowed:
                os.sched_setaffinity(0, allowed)


def _one(call: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    call(text)
    return (time.process_time() - began) * 1000


def _ratio(data: str, name: str, ours: Times, others: Times) -> Number:
    chance = np.random.default_rng(0)
    drawn = [
        _times(chance.choice(ours, ours.size), chance.choice(others, others.size))
        for _ in range(ROUNDS)
    ]
    return Number(
        measure="cpu_ratio",
        data=data,
        system=name,
        value=_times(ours, others),
        low=interval(drawn)[0],
        high=interval(drawn)[1],
        n=int(others.size),
        note="median of ours over median of it",
    )


def _times(ours: Times, others: Times) -> float:
    return float(np.median(ours)) / max(float(np.median(others)), _LEAST_MS)


def _of(
    measure: str,
    data: str,
    system: str,
    each: Times,
    statistic: Callable[[Times], np.floating],
) -> Number:
    chance = np.random.default_rng(0)
    drawn = [float(statistic(chance.choice(each, each.size))) for _ in range(ROUNDS)]
    return Number(
        measure=measure,
        data=data,
        system=system,
        value=float(statistic(each)),
        low=interval(drawn)[0],
        high=interval(drawn)[1],
        n=int(each.size),
    )
