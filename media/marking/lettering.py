"""Text for a visible mark: what may be written, in which font, and the bitmap that comes of it.

The font that comes with Pillow (Aileron, public domain) has the letters of English and some
punctuation, no more. Another script needs a font file of the operator's; right-to-left and joined
scripts are then laid out by Raqm (FriBidi and HarfBuzz), where Pillow has it. Text that the font
cannot show is refused and never drawn as boxes, and so is text that would show as something else
than it says: invisible characters, changes of direction, stacks of accents.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, features

from media.errors import FramegateError, InvalidInput

AI_LABEL: Final = "AI"
"""What is written where the operator gives no text of his own."""

MAX_CHARS: Final = 80
"""Longest text of a mark, in characters after normalisation (NFC)."""

_JOINERS = frozenset("\u200c\u200d")
_MAX_ACCENTS = 2
_PROBE_PX = 32
# No font has a glyph for a noncharacter, so that it shows what the font draws for "no glyph".
_MISSING = "\uffff"
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


class MarkTextRefused(InvalidInput):
    """The text of a visible mark is too long, empty, or holds characters that do not show."""

    reason = "MARK_TEXT_REFUSED"

    def __init__(
        self,
        message: str,
        *,
        field: str = "visible_mark.text",
        limit: float | str | None = None,
        actual: float | str | None = None,
        retry_after_ms: int | None = None,
    ) -> None:
        super().__init__(
            message, field=field, limit=limit, actual=actual, retry_after_ms=retry_after_ms
        )


class MarkTextNotInFont(MarkTextRefused):
    """The font has no glyph for a character of the text."""

    reason = "MARK_TEXT_NOT_IN_FONT"


class MarkFontUnreadable(FramegateError):
    """The font file of the operator's is missing or no font."""

    code = "FAILED_PRECONDITION"
    reason = "MARK_FONT_UNREADABLE"


def checked_text(text: str) -> str:
    """Return a text as it is written: NFC, without spaces around it; `AI_LABEL` for "".

    Raises:
        MarkTextRefused: It has no visible character, more than `MAX_CHARS`, or one that is a
            control, a change of direction, unassigned or private, or more than two accents on one
            letter.
    """
    if not text:
        return AI_LABEL
    if len(text) > 4 * MAX_CHARS:
        raise MarkTextRefused(
            "the text is too long (characters)", limit=MAX_CHARS, actual=len(text)
        )
    text = unicodedata.normalize("NFC", text).strip(" ")
    if len(text) > MAX_CHARS:
        raise MarkTextRefused(
            "the text is too long (characters)", limit=MAX_CHARS, actual=len(text)
        )
    accents = 0
    for char in text:
        kind = unicodedata.category(char)
        if kind[0] == "C" and char not in _JOINERS:
            raise MarkTextRefused(
                "the text holds a character that does not show", actual=_name(char)
            )
        if kind[0] == "Z" and char != " ":
            raise MarkTextRefused("the text holds a space other than U+0020", actual=_name(char))
        accents = accents + 1 if kind in {"Mn", "Me"} else 0
        if accents > _MAX_ACCENTS:
            raise MarkTextRefused("a letter of the text has too many accents", limit=_MAX_ACCENTS)
    if not any(unicodedata.category(char)[0] in "LNPS" for char in text):
        raise MarkTextRefused("the text has no visible character")
    return text


@dataclass(frozen=True, slots=True)
class Lettering:
    """Writes texts in one font. Not thread-safe, as Pillow's fonts are not.

    Attributes:
        font: A TrueType or OpenType file; None for the one that comes with Pillow.

    Raises:
        MarkFontUnreadable: There is no such file, or it is no font.
    """

    font: Path | None = None
    _faces: dict[int, ImageFont.FreeTypeFont] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._face(_PROBE_PX)

    def check(self, text: str) -> str:
        """Return a text as it is written, once it is known that the font can show all of it.

        Raises:
            MarkTextRefused: See `checked_text`.
            MarkTextNotInFont: A character has no glyph, or the script needs a layout engine that
                is not there.
        """
        text = checked_text(text)
        missing = self._bitmap(_MISSING)
        for char in dict.fromkeys(text):
            if char == " " or char in _JOINERS:
                continue
            drawn = self._bitmap(char)
            blank = not any(drawn[1]) and unicodedata.category(char)[0] != "M"
            if drawn == missing or blank:
                raise MarkTextNotInFont(
                    "the font of the mark cannot show a character of the text",
                    limit="the bundled font has English letters only; give visible_mark_font"
                    if self.font is None
                    else None,
                    actual=_name(char),
                )
        if _needs_layout(text) and not features.check_feature("raqm"):
            raise MarkTextNotInFont("the text needs Raqm to be laid out, and Pillow has none")
        return text

    def width(self, text: str, size_px: int) -> int:
        """Tell how wide a line is, in pixels."""
        left, _, right, _ = self._face(size_px).getbbox(text)
        return int(np.ceil(right - left))

    def line(self, text: str, size_px: int) -> NDArray[np.float32]:
        """Draw one line: (height, width), 0 to 1, cropped at the sides only.

        The height is that of the font, so that lines and letters stand evenly; ink that reaches
        over it is kept.
        """
        face = self._face(size_px)
        ascent, descent = face.getmetrics()
        left, top, right, bottom = (round(edge) for edge in face.getbbox(text))
        top, bottom = min(top, 0), max(bottom, ascent + descent)
        image = Image.new("L", (max(1, right - left), max(1, bottom - top)))
        ImageDraw.Draw(image).text((-left, -top), text, fill=255, font=face)
        return (np.asarray(image, np.float32) / 255).astype(np.float32)

    def _bitmap(self, char: str) -> tuple[tuple[int, int], bytes]:
        mask = self._face(_PROBE_PX).getmask(char)
        return mask.size, bytes(mask)

    def _face(self, size_px: int) -> ImageFont.FreeTypeFont:
        if size_px not in self._faces:
            self._faces[size_px] = self._load(size_px)
        return self._faces[size_px]

    def _load(self, size_px: int) -> ImageFont.FreeTypeFont:
        if self.font is None:
            # With FreeType, which every wheel of Pillow has, it is a scalable font.
            return cast("ImageFont.FreeTypeFont", ImageFont.load_default(size_px))
        try:
            return ImageFont.truetype(str(self.font), size_px)
        except OSError as error:
            raise MarkFontUnreadable(
                "the font of the visible mark cannot be read", field="visible_mark_font"
            ) from error


def _needs_layout(text: str) -> bool:
    return any(
        unicodedata.bidirectional(char) in _RIGHT_TO_LEFT or unicodedata.category(char) == "Mc"
        for char in text
    )


def _too_long(text: str) -> MarkTextRefused:
    return MarkTextRefused("the text is too long (characters)", limit=MAX_CHARS, actual=len(text))


def _name(char: str) -> str:
    return f"U+{ord(char):04X}"
