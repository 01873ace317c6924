"""A small community in which meetings are held: places, people, the method, matters that wait."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import bihuan.library
from bihuan.areas.models import Area
from bihuan.kernel.api import clock, new_id
from bihuan.matters import api as matters
from bihuan.matters.models import Matter
from bihuan.meetings import api as meetings
from bihuan.meetings.models import AgendaItem, Attendance, Meeting
from bihuan.methods.api import install
from bihuan.people.api import SYSTEM, Actor, actor_of
from bihuan.people.models import Person, Post

COMMUNITY = "410802004004"
OTHER = "410802006001"
LIBRARY = Path(bihuan.library.__file__).parent / "yiwang_sanbu_wuqin" / "method.yaml"
START = datetime.datetime(2024, 3, 11, 9, 0, tzinfo=clock.ZONE)  # a Monday

RULES = """
协商:
  组织:
    grid_meeting:
      标题: {zh: 网格会议, en: Grid meeting}
      召集人: [grid_leader]
      记录人: [grid_worker]
      成员: [grid_leader, grid_worker, council_member]
      列席: [police, property]
      例会: 每月15日 15:00
      地点: 居民会客厅
      提前通知: 2
      发言顺序: [council_member, grid_worker]
      公示: {现场公布: 是, 公示期: 3, 可提异议: 是}
      提交: joint_meeting
    joint_meeting:
      标题: {zh: 党建联席会议, en: Joint meeting}
      召集人: [secretary]
      成员: [secretary, committee_member, grid_leader, council_member]
      例会: 每季度
"""


def source(rules: str = RULES) -> str:
    """Return the shipped method with the test's own rules of deliberation in place of its own."""
    kept, skipping = [], False
    for line in LIBRARY.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith((" ", "#")):
            skipping = line.startswith("协商:")
        if not skipping:
            kept.append(line)
    return "\n".join(kept) + "\n" + rules


def area(code: str, level: str, name: str, **more: object) -> None:
    Area.objects.update_or_create(code=code, defaults={"parent_code": code[:-3], "level": level, "name": name, **more})


@dataclass
class World:
    """The people by short names, and the way to act as them at a moment."""

    now: datetime.datetime = START
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, key: str, name: str, *posts: tuple[str, str]) -> Person:
        person = Person.objects.create(id=new_id(), name=name, created_at=START)
        for role, code in posts:
            Post.objects.create(person=person, role_id=role, area_code=code, since=datetime.date(2020, 1, 1))
        self.people[key] = person
        return person

    def actor(self, key: str) -> Actor:
        return actor_of(self.people[key], at=self.now.date())

    def id(self, key: str) -> UUID:
        return self.people[key].pk

    @contextmanager
    def at(self, moment: datetime.datetime | None = None) -> Iterator[None]:
        self.now = moment or self.now
        with clock.at(self.now):
            yield

    def waiting_matter(self, text: str = "三号楼路灯不亮", building: str = "003", *, level: str = "grid") -> Matter:
        """Report and sort a problem until it waits for a meeting."""
        done = matters.report(
            actor=self.actor("resident"), id=new_id(clock.now()), text=text, area_code=COMMUNITY + building
        )
        matters.advance(
            actor=self.actor("leader"),
            matter_id=done.matter_id,
            action="triage",
            entry_id=new_id(clock.now()),
            data={"category": "facility", "urgency": "normal", "level": level},
        )
        return Matter.objects.get(pk=done.matter_id)

    def call(self, key: str = "leader", body: str = "grid_meeting", days: int = 4, **more: object) -> Meeting:
        given: dict[str, object] = {"place": "居民会客厅", "starts_at": self.now + datetime.timedelta(days=days)}
        return meetings.call_meeting(
            actor=self.actor(key),
            entry_id=new_id(clock.now()),
            area_code=COMMUNITY,
            body=body,
            **(given | more),  # type: ignore[arg-type]
        )

    def row(self, meeting: Meeting, key: str) -> Attendance:
        return meeting.attendances.get(person_id=self.id(key))

    def present(self, meeting: Meeting, *keys: str) -> None:
        marks = [meetings.Mark(self.row(meeting, key).pk, "present") for key in keys]
        meetings.record_attendance(actor=self.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk, marks=marks)

    def opened(self, *keys: str, items: int = 1, kind: str = "") -> tuple[Meeting, list[AgendaItem]]:
        """A meeting under way with some matters, everybody named present; the first item in the vote if ``kind``."""
        for n in range(items):
            self.waiting_matter(f"第{n + 1}件：路面坑洼积水", f"{n % 3 + 1:03d}")
        meeting = self.call()
        self.present(meeting, *(keys or ("leader", "worker", "worker2", "council", "council2")))
        meetings.open_meeting(actor=self.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk)
        found = list(meeting.items.all())
        if kind:
            meetings.open_ballot(actor=self.actor("leader"), entry_id=new_id(), item_id=found[0].pk, kind=kind)
        return Meeting.objects.get(pk=meeting.pk), found

    def vote(self, item: AgendaItem, key: str, choice: str, **more: object) -> object:
        return meetings.cast(
            actor=self.actor(key),
            entry_id=new_id(),
            item_id=item.pk,
            choice=choice,
            **more,  # type: ignore[arg-type]
        )

    def close(self, item: AgendaItem) -> AgendaItem:
        return meetings.close_ballot(actor=self.actor("leader"), entry_id=new_id(), item_id=item.pk)


def build(rules: str = RULES) -> World:
    """Make the places, the people and the method."""
    area("410802", "district", "解放区")
    area("410802004", "street", "焦西街道")
    area(COMMUNITY, "community", "电建社区", households=2100)
    area("410802006", "street", "焦北街道")
    area(OTHER, "community", "花园街社区")
    for n in range(1, 4):
        area(f"{COMMUNITY}{n:03d}", "micro_grid", f"电建社区{n}号楼", short_name=f"{n}号楼", households=40 + n)
    world = World()
    here = COMMUNITY
    world.person("leader", "周长河", ("grid_leader", here))
    world.person("worker", "李素芬", ("grid_worker", f"{here}003"))
    world.person("worker2", "王建设", ("grid_worker", f"{here}001"))
    world.person("council", "赵德明", ("council_member", here))
    world.person("council2", "孙桂英", ("council_member", here))
    world.person("police", "陈卫国", ("police", "410802004"))
    world.person("cadre", "刘书平", ("committee_member", here))
    world.person("secretary", "张红梅", ("secretary", here))
    world.person("resident", "吴小满")
    Person.objects.filter(pk=world.id("resident")).update(home_code=f"{here}003")
    world.person("outsider", "钱外来", ("grid_leader", OTHER), ("secretary", OTHER))
    with clock.at(START):
        install(actor=SYSTEM, source=source(rules), area_code="410802", default_for_reports=True)
    return world
