"""Trains `synthetic-video`: its weights and its calibration, beside this file.

    python models/synthetic-video/train.py --data FOLDER [--features FOLDER]

Every clip of the training split is laundered and measured first (half an hour on one core; kept in
`--features`); fitting takes a minute. `python -m benchmarks.detecting` then measures what came out.
"""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parents[1]))

from benchmarks.detection.training import main  # noqa: E402

if __name__ == "__main__":
    main(FOLDER)
