"""A file that does not read, a key or a value that is none: said where it stands, and how to mend it."""

from __future__ import annotations

import pytest

from bihuan.methods.api import lint, load

from .samples import assert_told, problem, short

BAD = [
    ("yaml", ("来源: 测试", "来源: @测试"), "来源: @", "", "YAML"),
    ("full-colon", ("来源: 测试", "来源： 测试"), "来源：", "", "全角冒号"),
    ("duplicate-key", ("来源: 测试", "来源: 测试\n来源: 再写"), "来源: 再写", "来源", "第 3 行已经有了"),
    ("duplicate-key", ("来源: 测试", "来源: 测试\nsource: again"), "source: again", "source", "写了两遍"),
    ("unknown-key", ("来源: 测试", "来原: 测试"), "来原", "来原", "没有“来原”"),
    (
        "missing",
        ("        由: boss\n        应做: 是\n        指定", "        应做: 是\n        指定"),
        "      assign:",
        "steps.new.actions.assign.by",
        "缺少“由”",
    ),
    ("choice", ("性质: 退回", "性质: 打回"), "打回", "steps.checking.actions.again.does", "打回"),
    ("amount", ("限期: 3 天", "限期: 三天"), "三天", "clocks.check.limit.fixed", "不是时间长度"),
    ("amount", ("其余: 5 个工作日", "其余: 1.5 个工作日"), "1.5", "clocks.work.limit.otherwise", "不是时间长度"),
    ("pattern", ("工作法: small", "工作法: 小样"), "工作法: 小样", "key", "写法不对"),
    ("type", ("最小: 0", "最小: 很小"), "最小: 很小", "fields.people_affected.least", "应当是数字"),
    ("range", ("最多几次: 1\n", "最多几次: 0\n"), "最多几次: 0", "steps.done.actions.reopen.most", "不能小于 1"),
    ("empty", ("由: [reporter, boss]", "由: []"), "由: []", "steps.done.actions.reopen.by", "不能是空的"),
    ("key", ("  cost: {", "  Cost: {"), "  Cost: {", "fields.Cost", "不能这样写"),
    (
        "role-clash",
        ("  lead: {标题: {zh: 牵头, en: Lead}", "  boss: {标题: {zh: 牵头, en: Lead}"),
        "  boss: {标题: {zh: 牵头",
        "responsibility.boss",
        "另一种角色",
    ),
    ("role-clash", ("  worker: {标题", "  system: {标题"), "  system: {标题", "roles.system", "另一种角色"),
    ("no-options", ("类型: 单选, 选项: {a: 甲, b: 乙}", "类型: 单选"), "category: {", "fields.category", "没有选项"),
]


@pytest.mark.parametrize(("code", "change", "where", "path", "said"), BAD, ids=short)
def test_what_cannot_be_read_is_told_where_what_and_how_to_mend(
    code: str, change: tuple[str, str], where: str, path: str, said: str
) -> None:
    assert_told(code, change, where, path, said)


@pytest.mark.parametrize(
    "text", ["", "   \n", "- a\n- b\n", "一句话", "a: &x [*x]\n", "\tx: 1", "x: [1, 2", "{}", "工作法:\n", "环节: 5\n"]
)
def test_nonsense_is_told_and_never_crashes(text: str) -> None:
    loaded = load(text)
    assert loaded.method is None
    assert [p for p in loaded.problems if p.severity == "error"]


def test_a_file_that_grows_by_aliases_is_refused() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 8)]
    assert "alias" in {p.code for p in lint("\n".join(rows))}


def test_a_full_width_colon_and_a_tab_have_their_own_hint() -> None:
    assert "半角冒号" in problem("工作法: a\n标题：b\n来源: c\n", "full-colon").mend
    assert "空格" in problem("工作法: a\n角色:\n\tx: 1\n", "tab").mend
