"""`framegate recover`: the manifest of a released clip, found again and written to a file."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from pathlib import Path

import click
import grpc

from framegate.v1 import provenance_pb2 as pb
from media.errors import FramegateError, InvalidInput
from moderation.cli import answers
from moderation.cli.door import CHUNK_BYTES, Door, opened
from moderation.cli.received import named
from moderation.cli.room import Room, complain, json_option, pass_room, run, say
from provenance.watermark.keys import ALGORITHM

_SIGNATURES = {
    "vouched_for": "its own signature holds, and the signer is vouched for",
    "intact": "its own signature holds, and nobody vouches for the signer",
    "broken": "its own signature does not hold",
    "not_checked": "its own signature was not looked at",
}


class NoMatch(FramegateError):
    """No released clip is found by the pictures of this one."""

    code = "NOT_FOUND"
    reason = "NO_MATCH"


@click.command()
@click.option("--clip", type=click.Path(path_type=Path), metavar="FILE", help="By its pictures.")
@click.option("--watermark", metavar="BASE64", help="By what a watermark carries.")
@click.option("--manifest-id", metavar="ID", help="By the manifest's id.")
@click.option("--clip-id", metavar="ID", help="By the clip's id.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write it.")
@json_option
@pass_room
def recover(
    room: Room,
    clip: Path | None,
    watermark: str | None,
    manifest_id: str | None,
    clip_id: str | None,
    output: Path | None,
    *,
    as_json: bool,
) -> None:
    """Find the manifest of a released clip and write it to a file (CLIP_ID.c2pa by default).

    With --clip it is the manifest of the released clip that the pictures lead to most strongly.
    That says by what it was matched, and never that FILE is as it was signed.
    """
    given = [one for one in (clip, watermark, manifest_id, clip_id) if one is not None]
    if len(given) != 1:
        raise click.UsageError("Give one of --clip, --watermark, --manifest-id and --clip-id.")

    async def work() -> int:
        try:
            async with opened(room.settings, room.server, tls_ca=room.tls_ca) as door:
                matches = [] if clip is None else await _matches(door, clip)
                found_id = matches[0].clip_id if matches else clip_id
                request = _request(watermark, manifest_id, found_id)
                found = await door.provenance.LookupManifest(request)
                target = output or Path(f"{Path(found.clip_id).name}.c2pa")
                _write(target, found.manifest)
        except (FramegateError, grpc.RpcError, OSError) as error:
            failed = answers.failure(error)
            say({"error": failed}) if as_json else complain(failed, str(given[0]))
            return answers.EXIT_FAILED
        answer = _answer(found, matches, target)
        say(answer) if as_json else _show(answer)
        return 0

    run(work)


async def _matches(door: Door, clip: Path) -> list[pb.ClipMatch]:
    size_bytes = clip.stat().st_size
    response = await door.provenance.MatchClip(_upload(clip, size_bytes))
    if not response.matches:
        raise NoMatch(
            "no released clip is found by these pictures"
            if response.comparable
            else "these pictures have nothing to be found by",
            field="clip",
        )
    return list(response.matches)


def _upload(clip: Path, size_bytes: int) -> Iterator[pb.MatchClipRequest]:
    yield pb.MatchClipRequest(header=pb.MatchHeader(size_bytes=size_bytes))
    with clip.open("rb") as source:
        while chunk := source.read(CHUNK_BYTES):
            yield pb.MatchClipRequest(chunk=chunk)


def _request(
    watermark: str | None, manifest_id: str | None, clip_id: str | None
) -> pb.LookupManifestRequest:
    request = pb.LookupManifestRequest(check_signature=True)
    if watermark is not None:
        request.soft_binding.algorithm = ALGORITHM
        request.soft_binding.value = _unpacked(watermark)
    elif manifest_id is not None:
        request.manifest_id = manifest_id
    else:
        request.clip_id = clip_id or ""
    return request


def _unpacked(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput("what a watermark carries is given as base64", field="watermark") from (
            error
        )


def _write(target: Path, manifest: bytes) -> None:
    part = target.with_name(f".{target.name}.part")
    try:
        part.write_bytes(manifest)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _answer(
    found: pb.LookupManifestResponse, matches: list[pb.ClipMatch], target: Path
) -> answers.Answer:
    state = named(pb.SignatureState.Name, found.signature.state, "SIGNATURE_STATE_")
    return {
        "clip_id": found.clip_id,
        "manifest_id": found.manifest_id,
        "recalled": found.recalled,
        "file": str(target),
        "size_bytes": len(found.manifest),
        "signature": {
            "state": state,
            "signer": found.signature.signer,
            "reasons": [
                {"code": one.code, "explanation": one.explanation, "failure": one.failure}
                for one in found.signature.reasons
            ],
        },
        "matches": [_match(each) for each in matches],
        "request_id": found.request_id,
    }


def _match(match: pb.ClipMatch) -> answers.Answer:
    stretch = match.fingerprint
    return {
        "clip_id": match.clip_id,
        "manifest_id": match.manifest_id,
        "recalled": match.recalled,
        "score": match.score,
        "statement": match.statement,
        "watermark": {
            "key_id": match.watermark.key_id,
            "p_value": match.watermark.p_value,
            "bits": match.watermark.bits,
        }
        if match.HasField("watermark")
        else None,
        "neural": {
            "network": match.neural.network_id,
            "key_id": match.neural.key_id,
            "p_value": match.neural.p_value,
            "bits": match.neural.bits,
            "of_bits": match.neural.of_bits,
        }
        if match.HasField("neural")
        else None,
        "fingerprint": {
            "start_ms": stretch.start_pts_ms,
            "end_ms": stretch.end_pts_ms,
            "original_start_ms": stretch.original_start_pts_ms,
            "original_end_ms": stretch.original_end_pts_ms,
            "distance": stretch.distance,
            "frame_count": stretch.frame_count,
            "mirrored": stretch.mirrored,
            "cropped": stretch.cropped,
            "derived": stretch.derived,
        }
        if match.HasField("fingerprint")
        else None,
    }


def _show(answer: answers.Answer) -> None:
    click.echo(f"{answer['file']}: {answer['size_bytes']} bytes, manifest {answer['manifest_id']}")
    recalled = ", which was recalled" if answer["recalled"] else ""
    click.echo(f"  of clip {answer['clip_id']}{recalled}")
    for match in answer["matches"]:
        click.echo(f"  {match['clip_id']}: {match['statement']}, score {match['score']}")
    signature = answer["signature"]
    by = f" ({signature['signer']})" if signature["signer"] else ""
    click.echo(f"  {_SIGNATURES[signature['state']]}{by}; it says nothing of any other file")
