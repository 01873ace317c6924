"""A small community for tests of the desk: the sample's places, a handful of people, the shipped method.

Everything is made through the same actions that people use, but the accounts' passwords.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from bihuan.areas.sample import load_sample
from bihuan.kernel.api import clock, new_id
from bihuan.matters.api import Reported, advance, report
from bihuan.methods.api import install_library
from bihuan.people.api import ANONYMOUS, SYSTEM, Actor, actor_of
from bihuan.people.models import Person, Post, User

COMMUNITY = "410802004004"
NOON = datetime.fromisoformat("2024-04-03T12:00:00+08:00")  # a Wednesday; Qingming begins the day after
PHONE = "13800010012"


def building(number: int) -> str:
    """Return the code of one of the 48 buildings."""
    return f"{COMMUNITY}{number:03d}"


# key, name, posts
CAST: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("secretary", "邢慧敏", (("secretary", COMMUNITY),)),
    ("leader", "裴志远", (("grid_leader", COMMUNITY),)),
    ("cadre", "蔺国强", (("committee_member", COMMUNITY),)),
    ("worker", "史军", tuple(("grid_worker", building(n)) for n in range(9, 17))),
    ("worker_far", "邱明", tuple(("grid_worker", building(n)) for n in range(41, 49))),
    ("police", "雷涛", (("police", COMMUNITY),)),
    ("council", "康秀兰", (("council_member", COMMUNITY),)),
    ("property", "牛海波", (("property", COMMUNITY),)),
    ("resident", "齐凤英", (("resident", building(12)),)),
    ("neighbour", "安立新", (("resident", building(12)),)),
    ("street", "闻人杰", (("street_staff", "410802004"),)),
    ("admin", "管小安", (("administrator", "410802"),)),
)


@dataclass(slots=True)
class Town:
    """The community and its people, by key."""

    people: dict[str, Person] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    def actor(self, key: str) -> Actor:
        """Return a person as they act now."""
        return actor_of(self.people[key])

    def report(self, number: int, text: str, **more: Any) -> Reported:
        """Let a stranger report something at a building."""
        return report(actor=ANONYMOUS, id=new_id(), area_code=building(number), text=text, **more)

    def do(self, key: str, matter_id: UUID, action: str, **more: Any) -> Any:
        """Let somebody act."""
        return advance(actor=self.actor(key), matter_id=matter_id, action=action, entry_id=new_id(), **more)

    def triage(self, matter_id: UUID, level: str = "grid", category: str = "facility", urgency: str = "normal") -> Any:
        """Sort a matter as the grid worker does."""
        return self.do("worker", matter_id, "triage", data={"category": category, "urgency": urgency, "level": level})


def make_town() -> Town:
    """Build the places, the people and the method at the clock's time."""
    load_sample()
    install_library(actor=SYSTEM, area_code="410802", keys=["yiwang-sanbu-wuqin"])
    town = Town()
    now = clock.now()
    for key, name, posts in CAST:
        home = posts[0][1] if posts[0][0] == "resident" else ""
        person = Person.objects.create(id=new_id(), name=name, home_code=home, created_at=now)
        town.people[key] = person
        for role, area in posts:
            Post.objects.create(person=person, role_id=role, area_code=area, since=date(2023, 12, 1))
        user = User(username=key, person=person)
        user.set_password("desk-test-pass")
        user.save()
        town.users[key] = user
    return town


def many(town: Town, count: int) -> list[Reported]:
    """Report ``count`` different problems over the days before now, round the buildings."""
    words = ("路灯不亮", "下水道堵了", "垃圾没人清", "楼道堆杂物", "墙皮脱落", "健身器材坏了", "电线裸露", "井盖松动")
    made = []
    end = clock.now()
    for index in range(count):
        at = end - timedelta(hours=3 * (count - index))
        with clock.at(at):
            text = f"{words[index % len(words)]}，第{index + 1}处，请来看看。"
            made.append(town.report(index % 48 + 1, text, category=("facility", "environment", "safety")[index % 3]))
    return made
