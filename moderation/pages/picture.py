"""A picture on a page, as values that cross a process border."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Picture:
    """One frame twice, as `data:` URIs of JPEG files of the same size.

    Attributes:
        at_ms: Milliseconds after the first frame.
        width: Pixels across.
        height: Pixels down.
        blurred: What may be shown unasked.
        clear: What is shown to who asks for it.
    """

    at_ms: int
    width: int
    height: int
    blurred: str = field(repr=False)
    clear: str = field(repr=False)
