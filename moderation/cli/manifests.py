"""`framegate manifest`: what the Content Credentials of a file say, whole, as crJSON."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import click

from media.errors import InvalidInput
from moderation.cli.room import Room, pass_room
from provenance import engine, ingredients
from provenance.errors import CredentialsMissing
from provenance.keys import credentials
from provenance.trust import TrustAnchors, load_list, load_others


class NoManifest(InvalidInput):
    """The file carries no manifest, only a link to one, or one that cannot be read."""

    code = "NOT_FOUND"
    reason = "NO_MANIFEST"


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@pass_room
def manifest(room: Room, file: Path) -> None:
    """Print all manifests of FILE (a clip or a picture) and their validation as crJSON.

    That is the form of the C2PA conformance programme, for other programs. It holds everything
    that the signers wrote, personal data included: `framegate verify` shows what is safe to show.
    """
    kind = ingredients.media_type(file)
    try:
        found = engine.read_crjson(file, kind, _anchors(room))
    except engine.RemoteOnly as error:
        raise NoManifest("the manifest lies elsewhere and is not fetched", field="file") from error
    except engine.EngineError as error:
        raise NoManifest(f"the manifest cannot be read ({error.kind})", field="file") from error
    if found is None:
        raise NoManifest("the file carries no manifest", field="file")
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))


def _anchors(room: Room) -> TrustAnchors:
    """Whom the house believes, as its workers do."""
    settings = room.settings
    folder = settings.keys_folder
    lists = {
        name: load_list(path, name)
        for name in ("c2pa_trust_list", "tsa_trust_list")
        if (path := getattr(settings, name))
    }
    own, others = "", load_others(folder / credentials.TRUSTED)
    with contextlib.suppress(CredentialsMissing):  # who never signs may still ask
        own = credentials.load(folder, for_signing=False).anchors.own
    return TrustAnchors(
        own=own,
        others=others,
        c2pa=lists.get("c2pa_trust_list", ""),
        tsa=lists.get("tsa_trust_list", ""),
    )
