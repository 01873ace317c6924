"""The field sections of a method file: read in both languages, everything wrong told at its line, drawn, compared."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import bihuan
from bihuan.fieldwork.language import diligences_of, pairings_of, rounds_of
from bihuan.fieldwork.section import whole_days
from bihuan.methods.api import Method, diff, load, mermaid, tables

LIBRARY = Path(bihuan.__file__).parent / "library"
SHIPPED = (LIBRARY / "yiwang_sanbu_wuqin" / "method.yaml").read_text(encoding="utf-8")
TODAY = date(2024, 4, 3)


def method(text: str = SHIPPED) -> Method:
    loaded = load(text)
    assert loaded.method is not None, [problem.text() for problem in loaded.problems]
    return loaded.method


def changed(old: str, new: str) -> str:
    assert old in SHIPPED, old
    return SHIPPED.replace(old, new, 1)


def test_the_shipped_method_has_the_source_s_five_diligences() -> None:
    kinds = diligences_of(method())
    assert kinds is not None
    assert [kind.title.zh for kind in kinds.kinds.values()] == ["勤巡查", "勤防范", "勤服务", "勤联建", "勤联谊"]
    assert kinds.counted_as["build"] == ("meetings.joint_meeting",)


def test_the_joint_patrol_goes_to_every_micro_grid_with_all_three_parties() -> None:
    rounds = rounds_of(method())
    assert rounds is not None
    patrol, plan = rounds.plans["patrol"], rounds.plan("patrol")
    assert plan is not None
    assert patrol.area_levels == ("micro_grid",)
    assert (plan.together, plan.needed, plan.interval) == (("property", "police"), "all", (3.0, "days"))


def test_two_level_visits_name_who_goes_at_each_level() -> None:
    rounds = rounds_of(method())
    assert rounds is not None
    assert rounds.plans["household_visit"].by_level == (("grid_worker",), ("grid_leader", "committee_member"))
    assert rounds.covered_by("act.ask_by_visit") == ("household_visit",)


@pytest.mark.parametrize(("words", "days"), [("2 年", 730), ("1 year", 365), ("30 天", 30)])
def test_what_is_kept_is_said_in_days_or_years(words: str, days: int) -> None:
    pairings = pairings_of(method(changed("保存: 365 天", f"保存: {words}")))
    assert pairings is not None
    assert whole_days(pairings.plans["yiqi"].keep) == days


def test_a_household_kept_for_four_years_is_too_long_and_for_an_hour_is_no_term() -> None:
    told = load(changed("保存: 365 天", "保存: 4 年")).problems
    assert [problem.code for problem in told] == ["burden-long-keep"]
    for words in ("3 小时", "10 个工作日", "1.5 天"):
        told = load(changed("保存: 365 天", f"保存: {words}")).problems
        assert [(problem.code, problem.severity) for problem in told] == [("bad-keep", "error")], words


def test_pairings_are_written_without_a_word_between_and_read_with_their_keys() -> None:
    pairings = pairings_of(method())
    assert pairings is not None
    yiqi = pairings.plans["yiqi"]
    assert len(yiqi.help) == 6
    assert (yiqi.consent, yiqi.households, yiqi.keep.amount) == (["signed", "spoken"], 1, 365)


def test_the_sections_are_read_in_english_alike() -> None:
    words = {
        "巡访:": "rounds:", "地点种类:": "kinds:", "点评:": "review:", "计划:": "plans:", "走哪里:": "places:",
        "[微网格]": "[micro_grid]", "谁去:": "who:", "可代:": "stand_in:", "同去:": "together:",
        "同去要求: 全部": "needed: all", "多久一次:": "every:", "最短间隔: 3 天": "interval: 3 days",
        "看什么:": "checklist:", "发现问题:": "finding:", "分级:": "levels:", "等效:": "equivalent:",
        "结对:": "pairings:", "勤务:": "diligences:", "算作:": "counts:", "季节:": "season:",
        "从: 6月1日, 到: 9月15日": 'from: "06-01", to: "09-15"',
    }  # fmt: skip
    english = SHIPPED
    for zh, en in words.items():
        assert zh in english, zh
        english = english.replace(zh, en)
    one, other = method(), method(english)
    assert [one.section(key) for key in ("rounds", "pairings", "diligences")] == [
        other.section(key) for key in ("rounds", "pairings", "diligences")
    ]


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        ("谁去: [grid_worker]\n", "谁去: [mayor]\n", "unknown-reference", "rounds.plans.patrol.who"),
        ("      谁去: [grid_worker]\n      可代", "      可代", "who", "rounds.plans.patrol"),
        ("走哪里: [household]", "走哪里: [bridge]", "unknown-reference", "rounds.plans.household_visit.places"),
        ("走哪里: [household]", "走哪里: [city]", "unknown-reference", "rounds.plans.household_visit.places"),
        ("多久一次: 每半月", "多久一次: 有空就去", "bad-every", "rounds.plans.prevent.every"),
        ("多久一次: 每半月", "多久一次: FREQ=HOURLY", "bad-every", "rounds.plans.prevent.every"),
        ("多久一次: 每半月", "多久一次: FREQ=DAILY;COUNT=3", "bad-every", "rounds.plans.prevent.every"),
        ("多久一次: 每半月", "多久一次: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "bad-every", "rounds.plans.prevent"),
        ("从: 6月1日", "从: 6月31日", "season", "rounds.plans.flood.season"),
        ("最短间隔: 3 天", "最短间隔: 8 天", "interval-long", "rounds.plans.patrol.interval"),
        ("同去: [property, police]\n", "同去: []\n", "together", "rounds.plans.patrol.needed"),
        ("等效: [act.ask_by_visit]", "等效: [act.dance]", "unknown-reference", "visit.equivalent"),
        ("等效: [act.ask_by_visit]", "等效: [plans.nowhere]", "unknown-reference", "visit.equivalent"),
        (
            "等效: [act.ask_by_visit]",
            "等效: [plans.household_visit]",
            "unknown-reference",
            "household_visit.equivalent",
        ),
        (
            "{类别: dispute, 紧急",
            "{类别: quarrel, 紧急",
            "unknown-reference",
            "disputes.finding.category",
        ),
        ("household: {zh: 住户", "grid: {zh: 住户", "kind-clash", "rounds.kinds.grid"),
        ("管理: [secretary, committee_member]", "管理: [boss]", "unknown-reference", "pairings.plans.yiqi.managed_by"),
        ("算作: [rounds.patrol]", "算作: [rounds.walk]", "unknown-reference", "diligences.kinds.patrol.counts"),
        ("[meetings.joint_meeting]", "[meetings.ball]", "unknown-reference", "diligences.kinds.build.counts"),
        ("[activities.festival]", "[activities.war]", "unknown-reference", "diligences.kinds.friendship.counts"),
        # burdens
        ("多久一次: 每周一 # 本地定；到", "多久一次: 每日 # 到", "burden-daily-round", "rounds.plans.patrol.every"),
        ("路灯、门禁等设施完好", "路灯完好，必须拍照", "burden-photo", "patrol.checklist.facilities"),
        ("没有开裂、倾斜、松动", "到场定位打卡", "burden-location", "prevent.checklist.sound"),
        ("家中无人的，改天再去", "每月不少于 20 件", "burden-quota", "rounds.plans.household_visit"),
        ("三方联动巡查, en", "巡查排名, en", "burden-ranking", "rounds.plans.patrol"),
        ("保存: 365 天 # 结束", "保存: 3650 天 # 结束", "burden-long-keep", "pairings.plans.yiqi.keep"),
    ],
)
def test_each_mistake_is_told_where_it_stands(old: str, new: str, code: str, where: str) -> None:
    text = changed(old, new)
    found = [problem for problem in load(text).problems if problem.code == code]
    assert found, [problem.text() for problem in load(text).problems]
    assert where in found[0].path
    assert found[0].mend or code == "bad-every"
    first = text[: text.index(new.splitlines()[0].strip() or new)].count("\n") + 1
    assert abs(found[0].line - first) <= 6, (found[0].line, first)


def test_a_daily_round_of_what_matters_is_no_burden() -> None:
    text = changed("多久一次: 每半月 # 本地定：1 日、16 日起各为一期", "多久一次: 每日")
    assert [problem.code for problem in load(text).problems] == []


def test_who_and_levels_together_are_refused() -> None:
    text = changed("分级: [[grid_worker]", "谁去: [grid_worker]\n      分级: [[grid_worker]")
    assert "who" in [problem.code for problem in load(text).problems]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_rounds_pairings_and_kinds_of_work_are_drawn_under_the_stations(language: str) -> None:
    found = {table.key: table for table in tables(method(), language, TODAY)}
    rounds, pairings, kinds = found["rounds"], found["pairings"], found["diligences"]
    assert all(len(cells) == len(table.head) for table in found.values() for _key, cells in table.rows)
    patrol, homes = dict(rounds.rows)["patrol"], dict(rounds.rows)["household_visit"]
    if language == "zh":
        assert patrol[1:5] == (
            "微网格", "网格员（网格长可代）", "物业、警务人员（全部）", "每周一，至少隔 3 天",
        )  # fmt: skip
        assert patrol[-1] == "本期 4月1日—4月7日"
        assert homes[2] == "网格员，再网格长、社区两委干部"
        assert dict(rounds.rows)["flood"][5] == "6月1日—9月15日"
        assert dict(rounds.rows)["flood"][-1] == "6月1日—6月2日"
        assert dict(kinds.rows)["build"] == ("勤联建", "党建联席会议")
    else:
        assert patrol[4] == "every Monday, at least 3 days apart"
        assert patrol[-1] == "now, 1 Apr–7 Apr"
        assert dict(pairings.rows)["yiqi"][4] == "signed, spoken"
        assert not any("\u4e00" <= char <= "\u9fff" for _key, cells in rounds.rows for cell in cells for char in cell)


def test_a_round_that_comes_next_year_says_which_year() -> None:
    rounds = next(table for table in tables(method(), "zh", date(2024, 10, 1)) if table.key == "rounds")
    assert dict(rounds.rows)["flood"][-1] == "2025年6月1日—6月1日"


def test_the_drawing_in_text_has_the_rounds_too_and_does_not_change_from_day_to_day() -> None:
    drawn = mermaid(method())
    assert 'subgraph rounds_section["巡访"]' in drawn
    assert "三方联动巡查<br/>微网格" in drawn
    assert "本期" not in drawn


def test_a_change_of_a_round_or_a_pairing_is_said_in_words() -> None:
    other = method(changed("最短间隔: 3 天", "最短间隔: 5 天").replace("多久一次: 每月 #", "多久一次: 每季度 #"))
    said = [change.text() for change in diff(method(), other)]
    assert said == ["三方联动巡查：最短间隔 3 天 → 5 天", "“与你益起”结对帮扶：多久一次 每月 → 每季度"]
    english = [change.text("en") for change in diff(method(), other)]
    assert english == ["Joint patrol: interval 3 days → 5 days", '"Together with You" pairing: every 每月 → 每季度']


def test_a_section_that_is_a_map_of_its_own_keys_says_what_is_wrong_with_them() -> None:
    text = changed("    单位: [partner_unit]\n", "    单位员: [partner_unit]\n")
    codes = {(problem.code, problem.path) for problem in load(text).problems}
    assert ("unknown-key", "pairings.plans.yiqi.单位员") in codes
