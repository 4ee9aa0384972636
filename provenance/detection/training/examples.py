"""An operator's own clips, measured: what a detector is adapted to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from provenance.detection.classifier import Rows
from provenance.detection.training.measures import Flags, Floats


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is not learned from.

    Attributes:
        name: `generated/` or `real/` and its path below that folder.
        reason: Why, as a sentence.
    """

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip that is learned from.

    Attributes:
        name: As for `LeftOut`.
        fake: Whether it was given as generated.
        sha256: Of the file, hexadecimal.
        lines: Its short side in pixels.
        kind: Clips of one kind are copies of each other, and count as one.
        group: Clips of one group are left out together.
    """

    name: str
    fake: bool
    sha256: str
    lines: int
    kind: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Measured clips, with a row for each laundering.

    Attributes:
        clips: The clips.
        left_out: What was not used.
        clip: Place among `clips` of each row (n,).
        high: Which rows were brought down to many lines (n,).
        rows: Statistics (n, d) of each family.
        known: Which rows are of a kind that the detector speaks of; it abstains from the others.
    """

    clips: tuple[Clip, ...]
    left_out: tuple[LeftOut, ...]
    clip: NDArray[np.int64]
    high: Flags
    rows: Rows
    known: Flags

    @property
    def fake(self) -> Flags:
        """Which rows are of generated clips."""
        return np.array([clip.fake for clip in self.clips])[self.clip]

    @property
    def kinds(self) -> NDArray[np.str_]:
        """What each row is a copy of."""
        return np.array([clip.kind for clip in self.clips])[self.clip]

    @property
    def groups(self) -> NDArray[np.str_]:
        """What each row is left out with."""
        return np.array([clip.group for clip in self.clips])[self.clip]

    def where(self, mask: Flags) -> Examples:
        """Some of the rows."""
        rows = {family: found[mask] for family, found in self.rows.items()}
        return Examples(
            self.clips, self.left_out, self.clip[mask], self.high[mask], rows, self.known[mask]
        )

    def count(self, *, fake: bool) -> int:
        """How many clips of a class there are, copies counted once."""
        return len({clip.kind for clip in self.clips if clip.fake == fake})

    def weights(self) -> Floats:
        """How much each row counts (n,); their sum is the number of clips, copies as one.

        At many and at few lines both classes count the same, so that lines say nothing of the
        class; rows of lines that only one class has count nothing.
        """
        kinds, fake = self.kinds, self.fake
        weights = np.zeros(len(fake))
        for high in np.unique(self.high):
            block = self.high == high
            if len(np.unique(fake[block])) == 1:
                continue
            for side in (False, True):
                mine = block & (fake == side)
                _, places, counts = np.unique(kinds[mine], return_inverse=True, return_counts=True)
                weights[mine] = block.sum() / (len(counts) * counts[places])
        return np.asarray(weights * len(np.unique(kinds)) / weights.sum())
