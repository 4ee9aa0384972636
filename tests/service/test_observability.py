"""What is told of a call: log, trace, metrics and record share its id, and none has its prompt."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
import pytest
import pytest_asyncio
import structlog
from grpc import aio
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import REGISTRY, generate_latest
from structlog.typing import EventDict

from framegate.v1 import audit_pb2, moderation_pb2
from moderation.assembly import make_keys, open_gate
from moderation.cli.door import Door, opened
from moderation.gate import Gate
from moderation.service.server import serving
from tests.house import error_info, header, settings_for

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROMPT = "Seven ochre kites above a lighthouse of glass"
WORDS = ("ochre", "lighthouse")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Gate, Door]]:
    """A served house with its gate; other modules' houses end elsewhere."""
    settings = settings_for(tmp_path_factory.mktemp("home"))
    make_keys(settings.keys_folder, settings.provider, datetime.now(UTC))
    async with (
        open_gate(settings) as gate,
        serving(gate, settings) as port,
        opened(settings, f"127.0.0.1:{port}") as way,
    ):
        yield gate, way


@pytest.fixture(scope="module")
def door(place: tuple[Gate, Door]) -> Door:
    return place[1]


@pytest.fixture(scope="module")
def exporter() -> InMemorySpanExporter:
    """Spans of this process from now on; a process has one tracer provider for good."""
    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        provider = TracerProvider()
        trace.set_tracer_provider(provider)
    made = InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(made))
    return made


@pytest.fixture
def said() -> Iterator[list[EventDict]]:
    """Log entries as they stand before they are rendered, with the context of their call."""
    before = structlog.get_config()
    capture = structlog.testing.LogCapture()
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, capture],
        wrapper_class=structlog.make_filtering_bound_logger(0),
    )
    yield capture.entries
    structlog.configure(**before)


def _spans(exporter: InMemorySpanExporter, request_id: str) -> list[ReadableSpan]:
    return [
        span
        for span in exporter.get_finished_spans()
        if span.attributes and span.attributes.get("framegate.request_id") == request_id
    ]


def _counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def _screen(door: Door, request_id: str = "", **fields: Any) -> Any:
    request = moderation_pb2.ScreenPromptRequest(**({"prompt": PROMPT} | fields))
    metadata = (("x-request-id", request_id),) if request_id else ()
    return (await door.moderation.ScreenPrompt(request, metadata=metadata)).verdict


async def _settled(door: Door) -> None:
    """A failed call is logged after its status is sent: one more round trip and it has been."""
    await door.audit.ListEntries(audit_pb2.ListEntriesRequest(page_size=1))


async def test_one_id_leads_through_log_trace_record_and_reply(
    door: Door, exporter: InMemorySpanExporter, said: list[EventDict]
) -> None:
    verdict = await _screen(door, "obs.screen-1")
    assert verdict.request_id == "obs.screen-1"
    page = await door.audit.ListEntries(
        audit_pb2.ListEntriesRequest(page_size=1, page_token=str(verdict.audit.leaf_index))
    )
    assert page.entries[0].request_id == "obs.screen-1"
    assert json.loads(page.entries[0].leaf)["request_id"] == "obs.screen-1"
    (span,) = _spans(exporter, "obs.screen-1")
    assert span.name == "framegate.v1/ScreenPrompt"
    assert span.attributes is not None
    assert span.attributes["rpc.grpc.status"] == "OK"
    (line,) = [line for line in said if line.get("request_id") == "obs.screen-1"]
    assert (line["event"], line["method"], line["status"]) == ("call", "ScreenPrompt", "OK")
    assert line["duration_ms"] > 0


async def test_a_review_has_one_id_in_all_its_leaves(
    door: Door, exporter: InMemorySpanExporter, said: list[EventDict], everyday_clip: Path
) -> None:
    data = everyday_clip.read_bytes()

    async def upload() -> AsyncIterator[moderation_pb2.ReviewClipRequest]:
        yield moderation_pb2.ReviewClipRequest(header=header(size_bytes=len(data)))
        yield moderation_pb2.ReviewClipRequest(chunk=data)

    call = door.moderation.ReviewClip(upload(), metadata=(("x-request-id", "obs.review-1"),))
    events = [event async for event in call]
    accepted = events[0].accepted
    assert accepted.request_id == events[-1].verdict.request_id == "obs.review-1"
    page = await door.audit.ListEntries(audit_pb2.ListEntriesRequest(clip_id=accepted.clip_id))
    assert len(page.entries) == 3
    assert {entry.request_id for entry in page.entries} == {"obs.review-1"}
    (span,) = _spans(exporter, "obs.review-1")
    assert span.name == "framegate.v1/ReviewClip"
    lines = [line for line in said if line.get("request_id") == "obs.review-1"]
    assert [(line["event"], line["status"]) for line in lines] == [("call", "OK")]


async def test_without_an_id_the_made_one_is_the_same_everywhere(
    door: Door, exporter: InMemorySpanExporter, said: list[EventDict]
) -> None:
    verdict = await _screen(door)
    assert len(verdict.request_id) == 32
    assert len(_spans(exporter, verdict.request_id)) == 1
    assert [line["event"] for line in said if line.get("request_id") == verdict.request_id] == [
        "call"
    ]


async def test_an_error_has_the_id_of_its_call(
    door: Door, exporter: InMemorySpanExporter, said: list[EventDict]
) -> None:
    with pytest.raises(aio.AioRpcError) as failed:
        await _screen(door, "obs.empty-1", prompt="")
    assert error_info(failed.value).metadata["request_id"] == "obs.empty-1"
    await _settled(door)
    (span,) = _spans(exporter, "obs.empty-1")
    assert span.attributes is not None
    assert span.attributes["rpc.grpc.status"] == "INVALID_ARGUMENT"
    (line,) = [line for line in said if line.get("request_id") == "obs.empty-1"]
    assert line["status"] == "INVALID_ARGUMENT"


async def test_a_malformed_id_is_not_repeated_in_the_log(
    door: Door, exporter: InMemorySpanExporter, said: list[EventDict]
) -> None:
    with pytest.raises(aio.AioRpcError) as failed:
        await _screen(door, "has a space")
    made = error_info(failed.value).metadata["request_id"]
    assert len(made) == 32
    await _settled(door)
    assert len(_spans(exporter, made)) == 1
    assert "has a space" not in repr(said)


async def test_a_prompt_is_in_no_line_span_or_label(
    door: Door, exporter: InMemorySpanExporter, said: list[EventDict]
) -> None:
    await _screen(door, "obs.silent-1", subject_id="u-silent")
    for wrong in (f"{PROMPT}\x00", f"{PROMPT} " * 1000, f"{PROMPT}\u202e"):
        with pytest.raises(aio.AioRpcError) as failed:
            await _screen(door, "obs.silent-2", prompt=wrong, subject_id="has a space")
        assert "ochre" not in (failed.value.details() or "")
    await _settled(door)
    told = {
        "log": repr(said),
        "spans": "".join(span.to_json() for span in exporter.get_finished_spans()),
        "metrics": generate_latest(REGISTRY).decode(),
    }
    assert "obs.silent-1" in told["log"]
    assert "obs.silent-1" in told["spans"]
    assert "framegate_calls_total" in told["metrics"]
    for name, text in told.items():
        for word in (*WORDS, "u-silent", "has a space"):
            assert word not in text, name


async def test_an_unknown_fault_leaves_with_an_id_and_without_its_text(
    place: tuple[Gate, Door],
    exporter: InMemorySpanExporter,
    said: list[EventDict],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate, door = place

    async def broken(clip_id: str) -> None:
        raise LookupError(f"{PROMPT} {clip_id}")

    monkeypatch.setattr(gate, "clip", broken)
    with pytest.raises(aio.AioRpcError) as failed:
        await door.moderation.GetClip(
            moderation_pb2.GetClipRequest(clip_id="clip-of-somebody"),
            metadata=(("x-request-id", "obs.fault-1"),),
        )
    assert failed.value.code() is grpc.StatusCode.INTERNAL
    info = error_info(failed.value)
    assert (info.reason, info.domain) == ("INTERNAL", "framegate.v1")
    assert info.metadata["request_id"] == "obs.fault-1"
    await _settled(door)
    lines = [line for line in said if line.get("request_id") == "obs.fault-1"]
    assert [line["event"] for line in lines] == ["call.fault", "call"]
    fault, call = lines
    # The id in the message is the way from what the caller has to what the operator has.
    assert failed.value.details() == f"internal error {fault['error_id']}"
    assert fault["kind"] == "LookupError"
    assert fault["at"][-1].startswith("broken:")
    assert call["status"] == "INTERNAL"
    (span,) = _spans(exporter, "obs.fault-1")
    seen = f"{said!r} {failed.value.debug_error_string()} {span.to_json()}"
    for text in (*WORDS, "clip-of-somebody"):
        assert text not in seen
    monkeypatch.undo()
    with pytest.raises(aio.AioRpcError) as failed:
        await door.moderation.GetClip(moderation_pb2.GetClipRequest(clip_id="clip-of-somebody"))
    assert failed.value.code() is grpc.StatusCode.NOT_FOUND


async def test_metrics_count_calls_and_decisions(door: Door) -> None:
    names: tuple[tuple[str, dict[str, str]], ...] = (
        ("framegate_calls_total", {"method": "ScreenPrompt", "status": "OK"}),
        ("framegate_calls_total", {"method": "ScreenPrompt", "status": "INVALID_ARGUMENT"}),
        ("framegate_call_seconds_count", {"method": "ScreenPrompt"}),
        ("framegate_decisions_total", {"stage": "prompt", "decision": "allow"}),
    )
    before = [_counted(name, **labels) for name, labels in names]
    await _screen(door)
    await _screen(door)
    with pytest.raises(aio.AioRpcError):
        await _screen(door, prompt="")
    await _settled(door)
    grown = [
        _counted(name, **labels) - was for (name, labels), was in zip(names, before, strict=True)
    ]
    assert grown == [2, 1, 3, 2]
