"""What the benchmarks do to clips: codecs, crops, scales, tones, other rates.

    python -m benchmarks.reposting CLIP FOLDER

writes the clip once for each attack, to be looked at.
"""

from __future__ import annotations

import argparse
from fractions import Fraction
from pathlib import Path

from provenance.watermark.training.reposting import (
    Attack,
    Rgb,
    cropped,
    mirrored,
    resized,
    rotated,
    scaled,
    toned,
    x264,
)


def reposted(rgb: Rgb) -> Rgb:
    """What a platform does: 5 % cut off, 480 lines."""
    part = cropped(0.95)(rgb)
    share = min(1.0, 480 / min(part.shape[:2]))
    return resized(part, part.shape[1] * share, part.shape[0] * share)


ATTACKS = {
    "none": Attack(options=x264(18)),
    "x264 crf 28": Attack(),
    "x264 crf 33": Attack(options=x264(33)),
    "x264 crf 40": Attack(options=x264(40)),
    "x265 crf 33": Attack("libx265", x264(33) | {"x265-params": "log-level=none"}),
    "VP9 crf 40": Attack("libvpx-vp9", {"crf": "40", "b": "0", "cpu-used": "5"}),
    "AV1 crf 45": Attack("libsvtav1", {"crf": "45", "preset": "10"}),
    "scaled to 0.71 of the side": Attack(change=scaled(0.71)),
    "scaled to 0.55 of the side": Attack(change=scaled(0.55)),
    "trimmed to 1 s": Attack(first_s=0.7, seconds=1.0),
    "15 pictures a second": Attack(rate=Fraction(15)),
    "24 pictures a second": Attack(rate=Fraction(24)),
    "brightness 0.5": Attack(change=toned(0.5, 0)),
    "brightness 1.5": Attack(change=toned(1.5, 0)),
    "contrast 0.5": Attack(change=toned(0.5, 128)),
    "contrast 1.5": Attack(change=toned(1.5, 128)),
    "cropped to 0.71 of the area": Attack(change=cropped(0.71)),
    "cropped to 0.55 of the area": Attack(change=cropped(0.55)),
    "mirrored": Attack(change=mirrored),
    "rotated by 3 degrees": Attack(change=rotated(3)),
    "reposted twice (480p, crf 30, 5 % crop)": Attack(options=x264(30), change=reposted, times=2),
}  # fmt: skip
LIGHT = ("none", "x264 crf 28", "x264 crf 33", "scaled to 0.55 of the side", "mirrored")


def main() -> None:
    """Writes a clip in all forms."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for index, (name, attack) in enumerate(ATTACKS.items()):
        target = options.folder / f"{index:02d}.mp4"
        attack.run(options.clip, target)
        print(f"{target.name}: {name}, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
