"""Registers the registers section with the method language: its check and what it is for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from bihuan.methods.api import Method, Report, Section, Table, register_section
from bihuan.reporting.registers.section import KEY, KEY_ZH, Registers


def check(method: Method, section: Registers, report: Report) -> None:
    """Report every column that takes what is not there, and every filter that the source does not know."""
    from bihuan.reporting.registers.sources import SOURCES

    for key, register in section.registers.items():
        source = SOURCES[register.of]
        for index, column in enumerate(register.columns):
            if column.value and source.of(column.value) is None:
                _unknown(report, (KEY, "registers", key, "columns", index, "value"), column.value, source.known)
            prefix, _colon, rest = column.value.partition(":")
            for name, known in _names(method, prefix, rest) if rest else ():
                if name not in known:
                    _unknown(report, (KEY, "registers", key, "columns", index, "value"), column.value, known)
        for name in register.where:
            if name not in source.filters:
                _unknown(report, (KEY, "registers", key, "where", name), name, source.filters)


def _names(method: Method, prefix: str, rest: str) -> list[tuple[str, Collection[str]]]:
    """Return the names that a value is made of, each with what it may be."""
    before, _slash, after = rest.partition("/")
    if prefix == "ratio":
        plain = [part for part in (before, after) if not part.startswith("count:")]
        numbers = [key for key, one in method.fields.items() if one.type in {"number", "amount"}]
        return [(part, numbers) for part in plain]
    if prefix == "last":
        return [(before, method.action_keys), (after, method.fields)]
    known: dict[str, Collection[str]] = {
        "field": method.fields,
        "all": method.fields,
        "at": method.action_keys,
        "due": method.clocks,
        "unit": {*method.responsibility, *method.deputies},
    }
    if prefix == "unit" and any(role in known["unit"] for role in rest.split("|")):
        return []  # the others may be another method's
    return [(rest, known[prefix])] if prefix in known else []


def _unknown(report: Report, path: tuple[str | int, ...], value: str, known: object) -> None:
    names = "、".join(str(name) for name in known) if hasattr(known, "__iter__") else ""
    report.error(
        path,
        "unknown-value",
        f"没有“{value}”这一项。",
        f"There is no '{value}'.",
        f"可写：{names}。",
        f"There are: {names}.",
    )


def draw(method: Method, section: Registers, language: str, day: date | None) -> list[Table]:
    """Return the registers of a method as a table: each with its columns."""
    del method, day
    english = language.startswith("en")
    head = ("Register", "Columns") if english else ("台账", "列")
    comma = ", " if english else "、"
    rows = tuple(
        (key, (spec.title.say(language), comma.join(column.title.say(language) for column in spec.columns)))
        for key, spec in section.registers.items()
    )
    return [Table(KEY, "Registers" if english else "台账", head, rows)]


def register() -> None:
    """Add the section to the language."""
    register_section(
        Section(
            key=KEY,
            zh=KEY_ZH,
            model=Registers,
            check=check,
            doc="这个工作法要交的台账：一行是什么，有哪些列。",
            doc_en="The registers owed under this method: what a line is, and its columns.",
            draw=draw,
            wraps="registers",
        )
    )
