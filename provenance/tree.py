"""A clip's manifests as a tree: the newest one, what it was made from, what that was made from.

Made for a page that a person reads, so it says more of each manifest than a report does: every
action, what held as well as what did not, and which thumbnail belongs to it. It holds no more of a
stranger's text than a report does: names of programs and signers, titles, times.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from provenance.engine import Store
from provenance.foreign import mapping, mappings, text, time_ms
from provenance.report import C2paReport, C2paState, Reason, SoftwareAgent
from provenance.summary import actions_of, agents_of, claim_generator_of, ingredient_of

MAX_DEPTH: Final = 12
"""Generations that are followed."""

MAX_NODES: Final = 64
"""Manifests and sources in all that are taken up."""

_MAX_ACTIONS = 32


@dataclass(frozen=True, slots=True)
class Action:
    """Something that was done, as its signer states it.

    Attributes:
        name: For instance `c2pa.created`.
        time_ms: When, milliseconds since 1970, or None.
        agent: What did it.
        source_type: IRI of the IPTC vocabulary, or "".
    """

    name: str
    time_ms: int | None
    agent: SoftwareAgent
    source_type: str


@dataclass(frozen=True, slots=True)
class Node:
    """The clip, or something that it was made from.

    Attributes:
        title: As its signer wrote it, cleaned.
        relationship: `parentOf`, `componentOf` or `inputTo`; "" for the clip itself.
        state: Outcome of the validation: of the clip now; of a source when it was taken in, with
            what shows only now.
        reasons: Failures, then informational results.
        passed: Codes of what held, each once.
        manifest_id: Id of its manifest, or "" where it has none.
        claim_generator: Name and version of the program that wrote the claim.
        signer_organization: Organisation in the signing certificate.
        signer_common_name: Common name in the signing certificate.
        signed_ms: Time of the time stamp, or None.
        actions: What was done, in the order of the manifest.
        picture_id: Key of the thumbnail in `Store.pictures`, or "".
        sources: What it was made from.
        cut_off: Whether there were more sources than are taken up.
    """

    title: str
    relationship: str
    state: C2paState
    reasons: tuple[Reason, ...] = ()
    passed: tuple[str, ...] = ()
    manifest_id: str = ""
    claim_generator: str = ""
    signer_organization: str = ""
    signer_common_name: str = ""
    signed_ms: int | None = None
    actions: tuple[Action, ...] = ()
    picture_id: str = ""
    sources: tuple[Node, ...] = ()
    cut_off: bool = False


def grow(store: Store, report: C2paReport) -> Node:
    """Make the tree of a validated store.

    Args:
        store: As it was read.
        report: What was made of it; its state and reasons are those of the root.
    """
    return _Grower(store).root(report)


class _Grower:
    """Counts what was taken up already: a store can name the same manifest again and again."""

    def __init__(self, store: Store) -> None:
        self._manifests = mapping(store.data.get("manifests"))
        self._results = mapping(store.data.get("validation_results"))
        self._pictures = store.pictures
        self._left = MAX_NODES

    def root(self, report: C2paReport) -> Node:
        manifest = mapping(self._manifests.get(report.manifest_id))
        told = mapping(self._results.get("activeManifest"))
        return self._node(
            manifest,
            title=text(manifest.get("title")),
            relationship="",
            state=report.state,
            reasons=report.reasons,
            told=told,
            manifest_id=report.manifest_id,
            holders=(manifest,),
            depth=0,
        )

    def _node(
        self,
        manifest: dict[str, Any],
        *,
        title: str,
        relationship: str,
        state: C2paState,
        reasons: tuple[Reason, ...],
        told: dict[str, Any],
        manifest_id: str,
        holders: tuple[dict[str, Any], ...],
        depth: int,
    ) -> Node:
        self._left -= 1
        signature = mapping(manifest.get("signature_info"))
        items = mappings(manifest.get("ingredients")) if depth < MAX_DEPTH else []
        sources: list[Node] = []
        for item in items:
            if self._left <= 0:
                break
            sources.append(self._source(item, manifest_id, depth + 1))
        passed = dict.fromkeys(text(entry.get("code")) for entry in mappings(told.get("success")))
        return Node(
            title=title,
            relationship=relationship,
            state=state,
            reasons=reasons,
            passed=tuple(passed),
            manifest_id=manifest_id,
            claim_generator=claim_generator_of(manifest),
            signer_organization=text(signature.get("issuer")),
            signer_common_name=text(signature.get("common_name")),
            signed_ms=time_ms(signature.get("time")),
            actions=_actions(manifest),
            picture_id=self._picture(holders),
            sources=tuple(sources),
            cut_off=len(sources) < len(mappings(manifest.get("ingredients"))),
        )

    def _source(self, item: dict[str, Any], parent_id: str, depth: int) -> Node:
        judged = ingredient_of(item, parent_id, self._results)
        manifest_id = text(item.get("active_manifest"))
        manifest = mapping(self._manifests.get(manifest_id))
        return self._node(
            manifest,
            title=judged.title or text(manifest.get("title")),
            relationship=judged.relationship,
            state=judged.state,
            reasons=judged.reasons,
            told=mapping(mapping(item.get("validation_results")).get("activeManifest")),
            manifest_id=manifest_id,
            holders=(item, manifest),
            depth=depth,
        )

    def _picture(self, holders: tuple[dict[str, Any], ...]) -> str:
        for holder in holders:
            found = mapping(holder.get("thumbnail")).get("identifier")
            if isinstance(found, str) and found in self._pictures:
                return found
        return ""


def _actions(manifest: dict[str, Any]) -> tuple[Action, ...]:
    found = []
    for action in list(actions_of(manifest))[:_MAX_ACTIONS]:
        agents = agents_of([action])
        found.append(
            Action(
                name=text(action.get("action")),
                time_ms=time_ms(action.get("when")),
                agent=agents[0] if agents else SoftwareAgent("", ""),
                source_type=text(action.get("digitalSourceType")),
            )
        )
    return tuple(found)
