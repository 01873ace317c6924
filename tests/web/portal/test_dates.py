"""Dates as people say them, and what is left of a limit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import translation

from bihuan.kernel.api import clock
from bihuan.web import dates

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2024, 4, 3, 9, 0, tzinfo=SHANGHAI)  # a Wednesday, the day before the Qingming holidays


def at(month: int, day: int, hour: int = 14, minute: int = 20, year: int = 2024) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("when", "zh", "en"),
    [
        (at(4, 3), "今天 14:20", "today 14:20"),
        (at(4, 2), "昨天 14:20", "yesterday 14:20"),
        (at(4, 4), "明天 14:20", "tomorrow 14:20"),
        (at(4, 1), "4月1日 周一 14:20", "Mon 1 Apr 14:20"),
        (at(12, 31, year=2023), "2023年12月31日 14:20", "31 Dec 2023 14:20"),
        (date(2024, 4, 8), "4月8日 周一", "Mon 8 Apr"),
    ],
)
def test_an_instant_is_said_as_people_do(when: datetime | date, zh: str, en: str) -> None:
    with clock.at(NOW):
        with translation.override("zh-hans"):
            assert dates.moment(when) == zh
        with translation.override("en"):
            assert dates.moment(when) == en


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (at(4, 9, 17, 30), "还剩 3 个工作日"),  # 4–6 April are holidays, Sunday 7 April is a workday
        (at(4, 8, 17, 30), "还剩 2 个工作日"),
        (at(4, 3, 17, 30), "还剩 8 小时"),
        (at(4, 3, 9, 30), "还剩 30 分钟"),
        (at(4, 3, 8, 0), "已超时 1 小时"),
        (at(3, 28, 9, 0), "已超时 4 个工作日"),
        (at(4, 6, 9, 0), "还剩 3 天"),
    ],
)
def test_a_limit_says_what_is_left_in_workdays_of_the_chinese_calendar(due: datetime, said: str) -> None:
    with clock.at(NOW), translation.override("zh-hans"):
        assert dates.left(due) == said


def test_the_page_has_the_exact_time_on_hover_and_in_print() -> None:
    with clock.at(NOW), translation.override("zh-hans"):
        html = Template("{% load ui %}{{ at|when }} {{ due|due }}").render(
            Context({"at": at(4, 3), "due": at(4, 8, 17, 30)})
        )
    assert 'title="2024年4月3日 14:20"' in html
    assert 'datetime="2024-04-03T14:20+08:00"' in html
    assert '<span class="print-only">2024年4月3日 14:20</span>' in html
    assert "4月8日 周一 17:30 前" in html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("{{ 1234567|grouped }}", "1,234,567"),
        ("{{ 1234.5|grouped }}", "1,234.5"),
        ("{{ nothing|when }}|{{ nothing|due }}|{{ nothing|grouped }}", "||"),
        ("{% plate '' %}", ""),
        ("{% plate 'yellow' %}", '<span class="plate plate--yellow">黄牌</span>'),
        ("{% badge typed 'open' %}", '<span class="badge badge--open">&lt;b&gt;</span>'),
    ],
)
def test_small_words_of_the_pages(source: str, html: str) -> None:
    with translation.override("zh-hans"):
        assert Template("{% load ui %}" + source).render(Context({"nothing": None, "typed": "<b>"})) == html


def test_a_badge_of_an_unknown_kind_fails_loudly() -> None:
    with pytest.raises(ValueError, match="none of"):
        Template("{% load ui %}{% badge 'x' 'red' %}").render(Context())


@pytest.mark.parametrize(
    ("value", "said", "said_en"),
    [
        ("2024-04-03", "2024年4月3日 周三", "Wed 3 Apr 2024"),
        (date(2024, 4, 3), "2024年4月3日 周三", "Wed 3 Apr 2024"),
        ("2024-04-03T14:20", "2024年4月3日 周三 14:20", "Wed 3 Apr 2024 14:20"),
        (datetime(2024, 4, 3, 6, 20, tzinfo=UTC), "2024年4月3日 周三 14:20", "Wed 3 Apr 2024 14:20"),
        ("", "", ""),
        (None, "", ""),
        ("4/3", "", ""),
    ],
)
def test_a_date_field_says_in_full_which_day_it_holds(value: Any, said: str, said_en: str) -> None:
    with translation.override("zh-hans"):
        assert dates.picked(value) == said
    with translation.override("en"):
        assert dates.picked(value) == said_en
