"""Sections of the method file that other packages run: each registers its own, at start.

A section has a key (and its Chinese one), a Pydantic model built from ``schema.base`` bricks, a check that adds
problems to a report, scenario words, what can be counted of it, and how it is drawn. ``method.section(key)`` is its
typed model, or None where a file has none.
Registering the same section twice (Django may import twice) is harmless; two different ones under one key are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from .schema.base import Part, Text

if TYPE_CHECKING:
    from .method import Method
    from .problems import Report

Check = Callable[["Method", Any, "Report"], None]
# A scenario word: (method, section model, value as written in the scenario) → the data given to the engine's event.
ScenarioWord = Callable[["Method", Any, Any], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Scene:
    """What a scenario word that plays by itself is given: when, who, as what; what the acts before it left behind."""

    at: datetime
    who: str
    roles: frozenset[str]
    memory: dict[Any, Any]  # one for each section and simulation, the section's to fill


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a scenario word that plays by itself: a line of the path, and what is not as it should be."""

    title: str
    said: tuple[str, ...] = ()
    wrong: tuple[tuple[str, str], ...] = ()  # (zh, en)


# A scenario word that is about no matter: (method, section model, value as written, scene) → what came of it.
Play = Callable[["Method", Any, Any, Scene], Played]


@dataclass(frozen=True, slots=True)
class Table:
    """A section as it is drawn under the stations: each row has a key and as many cells as the head."""

    key: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]

    def as_json(self) -> dict[str, Any]:
        """Return the table as plain JSON: each row with its key and its cells by what stands over them."""
        rows = [{"key": key, **dict(zip(self.head, cells, strict=True))} for key, cells in self.rows]
        return {"section": self.key, "title": self.title, "rows": rows}


# (method, section model, language, the day that "next" is said for or None to leave it out) → tables
Draw = Callable[["Method", Any, str, date | None], Sequence[Table]]


def _no_check(method: Method, section: Any, report: Report) -> None:
    del method, section, report


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the method file.

    ``bodies(section)`` names the bodies that may deliberate (for ``deliberated_by`` and ``by: meeting:<body>``).
    ``acts(section)`` names what can be counted of it, such as "rounds.patrol" (for what counts as a kind of work).
    ``wraps`` is the one field of a section that is written without it: ``结对: {yiqi: …}``.
    """

    key: str
    zh: str
    model: type[Part]
    check: Check = _no_check
    doc: str = ""
    doc_en: str = ""
    bodies: Callable[[Any], Mapping[str, Text | str]] | None = None  # key → title
    scenario: Mapping[str, ScenarioWord] = field(default_factory=dict)
    plays: Mapping[str, Play] = field(default_factory=dict)
    acts: Callable[[Any], Mapping[str, Text]] | None = None  # act → title
    draw: Draw | None = None
    wraps: str = ""


_SECTIONS: dict[str, Section] = {}


def register_section(section: Section) -> None:
    """Add a section to the language.

    Raises:
        ValueError: when its key or Chinese key is taken by the core or by another section.
    """
    from .schema.model import MethodFile

    for name, info in MethodFile.model_fields.items():
        extra = info.json_schema_extra
        zh = extra.get("zh") if isinstance(extra, dict) else None
        if section.key == name or section.zh == zh:
            raise ValueError(f"section {section.key} / {section.zh} is a core key")
    for other in _SECTIONS.values():
        if other.key == section.key and other.model.__qualname__ == section.model.__qualname__:
            continue
        if other.key == section.key or other.zh == section.zh:
            raise ValueError(f"section {section.key} / {section.zh} is taken by {other.model.__module__}")
    _SECTIONS[section.key] = section


def sections() -> Mapping[str, Section]:
    """Return every registered section by key."""
    return _SECTIONS


def unregister_section(key: str) -> None:
    """Take a section out again (for tests)."""
    _SECTIONS.pop(key, None)
