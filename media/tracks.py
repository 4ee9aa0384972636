"""What an MP4 or QuickTime file says of one track, and whether all players must agree on it.

An edit list (ISO/IEC 14496-12, 8.6.6) tells a player which parts of a track to show, in which
order and how long. Players differ in how much of it they follow, and one that jumps, repeats or
freezes can show for seconds what is on the screen for a moment in the track itself, where samples
are chosen. So only the plain form is accepted: nothing, or a start that is put off, followed by one
stretch at normal speed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from media.refusals import ClipAmbiguous, ClipNotWhole, NoVideoTrack, SeveralVideoTracks

LEAST_SHOWN_MS: Final = 1000
"""Shortest stretch that an edit may show of a longer track: two sampling intervals, in ms."""

LEAST_SHOWN_SHARE: Final = 0.9
"""Least share of a picture's width and height that a crop may leave."""

PICTURES: Final = frozenset({"vide", "pict", "auxv"})
"""Handler types of tracks that hold pictures."""

_NORMAL_SPEED = 1 << 16
_EMPTY = -1
_ROUNDING_MS = 50
_SOUND = "soun"


@dataclass(frozen=True, slots=True)
class Edit:
    """One entry of an edit list.

    Attributes:
        length: How long it is shown, in ticks of the movie; 0 for all of the track.
        media_time: Where in the track it starts, in ticks of the track; -1 for an empty stretch.
        rate: Speed as a 16.16 fixed-point number.
    """

    length: int
    media_time: int
    rate: int


@dataclass(slots=True)
class TrackClaims:
    """What the boxes of one track say.

    Attributes:
        handler: Handler type of `hdlr`, or "".
        samples: Number of samples by `stsz` or `stz2`, those of fragments not counted.
        edits: The edit list; no more than the first few entries.
        formats: Four-character codes of the sample descriptions.
        external: Whether a data reference leads to another file.
        shown_share: Least share of width or height that a clean aperture (`clap`) leaves.
    """

    handler: str = ""
    samples: int = 0
    edits: list[Edit] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    external: bool = False
    shown_share: float = 1.0


def check_tracks(tracks: list[TrackClaims]) -> None:
    """Hold what can be held before a packet is read.

    Raises:
        SeveralVideoTracks: More than one track says that it holds pictures.
        NoVideoTrack: None does.
        ClipAmbiguous: A track can be read in more than one way.
    """
    pictures = sum(track.handler in PICTURES for track in tracks)
    if pictures > 1:
        raise SeveralVideoTracks(
            "the clip has more than one picture track", limit=1, actual=pictures
        )
    if not pictures:
        # FFmpeg also goes by the format, other players do not.
        raise NoVideoTrack("the clip has no picture track")
    for track in tracks:
        if track.handler == _SOUND:
            continue
        if track.external:
            raise ClipAmbiguous("a track of the clip takes its data from another file")
        if len(set(track.formats)) > 1:
            raise ClipAmbiguous(
                "a track of the clip changes its format", limit=1, actual=len(set(track.formats))
            )
        check_crop(track.shown_share)
        _check_form(track.edits)


def check_crop(shown_share: float) -> None:
    """Hold a crop that players apply and decoders do not against the limit.

    Raises:
        ClipAmbiguous: Players would show a small part of what is reviewed, enlarged.
    """
    if shown_share < LEAST_SHOWN_SHARE:
        raise ClipAmbiguous(
            "the clip's header cuts too much off its pictures (share of a side that is left)",
            limit=LEAST_SHOWN_SHARE,
            actual=round(shown_share, 3),
        )


def check_shown(
    tracks: list[TrackClaims], ticks: int, *, packets: int, span_ms: int, gap_ms: int
) -> None:
    """Hold what the picture track's boxes promise against its packets.

    Args:
        tracks: All tracks of the clip.
        ticks: Ticks of the movie a second, 0 where they are unknown.
        packets: Packets of the picture track.
        span_ms: What they span, to the end of the last one.
        gap_ms: Longest step between two of them.

    Raises:
        ClipNotWhole: There are fewer packets than samples.
        ClipAmbiguous: An edit shows so little of the track that no sample need lie in it.
    """
    for track in tracks:
        if track.handler not in PICTURES:
            continue
        if packets < track.samples:
            raise ClipNotWhole(
                "pictures that the clip's header lists cannot be reached",
                limit=track.samples,
                actual=packets,
            )
        shown = [edit.length for edit in track.edits if edit.media_time != _EMPTY]
        if not ticks or not any(shown):
            continue
        shown_ms = sum(shown) * 1000 // ticks
        if shown_ms < min(LEAST_SHOWN_MS, span_ms - gap_ms - _ROUNDING_MS):
            raise ClipAmbiguous(
                "the clip's edit list shows too little of its pictures (ms)",
                limit=LEAST_SHOWN_MS,
                actual=shown_ms,
            )


def _check_form(edits: list[Edit]) -> None:
    rest = edits[1:] if edits and edits[0].media_time == _EMPTY else edits
    if len(rest) > 1 or any(edit.media_time < 0 for edit in rest):
        raise ClipAmbiguous(
            "the clip's edit list has more than one stretch", limit=1, actual=len(rest)
        )
    if any(edit.rate != _NORMAL_SPEED for edit in rest):
        raise ClipAmbiguous("the clip's edit list changes the speed", limit=1)
