"""YAML to plain data with positions; duplicate keys and other traps are reported, all of them at once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bihuan.methods.problems import Path, Report

from .amends import in_chinese, mend_at

MAX_BYTES = 512 * 1024
MAX_NODES = 20_000
MAX_SLIPS = 60
MAX_MOVED = 3  # lines in a row put right by guessing: beyond that the guess was wrong
MAX_DEPTH = 100
MAX_MOVED = 3  # lines in a row put right by guessing: beyond that the guess was wrong
MAX_DEPTH = 100
# libyaml reads a file in a twentieth of the time; what it refuses is read again by ruamel, which says better why.
_FAST: Any = getattr(yaml, "CSafeLoader", None)
_LONGEST_NUMBER = 18  # what is longer stays text, and is then no number
_INT = re.compile(r"^[-+]?\d+$")
_FLOAT = re.compile(r"^[-+]?(\d+\.\d*|\.\d+)([eE][-+]?\d+)?$")


@dataclass(slots=True)
class Read:
    """Plain data of a file, with the position (line, column from 1) of each path as written."""

    data: Any = None
    positions: dict[Path, tuple[int, int]] = field(default_factory=dict)
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)
    doubled: set[Path] = field(default_factory=set)  # keys that stood twice; the second was left out


def read(text: str, report: Report) -> Read:
    """Read ``text``; problems go to ``report``. Data is None when it is no YAML at all."""
    result = Read()
    if len(text.encode()) > MAX_BYTES:
        report.error(
            (),
            "too-large",
            "文件超过 512 KB。",
            "The file is larger than 512 KB.",
            "拆成几个工作法。",
            "Split it into several.",
        )
        return result
    node, sound = _compose(text, report)
    if not sound:
        return result
    if node is None:
        report.error(
            (),
            "empty",
            "文件是空的。",
            "The file is empty.",
            "从一个现成的工作法复制开始。",
            "Start from a copy of one.",
        )
        return result
    builder = _Builder(result, report)
    result.data = builder.value(node, ())
    return result


def _compose(text: str, report: Report) -> tuple[Any, bool]:
    """Return the file's node, and whether it could be read at all; slips on the way are reported."""
    if _FAST is not None:
        try:
            if _too_deep(text):
                raise RecursionError
            if _shallow(text):
                return yaml.compose(text, Loader=_FAST), True
        except (yaml.YAMLError, UnicodeError, ValueError):
            pass  # the careful reader says better what is wrong
    rows, moved, first = text.splitlines(), 0, None
    for _ in range(MAX_SLIPS):
        try:
            return YAML(typ="safe", pure=True).compose(StringIO("\n".join(rows) + "\n")), True
        except MarkedYAMLError as error:
            marks = [mark.line + 1 for mark in (error.problem_mark, error.context_mark) if mark]
            slip = mend_at(rows, marks)
            first = first or error
            moved = moved + 1 if slip and slip[1] == "indent" else 0
            if slip is None or moved > MAX_MOVED:
                report.problems = [problem for problem in report.problems if problem.code != "indent"]
                _syntax(first if moved else error, report)
                return None, False
            _at(report, slip[0], 1, *slip[1:])
        except (YAMLError, ValueError) as error:
            report.error((), "yaml", "文件里有不能用的字符，读不出来。", f"The file cannot be read: {error}",
                         "另存为 UTF-8 纯文本再试。", "Save it as plain UTF-8 text.")  # fmt: skip
            return None, False
    return None, False


def _too_deep(text: str) -> bool:
    """Say whether brackets and indentation go deeper than any method: libyaml would end the process there."""
    depth = 0
    for event in yaml.parse(text, Loader=_FAST):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            return True
    return False


def _shallow(text: str) -> bool:
    """Whether nothing lies deep: libyaml composes by recursion in C, and a deep file would end the process."""
    depth = 0
    for event in yaml.parse(text, Loader=_FAST):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                return False
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return True


def _at(report: Report, line: int, column: int, code: str, *words: str) -> None:
    old, report.positions = report.positions, {(): (line, column)}
    report.error((), code, *words)
    report.positions = old


def _syntax(error: MarkedYAMLError, report: Report) -> None:
    mark = error.problem_mark or error.context_mark
    zh, mend = in_chinese(f"{error.problem} {error.context}")
    _at(report, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, "yaml",
        f"这里不是正确的 YAML：{zh}", f"This is not YAML: {error.problem}", mend,
        "Look at indentation, quotes and colons here and on the line above.")  # fmt: skip


class _Builder:
    """Builds plain data from YAML nodes. Aliases are followed, but never into themselves."""

    def __init__(self, result: Read, report: Report) -> None:
        self.result = result
        self.report = report
        self.nodes = 0
        self.open: set[int] = set()

    def place(self, node: Any) -> tuple[int, int]:
        return node.start_mark.line + 1, node.start_mark.column + 1

    def fail(self, node: Any, path: Path, code: str, *words: str) -> None:
        old = self.report.positions
        self.report.positions = {path: self.place(node)}
        self.report.error(path, code, *words)
        self.report.positions = old

    def value(self, node: Any, path: Path) -> Any:
        self.nodes += 1
        if id(node) in self.open or self.nodes > MAX_NODES:
            self.fail(
                node,
                path,
                "alias",
                "引用（&、*）绕成了圈，或展开后太大。",
                "An alias contains itself, or grows too large.",
            )
            return None
        self.result.positions.setdefault(path, self.place(node))
        self.result.values[path] = self.place(node)
        self.open.add(id(node))
        try:
            if node.id == "mapping":
                return self.mapping(node, path)
            if node.id == "sequence":
                return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
            return scalar(node) if node.id == "scalar" else None
        finally:
            self.open.discard(id(node))

    def mapping(self, node: Any, path: Path) -> dict[str, Any]:
        out: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            if key_node.id != "scalar":
                self.fail(key_node, path, "key", "键只能是一个词。", "A key is a single word.")
                continue
            key = key_node.value.strip()
            here = (*path, key)
            line = key_node.start_mark.line + 1
            if key in out:
                self.fail(
                    key_node,
                    here,
                    "duplicate-key",
                    f"“{key}”写了两遍，第 {lines[key]} 行已经有了。",
                    f"'{key}' stands twice; it is already on line {lines[key]}.",
                    "只留一个，或改成另一个代号。",
                    "Keep one, or give it another key.",
                )
                self.result.doubled.add(here)
                continue
            lines[key] = line
            self.result.positions[here] = self.place(key_node)
            out[key] = self.value(value_node, here)
        return out


def scalar(node: Any) -> Any:
    """Return a scalar as YAML 1.2 means it; dates stay text, so that what is written is what is kept."""
    text: str = node.value
    if node.style:  # quoted or block
        return text
    if text in {"", "~", "null", "Null", "NULL"}:
        return None
    if text in {"true", "True", "TRUE"}:
        return True
    if text in {"false", "False", "FALSE"}:
        return False
    if _INT.match(text) and len(text) <= _LONGEST_NUMBER:
        return int(text)
    if _FLOAT.match(text) and len(text) <= _LONGEST_NUMBER:
        return float(text)
    return text
