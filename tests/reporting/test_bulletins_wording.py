"""Templates in plain words: how they are read, what is wrong told at its line, how they are filled and edited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kernel.api import BadInput
from bihuan.methods.api import Report, Text, load
from bihuan.reporting.bulletins import periods, values, wording
from bihuan.reporting.bulletins.editing import from_text, to_text
from bihuan.reporting.bulletins.filling import fill
from bihuan.reporting.bulletins.known import figures_of, registers_of
from bihuan.reporting.bulletins.language import check_spec
from bihuan.reporting.bulletins.reader import period_words
from bihuan.reporting.bulletins.section import BulletinSpec
from bihuan.reporting.bulletins.templates import standard
from bihuan.reporting.bulletins.wording import ALL, Only
from bihuan.reporting.documents import Block, Heading, Items, Para, Table
from bihuan.reporting.figures.shapes import FigureValue, Place
from tests.meetings.world import LIBRARY


class Told:
    """A reader that says what it was told to."""

    def __init__(self, **known: tuple[str, int | Fraction | None, str]) -> None:
        self.known = known
        self.wanted: list[str] = []
        self.narrowed: list[tuple[str, Only]] = []

    def want(self, asked: Iterable[tuple[str, Only]]) -> None:
        self.wanted += [key for key, _only in asked]

    def figure(self, key: str, only: Only = ALL) -> FigureValue:
        self.narrowed.append((key, only))
        title, value, unit = self.known[key]
        return _figure(key, title, value, unit)

    def split(self, key: str, dim: str, only: Only = ALL) -> Sequence[FigureValue]:
        assert dim == "category"
        self.narrowed.append((key, only))
        return [
            _figure(key, "收集", 3, "matters", "facility", "公共设施"),
            _figure(key, "收集", 2, "matters", "", "未分类"),
        ]

    def register(self, key: str, most: int, only: Only = ALL, *, during: bool = False) -> Table:
        self.narrowed.append((key, only))
        return Table(("序号", "编号"), (("1", f"{key}-{most}{'本期' if during else ''}"),))

    def word(self, name: str) -> str:
        return {"area": "电建社区", "period": "2024年3月", "year": "2024", "window": "5个工作日", "today": "今天"}[name]

    def meeting(self, what: str) -> str:
        return f"〈{what}〉"

    def items(self) -> list[Block]:
        return [Heading(1, "路灯"), Para("决议：修。")]


def _figure(
    key: str, title: str, value: int | Fraction | None, unit: str, part: str = "", part_title: str = ""
) -> FigureValue:
    return FigureValue(
        key=key, title=title, kind="count", unit=unit, value=value, before=3, numerator=None, denominator=None,
        numerator_title="", denominator_title="", excluded=(), n=5, note="", drill=Place(key, "", 1, 1),
        split_value=part, split_title=part_title,
    )  # fmt: skip


def _spec(text: str, **more: object) -> BulletinSpec:
    return BulletinSpec.model_validate({"title": "简报", "heading": "{期间}简报", "text": text, **more})


KNOWN = {
    "collected": ("收集", 5, "matters"),
    "solved": ("协调解决", 5, "matters"),
    "settlement_rate": ("办结率", Fraction(911, 972), "percent"),
    "late": ("超期", 0, "matters"),
}


def test_the_sentence_of_the_newspaper_is_filled() -> None:
    text = "今年年初以来，共收集民生问题{指标 collected}件，协调解决{指标 solved}件，办结率{指标 settlement_rate}。"
    filled = fill(_spec(text), Told(**KNOWN))
    (block,) = filled.blocks
    assert isinstance(block, Para)
    assert wording.plain(block.text) == "今年年初以来，共收集民生问题5件，协调解决5件，办结率93.72%。"
    assert filled.title == "2024年3月简报"


def test_each_number_keeps_its_question() -> None:
    filled = fill(_spec("收集{指标 collected}件，上期{指标 collected 上期}件，{比上期 collected}。"), Told(**KNOWN))
    (block,) = filled.blocks
    assert isinstance(block, Para)
    found = wording.parts(block.text, filled.questions)
    assert [part for part in found if part[1]] == [
        ("5", "收集"), ("3", "收集·上期"), ("比上期增加2件", "收集·比上期"),
    ]  # fmt: skip
    assert filled.questions["收集·上期"] == {"word": "figure", "key": "collected", "when": "before"}


def test_all_figures_are_asked_for_at_once() -> None:
    told = Told(**KNOWN)
    fill(_spec("{指标 collected}和{指标 solved}\n{若 late 为零}没有超期。"), told)
    assert set(told.wanted) == {"collected", "solved", "late"}


def test_a_line_with_a_condition_is_there_only_where_it_holds() -> None:
    text = "{若 late 为零}没有超期。\n{若 late 不为零}有超期。\n{若 collected 不为零}有收集。"
    assert fill(_spec(text), Told(**KNOWN)).blocks == [Para("没有超期。"), Para("有收集。")]


def test_headings_items_tables_and_a_meeting() -> None:
    text = "# 情况\n- 一件\n- 两件\n{分列 collected 按 类别}\n{台账 supervision 10}\n{会议 时间}召开。\n{议题}"
    found = fill(_spec(text, of="meeting"), Told(**KNOWN)).blocks
    assert found[:2] == [Heading(1, "情况"), Items(("一件", "两件"))]
    split, register = found[2], found[3]
    assert isinstance(split, Table)
    assert [(row[0], wording.plain(row[1])) for row in split.rows] == [("公共设施", "3"), ("未分类", "2")]
    assert register == Table(("序号", "编号"), (("1", "supervision-10"),))
    assert found[4:] == [Para("〈when〉召开。"), Heading(1, "路灯"), Para("决议：修。")]


def test_a_number_a_list_and_a_condition_can_be_narrowed_to_a_method_a_kind_and_an_area() -> None:
    told = Told(**KNOWN)
    text = (
        "隐患{指标 collected 工作法:yinhuan-liuding}件，消防{指标 collected 类别：fire 上期}件。\n"
        "{若 late 为零 区域:410802004004001}一栋没有超期。\n"
        "{分列 collected 按 类别 工作法:m}\n{台账 hazards 5 类别:fire}"
    )
    filled = fill(_spec(text), told)
    assert set(told.narrowed) == {
        ("collected", Only(method="yinhuan-liuding")),
        ("collected", Only(category="fire")),
        ("late", Only(area="410802004004001")),
        ("collected", Only(method="m")),
        ("hazards", Only(category="fire")),
    }
    assert filled.questions["收集"]["only"] == {"method": "yinhuan-liuding"}
    assert filled.questions["收集·上期"]["only"] == {"category": "fire"}
    assert isinstance(filled.blocks[0], Para)
    assert filled.blocks[1] == Para("一栋没有超期。")


def test_a_list_can_be_of_the_period_alone() -> None:
    (found,) = fill(_spec("{台账 hazards 5 本期}"), Told(**KNOWN)).blocks
    assert found == Table(("序号", "编号"), (("1", "hazards-5本期"),))


def test_the_same_number_narrowed_otherwise_keeps_its_own_question() -> None:
    filled = fill(_spec("{指标 collected}件，消防{指标 collected 类别:fire}件。"), Told(**KNOWN))
    assert filled.questions["收集"] == {"word": "figure", "key": "collected", "when": ""}
    assert filled.questions["收集2"]["only"] == {"category": "fire"}


@pytest.mark.parametrize("said", ["类别:", "类别:fire 类别:gas"])
def test_narrowing_that_says_nothing_or_twice_is_told(said: str) -> None:
    report = Report()
    check_spec(_spec(f"{{指标 collected {said}}}"), ("x",), figures_of(None), registers_of(None), report)
    assert [problem.code for problem in report.problems] == ["bad-words"]
    assert "工作法:代号" in report.problems[0].mend


def test_a_kind_that_the_method_does_not_have_is_told_at_its_line() -> None:
    head = "\n简报:\n  weekly:\n    标题: 本社区简报\n    题目: 简报\n    正文: |\n"
    section = head + "      消防{指标 collected 类别:fire}件。\n"
    own = LIBRARY.read_text(encoding="utf-8").partition("\n简报:")[0]
    found = [problem for problem in load(own + section).problems if problem.code == "unknown-kind"]
    assert ["fire" in problem.message and "facility" in problem.mend for problem in found] == [True]
    other = section.replace("类别:fire", "类别:fire 工作法:yinhuan-liuding")  # another method's is not known here
    assert load(own + other).method is not None


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("一\n{不认识 x}", "unknown-word", "第 2 行"),
        ("{指标}", "bad-words", "写得不完整"),
        ("{指标 collected", "open-brace", "花括号没有成对"),
        ("{若 late}没有。", "bad-condition", "看不懂"),
        ("共{分列 collected 按 类别}", "not-alone", "单独占一行"),
        ("{分列 collected 按 天气}", "bad-words", "写得不完整"),
        ("{会议 天气}", "bad-words", "写得不完整"),
        ("{指标 nothing}", "unknown-figure", "没有指标“nothing”"),
        ("{台账 nothing 3}", "unknown-register", "没有台账“nothing”"),
        ("{议题}", "no-meeting", "依据"),
    ],
)
def test_what_is_wrong_of_a_template_is_told_with_its_line(text: str, code: str, said: str) -> None:
    report = Report()
    check_spec(_spec(text), ("bulletins", "bulletins", "one"), figures_of(None), registers_of(None), report)
    found = [problem for problem in report.problems if problem.code == code]
    assert found, [problem.code for problem in report.problems]
    assert any(said in problem.message for problem in found)
    assert all(problem.message_en and problem.mend and problem.mend_en for problem in found)


def test_a_ranking_is_warned_of() -> None:
    report = Report()
    check_spec(_spec("各网格员排名如下"), ("x",), figures_of(None), registers_of(None), report)
    assert [problem.severity for problem in report.problems] == ["warning"]


def test_the_templates_that_ship_have_no_mistakes() -> None:
    report = Report()
    for key, spec in standard().items():
        check_spec(spec, (key,), figures_of(None), registers_of(None), report)
    assert [problem.message for problem in report.problems] == []
    assert {"monthly", "quarterly", "yearly", "minutes", "results", "supervision", "model"} <= set(standard())


def test_a_method_brings_its_own_templates() -> None:
    section = "\n简报:\n  weekly:\n    标题: 本社区简报\n    题目: 简报\n    正文: |\n      收集{指标 collecte}件。\n"
    own = LIBRARY.read_text(encoding="utf-8").partition("\n简报:")[0]
    loaded = load(own + section)
    found = [problem for problem in loaded.problems if problem.code == "unknown-figure"]
    assert [problem.message for problem in found] == ["第 1 行：没有指标“collecte”。"]
    assert found[0].line > 0
    assert load(own + section.replace("collecte}", "collected}")).method is not None


words = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="|\n\r#-•{}=", exclude_categories=["C", "Z"]))
lines = words.filter(str.strip)
blocks = st.lists(
    st.one_of(
        st.builds(Para, lines),
        st.builds(Heading, st.integers(1, 4), lines),
        st.lists(lines, min_size=1, max_size=3).map(lambda found: Items(tuple(found))),
        st.lists(st.tuples(lines, lines), max_size=3).map(lambda rows: Table(("甲", "乙"), tuple(rows))),
    ),
    max_size=6,
)


@given(blocks)
def test_what_is_edited_and_not_changed_stays_as_it_is(given_: list[Block]) -> None:
    apart: list[Block] = []
    for block in given_:  # two lists under one another are one list when they are edited
        if apart and isinstance(block, Items) and isinstance(apart[-1], Items):
            continue
        apart.append(block)
    assert from_text(to_text(apart)) == apart


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (5, "matters", "5"),
        (Fraction(911, 972), "percent", "93.72%"),
        (Fraction(1), "percent", "100.00%"),
        (None, "percent", "—"),
        (Fraction(5, 2), "workdays", "2.5"),
    ],
)
def test_values_are_written_as_people_print_them(value: int | Fraction | None, unit: str, said: str) -> None:
    assert values.written(value, unit) == said


def test_a_change_says_which_way() -> None:
    assert values.change(5, 3, "matters") == "比上期增加2件"
    assert values.change(3, 3, "matters") == "与上期持平"
    assert values.change(Fraction(1, 2), Fraction(3, 4), "percent") == "比上期下降25.00个百分点"
    assert values.change(None, 3, "matters") == "上期没有可比的数"


@pytest.mark.parametrize(
    ("text", "since", "until", "said"),
    [
        ("2024-03", date(2024, 3, 1), date(2024, 3, 31), "2024年3月"),
        ("2024-Q1", date(2024, 1, 1), date(2024, 3, 31), "2024年第一季度"),
        ("2024", date(2024, 1, 1), date(2024, 4, 30), "2024年1至4月"),
        ("2023", date(2023, 1, 1), date(2023, 12, 31), "2023年"),
        ("2024-01..2024-02", date(2024, 1, 1), date(2024, 2, 29), "2024年1至2月"),
    ],
)
def test_periods_are_read_and_said(text: str, since: date, until: date, said: str) -> None:
    assert periods.read(text, date(2024, 4, 12)) == (since, until)
    assert period_words(since, until) == said


@pytest.mark.parametrize("text", ["", "3月", "2024-13", "2024-Q5", "2024-03..2024-01", "0000"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        periods.read(text, date(2024, 4, 12))


def test_titles_have_both_languages() -> None:
    assert all(isinstance(spec.title, Text) and spec.title.en for spec in standard().values())
