"""The program of a clip worker: one job at a time from a socket, until the socket closes.

It runs in a process of its own (`python -m moderation.worker FD`), because decoders and manifest
parsers meet hostile bytes: a crash, a runaway allocation or a kill costs one job and no verdict.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import resource
import select
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

# One thread a worker: the cores are shared out by processes.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# A thumbnail in a stranger's manifest may be small as a file and huge as a picture.
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(1 << 24))

from media.errors import Cancelled, FramegateError
from media.probe import probe
from media.sampler import plan, sample
from models.registry import Registry
from moderation.clips.jobs import (
    CompareJob,
    DetectJob,
    ExamineJob,
    FramesAtJob,
    InspectJob,
    Job,
    PicturesJob,
    ReviewJob,
    Setup,
    SignJob,
    VerifyJob,
)
from moderation.clips.messages import Begin, Done, MemoryExceeded, Progress, Stop, ToWorker, failure
from moderation.clips.results import (
    Compared,
    Detected,
    FramesAt,
    FramesSeen,
    Inspected,
    PicturesRead,
    Result,
    Signed,
    SourceExamined,
    Verified,
)
from moderation.clips.reviewer import ClipReviewer
from moderation.clips.watermarks import Watermarks, signed_with
from moderation.logs import configure
from moderation.pages.drawing import picture, thumbnail
from moderation.pages.picture import Picture
from moderation.pages.stills import grey, stills
from moderation.store.errors import BlobMissing
from provenance import ingredients, signing, verification
from provenance.detection import loading
from provenance.detection.loading import ClipDetector
from provenance.errors import CredentialsMissing
from provenance.fingerprint.fingerprint import fingerprint
from provenance.fingerprint.records import packed
from provenance.keys import credentials
from provenance.keys.rotation import Keyring
from provenance.preparation import prepared
from provenance.registration import compare
from provenance.sources import Relation, Source
from provenance.timestamping.timestamps import Stamper, Stamping
from provenance.trust import TrustAnchors, load_list, load_others

_LENGTH_BYTES = 4
_PICTURE_PX = 256
_LEAST_FPS = 2.0
# Thumbnails stand for a moment each; between two frames of a moving scene it would be missed.
_COMPARED_FPS = 4.0


class Station:
    """What a worker can do; models and credentials are loaded when first needed.

    Args:
        setup: Where things are.
    """

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._keyring = Keyring(Path(setup.keys))
        self._stampers: dict[Stamping, Stamper] = {}
        self._watermarks = Watermarks(Path(setup.keys), setup.watermark_neural)

    @cached_property
    def _detector(self) -> ClipDetector:
        return loading.load(Path(self._setup.cache), self._setup.detect_model)

    @cached_property
    def _reviewer(self) -> ClipReviewer:
        return ClipReviewer(Registry(Path(self._setup.cache)))

    def run(
        self, job: Job, emit: Callable[[FramesSeen], None], should_stop: Callable[[], bool]
    ) -> Result:
        """Do one job.

        Args:
            job: What to do.
            emit: Called with progress.
            should_stop: Asked often; True when nobody wants the result any more.

        Raises:
            FramegateError: When the job cannot be done.
        """
        result: Result
        match job:
            case ReviewJob():
                result = self._reviewer.review(job, emit, should_stop)
            case SignJob():
                result = self._sign(job, should_stop)
            case VerifyJob():
                result = self._verify(job)
            case PicturesJob():
                result = self._pictures(job, should_stop)
            case DetectJob():
                return Detected(self._detector.detect(Path(job.path), job.limits, should_stop))
            case CompareJob():
                return self._compare(job, should_stop)
            case InspectJob():
                result = self._inspect(job)
            case FramesAtJob():
                result = _frames_at(job, should_stop)
            case ExamineJob():
                result = self._examine(job)
        return result

    def _sign(self, job: SignJob, should_stop: Callable[[], bool]) -> Signed:
        with Path(job.source).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != job.sha256:
                raise BlobMissing("the bytes of the clip were altered", field="clip_id")
        clip, target = Path(job.source), Path(job.target)
        watermark = self._watermarks.ordered(job.watermark)
        # What we have made of a clip may be larger than what may come in.
        with prepared(
            clip,
            target.with_suffix(".prepared"),
            mark=job.mark,
            watermark=watermark,
            limits=job.limits,
            should_stop=should_stop,
        ) as ready:
            limits = (
                job.limits if ready.path == clip else replace(job.limits, max_bytes=sys.maxsize)
            )
            # Asked once a clip: a rotated key takes effect without a restart, and never in the
            # middle of a signature.
            keys = self._keyring.for_signing(min_days=job.min_days)
            signed = signing.sign(
                ready.path,
                target,
                ready.told(job.release),
                replace(keys, anchors=self._with_lists(keys.anchors)),
                original=clip,
                sources=[
                    Source(Path(one.path), one.relation, one.sha256, one.title, one.thumbnail)
                    for one in job.sources
                ],
                accepted=job.accepted,
                limits=limits,
                should_stop=should_stop,
                stamper=self._stamper(job.stamping),
            )
            # Of the pictures as they are released, so that a copy is compared with what is out.
            seen = fingerprint(ready.path, probe(ready.path, limits), should_stop=should_stop)
        return signed_with(signed, packed(seen), ready, watermark)

    def _stamper(self, plan: Stamping) -> Stamper:
        # Kept from job to job, so that it remembers which authorities failed.
        if plan not in self._stampers:
            self._stampers = {plan: Stamper(plan)}
        return self._stampers[plan]

    def _verify(self, job: VerifyJob) -> Verified:
        path, ours = Path(job.path), self._believed()
        return Verified(verification.verify(path, ours, ask_revocation=job.ask_revocation))

    def _pictures(self, job: PicturesJob, should_stop: Callable[[], bool]) -> PicturesRead:
        path = Path(job.path)
        info = probe(path, job.limits)
        seen = fingerprint(path, info, crops=False, should_stop=should_stop)
        carried, neural = self._watermarks.read(path, info, should_stop)
        return PicturesRead(carried, packed(seen), neural=neural)

    def _compare(self, job: CompareJob, should_stop: Callable[[], bool]) -> Compared:
        path = Path(job.path)
        info = probe(path, job.limits)
        sampling = plan(info, min_fps=_COMPARED_FPS)
        with sample(path, info, sampling, should_stop=should_stop) as frames:
            return Compared(compare(frames, job.thumbnails, job.placement))

    def _inspect(self, job: InspectJob) -> Inspected:
        found = verification.inspect(Path(job.path), self._believed())
        pictures = {key: thumbnail(data, _PICTURE_PX) for key, data in found.pictures.items()}
        return Inspected(
            found.verification,
            found.tree,
            {key: each for key, each in pictures.items() if each is not None},
            _first_frame(job),
        )

    def _examine(self, job: ExamineJob) -> SourceExamined:
        ours = self._believed()
        anchors = ours if isinstance(ours, TrustAnchors) else ours.anchors
        # What it will be to a clip is said later; the relation is of no matter here.
        source = Source(Path(job.path), Relation.INPUT)
        return SourceExamined(ingredients.examine(source, anchors, limits=job.limits).report)

    def _believed(self) -> credentials.Credentials | TrustAnchors:
        """Whom to believe: our credentials' anchors, and the lists that the settings name."""
        folder = Path(self._setup.keys)
        try:
            ours = self._keyring.for_verifying()
        except CredentialsMissing:
            # Who never signs may still ask where a clip comes from.
            own = TrustAnchors(own="", others=load_others(folder / credentials.TRUSTED))
            return self._with_lists(own)
        return replace(ours, anchors=self._with_lists(ours.anchors))

    def _with_lists(self, anchors: TrustAnchors) -> TrustAnchors:
        setup = self._setup
        c2pa, tsa = setup.c2pa_trust_list, setup.tsa_trust_list
        return replace(
            anchors,
            c2pa=load_list(Path(c2pa), "c2pa_trust_list") if c2pa else "",
            tsa=load_list(Path(tsa), "tsa_trust_list") if tsa else "",
            ocsp_hosts=setup.ocsp_hosts,
        )


def _frames_at(job: FramesAtJob, should_stop: Callable[[], bool]) -> FramesAt:
    path = Path(job.path)
    frames = stills(
        path,
        probe(path, job.limits),
        job.times_ms,
        mirrored=job.mirrored,
        should_stop=should_stop,
    )
    return FramesAt(frames, tuple(grey(data) for data in job.originals))


def _first_frame(job: InspectJob) -> Picture | None:
    """A picture of the clip itself; a clip that cannot be decoded has none."""
    path = Path(job.path)
    try:
        info = probe(path, job.limits)
        with sample(path, info, plan(info, min_fps=_LEAST_FPS), short_side=_PICTURE_PX) as frames:
            frame = next(iter(frames), None)
    except FramegateError:
        return None
    return None if frame is None else picture(frame.image, frame.pts_ms, _PICTURE_PX)


class Line:
    """The worker's end of the socket. Not thread-safe."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._decoder = msgspec.msgpack.Decoder(ToWorker)
        self._encoder = msgspec.msgpack.Encoder()

    def receive_bytes(self) -> bytes:
        """Wait for one message.

        Raises:
            EOFError: When the other side is gone.
        """
        length = int.from_bytes(self._exactly(_LENGTH_BYTES), "big")
        return self._exactly(length)

    def receive(self) -> Begin | Stop:
        """Wait for one instruction."""
        message: Begin | Stop = self._decoder.decode(self.receive_bytes())
        return message

    def send(self, message: Any) -> None:
        """Send one message."""
        data = self._encoder.encode(message)
        self._channel.sendall(len(data).to_bytes(_LENGTH_BYTES, "big") + data)

    def stopped(self, job_id: int) -> bool:
        """Tell, without waiting, whether this job is to be stopped or nobody listens."""
        while select.select([self._channel], [], [], 0)[0]:
            try:
                message = self.receive()
            except EOFError:
                return True
            if isinstance(message, Stop) and message.job_id == job_id:
                return True
        return False

    def _exactly(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            part = self._channel.recv(size - len(data))
            if not part:
                raise EOFError
            data += part
        return bytes(data)


def serve(channel: socket.socket) -> None:
    """Do jobs until the socket closes."""
    line = Line(channel)
    setup = msgspec.msgpack.decode(line.receive_bytes(), type=Setup)
    configure(setup.log_format, "warning")
    os.nice(setup.nice)
    resource.setrlimit(resource.RLIMIT_AS, (setup.memory_bytes, setup.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    station = Station(setup)
    while True:
        message = line.receive()
        if isinstance(message, Begin):
            line.send(_answer(station, line, message))


def _answer(station: Station, line: Line, begin: Begin) -> Any:
    stop_seen = False

    def should_stop() -> bool:
        nonlocal stop_seen
        stop_seen = stop_seen or line.stopped(begin.job_id)
        return stop_seen

    def emit(event: FramesSeen) -> None:
        line.send(Progress(begin.job_id, event))

    try:
        return Done(begin.job_id, station.run(begin.job, emit, should_stop))
    except MemoryError:
        error = MemoryExceeded("the clip needs more memory than a worker may use", field="clip")
        return failure(begin.job_id, error)
    except Cancelled as error:
        return failure(begin.job_id, error)
    except Exception as error:  # noqa: BLE001 - whatever hostile media raises ends this job alone
        return failure(begin.job_id, error)


def main() -> None:
    """Run the worker on the socket whose number is the first argument."""
    with socket.socket(fileno=int(sys.argv[1])) as channel, contextlib.suppress(EOFError):
        serve(channel)


if __name__ == "__main__":
    main()
