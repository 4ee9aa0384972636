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
_COLOURS = {"allow": "green", "review": "yellow", "block": "red"}


class LineInvalid(InvalidInput):
    """A line of the input file is not `{"id": …, "text": …}`."""

    reason = "LINE_INVALID"


class PromptNotText(InvalidInput):
    """A prompt that cannot be sent because it is not Unicode text."""

    reason = "PROMPT_NOT_UNICODE"


@click.command()
@click.argument("text", required=False)
@click.option(
    "--jsonl",
    # Bytes that are no UTF-8 spoil their own line and not the whole file.
    type=click.File("r", encoding="utf-8", errors="surrogateescape"),
    help='Read {"id","text"} a line; - is stdin.',
)
@click.option("--subject", default="", help="Pseudonym of the user.")
@json_option
@pass_room
def screen(room: Room, text: str | None, jsonl: TextIO | None, subject: str, as_json: bool) -> None:
    """Judge TEXT, or every line of a JSON Lines file."""
    if (text is None) == (jsonl is None):
        raise click.UsageError("give TEXT or --jsonl FILE")
    if jsonl is not None:
        lines: Iterator[str] = iter(jsonl)
        run(lambda: _screen_lines(room, lines, subject))
    else:
        run(lambda: _screen_one(room, text or "", subject, as_json=as_json))


async def _screen_one(room: Room, text: str, subject: str, *, as_json: bool) -> int:
    async with opened(room.settings, room.server, tls_ca=room.tls_ca) as door:
        answer = await _ask(door, text, subject)
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
        identifier, text = value["id"], value["text"]
        if not isinstance(text, str):
            raise TypeError
    except (ValueError, TypeError, KeyError, RecursionError):
        error = LineInvalid('each line is {"id": …, "text": "…"}', field="line")
        return {"id": None, "error": answers.failure(error)}
    return {"id": identifier, **await _ask(door, text, subject)}


async def _ask(door: Door, text: str, subject: str) -> answers.Answer:
    try:
        try:
            request = ScreenPromptRequest(prompt=text, subject_id=subject)
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
    for missing in answer["degraded"]:
        click.echo(f"  not checked: {missing['source']} ({missing['reason']})")
    click.echo(f"  recorded as leaf {answer['audit']['leaf_index']}")
