"""What the review of a clip needs to know of its prompt: the decision and the scores.

The prompt and the whole judgement lie in the encrypted payload of its leaf. These few facts are
kept apart so that a clip can be judged without decrypting anything; since scores say something
about the person who wrote the prompt, erasing the subject removes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection, insert, select

from moderation.store.effects import Effect, Leaf
from moderation.store.errors import VerdictUnknown
from moderation.store.schema import prompt_verdicts
from moderation.verdict import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptVerdict:
    """A verdict on a prompt, as far as the review of a clip looks at it.

    Attributes:
        verdict_id: Its id, at most 64 characters.
        decision: What was decided.
        created_ms: When.
        caller: Who asked, as the service knows callers; only the same caller may refer to it.
        scores: Highest calibrated score by category.
        minor_in_prompt: Whether a word of the prompt speaks of a minor.
        language: ISO 639 code, or "".
        subject_key: Id of the subject's key, or ""; filled in by `keep`.
        leaf_index: Its leaf; filled in by `keep`.
    """

    verdict_id: str
    decision: Decision
    created_ms: int
    caller: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)
    minor_in_prompt: bool = False
    language: str = ""
    subject_key: str = ""
    leaf_index: int = 0


class _Facts(msgspec.Struct, frozen=True):
    scores: dict[str, float]
    minor_in_prompt: bool
    language: str


# Made once: this runs on the path of every prompt, and SQLAlchemy caches what it compiles of it.
_INSERT = insert(prompt_verdicts)
_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder(_Facts)


def keep(verdict: PromptVerdict) -> Effect[None]:
    """Make the effect that stores a prompt verdict beside its leaf."""

    def run(connection: Connection, leaf: Leaf) -> None:
        facts = _Facts(dict(verdict.scores), verdict.minor_in_prompt, verdict.language)
        connection.execute(
            _INSERT,
            {
                "verdict_id": verdict.verdict_id,
                "subject_key": verdict.subject_key or leaf.subject_key,
                "caller": verdict.caller,
                "decision": verdict.decision.value,
                "facts": _ENCODER.encode(facts),
                "leaf_index": leaf.index,
                "created_ms": verdict.created_ms,
            },
        )

    return run


def get(connection: Connection, verdict_id: str) -> PromptVerdict:
    """Read a prompt verdict.

    Raises:
        VerdictUnknown: If there is none of this id, or its subject was erased.
    """
    query = select(prompt_verdicts).where(prompt_verdicts.c.verdict_id == verdict_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise VerdictUnknown("there is no prompt verdict of this id", field="prompt_verdict_id")
    facts = _DECODER.decode(row.facts)
    return PromptVerdict(
        verdict_id=row.verdict_id,
        decision=Decision(row.decision),
        created_ms=row.created_ms,
        caller=row.caller,
        scores=facts.scores,
        minor_in_prompt=facts.minor_in_prompt,
        language=facts.language,
        subject_key=row.subject_key,
        leaf_index=row.leaf_index,
    )
