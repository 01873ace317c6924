"""Names for codes: numbers as people say them, areas, persons, titles in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext

from bihuan.kernel.api import sql

_SUFFIX = re.compile(r"(社区居民委员会|村民委员会|居民委员会|社区居委会|社区|居委会|村委会)$")


def english() -> bool:
    """Say whether the reader reads English."""
    return (get_language() or "").startswith("en")


def titled(title: str, title_en: str = "") -> str:
    """Return the title in the reader's language; the Chinese one where there is no other."""
    return title_en if title_en and english() else title


@lru_cache(maxsize=4096)
def _short(community_name: str) -> str:
    return _SUFFIX.sub("", community_name)


def spoken(number: str, community_name: str) -> str:
    """Return a number as people say it: ``410802004004-2024-0017`` of 电建社区 is ``电建-2024-0017``."""
    code, _dash, rest = number.partition("-")
    return f"{_short(community_name) or code}-{rest}"


def area_names(codes: Iterable[str]) -> dict[str, str]:
    """Return the names of areas and of their communities by one query; a code without a name names itself."""
    wanted = sorted({part for code in codes if code for part in (code, code[:12])})
    if not wanted:
        return {}
    marks = ", ".join(["%s"] * len(wanted))
    rows = sql.rows(f"SELECT code, short_name, name FROM areas_area WHERE code IN ({marks})", wanted)  # noqa: S608
    return _called(wanted, rows)


def _called(wanted: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> dict[str, str]:
    rows = list(rows)
    names = {code: short or name for code, short, name in rows}
    full = {code: name for code, _short, name in rows}
    for code in wanted:
        names.setdefault(code, code)
        if len(code) <= 12:
            names[code] = full.get(code, code)
    return names


def names_of(persons: Iterable[UUID | None], codes: Iterable[str]) -> tuple[dict[UUID, str], dict[str, str]]:
    """Return ``person_names`` and ``area_names`` together, by one query."""
    people = sorted({person for person in persons if person is not None})
    wanted = sorted({part for code in codes if code for part in (code, code[:12])})
    if not people or not wanted:
        return person_names(people), area_names(wanted)
    rows = sql.rows(
        "SELECT code, short_name, name FROM areas_area "  # noqa: S608
        f"WHERE code IN ({', '.join(['%s'] * len(wanted))}) "
        "UNION ALL SELECT CAST(id AS TEXT), NULL, name FROM people_person "
        f"WHERE id IN ({', '.join(['%s'] * len(people))})",
        [*wanted, *people],
    )
    named = {sql.as_uuid(key): name for key, short, name in rows if short is None}
    return named, _called(wanted, [row for row in rows if row[1] is not None])


def person_names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return the names of persons by one query."""
    wanted = sorted({person for person in ids if person is not None})
    if not wanted:
        return {}
    marks = ", ".join(["%s"] * len(wanted))
    rows = sql.rows(f"SELECT id, name FROM people_person WHERE id IN ({marks})", wanted)  # noqa: S608
    return {sql.as_uuid(key): name for key, name in rows}


def surname_only(name: str) -> str:
    """Return a name as strangers see it: the surname and stars. Staff are named so in public, residents never."""
    return f"{name[:1]}**" if name else ""


def choice_title(choices: Mapping[str, Any], key: str) -> str:
    """Return the label of a stored choice, or the key itself."""
    return gettext(str(choices.get(key, key)))
