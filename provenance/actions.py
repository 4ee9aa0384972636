"""What was done to a clip, in the terms of C2PA 2.4: actions, soft bindings, rights to mine.

The manifest's first action follows from the sources (`provenance.manifest`). What comes after it,
such as a visible mark or a watermark, is told here by the part that did it.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from media.errors import InvalidInput
from provenance.naming import check_name

VOCABULARY: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"
"""Where the IPTC terms for the origin of media begin."""

TRAINED_ALGORITHMIC_MEDIA: Final = VOCABULARY + "trainedAlgorithmicMedia"
"""IPTC term for media that a generative model made."""

COMPOSITE_WITH_AI: Final = VOCABULARY + "compositeWithTrainedAlgorithmicMedia"
"""IPTC term for media in which a generative model's part and other media are joined."""

WATERMARKED: Final = "c2pa.watermarked.bound"
"""Action of a watermark that leads to the manifest; it needs a soft binding beside it."""

MAX_ACTIONS: Final = 16
"""How many actions a release may tell of, beside those that follow from its sources."""

MAX_BINDINGS: Final = 4
"""How many soft bindings a release may have."""

MAX_MS: Final = 253_402_300_799_999
"""The last millisecond of the year 9999."""

_NAME = re.compile(r"c2pa(\.[a-z][A-Za-z]{1,31}){1,3}", re.ASCII)
_ALGORITHM = re.compile(r"[A-Za-z0-9-]{1,32}(\.[A-Za-z0-9_-]{1,32}){1,7}", re.ASCII)
_FOLLOW_FROM_SOURCES = frozenset({"c2pa.created", "c2pa.opened", "c2pa.placed"})
# Conformance programme 0.2: every other action says of what origin its change is.
_WITHOUT_SOURCE_TYPE = frozenset(
    {
        "c2pa.converted",
        "c2pa.edited.metadata",
        "c2pa.enhanced",
        "c2pa.published",
        "c2pa.repackaged",
        "c2pa.resized.proportional",
        "c2pa.transcoded",
        "c2pa.watermarked.bound",
        "c2pa.watermarked.unbound",
    }
)
_MAX_NAME_CHARS = 128
_MAX_VERSION_CHARS = 64
_MAX_BINDING_BYTES = 1024


@dataclass(frozen=True, slots=True)
class Action:
    """Something that was done to the clip after it was made.

    Attributes:
        name: In the vocabulary of C2PA, for instance `c2pa.addedText` for a visible mark.
        when_ms: When, milliseconds since 1970 UTC.
        software_name: What did it, 1 to 128 printable characters.
        software_version: Its version, 1 to 64 printable characters.
        source_type: IRI of the IPTC vocabulary: of what origin the change is. Needed but for
            actions that change nothing that is seen or heard.
        description: One line for readers, at most 128 printable characters, or "".

    Raises:
        InvalidInput: One of them is unfit; it names the field.
    """

    name: str
    when_ms: int
    software_name: str
    software_version: str
    source_type: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or self.name in _FOLLOW_FROM_SOURCES:
            raise InvalidInput(
                "an action is one of C2PA, and created, opened and placed follow from the sources",
                field="action.name",
                actual=self.name[:64],
            )
        check_time(self.when_ms, "action.when_ms")
        check_name(self.software_name, "action.software_name", _MAX_NAME_CHARS)
        check_name(self.software_version, "action.software_version", _MAX_VERSION_CHARS)
        if self.description:
            check_name(self.description, "action.description", _MAX_NAME_CHARS)
        if self.source_type or self.name not in _WITHOUT_SOURCE_TYPE:
            tail = self.source_type.removeprefix(VOCABULARY)
            if tail == self.source_type or not tail.isalpha() or not tail.isascii():
                raise InvalidInput(
                    "the action needs a source type of the IPTC vocabulary",
                    field="action.source_type",
                    limit=VOCABULARY,
                )

    def data(self) -> dict[str, Any]:
        """Give the action as it stands in the assertion."""
        found: dict[str, Any] = {
            "action": self.name,
            "when": iso_time(self.when_ms),
            "softwareAgent": {"name": self.software_name, "version": self.software_version},
        }
        if self.source_type:
            found["digitalSourceType"] = self.source_type
        if self.description:
            found["description"] = self.description
        return found


@dataclass(frozen=True, slots=True)
class SoftBinding:
    """What a watermark carries, or a fingerprint says: it leads from the pictures to the manifest.

    Attributes:
        algorithm: Name in the C2PA list of algorithms, or one of your own in reverse-domain form.
        value: 1 to 1,024 bytes.

    Raises:
        InvalidInput: One of them is unfit; it names the field.
    """

    algorithm: str
    value: bytes

    def __post_init__(self) -> None:
        if not _ALGORITHM.fullmatch(self.algorithm):
            raise InvalidInput(
                "the algorithm of a soft binding is a name such as org.example.mark.1",
                field="soft_binding.algorithm",
                actual=self.algorithm[:64],
            )
        if not 0 < len(self.value) <= _MAX_BINDING_BYTES:
            raise InvalidInput(
                "the value of a soft binding has 1 to 1,024 bytes",
                field="soft_binding.value",
                limit=_MAX_BINDING_BYTES,
                actual=len(self.value),
            )

    def data(self) -> dict[str, Any]:
        """Give the assertion's body (C2PA 2.4, soft binding); its scope is the whole clip."""
        value = base64.b64encode(self.value).decode("ascii")
        return {"alg": self.algorithm, "blocks": [{"scope": {}, "value": value}]}


class Mining(StrEnum):
    """Whether the clip may be used to train models or to mine data."""

    ALLOWED = "allowed"
    NOT_ALLOWED = "notAllowed"

    def data(self) -> dict[str, Any]:
        """Give the body of `cawg.training-mining` (CAWG 1.1), with this for every use."""
        uses = ("ai_inference", "ai_generative_training", "ai_training", "data_mining")
        return {"entries": {f"cawg.{use}": {"use": self.value} for use in uses}}


def iso_time(time_ms: int) -> str:
    """Milliseconds since 1970 as ISO 8601 in UTC, with milliseconds."""
    moment = datetime.fromtimestamp(time_ms // 1000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time_ms % 1000:03d}Z"


def check_time(time_ms: int, field: str) -> None:
    """Refuse what is no time.

    Raises:
        InvalidInput: It is not between 1970 and 9999; `field` is named.
    """
    if not 0 <= time_ms <= MAX_MS:
        raise InvalidInput(f"{field} is no time between 1970 and 9999", field=field, limit=MAX_MS)
