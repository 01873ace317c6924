"""What is done at a step: actions with what they ask for, the steps themselves, and how a matter begins."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, model_validator

from .base import REQUIRED, Amount, Condition, Part, Text, Words, word

Does = Literal[
    "move", "assign", "measure", "note", "extend", "transfer", "return", "suspend", "resume", "accept",
    "confirm", "deny", "reopen", "close", "merge", "resolve", "escalate", "rate",
]  # fmt: skip
DOES = {
    "move": "推进",
    "assign": "交办",
    "measure": "措施",
    "note": "记事",
    "extend": "延期",
    "transfer": "移交",
    "return": "退回",
    "suspend": "缓办",
    "resume": "恢复办理",
    "accept": "验收",
    "confirm": "确认解决",
    "deny": "反映未解决",
    "reopen": "重新办理",
    "close": "办结",
    "merge": "并案",
    "resolve": "议决",
    "escalate": "提级",
    "rate": "评价",
}


class Photos(Part):
    """照片要求。 What is asked of photos."""

    least: int = word("至少", 0, "至少几张", "at least so many", ge=0, le=20)
    title: Text | None = word("标题", None, "这类照片的名称", "what these photos are called")
    because: str = word("理由", "", "为什么非要照片不可（至少一张时要写明）", "why photos are needed at all")

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"least": value} if isinstance(value, int) else value


class Route(Part):
    """去向：满足条件时到哪个环节；去终点时写明办结方式。 Where an action leads, under which condition."""

    when: Condition | None = word("当", None, "条件（CEL）；不写即其余情况", "a CEL condition; none means otherwise")
    step: str = word(
        "到", "", "环节的代号；“原环节”回到上一环节；不写即留在本环节", "a step's key; 'previous' goes back; none stays"
    )
    outcome: str = word("办结方式", "", "办结方式的代号", "an outcome's key")


def _routes(value: Any) -> Any:
    if isinstance(value, str):
        return [{"step": value}]
    return [value] if isinstance(value, dict) else value


class Consent(Part):
    """同意：先申请，经谁同意后才生效。 Asked first; stands when granted."""

    by: Words = word("由", REQUIRED, "谁来同意", "who consents", min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"by": value} if isinstance(value, str | list) else value


class Accept(Part):
    """会签：几方都做了才生效。 Stands when several parties did it."""

    from_: Words = word("各方", REQUIRED, "哪几方", "which parties", alias="from", min_length=1)
    need: str = word("需要", "all", "全部、任一，或数字", "all, any, or a number", pattern=r"^(all|any|[1-9]\d?)$",
                     values={"all": "全部", "any": "任一"})  # fmt: skip

    @model_validator(mode="before")
    @classmethod
    def _number(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("need"), int):
            return {**value, "need": str(value["need"])}
        return value


class NotBy(Part):
    """回避：做过某些动作的人、担任某些角色的人不得做。 Who may not."""

    did: Words = word("做过", [], "做过这些动作的人不得做", "not by who did these actions")
    holds: Words = word("担任", [], "担任这些责任角色的人不得做", "not by who holds these roles on the matter")


def _gives(value: Any) -> Any:
    """Fields may be a list (all optional) or name: required / optional."""
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return dict.fromkeys(value, "optional")
    return value


Need = Literal["required", "optional"]
NEED = {"required": "必填", "optional": "可填"}


class Action(Part):
    """动作：某个角色在某个环节可以做的一件事。 One thing that a role may do at a step."""

    title: Text = word("标题", REQUIRED, "动词加宾语，如“交办给牵头干部”", "a verb and its object")
    does: Does = word("性质", "move", "动作的性质", "the primitive behind it", values=DOES)
    by: Words = word("由", REQUIRED, "哪些角色可以做", "the roles that may", min_length=1)
    must: bool = word("应做", default=False, doc="列入待办，等着他做", en="the matter waits for it")
    primary: bool = word("主要", default=False, doc="本环节的主要动作", en="the step's main action")
    when: Condition | None = word("当", None, "可以做的条件（CEL）", "a CEL condition under which it may be done")
    because: Text | None = word("不满足时说", None, "条件不满足时对人的说明", "what is said where the condition fails")
    gives: Annotated[dict[str, Need], BeforeValidator(_gives)] = word(
        "填写", {}, "填哪些字段：代号: 必填 / 可填", "the fields given, each required or optional", values=NEED
    )
    assigns: Words = word("指定", [], "指定哪些责任角色", "the responsibility roles named")
    evidence: dict[str, Photos] = word(
        "照片", {}, "照片：类别: 至少几张（before 前、after 后、scene 现场）", "photos by tag"
    )
    reason: Literal["", "optional", "required"] = word(
        "理由", "", "是否写理由", "whether a reason is given", values=NEED
    )
    to: Annotated[list[Route], BeforeValidator(_routes)] = word(
        "到", [], "做完到哪个环节；可按条件分几条", "where it leads, by condition"
    )
    outcome: str = word("办结方式", "", "以什么方式办结", "the outcome it closes with")
    sets: dict[str, Any] = word("置", {}, "做完后把字段置为这些值", "fields set to these values")
    adds: dict[str, str] = word(
        "累加",
        {},
        "累计字段: 填的字段。填的数加到累计上，累计不用人填",
        "running total: field given; what is given is added to the total, which nobody fills in",
    )
    not_by: NotBy | None = word("回避", None, "谁不得做", "who may not")
    consent: Consent | None = word("须经同意", None, "先申请、经同意后生效", "asked first, stands when granted")
    accept: Accept | None = word("会签", None, "几方都做了才生效", "stands when several parties did it")
    clock: str = word("时限", "", "延期、提级所指的时限", "the clock it extends or escalates")
    by_how_much: Amount | None = word("延长", None, "一次延长多少（也是上限）", "how much longer, and at most")
    ladder: str = word("阶梯", "", "提级所走的阶梯", "the ladder it climbs")
    rung: int | None = word("级", None, "直接进入第几级（从 1 起）", "the rung entered, from 1", ge=1)
    rates: str = word("评价对象", "", "评价哪个角色办的事", "whose work is rated")
    most: int | None = word("最多几次", None, "一件事项中最多几次", "at most so often on one matter", ge=1)
    within: Amount | None = word("期限内", None, "办结后多久以内可以做", "within this time after closing")


class CommonAction(Action):
    """通用动作：几个环节都可以做的动作。 An action of several steps."""

    at: Words = word("适用环节", REQUIRED, "哪些环节可以做", "the steps at which it may be done", min_length=1)


class Step(Part):
    """环节：事项所处的位置。 Where a matter stands."""

    title: Text = word("标题", REQUIRED, "环节的名称", "the step's name")
    phase: str = word("阶段", "", "所属阶段的代号", "the phase it belongs to")
    public: Text | None = word("对外说法", None, "公众和反映人看到的说法", "what the public and the reporter read")
    note: str = word("说明", "", "这个环节做什么", "what happens at the step")
    final: bool = word("终点", default=False, doc="到这里即办结", en="the matter is closed here")
    skip_when: Condition | None = word("跳过当", None, "满足条件时不停留（CEL）", "passed through under this condition")
    skip_to: str = word("跳到", "", "跳过时到哪个环节", "where to, when skipped")
    deliberated_by: str = word("议事组织", "", "等哪个会议议决", "the body that deliberates here")
    actions: dict[str, Action] = word("动作", {}, "可以做的事", "what may be done here")


class Opening(Part):
    """登记：事项怎样开始。 How a matter begins."""

    title: Text = word("标题", REQUIRED, "名称", "its name")
    by: Words = word("由", REQUIRED, "哪些角色可以", "the roles that may", min_length=1)
    gives: Annotated[dict[str, Need], BeforeValidator(_gives)] = word(
        "填写", {}, "填哪些字段", "the fields given", values=NEED
    )
    evidence: dict[str, Photos] = word("照片", {}, "照片", "photos by tag")
    to: Annotated[list[Route], BeforeValidator(_routes)] = word(
        "到", REQUIRED, "到哪个环节", "where it starts", min_length=1
    )
