"""Trains the detector that ships; `train` is the way to run it.

The classifier learns from random launderings of the clips of the training split and of
reconstructions of its real clips; what its scores are worth comes from the same clips, scored by
models that left their sources out. Nothing of the evaluation split is read.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from provenance.detection.calibration import Calibration
from provenance.detection.training.extraction import Tell, extract_all
from provenance.detection.training.learning import calibration, classifier, draws, usable
from provenance.detection.training.naming import WEIGHTS, WORTH
from provenance.detection.training.reconstruction import reconstruct
from provenance.detection.training.table import read, read_own
from provenance.detection.training.worth import written


def measure_all(data: Path, features: Path, cache: Path, tell: Tell) -> None:
    """Measure all clips and reconstructions that are not measured yet."""
    extract_all(data, features, cache, tell)
    own = features / "own"
    if not any(own.glob("*.npz")):
        reconstruct(data, own, cache, tell)


def fit(data: Path, features: Path) -> dict[str, bytes]:
    """Learn from what was measured; the files of the model by name.

    The same features give the same bytes.
    """
    table = read(data, features)
    table = table.where(np.array([clip.split == "train" for clip in table.clips]))
    learned = draws(table).beside(usable(read_own(data, features / "own")))
    raw = written(calibration(table, learned))
    Calibration.parse(raw)
    return {WEIGHTS: classifier(learned).write(), WORTH: raw}
