"""The answer to "where does this clip come from?", put together from all that is known.

| the manifest | the answer |
|---|---|
| trusted through our own anchors, signed in our name, names one of our clips | `made_here` |
| trusted, and says that a generative model made it or had a part | `declared_ai` |
| trusted, and says nothing of the kind | `no_evidence` |
| intact, but signed by a stranger | `no_evidence` |
| names us as the provider, but is not signed by us | `inconclusive` |
| changed, expired, malformed | `inconclusive` |
| none | `no_evidence` |

No answer says that a clip is real. `no_evidence` means that nothing was found, and a manifest is
easily stripped: copying a clip into a new file is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from provenance.credentials import Credentials
from provenance.reading import read
from provenance.report import C2paReport, C2paState
from provenance.summary import says_ai
from provenance.trust import TrustAnchors


class Answer(StrEnum):
    """The fused answer; never that a clip is real."""

    MADE_HERE = "made_here"
    DECLARED_AI = "declared_ai"
    INCONCLUSIVE = "inconclusive"
    NO_EVIDENCE = "no_evidence"


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer and what each layer says.

    Attributes:
        answer: The answer.
        c2pa: What the manifest says.
    """

    answer: Answer
    c2pa: C2paReport

    @property
    def clip_id(self) -> str:
        """The clip's id if it was made here, else ""."""
        return self.c2pa.clip_id if self.answer is Answer.MADE_HERE else ""


def verify(path: Path, ours: Credentials | TrustAnchors) -> Verification:
    """Tell where a clip comes from.

    Args:
        path: The clip; hostile bytes are expected, so call it in a process that may die.
        ours: Our credentials (they may have expired: `credentials.load(..., for_signing=False)`),
            with the anchors of all who are believed; or just anchors, for who never signs.

    Raises:
        ClipRefused: The file is no readable clip, see `provenance.reading`.
    """
    if isinstance(ours, TrustAnchors):
        found = read(path, ours)
        return Verification(answer(found, ""), found)
    found = read(path, ours.anchors)
    return Verification(answer(found, ours.organization), found)


def answer(found: C2paReport, organization: str) -> Answer:
    """Answer by the table of this module. Pure.

    Args:
        found: What the manifest says.
        organization: Our name in the signing certificate. It is asked for beside the anchor,
            because a public authority issues under one root to many. "" for who never signs.
    """
    if found.state is C2paState.ABSENT:
        return Answer.NO_EVIDENCE
    if found.state is C2paState.INVALID:
        return Answer.INCONCLUSIVE
    signed_by_us = found.own and found.signer_organization == organization
    if signed_by_us and found.clip_id:
        return Answer.MADE_HERE
    if organization and found.provider == organization and not signed_by_us:
        return Answer.INCONCLUSIVE
    if found.state is C2paState.TRUSTED and says_ai(found.digital_source_type):
        return Answer.DECLARED_AI
    return Answer.NO_EVIDENCE
