"""Reading a matter to be moved, and who may know of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import orjson

from bihuan.kernel.api import (
    sql,
)
from bihuan.matters.ledger import as_instant
from bihuan.matters.store import Current
from bihuan.methods.api import state_from_json
from bihuan.people.api import MATTER_READ, Actor

_FIELDS = (
    "m.id, m.number, m.version_ref_id, m.area_code, m.title, m.public, m.reporter_id, m.follow_hash, m.has_contact, "
    "m.follower_count, m.created_at, m.card, m.state_json, m.version, m.head_hash, m.duplicate_of_id, c.name"
)


@dataclass(slots=True)
class Loaded:
    """A matter read to be moved, locked until the transaction ends (PostgreSQL)."""

    current: Current
    community_name: str
    resent: tuple[UUID, int, UUID | None] | None  # subject, seq and actor of the entry with this id, if there is one


def load(matter_id: UUID, entry_id: UUID | None = None, *, skip_locked: bool = False) -> Loaded | None:
    """Read a matter for moving, and whether an entry with this id is in the record: one statement."""
    lock = ""
    if not sql.is_sqlite():
        lock = " FOR UPDATE OF m" + (" SKIP LOCKED" if skip_locked else "")
    rows = sql.rows(
        f"SELECT {_FIELDS}, e.subject_id, e.seq, e.actor_id FROM matters_matter m "  # noqa: S608
        "LEFT JOIN areas_area c ON c.code = m.community_code LEFT JOIN kernel_entry e ON e.id = %s "
        f"WHERE m.id = %s{lock}",
        [entry_id or matter_id, matter_id],
    )
    if not rows:
        return None
    row = rows[0]
    state = row[12] if isinstance(row[12], dict) else orjson.loads(row[12])
    current = Current(
        id=sql.as_uuid(row[0]),
        number=row[1],
        version_id=sql.as_uuid(row[2]),
        area_code=row[3],
        title=row[4],
        public=bool(row[5]),
        reporter_id=sql.as_uuid(row[6]) if row[6] else None,
        follow_hash=bytes(row[7]) if row[7] is not None else None,
        has_contact=bool(row[8]),
        follower_count=row[9],
        created_at=as_instant(row[10]),  # type: ignore[arg-type]
        card=row[11],
        state=state_from_json(state),
        version=row[13],
        head_hash=bytes(row[14]),
        duplicate_of_id=sql.as_uuid(row[15]) if row[15] else None,
    )
    resent = None
    if entry_id is not None and row[17] is not None:
        resent = (sql.as_uuid(row[17]), row[18], sql.as_uuid(row[19]) if row[19] else None)
    return Loaded(current, row[16] or "", resent)


def may_see(actor: Actor, current: Current, *, holds_link: bool) -> bool:
    """Say whether an actor may know of a matter: the same rule as ``people.api.can``, on the row as read here."""
    if actor.kind == "system" or holds_link:
        return True
    if actor.person_id is None:
        return False
    if actor.via:  # a key acts in one area: what its person is party to elsewhere is not its business
        return actor.holds(MATTER_READ, current.area_code)
    me = actor.person_id.hex
    return (
        actor.holds(MATTER_READ, current.area_code)
        or actor.person_id == current.reporter_id
        or any(me in persons for persons in current.state.parties.values())
    )
