"""A course that stops, loops or waits for nobody, a clock that never starts or ends: found before anybody is in it."""

from __future__ import annotations

import pytest

from bihuan.methods.api import load

from .samples import assert_told, problem, short, small

BAD = [
    (
        "unreachable",
        (
            "  done:\n",
            "  island:\n    标题: 孤岛\n    动作: {go: {标题: 走, 由: boss, 应做: 是, 到: doing}}\n  done:\n",
        ),
        "island:",
        "steps.island",
        "没有路通到“孤岛”",
    ),
    ("dead-end", ("  done:\n", "  end:\n    标题: 死路\n  done:\n"), "  end:", "steps.end", "走不动"),
    (
        "no-outcome",
        ("到: {到: done, 办结方式: solved}", "到: done"),
        "到: done",
        "steps.checking.actions.pass.to.0",
        "没有写办结方式",
    ),
    (
        "outcome-open",
        ("到: {到: done, 办结方式: solved}", "到: {到: doing, 办结方式: solved}"),
        "到: {到: doing",
        "steps.checking.actions.pass.to.0",
        "不是终点",
    ),
    (
        "party-never-assigned",
        ("指定: [lead, watcher]", "指定: [lead]"),
        "由: [lead, watcher]",
        "steps.checking.actions.pass.by.1",
        "监督",
    ),
    (
        "nobody-may-leave",
        ("        由: boss\n        应做: 是\n        指定", "        由: system\n        应做: 是\n        指定"),
        "  new:",
        "steps.new",
        "没有人、也没有时限",
    ),
    (
        "nobody-owes",
        ("        由: lead\n        应做: 是\n", "        由: lead\n"),
        "  doing:",
        "steps.doing",
        "没有人有待办",
    ),
    ("no-final", ("    终点: 是\n", ""), "环节:", "steps", "没有终点"),
    (
        "route-unreachable",
        ("        到: checking", "        到: [{到: checking}, {到: new}]"),
        "{到: new}",
        "steps.doing.actions.finish.to.1",
        "永远轮不到",
    ),
    (
        "no-otherwise",
        ("        到: checking", "        到: [{当: 'fields.cost > 1.0', 到: checking}]"),
        "当: 'fields.cost",
        "steps.doing.actions.finish.to.0",
        "停在原处",
    ),
    (
        "skip",
        ("标题: {zh: 办理, en: Doing}", "标题: {zh: 办理, en: Doing}\n    跳到: checking"),
        "  doing:",
        "steps.doing",
        "一起写",
    ),
    (
        "never-started",
        ("    开始: {进入: [checking]}", "    开始: {进入: []}"),
        "开始: {进入: []}",
        "clocks.check.start",
        "从来不开始",
    ),
    (
        "never-stopped",
        ("    停止: {离开: [checking]}", "    停止: {离开: []}"),
        "停止: {离开: []}",
        "clocks.check.stop",
        "从来不停",
    ),
    (
        "never-resumed",
        ("    停止: {离开: [doing]}\n", "    停止: {离开: [doing]}\n    暂停: {动作: [note]}\n"),
        "暂停",
        "clocks.work.pause",
        "不再恢复",
    ),
    (
        "no-limit",
        ("限期: {可给定: 是, 其余: 5 个工作日}", "限期: {表: {}}"),
        "限期: {表: {}}",
        "clocks.work.limit",
        "没有写多久",
    ),
    ("then-system", ("由: system", "由: boss"), "到期执行", "clocks.check.then", "不是由系统做的"),
]


@pytest.mark.parametrize(("code", "change", "where", "path", "said"), BAD, ids=short)
def test_a_broken_course_is_told_where_what_and_how_to_mend(
    code: str, change: tuple[str, str], where: str, path: str, said: str
) -> None:
    assert_told(code, change, where, path, said)


def test_a_loop_without_a_way_to_the_end_is_an_error() -> None:
    text = small(
        ("        到: {到: done, 办结方式: solved}", "        到: doing"),
        ("        到: {到: done, 办结方式: unchecked}", "        到: doing"),
    )
    found = problem(text, "no-way-out")
    assert found.path == "steps.new"
    assert {p.path for p in load(text).problems if p.code == "no-way-out"} == {
        "steps.new",
        "steps.doing",
        "steps.checking",
    }
