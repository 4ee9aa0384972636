"""How much each row counts in training, so that neither lines nor one page decide."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from provenance.detection.training.corpus import HIGH_DRAWS, SURVEILLANCE, SURVEILLANCE_SHARE
from provenance.detection.training.table import Table

Floats = NDArray[np.float64]
#: Weight of own reconstructions against that of the generated clips; chosen on `train`.
OWN_SHARE = 0.3


def row_weights(table: Table) -> Floats:
    """How much each row counts in training.

    Among rows of low and among those of high bottlenecks both classes count the same, so that
    lines say nothing of the class. Inside a class a source counts by the root of its clips, and
    one surveillance set for a quarter of the real class at most. Reconstructions of our own, and
    the real clips beside them, have a fixed share of their class's weight on top.
    """
    weights = np.zeros(len(table))
    weights[~table.own] = _clip_weights(table.where(~table.own))
    for fake in (False, True):
        kind = table.fake == fake
        mine = kind & table.own
        weights[mine] = OWN_SHARE * weights[kind & ~table.own].sum() / max(1, mine.sum())
    return weights


def _clip_weights(table: Table) -> Floats:
    weights = np.zeros(len(table))
    sources = table.column(lambda clip: clip.source)
    files = table.column(lambda clip: clip.file)
    for high in (False, True):
        for fake in (False, True):
            there = ((table.lines >= HIGH_DRAWS[0]) == high) & (table.fake == fake)
            if not there.any():
                continue
            shares = {}
            for source in np.unique(sources[there]):
                mine = there & (sources == source)
                shares[source] = np.sqrt(len(np.unique(files[mine])))
            watched = shares.get(SURVEILLANCE, 0.0)
            if watched and not fake:
                others = sum(shares.values()) - watched
                most = others * SURVEILLANCE_SHARE / (1 - SURVEILLANCE_SHARE)
                shares[SURVEILLANCE] = min(watched, most) if others else watched
            total = sum(shares.values())
            for source, share in shares.items():
                mine = there & (sources == source)
                weights[mine] = share / total / mine.sum() * there.sum()
        both = (table.lines >= HIGH_DRAWS[0]) == high
        for fake in (False, True):
            mine = both & (table.fake == fake)
            if mine.any():
                weights[mine] *= both.sum() / 2 / weights[mine].sum()
    return weights
