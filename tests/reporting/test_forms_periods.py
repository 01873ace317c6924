"""What a form asks of time: what is open, what was carried over, how it compares; exact, and blank where not known."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction

import openpyxl
import pytest

from bihuan.kernel.api import clock
from bihuan.matters.models import Matter
from bihuan.people.api import SYSTEM
from bihuan.reporting.figures.balance import balance
from bihuan.reporting.figures.folding import fold_pending
from bihuan.reporting.figures.months import Period
from bihuan.reporting.forms.facts import Record
from bihuan.reporting.forms.lists import listed
from bihuan.reporting.forms.shapes import Ask
from bihuan.reporting.forms.words import place
from tests.matters.conftest import COMMUNITY, Town, make_town

from .blank_kit import frame, heads
from .test_forms_recognised import here, understood


def on(town: Town, day: str) -> None:
    town.now = datetime.fromisoformat(f"{day}T10:00:00+08:00")


@pytest.fixture
def months(db: None) -> Iterator[Town]:
    """Two came in in April 2023; three in March 2024, of which one was settled in April; two in April, one settled."""
    town = make_town()
    for day in ("2023-04-03", "2023-04-10"):
        on(town, day)
        town.report(text=f"旧事 {day}")
    on(town, "2024-03-04")
    march = [town.report(text=f"三月的事，第{n}件").matter_id for n in range(3)]
    on(town, "2024-04-08")
    town.to_settled(march[0])
    april = [town.report(text=f"四月的事，第{n}件").matter_id for n in range(2)]
    on(town, "2024-04-09")
    town.to_settled(april[0])
    twin = town.report(text="又是三月的事").matter_id
    town.do("leader", twin, "merge", into=str(march[1]), reason="同一处")
    with clock.at(datetime.fromisoformat("2024-05-20T10:00:00+08:00")):
        yield town


def value(ask: Ask, since: int = 202404, until: int = 202404) -> int | Fraction | None:
    return Record(SYSTEM, COMMUNITY, since, until).figure(ask).value


@pytest.mark.parametrize("folded", [False, True])
def test_what_is_open_at_the_end_is_what_came_in_less_what_was_settled(months: Town, *, folded: bool) -> None:
    if folded:
        fold_pending()
    at = (1, 1)
    assert value(Ask(at, "carried")) == 5
    assert value(Ask(at, "collected")) == 2  # the one that was merged is no matter of its own
    assert value(Ask(at, "settled")) == 2
    assert value(Ask(at, "open")) == 5
    assert value(Ask(at, "open", span="last_year")) == 2
    assert balance(SYSTEM, COMMUNITY, 202404).begun == 202304


def test_the_lists_hold_as_many_as_the_figures_say(months: Town) -> None:
    april = Period(202404, 202404)
    found = {
        when: listed(SYSTEM, COMMUNITY, april, "matter", {"when": when}, ["title"])
        for when in ("open", "closed", "carried", "all")
    }
    assert {when: len(rows) for when, rows in found.items() if isinstance(rows, list)} == {
        "open": 5, "closed": 2, "carried": 5, "all": 7,
    }  # fmt: skip
    before = Period(202403, 202403)
    assert len(listed(SYSTEM, COMMUNITY, before, "matter", {"when": "open"}, ["title"])) == 5  # type: ignore[arg-type]
    assert Matter.objects.count() == 8


def test_changes_and_shares_are_exact(months: Town) -> None:
    at = (1, 1)
    assert value(Ask(at, "collected", compare="mom")) == Fraction(2 - 3, 3)
    assert value(Ask(at, "collected", compare="mom_n")) == -1
    assert value(Ask(at, "collected", compare="yoy")) == 0
    assert value(Ask(at, "collected", compare="yoy_n")) == 0
    assert value(Ask(at, "collected", span="year", compare="yoy"), 202404, 202404) is None  # 2023 is not whole here
    whole = ((COMMUNITY,), ())
    assert value(Ask(at, "settled", compare="share", of=whole)) == 1


@pytest.mark.parametrize(
    ("ask", "since", "until", "why"),
    [
        (
            Ask((1, 1), "collected", compare="yoy"),
            202403,
            202403,
            "还没有用本系统登记",
        ),  # nobody recorded in March 2023
        (Ask((1, 1), "collected", span="last_year"), 202403, 202403, "还没有用本系统登记"),
        (Ask((1, 1), "collected", compare="mom"), 202405, 202405, "还没过完"),
        (Ask((1, 1), "settled", compare="yoy"), 202404, 202404, "上次是零"),
        (Ask((1, 1), "settlement_rate", compare="yoy"), 202404, 202404, ""),
        (Ask((1, 1), "collected", span="before", compare="mom"), 202404, 202404, "看不出和哪段时间比"),
        (Ask((1, 1), "collected", span="quarter", compare="mom"), 202404, 202404, "看不出和哪段时间比"),
    ],
)
def test_what_cannot_be_compared_is_left_blank_with_its_reason(
    months: Town, ask: Ask, since: int, until: int, why: str
) -> None:
    found = Record(SYSTEM, COMMUNITY, since, until).figure(ask)
    assert found.value is None
    assert found.why is not None
    assert why in found.why.zh


def table(columns: list[str], lines: list[str], title: str = "民生工作月报表") -> bytes:
    book = openpyxl.Workbook()
    ws = book.active
    ws["A1"] = title
    ws.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(columns))
    heads(ws, 2, columns)
    for row, line in enumerate(lines, 3):
        ws.cell(row, 1, line)
    frame(ws, f"A3:{ws.cell(2 + len(lines), len(columns)).coordinate}")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("columns", "lines", "asked"),
    [
        (["指标", "本月", "上月", "环比"], ["受理数（件）"], {"D3": "collected|month|mom"}),
        (["指标", "本月", "同比（%）", "本年累计", "同比（%）"], ["办结数"], {"E3": "settled|year|yoy"}),
        (["指标", "本月", "同比增减（件）"], ["受理数"], {"C3": "collected|month|yoy_n"}),
        (["指标", "本月", "同比增减"], ["受理数"], {"C3": ""}),  # a number or percent?
        (["指标", "受理数", "办结数", "同比"], ["公共设施", "环境卫生"], {"D3": ""}),  # of which of the two?
        (["类别", "受理数", "占比"], ["公共设施", "环境卫生"], {"C3": ""}),  # no total: of what?
        (["类别", "受理数", "占比"], ["公共设施", "环境卫生", "合计"], dict.fromkeys(["C3", "C5"], "collected||share")),
        (["类别", "占比", "受理数"], ["公共设施", "环境卫生", "合计"], {"B3": ""}),  # before what it is of
        (["指标", "数量"], ["受理数", "同比（%）", "期末在办"], {"B4": "collected||yoy", "B5": "open||"}),
        (["指标", "数量"], ["受理数", "办结数", "同比（%）"], {"B5": ""}),
    ],
)  # fmt: skip
def test_what_a_comparison_is_about_is_said_by_what_stands_before_it(
    columns: list[str], lines: list[str], asked: dict[str, str]
) -> None:
    form = understood("月报", table(columns, lines))
    (summary,) = form.summaries
    found = {f"{chr(64 + ask.at[1])}{ask.at[0]}": f"{ask.figure}|{ask.span}|{ask.compare}" for ask in summary.asks}
    assert {at: found.get(at, "") for at in asked} == asked


@pytest.mark.parametrize(
    ("title", "note", "meaning", "proposed"),
    [
        ("未办结民生事项清单", "", "rows:matter?when=open", ""),
        ("民生事项办结清单", "", "rows:matter?when=closed", ""),
        ("民生事项上期未结清单", "", "rows:matter?when=carried", ""),
        ("民生事项台账（含上期未结）", "", "rows:matter?when=all", ""),
        ("民生事项办理台账", "", "rows:matter", ""),
        ("民生事项办理台账", "填写说明：包括上期未办结的。", "", "rows:matter?when=all"),
        ("未办结清单（民生事项）", "", "rows:matter?when=open", ""),
        ("民生事项已办结、未办结台账", "", "", "rows:matter?when=open"),
    ],
)
def test_which_matters_of_a_period_are_listed_is_said_by_the_title_and_proposed_by_notes(
    title: str, note: str, meaning: str, proposed: str
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(table(["序号", "事项", "登记时间", "办结时间"], ["", "", ""], title)))
    book.active["A8"] = note or None
    out = io.BytesIO()
    book.save(out)
    form = understood("表", out.getvalue())
    (rows,) = [slot for slot in form.slots.values() if slot.role == "table"]
    assert (rows.meaning, rows.proposed if not meaning else "") == (meaning, proposed if not meaning else "")


def test_a_kind_that_methods_call_differently_is_proposed_and_counted_together_once_confirmed() -> None:
    kinds = [
        ("公共设施", "facility", "a"),
        ("设施维修", "facility", "b"),
        ("纠纷", "dispute", "a"),
        ("纠纷", "conflict", "b"),
    ]
    known = place(areas=[], categories=kinds, figures={"collected": "matters"}, methods=["a", "b"])
    from bihuan.reporting.forms.recognise import recognise
    from bihuan.reporting.forms.words import words
    from bihuan.reporting.sheets.reading import read_grid

    grid = read_grid(table(["类别", "受理数"], ["公共设施", "纠纷"]))
    form = recognise(grid, words(), known)
    asked = {slot.heading: slot.proposed for slot in form.open}
    assert asked == {"公共设施": "category:facility", "纠纷": "category:dispute+conflict"}
    assert form.summaries[0].asks == ()
    again = recognise(grid, words(), known, answers={slot.key: slot.proposed for slot in form.open})
    assert [ask.categories for ask in again.summaries[0].asks] == [("facility",), ("dispute", "conflict")]


def test_the_places_of_tests_have_what_is_open_among_their_figures() -> None:
    assert {"open", "carried"} <= set(here().figures)
