"""The fingerprint of a clip, from the pictures that its review decodes anyway.

Runs inside a clip worker. Pictures are hashed as they come, and only hashes are kept: a clip of ten
minutes has pictures for gigabytes. Pictures that were decoded between two sampled frames are hashed
too: in a moving scene a listed picture is soon further than the radius from its neighbours.

Sampled frames are also hashed without their bars, and what is a bar is known only at the end. So
as long as there may be bars, sampled frames wait, the first few in memory and more of them in a
file that has no name. Of most clips the first frame shows that there are none.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Final

import numpy as np
import structlog
from numpy.typing import NDArray

from media.frames import Frame, Passed
from provenance.fingerprint.fingerprint import (
    MIN_QUERY_QUALITY,
    NO_MARKS,
    STATIC_DISTANCE,
    Fingerprint,
    Marks,
    joined,
    marks_of,
)
from provenance.fingerprint.letterbox import Box, Edges, picture_box
from provenance.fingerprint.pdq import HASH_BYTES, Hashes, distances, hash_pictures, luma
from provenance.fingerprint.records import Packed, packed

_log = structlog.get_logger(__name__)

_IN_MEMORY_BYTES: Final = 16 << 20
"""Pictures of one shape that wait in memory; more of them wait in a file."""


@dataclass(slots=True, eq=False)
class _Between:
    """A picture between two sampled frames, and until when it looked the same."""

    start_ms: int
    end_ms: int
    hash: NDArray[np.uint8]
    mirrored: NDArray[np.uint8]
    quality: int


@dataclass(slots=True, eq=False)
class _Seen:
    """A sampled frame: its hash, and its number among those of its shape that wait."""

    at_ms: int
    whole: Hashes
    shape: tuple[int, int]
    waiting: int


class _Waiting:
    """Pictures of one shape that may have bars, as luma; lost when there can be none."""

    def __init__(self) -> None:
        self._edges = Edges()
        self._file: IO[bytes] | None = None
        self._shape = (0, 0, 0)
        self._count = 0

    def see(self, image: NDArray[np.uint8], picture: NDArray[np.float32]) -> None:
        """Take a picture, and its luma, in; unless it is known that there are no bars."""
        if self._count and self._file is None:
            return
        self._edges.see(picture)
        self._shape = image.shape
        self._count += 1
        if not self._edges.possible:
            self.close()
            return
        if self._file is None:
            self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115
        # The colours: a third less than their luma, from which it is made again bit by bit.
        self._file.write(np.ascontiguousarray(image).data)

    @property
    def barred(self) -> bool:
        """Whether there may be bars."""
        return self._file is not None

    def close(self) -> None:
        """Forget the pictures."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __len__(self) -> int:
        return self._count if self.barred else 0

    def __iter__(self) -> Iterator[NDArray[np.float32]]:
        return (self.at(number) for number in range(len(self)))

    def at(self, number: int) -> NDArray[np.float32]:
        """Return the luma of a picture that waits."""
        assert self._file is not None  # noqa: S101 - asked only while there may be bars
        size = int(np.prod(self._shape))
        self._file.seek(number * size)
        image = np.frombuffer(self._file.read(size), np.uint8).reshape(self._shape)
        return luma(image)


class FrameHashes:
    """Gathers the hashes of a clip's pictures. Not thread-safe.

    That a clip cannot be hashed is no reason to fail its review: no method raises, and whoever
    asked for the hashes sees that they are missing.
    """

    def __init__(self) -> None:
        self._seen: list[_Seen] = []
        self._waiting: dict[tuple[int, int], _Waiting] = {}
        self._between: list[_Between] = []
        self._failed = False

    def see(self, frames: Iterable[Frame]) -> None:
        """Take frames, in any order of time, with the pictures that were passed before them."""
        if self._failed:
            return
        try:
            for frame in frames:
                before = len(self._between)
                for each in frame.passed:
                    self._pass(each, before)
                self._sample(frame)
        except Exception as error:  # noqa: BLE001 - an odd picture costs its hashes, not the review
            self._fail(error)

    def fingerprint(self, duration_ms: int) -> Packed | None:
        """Return the fingerprint of what was seen, or None if it could not be taken.

        To be called once, at the end.
        """
        if self._failed:
            return None
        try:
            return packed(self._made(duration_ms))
        except Exception as error:  # noqa: BLE001 - as above
            self._fail(error)
            return None
        finally:
            self._forget()

    def _sample(self, frame: Frame) -> None:
        picture = luma(frame.image)
        height, width = picture.shape
        waiting = self._waiting.setdefault((height, width), _Waiting())
        waiting.see(frame.image, picture)
        self._seen.append(
            _Seen(frame.pts_ms, hash_pictures([picture]), (height, width), max(0, len(waiting) - 1))
        )

    def _made(self, duration_ms: int) -> Fingerprint:
        seen = sorted(self._seen, key=lambda each: each.at_ms)
        times = [each.at_ms for each in seen]
        whole = joined([each.whole for each in seen])
        boxes = {
            shape: picture_box(pictures)
            for shape, pictures in self._waiting.items()
            if pictures.barred
        }
        barred = {
            shape: box for shape, box in boxes.items() if box != Box(0, shape[0], 0, shape[1])
        }
        hashed = whole
        if barred:
            hashed = joined(
                [
                    hash_pictures(
                        [barred[each.shape].of(self._waiting[each.shape].at(each.waiting))]
                    )
                    if each.shape in barred
                    else each.whole
                    for each in seen
                ]
            )
        frames, mirrored = marks_of(hashed, whole if barred else None, times)
        return Fingerprint(
            duration_ms=duration_ms,
            frames=self._joined(frames, [each.hash for each in self._between]),
            mirrored=self._joined(mirrored, [each.mirrored for each in self._between]),
            crops=NO_MARKS,
            thumbnails=(),
            dropped=int((hashed.quality < MIN_QUERY_QUALITY).sum()),
        )

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
        self._forget()

    def _forget(self) -> None:
        """Close the files of pictures that wait."""
        for each in self._waiting.values():
            each.close()
