"""A condition that cannot be read, cannot be true, or decides by what is personal."""

from __future__ import annotations

import pytest

from bihuan.methods.api import lint

from .samples import assert_told, problem, short, small

BAD = [
    (
        "condition-cel",
        ("        到: checking", "        到: [{当: 'fields.cost >', 到: checking}, {到: new}]"),
        "当: 'fields.cost >'",
        "steps.doing.actions.finish.to.0.when",
        "看不懂",
    ),
    (
        "condition-unknown-variable",
        ("        到: checking", "        到: [{当: 'price > 1', 到: checking}, {到: new}]"),
        "price > 1",
        "steps.doing.actions.finish.to.0.when",
        "没有“price”",
    ),
    (
        "condition-unknown-variable",
        ("        到: checking", "        到: [{当: 'fields.price > 1', 到: checking}, {到: new}]"),
        "fields.price",
        "steps.doing.actions.finish.to.0.when",
        "没有字段“price”",
    ),
    (
        "condition-type",
        ("        到: checking", "        到: [{当: 'fields.category > 1', 到: checking}, {到: new}]"),
        "fields.category",
        "steps.doing.actions.finish.to.0.when",
        "不能同",
    ),
    (
        "condition-option",
        ("        到: checking", "        到: [{当: 'fields.category == \"c\"', 到: checking}, {到: new}]"),
        "fields.category",
        "steps.doing.actions.finish.to.0.when",
        "没有“c”这个选项",
    ),
    (
        "condition-not-boolean",
        ("        到: checking", "        到: [{当: 'fields.people_affected', 到: checking}, {到: new}]"),
        "fields.people",
        "steps.doing.actions.finish.to.0.when",
        "不是“是”或“否”",
    ),
    (
        "condition-personal",
        ("        到: checking", "        到: [{当: 'fields.text == \"x\"', 到: checking}, {到: new}]"),
        "fields.text",
        "steps.doing.actions.finish.to.0.when",
        "个人信息",
    ),
]


@pytest.mark.parametrize(("code", "change", "where", "path", "said"), BAD, ids=short)
def test_a_bad_condition_is_told_where_what_and_how_to_mend(
    code: str, change: tuple[str, str], where: str, path: str, said: str
) -> None:
    assert_told(code, change, where, path, said)


def test_a_field_read_before_it_can_be_filled_is_a_warning() -> None:
    text = small(
        (
            "        指定: [lead, watcher]\n        到: doing",
            "        指定: [lead, watcher]\n        到: [{当: 'counts.finish > 0', 到: doing}, {到: doing}]",
        )
    )
    assert "used-before-filled" not in {p.code for p in lint(text)}
    # cost is filled while doing; the opening's own routes come before that
    text = small(("    到: new", "    到: [{当: 'fields.cost > 1.0', 到: new}, {到: new}]"))
    found = problem(text, "used-before-filled")
    assert (found.path, found.severity) == ("opening.report.to.0.when", "warning")
