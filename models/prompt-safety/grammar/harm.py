"""The harmful English video prompts of every subject."""

from __future__ import annotations

from grammar import (  # type: ignore[import-not-found]
    harm_illicit,
    harm_known,
    harm_people,
    harm_society,
    harm_violence,
)

GRAMMARS = (
    *harm_violence.GRAMMARS,
    *harm_illicit.GRAMMARS,
    *harm_society.GRAMMARS,
    *harm_people.GRAMMARS,
    *harm_known.GRAMMARS,
)
