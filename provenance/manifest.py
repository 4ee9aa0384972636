"""What a manifest of ours says of a clip: the definition that is handed to the signer.

Built after C2PA 2.4 and the conformance programme 0.2: every assertion is a created one, all
actions are listed, and the claim names the version of the specification. It holds neither a
prompt nor anything of a person; whoever asks for those needs the clip id and access to the log.
What the manifests of sources hold is their signers' matter: they are kept as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from typing import Any, Final
from urllib.parse import urlsplit

from media.errors import InvalidInput
from provenance.actions import (
    COMPOSITE_WITH_AI,
    MAX_ACTIONS,
    MAX_BINDINGS,
    TRAINED_ALGORITHMIC_MEDIA,
    WATERMARKED,
    Action,
    Mining,
    SoftBinding,
    check_time,
    iso_time,
)
from provenance.naming import check_name
from provenance.report import C2paState
from provenance.sources import Relation, SourceReport

CLIP_ASSERTION: Final = "org.framegate.clip"
"""Label of our own assertion: which clip this is, who released it, what made it and when."""

SPEC_VERSION: Final = "2.4.0"
"""Version of the C2PA specification that the claim follows (SemVer: "2.4" is refused by some)."""

_GENERATOR_NAME = "Framegate"
_CLIP_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
_MAX_NAME_CHARS = 128
_MAX_VERSION_CHARS = 64
_MAX_URL_CHARS = 200


@dataclass(frozen=True, slots=True)
class Release:
    """What is known of a clip when it is released; all of it becomes public.

    Attributes:
        clip_id: Unique id: 1 to 64 of letters, digits, `.`, `_`, `:`, `-`.
        generator_name: The system that made it, 1 to 128 printable characters.
        generator_version: Its version, 1 to 64 printable characters.
        created_ms: When it was made, milliseconds since 1970 UTC.
        title: What viewers show; "Clip <clip_id>" where "". At most 128 printable characters.
        actions: What was done to it after it was made, in this order, at most 16.
        soft_bindings: What its watermarks carry, at most 4; at least one goes with the action
            `c2pa.watermarked.bound`.
        mining: Whether it may be used for training and data mining; None says nothing.
        detector_url: Where anybody may have a clip checked, an https address, or "".

    Raises:
        InvalidInput: One of them is unfit; it names the field.
    """

    clip_id: str
    generator_name: str
    generator_version: str
    created_ms: int
    title: str = ""
    actions: tuple[Action, ...] = ()
    soft_bindings: tuple[SoftBinding, ...] = ()
    mining: Mining | None = None
    detector_url: str = ""

    def __post_init__(self) -> None:
        if not _CLIP_ID.fullmatch(self.clip_id):
            raise InvalidInput(
                "clip_id must be 1 to 64 of letters, digits and . _ : -", field="clip_id"
            )
        check_name(self.generator_name, "generator_name", _MAX_NAME_CHARS)
        check_name(self.generator_version, "generator_version", _MAX_VERSION_CHARS)
        if self.title:
            check_name(self.title, "title", _MAX_NAME_CHARS)
        check_time(self.created_ms, "created_ms")
        _check_count("actions", len(self.actions), MAX_ACTIONS)
        _check_count("soft_bindings", len(self.soft_bindings), MAX_BINDINGS)
        if self.watermarked and not self.soft_bindings:
            raise InvalidInput(
                f"the action {WATERMARKED} needs a soft binding", field="soft_bindings"
            )
        if self.detector_url:
            check_url(self.detector_url, "detector_url")

    @property
    def watermarked(self) -> bool:
        """Whether it is told of a watermark that leads to the manifest."""
        return any(action.name == WATERMARKED for action in self.actions)


def check_url(value: str, field: str) -> str:
    """Return an address that readers may be sent to.

    Raises:
        InvalidInput: It is no https address of at most 200 characters without credentials.
    """
    try:
        parts = urlsplit(value)
        fit = parts.scheme == "https" and bool(parts.hostname) and parts.username is None
    except ValueError:
        fit = False
    if not fit or len(value) > _MAX_URL_CHARS or not value.isascii() or not value.isprintable():
        raise InvalidInput(
            f"{field} is an https address of at most 200 ASCII characters, without credentials",
            field=field,
            limit=_MAX_URL_CHARS,
            actual=len(value),
        )
    if " " in value:
        raise InvalidInput(f"{field} has a space in it", field=field)
    return value


def check_told(mining: str, detector_url: str) -> None:
    """Check what manifests of a house say beside the clip.

    Args:
        mining: A value of `Mining`, or "" to say nothing.
        detector_url: See `Release`; may be "".

    Raises:
        InvalidInput: One of them is unfit; it names the field.
    """
    if mining not in ("", *Mining):
        raise InvalidInput(
            f"mining is empty or one of {', '.join(Mining)}", field="mining", actual=mining[:64]
        )
    if detector_url:
        check_url(detector_url, "detector_url")


def _check_count(field: str, count: int, most: int) -> None:
    if count > most:
        raise InvalidInput(f"there are too many {field}", field=field, limit=most, actual=count)


@cache
def _framegate_version() -> str:
    return metadata.version("framegate")


def ingredient(number: int, report: SourceReport, title: str) -> dict[str, Any]:
    """Describe source `number` as an ingredient; `definition` refers to it by its label."""
    return {
        "title": title,
        "format": report.media_type,
        "relationship": report.relation.value,
        "label": _label(number),
    }


def source_type(sources: Sequence[SourceReport]) -> str:
    """Tell which IPTC term fits a clip that a model made from these.

    It is a composite as soon as one of them may be real: named by the caller, and not known, from
    a manifest that is believed, to be wholly a model's work. The manifest that the clip itself
    came with says what the generator made of it, so there a missing word does not make it real.
    """
    for report in sources:
        by_model = report.source_type == TRAINED_ALGORITHMIC_MEDIA
        if report.carried:
            by_model = by_model or not report.source_type
        elif report.state is not C2paState.TRUSTED:
            by_model = False
        if not by_model:
            return COMPOSITE_WITH_AI
    return TRAINED_ALGORITHMIC_MEDIA


def definition(
    release: Release, *, provider: str, media_type: str, sources: Sequence[SourceReport] = ()
) -> dict[str, Any]:
    """Build the manifest definition of a clip.

    | sources | actions |
    |---|---|
    | no parent | `c2pa.created`, with the inputs |
    | a parent | `c2pa.opened` with the parent, `c2pa.edited` with the inputs |
    | components | then `c2pa.placed`, one for each |

    Args:
        release: What is known of it.
        provider: Organisation that releases it, as in the signing certificate.
        media_type: Of the container.
        sources: What it was made from, in the order in which `ingredient` numbers them; at most
            one is a parent.

    Returns:
        The definition, ready for JSON.
    """
    assertions = [
        ("c2pa.actions.v2", {"allActionsIncluded": True, "actions": _actions(release, sources)}),
        (CLIP_ASSERTION, _clip(release, provider)),
    ]
    assertions += [("c2pa.soft-binding", binding.data()) for binding in release.soft_bindings]
    if release.mining is not None:
        assertions.append(("cawg.training-mining", release.mining.data()))
    return {
        "claim_generator_info": [
            {
                "name": _GENERATOR_NAME,
                "version": _framegate_version(),
                "specVersion": SPEC_VERSION,
            }
        ],
        "title": release.title or f"Clip {release.clip_id}",
        "format": media_type,
        "assertions": [
            {"label": label, "created": True, "data": data} for label, data in assertions
        ],
    }


def _actions(release: Release, sources: Sequence[SourceReport]) -> list[dict[str, Any]]:
    when = iso_time(release.created_ms)
    made: dict[str, Any] = {
        "when": when,
        "digitalSourceType": source_type(sources),
        "softwareAgent": {"name": release.generator_name, "version": release.generator_version},
    }
    if inputs := _labels(sources, Relation.INPUT):
        made["parameters"] = {"ingredientIds": inputs}
    actions: list[dict[str, Any]] = [{"action": "c2pa.created", **made}]
    if parents := _labels(sources, Relation.PARENT):
        # c2pa.opened must not carry a source type, so that the AI statement needs the second.
        actions = [
            {
                "action": "c2pa.opened",
                "when": when,
                "softwareAgent": {"name": _GENERATOR_NAME, "version": _framegate_version()},
                "parameters": {"ingredientIds": parents},
            },
            {"action": "c2pa.edited", **made},
        ]
    actions += [
        {
            "action": "c2pa.placed",
            "when": when,
            "softwareAgent": made["softwareAgent"],
            "parameters": {"ingredientIds": [component]},
        }
        for component in _labels(sources, Relation.COMPONENT)
    ]
    return actions + [action.data() for action in release.actions]


def _clip(release: Release, provider: str) -> dict[str, Any]:
    found = {
        "clipId": release.clip_id,
        "provider": provider,
        "generatorName": release.generator_name,
        "generatorVersion": release.generator_version,
        "created": iso_time(release.created_ms),
    }
    if release.detector_url:
        found["detector"] = release.detector_url
    return found


def _labels(sources: Sequence[SourceReport], relation: Relation) -> list[str]:
    return [_label(number) for number, one in enumerate(sources) if one.relation is relation]


def _label(number: int) -> str:
    return f"source-{number}"
