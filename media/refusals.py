"""Why a clip is refused: one error a reason.

The reasons are stable identifiers that callers may act upon. Limits and findings are given in
the unit that the message names; nothing of the file's content or name is repeated.
"""

from __future__ import annotations

from typing import ClassVar

from media.errors import InvalidInput


class ClipRefused(InvalidInput):
    """A clip that cannot be looked at as it is; the root of the reasons below."""

    code: ClassVar[str] = "INVALID_ARGUMENT"
    reason: ClassVar[str] = "CLIP_REFUSED"

    def __init__(
        self,
        message: str,
        *,
        field: str = "clip",
        limit: float | str | None = None,
        actual: float | str | None = None,
        retry_after_ms: int | None = None,
    ) -> None:
        super().__init__(
            message, field=field, limit=limit, actual=actual, retry_after_ms=retry_after_ms
        )


class ClipEmpty(ClipRefused):
    """The file holds no bytes."""

    reason = "CLIP_EMPTY"


class ClipNotVideo(ClipRefused):
    """The file is no clip of an accepted container and codec (a still picture, a playlist ...)."""

    reason = "CLIP_NOT_VIDEO"


class ClipUnreadable(ClipRefused):
    """The container is of an accepted kind, but it cannot be read."""

    reason = "CLIP_UNREADABLE"


class ClipTruncated(ClipRefused):
    """The container says that more bytes follow than the file has."""

    reason = "CLIP_TRUNCATED"


class ClipNotWhole(ClipRefused):
    """A packet is missing or damaged, so that part of the clip cannot be seen."""

    reason = "CLIP_NOT_WHOLE"


class NoVideoTrack(ClipRefused):
    """There is no picture track."""

    reason = "NO_VIDEO_TRACK"


class SeveralVideoTracks(ClipRefused):
    """There is more than one picture track, cover pictures included.

    Players differ in which one they show, so a clip with two could be reviewed by one and
    watched by the other.
    """

    reason = "CLIP_SEVERAL_VIDEO_TRACKS"


class ClipAmbiguous(ClipRefused):
    """The file can be read in more than one way, so that players differ in what they show.

    Edit lists that jump, repeat or freeze, ordered chapters, doubled headers, a picture that
    reaches over the edge of the screen: what is reviewed could be another thing than what is
    watched.
    """

    reason = "CLIP_AMBIGUOUS"


class ClipTransparent(ClipRefused):
    """Pictures have transparent parts: what a viewer sees depends on what lies behind them."""

    reason = "CLIP_TRANSPARENT"


class SubtitlesPresent(ClipRefused):
    """There is a track of subtitles, which players draw over pictures and nothing here reads."""

    reason = "CLIP_HAS_SUBTITLES"


class NoFrames(ClipRefused):
    """The picture track holds no picture that can be decoded."""

    reason = "NO_FRAMES"


class ClipTooLarge(ClipRefused):
    """The file has more bytes than the limit."""

    reason = "CLIP_TOO_LARGE"


class ClipTooLong(ClipRefused):
    """The packets span more milliseconds than the limit."""

    reason = "CLIP_TOO_LONG"


class ClipTooManyFrames(ClipRefused):
    """There are more pictures or packets than the limit."""

    reason = "CLIP_TOO_MANY_FRAMES"


class PictureTooLarge(ClipRefused):
    """A picture is wider, higher or larger than the limits, by the header or once decoded."""

    reason = "CLIP_TOO_LARGE_PICTURE"


class DurationMismatch(ClipRefused):
    """A header claims a length that is far from what the packets span.

    The packets are the judge. A claim counts as far when it differs by more than one second
    and by more than a tenth of what the packets say.
    """

    reason = "CLIP_DURATION_MISMATCH"
