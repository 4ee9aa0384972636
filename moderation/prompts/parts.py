"""The parts of a prompt request: what a generator is given to read for one clip.

A request that holds only a prompt has the digest that it had before there were other parts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from media.errors import InvalidInput
from moderation.prompts.normalise import PromptEmpty, check

MAX_CAPTIONS = 16
MAX_SHOTS = 32
MAX_TOTAL_CHARS = 32_000
PROMPT = "prompt"
NEGATIVE_PROMPT = "negative_prompt"
# Stands before what is hashed of a request with several parts. No prompt holds a zero byte, so no
# prompt alone has the digest of such a request.
_SCHEMA = b"framegate.parts/1\x00"


class TooManyParts(InvalidInput):
    """More captions or shots than a request may hold."""

    reason = "TOO_MANY_PARTS"


class RequestTooLong(InvalidInput):
    """All parts of a request together have more than 32,000 characters."""

    reason = "REQUEST_TOO_LONG"


@dataclass(frozen=True, slots=True)
class Part:
    """One text of a request.

    Attributes:
        name: The field's name in the request: `prompt`, `negative_prompt`, `shots[0]`, ...
        text: As it was sent.
    """

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class PromptRequest:
    """All texts of a request, checked. Immutable.

    Attributes:
        prompt: What is asked for; "" only beside shots.
        negative_prompt: What is to be kept out, or "".
        reference_captions: What the reference images show.
        shots: The shots of a storyboard in their order.

    Raises:
        InvalidInput: When there is too much, nothing at all, or what is no text; the error names
            the field and its limit and never repeats the text.
    """

    prompt: str = ""
    negative_prompt: str = ""
    reference_captions: tuple[str, ...] = ()
    shots: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _at_most(MAX_CAPTIONS, "reference_captions", self.reference_captions)
        _at_most(MAX_SHOTS, "shots", self.shots)
        if not self.prompt and not self.shots:
            raise PromptEmpty("The prompt is empty.", field=PROMPT)
        for part in self.parts:
            _check(part)
        total = sum(len(part.text) for part in self.parts)
        if total > MAX_TOTAL_CHARS:
            raise RequestTooLong(
                f"all parts together have at most {MAX_TOTAL_CHARS} characters",
                field="request",
                limit=MAX_TOTAL_CHARS,
                actual=total,
            )

    @property
    def asked(self) -> tuple[Part, ...]:
        """What the clip is to show, in the order in which it is read: captions, prompt, shots."""
        return tuple(self._asked())

    @property
    def negative(self) -> Part | None:
        """The negative prompt, or None."""
        return Part(NEGATIVE_PROMPT, self.negative_prompt) if self.negative_prompt else None

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every part that was sent."""
        return (*self.asked, *((self.negative,) if self.negative else ()))

    @property
    def content_sha256(self) -> str:
        """SHA-256 of the prompt (UTF-8), or of all parts if there are others, hex."""
        document = self.document()
        alone = len(document) == 1
        content = _SCHEMA + msgspec.json.encode(document, order="sorted")
        return hashlib.sha256(self.prompt.encode() if alone else content).hexdigest()

    def identity(self, subject_id: str) -> bytes:
        """What decides that two requests with one idempotency key are the same."""
        prompt_alone = [subject_id, self.prompt.encode()]
        others = {name: text for name, text in self.document().items() if name != PROMPT}
        return msgspec.json.encode([*prompt_alone, others] if others else prompt_alone)

    def document(self) -> dict[str, str | tuple[str, ...]]:
        """The parts by their fields' names: the prompt, and of the others those that were sent."""
        others: dict[str, str | tuple[str, ...]] = {
            NEGATIVE_PROMPT: self.negative_prompt,
            "reference_captions": self.reference_captions,
            "shots": self.shots,
        }
        return {PROMPT: self.prompt, **{name: text for name, text in others.items() if text}}

    def _asked(self) -> Iterator[Part]:
        for number, caption in enumerate(self.reference_captions):
            yield Part(f"reference_captions[{number}]", caption)
        if self.prompt:
            yield Part(PROMPT, self.prompt)
        for number, shot in enumerate(self.shots):
            yield Part(f"shots[{number}]", shot)


def _at_most(limit: int, field: str, texts: tuple[str, ...]) -> None:
    if len(texts) > limit:
        raise TooManyParts(
            f"a request has at most {limit} {field}", field=field, limit=limit, actual=len(texts)
        )


def _check(part: Part) -> None:
    """Hold a part to what any prompt is held to, under its own name."""
    try:
        check(part.text)
    except InvalidInput as error:
        raise named(error, part.name) from None


def named(error: InvalidInput, name: str) -> InvalidInput:
    """The same error of a prompt, said of the part of this name."""
    message = error.message.replace("The prompt", f"The part {name}")
    return type(error)(message, field=name, limit=error.limit, actual=error.actual)
