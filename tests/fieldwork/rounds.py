"""A small community that is gone round: places, people, a method with rounds."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import bihuan.library
from bihuan.areas.models import Area
from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork.models import Place
from bihuan.kernel.api import clock, new_id
from bihuan.methods.api import install
from bihuan.people.api import SYSTEM, Actor, actor_of
from bihuan.people.models import Organisation, Person, Post

COMMUNITY = "410802004004"
OTHER = "410802006001"
BUILDINGS = tuple(f"{COMMUNITY}{number:03d}" for number in range(1, 7))
MONDAY = datetime.datetime(2024, 3, 11, 9, 0, tzinfo=clock.ZONE)
METHOD = "yiwang-sanbu-wuqin"
LIBRARY = Path(bihuan.library.__file__).parent / "yiwang_sanbu_wuqin" / "method.yaml"
OWN = ("巡访:", "结对:", "勤务:")
ROUNDS = """
巡访:
  地点种类: {wall: {zh: 围墙, en: Wall}, household: {zh: 住户, en: Household}}
  点评: [secretary]
  保存: 400 天
  计划:
    patrol:
      标题: {zh: 三方联动巡查, en: Joint patrol}
      走哪里: [微网格]
      谁去: [grid_worker]
      可代: [grid_leader]
      同去: [property, police]
      同去要求: 全部
      多久一次: 每周一
      季节: [{从: "03-01", 到: "11-30"}]
      最短间隔: 3 天
      看什么:
        exits: {标题: {zh: 消防通道畅通, en: Fire exits clear}, 发现问题: {类别: safety, 紧急程度: urgent}}
        walls: {标题: {zh: 墙体完好, en: Walls sound}}
    walls:
      标题: {zh: 看围墙, en: Walls}
      走哪里: [wall]
      谁去: [grid_worker]
      多久一次: 每月1日
    census:
      标题: {zh: 二级遍访, en: Two-level visits}
      走哪里: [微网格]
      分级: [[grid_worker], [grid_leader, committee_member]]
      多久一次: 每季度首月1日
      等效: [plans.patrol, act.triage]
结对:
  yiqi:
    标题: {zh: 与你益起结对帮扶, en: With you}
    单位: [partner_unit]
    帮助: {life: {zh: 帮生活, en: daily life}}
    管理: [secretary]
"""
BOTH = ({"role": "property", "name": "物业小马"}, {"role": "police", "name": ""})


def source(rounds: str = ROUNDS) -> str:
    """Return the shipped method with the test's own rounds in place of its own."""
    kept, skipping = [], False
    for line in LIBRARY.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith((" ", "#")):
            skipping = line.startswith(OWN)
        if not skipping:
            kept.append(line)
    return "\n".join(kept) + "\n" + rounds


@dataclass
class Town:
    """The people by short names, and the way to act as them at a moment."""

    now: datetime.datetime = MONDAY
    people: dict[str, Person] = field(default_factory=dict)
    walls: list[Place] = field(default_factory=list)
    version: Any = None

    def person(self, key: str, name: str, *posts: tuple[str, str], unit: Organisation | None = None) -> None:
        person = Person.objects.create(id=new_id(), name=name, organisation=unit, created_at=MONDAY)
        for role, code in posts:
            Post.objects.create(person=person, role_id=role, area_code=code, since=datetime.date(2020, 1, 1))
        self.people[key] = person

    def actor(self, key: str = "worker") -> Actor:
        return actor_of(self.people[key], at=self.now.date())

    def id(self, key: str) -> UUID:
        return self.people[key].pk

    @contextmanager
    def at(self, moment: datetime.datetime | None = None, **later: float) -> Iterator[datetime.datetime]:
        before = self.now
        self.now = (moment or self.now) + datetime.timedelta(**later)
        try:
            with clock.at(self.now):
                yield self.now
        finally:
            self.now = before

    def given(self, **more: Any) -> dict[str, Any]:
        """What a phone sends of a patrol of building 1 with both companions."""
        return {
            "id": new_id(self.now),
            "area_code": BUILDINGS[0],
            "round": "patrol",
            "happened_at": self.now,
            "together": BOTH,
        } | more

    def visit(self, key: str = "worker", **more: Any) -> fieldwork.RecordedVisit:
        return fieldwork.record_visit(actor=self.actor(key), **self.given(**more))

    def coverage(
        self, round: str = "patrol", key: str = "secretary", area: str = COMMUNITY, **more: Any
    ) -> dict[str, Any]:
        """What a round covers: name of the target → its row."""
        view = fieldwork.coverage(self.actor(key), area, METHOD, round, **more)
        return {row.name: row for row in view.rows}

    def standing(self, round: str = "patrol", level: int = 1, name: str = "1号楼", **more: Any) -> str:
        return str(self.coverage(round, level=level, **more)[name].standing.state)


def _area(code: str, level: str, name: str, **more: object) -> None:
    Area.objects.create(code=code, parent_code=code[:-3], level=level, name=name, **more)


def build(rounds: str = ROUNDS) -> Town:
    """Make the places, the people and the method."""
    _area("410802", "district", "解放区")
    _area("410802004", "street", "焦西街道")
    _area(COMMUNITY, "community", "电建社区")
    _area("410802006", "street", "焦北街道")
    _area(OTHER, "community", "花园街社区")
    _area(f"{OTHER}001", "micro_grid", "花园街1号楼", short_name="花园1号楼")
    for number, code in enumerate(BUILDINGS, start=1):
        _area(
            code, "micro_grid", f"电建社区{number}号楼", short_name=f"{number}号楼", lon=113.2 + number / 1000, lat=35.2
        )
    town = Town()
    town.person("worker", "李素芬", ("grid_worker", COMMUNITY))
    town.person("worker2", "王建设", ("grid_worker", BUILDINGS[1]))
    town.person("leader", "周长河", ("grid_leader", COMMUNITY))
    town.person("cadre", "刘书平", ("committee_member", COMMUNITY))
    town.person("secretary", "张红梅", ("secretary", COMMUNITY))
    town.person("property", "马建军", ("property", COMMUNITY))
    town.person("volunteer", "孙桂英", ("volunteer", COMMUNITY))
    unit = Organisation.objects.create(name="城建公司", area_code=COMMUNITY)
    town.person("partner", "何志强", ("partner_unit", COMMUNITY), unit=unit)
    town.person("resident", "吴小满")
    town.person("outsider", "钱外来", ("grid_worker", OTHER), ("secretary", OTHER))
    with clock.at(MONDAY):
        town.version = install(actor=SYSTEM, source=source(rounds), area_code="410802", default_for_reports=True)
    for number in (1, 2):
        place = Place.objects.create(
            id=new_id(), area_code=BUILDINGS[number], kind="wall", name=f"{number}段围墙", head_hash=bytes(32)
        )
        town.walls.append(place)
    return town
