"""From the library's JSON of a manifest store to a report.

The JSON's strings and shapes are the signer's, and the signer may be anybody: nothing is taken
for granted, everything is shortened and cleaned, and only the fields that a report has are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from provenance.engine import Store
from provenance.foreign import mapping, mappings, text, time_ms
from provenance.manifest import CLIP_ASSERTION
from provenance.report import (
    C2paReport,
    C2paState,
    Ingredient,
    Reason,
    Revocation,
    SoftwareAgent,
    StampTrust,
)
from provenance.trust import SIGNERS, TrustList, lists_of

AI_SOURCE_TYPES: Final = frozenset(
    {
        "trainedAlgorithmicMedia",
        "compositeWithTrainedAlgorithmicMedia",
        "compositeSynthetic",
    }
)
"""IPTC terms (last part of the IRI) for media that a generative model made, or had a part in."""

_MAX_GENERATIONS = 16
_UNTRUSTED = "signingCredential.untrusted"
_TRUSTED = "signingCredential.trusted"
_STAMP_FOUND_IN = re.compile(r", trust list: (\S+)\Z")
_FOUND_IN = re.compile(r"found in \[([^\]]+)\] trust anchors")


def says_ai(source_type: str) -> bool:
    """Tell whether a digital source type says that a generative model had a part."""
    return source_type.rsplit("/", 1)[-1] in AI_SOURCE_TYPES


def summarise(store: Store, vouched: frozenset[TrustList] | None = None) -> C2paReport:
    """Make a report of a validated store.

    Args:
        store: As it was read.
        vouched: Which lists of signers vouch for the signer; where None, those that the library
            names.
    """
    manifest_id = text(store.data.get("active_manifest"))
    manifests = mapping(store.data.get("manifests"))
    active = mapping(manifests.get(manifest_id))
    results = mapping(store.data.get("validation_results"))
    signature = mapping(active.get("signature_info"))
    clip = _assertion(active, CLIP_ASSERTION)
    actions = list(actions_of(active))
    told = mapping(results.get("activeManifest"))
    if vouched is None:
        vouched = _vouching(told)
    state, reasons = _judged(store.state, results, vouched)
    stamp = _stamp(told)
    return C2paReport(
        state=state,
        reasons=reasons,
        own=state is C2paState.TRUSTED and TrustList.OWN in vouched,
        vouched_by=_ordered(vouched) if state is C2paState.TRUSTED else (),
        revocation=_revocation(told),
        stamp=stamp,
        stamp_vouched_by=_ordered(_vouching_for_stamp(told)),
        manifest_id=manifest_id,
        claim_generator=claim_generator_of(active),
        software_agents=agents_of(actions),
        created_ms=next((time for item in actions if (time := time_ms(item.get("when")))), None),
        digital_source_type=_source_type(manifests, manifest_id),
        signer_organization=text(signature.get("issuer")),
        signer_common_name=text(signature.get("common_name")),
        signed_ms=time_ms(signature.get("time")),
        clip_id=text(clip.get("clipId")),
        provider=text(clip.get("provider")),
        ingredients=_ingredients(active, manifest_id, results),
    )


def signer_is_vouched_for(store: Store) -> bool:
    """Tell whether the library found an anchor for the signer, whatever else it found."""
    results = mapping(store.data.get("validation_results"))
    told = mapping(mapping(results).get("activeManifest"))
    return _TRUSTED in {text(entry.get("code")) for entry in mappings(told.get("success"))}


def _judged(
    state: str, results: dict[str, Any], vouched: frozenset[TrustList]
) -> tuple[C2paState, tuple[Reason, ...]]:
    """Tell the state and why.

    A chain that ends in nothing but an authority for time stamps is a stranger's, whatever the
    library says of it.
    """
    judged = C2paState(state.lower())
    reasons = _reasons(mapping(results.get("activeManifest")))
    if judged is C2paState.TRUSTED and not vouched & SIGNERS:
        failure = Reason(
            _UNTRUSTED,
            "the signer's authority is on no list of those who vouch for signers",
            failure=True,
        )
        return C2paState.VALID, (failure, *reasons)
    return judged, reasons


def _vouching(told: dict[str, Any]) -> frozenset[TrustList]:
    """Tell which lists hold the anchor of one manifest's signature.

    By the library's own words for that signature: its `trustListUri` is the list of whichever
    manifest it looked at last, an ingredient's among them (measured with 0.91.3).
    """
    for entry in mappings(told.get("success")):
        if entry.get("code") == _TRUSTED and (
            match := _FOUND_IN.search(text(entry.get("explanation")))
        ):
            return lists_of(match[1])
    return frozenset()


def _vouching_for_stamp(told: dict[str, Any]) -> frozenset[TrustList]:
    """Tell which lists hold the anchor of the time stamp; the library says it in a sentence.

    The sentence holds the authority's name before it, so only its end counts.
    """
    for entry in mappings(told.get("success")):
        said = entry.get("explanation")
        if entry.get("code") == "timeStamp.trusted" and isinstance(said, str):
            match = _STAMP_FOUND_IN.search(said)
            return lists_of(match[1]) if match else frozenset()
    return frozenset()


def _ordered(lists: frozenset[TrustList]) -> tuple[TrustList, ...]:
    return tuple(one for one in TrustList if one in lists)


def _codes(told: dict[str, Any]) -> set[str]:
    kinds = ("success", "informational", "failure")
    return {text(entry.get("code")) for kind in kinds for entry in mappings(told.get(kind))}


def _revocation(told: dict[str, Any]) -> Revocation:
    codes = _codes(told)
    if codes & {"signingCredential.ocsp.revoked", "signingCredential.revoked"}:
        return Revocation.REVOKED
    if "signingCredential.ocsp.notRevoked" in codes:
        return Revocation.NOT_REVOKED
    if "signingCredential.ocsp.skipped" in codes:
        return Revocation.NOT_CHECKED
    # Asked, but nobody answered, or the answer does not count: the library may say nothing then.
    return Revocation.UNKNOWN


def _stamp(told: dict[str, Any]) -> StampTrust:
    codes = {code for code in _codes(told) if code.startswith("timeStamp.")}
    if not codes:
        return StampTrust.NONE
    if "timeStamp.trusted" in codes:
        return StampTrust.TRUSTED
    good = codes <= {"timeStamp.validated", "timeStamp.untrusted"}
    return StampTrust.UNTRUSTED if good else StampTrust.INVALID


def hash_exclusions(store: Store) -> frozenset[str]:
    """Return the types of the outermost boxes that the active manifest's hash leaves out.

    A rule that asks for more than the box's place (as the one for the manifest's own box does)
    is not among them.
    """
    manifests = mapping(store.data.get("manifests"))
    active = mapping(manifests.get(text(store.data.get("active_manifest"))))
    found = set()
    for assertion in mappings(active.get("assertions")):
        if text(assertion.get("label")).startswith("c2pa.hash.bmff"):
            for rule in mappings(mapping(assertion.get("data")).get("exclusions")):
                place = text(rule.get("xpath"))
                if set(rule) == {"xpath"} and place.count("/") == 1:
                    found.add(place[1:])
    return frozenset(found)


def claim_generator_of(manifest: dict[str, Any]) -> str:
    """Name and version of the program that wrote a claim."""
    infos = mappings(manifest.get("claim_generator_info"))
    if not infos:
        return text(manifest.get("claim_generator"))
    name, version = text(infos[0].get("name")), text(infos[0].get("version"))
    return f"{name} {version}".strip()


def actions_of(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the actions of a manifest, as they were written."""
    for assertion in mappings(manifest.get("assertions")):
        if text(assertion.get("label")).startswith("c2pa.actions"):
            yield from mappings(mapping(assertion.get("data")).get("actions"))


def agents_of(actions: list[dict[str, Any]]) -> tuple[SoftwareAgent, ...]:
    """The programs that actions name, each once."""
    found: dict[SoftwareAgent, None] = {}
    for action in actions:
        agent = action.get("softwareAgent")
        if isinstance(agent, str):  # the form of actions version 1
            agent = {"name": agent}
        name = text(mapping(agent).get("name"))
        if name:
            found[SoftwareAgent(name, text(mapping(agent).get("version")))] = None
    return tuple(found)


def _source_type(manifests: dict[str, Any], manifest_id: str) -> str:
    """Find the source type of a manifest, or of the parents that it was opened from."""
    first = ""
    for _ in range(_MAX_GENERATIONS):
        manifest = mapping(manifests.get(manifest_id))
        types = [text(action.get("digitalSourceType")) for action in actions_of(manifest)]
        stated = [kind for kind in types if kind]
        first = first or (stated[0] if stated else "")
        ai = [kind for kind in stated if says_ai(kind)]
        if ai:
            return ai[0]
        parent = next(
            (
                item
                for item in mappings(manifest.get("ingredients"))
                if item.get("relationship") == "parentOf"
                and _ingredient_state(item, (), believed_now=False)
                in {C2paState.TRUSTED, C2paState.VALID}
            ),
            {},
        )
        manifest_id = text(parent.get("active_manifest"))
        if not manifest_id:
            break
    return first


def _ingredients(
    manifest: dict[str, Any], manifest_id: str, results: dict[str, Any]
) -> tuple[Ingredient, ...]:
    return tuple(
        ingredient_of(item, manifest_id, results) for item in mappings(manifest.get("ingredients"))
    )


def ingredient_of(item: dict[str, Any], manifest_id: str, results: dict[str, Any]) -> Ingredient:
    """Judge an ingredient by what was recorded of it and by what shows only now.

    Args:
        item: The ingredient, as it was written.
        manifest_id: The manifest that names it.
        results: The validation's results for the whole store.
    """
    deltas = _deltas(manifest_id, text(item.get("label")), results)
    recorded = mapping(mapping(item.get("validation_results")).get("activeManifest"))
    return Ingredient(
        title=text(item.get("title")),
        relationship=text(item.get("relationship")),
        state=_ingredient_state(item, deltas, _believed_now(manifest_id, item, results)),
        reasons=deltas + _reasons(recorded),
    )


def _deltas(manifest_id: str, label: str, results: dict[str, Any]) -> tuple[Reason, ...]:
    """List the failures that only show now, not when the ingredient was taken in."""
    found: tuple[Reason, ...] = ()
    for now in _found_now(manifest_id, label, results):
        found += tuple(reason for reason in _reasons(now) if reason.failure)
    return found


def _found_now(manifest_id: str, label: str, results: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for delta in mappings(results.get("ingredientDeltas")):
        place = text(delta.get("ingredientAssertionURI"))
        if label and place.endswith(f"/{manifest_id}/c2pa.assertions/{label}"):
            yield mapping(delta.get("validationDeltas"))


def _believed_now(manifest_id: str, item: dict[str, Any], results: dict[str, Any]) -> bool:
    """Tell whether we believe a signer whom the one who took the ingredient in did not."""
    label = text(item.get("label"))
    return any(_vouching(now) & SIGNERS for now in _found_now(manifest_id, label, results))


def _ingredient_state(
    item: dict[str, Any],
    deltas: tuple[Reason, ...],
    believed_now: bool,  # noqa: FBT001 - private
) -> C2paState:
    if not item.get("active_manifest"):
        return C2paState.ABSENT
    recorded = mapping(item.get("validation_results"))
    results = mapping(recorded.get("activeManifest"))
    reasons = _reasons(results) + deltas
    failures = {reason.code for reason in reasons if reason.failure}
    passed = {text(entry.get("code")) for entry in mappings(results.get("success"))}
    if failures - {_UNTRUSTED} or not passed:
        return C2paState.INVALID
    believed = _TRUSTED in passed and not failures
    lists = _vouching(results)
    if lists and not lists & SIGNERS:  # recorded by Framegate: no more than a time stamp's root
        believed = False
    if believed_now and not any(reason.failure for reason in deltas):
        believed = True
    return C2paState.TRUSTED if believed else C2paState.VALID


def _reasons(results: dict[str, Any]) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            code=text(entry.get("code")),
            explanation=text(entry.get("explanation")),
            url=text(entry.get("url")),
            failure=kind == "failure",
        )
        for kind in ("failure", "informational")
        for entry in mappings(results.get(kind))
    )


def _assertion(manifest: dict[str, Any], label: str) -> dict[str, Any]:
    for assertion in mappings(manifest.get("assertions")):
        if assertion.get("label") == label:
            return mapping(assertion.get("data"))
    return {}
