r"""Guards that are language models: they read a text in a fixed frame and answer in words.

The card says how to ask and how to read the answer, in `preprocessing.guard` (see `Guard`). Three
conventions cover the guards that are published; hub ids as their owners name them, each revision
and digest is for the card to pin:

Llama Guard 3 (`meta-llama/Llama-Guard-3-8B`, `-1B`) says "safe", or "unsafe" and codes::

    [labels]
    violence = ["S1"]
    sexual = ["S12"]
    "sexual/minors" = ["S4"]
    [preprocessing.guard]
    template = "{text}"
    chat = true
    answer = "parsed"
    verdicts = { safe = 0.0, unsafe = 1.0 }
    pattern = '\s*(?P<verdict>safe|unsafe)(?:\s+(?P<codes>S\d+(?:\s*,\s*S\d+)*))?\s*'
    ignored = ["S6", "S8"]

ShieldGemma (`google/shieldgemma-2b`, `-9b`) says Yes or No to one policy at a time::

    [labels]
    harassment = ["harassment"]
    [preprocessing.guard]
    template = "... <start_of_turn>\nHuman Question: {text}\n<end_of_turn> ... {policy} ..."
    answer = "first-token"
    verdicts = { No = 0.0, Yes = 1.0 }
    [preprocessing.guard.policies]
    harassment = "No Harassment: the prompt shall not ..."

Qwen3Guard (`Qwen/Qwen3Guard-Gen-0.6B`, `-4B`, `-8B`) fills in a form::

    [labels]
    violence = ["Violent"]
    [preprocessing.guard]
    template = "{text}"
    chat = true
    answer = "parsed"
    verdicts = { Safe = 0.0, Controversial = 0.5, Unsafe = 1.0 }
    pattern = 'Safety: (?P<verdict>Safe|Unsafe|Controversial)\s+Categories: (?P<codes>[^\n]+)\s*'
    none = ["None"]

An answer that cannot be read is an error, never a low score. What a text says is only ever text:
marks of the frame in it are broken up, and it is tokenised apart from the frame.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from media.errors import FramegateError
from models.card import ModelCard
from models.errors import InvalidCard
from models.scripts import unread_share
from models.windows import windows

if TYPE_CHECKING:
    import torch

_CODE: Final = "guards/1"
# Stands for the text while the frame is built: a private character that no template holds.
_SLOT: Final = "\ue0f1"
_TAG: Final = re.compile(r"<[^<>\s][^<>]{0,60}>|\[/?[A-Z][A-Z_]{1,20}\]")
_FEWEST_MARK_CHARS: Final = 3
_Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]


class GuardAnswerUnreadable(FramegateError):
    """A guard whose answer is none of those that its card names; the text was not judged."""

    code = "INTERNAL"
    reason = "GUARD_ANSWER_UNREADABLE"


class GuardTextTooLong(FramegateError):
    """A text whose shortest windows do not fit into the guard beside its frame."""

    code = "FAILED_PRECONDITION"
    reason = "GUARD_TEXT_TOO_LONG"


class Guard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to ask a guard and how to read it: the table `preprocessing.guard` of a card.

    Attributes:
        template: The frame round a text, with "{text}" once and "{policy}" where policies are.
        answer: "first-token": the share of each verdict's word at the first place of the answer;
            "parsed": the answer is written out and read by `pattern`, the shares are those at the
            place of the verdict.
        verdicts: Words of the answer, each with how unsafe it is, 0 to 1. A text's score is their
            mean, weighted by the shares.
        chat: Whether the template is a user's message in the model's own chat template.
        policies: For "first-token": label to policy, each asked for by itself; without, the label
            of the one question is the word of the worst verdict.
        policy_argument: Name under which the chat template takes the policy, or "".
        pattern: For "parsed": an expression for the whole answer, with the groups "verdict" and,
            where the guard names categories, "codes". A label that is named gets the text's score,
            another gets 0; the word of the worst verdict as a label always gets the score.
        ignored: Codes that the card maps to no category on purpose.
        none: Codes that mean no category.
        separators: Characters that part the codes.
        max_new_tokens: Longest answer.
        least_share: Share that the verdicts' words must have together, or the answer is unreadable.
        marks: More strings of the frame that a text must not hold; tags are found by themselves.
    """

    template: str
    answer: Literal["first-token", "parsed"]
    verdicts: dict[str, _Share]
    chat: bool = False
    policies: dict[str, str] = {}
    policy_argument: str = ""
    pattern: str = ""
    ignored: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    separators: str = ",\n"
    max_new_tokens: Annotated[int, msgspec.Meta(ge=1, le=256)] = 32
    least_share: _Share = 0.5
    marks: tuple[str, ...] = ()

    @classmethod
    def of(cls, card: ModelCard) -> Guard:
        """Reads the table of a card.

        Raises:
            InvalidCard: The table breaks a rule; `field` is the table.
        """
        try:
            guard = msgspec.convert(card.preprocessing["guard"], cls)
            groups = re.compile(guard.pattern).groupindex
        except (msgspec.ValidationError, re.error) as error:
            raise _invalid(card, str(error)) from error
        labels = {label for labels in card.labels.values() for label in labels}
        problem = ""
        if guard.template.count("{text}") != 1:
            problem = "template must hold {text} once"
        elif len(guard.verdicts) < 2 or "" in guard.verdicts:  # noqa: PLR2004 - safe and unsafe
            problem = "verdicts must name two words at least"
        elif (guard.answer == "parsed") != ("verdict" in groups):
            problem = "a parsed answer, and no other, needs a pattern with the group verdict"
        elif guard.answer == "first-token" and labels != set(guard.policies or [guard.worst]):
            problem = "policies and labels must be the same"
        if problem:
            raise _invalid(card, problem)
        return guard

    @property
    def worst(self) -> str:
        """The word of the most unsafe verdict."""
        return max(self.verdicts, key=lambda word: self.verdicts[word])


def _invalid(card: ModelCard, problem: str) -> InvalidCard:
    return InvalidCard(f"Guard of {card.id!r}: {problem}.", field="preprocessing.guard")


class GuardTextClassifier:
    """A causal language model of the guard kind behind the `TextClassifier` protocol.

    Thread-safe; one call at a time reaches the model. Answers are the likeliest ones (no sampling)
    and each text is asked about alone, so that a score depends on nothing but the text. A text that
    is longer than the model's context is asked about window by window; the highest score counts.

    Raises:
        InvalidCard: The card's table is wrong, or does not fit the tokenizer.
    """

    def __init__(
        self,
        card: ModelCard,
        model: Any,  # noqa: ANN401
        tokenizer: Any,  # noqa: ANN401
        device: str,
        calibrate: Callable[[ModelCard, NDArray[np.float64]], NDArray[np.float64]],
    ) -> None:
        self.card = card
        self.digest = card.digest(_CODE)
        self.categories = card.categories
        self._guard = Guard.of(card)
        self._model = model.eval().to(device)
        self._tokenizer = tokenizer
        self._device = device
        self._calibrate = calibrate
        self._lock = threading.Lock()
        longest = getattr(model.config, "max_position_embeddings", 2048)
        self._max_tokens = int(card.preprocessing.get("max_tokens", longest))
        self._ends = _end_tokens(model, tokenizer)
        self._openers = {word: self._opening_tokens(word) for word in self._guard.verdicts}
        self._check_openers()
        policies = self._guard.policies or {self._guard.worst: ""}
        self._frames = {label: self._frame(policy) for label, policy in policies.items()}
        self._specials, self._marks = self._forbidden()

    def score(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Calibrated probabilities; see `TextClassifier.score`.

        Raises:
            GuardAnswerUnreadable: An answer is none of those that the card names.
            GuardTextTooLong: A text does not fit.
        """
        raw = np.empty((len(texts), len(self.categories)), dtype=np.float64)
        for row, text in enumerate(texts):
            with self._lock:
                by_label = self._score_text(text)
            for column, labels in enumerate(self.card.labels.values()):
                raw[row, column] = max(by_label.get(label, 0.0) for label in labels)
        return self._calibrate(self.card, raw).astype(np.float32)

    def unread_share(self, text: str) -> float:
        """Share of letters outside the scripts of the card; see `TextClassifier.unread_share`."""
        scripts = self.card.preprocessing.get("scripts")
        return unread_share(text, scripts) if scripts else 0.0

    def _score_text(self, text: str) -> dict[str, float]:
        """Score of each label that the answers name."""
        best: dict[str, float] = {}
        for label, frame in self._frames.items():
            parts = [self._prompt(frame, text)]
            if parts[0] is None:
                parts = [self._prompt(frame, window) for window in windows(text)]
            for part in parts:
                if part is None:
                    raise GuardTextTooLong(
                        f"Text does not fit into {self.card.id!r}.", limit=self._max_tokens
                    )
                for name, score in self._ask(part, label).items():
                    best[name] = max(best.get(name, 0.0), score)
        return best

    def _ask(self, prompt: list[int], label: str) -> dict[str, float]:
        if self._guard.answer == "first-token":
            return {label: self._verdict_score(self._answer(prompt, 1)[0][1])}
        return self._parsed(self._answer(prompt, self._guard.max_new_tokens))

    def _answer(self, prompt: list[int], longest: int) -> list[tuple[int, NDArray[np.float64]]]:
        """The likeliest tokens up to the end of the answer, each with all shares at its place."""
        import torch  # noqa: PLC0415

        answer: list[tuple[int, NDArray[np.float64]]] = []
        tokens: torch.Tensor = torch.tensor([prompt], device=self._device)
        past = None
        with torch.inference_mode():
            while len(answer) < longest:
                output = self._model(input_ids=tokens, past_key_values=past, use_cache=True)
                logits = output.logits[0, -1].float().cpu()
                token = int(logits.argmax())
                answer.append((token, logits.softmax(dim=-1).double().numpy()))
                if token in self._ends:
                    break
                past = output.past_key_values
                tokens = torch.tensor([[token]], device=self._device)
        return answer

    def _verdict_score(self, shares: NDArray[np.float64]) -> float:
        """How unsafe the verdicts are on average, weighted by the shares of their first tokens."""
        weights = {word: shares[tokens].sum() for word, tokens in self._openers.items()}
        total = float(sum(weights.values()))
        if not (total > 0 and total >= self._guard.least_share):  # nan fails both
            raise self._unreadable()
        mean = sum(self._guard.verdicts[word] * weight for word, weight in weights.items()) / total
        return min(1.0, float(mean))

    def _parsed(self, answer: list[tuple[int, NDArray[np.float64]]]) -> dict[str, float]:
        """Scores of the labels that a written answer names."""
        if answer[-1][0] not in self._ends:  # cut off, and perhaps within a code
            raise self._unreadable()
        tokens = [token for token, _ in answer if token not in self._ends]
        match = re.fullmatch(self._guard.pattern, self._decoded(tokens))
        if match is None or match["verdict"] not in self._guard.verdicts:
            raise self._unreadable()
        verdict, start = match["verdict"], match.start("verdict")
        place = next(i for i in range(len(tokens)) if len(self._decoded(tokens[: i + 1])) > start)
        if tokens[place] not in self._openers[verdict]:
            raise self._unreadable()
        score = self._verdict_score(answer[place][1])
        codes = self._codes(match, unsafe=self._guard.verdicts[verdict] > 0)
        return {**dict.fromkeys(codes, score), self._guard.worst: score}

    def _codes(self, match: re.Match[str], *, unsafe: bool) -> frozenset[str]:
        """The codes that a written answer names; they must agree with its verdict."""
        listed = match.groupdict().get("codes") or ""
        parts = re.split(f"[{re.escape(self._guard.separators)}]", listed)
        codes = {part.strip() for part in parts} - {"", *self._guard.none}
        known = {label for labels in self.card.labels.values() for label in labels}
        if not codes <= known.union(self._guard.ignored) or (codes and not unsafe):
            raise self._unreadable()
        if unsafe and not codes and self._guard.worst not in known:
            raise self._unreadable()
        return frozenset(codes)

    def _unreadable(self) -> GuardAnswerUnreadable:
        return GuardAnswerUnreadable(f"The answer of {self.card.id!r} cannot be read.")

    def _decoded(self, tokens: list[int]) -> str:
        return str(self._tokenizer.decode(tokens, clean_up_tokenization_spaces=False))

    def _encoded(self, text: str) -> list[int]:
        return list(self._tokenizer(text, add_special_tokens=False)["input_ids"])

    def _frame(self, policy: str) -> tuple[list[int], list[int], str]:
        """Tokens before and after the text, and the frame as it is written."""
        filled = self._guard.template.replace("{policy}", policy).replace("{text}", _SLOT)
        if self._guard.chat:
            # Some templates take a message as a string, others as a list of its parts.
            parts = [{"type": "text", "text": filled}]
            ways = [self._chat(filled, policy), self._chat(parts, policy)]
            filled = next((way for way in ways if way.count(_SLOT) == 1), "")
        before, slot, after = filled.partition(_SLOT)
        if not slot:
            raise _invalid(self.card, "the chat template does not hold the text once")
        first = self._encoded(before)
        start = self._tokenizer.bos_token_id
        if start is not None and first[:1] != [start] and not self._guard.chat:
            first = [start, *first]
        return first, self._encoded(after), before + after

    def _chat(self, content: object, policy: str) -> str:
        """The model's own frame round a message; "" where it does not take such a one."""
        argument = self._guard.policy_argument
        try:
            return str(
                self._tokenizer.apply_chat_template(
                    [{"role": "user", "content": content}],
                    tokenize=False,
                    add_generation_prompt=True,
                    **({argument: policy} if argument else {}),
                )
            )
        except Exception:  # noqa: BLE001 - a template raises what its author thought fit
            return ""

    def _prompt(self, frame: tuple[list[int], list[int], str], text: str) -> list[int] | None:
        """The frame's tokens round the text's; None where they are too many."""
        before, after, _ = frame
        inner = self._encoded(self._defused(text))
        if not self._specials.isdisjoint(inner):
            raise self._unreadable()
        tokens = [*before, *inner, *after]
        return tokens if len(tokens) + self._guard.max_new_tokens <= self._max_tokens else None

    def _defused(self, text: str) -> str:
        """The text with each mark of the frame broken by a blank after its first character."""
        return self._marks.sub(lambda match: f"{match[0][0]} {match[0][1:]}", text)

    def _forbidden(self) -> tuple[frozenset[int], re.Pattern[str]]:
        """Tokens that no text may become, and the strings that would become them or end a frame."""
        added: Mapping[int, Any] = self._tokenizer.added_tokens_decoder
        unknown = self._tokenizer.unk_token_id
        specials = {
            number: str(token)
            for number, token in added.items()
            if number != unknown
            and (token.special or len(str(token).strip(" \t\n\u2581")) >= _FEWEST_MARK_CHARS)
        }
        marks = {*specials.values(), *self._guard.marks}
        for _, _, written in self._frames.values():
            marks.update(_TAG.findall(written))
        longest_first = sorted((mark for mark in marks if mark.strip()), key=len, reverse=True)
        anywhere = "|".join(map(re.escape, longest_first)) or "(?!)"
        return frozenset(specials), re.compile(anywhere, re.IGNORECASE)

    def _opening_tokens(self, word: str) -> list[int]:
        """First tokens of a verdict's word at the start of an answer, a line, and within one."""
        found: set[int] = set()
        for lead in ("", " ", "\n"):
            tokens = self._encoded(lead + word)
            found.update([token for token in tokens if self._decoded([token]).strip()][:1])
        return sorted(found - {self._tokenizer.unk_token_id})

    def _check_openers(self) -> None:
        every = [token for tokens in self._openers.values() for token in tokens]
        if len(every) != len(set(every)) or not all(self._openers.values()):
            raise _invalid(
                self.card, "the tokenizer does not tell the verdicts by their first token"
            )


def _end_tokens(model: Any, tokenizer: Any) -> frozenset[int]:  # noqa: ANN401
    """The tokens that end an answer."""
    ends = getattr(model.generation_config, "eos_token_id", None)
    listed = ends if isinstance(ends, list) else [ends]
    return frozenset(end for end in [*listed, tokenizer.eos_token_id] if end is not None)
