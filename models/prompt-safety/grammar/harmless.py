"""The harmless English video prompts of every subject."""

from __future__ import annotations

from grammar import (  # type: ignore[import-not-found]
    harmless_contrast,
    harmless_groups,
    harmless_life,
    harmless_scenes,
)

GRAMMARS = (
    *harmless_scenes.GRAMMARS,
    *harmless_life.GRAMMARS,
    *harmless_contrast.GRAMMARS,
    *harmless_groups.GRAMMARS,
)
