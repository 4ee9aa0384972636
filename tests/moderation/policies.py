"""What the tests of policies share: the default document and ways to change it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from moderation.policy import POLICIES, Policy, evaluate
from moderation.verdict import (
    Context,
    Degradation,
    Judgement,
    ModelRef,
    Sampling,
    Signal,
    Stage,
)

RAW = (POLICIES / "default.yaml").read_bytes()
DEFAULT = Policy.parse(RAW)
MODELS = (ModelRef("prompt-safety", "1.0.0", "sha256:00"), ModelRef("nsfw", "1.0.0", "sha256:01"))
SAMPLING = Sampling("all", 400, 25, 2, 400, 10_000)


def document() -> dict[str, Any]:
    """The default document as plain values, to change."""
    loaded: dict[str, Any] = yaml.safe_load(RAW)
    return loaded


def parse(changed: dict[str, Any]) -> Policy:
    return Policy.parse(yaml.safe_dump(changed, allow_unicode=True).encode())


def with_rules(*rules: dict[str, Any]) -> Policy:
    changed = document()
    changed["rules"] = list(rules)
    return parse(changed)


def judge(
    signals: Sequence[Signal],
    context: Context | None = None,
    *,
    policy: Policy = DEFAULT,
    faults: Sequence[Degradation] = (),
    covered: frozenset[str] | None = None,
    sampling: Sampling | None = SAMPLING,
) -> Judgement:
    context = context or Context(Stage.PROMPT)
    return evaluate(
        policy,
        signals,
        faults,
        context,
        covered=policy.required(context.stage) if covered is None else covered,
        content_sha256="ab" * 32,
        models=MODELS,
        sampling=sampling if context.stage is Stage.FRAMES else None,
    )


def prompt(category: str, score: float, source: str = "prompt-safety") -> Signal:
    return Signal(Stage.PROMPT, category, score, source)


def frames(category: str, score: float, source: str = "nsfw") -> Signal:
    return Signal(Stage.FRAMES, category, score, source)
