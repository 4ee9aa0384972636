"""The questions that a person has about a clip's record, each with its answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from moderation.origins import words
from provenance.reading import UNHASHED_BYTES
from provenance.report import C2paReport, C2paState, Revocation, StampTrust
from provenance.tree import Node

_WHOLE = ("assertion.bmffHash.match", "assertion.dataHash.match", "assertion.boxesHash.match")
_TRUSTED = "signingCredential.trusted"


@dataclass(frozen=True, slots=True)
class Check:
    """A question and its answer.

    Attributes:
        question: In plain words.
        mark: `good`, `bad` or `open`.
        short: Yes, no, or what stands between.
        answer: One or two sentences.
    """

    question: str
    mark: str
    short: str
    answer: str


def checks(report: C2paReport, tree: Node | None) -> tuple[Check, ...]:
    """Answer every question that the state of a clip raises.

    Args:
        report: What the manifest says.
        tree: The manifests, or None where there is none that can be read.
    """
    if report.state is C2paState.ABSENT:
        return (_record(report),)
    return (
        _record(report),
        _unchanged(report, tree),
        _sealed(report, tree),
        _signer(report, tree),
        _time(report),
        _revoked(report),
        _outside(report, tree),
        *_sources(tree),
    )


def _record(report: C2paReport) -> Check:
    question = "Does the file carry a record of where it comes from?"
    if report.state is not C2paState.ABSENT:
        return Check(question, "good", "Yes", "The file holds Content Credentials.")
    why = [words.meaning(reason.code) for reason in report.reasons]
    return Check(question, "open", "No", " ".join(each for each in why if each) or "There is none.")


def _unchanged(report: C2paReport, tree: Node | None) -> Check:
    question = "Are pictures and sound the same as when the record was sealed?"
    failed = {reason.code for reason in report.reasons if reason.failure}
    if any(code.endswith("Hash.mismatch") for code in failed):
        return Check(question, "bad", "No", "The file was changed after it was sealed.")
    if tree is not None and any(code in tree.passed for code in _WHOLE):
        return Check(question, "good", "Yes", "Not one bit of them was changed.")
    return Check(question, "open", "Not known", "The clip could not be compared with the record.")


def _sealed(report: C2paReport, tree: Node | None) -> Check:
    question = "Is the record itself as it was sealed?"
    about = ("claim", "assertion.hashedURI", "assertion.missing", "assertion.action")
    failed = [r for r in report.reasons if r.failure and r.code.startswith(about)]
    if failed:
        said = dict.fromkeys(words.meaning(reason.code) or reason.explanation for reason in failed)
        return Check(question, "bad", "No", " ".join(said))
    if tree is not None and "claimSignature.validated" in tree.passed:
        return Check(question, "good", "Yes", "The seal fits the record.")
    if report.state is C2paState.INVALID:
        return Check(question, "bad", "No", "The record cannot be read.")
    return Check(question, "open", "Not known", "The record could not be read for this page.")


def _signer(report: C2paReport, tree: Node | None) -> Check:
    question = "Is it known who sealed it?"
    name = report.signer_organization or "an unnamed signer"
    if report.state is C2paState.TRUSTED:
        vouching = words.lists(report.vouched_by)
        return Check(question, "good", "Yes", f"“{name}”. Who vouches for that: {vouching}.")
    if report.state is C2paState.INVALID and tree is not None and _TRUSTED in tree.passed:
        return Check(
            question,
            "open",
            "Yes, but",
            f"The certificate of “{name}” is known here. Since other checks failed, that says "
            "nothing about this file.",
        )
    return Check(
        question,
        "bad" if report.state is C2paState.INVALID else "open",
        "No",
        f"The certificate says “{name}”, and nobody whom this installation believes vouches for "
        "it. Anybody can write any name into a certificate.",
    )


def _time(report: C2paReport) -> Check:
    question = "Does an independent clock say when it was sealed?"
    vouching = words.lists(report.stamp_vouched_by) or "an authority that is believed here"
    return {
        StampTrust.TRUSTED: Check(
            question, "good", "Yes", f"Who vouches for the clock: {vouching}."
        ),
        StampTrust.UNTRUSTED: Check(
            question,
            "open",
            "Not known",
            "There is a time stamp, but nobody vouches for it.",
        ),
        StampTrust.INVALID: Check(question, "bad", "No", "The time stamp does not hold."),
        StampTrust.NONE: Check(
            question,
            "open",
            "No",
            "There is no time stamp. Times in the record are the signer's own word, and the record "
            "stops holding when the signer's certificate expires.",
        ),
    }[report.stamp]


def _revoked(report: C2paReport) -> Check:
    question = "Was the signer's certificate called back by its authority?"
    return {
        Revocation.NOT_REVOKED: Check(question, "good", "No", "The authority says it is good."),
        Revocation.REVOKED: Check(
            question, "bad", "Yes", "It must not be relied on: its key may be in wrong hands."
        ),
        Revocation.UNKNOWN: Check(question, "open", "Not known", "No answer came that counts."),
        Revocation.NOT_CHECKED: Check(question, "open", "Not known", "Nobody was asked."),
    }[report.revocation]


def _outside(report: C2paReport, tree: Node | None) -> Check:
    question = "Is something in the file that the seal does not cover?"
    if tree is None:
        return Check(question, "open", "Not known", "The record cannot be read.")
    found = [reason for reason in report.reasons if reason.code == UNHASHED_BYTES]
    if not found:
        return Check(question, "good", "No", "Nothing but what lies outside in every such file.")
    return Check(
        question,
        "open",
        "Yes",
        f"In {len(found)} place{'s' if len(found) > 1 else ''}. Players do not show it, but "
        "something can be hidden there.",
    )


def _sources(tree: Node | None) -> tuple[Check, ...]:
    """Count what it was made from by how far its record holds; nothing where it has no sources.

    A source that was changed does not break the seal of what was made from it.
    """
    states = [node.state for node in _below(tree)]
    if not states:
        return ()
    question = "Do the records of what it was made from hold?"
    wrong, strange = states.count(C2paState.INVALID), states.count(C2paState.VALID)
    without = states.count(C2paState.ABSENT)
    told = [
        f"{count} {what}"
        for count, what in (
            (states.count(C2paState.TRUSTED), "hold"),
            (wrong, "do not hold"),
            (strange, "sealed by a stranger"),
            (without, "without a record"),
        )
        if count
    ]
    answer = f"Of {len(states)} source{'s' if len(states) > 1 else ''}: {', '.join(told)}."
    if wrong:
        return (Check(question, "bad", "No", answer),)
    if strange or without:
        return (Check(question, "open", "Not all", answer),)
    return (Check(question, "good", "Yes", answer),)


def _below(node: Node | None) -> Iterator[Node]:
    for source in node.sources if node else ():
        yield source
        yield from _below(source)
