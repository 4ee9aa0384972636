"""Detecting a watermark: from frames to the registered code, in one call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from media.frames import Frame
from provenance.watermark.codes import CodeBook
from provenance.watermark.identification import ALARM, Detection, identify
from provenance.watermark.pooling import pool
from provenance.watermark.reading import read


def detect(
    frames: Iterable[Frame],
    books: Sequence[CodeBook],
    *,
    alarm: float = ALARM,
    search: bool = True,
) -> Detection | None:
    """Look for the watermark of any registered code in a clip; thread-safe.

    Args:
        frames: Of the clip, in order of time; see `reading.frames_of`.
        books: The keys, each with the codes that were embedded under it.
        alarm: Corrected p-value up to which a watermark is found.
        search: Whether to look for crops and turns; see `reading.read`.

    Returns:
        The best match, found or not; None where no code is registered.

    Raises:
        NoFrames: There is no frame.
        InvalidInput: See `identify`.
        FramegateError: What the frames' iterator raises.
    """
    readings = read(pool(frames), [book.key for book in books], search=search)
    return identify(readings, books, alarm=alarm)
