"""The method file as typed data: one canonical form, whatever language its keys were written in."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import model_validator

from .acts import Accept, Action, CommonAction, Consent, NotBy, Opening, Photos, Route, Step
from .base import REQUIRED, Amount, Condition, Part, Text, word
from .clocks import Card, Clock, Limit, Rung, Trigger
from .roles_and_fields import FieldSpec, Responsible, Role

OutcomeClass = Literal["substantive", "procedural", "interim"]
OUTCOME_CLASSES = {"substantive": "实质性", "procedural": "程序性", "interim": "阶段性"}
OutcomeResult = Literal["solved", "answered", "refused", "stopped", "referred", "merged", "void", "unfinished"]
OUTCOME_RESULTS = {
    "solved": "已解决",
    "answered": "已答复",
    "refused": "不予办理",
    "stopped": "中止",
    "referred": "转出",
    "merged": "并案",
    "void": "作废",
    "unfinished": "未完",
}


class OutcomeSpec(Part):
    """办结方式：办结不是一种状态。 How it ended: closed is not one state."""

    title: Text = word("标题", REQUIRED, "名称", "its name")
    class_: OutcomeClass = word(
        "类别", REQUIRED, "实质性、程序性、阶段性", "the class", alias="class", values=OUTCOME_CLASSES
    )
    result: OutcomeResult = word("结果", REQUIRED, "解决了没有", "what became of it", values=OUTCOME_RESULTS)
    public: Text | None = word("对外说法", None, "公众看到的说法", "what the public reads")


class Phase(Part):
    """阶段：几个环节合称，如“问、议、执”。 Several steps under one name."""

    title: Text = word("标题", REQUIRED, "名称", "its name")

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"title": value} if isinstance(value, str) else value


class Privacy(Part):
    """公开范围。 What is public."""

    private_when: Condition | None = word(
        "不公开当", None, "满足条件的事项不对外公开（CEL）", "private under this condition"
    )
    note: str = word("说明", "", "说明", "a note")


class Repeat(Part):
    """重复反映：同一地点同类事项再次发生时怎样。 What happens when the same is reported again."""

    within: Amount = word("期限内", REQUIRED, "多久之内算重复", "counted as a repeat within this time")
    times: int = word("次数", 2, "第几次起", "from this time on", ge=2)
    ladder: str = word("阶梯", "", "进入哪个阶梯", "the ladder entered")
    rung: int = word("级", 1, "进入第几级", "the rung entered", ge=1)


class MethodFile(Part):
    """一个工作法文件：一份文件，一个版本。 One file, one version."""

    key: str = word("工作法", REQUIRED, "代号：小写拼音，用短横线连接", "the key", pattern=r"^[a-z][a-z0-9-]{1,58}$")
    format: Literal[1] = word("格式", 1, "文件格式的版本", "the version of this file format")
    title: Text = word("标题", REQUIRED, "名称", "the name")
    source: str = word("来源", REQUIRED, "从哪里来：文件、经验、标准", "where it comes from", min_length=1)
    note: str = word("说明", "", "给使用者的说明", "a note for its users")
    roles: dict[str, Role] = word("角色", REQUIRED, "谁参与", "who takes part", min_length=1)
    fields: dict[str, FieldSpec] = word("字段", REQUIRED, "填什么", "what is filled in")
    phases: dict[str, Phase] = word("阶段", {}, "几个环节合称", "groups of steps")
    responsibility: dict[str, Responsible] = word("责任", {}, "谁负责", "who answers for a matter")
    opening: dict[str, Opening] = word(
        "登记", REQUIRED, "怎样开始：report 自己反映，record 代为登记", "how it begins: report, record"
    )
    steps: dict[str, Step] = word("环节", REQUIRED, "经过哪些环节", "the steps", min_length=1)
    common: dict[str, CommonAction] = word("通用动作", {}, "几个环节都可以做的动作", "actions of several steps")
    clocks: dict[str, Clock] = word("时限", {}, "时限", "the clocks")
    ladders: dict[str, list[Rung]] = word("阶梯", {}, "逐级提级的阶梯", "escalation ladders")
    outcomes: dict[str, OutcomeSpec] = word("办结方式", REQUIRED, "怎样算办结", "how a matter ends", min_length=1)
    privacy: Privacy = word("公开", None, "公开范围", "what is public", default_factory=Privacy)
    repeat: Repeat | None = word("重复反映", None, "重复反映怎样处理", "what happens to repeats")


__all__ = [
    "Accept", "Action", "Amount", "Card", "Clock", "CommonAction", "Consent", "FieldSpec", "Limit", "MethodFile",
    "NotBy", "Opening", "OutcomeSpec", "Phase", "Photos", "Privacy", "Repeat", "Responsible", "Role", "Route",
    "Rung", "Step", "Text", "Trigger",
]  # fmt: skip
