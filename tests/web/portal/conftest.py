"""A small district with invented people, the shipped method, and residents without accounts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from bihuan.areas.models import Area
from bihuan.kernel.api import new_id
from bihuan.matters import api as matters
from bihuan.matters.models import Matter
from bihuan.methods.actions import install_library
from bihuan.people.api import SYSTEM, Actor, actor_of
from bihuan.people.models import Person, Post

from .pictures import as_upload, photo, rich_photo
from .shown import activity, meeting, notice, world

__all__ = ["activity", "as_upload", "meeting", "notice", "photo", "rich_photo", "world"]

COMMUNITY = "410802004004"
BUILDING = f"{COMMUNITY}012"
DOOR = "door-12"
TEXT = "三楼楼道的灯不亮，已经一个星期了，老人晚上看不清台阶。"
_AREAS = [
    ("410802", "", "district", "解放区", "", None),
    ("410802004", "410802", "street", "焦西街道", "", None),
    (COMMUNITY, "410802004", "community", "电建社区居民委员会", "电建社区", None),
    (BUILDING, COMMUNITY, "micro_grid", "电建社区12号楼", "12号楼", DOOR),
    (f"{COMMUNITY}013", COMMUNITY, "micro_grid", "电建社区13号楼", "13号楼", "door-13"),
]
_CAST = {
    "secretary": ("周书记", "secretary", COMMUNITY),
    "leader": ("郑网格长", "grid_leader", COMMUNITY),
    "worker": ("王网格员", "grid_worker", BUILDING),
    "cadre": ("吴干部", "committee_member", COMMUNITY),
    "neighbour": ("蒋居民", "resident", BUILDING),
    "elsewhere": ("沈网格员", "grid_worker", "410802006001"),
}


def hidden(html: str) -> dict[str, Any]:
    """The hidden fields that a browser would send back."""
    single = dict(re.findall(r'<input type="hidden" name="(form_id|area)" value="([^"]*)"', html))
    return {**single, "kept": re.findall(r'name="kept" value="([^"]+)"', html)}


def shown_errors(html: str) -> str:
    """Every error beside a field, joined."""
    return "\n".join(re.findall(r'class="field__error"[^>]*>([^<]*)', html))


@dataclass
class Town:
    """The people, and short words for what residents do at the door page."""

    people: dict[str, Person]
    client: Client = field(default_factory=Client)

    def actor(self, who: str) -> Actor:
        return actor_of(self.people[who])

    def fill(self, **data: Any) -> dict[str, Any]:
        """The door page's form as a browser holds it, filled in."""
        page = self.client.get(f"/d/{DOOR}/")
        assert page.status_code == 200
        return {**hidden(page.content.decode()), "text": TEXT, "contact": "anonymous", "urgency": "normal", **data}

    def send(self, data: dict[str, Any]) -> Any:
        return self.client.post(f"/d/{DOOR}/", data)

    def report(self, text: str = TEXT) -> tuple[Matter, str]:
        """Report by the page; return the matter and the link's secret."""
        answer = self.send(self.fill(text=text))
        assert answer.status_code == 302, shown_errors(answer.content.decode())
        token = answer["Location"].rstrip("/").rsplit("/", 1)[1]
        matter = matters.by_follow_token(token)
        assert matter is not None
        return matter, token

    def do(self, who: str, matter: Matter, action: str, **data: Any) -> None:
        matters.advance(
            actor=self.actor(who), matter_id=matter.pk, action=action, entry_id=new_id(),
            meeting=data.pop("meeting", None), data=data,
        )  # fmt: skip

    def to_asking(self, matter: Matter) -> None:
        """Settle it on the spot: the reporter is asked next."""
        self.do("worker", matter, "triage", category="facility", urgency="normal", level="spot")
        self.do("worker", matter, "settle", answer="已更换灯泡")

    def to_checking(self, matter: Matter) -> None:
        """Carry it through a meeting to the supervising resident."""
        self.do("worker", matter, "triage", category="facility", urgency="normal", level="grid")
        parties = {
            "lead": [str(self.people["cadre"].pk)],
            "tracker": [str(self.people["worker"].pk)],
            "supervisor": [str(self.people["neighbour"].pk)],
        }
        self.do(
            "secretary", matter, "grid_resolve", meeting="meeting:grid_meeting",
            result={"carried": True}, resolution="更换路灯", parties=parties,
        )  # fmt: skip
        self.do("cadre", matter, "finish", answer="已换新灯")


@pytest.fixture
def town(db: None, settings: Any, tmp_path: Any) -> Town:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }
    Area.objects.bulk_create(
        [
            Area(
                code=code,
                parent_code=up,
                level=level,
                name=name,
                short_name=short,
                door_token=door,
                lon=113.2,
                lat=35.24,
            )
            for code, up, level, name, short, door in _AREAS
        ]  # fmt: skip
    )
    install_library(actor=SYSTEM, area_code="410802", keys=["yiwang-sanbu-wuqin"])
    people = {}
    for key, (name, role, area) in _CAST.items():
        from bihuan.kernel.api import clock

        people[key] = Person.objects.create(id=new_id(), name=name, created_at=clock.now(), home_code=BUILDING)
        Post.objects.create(person=people[key], role_id=role, area_code=area, since=clock.today())
    return Town(people)


@pytest.fixture
def signed_in(town: Town) -> Callable[[str], Client]:
    """A client of somebody with an account."""
    from bihuan.people.models import User

    def client(who: str) -> Client:
        user = User.objects.create(username=who, person=town.people[who])
        made = Client()
        made.force_login(user)
        return made

    return client


def entry_count(matter_id: UUID) -> int:
    """How many entries a matter has."""
    from bihuan.kernel.models import Entry

    return Entry.objects.filter(subject_type="matter", subject_id=matter_id).count()
