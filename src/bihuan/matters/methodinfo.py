"""What matters need to know of a method to show and to seal: titles, sealed fields, public words. Cached for ever.

A published version is immutable, so what is read from it once holds in every process.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from bihuan.kernel.models import Sealed
from bihuan.matters.labels import titled
from bihuan.methods.api import Method, get_method
from bihuan.methods.models import MethodVersion
from bihuan.people.api import role_words

Pair = tuple[str, str]
ALWAYS_SEALED = frozenset({"title", "text", "reason", "opinion"})
DEFAULT_RETENTION_DAYS = 180
MOST_REMEMBERED = 200


def _pair(text: Any) -> Pair:
    if text is None:
        return ("", "")
    if isinstance(text, str):
        return (text, "")
    return (text.zh, text.en)


class MethodInfo:
    """Titles in both languages by key; an unknown key names itself."""

    def __init__(self, method: Method) -> None:
        self.method = method
        file = method.file
        self.file = file
        self.title = _pair(file.title)
        self._steps = {key: _pair(step.title) for key, step in file.steps.items()}
        self._public = {key: _pair(step.public) for key, step in file.steps.items()}
        self._outcomes = {key: _pair(item.title) for key, item in file.outcomes.items()}
        self._outcome_public = {key: _pair(item.public) for key, item in file.outcomes.items()}
        self.responsible = tuple(file.responsibility)
        self.fields = {key: _pair(field.title) for key, field in file.fields.items()}
        self._options = {
            key: {option: _pair(text) for option, text in field.options.items()} for key, field in file.fields.items()
        }
        self.step_keys = tuple(file.steps)
        self._clocks = {key: _pair(item.title) for key, item in file.clocks.items()}
        self._sealing: dict[str, tuple[bool, bool, str]] = {}
        self.bodies = {key: step.deliberated_by for key, step in file.steps.items() if step.deliberated_by}

    def step(self, key: str) -> Pair:
        """Return a step's title."""
        return self._steps.get(key, (key, ""))

    def public(self, step: str) -> Pair:
        """Return what a step shows to the public; empty where it shows nothing."""
        return self._public.get(step, ("", ""))

    def outcome(self, key: str) -> Pair:
        """Return an outcome's title."""
        return self._outcomes.get(key, (key, ""))

    def outcome_public(self, key: str) -> Pair:
        """Return what the public reads of an outcome: its public words, or its title."""
        words = self._outcome_public.get(key, ("", ""))
        return words if words[0] else self.outcome(key)

    def role(self, key: str) -> Pair:
        """Return a role's title, a post's or a party's; where the method has none, the post's own."""
        said = _OWN_ROLES.get(key) or _pair(self.method.role_title(key))
        return said if said[0] != key else role_words(key)

    def clock(self, key: str) -> Pair:
        """Return a clock's title."""
        return self._clocks.get(key, (key, ""))

    def option(self, field: str, key: str) -> Pair:
        """Return the title of a choice's option."""
        return self._options.get(field, {}).get(key, (key, ""))

    def has_options(self, field: str) -> bool:
        """Say whether a field is a choice."""
        return bool(self._options.get(field))

    def action(self, key: str, step: str = "") -> Pair:
        """Return an action's title: at a step where it is named there, else anywhere."""
        base, _dot, part = key.partition(".")
        move = self.method.move(step, base) if step else None
        if move is not None and not part:
            return (move.title, move.title_en)
        return _pair(self.method.action_title(key))

    def does(self, key: str, step: str) -> str:
        """Return the primitive behind an action at a step ("" where it is not done there)."""
        move = self.method.move(step, key.partition(".")[0])
        return move.spec.does if move is not None else ""

    def sealing(self, field: str) -> tuple[bool, bool, str]:
        """Return of a field whether it is sealed, whether encrypted, and why it is collected; looked up once."""
        found = self._sealing.get(field)
        if found is None:
            found = (self.sealed(field), self.personal(field), self.purpose(field))
            if len(self._sealing) < MOST_REMEMBERED:  # names come from callers, too
                self._sealing[field] = found
        return found

    def sealed(self, field: str) -> bool:
        """Say whether what is given for a field is free text or personal: it stands beside the chain, not in it."""
        if field in ALWAYS_SEALED or field in self.method.hidden:
            return True
        spec = self.file.fields.get(field)
        return spec is not None and spec.type == "text"

    def personal(self, field: str) -> bool:
        """Say whether a field is encrypted. Title and text are searched and read by whoever works on the matter."""
        if field in ALWAYS_SEALED:
            return False
        spec = self.file.fields.get(field)
        return spec is not None and spec.sensitivity != "none"

    def purpose(self, field: str) -> str:
        """Return why a field is collected, as it is kept beside the value."""
        return self.purposes(field)[0]

    def purposes(self, field: str) -> Pair:
        """Return why a field is collected, in both languages."""
        spec = self.file.fields.get(field)
        if spec is None or spec.purpose is None:
            return "办理这件事项", "handling this matter"
        return _pair(spec.purpose)

    def typed(self, field: str, value: Any) -> Any:
        """Return a given value in its field's type: forms and the record hold numbers as text."""
        spec = self.file.fields.get(field)
        if spec is None or value is None or value == "":
            return value
        try:
            if spec.type == "number":
                return int(str(value))
            if spec.type == "amount":
                return float(str(value))
        except ValueError:
            return value
        if spec.type == "yes_no" and isinstance(value, str):
            return {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}.get(value, value)
        return value


_OWN_ROLES: dict[str, Pair] = {
    "reporter": ("反映人", "reporter"),
    "follower": ("关注人", "follower"),
    "resident": ("居民", "resident"),
    "anonymous": ("居民", "resident"),
    "system": ("系统", "system"),
    "anyone": ("任何人", "anyone"),
}


@lru_cache(maxsize=512)
def info_of(version_id: UUID) -> MethodInfo:
    """Return what is known of a published version."""
    return MethodInfo(get_method(version_id))


@lru_cache(maxsize=512)
def number_of_version(version_id: UUID) -> int:
    """Return a version's number: immutable, so kept for ever."""
    return int(MethodVersion.objects.values_list("number", flat=True).get(pk=version_id))


def purpose_of(row: Sealed, info: MethodInfo) -> str:
    """Return why a sealed value is kept, in the reader's language: the method's words, or the house's own."""
    if row.name in info.fields:
        return titled(*info.purposes(row.name))
    return _(row.purpose) if row.purpose else ""
