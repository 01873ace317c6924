"""By when: clocks, their limits and cards, and the ladders climbed when it is late."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import model_validator

from .base import REQUIRED, Amount, Condition, Part, Text, Words, word


class Trigger(Part):
    """触发：进入、离开环节或做了动作。 Entering or leaving a step, or having done an action."""

    enter: Words = word("进入", [], "进入这些环节", "on entering these steps")
    leave: Words = word("离开", [], "离开这些环节", "on leaving these steps")
    after: Words = word("动作", [], "做了这些动作", "after these actions")

    def __bool__(self) -> bool:
        return bool(self.enter or self.leave or self.after)


class LimitCase(Part):
    """按条件的时限。 A limit under a condition."""

    when: Condition = word("当", REQUIRED, "条件（CEL）", "a CEL condition")
    limit: Amount = word("限期", REQUIRED, "多久", "how long")


class Limit(Part):
    """限期：多久；可按字段的值、按条件，或由交办时给定。 How long."""

    fixed: Amount | None = word("固定", None, "一律这么久", "always so long")
    by: str = word("按", "", "按哪个字段的值", "by the value of this field")
    table: dict[str, Amount] = word("表", {}, "值: 多久", "value: how long")
    cases: list[LimitCase] = word("情形", [], "按条件，先满足的先用", "by condition, the first that holds")
    given: bool = word(
        "可给定",
        default=False,
        doc="开始的动作可给出到期时间（until）",
        en="the starting action may give the due time",
    )
    otherwise: Amount | None = word("其余", None, "其余情况", "in every other case")

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"fixed": value} if isinstance(value, str) else value


class Card(Part):
    """督办牌：到期前、到期时或到期后多久，亮什么牌。 Which card is shown when."""

    colour: Literal["yellow", "red"] = word(
        "颜色", REQUIRED, "黄牌或红牌", "yellow or red", values={"yellow": "黄", "red": "红"}
    )
    before: Amount | None = word("提前", None, "到期前多久", "so long before it is due")
    after: Amount | None = word("过后", None, "到期后多久", "so long after it is due")
    tell: Words = word("告知", [], "告诉谁", "who is told")


class Clock(Part):
    """时限：从什么时候起算，多久，什么时候停。 From when, how long, until when."""

    title: Text = word("标题", REQUIRED, "名称", "its name")
    limit: Limit = word("限期", REQUIRED, "多久", "how long")
    start: Trigger = word("开始", REQUIRED, "从什么起算", "what starts it")
    stop: Trigger = word("停止", REQUIRED, "到什么为止", "what stops it")
    pause: Trigger = word("暂停", None, "什么时候暂停", "what pauses it", default_factory=Trigger)
    resume: Trigger = word("恢复", None, "什么时候恢复", "what resumes it", default_factory=Trigger)
    once: bool = word("只算一次", default=False, doc="停了就不再起算", en="never started again once stopped")
    cards: list[Card] = word("督办牌", [], "黄牌、红牌", "yellow and red cards")
    ladder: str = word("阶梯", "", "到期后逐级提级的阶梯", "the ladder climbed when it is late")
    then: str = word("到期执行", "", "到期由系统执行的动作", "the action the system does when it is due")
    waits_for: Words = word("等谁", [], "这个时限约束哪些动作", "the actions that this clock is for")


class Rung(Part):
    """阶梯的一级。 One rung of a ladder."""

    to: str = word("到", REQUIRED, "提到哪个角色", "the role it is raised to")
    title: Text | None = word("标题", None, "名称", "its name")
    after: Amount = word("过后", REQUIRED, "到期后多久", "so long after the due time")
