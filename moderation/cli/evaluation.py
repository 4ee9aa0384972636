"""`framegate models evaluate`: measure the prompt model and the screening round it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

import click

from media.errors import InvalidInput
from models.classifiers import TextClassifier
from models.evaluation import alternatives, cost, headlines, report
from models.evaluation.alternatives import Alternative
from models.evaluation.evaluating import Evaluation
from models.evaluation.evaluating import evaluate as measure
from models.evaluation.evasions import Attacks
from models.evaluation.systems import Judged, Remembering
from models.evaluation.writing import write_card, write_report
from models.registry import Registry
from moderation import assembly
from moderation.cli import frame_evaluation
from moderation.cli.room import Room, pass_room
from moderation.policy import Policy, evaluate
from moderation.prompts.normalise import normalise
from moderation.prompts.parts import PromptRequest
from moderation.prompts.screener import PromptScreener
from moderation.prompts.stage import PromptStage
from moderation.settings import Settings
from moderation.taxonomy import categories
from moderation.verdict import Stage


class ShippedScreening:
    """The screening of this house with its policy, as `models.evaluation` asks for it.

    Args:
        classifier: The prompt model.
        policy: The policy, with the numbers of the cards in it.
    """

    def __init__(self, classifier: TextClassifier, policy: Policy) -> None:
        self._screener = PromptScreener(classifier, (classifier.card.id, classifier.categories))
        self._policy = policy

    @property
    def policy(self) -> str:
        """Name, version and digest of the policy."""
        return f"{self._policy.id} {self._policy.version} `{self._policy.digest}`"

    @property
    def categories(self) -> tuple[str, ...]:
        """Every category of the taxonomy."""
        return tuple(categories())

    @cached_property
    def review(self) -> Mapping[str, float]:
        """Scores at which the policy asks for review (or blocks, where it knows no review)."""
        return self._limits(0) | {
            name: limit for name, limit in self.block.items() if name not in self._limits(0)
        }

    @cached_property
    def block(self) -> Mapping[str, float]:
        """Scores at which the policy blocks."""
        return self._limits(1)

    def read(self, text: str) -> str:
        """The text as the classifier sees it; as it is where the screening refuses it."""
        try:
            return normalise(text).text
        except InvalidInput:
            return text

    def judge(self, text: str) -> Judged:
        """Judges one text as `ScreenPrompt` does, without writing a record."""
        try:
            screening = self._screener.screen(PromptRequest(prompt=text))
        except InvalidInput:
            return Judged("refused", {})
        judgement = evaluate(
            self._policy,
            screening.signals,
            screening.degraded,
            screening.context,
            covered=screening.covered,
            content_sha256=screening.content_sha256,
            models=screening.models,
        )
        return Judged(judgement.decision.value, judgement.scores)

    def _limits(self, which: int) -> dict[str, float]:
        found = {name: self._policy.thresholds(Stage.PROMPT, name)[which] for name in categories()}
        return {name: limit for name, limit in found.items() if limit is not None}


@contextmanager
def whole_screening(
    settings: Settings, classifier: TextClassifier, policy: Policy
) -> Iterator[Callable[[str], object]]:
    """All that the service does with a prompt but for the record: also the explanation."""
    screener = PromptScreener(classifier, (classifier.card.id, classifier.categories))
    stage = PromptStage(settings, policy, screener)
    with asyncio.Runner() as runner:
        try:
            yield lambda text: runner.run(
                stage.judge(PromptRequest(prompt=text), remaining_ms=None)
            )
        finally:
            stage.close()


def run_evaluation(
    settings: Settings,
    model_id: str,
    data: Path,
    *,
    sample: int | None,
    compare: bool,
    attacks: Attacks | None = None,
) -> Evaluation:
    """Measures the model, the screening and what they cost; says on stderr what it does.

    Raises:
        FramegateError: The model is not in the cache, or the folder holds no set.
    """

    def told(line: str) -> None:
        click.echo(line, err=True)

    bare = Registry(settings.cache_folder).text(model_id)
    policy = assembly.load_policy(settings)
    remembering = Remembering(bare)
    found = measure(
        remembering,
        ShippedScreening(remembering, policy),
        data,
        sample=sample,
        compare=compare,
        attacks=attacks,
        say=told,
    )
    told("CPU")
    others = alternatives.alternatives(data)[0] if compare else []
    calls = [(other.name, partial(_score_one, other)) for other in others]
    with whole_screening(settings, bare, policy) as screen:
        paid = tuple(cost.cost_numbers(screen, calls))
    return replace(found, numbers=(*found.numbers, *paid))


def _score_one(alternative: Alternative, text: str) -> object:
    return alternative.score([text])


def finish(evaluation: Evaluation, out: Path | None, *, write: bool, settings: Settings) -> None:
    """Prints the headlines and writes what was asked for.

    Raises:
        InvalidInput: The README of the model has no place for a report.
    """
    if out is not None:
        evaluation = write_report(evaluation, out)
        click.echo(f"report, numbers and plots are in {out}", err=True)
    if write:
        folder = Registry(settings.cache_folder).card(evaluation.model[0]).folder
        try:
            write_card(evaluation, folder)
        except ValueError as error:
            raise InvalidInput(str(error), field="write") from error
    click.echo(report.listing(headlines.chosen(evaluation.numbers)))


@click.command("evaluate")
@click.argument("model_id", metavar="MODEL", default=assembly.PROMPT_MODEL)
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="Folder of labelled sets: *.jsonl.gz in it or in its eval folder, index.json beside.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder for report, JSON and plots.")
@click.option(
    "--sample",
    type=click.IntRange(min=0),
    help="Most rows of one language of a set; 0 for all. [default: 400 in sets of over 5,000]",
)
@click.option("--compare/--no-compare", default=True, help="Measure installed alternatives too.")
@click.option("--write", is_flag=True, help="Write the model's card and README anew.")
@pass_room
def models_evaluate(
    room: Room,
    model_id: str,
    data: Path,
    out: Path | None,
    sample: int | None,
    *,
    compare: bool,
    write: bool,
) -> None:
    """Measure a prompt model and the screening round it; or clip review, with MODEL "frames"."""
    if model_id == frame_evaluation.NAME:
        frame_evaluation.run_evaluation(room.settings, data, out)
        return
    evaluation = run_evaluation(room.settings, model_id, data, sample=sample, compare=compare)
    finish(evaluation, out, write=write, settings=room.settings)
