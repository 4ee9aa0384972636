"""Keeps texts of the evaluation sets out of training: the only reading of them in this recipe."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

_WORDS = re.compile(r"[^\w]+")
_RUN = 9


def evaluation_texts(folder: Path) -> tuple[set[str], set[str]]:
    """Plain forms of all texts, and all runs of nine words of the longer ones.

    Args:
        folder: Folder with `*.jsonl.gz`; an absent one has no texts.
    """
    whole: set[str] = set()
    runs: set[str] = set()
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                text = plain(json.loads(line)["text"])
                whole.add(text)
                runs.update(_runs(text))
    return whole, runs


def plain(text: str) -> str:
    """Lower-case words with single blanks between."""
    return _WORDS.sub(" ", text.lower()).strip()


def known(text: str, whole: set[str], runs: set[str]) -> bool:
    """Whether a text is one of them, or shares nine words in a row with one."""
    form = plain(text)
    return form in whole or any(run in runs for run in _runs(form))


def _runs(form: str) -> list[str]:
    words = form.split()
    return [" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)]
