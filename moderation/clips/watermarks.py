"""The watermarks of a worker: what it embeds into clips, and what it reads from their pictures."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from media.probe import ClipInfo
from models.errors import ModelDigestMismatch, ModelUnavailable
from moderation.clips.jobs import WatermarkOrder
from moderation.clips.results import NeuralRead, Signed, WatermarkRead
from provenance.fingerprint.records import Packed
from provenance.preparation import NeuralMark, Prepared, Watermark
from provenance.signing import SignedClip
from provenance.watermark import keyfiles, networks
from provenance.watermark.embedding import Quality
from provenance.watermark.networks import (
    Network,
    NeuralWatermarkFailed,
    NeuralWatermarkUnusable,
)
from provenance.watermark.neural import Sampler
from provenance.watermark.placement import Placement
from provenance.watermark.pooling import frames_of, pool
from provenance.watermark.reading import read


class Watermarks:
    """Embeds and reads; the network is loaded when it is first needed, and kept.

    Args:
        keys: The keys folder; read anew for each clip, so that a key that was retired a moment ago
            marks nothing more.
        card: Card of a network that writes and reads beside the watermark, or "".
    """

    def __init__(self, keys: Path, card: str) -> None:
        self._keys = keys
        self._card = card

    @cached_property
    def _network(self) -> Network:
        return networks.load(Path(self._card))

    def ordered(self, order: WatermarkOrder | None) -> Watermark | None:
        """Get ready what a release orders.

        Raises:
            WatermarkKeyMissing: No key is active.
            NeuralWatermarkUnusable: A network's mark is ordered, and there is no network, or one
                that cannot be loaded. A clip never goes without what was ordered.
            ModelUnavailable: A file of the network is not there.
            ModelDigestMismatch: A file of the network is another one than its card says.
        """
        if order is None:
            return None
        key = keyfiles.active(keyfiles.load(self._keys))
        beside = None
        if order.neural_psnr_db is not None:
            if not self._card:
                raise NeuralWatermarkUnusable(
                    "a network's mark is ordered, and no network is named",
                    field="watermark_neural",
                )
            beside = NeuralMark(self._network, order.neural_psnr_db)
        return Watermark(key, order.code, Quality(psnr_db=order.psnr_db), beside)

    def read(
        self, path: Path, info: ClipInfo, should_stop: Callable[[], bool]
    ) -> tuple[tuple[WatermarkRead, ...], NeuralRead | None]:
        """Read a clip's pictures with every key of the house, and with the network.

        Args:
            path: The clip.
            info: What was probed of it.
            should_stop: Asked often.

        Returns:
            One reading a key, none in a house without a key; and what the network reads, or None
            where there is no network.

        Raises:
            FramegateError: See `provenance.watermark.pooling`. A network that fails costs its own
                reading and no other.
        """
        keys = keyfiles.load(self._keys)
        if not keys:
            return (), NeuralRead() if self._card else None
        sampler = Sampler()
        with frames_of(path, info, should_stop) as frames:
            # One pass for both: to decode is most of the work.
            readings = read(pool(sampler.through(frames) if self._card else frames), keys)
        found = tuple(
            WatermarkRead(
                each.key_id,
                tuple(each.sums.tolist()),
                each.sync.placement if each.sync else Placement(),
            )
            for each in readings
        )
        return found, self._by_network(sampler) if self._card else None

    def _by_network(self, sampler: Sampler) -> NeuralRead:
        try:
            reading = sampler.read(self._network)
        except (
            NeuralWatermarkFailed,
            NeuralWatermarkUnusable,
            ModelUnavailable,
            ModelDigestMismatch,
        ) as error:
            return NeuralRead(fault=error.reason)
        return NeuralRead(reading.network_id, tuple(reading.logits.tolist()))


def signed_with(
    clip: SignedClip, fingerprint: Packed, ready: Prepared, watermark: Watermark | None
) -> Signed:
    """Tell what became of a clip: pictures that are too small carry nothing of what was ordered."""
    if watermark is None or not ready.watermarked:
        return Signed(clip, fingerprint)
    beside = watermark.neural
    return Signed(clip, fingerprint, watermark.key.id, beside.network.id if beside else "")
