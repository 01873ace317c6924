"""What a state means for the tables that are read fast: pure, from the engine's state alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from bihuan.methods.api import Method, State, Wait, card_of, due_of, next_tick, waits

NEVER = timedelta(days=3650)
# What is only allowed sorts after everything that is owed: two hundred years later, so that a to-do list, and the count
# of what is owed, is one range of one index.
_LATER = timedelta(days=200 * 366)
MAY_FROM = datetime(2150, 1, 1, tzinfo=UTC)


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
    """Return the to-do rows of one matter: each act that is owed, and in one row for each what else they may do.

    Of what is allowed only the step's own acts: what may be done at any time (a note) is on the matter's page.

    Args:
        method: the matter's version.
        state: as it is now.
        matter_id: whose.
        area_code: where it lies.
        created_at: sorts what has no limit after what has one, oldest first.
    """
    where = (area_code, area_code[:12], area_code[:9], area_code[:6])
    must: dict[tuple[str, str, str | None], Wait] = {}
    may: dict[tuple[str, str | None], list[Wait]] = {}
    own = method.steps[state.step].actions if state.is_open and state.step in method.steps else {}
    for wait in waits(method, state, optional=bool(own)):
        if wait.role == "system" or wait.role.startswith("meeting:"):
            continue
        if wait.must:
            must.setdefault((wait.action, wait.role, wait.person), wait)
        elif wait.action in own and _somebody(method, wait):
            may.setdefault((wait.role, wait.person), []).append(wait)
    rows: list[TodoValues] = []
    for wait in must.values():
        who = (wait.role, UUID(hex=wait.person) if wait.person else None, barred(method, state, wait.action))
        rows.append((matter_id, wait.action, True, *who, *where, wait.due_at, wait.due_at or created_at + NEVER))
    for (role, person), allowed in may.items():
        acts = list(dict.fromkeys(wait.action for wait in allowed))
        bars = ";".join(barred(method, state, act) for act in acts)
        who = (role, UUID(hex=person) if person else None, bars if bars.strip(";") else "")
        due = min((wait.due_at for wait in allowed if wait.due_at is not None), default=None)
        rows.append((matter_id, " ".join(acts), False, *who, *where, due, (due or created_at + NEVER) + _LATER))
    return rows


def _somebody(method: Method, wait: Wait) -> bool:
    """Say whether a row for ``wait`` would be anybody's: a party role nobody holds, or anyone at all, is nobody's."""
    return wait.role != "anyone" and (wait.person is not None or wait.role not in method.party_roles)


def acts_of(action: str, barred: str, person: str) -> list[str]:
    """Return the acts of a to-do row that are ``person``'s to do (hex; "" for nobody in particular)."""
    acts = action.split(" ")
    if not barred:
        return acts
    bars = barred.split(";") if len(acts) > 1 else [barred]
    return [act for act, bar in zip(acts, bars, strict=True) if not person or person not in bar.split(" ")]


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
