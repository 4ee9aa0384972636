"""Are signed files of mixed kinds trusted by two verifiers that share no code?

    python -m benchmarks.trusting [--files 200]

Clips of several containers, codecs, sizes and lengths, with and without sound, fragmented or not,
are signed and read again: by the C2PA library with our root alone, and by `encypher-c2pa`, offline,
with the same root. Prints how many are trusted by each, by kind, with the 95 % interval of all.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import encypher_c2pa  # type: ignore[import-untyped]

from models.calibration import wilson_interval
from provenance.keys import credentials
from provenance.manifest import Release
from provenance.reading import C2paState, read
from provenance.signing import sign
from tests.clips import make_clip

_FRAGMENTED = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "MP4, H.264": (".mp4", {}),
    "MP4, H.264, header behind": (".mp4", {"faststart": False}),
    "MP4, fragmented": (".mp4", {"muxing": _FRAGMENTED}),
    "MP4, HEVC": (".mp4", {"codec": "libx265", "options": {"x265-params": "log-level=none"}}),
    "MP4, MPEG-4 part 2": (".mp4", {"codec": "mpeg4"}),
    "MOV": (".mov", {}),
    "AVI": (".avi", {"codec": "mpeg4"}),
    "GIF": (".gif", {"codec": "gif", "fps": 10}),
}
SIZES = ((64, 48), (320, 180), (180, 320), (640, 360))
PATTERNS = ("cuts", "noise")


def main() -> None:
    """Signs, reads and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=200)
    count = parser.parse_args().files
    made, library, other = Counter[str](), Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = credentials.init(folder / "keys", organization="Benchmark", now=datetime.now(UTC))
        for number in range(count):
            kind = list(KINDS)[number % len(KINDS)]
            suffix, options = KINDS[kind]
            turn = number // len(KINDS)
            source = make_clip(
                folder / f"{number}{suffix}",
                seconds=0.5 + 0.25 * (turn % 4),
                size=SIZES[turn % len(SIZES)],
                pattern=PATTERNS[turn % len(PATTERNS)],
                audio=turn % 2 == 1 and suffix != ".gif",
                **options,
            )
            target = folder / f"signed-{number}{suffix}"
            sign(source, target, Release(f"clip-{number}", "Benchmark", "1", number), ours)
            made[kind] += 1
            library[kind] += read(target, ours.anchors).state is C2paState.TRUSTED
            found = encypher_c2pa.verify(
                str(target),
                trust_pem=ours.anchors.own,
                no_default_trust=True,
                telemetry=False,
                online=False,
            )
            trusted = found["validation_state"] == "Trusted"
            other[kind] += trusted and found["validation_results"]["failure"] == []
    for kind, total in made.items():
        both = f"trusted by the library {library[kind]}, by encypher {other[kind]}"
        print(f"{kind}: {total} files, {both}")
    for verifier, hits in (("the library", library), ("encypher", other)):
        low, high = wilson_interval(hits.total(), count)
        print(f"trusted by {verifier}: {hits.total()} of {count} ({low:.3f} to {high:.3f})")


if __name__ == "__main__":
    main()
