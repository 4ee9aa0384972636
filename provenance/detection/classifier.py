"""The learned part: families of statistics, each with its own log-odds, and their stack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

import msgspec
import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from models.errors import InvalidCard
from provenance.detection.logistic import Linear

Floats = NDArray[np.float64]
Rows = dict[str, Floats]
"""For each family the mean over a clip's bursts, float64 (n, d)."""

_PARTS: Final = ("mean", "scale", "weights", "bias")


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One column of the stack.

    Attributes:
        name: Such as `motion`.
        families: The families of statistics that it reads, in order.
    """

    name: str
    families: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the tensors of a file belong to.

    Attributes:
        members: Columns of the stack.
        quality: Families that the quality is estimated from.
        domain: Families in which strangeness is measured.
        drawn: Highest score of drawn or rendered look before a clip counts as such.
        strange: Highest strangeness of a clip that the model speaks of.
    """

    members: Annotated[tuple[Member, ...], msgspec.Meta(min_length=1)]
    quality: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    domain: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    strange: float


@dataclass(frozen=True, slots=True, eq=False)
class Ellipsoid:
    """Mahalanobis distance in the principal directions of what was learned from.

    Attributes:
        mean: (d,).
        axes: (d, k), directions divided by the deviation along them.
    """

    mean: Floats
    axes: Floats

    def __call__(self, rows: Floats) -> Floats:
        """Root mean square of the k standardised coordinates of rows (n, d)."""
        return np.asarray(np.sqrt((((rows - self.mean) @ self.axes) ** 2).mean(axis=1)))


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """All that decides a score; immutable, thread-safe.

    Attributes:
        layout: What reads what.
        members: Log-odds of each member, in the order of the layout.
        stack: Log-odds of the members' log-odds and the quality loss beside each other.
        quality: Estimated loss of quality: crf above 23 in sixes plus halvings of 256 lines.
        domain: How strange a clip is.
    """

    layout: Layout
    members: tuple[Linear, ...]
    stack: Linear
    quality: Linear
    domain: Ellipsoid

    def member_scores(self, rows: Rows) -> Floats:
        """Log-odds (n, members)."""
        return np.stack(
            [
                member(joined(rows, place.families))
                for place, member in zip(self.layout.members, self.members, strict=True)
            ],
            axis=1,
        )

    def loss(self, rows: Rows) -> Floats:
        """Estimated loss of quality (n,)."""
        return self.quality(joined(rows, self.layout.quality))

    def score(self, rows: Rows) -> Floats:
        """Score (n,), rising with the evidence for synthetic; about log-odds, uncalibrated."""
        return self.stack(self.member_scores(rows))

    def strangeness(self, rows: Rows) -> Floats:
        """Distance (n,) from what was learned from; 1 is usual."""
        return self.domain(joined(rows, self.layout.domain))

    def write(self) -> bytes:
        """The file that `read` reads; the same parameters give the same bytes."""
        tensors: dict[str, Floats] = {}
        named = [*zip((each.name for each in self.layout.members), self.members, strict=True)]
        for name, linear in (*named, ("stack", self.stack), ("quality", self.quality)):
            tensors |= {
                f"{name}.{part}": np.atleast_1d(np.asarray(getattr(linear, part), np.float32))
                for part in _PARTS
            }
        tensors["domain.mean"] = np.asarray(self.domain.mean, np.float32)
        tensors["domain.axes"] = np.ascontiguousarray(self.domain.axes, np.float32)
        layout = msgspec.json.encode(self.layout, order="deterministic").decode()
        return safetensors.numpy.save(dict(sorted(tensors.items())), {"layout": layout})

    @classmethod
    def read(cls, raw: bytes) -> Classifier:
        """Read a file.

        Raises:
            InvalidCard: It is not such a file, or lacks a part.
        """
        try:
            length = int.from_bytes(raw[:8], "little")
            header: Any = msgspec.json.decode(raw[8 : 8 + length])
            layout = msgspec.json.decode(header["__metadata__"]["layout"], type=Layout)
            tensors = safetensors.numpy.load(raw)
            members = tuple(_linear(tensors, each.name) for each in layout.members)
            return cls(
                layout,
                members,
                _linear(tensors, "stack"),
                _linear(tensors, "quality"),
                Ellipsoid(_wide(tensors["domain.mean"]), _wide(tensors["domain.axes"])),
            )
        except (KeyError, TypeError, ValueError, msgspec.MsgspecError,
                safetensors.SafetensorError) as error:  # fmt: skip
            raise InvalidCard(f"The detector's weights cannot be read: {error}.") from error


def joined(rows: Rows, families: tuple[str, ...]) -> Floats:
    """The statistics of some families beside each other."""
    return np.concatenate([rows[family] for family in families], axis=1)


def _linear(tensors: dict[str, NDArray[Any]], name: str) -> Linear:
    mean, scale, weights, bias = (_wide(tensors[f"{name}.{part}"]) for part in _PARTS)
    return Linear(mean, scale, weights, float(bias[0]))


def _wide(values: NDArray[Any]) -> Floats:
    return np.asarray(values, np.float64)
