"""What a viewer has must be what it was: times, sound, colours, orientation."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from media.errors import Cancelled
from media.planes import Canvas, Planes, Transform
from media.probe import probe
from media.refusals import ClipNotWhole
from media.transcoding import EncodingFailed, same_times, transcode
from tests.clips import make_clip, make_hostile, picture, real_clip, rotate
from tests.media.test_marking import marked
from tests.odd_makers import interlaced, sizes, small

RATE_HZ = 48_000


def untouched(_: Canvas) -> Transform:
    return lambda _: None


def again(source: Path) -> Path:
    """Encode a clip again with nothing drawn into it."""
    target = source.with_name(f"again-{source.name}.mp4")
    transcode(source, target, probe(source), [untouched])
    return target


def tone(count: int, click_at: int = -1) -> NDArray[np.float32]:
    wave = np.zeros(count, np.float32)
    if click_at >= 0:
        wave[click_at : click_at + 480] = 0.9
    return wave


def add_sounds(
    source: Path, path: Path, tracks: Sequence[tuple[str, str, NDArray[np.float32]]]
) -> Path:
    """Copy a clip's pictures and add sound tracks: encoder, language and samples of each."""
    with av.open(str(source)) as read, av.open(str(path), "w") as out:
        video = out.add_stream_from_template(read.streams.video[0])
        written = []
        for codec, language, _ in tracks:
            sound = out.add_stream(codec, rate=RATE_HZ, layout="mono")
            sound.metadata["language"] = language
            written.append(sound)
        for packet in read.demux(video=0):
            if packet.size:
                packet.stream = video
                out.mux(packet)
        for sound, (_, _, wave) in zip(written, tracks, strict=True):
            form = "s16" if sound.codec_context.name.startswith("pcm") else "fltp"
            for start in range(0, len(wave), 1024):
                part = wave[start : start + 1024].reshape(1, -1)
                samples = (part * 32767).astype(np.int16) if form == "s16" else part
                frame = av.AudioFrame.from_ndarray(samples, format=form, layout="mono")
                frame.rate, frame.pts, frame.time_base = RATE_HZ, start, Fraction(1, RATE_HZ)
                out.mux(sound.encode(frame))
            out.mux(sound.encode(None))
    return path


CLIPS: dict[str, Callable[[Path], Path]] = {
    "variable": lambda p: make_clip(p / "v.mp4", pts=[0, 30, 100, 500, 510, 900, 2100, 3500, 3501]),
    "bframes": lambda p: make_clip(p / "b.mp4", bframes=3, size=(64, 48)),
    "ntsc": lambda p: make_clip(
        p / "n.mp4", fps=30, pts=[index * 1001 // 30 for index in range(60)]
    ),
    "avi": lambda p: make_clip(p / "a.avi", codec="mpeg4", bframes=2, size=(64, 48)),
    "webm": lambda p: make_clip(p / "w.webm", codec="libvpx", size=(64, 48)),
    "gif": lambda p: make_clip(p / "g.gif", codec="gif", fps=10, size=(64, 48)),
    "mov": lambda p: make_clip(p / "m.mov", size=(64, 48)),
    "fragmented": lambda p: make_clip(
        p / "f.mp4", size=(64, 48), muxing={"movflags": "frag_keyframe+empty_moov"}
    ),
    "late": lambda p: make_clip(p / "l.mkv", pts=[500 + 40 * index for index in range(20)]),
    "hevc": lambda p: small(p / "h.mp4", "libx265"),
    "vp9": lambda p: small(p / "v.webm", "libvpx-vp9"),
    "mjpeg": lambda p: small(p / "j.avi", "mjpeg"),
    "single": lambda p: make_clip(p / "s.mp4", seconds=1 / 24),
}


@pytest.mark.parametrize("name", CLIPS)
def test_times_and_wholeness_are_kept(tmp_path: Path, name: str) -> None:
    source = CLIPS[name](tmp_path)
    before = probe(source)
    after = probe(again(source))
    assert same_times(before, after)
    assert abs(before.duration_ms - after.duration_ms) <= 1
    assert after.keyframe_gap_ms <= max(1000, 1000 + before.frame_gap_ms - 500)
    assert after.codec == "h264"


def test_keyframe_every_second(tmp_path: Path) -> None:
    for fps in (12, 24, 30, 60):
        clip = make_clip(tmp_path / f"{fps}.mp4", seconds=4, fps=fps, size=(64, 48), gop=1000)
        assert probe(clip).keyframe_gap_ms > 3000
        assert probe(again(clip)).keyframe_gap_ms <= 1000


@pytest.mark.parametrize("codec", ["aac", "libopus", "libmp3lame", "pcm_s16le"])
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_flash_and_click_stay_together(tmp_path: Path, codec: str, suffix: str) -> None:
    if (codec, suffix) == ("pcm_s16le", ".mp4"):
        suffix = ".mov"
    fps, flash = 24, 30
    plain = make_clip(tmp_path / "p.mp4", fps=fps, size=(64, 48), pictures=_flash(48, flash))
    wave = tone(2 * RATE_HZ, click_at=flash * RATE_HZ // fps)
    source = add_sounds(plain, tmp_path / f"s{suffix}", [(codec, "eng", wave)])
    target, _ = marked(source)
    for path in (source, target):
        assert abs(_flash_s(path) - _click_s(path)) <= 1 / fps


def _flash(count: int, at: int) -> list[NDArray[np.uint8]]:
    return [np.full((48, 64, 3), 255 if index == at else 20, np.uint8) for index in range(count)]


def _flash_s(path: Path) -> float:
    with av.open(str(path)) as clip:
        shown = [
            (frame.time, frame.to_ndarray(format="gray").mean()) for frame in clip.decode(video=0)
        ]
    time = max(shown, key=lambda pair: pair[1])[0]
    assert time is not None
    return time


def _click_s(path: Path) -> float:
    with av.open(str(path)) as clip:
        for frame in clip.decode(audio=0):
            samples = np.abs(frame.to_ndarray().astype(np.float64))
            if samples.dtype.kind == "f" and samples.max() > 2:
                samples /= 32768
            loud = np.flatnonzero(samples.max(axis=0) > 0.3)
            if len(loud):
                assert frame.time is not None
                return frame.time + float(loud[0]) / RATE_HZ
    raise AssertionError("no click")


def test_sound_is_copied_bit_by_bit_with_its_languages(tmp_path: Path) -> None:
    plain = make_clip(tmp_path / "p.mp4", size=(64, 48), title="A person's name")
    wave = tone(2 * RATE_HZ, 9000)
    tracks = [("aac", "eng", wave), ("libopus", "deu", wave), ("aac", "fra", wave)]
    source = add_sounds(plain, tmp_path / "s.mp4", tracks)
    target = again(source)

    def sounds(path: Path) -> list[tuple[str | None, list[tuple[float, bytes]]]]:
        with av.open(str(path)) as clip:
            assert "title" not in clip.metadata or path == source
            found = []
            for stream in clip.streams.audio:
                assert stream.time_base is not None
                packets = [
                    (float((packet.pts or 0) * stream.time_base), bytes(packet))
                    for packet in clip.demux(stream)
                    if packet.size
                ]
                found.append((stream.language, packets))
                clip.seek(0)
        return found

    before, after = sounds(source), sounds(target)
    assert [language for language, _ in after] == ["eng", "deu", "fra"]
    for (_, ours), (_, theirs) in zip(before, after, strict=True):
        assert [data for _, data in ours] == [data for _, data in theirs]
        assert np.abs(np.array([at for at, _ in ours]) - [at for at, _ in theirs]).max() < 0.001


def test_silent_clip_stays_silent(tmp_path: Path) -> None:
    assert not probe(again(make_clip(tmp_path / "p.mp4", size=(64, 48)))).has_audio


def test_pictures_outside_the_mark_are_kept(tmp_path: Path) -> None:
    with av.open(str(real_clip("bikes.mp4"))) as clip:
        frames = [frame.to_ndarray(format="rgb24") for frame in islice(clip.decode(video=0), 12)]
    source = make_clip(tmp_path / "p.mp4", pictures=frames, options={"crf": "12"})
    target, stamp = marked(source)
    worst = 100.0
    for before, after in zip(_lumas(source), _lumas(target), strict=True):
        left, top, right, bottom = stamp.box(0)
        error = (before.astype(np.float64) - after) ** 2
        error[top - 8 : bottom + 8, left - 8 : right + 8] = 0
        worst = min(worst, 10 * np.log10(255**2 / max(error.mean(), 1e-9)))
    assert worst >= 40


def _lumas(path: Path) -> list[NDArray[np.uint8]]:
    with av.open(str(path)) as clip:
        return [_luma(frame) for frame in clip.decode(video=0)]


def _luma(frame: av.VideoFrame) -> NDArray[np.uint8]:
    plane = frame.planes[0]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    return rows[:, : plane.width].copy()


@pytest.mark.parametrize(
    ("pix_fmt", "codec", "kept"),
    [
        ("yuv420p", "libx264", "yuv420p"),
        ("yuvj420p", "libx264", "yuvj420p"),
        ("yuv422p", "libx264", "yuv422p"),
        ("yuv444p", "libx264", "yuv444p"),
        ("yuv420p10le", "libx265", "yuv420p10le"),
        ("yuv422p10le", "libx265", "yuv422p10le"),
        ("yuv420p12le", "libx265", "yuv420p12le"),
        ("gray", "libx264", "yuv420p"),
    ],
)
def test_depth_chroma_and_range_are_kept(
    tmp_path: Path, pix_fmt: str, codec: str, kept: str
) -> None:
    source = small(tmp_path / "s.mp4", codec, pix_fmt)
    target, _ = marked(source)
    with av.open(str(target)) as clip:
        frame = next(clip.decode(video=0))
        assert frame.format.name == kept


@pytest.mark.parametrize(
    "colours", [(1, 1, 1, 1), (9, 16, 9, 1), (9, 18, 9, 1), (5, 6, 5, 1), (1, 13, 1, 2)]
)
def test_colour_labels_are_kept(tmp_path: Path, colours: tuple[int, int, int, int]) -> None:
    primaries, transfer, matrix, full = colours
    names = {1: "bt709", 5: "bt470bg", 6: "smpte170m", 9: "bt2020", 13: "iec61966-2-1"}
    names |= {16: "smpte2084", 18: "arib-std-b67"}
    matrix_name = {1: "bt709", 5: "bt470bg", 9: "bt2020nc"}[matrix]
    params = (
        f"colorprim={names[primaries]}:transfer={names[transfer]}:colormatrix={matrix_name}"
        f":fullrange={'on' if full == 2 else 'off'}"
    )
    source = make_clip(
        tmp_path / "s.mp4", seconds=0.5, size=(64, 48), options={"x264-params": params}
    )
    labels = []
    for path in (source, again(source)):
        with av.open(str(path)) as clip:
            frame = next(clip.decode(video=0))
            labels.append(
                tuple(
                    int(value)
                    for value in (
                        frame.color_primaries,
                        frame.color_trc,
                        frame.colorspace,
                        frame.color_range,
                    )
                )
            )
    assert labels[0] == labels[1] == (primaries, transfer, matrix, full)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_rotation_is_kept(tmp_path: Path, degrees: int) -> None:
    plain = make_clip(tmp_path / "p.mp4", seconds=0.5, pattern="corners", size=(64, 48))
    source = rotate(plain, tmp_path / "r.mp4", degrees)
    assert probe(again(source)).rotation == probe(source).rotation == degrees


def test_pixel_aspect_is_kept(tmp_path: Path) -> None:
    source = tmp_path / "s.mp4"
    with av.open(str(source), "w") as out:
        stream = out.add_stream("libx264", rate=12)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(16, 11)
        for index in range(6):
            frame = av.VideoFrame.from_ndarray(picture(index, (64, 48)), format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, 12)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    with av.open(str(again(source))) as clip:
        assert clip.streams.video[0].sample_aspect_ratio == Fraction(16, 11)


def test_odd_sizes_gain_a_line(tmp_path: Path) -> None:
    source = small_odd(tmp_path / "o.webm", (161, 91))
    target, _ = marked(source)
    info = probe(target)
    assert (info.width, info.height) == (162, 92)
    before, after = _lumas(source)[0], _lumas(target)[0]
    assert np.abs(before.astype(int) - after[:91, :161])[:40, :60].mean() < 2


def small_odd(path: Path, size: tuple[int, int]) -> Path:
    return make_clip(path, seconds=0.5, size=size, codec="libvpx", options={"cpu-used": "8"})


def test_pictures_that_change_their_size_are_fitted(tmp_path: Path) -> None:
    source = sizes(tmp_path / "s.webm", (64, 48), (96, 64))
    info = probe(again(source))
    assert (info.width, info.height, info.frame_count) == (64, 48, 12)


def test_fields_stay_fields(tmp_path: Path) -> None:
    with av.open(str(again(interlaced(tmp_path / "i.mp4", "tff")))) as clip:
        assert next(clip.decode(video=0)).interlaced_frame


def test_transforms_run_in_order_on_every_picture(tmp_path: Path) -> None:
    source = make_clip(tmp_path / "p.mp4", seconds=1, size=(64, 48))
    seen: list[tuple[str, float]] = []

    def maker(name: str) -> Callable[[Canvas], Transform]:
        def make(canvas: Canvas) -> Transform:
            assert (canvas.width, canvas.height, canvas.bits) == (64, 48, 8)

            def draw(planes: Planes) -> None:
                assert planes.luma.shape == (48, 64)
                assert planes.chroma[0].shape == (24, 32)
                planes.luma[:] = 200 if name == "second" else 50
                seen.append((name, planes.at_ms))

            return draw

        return make

    target = tmp_path / "t.mp4"
    assert transcode(source, target, probe(source), [maker("first"), maker("second")]) == 24
    assert [name for name, _ in seen] == ["first", "second"] * 24
    assert [round(at) for _, at in seen[::2]] == [round(index * 1000 / 24) for index in range(24)]
    assert abs(int(_lumas(target)[5].mean()) - 200) <= 1


@pytest.mark.parametrize("after", [0, 5, 30])
def test_stopping_leaves_nothing(tmp_path: Path, after: int) -> None:
    source = make_clip(tmp_path / "p.mp4", size=(64, 48), audio=True)
    asked = iter(range(1000))
    with pytest.raises(Cancelled):
        transcode(
            source, tmp_path / "t.mp4", probe(source), [untouched], lambda: next(asked) >= after
        )
    assert not (tmp_path / "t.mp4").exists()


def test_damaged_clip_leaves_nothing(tmp_path: Path) -> None:
    source = make_hostile("damaged", tmp_path)
    with pytest.raises(ClipNotWhole):
        transcode(source, tmp_path / "t.mp4", probe(source), [untouched])
    assert not (tmp_path / "t.mp4").exists()


def test_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    source = make_clip(tmp_path / "p.mp4", seconds=0.5, size=(64, 48))
    with pytest.raises(EncodingFailed):
        transcode(source, tmp_path / "no" / "t.mp4", probe(source), [untouched])


_PEAK = """
import resource, sys
from pathlib import Path
from media.probe import probe
from media.transcoding import transcode
from media.marking.lettering import Lettering
from media.marking.stamp import visible_mark
source = Path(sys.argv[1])
transcode(source, source.with_suffix(".out"), probe(source), [visible_mark("", Lettering())])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_memory_does_not_grow_with_the_clip(tmp_path: Path) -> None:
    peaks = []
    for seconds in (2, 12):
        clip = make_clip(
            tmp_path / f"{seconds}.mp4", seconds=seconds, fps=24, size=(320, 180), audio=True
        )
        command = [sys.executable, "-c", _PEAK, str(clip)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout))
    # 240 pictures more would be 20 MB.
    assert peaks[1] - peaks[0] < 10
