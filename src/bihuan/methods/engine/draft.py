"""A state being changed within one decision; frozen again at its end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .types import ClockState, Effect, Pending, State


class Draft:
    """A mutable copy of a ``State``, name for name. Mappings are copied when first changed."""

    __slots__ = (
        "accepted", "clocks", "closed_at", "counts", "done_by", "effects", "fields", "is_open", "opened_at",
        "outcome", "parties", "pending", "previous", "rung", "step",
    )  # fmt: skip

    def __init__(self, state: State) -> None:
        """Start from ``state``."""
        self.step, self.is_open, self.outcome = state.step, state.is_open, state.outcome
        self.opened_at, self.previous, self.closed_at = state.opened_at, state.previous, state.closed_at
        self.fields, self.parties, self.clocks = state.fields, state.parties, state.clocks
        self.pending, self.accepted, self.counts = state.pending, state.accepted, state.counts
        self.done_by, self.rung = state.done_by, state.rung
        self.effects: list[Effect] = []

    def say(self, kind: str, **data: Any) -> None:
        """Add an effect."""
        self.effects.append(Effect(kind, data))

    def count(self, key: str) -> None:
        """Count one more of ``key``."""
        self.counts = {**self.counts, key: self.counts.get(key, 0) + 1}

    def did(self, action: str, person: str | None) -> None:
        """Remember that ``person`` did ``action``."""
        if person is not None and person not in self.done_by.get(action, ()):
            self.done_by = {**self.done_by, action: (*self.done_by.get(action, ()), person)}

    def clock(self, key: str, clock: ClockState) -> None:
        """Put a clock."""
        self.clocks = {**self.clocks, key: clock}

    def ask(self, action: str, pending: Pending) -> None:
        """Note that ``action`` waits for consent."""
        self.pending = {**self.pending, action: pending}

    def answer(self, action: str) -> None:
        """Note that ``action`` waits no longer."""
        self.pending = {key: value for key, value in self.pending.items() if key != action}

    def close(self, outcome: str, at: datetime) -> None:
        """Close the matter."""
        self.is_open, self.outcome, self.closed_at = False, outcome, at

    def freeze(self) -> State:
        """Return the state as it now is."""
        return State(
            self.step, self.is_open, self.outcome, self.opened_at, self.fields, self.parties, self.clocks,
            self.pending, self.accepted, self.counts, self.done_by, self.rung, self.previous, self.closed_at,
        )  # fmt: skip
