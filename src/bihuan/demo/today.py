"""A few open matters of these days, so that lists, map and agenda are not empty for whoever tries the sample.

They are made by the same actions, outside the quarter that the figures look at.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bihuan.demo import field, helping, projects, publishing, standing
from bihuan.demo.doings import Told, act, recorded
from bihuan.demo.photos import picture
from bihuan.demo.sessions import GRID, Decision, hold, next_session
from bihuan.demo.world import World
from bihuan.kernel.api import CHINA, clock
from bihuan.matters.api import Photo, report
from bihuan.people.api import ANONYMOUS


def workdays_ago(number: int, hour: int, minute: int = 0) -> datetime:
    """Return an hour of the ``number``-th workday before today."""
    day = clock.today()
    while number > 0:
        day -= timedelta(days=1)
        number -= CHINA.is_workday(day)
    return datetime.combine(day, time(hour, minute), clock.ZONE)


def _text(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%d %H:%M")


def begin(world: World, told: Told) -> None:
    """Let the last two weeks happen: afterwards something waits for each of the main roles."""
    projects.ahead(world, told)
    field.these_days(world, told, [workdays_ago(number, 0).date() for number in range(9, -1, -1)])
    world.ahead(workdays_ago(7, 16), lambda: publishing.quarter(world))
    _helped(world, told)
    standing.ahead(world, told, lambda number: workdays_ago(number, 0).date())
    _found(world, told)
    _resolved(world, told)
    _under_way(world, told)
    _light(world, told)
    _drain(world, told)
    _fresh(world, told)


def _helped(world: World, told: Told) -> None:
    """A visit to one of the two households, and an afternoon with the arts team still to come."""
    world.ahead(
        workdays_ago(6, 10), lambda: helping.visit(world, told, "clinic", "medical", "量血压正常，提醒按时吃药。")
    )
    world.ahead(workdays_ago(2, 9), lambda: _afternoon(world, told))


def _afternoon(world: World, told: Told) -> None:
    starts = datetime.combine(clock.today() + timedelta(days=10), time(15), clock.ZONE)
    text = "二胡、快板、舞蹈，想登台的也可以来报名。"
    told.activities["afternoon"] = helping.announce(
        world, told, title="邻里同乐：文艺队演出", text=text, festival="", starts=starts
    )


def _found(world: World, told: Told) -> None:
    """Three problems for the grid meeting."""
    with world.on(workdays_ago(9, 10)):
        told.matters["gate"] = recorded(
            world,
            "worker_2",
            14,
            "14号楼单元门闭门器坏了，门关不上，晚上有人随意进出。",
            title="14号楼单元门关不严",
            channel="visit",
            reporter_name="祁建国",
            reporter_id=world.person("res_8"),
        )
    with world.on(workdays_ago(9, 10, 40)):
        told.matters["poles"] = recorded(
            world,
            "worker_2",
            12,
            "12号楼东侧公共晾衣杆底座松了，风一吹就晃，老人在下面晒太阳不放心。",
            title="12号楼东侧晾衣杆松动",
            channel="patrol",
        )
    with world.on(workdays_ago(9, 11, 20)):
        told.matters["roof"] = recorded(
            world,
            "worker_4",
            31,
            "31号楼3单元顶层两户下雨漏水，屋面防水层起鼓，去年补过一次。",
            title="31号楼3单元顶层漏雨",
            channel="phone",
            reporter_name="盛海燕",
        )
    for who, name, minute, people in (
        ("worker_2", "gate", 0, 24),
        ("worker_2", "poles", 5, 30),
        ("worker_4", "roof", 30, 2),
    ):
        with world.on(workdays_ago(9, 15, minute)):
            act(
                world,
                who,
                told.matters[name],
                "triage",
                category="facility",
                urgency="normal",
                level="grid",
                people_affected=people,
            )


def _resolved(world: World, told: Told) -> None:
    """The meeting names who is responsible for two of them; the third waits for the secretary to assign it."""
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    hold(
        world,
        body=GRID,
        chair="grid_leader",
        called=_text(workdays_ago(8, 9)),
        starts=_text(workdays_ago(5, 15)),
        absent={},
        decisions=[
            Decision(
                told.matters["gate"],
                "更换闭门器，同时检查13到16号楼的单元门。",
                {"lead": "lead_a", "tracker": "worker_2", "supervisor": "res_12b"},
                tomorrow,
            ),
            Decision(
                told.matters["poles"],
                "底座重新浇筑固定，完工前先拉警示带。",
                {"lead": "lead_b", "tracker": "worker_2", "supervisor": "res_12"},
                tomorrow,
            ),
            Decision(
                told.matters["roof"],
                "先做应急防水，再申请使用维修资金；由书记确定牵头干部。",
                {},
                (clock.today() + timedelta(days=20)).isoformat(),
            ),
        ],
    )


def _under_way(world: World, told: Told) -> None:
    """One near its limit, one done and waiting for the supervising resident."""
    with world.on(workdays_ago(3, 16)):
        act(world, "worker_2", told.matters["gate"], "measure", measure="已订闭门器两个，物业明天安装。")
    with world.on(workdays_ago(2, 17)):
        act(world, "lead_b", told.matters["poles"], "finish", answer="底座已重新浇筑，晾衣杆摇不动了。")


def _light(world: World, told: Told) -> None:
    """Settled on the spot; the reporter is being asked."""
    with world.on(workdays_ago(2, 19, 30)):
        done = report(
            actor=ANONYMOUS,
            id=world.id(),
            door_token=world.door(12),
            title="12号楼三楼楼道灯不亮",
            text="12号楼1单元三楼楼道灯不亮，晚上要用手机照着走。",
            channel="door",
            phone="14000010112",
        )
        told.matters["light"], told.links["light"] = done.matter_id, done.follow_token


def _drain(world: World, told: Told) -> None:
    """Waits for the next grid meeting."""
    with world.on(workdays_ago(1, 9, 40)):
        drain = told.matters["drain"] = recorded(
            world,
            "council_1",
            6,
            "6号楼后面雨水篦子堵了，下雨积水到小腿，老人绕路走。",
            title="6号楼后雨水口堵塞积水",
            channel="parlour",
            reporter_name="康秀兰",
            photos=[Photo(picture("drain"), "scene", world.id())],
        )
    with world.on(workdays_ago(1, 11)):
        act(world, "worker_1", drain, "triage", category="facility", urgency="normal", level="grid", people_affected=48)
    with world.on(workdays_ago(1, 14)):
        act(world, "worker_2", told.matters["light"], "triage", category="facility", urgency="normal", level="spot")
    with world.on(workdays_ago(1, 16)):
        act(world, "worker_2", told.matters["light"], "settle", answer="换了声控灯泡，请晚上看看亮不亮。")


def _fresh(world: World, told: Told) -> None:
    """Just in, and the next session called."""
    now = clock.now()
    with world.on(now - timedelta(minutes=110)):
        told.matters["card"] = report(
            actor=ANONYMOUS,
            id=world.id(),
            door_token=world.door(11),
            title="11号楼2单元门禁刷卡没反应",
            text="11号楼2单元门禁刷卡没反应，有的住户进不了门，只能等人开。",
            channel="door",
        ).matter_id
    with world.on(now - timedelta(minutes=95)):
        told.matters["bins"] = recorded(
            world,
            "worker_3",
            22,
            "22号楼垃圾桶满溢，周末没有清运，味道大。",
            title="22号楼垃圾桶满溢",
            channel="visit",
        )
    with world.on(now - timedelta(minutes=40)):
        told.matters["bikes"] = report(
            actor=world.actor("res_8"),
            id=world.id(),
            door_token=world.door(8),
            title="8号楼门前共享单车乱停",
            text="8号楼门前共享单车停得到处都是，轮椅过不去。",
            channel="door",
            photos=[Photo(picture("shed"), "scene", world.id())],
        ).matter_id
    with world.on(now - timedelta(minutes=5)):
        next_session(world, body=GRID, chair="grid_leader", starts=_next_session(clock.today()))


def _next_session(today: date) -> datetime:
    day, count = today, 0
    while count < 3:
        day += timedelta(days=1)
        count += CHINA.is_workday(day)
    return datetime.combine(day, time(15, 0), clock.ZONE)
