"""What is asked of a clip worker: plain values that cross a process border.

They travel as MessagePack and are checked against these types on arrival. Nothing is unpickled.
"""

from __future__ import annotations

import msgspec

from media.limits import MediaLimits
from provenance.fingerprint.fingerprint import Thumbnail
from provenance.manifest import Release
from provenance.preparation import VisibleMark
from provenance.report import C2paState
from provenance.sources import Relation
from provenance.timestamping.timestamps import Stamping
from provenance.watermark.placement import Placement


class Setup(msgspec.Struct, frozen=True):
    """The first message to a worker: where things are and what it may use.

    Attributes:
        cache: Folder of model files.
        keys: Folder of signing credentials and anchors.
        memory_bytes: Limit of its address space.
        nice: Its niceness.
        log_format: `json` or `text`; it logs to stderr, from warnings up.
        c2pa_trust_list: File of the official C2PA trust list, or "".
        tsa_trust_list: File of the official list of time-stamping authorities, or "".
        ocsp_hosts: Hosts that may be asked about revocation.
        detect_model: Model that looks at the statistics of clips: a name, or a folder with a card.
        watermark_neural: Card of a network that writes and reads a mark beside the watermark, or
            "".
    """

    cache: str
    keys: str
    memory_bytes: int
    nice: int
    log_format: str = "json"
    c2pa_trust_list: str = ""
    tsa_trust_list: str = ""
    ocsp_hosts: tuple[str, ...] = ()
    detect_model: str = "synthetic-video"
    watermark_neural: str = ""


class ReviewJob(msgspec.Struct, frozen=True, tag=True):
    """Look at a clip's frames.

    Attributes:
        path: The quarantined file.
        limits: Limits that the clip is held to.
        min_fps: Least sampling rate that the policy asks for.
        floors: Least score that has consequences, by category: where a closer look is worth it.
        stop_at: Score from which on the clip is blocked whatever else it holds, by category; the
            review may end there. Empty where the policy wants every clip looked at to its end.
        hashes: Whether the sampled frames are hashed, to be held against lists of known media.
    """

    path: str
    limits: MediaLimits
    min_fps: float
    floors: dict[str, float] = {}
    stop_at: dict[str, float] = {}
    hashes: bool = False


class SourceFile(msgspec.Struct, frozen=True):
    """A file that a clip was made from.

    Attributes:
        path: The file.
        sha256: What it must have.
        relation: What it is to the clip.
        title: What readers see it called, or "".
        thumbnail: Whether a small picture of it is published.
    """

    path: str
    sha256: str
    relation: Relation
    title: str = ""
    thumbnail: bool = False


class WatermarkOrder(msgspec.Struct, frozen=True):
    """The watermark that a clip is to carry.

    Attributes:
        code: 16 bytes that stand for the clip.
        psnr_db: What it may cost, see `provenance.watermark.embedding.Quality`.
        neural_psnr_db: What a network's mark beside it may cost, see
            `provenance.watermark.neural.embedder`; None for none.
    """

    code: bytes
    psnr_db: float
    neural_psnr_db: float | None = None


class SignJob(msgspec.Struct, frozen=True, tag=True):
    """Check that a clip decodes whole, mark it, sign it, verify what was written.

    Attributes:
        source: The quarantined file.
        sha256: What was reviewed; other bytes are not signed.
        target: Where the signed clip goes.
        release: What its manifest says.
        limits: Limits that the clip is held to.
        stamping: Who is asked for a time stamp, and what follows when nobody answers.
        min_days: For how many days the signing certificate must stay valid.
        mark: What viewers are to see in every picture, or None.
        watermark: What it carries unseen, or None.
        sources: What the clip was made from.
        accepted: States of a source's own manifest that the policy takes.
    """

    source: str
    sha256: str
    target: str
    release: Release
    limits: MediaLimits
    stamping: Stamping = Stamping()
    min_days: float = 0
    mark: VisibleMark | None = None
    watermark: WatermarkOrder | None = None
    sources: tuple[SourceFile, ...] = ()
    accepted: frozenset[C2paState] = frozenset()


class VerifyJob(msgspec.Struct, frozen=True, tag=True):
    """Read what a clip's layers say of its origin.

    Attributes:
        path: The clip.
        ask_revocation: Ask the allowed hosts whether the signing certificate was revoked; they
            may take as long as they like.
    """

    path: str
    ask_revocation: bool = False


class PicturesJob(msgspec.Struct, frozen=True, tag=True):
    """Read what a clip's pictures carry and look like.

    Attributes:
        path: The clip.
        limits: Limits that the clip is held to.
    """

    path: str
    limits: MediaLimits


class DetectJob(msgspec.Struct, frozen=True, tag=True):
    """Look at the statistics of a clip's pictures.

    Attributes:
        path: The clip.
        limits: Limits that the clip is held to.
    """

    path: str
    limits: MediaLimits


class CompareJob(msgspec.Struct, frozen=True, tag=True):
    """Hold a clip's pictures against those of a released one.

    Attributes:
        path: The clip.
        limits: Limits that the clip is held to.
        thumbnails: Of the released clip.
        placement: Where its pictures lie in those of the released clip.
    """

    path: str
    limits: MediaLimits
    thumbnails: tuple[Thumbnail, ...]
    placement: Placement


class InspectJob(msgspec.Struct, frozen=True, tag=True):
    """Read what a clip's layers say of its origin, with all that a page about it shows.

    Attributes:
        path: The clip.
        limits: Limits that the clip is held to.
    """

    path: str
    limits: MediaLimits


class FramesAtJob(msgspec.Struct, frozen=True, tag=True):
    """Draw a clip's pictures at some times, to be laid beside those of a released clip.

    Attributes:
        path: The clip.
        limits: Limits that the clip is held to.
        times_ms: The times.
        originals: JPEG files of the released clip, drawn anew as well: they come from a worker
            that read a stranger's file.
        mirrored: Turn the clip's pictures left to right.
    """

    path: str
    limits: MediaLimits
    times_ms: tuple[int, ...]
    originals: tuple[bytes, ...] = ()
    mirrored: bool = False


class ExamineJob(msgspec.Struct, frozen=True, tag=True):
    """Find out what a file is that clips are to be made from, and what its own manifest says.

    Attributes:
        path: The file.
        limits: Limits that it is held to if it is a clip.
    """

    path: str
    limits: MediaLimits


Job = (
    ReviewJob
    | SignJob
    | VerifyJob
    | PicturesJob
    | DetectJob
    | CompareJob
    | InspectJob
    | FramesAtJob
    | ExamineJob
)
