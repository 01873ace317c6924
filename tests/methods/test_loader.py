"""Reading: two languages with one form inside, comments that survive an edit, sections of other packages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bihuan.methods.api import Amount, Part, Report, Section, Text, diff, lint, load, register_section, set_value, word
from bihuan.methods.compare import dump
from bihuan.methods.loader.words import names
from bihuan.methods.sections import sections, unregister_section

from .samples import LIBRARY, SLUGS, SMALL, method, shipped, small

ENGLISH = """\
key: small
title: {zh: 小样, en: Small}
source: 测试
roles: {worker: 经办, boss: {title: 负责人}}
fields:
  title: {title: 标题}
  text: {title: 情况, type: long_text}
  category: {title: 类别, type: choice, options: [a, b]}
  urgency: {title: 紧急, type: choice, options: {n: 一般}}
  people_affected: {title: 人数, type: number}
opening:
  report: {title: 反映, by: anyone, gives: {text: required}, to: new}
steps:
  new:
    title: 新收
    actions:
      close: {title: 办结, does: close, by: boss, must: true, to: {step: done, outcome: ok}}
  done: {title: 完, final: true}
outcomes:
  ok: {title: 好, class: substantive, result: solved}
"""


def test_english_and_mixed_keys_come_to_the_same_method() -> None:
    english = load(ENGLISH)
    assert english.method is not None, [p.text() for p in english.problems]
    mixed = load(
        ENGLISH.replace("outcomes:", "办结方式:")
        .replace("class: substantive", "类别: 实质性")
        .replace("must: true", "应做: 是")
        .replace("steps:", "环节:")
        .replace("by: boss", "由: [boss]")
        .replace("result: solved", "结果: 已解决")
    )
    assert mixed.method is not None, [p.text() for p in mixed.problems]
    assert dump(mixed.method) == dump(english.method)


def test_no_two_keys_of_one_part_share_a_word() -> None:
    parts = [part for part in _all_parts(Part) if part.__module__.startswith("bihuan.")]
    assert {"MethodFile", "Action", "LimitCase", "FieldSpec"} <= {part.__name__ for part in parts}
    for part in parts:
        extras = [info.json_schema_extra for info in part.model_fields.values()]
        words = [extra["zh"] for extra in extras if isinstance(extra, dict)]
        assert len(set(words)) == len(words), part
        assert len(names(part)) >= len(words)
        assert all(isinstance(extra, dict) and extra["doc_en"] for extra in extras), part


def _all_parts(part: type[Part]) -> Iterator[type[Part]]:
    for below in part.__subclasses__():
        yield below
        yield from _all_parts(below)


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("3 个工作日", 3, "workdays"),
        ("4工作时", 4, "work_hours"),
        ("24 hours", 24, "hours"),
        ("7 天", 7, "days"),
        ("1.5 小时", 1.5, "hours"),
    ],
)
def test_lengths_of_time_are_read_as_people_write_them(text: str, amount: float, unit: str) -> None:
    assert Amount.model_validate(text) == Amount(amount=amount, unit=unit)  # type: ignore[arg-type]


def test_an_edit_keeps_comments_and_order() -> None:
    text = (LIBRARY / "yiwang_sanbu_wuqin" / "method.yaml").read_text(encoding="utf-8")
    edited = set_value(text, ("clocks", "settle", "limit"), "4 个工作日")
    assert [row for row in edited.splitlines() if "#" in row] != []
    assert edited.count("# 本地定") >= text.count("# 本地定") - 1
    new = load(edited)
    assert new.method is not None
    changes = diff(shipped("yiwang_sanbu_wuqin"), new.method)
    assert [(c.path, c.kind) for c in changes] == [("clocks.settle.limit.fixed", "changed")]
    comments = [row.split("#", 1)[1] for row in text.splitlines() if "#" in row]
    kept = [row.split("#", 1)[1] for row in edited.splitlines() if "#" in row]
    assert len(set(comments) - set(kept)) <= 1


def test_an_edit_can_add_what_was_not_there_and_refuses_an_unknown_place() -> None:
    assert "说明: 新写的" in set_value(SMALL, ("note",), "新写的")
    with pytest.raises(KeyError):
        set_value(SMALL, ("clocks", "nowhere", "limit"), "1 天")


class Tea(Part):
    """茶歇：测试用的部分。"""

    every: Amount = word("每隔", doc="多久一次", en="how often")
    host: str = word("主人", "", "谁请", "who invites")


@pytest.fixture
def tea() -> Iterator[None]:
    def check(method: Any, section: Tea, report: Report) -> None:
        if section.host not in method.roles:
            report.error(("tea", "host"), "host", "没有这位主人。", "No such host.")

    register_section(Section("tea", "茶歇", Tea, check))
    yield
    unregister_section("tea")


def test_a_section_of_another_package_is_read_checked_and_reached(tea: None) -> None:
    loaded = load(SMALL + "茶歇: {每隔: 2 小时, 主人: boss}\n")
    assert loaded.method is not None
    assert loaded.method.section("tea").every == Amount(amount=2, unit="hours")
    problems = lint(SMALL + "茶歇:\n  每隔: 2 小时\n  主人: nobody\n")
    assert [(p.code, p.path, p.line) for p in problems] == [("host", "tea.host", SMALL.count("\n") + 3)]
    assert [p.code for p in lint(SMALL + "茶歇: {每隔: 很久, 主人: boss}\n")] == ["amount"]


def test_a_section_nobody_registered_is_told() -> None:
    assert "unknown-key" in {p.code for p in lint(SMALL + "茶歇: {每隔: 2 小时}\n")}


def test_a_section_cannot_take_a_key_that_is_taken(tea: None) -> None:
    for key, zh in (("steps", "甲"), ("x", "环节"), ("y", "茶歇")):
        with pytest.raises(ValueError, match="key|taken"):
            register_section(Section(key, zh, Tea))
    register_section(Section("tea", "茶歇", Tea))  # the same again, as when a module is imported twice
    assert "tea" in sections()


@pytest.mark.parametrize("slug", SLUGS)
def test_loading_without_the_checks_gives_the_same_method(slug: str) -> None:
    text = (LIBRARY / slug / "method.yaml").read_text(encoding="utf-8")
    quick = load(text, check=False).method
    assert quick is not None
    assert dump(quick) == dump(shipped(slug))
    assert quick.sha256 == shipped(slug).sha256


def test_titles_know_both_languages() -> None:
    m = shipped("yiwang_sanbu_wuqin")
    assert m.role_title("lead") == Text(zh="牵头干部", en="Lead cadre")
    assert m.role_title("meeting:grid_meeting").zh == "网格会议"
    assert m.role_title("lead_deputy").zh == "牵头干部的代理人"
    assert m.action_title("extend.grant").zh == "同意：申请延期"
    assert m.action_title("report").en == "Report a problem"
    assert method().role_title("anyone").en == "Anyone"


def test_a_changed_text_is_another_method() -> None:
    assert load(small(("来源: 测试", "来源: 别处"))).method is not None
    assert load(SMALL).method.sha256 != load(small(("来源: 测试", "来源: 别处"))).method.sha256  # type: ignore[union-attr]
