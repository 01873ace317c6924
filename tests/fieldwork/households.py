"""A community in which units are paired with households: places, people, a method with a pairing scheme."""

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
from bihuan.fieldwork import api as pairings
from bihuan.fieldwork.models import Pairing
from bihuan.kernel.api import clock, new_id
from bihuan.methods.api import install
from bihuan.people.api import SYSTEM, Actor, actor_of
from bihuan.people.models import Organisation, Person, Post, User
from bihuan.people.phones import fields as phone_fields

COMMUNITY = "410802004004"
OTHER = "410802006001"
DOORS = (
    (f"{COMMUNITY}001", "3单元501"),
    (f"{COMMUNITY}002", "1单元102"),
    (f"{COMMUNITY}003", "2单元203"),
    (f"{OTHER}001", "1单元101"),
)
START = datetime.datetime(2024, 3, 11, 9, 0, tzinfo=clock.ZONE)  # a Monday
NAME, PHONE = "欧阳秀兰", "13900010007"
PASSWORD_BACKEND = "bihuan.people.backends.PasswordBackend"  # noqa: S105 - the name of a class
LIBRARY = Path(bihuan.library.__file__).parent / "yiwang_sanbu_wuqin" / "method.yaml"
OWN = ("巡访:", "结对:", "勤务:")
SCHEME = """
巡访:
  地点种类: {household: {zh: 住户, en: Household}}
  点评: [secretary]
  计划:
    household_visit:
      标题: {zh: 遍访, en: Household visits}
      走哪里: [household]
      谁去: [grid_worker]
      多久一次: 每季度
结对:
  yiqi:
    标题: {zh: 与你益起结对帮扶, en: With you}
    单位: [partner_unit]
    帮助:
      life: {zh: 帮生活, en: daily life}
      health: {zh: 帮健康, en: health}
      study: {zh: 帮学习, en: learning}
    管理: [secretary]
    同意方式: [书面, 口头]
    多久一次: 每月1日
    保存: 30 天
"""


def source(scheme: str = SCHEME) -> str:
    """Return the shipped method with the test's own field sections in place of its own."""
    kept, skipping = [], False
    for line in LIBRARY.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith((" ", "#")):
            skipping = line.startswith(OWN)
        if not skipping:
            kept.append(line)
    return "\n".join(kept) + "\n" + scheme


def _area(code: str, level: str, name: str, **more: object) -> None:
    Area.objects.create(code=code, parent_code=code[:-3], level=level, name=name, **more)


@dataclass
class World:
    """The people by short names, and the way to act as them at a moment."""

    now: datetime.datetime = START
    people: dict[str, Person] = field(default_factory=dict)
    doors: tuple[tuple[str, str], ...] = DOORS

    def person(self, key: str, name: str, *posts: tuple[str, str], unit: Organisation | None = None) -> Person:
        person = Person.objects.create(id=new_id(), name=name, organisation=unit, created_at=START)
        for role, code in posts:
            Post.objects.create(person=person, role_id=role, area_code=code, since=datetime.date(2020, 1, 1))
        self.people[key] = person
        return person

    def actor(self, key: str) -> Actor:
        return actor_of(self.people[key], at=self.now.date())

    def id(self, key: str) -> UUID:
        return self.people[key].pk

    @contextmanager
    def at(self, moment: datetime.datetime | None = None, **later: float) -> Iterator[None]:
        before = self.now
        self.now = (moment or self.now) + datetime.timedelta(**later)
        try:
            with clock.at(self.now):
                yield
        finally:
            self.now = before

    def propose(self, key: str = "secretary", *, place: int = 0, person: str = "partner", **more: Any) -> UUID:
        code, door = self.doors[place]
        given: dict[str, Any] = {
            "area_code": code,
            "door": door,
            "id": new_id(clock.now()),
            "name": NAME,
            "phone": PHONE,
            "needs": ["life"],
        } | more
        done = pairings.propose_pairing(actor=self.actor(key), key="yiqi", person_id=self.id(person), **given)
        return done.pairing_id

    def consent(self, pairing_id: UUID, key: str = "secretary", **more: Any) -> Pairing:
        given: dict[str, Any] = {"how": "signed", "witness": "邻居杨大姐", "entry_id": new_id(clock.now())} | more
        pairings.consent_to_pairing(actor=self.actor(key), pairing_id=pairing_id, **given)
        return Pairing.objects.get(pk=pairing_id)

    def paired(self, **more: Any) -> Pairing:
        return self.consent(self.propose(**more))

    def end(self, pairing_id: UUID, key: str = "secretary", **more: Any) -> Pairing:
        given: dict[str, Any] = {"reason": "solved", "entry_id": new_id(clock.now())} | more
        pairings.end_pairing(actor=self.actor(key), pairing_id=pairing_id, **given)
        return Pairing.objects.get(pk=pairing_id)

    def account(self, key: str, phone: str = "", *, proven: bool = True) -> User:
        """Give somebody an account; its number is proven by a code."""
        verified = clock.now() if phone and proven else None
        return User.objects.create(
            username=key, person=self.people[key], phone_verified_at=verified, **phone_fields(phone)
        )


def build(scheme: str = SCHEME) -> World:
    """Make the places, the people and the method."""
    _area("410802", "district", "解放区")
    _area("410802004", "street", "焦西街道")
    _area("410802006", "street", "焦北街道")
    _area(COMMUNITY, "community", "电建社区")
    _area(OTHER, "community", "花园街社区")
    for n in range(1, 4):
        _area(f"{COMMUNITY}{n:03d}", "micro_grid", f"电建社区{n}号楼", short_name=f"{n}号楼")
    _area(f"{OTHER}001", "micro_grid", "花园街1号楼")
    world = World()
    clinic = Organisation.objects.create(name="街道卫生服务中心", kind="partner", area_code=COMMUNITY)
    bank = Organisation.objects.create(name="辖区银行网点", kind="partner", area_code=COMMUNITY)
    world.person("secretary", "张红梅", ("secretary", COMMUNITY))
    world.person("cadre", "刘书平", ("committee_member", COMMUNITY))
    world.person("leader", "周长河", ("grid_leader", COMMUNITY))
    world.person("worker", "李素芬", ("grid_worker", f"{COMMUNITY}003"))
    world.person("street", "闻人杰", ("street_staff", "410802004"))
    world.person("admin", "管小安", ("administrator", "410802"))
    world.person("partner", "卜文静", ("partner_unit", COMMUNITY), unit=clinic)
    world.person("colleague", "乔一帆", ("partner_unit", COMMUNITY), unit=clinic)
    world.person("bank", "栾志刚", ("partner_unit", COMMUNITY), unit=bank)
    world.person("unitless", "骆小舟", ("partner_unit", COMMUNITY))
    world.person("outsider", "钱外来", ("secretary", OTHER))
    world.person("household", NAME)
    with clock.at(START):
        install(actor=SYSTEM, source=source(scheme), area_code="410802", default_for_reports=True)
    return world
