"""The other packages as this side sees them: a process that is asked over its standard streams."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

_WORKER = Path(__file__).with_name("worker.py")
_ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONWARNINGS": "ignore",
}


class PeerFailed(Exception):
    """A package could not do what it was asked for."""


class Peers:
    """The packages of one interpreter. Not thread-safe.

    Args:
        python: The interpreter that they are installed for; where there is none, nothing is
            installed.
        log: Where what they print goes.

    Attributes:
        versions: Version of each method's package; a method that is not there is not installed.
    """

    def __init__(self, python: Path, log: Path) -> None:
        self.versions: dict[str, str] = {}
        self._process: subprocess.Popen[bytes] | None = None
        if python.is_file():
            with log.open("ab") as stream:
                self._process = subprocess.Popen(
                    [str(python), str(_WORKER)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=stream,
                    env=os.environ | _ONE_THREAD,
                )
            self.versions = self._ask({"do": "versions"})[0]["versions"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            # It ends where its requests do.
            self._process.communicate()

    def embed(
        self, method: str, pictures: Sequence[Picture], bits: Sequence[int]
    ) -> tuple[list[Picture], float]:
        """Mark RGB pictures of one size; with the CPU time of one in milliseconds.

        Raises:
            PeerFailed: The package raised, or its process is gone.
        """
        request = {"do": "embed", "method": method, "bits": list(bits)}
        said, made = self._ask(request, pictures)
        return made, float(said["cpu_ms"])

    def read(self, method: str, pictures: Sequence[Picture]) -> tuple[NDArray[np.uint8], float]:
        """Read RGB pictures: (n, 32) bits, and the CPU time of one picture in milliseconds.

        Raises:
            PeerFailed: See `embed`.
        """
        said, _ = self._ask({"do": "read", "method": method}, pictures)
        return np.array(said["bits"], np.uint8), float(said["cpu_ms"])

    def hashed(self, path: Path) -> tuple[NDArray[np.uint8], int]:
        """Hash a whole clip: its bits, and the distance up to which clips are called similar.

        Raises:
            PeerFailed: See `embed`.
        """
        said, _ = self._ask({"do": "hash", "path": str(path)})
        return np.array(said["bits"], np.uint8), int(said["similar"])

    def _ask(
        self, request: dict[str, Any], pictures: Sequence[Picture] = ()
    ) -> tuple[dict[str, Any], list[Picture]]:
        if self._process is None:
            raise PeerFailed("not installed")
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None and answers is not None  # noqa: S101, PT018 - asked for
        shape = [len(pictures), *pictures[0].shape] if pictures else []
        requests.write(json.dumps(request | {"shape": shape}).encode() + b"\n")
        for picture in pictures:
            requests.write(np.ascontiguousarray(picture[..., ::-1]).tobytes())
        requests.flush()
        line = answers.readline()
        if not line:
            raise PeerFailed("the packages' process is gone")
        said = json.loads(line)
        if "error" in said:
            raise PeerFailed(said["error"])
        made: list[Picture] = []
        if said["shape"]:
            data = answers.read(int(np.prod(said["shape"])))
            made = [
                each[..., ::-1] for each in np.frombuffer(data, np.uint8).reshape(said["shape"])
            ]
        return said, made
