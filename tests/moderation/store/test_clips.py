from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from moderation.audit.log import AuditLog
from moderation.store import clips
from moderation.store.clips import TRANSITIONS, ClipChange, ClipRecord, ClipState
from moderation.store.database import reading
from moderation.store.errors import ClipExists, ClipStateRefused, ClipUnknown
from tests.moderation.databases import Home, empty_home, entry


def _record(clip_id: str, created_ms: int = 1) -> ClipRecord:
    return ClipRecord(
        clip_id=clip_id,
        sha256=clip_id.rjust(64, "0"),
        size_bytes=7,
        created_ms=created_ms,
        generator_name="Test generator",
    )


def _get(log: AuditLog, clip_id: str) -> ClipRecord:
    with reading(log.engine) as connection:
        return clips.get(connection, clip_id)


def test_the_table_of_steps_is_that_of_the_design() -> None:
    assert set(TRANSITIONS) == set(ClipState)
    assert TRANSITIONS[ClipState.BLOCKED] == TRANSITIONS[ClipState.RECALLED] == frozenset()
    ways_to_release = {state for state, to in TRANSITIONS.items() if ClipState.RELEASED in to}
    assert ways_to_release == {ClipState.CLEARED}
    ways_to_clear = {state for state, to in TRANSITIONS.items() if ClipState.CLEARED in to}
    assert ways_to_clear == {ClipState.REVIEWING, ClipState.IN_REVIEW}


async def test_a_clip_from_end_to_end(home: Home) -> None:
    with home.log() as log:
        received = await log.append(
            entry(clip_id="a"), subject="user-1", effect=clips.receive(_record("a"))
        )
        record = received.result
        assert (record.state, record.leaf_index) == (ClipState.RECEIVED, 0)
        assert record.subject_key == received.subject_key != ""
        for number, (to, change) in enumerate(
            (
                (ClipState.REVIEWING, None),
                (ClipState.CLEARED, ClipChange(verdict_id="v", verdict=b"{}", duration_ms=900)),
                (ClipState.RELEASED, ClipChange(signed_sha256="c" * 64, manifest_id="urn:m")),
                (ClipState.RECALLED, ClipChange(reason="appeal")),
            ),
            start=1,
        ):
            effect = clips.transition("a", to, at_ms=10 + number, change=change)
            record = (await log.append(entry(number, clip_id="a"), effect=effect)).result
            assert record == _get(log, "a")
            assert (record.state, record.leaf_index, record.updated_ms) == (
                to,
                number,
                10 + number,
            )
        assert (record.verdict, record.duration_ms, record.reason) == (b"{}", 900, "appeal")
        assert [leaf.index for leaf in log.entries(clip_id="a")] == [0, 1, 2, 3, 4]
        with reading(log.engine) as connection:
            assert clips.find_by_content(connection, "c" * 64) == [record]
            assert clips.find_by_content(connection, record.sha256) == [record]
            assert clips.find_by_manifest(connection, "urn:m") == record
            # The signed file stands for the bytes as received from now on.
            assert clips.referenced_blobs(connection) == {"c" * 64}
            for manifest_id in ("", "urn:other"):
                with pytest.raises(ClipUnknown):
                    clips.find_by_manifest(connection, manifest_id)


async def test_only_one_of_two_callers_takes_a_step(home: Home) -> None:
    with home.log() as one, home.log() as two:
        await one.append(entry(), effect=clips.receive(_record("a")))
        step = clips.transition("a", ClipState.REVIEWING, at_ms=2)
        pending = [log.append(entry(), effect=step) for log in (one, two)]
        failures = [item.exception() for item in pending]
        refused = [item for item in failures if item]
        assert len(refused) == 1
        assert isinstance(refused[0], ClipStateRefused)
        assert (refused[0].code, refused[0].reason) == ("FAILED_PRECONDITION", "CLIP_STATE")
        assert one.size == 2


async def test_refusals(home: Home) -> None:
    with home.log() as log:
        await log.append(entry(), effect=clips.receive(_record("a")))
        with pytest.raises(ClipExists):
            await log.append(entry(), effect=clips.receive(_record("a")))
        with pytest.raises(ClipUnknown):
            await log.append(entry(), effect=clips.transition("b", ClipState.REVIEWING, at_ms=1))
        with pytest.raises(ClipStateRefused):
            cleared = ClipRecord(
                clip_id="c", state=ClipState.CLEARED, sha256="", size_bytes=0, created_ms=1
            )
            await log.append(entry(), effect=clips.receive(cleared))
        with pytest.raises(ClipStateRefused) as caught:
            await log.append(
                entry(),
                effect=clips.transition(
                    "a", ClipState.REVIEWING, at_ms=1, expected={ClipState.CLEARED}
                ),
            )
        assert caught.value.actual == "received"
        assert log.size == 1


async def test_lists_are_paged_oldest_first(home: Home) -> None:
    with home.log() as log:
        for number in range(7):
            record = _record(f"clip-{number}", created_ms=number // 3)
            await log.append(entry(number), effect=clips.receive(record))
        seen: list[str] = []
        after = None
        with reading(log.engine) as connection:
            while page := clips.in_state(connection, {ClipState.RECEIVED}, after=after, limit=2):
                seen += [record.clip_id for record in page]
                after = page[-1]
            assert clips.in_state(connection, {ClipState.CLEARED}) == []
            assert clips.in_state(connection, set()) == []
        assert seen == [f"clip-{number}" for number in range(7)]


@contextmanager
def _sqlite_log() -> Iterator[AuditLog]:
    with (
        TemporaryDirectory() as folder,
        empty_home("sqlite", Path(folder)) as home,
        home.log() as log,
    ):
        yield log


class ClipMachine(RuleBasedStateMachine):
    """Any sequence of steps: the record, the table of steps and the log always agree."""

    def __init__(self) -> None:
        super().__init__()
        self._context = _sqlite_log()
        self.log = self._context.__enter__()
        self.model: dict[str, list[ClipState]] = {}

    def teardown(self) -> None:
        self._context.__exit__(None, None, None)

    @rule(clip_id=st.sampled_from("abc"))
    def receive(self, clip_id: str) -> None:
        pending = self.log.append(
            entry(clip_id=clip_id, details={"state": "received"}),
            effect=clips.receive(_record(clip_id)),
        )
        if clip_id in self.model:
            assert isinstance(pending.exception(), ClipExists)
        else:
            assert pending.result().result.state is ClipState.RECEIVED
            self.model[clip_id] = [ClipState.RECEIVED]

    @precondition(lambda self: self.model)
    @rule(
        clip_id=st.sampled_from("abc"),
        to=st.sampled_from(ClipState),
        expected=st.none() | st.sets(st.sampled_from(ClipState)),
    )
    def step(self, clip_id: str, to: ClipState, expected: set[ClipState] | None) -> None:
        pending = self.log.append(
            entry(clip_id=clip_id, details={"state": to.value}),
            effect=clips.transition(clip_id, to, at_ms=1, expected=expected),
        )
        if clip_id not in self.model:
            assert isinstance(pending.exception(), ClipUnknown)
            return
        now = self.model[clip_id][-1]
        if to in TRANSITIONS[now] and (expected is None or now in expected):
            assert pending.result().result.state is to
            self.model[clip_id].append(to)
        else:
            assert isinstance(pending.exception(), ClipStateRefused)

    @invariant()
    def record_and_log_agree(self) -> None:
        assert self.log.size == sum(map(len, self.model.values()))
        for clip_id, states in self.model.items():
            history = self.log.entries(clip_id=clip_id)
            told = [leaf.document.details["state"] for leaf in history if leaf.document]
            assert told == [state.value for state in states]
            record = _get(self.log, clip_id)
            assert (record.state, record.leaf_index) == (states[-1], history[-1].index)


TestClipMachine = ClipMachine.TestCase
TestClipMachine.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)
