"""Which marks a release orders of a worker, and what is known of the clip that comes back."""

from __future__ import annotations

from dataclasses import dataclass

from moderation.clips.jobs import WatermarkOrder
from moderation.clips.results import Signed
from moderation.settings import Settings
from provenance.fingerprint.fingerprint import Fingerprint
from provenance.fingerprint.records import unpacked
from provenance.preparation import VisibleMark
from provenance.signing import SignedClip
from provenance.watermark.codes import new_code


@dataclass(frozen=True, slots=True)
class Marked:
    """A clip that is marked and signed.

    Attributes:
        clip: The signed clip.
        visible_mark: SHA-256 of the text that was burnt into it, or "".
        watermark_key: Id of the key of its watermark, or "".
        watermark_code: What the watermark carries, or b"".
        watermark_network: Id of the network that wrote a mark beside it, or "".
        fingerprint: What it looks like.
    """

    clip: SignedClip
    visible_mark: str
    watermark_key: str
    watermark_code: bytes
    watermark_network: str
    fingerprint: Fingerprint


def visible(settings: Settings, text: str | None) -> VisibleMark | None:
    """Tell which visible mark a clip gets.

    Args:
        settings: What every clip gets.
        text: What the request asks for: "" for the AI label, None for none.

    Returns:
        The mark that the settings demand, followed by the request's text if it has one of its
        own; the request's where they demand none.

    Raises:
        MarkTextRefused: The text is unfit.
    """
    demanded = settings.visible_mark
    if text is None and not demanded:
        return None
    asked = VisibleMark(text or "").text if text else ""
    joined = f"{demanded} - {asked}" if demanded and asked not in {"", demanded} else ""
    font = settings.visible_mark_font
    return VisibleMark(joined or demanded or asked, str(font) if font else "")


def unseen(settings: Settings) -> WatermarkOrder | None:
    """Order the watermark that the settings ask for, with a code of its own; None for none."""
    if not settings.watermark:
        return None
    beside = settings.watermark_neural_psnr_db if settings.watermark_neural else None
    return WatermarkOrder(new_code(), settings.watermark_psnr_db, beside)


def marked(signed: Signed, mark: VisibleMark | None, order: WatermarkOrder | None) -> Marked:
    """Put together what was ordered and what came of it."""
    return Marked(
        signed.clip,
        mark.digest if mark else "",
        signed.watermark_key,
        order.code if order and signed.watermark_key else b"",
        signed.watermark_network,
        unpacked(signed.fingerprint),
    )
