"""What a state means for the tables that are read fast: pure, from the engine's state alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bihuan.methods.api import Method, State, card_of, due_of, next_tick, waits

NEVER = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Derived:
    """The matter's columns that follow from its state."""

    due_at: datetime | None
    card: str
    next_tick_at: datetime | None


def derive(method: Method, state: State) -> Derived:
    """Return the nearest limit that runs, the gravest card shown, and when a clock next has something to say."""
    if not state.is_open:
        return Derived(None, "", None)
    return Derived(due_of(state), card_of(state), next_tick(method, state))


TODO_COLUMNS = (
    "matter_id",
    "action",
    "must",
    "role",
    "person_id",
    "barred",
    "area_code",
    "community_code",
    "street_code",
    "district_code",
    "due_at",
    "sort_at",
)
TodoValues = tuple[UUID, str, bool, str, UUID | None, str, str, str, str, str, datetime | None, datetime]


def todo_rows(method: Method, state: State, matter_id: UUID, area_code: str, created_at: datetime) -> list[TodoValues]:
    """Return the to-do rows of one matter: only what is owed; what is merely allowed is on the matter's page.

    Args:
        method: the matter's version.
        state: as it is now.
        matter_id: whose.
        area_code: where it lies.
        created_at: sorts what has no limit after what has one, oldest first.
    """
    rows: list[TodoValues] = []
    seen: set[tuple[str, str, str | None]] = set()
    for wait in waits(method, state):
        key = (wait.action, wait.role, wait.person)
        if not wait.must or wait.role == "system" or wait.role.startswith("meeting:") or key in seen:
            continue
        seen.add(key)
        rows.append(
            (
                matter_id,
                wait.action,
                wait.must,
                wait.role,
                UUID(hex=wait.person) if wait.person else None,
                barred(method, state, wait.action),
                area_code,
                area_code[:12],
                area_code[:9],
                area_code[:6],
                wait.due_at,
                wait.due_at or created_at + NEVER,
            )
        )
    return rows


def barred(method: Method, state: State, action: str) -> str:
    """Return who may not do ``action`` though their role may, as hex ids joined by blanks.

    Nobody judges their own work.
    """
    key, _dot, part = action.partition(".")
    move = method.move(state.step, key)
    if move is None:
        return ""
    if part:
        asked = state.pending.get(key)
        return asked.asked_by or "" if asked is not None else ""
    found = {person for done in move.did for person in state.done_by.get(done, ())}
    found |= {person for role in move.holds for person in state.parties.get(role, ())}
    return " ".join(sorted(found))
