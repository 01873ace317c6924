"""Words for what rows hold, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _


def result_title(result: str) -> str:
    """Return what came of a visit, in words."""
    return {"nothing": _("一切正常"), "found": _("发现问题"), "nobody": _("家中无人")}.get(result, result)


def mark_title(mark: str) -> str:
    """Return how an item of a checklist was found, in words."""
    return {"ok": _("好"), "bad": _("不好"), "na": _("不适用")}.get(mark, mark)


_WHY: dict[str, Callable[[], str]] = {  # looked up one by one: a phone's queue asks five hundred times
    "too_soon": lambda: _("离上次不到规定的间隔，照样记下，不重复计算"),
    "alone": lambda: _("应当同去的人没有到，照样记下，不计入这一轮"),
    "off_season": lambda: _("不在规定的季节，照样记下，不计入"),
    "after_level": lambda: _("上一级还没有走过，照样记下，不计入"),
    "nobody": lambda: _("家中无人，照样记下，不计入"),
    "role": lambda: _("这一轮由别的岗位走，照样记下，不计入"),
    "elsewhere": lambda: _("这里不是这一轮要走的地方，照样记下，不计入"),
    "no_round": lambda: _("工作法里已没有这一轮，照样记下，不计入"),
    "withdrawn": lambda: _("已撤回"),
}


def why_title(why: str) -> str:
    """Return why a visit is not counted towards its round, in words; "" where it is."""
    return _WHY[why]() if why in _WHY else why
