"""The conditions of quorum and majority: the arithmetic and logic of CEL, in exact fractions.

The grammar is CEL's own for ``|| && ! == != < <= > >= + - * / ( )``, numbers and dotted names, so a condition
written here reads the same anywhere. Two things differ, on purpose: numbers are exact (an area of 87.3 m² is
not a binary float, and a tie must be a tie), and whole numbers mix with decimals. ``for`` is a reserved word
in CEL; conditions say ``agree`` (``for`` is understood). Each condition can explain itself in two languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

Number = Fraction
Words = tuple[str, str]  # Chinese, English

_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(\|\||&&|[<>=!]=|[-+*/()<>!]))")
_COMPARE: dict[str, Callable[[Number, Number], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
_SHOWN = {
    "<": "＜",
    "<=": "≤",
    ">": "＞",
    ">=": "≥",
    "==": "＝",
    "!=": "≠",
    "*": "×",
    "/": "÷",
    "+": "＋",
    "-": "－",
}
_LEVELS = (("||",), ("&&",), ("<", "<=", ">", ">=", "==", "!="), ("+", "-"), ("*", "/"))


class ExpressionError(ValueError):
    """A condition that cannot be read: why, in both languages, and the column (from 1) where."""

    def __init__(self, zh: str, en: str, column: int) -> None:
        super().__init__(zh)
        self.zh, self.en, self.column = zh, en, column


@dataclass(frozen=True, slots=True)
class Node:
    """One node: ``op`` is "number", "name", "!", "neg" or an operator; leaves hold ``value`` or ``name``."""

    op: str
    column: int
    parts: tuple[Node, ...] = ()
    value: Number = Fraction(0)
    name: str = ""

    @property
    def is_bool(self) -> bool:
        """Whether the node is true or false rather than a number."""
        return self.op in {"||", "&&", "!"} or self.op in _COMPARE


class _Parser:
    """Recursive descent over the tokens, one method per kind of level."""

    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.at = 0
        self.end = len(text) + 1

    def peek(self) -> tuple[str, str, int]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "", self.end)

    def take(self) -> tuple[str, str, int]:
        token = self.peek()
        self.at += 1
        return token

    def level(self, depth: int) -> Node:
        if depth == len(_LEVELS):
            return self.unary()
        left = self.level(depth + 1)
        while self.peek()[0] == "op" and self.peek()[1] in _LEVELS[depth]:
            _, op, column = self.take()
            left = Node(op, column, (left, self.level(depth + 1)))
        return left

    def unary(self) -> Node:
        kind, text, column = self.take()
        if kind == "op" and text in "!-":
            return Node("!" if text == "!" else "neg", column, (self.unary(),))
        if kind == "number":
            return Node("number", column, value=Fraction(Decimal(text)))
        if kind == "name":
            return Node("name", column, name=re.sub(r"^for\b", "agree", text))
        if text == "(":
            inside = self.level(0)
            if self.take()[1] != ")":
                raise ExpressionError("括号没有配对", "a bracket is not closed", column)
            return inside
        if kind == "end":
            raise ExpressionError("条件没有写完", "the condition breaks off", column)
        raise ExpressionError(f"这里不应是“{text}”", f"“{text}” does not belong here", column)


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    at, text = 0, text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            bad = text[at:].strip()[:1]
            at = len(text) - len(text[at:].lstrip())
            raise ExpressionError(f"看不懂“{bad}”", f"“{bad}” is not understood", at + 1)
        kind = ("number", "name", "op")[(match.lastindex or 1) - 1]
        yield kind, match.group(match.lastindex or 1), match.start(match.lastindex or 1) + 1
        at = match.end()


def parse(text: str) -> Node:
    """Read a condition.

    Raises:
        ExpressionError: with the reason and the column.
    """
    parser = _Parser(text)
    node = parser.level(0)
    kind, extra, column = parser.peek()
    if kind != "end":
        raise ExpressionError(f"多出了“{extra}”", f"“{extra}” is too much", column)
    return node


def names(node: Node) -> set[str]:
    """Every dotted name in a condition."""
    found = {node.name} if node.op == "name" else set()
    return found.union(*(names(part) for part in node.parts))


def check(text: str, known: Mapping[str, Words]) -> list[ExpressionError]:
    """All that is wrong with a condition: it cannot be read, names nothing known, or mixes kinds."""
    try:
        node = parse(text)
    except ExpressionError as error:
        return [error]
    problems = list(_check(node, known))
    if not node.is_bool:
        problems.append(
            ExpressionError("要写成一个能判断成立与否的条件", "a condition must be true or false", node.column)
        )
    return problems


def _check(node: Node, known: Mapping[str, Words]) -> Iterator[ExpressionError]:
    if node.op == "name" and node.name not in known:
        choice = "、".join(sorted(known))
        yield ExpressionError(
            f"没有“{node.name}”这个数；可用：{choice}",
            f"there is no “{node.name}”; there are: {choice}",
            node.column,
        )
    wants_bool = node.op in {"||", "&&", "!"}
    for part in node.parts:
        if part.is_bool != wants_bool:
            kind: Words = ("条件", "a condition") if wants_bool else ("数", "a number")
            yield ExpressionError(
                f"“{_SHOWN.get(node.op, node.op)}”两边要是{kind[0]}",
                f"“{node.op}” wants {kind[1]}",
                part.column,
            )
        yield from _check(part, known)


def number(node: Node, values: Mapping[str, Number]) -> Number | None:
    """The value of a numeric node; None where something is divided by nought."""
    if node.op == "number":
        return node.value
    if node.op == "name":
        return values[node.name]
    found = [number(part, values) for part in node.parts]
    if any(value is None for value in found):
        return None
    first, rest = found[0], found[1:]
    assert first is not None  # noqa: S101 - narrowed just above
    if node.op == "neg":
        return -first
    second = rest[0]
    assert second is not None  # noqa: S101 - narrowed just above
    if node.op == "/":
        return first / second if second else None
    return {"+": first + second, "-": first - second, "*": first * second}[node.op]


def holds(node: Node, values: Mapping[str, Number]) -> bool:
    """Whether a condition is true. A comparison with something undefined (divided by nought) is false."""
    if node.op == "||":
        return any(holds(part, values) for part in node.parts)
    if node.op == "&&":
        return all(holds(part, values) for part in node.parts)
    if node.op == "!":
        return not holds(node.parts[0], values)
    left, right = (number(part, values) for part in node.parts)
    return left is not None and right is not None and _COMPARE[node.op](left, right)


def plain(value: Number) -> str:
    """A number as people write it: at most two decimals, no trailing noughts."""
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


def explain(node: Node, values: Mapping[str, Number], known: Mapping[str, Words]) -> list[tuple[bool, Words]]:
    """One line per comparison, in order: whether it holds, and what was compared with what."""
    if node.op in _COMPARE:
        zh, en = (_render(node, values, known, lang) for lang in (0, 1))
        return [(holds(node, values), (zh, en))]
    return [line for part in node.parts for line in explain(part, values, known)]


def _render(node: Node, values: Mapping[str, Number], known: Mapping[str, Words], lang: int) -> str:
    if node.op == "number":
        return plain(node.value)
    if node.op == "name":
        shown = plain(values[node.name])
        return f"{known[node.name][0]}（{shown}）" if lang == 0 else f"{known[node.name][1]} ({shown})"
    if node.op in {"neg", "!"}:
        return f"－{_render(node.parts[0], values, known, lang)}"
    left, right = (_render(part, values, known, lang) for part in node.parts)
    op = _SHOWN[node.op] if lang == 0 else {"*": "×", "/": "÷", "<=": "≤", ">=": "≥", "!=": "≠"}.get(node.op, node.op)
    joined = f"{left} {op} {right}"
    return f"({joined})" if node.op in {"+", "-"} else joined
