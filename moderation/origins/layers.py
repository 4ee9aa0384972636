"""The questions about a clip's pictures: what they carry unseen, and what they look like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from moderation.origins.chance import odds
from moderation.origins.checks import Check
from provenance.layers import (
    FingerprintLayer,
    FingerprintMatch,
    LayerState,
    NeuralLayer,
    WatermarkLayer,
)
from provenance.verification import COPY_DISTANCE, looked_like
from provenance.watermark.codes import CODE_BITS

OUTLIVES_NOT: Final = (
    "being generated anew by a model, from these pictures or through its encoder",
    "small pictures, few of them, and strong compression: 300 lines or fewer, a second or two",
    "crops to less than half of a side, black bars around the picture, a picture in a picture",
    "turns beyond about 4 degrees, mirrored and turned at once, a screen that was filmed",
    "several shots blended into one another",
    "averaging many clips of one mark, or somebody who has the secret key",
)
"""What the watermark does not survive."""

LOOKS_NOT: Final = (
    "turned or filmed at an angle, cut to less than 0.8 of its sides, or played at another pace",
    "generated anew",
    "plain or black pictures, which have nothing to be known by",
    "clips that were released before fingerprints were kept",
)
"""What the comparison of pictures does not recognise."""

_FAULTS: Mapping[str, str] = {
    "WATERMARK_KEY_UNUSABLE": "A watermark key of this house cannot be read; its operator has to "
    "put that right.",
    "NEURAL_WATERMARK_FAILED": "The network that reads them failed.",
    "NEURAL_WATERMARK_UNUSABLE": "The network that reads them cannot be used; the operator of this "
    "house has to put that right.",
    "MODEL_UNAVAILABLE": "What reads them is not there; the operator of this house has to put that "
    "right.",
    "MODEL_DIGEST_MISMATCH": "What reads them is another file than it must be; the operator of "
    "this house has to put that right.",
    "JOB_TIMEOUT": "It took longer than is allowed.",
    "WORKER_LOST": "The program that reads pictures broke down over these.",
    "CLIP_NEEDS_TOO_MUCH_MEMORY": "They need more memory than is allowed.",
}
_NO_KEY = "This house has no watermark key, so there is nothing to look for."
_UNDECODED = "They cannot be decoded, or not within the limits of this house"


def why(fault: str) -> str:
    """Say why a layer was not read.

    Args:
        fault: Reason of an error; "" for a watermark that there is no key for.
    """
    if not fault:
        return _NO_KEY
    return _FAULTS.get(fault) or f"{_UNDECODED} ({fault})."


def layer_checks(
    watermark: WatermarkLayer, fingerprint: FingerprintLayer, neural: NeuralLayer | None = None
) -> tuple[Check, ...]:
    """Answer the questions about the pictures.

    Args:
        watermark: What they carry.
        fingerprint: What they look like.
        neural: What a network reads from them; None where none was asked, which asks no question.
    """
    found = (_marked(watermark, fingerprint), _alike(fingerprint))
    return found if neural is None else (*found, _written(neural, fingerprint))


def _marked(layer: WatermarkLayer, fingerprint: FingerprintLayer) -> Check:
    question = "Do the pictures carry the invisible watermark of this house?"
    if layer.leaked:
        return Check(
            question,
            "open",
            "Not counted",
            "One fits, but the secret key that it was made with has leaked. Whoever has that key "
            "can put such a mark on any clip, so it proves nothing.",
        )
    if layer.state is LayerState.NOT_READ:
        return Check(question, "open", "Not read", why(layer.fault))
    if layer.state is LayerState.NOT_FOUND:
        return Check(
            question,
            "open",
            "None found",
            "That proves nothing: most clips never had one, and it can be lost (see below).",
        )
    said = (
        f"It is the mark of the released clip {layer.clip_id}: {layer.bits} of {CODE_BITS} bits "
        f"agree. For a clip that was never marked, the chance to agree so well with any mark that "
        f"was given out is {odds(layer.p_value)}. This proves nothing about clips without a mark."
    )
    if not layer.same and fingerprint.of(layer.clip_id) is None:
        return Check(
            question,
            "bad",
            "Yes, but",
            f"{_unlike(fingerprint)}, so the mark may have been put onto something else. {said}",
        )
    return Check(question, "good", "Yes", said)


def _unlike(fingerprint: FingerprintLayer) -> str:
    if fingerprint.state is LayerState.NOT_READ:
        return "The pictures could not be compared with its clip"
    if not fingerprint.comparable:
        return "The pictures are too plain to be compared with its clip"
    return "The pictures do not look like its clip"


def _alike(layer: FingerprintLayer) -> Check:
    question = "Do the pictures look like a clip that was released here?"
    if layer.state is LayerState.NOT_READ:
        return Check(question, "open", "Not read", why(layer.fault))
    if layer.state is LayerState.FOUND and layer.matches:
        return _match(question, layer.matches[0])
    if not layer.comparable:
        return Check(
            question,
            "open",
            "Not known",
            "They are plain or black throughout and have nothing to be known by.",
        )
    return Check(
        question,
        "open",
        "None found",
        "They look like none that can be compared. A copy that was changed a lot is not "
        "recognised (see below).",
    )


def _written(layer: NeuralLayer, fingerprint: FingerprintLayer) -> Check:
    question = "Does a network read the mark of a clip that was released here?"
    if layer.leaked:
        return Check(
            question,
            "open",
            "Not counted",
            "One fits, but the secret key that it follows from has leaked.",
        )
    if layer.state is LayerState.NOT_READ:
        return Check(question, "open", "Not read", why(layer.fault))
    if layer.state is LayerState.NOT_FOUND:
        return Check(question, "open", "None found", "That proves nothing: it can be lost.")
    alike = looked_like(fingerprint, layer)
    said = (
        f"It is the mark of the released clip {layer.clip_id}: {layer.bits} of {layer.of_bits} "
        f"bits agree, by chance {odds(layer.p_value)}. Everybody who has this network can write "
        "such a mark into any clip, so it says which clip to compare with and proves nothing."
    )
    if alike is not None and alike.clip_id == layer.clip_id:
        return Check(question, "good", "Yes", f"{said} The pictures look like that clip.")
    return Check(question, "open", "Yes, but", f"{said} Nothing else leads to that clip for sure.")


def _match(question: str, best: FingerprintMatch) -> Check:
    shown = f"{seconds(best.matched_ms)} of it look" if best.matched_ms else "A picture of it looks"
    said = (
        f"{shown} like the released clip {best.clip_id}, "
        f"{best.distance} of 256 bits apart (unrelated pictures: about 128)."
    )
    if best.mirrored:
        said += " It is turned left to right."
    if best.cropped:
        said += " Its edges are cut off."
    if best.distance > COPY_DISTANCE:
        return Check(
            question,
            "open",
            "Alike",
            f"{said} A changed copy looks so, and so can another recording of the same scene.",
        )
    if best.derived:
        return Check(
            question,
            "open",
            "Yes, but",
            f"{said} That clip was made from other footage, which this may be.",
        )
    return Check(question, "good", "Yes", f"{said} That is as near as a copy is.")


def seconds(at_ms: int) -> str:
    """A length of time: `3.2 s`."""
    return f"{at_ms / 1000:.1f} s"
