"""From the text of a method file to a ``Method`` and every problem in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bihuan.methods.method import Method
from bihuan.methods.problems import Problem, Report
from bihuan.methods.schema.model import MethodFile
from bihuan.methods.sections import Section, sections

from .nodes import read
from .shape import validate
from .words import Translator, names, nearest

__all__ = ["Loaded", "load"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of reading a file: a method unless there is an error, and every problem found."""

    method: Method | None
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether the file may be published."""
        return self.method is not None and not any(problem.severity == "error" for problem in self.problems)


def load(text: str, *, path: str = "", check: bool = True) -> Loaded:
    """Read a method file.

    Args:
        text: the YAML.
        path: the file's name, kept on the method for messages.
        check: also run the validator (references, flow, conditions, burdens). A published version was checked
            before, so running it again when it is merely loaded is not needed.

    Returns:
        The method (None where the file has errors) and all problems in the order of the file.
    """
    report = Report()
    try:
        return _load(text, path, report, check=check)
    except RecursionError:
        report.error(
            (),
            "deep",
            "文件的层次太深，读不下去。",
            "The file is nested too deeply to be read.",
            "去掉多余的括号和缩进。",
            "Take out needless brackets and indentation.",
        )
        return Loaded(None, report.ordered())


def _load(text: str, path: str, report: Report, *, check: bool) -> Loaded:
    found = read(text, report)
    if not isinstance(found.data, dict):
        if found.data is not None:
            report.error((), "type", "文件应当由“键: 值”组成。", "The file should be a mapping of keys to values.")
        return Loaded(None, report.ordered())
    translator = Translator(found, report)
    core, parts = _split(found.data, translator)
    report.positions = translator.positions
    report.absent = translator.absent
    for hole in translator.holes | translator.absent:
        report.hole(hole)
    model, whole = validate(MethodFile, core, (), report)
    typed: dict[str, Any] = {}
    for key, value in parts.items():
        part, good = validate(sections()[key].model, value, (key,), report)
        whole = whole and good
        if part is not None:
            typed[key] = part
    if model is None or (report.errors and not check):
        return Loaded(None, report.ordered())
    if check:
        from bihuan.methods.validator import check as all_checks

        all_checks(Method(model, typed, text, path, lenient=True), report)
    if report.errors or not whole:
        return Loaded(None, report.ordered())
    return Loaded(Method(model, typed, text, path), report.ordered())


def _split(data: dict[str, Any], translator: Translator) -> tuple[dict[str, Any], dict[str, Any]]:
    """Take registered sections out of the file, translate both."""
    by_word = {word: section for section in sections().values() for word in (section.key, section.zh)}
    core: dict[str, Any] = {}
    parts: dict[str, Any] = {}
    own = names(MethodFile)
    for key, value in data.items():
        section = by_word.get(key)
        if section is None and key not in own:
            near = nearest(key, [*own, *by_word])
            if near in by_word and not {by_word[near].key, by_word[near].zh} & set(data):
                section = by_word[near]
                translator.unknown(key, {**own, **by_word}, (section.key,), (key,))
        if section is None or section.key in parts:
            core[key] = value
            continue
        translator.mark((key,), (section.key,))
        parts[section.key] = _section(section, value, key, translator)
    return translator.part(MethodFile, core, (), ()), parts


def _section(section: Section, value: Any, key: str, translator: Translator) -> Any:
    """Translate a section; one that is written without its only field is put under it."""
    if not section.wraps:
        return translator.part(section.model, value, (key,), (section.key,))
    canonical, info = names(section.model)[section.wraps]
    return {canonical: translator.field(info, value, (key,), (section.key, canonical))}
