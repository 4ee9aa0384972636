"""`framegate keys …`: the keys that clips are signed and marked with."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from moderation import assembly
from moderation.cli.room import Room, json_option, pass_room, say
from provenance.keys import rotation
from provenance.watermark import keyfiles
from provenance.watermark.keys import KeyState, WatermarkKey


@click.group()
def keys() -> None:
    """Keys and certificates."""


@keys.command("init")
@click.option("--organization", default="", help="Name in the certificates.")
@json_option
@pass_room
def keys_init(room: Room, organization: str, *, as_json: bool) -> None:
    """Make what is missing of log key, master key, watermark key and signing credentials.

    The signing credentials are for DEVELOPMENT.
    """
    folder = room.settings.keys_folder
    made = assembly.make_keys(folder, organization or room.settings.provider, datetime.now(UTC))
    if as_json:
        say({"folder": str(folder), "made": list(made)})
        return
    click.echo(f"{folder}: {', '.join(made) if made else 'everything was there already'}")
    if "signing credentials" in made:
        click.secho(
            "The signing credentials are for development: their root is trusted by nobody but "
            "this installation. For production, put the chain and key that your certificate "
            "authority issued in their place.",
            fg="yellow",
        )


@keys.command("rotate")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@json_option
@pass_room
def keys_rotate(room: Room, folder: Path, *, as_json: bool) -> None:
    """Put the signing credentials in FOLDER into use, in one step and without a restart."""
    settings = room.settings
    new = rotation.rotate(
        settings.keys_folder,
        folder,
        now=datetime.now(UTC),
        min_days=settings.certificate_min_days,
    )
    answer = {"serial": new.serial, "expires": new.not_after.isoformat()}
    if as_json:
        say(answer)
    else:
        click.echo(f"in use from now on: serial {new.serial}, until {new.not_after:%Y-%m-%d}")


@keys.group("watermark")
def keys_watermark() -> None:
    """Keys of the invisible watermark. None is ever deleted: old clips are found with it."""


@keys_watermark.command("new")
@json_option
@pass_room
def keys_watermark_new(room: Room, *, as_json: bool) -> None:
    """Make a key and use it from the next release on."""
    _said(keyfiles.new(room.settings.keys_folder, datetime.now(UTC)), as_json=as_json)


@keys_watermark.command("list")
@json_option
@pass_room
def keys_watermark_list(room: Room, *, as_json: bool) -> None:
    """List the keys and what each may still be used for."""
    for key in keyfiles.load(room.settings.keys_folder):
        _said(key, as_json=as_json)


@keys_watermark.command("retire")
@click.argument("key_id")
@json_option
@pass_room
def keys_watermark_retire(room: Room, key_id: str, *, as_json: bool) -> None:
    """Mark nothing new with a key. What it marked is found as before. There is no way back."""
    _said(keyfiles.turn(room.settings.keys_folder, key_id, KeyState.RETIRED), as_json=as_json)


@keys_watermark.command("leaked")
@click.argument("key_id")
@json_option
@pass_room
def keys_watermark_leaked(room: Room, key_id: str, *, as_json: bool) -> None:
    """Declare that others have a key: what is found with it proves nothing from now on."""
    _said(keyfiles.turn(room.settings.keys_folder, key_id, KeyState.LEAKED), as_json=as_json)


def _said(key: WatermarkKey, *, as_json: bool) -> None:
    if as_json:
        say({"key_id": key.id, "state": key.state.value})
    else:
        click.echo(f"{key.id}  {key.state}")
