"""One of each kind of public page, with all that it can show: for the tests that walk them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest

from bihuan.activities import api as activities
from bihuan.activities.models import Activity
from bihuan.kernel.api import clock, new_id
from bihuan.matters.api import Photo
from bihuan.meetings import api as meetings
from bihuan.meetings.models import AgendaItem, Meeting
from bihuan.people.api import ANONYMOUS
from bihuan.reporting.bulletins import api as bulletins
from bihuan.reporting.models import Bulletin
from bihuan.reporting.models import Objection as BulletinObjection
from tests.activities.conftest import Stage, stage
from tests.meetings.world import COMMUNITY

from .pictures import photo


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    from bihuan.web.portal import record
    from bihuan.web.source import Pace

    for name in ("CHECK", "CHECK_ALL"):  # the walks ask more often than anybody does
        monkeypatch.setattr(record, name, Pace(f"portal-{name}-many", 10_000, 600))
    made = stage()
    with made.at():
        yield made


@pytest.fixture
def meeting(world: Stage) -> Meeting:
    """A meeting with all that a page can show: a decision, a topic put off, an objection answered, a correction."""
    found, (item,) = world.opened(kind="hands")
    leader = world.actor("leader")
    topic = meetings.add_item(actor=leader, entry_id=new_id(), meeting_id=found.pk, title="通报上月消防检查")
    other = meetings.add_item(actor=leader, entry_id=new_id(), meeting_id=found.pk, title="商量暑期托管")
    meetings.add_item(actor=leader, entry_id=new_id(), meeting_id=found.pk, title="来不及议的一项")
    last = AgendaItem.objects.get(meeting=found, title="来不及议的一项")
    order = [item.pk, topic.pk, last.pk, other.pk]
    meetings.reorder_items(actor=leader, entry_id=new_id(), meeting_id=found.pk, order=order)
    choices = {world.id(key): "for" for key in ("leader", "worker", "worker2", "council", "council2")}
    meetings.enter_votes(actor=leader, entry_id=new_id(), item_id=item.pk, channel="hands", choices=choices)
    world.close(item)
    parties = {"lead": [world.id("cadre")], "tracker": [world.id("worker2")], "supervisor": [world.id("resident")]}
    meetings.resolve(
        actor=leader, entry_id=new_id(), item_id=item.pk, text="三周内修好路面", parties=parties,
        due_on=datetime.date(2024, 4, 8),
    )  # fmt: skip
    meetings.note(actor=leader, entry_id=new_id(), item_id=topic.pk)
    meetings.defer(actor=leader, entry_id=new_id(), item_id=other.pk, reason="等学校答复")
    meetings.end_meeting(actor=leader, entry_id=new_id(), meeting_id=found.pk)
    told = meetings.publish(actor=leader, entry_id=new_id(), meeting_id=found.pk)
    objection = meetings.object_to(actor=ANONYMOUS, entry_id=new_id(), meeting_id=found.pk, text="路面应当先修北门")
    meetings.answer_objection(actor=leader, entry_id=new_id(), objection_id=objection.pk, answer="北门已列入同一批")
    meetings.object_to(actor=ANONYMOUS, entry_id=new_id(), meeting_id=found.pk, text="还没有答复的一条")
    meetings.correct(
        actor=leader, entry_id=new_id(), meeting_id=found.pk, what="place", words="社区二楼会议室", why="写错了房间"
    )
    return told


def act(world: Stage, who: str, step: Any, row: Bulletin, **more: Any) -> Any:
    return step(actor=world.actor(who), entry_id=new_id(clock.now()), bulletin_id=row.pk, **more)


@pytest.fixture
def notice(world: Stage) -> Bulletin:
    """A notice on the wall, with an objection that was answered and one that waits."""
    row = bulletins.draft(
        actor=world.actor("cadre"), entry_id=new_id(clock.now()), area_code=COMMUNITY, template="notice"
    )
    act(world, "cadre", bulletins.edit, row, title="关于补植树木的公示", text="在3号楼北侧补植三棵树。")
    act(world, "cadre", bulletins.check, row)
    for step in (bulletins.sign, bulletins.publish):
        row = act(world, "secretary", step, row)
    for _ in range(2):
        bulletins.object_to(actor=ANONYMOUS, entry_id=new_id(), bulletin_id=row.pk, text="会挡住一楼的光", contact="")
    first = BulletinObjection.objects.filter(bulletin=row).order_by("created_at", "pk")[0]
    bulletins.answer(
        actor=world.actor("cadre"), entry_id=new_id(), objection_id=first.pk, text="改种灌木", upheld=True
    )  # fmt: skip
    return Bulletin.objects.get(pk=row.pk)


@pytest.fixture
def activity(world: Stage, settings: Any, tmp_path: Any) -> Activity:
    """An activity that was announced, moved, signed up for and held, with a photo."""
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    team = world.team()
    row = world.announced(text="猜灯谜，吃元宵。", capacity=30, team_id=team.pk)
    first = world.sign(row, people=2)
    world.sign(row, "李叔", 1)
    starts = row.starts_at + datetime.timedelta(hours=1)
    activities.change(
        actor=world.actor("secretary"), entry_id=new_id(), activity_id=row.pk, title=row.title, place="社区礼堂",
        starts_at=starts, ends_at=starts + datetime.timedelta(hours=2), text=row.text, festival=row.festival,
        capacity=40, reason="下雨",
    )  # fmt: skip
    with world.at(starts + datetime.timedelta(hours=3)):
        shots = [Photo(photo())]
        return world.hold(row, came=[first.sign_up.pk], uncounted=9, summary="很热闹。", photos=shots)
