"""Names of the files of a detector's folder, and how a folder may be called."""

from __future__ import annotations

import re
from typing import Final

WEIGHTS: Final = "detector.safetensors"
WORTH: Final = "calibration.toml"
MODEL_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
"""As a card's `id` must be."""
