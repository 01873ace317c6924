"""A scenario file: who does what when, and what is then expected. Written for people, in Chinese or English."""

from __future__ import annotations

from typing import Any

from bihuan.methods.schema.base import REQUIRED, Amount, Part, Text, Words, word


class Expect(Part):
    """应当：做完以后应当是什么样。 What is then expected."""

    step: str = word("环节", "", "在哪个环节", "the step it stands at")
    outcome: str = word("办结方式", "", "以什么方式办结", "the outcome")
    is_open: bool | None = word("在办", None, "还在办吗", "whether it is open", alias="open")
    card: str | None = word("牌", None, "什么牌：无、黄、红", "the card: none, yellow, red",
                            values={"": "无", "yellow": "黄", "red": "红"})  # fmt: skip
    due: dict[str, str] = word("到期", {}, "时限: 到期时间；写“停”即不在走", "clock: due time, or 'stopped'",
                               values={"stopped": "停", "paused": "暂停"})  # fmt: skip
    late: Words = word("超期", [], "哪些时限超期了", "the clocks that were late")
    todo: dict[str, Words] = word("待办", {}, "谁: 应做哪些动作", "who: the actions owed")
    nobody: bool | None = word("无人待办", None, "没有人有待办", "nobody owes anything")
    may: Words = word("可以", [], "这个人接下来可以做", "what this person may do next")
    may_not: Words = word("不可以", [], "这个人接下来不可以做", "what this person may not do next")
    refused: Words = word("不准", [], "这一步应当不准，理由的代号", "it should be refused, with these codes")
    told: Words = word("告知", [], "应当告知谁", "who should be told")
    parties: dict[str, Words] = word("责任", {}, "责任角色: 谁", "party role: who")
    rung: dict[str, int] = word("阶梯", {}, "阶梯: 第几级", "ladder: rung reached")
    fields: dict[str, Any] = word("字段", {}, "字段: 应当是什么值，如累计", "field: its value, such as a total")
    counts: dict[str, int] = word("次数", {}, "动作: 做了几次", "action: how often done")
    private: bool | None = word("不公开", None, "是否不公开", "whether it is private")


class Act(Part):
    """一步：某人在某时做了某事；或者只是过了一段时间。 Somebody does something; or time passes."""

    at: str = word("时间", "", "什么时候，如 2024-04-01 09:00", "when, such as 2024-04-01 09:00")
    after: Amount | None = word("过后", None, "上一步过后多久", "so long after the step before")
    who: str = word("谁", "", "人物的名字，或角色", "a person of the cast, or a role")
    does: str = word("做", "", "动作的代号；不写即只是时间过去", "an action's key; none: only time passes")
    gives: dict[str, Any] = word("给", {}, "填的字段", "the fields given")
    names: dict[str, Words] = word("指定", {}, "责任角色: 谁", "party role: who")
    photos: dict[str, int] = word("照片", {}, "类别: 几张", "tag: how many")
    reason: str = word("理由", "", "理由", "the reason")
    until: str = word("到期日", "", "给定的到期时间", "the due time given")
    into: str = word("并入", "", "并入哪一件", "the matter it joins")
    rung: int | None = word("级", None, "提到第几级", "the rung entered")
    repeats: int = word("此前次数", 0, "此前有过几次同类反映", "how many like it before", ge=0)
    anonymous: bool = word("匿名", default=False, doc="匿名反映", en="reported anonymously")
    note: str = word("旁白", "", "给读者的话", "a word to the reader")
    extra: dict[str, Any] = word("另", {}, "其他内容", "anything else")
    expect: Expect | None = word("应当", None, "做完以后应当怎样", "what is then expected")


class Script(Part):
    """场景：一个故事，用来检验工作法。 A story that tries a method."""

    title: Text = word("场景", REQUIRED, "这个场景讲什么", "what the scenario tells")
    note: str = word("说明", "", "说明", "a note")
    method: str = word("工作法", "", "哪个工作法", "the method's key")
    cast: dict[str, Words] = word("人物", REQUIRED, "名字: 角色", "name: roles")
    acts: list[Act] = word("经过", REQUIRED, "按时间先后的每一步", "the steps, in the order of time", min_length=1)
