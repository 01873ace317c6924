"""The quarter's rounds: 勤巡查 with property and police, 勤防范, 二级遍访; what they found, and the secretary's answer.

Everything is recorded by the use cases that a phone uses, planned ahead of the story and happening among it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from bihuan.demo import cast
from bihuan.demo.doings import Told, act
from bihuan.demo.places import HOUSEHOLDS, SPOTS, Spot
from bihuan.demo.world import World, moment
from bihuan.fieldwork.api import record_finding, record_visit, record_visits, review_visit
from bihuan.kernel.api import CHINA, Problem, clock

FIRST, LAST = date(2024, 1, 2), date(2024, 4, 3)
MINUTES = 12  # at one building
PATROL = {"exits": "ok", "wires": "ok", "disputes": "ok", "facilities": "ok"}
PREVENT = {"sound": "ok", "clear": "ok", "works": "ok"}
# Property and police can be in one place at a time: each grid worker has a morning or an afternoon of the week.
TOURS = {"worker_1": (0, 9), "worker_2": (0, 15), "worker_3": (1, 9), "worker_4": (2, 9), "worker_5": (3, 9)} | {
    "worker_6": (4, 9)
}
SAFETY = (
    ("2024-01-04 15:30", "volunteer"),
    ("2024-01-18 15:30", "volunteer"),
    ("2024-02-05 15:30", "property"),
    ("2024-02-20 15:30", "volunteer"),
    ("2024-03-05 15:30", "volunteer"),
    ("2024-03-19 15:30", "property"),
    ("2024-04-02 15:30", "volunteer"),
)
LEFT_OUT = 47  # scaffolded all quarter: nobody has been there, and the map says so
STILL_DUE = {14, 15, 16, 30, 31}  # these days
ALONE = {date(2024, 1, 24), date(2024, 3, 7)}  # the police were called away: recorded, not counted


def ahead(world: World, told: Told) -> None:
    """Plan the quarter's rounds."""
    for day in _workdays(FIRST, LAST):
        for worker, (weekday, hour) in TOURS.items():
            if day.weekday() == weekday:
                _tour_ahead(world, worker, datetime.combine(day, time(hour), clock.ZONE))
    for text, who in SAFETY:
        built = text > "2024-03-11"  # the sockets
        spots = [spot for spot in SPOTS if built or spot.key != "sockets"]
        _prevent_ahead(world, told, who, moment(text), spots)
    _households_ahead(world, told)
    _findings_ahead(world, told)


def these_days(world: World, told: Told, days: Sequence[date]) -> None:
    """Plan the rounds of ``days`` up to now: some places are gone to, some are still due.

    Args:
        world: whose clock stands before the first of ``days``.
        told: the story so far.
        days: the last ten workdays, oldest first, today last.
    """
    now = clock.now()
    for day in days:
        for worker, (weekday, hour) in TOURS.items():
            begins = datetime.combine(day, time(hour), clock.ZONE)
            if day.weekday() == weekday and begins + timedelta(hours=2) < now:
                left = [number for number in _buildings_of(worker) if number not in STILL_DUE]
                _tour_ahead(world, worker, begins, left)
    _prevent_ahead(world, told, "volunteer", _at(days[5], 15), SPOTS[:7])
    _household_ahead(world, told, "worker_2", _at(days[2], 18), [spot for spot in HOUSEHOLDS if spot.number == 12])
    world.ahead(_at(days[3], 16), lambda: _poles_again(world, told))
    world.ahead(_at(days[8], 11), lambda: _cupboard(world, told))


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), clock.ZONE)


def _workdays(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if CHINA.is_workday(day):
            yield day


def _with(world: World, *keys: str) -> list[dict[str, str]]:
    """Return who goes along, by role, name and person."""
    people = [cast.BY_KEY[key] for key in keys]
    return [{"role": one.posts[0][0], "name": one.name, "person": world.person(one.key).hex} for one in people]


def _buildings_of(worker: str) -> list[int]:
    first = (int(worker[-1]) - 1) * cast.BUILDINGS_PER_WORKER + 1
    return [number for number in range(first, first + cast.BUILDINGS_PER_WORKER) if number != LEFT_OUT]


def _tour_ahead(world: World, worker: str, begins: datetime, buildings: Sequence[int] = ()) -> None:
    numbers = list(buildings or _buildings_of(worker))
    along = ("property",) if begins.date() in ALONE else ("property", "police")
    visits = [
        {
            "area_code": cast.building(number),
            "round": "patrol",
            "arrived_at": begins + timedelta(minutes=MINUTES * index),
            "happened_at": begins + timedelta(minutes=MINUTES * (index + 1) - 2),
            "checklist": PATROL,
        }
        for index, number in enumerate(numbers)
    ]
    world.ahead(
        begins + timedelta(minutes=MINUTES * len(numbers) + 3),
        lambda: _send(world, worker, visits, _with(world, *along)),
    )


def _send(world: World, who: str, visits: Iterable[Mapping[str, Any]], together: Sequence[Mapping[str, str]]) -> None:
    """Send what a phone has gathered, as one."""
    given = [{**visit, "id": world.id(), "together": list(together)} for visit in visits]
    for answer in record_visits(actor=world.actor(who), visits=given):
        if isinstance(answer, Problem):
            raise ValueError(f"{who}: {answer}")


def _prevent_ahead(world: World, told: Told, who: str, begins: datetime, spots: Sequence[Spot]) -> None:
    def go() -> None:
        visits = [
            {
                "area_code": cast.building(spot.number),
                "place_id": told.places[spot.key],
                "round": "prevent",
                "happened_at": begins + timedelta(minutes=8 * index),
                "checklist": PREVENT,
            }
            for index, spot in enumerate(spots, 1)
        ]
        _send(world, who, visits, ())

    world.ahead(begins + timedelta(minutes=8 * len(spots) + 5), go)


def _households_ahead(world: World, told: Told) -> None:
    """二级遍访: the grid worker first; weeks later the grid leader or a committee member, building by building."""
    for number, first, second, who in (
        (12, "2024-01-10 18:30", "2024-02-21 18:30", "grid_leader"),
        (27, "2024-01-17 09:30", "2024-02-28 18:30", "lead_b"),
        (41, "2024-01-23 18:30", "2024-03-12 18:30", "grid_leader"),
    ):
        homes = [spot for spot in HOUSEHOLDS if spot.number == number]
        _household_ahead(world, told, cast.worker_of(number), moment(first), homes)
        _household_ahead(world, told, who, moment(second), homes)


def _household_ahead(world: World, told: Told, who: str, begins: datetime, homes: Sequence[Spot]) -> None:
    def go() -> None:
        visits = [
            {
                "area_code": cast.building(spot.number),
                "place_id": told.places[spot.key],
                "round": "household_visit",
                "happened_at": begins + timedelta(minutes=15 * index),
                "checklist": {"needs": "ok"},
            }
            for index, spot in enumerate(homes, 1)
        ]
        _send(world, who, visits, ())

    world.ahead(begins + timedelta(minutes=15 * len(homes) + 2), go)


# ---- what was found


def _findings_ahead(world: World, told: Told) -> None:
    """A blocked fire exit takes 隐患六定; wires seen again join the matter that is open there; a diary is answered."""
    world.ahead("2024-01-11 10:40", lambda: _blocked_exit(world, told))
    world.ahead("2024-01-11 11:20", lambda: _grade(world, told))
    world.ahead("2024-01-12 09:30", lambda: _six_points(world, told))
    world.ahead("2024-01-15 16:00", lambda: _mended(world, told))
    world.ahead("2024-01-16 10:00", lambda: _accepted(world, told))
    world.ahead("2024-02-27 10:50", lambda: _wires_again(world, told))
    world.ahead("2024-03-15 17:30", lambda: _diary(world, told))
    world.ahead("2024-03-18 08:40", lambda: _answer(world, told))


def _found(
    world: World, who: str, number: int, item: str, text: str, *, title: str = "", join: UUID | None = None
) -> tuple[UUID, UUID]:
    """Record a visit of the patrol that found something; returns the visit and the matter."""
    visit = record_visit(
        actor=world.actor(who),
        id=world.id(),
        area_code=cast.building(number),
        round="patrol",
        arrived_at=clock.now() - timedelta(minutes=10),
        happened_at=clock.now(),
        result="found",
        checklist={**PATROL, item: "bad"},
        together=_with(world, "property", "police"),
    )
    found = record_finding(
        actor=world.actor(who),
        id=world.id(),
        visit_id=visit.visit_id,
        item=item,
        title=title,
        text=text,
        join=join,
    )
    return visit.visit_id, found.matter_id


def _blocked_exit(world: World, told: Told) -> None:
    told.visits["exit"], told.matters["exit"] = _found(
        world,
        "worker_5",
        36,
        "exits",
        "36号楼消防通道停了六辆电动车，还堆着旧家具，消防门只能开一半。",
        title="36号楼消防通道被占",
    )


def _grade(world: World, told: Told) -> None:
    act(world, "worker_5", told.matters["exit"], "grade", grade="minor", category="fire", people_affected=40)


def _six_points(world: World, told: Told) -> None:
    """项目、措施、资金、责任人、时限、复查人."""
    act(
        world,
        "grid_leader",
        told.matters["exit"],
        "fix_six",
        item="36号楼消防通道",
        measure="清走电动车和旧家具，地面划黄线，贴禁停标志。",
        funding="物业费",
        cost=300,
        parties={"mender": [world.person("property")], "reviewer": [world.person("police")]},
    )


def _mended(world: World, told: Told) -> None:
    act(world, "property", told.matters["exit"], "finish", done="通道已清空，黄线和标志已做好。", cost=260)


def _accepted(world: World, told: Told) -> None:
    act(world, "police", told.matters["exit"], "accept", verdict="通道畅通，消防门开关正常。")


def _wires_again(world: World, told: Told) -> None:
    told.visits["wires"], _matter = _found(
        world,
        "worker_3",
        19,
        "wires",
        "巡查又看到一根从三楼垂下的电线，已请住户当场收起；等充电插座装好。",
        join=told.matters["wires"],
    )


def _diary(world: World, told: Told) -> None:
    told.visits["diary"] = record_visit(
        actor=world.actor("worker_2"),
        id=world.id(),
        area_code=cast.building(12),
        happened_at=clock.now(),
        title="路灯修好以后",
        text="傍晚去12号楼看路灯，两盏都亮。几位老人说晚上敢下楼了，问能不能在台阶边加一道扶手，我说先记下来。",
    ).visit_id


def _answer(world: World, told: Told) -> None:
    review_visit(
        actor=world.actor("secretary"),
        visit_id=told.visits["diary"],
        entry_id=world.id(),
        text="记得细。扶手的事下次网格会议提出来，先量一下台阶的尺寸。",
    )


# ---- these days


def _poles_again(world: World, told: Told) -> None:
    text = "晾衣杆还在晃，先用绳子固定了一下，等网格会议商议。"
    told.visits["poles"], _matter = _found(world, "worker_2", 12, "facilities", text, join=told.matters["poles"])


def _cupboard(world: World, told: Told) -> None:
    """A hazard that waits to be graded."""
    told.visits["cupboard"], told.matters["cupboard"] = _found(
        world,
        "worker_4",
        31,
        "exits",
        "31号楼2单元一楼楼梯下放了旧柜子和纸箱，挡住半边消防通道。",
        title="31号楼楼梯下堆放杂物",
    )
