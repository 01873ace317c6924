"""The slips a secretary makes, as she would meet them: where, why and how to mend, in plain Chinese."""

from __future__ import annotations

import re

import pytest

from bihuan.methods.api import lint

from .samples import line_of, small

WHEN = "        到: checking"


def _when(condition: str) -> tuple[str, str]:
    return WHEN, f"        到: [{{当: {condition}, 到: checking}}, {{到: new}}]"


# what is written, where it is told, what is said, how to mend it
SLIPS = {
    "a full-width colon": ([("来源: 测试", "来源：测试")], "来源：", "全角冒号", "半角冒号"),
    "a full-width colon inside": (
        [("        由: system", "        由：system")], "由：", "全角冒号", "“由: …”"),
    "a role with a full-width colon": (
        [("  worker: {标题: {zh: 经办, en: Worker}}", "  worker:\n    标题：经办")],
        "标题：经办", "全角冒号", "“标题: …”"),
    "a tab": ([("    标题: {zh: 办理, en: Doing}", "\t标题: {zh: 办理, en: Doing}")], "\t标题", "制表符", "空格"),
    "a wrong indentation": (
        [("        应做: 是\n        填写: {cost", "          应做: 是\n        填写: {cost")],
        "          应做", "缩进不对", "8 个空格"),
    "no blank after a colon": ([("    终点: 是", "    终点:是")], "终点:是", "少一个空格", "“终点: …”"),
    "a misspelt key": ([("    终点: 是", "    终典: 是")], "终典", "没有“终典”", "是不是想写“终点”"),
    "a role that is not declared": ([("由: system", "由: auditor")], "auditor", "没有角色“auditor”", "“角色”里写上它"),
    "a step renamed in one place": (
        [("  checking:\n", "  inspecting:\n")], "到: checking", "没有环节“checking”", "inspecting"),
    "a limit in words": ([("限期: 3 天", "限期: 三个工作日")], "三个工作日", "不是时间长度", "“3 个工作日”"),
    "a step twice": (
        [("  done:\n", "  doing:\n    标题: 又办\n  done:\n")], "标题: 又办", "写了两遍", "只留一个"),
    "one equals sign": ([_when("\"category = 'a'\"")], "category = ", "两个等号", "“==”"),
    "Chinese quotes": ([_when("'category == “a”'")], "category ==", "全角", "半角"),
    "a Chinese word": ([_when("\"category == 'a' 或者 urgency == 'urgent'\"")], "或者", "不能写“或者”", "“||”"),
    "a wrong choice": ([("性质: 退回", "性质: 退会")], "退会", "“退会”", "是不是想写“退回”"),
    "an open bracket": ([("由: [reporter, boss]", "由: [reporter, boss")], "reporter, boss", "方括号", "]"),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_told_where_why_and_how_to_mend_it(name: str) -> None:
    changes, where, said, mend = SLIPS[name]
    text = small(*changes)
    line = line_of(text, where)
    lines = {line - 1, line, line + 1} if name in {"a step twice", "an open bracket"} else {line}
    found = [p for p in lint(text) if p.line in lines and p.severity == "error"]
    assert found, [p.text() for p in lint(text)]
    assert any(said in p.message for p in found), [p.text() for p in found]
    assert any(mend in p.mend for p in found), [p.text() for p in found]
    for p in lint(text):
        assert p.mend or p.code in {"bounds"}
        assert p.mend_en or not p.mend
        assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", re.sub(r"“[^”]*”", "", p.message)), p.message


@pytest.mark.parametrize("name", [n for n in SLIPS if n not in {"an open bracket", "a step renamed in one place"}])
def test_a_slip_is_told_once_and_hides_nothing_else(name: str) -> None:
    changes = SLIPS[name][0]
    if name == "a limit in words":
        changes = [*changes, ("阶梯: up", "阶梯: down")]
    else:
        changes = [*changes, ("限期: 3 天", "限期: 三天")]
    problems = [p for p in lint(small(*changes)) if p.severity == "error"]
    assert len(problems) == 2, [p.text() for p in problems]
