"""Small pictures of sources, drawn anew: pixels only.

No EXIF, no colour profile, no comment, no embedded preview of the source is taken over. What is
seen in the picture is still seen, smaller: who may publish a source's picture is for the caller.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from media import sampler
from media.probe import ClipInfo
from provenance.errors import SourceTooLarge, SourceUnreadable

LONG_SIDE: Final = 256
"""Most pixels on the long side of a thumbnail."""

_QUALITY = 70
_GREY = (128, 128, 128)
_FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/avif": "AVIF",
}

PICTURES: Final = frozenset(_FORMATS)
"""Media types of still pictures that can be read here."""


def of_picture(path: Path, media_type: str, *, max_pixels: int) -> bytes:
    """Decode a picture whole and draw a small one of it, upright.

    Args:
        path: The picture; of an animation, the first frame counts.
        media_type: One of `PICTURES`, by its bytes.
        max_pixels: Most pixels that it may have.

    Returns:
        A JPEG.

    Raises:
        SourceTooLarge: It has more pixels.
        SourceUnreadable: It is cut off or damaged.
    """
    with _named(max_pixels), Image.open(path, formats=[_FORMATS[media_type]]) as picture:
        pixels = picture.width * picture.height
        if pixels > max_pixels:
            raise SourceTooLarge(
                "a source has too many pixels", field="source", limit=max_pixels, actual=pixels
            )
        picture.draft("RGB", (LONG_SIDE, LONG_SIDE))
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((LONG_SIDE, LONG_SIDE))
        layered = upright.convert("RGBA")
    ground = Image.new("RGBA", layered.size, (*_GREY, 255))
    return _jpeg(np.asarray(Image.alpha_composite(ground, layered).convert("RGB")))


def of_clip(path: Path, info: ClipInfo) -> bytes:
    """Draw a small picture of a clip's first one, upright.

    Args:
        path: The clip that `info` was probed from.
        info: What was found out about it.

    Returns:
        A JPEG.

    Raises:
        ClipRefused: It cannot be decoded that far.
    """
    plan = sampler.plan(info)
    with contextlib.closing(sampler.sample(path, info, plan, short_side=LONG_SIDE)) as frames:
        first = next(frames)
    return _jpeg(first.image)


def _jpeg(image: NDArray[np.uint8]) -> bytes:
    """Encode RGB, shape (height, width, 3), with nothing beside the pixels."""
    small = Image.fromarray(image)
    small.thumbnail((LONG_SIDE, LONG_SIDE))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


@contextlib.contextmanager
def _named(max_pixels: int) -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            yield
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise SourceTooLarge(
                "a source has too many pixels", field="source", limit=max_pixels
            ) from error
        except (OSError, SyntaxError, ValueError, IndexError, EOFError) as error:
            raise SourceUnreadable("a source is cut off or damaged", field="source") from error
