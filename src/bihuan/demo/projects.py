"""Five key projects of the district, invented, reported month by month: so that the schedule of projects has lines.

One is under way, one waits for a fault to be checked, one for help from above, one is finished, one just came in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from bihuan.demo.doings import Told, act
from bihuan.demo.world import World
from bihuan.kernel.api import CHINA, clock
from bihuan.matters.api import record

METHOD = "xiangmu-diaodu"
STREETS = {"jiaoxi": "410802004", "jiaobei": "410802006", "baizuo": "410802008"}
DAYS = 100  # workdays before today at which the first project comes in


@dataclass(frozen=True, slots=True)
class Project:
    """One project: where it lies, what it is, and who answers for it."""

    key: str
    area: str
    title: str
    text: str
    category: str
    builder: str
    total: int
    plan: int
    lead: str


PROJECTS = (
    Project("quarter", "jiaoxi", "春晖里文创街区改造", "改造老厂房 1.2 万平方米，建文创街区和停车场。", "culture",
            "春晖里文旅有限公司", 12600, 8000, "street"),
    Project("drains", "jiaobei", "北片区雨污分流改造", "铺设雨污管网 9.6 公里，恢复路面 5 万平方米。", "infrastructure",
            "城北市政工程公司", 6850, 4200, "works"),
    Project("cold", "baizuo", "上白作冷链物流园一期", "建冷库 2 万平方米，配套交易大棚。", "industry",
            "白作供应链有限公司", 21000, 9000, "works"),
    Project("park", "jiaoxi", "工人村口袋公园", "建口袋公园 3 处，共 4200 平方米。", "livelihood",
            "焦西街道办事处", 186, 186, "street"),
    Project("care", "jiaobei", "花园街康养服务中心", "改造闲置校舍 3600 平方米，设床位 120 张。", "livelihood",
            "花园康养服务公司", 2400, 0, "works"),
)  # fmt: skip
MONTHS = {  # workdays ago: 本月完成, 形象进度
    "quarter": (
        (65, 1260.5, "拆除完成，基础加固"),
        (44, 1835.2, "主体加固过半"),
        (23, 2104.8, "主体加固完成"),
        (3, 980, "外立面施工"),
    ),
    "drains": (
        (66, 620, "管沟开挖 3 公里"),
        (45, 885.6, "管网铺设 4.1 公里"),
        (24, 742.4, "管网铺设 6.3 公里"),
        (4, 410, "路面恢复 1.2 公里"),
    ),
    "cold": ((64, 900, "场地平整"), (43, 1500, "桩基施工"), (22, 1120, "桩基完成")),
    "park": ((67, 82.5, "土方和铺装"), (46, 103.5, "绿化和座椅")),
}


def ahead(world: World, told: Told) -> None:
    """Let the projects happen in the months before today, each act at its hour."""
    today = clock.today()
    back: list[datetime] = []
    day = today
    while len(back) <= DAYS:
        if CHINA.is_workday(day):
            back.append(datetime.combine(day, time(0), clock.ZONE))
        day -= timedelta(days=1)

    def at(days: int, hour: int, doing: Callable[[], object]) -> None:
        world.ahead(back[days] + timedelta(hours=hour), doing)

    for order, project in enumerate(PROJECTS):
        _begin(world, told, project, order, at)
        for days, done, progress in MONTHS.get(project.key, ()):
            at(days, 16, _month(world, told, project, done, progress))
    _apart(world, told, at)


At = Callable[[int, int, Callable[[], object]], None]


def _begin(world: World, told: Told, project: Project, order: int, at: At) -> None:
    def enter() -> None:
        done = record(
            actor=world.actor("street" if project.area == "jiaoxi" else "district"), id=world.id(),
            area_code=STREETS[project.area], method_key=METHOD, title=project.title, text=project.text, channel="paper",
            category=project.category, urgency="urgent",
            extra={"builder": project.builder, "total_investment": project.total},
        )  # fmt: skip
        told.matters[project.key] = done.matter_id

    if not project.plan:
        return at(2, 10, enter)  # waits for somebody to be named
    at(92 - order, 9, enter)
    at(90 - order, 10, _doing(
        world, told, project.key, "district", "take_up", year_plan=project.plan, total_investment=project.total,
        parties=_people(world, project.lead),
    ))  # fmt: skip
    started = 80 - order
    day = (clock.today() - timedelta(days=started * 7 // 5)).isoformat()
    until = (clock.today() + timedelta(days=40 + 60 * order)).isoformat()
    return at(started, 9, _doing(world, told, project.key, project.lead, "start", started_on=day, until=until))


def _people(world: World, lead: str) -> dict[str, Sequence[Any]]:
    named = {"unit_lead": lead, "patron": "patron", "inspector": "inspector"}
    return {role: [str(world.person(key))] for role, key in named.items()}


def _month(world: World, told: Told, project: Project, done: float, progress: str) -> Callable[[], None]:
    return _doing(
        world, told, project.key, project.lead, "monthly", month_done=done, progress=progress, needs_help=False
    )


def _doing(world: World, told: Told, key: str, who: str, action: str, **data: Any) -> Callable[[], None]:
    return lambda: act(world, who, told.matters[key], action, **data)


def _apart(world: World, told: Told, at: At) -> None:
    """What else happened: a visit without and one with a fault, a call for help, a finished park."""
    at(30, 10, _doing(world, told, "quarter", "inspector", "inspect", verdict="围挡、标牌齐全，按图施工。"))
    at(12, 10, _doing(world, told, "drains", "inspector", "find_problem", finding="两处沟槽没有支护，警示灯不亮。"))
    at(5, 11, _doing(world, told, "drains", "works", "rectify", measure="已加支护，更换警示灯 12 盏。"))
    at(8, 16, _doing(
        world, told, "cold", "works", "monthly", month_done=640.5, progress="钢结构进场",
        problem="高压线迁改没有完成，吊装不能展开。", needs_help=True,
        to_coordinate="请供电部门本月底前完成高压线迁改。",
    ))  # fmt: skip
    at(30, 15, _doing(world, told, "park", "street", "finish", progress="3 处全部建成",
                      finished_on=(clock.today() - timedelta(days=42)).isoformat()))  # fmt: skip
    at(25, 9, _doing(world, told, "park", "inspector", "accept", verdict="与批准内容一致，居民已在使用。"))


__all__ = ["METHOD", "PROJECTS", "ahead"]
