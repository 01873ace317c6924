"""Pydantic's errors said to people: where, what, how to mend, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic.fields import FieldInfo

Said = tuple[str, str, str, str, str]  # code, zh, en, mend, mend_en


def say(error: Mapping[str, Any], zh_name: str, info: FieldInfo | None = None) -> Said:
    """Translate one error of ``ValidationError.errors()``; ``zh_name`` is the key's Chinese name, ``info`` its field."""
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
    if kind in {"value_error", "assertion_error"} and str(ctx.get("error")) not in {"amount", "workdays are whole"}:
        return ("invalid", f"这里不对：{ctx.get('error')}。", f"This is not right: {ctx.get('error')}.", "", "")
    if kind in {"value_error", "assertion_error"}:
        return (
            "amount",
            f"“{got}”不是时间长度。",
            f"'{got}' is not a length of time.",
            "写成“3 个工作日”“4 工作时”“24 小时”“7 天”。",
            "Write '3 workdays', '4 work_hours', '24 hours' or '7 days'.",
        )
    if kind == "string_pattern_mismatch":
        return (
            "pattern",
            f"“{got}”的写法不对。",
            f"'{got}' is not written as it must be.",
            f"要符合 {ctx.get('pattern')}。",
            f"It must match {ctx.get('pattern')}.",
        )
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
