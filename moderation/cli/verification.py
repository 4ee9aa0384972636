"""What `framegate verify` prints for a person."""

from __future__ import annotations

from collections.abc import Iterator

import click

from moderation.cli import answers
from moderation.origins import words
from moderation.origins.chance import odds
from moderation.origins.grounds import Ground
from moderation.origins.layers import why
from moderation.origins.statistics import DECIDED, percent
from provenance.verification import Answer

_WORDS = {
    "trusted": "signed by someone on the trust list, and unchanged since",
    "valid": "unchanged since it was signed, but by a stranger: that proves nothing",
    "invalid": "its credentials do not hold: changed, expired, revoked or malformed",
    "absent": "it carries no Content Credentials",
}
_ANSWERS = {
    "made_here": "released here",
    "declared_ai": "declared as AI-made by its maker",
    "likely_ai": "likely AI-made",
    "inconclusive": "inconclusive",
    "no_evidence": "no evidence of where it comes from",
}
_PLAIN = "the pictures are too plain to be known by"


def show(answer: answers.Answer) -> None:
    """Print one answer of `answers.verification`."""
    layer = answer["layers"]["c2pa"]
    click.secho(f"{answer['file']}: {_ANSWERS[answer['answer']]}", bold=True)
    if said := words.first(Answer(answer["answer"]), Ground(answer["rests_on"])):
        click.echo(f"  {said}")
    click.echo(f"  C2PA: {layer['state']} ({_WORDS[layer['state']]})")
    for reason in layer["reasons"]:
        kind = "" if reason["failure"] else "note: "
        click.echo(f"    {kind}{reason['explanation']} [{reason['code']}]")
    if layer["signer"]:
        click.echo(f"  signed by {layer['signer']}{_vouching(layer)}")
    for line in _pictures(answer["layers"]["watermark"], answer["layers"]["fingerprint"]):
        click.echo(f"  {line}")
    if neural := answer["layers"].get("neural"):
        click.echo(f"  network's mark: {_written(neural)}")
    if Answer(answer["answer"]) not in DECIDED:
        click.echo(f"  statistics: {_statistics(answer['layers']['detection'])}")
    if answer["clip_id"]:
        click.echo(f"  clip {answer['clip_id']}")


def _pictures(watermark: answers.Answer, fingerprint: answers.Answer) -> Iterator[str]:
    """What the pictures carry and look like."""
    if watermark["found"]:
        agree = f"{watermark['bits']} of 128 bits agree"
        by_chance = f"by chance {odds(watermark['p_value'])} (p = {watermark['p_value']:.1e})"
        yield f"watermark: of {watermark['clip_id']}; {agree}, {by_chance}"
    elif watermark["leaked"]:
        yield "watermark: made with a key that has leaked; it proves nothing"
    else:
        yield f"watermark: {_silent(watermark)}"
    if not fingerprint["found"]:
        plain = fingerprint["state"] == "not_found" and not fingerprint["comparable"]
        yield f"fingerprint: {_PLAIN if plain else _silent(fingerprint)}"
        return
    best = fingerprint["matches"][0]
    turned = ", turned left to right" if best["mirrored"] else ""
    cropped = ", its edges cut off" if best["cropped"] else ""
    yield (
        f"fingerprint: {best['matched_ms'] / 1000:.1f} s like {best['clip_id']}, "
        f"{best['distance']} of 256 bits apart{turned}{cropped}"
    )


def _written(layer: answers.Answer) -> str:
    """What a network reads."""
    if layer["leaked"]:
        return "follows from a key that has leaked; it does not count"
    if not layer["found"]:
        return _silent(layer)
    agree = f"{layer['bits']} of {layer['of_bits']} bits agree"
    return f"leads to {layer['clip_id']}; {agree} ({layer['network']}), which anybody can write"


def _statistics(layer: answers.Answer) -> str:
    if not layer["answer"]:
        return f"not looked at. {why(layer['fault'])}" if layer["fault"] else "not looked at"
    if layer["reason"] == "uncalibrated":
        return f"score {layer['score']:.2f}, which was never calibrated and counts for nothing"
    if layer["reason"]:
        return f"the detector abstains ({layer['reason']})"
    said = f"{layer['answer']}; {percent(layer['fpr'])} of real clips score as high"
    at = layer["posteriors"][0]
    return (
        f"{said}; if {percent(at['prior'])} of all clips are synthetic, this one is with "
        f"{percent(at['probability'])} ({percent(at['low'])} to {percent(at['high'])})"
    )


def _silent(layer: answers.Answer) -> str:
    if layer["state"] == "not_read":
        return f"not read. {why(layer['fault'])}"
    return "none found, which proves nothing"


def _vouching(layer: answers.Answer) -> str:
    """Who vouches for the signer, and what is known of the certificate and the time."""
    vouched = f", vouched for by: {', '.join(layer['vouched_by'])}" if layer["vouched_by"] else ""
    return f"{vouched}; revocation: {layer['revocation']}; time stamp: {layer['stamp']['state']}"
