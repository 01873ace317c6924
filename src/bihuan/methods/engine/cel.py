"""Conditions: CEL, compiled once, evaluated against what a matter is at the moment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import cel

from .quick import quick

if TYPE_CHECKING:
    from bihuan.methods.method import Method

    from .types import ClockState, State

_MEMBERS = re.compile(r"\b(fields|counts|parties|rung)\b(?:\.([A-Za-z_]\w*))?")
_FAILS = (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError)  # what working it out may raise
Needs = Mapping[str, frozenset[str] | None]  # variable → its members that are read; None: all of them


class Condition:
    """A compiled condition. Only what it reads is handed to CEL: handing over is what takes the time."""

    __slots__ = ("_broken", "_needs", "_program", "_quick", "source")

    def __init__(self, source: str, *, broken: bool = False) -> None:
        """Compile ``source``.

        Args:
            source: the CEL text.
            broken: what it counts as where it cannot be worked out (a division by zero): no matter gets stuck on it.

        Raises:
            ValueError: when it is no CEL.
        """
        self.source = source
        self._broken = broken
        self._program = cel.compile(source)
        self._needs = _needs(source, self._program.variables())
        self._quick = quick(source)

    def holds(self, method: Method, state: State, result: Mapping[str, Any] | None = None) -> bool:
        """Whether the condition holds; what is not filled counts as "", 0, false or an empty list."""
        if self._quick is not None:
            found = self._quick(method, state, result)
            if found is not None:
                return found
        return self.by_cel(method, state, result)

    def by_cel(self, method: Method, state: State, result: Mapping[str, Any] | None = None) -> bool:
        """Whether the condition holds, as CEL itself works it out."""
        context = {
            name: _BUILD[name](method, state, result, members)
            for name, members in self._needs.items()
            if name in _BUILD
        }
        try:
            return self._program.execute(context) is True
        except _FAILS:
            return self._broken


def _needs(source: str, variables: Iterable[str]) -> Needs:
    needs: dict[str, frozenset[str] | None] = {name: frozenset() for name in variables}
    for name, member in _MEMBERS.findall(source):
        before = needs.get(name, frozenset())
        needs[name] = before | {member} if member and before is not None else None
    return needs


def _filled(method: Method, state: State, _: Any, members: frozenset[str] | None) -> dict[str, Any]:
    return {key: _value(method, state, key) for key in (method.defaults if members is None else members)}


def _value(method: Method, state: State, key: str) -> Any:
    value = state.fields.get(key)
    if value is None:
        return method.defaults.get(key)
    return float(value) if key in method.doubles else value


def _counted(zero: Mapping[str, int], counts: Mapping[str, int], members: frozenset[str] | None) -> dict[str, int]:
    return {**zero, **counts} if members is None else {key: counts.get(key, 0) for key in members}


def _parties(method: Method, state: State, _: Any, members: frozenset[str] | None) -> dict[str, list[str]]:
    names = {*method.no_parties, *state.parties} if members is None else members
    return {key: list(state.parties.get(key, ())) for key in names}


def outcome_of(method: Method, state: State, name: str) -> str:
    """Return the class (``class_``) or ``result`` of how a matter ended; "" while it is open."""
    spec = method.outcomes.get(state.outcome) if state.outcome else None
    return str(getattr(spec, name)) if spec is not None else ""


UNSET = {"set": False, "in_time": False, "late": False}


def standing(clock: ClockState | None) -> dict[str, bool]:
    """Return how a clock stands: was it ever set, was it kept (stopped in time), was it passed."""
    if clock is None:
        return UNSET
    return {"set": True, "in_time": clock.stopped_at is not None and not clock.late, "late": clock.late}


_BUILD: dict[str, Callable[[Method, State, Mapping[str, Any] | None, frozenset[str] | None], Any]] = {
    "fields": _filled,
    "given": lambda _, state, __, ___: list(state.fields),
    "urgency": lambda _, state, __, ___: state.fields.get("urgency") or "",
    "category": lambda _, state, __, ___: state.fields.get("category") or "",
    "counts": lambda method, state, _, members: _counted(method.zero_counts, state.counts, members),
    "parties": _parties,
    "rung": lambda method, state, _, members: _counted(method.zero_rungs, state.rung, members),
    "step": lambda _, state, __, ___: state.step,
    "result": lambda _, __, result, ___: {"carried": False, **(result or {})},
    # What figures may ask beside: how it ended, how its clocks stand. "limit" and "response" are handed in.
    "outcome": lambda _, state, __, ___: state.outcome,
    "outcome_class": lambda method, state, _, __: outcome_of(method, state, "class_"),
    "outcome_result": lambda method, state, _, __: outcome_of(method, state, "result"),
    "is_open": lambda _, state, __, ___: state.is_open,
    "clocks": lambda method, state, _, __: {key: standing(state.clocks.get(key)) for key in method.clocks},
    "limit": lambda _, __, result, ___: (result or {}).get("limit", UNSET),
    "response": lambda _, __, result, ___: (result or {}).get("response", UNSET),
}
