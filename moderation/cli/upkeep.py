"""`framegate serve | check | models …`: running and keeping the house."""

from __future__ import annotations

from typing import Literal

import click
from rich.console import Console
from rich.progress import Progress

from media.errors import FramegateError
from models.errors import ModelUnavailable
from models.registry import Registry
from moderation import assembly
from moderation.cli import answers
from moderation.cli.adaptation import models_adapt
from moderation.cli.evaluation import models_evaluate
from moderation.cli.room import Room, complain, json_option, pass_room, run, say
from moderation.policy import Policy
from moderation.service.server import serve_until_told
from provenance.detection import loading
from provenance.keys import credentials
from provenance.watermark import keyfiles as watermark_keys
from provenance.watermark import networks


@click.command()
@click.option("--listen", default="", metavar="HOST:PORT", help="Overrides the setting.")
@pass_room
def serve(room: Room, listen: str) -> None:
    """Serve until SIGTERM or Ctrl-C, then drain."""

    async def work() -> int:
        async with assembly.open_gate(room.settings) as gate:
            await serve_until_told(gate, room.settings, listen)
        return 0

    run(work)


@click.group()
def models() -> None:
    """The models: what they are, where they come from, whether they are intact."""


@models.command("list")
@json_option
@pass_room
def models_list(room: Room, *, as_json: bool) -> None:
    """List the models and what they look for."""
    for card in Registry(room.settings.cache_folder).cards():
        answer = {
            "id": card.id,
            "version": card.version,
            "task": card.task,
            "profile": card.profile,
            "license": card.license,
            "categories": list(card.categories),
        }
        text = f"{card.id:<16} {card.version:<8} {card.task:<22} {', '.join(card.categories)}"
        say(answer) if as_json else click.echo(text)


@models.command("fetch")
@click.option("--profile", default="embedded", type=click.Choice(["embedded", "hub"]))
@pass_room
def models_fetch(room: Room, profile: Literal["embedded", "hub"]) -> None:
    """Bring what a profile needs into the cache and check every digest.

    A detector of your own, which `detect_model` names, comes too, whatever its profile.
    """
    console = Console(stderr=True)
    cache, detector = room.settings.cache_folder, room.settings.detect_model
    with Progress(console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("models", total=None)

        def told(name: str) -> None:
            progress.update(task, description=name)

        Registry(cache).fetch(profile=profile, progress=told)
        if loading.is_folder(detector):
            registry, card = loading.find(cache, detector)
            registry.fetch([card.id], progress=told)
    click.echo(f"models of profile {profile} are in {room.settings.cache_folder}")


@models.command("check")
@json_option
@pass_room
def models_check(room: Room, *, as_json: bool) -> None:
    """Check the digest of every model file in the cache."""
    good = True
    for state in Registry(room.settings.cache_folder).check():
        good = good and state.state == "ready"
        answer = {"id": state.id, "state": state.state, "files": dict(state.files)}
        text = f"{state.id:<16} {state.state}"
        say(answer) if as_json else click.echo(text)
    raise SystemExit(0 if good else answers.EXIT_FAILED)


models.add_command(models_evaluate)
models.add_command(models_adapt)


@click.command()
@json_option
@pass_room
def check(room: Room, *, as_json: bool) -> None:
    """Print the settings with secrets hidden, and check everything that a start needs."""
    answer: answers.Answer = {"settings": room.settings.shown(), "problems": []}
    for part, look in _CHECKS.items():
        try:
            answer[part] = look(room)
        except FramegateError as error:
            answer["problems"].append({"part": part, **answers.failure(error)})
    if as_json:
        say(answer)
    else:
        for name, value in answer["settings"].items():
            click.echo(f"{name} = {value}")
        for part in _CHECKS:
            if part in answer:
                click.echo(f"{part}: {answer[part]}")
        for problem in answer["problems"]:
            complain(problem, problem["part"])
    raise SystemExit(answers.EXIT_FAILED if answer["problems"] else 0)


def _check_models(room: Room) -> str:
    states = Registry(room.settings.cache_folder).check()
    if broken := [state.id for state in states if state.state != "ready"]:
        raise assembly.NotReady(f"run framegate models fetch; not intact: {', '.join(broken)}")
    return f"{len(states)} intact"


def _check_detector(room: Room) -> str:
    settings = room.settings
    assembly.check_detector(settings, assembly.load_policy(settings))
    registry, card = loading.find(settings.cache_folder, settings.detect_model)
    try:
        registry.files(card.id)
        worth = "" if loading.decides(registry, card) else ", never answers likely_ai"
    except ModelUnavailable:
        if loading.is_folder(settings.detect_model):
            raise
        # It is among the models that were found not intact.
        worth = ", not in the cache"
    return f"{card.id} {card.version}{worth}"


def _check_policy(room: Room) -> str:
    policy: Policy = assembly.load_policy(room.settings)
    return f"{policy.id} {policy.version} {policy.digest}"


def _check_credentials(room: Room) -> str:
    settings = room.settings
    loaded = credentials.load(settings.keys_folder, min_days=settings.certificate_min_days)
    kind = "DEVELOPMENT, not for production" if loaded.development else "operator's"
    return f"{kind}, valid until {loaded.not_after:%Y-%m-%d}"


def _check_watermark(room: Room) -> str:
    if not room.settings.watermark:
        return "off"
    key = watermark_keys.active(watermark_keys.load(room.settings.keys_folder))
    if not room.settings.watermark_neural:
        return f"on, key {key.id}"
    # Loaded for once, which a start does not: a file may be the right one and no such network.
    return f"on, key {key.id}, network {networks.load(room.settings.watermark_neural).id}"


_CHECKS = {
    "models": _check_models,
    "detector": _check_detector,
    "policy": _check_policy,
    "credentials": _check_credentials,
    "watermark": _check_watermark,
}
