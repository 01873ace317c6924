"""Conditions: CEL, compiled once, evaluated against what a matter is at the moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import cel

if TYPE_CHECKING:
    from bihuan.methods.method import Method

    from .types import State

VARIABLES = ("fields", "given", "urgency", "category", "counts", "parties", "rung", "step", "result")
_CORE = ("fields", "counts", "parties", "rung")


class Condition:
    """A compiled condition. Empty where it could not be compiled (only in a file under check): never holds."""

    __slots__ = ("_program", "source", "uses")

    def __init__(self, source: str) -> None:
        """Compile ``source``.

        Raises:
            ValueError: when it is no CEL.
        """
        self.source = source
        self._program = cel.compile(source)
        self.uses = frozenset(self._program.variables())

    def holds(self, method: Method, state: State, result: Mapping[str, Any] | None = None) -> bool:
        """Whether the condition holds; what is not filled counts as "", 0, false or an empty list."""
        context = {name: _BUILD[name](method, state, result) for name in self.uses if name in _BUILD}
        return self._program.execute(context) is True


def _filled(method: Method, state: State) -> dict[str, Any]:
    values = dict(method.defaults)
    for key, value in state.fields.items():
        if value is not None and key in values:
            values[key] = float(value) if method.doubles and key in method.doubles else value
    return values


_BUILD: dict[str, Callable[[Method, State, Mapping[str, Any] | None], Any]] = {
    "fields": lambda method, state, _: _filled(method, state),
    "given": lambda _, state, __: list(state.fields),
    "urgency": lambda _, state, __: state.fields.get("urgency") or "",
    "category": lambda _, state, __: state.fields.get("category") or "",
    "counts": lambda method, state, _: {**method.zero_counts, **state.counts},
    "parties": lambda method, state, _: {**method.no_parties, **{k: list(v) for k, v in state.parties.items()}},
    "rung": lambda method, state, _: {**method.zero_rungs, **state.rung},
    "step": lambda _, state, __: state.step,
    "result": lambda _, __, result: {"carried": False, **(result or {})},
}


def instant(value: str) -> datetime:
    """Read an ISO 8601 instant."""
    return datetime.fromisoformat(value)
