"""Taking sound along into an MP4: copied where MP4 carries its codec, else encoded as AAC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import av
from av.container import OutputContainer

IN_MP4: Final = frozenset({"aac", "mp3", "opus", "flac", "alac", "ac3"})
"""Sound codecs that are copied into an MP4 as they are; players know them there."""

_AAC_BITS = 192_000
_AAC_RATES: Final = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000)


def copied(stream: av.AudioStream) -> bool:
    """Tell whether a sound track can be copied into an MP4."""
    return codec_of(stream) in IN_MP4


def codec_of(stream: av.AudioStream) -> str:
    """Return FFmpeg's name of a sound track's codec; "" where FFmpeg does not know it."""
    context: Any = stream.codec_context
    return "" if context is None else str(context.codec.canonical_name)


def _layout(stream: av.AudioStream) -> str:
    """Name the speakers of a track; where the file only counts them, the usual ones."""
    layout = stream.codec_context.layout
    usual = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}
    return usual.get(layout.nb_channels, layout.name)


@dataclass(slots=True)
class SoundTrack:
    """One sound track on its way from one container into another.

    Attributes:
        source: The track that is read.
        written: The track that is written.
        copy: Whether packets are handed on as they are.
    """

    source: av.AudioStream
    written: av.AudioStream
    copy: bool

    @classmethod
    def of(cls, source: av.AudioStream, out: OutputContainer) -> SoundTrack:
        """Add a track to an output for one of an input."""
        copy = copied(source)
        if copy:
            written = out.add_stream_from_template(source, opaque=True)
        else:
            rate = source.codec_context.sample_rate
            near = min(_AAC_RATES, key=lambda known: abs(known - rate))
            written = out.add_stream("aac", rate=near, layout=_layout(source))
            written.codec_context.bit_rate = _AAC_BITS
        if source.language:
            written.metadata["language"] = source.language
        written.disposition = source.disposition
        return cls(source, written, copy)

    def take(self, packet: av.Packet[Any], out: OutputContainer) -> None:
        """Hand on one packet of the source."""
        if self.copy:
            if packet.dts is not None:
                packet.stream = self.written
                out.mux(packet)
            return
        for frame in self.source.codec_context.decode(packet):
            out.mux(self.written.encode(frame))

    def finish(self, out: OutputContainer) -> None:
        """Hand on what is left."""
        if not self.copy:
            for frame in self.source.codec_context.decode(None):
                out.mux(self.written.encode(frame))
            out.mux(self.written.encode(None))
