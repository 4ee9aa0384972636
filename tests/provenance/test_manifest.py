from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import InvalidInput
from provenance.manifest import Release, definition

GOOD: dict[str, Any] = {
    "clip_id": "clip-1",
    "generator_name": "VideoGen",
    "generator_version": "1.0",
    "created_ms": 1_795_241_524_817,
}


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
    ],
)
def test_unfit_fields_are_refused_by_name(field: str, value: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        Release(**(GOOD | {field: value}))
    assert caught.value.field == field


@pytest.mark.parametrize("has_parent", [False, True])
def test_definition_is_the_same_for_the_same_release(has_parent: bool) -> None:
    made = [
        definition(Release(**GOOD), provider="P", media_type="video/mp4", has_parent=has_parent)
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
    made = definition(release, provider="P", media_type="video/mp4", has_parent=False)
    (action,) = made["assertions"][0]["data"]["actions"]
    assert action["softwareAgent"] == {"name": name, "version": "1"}
    assert action["when"].endswith(f"{created_ms % 1000:03d}Z")
    json.dumps(made)


def test_title_follows_from_the_clip_id() -> None:
    made = definition(Release(**GOOD), provider="P", media_type="video/mp4", has_parent=False)
    assert made["title"] == "Clip clip-1"
