"""The method file as typed data: one canonical form, whatever language its keys were written in."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from .base import REQUIRED, Amount, Condition, Part, Text, Words, word

FieldType = Literal["text", "long_text", "number", "amount", "choice", "choices", "yes_no", "date", "time", "person"]
FIELD_TYPES = {
    "text": "短文字",
    "long_text": "长文字",
    "number": "整数",
    "amount": "小数",
    "choice": "单选",
    "choices": "多选",
    "yes_no": "是否",
    "date": "日期",
    "time": "时刻",
    "person": "人员",
}
Sensitivity = Literal["none", "personal", "sensitive"]
SENSITIVITY = {"none": "一般", "personal": "个人信息", "sensitive": "敏感个人信息"}
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


def _options(value: Any) -> Any:
    """Options may be a plain list: each is then its own title."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return {item: {"zh": item} for item in value}
    return value


class Role(Part):
    """角色：谁参与。 Who takes part."""

    title: Text = word("标题", REQUIRED, "角色的名称", "the role's name")
    note: str = word("说明", "", "这个角色做什么", "what the role does")

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"title": value} if isinstance(value, str) else value


class FieldSpec(Part):
    """字段：要填的一项内容。 One thing to fill in."""

    title: Text = word("标题", REQUIRED, "字段的名称", "the field's name")
    type: FieldType = word("类型", "text", "内容的类型", "the type of its content", values=FIELD_TYPES)
    options: Annotated[dict[str, Text], BeforeValidator(_options)] = word(
        "选项", {}, "单选、多选的选项：名单，或“代号: 名称”", "the options of a choice: a list, or key: name"
    )
    purpose: str = word("用途", "", "为什么要收集", "why it is collected")
    sensitivity: Sensitivity = word("敏感程度", "none", "是否个人信息", "whether it is personal", values=SENSITIVITY)
    retention: Amount | None = word(
        "保存期限", None, "办结后保存多久，到期清除", "kept so long after closing, then erased"
    )
    least: float | None = word("最小", None, "数字的下限", "a number's least value")
    most: float | None = word("最大", None, "数字的上限", "a number's greatest value")
    longest: int | None = word("最多字数", None, "文字的字数上限", "a text's greatest length", ge=1)
    public: bool = word("公开", default=False, doc="是否向公众显示", en="shown to the public")
    hint: Text | None = word("提示", None, "填写时的提示", "a hint beside the input")


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


class Responsible(Part):
    """责任：一件事项上的责任角色，如“1+1+1”。 A role on one matter, such as 1+1+1."""

    title: Text = word("标题", REQUIRED, "名称，如“牵头干部”", "its name")
    count: int = word("人数", 1, "几个人", "how many persons", ge=1, le=50)
    at_least: int | None = word("至少", None, "至少几个人；不写即恰好", "at least; exactly when absent", ge=0)
    from_: Words = word("取自", REQUIRED, "从哪些角色中指定", "chosen among these roles", alias="from", min_length=1)
    distinct_from: Words = word("不得兼任", [], "不得同时担任的责任角色", "never the same person as these")
    deputies: bool = word(
        "可代理", default=False, doc="可由代理人代行（角色加 _deputy）", en="a deputy may act (role + _deputy)"
    )


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
    "Rung", "Step", "Text", "Trigger", "Field",
]  # fmt: skip
