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
    r"""^\s*(?P<no>!)?\s*(?P<what>size\(parties\.\w+\)|(?:fields|counts|rung)\.\w+|result\.carried|category|urgency|step|
    outcome|outcome_class|outcome_result|is_open|(?:limit|response|clocks\.\w+)\.(?:set|in_time|late))\s*
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
        wanted = match["no"] is None

        def plain(method: Method, state: State, result: Mapping[str, Any] | None) -> bool | None:
            value = read(method, state, result)
            return value is wanted if isinstance(value, bool) else None

        return plain
    if match["no"]:
        return None
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
    return _ending_reader(group, name) or (lambda _, state, __: state.fields.get(group) or "")


def _ending_reader(group: str, name: str) -> Read | None:
    if group == "step":
        return lambda _, state, __: state.step
    if group in {"limit", "response", "clocks"}:
        return _clock_reader(group, name)
    if group == "is_open":
        return lambda _, state, __: state.is_open
    if group == "outcome":
        return lambda _, state, __: state.outcome
    if group in {"outcome_class", "outcome_result"}:
        part = "class_" if group == "outcome_class" else "result"
        return lambda method, state, _: _outcome(method, state, part)
    return None


def _outcome(method: Method, state: State, part: str) -> str:
    spec = method.outcomes.get(state.outcome) if state.outcome else None
    return str(getattr(spec, part)) if spec is not None else ""


def _clock_reader(group: str, name: str) -> Read:
    if group != "clocks":
        return lambda _, __, result: (result or {}).get(group, {}).get(name, False)
    key, _dot, what = name.partition(".")

    def read(_: Method, state: State, __: Mapping[str, Any] | None) -> bool:
        clock = state.clocks.get(key)
        if clock is None:
            return False
        if what == "in_time":
            return clock.stopped_at is not None and not clock.late
        return what == "set" or clock.late

    return read


def _field(method: Method, state: State, name: str) -> Any:
    value = state.fields.get(name)
    if value is None:
        return method.defaults.get(name)
    return float(value) if name in method.doubles else value
