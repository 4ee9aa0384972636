"""`framegate detect`: the statistics of clips alone, without a server or a record."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from media.errors import FramegateError
from moderation import assembly
from moderation.cli import answers
from moderation.cli.room import Room, complain, json_option, pass_room, run, say
from moderation.clips.jobs import DetectJob
from moderation.clips.results import Detected
from moderation.executor import LocalExecutor
from provenance.detection import loading
from provenance.detection.detection import Detection

_ANSWERS = {
    "likely_ai": "likely AI-made",
    "inconclusive": "inconclusive",
    "no_evidence": "no evidence of AI; that does not say that it is real",
}
_PRIORS = (0.001, 0.01, 0.1)


@click.command()
@click.argument("clips", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--model",
    default="",
    metavar="NAME|FOLDER",
    help="Model that looks, in place of the setting `detect_model`; a folder has a slash in it.",
)
@json_option
@pass_room
def detect(room: Room, clips: tuple[Path, ...], model: str, *, as_json: bool) -> None:
    """Tell whether the pictures of CLIPS have the statistics of generated ones.

    The score rises with the evidence, also where the answer abstains. `fpr` is the share of real
    clips that score at least as high. A model without a calibration shows its score, which counts
    for nothing: `reason` is then `uncalibrated` and `fpr` 1. Exact evidence (manifest, watermark,
    fingerprint) is not looked at: `framegate verify` does that first.
    """

    async def work() -> int:
        failed = False
        settings = replace(room.settings, detect_model=model or room.settings.detect_model)
        loading.find(settings.cache_folder, settings.detect_model)
        executor = LocalExecutor(assembly.worker_setup(settings), workers=1)
        try:
            for path in clips:
                job = DetectJob(str(path.resolve()), settings.media_limits)
                try:
                    with _readable(path):
                        done = await executor.submit(job, timeout_ms=settings.pictures_timeout_ms)
                except (FramegateError, OSError) as error:
                    told = answers.failure(error)
                    say({"file": str(path), "error": told}) if as_json else complain(
                        told, str(path)
                    )
                    failed = True
                    continue
                assert isinstance(done, Detected)  # noqa: S101 - what this job is answered with
                answer = _answer(path, done.detection)
                say(answer) if as_json else _show(answer, done.detection)
        finally:
            await executor.close()
        return answers.EXIT_FAILED if failed else 0

    run(work)


@contextlib.contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Fail as this program, and not as a worker, where there is no such file."""
    with path.open("rb"):
        yield


def _answer(path: Path, found: Detection) -> answers.Answer:
    return {
        "file": str(path),
        "answer": found.answer,
        "score": found.score,
        "llr": found.llr,
        "fpr": found.fpr,
        "llr_low": found.llr_low,
        "llr_high": found.llr_high,
        "quality": found.quality,
        "reason": found.reason,
        "model_digest": found.model_digest,
        "calibration_digest": found.calibration_digest,
        "timeline": [
            {"start_ms": part.start_ms, "end_ms": part.end_ms, "score": part.score}
            for part in found.timeline
        ],
    }


def _show(answer: answers.Answer, found: Detection) -> None:
    click.secho(f"{answer['file']}: {_ANSWERS[found.answer]}", bold=True)
    if found.reason:
        click.echo(f"  abstains: {found.reason}")
    if not found.calibration_digest:
        said = "nobody has measured how many real clips score as high"
        click.echo(f"  score {found.score:.2f}: {said}")
        for part in found.timeline:
            click.echo(
                f"  {part.start_ms / 1000:.1f} to {part.end_ms / 1000:.1f} s: {part.score:.2f}"
            )
        return
    click.echo(f"  {found.fpr:.1%} of real clips of this quality ({found.quality}) score as high")
    for prior in _PRIORS:
        at = found.posterior(prior)
        click.echo(
            f"  if {prior:.1%} of all clips are synthetic: {at.probability:.1%} "
            f"({at.low:.1%} to {at.high:.1%})"
        )
