"""A small district with invented people: one community of three buildings, a neighbouring one, the shipped method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

import bihuan.library
from bihuan.areas.models import Area
from bihuan.kernel.api import clock, new_id
from bihuan.matters import api as matters
from bihuan.methods.api import install
from bihuan.methods.models import MethodVersion
from bihuan.people.api import SYSTEM, Actor, actor_of
from bihuan.people.models import Person, Post

COMMUNITY = "410802004004"
OTHER = "410802006001"
BUILDINGS = [f"{COMMUNITY}00{n}" for n in (1, 2, 3)]
MONDAY = datetime(2024, 4, 1, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai, a workday
METHOD = Path(bihuan.library.__file__).parent / "yiwang_sanbu_wuqin" / "method.yaml"
AREAS = [
    ("410802", "", "district", "解放区", ""),
    ("410802004", "410802", "street", "焦西街道", ""),
    ("410802006", "410802", "street", "焦北街道", ""),
    (COMMUNITY, "410802004", "community", "电建社区", ""),
    (OTHER, "410802006", "community", "花园街社区", ""),
    *((code, COMMUNITY, "micro_grid", f"电建社区{n}号楼", f"{n}号楼") for n, code in enumerate(BUILDINGS, 1)),
    (f"{OTHER}001", OTHER, "micro_grid", "花园街1号楼", "1号楼"),
]
CAST = {
    "secretary": ("周书记", "secretary", COMMUNITY),
    "cadre": ("吴干部", "committee_member", COMMUNITY),
    "leader": ("郑网格长", "grid_leader", COMMUNITY),
    "worker": ("王网格员", "grid_worker", BUILDINGS[0]),
    "worker2": ("冯网格员", "grid_worker", BUILDINGS[1]),
    "police": ("陈警官", "police", COMMUNITY),
    "street": ("褚干事", "street_staff", "410802004"),
    "resident": ("卫居民", "resident", BUILDINGS[0]),
    "neighbour": ("蒋居民", "resident", BUILDINGS[0]),
    "stranger": ("沈网格员", "grid_worker", f"{OTHER}001"),
    "admin": ("韩管理员", "administrator", "410802"),
}


@dataclass
class Town:
    """The district, its people as actors, and short words for what they do."""

    version: MethodVersion
    actors: dict[str, Actor]
    now: datetime = MONDAY
    tokens: dict[UUID, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.actors[name]
        except KeyError:
            raise AttributeError(name) from None

    def id_of(self, name: str) -> UUID:
        person = self.actors[name].person_id
        assert person is not None
        return person

    def later(self, **delta: Any) -> datetime:
        self.now += timedelta(**delta)
        return self.now

    def report(
        self, who: Actor | None = None, text: str = "楼道里的路灯不亮，晚上看不见台阶", **given: Any
    ) -> matters.Reported:
        given.setdefault("area_code", BUILDINGS[0])
        with clock.at(self.now):
            done = matters.report(actor=who or self.resident, id=given.pop("id", None) or new_id(), text=text, **given)
        self.tokens[done.matter_id] = done.follow_token
        return done

    def do(self, who: str | Actor, matter_id: UUID, action: str, **given: Any) -> matters.Advanced:
        actor = self.actors[who] if isinstance(who, str) else who
        fixed = {
            key: given.pop(key)
            for key in ("photos", "expected_version", "happened_at", "via_link", "meeting", "entry_id")
            if key in given
        }
        self.later(minutes=1)
        with clock.at(self.now):
            return matters.advance(
                actor=actor,
                matter_id=matter_id,
                action=action,
                entry_id=fixed.pop("entry_id", None) or new_id(),
                data=given.pop("data", given),
                **fixed,
            )

    def triage(self, matter_id: UUID, level: str = "grid", category: str = "facility", **given: Any) -> None:
        self.do("worker", matter_id, "triage", category=category, urgency="normal", level=level, **given)

    def to_acting(self, matter_id: UUID) -> None:
        self.triage(matter_id)
        self.do(
            "secretary",
            matter_id,
            "grid_resolve",
            meeting="meeting:grid_meeting",
            data={"result": {"carried": True}, "resolution": "更换路灯", "parties": self.one_one_one()},
        )

    def one_one_one(self) -> dict[str, list[str]]:
        return {
            "lead": [str(self.id_of("cadre"))],
            "tracker": [str(self.id_of("worker"))],
            "supervisor": [str(self.id_of("neighbour"))],
        }

    def to_checking(self, matter_id: UUID) -> None:
        self.to_acting(matter_id)
        self.do("cadre", matter_id, "measure", measure="联系了电工")
        self.do("cadre", matter_id, "finish", answer="已换新灯")

    def to_settled(self, matter_id: UUID) -> None:
        self.to_checking(matter_id)
        self.do("neighbour", matter_id, "sign_off")
        self.do("resident", matter_id, "confirm", satisfaction="satisfied")


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


def make_town() -> Town:
    Area.objects.bulk_create(
        [
            Area(
                code=code,
                parent_code=up,
                level=level,
                name=name,
                short_name=short,
                door_token=f"door-{code}" if level == "micro_grid" else None,
            )
            for code, up, level, name, short in AREAS
        ]
    )
    actors = {}
    with clock.at(MONDAY):
        version = install(
            actor=SYSTEM, source=METHOD.read_text(encoding="utf-8"), area_code="410802", default_for_reports=True
        )
        for key, (name, role, area) in CAST.items():
            person = Person.objects.create(id=new_id(), name=name, created_at=MONDAY, home_code=BUILDINGS[0])
            Post.objects.create(person=person, role_id=role, area_code=area, since=MONDAY.date())
            actors[key] = actor_of(person)
    return Town(version=version, actors=actors)


Make = Callable[..., Any]
