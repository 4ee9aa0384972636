"""The prompt stage as the gate sees it: look at a request, judge it, say why.

Knows the lane of prompts: one thread, because the prompt model has one and prompts wait for each
other in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from typing import TypeVar

from moderation import admission
from moderation.admission import Admission
from moderation.policy import Policy, evaluate
from moderation.prompts.parts import PromptRequest
from moderation.prompts.screener import PromptScreener, Screening
from moderation.settings import Settings
from moderation.stopwatch import Stopwatch
from moderation.verdict import Context, Decision, Finding, Judgement, Stage, StageLatency

T = TypeVar("T")
_FIRST = PromptRequest("A lake at dawn")


@dataclass(frozen=True, slots=True)
class JudgedPrompt:
    """A judgement over a request.

    Attributes:
        judgement: The judgement, with the words that its findings stand on.
        context: What was known of the request beside scores.
        latency: How long each step took.
    """

    judgement: Judgement
    context: Context
    latency: tuple[StageLatency, ...]


class PromptStage:
    """What is done with prompts; for one event loop, any number of requests at once.

    Args:
        settings: Limits.
        policy: What prompts are judged by.
        screener: Looks at them.
    """

    def __init__(self, settings: Settings, policy: Policy, screener: PromptScreener) -> None:
        self._policy = policy
        self._screener = screener
        self._lane = Admission("prompt", limit_ms=settings.prompt_queue_ms, workers=1)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="prompts")

    def close(self) -> None:
        """Wait for what is being read and end the lane's thread."""
        self._thread.shutdown()

    async def ready(self) -> None:
        """Read once, so that no caller waits while lists and models are loaded.

        Raises:
            FramegateError: A list is not as it must be.
        """
        await self._in_lane(lambda: self._screener.screen(_FIRST))

    async def judge(self, request: PromptRequest, *, remaining_ms: float | None) -> JudgedPrompt:
        """Screen a request, judge it, and name the words behind what stands against it.

        Args:
            request: What was sent.
            remaining_ms: Time until the caller's deadline, or None.

        Raises:
            InvalidInput: For a part in which nothing can be seen.
            Overloaded: When too much waits already.
        """
        watch = Stopwatch()
        with self._lane.admit(_estimate_ms(request), remaining_ms=remaining_ms):
            screening = await self._in_lane(lambda: self._screener.screen(request))
        watch.lap("classify")
        judgement = evaluate(
            self._policy,
            screening.signals,
            screening.degraded,
            screening.context,
            covered=screening.covered,
            content_sha256=screening.content_sha256,
            models=screening.models,
        )
        watch.lap("judge")
        if judgement.decision is not Decision.ALLOW and judgement.findings:
            judgement = await self._explained(judgement, screening)
            watch.lap("explain")
        return JudgedPrompt(judgement, screening.context, watch.laps)

    async def _explained(self, judgement: Judgement, screening: Screening) -> Judgement:
        """The judgement with the words that its findings stand on.

        Always done, also when much is waiting: the same request has the same verdict.
        """
        findings = judgement.findings
        targets = [self._harmless_below(finding) for finding in findings]
        longest = max((len(read.text.text) for read in screening.passages.values()), default=0)
        with self._lane.hold(admission.explanation_ms(longest)):
            explained = await self._in_lane(
                lambda: self._screener.explain(screening, findings, targets)
            )
        return replace(judgement, findings=explained)

    def _harmless_below(self, finding: Finding) -> float:
        """The score from which on something follows from the finding's signal."""
        own = self._policy.thresholds(Stage.PROMPT, finding.signal.category)
        return min([finding.threshold, *(number for number in own if number is not None)])

    async def _in_lane(self, work: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, copy_context().run, work)


def _estimate_ms(request: PromptRequest) -> float:
    """About how long the reading of all parts takes, each by itself and then together."""
    lengths: Sequence[int] = [len(part.text) for part in request.parts]
    if len(request.asked) > 1:
        lengths = [*lengths, sum(len(part.text) for part in request.asked)]
    return sum(map(admission.prompt_ms, lengths))
