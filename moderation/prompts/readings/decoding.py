"""Decodes what is written in a code: base64, base32, hex, binary, character numbers, Morse.

A stretch is taken for a code only if what comes out is text: valid UTF-8, visible, mostly letters,
and with a word in it where it is short. Takes time in proportion to the length; what comes out is
never longer than what stood there.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from media.errors import InvalidInput
from moderation.prompts.normalise import Normalised, normalise
from moderation.prompts.readings import vocabulary
from moderation.prompts.readings.rewriting import Edit, rewrite
from moderation.prompts.scripts import TOKEN

_MOST_STRETCHES = 50
_FEWEST_LETTERS = 3
_LETTER_SHARE = 0.75
_SURE_BYTES = 12  # so many bytes are not text by accident
MORSE = {
    ".-": "a", "-...": "b", "-.-.": "c", "-..": "d", ".": "e", "..-.": "f", "--.": "g", "....": "h",
    "..": "i", ".---": "j", "-.-": "k", ".-..": "l", "--": "m", "-.": "n", "---": "o", ".--.": "p",
    "--.-": "q", ".-.": "r", "...": "s", "-": "t", "..-": "u", "...-": "v", ".--": "w", "-..-": "x",
    "-.--": "y", "--..": "z", "-----": "0", ".----": "1", "..---": "2", "...--": "3", "....-": "4",
    ".....": "5", "-....": "6", "--...": "7", "---..": "8", "----.": "9",
    ".-.-.-": ".", "--..--": ",", "..--..": "?",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Code:
    """One code: its name, what it looks like, and how to read it."""

    name: str
    looks: re.Pattern[str]
    read: Callable[[str], bytes]


def _base64(text: str) -> bytes:
    compact = "".join(text.split()).rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(compact + "=" * (-len(compact) % 4), validate=True)


def _base32(text: str) -> bytes:
    compact = text.rstrip("=")
    return base64.b32decode(compact + "=" * (-len(compact) % 8))


def _hex(text: str) -> bytes:
    digits = re.sub(r"0x|\\x|[^0-9a-f]", "", text.lower())
    return bytes.fromhex(digits)


def _binary(text: str) -> bytes:
    return bytes(int(octet, 2) for octet in re.findall("[01]{8}", text))


def _numbers(text: str) -> bytes:
    return "".join(chr(int(number)) for number in re.findall(r"\d+", text)).encode()


def _escapes(text: str) -> bytes:
    units = re.findall(r"[0-9a-f]{4,6}", text.lower())
    return "".join(chr(int(unit, 16)) for unit in units).encode()


def _morse(text: str) -> bytes:
    spaced = re.sub(r" ?[/|] ?", " / ", text.translate(_MORSE_SIGNS))
    return "".join(" " if code == "/" else MORSE[code] for code in spaced.split()).encode()


_MORSE_SIGNS = str.maketrans("\u2022\u00b7\u2219\u2013\u2014\u2212_", "...----")
_DASHES = r"[.\-_\u2022\u00b7\u2219\u2013\u2014\u2212]{1,6}"
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}[\w .,!?+-]{0,40}){3,}")
_ENTITIES = re.compile(r"(?:&#x?[0-9a-fA-F]{2,6};[ ]?){3,}")
_HEX = re.compile(r"(?<![\w#])(?:(?:0x|\\x)?[0-9a-fA-F]{2}[ :,;.-]?){3,}[0-9a-fA-F]{2}(?!\w)")
_BASE64 = re.compile(r"(?<![\w+/])[A-Za-z0-9+/_-]{6,}(?:[ ][A-Za-z0-9+/_-]{20,})*={0,2}(?![\w=+/])")
_MORSE_RUN = re.compile(rf"(?<![\w.]){_DASHES}(?:(?: |[ ]?[/|][ ]?){_DASHES}){{2,}}(?![\w])")
_CODES = (
    _Code("percent", _PERCENT, unquote_to_bytes),
    _Code("numbers", _ENTITIES, lambda text: html.unescape(text).encode()),
    _Code("escapes", re.compile(r"(?:\\?[uU]\+?\{?[0-9a-fA-F]{4,6}\}?[ ]?){3,}"), _escapes),
    _Code("binary", re.compile(r"(?<![\w])[01]{8}(?:[ ,.]?[01]{8}){2,}(?!\w)"), _binary),
    _Code("hex", _HEX, _hex),
    _Code("numbers", re.compile(r"(?<![\w.])\d{2,3}(?:[ ,.;-]{1,2}\d{2,3}){3,}(?![\w])"), _numbers),
    _Code("base32", re.compile(r"(?<![\w])[A-Z2-7]{13,}={0,6}(?![\w=])"), _base32),
    _Code("base64", _BASE64, _base64),
    _Code("morse", _MORSE_RUN, _morse),
)


def decode(text: Normalised) -> tuple[str, Normalised] | None:
    """The text with what is in a code decoded, and the first code's name; None where nothing is."""
    edits: dict[tuple[int, int], Edit] = {}
    names: list[str] = []
    for code in _CODES:
        for tried, match in enumerate(code.looks.finditer(text.text)):
            if tried == _MOST_STRETCHES:
                break
            if any(match.start() < end and start < match.end() for start, end in edits):
                continue
            plain = _plain(code, match.group())
            if plain is not None:
                edits[match.span()] = Edit(*match.span(), plain)
                names.append(code.name)
    decoded = rewrite(text, [edits[span] for span in sorted(edits)]) if edits else None
    return (names[0], decoded) if decoded is not None else None


def _plain(code: _Code, stretch: str) -> str | None:
    """What a stretch says in a code, in its plain form; None if that is no text."""
    if code.name == "base64" and stretch.isalpha() and vocabulary.is_word(stretch.lower()):
        return None
    try:
        raw = code.read(stretch)
        plain = normalise(raw.decode("utf-8")).text
    except (ValueError, KeyError, OverflowError, binascii.Error, InvalidInput):
        return None
    return plain if len(plain) <= len(stretch) and _is_text(plain, len(raw)) else None


def _is_text(plain: str, size: int) -> bool:
    letters = sum(char.isalpha() or char == " " for char in plain)
    if letters < max(_FEWEST_LETTERS, _LETTER_SHARE * len(plain)) and not is_code(plain):
        return False
    words = [match.group().lower() for match in TOKEN.finditer(plain)]
    known = sum(len(word) for word in words if len(word) > 1 and vocabulary.is_word(word))
    if size >= _SURE_BYTES:
        return plain.isprintable()
    return known * 2 >= sum(map(len, words))


def is_code(plain: str) -> bool:
    """Whether a text looks as though it were in a code once more."""
    return any(
        code.name in ("base64", "hex", "binary") and code.looks.fullmatch(plain) for code in _CODES
    )
