"""Conditions of a policy, in the Common Expression Language (CEL).

CEL has no loops, no assignment and no input or output. Of what it has, a condition may use the
comparisons, the logic and a few functions below: all of them take time in proportion to the
condition's length, and none of them can divide by zero or match a slow pattern.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import cel

from moderation.documents import Section

MAX_CHARS = 500
VARIABLES: Mapping[str, str] = {
    "stage": 'string: "prompt" or "frames"',
    "category": "string: id of the category that the signal names",
    "source": "string: id of the model or rule that gave the signal",
    "language": 'string: ISO 639 code of the prompt, "" if it is not known',
    "minor_in_prompt": "bool: a word of the prompt speaks of a minor",
    "minor_in_frame": "bool: a frame seems to show a minor",
    "prompt_decision": 'string: "allow", "review" or "block" for the prompt that the clip was made '
    'from, "" if it is not known',
    "prompt_scores": "map(string, double): the scores of that prompt; every category of the "
    "taxonomy is there, with 0.0 where nothing is known",
}
_OPERATORS = "!_ @in _&&_ _||_ _==_ _!=_ _<_ _<=_ _>_ _>=_ _?_:_ _[_]"
FUNCTIONS = frozenset(f"{_OPERATORS} startsWith endsWith size".split())


class ConditionFailed(Exception):
    """A condition that could not be evaluated, or whose value is not a truth value."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled condition. Immutable and thread-safe.

    Attributes:
        text: The expression as it stands in the document.
    """

    text: str
    _program: cel.Program = field(repr=False, compare=False)
    _variables: tuple[str, ...] = field(repr=False, compare=False)

    @classmethod
    def take(cls, section: Section, key: str) -> Condition:
        """Takes the condition under a key of a document and compiles it.

        Raises:
            DocumentInvalid: It is no CEL, is too long, or uses a variable or function that
                conditions do not have.
        """
        text = section.text(key, max_chars=MAX_CHARS)
        try:
            program = cel.compile(text)
        except ValueError as error:
            raise section.fail(key, "is not a CEL expression") from error
        variables = tuple(program.variables())
        for variable in variables:
            if variable not in VARIABLES:
                raise section.fail(key, f"{variable} is not a variable of conditions")
        for function in program.functions():
            if function not in FUNCTIONS:
                raise section.fail(key, f"{function} is not a function of conditions")
        return cls(text, program, variables)

    @property
    def asks_of_the_signal(self) -> bool:
        """Whether it hangs on which model or rule gave the signal, beside the category."""
        return "source" in self._variables

    def holds(self, variables: Mapping[str, object]) -> bool:
        """Evaluates the condition over the `VARIABLES`.

        Raises:
            ConditionFailed: It has no truth value for these variables.
        """
        try:
            # Only what it asks for: handing over a map costs more than the condition itself.
            value = self._program.execute({name: variables[name] for name in self._variables})
        except (RuntimeError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise ConditionFailed(type(error).__name__) from error
        if value is True or value is False:
            return bool(value)
        raise ConditionFailed(f"gives {type(value).__name__}, not bool")
