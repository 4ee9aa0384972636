"""How a card says what to ask a vision guard, and how its answers are read.

The rules are those of `models.guards` for text, but for two: a vision guard may name a code and
call the picture safe, and an answer may stop before a rationale that nobody reads.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import msgspec

from models.card import ModelCard
from models.errors import InvalidCard
from models.guards import GuardAnswerUnreadable

if TYPE_CHECKING:
    import torch

TABLE: Final = "guard"
_Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
_Word = Annotated[str, msgspec.Meta(min_length=1)]


class VisionGuard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to ask a vision guard and how to read it: the table `preprocessing.guard` of a card.

    Attributes:
        answer: "first-token": the share of each verdict's word at the first place of the answer;
            "parsed": the answer is written out and read by `pattern`, the shares are those at the
            place of the verdict.
        verdicts: Words of the answer, each with how unsafe it is, 0 to 1. A picture's score is
            their mean, weighted by the shares.
        template: The question beside the picture, with "{policy}" once where there are policies.
        policies: For "first-token": label to policy, each asked for by itself; without, the label
            of the one question is the word of the worst verdict.
        pattern: For "parsed": an expression for all of the answer before `stop`, with the groups
            "verdict" and, where the guard names categories, "codes". A label that is named gets
            the picture's score (a guard may name one and call it safe), another gets 0; the word of
            the worst verdict as a label always gets the score.
        stop: Text at which an answer needs no going on; "" lets it end by itself.
        ignored: Codes that the card maps to no category on purpose.
        none: Codes that mean no category.
        separators: Characters that part the codes.
        max_new_tokens: Longest answer.
        least_share: Share that the verdicts' words must have together, or the answer is unreadable.
    """

    answer: Literal["first-token", "parsed"]
    verdicts: dict[_Word, _Share]
    template: _Word = "{policy}"
    policies: dict[str, _Word] = {}
    pattern: str = ""
    stop: str = ""
    ignored: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    separators: str = ",\n"
    max_new_tokens: Annotated[int, msgspec.Meta(ge=1, le=512)] = 64
    least_share: _Share = 0.5

    @classmethod
    def of(cls, card: ModelCard) -> VisionGuard:
        """Reads the table of a card.

        Raises:
            InvalidCard: The table breaks a rule; `field` is the table.
        """
        try:
            guard = msgspec.convert(card.preprocessing[TABLE], cls)
            groups = re.compile(guard.pattern).groupindex
        except (msgspec.ValidationError, re.error) as error:
            raise invalid(card, str(error)) from error
        labels = {label for labels in card.labels.values() for label in labels}
        parsed = guard.answer == "parsed"
        problem = ""
        if guard.template.count("{policy}") != bool(guard.policies):
            problem = "template must hold {policy} once, and only where there are policies"
        elif len(guard.verdicts) < 2:  # noqa: PLR2004 - safe and unsafe
            problem = "verdicts must name two words at least"
        elif parsed != ("verdict" in groups) or (parsed and guard.policies):
            problem = "a parsed answer, and no other, needs a pattern with verdict and no policies"
        elif not parsed and labels != set(guard.policies or [guard.worst]):
            problem = "policies and labels must be the same"
        if problem:
            raise invalid(card, problem)
        return guard

    @property
    def worst(self) -> str:
        """The word of the most unsafe verdict."""
        return max(self.verdicts, key=lambda word: self.verdicts[word])


def invalid(card: ModelCard, problem: str) -> InvalidCard:
    """The error for a table that breaks a rule or does not fit its model."""
    return InvalidCard(f"Guard of {card.id!r}: {problem}.", field=f"preprocessing.{TABLE}")


class GuardAnswers:
    """Reads what a guard answers; thread-safe as far as its tokenizer is.

    Attributes:
        ends: The tokens that end an answer.

    Raises:
        InvalidCard: The tokenizer does not tell the verdicts apart.
    """

    def __init__(
        self,
        card: ModelCard,
        guard: VisionGuard,
        tokenizer: Any,  # noqa: ANN401
        ends: frozenset[int],
    ) -> None:
        self.ends = ends
        self._card = card
        self._guard = guard
        self._tokenizer = tokenizer
        self._known = {label for labels in card.labels.values() for label in labels}
        self._openers = {word: self._opening_tokens(word) for word in guard.verdicts}
        every = [token for tokens in self._openers.values() for token in tokens]
        if len(every) != len(set(every)) or not all(self._openers.values()):
            raise invalid(card, "the tokenizer does not tell the verdicts by their first token")

    def is_enough(self, tokens: list[int]) -> bool:
        """Whether an answer holds the text at which it may stop."""
        return bool(self._guard.stop) and self._guard.stop in self._decoded(tokens)

    def share(self, logits: torch.Tensor) -> float:
        """How unsafe the verdicts are on average, weighted by the shares of their first tokens.

        Args:
            logits: At the place of the verdict, shape (tokens,).

        Raises:
            GuardAnswerUnreadable: The verdicts' words are not what the guard was about to say.
        """
        shares = logits.float().softmax(dim=-1).double().numpy()
        weights = {word: float(shares[tokens].sum()) for word, tokens in self._openers.items()}
        total = sum(weights.values())
        if not (total > 0 and total >= self._guard.least_share):  # nan fails both
            raise self._unreadable()
        mean = sum(self._guard.verdicts[word] * weight for word, weight in weights.items()) / total
        return min(1.0, mean)

    def parsed(self, tokens: list[int], logits: torch.Tensor) -> dict[str, float]:
        """Scores of the labels that a written answer names.

        Args:
            tokens: The answer; what stands behind its end does not count.
            logits: At each place, shape (len(tokens), tokens).

        Raises:
            GuardAnswerUnreadable: It is none of the answers that the card names.
        """
        written = self._written(tokens)
        text = self._decoded(written)
        if self._guard.stop:
            text = text.partition(self._guard.stop)[0]
        match = re.fullmatch(self._guard.pattern, text)
        if match is None or match["verdict"] not in self._guard.verdicts:
            raise self._unreadable()
        verdict, start = match["verdict"], match.start("verdict")
        place = self._place(written, start)
        if written[place] not in self._openers[verdict]:
            raise self._unreadable()
        score = self.share(logits[place])
        codes = self._codes(match, unsafe=self._guard.verdicts[verdict] > 0)
        return {**dict.fromkeys(codes, score), self._guard.worst: score}

    def _written(self, tokens: list[int]) -> list[int]:
        """The tokens of an answer up to where it ends; one that was cut off is unreadable."""
        for place, token in enumerate(tokens):
            if token in self.ends:
                return tokens[:place]
            if self.is_enough(tokens[: place + 1]):
                return tokens[: place + 1]
        raise self._unreadable()

    def _codes(self, match: re.Match[str], *, unsafe: bool) -> frozenset[str]:
        """The codes that a written answer names; an unsafe answer must say what is unsafe."""
        listed = match.groupdict().get("codes") or ""
        parts = re.split(f"[{re.escape(self._guard.separators)}]", listed)
        codes = {part.strip() for part in parts} - {"", *self._guard.none}
        if not codes <= self._known.union(self._guard.ignored):
            raise self._unreadable()
        if unsafe and not codes and self._guard.worst not in self._known:
            raise self._unreadable()
        return frozenset(codes)

    def _opening_tokens(self, word: str) -> list[int]:
        """First tokens of a verdict's word at the start of an answer, a line, and within one."""
        found: set[int] = set()
        for lead in ("", " ", "\n", '"'):
            tokens = list(self._tokenizer(lead + word, add_special_tokens=False)["input_ids"])
            place = self._decoded(tokens).find(word)
            if place >= 0:
                found.add(tokens[self._place(tokens, place)])
        return sorted(found - {self._tokenizer.unk_token_id})

    def _place(self, tokens: list[int], start: int) -> int:
        """The token that holds a character of the decoded text."""
        return next(i for i in range(len(tokens)) if len(self._decoded(tokens[: i + 1])) > start)

    def _decoded(self, tokens: list[int]) -> str:
        return str(self._tokenizer.decode(tokens, clean_up_tokenization_spaces=False))

    def _unreadable(self) -> GuardAnswerUnreadable:
        return GuardAnswerUnreadable(f"The answer of {self._card.id!r} cannot be read.")
