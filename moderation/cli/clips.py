"""`framegate review | release | recall | clip | verify`: what is done with clips."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import grpc
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from framegate.v1 import moderation_pb2, provenance_pb2, verdict_pb2
from media.errors import FramegateError
from moderation.cli import answers, origin, report, verification
from moderation.cli.door import Door, OnProgress, opened
from moderation.cli.pages import Target
from moderation.cli.room import Room, complain, json_option, pass_room, run, say
from moderation.cli.timeline import draw

_COLOURS = {"allow": "green", "review": "yellow", "block": "red"}
_FILES = click.argument(
    "clips", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="CLIP…"
)
Ask = Callable[[Door, Path], Awaitable[answers.Answer]]


@click.command()
@_FILES
@click.option("--generator", default="unknown", help="Name of the generator.")
@click.option("--generator-version", default="0", help="Its version.")
@click.option("--prompt-verdict", default="", help="Id of the verdict on the clip's prompt.")
@click.option("--subject", default="", help="Pseudonym of the user.")
@click.option(
    "--report",
    "page",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write an HTML page to look at; for one CLIP.",
)
@click.option("--report-prompt", default="", metavar="TEXT", help="Prompt to print on that page.")
@click.option("--force", is_flag=True, help="Replace the page if it exists.")
@json_option
@pass_room
def review(
    room: Room,
    clips: tuple[Path, ...],
    generator: str,
    generator_version: str,
    prompt_verdict: str,
    subject: str,
    page: Path | None,
    report_prompt: str,
    *,
    force: bool,
    as_json: bool,
) -> None:
    """Review the frames of each CLIP and judge it. A cleared clip can be released."""
    wish = _wish(clips, page, report_prompt, force=force)
    judged: list[verdict_pb2.Verdict] = []

    async def ask(door: Door, path: Path) -> answers.Answer:
        header = moderation_pb2.ClipHeader(
            generator=moderation_pb2.Generator(name=generator, version=generator_version),
            prompt_verdict_id=prompt_verdict,
            subject_id=subject,
        )
        with _bar(path.name, shown=not as_json) as on_progress:
            verdict = await door.review(path, header, on_progress)
        judged.append(verdict)
        return answers.review(str(path), verdict)

    async def work() -> int:
        status = await _each(room, clips, ask, None if as_json else _show_review)
        # By now the gate is closed: its workers have left their memory to those of the report.
        if wish is not None and judged:
            failed = await _report(room, clips[0], judged[0], wish, as_json=as_json)
            status = status or failed
        return status

    run(work)


@click.command()
@_FILES
@click.option(
    "--report",
    "page",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write an HTML page to look at; for one CLIP.",
)
@click.option("--force", is_flag=True, help="Replace the page if it exists.")
@json_option
@pass_room
def verify(
    room: Room, clips: tuple[Path, ...], page: Path | None, *, force: bool, as_json: bool
) -> None:
    """Tell where each CLIP comes from: what its Content Credentials and its pictures say."""
    if page is None and force:
        raise click.UsageError("--force goes with --report.")
    target = None if page is None else _target(clips, page, force=force)
    found: list[provenance_pb2.VerifyClipResponse] = []

    async def ask(door: Door, path: Path) -> answers.Answer:
        found.append(await door.verify(path))
        return answers.verification(str(path), found[-1])

    async def work() -> int:
        status = await _each(room, clips, ask, None if as_json else verification.show)
        if target is not None and found:
            made = origin.write(room.settings, clips[0], found[0], target)
            status = status or await _written(made, target, as_json=as_json)
        return status

    run(work)


@click.command()
@click.argument("clip_id")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write it.")
@click.option(
    "--visible-mark",
    metavar="TEXT",
    help='Burn this into every picture; "" is the label "AI". The clip becomes an MP4.',
)
@click.option("--parent", metavar="SOURCE", help="What it is an edit of (remix, extension).")
@click.option("--component", multiple=True, metavar="SOURCE", help="What is a part of it.")
@click.option("--input", "inputs", multiple=True, metavar="SOURCE", help="What it was made from.")
@json_option
@pass_room
def release(
    room: Room,
    clip_id: str,
    output: Path | None,
    visible_mark: str | None,
    parent: str | None,
    component: tuple[str, ...],
    inputs: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Sign a cleared clip and write it to a file (CLIP_ID.mp4 by default).

    A SOURCE is a file (a clip or a picture), or the id of a clip of this house.
    """
    named = [(parent, moderation_pb2.SOURCE_RELATION_PARENT)] if parent else []
    named += [(each, moderation_pb2.SOURCE_RELATION_COMPONENT) for each in component]
    named += [(each, moderation_pb2.SOURCE_RELATION_INPUT) for each in inputs]

    async def work() -> int:
        target = output or Path(f"{Path(clip_id).name}.mp4")
        async with opened(room.settings, room.server, tls_ca=room.tls_ca) as door:
            try:
                sources = [await _source(door, each, relation) for each, relation in named]
                value = await door.release(clip_id, target, visible_mark, sources)
                answer = answers.released(value, str(target))
            except (FramegateError, grpc.RpcError, OSError) as error:
                return _fail({"clip_id": clip_id}, error, as_json=as_json)
        if as_json:
            say(answer)
        else:
            click.echo(f"{answer['file']}: {answer['size_bytes']} bytes, signed")
            click.echo(f"  manifest {answer['manifest_id']}")
            for each in answer["sources"]:
                click.echo(
                    f"  made from {each['media_type']} ({each['relation']}): {each['state']}"
                )
        return 0

    run(work)


async def _source(
    door: Door, name: str, relation: moderation_pb2.SourceRelation.ValueType
) -> moderation_pb2.Source:
    """Send a source that is a file; anything else is taken for a clip's id."""
    if not Path(name).is_file():
        return moderation_pb2.Source(relation=relation, clip_id=name)
    found = await door.send_source(Path(name))
    return moderation_pb2.Source(relation=relation, sha256=found.sha256)


@click.command()
@click.argument("clip_id")
@click.option("--reason", required=True, help="Why; without personal data.")
@json_option
@pass_room
def recall(room: Room, clip_id: str, reason: str, *, as_json: bool) -> None:
    """Take a released clip back: it can be released no more."""

    async def work() -> int:
        async with opened(room.settings, room.server, tls_ca=room.tls_ca) as door:
            try:
                request = moderation_pb2.RecallClipRequest(clip_id=clip_id, reason=reason)
                response = await door.moderation.RecallClip(request)
            except (FramegateError, grpc.RpcError) as error:
                return _fail({"clip_id": clip_id}, error, as_json=as_json)
        answer = answers.clip(response.clip)
        say(answer) if as_json else click.echo(f"{clip_id}: {answer['state']}")
        return 0

    run(work)


@click.command()
@click.argument("clip_id")
@json_option
@pass_room
def clip(room: Room, clip_id: str, *, as_json: bool) -> None:
    """Tell where a clip stands."""

    async def work() -> int:
        async with opened(room.settings, room.server, tls_ca=room.tls_ca) as door:
            try:
                request = moderation_pb2.GetClipRequest(clip_id=clip_id)
                response = await door.moderation.GetClip(request)
            except (FramegateError, grpc.RpcError) as error:
                return _fail({"clip_id": clip_id}, error, as_json=as_json)
        answer = answers.clip(response.clip)
        say(answer) if as_json else click.echo(f"{clip_id}: {answer['state']} {answer['reason']}")
        return 0

    run(work)


def _wish(
    clips: tuple[Path, ...], page: Path | None, prompt: str, *, force: bool
) -> report.Wish | None:
    """What the options say of a report; refused here, before anything is reviewed."""
    if page is None:
        if force or prompt:
            raise click.UsageError("--force and --report-prompt go with --report.")
        return None
    return report.Wish(_target(clips, page, force=force), prompt)


def _target(clips: tuple[Path, ...], page: Path, *, force: bool) -> Target:
    """Where a page about one clip goes, if it can go there."""
    if len(clips) > 1:
        raise click.UsageError("--report is a page about one CLIP.")
    target = Target(page, force)
    target.check()
    return target


async def _report(
    room: Room, path: Path, verdict: verdict_pb2.Verdict, wish: report.Wish, *, as_json: bool
) -> int:
    made = report.write(room.settings, path, verdict, wish)
    return await _written(made, wish.target, as_json=as_json)


async def _written(made: Awaitable[answers.Answer], target: Target, *, as_json: bool) -> int:
    try:
        answer = await made
    except (FramegateError, OSError) as error:
        return _fail({"report": str(target.path)}, error, as_json=as_json)
    if as_json:
        say(answer)
    else:
        click.echo(f"  page to look at: {answer['report']} ({answer['size_bytes'] // 1024} KiB)")
    return 0


async def _each(
    room: Room,
    clips: tuple[Path, ...],
    ask: Ask,
    show: Callable[[answers.Answer], None] | None,
) -> int:
    """Ask about each file; one that cannot be judged does not stop the others."""
    decisions, failed = [], False
    async with opened(room.settings, room.server, tls_ca=room.tls_ca) as door:
        for path in clips:
            try:
                answer = await ask(door, path)
            except (FramegateError, grpc.RpcError, OSError) as error:
                _fail({"file": str(path)}, error, as_json=show is None)
                failed = True
                continue
            decisions.append(answer.get("decision", "allow"))
            say(answer) if show is None else show(answer)
    return answers.strictest(decisions) or (answers.EXIT_FAILED if failed else 0)


def _fail(about: answers.Answer, error: Exception, *, as_json: bool) -> int:
    failed = answers.failure(error)
    if as_json:
        say({**about, "error": failed})
    else:
        complain(failed, next(iter(about.values())))
    return answers.EXIT_FAILED


@contextmanager
def _bar(name: str, *, shown: bool) -> Iterator[OnProgress]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    disabled = not (shown and console.is_terminal)
    with Progress(*columns, console=console, disable=disabled, transient=True) as progress:
        task = progress.add_task(name, total=None)
        yield lambda step: progress.update(
            task, completed=step.position_ms, total=step.duration_ms or None
        )


def _show_review(answer: answers.Answer) -> None:
    decision = answer["decision"]
    sampling = answer["sampling"]
    click.echo(f"{answer['file']}: ", nl=False)
    click.secho(decision.upper(), fg=_COLOURS[decision], bold=True)
    click.echo(
        f"  {sampling['frame_count']} frames of {sampling['duration_ms'] / 1000:.1f} s looked at, "
        f"never more than {sampling['max_gap_ms']} ms apart"
    )
    for line in draw(answer["findings"], answer["scores"], sampling["duration_ms"]):
        click.echo(f"  {line}")
    for missing in answer["degraded"]:
        click.echo(f"  not checked: {', '.join(missing['categories'])} ({missing['reason']})")
    if answer["user_text"]:
        click.echo(f"  {answer['user_text']}")
    click.echo(f"  clip {answer['clip_id']}, recorded as leaf {answer['audit']['leaf_index']}")
