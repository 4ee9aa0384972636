"""`framegate models evaluate frames`: measure the frame classifiers and clip review."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import click

from media.errors import FramegateError
from models.classifiers import FrameClassifier
from models.evaluation.frames import clips, planted, report, stills
from models.evaluation.frames.clips import JudgedClip, Span
from models.evaluation.numbers import Number
from models.frame_sets import Picture
from models.frame_sets import stills as read_stills
from models.registry import Registry
from moderation import assembly
from moderation.clips.jobs import ReviewJob
from moderation.clips.judging import judge
from moderation.clips.reviewer import ClipReviewer
from moderation.policy import Policy
from moderation.settings import Settings
from moderation.verdict import Context, Stage

NAME: Final = "frames"
"""What is given in place of a model's id."""

PLANTED: Final = 40
_SEED: Final = 0

Tell = Callable[[str], None]


class LocalReview:
    """Clip review in this process, judged by the shipped policy, without a record.

    Args:
        settings: Limits and where the models are.
        policy: What clips are judged by.
    """

    def __init__(self, settings: Settings, policy: Policy) -> None:
        self._settings = settings
        self._policy = policy
        self._reviewer = ClipReviewer(Registry(settings.cache_folder))

    def __call__(self, path: Path) -> JudgedClip:
        """Review one clip; one that cannot be decoded is refused."""
        job = ReviewJob(
            str(path),
            self._settings.media_limits,
            self._policy.min_fps,
            self._policy.floors(Stage.FRAMES, Context(Stage.FRAMES)),
        )
        try:
            reviewed = self._reviewer.review(job, lambda _: None, lambda: False)
        except FramegateError as error:
            return JudgedClip("refused", {}, reason=error.reason)
        judgement = judge(self._policy, reviewed, Context(Stage.FRAMES), "")
        scores = {
            (model.source, category): max(row[column] for row in model.scores)
            for model in reviewed.by_model
            for column, category in enumerate(model.categories)
        }
        spans = tuple(
            Span(
                finding.category,
                finding.decision.value,
                finding.signal.source,
                finding.signal.span.start_ms,
                finding.signal.span.end_ms,
            )
            for finding in judgement.findings
            if finding.signal.span is not None
        )
        return JudgedClip(judgement.decision.value, scores, spans)


def measure(settings: Settings, data: Path, tell: Tell) -> list[Number]:
    """Measure the embedded frame classifiers and the review of clips.

    Args:
        settings: Limits, policy and where the models are.
        data: The evaluation data: folders `image` and `video`.
        tell: Called with a line for each step.
    """
    policy = assembly.load_policy(settings)
    registry = Registry(settings.cache_folder)
    classifiers = [
        registry.frames(card.id)
        for card in registry.cards()
        if card.task == "image-classification" and card.profile == "embedded"
    ]
    pictures = [picture for picture in read_stills(data) if picture.split == "heldout"]
    tell(f"{len(pictures)} stills")
    numbers = stills.measure(classifiers, pictures, partial(policy.thresholds, Stage.FRAMES))
    review = LocalReview(settings, policy)
    chosen = clips.reported(list(clips.listed(data)))
    judged = []
    for number, clip in enumerate(chosen):
        if number % 20 == 0:
            tell(f"clip {number} of {len(chosen)}")
        judged.append(review(clip.path))
    numbers += clips.measure(chosen, judged)
    quiet = [
        clip.path
        for clip, found in zip(chosen, judged, strict=True)
        if found.decision == "allow" and not clip.fight
    ]
    shown = _shown(pictures)
    known = [pair for pair in shown if _is_flagged(*pair, classifiers, policy)]
    for name, pairs in (("stills that are flagged by themselves", known), ("all stills", shown)):
        tell(f"{PLANTED} planted spans of {name}")
        numbers += _planted(quiet, pairs, review, name)
    return numbers


def _shown(pictures: Sequence[Picture]) -> list[tuple[Picture, str]]:
    """Stills that show what is looked for, with their category."""
    return [
        (picture, task.category)
        for task in stills.TASKS[:2]
        for picture in pictures
        if task.is_positive(picture)
    ]


def _is_flagged(
    picture: Picture, category: str, classifiers: Sequence[FrameClassifier], policy: Policy
) -> bool:
    """Whether a model finds a still by itself."""
    for classifier in classifiers:
        if category in classifier.categories:
            row = classifier.score([picture.image])[0]
            limit = policy.thresholds(Stage.FRAMES, category, classifier.card.id)[0]
            if limit is not None and row[classifier.categories.index(category)] >= limit:
                return True
    return False


def _planted(
    quiet: Sequence[Path], shown: Sequence[tuple[Picture, str]], review: LocalReview, group: str
) -> list[Number]:
    source = random.Random(_SEED)  # noqa: S311 (no secret)
    found: list[planted.Planted] = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(4 * PLANTED if quiet and shown else 0):
            still, category = source.choice(shown)
            target = Path(folder) / f"{number}.mp4"
            made = planted.plant(source.choice(quiet), still, category, target, number)
            found += [made] if made else []
            if len(found) == PLANTED:
                break
        base = Number(measure="", data="planted spans", system="verdict", group=group)
        return planted.measure(found, review, base)


def run_evaluation(settings: Settings, data: Path, out: Path | None) -> None:
    """Measure, print and write the report."""
    numbers = measure(settings, data, lambda line: click.echo(line, err=True))
    text = report.as_markdown(numbers)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "frames.md").write_text(text + "\n", encoding="utf-8")
    click.echo(text)
