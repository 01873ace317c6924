"""The ``figures`` (指标) section of a method file; the standard figures are written in the same words.

::

    指标:
      主时限: [act, settle]          # "in time" is judged by the first of these that a matter has
      响应时限: first_response
      项目:
        heating: {标题: {zh: 供暖诉求, en: Heating complaints}, 当: 'category == "heating"'}
        heating_solved: {标题: {zh: 其中已解决, en: Solved}, 归月: 办结, 当: 'category == "heating" && fields.solved'}
        no_access: {标题: {zh: 经批准剔除, en: Excluded}, 归月: 办结, 当: 'outcome == "excluded"', 理由: exclude}
        heating_rate: {标题: {zh: 供暖解决率, en: Solved}, 分子: heating_solved, 分母: heating, 剔除: [no_access]}

What a matter adds to a figure is a function of what it is (its state) and of nothing else: so a figure can be worked
out again from the record at any time. No Django, no database.
"""

from __future__ import annotations

from typing import Literal

from bihuan.methods.schema.base import REQUIRED, Condition, Part, Text, Unit, Words, word

KEY = "figures"
KEY_ZH = "指标"
Month = Literal["opened", "closed", "limit", "response"]
MONTHS = {"opened": "收集", "closed": "办结", "limit": "时限", "response": "响应"}
UNITS: dict[str, str] = {
    "workdays": "工作日", "work_hours": "工作时", "hours": "小时", "days": "天", "minutes": "分钟",
}  # fmt: skip


class FigureSpec(Part):
    """指标的一项：数什么，或者哪两项的比。 A figure: what is counted, or the ratio of two others."""

    title: Text = word("标题", REQUIRED, "名称", "its name")
    when: Condition | None = word(
        "当", None, "哪些事项算在内（CEL）；不写就是全部", "which matters count (CEL); all where none is given"
    )
    month: Month = word(
        "归月",
        "opened",
        "算在哪个月：收集、办结、主时限到期、响应起算的月份",
        "the month it counts in: opened, closed, its main limit falls due, the response began",
        values=MONTHS,
    )
    sum: str = word(
        "合计",
        "",
        "把哪个数字字段加起来（整数或小数，小数算到第四位）",
        "the number field that is added up, to four decimals",
    )
    times: Words = word(
        "次数",
        [],
        "数动作做过几次：动作的代号，或动作的性质（return 退回、reopen 重新办理 …）",
        "how often acts were done: actions, or kinds of action (return, reopen …)",
    )
    duration: Unit | None = word(
        "用时", None, "从登记到办结用了多久，取中位数", "how long from opening to closing; the median", values=UNITS
    )
    numerator: str = word("分子", "", "率：分子是哪一项", "of a rate: the figure above the line")
    denominator: str = word("分母", "", "率：分母是哪一项", "of a rate: the figure below the line")
    excluded: Words = word(
        "剔除", [], "率：分母里不算的是哪几项，每一项都要有“理由”", "of a rate: what is left out, each with a reason"
    )
    reason: str = word(
        "理由", "", "剔除的理由记在哪个动作里（该动作必须写理由）", "the action that recorded why it is left out"
    )
    declared: bool = word(
        "由工作法定",
        False,  # noqa: FBT003 - a default
        "只数工作法里同名的一项",
        "counts only what methods declare under the same key",
    )
    note: str = word("说明", "", "怎样算的，给人看", "how it is worked out, for people to read")

    @property
    def kind(self) -> str:
        """What it is: "rate", "sum", "median" or "count"."""
        if self.numerator or self.denominator:
            return "rate"
        if self.duration:
            return "median"
        return "sum" if self.sum or self.times else "count"


class Figures(Part):
    """指标：这个工作法里数什么，按哪个时限算按期。 What is counted, and which limit "in time" is judged by."""

    limit: Words = word(
        "主时限",
        [],
        "按期办结看哪个时限；写几个就用事项有的第一个；不写用到期最晚的",
        "the clock that 'in time' is judged by; the first one a matter has; the last to fall due where none is named",
    )
    response: Words = word("响应时限", [], "响应看哪个时限", "the clock that the response is judged by")
    items: dict[str, FigureSpec] = word("项目", {}, "代号: 指标", "the figures by key")
