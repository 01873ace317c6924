"""Words for what rows hold, in the reader's language."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.fieldwork.states import NEVER, say, state_words, uncounted_words


def result_title(result: str) -> str:
    """Return what came of a visit, in words."""
    return {"nothing": _("一切正常"), "found": _("发现问题"), "nobody": _("家中无人")}.get(result, result)


def marks() -> tuple[tuple[str, str], ...]:
    """Return what an item of a checklist may be marked with, and the words."""
    return ("ok", _("正常")), ("bad", _("有问题")), ("na", _("没看"))


def mark_title(mark: str) -> str:
    """Return how an item of a checklist was found, in words."""
    return dict(marks()).get(mark, mark)


def state_title(state: str) -> str:
    """Return how a place stands on a round, in words."""
    return state_words(state, get_language() or "zh")


def never_title() -> str:
    """Return that a place was never visited, in words."""
    return say(NEVER, get_language() or "zh")


def why_title(why: str) -> str:
    """Return that a visit is not counted towards its round and why, in words; "" where it is."""
    return uncounted_words(why, get_language() or "zh")
