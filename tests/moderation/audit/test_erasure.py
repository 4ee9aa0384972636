from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url

from media.errors import InvalidInput
from moderation.audit import merkle
from moderation.audit.bundle import export, verify
from moderation.audit.erasure import erase_payload, erase_subject
from moderation.audit.inspection import inspect
from moderation.store import verdicts
from moderation.store.database import reading
from moderation.store.effects import together
from moderation.store.errors import PayloadUnreadable, SubjectUnknown, VerdictUnknown
from moderation.store.idempotency import Answers
from moderation.store.schema import subjects
from moderation.store.subjects import MasterKey
from moderation.verdict import Decision
from tests.moderation.databases import Home, entry


async def test_erased_payloads_are_unreadable_and_proofs_hold(home: Home, tmp_path: Path) -> None:
    with home.log() as log:
        for number in range(4):
            await log.append(entry(number), payload=b"secret", subject="user-1")
        kept = await log.append(entry(4), payload=b"kept", subject="user-2")
        before = log.checkpoint()
        proof = log.inclusion_proof(1, 5)
        erased = erase_subject(log, "user-1", time_ms=9, request_id="r", actor="auditor-1")
        assert erased.scrubbed
        assert erased.receipt.result.payload_count == 4
        leaf = log.entries(5, 1)[0].document
        assert leaf is not None
        assert (leaf.event, leaf.actor, leaf.subject_key) == (
            "subject.erased",
            "auditor-1",
            erased.subject_key,
        )
        for index in range(4):
            with pytest.raises(PayloadUnreadable, match="erased"):
                log.payload(index)
        assert log.payload(kept.leaf_index) == b"kept"
        root = before.checkpoint.root
        assert merkle.verify_inclusion(log.entries(1, 1)[0].hash, 1, 5, proof.hashes, root)
        assert inspect(log.engine, log.verifier).ok
        export(log, tmp_path / "bundle", with_payloads=True)
        report = verify(tmp_path / "bundle", log.verifier, known=[before.note])
        assert report.ok, report.problems
        assert (report.payload_count, report.known_count) == (5, 1)


async def test_a_subject_that_comes_back_has_a_new_key(home: Home) -> None:
    with home.log() as log:
        first = await log.append(entry(), payload=b"1", subject="user-1")
        erase_subject(log, "user-1", time_ms=2)
        with pytest.raises(SubjectUnknown):
            erase_subject(log, "user-1", time_ms=3)
        again = await log.append(entry(), payload=b"2", subject="user-1")
        assert again.subject_key != first.subject_key
        assert log.payload(again.leaf_index) == b"2"
        assert log.size == 3


async def test_another_process_sees_the_erasure(home: Home) -> None:
    with home.log() as one, home.log() as two:
        first = await one.append(entry(), payload=b"1", subject="user-1")
        erase_subject(two, "user-1", time_ms=2)
        with pytest.raises(PayloadUnreadable):
            one.payload(0)
        again = await one.append(entry(), payload=b"2", subject="user-1")
        assert again.subject_key != first.subject_key


async def test_one_nameless_record_can_be_erased(home: Home) -> None:
    with home.log() as log:
        await log.append(entry(), payload=b"1")
        await log.append(entry(), payload=b"2")
        assert erase_payload(log, 0, time_ms=5).receipt.result.payload_count == 1
        with pytest.raises(PayloadUnreadable):
            log.payload(0)
        assert log.payload(1) == b"2"
        with pytest.raises(SubjectUnknown):
            erase_payload(log, 0, time_ms=6)
        with pytest.raises(PayloadUnreadable):
            erase_payload(log, 2, time_ms=6)


async def test_what_lies_beside_the_log_goes_too(home: Home) -> None:
    with home.log() as log:
        answers = Answers(log.engine)
        facts = verdicts.PromptVerdict(
            verdict_id="v1", decision=Decision.BLOCK, created_ms=1, scores={"violence": 0.9}
        )
        with answers.claim("caller", "ScreenPrompt", "key", b"request", now_ms=1) as claim:
            effect = together(
                verdicts.keep(facts), answers.remember(claim, lambda _leaf: b"r", now_ms=1)
            )
            await log.append(entry(), payload=b"1", subject="user-1", effect=effect)
        gone = erase_subject(log, "user-1", time_ms=2).receipt.result
        assert (gone.verdict_count, gone.answer_count) == (1, 1)
        with reading(log.engine) as connection, pytest.raises(VerdictUnknown):
            verdicts.get(connection, "v1")
        with answers.claim("caller", "ScreenPrompt", "key", b"request", now_ms=3) as claim:
            assert claim.response is None


def test_unknown_and_malformed_subjects(home: Home) -> None:
    with home.log() as log:
        with pytest.raises(SubjectUnknown):
            erase_subject(log, "nobody", time_ms=1)
        with pytest.raises(InvalidInput):
            erase_subject(log, "not a pseudonym", time_ms=1)
        with pytest.raises(SubjectUnknown):
            erase_subject(log, "", time_ms=1)
        assert log.size == 0


async def test_nothing_of_the_key_stays_in_the_files(home: Home) -> None:
    if not home.url.startswith("sqlite"):
        pytest.skip("the files of PostgreSQL belong to its server")
    with home.log() as log:
        for number in range(50):
            await log.append(entry(number), payload=b"x", subject=f"user-{number}")
        with reading(log.engine) as connection:
            rows = connection.execute(select(subjects.c.tag, subjects.c.wrapped_key)).all()
        tag = MasterKey.load(home.keys).tag("user-7")
        wrapped = next(row.wrapped_key for row in rows if row.tag == tag)
        files = list(Path(make_url(home.url).database or "").parent.iterdir())
        assert any(wrapped in file.read_bytes() for file in files)
        assert erase_subject(log, "user-7", time_ms=1).scrubbed
        assert not any(wrapped in file.read_bytes() for file in files)
        assert not any(tag in file.read_bytes() for file in files)
        assert not any(b"user-7" in file.read_bytes() for file in files)
