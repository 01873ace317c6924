"""Which method the rows of an old ledger become matters of: chosen by hand, or the one whose words its headings are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from bihuan.kernel.api import NotFound
from bihuan.matters.api import MethodInfo, info_of
from bihuan.methods.api import method_for, methods_in
from bihuan.people.api import Actor
from bihuan.reporting.bringin.columns import FIELD, TITLES, form_of, synonyms
from bihuan.reporting.registers.definitions import Register, registers_of
from bihuan.reporting.sheets.layout import Column

ENOUGH = 2  # headings that are a method's own words: one alone may be chance
_ALWAYS_MEANT = frozenset(  # what old ledgers call these is the same in every method
    {"number", "order", "area", "channel", "reporter_name", "phone", "registered", "happened", "closed", "state"}
)
_OF_REGISTERS = {"created": "registered", "step": "state"} | {
    name: name for name in ("title", "text", "outcome", "category", "urgency", "closed", "happened")
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A method whose matters rows may become."""

    key: str
    info: MethodInfo
    words: Mapping[str, str]  # heading, made comparable → what the column is

    @property
    def title(self) -> str:
        """Return what it is called in the reader's language."""
        return self.info.file.title.say(get_language() or "")

    def field_titles(self) -> list[tuple[str, str]]:
        """Return the fields of the method that a column may be, those of its opening first."""
        fields, language = self.info.file.fields, get_language() or ""
        asked = self.info.file.opening["record"].gives
        own = [key for key in fields if key not in TITLES and fields[key].type in READABLE]
        return [(FIELD + key, fields[key].title.say(language)) for key in sorted(own, key=lambda key: key not in asked)]

    def known(self, name: str) -> bool:
        """Tell whether a column may be this."""
        key = name.removeprefix(FIELD)
        return name in TITLES or (name != key and key in self.info.file.fields and key not in TITLES)


READABLE = frozenset({"text", "long_text", "number", "amount", "choice", "yes_no", "date"})


def kinds_of(actor: Actor, area_code: str) -> dict[str, Kind]:
    """Return the methods whose matters somebody may enter in an area, by key, that of residents' reports first.

    Raises:
        NotFound: no method is in use there.
    """
    version, method = method_for(area_code)
    roles = actor.roles_in(area_code) | {"anyone"}
    found = {version.key: _kind(version.key, version.pk)} if "record" in method.file.opening else {}
    for use in methods_in(area_code):
        info = info_of(use.version.pk)
        opening = info.file.opening.get("record")
        if opening is not None and (actor.kind == "system" or roles & set(opening.by)):
            found.setdefault(use.key, _kind(use.key, use.version.pk))
    if not found:
        raise NotFound
    return found


@lru_cache(maxsize=512)
def _kind(key: str, version_id: UUID) -> Kind:
    info = info_of(version_id)
    return Kind(key, info, _words(key, info))


def _words(key: str, info: MethodInfo) -> dict[str, str]:
    """Return what a method's own headings mean: its fields' titles, and the headings of its registers."""
    found: dict[str, str] = {}
    for name, spec in info.file.fields.items():
        if spec.type in READABLE:
            found[form_of(spec.title.zh)] = name if name in TITLES else FIELD + name
    for register in registers_of(key, info.method):
        for heading, meaning in _headings(register, info):
            found.setdefault(heading, meaning)
    return {heading: meaning for heading, meaning in found.items() if synonyms().get(heading, "") not in _ALWAYS_MEANT}


def _headings(register: Register, info: MethodInfo) -> Iterable[tuple[str, str]]:
    for column in register.spec.columns:
        prefix, colon, rest = column.value.partition(":")
        meaning = _OF_REGISTERS.get(column.value, "")
        if colon and prefix in {"field", "last", "all"}:
            name = rest.rpartition("/")[2]
            spec: Any = info.file.fields.get(name)
            if spec is not None and spec.type in READABLE:
                meaning = name if name in TITLES else FIELD + name
        if meaning:
            yield form_of(column.title.zh), meaning


def best(kinds: Mapping[str, Kind], columns: Iterable[Column]) -> str:
    """Return the key of the method whose own words most headings are; without a clear one the first."""
    headings = [forms for column in columns if (forms := {form_of(one) for one in (column.title, *column.path)})]
    first = next(iter(kinds))
    scores = {key: sum(bool(forms & _telling(kind)) for forms in headings) for key, kind in kinds.items()}
    top = max(scores.values())
    leaders = [key for key, score in scores.items() if score == top]
    return first if top < ENOUGH or first in leaders else leaders[0]


def _telling(kind: Kind) -> set[str]:
    """Return the headings that tell a method from others: not what every old ledger calls its columns."""
    return {heading for heading in kind.words if heading not in synonyms()}


def words_of(kinds: Mapping[str, Kind]) -> dict[str, str]:
    """Return every heading that is known by a method, with what it means in the first that has it."""
    found: dict[str, str] = {}
    for kind in kinds.values():
        found = {**kind.words, **found}
    return found
