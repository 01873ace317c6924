"""The activities section: read in both languages, everything wrong told at once with its line."""

from __future__ import annotations

import pytest

from bihuan.activities.section import Activities
from bihuan.methods.api import load
from tests.meetings.world import LIBRARY

OWN = """
活动:
  种类:
    festival:
      标题: {zh: 节日文艺活动, en: Festival event}
      组织: [secretary, committee_member]
      队伍: arts
  队伍:
    arts: {标题: {zh: 文艺志愿服务队}}
  保存: 30 天
"""


def source(own: str = OWN) -> str:
    """Return the shipped method with this section in place of its own."""
    kept, skipping = [], False
    for line in LIBRARY.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith((" ", "#")):
            skipping = line.startswith("活动:")
        if not skipping:
            kept.append(line)
    return "\n".join(kept) + "\n" + own


def test_the_section_is_read_in_chinese_and_in_english_alike() -> None:
    english = (
        OWN.replace("活动:", "activities:", 1).replace("种类", "kinds").replace("标题", "title")
        .replace("组织", "organisers").replace("  队伍:\n", "  teams:\n").replace("队伍", "team")
        .replace("保存", "keep").replace("30 天", "30 days")
    )  # fmt: skip
    one, other = load(source()).method, load(source(english)).method
    assert one is not None
    assert other is not None
    section, again = one.section("activities"), other.section("activities")
    assert isinstance(section, Activities)
    assert isinstance(again, Activities)
    assert (
        section.kinds["festival"].organisers == again.kinds["festival"].organisers == ["secretary", "committee_member"]
    )
    assert section.kinds["festival"].team == again.kinds["festival"].team == "arts"
    assert section.keep == again.keep


def test_the_shipped_section_has_neither_error_nor_warning() -> None:
    assert load(LIBRARY.read_text(encoding="utf-8")).problems == []


@pytest.mark.parametrize(
    ("old", "new", "code", "severity"),
    [
        ("组织: [secretary, committee_member]", "组织: [mayor]", "unknown-role", "error"),
        ("队伍: arts", "队伍: drums", "unknown-team", "error"),
        ("    arts: {标题", "    Arts 队: {标题", "bad-key", "error"),
        ("保存: 30 天", "保存: 4 工作时", "bad-keep", "error"),
        ("保存: 30 天", "保存: 0 天", "bad-keep", "error"),
        ("保存: 30 天", "保存: 365 天", "burden-retention", "warning"),
        ("{zh: 文艺志愿服务队}}", "{zh: 文艺志愿服务队}, 建队: [mayor]}", "unknown-role", "error"),
    ],
)
def test_each_mistake_is_told_at_its_line(old: str, new: str, code: str, severity: str) -> None:
    assert old in OWN
    text = source(OWN.replace(old, new))
    found = [problem for problem in load(text).problems if problem.code == code]
    assert found
    assert found[0].severity == severity
    assert new.strip().split(":")[0] in text.splitlines()[found[0].line - 1]
    assert found[0].message_en


def test_a_team_is_founded_by_the_organisers_where_nobody_is_named() -> None:
    method = load(source()).method
    assert method is not None
    assert method.section("activities").founders("arts") == ["secretary", "committee_member"]
    named = load(source(OWN.replace("{zh: 文艺志愿服务队}}", "{zh: 文艺志愿服务队}, 建队: [grid_leader]}"))).method
    assert named is not None
    assert named.section("activities").founders("arts") == ["grid_leader"]


def test_names_are_kept_for_thirty_days_where_the_method_says_nothing() -> None:
    method = load(source(OWN.replace("  保存: 30 天\n", ""))).method
    assert method is not None
    assert method.section("activities").keep.say("zh") == "30 天"
