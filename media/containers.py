"""Which files are opened at all, and how.

The kind of a file is decided here by its first bytes, never by its name and never by FFmpeg's
probing, and FFmpeg is then told which demuxer to use. So a playlist (hls, dash, concat, a text
file with paths in it) or a still picture is refused before FFmpeg sees it, and nothing but the
one local file can be opened.

Accepted containers: MP4/QuickTime, Matroska/WebM, AVI, GIF.
Accepted picture codecs: see `VIDEO_CODECS`.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import av
from av.container import InputContainer

from media.boxes import Claims, read_claims
from media.gif import count_pictures
from media.limits import MediaLimits
from media.matroska import check_elements
from media.refusals import (
    ClipEmpty,
    ClipNotVideo,
    ClipTooLarge,
    ClipTruncated,
    ClipUnreadable,
)
from media.tracks import check_tracks

VIDEO_CODECS: Final = frozenset(
    {"av1", "gif", "h264", "hevc", "mjpeg", "mpeg4", "msmpeg4v3", "vp8", "vp9"}
)
"""Picture codecs that are decoded; every other one gives CLIP_NOT_VIDEO."""

_DECODERS = (
    "libdav1d,av1,gif,h264,hevc,mjpeg,mpeg4,msmpeg4,vp8,vp9,libvpx-vp9,libvpx"
    ",aac,ac3,alac,flac,libopus,mp3,mp3float,opus,pcm_alaw,pcm_mulaw,pcm_s16be,pcm_s16le"
    ",pcm_s24le,pcm_s32le,pcm_f32le,pcm_u8,vorbis"
)
_DEMUXERS: Final = {"mp4": "mov", "matroska": "matroska", "avi": "avi", "gif": "gif"}
_FIRST_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"})
_STILL_BRANDS = frozenset({"avif", "heic", "heix", "heim", "heis", "mif1", "jpeg", "miaf"})
_EBML = b"\x1a\x45\xdf\xa3"


@contextlib.contextmanager
def unreadable() -> Iterator[None]:
    """Turn what FFmpeg says into CLIP_UNREADABLE."""
    try:
        yield
    except (av.FFmpegError, ValueError, OverflowError, UnicodeError) as error:
        raise ClipUnreadable("the clip cannot be read") from error


def check_file(path: Path, limits: MediaLimits) -> int:
    """Return the size of a clip's file in bytes.

    Raises:
        ClipUnreadable: It is no regular file.
        ClipEmpty: It has no bytes.
        ClipTooLarge: It has more than the limit.
    """
    if not path.is_file():
        raise ClipUnreadable("the clip is not a regular local file")
    size_bytes = path.stat().st_size
    if size_bytes == 0:
        raise ClipEmpty("the clip has no bytes")
    if size_bytes > limits.max_bytes:
        raise ClipTooLarge("the clip has too many bytes", limit=limits.max_bytes, actual=size_bytes)
    return size_bytes


def identify(path: Path, size_bytes: int) -> tuple[str, Claims]:
    """Tell a clip's container from its first bytes and check that it is all there.

    Returns:
        `mp4`, `matroska`, `avi` or `gif`, and the claims of its header (empty for Matroska and
        AVI).

    Raises:
        ClipNotVideo: The bytes are of no accepted container, or of a still picture.
        ClipTruncated: The container says that it is longer than the file.
        ClipUnreadable: Its header contradicts itself.
        ClipAmbiguous: Players differ in what they show of it.
        ClipTransparent: Its header says that pictures are transparent.
        SeveralVideoTracks: Its header lists more than one picture track.
        NoVideoTrack: Its header lists none.
    """
    with path.open("rb") as stream:
        head = stream.read(64)
        if head[:6] in {b"GIF87a", b"GIF89a"}:
            return "gif", Claims(pictures=count_pictures(stream, size_bytes))
        if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
            _check_riff(head, size_bytes)
            return "avi", Claims()
        if head[:4] == _EBML:
            check_elements(stream, size_bytes)
            return "matroska", Claims()
        if head[4:8] in _FIRST_BOXES:
            if head[4:8] == b"ftyp" and head[8:12].decode("latin-1") in _STILL_BRANDS:
                raise ClipNotVideo("the file is a still picture, not a clip")
            claims = read_claims(stream, size_bytes)
            check_tracks(claims.tracks)
            return "mp4", claims
    raise ClipNotVideo(
        "the file is no clip of an accepted container", limit=", ".join(sorted(_DEMUXERS))
    )


def _check_riff(head: bytes, size_bytes: int) -> None:
    claimed = struct.unpack("<I", head[4:8])[0] + 8
    if claimed > size_bytes:
        raise ClipTruncated(
            "the clip ends before its RIFF list does (bytes)", limit=size_bytes, actual=claimed
        )


def open_clip(path: Path, container: str, limits: MediaLimits) -> InputContainer:
    """Open a clip with the demuxer of its container and nothing else.

    The caller closes what it gets. Edit lists (those that `media.tracks` lets pass) move the start
    of a track but hide nothing: all pictures of the file are reviewed, whatever part of it a
    player would show.

    Raises:
        ClipUnreadable: FFmpeg cannot make sense of it.
    """
    demuxer = _DEMUXERS[container]
    options = {
        "protocol_whitelist": "file",
        "codec_whitelist": _DECODERS,
        "max_pixels": str(limits.max_pixels),
        "max_streams": "16",
    }
    if container == "mp4":
        options |= {"advanced_editlist": "0", "enable_drefs": "0", "use_absolute_path": "0"}
        # An MP4 header tells all that is needed, so nothing is decoded while it is opened. (The
        # option holds for FFmpeg's look at the streams only, not for the decoder used later.)
        options["skip_frame"] = "all"
    with unreadable():
        return av.open(
            f"file:{path.resolve()}", "r", format=demuxer, options=options,
            metadata_errors="replace",
        )  # fmt: skip
