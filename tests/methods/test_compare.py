"""Two versions: what changed, and which running matters may move."""

from __future__ import annotations

from bihuan.methods.api import diff, load, migration_plan

from .samples import method, small
from .test_engine import BOSS, LEAD, doing, go


def test_only_matters_that_met_nothing_changed_may_move_and_they_may_move_back() -> None:
    old, new = method(), method(("    限期: 3 天", "    限期: 4 天"))
    fresh = go(old, None, "report", BOSS, {"text": "x"})
    checking = go(old, doing(old), "finish", LEAD)
    closed = go(old, checking, "pass", BOSS)
    plan = migration_plan(
        old, new, [("fresh", fresh), ("doing", doing(old)), ("checking", checking), ("closed", closed)]
    )
    assert plan.moves == ["fresh", "doing"]
    assert set(plan.stays) == {"checking", "closed"}
    assert "验收时限" in plan.stays["checking"][0][0]
    assert "running" in plan.stays["checking"][0][1]
    assert [change.path for change in plan.changes] == ["clocks.check.limit.fixed"]
    assert migration_plan(new, old, [("fresh", fresh), ("doing", doing(old))]).moves == ["fresh", "doing"]


def test_a_changed_step_that_was_passed_keeps_a_matter_where_it_is() -> None:
    old = method()
    text = small(
        (
            "        应做: 是\n        指定: [lead, watcher]",
            "        应做: 是\n        理由: 必填\n        指定: [lead, watcher]",
        )
    )
    new = load(text).method
    assert new is not None
    fresh = go(old, None, "report", BOSS, {"text": "x"})
    assert migration_plan(old, new, [(1, fresh), (2, doing(old))]).moves == []


def test_a_field_that_is_filled_and_gone_keeps_a_matter_where_it_is() -> None:
    old = method()
    text = small(("  cost: {标题: 花费, 类型: 小数}", "  cost: {标题: 花费, 类型: 整数}"))
    new = load(text).method
    assert new is not None
    done = go(old, doing(old), "finish", LEAD, {"cost": 3.5})
    plan = migration_plan(old, new, [("with", done), ("without", doing(old))])
    assert plan.moves == ["without"]


def test_a_diff_names_what_was_added_removed_and_changed() -> None:
    new = load(
        small(
            ("  cost: {标题: 花费, 类型: 小数}", "  price: {标题: 花费, 类型: 小数}"),
            ("填写: {cost: 可填}", "填写: {price: 可填}"),
            ("延长: 5 个工作日", "延长: 6 个工作日"),
        )
    ).method
    assert new is not None
    found = {(change.path, change.kind) for change in diff(method(), new)}
    assert ("fields.cost", "removed") in found
    assert ("fields.price", "added") in found
    assert ("steps.doing.actions.extend.by_how_much", "changed") in found
    assert all(change.text() and change.text("en") for change in diff(method(), new))
    assert diff(method(), method()) == []


def test_a_change_is_said_in_words() -> None:
    new = load(
        small(
            ("其余: 5 个工作日", "其余: 10 个工作日"),
            ("表: {urgent: 2 小时}", "表: {urgent: 4 小时}"),
            ("        由: watcher", "        由: [watcher, boss]"),
            ("终点: 是", "终点: 是\n    对外说法: 已办结"),
            ("  cost: {标题: 花费, 类型: 小数}", "  cost: {标题: 花费, 类型: 整数}\n  price: {标题: 价格, 类型: 小数}"),
        )
    ).method
    assert new is not None
    said = [change.text() for change in diff(method(), new)]
    assert said == [
        "花费：类型 小数 → 整数",
        "价格：新增",
        "验收 · 重办：由 监督 → 监督、负责人",
        "办结：对外说法：新增 已办结",
        "首次回应：表 紧急 2 小时 → 4 小时",
        "办理时限：其余 5 个工作日 → 10 个工作日",
    ]
    english = [change.text("en") for change in diff(method(), new)]
    assert "Work: otherwise 5 workdays → 10 workdays" in english
