"""Who acts, as the record names them."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID


class ActorRef(NamedTuple):
    """A person (None: anonymous or the system) and the role acted in."""

    person_id: UUID | None
    role: str


SYSTEM_REF = ActorRef(None, "system")
