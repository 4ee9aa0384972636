from __future__ import annotations

import contextlib
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st

from media.refusals import ClipRefused
from provenance import boxes, containers, foreign, summary
from provenance.engine import Store

Out = TypeVar("Out")


def _with_file(data: bytes, use: Callable[[Path], Out]) -> Out:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return use(Path(file.name))


@given(st.binary(max_size=400))
def test_any_bytes_give_boxes_that_lie_in_the_file(data: bytes) -> None:
    found = _with_file(data, boxes.outermost)
    position = 0
    for box in found:
        assert box.start == position
        assert box.start < box.body <= box.end <= len(data)
        position = box.end


@given(
    st.lists(
        st.tuples(st.sampled_from([b"free", b"skip", b"mdat", b"wide"]), st.binary(max_size=40)),
        max_size=8,
    ),
    st.booleans(),
)
def test_boxes_come_back_as_written(parts: list[tuple[bytes, bytes]], long: bool) -> None:
    data = b"".join(
        struct.pack(">I4sQ", 1, kind, 16 + len(body)) + body
        if long
        else struct.pack(">I4s", 8 + len(body), kind) + body
        for kind, body in parts
    )
    found = _with_file(data, boxes.outermost)
    assert [(box.kind.encode(), data[box.body : box.end]) for box in found] == parts
    told = _with_file(data, boxes.unhashed_padding)
    assert told == [
        box for box in found if box.kind in {"free", "skip"} and any(data[box.body : box.end])
    ]


def _c2pa_box(purpose: bytes, store: bytes, behind: bytes) -> bytes:
    body = boxes.C2PA_UUID + bytes(4) + purpose + b"\0" + bytes(8) + store + behind
    return struct.pack(">I4s", 8 + len(body), b"uuid") + body


def _store(body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), b"jumb") + body


@given(st.binary(max_size=60), st.binary(max_size=40))
def test_bytes_behind_a_manifest_store_are_found(inside: bytes, behind: bytes) -> None:
    data = _c2pa_box(b"manifest", _store(inside), behind)
    found = _with_file(data, boxes.unhashed_manifest_bytes)
    expected = [(len(data) - len(behind), len(data))] if any(behind) else []
    assert [(each.start, each.end) for each in found] == expected


@given(st.binary(max_size=80))
def test_box_for_another_purpose_holds_no_store(body: bytes) -> None:
    data = _c2pa_box(b"other", _store(body), b"x")
    (found,) = _with_file(data, boxes.unhashed_manifest_bytes)
    assert (found.start, found.end) == (24, len(data))


@given(st.binary(max_size=200))
def test_any_bytes_in_a_box_like_the_manifests_are_told_or_zero(body: bytes) -> None:
    data = struct.pack(">I4s", 24 + len(body), b"uuid") + boxes.C2PA_UUID + body
    for found in _with_file(data, boxes.unhashed_manifest_bytes):
        assert 24 <= found.start < found.end == len(data)
        assert any(data[found.start : found.end])


def test_last_box_may_reach_to_the_end() -> None:
    (box,) = _with_file(b"\0\0\0\0mdat" + b"x" * 9, boxes.outermost)
    assert (box.kind, box.body, box.end) == ("mdat", 8, 17)


@given(st.binary(max_size=600))
def test_any_bytes_are_of_a_known_container_or_an_error(data: bytes) -> None:
    with contextlib.suppress(ClipRefused):
        assert "/" in _with_file(data, containers.media_type)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            [
                "action", "actions", "active_manifest", "assertions", "claim_generator_info",
                "code", "data", "digitalSourceType", "exclusions", "failure", "ingredients",
                "ingredientDeltas", "label", "m", "name", "relationship", "signature_info",
                "softwareAgent", "time", "validation_results", "activeManifest", "when", "xpath",
            ]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=30,
)  # fmt: skip


@given(JSON, JSON, JSON)
def test_any_json_of_a_stranger_gives_a_report(
    manifest: object, results: object, label: object
) -> None:
    store = Store(
        "Valid",
        {
            "active_manifest": "m",
            "manifests": {"m": manifest, "": label},
            "validation_results": results,
        },
    )
    found = summary.summarise(store)
    assert found.state == "valid"
    assert not found.own
    summary.hash_exclusions(store)


@given(st.text())
def test_cleaned_text_is_short_printable_and_without_addresses(text: str) -> None:
    shown = foreign.cleaned(text + " a@b.example")
    assert len(shown) <= 200
    assert shown.isprintable()
    assert "a@b" not in shown


def test_parents_in_a_circle_end() -> None:
    parent = {
        "relationship": "parentOf",
        "active_manifest": "m",
        "validation_results": {
            "activeManifest": {"success": [{"code": "claimSignature.validated"}]}
        },
    }
    store = Store("Valid", {"active_manifest": "m", "manifests": {"m": {"ingredients": [parent]}}})
    assert summary.summarise(store).digital_source_type == ""
