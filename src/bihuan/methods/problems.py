"""Problems of a method file: where, what, why, how to mend, in both languages, all at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Path = tuple[str | int, ...]
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong (error: cannot be published) or doubtful (warning) in a method file.

    ``line`` and ``column`` count from 1; ``path`` is the place as people read it, ``steps.triage.actions``.
    """

    code: str
    line: int
    column: int
    path: str
    severity: Severity
    message: str
    message_en: str
    mend: str = ""
    mend_en: str = ""

    def text(self, language: str = "zh") -> str:
        """Return the problem in one language: where, what and why, how to mend."""
        english = language.startswith("en")
        message, mend = (self.message_en, self.mend_en) if english else (self.message, self.mend)
        word = {"error": ("错误", "error"), "warning": ("提醒", "warning")}[self.severity][english]
        tail = (f" Mend: {mend}" if english else f" 改法：{mend}") if mend else ""
        where = f"line {self.line}" if english else f"第 {self.line} 行"
        return f"{where} {self.path} [{word}] {message}{tail}"

    def as_json(self) -> dict[str, Any]:
        """Return the problem as plain JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(slots=True)
class Report:
    """Collects problems. ``positions`` maps a path to (line, column), counted from 1."""

    positions: Mapping[Path, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def position(self, path: Path) -> tuple[int, int]:
        """Return the place of ``path``, or of the nearest thing above it that has one."""
        while path and path not in self.positions:
            path = path[:-1]
        return self.positions.get(path, (1, 1))

    def error(self, path: Path, code: str, zh: str, en: str, mend: str = "", mend_en: str = "") -> None:
        """Add an error at ``path`` (canonical keys)."""
        self._add("error", path, code, zh, en, mend, mend_en)

    def warn(self, path: Path, code: str, zh: str, en: str, mend: str = "", mend_en: str = "") -> None:
        """Add a warning at ``path`` (canonical keys)."""
        self._add("warning", path, code, zh, en, mend, mend_en)

    def _add(self, severity: Severity, path: Path, code: str, zh: str, en: str, mend: str, mend_en: str) -> None:
        line, column = self.position(path)
        name = ".".join(str(part) for part in path)
        self.problems.append(Problem(code, line, column, name, severity, zh, en, mend, mend_en))

    @property
    def errors(self) -> list[Problem]:
        """The problems that keep the file from being published."""
        return [problem for problem in self.problems if problem.severity == "error"]

    def ordered(self) -> list[Problem]:
        """Return every problem, in the order of the file, errors before warnings on one line."""
        return sorted(self.problems, key=lambda p: (p.line, p.severity != "error", p.column, p.code))
