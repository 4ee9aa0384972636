"""Neural watermarks of others, loaded from files that the operator brings.

A card in TOML beside the files says what they are:

    kind = "videoseal"             # TorchScript with the methods embed and detect
    bits = 256
    file = "y_256b_img.jit"
    sha256 = "64 hex digits"

    kind = "trustmark"             # two files, ONNX or TorchScript: an encoder and a decoder
    bits = 100
    file = "encoder_Q.onnx"
    sha256 = "64 hex digits"
    decoder = "decoder_Q.onnx"
    decoder_sha256 = "64 hex digits"

Nothing is downloaded, and Framegate ships no such weights. The bytes that were checked are those
that are loaded. A TorchScript file is a program, if one without files or network: bring it from
where it is published.
"""

from __future__ import annotations

import hashlib
import io
import tomllib
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from media.errors import FramegateError
from models.errors import ModelDigestMismatch, ModelUnavailable

SIDE: Final = 256
"""Width and height of the pictures that the networks see, in pixels."""

_MAX_CARD_BYTES = 16_384
_MAX_BITS = 1024

_Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
_Name = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$")]


class NeuralWatermarkUnusable(FramegateError):
    """The card or the files of a neural watermark are not what they must be."""

    code = "FAILED_PRECONDITION"
    reason = "NEURAL_WATERMARK_UNUSABLE"


class NeuralWatermarkFailed(FramegateError):
    """A network of a neural watermark gave something else than what it must give."""

    code = "INTERNAL"
    reason = "NEURAL_WATERMARK_FAILED"


class Identity(Protocol):
    """All of a network that payloads depend on."""

    @property
    def id(self) -> str:
        """Kind, bits and the beginning of the files' digest; another file has another id."""

    @property
    def bits(self) -> int:
        """Length of the payload."""


@dataclass(frozen=True, slots=True)
class Named:
    """The identity of a network that is not loaded here.

    Attributes:
        id: See `Identity`.
        bits: Likewise.
    """

    id: str
    bits: int


class Network(Identity, Protocol):
    """A pair of networks: one writes bits into a picture, one reads them. Not thread-safe."""

    def marked(
        self, picture: NDArray[np.float32], payload: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Write a payload into a picture.

        Args:
            picture: (256, 256, 3) RGB, 0 to 1.
            payload: (bits,), 0 or 1 each.

        Returns:
            The marked picture, shaped as the picture, float32, 0 to 1.

        Raises:
            NeuralWatermarkFailed: The network fails, or gives another shape or no numbers.
        """

    def logits(self, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
        """Read pictures.

        Args:
            pictures: (n, 256, 256, 3) RGB, 0 to 1.

        Returns:
            (n, bits): above 0 where a bit is more likely 1.

        Raises:
            NeuralWatermarkFailed: See `marked`.
        """


class _Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: Literal["videoseal", "trustmark"]
    bits: Annotated[int, msgspec.Meta(ge=16, le=_MAX_BITS)]
    file: _Name
    sha256: _Digest
    decoder: _Name | None = None
    decoder_sha256: _Digest | None = None


def load(card: Path) -> Network:
    """Load the networks that a card names; the files lie beside it.

    Args:
        card: See above.

    Raises:
        NeuralWatermarkUnusable: It is no such card, or a file is no such network.
        ModelUnavailable: A file is not there.
        ModelDigestMismatch: A file is another one than the card says.
    """
    said = _read(card)
    files = _files(card, said)
    if said.kind == "videoseal":
        return VideoSeal(_id(said), said.bits, _methods(files[0], said.file))
    encoder = _function(files[0], said.file)
    return TrustMark(_id(said), said.bits, encoder, _function(files[1], said.decoder or ""))


def check(card: Path) -> str:
    """Hold the files that a card names against it, and load none of them.

    Args:
        card: See above.

    Returns:
        The id that the network will have.

    Raises:
        NeuralWatermarkUnusable: It is no such card.
        ModelUnavailable: A file is not there.
        ModelDigestMismatch: A file is another one than the card says.
    """
    said = _read(card)
    _files(card, said)
    return _id(said)


def _files(card: Path, said: _Card) -> list[bytes]:
    """The bytes that were checked: one file, or the encoder's and the decoder's."""
    first = _checked(card.parent / said.file, said.sha256)
    if said.kind == "videoseal":
        if said.decoder is not None or said.decoder_sha256 is not None:
            raise NeuralWatermarkUnusable("a videoseal card names one file", field="decoder")
        return [first]
    if said.decoder is None or said.decoder_sha256 is None:
        raise NeuralWatermarkUnusable("a trustmark card names a decoder", field="decoder")
    return [first, _checked(card.parent / said.decoder, said.decoder_sha256)]


def _read(card: Path) -> _Card:
    try:
        with card.open("rb") as stream:
            data = stream.read(_MAX_CARD_BYTES + 1)
        if len(data) > _MAX_CARD_BYTES:
            raise NeuralWatermarkUnusable(
                f"the card {card.name} of a network is too large",
                field=card.name,
                limit=_MAX_CARD_BYTES,
            )
        return msgspec.convert(tomllib.loads(data.decode("utf-8")), _Card)
    except OSError as error:
        raise NeuralWatermarkUnusable(
            f"the card {card.name} of a network cannot be read", field=card.name
        ) from error
    except (ValueError, msgspec.ValidationError) as error:
        raise NeuralWatermarkUnusable(
            f"the card {card.name} of a network does not say what it must: {error}", field=card.name
        ) from error


def _id(card: _Card) -> str:
    digest = card.sha256
    if card.kind == "trustmark":
        digest = hashlib.sha256(f"{card.sha256} {card.decoder_sha256}".encode()).hexdigest()
    return f"{card.kind}-{card.bits}-{digest[:12]}"


def _checked(path: Path, sha256: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelUnavailable(
            f"the file {path.name} of a network is not there", field=path.name
        ) from error
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise ModelDigestMismatch(
            f"the file {path.name} of a network is another one than its card says",
            field=path.name,
            actual=found,
        )
    return data


def _script(data: bytes, name: str) -> Any:  # noqa: ANN401 - TorchScript's modules have no type
    import torch  # noqa: PLC0415 - heavy, and seldom needed

    try:
        with warnings.catch_warnings():
            # TorchScript is on its way out of torch; the published files are in it.
            warnings.simplefilter("ignore", DeprecationWarning)
            return torch.jit.load(io.BytesIO(data), map_location="cpu").eval()  # type: ignore[no-untyped-call]
    except (RuntimeError, ValueError) as error:
        raise NeuralWatermarkUnusable("the file is not in TorchScript", field=name) from error


def _methods(data: bytes, name: str) -> Any:  # noqa: ANN401
    module = _script(data, name)
    for method in ("embed", "detect"):
        if not hasattr(module, method):
            raise NeuralWatermarkUnusable(f"the network has no method {method}", field=name)
    return module


class _Function(Protocol):
    """A network as a function of arrays; gives its first result."""

    def __call__(self, *given: NDArray[np.float32]) -> NDArray[Any]:
        """Run it."""


@dataclass(frozen=True, slots=True)
class _Scripted:
    """A function or method in TorchScript."""

    called: Any

    def __call__(self, *given: NDArray[np.float32]) -> NDArray[Any]:
        import torch  # noqa: PLC0415

        try:
            with torch.inference_mode():
                made = self.called(*(torch.from_numpy(each) for each in given))
        except (RuntimeError, TypeError) as error:
            # The message of a network is many lines of somebody's program.
            raise NeuralWatermarkFailed("the network failed") from error
        first = made[0] if isinstance(made, tuple | list) else made
        if not isinstance(first, torch.Tensor):
            raise NeuralWatermarkFailed("the network gives no tensor")
        return np.asarray(first.numpy())


@dataclass(frozen=True, slots=True)
class _Onnx:
    """A model in ONNX; its inputs are told apart by how many axes they have."""

    session: Any

    def __call__(self, *given: NDArray[np.float32]) -> NDArray[Any]:
        by_rank = {each.ndim: each for each in given}
        try:
            feed = {each.name: by_rank[len(each.shape)] for each in self.session.get_inputs()}
            return np.asarray(self.session.run(None, feed)[0])
        # What ONNX Runtime raises has no common class but this one.
        except Exception as error:
            raise NeuralWatermarkFailed("the network failed") from error


def _function(data: bytes, name: str) -> _Function:
    if not name.endswith(".onnx"):
        return _Scripted(_script(data, name))
    import onnxruntime  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        return _Onnx(onnxruntime.InferenceSession(data, options, ["CPUExecutionProvider"]))
    except Exception as error:
        raise NeuralWatermarkUnusable("the file is no ONNX model", field=name) from error


def _planar(pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.ascontiguousarray(pictures.transpose(0, 3, 1, 2), np.float32)


def _sound(made: NDArray[Any], shape: tuple[int, ...], what: str) -> NDArray[np.float32]:
    """Refuse what has another shape or is no number."""
    if made.shape != shape or not np.isfinite(made).all():
        raise NeuralWatermarkFailed(
            f"the network's {what} has another shape, or is no number",
            limit=str(shape),
            actual=str(made.shape),
        )
    return made.astype(np.float32)


class VideoSeal:
    """VideoSeal (Fernandez et al., arXiv 2412.09492) as its authors publish it in TorchScript.

    `embed(pictures, bits)` gives pictures, `detect(pictures)` a score of presence and then the
    bits; pictures are (n, 3, h, w) RGB, 0 to 1.
    """

    def __init__(self, network_id: str, bits: int, module: Any) -> None:  # noqa: ANN401
        self.id = network_id
        self.bits = bits
        self._embed = _Scripted(module.embed)
        self._detect = _Scripted(module.detect)

    def marked(
        self, picture: NDArray[np.float32], payload: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """See `Network`."""
        given = _planar(picture[None])
        made = _sound(self._embed(given, payload[None]), given.shape, "picture")
        return np.asarray(np.clip(made[0].transpose(1, 2, 0), 0, 1), np.float32)

    def logits(self, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `Network`."""
        shape = (len(pictures), self.bits + 1)
        return _sound(self._detect(_planar(pictures)), shape, "reading")[:, 1:]


class TrustMark:
    """TrustMark (Bui et al., arXiv 2311.18297): an encoder and a decoder, without its BCH code.

    The encoder takes a picture, (1, 3, 256, 256) RGB from -1 to 1, and (1, bits), and gives the
    marked picture; the decoder takes pictures and gives (n, bits). Variants whose decoder sees
    another size (P: 224) are refused by the networks themselves.
    """

    def __init__(self, network_id: str, bits: int, encoder: _Function, decoder: _Function) -> None:
        self.id = network_id
        self.bits = bits
        self._encoder = encoder
        self._decoder = decoder

    def marked(
        self, picture: NDArray[np.float32], payload: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """See `Network`."""
        given = _planar(picture[None]) * 2 - 1
        made = _sound(self._encoder(given, payload[None]), given.shape, "picture")
        return np.asarray(np.clip(made[0].transpose(1, 2, 0) / 2 + 0.5, 0, 1), np.float32)

    def logits(self, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `Network`."""
        shape = (1, self.bits)
        rows = [_sound(self._decoder(each[None]), shape, "reading") for each in
                _planar(pictures) * 2 - 1]  # fmt: skip
        return np.concatenate(rows)
