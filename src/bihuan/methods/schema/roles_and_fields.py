"""Who takes part and what is filled in: roles, responsibility on one matter, fields."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, model_validator

from .base import REQUIRED, Amount, Part, Text, Words, word

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


class Role(Part):
    """角色：谁参与。 Who takes part."""

    title: Text = word("标题", REQUIRED, "角色的名称", "the role's name")
    note: str = word("说明", "", "这个角色做什么", "what the role does")

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"title": value} if isinstance(value, str) else value


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


def _options(value: Any) -> Any:
    """Options may be a plain list: each is then its own title."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return {item: {"zh": item} for item in value}
    return value


class FieldSpec(Part):
    """字段：要填的一项内容。 One thing to fill in."""

    title: Text = word("标题", REQUIRED, "字段的名称", "the field's name")
    type: FieldType = word("类型", "text", "内容的类型", "the type of its content", values=FIELD_TYPES)
    options: Annotated[dict[str, Text], BeforeValidator(_options)] = word(
        "选项", {}, "单选、多选的选项：名单，或“代号: 名称”", "the options of a choice: a list, or key: name"
    )
    purpose: Text | None = word("用途", None, "为什么要收集", "why it is collected")
    sensitivity: Sensitivity = word("敏感程度", "none", "是否个人信息", "whether it is personal", values=SENSITIVITY)
    retention: Amount | None = word(
        "保存期限", None, "办结后保存多久，到期清除", "kept so long after closing, then erased"
    )
    least: float | None = word("最小", None, "数字的下限", "a number's least value")
    most: float | None = word("最大", None, "数字的上限", "a number's greatest value")
    longest: int | None = word("最多字数", None, "文字的字数上限", "a text's greatest length", ge=1)
    public: bool = word("公开", default=False, doc="是否向公众显示", en="shown to the public")
    hint: Text | None = word("提示", None, "填写时的提示", "a hint beside the input")
