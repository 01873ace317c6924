"""Scenario words of rounds: what a scenario may say, and what it is told when it is not so."""

from __future__ import annotations

import pytest

from bihuan.methods.api import Simulation, simulate

from .test_section import method

HEAD = """\
场景: 巡查
工作法: yiwang-sanbu-wuqin
人物: {李网格: [grid_worker], 赵网格长: [grid_leader], 周居民: [resident]}
经过:
"""


def play(*acts: str) -> Simulation:
    return simulate(method(), HEAD + "".join(f"  - {act}\n" for act in acts))


def test_on_this_day_this_place_is_due_and_a_visit_covers_it() -> None:
    found = play(
        "{时间: 2024-04-01 09:00, 谁: 李网格, 应巡: {patrol: [3号楼]}}",
        "{过后: 1 小时, 谁: 李网格, 巡访: {计划: patrol, 地点: 3号楼, 同去: [property, police]}}",
        "{过后: 1 小时, 谁: 李网格, 巡访情况: {patrol: {3号楼: 已到, 4号楼: 待去}}}",
    )
    assert [problem.text() for problem in found.problems] == []
    assert [line.title for line in found.lines] == ["三方联动巡查", "三方联动巡查：3号楼", "三方联动巡查"]
    assert found.lines[2].effects == ("3号楼 已到", "4号楼 待去")


def test_the_words_are_read_in_english_too() -> None:
    found = play(
        "{at: 2024-04-01 09:00, who: 李网格, due_round: {patrol: [b3]}}",
        "{after: 1 hour, who: 李网格, visit: {plan: patrol, place: b3, together: [property], not_counted: alone}}",
        "{after: 1 hour, who: 李网格, round_standing: {patrol: {b3: due}}}",
    )
    assert found.ok, [problem.text("en") for problem in found.problems]


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("谁: 李网格, 巡访情况: {patrol: {3号楼: 已到}}", "“3号楼”应当是“已到”，实际是“待去”"),
        ("谁: 李网格, 巡访: {计划: patrol, 地点: 3号楼}", "应当算，实际：同去的人没有来"),
        ("谁: 李网格, 巡访: {计划: prevent, 地点: 东围墙, 不算: 间隔未到}", "应当因“间隔未到”不算，实际：算"),
        ("谁: 李网格, 巡访: {计划: walk, 地点: 东围墙}", "没有巡访计划“walk”"),
        ("谁: 李网格, 巡访: {计划: patrol, 楼: 3}", "巡访没有这几项：楼"),
        ("谁: 周居民, 应巡: {patrol: [3号楼]}", "“周居民”不走“三方联动巡查”"),
        ("谁: 李网格, 应巡: {walk: [3号楼]}", "没有巡访计划“walk”"),
        ("谁: 李网格, 巡访: {动作: assign, 地点: 3号楼}", "不等于走过任何一处"),
        ("谁: 周居民, 巡访: {计划: prevent, 地点: 东围墙}", "实际：这一轮由别的岗位走"),
        ("谁: 李网格, 巡访: {动作: ask_by_visit, 地点: 3单元502}", "没有一次走访在“3单元502”发现过问题"),
    ],
)
def test_what_is_not_as_the_scenario_says_is_told_at_its_line(act: str, said: str) -> None:
    found = play(f"{{时间: 2024-04-01 09:00, {act}}}")
    assert [problem.line for problem in found.problems] == [5]
    assert said in found.problems[0].message


@pytest.mark.parametrize("word", ["应巡", "巡访", "巡访情况"])
@pytest.mark.parametrize("value", ["3", "x", "[a, b]", "{}", "{patrol: 3}", "{计划: patrol, 级: x}"])
def test_nothing_that_is_written_breaks_the_simulation(word: str, value: str) -> None:
    found = play(f"{{时间: 2024-04-01 09:00, 谁: 李网格, {word}: {value}}}")
    assert found.title == "巡查"
