"""Where a visible mark is at which time.

It rests at a place, then glides to the next one, so that no crop and no still patch takes it out
of the whole clip: within one round it was in every half of the picture, in each corner and in the
middle.
"""

from __future__ import annotations

from typing import Final

REST_MS: Final = 2000
"""How long the mark stays at a place."""

GLIDE_MS: Final = 1000
"""How long it takes to the next one."""

PLACES: Final = ((1.0, 1.0), (0.0, 0.5), (1.0, 0.0), (0.5, 0.5), (0.0, 1.0), (1.0, 0.5), (0.0, 0.0))
"""Shares of the free width and height, left and top being 0. Neighbours lie far apart."""

ROUND_MS: Final = len(PLACES) * (REST_MS + GLIDE_MS)
"""After which the mark is back at its first place."""


def place_at(at_ms: float) -> tuple[float, float]:
    """Tell where the mark is.

    Args:
        at_ms: Time in the clip, 0 or more.

    Returns:
        Shares of the free width and height, each 0 to 1.
    """
    step, within = divmod(at_ms, REST_MS + GLIDE_MS)
    here = PLACES[int(step) % len(PLACES)]
    there = PLACES[(int(step) + 1) % len(PLACES)]
    share = max(0.0, within - REST_MS) / GLIDE_MS
    eased = share * share * (3 - 2 * share)
    return (
        here[0] + (there[0] - here[0]) * eased,
        here[1] + (there[1] - here[1]) * eased,
    )
