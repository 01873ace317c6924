"""Pydantic's errors said to people: where, what, how to mend, in both languages."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any

from pydantic.fields import FieldInfo

from bihuan.methods.schema.base import UNIT_WORDS, UNIT_ZH

Said = tuple[str, str, str, str, str]  # code, zh, en, mend, mend_en


def say(error: Mapping[str, Any], zh_name: str, info: FieldInfo | None = None) -> Said:
    """Translate one error of ``ValidationError.errors()``; ``zh_name``: the key in Chinese, ``info``: its field."""
    kind, ctx, got = str(error["type"]), error.get("ctx", {}), error.get("input")
    if kind == "missing":
        return (
            "missing",
            f"缺少“{zh_name}”。",
            f"'{error['loc'][-1]}' is missing.",
            f"补上“{zh_name}: …”。",
            f"Add '{error['loc'][-1]}: …'.",
        )
    if kind == "literal_error":
        return _choice(str(got), str(ctx.get("expected")), info)
    if kind == "extra_forbidden":
        key = error["loc"][-1]
        return ("unknown-key", f"这里没有“{key}”这一项。", f"There is no '{key}' here.", "删去它。", "Delete it.")
    if kind in {"value_error", "assertion_error"}:
        return _no_amount(str(got), str(ctx.get("error")))
    if kind == "string_pattern_mismatch":
        return _pattern(str(got), str(ctx.get("pattern")))
    if kind in {"too_short", "string_too_short"}:
        return ("empty", "这里不能是空的。", "This must not be empty.", "至少写一项。", "Give at least one.")
    if (wrong := _wrong_kind(kind, ctx)) is not None:
        return wrong
    if kind in {"greater_than_equal", "less_than_equal"}:
        bound = ctx.get("ge", ctx.get("le"))
        zh, en = ("小于", "less") if kind.startswith("greater") else ("大于", "more")
        return (
            "range",
            f"不能{zh} {bound}。",
            f"This must not be {en} than {bound}.",
            f"改到 {bound} 以内。",
            f"Mind {bound}.",
        )
    return ("invalid", f"这里不对：{error['msg']}", str(error["msg"]), "", "")


def _wrong_kind(kind: str, ctx: Mapping[str, Any]) -> Said | None:
    """Return what is said of a text that is too long, or of something of another kind than wanted."""
    if kind == "string_too_long":
        longest = ctx.get("max_length", "")
        return (
            "long",
            f"最多 {longest} 个字符。",
            f"At most {longest} characters.",
            "写短一些，或拆成几条。",
            "Shorten it, or split it into several.",
        )
    for start, zh, en in (
        ("string", "文字", "text"),
        ("bool", "“是”或“否”", "yes or no (true, false)"),
        ("int", "整数", "a whole number"),
        ("float", "数字", "a number"),
        ("list", "名单（每行一个“- ”）", "a list"),
        ("dict", "“键: 值”", "a mapping of keys to values"),
        ("model", "“键: 值”", "a mapping of keys to values"),
    ):
        if kind.startswith(start):
            return ("type", f"这里应当是{zh}。", f"This should be {en}.", f"改成{zh}。", f"Make it {en}.")
    return None


def _choice(got: str, expected: str, info: FieldInfo | None) -> Said:
    """Return what is said of a word that is none of those that may stand there, in the words of the file."""
    extra: Any = info.json_schema_extra if info else None
    values: Mapping[str, str] = (extra.get("values") or {}) if isinstance(extra, dict) else {}
    near = difflib.get_close_matches(got, [*values.values(), *values], n=1, cutoff=0.5)
    may = "、".join(dict.fromkeys(values.values())) or expected
    return (
        "choice",
        f"“{got}”不在可写的词里。",
        f"'{got}' is not one of the words that may stand here.",
        (f"是不是想写“{near[0]}”？" if near else "") + f"可以写：{may}。",
        f"Use one of {', '.join(values) or expected}.",
    )


_NUMERALS = {"半": "0.5", "一": "1", "二": "2", "两": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7",
             "八": "8", "九": "9", "十": "10", "十五": "15", "二十": "20", "三十": "30"}  # fmt: skip
_WRITTEN_OUT = re.compile(r"^\s*([半一二两三四五六七八九十]+)\s*个?\s*(.+?)\s*$")


def _no_amount(got: str, why: str) -> Said:
    """Return what is said of what is no length of time, with the right way to write it where it can be guessed."""
    if why not in {"amount", "workdays are whole"}:
        return ("invalid", f"这里不对：{why}。", f"This is not right: {why}.", "", "")
    if why == "workdays are whole":
        return (
            "amount", f"工作日要是整数，“{got}”不是时间长度。", f"Workdays are whole: '{got}' is not a length of time.",
            "写成整数，或改用工作时：“4 工作时”。", "Write a whole number, or use work_hours.",
        )  # fmt: skip
    match = _WRITTEN_OUT.match(got)
    number = _NUMERALS.get(match[1]) if match else None
    unit = UNIT_WORDS.get(match[2]) if match else None
    guess = f"是不是想写“{number} {UNIT_ZH[unit]}”？数字用 1、2、3。" if number and unit else ""
    return (
        "amount", f"“{got}”不是时间长度。", f"'{got}' is not a length of time.",
        guess or "写成“3 个工作日”“4 工作时”“24 小时”“7 天”。",
        "Write '3 workdays', '4 work_hours', '24 hours' or '7 days'.",
    )  # fmt: skip


_PATTERNS = {
    r"^[a-z][a-z0-9-]{1,58}$": (
        "用小写字母、数字和短横线“-”，字母开头，如 yiwang-sanbu。",
        "Such as yiwang-sanbu.",
    ),
    r"^(all|any|[1-9]\d?)$": ("写“全部”“任一”或一个数字。", "Write all, any or a number."),
}


def _pattern(got: str, pattern: str) -> Said:
    mend, mend_en = _PATTERNS.get(pattern, ("只用小写字母、数字和下划线，以字母开头。", f"It must match {pattern}."))
    return ("pattern", f"“{got}”的写法不对。", f"'{got}' is not written as it must be.", mend, mend_en)
