"""The learned part of a detector on a larger network: log-odds of a path's statistics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

import msgspec
import numpy as np
import safetensors
import safetensors.numpy

from models.errors import InvalidCard
from provenance.detection.logistic import Floats, Linear
from provenance.detection.path import STATISTICS

_PARTS: Final = ("mean", "scale", "weights", "bias")
_FIELD: Final = "head.safetensors"


class _Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file says of its tensors; the names keep a head from statistics of another kind."""

    statistics: tuple[str, ...]
    strange: Annotated[float, msgspec.Meta(gt=0)] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """All that is learned beside the network; immutable, thread-safe.

    Attributes:
        linear: Log-odds of the statistics of `provenance.detection.path`.
        strange: Largest `strangeness` of a clip that it speaks of; None for any.
    """

    linear: Linear
    strange: float | None = None

    def score(self, rows: Floats) -> Floats:
        """Score (n,) of statistics (n, 21), rising with the evidence for synthetic."""
        return self.linear(rows)

    def strangeness(self, rows: Floats) -> Floats:
        """Distance (n,) from what was learned from: root mean square of standardised statistics."""
        apart = (rows - self.linear.mean) / self.linear.scale
        return np.asarray(np.sqrt((apart**2).mean(axis=1)))

    def write(self) -> bytes:
        """The file that `read` reads; the same numbers give the same bytes."""
        tensors = {
            part: np.atleast_1d(np.asarray(getattr(self.linear, part), np.float64))
            for part in _PARTS
        }
        layout = msgspec.json.encode(_Layout(STATISTICS, self.strange), order="deterministic")
        return safetensors.numpy.save(dict(sorted(tensors.items())), {"layout": layout.decode()})

    @classmethod
    def read(cls, raw: bytes) -> Head:
        """Read a file.

        Raises:
            InvalidCard: It is no such file, is for other statistics, or its numbers cannot be.
        """
        try:
            length = int.from_bytes(raw[:8], "little")
            header: Any = msgspec.json.decode(raw[8 : 8 + length])
            layout = msgspec.json.decode(header["__metadata__"]["layout"], type=_Layout)
            tensors = safetensors.numpy.load(raw)
            mean, scale, weights, bias = (np.asarray(tensors[part], np.float64) for part in _PARTS)
        except (KeyError, TypeError, ValueError, msgspec.MsgspecError,
                safetensors.SafetensorError) as error:  # fmt: skip
            raise InvalidCard(f"The head cannot be read: {error}.", field=_FIELD) from error
        if layout.statistics != STATISTICS:
            raise InvalidCard("The head is for other statistics than these.", field=_FIELD)
        if {mean.shape, scale.shape, weights.shape} != {(len(STATISTICS),)} or bias.shape != (1,):
            raise InvalidCard(f"The head must hold {len(STATISTICS)} weights.", field=_FIELD)
        if not all(np.isfinite(each).all() for each in (mean, scale, weights, bias)):
            raise InvalidCard("The head holds what is no number.", field=_FIELD)
        if not (scale > 0).all():
            raise InvalidCard("The head's scales must be above 0.", field=_FIELD)
        return cls(Linear(mean, scale, weights, float(bias[0])), layout.strange)
