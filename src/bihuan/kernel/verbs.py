"""Verbs of the record and their sentences. Each package registers its own at start, in both languages.

A template is plain text with ``{name}`` for parameters; a part in ``[square brackets]`` is left out when one of
its parameters is empty: ``"{actor}退回了事项[，原因：{reason}]"``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

_NAME = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
_PART = re.compile(r"\[([^\[\]]*)\]")
_KEY = re.compile(r"^[a-z_]+(\.[a-z0-9_]+)+$")
_UNKNOWN = {"zh": "（未填）", "en": "(not given)"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One key's templates."""

    key: str
    zh: str
    en: str
    group: str = ""
    private: tuple[tuple[str, str, str], ...] = ()  # (parameter, what stands for it outside, in English)


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry as a sentence needs it: its verb and parameters, already words in the reader's language."""

    verb: str
    params: Mapping[str, object] = field(default_factory=dict)


class Registry:
    """Keys with a template in each language."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._all: dict[str, Sentence] = {}

    def register(
        self, key: str, *, zh: str, en: str, group: str = "", private: tuple[tuple[str, str, str], ...] = ()
    ) -> str:
        """Add a key; the same twice is one. Returns the key.

        Raises:
            ValueError: for a malformed key, a missing language, broken braces, or another text under the same key.
        """
        if not _KEY.match(key) or len(key) > 48:
            raise ValueError(f"{self._what} {key!r}: write package.verb in lower case, at most 48 characters")
        for text in (zh, en):
            if not text.strip() or re.search(r"[{}\[\]]", _NAME.sub("", _PART.sub(r"\1", text))):
                raise ValueError(f"{self._what} {key!r}: empty or broken template {text!r}")
        sentence = Sentence(key, zh, en, group, private)
        if self._all.setdefault(key, sentence) != sentence:
            raise ValueError(f"{self._what} {key!r} is registered with another text")
        return key

    def require(self, key: str) -> Sentence:
        """Return the key's sentence; LookupError where nobody registered it."""
        try:
            return self._all[key]
        except KeyError:
            raise LookupError(f"{self._what} {key!r} is not registered: it would have no sentence") from None

    def all(self) -> dict[str, Sentence]:
        """Return every key with its templates."""
        return dict(self._all)

    def text(self, key: str, params: Mapping[str, object], lang: str) -> str:
        """Return the sentence of ``key`` in ``lang`` ("zh…" or "en"); an unknown key is shown as it is."""
        found = self._all.get(key)
        if found is None:
            return key
        language = "en" if lang.startswith("en") else "zh"
        return _fill(found.en if language == "en" else found.zh, params, language)


def _fill(template: str, params: Mapping[str, object], language: str) -> str:
    def given(name: str) -> str:
        value = params.get(name)
        return "" if value is None else str(value)

    def part(found: re.Match[str]) -> str:
        names = _names(found[1])
        return found[1] if all(given(name) for name in names) else ""

    return _NAME.sub(lambda found: given(found[1]) or _UNKNOWN[language], _PART.sub(part, template))


@lru_cache(maxsize=1024)
def _names(template: str) -> tuple[str, ...]:
    return tuple(_NAME.findall(template))


verbs = Registry("verb")
notices = Registry("notice")
require_verb = verbs.require


def register_verb(key: str, *, zh: str, en: str) -> str:
    """Register a verb with its sentence: ``register_verb("matter.reported", zh="{actor}反映了问题", en=…)``."""
    return verbs.register(key, zh=zh, en=en)


NOTICE_GROUPS = ("turn", "card", "progress")


def register_notice(
    key: str,
    *,
    zh: str,
    en: str,
    group: str = "progress",
    private: Mapping[str, tuple[str, str]] | None = None,
) -> str:
    """Register a kind of notification with its sentence.

    Args:
        key: "matter.your_turn".
        zh: the sentence in Chinese, ``{name}`` for parameters.
        en: the same in English.
        group: by which people choose what is also told outside the site: "turn" (something waits for them), "card"
            (a card or an escalation) or "progress" (news).
        private: parameters that may hold what residents wrote, each with the words that stand for it (Chinese,
            English; "" leaves an optional part out) where the sentence leaves the house: ``notice_outside``.
    """
    if group not in NOTICE_GROUPS:
        raise ValueError(f"notice {key!r}: group {group!r} is none of {NOTICE_GROUPS}")
    hidden = tuple((name, *words) for name, words in sorted((private or {}).items()))
    return notices.register(key, zh=zh, en=en, group=group, private=hidden)


def sentence(entry_view: EntryView, lang: str) -> str:
    """Return the sentence of an entry: anything with ``verb`` and ``params``."""
    return verbs.text(entry_view.verb, entry_view.params, lang)


def notice_text(kind: str, params: Mapping[str, object], lang: str) -> str:
    """Return the sentence of a notification; a parameter ``x`` that has an ``x_en`` beside it is said in English."""
    return notices.text(kind, _in_language(params, lang), lang)


def notice_outside(kind: str, params: Mapping[str, object], lang: str) -> str:
    """Return the sentence of a notification as it may leave the house: without what residents wrote."""
    found = notices.all().get(kind)
    english = lang.startswith("en")
    hidden = {name: en if english else zh for name, zh, en in found.private} if found else {}
    shown = _in_language(params, lang)
    return notices.text(kind, {**shown, **{name: words for name, words in hidden.items() if name in params}}, lang)


def _in_language(params: Mapping[str, object], lang: str) -> dict[str, object]:
    if not lang.startswith("en"):
        return dict(params)
    english = {name.removesuffix("_en"): words for name, words in params.items() if name.endswith("_en") and words}
    return {**params, **english}


def notice_group(kind: str) -> str:
    """Return the group of a kind of notification; "" for one that nobody registered."""
    found = notices.all().get(kind)
    return found.group if found else ""
