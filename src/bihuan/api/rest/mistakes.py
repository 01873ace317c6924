"""What the shape of an input gets wrong, in words: one table from Pydantic's kinds of errors to why and how.

Pydantic speaks English, of types; whoever reads the answer is told which field, what is wrong with it and what to
write instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _later

from bihuan.kernel.api import Problem

_EMPTY = (_later("没有填写。"), _later("请补上这一项。"))
_STRANGE = (_later("不认识这一项。"), _later("请去掉它；如果是应用自己带上的，请更新应用。"))
_TEXT = (_later("应当是文字。"), _later("请写成文字。"))
_LONG = (_later("太长了。"), _later("最多 %(max_length)s 个字。"))
_SHORT = (_later("太短了。"), _later("至少 %(min_length)s 个字。"))
_SPELT = (_later("写法不对。"), _later("请检查里面的字母、数字和符号。"))
_NUMBER = (_later("应当是数字。"), _later("请只写数字。"))
_WHOLE = (_later("应当是整数。"), _later("请写整数，不带小数点。"))
_RANGE = _later("数字超出了范围。")
_YES = (_later("应当是“是”或“否”。"), _later("请写 true 或 false。"))
_ID = (_later("编号不对。"), _later("请刷新页面或更新应用后重试。"))
_WHEN = (_later("时间读不懂。"), _later("请写成 2024-04-01T09:30+08:00。"))
_ZONE = (_later("时间缺少时区。"), _later("请写成 2024-04-01T09:30+08:00。"))
_LIST = (_later("应当是一个列表。"), _later("请用方括号列出。"))
_MANY = (_later("太多了。"), _later("最多 %(max_length)s 个。"))
_FEW = (_later("太少了。"), _later("至少 %(min_length)s 个。"))
_OBJECT = (_later("应当是一个对象。"), _later("请按“名称: 内容”成对写。"))
_CHOICE = (_later("选项不对。"), _later("可用：%(expected)s。"))
_ANY = (_later("填写的内容不对。"), _later("请检查这一项。"))

MISTAKES: Mapping[str, tuple[str, str]] = {
    "missing": _EMPTY,
    "extra_forbidden": _STRANGE,
    "invalid_key": _SPELT,
    "string_type": _TEXT,
    "string_unicode": _TEXT,
    "string_too_long": _LONG,
    "string_too_short": _SHORT,
    "string_pattern_mismatch": _SPELT,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": (_RANGE, _later("请写小一些的数字。")),
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "greater_than": (_RANGE, _later("要大于 %(gt)s。")),
    "greater_than_equal": (_RANGE, _later("最小是 %(ge)s。")),
    "less_than": (_RANGE, _later("要小于 %(lt)s。")),
    "less_than_equal": (_RANGE, _later("最大是 %(le)s。")),
    "bool_type": _YES,
    "bool_parsing": _YES,
    "uuid_type": _ID,
    "uuid_parsing": _ID,
    "uuid_version": _ID,
    "datetime_type": _WHEN,
    "datetime_parsing": _WHEN,
    "datetime_object_invalid": _WHEN,
    "datetime_from_date_parsing": _WHEN,
    "timezone_aware": _ZONE,
    "list_type": _LIST,
    "too_long": _MANY,
    "too_short": _FEW,
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "literal_error": _CHOICE,
    "enum": _CHOICE,
}

FIELDS: Mapping[str, str] = {
    "action": _later("动作"),
    "after": _later("在哪一条之后"),
    "anonymous": _later("是否匿名"),
    "area": _later("所在区域"),
    "area_code": _later("所在区域"),
    "arrived_at": _later("到达时间"),
    "card": _later("督办牌"),
    "category": _later("类别"),
    "channel": _later("渠道"),
    "checklist": _later("检查项"),
    "cursor": _later("翻页标记"),
    "data": _later("内容"),
    "door_token": _later("楼门码"),
    "entry_id": _later("编号"),
    "expected_version": _later("事项的版本"),
    "extra": _later("其他内容"),
    "file_id": _later("文件编号"),
    "follow_token": _later("跟踪链接"),
    "happened_at": _later("发生时间"),
    "help_kind": _later("帮什么"),
    "id": _later("编号"),
    "item": _later("检查项"),
    "items": _later("记录列表"),
    "join": _later("并入的事项"),
    "kind": _later("种类"),
    "lat": _later("纬度"),
    "level": _later("级别"),
    "limit": _later("条数"),
    "lon": _later("经度"),
    "matter_id": _later("事项"),
    "method_key": _later("工作法"),
    "outcome": _later("办结方式"),
    "pairing_id": _later("结对"),
    "parent_id": _later("所属事项"),
    "party_token": _later("监督群众的链接"),
    "people_affected": _later("影响人数"),
    "phone": _later("电话"),
    "photos": _later("照片"),
    "place_id": _later("地点"),
    "reporter_name": _later("反映人姓名"),
    "reports": _later("记录列表"),
    "result": _later("结果"),
    "round": _later("哪一轮"),
    "sort": _later("排序"),
    "sounds": _later("语音"),
    "state": _later("状态"),
    "step": _later("环节"),
    "system": _later("坐标系"),
    "tag": _later("照片的标签"),
    "text": _later("文字"),
    "title": _later("标题"),
    "together": _later("同去的人"),
    "urgency": _later("紧急程度"),
    "visit_id": _later("走访"),
}  # fmt: skip

_AROUND = frozenset({"body", "query", "path"})  # where it was looked for; then the name of the parameter
MOST_KEYS, LONGEST_KEY = 60, 60  # of one object: a checklist has at most so many items


def problem_of(found: Mapping[str, Any]) -> Problem:
    """Return one of Pydantic's errors as a problem in the reader's language."""
    loc = tuple(found.get("loc", ()))
    loc = loc[1:] if loc and loc[0] in _AROUND else loc
    loc = loc[1:] if loc and loc[0] == "payload" else loc
    why, how = MISTAKES.get(str(found.get("type", "")), _ANY)
    params = {name: str(value).replace("'", "") for name, value in (found.get("ctx") or {}).items()}
    params["expected"] = params.get("expected", "").replace(" or ", ", ")
    return Problem(".".join(str(part)[:LONGEST_KEY] for part in loc), _named(loc, _(why)), _(how) % params)


def _named(loc: Sequence[Any], why: str) -> str:
    """Put the field's own name before what is wrong with it: the innermost that has one."""
    name = next((FIELDS[part] for part in reversed(loc) if isinstance(part, str) and part in FIELDS), None)
    return _("%(name)s：%(why)s") % {"name": _(name), "why": why} if name else why


def too_many_keys(value: Any) -> Problem | None:
    """Return what is wrong with an object somewhere in ``value`` that has too many keys, or one too long; else None.

    Asked before any shape is compared: of each key that a shape does not know, Pydantic makes an error of its own.
    """
    waiting: list[Any] = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if len(one) > MOST_KEYS:
                return Problem("", _("一个对象里的名称太多。"), _("最多 %(n)s 个。") % {"n": MOST_KEYS})
            if any(len(str(key)) > LONGEST_KEY for key in one):
                return Problem("", _("名称太长。"), _("最多 %(n)s 个字。") % {"n": LONGEST_KEY})
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return None
