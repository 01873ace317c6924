"""YAML to plain data with positions; duplicate keys and other traps are reported, all of them at once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bihuan.methods.problems import Path, Report

MAX_BYTES = 512 * 1024
MAX_NODES = 20_000
_INT = re.compile(r"^[-+]?\d+$")
_FLOAT = re.compile(r"^[-+]?(\d+\.\d*|\.\d+)([eE][-+]?\d+)?$")


@dataclass(slots=True)
class Read:
    """Plain data of a file, with the position (line, column from 1) of each path as written."""

    data: Any = None
    positions: dict[Path, tuple[int, int]] = field(default_factory=dict)
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)


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
    try:
        node = YAML(typ="safe", pure=True).compose(StringIO(text))
    except MarkedYAMLError as error:
        _syntax(text, error, report)
        return result
    except YAMLError as error:
        report.error((), "yaml", f"文件读不出来：{error}", f"The file cannot be read: {error}")
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


def _syntax(text: str, error: MarkedYAMLError, report: Report) -> None:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    report.positions = {(): (line, mark.column + 1 if mark else 1)}
    rows = text.splitlines()
    near = "\n".join(rows[max(0, line - 2) : line + 1])
    mend, mend_en = (
        "看看这一行和上一行的缩进、引号和冒号。",
        "Look at indentation, quotes and colons here and on the line above.",
    )
    if "\t" in near:
        mend, mend_en = "这里有制表符（Tab）：缩进只能用空格。", "There is a tab here: indent with spaces only."
    elif "：" in near:
        mend, mend_en = (
            "这里有全角冒号“：”：键和值之间要用半角冒号加一个空格“: ”。",
            "There is a full-width colon: between key and value stands a half-width one and a blank.",
        )
    report.error(
        (), "yaml", f"这里不是正确的 YAML：{error.problem}", f"This is not YAML: {error.problem}", mend, mend_en
    )


class _Builder:
    """Builds plain data from YAML nodes. Aliases are followed, but never into themselves."""

    def __init__(self, result: Read, report: Report) -> None:
        self.result = result
        self.report = report
        self.nodes = 0
        self.open: set[int] = set()

    def place(self, node: Node) -> tuple[int, int]:
        return node.start_mark.line + 1, node.start_mark.column + 1

    def fail(self, node: Node, path: Path, code: str, *words: str) -> None:
        old = self.report.positions
        self.report.positions = {path: self.place(node)}
        self.report.error(path, code, *words)
        self.report.positions = old

    def value(self, node: Node, path: Path) -> Any:
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
            if isinstance(node, MappingNode):
                return self.mapping(node, path)
            if isinstance(node, SequenceNode):
                return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
            return scalar(node) if isinstance(node, ScalarNode) else None
        finally:
            self.open.discard(id(node))

    def mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        out: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
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
                continue
            lines[key] = line
            self.result.positions[here] = self.place(key_node)
            out[key] = self.value(value_node, here)
        return out


def scalar(node: ScalarNode) -> Any:
    """Return a scalar as YAML 1.2 means it; dates stay text, so that what is written is what is kept."""
    text: str = node.value
    if node.style is not None:  # quoted or block
        return text
    if text in {"", "~", "null", "Null", "NULL"}:
        return None
    if text in {"true", "True", "TRUE"}:
        return True
    if text in {"false", "False", "FALSE"}:
        return False
    if _INT.match(text):
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    return text
