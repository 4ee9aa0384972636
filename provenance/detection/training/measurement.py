"""The statistics of an operator's own clips, after the laundering that was trained with.

Both folders go through one and the same random laundering, so that size, rate, length, codec and
container of a folder's files cannot be what is learned.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from media.limits import MediaLimits
from media.probe import probe
from provenance.detection.backbone import Backbone
from provenance.detection.classifier import Classifier, Rows
from provenance.detection.detection import clip_rows
from provenance.detection.domain import is_still, looks_drawn, stated_reason
from provenance.detection.features import FAMILIES, measure
from provenance.detection.laundering import Laundering, decoded, drawn, laundered
from provenance.detection.sampling import bursts
from provenance.detection.training.corpus import HIGH_DRAWS, LOW_DRAWS
from provenance.detection.training.examples import Clip, Examples, LeftOut
from provenance.detection.training.folders import (
    Found,
    Tell,
    attempt,
    check_counts,
    not_usable,
    opened,
)

_DRAWS: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    rows: Rows
    high: bool
    known: bool


def read(
    generated: Path,
    real: Path,
    shipped: Classifier,
    backbone: Backbone,
    limits: MediaLimits,
    tell: Tell,
) -> Examples:
    """Read, launder and measure the clips of two folders and of the folders below them.

    Args:
        generated: Clips of the operator's generator.
        real: Camera clips, of the kind that will be asked about.
        shipped: What says which clips it can speak of.
        backbone: The frozen network.
        limits: What a clip may cost.
        tell: Called with a line for each clip.

    Raises:
        TooFewExamples: A folder holds fewer than `LEAST` usable clips.
        TooManyExamples: A folder holds more than `MOST` files.
        ExampleInBothClasses: A file is in both.
    """
    left_out: list[LeftOut] = []
    found = opened(generated, real, limits, left_out, tell)
    return _measured(found, left_out, shipped, backbone, tell)


def _measured(
    found: Sequence[Found],
    left_out: list[LeftOut],
    shipped: Classifier,
    backbone: Backbone,
    tell: Tell,
) -> Examples:
    top = top_lines([one.clip for one in found])
    clips: list[Clip] = []
    places: list[int] = []
    rows: list[_Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for number, one in enumerate(found, 1):
            made = attempt(
                one.clip.name,
                left_out,
                tell,
                partial(_rows, one, top, Path(folder), shipped, backbone),
            )
            if made is not None:
                places += [len(clips)] * len(made)
                rows += made
                clips.append(one.clip)
            tell(f"measured {number} of {len(found)}")
    check_counts(clips)
    return Examples(
        tuple(clips),
        tuple(left_out),
        np.array(places, np.int64),
        np.array([row.high for row in rows], bool),
        {family: np.concatenate([row.rows[family] for row in rows]) for family in FAMILIES},
        np.array([row.known for row in rows], bool),
    )


def top_lines(clips: Sequence[Clip]) -> int:
    """Lines up to which clips of both classes are there."""
    tops = [max(clip.lines for clip in clips if clip.fake == fake) for fake in (False, True)]
    return min(*tops, HIGH_DRAWS[1])


def recipes(clip: Clip, top: int) -> list[Laundering]:
    """How a clip is laundered: low draws, and high ones where both classes have the lines.

    What is drawn depends on the file's bytes alone, so that a run can be repeated.
    """
    chance = random.Random(f"adapt {clip.sha256}")  # noqa: S311 - a draw that can be repeated
    chosen = [drawn(chance, *LOW_DRAWS) for _ in range(_DRAWS)]
    most = min(clip.lines, top)
    if most > HIGH_DRAWS[0]:
        chosen += [drawn(chance, HIGH_DRAWS[0], most) for _ in range(_DRAWS)]
    return chosen


def _rows(
    one: Found, top: int, folder: Path, shipped: Classifier, backbone: Backbone
) -> list[_Row]:
    whole = decoded(one.path)
    made = []
    for recipe in recipes(one.clip, top):
        path = laundered(whole, recipe, folder / "clip")
        info = probe(path)
        if not stated_reason(info):
            features = measure(bursts(path, info), backbone)
            rows = clip_rows(features)
            known = bool(
                not is_still(features)
                and not looks_drawn(features.names, rows)[0]
                and shipped.strangeness(rows)[0] <= shipped.layout.strange
            )
            made.append(_Row(rows, recipe.lines >= HIGH_DRAWS[0], known))
    if not made:
        raise not_usable("too_short")
    return made
