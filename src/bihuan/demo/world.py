"""The sample's clock and people: who acts, and when it was.

``World.on("2024-01-09 09:10")`` lets the clock stand there; every workday morning on the way, the clocks of all
matters are looked at, as the worker does it while the site runs.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from bihuan.areas.models import Area
from bihuan.demo import cast
from bihuan.kernel.api import CHINA, clock, new_id
from bihuan.matters.api import tick_due
from bihuan.people.api import SYSTEM, Actor, actor_of, give_post, record_person
from bihuan.people.models import Person

MORNING = time(9, 0)


def moment(text: str) -> datetime:
    """Read ``2024-01-09 09:10`` as local time."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=clock.ZONE)


class World:
    """People by key, and a clock that only goes forward."""

    def __init__(self) -> None:
        """Begin with nobody, at the beginning of time."""
        self.people: dict[str, Person] = {}
        self.last = datetime.min.replace(tzinfo=UTC)
        self._ahead: list[tuple[datetime, int, Callable[[], object]]] = []

    @contextmanager
    def on(self, when: str | datetime) -> Iterator[datetime]:
        """Let the clock stand at ``when``, after the mornings in between.

        Raises:
            ValueError: when the story would go back in time.
        """
        instant = moment(when) if isinstance(when, str) else when
        if instant < self.last:
            raise ValueError(f"{instant} comes before {self.last}")
        self._until(instant)
        self.last = instant
        with clock.at(instant):
            yield instant

    def ahead(self, when: str | datetime, doing: Callable[[], object]) -> None:
        """Let something happen at ``when``, whatever else the story tells before and after it.

        Raises:
            ValueError: when that is past already.
        """
        instant = moment(when) if isinstance(when, str) else when
        if instant < self.last:
            raise ValueError(f"{instant} comes before {self.last}")
        heapq.heappush(self._ahead, (instant, len(self._ahead), doing))

    def _until(self, instant: datetime) -> None:
        """Let the mornings and whatever is ahead go by, in their order."""
        for morning in self._mornings(instant):
            self._happen(morning)
            with clock.at(morning):
                tick_due()
        self._happen(instant)

    def _happen(self, until: datetime) -> None:
        while self._ahead and self._ahead[0][0] <= until:
            when, _number, doing = heapq.heappop(self._ahead)
            with clock.at(when):
                doing()

    def _mornings(self, until: datetime) -> Iterator[datetime]:
        if self.last.year < 2000:
            return
        day = self.last.astimezone(clock.ZONE).date()
        while (day := day + timedelta(days=1)) <= until.date():
            morning = datetime.combine(day, MORNING, clock.ZONE)
            if CHINA.is_workday(day) and morning < until:
                yield morning

    def actor(self, key: str) -> Actor:
        """Return ``key`` acting with the posts held on the story's day."""
        return actor_of(self.people[key], at=clock.today())

    def person(self, key: str) -> UUID:
        """Return a person's id."""
        return self.people[key].pk

    def id(self) -> UUID:
        """Make the id that a person's device would make now."""
        return new_id(clock.now())

    def door(self, number: int) -> str:
        """Return the door token of building ``number``."""
        token = Area.objects.get(pk=cast.building(number)).door_token
        return token or ""

    def settle_in(self) -> None:
        """Record the sample's people and give them their posts."""
        units = {unit.key: unit.name for unit in cast.UNITS}
        since = date.fromisoformat(cast.SINCE)
        for member in cast.PEOPLE:
            (role, area_code), *more = member.posts
            person = record_person(
                actor=SYSTEM,
                name=member.name,
                role=role,
                area_code=area_code,
                phone=member.phone,
                organisation=units.get(member.unit, ""),
                home_code=member.home,
                since=since,
                entry_id=self.id(),
            )
            for role, area_code in more:
                give_post(
                    actor=SYSTEM,
                    person_id=person.pk,
                    role=role,
                    area_code=area_code,
                    since=since,
                    entry_id=self.id(),
                )
            self.people[member.key] = person
