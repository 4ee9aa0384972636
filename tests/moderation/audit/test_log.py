from __future__ import annotations

import asyncio
import threading
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select, text, update
from sqlalchemy.exc import OperationalError

from media.errors import InvalidInput
from moderation.audit import merkle
from moderation.audit.checkpoint import LogKey
from moderation.audit.errors import (
    AuditEntryInvalid,
    AuditUnavailable,
    LogCorrupt,
    NotInLog,
)
from moderation.audit.log import AuditLog
from moderation.audit.writer import Pending
from moderation.store import clips
from moderation.store.clips import ClipRecord, ClipState
from moderation.store.database import reading, writing
from moderation.store.effects import Leaf, together
from moderation.store.errors import ClipExists, DatabaseMismatch, PayloadUnreadable
from moderation.store.schema import checkpoints, leaves, log_head, nodes, subjects
from moderation.store.subjects import MAX_PAYLOAD_BYTES, MasterKey
from tests.moderation.databases import Home, entry


def _record(clip_id: str) -> ClipRecord:
    return ClipRecord(clip_id=clip_id, sha256="ab" * 32, size_bytes=1, created_ms=1)


async def test_receipts_name_the_leaf(home: Home) -> None:
    with home.log() as log:
        for number in range(5):
            receipt = await log.append(entry(number))
            leaf = log.entries(number, 1)[0]
            assert receipt.leaf_index == leaf.index == number
            assert receipt.leaf_hash == leaf.hash.hex() == merkle.leaf_hash(leaf.leaf).hex()
            assert leaf.document is not None
            assert leaf.document.request_id == f"request-{number}"
        assert log.size == 5


async def test_64_tasks_append_at_once(home: Home) -> None:
    with home.log(batch_limit=10) as log:

        async def work(task: int) -> list[int]:
            return [
                (await log.append(entry(task), payload=b"p", subject=f"s{task % 5}")).leaf_index
                for _ in range(8)
            ]

        taken = await asyncio.gather(*(work(task) for task in range(64)))
        assert sorted(index for indexes in taken for index in indexes) == list(range(512))
        hashes = [leaf.hash for leaf in log.entries(0, 1000)]
        assert log.root(512) == merkle.root(hashes)
        assert log.checkpoint().checkpoint.root == merkle.root(hashes)


async def test_proofs_out_of_the_database(home: Home) -> None:
    with home.log() as log:
        await asyncio.gather(*(log.append(entry(number)) for number in range(70)))
        hashes = [leaf.hash for leaf in log.entries(0, 100)]
        for size in (1, 2, 3, 31, 64, 69, 70):
            root = log.root(size)
            assert root == merkle.root(hashes[:size])
            for index in {0, size // 2, size - 1}:
                proof = log.inclusion_proof(index, size)
                assert merkle.verify_inclusion(hashes[index], index, size, proof.hashes, root)
            consistency = log.consistency_proof(size, 70).hashes
            assert merkle.verify_consistency(size, 70, root, log.root(70), consistency)
        for first, size in ((70, 70), (0, 71), (-1, 5), (0, 0)):
            with pytest.raises(NotInLog):
                log.inclusion_proof(first, size)
        for first, size in ((0, 5), (6, 5), (70, 71)):
            with pytest.raises(NotInLog):
                log.consistency_proof(first, size)
        for size in (-1, 71):
            with pytest.raises(NotInLog):
                log.root(size)


async def test_an_effect_and_its_leaf_are_one_act(home: Home) -> None:
    with home.log() as log:
        first = await log.append(entry(clip_id="c1"), effect=clips.receive(_record("c1")))
        assert first.result.leaf_index == first.leaf_index == 0
        batch: list[Pending[Any]] = [
            log.append(entry(1)),
            log.append(entry(2), effect=clips.receive(_record("c1"))),
            log.append(entry(3), effect=clips.receive(_record("c2"))),
        ]
        results = await asyncio.gather(*batch, return_exceptions=True)
        assert isinstance(results[1], ClipExists)
        assert log.size == 3
        seen = [leaf.document.request_id for leaf in log.entries() if leaf.document]
        assert seen == ["request-0", "request-1", "request-3"]
        with reading(log.engine) as connection:
            assert clips.get(connection, "c2").leaf_index == 2
        assert [leaf.index for leaf in log.entries(clip_id="c1")] == [0]


async def test_a_failing_effect_is_undone_alone(home: Home) -> None:
    class Refused(Exception):
        pass

    def refuse(connection: Connection, leaf: Leaf) -> None:
        clips.receive(_record("gone"))(connection, leaf)
        raise Refused

    def broken(connection: Connection, leaf: Leaf) -> None:
        clips.receive(_record("gone"))(connection, leaf)
        connection.execute(text("SELECT * FROM no_such_table"))

    with home.log() as log:
        with pytest.raises(Refused):
            await log.append(entry(1), payload=b"x", subject="s", effect=refuse)
        with pytest.raises(AuditUnavailable):
            await log.append(entry(1), effect=broken)
        assert log.size == 0
        with reading(log.engine) as connection:
            assert connection.execute(select(subjects)).all() == []
            assert clips.in_state(connection, set(ClipState)) == []
        assert (await log.append(entry(2))).leaf_index == 0


async def test_effects_are_joined(home: Home) -> None:
    with home.log() as log:
        joined = together(clips.receive(_record("c1")), lambda _connection, leaf: leaf.hash)
        receipt = await log.append(entry(), effect=joined)
        assert receipt.result[1] == receipt.leaf_hash


async def test_payloads(home: Home) -> None:
    with home.log() as log:
        one = await log.append(entry(1), payload=b"first", subject="user:1")
        two = await log.append(entry(2), payload=b"second", subject="user:1")
        other = await log.append(entry(3), payload=b"third", subject="user:2")
        alone = await log.append(entry(4), payload=b"")
        also = await log.append(entry(5), payload=b"fifth", subject="")
        named = await log.append(entry(6), subject="user:1")
        bare = await log.append(entry(7))
        assert one.subject_key == two.subject_key == named.subject_key
        keys = {item.subject_key for item in (one, other, alone, also)}
        assert len(keys) == 4
        assert bare.subject_key == ""
        read = [log.payload(index) for index in range(5)]
        assert read == [b"first", b"second", b"third", b"", b"fifth"]
        for index in (5, 6, 7, 99):
            with pytest.raises(PayloadUnreadable):
                log.payload(index)
        leaf = log.entries(0, 1)[0]
        assert b"user:1" not in leaf.leaf
        assert b"first" not in leaf.leaf


async def test_input_is_checked(home: Home) -> None:
    with home.log() as log:
        for subject in ("a b", "x" * 65, "e-mail@example.org", "ä"):
            with pytest.raises(InvalidInput) as caught:
                log.append(entry(), subject=subject)
            assert caught.value.field == "subject"
            assert subject not in str(caught.value)
        with pytest.raises(InvalidInput, match="too large"):
            log.append(entry(), payload=bytes(MAX_PAYLOAD_BYTES + 1))
        with pytest.raises(AuditEntryInvalid, match="twice"):
            log.append(entry(subject_key="k"), payload=b"x")
        with pytest.raises(AuditEntryInvalid, match="too large"):
            await log.append(entry(details={"a": "x" * 70_000}))
        assert log.size == 0


async def test_a_full_queue_refuses(home: Home) -> None:
    entered, free = threading.Event(), threading.Event()

    def hold(_connection: Connection, _leaf: Leaf) -> None:
        entered.set()
        assert free.wait(30)

    with home.log(queue_limit=3) as log:
        first = log.append(entry(0), effect=hold)
        assert await asyncio.to_thread(entered.wait, 30)
        waiting = [log.append(entry(number)) for number in (1, 2, 3)]
        assert log.queued == 3
        with pytest.raises(AuditUnavailable) as caught:
            log.append(entry(4))
        assert (caught.value.code, caught.value.reason) == ("UNAVAILABLE", "AUDIT_UNAVAILABLE")
        assert caught.value.retryable
        assert caught.value.retry_after_ms
        assert waiting[1].cancel()
        assert not first.cancel()
        free.set()
        assert (await first).leaf_index == 0
        assert (await waiting[2]).leaf_index == 2
        with pytest.raises(CancelledError):
            waiting[1].result()


async def test_close_finishes_what_waits(home: Home) -> None:
    with home.log() as log:
        waiting = [log.append(entry(number)) for number in range(300)]
        await asyncio.to_thread(log.close)
        assert [item.result(0).leaf_index for item in waiting] == list(range(300))
        with pytest.raises(AuditUnavailable, match="closed"):
            log.append(entry())


async def test_a_failed_commit_fails_everybody_in_it(home: Home) -> None:
    def spoil(connection: Connection, _leaf: Leaf) -> None:
        # As if the server had gone away in the middle of the transaction.
        connection.invalidate()

    with home.log() as log:
        await log.append(entry(0))
        batch = [log.append(entry(1)), log.append(entry(2), effect=spoil), log.append(entry(3))]
        results = await asyncio.gather(*batch, return_exceptions=True)
        failed = [item for item in results if isinstance(item, AuditUnavailable)]
        assert isinstance(results[1], AuditUnavailable)
        assert log.size == 1 + len(results) - len(failed)
        assert (await log.append(entry(4))).leaf_index == log.size - 1
        hashes = [leaf.hash for leaf in log.entries()]
        assert log.checkpoint().checkpoint.root == merkle.root(hashes)


async def test_two_logs_on_one_database_take_turns(home: Home) -> None:
    with home.log() as one, home.log() as two:
        pending = [
            log.append(entry(number), payload=b"x", subject="s")
            for number in range(60)
            for log in (one, two)
        ]
        receipts = await asyncio.gather(*pending)
        assert sorted(item.leaf_index for item in receipts) == list(range(120))
        assert len({item.subject_key for item in receipts}) == 1
        hashes = [leaf.hash for leaf in one.entries(0, 200)]
        assert two.checkpoint().checkpoint.root == merkle.root(hashes)
        assert one.checkpoint() == two.checkpoints(1)[0]


async def test_checkpoints(home: Home) -> None:
    with home.log() as log:
        empty = log.checkpoint()
        assert (empty.checkpoint.size, empty.checkpoint.root) == (0, merkle.EMPTY_ROOT)
        await log.append(entry())
        grown = log.checkpoint()
        assert log.checkpoint() == grown
        assert log.verifier.open(grown.note).size == 1
        assert log.checkpoints() == [grown, empty]
        assert log.checkpoints(sizes=[0, 7]) == [empty]


async def test_reopening_goes_on_where_it_stood(home: Home) -> None:
    for number in range(7):
        with home.log() as log:
            assert (await log.append(entry(number))).leaf_index == number
            log.checkpoint()


async def test_another_log_is_refused(home: Home, tmp_path: Path) -> None:
    with home.log() as log:
        await log.append(entry())
    other = LogKey.init(tmp_path / "other", "other.example")
    engine = home.engine()
    with pytest.raises(DatabaseMismatch):
        AuditLog.open(engine, other, MasterKey.load(home.keys))
    engine.dispose()


def _damage(home: Home, statement: object) -> None:
    engine = home.engine()
    with writing(engine) as connection:
        connection.execute(statement)  # type: ignore[call-overload]
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        update(nodes).where(nodes.c.level == 2).values(hash=bytes(32)),
        delete(nodes).where(nodes.c.level == 2),
        update(leaves).where(leaves.c.leaf_index == 4).values(leaf_hash=bytes(32)),
        update(log_head).values(root=bytes(32)),
        update(log_head).values(size=4),
        update(checkpoints).values(note="not a checkpoint"),
        update(checkpoints).values(size=2),
    ],
    ids=["node", "lost node", "leaf hash", "root", "size", "note", "note size"],
)
async def test_a_log_that_contradicts_itself_is_not_opened(home: Home, statement: object) -> None:
    with home.log() as log:
        for number in range(5):
            await log.append(entry(number))
        log.checkpoint()
    _damage(home, statement)
    with pytest.raises(LogCorrupt), home.log():
        pass


async def test_damage_in_a_running_log_stops_it(home: Home) -> None:
    with home.log() as log:
        for number in range(4):
            await log.append(entry(number))
        log.checkpoint()
        _damage(home, update(log_head).values(root=bytes(32)))
        with pytest.raises(LogCorrupt):
            await log.append(entry(9))
        with pytest.raises(LogCorrupt):
            await asyncio.to_thread(log.checkpoint)


async def test_the_key_never_signs_a_second_history(home: Home) -> None:
    with home.log() as log:
        for number in range(3):
            await log.append(entry(number))
        log.checkpoint()
    # Somebody with the database writes the whole tree anew.
    forged = [merkle.leaf_hash(entry(number + 50).leaf()) for number in range(3)]
    engine = home.engine()
    with writing(engine) as connection:
        for number, hashed in enumerate(forged):
            connection.execute(
                update(leaves)
                .where(leaves.c.leaf_index == number)
                .values(leaf=entry(number + 50).leaf(), leaf_hash=hashed)
            )
        connection.execute(update(nodes).values(hash=merkle.node_hash(forged[0], forged[1])))
        connection.execute(update(log_head).values(root=merkle.root(forged)))
    engine.dispose()
    with pytest.raises(LogCorrupt, match="signed before"), home.log():
        pass


async def test_an_effect_that_the_database_fails_under(home: Home) -> None:
    with home.log() as log:
        await log.append(entry())

        def refuse(connection: Connection, _leaf: Leaf) -> None:
            raise OperationalError("INSERT", None, Exception("disk I/O error"))

        with pytest.raises(AuditUnavailable):
            await log.append(entry(), effect=refuse)
        assert log.size == 1
