"""Pictures for training a classifier of hate symbols: drawn designs on surfaces and photographs.

Public sets hold few pictures of hate symbols and hardly any of what looks like them. Every
picture here is drawn by geometry and chance: no picture of another maker is used. They train, and
they are never used to report a number; `Design.family` lets an evaluation hold whole families
out. `python models/scenes-image/symbols sheet.png` writes a sheet of them and prints their counts.
"""

from __future__ import annotations

from .design import LABELS, Design, Label
from .designs import DESIGNS
from .rendering import Rendered, render
from .styles import STYLES

__all__ = ["DESIGNS", "LABELS", "STYLES", "Design", "Label", "Rendered", "render"]
