"""What a clip may cost before it is refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """Upper bounds, all inclusive, checked against headers, packets and decoded pictures alike.

    Attributes:
        max_bytes: Size of the file.
        max_duration_ms: Length of the longest track.
        max_width: Width of a picture in pixels.
        max_height: Height of a picture in pixels.
        max_pixels: Width times height (the default is DCI 4K, either way up).
        max_frames: Pictures in the clip (the default is ten minutes at 60 a second).
        max_packets: Packets of all tracks together.
    """

    max_bytes: int = 512 * 1024 * 1024
    max_duration_ms: int = 10 * 60 * 1000
    max_width: int = 4096
    max_height: int = 4096
    max_pixels: int = 4096 * 2304
    max_frames: int = 36_000
    max_packets: int = 400_000

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if getattr(self, name) < 1:
                msg = f"{name} must be at least 1"
                raise ValueError(msg)
