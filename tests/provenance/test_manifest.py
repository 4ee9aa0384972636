from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import InvalidInput
from provenance.actions import (
    COMPOSITE_WITH_AI,
    TRAINED_ALGORITHMIC_MEDIA,
    Action,
    Mining,
    SoftBinding,
)
from provenance.manifest import Release, definition, source_type
from provenance.report import C2paState
from provenance.sources import Relation, SourceReport

GOOD: dict[str, Any] = {
    "clip_id": "clip-1",
    "generator_name": "VideoGen",
    "generator_version": "1.0",
    "created_ms": 1_795_241_524_817,
}
MARK = Action("c2pa.addedText", 5, "Mark", "1", TRAINED_ALGORITHMIC_MEDIA)
WATERMARK = Action("c2pa.watermarked.bound", 6, "Mark", "1")
BINDING = SoftBinding("org.example.mark.1", b"\x01\x02")
PARENT = SourceReport(
    Relation.PARENT,
    "video/mp4",
    "a" * 64,
    C2paState.TRUSTED,
    manifest_id="urn:c2pa:1",
    source_type=TRAINED_ALGORITHMIC_MEDIA,
)
INPUT = SourceReport(Relation.INPUT, "image/png", "b" * 64, C2paState.ABSENT)
COMPONENT = SourceReport(Relation.COMPONENT, "video/mp4", "c" * 64, C2paState.VALID)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("clip_id", ""),
        ("clip_id", "a b"),
        ("clip_id", "../x"),
        ("clip_id", "-x"),
        ("clip_id", "x" * 65),
        ("clip_id", "x\n"),
        ("generator_name", ""),
        ("generator_name", "x" * 129),
        ("generator_name", "a\x1bb"),
        ("generator_name", "a\u2028b"),
        ("generator_version", " 1"),
        ("generator_version", "1" * 65),
        ("generator_version", "1\t2"),
        ("title", "x" * 129),
        ("title", "a\rb"),
        ("created_ms", -1),
        ("created_ms", 10**15),
        ("actions", (MARK,) * 17),
        ("actions", (WATERMARK,)),
        ("soft_bindings", (BINDING,) * 5),
        ("detector_url", "http://example.com/check"),
        ("detector_url", "https://user:word@example.com/"),
        ("detector_url", "https://example.com/" + "x" * 200),
        ("detector_url", "https://example.com/a b"),
        ("detector_url", "https://[/"),
        ("detector_url", "https:///nothing"),
    ],
)
def test_unfit_fields_are_refused_by_name(field: str, value: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        Release(**(GOOD | {field: value}))
    # Watermark without a binding: what is missing is named.
    assert caught.value.field == ("soft_bindings" if value == (WATERMARK,) else field)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "c2pa.created"),
        ("name", "c2pa.placed"),
        ("name", "edited"),
        ("name", "c2pa.a b"),
        ("when_ms", -1),
        ("software_name", ""),
        ("software_version", "1" * 65),
        ("source_type", ""),
        ("source_type", "trainedAlgorithmicMedia"),
        ("source_type", "http://cv.iptc.org/newscodes/digitalsourcetype/"),
        ("source_type", "http://cv.iptc.org/newscodes/digitalsourcetype/a/b"),
        ("description", "x" * 129),
    ],
)
def test_unfit_actions_are_refused_by_name(field: str, value: Any) -> None:
    good: dict[str, Any] = {
        "name": "c2pa.addedText",
        "when_ms": 1,
        "software_name": "Mark",
        "software_version": "1",
        "source_type": TRAINED_ALGORITHMIC_MEDIA,
    }
    Action(**good)
    with pytest.raises(InvalidInput) as caught:
        Action(**(good | {field: value}))
    assert caught.value.field == f"action.{field}"


@pytest.mark.parametrize(
    ("algorithm", "value", "field"),
    [
        ("", b"1", "algorithm"),
        ("mark", b"1", "algorithm"),
        ("org..mark", b"1", "algorithm"),
        ("org.example mark", b"1", "algorithm"),
        ("org.example", b"", "value"),
        ("org.example", bytes(1025), "value"),
    ],
)
def test_unfit_soft_bindings_are_refused_by_name(algorithm: str, value: bytes, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        SoftBinding(algorithm, value)
    assert caught.value.field == f"soft_binding.{field}"


def _told(release: Release, *sources: SourceReport) -> dict[str, Any]:
    made = definition(release, provider="P", media_type="video/mp4", sources=sources)
    return {assertion["label"]: assertion["data"] for assertion in made["assertions"]}


def _actions(*sources: SourceReport) -> list[tuple[str, list[str]]]:
    actions = _told(Release(**GOOD), *sources)["c2pa.actions.v2"]["actions"]
    return [(one["action"], one.get("parameters", {}).get("ingredientIds", [])) for one in actions]


def test_actions_follow_from_the_sources() -> None:
    assert _actions() == [("c2pa.created", [])]
    assert _actions(INPUT) == [("c2pa.created", ["source-0"])]
    assert _actions(PARENT) == [("c2pa.opened", ["source-0"]), ("c2pa.edited", [])]
    assert _actions(INPUT, PARENT, COMPONENT, INPUT) == [
        ("c2pa.opened", ["source-1"]),
        ("c2pa.edited", ["source-0", "source-3"]),
        ("c2pa.placed", ["source-2"]),
    ]


def _like(report: SourceReport, **changes: Any) -> SourceReport:
    return dataclasses.replace(report, **changes)


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ((), TRAINED_ALGORITHMIC_MEDIA),
        ((PARENT,), TRAINED_ALGORITHMIC_MEDIA),
        ((INPUT,), COMPOSITE_WITH_AI),
        ((PARENT, INPUT), COMPOSITE_WITH_AI),
        # A stranger's word does not make a picture a model's work, nor does a broken manifest.
        ((_like(PARENT, state=C2paState.VALID),), COMPOSITE_WITH_AI),
        ((_like(PARENT, state=C2paState.INVALID),), COMPOSITE_WITH_AI),
        ((_like(PARENT, source_type=""),), COMPOSITE_WITH_AI),
        ((_like(PARENT, source_type=COMPOSITE_WITH_AI),), COMPOSITE_WITH_AI),
        # What the generator itself signed.
        ((_like(PARENT, state=C2paState.VALID, carried=True),), TRAINED_ALGORITHMIC_MEDIA),
        ((_like(PARENT, source_type="", carried=True),), TRAINED_ALGORITHMIC_MEDIA),
        ((_like(PARENT, source_type=COMPOSITE_WITH_AI, carried=True),), COMPOSITE_WITH_AI),
    ],
)
def test_a_source_that_may_be_real_makes_a_composite(
    sources: tuple[SourceReport, ...], expected: str
) -> None:
    assert source_type(sources) == expected


def test_everything_that_was_done_is_told() -> None:
    release = Release(
        **GOOD,
        actions=(MARK, WATERMARK),
        soft_bindings=(BINDING,),
        mining=Mining.NOT_ALLOWED,
        detector_url="https://example.com/check",
    )
    told = _told(release)
    kinds = [action["action"] for action in told["c2pa.actions.v2"]["actions"]]
    assert kinds == ["c2pa.created", "c2pa.addedText", "c2pa.watermarked.bound"]
    assert told["c2pa.soft-binding"] == {
        "alg": "org.example.mark.1",
        "blocks": [{"scope": {}, "value": "AQI="}],
    }
    assert {use["use"] for use in told["cawg.training-mining"]["entries"].values()} == {
        "notAllowed"
    }
    assert told["org.framegate.clip"]["detector"] == "https://example.com/check"
    assert set(_told(Release(**GOOD))) == {"c2pa.actions.v2", "org.framegate.clip"}


@pytest.mark.parametrize("sources", [(), (PARENT,), (INPUT, PARENT)])
def test_definition_is_the_same_for_the_same_release(sources: tuple[SourceReport, ...]) -> None:
    made = [
        definition(Release(**GOOD), provider="P", media_type="video/mp4", sources=sources)
        for _ in range(2)
    ]
    assert json.dumps(made[0]) == json.dumps(made[1])
    assert all(assertion["created"] is True for assertion in made[0]["assertions"])


@given(
    st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=128),
    st.integers(0, 253_402_300_799_999),
)
def test_any_printable_name_and_time_makes_a_definition(name: str, created_ms: int) -> None:
    release = Release("clip-1", name, "1", created_ms)
    made = definition(release, provider="P", media_type="video/mp4")
    (action,) = made["assertions"][0]["data"]["actions"]
    assert action["softwareAgent"] == {"name": name, "version": "1"}
    assert action["when"].endswith(f"{created_ms % 1000:03d}Z")
    json.dumps(made)


def test_title_follows_from_the_clip_id() -> None:
    made = definition(Release(**GOOD), provider="P", media_type="video/mp4")
    assert made["title"] == "Clip clip-1"
