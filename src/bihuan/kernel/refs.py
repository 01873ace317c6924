"""Who acts, as the record names them."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID


class ActorRef(NamedTuple):
    """A person (None: anonymous or the system), the role acted in, and by which machine's key ("": by hand)."""

    person_id: UUID | None
    role: str
    via: str = ""


SYSTEM_REF = ActorRef(None, "system")
