"""What a validation found, in words for who has never heard of C2PA.

Codes are those of the C2PA specification 2.4, section 15 (validation), and our own. A code that is
not here is shown as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from moderation.origins.grounds import Ground
from provenance.report import C2paReport, C2paState
from provenance.trust import TrustList
from provenance.verification import Answer

STATES: Final[Mapping[C2paState, str]] = {
    C2paState.TRUSTED: "holds",
    C2paState.VALID: "by a stranger",
    C2paState.INVALID: "does not hold",
    C2paState.ABSENT: "no record",
}
"""Badge of each state."""

CLASSES: Final[Mapping[C2paState, str]] = {
    C2paState.TRUSTED: "good",
    C2paState.VALID: "open",
    C2paState.INVALID: "bad",
    C2paState.ABSENT: "open",
}
"""How a state looks."""

_LISTS: Mapping[TrustList, str] = {
    TrustList.OWN: "the roots of the credentials that clips are signed with here",
    TrustList.C2PA: "the official C2PA trust list",
    TrustList.OPERATOR: "the operator's own list of others to believe",
    TrustList.TSA: "the official list of time-stamping authorities",
}

RELATIONSHIPS: Final[Mapping[str, str]] = {
    "parentOf": "the version that this one was made from",
    "inputTo": "given to the program as an input",
    "componentOf": "a part of it",
}

ACTIONS: Final[Mapping[str, str]] = {
    "c2pa.created": "Made",
    "c2pa.opened": "Opened an earlier version",
    "c2pa.edited": "Changed",
    "c2pa.edited.metadata": "Changed the data about it",
    "c2pa.placed": "Put something else into it",
    "c2pa.published": "Published",
    "c2pa.transcoded": "Converted to another format",
    "c2pa.converted": "Converted to another format",
    "c2pa.repackaged": "Copied into another kind of file",
    "c2pa.resized": "Changed its size",
    "c2pa.cropped": "Cut its edges",
    "c2pa.trimmed": "Cut its length",
    "c2pa.color_adjustments": "Changed its colours",
    "c2pa.filtered": "Applied a filter",
    "c2pa.watermarked": "Put a watermark in",
    "c2pa.watermarked.bound": "Put a watermark in that leads back to this record",
    "c2pa.watermarked.unbound": "Put a watermark in",
    "c2pa.redacted": "Took something out of the record",
    "c2pa.unknown": "Did something that is not named",
}

_SOURCE_TYPES: Mapping[str, str] = {
    "trainedAlgorithmicMedia": "made by a generative AI model",
    "compositeWithTrainedAlgorithmicMedia": "put together, partly by a generative AI model",
    "compositeSynthetic": "put together from parts, some of them synthetic",
    "algorithmicMedia": "made by a program without a trained model",
    "digitalCapture": "recorded by a camera",
    "computationalCapture": "recorded by a camera and computed from several shots",
    "screenCapture": "recorded from a screen",
    "digitalCreation": "made by a person with a program",
    "humanEdits": "changed by a person",
    "composite": "put together from parts",
    "empty": "an empty canvas",
}

_CODES: Mapping[str, str] = {
    "assertion.bmffHash.match": "The pictures and sound are as they were sealed.",
    "assertion.bmffHash.mismatch": "The file was changed after it was sealed.",
    "assertion.bmffHash.malformed": "The seal's fingerprint of the file is garbled.",
    "assertion.bmffHash.additionalExclusionsPresent": "The seal leaves out more places than it "
    "needs to; players do not show what is there.",
    "assertion.dataHash.match": "The pictures and sound are as they were sealed.",
    "assertion.dataHash.mismatch": "The file was changed after it was sealed.",
    "assertion.dataHash.additionalExclusionsPresent": "The seal leaves out more places of the "
    "file than it needs to.",
    "assertion.hashedURI.match": "A part of the record is as it was sealed.",
    "assertion.hashedURI.mismatch": "A part of the record was changed after it was sealed.",
    "assertion.missing": "A part of the record is missing.",
    "assertion.action.malformed": "The list of what was done is garbled.",
    "assertion.action.ingredientMismatch": "The list of what was done names a source that is not "
    "there.",
    "claim.missing": "The record has no main part.",
    "claim.multiple": "The record has several main parts, so none can be relied on.",
    "claim.malformed": "The main part of the record is garbled.",
    "claimSignature.validated": "The seal fits the record.",
    "claimSignature.insideValidity": "The signer's certificate was in force when the seal was set.",
    "claimSignature.outsideValidity": "The signer's certificate was not in force when the seal was "
    "set.",
    "claimSignature.missing": "The record has no seal.",
    "claimSignature.mismatch": "The seal does not fit the record: the record or the seal was "
    "changed.",
    "ingredient.manifest.validated": "The record of a source is the one that was taken over.",
    "ingredient.manifest.mismatch": "The record of a source is not the one that was taken over.",
    "ingredient.manifest.missing": "The record of a source is gone.",
    "ingredient.unknownProvenance": "A source came without a record.",
    "signingCredential.trusted": "Somebody whom this installation believes vouches for the signer.",
    "signingCredential.untrusted": "Nobody whom this installation believes vouches for the signer.",
    "signingCredential.invalid": "The signer's certificate is not of the kind that is needed.",
    "signingCredential.expired": "The signer's certificate has expired, and no trusted clock says "
    "that the seal is older.",
    "signingCredential.ocsp.notRevoked": "The signer's certificate was not called back.",
    "signingCredential.ocsp.revoked": "The signer's certificate was called back by its authority.",
    "signingCredential.ocsp.skipped": "It was not asked whether the certificate was called back.",
    "signingCredential.ocsp.inaccessible": "Nobody answered whether the certificate was called "
    "back.",
    "signingCredential.ocsp.unknown": "The authority does not know whether the certificate was "
    "called back.",
    "timeStamp.validated": "The time stamp fits the seal.",
    "timeStamp.trusted": "A clock that this installation believes says when the seal was set.",
    "timeStamp.untrusted": "There is a time stamp, but by a clock that nobody vouches for.",
    "timeStamp.mismatch": "The time stamp belongs to something else.",
    "timeStamp.malformed": "The time stamp is garbled.",
    "timeStamp.outsideValidity": "The time stamp lies outside the time of its certificate.",
    "timeOfSigning.insideValidity": "The seal was set while the certificate was in force.",
    "timeOfSigning.outsideValidity": "The seal was set while the certificate was not in force.",
    "org.framegate.unhashedBytes": "There are bytes in the file that the seal does not cover. "
    "Players do not show them, but something can be hidden there.",
    "org.framegate.ftypNotCovered": "The first line of the file, which names its kind, is outside "
    "the seal. This is so with every file of this kind.",
    "org.framegate.mfraNotCovered": "A table for jumping to a place in the clip is outside the "
    "seal.",
    "org.framegate.revocationUnknown": "No answer that counts tells whether the signer's "
    "certificate was called back.",
    "org.framegate.manifestUnreadable": "There is a record in the file, but the file and the "
    "record cannot be read together.",
    "org.framegate.remoteManifestNotFetched": "The file says that its record lies elsewhere on the "
    "network. It was not fetched.",
    "org.framegate.containerCannotCarry": "A file of this kind cannot carry a record.",
}


def meaning(code: str) -> str:
    """What a code means; "" for one that is not known here."""
    return _CODES.get(code, "")


def source_type(iri: str) -> str:
    """What a digital source type means: the last part of its IRI where it is not known."""
    term = iri.rsplit("/", 1)[-1]
    return _SOURCE_TYPES.get(term, term)


def lists(names: Collection[TrustList]) -> str:
    """Name lists in a sentence."""
    return " and ".join(_LISTS[name] for name in names)


_HEADLINES: Mapping[Ground, str] = {
    Ground.WATERMARK: "The pictures of this clip come from one that was released here.",
    Ground.COPY: "The pictures of this clip are a copy of one that was released here.",
    Ground.TRANSPLANT: "This clip carries the watermark of a clip that it does not look like.",
    Ground.LOOKALIKE: "This clip looks like one that was released here, which is no proof.",
    Ground.SOURCE: "This clip looks like one that was released here, and may be its source.",
    Ground.STATISTICS: "Nothing tells where this clip comes from; its statistics are those of few "
    "real clips.",
    Ground.NEURAL: "The pictures of this clip look like one that was released here, and carry a "
    "mark that leads to it.",
    Ground.NEURAL_ALONE: "This clip carries a mark that leads to one that was released here, and "
    "nothing bears that out.",
}

_CONCLUSIONS: Mapping[Ground, str] = {
    Ground.WATERMARK: "They carry its invisible watermark and look like it. It was made by a "
    "generative AI model. The file is not the one that was handed out: it may have been cut, "
    "encoded again or given another sound.",
    Ground.COPY: "They are as near to it as a copy is, though no watermark that counts was found. "
    "It was made by a generative AI model. The file is not the one that was handed out: it may "
    "have been cut, encoded again or given another sound.",
    Ground.TRANSPLANT: "Marks can be copied from one clip onto another, and a clip can be changed "
    "until nothing but the mark is left. So the mark does not tell where this one comes from.",
    Ground.LOOKALIKE: "It may be a copy that was changed, or another recording of the same scene. "
    "Look at both before you conclude anything.",
    Ground.SOURCE: "The released clip was made from other clips or pictures. Whoever has those did "
    "not get them from here, so looking alike proves nothing.",
    Ground.STATISTICS: "That is a reason to look closer and no proof: real clips can be like that.",
    Ground.NEURAL: "The mark was written by a network and proves nothing by itself, for everybody "
    "who has the network can write it. But the pictures look like that very clip, which was made "
    "by a generative AI model. The file is not the one that was handed out: it may have been cut, "
    "encoded again or given another sound.",
    Ground.NEURAL_ALONE: "The mark is one that a network writes, and everybody who has the network "
    "can put it onto any clip. It is a reason to compare this clip with that one and no proof.",
}
_DOUBTFUL = (
    "Nothing tells where this clip comes from, and its statistics are not clear.",
    "They speak neither for a generated clip nor for a recorded one.",
)


def first(answer: Answer, ground: Ground) -> str:
    """What is said first of an answer that does not rest on the manifest; "" for one that does."""
    if ground is Ground.STATISTICS and answer is Answer.INCONCLUSIVE:
        return _DOUBTFUL[0]
    return _HEADLINES.get(ground, "")


def headline(answer: Answer, report: C2paReport, ground: Ground = Ground.MANIFEST) -> str:
    """The answer in one sentence.

    Args:
        answer: The fused answer.
        report: What the manifest says.
        ground: What the answer rests on.
    """
    if said := first(answer, ground):
        return said
    if answer is Answer.MADE_HERE:
        return "This clip was released here and is unchanged since."
    if answer is Answer.DECLARED_AI:
        return "This clip says of itself that it was made with AI, and its record holds."
    if answer is Answer.INCONCLUSIVE:
        return "What this clip says of itself cannot be relied on."
    return {
        C2paState.ABSENT: "Nothing in this clip tells where it comes from.",
        C2paState.VALID: "This clip has a record, but nobody known stands behind it.",
        C2paState.TRUSTED: "This clip has a record that holds; it does not speak of AI.",
        C2paState.INVALID: "What this clip says of itself cannot be relied on.",
    }[report.state]


def conclusion(answer: Answer, report: C2paReport, ground: Ground = Ground.MANIFEST) -> str:
    """What may be concluded, and what may not; arguments as for `headline`."""
    if ground is Ground.STATISTICS and answer is Answer.INCONCLUSIVE:
        return _DOUBTFUL[1]
    if ground is not Ground.MANIFEST:
        fails = report.state is C2paState.INVALID
        return _CONCLUSIONS[ground] + (" The record in the file does not hold." if fails else "")
    if answer is Answer.MADE_HERE:
        return "It was made by a generative AI model and sealed here before it was handed out."
    if answer is Answer.DECLARED_AI:
        return "The statement is as reliable as the signer who made it."
    if answer is Answer.INCONCLUSIVE and report.state is not C2paState.INVALID:
        return "It names this house as its maker, but the seal is somebody else's."
    return {
        C2paState.INVALID: "The file or its record was changed, or the signer's certificate is no "
        "longer good. This page lists what failed. It does not tell what was changed, or by whom.",
        C2paState.VALID: "The clip is as it was when it was sealed, but anybody can make a seal. "
        "Do not rely on names that the record gives.",
        C2paState.TRUSTED: "That it does not speak of AI does not mean that none was used.",
        C2paState.ABSENT: "That proves nothing. Copying a clip to a new file or sending it through "
        "a website is often enough to lose the record, and most clips never had one.",
    }[report.state]
