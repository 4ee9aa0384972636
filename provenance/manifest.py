"""What a manifest of ours says of a clip: the definition that is handed to the signer.

Built after C2PA 2.4 and the conformance programme 0.2: every assertion is a created one, all
actions are listed, and the claim names the version of the specification. It holds neither a
prompt nor anything of a person; whoever asks for those needs the clip id and access to the log.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from typing import Any, Final

from media.errors import InvalidInput
from provenance.naming import check_name

CLIP_ASSERTION: Final = "org.framegate.clip"
"""Label of our own assertion: which clip this is, who released it, what made it and when."""

TRAINED_ALGORITHMIC_MEDIA: Final = (
    "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
)
"""IPTC term for media that a generative model made."""

SPEC_VERSION: Final = "2.4.0"
"""Version of the C2PA specification that the claim follows (SemVer: "2.4" is refused by some)."""

_GENERATOR_NAME = "Framegate"
_PARENT = "source"
_CLIP_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
_MAX_NAME_CHARS = 128
_MAX_VERSION_CHARS = 64
_MAX_MS = 253_402_300_799_999  # the last millisecond of the year 9999


@dataclass(frozen=True, slots=True)
class Release:
    """What is known of a clip when it is released; all of it becomes public.

    Attributes:
        clip_id: Unique id: 1 to 64 of letters, digits, `.`, `_`, `:`, `-`.
        generator_name: The system that made it, 1 to 128 printable characters.
        generator_version: Its version, 1 to 64 printable characters.
        created_ms: When it was made, milliseconds since 1970 UTC.
        title: What viewers show; "Clip <clip_id>" where "". At most 128 printable characters.

    Raises:
        InvalidInput: One of them is unfit; it names the field.
    """

    clip_id: str
    generator_name: str
    generator_version: str
    created_ms: int
    title: str = ""

    def __post_init__(self) -> None:
        if not _CLIP_ID.fullmatch(self.clip_id):
            raise InvalidInput(
                "clip_id must be 1 to 64 of letters, digits and . _ : -", field="clip_id"
            )
        check_name(self.generator_name, "generator_name", _MAX_NAME_CHARS)
        check_name(self.generator_version, "generator_version", _MAX_VERSION_CHARS)
        if self.title:
            check_name(self.title, "title", _MAX_NAME_CHARS)
        if not 0 <= self.created_ms <= _MAX_MS:
            raise InvalidInput(
                "created_ms is no time between 1970 and 9999", field="created_ms", limit=_MAX_MS
            )


@cache
def _framegate_version() -> str:
    return metadata.version("framegate")


def parent_ingredient(media_type: str) -> dict[str, Any]:
    """Describe the source that carries a manifest of its own, as ingredient of the new one."""
    return {
        "title": "source clip",
        "format": media_type,
        "relationship": "parentOf",
        "label": _PARENT,
    }


def definition(
    release: Release, *, provider: str, media_type: str, has_parent: bool
) -> dict[str, Any]:
    """Build the manifest definition of a clip.

    Args:
        release: What is known of it.
        provider: Organisation that releases it, as in the signing certificate.
        media_type: Of the container.
        has_parent: Whether the source carries a manifest. Then the clip is not said to be
            created now but opened, and made with the generator; the old manifest stays in the
            file as ingredient.

    Returns:
        The definition, ready for JSON.
    """
    when = _iso(release.created_ms)
    made = {
        "when": when,
        "digitalSourceType": TRAINED_ALGORITHMIC_MEDIA,
        "softwareAgent": {"name": release.generator_name, "version": release.generator_version},
    }
    actions: list[dict[str, Any]] = [{"action": "c2pa.created", **made}]
    if has_parent:
        # c2pa.opened must not carry a source type, so that the AI statement needs the second.
        actions = [
            {
                "action": "c2pa.opened",
                "when": when,
                "softwareAgent": {"name": _GENERATOR_NAME, "version": _framegate_version()},
                "parameters": {"ingredientIds": [_PARENT]},
            },
            {"action": "c2pa.edited", **made},
        ]
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
            {
                "label": "c2pa.actions.v2",
                "created": True,
                "data": {"allActionsIncluded": True, "actions": actions},
            },
            {
                "label": CLIP_ASSERTION,
                "created": True,
                "data": {
                    "clipId": release.clip_id,
                    "provider": provider,
                    "generatorName": release.generator_name,
                    "generatorVersion": release.generator_version,
                    "created": when,
                },
            },
        ],
    }


def _iso(time_ms: int) -> str:
    moment = datetime.fromtimestamp(time_ms / 1000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time_ms % 1000:03d}Z"
