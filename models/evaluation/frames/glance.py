"""What a network's glance keeps of what its full look finds, and how often it is enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.calibration import wilson_interval
from models.preprocessing import preprocessing
from models.vision import ImageNetwork

Odds = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """Log-odds of pictures, each of shape (n, categories).

    Attributes:
        glance: By the glance; by the full look where the network has no glance.
        full: By the full look.
        doubt: From what the glance says on the full look counts, by category.
    """

    glance: Odds
    full: Odds
    doubt: Odds

    @property
    def in_doubt(self) -> NDArray[np.bool_]:
        """In which categories the full look decides."""
        return np.asarray(~(self.glance < self.doubt), dtype=bool)

    @property
    def scored(self) -> Odds:
        """What the network answers."""
        return np.where(self.in_doubt, self.full, self.glance)


def look(network: ImageNetwork, images: Sequence[NDArray[np.uint8]]) -> Looks:
    """Look at pictures both ways."""
    recipe = preprocessing(network.card).glance
    doubt = [recipe.doubt[name] if recipe else -np.inf for name in network.categories]
    pairs = [network.both(image) for image in images]
    full = np.array([full for _, full in pairs]).reshape(len(pairs), len(doubt))
    glance = [full if glance is None else glance for glance, full in pairs]
    return Looks(np.array(glance).reshape(full.shape), full, np.array(doubt))


def joined(parts: Sequence[Looks]) -> Looks:
    """The looks of several groups of pictures, one after the other."""
    return Looks(
        np.concatenate([part.glance for part in parts]),
        np.concatenate([part.full for part in parts]),
        parts[0].doubt,
    )


def show(name: str, looks: Looks, column: int, level: float, everyday: Looks) -> None:
    """Print what the glance lets through of what the full look finds, and what that costs.

    Args:
        name: Of what the pictures show.
        looks: Of pictures, of which those count that the full look finds.
        column: Of the category.
        level: Log-odds from which on the full look finds something.
        everyday: Of frames that show nothing of note.
    """
    found = looks.full[:, column] >= level
    kept = found & looks.in_doubt[:, column]
    low, high = wilson_interval(int(kept.sum()), max(1, int(found.sum())))
    print(
        f"  glance, {name}: kept {kept.sum()} of {found.sum()} found from {level:.2f} "
        f"[{low:.4f}, {high:.4f}]; in doubt {everyday.in_doubt[:, column].mean():.4f} of "
        f"{len(everyday.full)} everyday frames"
    )
    if found.any():
        least = np.quantile(looks.glance[found, column], (0, 0.01, 0.03, 0.05))
        print("    doubt that keeps all, 99, 97, 95 %: " + ", ".join(f"{x:.2f}" for x in least))
