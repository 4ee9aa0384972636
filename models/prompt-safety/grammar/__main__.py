"""Prints how many texts the grammars write: `python models/prompt-safety/grammar`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from grammar import counts  # type: ignore[import-not-found]

if __name__ == "__main__":
    print(counts())
