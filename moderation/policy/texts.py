"""What a user may be told, in the user's language where the policy has a text in it.

The texts name the category in plain words. They hold nothing of the input, no score and no
threshold: who reads them learns what is not allowed here, and not how to get around it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from moderation.documents import Section
from moderation.taxonomy import categories, category
from moderation.verdict import Decision

FALLBACK = "en"
CATEGORY = "{category}"
_CODE = re.compile("[a-z]{2,3}")
_MAX_CHARS = 500
# A text that the document gives without a language stands for every language.
_ANY = ""

ByLanguage = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a policy, each by language.

    Attributes:
        review: For what a person has to look at; may hold `{category}`.
        degraded: For what could not be checked.
        block: For what is refused, where the category has no text of its own; may be empty.
        names: Plain words for each category, by category.
        by_category: Texts for what is refused, by category, in place of the taxonomy's.
    """

    review: ByLanguage
    degraded: ByLanguage
    block: ByLanguage
    names: Mapping[str, ByLanguage]
    by_category: Mapping[str, ByLanguage]

    @classmethod
    def take(cls, top: Section) -> Texts:
        """Take `texts`, `category_names` and `user_texts` out of a document.

        Raises:
            DocumentInvalid: A text is missing, too long, or for a category that does not exist.
        """
        section = top.section("texts")
        texts = cls(
            review=_by_language(section, "review"),
            degraded=_by_language(section, "degraded"),
            block=_by_language(section, "block") if section.has("block") else {},
            names=_by_category(top, "category_names"),
            by_category=_by_category(top, "user_texts"),
        )
        section.done()
        return texts

    def tell(self, decision: Decision, category_id: str, language: str) -> str:
        """What a user may be told.

        Args:
            decision: What follows.
            category_id: Category of the strictest finding, or "" where something could not be
                checked and that alone decides.
            language: ISO 639 code of the user's prompt, or "".
        """
        if decision is Decision.ALLOW:
            return ""
        if not category_id:
            return _in(self.degraded, language)
        if decision is Decision.REVIEW:
            return self._named(self.review, category_id, language) or self._named(
                self.review, category_id, FALLBACK
            )
        own = self.by_category.get(category_id, {})
        if text := own.get(language) or own.get(_ANY):
            return text
        if language != FALLBACK and (text := self._named(self.block, category_id, language)):
            return text
        return own.get(FALLBACK) or category(category_id).user_text

    def _named(self, texts: ByLanguage, category_id: str, language: str) -> str:
        """A text with the name of the category in it; "" where there is none in this language."""
        text = texts.get(language) or texts.get(_ANY) or ""
        names = self.names.get(category_id, {})
        name = names.get(language) or names.get(_ANY) or ""
        if not name and language == FALLBACK:
            name = category(category_id).title.lower()
        return text.replace(CATEGORY, name) if name or CATEGORY not in text else ""


def _in(texts: ByLanguage, language: str) -> str:
    return texts.get(language) or texts.get(_ANY) or texts[FALLBACK]


def _by_category(top: Section, key: str) -> Mapping[str, ByLanguage]:
    if not top.has(key):
        return MappingProxyType({})
    section = top.section(key)
    read = {
        name: _by_language(section, name, english=False)
        for name in categories()
        if section.has(name)
    }
    section.done()
    return MappingProxyType(read)


def _by_language(parent: Section, key: str, *, english: bool = True) -> ByLanguage:
    """One text for every language, or texts by language."""
    if not parent.is_section(key):
        return MappingProxyType({_ANY: parent.text(key, max_chars=_MAX_CHARS)})
    section = parent.section(key)
    if english and not section.has(FALLBACK):
        raise section.fail(FALLBACK, "is missing; it is what other languages fall back to")
    read = {}
    for language in section.names():
        if not _CODE.fullmatch(language):
            raise section.fail(language, "is no ISO 639 code in small letters")
        read[language] = section.text(language, max_chars=_MAX_CHARS)
    return MappingProxyType(read)
