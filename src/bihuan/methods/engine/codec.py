"""States to JSON and back, small and exact: what is empty is left out, instants are ISO 8601."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .types import ClockState, Pending, State


def state_to_json(state: State) -> dict[str, Any]:
    """Return ``state`` as plain JSON data."""
    out: dict[str, Any] = {"step": state.step}
    if not state.is_open:
        out["closed"] = True
    for name in ("outcome", "previous", "fields", "counts", "rung"):
        if value := getattr(state, name):
            out[name] = dict(value) if isinstance(value, Mapping) else value
    for name in ("opened_at", "closed_at"):
        if value := getattr(state, name):
            out[name] = value.isoformat()
    for name in ("parties", "accepted", "done_by"):
        if value := getattr(state, name):
            out[name] = {key: list(people) for key, people in value.items()}
    if state.clocks:
        out["clocks"] = {key: _clock_out(clock) for key, clock in state.clocks.items()}
    if state.pending:
        out["pending"] = {
            key: {"by": p.asked_by, "at": p.asked_at.isoformat(), "data": dict(p.data)}
            for key, p in state.pending.items()
        }
    return out


def state_from_json(data: Mapping[str, Any]) -> State:
    """Return the state that ``state_to_json`` wrote."""
    return State(
        step=data["step"],
        is_open=not data.get("closed", False),
        outcome=data.get("outcome", ""),
        opened_at=_instant(data.get("opened_at")),
        fields=data.get("fields", {}),
        parties={key: tuple(people) for key, people in data.get("parties", {}).items()},
        clocks={key: _clock_in(clock) for key, clock in data.get("clocks", {}).items()},
        pending={
            key: Pending(key, p["by"], datetime.fromisoformat(p["at"]), p["data"])
            for key, p in data.get("pending", {}).items()
        },
        accepted={key: tuple(people) for key, people in data.get("accepted", {}).items()},
        counts=data.get("counts", {}),
        done_by={key: tuple(people) for key, people in data.get("done_by", {}).items()},
        rung=data.get("rung", {}),
        previous=data.get("previous", ""),
        closed_at=_instant(data.get("closed_at")),
    )


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _clock_out(clock: ClockState) -> dict[str, Any]:
    out: dict[str, Any] = {"start": clock.started_at.isoformat(), "due": clock.due_at.isoformat()}
    if clock.paused_at:
        out["paused"] = clock.paused_at.isoformat()
    if clock.stopped_at:
        out["stopped"] = clock.stopped_at.isoformat()
    if clock.extensions:
        out["extensions"] = clock.extensions
    if clock.late:
        out["late"] = True
    if clock.fired:
        out["fired"] = list(clock.fired)
    return out


def _clock_in(data: Mapping[str, Any]) -> ClockState:
    return ClockState(
        datetime.fromisoformat(data["start"]),
        datetime.fromisoformat(data["due"]),
        _instant(data.get("paused")),
        _instant(data.get("stopped")),
        data.get("extensions", 0),
        data.get("late", False),
        tuple(data.get("fired", ())),
    )
