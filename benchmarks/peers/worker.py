"""Runs the other packages, in an interpreter of their own; it imports nothing of Framegate.

    PEERS-PYTHON benchmarks/peers/worker.py

A request is a line of JSON, then the bytes of the pictures it names; so is an answer. The packages
are called by their public functions, as they ship: no setting is tuned. What they print goes to
stderr. The process keeps to one core.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

Bgr = NDArray[np.uint8]
BITS = 32


class InvisibleWatermark:
    """invisible-watermark: one of its methods. One picture at a time, no key."""

    def __init__(self, method: str) -> None:
        self._method = method
        self._package: Any = importlib.import_module("imwatermark")
        if method == "rivaGan":
            self._package.WatermarkEncoder.loadModel()

    def embed(self, picture: Bgr, bits: list[int]) -> Bgr:
        """Mark a picture."""
        encoder = self._package.WatermarkEncoder()
        encoder.set_watermark("bits", bits)
        return np.asarray(encoder.encode(picture, self._method), np.uint8)

    def read(self, picture: Bgr) -> list[int]:
        """Read a picture's bits."""
        decoder = self._package.WatermarkDecoder("bits", BITS)
        return [int(bit) for bit in decoder.decode(picture, self._method)]


class BlindWatermark:
    """blind-watermark: two passwords, and the sizes of the picture and of the payload."""

    def __init__(self) -> None:
        self._package: Any = importlib.import_module("blind_watermark")

    def embed(self, picture: Bgr, bits: list[int]) -> Bgr:
        """Mark a picture."""
        marker = self._package.WaterMark(password_wm=1, password_img=1)
        marker.read_img(img=picture)
        marker.read_wm(bits, mode="bit")
        return np.asarray(np.clip(np.rint(marker.embed()), 0, 255), np.uint8)

    def read(self, picture: Bgr) -> list[int]:
        """Read a picture's bits."""
        marker = self._package.WaterMark(password_wm=1, password_img=1)
        found = marker.extract(embed_img=picture, wm_shape=BITS, mode="bit")
        return [int(bit > 0.5) for bit in found]


def video_hash(path: str) -> tuple[list[int], int]:
    """The hash of videohash, and the distance up to which it calls two clips similar."""
    package: Any = importlib.import_module("videohash")
    made = package.VideoHash(path=path)
    made.delete_storage_path()
    similar = -(-made.similar_percentage * made.bits_in_hash // 100)
    return [int(bit) for bit in made.bitlist], similar


def with_ffmpeg() -> None:
    """Put the ffmpeg of the wheel imageio-ffmpeg on the path, where there is no other."""
    try:
        program = importlib.import_module("imageio_ffmpeg").get_ffmpeg_exe()
    except ImportError:
        return
    folder = tempfile.mkdtemp(prefix="peers-ffmpeg-")
    Path(folder, "ffmpeg").symlink_to(program)
    os.environ["PATH"] = f"{os.environ.get('PATH', '')}{os.pathsep}{folder}"


MARKS: dict[str, tuple[str, Callable[[], Any]]] = {
    "dwtDct": ("invisible-watermark", lambda: InvisibleWatermark("dwtDct")),
    "dwtDctSvd": ("invisible-watermark", lambda: InvisibleWatermark("dwtDctSvd")),
    "rivaGan": ("invisible-watermark", lambda: InvisibleWatermark("rivaGan")),
    "blind-watermark": ("blind-watermark", BlindWatermark),
}
HASHES = {"videohash": "videohash"}


class Worker:
    """Answers requests until there is none."""

    def __init__(self, requests: IO[bytes], answers: IO[bytes]) -> None:
        self._requests = requests
        self._answers = answers
        self._marks: dict[str, Any] = {}

    def run(self) -> None:
        """Answer until the requests end."""
        while line := self._requests.readline():
            request = json.loads(line)
            pictures = self._pictures(request.get("shape", []))
            try:
                said, made = self._answer(request, pictures)
            except Exception as error:  # noqa: BLE001 - whatever a package raises is an answer
                said, made = {"error": f"{type(error).__name__}: {error}"[:300]}, []
            said["shape"] = [len(made), *made[0].shape] if made else []
            self._answers.write(json.dumps(said).encode() + b"\n")
            self._answers.writelines(np.ascontiguousarray(each).tobytes() for each in made)
            self._answers.flush()

    def _pictures(self, shape: list[int]) -> list[Bgr]:
        if not shape:
            return []
        data = self._requests.read(int(np.prod(shape)))
        return list(np.frombuffer(data, np.uint8).reshape(shape))

    def _answer(
        self, request: dict[str, Any], given: list[Bgr]
    ) -> tuple[dict[str, Any], list[Bgr]]:
        if request["do"] == "versions":
            return self._versions(), []
        made: list[Bgr] = []
        said: dict[str, Any] = {}
        if request["do"] == "hash":
            said["bits"], said["similar"] = video_hash(request["path"])
            return said, []
        marker = self._marks.setdefault(request["method"], MARKS[request["method"]][1]())
        start = time.process_time()
        if request["do"] == "embed":
            made = [marker.embed(picture, request["bits"]) for picture in given]
        else:
            said["bits"] = [marker.read(picture) for picture in given]
        said["cpu_ms"] = (time.process_time() - start) * 1000 / len(given)
        return said, made

    def _versions(self) -> dict[str, Any]:
        found: dict[str, str] = {}
        for name, (package, make) in MARKS.items():
            try:
                self._marks[name] = make()
                found[name] = importlib.metadata.version(package)
            except Exception as error:  # noqa: BLE001 - it cannot be used, whatever it is
                print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
        for name, package in HASHES.items():
            try:
                importlib.import_module(name)
                found[name] = importlib.metadata.version(package)
            except Exception as error:  # noqa: BLE001
                print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
        return {"versions": found}


def main() -> None:
    """Serve on the standard streams, on one core."""
    answers = os.fdopen(os.dup(1), "wb")
    # Packages print: that must not get between the answers.
    os.dup2(2, 1)
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with_ffmpeg()
    Worker(sys.stdin.buffer, answers).run()


if __name__ == "__main__":
    main()
