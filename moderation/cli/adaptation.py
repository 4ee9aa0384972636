"""`framegate models adapt`: the detector, moved towards an operator's own generator."""

from __future__ import annotations

from pathlib import Path

import click
import cv2

from moderation.cli import answers
from moderation.cli.room import Room, json_option, pass_room, say
from provenance.detection.detection import MODEL
from provenance.detection.training.adaptation import Adaptation, adapt, check_folder, write
from provenance.detection.training.adapted_report import conclusions, summary, told

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
_ROWS = (
    ("area under the ROC curve", "auc"),
    ("found at 1 % false positives", "tpr"),
    ("real called likely_ai", "real_called"),
    ("generated called likely_ai", "generated_called"),
)


@click.command("adapt")
@click.argument("model", metavar="MODEL", type=click.Choice([MODEL]))
@click.option("--generated", required=True, type=_FOLDER, help="Clips of your generator.")
@click.option("--real", required=True, type=_FOLDER, help="Camera clips like those you will see.")
@click.option(
    "--out",
    default=Path(f"{MODEL}-own"),
    show_default=True,
    type=click.Path(path_type=Path),
    help="Folder to write; its name is the name of the model.",
)
@json_option
@pass_room
def models_adapt(
    room: Room, model: str, generated: Path, real: Path, out: Path, *, as_json: bool
) -> None:
    """Adapt MODEL (synthetic-video) to the clips of one generator, and report before and after.

    It takes at least 12 clips of each kind, copies counted once; a few dozen are better, and
    `likely_ai` takes 99 real ones. Files that are no usable clip are named and left out. Use what
    comes out with `framegate detect --model FOLDER/`.
    """
    folder = out.resolve()
    check_folder(folder)
    cv2.setNumThreads(1)
    adapted = adapt(
        room.settings.cache_folder,
        generated,
        real,
        folder.name,
        room.settings.media_limits,
        lambda line: click.echo(line, err=True),
    )
    write(adapted, room.settings.cache_folder, folder)
    if as_json:
        say(_answer(model, out, adapted))
    else:
        _show(out, adapted)


def _answer(model: str, out: Path, adapted: Adaptation) -> answers.Answer:
    named = [{"file": each.name, "reason": each.reason} for each in adapted.examples.left_out]
    return {
        **summary(out.resolve().name, adapted.examples, adapted.comparison),
        "adapted_from": model,
        "folder": str(out),
        "left_out": named,
    }


def _show(out: Path, adapted: Adaptation) -> None:
    found = adapted.comparison
    click.echo(f"{found.generated} generated and {found.real} real clips, copies counted once")
    click.echo(f"{'':<30} {'before':<22} after")
    for label, name in _ROWS:
        before, after = getattr(found.before, name), getattr(found.after, name)
        click.echo(f"{label:<30} {told(before):<22} {told(after)}")
    for sentence in conclusions(found):
        click.echo(f"\n{sentence}")
    click.secho(f"\nwritten to {out}", bold=True)
