"""A name that stands for nothing in the file: said where it is used, with the nearest one that there is."""

from __future__ import annotations

import pytest

from .samples import assert_told, problem, short, small

BAD = [
    (
        "field-missing",
        ("  people_affected: {标题: 人数, 类型: 整数, 最小: 0}\n", ""),
        "字段:",
        "fields",
        "people_affected",
    ),
    (
        "unknown-reference",
        ("由: system", "由: robot"),
        "由: robot",
        "steps.checking.actions.lapse.by.0",
        "没有角色“robot”",
    ),
    (
        "unknown-reference",
        ("指定: [lead, watcher]", "指定: [leed, watcher]"),
        "leed",
        "steps.new.actions.assign.assigns.0",
        "是不是“lead”",
    ),
    (
        "unknown-reference",
        ("        到: checking", "        到: chekking"),
        "chekking",
        "steps.doing.actions.finish.to.0.step",
        "chekking",
    ),
    (
        "unknown-reference",
        ("办结方式: unchecked}\n", "办结方式: nothing}\n"),
        "nothing",
        "steps.checking.actions.lapse.to.0.outcome",
        "nothing",
    ),
    (
        "unknown-reference",
        ("填写: {cost: 可填}", "填写: {price: 可填}"),
        "price",
        "steps.doing.actions.finish.gives.price",
        "price",
    ),
    ("unknown-reference", ("时限: work", "时限: wok"), "时限: wok", "steps.doing.actions.extend.clock", "wok"),
    ("unknown-reference", ("阶梯: up", "阶梯: down"), "阶梯: down", "clocks.work.ladder", "down"),
    (
        "unknown-reference",
        ("做过: [finish]", "做过: [finnish]"),
        "finnish",
        "steps.checking.actions.pass.not_by.did.0",
        "finnish",
    ),
    (
        "unknown-reference",
        ("标题: {zh: 新收, en: New}", "标题: {zh: 新收, en: New}\n    议事组织: hall"),
        "议事组织",
        "steps.new.deliberated_by",
        "hall",
    ),
    (
        "unknown-reference",
        ("表: {urgent: 2 小时}", "表: {urgnt: 2 小时}"),
        "urgnt",
        "clocks.first.limit.table.urgnt",
        "urgnt",
    ),
    (
        "accept-role",
        ("由: [lead, watcher]", "由: [lead, watcher]\n        会签: {各方: [lead, boss]}"),
        "会签",
        "steps.checking.actions.pass.accept",
        "boss",
    ),
]


@pytest.mark.parametrize(("code", "change", "where", "path", "said"), BAD, ids=short)
def test_a_name_of_nothing_is_told_where_what_and_how_to_mend(
    code: str, change: tuple[str, str], where: str, path: str, said: str
) -> None:
    assert_told(code, change, where, path, said)


def test_a_responsibility_that_nobody_names_is_a_warning() -> None:
    text = small(("责任:\n", "责任:\n  helper: {标题: 帮手, 取自: [worker]}\n"))
    found = problem(text, "never-assigned")
    assert (found.path, found.severity) == ("responsibility.helper", "warning")
