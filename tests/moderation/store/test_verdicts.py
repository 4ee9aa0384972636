from __future__ import annotations

import pytest

from moderation.audit.errors import AuditUnavailable
from moderation.store import verdicts
from moderation.store.database import reading
from moderation.store.errors import VerdictUnknown
from moderation.store.verdicts import PromptVerdict
from moderation.verdict import Decision
from tests.moderation.databases import Home, entry


async def test_a_prompt_verdict_reads_back(home: Home) -> None:
    verdict = PromptVerdict(
        verdict_id="v-1",
        decision=Decision.REVIEW,
        created_ms=5,
        caller="studio",
        scores={"violence": 0.25, "sexual": 1e-7},
        minor_in_prompt=True,
        language="de",
    )
    with home.log() as log:
        receipt = await log.append(
            entry(), payload=b"x", subject="user-1", effect=verdicts.keep(verdict)
        )
        with pytest.raises(AuditUnavailable):
            await log.append(entry(), effect=verdicts.keep(verdict))
        with reading(log.engine) as connection:
            read = verdicts.get(connection, "v-1")
            with pytest.raises(VerdictUnknown):
                verdicts.get(connection, "v-2")
    assert read.subject_key == receipt.subject_key
    assert read.leaf_index == receipt.leaf_index
    assert (read.decision, read.scores, read.language) == (
        Decision.REVIEW,
        {"violence": 0.25, "sexual": 1e-7},
        "de",
    )
    assert read.minor_in_prompt
    assert read.caller == "studio"
