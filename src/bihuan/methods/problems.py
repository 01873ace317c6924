"""Problems of a method file: where, what, why, how to mend, in both languages, all at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
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


# Said for want of something in the same part of the file: nothing is wanting where the part has a hole.
OF_ABSENCE = frozenset(
    {
        "accept-role", "assigns", "bounds", "burden-no-purpose", "burden-no-retention", "burden-photo", "dead-end",
        "field-missing", "never-assigned", "never-paused", "never-resumed", "never-started", "never-stopped",
        "no-limit", "no-options", "no-otherwise", "no-outcome", "no-resolution", "no-way-out", "nobody-may-leave",
        "nobody-owes", "outcome-open", "rates", "route-unreachable", "skip", "table", "then-needs", "then-system",
    }
)  # fmt: skip


def part_of(path: Path) -> Path:
    """Return the action, step, clock, field … that ``path`` lies in."""
    if path[:1] == ("steps",) and path[2:3] == ("actions",):
        return path[:4]
    return path[:2]


@dataclass(slots=True)
class Report:
    """Collects problems. ``positions`` maps a path to (line, column), counted from 1.

    ``holes`` are the places where the file was not read as written: something wrong was left out or stood in for.
    What is said later about a hole, or for want of what it should have held, is no problem of its own and is dropped.
    """

    positions: Mapping[Path, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    holes: set[Path] = field(default_factory=set)
    harmless: set[Path] = field(default_factory=set)  # of the holes, those that nothing else depends on
    absent: set[Path] = field(default_factory=set)  # of the holes, those where nothing stands at all

    def hole(self, path: Path, *, harmless: bool = False) -> None:
        """Remember that ``path`` could not be read as written."""
        self.holes.add(path)
        if harmless:
            self.harmless.add(path)

    def inside(self, path: Path) -> bool:
        """Whether ``path`` lies in a hole."""
        return bool(self.holes) and any(path[:n] in self.holes for n in range(len(path) + 1))

    def open(self, *parts: str | int) -> bool:
        """Whether something at or under this place, or the place itself, is a hole that others may depend on."""
        n = len(parts)
        return any(hole[:n] == parts or parts[: len(hole)] == hole for hole in self.holes - self.harmless)

    def may_name(self, name: str, groups: Collection[str], within: Collection[str] = ()) -> bool:
        """Whether ``name`` may have been declared in these groups of the file, where they could not be read.

        ``within``: keys, below an item of a group, that hold such names (the actions of a step).
        """
        for hole in self.holes - self.harmless:
            if not hole or (hole[0] in groups and (len(hole) == 1 or name in hole)):
                return True
            if hole[0] in groups and within and (len(hole) == 2 or hole[2] in within):
                return True
        return False

    def position(self, path: Path) -> tuple[int, int]:
        """Return the place of ``path``, or of the nearest thing above it that has one."""
        while path and path not in self.positions:
            path = path[:-1]
        return self.positions.get(path, (1, 1))

    def drop_warnings(self, since: int) -> None:
        """Drop the warnings added after the first ``since`` problems."""
        self.problems[since:] = [problem for problem in self.problems[since:] if problem.severity == "error"]

    def error(self, path: Path, code: str, zh: str, en: str, mend: str = "", mend_en: str = "") -> None:
        """Add an error at ``path`` (canonical keys)."""
        self._add("error", path, code, zh, en, mend, mend_en)

    def warn(self, path: Path, code: str, zh: str, en: str, mend: str = "", mend_en: str = "") -> None:
        """Add a warning at ``path`` (canonical keys)."""
        self._add("warning", path, code, zh, en, mend, mend_en)

    def _add(self, severity: Severity, path: Path, code: str, zh: str, en: str, mend: str, mend_en: str) -> None:
        if self._follows(path, code):
            return
        line, column = self.position(path)
        name = ".".join(str(part) for part in path)
        self.problems.append(Problem(code, line, column, name, severity, zh, en, mend, mend_en))

    def _follows(self, path: Path, code: str) -> bool:
        """Whether this only says what a hole leads to."""
        if not self.holes or not path:
            return False
        if self.inside(path):
            return not (code == "missing" and path in self.absent)
        return code in OF_ABSENCE and self.open(*part_of(path))

    @property
    def errors(self) -> list[Problem]:
        """The problems that keep the file from being published."""
        return [problem for problem in self.problems if problem.severity == "error"]

    def ordered(self) -> list[Problem]:
        """Return every problem, in the order of the file, errors before warnings on one line."""
        return sorted(self.problems, key=lambda p: (p.line, p.severity != "error", p.column, p.code))
