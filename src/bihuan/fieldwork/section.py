"""The sections of a method file that are run in the field: 巡访 (rounds), 结对 (pairings), 勤务 (diligences).

::

    巡访:                                  # rounds
      地点种类: {wall: {zh: 围墙, en: Wall}, fire_exit: {zh: 消防通道, en: Fire exit}}
      点评: [secretary]                     # who answers what people write in the field
      计划:
        patrol:
          标题: {zh: 三方联动巡查, en: Joint patrol}
          走哪里: [微网格]                   # levels of areas, or kinds of places from above
          谁去: [grid_worker]               # or by levels: 分级: [[grid_worker], [grid_leader, committee_member]]
          可代: [grid_leader]
          同去: [property, police]
          同去要求: 全部
          多久一次: 每周一
          季节: [{从: "03-01", 到: "11-30"}]
          最短间隔: 3 天
          看什么: {exits: {标题: {zh: 消防通道畅通}, 发现问题: {工作法: yinhuan-liuding, 类别: fire, 紧急程度: urgent}}}
          等效: [plans.household_visit, act.ask_by_visit]
    结对:                                  # pairings
      yiqi: {标题: {zh: 与你益起结对帮扶}, 单位: [partner_unit], 帮助: {life: {zh: 帮生活}}, 管理: [secretary]}
    勤务:                                  # diligences: kinds of work, and what counts as an act of each
      patrol: {标题: {zh: 勤巡查}, 算作: [rounds.patrol]}

No Django, no database.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Literal

from pydantic import field_validator

from bihuan.fieldwork.engine import MonthDay, Plan
from bihuan.kernel.recurrence import RecurrenceError, to_rrule
from bihuan.methods.schema.base import REQUIRED, Amount, Part, Text, Words, word

ROUNDS, ROUNDS_ZH = "rounds", "巡访"
PAIRINGS, PAIRINGS_ZH = "pairings", "结对"
DILIGENCES, DILIGENCES_ZH = "diligences", "勤务"

LEVELS = {"micro_grid": "微网格", "grid": "网格", "community": "社区"}
LEVELS_EN = {"micro_grid": "micro-grid", "grid": "grid", "community": "community"}
NEEDED = {"all": "全部", "any": "任一", "none": "可不来"}
NEEDED_EN = {"all": "all must come", "any": "one must come", "none": "may stay away"}
CONSENT = {"signed": "书面", "spoken": "口头"}
CONSENT_EN = {"signed": "signed", "spoken": "spoken"}

_LEVEL_WORDS = {zh: level for level, zh in LEVELS.items()}
_MONTH_DAY = re.compile(r"^\s*(\d{1,2})\s*(?:-|月)\s*(\d{1,2})\s*[日号]?\s*$")


class FindingTo(Part):
    """发现问题：这一项不好时，转成哪一种事项。 What a finding becomes."""

    method: str = word("工作法", "", "按哪个工作法办；不写即本工作法", "the method's key; none: this one")
    category: str = word("类别", "", "类别的代号", "the matter's category")
    urgency: str = word("紧急程度", "", "紧急程度的代号", "the matter's urgency")


class Item(Part):
    """看什么：到了以后看的一项。 One thing to look at."""

    title: Text = word("标题", REQUIRED, "看什么", "what is looked at")
    finding: FindingTo | None = word("发现问题", None, "不好时转成什么事项", "what a finding becomes")
    hint: Text | None = word("提示", None, "怎样算好", "what is well")


class Season(Part):
    """季节：从哪天到哪天，可以跨年。 From one day of the year to another, over the year's end if need be."""

    from_: str = word("从", REQUIRED, "月-日，如 03-01 或 3月1日", "month-day, such as 03-01", alias="from")
    to: str = word("到", REQUIRED, "月-日，包括这一天", "month-day, included")

    @field_validator("from_", "to", mode="before")
    @classmethod
    def _day(cls, value: Any) -> Any:
        match = _MONTH_DAY.match(str(value))
        if match is None:
            return str(value)
        return f"{int(match[1]):02d}-{int(match[2]):02d}"

    @property
    def span(self) -> tuple[MonthDay, MonthDay] | None:
        """The first and the last day; None where one of them is no day of the year."""
        first, last = month_day(self.from_), month_day(self.to)
        return (first, last) if first and last else None


def month_day(text: str) -> MonthDay | None:
    """Read "03-01"; None for what is no day of any year."""
    match = _MONTH_DAY.match(text)
    if match is None:
        return None
    month, day = int(match[1]), int(match[2])
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(2024, month)[1]:
        return None
    return month, day


class Round(Part):
    """计划：一种巡访。 A round: which places, who, with whom, how often, what is looked at."""

    title: Text = word("标题", REQUIRED, "名称", "its name")
    places: Words = word(
        "走哪里", REQUIRED, "`微网格` / `micro_grid`、`网格` / `grid`、`社区` / `community`，或地点种类的代号",
        "levels of areas, or kinds of places", min_length=1,
    )  # fmt: skip
    who: Words = word("谁去", [], "哪些角色去；分几级走的写“分级”", "the roles that go")
    levels: list[Words] = word(
        "分级", [], "一级一级走：前一级走过，后一级才走（二级遍访）", "roles by level, one after another"
    )
    stand_in: Words = word("可代", [], "哪些角色可以代走", "roles that may stand in")
    together: Words = word("同去", [], "哪些角色一起去", "roles that go along")
    needed: Literal["all", "any", "none"] = word(
        "同去要求", "none", "同去的人不来算不算：不算的也照样记下", "whether a visit counts without them", values=NEEDED
    )
    every: str = word("多久一次", REQUIRED, "每周一、每月10日、每季度，或 RRULE；到下一次为一期", "in words, or RRULE")
    season: list[Season] = word("季节", [], "哪些日子走；不写即全年", "when in the year; none: all year")
    interval: Amount | None = word(
        "最短间隔", None, "两次之间至少多久；提前走的照样记下，不算", "least time between two that count"
    )
    checklist: dict[str, Item] = word("看什么", {}, "代号: 看的一项", "what is looked at, by key")
    equivalent: Words = word(
        "等效",
        [],
        "算走过的别的事：plans.<计划>、act.<动作>（事项所在的区域；走访时发现的，也算发现它的那一处）",
        "acts that cover a place too: plans.<round>, act.<action> (the matter's area, the place where it was found)",
    )
    note: Text | None = word("提示", None, "手机上显示的提示", "a note shown on the phone")

    @field_validator("places", mode="after")
    @classmethod
    def _levels(cls, value: list[str]) -> list[str]:
        return [_LEVEL_WORDS.get(place, place) for place in value]

    @property
    def by_level(self) -> tuple[tuple[str, ...], ...]:
        """The roles that go, level by level; one level where none are written."""
        return tuple(tuple(roles) for roles in self.levels) or (tuple(self.who),)

    @property
    def area_levels(self) -> tuple[str, ...]:
        """The levels of areas that it goes to."""
        return tuple(place for place in self.places if place in LEVELS)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of places that it goes to."""
        return tuple(place for place in self.places if place not in LEVELS)

    def plan(self, key: str) -> Plan:
        """Return the round as the engine takes it.

        Raises:
            RecurrenceError: when its words name no recurring day (a file that was checked has none such).
        """
        return Plan(
            key,
            to_rrule(self.every),
            self.by_level,
            tuple(self.stand_in),
            tuple(self.together),
            self.needed,
            tuple(season.span for season in self.season if season.span),
            (self.interval.amount, self.interval.unit) if self.interval else None,
        )


class Rounds(Part):
    """巡访：走哪些地方、谁走、多久一次、看什么。"""  # noqa: D415

    kinds: dict[str, Text] = word("地点种类", {}, "代号: 名称；区域以外要走的地方", "kinds of places that are no areas")
    review: Words = word("点评", [], "谁点评大家写的民情日志", "who answers what people write")
    keep: Amount = word(
        "保存", None, "走访记下的文字保存多久，到期清除", "what was written is kept so long, then erased",
        default_factory=lambda: Amount(amount=1825, unit="days"),
    )  # fmt: skip
    plans: dict[str, Round] = word("计划", REQUIRED, "代号: 一种巡访", "the rounds by key", min_length=1)

    @cached_property
    def engine(self) -> Mapping[str, Plan]:
        """Every round as the engine takes it, by key; one whose words name no recurring day is left out."""
        found = {}
        for key, one in self.plans.items():
            try:
                found[key] = one.plan(key)
            except RecurrenceError:
                continue
        return found

    def plan(self, key: str) -> Plan | None:
        """Return one round as the engine takes it; None where there is none of that key."""
        return self.engine.get(key)

    def covered_by(self, act: str) -> tuple[str, ...]:
        """Return the rounds that an act covers a place for: "plans.household_visit", "act.ask_by_visit"."""
        return tuple(key for key, one in self.plans.items() if act in one.equivalent)


class PairingPlan(Part):
    """结对：一个单位（的人）和一户人家，一对一。 A unit and a household, one to one."""

    title: Text = word("标题", REQUIRED, "名称", "its name")
    units: Words = word("单位", REQUIRED, "哪些角色的人去帮", "roles whose people go", min_length=1)
    help: dict[str, Text] = word("帮助", {}, "代号: 帮什么", "kinds of help by key")
    managed_by: Words = word("管理", REQUIRED, "谁管理结对", "who manages them", min_length=1)
    consent: list[Literal["signed", "spoken"]] = word(
        "同意方式", None, "困难户怎样表示同意", "how a household agrees", values=CONSENT, min_length=1,
        default_factory=lambda: ["signed", "spoken"],
    )  # fmt: skip
    households: int = word("每人几户", 1, "一个人最多结对几户", "households of one person at most", ge=1, le=50)
    every: str = word("多久一次", "", "多久去一次；不写即按需要", "how often; as needed where it is not said")
    keep: Amount = word(
        "保存", None, "结束以后保存多久，到期清除", "kept so long after it ended, then erased",
        default_factory=lambda: Amount(amount=365, unit="days"),
    )  # fmt: skip
    note: Text | None = word("提示", None, "手机上显示的提示", "a note shown on the phone")

    def plan(self, key: str) -> Plan | None:
        """Return when a visit is due, as the engine takes it; None where visits are made as needed."""
        return Plan(key, to_rrule(self.every), (tuple(self.units),)) if self.every else None


class Pairings(Part):
    """结对：联建单位和困难户结对帮扶。"""  # noqa: D415

    plans: dict[str, PairingPlan] = word("方案", REQUIRED, "代号: 一种结对", "the pairings by key", min_length=1)


class Diligence(Part):
    """勤务：一类工作，和什么算做了一次。 A kind of work, and what counts as an act of it."""

    title: Text = word("标题", REQUIRED, "名称", "its name")
    counts: Words = word(
        "算作", REQUIRED, "rounds.<计划>、pairings.<结对>、meetings.<会议>、activities.<活动>",
        "what counts as an act of it", min_length=1,
    )  # fmt: skip


class Diligences(Part):
    """勤务：这个工作法里的几类日常工作。"""  # noqa: D415

    kinds: dict[str, Diligence] = word("种类", REQUIRED, "代号: 一类工作", "the kinds by key", min_length=1)

    @property
    def counted_as(self) -> dict[str, tuple[str, ...]]:
        """Kind of work → the acts that count as one of it; ``engine.acts_of`` adds them up."""
        return {key: tuple(kind.counts) for key, kind in self.kinds.items()}


def area_word(level: str, language: str = "zh") -> str:
    """Return what a level of areas is called."""
    return (LEVELS_EN if language.startswith("en") else LEVELS).get(level, level)


def place_words(rounds: Rounds, places: Iterable[str], language: str = "zh") -> list[str]:
    """Return the levels and kinds that a round goes to, in words."""
    return [
        rounds.kinds[place].say(language) if place in rounds.kinds else area_word(place, language) for place in places
    ]


def whole_days(keep: Amount) -> int:
    """Return how many days something is kept; a file that was checked says nothing shorter."""
    return max(1, round(keep.amount)) if keep.unit == "days" else 1
