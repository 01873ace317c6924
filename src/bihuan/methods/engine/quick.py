"""Plain comparisons worked out in Python: most conditions are no more than that, and handing over to CEL costs more.

Only where both sides are of one kind, so that CEL would say the same; whatever else there is goes to CEL itself.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bihuan.methods.method import Method

    from .types import State

Quick = Callable[["Method", "State", "Mapping[str, Any] | None"], "bool | None"]  # None: ask CEL
Read = Callable[["Method", "State", "Mapping[str, Any] | None"], Any]
_TERM = re.compile(
    r"""^\s*(?P<what>size\(parties\.\w+\)|(?:fields|counts|rung)\.\w+|result\.carried|category|urgency|step)\s*
    (?:(?P<op>==|!=|>=|<=|>|<)\s*(?P<literal>"[^"\\]*"|'[^'\\]*'|\d{1,9}(?:\.\d{1,9})?))?\s*$""",
    re.X,
)
_OPS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt,
}  # fmt: skip


def quick(source: str) -> Quick | None:
    """Return ``source`` as a Python function, or None where it is more than plain comparisons under one operator."""
    every = "&&" in source
    if every and "||" in source:
        return None
    terms = [_term(part) for part in source.split("&&" if every else "||")]
    if None in terms:
        return None
    known = [term for term in terms if term is not None]

    def holds(method: Method, state: State, result: Mapping[str, Any] | None) -> bool | None:
        for term in known:
            found = term(method, state, result)
            if found is None:
                return None
            if found is not every:
                return found
        return every

    return holds


def _term(text: str) -> Quick | None:
    match = _TERM.match(text)
    if match is None:
        return None
    read, literal = _reader(match["what"]), match["literal"]
    if literal is None:
        return lambda method, state, result: value if isinstance(value := read(method, state, result), bool) else None
    compare, is_text = _OPS[match["op"]], literal[0] in "\"'"
    other: Any = literal[1:-1] if is_text else float(literal) if "." in literal else int(literal)
    kind = type(other)
    if is_text and match["op"] not in {"==", "!="}:
        return None

    def holds(method: Method, state: State, result: Mapping[str, Any] | None) -> bool | None:
        value = read(method, state, result)
        return compare(value, other) if type(value) is kind else None

    return holds


def _reader(what: str) -> Read:
    group, _, name = what.removeprefix("size(").removesuffix(")").partition(".")
    if group == "fields":
        return lambda method, state, _: _field(method, state, name)
    if group == "parties":
        return lambda _, state, __: len(state.parties.get(name, ()))
    if group == "counts":
        return lambda _, state, __: state.counts.get(name, 0)
    if group == "rung":
        return lambda _, state, __: state.rung.get(name, 0)
    if group == "result":
        return lambda _, __, result: (result or {}).get("carried", False)
    if group == "step":
        return lambda _, state, __: state.step
    return lambda _, state, __: state.fields.get(group) or ""


def _field(method: Method, state: State, name: str) -> Any:
    value = state.fields.get(name)
    if value is None:
        return method.defaults.get(name)
    return float(value) if name in method.doubles else value
