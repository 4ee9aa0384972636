"""What happens to a design with time and to a picture on its way: wear, light, blur, codecs."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .backgrounds import Image, clouds, grain

#: Most of a design that wear may take away.
_MOST_HIDDEN = 0.22


def worn(over: Image, source: np.random.Generator) -> Image:
    """Rubs parts of a design off; `over` is (height, width, 4) uint8, premultiplied."""
    texture = clouds((over.shape[0], over.shape[1]), source, (9, 20, 45))
    share = float(source.uniform(0.05, _MOST_HIDDEN))
    # A sample stands for the whole: sorting all of it would cost more than the rest.
    level = float(np.quantile(texture[::4, ::4], share))
    keep = np.clip((texture - level) * 6 + 0.5, 0, 1)
    return np.asarray(over * keep[..., None], dtype=np.uint8)


def covered(
    picture: Image, centre: tuple[float, float], size: float, source: np.random.Generator
) -> None:
    """Draws a thing before the design, in place: a pole, a limb or a corner of something.

    Args:
        picture: (height, width, 3) uint8 RGB.
        centre: x and y of the design's middle, in pixels.
        size: Longer side of the design, in pixels.
        source: Where every chance is taken from.
    """
    colour = source.integers(0, 256, 3).tolist()
    angle = source.uniform(0, np.pi)
    way = np.array([np.cos(angle), np.sin(angle)])
    side = np.array([-way[1], way[0]])
    middle = np.array(centre) + side * source.uniform(-0.5, 0.5) * size
    if source.random() < 0.5:
        half = source.uniform(0.03, 0.12) * size
        corners = [middle + way * size * 2 + side * half, middle + way * size * 2 - side * half]
        corners += [middle - way * size * 2 - side * half, middle - way * size * 2 + side * half]
    else:
        # From beyond one edge inwards, so that most of the design stays in sight.
        edge = np.array(centre) + way * size * source.uniform(0.45, 0.55)
        corners = [edge - way * size * 0.2 + side * size * source.normal(0, 0.3)]
        corners += [edge + way * size + side * size * 0.8, edge + way * size - side * size * 0.8]
    cv2.fillPoly(picture, [np.asarray(np.rint(corners), dtype=np.int32)], colour, cv2.LINE_AA)


def seen(picture: NDArray[np.uint8], source: np.random.Generator) -> Image:
    """The picture as a camera, an editor and a codec would hand it on.

    Args:
        picture: (height, width, 3) uint8 RGB; not changed.
        source: Where every chance is taken from.

    Returns:
        (height, width, 3) uint8 RGB of the same size.
    """
    made: Image = picture
    chance = source.random(7)
    if chance[0] < 0.35:
        made = _lit(made, source)
    if chance[1] < 0.3:
        made = _toned(made, source)
    if chance[2] < 0.18:
        made = _moved(made, source)
    elif chance[2] < 0.38:
        soft = cv2.GaussianBlur(made, (0, 0), float(source.uniform(0.4, 1.6)))
        made = np.asarray(soft, dtype=np.uint8)
    if chance[3] < 0.3:
        made = _small(made, source)
    if chance[4] < 0.4:
        made = _noisy(made, source)
    if chance[5] < 0.6:
        made = _coded(made, int(source.integers(12, 90)))
    return np.asarray(made, dtype=np.uint8)


def _lit(picture: Image, source: np.random.Generator) -> Image:
    light = source.uniform(0.45, 1.25, (2, 2)).astype(np.float32)
    field = cv2.resize(light, picture.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(picture, cv2.merge([field] * 3), dtype=cv2.CV_8U))


def _toned(picture: Image, source: np.random.Generator) -> Image:
    """Another exposure, contrast and white balance, or no colour at all."""
    if source.random() < 0.3:
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        picture = np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
    levels = np.linspace(0, 1, 256)[:, None] ** source.uniform(0.6, 1.6)
    levels = (levels - 0.5) * source.uniform(0.6, 1.2) + 0.5
    table = np.clip(levels * source.uniform(0.85, 1.15, 3) * 255, 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(picture, table[None]), dtype=np.uint8)


def _moved(picture: Image, source: np.random.Generator) -> Image:
    length = int(source.integers(3, 12))
    kernel = np.zeros((length, length), np.float32)
    middle = (length - 1) / 2
    angle = source.uniform(0, np.pi)
    step = np.array([np.cos(angle), np.sin(angle)]) * middle
    ends = [np.rint(middle + sign * step).astype(int).tolist() for sign in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], 1.0)
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()), dtype=np.uint8)


def _small(picture: Image, source: np.random.Generator) -> Image:
    """Low resolution, scaled up again."""
    height, width = picture.shape[:2]
    share = float(source.uniform(0.35, 0.8))
    small = cv2.resize(
        picture, (int(width * share), int(height * share)), interpolation=cv2.INTER_AREA
    )
    if source.random() < 0.5:
        small = _coded(np.asarray(small, dtype=np.uint8), int(source.integers(15, 70)))
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _noisy(picture: Image, source: np.random.Generator) -> Image:
    strength = float(source.uniform(2, 16))
    shape = (picture.shape[0], picture.shape[1])
    if source.random() < 0.5:
        layers = [grain(shape, source)] * 3
    else:
        layers = [grain(shape, source) for _ in range(3)]
    noise = cv2.merge(layers)
    return np.asarray(cv2.addWeighted(picture, 1.0, noise, strength, 0.0, dtype=cv2.CV_8U))


def _coded(picture: Image, quality: int) -> Image:
    # JPEG keeps 8 x 8 blocks of halved colour, as the intra frames of video codecs do.
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), dtype=np.uint8)
