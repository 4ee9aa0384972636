"""Odd clips, and what becomes of each: looked at as a whole, or refused for a reason with a name.

An odd clip is one that a player might show and that is unlike what a generator usually writes.
The table says for each what the review must do. Where players differ in what they show of a file,
it is refused; where they all show what is decoded here, it is reviewed.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests import odd_makers as make
from tests.clips import make_clip, patch_durations
from tests.surgery import SAMPLES, TRACK, Edit, box, with_edits, with_noise_in

REVIEWED = "REVIEWED"
_HDR = {"color_trc": "smpte2084", "color_primaries": "bt2020", "colorspace": "bt2020nc"}
_FRAGMENTS = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}


@dataclass(frozen=True, slots=True)
class Odd:
    """One odd clip.

    Attributes:
        suffix: What its name ends with; it matters to the muxer alone.
        outcome: `REVIEWED`, or the reason that it is refused for.
        make: Writes it to a path and returns the path.
        pictures: How many pictures a player can show of it, where it is reviewed.
    """

    suffix: str
    outcome: str
    make: Callable[[Path], Path]
    pictures: int = 0


def make_odd(name: str, folder: Path) -> Path:
    """Make one of the clips that `ODD` lists, in a folder."""
    odd = ODD[name]
    return odd.make(folder / f"{name}{odd.suffix}")


_AMBIGUOUS, _TRANSPARENT = "CLIP_AMBIGUOUS", "CLIP_TRANSPARENT"
_SEVERAL, _SUBTITLES = "CLIP_SEVERAL_VIDEO_TRACKS", "CLIP_HAS_SUBTITLES"
_TOO_LARGE, _MISMATCH = "CLIP_TOO_LARGE_PICTURE", "CLIP_DURATION_MISMATCH"
_NOT_VIDEO = "CLIP_NOT_VIDEO"

#: Name of an odd clip to how it is made and what becomes of it.
ODD: dict[str, Odd] = {
    # Sound is never decoded, and a player shows the pictures all the same.
    "broken_audio": Odd(
        ".mp4", REVIEWED, lambda p: with_noise_in(make.plain(p, audio=True), p, "audio"), 24
    ),
    "one_a_second": Odd(
        ".mp4", REVIEWED, lambda p: make_clip(p, seconds=4, fps=1, size=make.SIZE), 4
    ),
    "fps_240": Odd(
        ".mp4", REVIEWED, lambda p: make_clip(p, seconds=1, fps=240, size=make.SIZE), 240
    ),
    "rotated_90": Odd(".mp4", REVIEWED, lambda p: make.rotated(p, 90), 24),
    "rotated_180": Odd(".mp4", REVIEWED, lambda p: make.rotated(p, 180), 24),
    "rotated_270": Odd(".mp4", REVIEWED, lambda p: make.rotated(p, 270), 24),
    "hdr_h264": Odd(
        ".mp4", REVIEWED, lambda p: make.small(p, "libx264", "yuv420p10le", **_HDR), 12
    ),
    "hdr_hevc": Odd(
        ".mp4", REVIEWED, lambda p: make.small(p, "libx265", "yuv420p10le", **_HDR), 12
    ),
    "hdr_av1": Odd(
        ".mp4", REVIEWED, lambda p: make.small(p, "libsvtav1", "yuv420p10le", **_HDR), 12
    ),
    "odd_size": Odd(".webm", REVIEWED, lambda p: make.of_size(p, "libvpx", (321, 179)), 4),
    "two_by_two": Odd(".mp4", REVIEWED, lambda p: make.of_size(p, "libx264", (2, 2)), 4),
    "one_by_one": Odd(".webm", REVIEWED, lambda p: make.of_size(p, "libvpx", (1, 1)), 4),
    "strip": Odd(".mp4", REVIEWED, lambda p: make.of_size(p, "libx264", (4096, 16)), 4),
    # Both fields are in each sampled picture, as lines.
    "interlaced_tff": Odd(".mp4", REVIEWED, lambda p: make.interlaced(p, "tff"), 12),
    "interlaced_bff": Odd(".mp4", REVIEWED, lambda p: make.interlaced(p, "bff"), 12),
    "eight_k": Odd(".mp4", _TOO_LARGE, make.eight_k),
    "changing_size": Odd(".webm", REVIEWED, lambda p: make.sizes(p, (64, 48), (160, 32)), 12),
    "growing_too_large": Odd(".webm", _TOO_LARGE, lambda p: make.sizes(p, (64, 48), (4112, 16))),
    "vp8": Odd(".webm", REVIEWED, lambda p: make.small(p, "libvpx"), 12),
    "vp9": Odd(".webm", REVIEWED, lambda p: make.small(p, "libvpx-vp9"), 12),
    "av1": Odd(".webm", REVIEWED, lambda p: make.small(p, "libsvtav1"), 12),
    "gif": Odd(".gif", REVIEWED, make.gif, 6),
    "gif_zero_delays": Odd(".gif", REVIEWED, lambda p: make.gif(p, delay_ms=0), 6),
    "gif_restored": Odd(".gif", REVIEWED, lambda p: make.gif(p, disposal=3), 6),
    "gif_one_picture": Odd(".gif", REVIEWED, lambda p: make.gif(p, count=1), 1),
    "gif_transparent": Odd(".gif", _TRANSPARENT, lambda p: make.gif(p, opacity=make.CLEAR)),
    "gif_over_the_edge": Odd(".gif", _AMBIGUOUS, make.gif_over_the_edge),
    "gif_twice": Odd(".gif", _AMBIGUOUS, make.gif_twice),
    "alpha_vp9": Odd(
        ".webm",
        _TRANSPARENT,
        lambda p: make.with_element(p, (make.TRACKS, make.ENTRY, make.VIDEO), b"\x53\xc0\x81\x01"),
    ),
    "alpha_prores": Odd(".mov", _NOT_VIDEO, lambda p: make.small(p, "prores_ks", "yuva444p10le")),
    "alpha_png": Odd(".mov", _NOT_VIDEO, lambda p: make.small(p, "png", "rgba")),
    # An edit list that only puts the start off, or leaves a part out, hides nothing from review.
    "edit_put_off": Odd(
        ".mp4", REVIEWED, lambda p: make.edited(p, Edit(500, None), Edit(2000, 0)), 24
    ),
    "edit_skips_the_start": Odd(".mp4", REVIEWED, lambda p: make.edited(p, Edit(1500, 500)), 24),
    "edit_hides_nearly_all": Odd(
        ".mp4",
        _AMBIGUOUS,
        lambda p: with_edits(make.plain(p, seconds=1), p, [Edit(200, 250)]),
    ),
    "edit_shows_twice": Odd(
        ".mp4", _AMBIGUOUS, lambda p: make.edited(p, Edit(1000, 0), Edit(1000, 0))
    ),
    "edit_freezes": Odd(".mp4", _AMBIGUOUS, lambda p: make.edited(p, Edit(2000, 250, 0.0))),
    "edit_speeds_up": Odd(".mp4", _AMBIGUOUS, lambda p: make.edited(p, Edit(2000, 0, 8.0))),
    "three_tracks": Odd(".mp4", _SEVERAL, lambda p: make.several_tracks(p, 3)),
    "three_tracks_matroska": Odd(".mkv", _SEVERAL, lambda p: make.several_tracks(p, 3)),
    "hidden_track": Odd(".mp4", _SEVERAL, make.hidden_track),
    "cover": Odd(".mp4", _SEVERAL, make.covered),
    "cover_matroska": Odd(".mkv", _SEVERAL, make.covered),
    "subtitles": Odd(".mp4", _SUBTITLES, lambda p: make.other_track(p, b"sbtl", b"tx3g")),
    "subtitles_matroska": Odd(".webm", _SUBTITLES, make.matroska_subtitles),
    "data_track": Odd(".mp4", REVIEWED, lambda p: make.other_track(p, b"meta", b"gpmd"), 24),
    "fragmented": Odd(
        ".mp4",
        REVIEWED,
        lambda p: make_clip(p, fps=12, size=make.SIZE, gop=6, muxing=_FRAGMENTS),
        24,
    ),
    "negative_times": Odd(
        ".mp4",
        REVIEWED,
        lambda p: make_clip(
            p, size=make.SIZE, pts=range(-600, 1400, 100), muxing={"avoid_negative_ts": "disabled"}
        ),
        20,
    ),
    "gap_of_10_s": Odd(
        ".mkv",
        REVIEWED,
        lambda p: make_clip(p, size=make.SIZE, pts=[0, 40, 80, 120, 10_120, 10_160, 10_200]),
        7,
    ),
    "one_picture": Odd(".mp4", REVIEWED, lambda p: make_clip(p, pictures=make.pictures(1)), 1),
    "live_matroska": Odd(
        ".webm",
        REVIEWED,
        lambda p: make_clip(
            p,
            seconds=1,
            fps=12,
            size=make.SIZE,
            codec="libvpx",
            options={"cpu-used": "8"},
            muxing={"live": "1"},
        ),
        12,
    ),
    "claims_too_long": Odd(".webm", _MISMATCH, lambda p: make.claiming(p, 1000.0)),
    "claims_not_a_number": Odd(".webm", REVIEWED, lambda p: make.claiming(p, float("nan")), 12),
    "claims_long_pictures": Odd(".webm", REVIEWED, lambda p: make.steady_claim(p, 900_000_000), 12),
    "claims_no_step": Odd(".webm", REVIEWED, lambda p: make.steady_claim(p, 1), 12),
    "two_a_packet_h264": Odd(".mp4", _AMBIGUOUS, lambda p: make.paired(p, "libx264")),
    "two_a_packet_hevc": Odd(".mp4", _AMBIGUOUS, lambda p: make.paired(p, "libx265")),
    "two_a_packet_mpeg4": Odd(".avi", _AMBIGUOUS, lambda p: make.paired(p, "mpeg4")),
    "two_movies": Odd(".mp4", _AMBIGUOUS, make.two_movies),
    "two_formats": Odd(
        ".mp4", _AMBIGUOUS, lambda p: make.with_box(p, (*SAMPLES, b"stsd"), make.two_formats)
    ),
    "crop": Odd(".mp4", _AMBIGUOUS, lambda p: make.with_box(p, (*SAMPLES, b"stsd"), make.crop)),
    "crop_matroska": Odd(
        ".webm",
        _AMBIGUOUS,
        lambda p: make.with_element(p, (make.TRACKS, make.ENTRY, make.VIDEO), b"\x54\xcc\x81\x30"),
    ),
    "other_file": Odd(
        ".mp4",
        _AMBIGUOUS,
        lambda p: make.with_box(
            p,
            (*TRACK, b"mdia", b"minf", b"dinf", b"dref"),
            lambda _: struct.pack(">II", 0, 1) + box(b"url ", b"\0\0\0\0other.mp4\0"),
        ),
    ),
    "ordered_chapters": Odd(
        ".webm",
        _AMBIGUOUS,
        lambda p: make.with_element(p, (), b"\x10\x43\xa7\x70\x87\x45\xb9\x84\x45\xdd\x81\x01"),
    ),
    "two_segments": Odd(
        ".webm",
        _AMBIGUOUS,
        lambda p: (p.write_bytes((d := make.small(p, "libvpx").read_bytes()) + d), p)[1],
    ),
    "compressed_header": Odd(
        ".mp4",
        "CLIP_UNREADABLE",
        lambda p: make.with_box(p, (b"moov",), lambda old: box(b"cmov", old)),
    ),
    "claims_long_track": Odd(
        ".mp4", _MISMATCH, lambda p: patch_durations(make.plain(p), p, 50, [b"tkhd"])
    ),
    # The table of chunks ends early: the last samples are listed, and nowhere to be found.
    "unreachable_samples": Odd(
        ".mp4",
        "CLIP_NOT_WHOLE",
        lambda p: make.with_box(p, (*SAMPLES, b"stsz"), make.one_more_sample),
    ),
    "sounds_like_pictures": Odd(
        ".mp4",
        "NO_VIDEO_TRACK",
        lambda p: (p.write_bytes(make.plain(p).read_bytes().replace(b"vide", b"data")), p)[1],
    ),
}
