"""From the text of a method file to a ``Method`` and every problem in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from bihuan.methods.method import Method
from bihuan.methods.problems import Path, Problem, Report
from bihuan.methods.schema.model import MethodFile
from bihuan.methods.sections import sections

from .messages import say
from .nodes import read
from .words import Translator, names, shape

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
    model = _validate(MethodFile, core, (), report)
    typed: dict[str, Any] = {}
    for key, value in parts.items():
        typed[key] = _validate(sections()[key].model, value, (key,), report)
    if model is None or any(part is None for part in typed.values()):
        return Loaded(None, report.ordered())
    if not check:
        if report.errors:
            return Loaded(None, report.ordered())
        return Loaded(Method(model, typed, text, path), report.ordered())
    from bihuan.methods.validator import check as validate

    if report.errors:  # keys that do not exist: still say what else is wrong
        validate(Method(model, typed, text, path, lenient=True), report)
        return Loaded(None, report.ordered())
    method = Method(model, typed, text, path, lenient=True)
    validate(method, report)
    if report.errors:
        return Loaded(None, report.ordered())
    return Loaded(Method(model, typed, text, path), report.ordered())


def _split(data: dict[str, Any], translator: Translator) -> tuple[dict[str, Any], dict[str, Any]]:
    """Take registered sections out of the file, translate both."""
    by_word = {word: section for section in sections().values() for word in (section.key, section.zh)}
    core: dict[str, Any] = {}
    parts: dict[str, Any] = {}
    for key, value in data.items():
        section = by_word.get(key)
        if section is None:
            core[key] = value
            continue
        translator.mark((key,), (section.key,))
        parts[section.key] = translator.part(section.model, value, (key,), (section.key,))
    return translator.part(MethodFile, core, (), ()), parts


def _validate(model: type[BaseModel], data: Any, prefix: Path, report: Report) -> Any:
    try:
        return model.model_validate(data)
    except ValidationError as errors:
        for error in errors.errors():
            loc = tuple(part for part in error["loc"] if not (isinstance(part, str) and part.startswith("function-")))
            code, zh, en, mend, mend_en = say(error, _zh_name(model, loc))
            report.error((*prefix, *loc), code, zh, en, mend, mend_en)
        return None


def _zh_name(model: Any, loc: Path) -> str:
    """Return the Chinese name of the last key of ``loc``, walking the schema."""
    kind: tuple[str, Any] = ("part", model)
    label = str(loc[-1]) if loc else ""
    for part in loc:
        if kind[0] == "part":
            hit = names(kind[1]).get(str(part))
            if hit is None:
                return label
            extra = hit[1].json_schema_extra
            label = str(extra.get("zh", part)) if isinstance(extra, dict) else str(part)
            kind = shape(hit[1].annotation)
        elif kind[0] in {"map", "list"}:
            label, kind = str(part), shape(kind[1])
    return label
