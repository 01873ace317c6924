"""The deliberation section: read in both languages, everything wrong told at once with its line."""

from __future__ import annotations

import datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from bihuan.kernel.api import CHINA
from bihuan.kernel.recurrence import RecurrenceError, in_english, sessions, time_of, to_rrule
from bihuan.meetings.expression import ExpressionError, check, parse
from bihuan.meetings.rules import Mandate, known_names, quorum_met
from bihuan.meetings.section import (
    MAJORITY_WORDS,
    MAJORITY_WORDS_EN,
    QUORUM_WORDS,
    QUORUM_WORDS_EN,
    Deliberation,
)
from bihuan.methods.api import load

from .world import RULES, source

ZONE = ZoneInfo("Asia/Shanghai")


def problems(rules: str) -> list[tuple[str, str, str]]:
    return [(p.code, p.path, p.message) for p in load(source(rules)).problems]


def test_the_section_is_read_in_chinese_and_in_english_alike() -> None:
    english = (
        RULES.replace("协商", "deliberation").replace("组织", "bodies").replace("召集人", "convener")
        .replace("记录人", "minutes").replace("成员", "members").replace("列席", "sitting_in")
        .replace("标题", "title").replace("例会", "standing").replace("地点", "place")
    )  # fmt: skip
    one, other = load(source()).method, load(source(english)).method
    assert one is not None
    assert other is not None
    section = one.section("deliberation")
    assert isinstance(section, Deliberation)
    assert section == other.section("deliberation")
    assert section.bodies["grid_meeting"].publicity.window == 3


def test_the_shipped_rules_have_no_error() -> None:
    assert [p for p in load(source()).problems if p.severity == "error"] == []


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        ("召集人: [grid_leader]", "召集人: [mayor]", "unknown-role", "bodies.grid_meeting.convener"),
        ("提交: joint_meeting", "提交: parliament", "unknown-body", "bodies.grid_meeting.refers_to"),
        ("例会: 每季度", "例会: 有空的时候", "bad-standing", "bodies.joint_meeting.standing"),
        ("例会: 每季度", "例会: 每日", "burden-daily-meeting", "bodies.joint_meeting.standing"),
        ("例会: 每季度", "到会要求: 大家都来", "bad-condition", "bodies.joint_meeting.quorum"),
        ("例会: 每季度", "通过条件: agree.households > 1", "bad-condition", "bodies.joint_meeting.majority"),
        ("例会: 每季度", "通过条件: agree.heads + 1", "bad-condition", "bodies.joint_meeting.majority"),
        (
            "公示: {现场公布: 是, 公示期: 3, 可提异议: 是}",
            "公示: {现场公布: 否}",
            "unpublished",
            "bodies.grid_meeting.publicity",
        ),
    ],
)
def test_each_mistake_is_told_where_it_stands(old: str, new: str, code: str, where: str) -> None:
    assert old in RULES
    text = source(RULES.replace(old, new))
    found = [p for p in load(text).problems if p.code == code]
    assert found, [str(p) for p in load(text).problems]
    assert where in found[0].path
    key = new.split(":")[0]
    assert key in text.splitlines()[found[0].line - 1]


def test_a_secret_ballot_by_floor_area_is_an_error_because_weights_betray_votes() -> None:
    rules = RULES.replace(
        "成员: [secretary, committee_member, grid_leader, council_member]",
        "成员: [{角色: council_member, 计量: {建筑面积: area.floor_area}}]\n"
        "      通过条件: agree.floor_area * 2 > due.floor_area",
    )
    assert ("secret-weighted") in [code for code, _path, _message in problems(rules)]
    assert "secret-weighted" not in [
        code for code, _p, _m in problems(rules.replace("例会: 每季度", "表决方式: [记名]"))
    ]


@pytest.mark.parametrize(
    ("text", "column"),
    [("present.heads >", 16), ("(1 < 2", 1), ("1 < 2 2", 7), ("a ? b", 3), ("", 1)],
)
def test_a_broken_condition_says_where(text: str, column: int) -> None:
    with pytest.raises(ExpressionError) as error:
        parse(text)
    assert error.value.column == column


def test_every_problem_of_a_condition_is_told_at_once() -> None:
    found = check("presnt.heads > due.head && 1", known_names(["heads"], voting=False))
    assert len(found) == 3


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("每月10日、25日", "FREQ=MONTHLY;BYMONTHDAY=10,25"),
        ("每月10号和25号 19:30", "FREQ=MONTHLY;BYMONTHDAY=10,25"),
        ("每周三", "FREQ=WEEKLY;BYDAY=WE"),
        ("每周一、周四", "FREQ=WEEKLY;BYDAY=MO,TH"),
        ("每月第一周周二", "FREQ=MONTHLY;BYDAY=1TU"),
        ("每月最后一个星期五", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("每季度", "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=20"),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=5", "FREQ=MONTHLY;BYMONTHDAY=5"),
    ],
)
def test_standing_days_are_read_as_people_write_them(words: str, rule: str) -> None:
    assert to_rrule(words) == rule


@pytest.mark.parametrize("words", ["", "有空", "每月32日", "FREQ=SOMETIMES", "每月0日"])
def test_words_without_a_recurring_day_are_refused(words: str) -> None:
    with pytest.raises(RecurrenceError):
        to_rrule(words)


def test_a_session_on_a_holiday_is_held_on_the_next_workday() -> None:
    after = datetime.datetime(2024, 4, 1, 8, 0, tzinfo=ZONE)
    days = list(islice(sessions("每月4日 10:00", after=after, zone=ZONE, is_workday=CHINA.is_workday), 2))
    assert days[0] == datetime.datetime(2024, 4, 7, 10, 0, tzinfo=ZONE)  # 清明 4–6 April; Sunday 7 is worked
    assert days[1] == datetime.datetime(2024, 5, 6, 10, 0, tzinfo=ZONE)
    assert time_of("每月4日 10:00") == datetime.time(10, 0)


def test_the_15th_and_the_25th_never_fall_together_or_go_back_in_time() -> None:
    after = datetime.datetime(2024, 1, 1, tzinfo=ZONE)
    found = list(islice(sessions("每月4日、5日、6日", after=after, zone=ZONE, is_workday=CHINA.is_workday), 30))
    assert found == sorted(set(found))


def test_a_body_is_named_in_the_readers_language() -> None:
    method = load(source()).method
    assert method is not None
    title = method.role_title("meeting:grid_meeting")
    assert (title.say("zh"), title.say("en")) == ("网格会议", "Grid meeting")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("每季度", "every quarter"),
        ("每月15日 15:00", "on the 15th of each month, 15:00"),
        ("每月10日、25日 19:00", "on the 10th and the 25th of each month, 19:00"),
        ("每周一、周四", "every Monday and Thursday"),
        ("每月第一个周二", "on the first Tuesday of each month"),
        ("每月最后一天", "on the last day of each month"),
        ("每年3月、9月", "on the 20th of March and September"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "every second Monday"),
        ("FREQ=WEEKLY;INTERVAL=3;BYDAY=MO", "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO"),
    ],
)
def test_standing_days_are_said_in_english(words: str, said: str) -> None:
    assert in_english(words) == said


def test_every_phrase_of_the_rules_has_english() -> None:
    assert set(QUORUM_WORDS_EN) == set(QUORUM_WORDS)
    assert set(MAJORITY_WORDS_EN) == set(MAJORITY_WORDS)


def test_what_a_quorum_needs_is_said_in_both_languages() -> None:
    loaded = load(source())
    assert loaded.method is not None
    rule = loaded.method.section("deliberation").bodies["grid_meeting"].rule
    found = quorum_met([Mandate("a", present=True), Mandate("b", present=False)], rule)
    assert "（应到过半数）" in found.zh
    assert "(more than half of those due)" in found.en
