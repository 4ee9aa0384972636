from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.audit.entry import AuditEntry, Digests, Reason, read_leaf
from moderation.audit.errors import AuditEntryInvalid
from moderation.verdict import Decision, Finding, Signal, Stage

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def test_a_leaf_is_canonical_json() -> None:
    entry = AuditEntry(
        event="clip.blocked",
        time_ms=5,
        clip_id="clip-1",
        digests=Digests(content="ab", models={"z": "sha256:1", "a": "sha256:2"}),
        decision=Decision.BLOCK,
        reasons=(Reason("violence", "v-2"),),
        details={"y": "2", "x": "ü"},
    )
    leaf = entry.leaf(subject_key="k")
    parsed = json.loads(leaf)
    assert (
        leaf
        == json.dumps(parsed, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    )
    assert parsed["schema"] == "framegate.audit/1"
    assert parsed["subject_key"] == "k"
    assert "actor" not in parsed


@given(
    details=st.dictionaries(TEXT, TEXT, max_size=5),
    models=st.dictionaries(TEXT, TEXT, max_size=3),
    request_id=TEXT,
    time_ms=st.integers(0, 2**53),
)
def test_a_leaf_reads_back(
    details: dict[str, str], models: dict[str, str], request_id: str, time_ms: int
) -> None:
    entry = AuditEntry(
        event="a.b",
        time_ms=time_ms,
        request_id=request_id,
        digests=Digests(models=models),
        details=details,
    )
    same = AuditEntry(
        event="a.b",
        time_ms=time_ms,
        request_id=request_id,
        digests=Digests(models=dict(reversed(models.items()))),
        details=dict(reversed(details.items())),
    )
    document = read_leaf(entry.leaf())
    assert (document.details, document.model_digests) == (details, models)
    assert (document.request_id, document.time_ms) == (request_id, time_ms)
    assert entry.leaf() == same.leaf()


def test_reasons_are_sorted_and_unique() -> None:
    def finding(category: str, clause: str) -> Finding:
        signal = Signal(Stage.PROMPT, category, 0.9, "rule")
        return Finding(signal, category, Decision.BLOCK, 0.5, clause)

    found = Reason.of((finding("b", "2"), finding("a", "9"), finding("b", "2")))
    assert found == (Reason("a", "9"), Reason("b", "2"))


@pytest.mark.parametrize("digests", [Digests(content="ab"), Digests(judgement="ab")])
def test_no_digest_of_a_prompt_gets_into_a_leaf(digests: Digests) -> None:
    with pytest.raises(AuditEntryInvalid, match="payload"):
        AuditEntry(event="prompt.screened", time_ms=1, digests=digests)


@pytest.mark.parametrize("event", ["", "clip", "Clip.seen", "clip.", "clip.a b", "clip..a", "é.a"])
def test_event_names(event: str) -> None:
    with pytest.raises(AuditEntryInvalid):
        AuditEntry(event=event, time_ms=1)


@pytest.mark.parametrize(
    "changes",
    [
        {"details": {"a": "x" * 70_000}},
        {"details": {"a": object()}},
        {"request_id": "\ud800"},
    ],
)
def test_what_cannot_be_written_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(AuditEntryInvalid):
        AuditEntry(event="a.b", time_ms=1, **changes).leaf()
    with pytest.raises(AuditEntryInvalid, match="too many"):
        AuditEntry(event="a.b", time_ms=1, details={str(i): "" for i in range(33)})


@given(st.binary())
def test_other_bytes_are_no_leaf(data: bytes) -> None:
    with pytest.raises(AuditEntryInvalid):
        read_leaf(data)


def test_deep_nesting_is_refused() -> None:
    for unit, close in ((b"[", b"]"), (b'{"a":', b"}")):
        bomb = b'{"x":' + unit * 30_000 + b"1" + close * 30_000 + b"}"
        with pytest.raises(AuditEntryInvalid):
            read_leaf(bomb)
