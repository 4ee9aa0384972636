"""English texts that are no video prompts: questions, requests, comments, harmless and harmful."""

from __future__ import annotations

from grammar import talk_harm, talk_life, talk_questions  # type: ignore[import-not-found]

GRAMMARS = (*talk_questions.GRAMMARS, *talk_life.GRAMMARS, *talk_harm.GRAMMARS)
