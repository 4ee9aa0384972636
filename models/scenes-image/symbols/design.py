"""What a design is: a name, a family, a label and the function that draws it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from .sheet import Sheet

Label = Literal["hate_symbol", "contextual", "benign_confusable", "benign"]
HATE: Label = "hate_symbol"
CONTEXTUAL: Label = "contextual"
CONFUSABLE: Label = "benign_confusable"
BENIGN: Label = "benign"
#: From the gravest to none; a picture of several designs has the gravest of their labels.
LABELS: tuple[Label, ...] = (HATE, CONTEXTUAL, CONFUSABLE, BENIGN)


@dataclass(frozen=True, slots=True)
class Design:
    """One design, whose line widths, lengths and proportions are drawn by chance each time.

    Attributes:
        name: Name, once among all designs.
        family: Designs of one shape or idea; an evaluation holds out families, not designs.
        label: What a picture of it is to a classifier.
        draw: Draws it on a sheet, inside [-1, 1] x [-1, 1].
        glyph: True where it is drawn in the sheet's ink alone, so that any colour and any ground
            may be chosen for it; an emblem brings its own colours.
        upright: True where turning it would make it another symbol.
    """

    name: str
    family: str
    label: Label
    draw: Callable[[Sheet], None]
    glyph: bool = True
    upright: bool = False


def glyphs(
    family: str,
    label: Label,
    drawings: dict[str, Callable[[Sheet], None]],
    *,
    upright: bool = False,
) -> tuple[Design, ...]:
    """The one-coloured designs of a family."""
    return tuple(
        Design(name, family, label, draw, upright=upright) for name, draw in drawings.items()
    )


def emblems(
    family: str,
    label: Label,
    drawings: dict[str, Callable[[Sheet], None]],
    *,
    upright: bool = False,
) -> tuple[Design, ...]:
    """The designs of a family that bring their own colours."""
    return tuple(
        Design(name, family, label, draw, glyph=False, upright=upright)
        for name, draw in drawings.items()
    )
