"""English texts that are no video prompts: questions, requests, comments, harmless and harmful."""

from __future__ import annotations

from grammar import (  # type: ignore[import-not-found]
    talk_harm,
    talk_life,
    talk_prose,
    talk_questions,
)

GRAMMARS = (
    *talk_questions.GRAMMARS,
    *talk_life.GRAMMARS,
    *talk_harm.GRAMMARS,
    *talk_prose.GRAMMARS,
)
