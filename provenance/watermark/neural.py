"""A neural watermark beside the spread spectrum, off unless a caller asks for it.

The network writes and reads bits; what they mean is ours. A clip's payload follows from its
registered code and the key (SHAKE-256), and a clip is identified by looking its bits up among the
payloads of all registered codes.

What that proves, and what not. For pictures that were made without knowledge of a payload, its bits
are fair independent coins, *given* whatever bits the network reads: so the count of those that
agree is Binomial(bits, 1/2) for each registered code, whatever the network does with unmarked
pictures, and the p-value is corrected for all that were tested. That holds over the draw of codes
and key. Nothing is known of the network itself: whether it reads the same from all unmarked
pictures, or how often it says that there is a mark; so presence alone is never reported.

There is no secret in the pictures. Who has the network, which is public, reads the payload off any
clip and writes it into any other, or writes over it. The chips of the spread spectrum cannot be
had like that. What is found here is a reason to compare with the registered clip and never proof.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from media.errors import InvalidInput
from media.frames import Frame
from media.planes import Canvas, Transform, TransformMaker
from media.refusals import NoFrames
from provenance.watermark.codes import CodeBook, check_code
from provenance.watermark.embedding import check_size
from provenance.watermark.identification import ALARM
from provenance.watermark.keys import KeyState, WatermarkKey
from provenance.watermark.networks import SIDE, Identity, Network
from provenance.watermark.neural_embedding import NeuralEmbedder
from provenance.watermark.significance import binomial_tail, weighted_tail, weights_of

NEURAL_ALGORITHM: Final = "org.framegate.watermark.neural.1"
"""Name of a network's mark in soft bindings; the value is the payload."""

PSNR_DB: Final = 42.0
"""Least signal-to-noise ratio of the luma of a picture, where nothing else is asked for."""

MAX_FRAMES: Final = 32
"""Most frames of a clip that are read."""

_BATCH = 8
_ROWS = 1 << 14
_PSNR = (36.0, 54.0)


def check_ratio(psnr_db: float, field: str = "neural.psnr_db") -> None:
    """Refuse a signal-to-noise ratio that no network may be asked for.

    Raises:
        InvalidInput: It is not 36 to 54; `field` is named.
    """
    low, high = _PSNR
    if not low <= psnr_db <= high:
        raise InvalidInput(
            f"psnr_db of a neural watermark goes from {low:g} to {high:g}",
            field=field,
            limit=low if psnr_db < low else high,
            actual=psnr_db,
        )


def payload_of(network: Identity, key: WatermarkKey, code: bytes) -> NDArray[np.float32]:
    """Return the payload of a code, (bits,) float32 of -1 and 1; the same for the same arguments.

    Raises:
        InvalidInput: The code does not have 16 bytes.
    """
    packed = np.frombuffer(binding_of(network, key, code), np.uint8)
    return np.unpackbits(packed)[: network.bits].astype(np.float32) * 2 - 1


def binding_of(network: Identity, key: WatermarkKey, code: bytes) -> bytes:
    """Return the payload of a code as the value of a soft binding.

    Returns:
        As many bytes as hold the bits, the highest bit first; the rest of the last one is 0.

    Raises:
        InvalidInput: See `payload_of`.
    """
    check_code(code)
    data = bytearray(_stream(_secret(network, key), code, network.bits))
    data[-1] &= 0xFF << (-network.bits % 8) & 0xFF
    return bytes(data)


def _secret(network: Identity, key: WatermarkKey) -> bytes:
    return key.derive(f"neural/{network.id}")


def _stream(secret: bytes, code: bytes, bits: int) -> bytes:
    return hashlib.shake_256(secret + code).digest(-(-bits // 8))


@dataclass(frozen=True, slots=True, eq=False)
class PayloadBook:
    """The payloads of a key's codes; a million take some 2 s to make.

    Attributes:
        network_id: Of the network that they are for.
        bits: Of a payload.
        book: The codes.
        payloads: (n, bytes) uint8, packed, the highest bit first.
    """

    network_id: str
    bits: int
    book: CodeBook
    payloads: NDArray[np.uint8] = field(repr=False)

    @classmethod
    def of(
        cls, network: Identity, book: CodeBook, before: PayloadBook | None = None
    ) -> PayloadBook:
        """Make the payloads of all codes of a book.

        Args:
            network: Whose payloads they are.
            book: The codes.
            before: Payloads for the same network and key, of the codes that the book begins with;
                they are taken over.
        """
        secret, bits = _secret(network, book.key), network.bits
        known = 0 if before is None else len(before.payloads)
        streams = b"".join(_stream(secret, code.tobytes(), bits) for code in book.codes[known:])
        payloads = np.frombuffer(streams, np.uint8).reshape(-1, -(-bits // 8))
        if before is not None:
            fresh = len(payloads) > 0
            payloads = np.concatenate([before.payloads, payloads]) if fresh else before.payloads
        return cls(network.id, bits, book, payloads)


def embedder(
    network: Network, key: WatermarkKey, code: bytes, psnr_db: float = PSNR_DB
) -> TransformMaker:
    """Give the transform that lets a network write a code's payload into a clip's pictures.

    The network is asked for every fourth picture and at cuts, and what it adds is kept for those
    between. It does the same for the same arguments and pictures, on the same machine.

    Args:
        network: See `networks.load`.
        key: An active key.
        code: The clip's code, 16 bytes.
        psnr_db: Least signal-to-noise ratio of luma that it may cost, 36 to 54; what the network
            adds is made weaker where it would cost more.

    Returns:
        A maker for `media.transcoding`. It raises PictureTooSmallForWatermark for pictures below
        96 pixels on a side; the transform raises NeuralWatermarkFailed.

    Raises:
        WatermarkKeyRetired: The key is not active.
        InvalidInput: The code does not have 16 bytes, or the ratio is out of its range.
    """
    key.check_active()
    check_ratio(psnr_db)
    bits = (payload_of(network, key, code) > 0).astype(np.float32)
    deviation = 255.0 / 10 ** (psnr_db / 20)

    def make(canvas: Canvas) -> Transform:
        check_size(canvas)
        return NeuralEmbedder(canvas, network, bits, deviation)

    return make


@dataclass(frozen=True, slots=True, eq=False)
class NeuralReading:
    """What a network reads from a clip.

    Attributes:
        network_id: Of the network.
        logits: (bits,) float32, the mean over frames; above 0 for 1.
        frames: How many frames were read.
    """

    network_id: str
    logits: NDArray[np.float32] = field(repr=False)
    frames: int


class Sampler:
    """Takes the frames that a network reads out of a stream that somebody else reads as well.

    They stand at even steps. Not thread-safe.

    Args:
        most: Most frames that are kept, at least 1.
    """

    def __init__(self, most: int = MAX_FRAMES) -> None:
        self._most = most
        self._kept: list[NDArray[np.uint8]] = []
        self._step = 1

    def through(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        """Yield all frames, and keep some; what is not asked for is not seen."""
        for place, frame in enumerate(frames):
            if place % self._step == 0:
                small = cv2.resize(frame.image, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
                self._kept.append(np.asarray(small, np.uint8))
                if len(self._kept) > self._most:
                    # Half of them go, so that those left are at even steps again.
                    self._kept, self._step = self._kept[::2], self._step * 2
            yield frame

    def read(self, network: Network) -> NeuralReading:
        """Read the frames that were kept; their logits are averaged.

        Raises:
            NoFrames: There is no frame.
            NeuralWatermarkFailed: The network fails.
        """
        if not self._kept:
            raise NoFrames("there is no picture to look for a watermark in")
        total = np.zeros(network.bits, np.float64)
        for start in range(0, len(self._kept), _BATCH):
            batch = np.stack(self._kept[start : start + _BATCH]).astype(np.float32)
            total += network.logits(batch / np.float32(255)).sum(axis=0, dtype=np.float64)
        count = len(self._kept)
        return NeuralReading(network.id, (total / count).astype(np.float32), count)


def read(network: Network, frames: Iterable[Frame], most: int = MAX_FRAMES) -> NeuralReading:
    """Read a clip, without any key: frames at even steps, their logits averaged.

    Args:
        network: See `networks.load`.
        frames: Of the clip, in order of time; see `pooling.frames_of`.
        most: Most frames that are read, at least 1.

    Raises:
        NoFrames: There is no frame.
        NeuralWatermarkFailed: The network fails.
    """
    sampler = Sampler(most)
    for _ in sampler.through(frames):
        pass
    return sampler.read(network)


@dataclass(frozen=True, slots=True)
class NeuralDetection:
    """The registered code whose payload fits best.

    Attributes:
        found: Whether `p_value` is at most the alarm level, and the key has not leaked. Whoever
            has the network can have put it there.
        network_id: Of the network.
        key_id: Of the key.
        key_state: What the key may be used for.
        code: The code, 16 bytes.
        p_value: Chance of such agreement with any of the tested payloads, corrected; 0 to 1.
        bits: How many bits agree.
        of_bits: Of how many.
        bits_p_value: The same chance by the plain count of bits, corrected.
        tests: How many pairs of key and code were tested.
    """

    found: bool
    network_id: str
    key_id: str
    key_state: KeyState
    code: bytes
    p_value: float
    bits: int
    of_bits: int
    bits_p_value: float
    tests: int


def identify(
    reading: NeuralReading, books: Sequence[PayloadBook], *, alarm: float = ALARM
) -> NeuralDetection | None:
    """Look a clip's reading up among the payloads of registered codes; thread-safe.

    Where the spread spectrum is asked as well, each has an alarm level of its own, and the chance
    that either errs is at most their sum.

    Args:
        reading: See `read`.
        books: The payloads of each key, for the same network.
        alarm: Corrected p-value up to which a watermark is found, above 0 and at most 0.01.

    Returns:
        The best match, found or not; None where there is no code to compare with.

    Raises:
        InvalidInput: A book is for another network, a key is named twice, or the alarm level is
            out of its range.
    """
    if not 0 < alarm <= 0.01:  # noqa: PLR2004 - see the docstring
        raise InvalidInput("alarm is above 0 and at most 0.01", field="alarm", limit=0.01)
    keys = [book.book.key.id for book in books]
    if len(set(keys)) != len(keys) or any(b.network_id != reading.network_id for b in books):
        raise InvalidInput("there must be one book a key, for the reading's network", field="books")
    tests = sum(len(book.payloads) for book in books)
    found = [_best(reading, book, tests, alarm) for book in books if len(book.payloads)]
    return min(found, key=lambda one: (not one.found, one.p_value), default=None)


def _best(reading: NeuralReading, book: PayloadBook, tests: int, alarm: float) -> NeuralDetection:
    weights = weights_of(reading.logits)
    signed = np.where(reading.logits < 0, -weights, weights).astype(np.float32)
    # Whole numbers below 2 ** 24: float32 adds them up exactly.
    scores = np.concatenate(
        [
            _signs(book.payloads[start : start + _ROWS], book.bits) @ signed
            for start in range(0, len(book.payloads), _ROWS)
        ]
    )
    row = int(scores.argmax())
    agreeing = _signs(book.payloads[row : row + 1], book.bits)[0] * reading.logits > 0
    bits = int(agreeing.sum())
    p_value = min(1.0, tests * weighted_tail(weights, int(scores[row])))
    key = book.book.key
    return NeuralDetection(
        found=p_value <= alarm and key.state is not KeyState.LEAKED,
        network_id=reading.network_id,
        key_id=key.id,
        key_state=key.state,
        code=book.book.codes[row].tobytes(),
        p_value=p_value,
        bits=bits,
        of_bits=book.bits,
        bits_p_value=min(1.0, tests * binomial_tail(bits, book.bits)),
        tests=tests,
    )


def _signs(packed: NDArray[np.uint8], bits: int) -> NDArray[np.float32]:
    return np.unpackbits(packed, axis=1)[:, :bits].astype(np.float32) * 2 - 1
