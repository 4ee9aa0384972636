"""From the library's JSON of a manifest store to a report.

The JSON's strings and shapes are the signer's, and the signer may be anybody: nothing is taken
for granted, everything is shortened and cleaned, and only the fields that a report has are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from provenance.engine import OWN_ANCHORS, Store
from provenance.manifest import CLIP_ASSERTION
from provenance.report import C2paReport, C2paState, Ingredient, Reason, SoftwareAgent

AI_SOURCE_TYPES: Final = frozenset(
    {
        "trainedAlgorithmicMedia",
        "compositeWithTrainedAlgorithmicMedia",
        "compositeSynthetic",
    }
)
"""IPTC terms (last part of the IRI) for media that a generative model made, or had a part in."""

_MAX_CHARS = 200
_MAX_ITEMS = 64
_MAX_GENERATIONS = 16
_UNTRUSTED = "signingCredential.untrusted"
_TRUSTED = "signingCredential.trusted"
_EMAIL = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,255}")


def cleaned(text: str) -> str:
    """Return text fit to be shown: one line, at most 200 characters, no mail addresses."""
    shown = "".join(char if char.isprintable() else " " for char in text[: 4 * _MAX_CHARS])
    return _EMAIL.sub("[address]", shown).strip()[:_MAX_CHARS]


def says_ai(source_type: str) -> bool:
    """Tell whether a digital source type says that a generative model had a part."""
    return source_type.rsplit("/", 1)[-1] in AI_SOURCE_TYPES


def summarise(store: Store) -> C2paReport:
    """Make a report of a validated store."""
    manifest_id = _text(store.data.get("active_manifest"))
    manifests = _dict(store.data.get("manifests"))
    active = _dict(manifests.get(manifest_id))
    results = _dict(store.data.get("validation_results"))
    signature = _dict(active.get("signature_info"))
    clip = _assertion(active, CLIP_ASSERTION)
    actions = list(_actions(active))
    state = C2paState(store.state.lower())
    return C2paReport(
        state=state,
        reasons=_reasons(_dict(results.get("activeManifest"))),
        own=state is C2paState.TRUSTED and results.get("trustListUri") == OWN_ANCHORS,
        manifest_id=manifest_id,
        claim_generator=_claim_generator(active),
        software_agents=_agents(actions),
        created_ms=next((time for item in actions if (time := _time(item.get("when")))), None),
        digital_source_type=_source_type(manifests, manifest_id),
        signer_organization=_text(signature.get("issuer")),
        signer_common_name=_text(signature.get("common_name")),
        signed_ms=_time(signature.get("time")),
        clip_id=_text(clip.get("clipId")),
        provider=_text(clip.get("provider")),
        ingredients=_ingredients(active, results),
    )


def hash_exclusions(store: Store) -> frozenset[str]:
    """Return the types of the outermost boxes that the active manifest's hash leaves out.

    A rule that asks for more than the box's place (as the one for the manifest's own box does)
    is not among them.
    """
    manifests = _dict(store.data.get("manifests"))
    active = _dict(manifests.get(_text(store.data.get("active_manifest"))))
    found = set()
    for assertion in _dicts(active.get("assertions")):
        if _text(assertion.get("label")).startswith("c2pa.hash.bmff"):
            for rule in _dicts(_dict(assertion.get("data")).get("exclusions")):
                place = _text(rule.get("xpath"))
                if set(rule) == {"xpath"} and place.count("/") == 1:
                    found.add(place[1:])
    return frozenset(found)


def _claim_generator(manifest: dict[str, Any]) -> str:
    infos = _dicts(manifest.get("claim_generator_info"))
    if not infos:
        return _text(manifest.get("claim_generator"))
    name, version = _text(infos[0].get("name")), _text(infos[0].get("version"))
    return f"{name} {version}".strip()


def _actions(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for assertion in _dicts(manifest.get("assertions")):
        if _text(assertion.get("label")).startswith("c2pa.actions"):
            yield from _dicts(_dict(assertion.get("data")).get("actions"))


def _agents(actions: list[dict[str, Any]]) -> tuple[SoftwareAgent, ...]:
    found: dict[SoftwareAgent, None] = {}
    for action in actions:
        agent = action.get("softwareAgent")
        if isinstance(agent, str):  # the form of actions version 1
            agent = {"name": agent}
        name = _text(_dict(agent).get("name"))
        if name:
            found[SoftwareAgent(name, _text(_dict(agent).get("version")))] = None
    return tuple(found)


def _source_type(manifests: dict[str, Any], manifest_id: str) -> str:
    """Find the source type of a manifest, or of the parents that it was opened from."""
    first = ""
    for _ in range(_MAX_GENERATIONS):
        manifest = _dict(manifests.get(manifest_id))
        types = [_text(action.get("digitalSourceType")) for action in _actions(manifest)]
        stated = [kind for kind in types if kind]
        first = first or (stated[0] if stated else "")
        ai = [kind for kind in stated if says_ai(kind)]
        if ai:
            return ai[0]
        parent = next(
            (
                item
                for item in _dicts(manifest.get("ingredients"))
                if item.get("relationship") == "parentOf"
                and _ingredient_state(item, ()) in {C2paState.TRUSTED, C2paState.VALID}
            ),
            {},
        )
        manifest_id = _text(parent.get("active_manifest"))
        if not manifest_id:
            break
    return first


def _ingredients(manifest: dict[str, Any], results: dict[str, Any]) -> tuple[Ingredient, ...]:
    found = []
    for item in _dicts(manifest.get("ingredients")):
        deltas = _deltas(_text(item.get("label")), results)
        recorded = _dict(_dict(item.get("validation_results")).get("activeManifest"))
        found.append(
            Ingredient(
                title=_text(item.get("title")),
                relationship=_text(item.get("relationship")),
                state=_ingredient_state(item, deltas),
                reasons=deltas + _reasons(recorded),
            )
        )
    return tuple(found)


def _deltas(label: str, results: dict[str, Any]) -> tuple[Reason, ...]:
    """List the failures that only show now, not when the ingredient was taken in."""
    found: tuple[Reason, ...] = ()
    for delta in _dicts(results.get("ingredientDeltas")):
        if label and _text(delta.get("ingredientAssertionURI")).endswith(f"/{label}"):
            now = _reasons(_dict(delta.get("validationDeltas")))
            found += tuple(reason for reason in now if reason.failure)
    return found


def _ingredient_state(item: dict[str, Any], deltas: tuple[Reason, ...]) -> C2paState:
    if not item.get("active_manifest"):
        return C2paState.ABSENT
    results = _dict(_dict(item.get("validation_results")).get("activeManifest"))
    reasons = _reasons(results) + deltas
    failures = {reason.code for reason in reasons if reason.failure}
    passed = {_text(entry.get("code")) for entry in _dicts(results.get("success"))}
    if failures - {_UNTRUSTED} or not passed:
        return C2paState.INVALID
    return C2paState.TRUSTED if _TRUSTED in passed and not failures else C2paState.VALID


def _reasons(results: dict[str, Any]) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            code=_text(entry.get("code")),
            explanation=_text(entry.get("explanation")),
            url=_text(entry.get("url")),
            failure=kind == "failure",
        )
        for kind in ("failure", "informational")
        for entry in _dicts(results.get(kind))
    )


def _assertion(manifest: dict[str, Any], label: str) -> dict[str, Any]:
    for assertion in _dicts(manifest.get("assertions")):
        if assertion.get("label") == label:
            return _dict(assertion.get("data"))
    return {}


def _text(value: object) -> str:
    return cleaned(value) if isinstance(value, str) else ""


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: object) -> list[dict[str, Any]]:
    items = value[:_MAX_ITEMS] if isinstance(value, list) else []
    return [item for item in items if isinstance(item, dict)]


def _time(value: object) -> int | None:
    """Parse an ISO 8601 time with its zone into milliseconds since 1970."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return round(moment.timestamp() * 1000) if moment.tzinfo is not None else None
