"""Is what came in complete and readable? Every problem at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, visible

LONGEST_TEXT = 2000
MOST_PLACES = 100_000
MOST_TOGETHER = 10
FARTHEST = timedelta(days=366)  # from today: farther is a slip in the year


def line(field: str, text: str, longest: int, problems: list[Problem], missing: str = "") -> str:
    """Return one line of text as it may be kept; what is wrong goes to ``problems``. ``missing``: it is needed."""
    words = " ".join(visible(text).split())
    return _measured(field, words, longest, problems, missing)


def text(field: str, words: str, problems: list[Problem], missing: str = "") -> str:
    """Return some lines of text as they may be kept."""
    return _measured(field, visible(words), LONGEST_TEXT, problems, missing)


def _measured(field: str, words: str, longest: int, problems: list[Problem], missing: str) -> str:
    if not words and missing:
        problems.append(Problem(field, missing, ""))
    if len(words) > longest:
        why = _("太长：最多 %(most)s 个字，现在 %(now)s 个。") % {"most": longest, "now": len(words)}
        problems.append(Problem(field, why, _("写要点，细节可以当面说。")))
    return words


def span(starts_at: datetime, ends_at: datetime, until: datetime | None, now: datetime) -> Iterable[Problem]:
    """Yield what is wrong with when it is held and until when one may sign up."""
    if any(at is not None and at.tzinfo is None for at in (starts_at, ends_at, until)):
        yield Problem("starts_at", _("时间缺少时区。"), _("请写成 2024-04-01T09:30+08:00。"))
        return
    if ends_at <= starts_at:
        yield Problem("ends_at", _("结束时间不晚于开始时间。"), _("核对日期和钟点。"))
    elif ends_at - starts_at > timedelta(days=31):
        yield Problem("ends_at", _("一个活动最长一个月。"), _("核对日期；办好几次的，一次一次地发布。"))
    if abs(starts_at - now) > FARTHEST:
        yield Problem("starts_at", _("开始时间离今天超过一年。"), _("核对年份。"))
    if until is not None and until > starts_at:
        yield Problem("sign_up_until", _("报名截止晚于开始时间。"), _("改到开始以前，或留空。"))


def capacity(places: int | None) -> Iterable[Problem]:
    """Yield what is wrong with the number of places."""
    if places is not None and not 1 <= places <= MOST_PLACES:
        yield Problem("capacity", _("名额要在 1 到 %(most)s 之间。") % {"most": MOST_PLACES}, _("不限人数就留空。"))


def number(field: str, value: int, most: int) -> Iterable[Problem]:
    """Yield what is wrong with a count of people."""
    if not 0 <= value <= most:
        yield Problem(field, _("人数要在 0 到 %(most)s 之间。") % {"most": most}, _("核对数字。"))


def stop(problems: list[Problem]) -> None:
    """Refuse with every problem there is.

    Raises:
        BadInput: when there is one.
    """
    if problems:
        raise BadInput(problems)
