"""Policy documents: what is refused, and that nothing but PolicyInvalid comes out of any bytes."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.documents import MAX_BYTES
from moderation.policy import Policy, PolicyInvalid
from provenance.report import C2paState
from tests.moderation.policies import RAW, document, parse

LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8),
    st.sampled_from(["review", "block", "allow", "sexual", "minor_in_prompt", "((", "C-MINORS"]),
)  # fmt: skip
JUNK = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        found += [deep for key in value for deep in _paths(value[key], (*path, key))]
    elif isinstance(value, list):
        found += [deep for at in range(len(value)) for deep in _paths(value[at], (*path, at))]
    return found


PATHS = _paths(document())


def _change(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed = document()
    at: Any = changed
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return changed


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_are_refused_and_nothing_else(raw: bytes) -> None:
    with pytest.raises(PolicyInvalid) as caught:
        Policy.parse(raw)
    assert caught.value.code == "FAILED_PRECONDITION"
    assert caught.value.reason == "POLICY_INVALID"


@settings(deadline=None)
@given(st.text(alphabet="{}[]:-,&*!|>'\"\n #%@`?ab1.e", max_size=200))
def test_random_yaml_is_refused_and_nothing_else(text: str) -> None:
    with pytest.raises(PolicyInvalid):
        Policy.parse(text.encode())


@settings(deadline=None)
@given(st.sampled_from(PATHS), JUNK)
def test_a_document_with_junk_in_one_place_is_read_or_refused(
    path: tuple[Any, ...], junk: Any
) -> None:
    with contextlib.suppress(PolicyInvalid):
        parse(_change(path, junk))


@settings(deadline=None)
@given(st.integers(0, len(RAW) - 1), st.binary(min_size=1, max_size=3))
def test_a_document_with_changed_bytes_is_read_or_refused(at: int, junk: bytes) -> None:
    raw = RAW[:at] + junk + RAW[at + len(junk) :]
    try:
        policy = Policy.parse(raw)
    except PolicyInvalid:
        return
    assert (policy.digest == Policy.parse(RAW).digest) == (raw == RAW)


@pytest.mark.parametrize("path", [path for path in PATHS if isinstance(path[-1], str)])
def test_every_unknown_key_is_named(path: tuple[Any, ...]) -> None:
    changed = document()
    at: Any = changed
    for step in path[:-1]:
        at = at[step]
    at["unheard-of"] = 1
    with pytest.raises(PolicyInvalid) as caught:
        parse(changed)
    assert "unheard-of" in caught.value.field


SEXUAL = ("stages", "prompt", "categories", "sexual")


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("schema",), "framegate.policy/v9", "schema"),
        (("id",), "Not An Id", "id"),
        (("version",), 1, "version"),
        (("sources", "tampered"), "review", "sources.tampered"),
        (("sources", "unsigned"), True, "sources.unsigned"),
        (("sampling", "min_fps"), 1.9, "sampling.min_fps"),
        (("sampling", "min_fps"), float("nan"), "sampling.min_fps"),
        ((*SEXUAL, "review"), 0.0, "stages.prompt.categories.sexual.review"),
        ((*SEXUAL, "review"), 0.9, "stages.prompt.categories.sexual.review"),
        ((*SEXUAL, "block"), 1.1, "stages.prompt.categories.sexual.block"),
        ((*SEXUAL, "block"), True, "stages.prompt.categories.sexual.block"),
        ((*SEXUAL, "block", "from_model"), "best",
         "stages.prompt.categories.sexual.block.from_model"),
        ((*SEXUAL, "missing"), "allow", "stages.prompt.categories.sexual.missing"),
        ((*SEXUAL, "off"), "not wanted", "stages.prompt.categories.sexual"),
        ((*SEXUAL, "clause"), "P-HATE", ""),
        (("stages", "prompt", "degraded", "language_not_covered", "decision"), "allow",
         "stages.prompt.degraded.language_not_covered.decision"),
        (("rules", 0, "when"), "minor_in_prompt &&", "rules[0].when"),
        (("rules", 0, "when"), "minor_in_promt", "rules[0].when"),
        (("rules", 0, "when"), "score > 0.5", "rules[0].when"),
        (("rules", 0, "when"), "[category].exists(category, category == stage)", "rules[0].when"),
        (("rules", 0, "when"), 'category.matches("(a+)+$")', "rules[0].when"),
        (("rules", 0, "when"), "1 / 0 == 1", "rules[0].when"),
        (("rules", 0, "when"), "true || " * 80 + "true", "rules[0].when"),
        (("rules", 0, "categories"), ["weather"], "rules[0].categories"),
        (("rules", 0, "effect"), {"recategorise": "sexual/minors"}, "rules[0].effect"),
        (("rules", 0, "effect"), {"raise_to": "allow"}, "rules[0].effect.raise_to"),
        (("rules", 0, "min_score"), 0.5, "rules[0].min_score"),
        (("rules", 1, "effect", "scale_thresholds"), 1.5, "rules[1].effect.scale_thresholds"),
        (("texts", "review"), "", "texts.review"),
    ],
)  # fmt: skip
def test_an_error_names_its_place(path: tuple[Any, ...], value: Any, field: str) -> None:
    with pytest.raises(PolicyInvalid) as caught:
        parse(_change(path, value))
    assert caught.value.field == field


def test_sources_are_taken_by_their_state() -> None:
    shipped = {C2paState.TRUSTED, C2paState.VALID, C2paState.ABSENT}
    assert parse(document()).document.sources == shipped
    unsaid = document()
    del unsaid["sources"]
    assert parse(unsaid).document.sources == shipped
    strict = dict.fromkeys(("tampered", "untrusted", "unsigned"), "refuse")
    assert parse(_change(("sources",), strict)).document.sources == {C2paState.TRUSTED}
    lenient = dict.fromkeys(strict, "accept")
    assert parse(_change(("sources",), lenient)).document.sources == set(C2paState)


@pytest.mark.parametrize(
    "path",
    [("stages", "frames"), SEXUAL, ("texts",), ("rules",), ("id",), ("sources", "tampered")],
)
def test_a_missing_key_is_named(path: tuple[Any, ...]) -> None:
    changed = document()
    at: Any = changed
    for step in path[:-1]:
        at = at[step]
    del at[path[-1]]
    with pytest.raises(PolicyInvalid) as caught:
        parse(changed)
    assert caught.value.field == ".".join(path)


def test_a_category_can_be_off_with_a_reason() -> None:
    path = ("stages", "prompt", "categories", "political")
    policy = parse(_change(path, {"clause": "P-POLITICAL", "off": "A party's own studio"}))
    assert "political" not in policy.required(next(iter(policy.bounds)))
    minors = ("stages", "prompt", "categories", "sexual/minors")
    with pytest.raises(PolicyInvalid):
        parse(_change(minors, {"clause": "P-MINORS", "off": "never"}))


@pytest.mark.parametrize(
    "raw",
    [
        b"a: &x [1]\nb: *x\n",
        b"a: !!python/object:os.system {}\n",
        b"a: !!binary aGk=\n",
        b"? [1]\n: 2\n",
        b"a: 1\na: 2\n",
        b"<<: {a: 1}\n",
        b"a: " + b"[" * 100 + b"]" * 100,
        b"a: " + b"9" * 6000,
        b"a: 2001-01-01\n",
        b"--- {}\n--- {}\n",
        b"\xff",
        b"",
        b"- 1\n",
        b"#" * (MAX_BYTES + 1),
    ],
)
def test_what_yaml_can_do_beyond_plain_values_is_refused(raw: bytes) -> None:
    with pytest.raises(PolicyInvalid):
        Policy.parse(raw)


def test_a_policy_is_found_by_name_and_by_path(tmp_path: Any) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(RAW)
    assert Policy.load(path).digest == Policy.load("default").digest
    for name in ("no-such-policy", tmp_path, "../default"):
        with pytest.raises(PolicyInvalid):
            Policy.load(name)


def test_the_default_document_is_plain_yaml() -> None:
    assert yaml.safe_load(RAW)["id"] == "default"
