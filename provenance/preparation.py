"""What becomes of a clip's file before it is signed: marks, a container that can carry them.

| the clip | asked for marks | what is signed |
|---|---|---|
| MP4, MOV, AVI, GIF | no | the clip as it is |
| Matroska, WebM | no | its packets in an MP4, if the codecs allow |
| any of them | yes | an MP4 (H.264; HEVC above 8 bits) with the marks in every picture |

What was done is told as actions of the manifest. The visible mark comes before everything else; the
watermark that cannot be seen is embedded in the same pass behind it, and the signature is over the
result. A network's mark comes between the two: the watermark's embedder then knows the pictures as
they will be. Pictures below 96 pixels on a side are too small for a watermark and go without.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

from media.limits import MediaLimits
from media.marking.lettering import Lettering, checked_text
from media.marking.stamp import visible_mark
from media.planes import TransformMaker
from media.probe import ClipInfo, probe
from media.remuxing import remux
from media.transcoding import transcode
from media.whole import check_whole
from provenance import containers
from provenance.actions import VOCABULARY, WATERMARKED, Action, SoftBinding
from provenance.manifest import Release
from provenance.watermark import neural
from provenance.watermark.embedding import MIN_SIDE, Quality, embedder
from provenance.watermark.keys import ALGORITHM, WatermarkKey
from provenance.watermark.networks import Network

MARKED: Final = "c2pa.addedText"
"""Action of a visible mark: text that can be read was added to the pictures."""

# A label that software draws by a rule is neither a model's work nor a person's.
_DRAWN = VOCABULARY + "algorithmicMedia"
_SOFTWARE = "Framegate"


@dataclass(frozen=True, slots=True)
class VisibleMark:
    """A mark that viewers see.

    Attributes:
        text: What it says; "AI" where "".
        font: Path of a font file, or "" for the one that comes with Pillow.

    Raises:
        MarkTextRefused: The text is unfit; whether the font can show it is found out later.
    """

    text: str = ""
    font: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", checked_text(self.text))

    @property
    def digest(self) -> str:
        """SHA-256 of the text, hex: it tells marks apart and says nothing of whom they name."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class NeuralMark:
    """What a network is to write beside the watermark: the payload of its key and code.

    Attributes:
        network: It writes it.
        psnr_db: What it may cost, see `provenance.watermark.neural.embedder`.
    """

    network: Network
    psnr_db: float = neural.PSNR_DB


@dataclass(frozen=True, slots=True)
class Watermark:
    """A mark that viewers do not see.

    Attributes:
        key: The key that it is embedded with; active.
        code: 16 bytes that stand for the clip.
        quality: What it may cost.
        neural: A network's mark beside it, or None.
    """

    key: WatermarkKey
    code: bytes
    quality: Quality = field(default_factory=Quality)
    neural: NeuralMark | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that is ready to be signed.

    Attributes:
        path: The file; the clip itself where nothing had to be done.
        actions: What was done, for the manifest.
        soft_bindings: What leads from its pictures to the manifest.
    """

    path: Path
    actions: tuple[Action, ...] = ()
    soft_bindings: tuple[SoftBinding, ...] = ()

    @property
    def watermarked(self) -> bool:
        """Whether its pictures carry the watermark that was asked for."""
        return bool(self.soft_bindings)

    def told(self, release: Release) -> Release:
        """Return what the manifest says, with what was done to the file in it."""
        return replace(
            release,
            actions=(*self.actions, *release.actions),
            soft_bindings=(*self.soft_bindings, *release.soft_bindings),
        )


@contextlib.contextmanager
def prepared(
    clip: Path,
    scratch: Path,
    *,
    mark: VisibleMark | None = None,
    watermark: Watermark | None = None,
    limits: MediaLimits | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Prepared]:
    """Give the file that is to be signed in a clip's stead, for as long as the block runs.

    Args:
        clip: The clip; its container is told by its bytes.
        scratch: Name of a file that may be made; it is gone afterwards.
        mark: What viewers are to see, or None.
        watermark: What the pictures are to carry unseen, or None.
        limits: What the clip may cost to decode.
        should_stop: Asked once a packet.

    Raises:
        CodecNotInMp4: It has to change its container, and its codecs do not allow that.
        MarkTextRefused: The mark's text cannot be shown, or does not fit into the picture.
        MarkFontUnreadable: There is no such font.
        WatermarkKeyRetired: The watermark's key is not active.
        NeuralWatermarkFailed: The network that was to write failed.
        ClipRefused: The clip cannot be decoded whole, or is above the limits.
        FramegateError: See `media.transcoding.transcode` and `media.remuxing.remux`.
    """
    try:
        info = probe(clip, limits)
        if min(info.width, info.height) < MIN_SIDE:
            watermark = None
        if mark is not None or watermark is not None:
            yield _drawn(clip, scratch, info, mark, watermark, should_stop)
        elif containers.media_type(clip) == containers.MATROSKA:
            remux(clip, scratch, info, should_stop)
            yield Prepared(scratch, (_action("c2pa.repackaged"),))
        else:
            yield Prepared(clip)
    finally:
        scratch.unlink(missing_ok=True)


def _drawn(
    clip: Path,
    scratch: Path,
    info: ClipInfo,
    mark: VisibleMark | None,
    watermark: Watermark | None,
    should_stop: Callable[[], bool],
) -> Prepared:
    makers: list[TransformMaker] = []
    actions: list[Action] = []
    bindings: list[SoftBinding] = []
    if mark is not None:
        lettering = Lettering(Path(mark.font) if mark.font else None)
        makers.append(visible_mark(mark.text, lettering))
        # What it says is seen in the picture; the manifest need not repeat it.
        actions.append(_action(MARKED, _DRAWN, "A visible, moving label in every picture"))
    if watermark is not None:
        key, code, beside = watermark.key, watermark.code, watermark.neural
        if beside is not None:
            makers.append(neural.embedder(beside.network, key, code, beside.psnr_db))
            payload = neural.binding_of(beside.network, key, code)
            bindings.append(SoftBinding(neural.NEURAL_ALGORITHM, payload))
            actions.append(_action(WATERMARKED))
        makers.append(embedder(key, code, watermark.quality))
        bindings.insert(0, SoftBinding(ALGORITHM, code))
        actions.append(_action(WATERMARKED))
    actions.append(_action("c2pa.transcoded"))
    check_whole(clip, info, should_stop)
    transcode(clip, scratch, info, makers, should_stop)
    return Prepared(scratch, tuple(actions), tuple(bindings))


def _action(name: str, source_type: str = "", description: str = "") -> Action:
    now_ms = time.time_ns() // 1_000_000
    return Action(name, now_ms, _SOFTWARE, _version(), source_type, description)


@cache
def _version() -> str:
    return metadata.version("framegate")
