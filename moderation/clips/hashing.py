"""The fingerprint of a clip, from the pictures that its review decodes anyway.

Runs inside a clip worker. Sampled frames are hashed at the end, when it is known what of all of
them is bars. Pictures that were decoded between two of them are hashed at once and whole: in a
moving scene a listed picture is soon further than the radius from its neighbours, and keeping all
pictures would take gigabytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import structlog
from numpy.typing import NDArray

from media.frames import Frame, Passed
from provenance.fingerprint.fingerprint import (
    MIN_QUERY_QUALITY,
    STATIC_DISTANCE,
    Fingerprint,
    Marks,
    of_pictures,
)
from provenance.fingerprint.pdq import HASH_BYTES, distances, hash_pictures, luma
from provenance.fingerprint.records import Packed, packed

_log = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False)
class _Between:
    """A picture between two sampled frames, and until when it looked the same."""

    start_ms: int
    end_ms: int
    hash: NDArray[np.uint8]
    mirrored: NDArray[np.uint8]
    quality: int


class FrameHashes:
    """Gathers pictures to be hashed together. Not thread-safe.

    Keeps the luma of sampled frames: half a megabyte for 256 lines at 16:9.

    That a clip cannot be hashed is no reason to fail its review: no method raises, and whoever
    asked for the hashes sees that they are missing.
    """

    def __init__(self) -> None:
        self._seen: list[tuple[int, NDArray[np.float32]]] = []
        self._between: list[_Between] = []
        self._failed = False

    def see(self, frames: Iterable[Frame]) -> None:
        """Take frames, in any order of time, with the pictures that were passed before them."""
        try:
            for frame in frames:
                before = len(self._between)
                for each in frame.passed:
                    self._pass(each, before)
                self._seen.append((frame.pts_ms, luma(frame.image)))
        except Exception as error:  # noqa: BLE001 - an odd picture costs its hashes, not the review
            self._fail(error)

    def fingerprint(self, duration_ms: int) -> Packed | None:
        """Return the fingerprint of what was seen, or None if it could not be taken."""
        if self._failed:
            return None
        seen = sorted(self._seen, key=lambda each: each[0])
        try:
            made = of_pictures(
                [picture for _, picture in seen],
                [at_ms for at_ms, _ in seen],
                duration_ms,
                crops=False,
            )
            return packed(self._with_between(made))
        except Exception as error:  # noqa: BLE001 - as above
            self._fail(error)
            return None

    def _pass(self, picture: Passed, before: int) -> None:
        """Hash a picture; `before` is how many there were at the frame before it."""
        made = hash_pictures([luma(picture.image())])
        if made.quality[0] < MIN_QUERY_QUALITY:
            return
        # Across a sampled frame nothing is joined: it may show something else.
        if len(self._between) > before:
            last = self._between[-1]
            if int(distances(last.hash, made.hashes[0])) <= STATIC_DISTANCE:
                last.end_ms = picture.pts_ms
                return
        self._between.append(
            _Between(
                picture.pts_ms,
                picture.pts_ms,
                made.hashes[0],
                made.mirrored[0],
                int(made.quality[0]),
            )
        )

    def _with_between(self, made: Fingerprint) -> Fingerprint:
        return replace(
            made,
            frames=self._joined(made.frames, [each.hash for each in self._between]),
            mirrored=self._joined(made.mirrored, [each.mirrored for each in self._between]),
        )

    def _joined(self, marks: Marks, hashes: list[NDArray[np.uint8]]) -> Marks:
        """The marks of sampled frames and of pictures between them, in order of time."""
        starts = [each.start_ms for each in self._between]
        order = np.argsort([*marks.start_ms.tolist(), *starts], kind="stable")
        ends = [each.end_ms for each in self._between]
        quality = [each.quality for each in self._between]
        return Marks(
            np.concatenate([marks.start_ms, np.array(starts, np.int32)])[order],
            np.concatenate([marks.end_ms, np.array(ends, np.int32)])[order],
            np.concatenate([marks.hashes, np.reshape(hashes, (-1, HASH_BYTES)).astype(np.uint8)])[
                order
            ],
            np.concatenate([marks.quality, np.array(quality, np.uint8)])[order],
        )

    def _fail(self, error: Exception) -> None:
        _log.warning("hashing.failed", kind=type(error).__name__)
        self._failed = True
