"""`make demo`: the whole way of a prompt and a clip, against a server that really runs.

It starts `framegate serve` on a fresh data folder, talks to it over gRPC as any client would, and
says what happened in words. The signed clip stays behind in `demo-out/` to be looked at.
"""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import click
import grpc

from framegate.v1 import audit_pb2, moderation_pb2
from media.probe import probe
from media.transcoding import transcode
from models.sample_clips import sample_clip
from moderation import settings as settings_module
from moderation.audit import verification
from moderation.audit.checkpoint import VerifierKey
from moderation.cli import answers
from moderation.cli.background import free_address, ready, server_process
from moderation.cli.door import Door
from moderation.cli.timeline import draw
from moderation.settings import Settings

_OUT = Path("demo-out")
_BENIGN = "A golden retriever puppy chasing soap bubbles across a sunny meadow, slow motion"
_HARMFUL = (
    "Step by step video tutorial showing how to build a pipe bomb at home and hide it "
    "in a backpack at a crowded train station"
)
_CLIP = "bikes.mp4"


def _title(number: int, text: str) -> None:
    click.echo()
    click.secho(f"{number}. {text}", bold=True)


def _say(text: str) -> None:
    click.echo(f"   {text}")


class DemoFailed(Exception):
    """Something did not come out as a newcomer is told that it does."""


def _expect(held: bool, what: str) -> None:  # noqa: FBT001 - reads as an assertion
    if not held:
        raise DemoFailed(what)


async def _prompts(door: Door) -> str:
    _title(1, "Prompts are screened before anything is generated")
    benign_id = ""
    for text in (_BENIGN, _HARMFUL):
        response = await door.moderation.ScreenPrompt(
            moderation_pb2.ScreenPromptRequest(prompt=text, subject_id="demo-user")
        )
        answer = answers.verdict(response.verdict)
        _say(f"“{text}”")
        _say(f"  → {answer['decision'].upper()}")
        for found in answer["findings"][:3]:
            _say(
                f"    because of {found['category']}: {found['score']:.2f}, allowed below "
                f"{found['threshold']:.2f} (clause {found['clause']} of the policy)"
            )
        if answer["user_text"]:
            _say(f"    the user may be told: {answer['user_text']}")
        if text is _BENIGN:
            benign_id = answer["verdict_id"]
            _expect(answer["decision"] == "allow", "the benign prompt is allowed")
        else:
            _expect(answer["decision"] == "block", "the harmful prompt is blocked")
    return benign_id


async def _review(door: Door, clip: Path, prompt_verdict_id: str) -> str:
    _title(2, f"A clip is reviewed frame by frame before anyone sees it ({clip.name})")
    header = moderation_pb2.ClipHeader(
        generator=moderation_pb2.Generator(name="Demo generator", version="1.0"),
        prompt_verdict_id=prompt_verdict_id,
        subject_id="demo-user",
    )
    verdict = await door.review(
        clip, header, lambda step: _say(f"  {step.frames_done} frames looked at …")
    )
    answer = answers.review(clip.name, verdict)
    sampling = answer["sampling"]
    _say(
        f"→ {answer['decision'].upper()}: {sampling['frame_count']} frames of "
        f"{sampling['duration_ms'] / 1000:.1f} s, never more than {sampling['max_gap_ms']} ms apart"
    )
    for line in draw(answer["findings"], answer["scores"], sampling["duration_ms"]):
        _say(f"  {line}")
    _expect(answer["decision"] == "allow", "the everyday clip is cleared")
    return verdict.clip_id


async def _release(door: Door, clip_id: str) -> Path:
    _title(3, "Released: watermarked, signed with Content Credentials (C2PA), verified, handed out")
    target = _OUT / "released.mp4"
    released = await door.release(clip_id, target)
    _say(f"{target}: {released.size_bytes} bytes, manifest {released.manifest_id}")
    return target


async def _verify(door: Door, signed: Path, clip_id: str) -> None:
    _title(4, "Anyone can ask where a clip comes from")
    answer = answers.verification(signed.name, await door.verify(signed))
    layer = answer["layers"]["c2pa"]
    _say(f"{signed.name}: {answer['answer']}, C2PA {layer['state']}, signed by {layer['signer']}")
    _expect(layer["state"] == "trusted", "the released clip is Trusted")
    changed = _OUT / "changed.mp4"
    data = bytearray(signed.read_bytes())
    data[-len(data) // 4] ^= 1
    changed.write_bytes(data)
    answer = answers.verification(changed.name, await door.verify(changed))
    layer = answer["layers"]["c2pa"]
    codes = ", ".join(reason["code"] for reason in layer["reasons"] if reason["failure"])
    _say(f"{changed.name} (one bit of the picture changed): C2PA {layer['state']}: {codes}")
    _expect(layer["state"] == "invalid", "the changed clip is Invalid")
    copy = _OUT / "copy.mp4"
    await asyncio.to_thread(transcode, signed, copy, probe(signed), [])
    answer = answers.verification(copy.name, await door.verify(copy))
    layer, mark = answer["layers"]["c2pa"], answer["layers"]["watermark"]
    _say(
        f"{copy.name} (encoded again, nothing of the file left but its pictures): C2PA "
        f"{layer['state']}, {answer['answer']} by its watermark: {mark['bits']} of 128 bits, "
        f"p = {mark['p_value']:.0e}"
    )
    _expect(answer["clip_id"] == clip_id, "the copy is recognised without its manifest")


async def _record(door: Door, settings: Settings) -> None:
    _title(5, "Every step stands in a log that proves itself")
    target = _OUT / "audit-bundle"
    with target.open("wb") as out:
        async for part in door.audit.ExportBundle(audit_pb2.ExportBundleRequest()):
            out.write(part.chunk)
    entries = await door.audit.ListEntries(audit_pb2.ListEntriesRequest())
    for entry in entries.entries:
        _say(f"  leaf {entry.leaf_index}: {entry.event} {answers.entry(entry)['decision']}")
    report = verification.verify(target, VerifierKey.load(settings.keys_folder / "log.pub"))
    _expect(report.ok, "the exported bundle verifies with the public key alone")
    _say(f"{target}: every leaf, the tree and the signature hold")


async def _run(settings: Settings) -> None:
    clip = sample_clip(_CLIP, settings.cache_folder)
    async with ready(settings) as door:
        prompt_verdict_id = await _prompts(door)
        clip_id = await _review(door, clip, prompt_verdict_id)
        signed = await _release(door, clip_id)
        await _verify(door, signed, clip_id)
        await _record(door, settings)


def main() -> None:
    """Run the demo; the exit status is 0 when everything came out as it should."""
    shutil.rmtree(_OUT, ignore_errors=True)
    _OUT.mkdir()
    cache = settings_module.load().cache_folder
    settings = settings_module.load(
        environ={},
        home=_OUT / "home",
        cache=cache,
        listen=free_address(),
        provider="Framegate demo",
    )
    click.secho("Framegate: a prompt and a clip, from screening to a signed release", bold=True)
    click.echo(
        f"A server is starting on {settings.listen}, with its data and with keys made for "
        f"development in {settings.home}."
    )
    try:
        with server_process(settings, _OUT / "server.log"):
            asyncio.run(_run(settings))
    except (DemoFailed, grpc.RpcError) as error:
        failed = answers.failure(error) if isinstance(error, grpc.RpcError) else str(error)
        click.secho(f"The demo failed: {failed} (see {_OUT / 'server.log'})", fg="red", err=True)
        raise SystemExit(1) from None
    click.echo()
    click.secho(f"Done. Look at {_OUT / 'released.mp4'} and {_OUT / 'audit-bundle'}.", bold=True)


if __name__ == "__main__":
    main()
