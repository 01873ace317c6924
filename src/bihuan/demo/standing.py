"""The arts team's duty roster of these weeks: a few calls, of which one became a matter, and the hours given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID

from bihuan.activities.duties import api as duties
from bihuan.activities.models import Duty
from bihuan.demo import cast
from bihuan.demo.doings import Told, act
from bihuan.demo.world import World
from bihuan.kernel.api import clock

SHIFTS = "工作日 09:00–11:00 1人\n周六 14:00–16:00 1人"


def ahead(world: World, told: Told, workday: Callable[[int], date]) -> None:
    """Plan it; ``workday(3)`` is the third workday before today."""
    first, today = workday(8), clock.today()
    since = min(first, today.replace(day=1))
    until = (today.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    world.ahead(_at(workday(9), 8), partial(_publish, world, told, since, until))
    for number, doing in ((5, _settled), (3, _became_a_matter), (1, _open)):
        world.ahead(_at(workday(number), 9, 40), partial(doing, world, told))
        world.ahead(_at(workday(number), 11, 2), partial(_hand_over, world, told))
    world.ahead(_at(workday(1), 17), partial(_publish_hours, world, told))


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), clock.ZONE)


def _team(told: Told) -> UUID:
    assert told.team is not None  # noqa: S101 - founded in January
    return told.team


def _publish(world: World, told: Told, since: date, until: date) -> None:
    who, team = world.actor("secretary"), _team(told)
    duties.publish_roster(actor=who, entry_id=world.id(), team_id=team, since=since, until=until, text=SHIFTS)


def _duty(told: Told) -> Duty:
    """Return the duty of this morning."""
    return Duty.objects.get(team_id=_team(told), day=clock.today(), starts_at__lte=clock.now())


def _note(world: World, told: Told, text: str, *, name: str, phone: str, proposal: str = "", result: str = "") -> UUID:
    call = duties.note_call(
        actor=world.actor("volunteer"), entry_id=world.id(), duty_id=_duty(told).pk, text=text, name=name, phone=phone,
        proposal=proposal, result=result,
    )  # fmt: skip
    return call.pk


def _settled(world: World, told: Told) -> None:
    _note(
        world, told, "20号楼一位老人想学用手机看病挂号。", name="车桂英", phone="14000010022",
        result="当场教会了，约好周五再来练一次。",
    )  # fmt: skip


def _became_a_matter(world: World, told: Told) -> None:
    text = "25号楼楼前的长椅断了一条腿，老人坐着不稳。"
    call = _note(world, told, text, name="甘守义", phone="14000010025", proposal="请社区派人修")
    secretary = world.actor("secretary")
    duties.instruct(actor=secretary, entry_id=world.id(), call_id=call, words="转为事项，请网格员去看。")
    matter = world.id()
    duties.call_to_matter(actor=secretary, id=matter, call_id=call, area_code=cast.building(25))
    told.matters["bench"] = matter
    act(world, "grid_leader", matter, "triage", category="facility", urgency="normal", level="spot")


def _open(world: World, told: Told) -> None:
    _note(world, told, "有位新搬来的居民想加入合唱队，问什么时候排练。", name="冀长青", phone="14000010035")


def _hand_over(world: World, told: Told) -> None:
    duties.hand_over(actor=world.actor("secretary"), entry_id=world.id(), duty_id=_duty(told).pk)


def _publish_hours(world: World, told: Told) -> None:
    duties.publish_hours(actor=world.actor("secretary"), entry_id=world.id(), team_id=_team(told))
