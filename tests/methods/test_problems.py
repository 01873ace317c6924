"""Problems are said all at once, in the order of the file, and one hides none of the others."""

from __future__ import annotations

import re

import pytest

from bihuan.methods.api import lint

from .samples import SMALL, line_of, small


def test_the_small_method_is_without_problems() -> None:
    assert lint(SMALL) == []


def test_every_problem_is_said_at_once_in_the_order_of_the_file() -> None:
    text = small(("由: system", "由: robot"), ("阶梯: up", "阶梯: down"), ("来源: 测试", "来源: 测试\n错别字: 1"),
                 ("做过: [finish]", "做过: [finnish]"))  # fmt: skip
    problems = lint(text)
    assert {"unknown-key", "unknown-reference"} <= {p.code for p in problems}
    assert len([p for p in problems if p.severity == "error"]) >= 4
    assert [p.line for p in problems] == sorted(p.line for p in problems)


def test_a_misspelt_key_hides_none_of_the_other_problems() -> None:
    text = small(
        ("        指定: [lead, watcher]", "        指顶: [lead, watcher]"),  # read on as 指定
        ("由: system", "由: robot"),
        ("性质: 退回", "性质: 打回"),
        ("限期: 3 天", "限期: 三天"),
        ("阶梯: up", "阶梯: down"),
        ("        到: checking", "        到: [{当: 'fields.price > 1', 到: checking}, {到: new}]"),
        ("    停止: {离开: [doing]}", "    停止: {离开: []}"),
        (
            "  done:\n",
            "  island:\n    标题: 孤岛\n    动作: {go: {标题: 走, 由: boss, 应做: 是, 到: doing}}\n  done:\n",
        ),
    )
    problems = lint(text)
    assert [p.line for p in problems] == sorted(p.line for p in problems)
    assert sorted((p.line, p.code) for p in problems) == sorted(
        [
            (line_of(text, "指顶"), "unknown-key"),
            (line_of(text, "当: 'fields.price"), "condition-unknown-variable"),
            (line_of(text, "打回"), "choice"),
            (line_of(text, "robot"), "unknown-reference"),
            (line_of(text, "  island:"), "unreachable"),
            (line_of(text, "停止: {离开: []}"), "never-stopped"),
            (line_of(text, "阶梯: down"), "unknown-reference"),
            (line_of(text, "三天"), "amount"),
        ]
    )


def _spoilt() -> list[tuple[int, str]]:
    """Every line of the small method with its key, or its value, spoilt beyond guessing."""
    out, rows = [], SMALL.splitlines()
    for number, row in enumerate(rows):
        match = re.match(r"^(\s*(?:- )?)([^\s:#{]+):(.*)$", row)
        if match is None:
            continue
        spoilt = [f"{match[1]}甲乙丙丁戊:{match[3]}"]
        if match[3].strip():
            spoilt.append(f"{match[1]}{match[2]}: [[{{x: 1}}]]")
        out += [(number + 1, "\n".join([*rows[:number], row_, *rows[number + 1 :]])) for row_ in spoilt]
    return out


# What is said elsewhere than on the line itself must name something that the spoilt line declared.
NAMES_IT = {"missing", "unknown-reference", "field-missing", "condition-unknown-variable", "condition-option"}


@pytest.mark.parametrize(("line", "text"), _spoilt())
def test_what_could_not_be_read_is_not_blamed_on_the_rest(line: int, text: str) -> None:
    problems = lint(text)
    assert [p for p in problems if p.line == line and p.severity == "error"]
    assert {p.code for p in problems if p.line != line} <= NAMES_IT, [p.text() for p in problems]
