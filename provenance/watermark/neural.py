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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from media.cuts import CutDetector
from media.errors import InvalidInput
from media.frames import Frame
from media.planes import Canvas, Plane, Planes, Transform, TransformMaker
from media.refusals import NoFrames
from provenance.watermark.codes import CodeBook, check_code
from provenance.watermark.embedding import check_size
from provenance.watermark.identification import ALARM
from provenance.watermark.keys import KeyState, WatermarkKey
from provenance.watermark.networks import SIDE, Network
from provenance.watermark.significance import binomial_tail, weighted_tail, weights_of

PSNR_DB: Final = 42.0
"""Least signal-to-noise ratio of the luma of a picture, where nothing else is asked for."""

MAX_FRAMES: Final = 32
"""Most frames of a clip that are read."""

_STEP = 4
_BATCH = 8
_ROWS = 1 << 14
_CUT_SIZE = (64, 36)
_BEST_BITS = 8
_PSNR = (36.0, 54.0)
# Rec. ITU-R BT.601: the weights of R, G and B in luma, and the spans of Cb and Cr. Files that name
# another matrix are seen in slightly other colours; what is added to them is right all the same.
_WEIGHTS = np.array([0.299, 0.587, 0.114], np.float32)
_CB, _CR = np.float32(1.772), np.float32(1.402)


def payload_of(network: Network, key: WatermarkKey, code: bytes) -> NDArray[np.float32]:
    """Return the payload of a code, (bits,) float32 of -1 and 1; the same for the same arguments.

    Raises:
        InvalidInput: The code does not have 16 bytes.
    """
    check_code(code)
    packed = np.frombuffer(_stream(_secret(network, key), code, network.bits), np.uint8)
    return np.unpackbits(packed)[: network.bits].astype(np.float32) * 2 - 1


def _secret(network: Network, key: WatermarkKey) -> bytes:
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
    def of(cls, network: Network, book: CodeBook) -> PayloadBook:
        """Make the payloads of all codes of a book."""
        secret, bits = _secret(network, book.key), network.bits
        streams = b"".join(_stream(secret, code.tobytes(), bits) for code in book.codes)
        payloads = np.frombuffer(streams, np.uint8).reshape(len(book.codes), -(-bits // 8))
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
    low, high = _PSNR
    if not low <= psnr_db <= high:
        raise InvalidInput(
            f"psnr_db of a neural watermark goes from {low:g} to {high:g}",
            field="neural.psnr_db",
            limit=low if psnr_db < low else high,
            actual=psnr_db,
        )
    bits = (payload_of(network, key, code) > 0).astype(np.float32)
    deviation = 255.0 / 10 ** (psnr_db / 20)

    def make(canvas: Canvas) -> Transform:
        check_size(canvas)
        return NeuralEmbedder(canvas, network, bits, deviation)

    return make


class NeuralEmbedder:
    """Writes one payload into the pictures of one clip; a `Transform`. Not thread-safe."""

    def __init__(
        self, canvas: Canvas, network: Network, bits: NDArray[np.float32], deviation: float
    ) -> None:
        self._network = network
        self._bits = bits
        self._deviation = deviation
        self._quarters = round(canvas.rotation / 90) % 4
        self._top = (1 << canvas.bits) - 1
        self._level = 1.0 / (1 << (canvas.bits - _BEST_BITS))
        depth = 1 << (canvas.bits - _BEST_BITS)
        self._black = 0.0 if canvas.full_range else 16.0 * depth
        self._luma_span = float(self._top) if canvas.full_range else 219.0 * depth
        self._chroma_span = float(self._top) if canvas.full_range else 224.0 * depth
        self._grey = 128.0 * depth
        self._cuts = CutDetector()
        self._count = 0
        self._added: tuple[NDArray[np.float32], ...] = ()

    def __call__(self, planes: Planes) -> None:
        """Add the mark to one picture."""
        if self._is_cut(planes.luma) or self._count == _STEP:
            self._count = 0
        if self._count == 0:
            self._added = self._asked(planes)
        self._count += 1
        for plane, added in zip((planes.luma, *planes.chroma), self._added, strict=True):
            self._put(plane, added)

    def _asked(self, planes: Planes) -> tuple[NDArray[np.float32], ...]:
        """What the network adds to Y, Cb and Cr, (256, 256) each, in the samples' own levels."""
        y = (_small(planes.luma) - np.float32(self._black)) / np.float32(self._luma_span)
        cb, cr = (
            (_small(plane) - np.float32(self._grey)) / np.float32(self._chroma_span)
            for plane in planes.chroma
        )
        red, blue = y + _CR * cr, y + _CB * cb
        green = (y - _WEIGHTS[0] * red - _WEIGHTS[2] * blue) / _WEIGHTS[1]
        rgb = np.clip(np.stack([red, green, blue], axis=-1), 0, 1)
        upright = np.ascontiguousarray(np.rot90(rgb, -self._quarters))
        marked = self._network.marked(upright, self._bits)
        added = np.rot90(marked - upright, self._quarters)
        luma = added @ _WEIGHTS
        chroma = ((added[..., 2] - luma) / _CB, (added[..., 0] - luma) / _CR)
        spread = float(np.sqrt(np.mean(luma * luma))) * self._luma_span * self._level
        weaker = min(1.0, self._deviation / max(spread, 1e-6))
        return (
            luma * np.float32(weaker * self._luma_span),
            *(each * np.float32(weaker * self._chroma_span) for each in chroma),
        )

    def _put(self, plane: Plane, added: NDArray[np.float32]) -> None:
        height, width = plane.shape
        grown = cv2.resize(
            np.ascontiguousarray(added), (width, height), interpolation=cv2.INTER_LINEAR
        )
        depth = cv2.CV_8U if plane.dtype == np.uint8 else cv2.CV_16U
        np.minimum(cv2.add(plane, grown, dtype=depth), self._top, out=plane, casting="unsafe")

    def _is_cut(self, luma: Plane) -> bool:
        small = cv2.resize(luma[::2, ::2], _CUT_SIZE, interpolation=cv2.INTER_AREA)
        return self._cuts.is_cut(small.astype(np.float32) * np.float32(self._level))


def _small(plane: Plane) -> NDArray[np.float32]:
    scaled = cv2.resize(plane.astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(scaled, np.float32)


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
    kept: list[NDArray[np.uint8]] = []
    step = 1
    for place, frame in enumerate(frames):
        if place % step:
            continue
        small = cv2.resize(frame.image, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        kept.append(np.asarray(small, np.uint8))
        if len(kept) > most:
            # Half of them go, so that those left are at even steps again.
            kept, step = kept[::2], step * 2
    if not kept:
        raise NoFrames("there is no picture to look for a watermark in")
    total = np.zeros(network.bits, np.float64)
    for start in range(0, len(kept), _BATCH):
        batch = np.stack(kept[start : start + _BATCH]).astype(np.float32) / np.float32(255)
        total += network.logits(batch).sum(axis=0, dtype=np.float64)
    return NeuralReading(network.id, (total / len(kept)).astype(np.float32), len(kept))


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
