"""What a clip was made from, and what was found of it: values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from provenance.naming import check_name
from provenance.report import C2paState, Reason

_MAX_TITLE_CHARS = 128


class Relation(StrEnum):
    """What a source is to the clip, in the words of C2PA."""

    PARENT = "parentOf"
    """The clip is an edit of it: a remix, an extension."""
    COMPONENT = "componentOf"
    """It is seen or heard as a part of the clip."""
    INPUT = "inputTo"
    """It was given to the generator, such as the picture of image-to-video."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that the clip was made from.

    Attributes:
        path: The file; what it is, is told by its bytes.
        relation: What it is to the clip.
        sha256: What it must have, 64 hex digits, or "".
        title: What readers see it called, at most 128 printable characters; "" for its kind. It
            becomes public: no file name and no person's name.
        thumbnail: Whether a small picture of it goes into the manifest, where everybody sees it.

    Raises:
        InvalidInput: The title is unfit.
    """

    path: Path
    relation: Relation
    sha256: str = ""
    title: str = ""
    thumbnail: bool = False

    def __post_init__(self) -> None:
        if self.title:
            check_name(self.title, "source.title", _MAX_TITLE_CHARS)


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What was found of a source; no text of it but what its validation says.

    Attributes:
        relation: What it is to the clip.
        media_type: By its bytes.
        sha256: 64 hex digits.
        state: Outcome of the validation of its own manifest.
        reasons: Failures, then informational results.
        manifest_id: Of its own manifest, which is kept; "" where it has none.
        source_type: IRI of the IPTC vocabulary, as its manifest says, or "".
        carried: Whether it is the manifest that the clip itself came with.
    """

    relation: Relation
    media_type: str
    sha256: str
    state: C2paState
    reasons: tuple[Reason, ...] = ()
    manifest_id: str = ""
    source_type: str = ""
    carried: bool = False
