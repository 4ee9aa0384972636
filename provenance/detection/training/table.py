"""Everything that was measured, as matrices with a row for each clip and laundering."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from provenance.detection.features import FAMILIES
from provenance.detection.training.corpus import Clip, clips, wanted

Floats = NDArray[np.float64]
#: How the names of the launderings of own reconstructions start.
OWN = "own reconstruction/"


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Measured clips.

    Attributes:
        clips: The clip of each row.
        laundering: The name of each row's laundering.
        claims: What each row's file says about itself: rate, size, ...; for the audit alone.
        claim_names: The columns of `claims`.
        lines: Lines of the bottleneck of each row.
        names: The columns of each family.
        families: For each family float64 of shape (rows, statistics): the mean over bursts.
    """

    clips: tuple[Clip, ...]
    laundering: NDArray[np.str_]
    claims: Floats
    claim_names: tuple[str, ...]
    lines: Floats
    names: dict[str, tuple[str, ...]]
    families: dict[str, Floats]

    def __len__(self) -> int:
        return len(self.clips)

    @property
    def fake(self) -> NDArray[np.bool_]:
        """Which rows are of generated clips."""
        return np.array([clip.label == "generated" for clip in self.clips], bool)

    def column(self, of: Callable[[Clip], str]) -> NDArray[np.str_]:
        """Something of each row's clip."""
        return np.array([of(clip) for clip in self.clips])

    def where(self, mask: NDArray[np.bool_]) -> Table:
        """Some of the rows."""
        return Table(
            tuple(clip for clip, kept in zip(self.clips, mask, strict=True) if kept),
            self.laundering[mask],
            self.claims[mask],
            self.claim_names,
            self.lines[mask],
            self.names,
            {family: rows[mask] for family, rows in self.families.items()},
        )

    @property
    def own(self) -> NDArray[np.bool_]:
        """Which rows are reconstructions of our own making, and the real clips beside them."""
        return np.asarray(np.char.startswith(self.laundering, OWN), bool)

    def beside(self, other: Table) -> Table:
        """These rows and those of another table."""
        return Table(
            self.clips + other.clips,
            np.concatenate([self.laundering, other.laundering]),
            np.concatenate([self.claims, other.claims]),
            self.claim_names,
            np.concatenate([self.lines, other.lines]),
            self.names,
            {name: np.concatenate([rows, other.families[name]])
             for name, rows in self.families.items()},
        )  # fmt: skip

    def joined(self, families: Sequence[str]) -> Floats:
        """The statistics of several families beside each other."""
        return np.concatenate([self.families[family] for family in families], axis=1)


def read_own(data: Path, features: Path) -> Table:
    """Read what `reconstruction` kept: reconstructions count as generated."""
    table = read(data, features)
    made = np.char.endswith(table.laundering, "fake")
    renamed = tuple(
        replace(clip, label="generated", generator="own autoencoder") if fake else clip
        for clip, fake in zip(table.clips, made, strict=True)
    )
    return replace(table, clips=renamed)


def read(data: Path, features: Path) -> Table:
    """Read what `extraction` kept in a folder."""
    known = {clip.key: clip for clip in clips(data)}
    owners: list[Clip] = []
    metas: list[dict[str, Any]] = []
    rows: dict[str, list[NDArray[np.float32]]] = {family: [] for family in FAMILIES}
    for path in sorted(features.glob("*.npz")):
        clip = known.get(path.name[:16])
        if clip is None or not wanted(clip) or path.name.endswith(".part.npz"):
            continue
        with np.load(path) as kept:
            metas.append(msgspec.json.decode(kept["meta"].tobytes()))
            for family, found in rows.items():
                found.append(kept[family].mean(axis=0))
        owners.append(clip)
    claim_names = (*metas[0]["claims"], "crf")
    return Table(
        tuple(owners),
        np.array([meta["laundering"] for meta in metas]),
        np.array([[*meta["claims"].values(), meta["recipe"]["crf"]] for meta in metas], np.float64),
        claim_names,
        np.array([meta["recipe"]["lines"] for meta in metas], np.float64),
        {family: tuple(names) for family, names in metas[0]["names"].items()},
        {family: np.array(found, np.float64) for family, found in rows.items()},
    )
