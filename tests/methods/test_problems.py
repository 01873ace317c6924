"""One bad file per problem: its code, line, path, what is said and how to mend it, in both languages."""

from __future__ import annotations

import re

import pytest

from bihuan.methods.api import lint, load

from .samples import SMALL, line_of, problem, small

# code, what is changed, the text on whose line it is reported, path, a piece of the message
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
    (
        "field-missing",
        ("  people_affected: {标题: 人数, 类型: 整数, 最小: 0}\n", ""),
        "字段:",
        "fields",
        "people_affected",
    ),
    ("no-options", ("类型: 单选, 选项: {a: 甲, b: 乙}", "类型: 单选"), "category: {", "fields.category", "没有选项"),
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
    (
        "accept-role",
        ("由: [lead, watcher]", "由: [lead, watcher]\n        会签: {各方: [lead, boss]}"),
        "会签",
        "steps.checking.actions.pass.accept",
        "boss",
    ),
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
    (
        "burden-photo",
        ("        填写: {cost: 可填}", "        填写: {cost: 可填}\n        照片: {after: 1}"),
        "照片",
        "steps.doing.actions.finish.evidence.after",
        "一定要照片",
    ),
    (
        "burden-location",
        ("  cost: {标题: 花费, 类型: 小数}", "  cost: {标题: 花费, 类型: 小数}\n  spot: {标题: 打卡定位}"),
        "spot",
        "fields.spot",
        "定位",
    ),
    (
        "burden-quota",
        ("来源: 测试", "来源: 测试\n说明: 网格员每人每月上报不少于 10 件问题"),
        "说明",
        "note",
        "规定上报数量",
    ),
    (
        "burden-ranking",
        (
            "  cost: {标题: 花费, 类型: 小数}",
            "  cost: {标题: 花费, 类型: 小数}\n  marks: {标题: 网格员得分, 类型: 整数}",
        ),
        "marks",
        "fields.marks",
        "打分",
    ),
    (
        "burden-id-number",
        ("  cost: {标题: 花费, 类型: 小数}", "  cost: {标题: 花费, 类型: 小数}\n  card: {标题: 身份证号}"),
        "card",
        "fields.card",
        "证件号码",
    ),
    (
        "burden-no-purpose",
        (
            "  title: {标题: 标题, 敏感程度: 个人信息, 用途: 识别, 保存期限: 365 天}",
            "  title: {标题: 标题, 敏感程度: 个人信息, 保存期限: 365 天}",
        ),
        "title: {",
        "fields.title",
        "没有写用途",
    ),
    (
        "burden-no-retention",
        (
            "  title: {标题: 标题, 敏感程度: 个人信息, 用途: 识别, 保存期限: 365 天}",
            "  title: {标题: 标题, 敏感程度: 个人信息, 用途: 识别}",
        ),
        "title: {",
        "fields.title",
        "没有写保存期限",
    ),
    (
        "burden-profile",
        ("  cost: {标题: 花费, 类型: 小数}", "  cost: {标题: 花费, 类型: 小数}\n  level: {标题: 居民风险等级}"),
        "level",
        "fields.level",
        "画像",
    ),
]


@pytest.mark.parametrize(
    ("code", "change", "where", "path", "said"), BAD,
    ids=lambda value: value if isinstance(value, str) and len(value) < 30 else None,
)  # fmt: skip
def test_a_bad_file_is_told_where_what_and_how_to_mend(
    code: str, change: tuple[str, str], where: str, path: str, said: str
) -> None:
    text = small(change)
    found = problem(text, code)
    assert found.line == line_of(text, where)
    assert found.path == path
    assert said in found.message + found.mend
    assert found.message_en
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in _without_names(found.message_en, text))
    assert found.severity == (
        "warning" if code.startswith("burden") or code in {"nobody-owes", "no-otherwise"} else "error"
    )


def _without_names(message: str, text: str) -> str:
    """English may quote what the file says in Chinese."""
    import re

    return re.sub(r"'[^']*'|named .*?:", "", message)


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


def test_a_responsibility_that_nobody_names_is_a_warning() -> None:
    text = small(("责任:\n", "责任:\n  helper: {标题: 帮手, 取自: [worker]}\n"))
    found = problem(text, "never-assigned")
    assert (found.path, found.severity) == ("responsibility.helper", "warning")


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


def test_every_problem_is_said_at_once_in_the_order_of_the_file() -> None:
    text = small(("由: system", "由: robot"), ("阶梯: up", "阶梯: down"), ("来源: 测试", "来源: 测试\n错别字: 1"),
                 ("做过: [finish]", "做过: [finnish]"))  # fmt: skip
    problems = lint(text)
    assert {"unknown-key", "unknown-reference"} <= {p.code for p in problems}
    assert len([p for p in problems if p.severity == "error"]) >= 4
    assert [p.line for p in problems] == sorted(p.line for p in problems)


def test_the_small_method_is_without_problems() -> None:
    assert lint(SMALL) == []


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


def test_a_photo_with_a_reason_is_no_burden() -> None:
    text = small(
        ("        填写: {cost: 可填}", "        填写: {cost: 可填}\n        照片: {after: {至少: 1, 理由: 标准要求}}")
    )
    assert lint(text) == []


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
