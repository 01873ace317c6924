"""What people of the story do, each by one use case; and what they leave behind for those who come to look."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.demo.cast import building
from bihuan.demo.photos import picture
from bihuan.demo.world import World
from bihuan.kernel.api import clock
from bihuan.matters.api import Photo, advance, record
from bihuan.people.api import ANONYMOUS


@dataclass
class Told:
    """What the story leaves behind for those who come to look: ids by name, the reporters' secret links."""

    matters: dict[str, UUID] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    places: dict[str, UUID] = field(default_factory=dict)
    visits: dict[str, UUID] = field(default_factory=dict)
    pairings: dict[str, UUID] = field(default_factory=dict)
    activities: dict[str, UUID] = field(default_factory=dict)
    signed: list[UUID] = field(default_factory=list)  # who signed up for the festival
    team: UUID | None = None


def act(world: World, who: str, matter: UUID, action: str, *, scene: str = "", tag: str = "", **data: Any) -> None:
    """Let ``who`` do ``action`` now; ``scene`` adds a picture with ``tag`` ("after" shows it mended)."""
    photos = [Photo(picture(scene, mended=tag == "after"), tag, world.id())] if scene else []
    advance(
        actor=world.actor(who),
        matter_id=matter,
        action=action,
        data=data,
        photos=photos,
        entry_id=world.id(),
    )


def by_link(world: World, matter: UUID, action: str, link: str, **data: Any) -> None:
    """Let the holder of the reporter's link do ``action`` now, without an account."""
    advance(actor=ANONYMOUS, matter_id=matter, action=action, data=data, entry_id=world.id(), via_link=link)


def recorded(
    world: World, who: str, number: int, text: str, *, channel: str, happened: datetime | None = None, **given: Any
) -> UUID:
    """Let ``who`` record a problem at building ``number`` for somebody else now."""
    done = record(
        actor=world.actor(who),
        id=world.id(),
        area_code=building(number),
        text=text,
        channel=channel,
        happened_at=happened or clock.now(),
        **given,
    )
    return done.matter_id
