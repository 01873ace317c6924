"""The words of a published method that anybody may read; a version never changes, so they are kept for ever."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from bihuan.methods.api import Method, get_method


def say(text: Any) -> str:
    """Return a method's text in the reader's language; "" for none."""
    if text is None:
        return ""
    return str(text.say("en" if (get_language() or "").startswith("en") else "zh"))


class PublicWords:
    """What a method says to the public. An unknown key is its own word."""

    def __init__(self, method: Method) -> None:
        self.method = method
        self.key = method.key

    def title(self) -> str:
        """Return the method's title."""
        return say(self.method.file.title)

    def public(self, step: str) -> str:
        """Return what a step says to the public, "" where it says nothing."""
        found = self.method.steps.get(step)
        return say(found.public) if found is not None else ""

    def outcome(self, key: str) -> str:
        """Return what an outcome says to the public: its public words, or its title."""
        found = self.method.outcomes.get(key)
        return say(found.public or found.title) if found is not None else ""

    def option(self, field: str, key: str) -> str:
        """Return the word of a choice."""
        spec = self.method.fields.get(field)
        text = spec.options.get(key) if spec is not None else None
        return say(text) if text is not None else key

    def category(self, key: str) -> str:
        """Return the word of a category."""
        return self.option("category", key)

    def shows(self, field: str) -> bool:
        """Say whether the method makes a field public."""
        spec = self.method.fields.get(field)
        return spec is not None and spec.public


@lru_cache(maxsize=512)
def method_words(version_id: UUID) -> PublicWords:
    """Return the public words of a version."""
    return PublicWords(get_method(version_id))
