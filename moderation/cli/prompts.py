"""`framegate screen`: judge prompts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any, TextIO

import click
import grpc

from framegate.v1.moderation_pb2 import ScreenPromptRequest
from media.errors import FramegateError, InvalidInput
from moderation.cli import answers
from moderation.cli.door import Door, opened
from moderation.cli.room import Room, complain, json_option, pass_room, run, say

# How many lines of a file are on their way at once; the answers keep the order of the file.
_AHEAD = 8
# The parts of a request by their fields' names.
Parts = dict[str, Any]
_COLOURS = {"allow": "green", "review": "yellow", "block": "red"}


class LineInvalid(InvalidInput):
    """A line of the input file is not `{"id": …, "text": …}`, with further parts or without."""

    reason = "LINE_INVALID"


class PromptNotText(InvalidInput):
    """A prompt that cannot be sent because it is not Unicode text."""

    reason = "PROMPT_NOT_UNICODE"


@click.command()
@click.argument("text", required=False)
@click.option("--negative", default="", metavar="TEXT", help="What is to be kept out.")
@click.option(
    "--caption", "captions", multiple=True, metavar="TEXT", help="Caption of a reference image."
)
@click.option(
    "--shot", "shots", multiple=True, metavar="TEXT", help="One shot of a storyboard, in order."
)
@click.option(
    "--jsonl",
    # Bytes that are no UTF-8 spoil their own line and not the whole file.
    type=click.File("r", encoding="utf-8", errors="surrogateescape"),
    help='Read {"id","text"} a line, with "negative_prompt", "reference_captions", "shots" where '
    "there are any; - is stdin.",
)
@click.option("--subject", default="", help="Pseudonym of the user.")
@json_option
@pass_room
def screen(
    room: Room,
    text: str | None,
    negative: str,
    captions: tuple[str, ...],
    shots: tuple[str, ...],
    jsonl: TextIO | None,
    subject: str,
    as_json: bool,
) -> None:
    """Judge TEXT and what is sent with it, or every line of a JSON Lines file."""
    asked = text is not None or bool(shots)
    if asked == (jsonl is not None) or (jsonl is not None and (negative or captions)):
        raise click.UsageError("give TEXT or --shot TEXT, or --jsonl FILE alone")
    if jsonl is not None:
        lines: Iterator[str] = iter(jsonl)
        run(lambda: _screen_lines(room, lines, subject))
    else:
        parts = _parts(text or "", negative, captions, shots)
        run(lambda: _screen_one(room, parts, subject, as_json=as_json))


def _parts(text: object, negative: object, captions: object, shots: object) -> Parts:
    """The parts of a request by their fields' names.

    Raises:
        TypeError: When one is neither text nor, where there can be several, a list of texts.
    """
    if not (isinstance(captions, list | tuple) and isinstance(shots, list | tuple)):
        raise TypeError
    if not all(isinstance(each, str) for each in (text, negative, *captions, *shots)):
        raise TypeError
    return {
        "prompt": text,
        "negative_prompt": negative,
        "reference_captions": list(captions),
        "shots": list(shots),
    }


async def _screen_one(room: Room, parts: Parts, subject: str, *, as_json: bool) -> int:
    async with opened(room.settings, room.server, tls_ca=room.tls_ca) as door:
        answer = await _ask(door, parts, subject)
    if as_json:
        say(answer)
    elif "error" in answer:
        complain(answer["error"])
    else:
        _show(answer)
    return answers.EXIT_FAILED if "error" in answer else answers.EXIT[answer["decision"]]


async def _screen_lines(room: Room, lines: Iterator[str], subject: str) -> int:
    decisions, failed = [], False
    async with opened(room.settings, room.server, tls_ca=room.tls_ca) as door:
        async for answer in _in_order(door, lines, subject):
            say(answer)
            if "error" in answer:
                failed = True
            else:
                decisions.append(answer["decision"])
    return answers.strictest(decisions) or (answers.EXIT_FAILED if failed else 0)


async def _in_order(
    door: Door, lines: Iterator[str], subject: str
) -> AsyncIterator[answers.Answer]:
    waiting: list[asyncio.Task[answers.Answer]] = []
    for line in lines:
        if line.strip():
            waiting.append(asyncio.create_task(_line(door, line, subject)))
        if len(waiting) == _AHEAD:
            yield await waiting.pop(0)
    for task in waiting:
        yield await task


async def _line(door: Door, line: str, subject: str) -> answers.Answer:
    try:
        value: Any = json.loads(line)
        identifier = value["id"]
        # A storyboard needs no text beside its shots.
        parts = _parts(
            value.get("text", "") if "shots" in value else value["text"],
            value.get("negative_prompt", ""),
            value.get("reference_captions", ()),
            value.get("shots", ()),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        error = LineInvalid('each line is {"id": …, "text": "…"}', field="line")
        return {"id": None, "error": answers.failure(error)}
    return {"id": identifier, **await _ask(door, parts, subject)}


async def _ask(door: Door, parts: Parts, subject: str) -> answers.Answer:
    try:
        try:
            request = ScreenPromptRequest(subject_id=subject, **parts)
        except (ValueError, UnicodeError) as error:
            raise PromptNotText("the prompt is not Unicode text", field="prompt") from error
        response = await door.moderation.ScreenPrompt(request)
    except (FramegateError, grpc.RpcError) as error:
        return {"error": answers.failure(error)}
    return answers.verdict(response.verdict)


def _show(answer: answers.Answer) -> None:
    decision = answer["decision"]
    click.secho(decision.upper(), fg=_COLOURS[decision], bold=True)
    if answer["user_text"]:
        click.echo(answer["user_text"])
    for found in answer["findings"]:
        click.echo(
            f"  {found['category']}: {found['score']:.2f} "
            f"(from {found['threshold']:.2f}, clause {found['clause']}, seen by {found['source']})"
        )
        if "score_without" in found:
            click.echo(f"    {found['score_without']:.2f} without {_places(found)}")
    for missing in answer["degraded"]:
        click.echo(f"  not checked: {missing['source']} ({missing['reason']})")
    click.echo(f"  recorded as leaf {answer['audit']['leaf_index']}")


def _places(found: answers.Answer) -> str:
    """Where the words stand that a finding is about; the words themselves are not repeated."""
    places = []
    for start, end, *part in found["chars"]:
        places.append(f"characters {start} to {end} of {part[0] if part else 'the prompt'}")
    return ", ".join(places)
