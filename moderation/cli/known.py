"""`framegate known import | export | lists | show | confirm | deny | …`: lists of known media."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
from sqlalchemy.exc import SQLAlchemyError

from media.errors import InvalidInput
from moderation.assembly import open_log
from moderation.cli import answers
from moderation.cli.room import Room, json_option, pass_room, say
from moderation.clips.known import FAMILY, known_categories
from moderation.entries import now_ms
from moderation.hash_lists import HashLists
from moderation.store.errors import DatabaseUnavailable
from provenance.fingerprint.exchange import MAX_NAME, read_file, write_list
from provenance.fingerprint.records import FOREVER, KnownHash, KnownList, Opinion

MAX_DAYS: Final = 3_650

_DAY_MS: Final = 24 * 60 * 60 * 1000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_SHORT = [name.removeprefix(FAMILY) for name in known_categories()]


@click.group()
def known() -> None:
    """Hash lists of known media, which clips are compared with when they are reviewed.

    These commands work on the database of this house; a server that runs on it follows.
    """


@known.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--list", "list_name", required=True, help="Name of the list; an old one is replaced."
)
@click.option("--category", type=click.Choice(_SHORT), help="What its entries are.")
@click.option("--allow", is_flag=True, help="Its entries suppress matches instead.")
@click.option(
    "--expires",
    "days",
    type=click.IntRange(1, MAX_DAYS),
    metavar="DAYS",
    help="After so many days its entries do not count any more.",
)
@json_option
@pass_room
def import_list(
    room: Room,
    file: Path,
    list_name: str,
    category: str | None,
    days: int | None,
    *,
    allow: bool,
    as_json: bool,
) -> None:
    """Put the hashes of FILE into use: PDQ or vPDQ, in the forms of ThreatExchange.

    Opinions that were given on entries of this list before are kept.
    """
    _check_name(list_name)
    if allow == (category is not None):
        raise InvalidInput("give either --category or --allow", field="category")
    entries = _read(
        file,
        list_name=list_name,
        category=f"{FAMILY}{category}" if category else "",
        expires_ms=now_ms() + days * _DAY_MS if days else FOREVER,
        allowed=allow,
    )
    with _lists(room) as lists:
        new = lists.put(list_name, entries)
    if as_json:
        say(_said(new))
    else:
        click.echo(f"{new.list_name}: {new.entries} entries, sha256:{new.digest}")


@known.command("export")
@click.argument("list_name", metavar="LIST")
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path))
@json_option
@pass_room
def export_list(room: Room, list_name: str, target: Path, *, as_json: bool) -> None:
    """Write LIST to OUT, whole or not at all, in the form that `import` reads.

    Opinions, expiry and category are not part of that form; denied entries are written too.
    """
    part = target.with_name(f".{target.name}.part")
    with _lists(room) as lists:
        listed = lists.get(list_name)
        try:
            with part.open("w", encoding="ascii") as out:
                out.writelines(write_list(lists.entries(listed)))
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    if as_json:
        say({"file": str(target), **_said(listed)})
    else:
        click.echo(f"{target}: {listed.entries} entries")


@known.command("lists")
@json_option
@pass_room
def all_lists(room: Room, *, as_json: bool) -> None:
    """List the lists."""
    with _lists(room) as lists:
        found = [(each, lists.opinions(each.list_name)) for each in lists.lists()]
    for each, opinions in found:
        given = Counter(opinion.value for opinion in opinions.values())
        decided = {name: given[name] for name in (Opinion.CONFIRMED.value, Opinion.DENIED.value)}
        words = "".join(f", {count} {name}" for name, count in decided.items() if count)
        say({**_said(each), **decided}) if as_json else click.echo(_line(each) + words)
    if not found and not as_json:
        click.echo("no list: nothing is compared with known media")


@known.command("show")
@click.argument("list_name", metavar="LIST")
@click.option("--limit", default=100, show_default=True, help="At most so many entries.")
@click.option("--opinion", type=click.Choice([each.value for each in Opinion]), help="Only these.")
@json_option
@pass_room
def show_list(
    room: Room, list_name: str, limit: int, opinion: str | None, *, as_json: bool
) -> None:
    """Show LIST and its entries, by their ids."""
    with _lists(room) as lists:
        listed = lists.get(list_name)
        say(_said(listed)) if as_json else click.echo(_line(listed))
        shown = 0
        for entry in lists.entries(listed):
            if shown >= limit:
                break
            if opinion is None or entry.opinion.value == opinion:
                shown += 1
                say(_entry(entry)) if as_json else click.echo(_entry_line(entry))


@known.command("remove")
@click.argument("list_name", metavar="LIST")
@json_option
@pass_room
def remove_list(room: Room, list_name: str, *, as_json: bool) -> None:
    """Forget LIST and the opinions on it."""
    with _lists(room) as lists:
        old = lists.remove(list_name)
    say(_said(old)) if as_json else click.echo(f"{old.list_name}: removed, {old.entries} entries")


def _opinion_command(name: str, opinion: Opinion, says: str) -> click.Command:
    @click.command(name, help=says)
    @click.argument("list_name", metavar="LIST")
    @click.argument("entry_id", metavar="ENTRY")
    @json_option
    @pass_room
    def decide(room: Room, list_name: str, entry_id: str, *, as_json: bool) -> None:
        with _lists(room) as lists:
            lists.decide(list_name, entry_id, opinion)
        answer: answers.Answer = {"list": list_name, "entry_id": entry_id, "opinion": opinion.value}
        say(answer) if as_json else click.echo(f"{list_name} {entry_id}: {opinion}")

    return decide


for command in (
    _opinion_command("confirm", Opinion.CONFIRMED, "Say that ENTRY of LIST is what LIST is of."),
    _opinion_command("deny", Opinion.DENIED, "Say that it is not; it is never matched again."),
    _opinion_command("reopen", Opinion.UNREVIEWED, "Take back what was said of it."),
):
    known.add_command(command)


@contextmanager
def _lists(room: Room) -> Iterator[HashLists]:
    if room.server:
        raise InvalidInput(
            "hash lists are kept where the database is; run this there, without --server",
            field="server",
        )
    try:
        with open_log(room.settings) as log:
            yield HashLists(log)
    except SQLAlchemyError as error:
        raise DatabaseUnavailable(
            "the database does not answer, or is held by another process", field="database"
        ) from error


def _check_name(name: str) -> None:
    if len(name) > MAX_NAME or not _NAME.fullmatch(name):
        raise InvalidInput(
            "the name of a list has letters, digits, dots, underscores and hyphens, and begins "
            "with a letter or a digit",
            field="list",
            limit=MAX_NAME,
            actual=len(name),
        )


def _read(
    file: Path, *, list_name: str, category: str, expires_ms: int, allowed: bool
) -> Iterator[KnownHash]:
    # Bytes that are no UTF-8 make a line that is refused by its number.
    with file.open(encoding="utf-8-sig", errors="replace", newline="\n") as text:
        yield from read_file(
            text, list_name=list_name, category=category, expires_ms=expires_ms, allowed=allowed
        )


def _said(listed: KnownList) -> answers.Answer:
    return {
        "list": listed.list_name,
        "entries": listed.entries,
        "categories": list(listed.categories),
        "allow": listed.allowed,
        "expires": _date(listed.expires_ms),
        "imported": _date(listed.created_ms),
        "digest": f"sha256:{listed.digest}",
    }


def _line(listed: KnownList) -> str:
    what = "allow" if listed.allowed else " ".join(listed.categories)
    until = _date(listed.expires_ms)
    expired = until and listed.expires_ms <= now_ms()
    return (
        f"{listed.list_name:<24} {listed.entries:>8}  {what:<22} "
        f"imported {_date(listed.created_ms)[:10]}"
        + (f", {'expired' if expired else 'until'} {until[:10]}" if until else "")
    )


def _entry(entry: KnownHash) -> answers.Answer:
    return {
        "entry_id": entry.entry_id,
        "signal": entry.signal.value,
        "hashes": len(entry.marks),
        "opinion": entry.opinion.value,
        "expires": _date(entry.expires_ms),
    }


def _entry_line(entry: KnownHash) -> str:
    return f"  {entry.entry_id}  {entry.signal:<4} {len(entry.marks):>6}  {entry.opinion}"


def _date(time_ms: int) -> str:
    """An ISO 8601 time, or "" for one that never comes."""
    if not 0 < time_ms < FOREVER:
        return ""
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat(timespec="seconds")
