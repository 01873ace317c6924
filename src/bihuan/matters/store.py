"""Writing a matter and what is derived from it, in the caller's transaction, by as few statements as there are tables.

Raw statements: on the way in the ORM costs more than the database does. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext as _

from bihuan.kernel.api import ActorRef, Conflict, Problem, SealedValue, append, sql
from bihuan.matters.derive import TODO_COLUMNS, Derived, derive, todo_rows
from bihuan.methods.api import Method, State, state_to_json

MATTER = "matters_matter"
MATTER_COLUMNS = (
    "id",
    "number",
    "version_ref_id",
    "area_code",
    "community_code",
    "street_code",
    "district_code",
    "lon",
    "lat",
    "title",
    "text",
    "channel",
    "category",
    "urgency",
    "step",
    "is_open",
    "outcome",
    "public",
    "due_at",
    "card",
    "next_tick_at",
    "reporter_id",
    "follow_hash",
    "has_contact",
    "follower_count",
    "duplicate_of_id",
    "parent_id",
    "happened_at",
    "created_at",
    "updated_at",
    "closed_at",
    "indexed",
    "counted",
    "state_json",
    "version",
    "head_hash",
)
TODO = "matters_todo"
PARTY = "matters_party"
PARTY_COLUMNS = ("matter_id", "role", "person_id", "since", "until")
TALLY = "matters_areatally"
TALLY_COLUMNS = ("area_code", "total", "open", "yellow", "red")
_TALLY_UP = (
    "ON CONFLICT (area_code) DO UPDATE SET total = matters_areatally.total + excluded.total, "
    "open = matters_areatally.open + excluded.open"
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What follows from a first state: the same for every report of a batch that begins alike."""

    roles: list[str]
    state: State
    public: bool
    derived: Derived
    state_json: Any
    todos: list[Any]


def shape_of(method: Method, state: State, roles: list[str], area_code: str, now: datetime) -> Shape:
    """Work out what the rows of a new matter take from its state."""
    kept: Any = state_to_json(state)
    if sql.is_sqlite():
        kept = orjson.dumps(kept).decode()
    nobody = UUID(int=0)
    todos: list[Any] = list(todo_rows(method, state, nobody, area_code, now))
    return Shape(roles, state, is_public(method, state), derive(method, state), kept, todos)


@dataclass(slots=True)
class Opened:
    """A matter about to be written for the first time: all that its rows need."""

    id: UUID
    number: str
    version_id: UUID
    area_code: str
    lon: float | None
    lat: float | None
    title: str
    text: str
    channel: str
    category: str
    urgency: str
    public: bool
    state: State
    reporter_id: UUID | None
    follow_hash: bytes | None
    has_contact: bool
    parent_id: UUID | None
    happened_at: datetime
    created_at: datetime
    shape: Shape

    def values(self, head: bytes) -> tuple[Any, ...]:
        """Return the row in the order of ``MATTER_COLUMNS``."""
        derived, code = self.shape.derived, self.area_code
        return (
            self.id,
            self.number,
            self.version_id,
            code,
            code[:12],
            code[:9],
            code[:6],
            self.lon,
            self.lat,
            self.title,
            self.text,
            self.channel,
            self.category,
            self.urgency,
            self.state.step,
            self.state.is_open,
            self.state.outcome,
            self.public,
            derived.due_at,
            derived.card,
            derived.next_tick_at,
            self.reporter_id,
            self.follow_hash,
            self.has_contact,
            0,
            None,
            self.parent_id,
            self.happened_at,
            self.created_at,
            self.created_at,
            self.state.closed_at,
            False,  # indexed
            False,  # counted
            self.shape.state_json,
            1,
            head,
        )

    def todos(self) -> list[Any]:
        """Return the to-do rows."""
        code = self.area_code
        where = (code, code[:12], code[:9], code[:6])
        return [(self.id, *row[1:6], *where, *row[10:]) for row in self.shape.todos]

    def parties(self) -> list[tuple[Any, ...]]:
        """Return the party rows."""
        return party_rows(self.id, _pairs(self.state), self.created_at) if self.state.parties else []


def first_inserts(opened: Opened, head: bytes) -> list[sql.Insert]:
    """Return what a new matter adds to the tables: its row, to-do rows, parties and its area's tally."""
    return [
        sql.Insert(MATTER, MATTER_COLUMNS, [opened.values(head)]),
        sql.Insert(TODO, TODO_COLUMNS, opened.todos()),
        sql.Insert(PARTY, PARTY_COLUMNS, opened.parties()),
        sql.Insert(TALLY, TALLY_COLUMNS, [(opened.area_code, 1, int(opened.state.is_open), 0, 0)], _TALLY_UP),
    ]


def tally_up(counts: dict[str, tuple[int, int]]) -> None:
    """Add new matters to the tallies of areas by one statement, in order, so that batches never wait in a circle."""
    rows = [(code, total, open_, 0, 0) for code, (total, open_) in sorted(counts.items())]
    for chunk in sql.batched(rows, 150):
        statement = sql.insert_statement(TALLY, TALLY_COLUMNS, len(chunk), _TALLY_UP)
        sql.execute(statement, [value for row in chunk for value in row])


def party_rows(matter_id: UUID, pairs: set[tuple[str, str]], since: datetime) -> list[tuple[Any, ...]]:
    """Return rows for (role, person) pairs, in a stable order."""
    return [(matter_id, role, UUID(hex=person), since, None) for role, person in sorted(pairs)]


def _pairs(state: State) -> set[tuple[str, str]]:
    return {(role, person) for role, persons in state.parties.items() for person in persons}


@dataclass(slots=True)
class Current:
    """A matter as it was read to be moved."""

    id: UUID
    number: str
    version_id: UUID
    area_code: str
    title: str
    public: bool
    reporter_id: UUID | None
    follow_hash: bytes | None
    has_contact: bool
    follower_count: int
    created_at: datetime
    card: str
    state: State
    version: int
    head_hash: bytes
    duplicate_of_id: UUID | None = None


def append_entry(
    current: Current,
    *,
    verb: str,
    actor: ActorRef,
    happened_at: datetime,
    recorded_at: datetime,
    method: str,
    body: dict[str, Any],
    sealed: Sequence[SealedValue],
    entry_id: UUID,
) -> bytes:
    """Append the next entry of a matter's chain and return its hash.

    Raises:
        AlreadyRecorded: the id is in the record.
        Conflict: somebody else appended first.
    """
    entry = append(
        subject_type="matter",
        subject_id=current.id,
        seq=current.version + 1,
        prev_hash=current.head_hash,
        verb=verb,
        actor=actor,
        area_code=current.area_code,
        happened_at=happened_at,
        recorded_at=recorded_at,
        method=method,
        body=body,
        sealed=sealed,
        entry_id=entry_id,
    )
    return bytes(entry.hash)


def rewrite(
    current: Current, after: State, *, method: Method, head: bytes, now: datetime, extra: dict[str, Any] | None = None
) -> None:
    """Write what an act made of a matter: its row (compare-and-set), to-do, tally, parties.

    At most six statements; ``extra`` sets further columns of the row.

    Raises:
        Conflict: the version is not the one that was read.
    """
    before, derived = current.state, derive(method, after)
    columns: dict[str, Any] = {
        "step": after.step,
        "is_open": after.is_open,
        "outcome": after.outcome,
        "due_at": derived.due_at,
        "card": derived.card,
        "next_tick_at": derived.next_tick_at,
        "updated_at": now,
        "closed_at": after.closed_at,
        "state_json": state_to_json(after),
        "version": current.version + 1,
        "head_hash": head,
        "counted": False,
        **(extra or {}),
    }
    public = is_public(method, after)
    if public != current.public:
        columns["public"] = public
    for field in ("category", "urgency"):
        value = after.fields.get(field)
        if isinstance(value, str) and value != before.fields.get(field):
            columns[field] = value
    sets = ", ".join(f'"{name}" = %s' for name in columns)
    if not sql.execute(
        f"UPDATE {MATTER} SET {sets} WHERE id = %s AND version = %s",  # noqa: S608
        [*columns.values(), current.id, current.version],
    ):
        raise conflict(current.version + 1)
    rows = todo_rows(method, after, current.id, current.area_code, current.created_at)
    sql.execute("DELETE FROM matters_todo WHERE matter_id = %s", [current.id])
    sql.insert_rows(TODO, TODO_COLUMNS, rows)
    _sync_parties(current, _pairs(before), _pairs(after), now)
    shift_tally(current.area_code, (before.is_open, current.card), (after.is_open, derived.card))


def is_public(method: Method, state: State) -> bool:
    """Say whether strangers may see what the method shows of a matter."""
    return method.private is None or not method.private.holds(method, state)


def _sync_parties(current: Current, before: set[tuple[str, str]], after: set[tuple[str, str]], now: datetime) -> None:
    ended = sorted(before - after)
    if ended:
        either = " OR ".join(["(role = %s AND person_id = %s)"] * len(ended))
        sql.execute(
            f"UPDATE {PARTY} SET until = %s WHERE matter_id = %s AND until IS NULL AND ({either})",  # noqa: S608
            [now, current.id, *(part for role, person in ended for part in (role, UUID(hex=person)))],
        )
    sql.insert_rows(PARTY, PARTY_COLUMNS, party_rows(current.id, after - before, now))


def shift_tally(area_code: str, before: tuple[bool, str], after: tuple[bool, str]) -> None:
    """Move one matter between the columns of its area's tally; no statement where nothing changed."""
    deltas = {
        "open": int(after[0]) - int(before[0]),
        "yellow": int(after[1] == "yellow") - int(before[1] == "yellow"),
        "red": int(after[1] == "red") - int(before[1] == "red"),
    }
    changed = {name: delta for name, delta in deltas.items() if delta}
    if changed:
        sets = ", ".join(f"{name} = {name} + %s" for name in changed)
        sql.execute(
            f"UPDATE matters_areatally SET {sets} WHERE area_code = %s",  # noqa: S608
            [*changed.values(), area_code],
        )


def conflict(version: int | None) -> Conflict:
    """Return the error for somebody who was slower."""
    return Conflict(version, Problem("", _("别人刚刚办理了这一事项。"), _("请刷新后查看最新情况，再决定是否继续。")))
