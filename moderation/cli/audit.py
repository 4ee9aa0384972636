"""`framegate audit list | checkpoint | export | verify | erase`: the record and its proofs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click
import grpc

from framegate.v1 import audit_pb2
from media.errors import FramegateError
from moderation.audit import verification
from moderation.audit.checkpoint import LogKey, VerifierKey
from moderation.cli import answers
from moderation.cli.door import opened
from moderation.cli.room import Room, complain, json_option, pass_room, run, say


@click.group()
def audit() -> None:
    """The record, and the proofs that it was not rewritten."""


@audit.command("list")
@click.option("--clip", "clip_id", default="", help="Only entries about this clip.")
@click.option("--limit", default=100, show_default=True, help="At most so many entries.")
@json_option
@pass_room
def list_entries(room: Room, clip_id: str, limit: int, *, as_json: bool) -> None:
    """List entries in the order of the log."""

    async def work() -> int:
        left, token = limit, ""
        async with opened(room.settings, room.server, tls_ca=room.tls_ca) as door:
            while left > 0:
                page = await door.audit.ListEntries(
                    audit_pb2.ListEntriesRequest(
                        page_size=min(left, 1000), page_token=token, clip_id=clip_id
                    )
                )
                for item in page.entries:
                    answer = answers.entry(item)
                    say(answer) if as_json else click.echo(_line(answer))
                left -= len(page.entries)
                token = page.next_page_token
                if not token:
                    break
        return 0

    run(work)


@audit.command()
@json_option
@pass_room
def checkpoint(room: Room, *, as_json: bool) -> None:
    """Sign the log as it stands. Keep the note somewhere else: it is what a rewrite breaks."""

    async def work() -> int:
        async with opened(room.settings, room.server, tls_ca=room.tls_ca) as door:
            answer = answers.checkpoint(
                await door.audit.GetCheckpoint(audit_pb2.GetCheckpointRequest())
            )
        say(answer) if as_json else click.echo(answer["checkpoint"], nl=False)
        return 0

    run(work)


@audit.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--start", default=0, help="First leaf.")
@click.option("--end", default=0, help="One past the last leaf; 0 is the log as it stands.")
@click.option("--payloads", is_flag=True, help="Add the encrypted payloads.")
@json_option
@pass_room
def export(
    room: Room, target: Path, start: int, end: int, *, payloads: bool, as_json: bool
) -> None:
    """Write a bundle that can be verified with the public key alone."""

    async def work() -> int:
        part = target.with_name(f".{target.name}.part")
        request = audit_pb2.ExportBundleRequest(start=start, end=end, with_payloads=payloads)
        async with opened(room.settings, room.server, tls_ca=room.tls_ca) as door:
            try:
                with part.open("wb") as out:
                    async for response in door.audit.ExportBundle(request):
                        out.write(response.chunk)
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
        answer = {"file": str(target), "size_bytes": target.stat().st_size}
        say(answer) if as_json else click.echo(f"{target}: {answer['size_bytes']} bytes")
        return 0

    run(work)


@audit.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--key", type=click.Path(path_type=Path), help="Public key file; by default that of --home."
)
@click.option(
    "--known",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A checkpoint kept from before; the bundle must prove that the log only grew since.",
)
@json_option
@pass_room
def verify(
    room: Room, file: Path, key: Path | None, known: tuple[Path, ...], *, as_json: bool
) -> None:
    """Check a bundle: every leaf, the tree, the signature. Needs no server and no database."""
    try:
        trusted = VerifierKey.load(key or room.settings.keys_folder / LogKey.VERIFIER_FILE)
        notes = [note.read_text(encoding="utf-8", errors="replace") for note in known]
    except (FramegateError, OSError) as error:
        failed = answers.failure(error)
        say({"file": str(file), "error": failed}) if as_json else complain(failed, str(file))
        raise SystemExit(answers.EXIT_FAILED) from None
    report = verification.verify(file, trusted, known=notes)
    answer = {"file": str(file), "ok": report.ok, **asdict(report)}
    if as_json:
        say(answer)
    elif report.fault is not None:
        click.echo(f"{file}: DOES NOT HOLD: {report.fault.message}")
    else:
        click.echo(
            f"{file}: holds; {report.leaf_count} leaves of a log of {report.size}, "
            f"{report.payload_count} payloads, {report.known_count} known checkpoints"
        )
    raise SystemExit(0 if report.ok else answers.EXIT_FAILED)


@audit.command()
@click.argument("subject_id")
@json_option
@pass_room
def erase(room: Room, subject_id: str, *, as_json: bool) -> None:
    """Destroy a subject's key: what was kept of them becomes unreadable, proofs still hold."""

    async def work() -> int:
        async with opened(room.settings, room.server, tls_ca=room.tls_ca) as door:
            try:
                request = audit_pb2.EraseSubjectRequest(subject_id=subject_id)
                response = await door.audit.EraseSubject(request)
            except grpc.RpcError as error:
                failed = answers.failure(error)
                say({"error": failed}) if as_json else complain(failed)
                return answers.EXIT_FAILED
        answer = {"records": response.records, "leaf_index": response.leaf_index}
        say(answer) if as_json else click.echo(f"{response.records} records are unreadable now")
        return 0

    run(work)


def _line(answer: answers.Answer) -> str:
    return (
        f"{answer['leaf_index']:>8}  {answer['event']:<24} {answer['decision']:<7} "
        f"{answer['clip_id'] or answer['verdict_id']}"
    )
