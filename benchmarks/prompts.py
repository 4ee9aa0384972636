"""How good prompt screening is: `framegate models evaluate prompt-safety`, and evasions on top.

    python -m benchmarks.prompts [--data ../shared/data/text] [--out DIR] [--sample N] [--write]

Prints the headlines; `--out` writes report.md, report.json and two plots, `--write` the model's
card and README. Without labelled sets there is nothing to measure, and it says so.
"""

from __future__ import annotations

import argparse
import importlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from moderation import settings as settings_module
from moderation.assembly import PROMPT_MODEL
from moderation.cli.evaluation import finish, run_evaluation


class KnownAttacks:
    """The attacks of `benchmarks.attacks`, as the evaluation asks for them."""

    def __init__(self) -> None:
        self._module: Any = importlib.import_module("benchmarks.attacks")

    @property
    def names(self) -> Sequence[str]:
        """Name of each attack."""
        names: Sequence[str] = self._module.ATTACKS
        return names

    def attack(self, name: str, text: str, seed: int) -> str:
        """Writes a text in one of the ways."""
        return str(self._module.attack(name, text, seed))


def _known_attacks() -> KnownAttacks | None:
    try:
        return KnownAttacks()
    except ModuleNotFoundError as error:
        if error.name != "benchmarks.attacks":
            raise
        return None


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    shared = Path(os.environ.get("FRAMEGATE_DATA", Path("..") / "shared" / "data")) / "text"
    parser.add_argument("--data", type=Path, default=shared, help="folder of labelled sets")
    parser.add_argument("--out", type=Path, help="folder for report, numbers and plots")
    parser.add_argument("--sample", type=int, help="most rows of one language of a set")
    parser.add_argument("--no-compare", action="store_true", help="leave the alternatives out")
    parser.add_argument("--write", action="store_true", help="write the model's card and README")
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"no labelled sets at {options.data}: nothing to measure (give --data)")
        return
    settings = settings_module.load()
    evaluation = run_evaluation(
        settings,
        PROMPT_MODEL,
        options.data,
        sample=options.sample,
        compare=not options.no_compare,
        attacks=_known_attacks(),
    )
    finish(evaluation, options.out, write=options.write, settings=settings)


if __name__ == "__main__":
    main()
