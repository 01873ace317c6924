"""Old ledgers brought in: any layout, columns guessed, corrected once, remembered; whole or not at all; never twice."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from django.core.files.storage import default_storage

from bihuan.kernel.api import BadInput, NotFound, clock, new_id
from bihuan.kernel.verify import verify
from bihuan.matters.models import Matter
from bihuan.matters.replay import check_all
from bihuan.reporting.bringin import runs
from bihuan.reporting.bringin.columns import guess, synonyms
from bihuan.reporting.bringin.values import is_done, moment, whole
from bihuan.reporting.models import ImportedRow, ImportLayout, ImportRun
from tests.web.desk import seed

HEADS = ["序号", "登记日期", "反映人", "联系电话", "楼号", "反映问题", "问题类别", "办理结果", "办结时间", "备注"]
ROWS: list[list[Any]] = [
    [1, date(2023, 3, 5), "马晓棠", "13800010012", "12号楼", "路灯不亮，晚上看不清", "公共设施", "已更换灯泡",
     date(2023, 3, 8), "老人多"],
    [2, 45000, "", "", "３号楼2单元", "下水道堵了", "环境卫生", "已疏通", "2023年3月20日", ""],
    [3, "2024.3.1", "", "", "", "小区没有晾衣杆", "说不清的类别", "", "", ""],
]  # fmt: skip


@pytest.fixture
def noon() -> Any:
    with clock.at(seed.NOON):
        yield


@pytest.fixture
def town(db: None, noon: None) -> seed.Town:
    return seed.make_town()


def sheet(rows: list[list[Any]], heads: list[str] | None = None, *, title: str = "2023年民生问题台账") -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.append([title])
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(heads or HEADS))
    page.append(["填报单位：电建社区"])
    page.append(heads or HEADS)
    for row in rows:
        page.append(row)
    page.append(["合计", len(rows)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def started(town: seed.Town, data: bytes, name: str = "旧台账.xlsx") -> ImportRun:
    return runs.start_run(actor=town.actor("secretary"), id=new_id(), area=seed.COMMUNITY, name=name, data=data)


def test_a_ledger_goes_in_as_it_says(town: seed.Town) -> None:
    actor = town.actor("secretary")
    run = started(town, sheet(ROWS))
    looked = runs.look(actor, run.pk)
    assert list(looked.fields.values()) == [
        "order", "registered", "reporter_name", "phone", "area", "text", "category", "answer", "closed", "keep",
    ]  # fmt: skip
    tried = runs.check(actor, looked)
    assert (tried.rows, tried.added, tried.already, tried.stops) == (3, 3, 0, False)
    assert [problem.why for problem in tried.problems] == ["工作法里没有这一类，先不分类。"]
    assert not Matter.objects.exists(), "a dry run writes nothing"
    brought = runs.bring_in(actor=actor, run_id=run.pk)
    assert brought.added == 3
    first, second, third = Matter.objects.order_by("created_at")
    assert (first.area_code, second.area_code, third.area_code) == (seed.building(12), seed.building(3), seed.COMMUNITY)
    assert first.created_at.astimezone(clock.ZONE).date() == date(2023, 3, 5)
    assert not first.is_open
    assert first.closed_at is not None
    assert first.closed_at.astimezone(clock.ZONE).date() == date(2023, 3, 8)
    assert first.number.startswith(f"{seed.COMMUNITY}-2023-")
    assert first.state_json["fields"]["answer"] == "已更换灯泡"
    assert "备注：老人多" in first.text
    assert second.created_at.astimezone(clock.ZONE).date() == date(2023, 3, 15), "a serial number of 1900"
    assert "地点：" in second.text
    assert "2单元" in second.text.replace("２", "2")
    assert third.is_open
    assert "问题类别" in third.text or "类别：说不清的类别" in third.text, "what has no place of its own is kept"


def test_the_record_of_what_was_brought_in_holds(town: seed.Town) -> None:
    run = started(town, sheet(ROWS))
    runs.bring_in(actor=town.actor("secretary"), run_id=run.pk)
    assert list(check_all()) == []
    assert verify().ok


def test_the_same_file_twice_adds_nothing(town: seed.Town) -> None:
    actor = town.actor("secretary")
    for index in range(2):
        run = started(town, sheet([*ROWS, ROWS[2]]))
        brought = runs.bring_in(actor=actor, run_id=run.pk)
        assert (brought.added, brought.already) == ((4, 0) if index == 0 else (0, 4))
    assert Matter.objects.count() == 4, "two lines that say the same are two matters, once"
    more = started(town, sheet([*ROWS, ROWS[2], [5, "2024.3.2", "", "", "1号楼", "门禁坏了", "", "", "", ""]]))
    assert runs.bring_in(actor=actor, run_id=more.pk).added == 1


def test_one_bad_row_keeps_the_whole_file_out_and_every_bad_row_is_named(town: seed.Town) -> None:
    actor = town.actor("secretary")
    bad = [
        [4, "去年春天", "", "", "12号楼", "看不懂的日期", "", "", "", ""],
        [5, "2023-04-01", "", "", "99号楼", "没有这栋楼", "", "", "", ""],
        [6, "2023-04-01", "", "12345", "12号楼", "电话不对", "", "", "", ""],
        [7, "2023-04-01", "", "", "12号楼", "", "", "修好了", "", ""],
        [8, "2023-04-05", "", "", "12号楼", "办结早于登记", "", "", "2023-04-01", ""],
    ]
    run = started(town, sheet([*ROWS, *bad]))
    brought = runs.bring_in(actor=actor, run_id=run.pk)
    assert brought.stops
    assert not Matter.objects.exists()
    assert not ImportedRow.objects.exists()
    stopping = [problem for problem in brought.problems if problem.stops]
    assert [problem.line for problem in stopping] == [7, 8, 9, 10, 11]
    assert [problem.column for problem in stopping] == ["登记日期", "楼号", "联系电话", "反映问题", "办结时间"]
    assert all(problem.how for problem in stopping)
    assert default_storage.exists(runs.look(actor, run.pk).run.file), "the file waits to be mended columns"


def test_a_corrected_column_is_remembered_for_the_next_file(town: seed.Town) -> None:
    actor = town.actor("secretary")
    heads = [*HEADS[:5], "群众说啥", *HEADS[6:]]
    run = started(town, sheet(ROWS, heads))
    looked = runs.look(actor, run.pk)
    assert looked.fields[6] == "keep"
    assert runs.check(actor, looked).stops
    looked = runs.choose(actor=actor, run_id=run.pk, table=looked.source.index, columns={**looked.fields, 6: "text"})
    assert not runs.check(actor, looked).stops
    again = runs.look(actor, started(town, sheet(ROWS[:1], heads)).pk)
    assert again.remembered
    assert again.fields[6] == "text"
    assert ImportLayout.objects.count() == 1


def test_several_sheets_and_headings_over_two_rows(town: seed.Town) -> None:
    book = openpyxl.Workbook()
    book.active.append(["说明", "这一页只是说明"])
    page = book.create_sheet("三月")
    page.append(["编号", "反映人", None, "反映内容", "楼栋", "日期"])
    page.append([None, "姓名", "电话", None, None, None])
    page.merge_cells("B1:C1")
    for column in "ADEF":
        page.merge_cells(f"{column}1:{column}2")
    page.append(["旧-07", "马晓棠", "13800010012", "单元门关不上", "7栋", datetime(2023, 3, 9, 10, 30)])  # noqa: DTZ001 - as sheets hold them
    out = io.BytesIO()
    book.save(out)
    actor = town.actor("secretary")
    run = started(town, out.getvalue())
    looked = runs.look(actor, run.pk)
    assert looked.source.sheet == "三月"
    assert set(looked.fields.values()) == {"number", "reporter_name", "phone", "text", "area", "registered"}
    runs.bring_in(actor=actor, run_id=run.pk)
    matter = Matter.objects.get()
    assert matter.area_code == seed.building(7)
    assert "原编号：旧-07" in matter.text
    assert matter.has_contact


def test_csv_in_either_encoding(town: seed.Town) -> None:
    text = "登记日期,楼号,反映问题\n2023/3/5,12号楼,路灯不亮了\n"
    actor = town.actor("secretary")
    for index, encoding in enumerate(("gb18030", "utf-8-sig")):
        run = started(town, text.encode(encoding), "旧台账.csv")
        assert runs.bring_in(actor=actor, run_id=run.pk).added == 1 - index


def test_the_file_is_gone_when_it_is_in_given_up_or_a_day_old(town: seed.Town) -> None:
    actor = town.actor("secretary")
    done, given_up, old = (started(town, sheet(ROWS[:n])) for n in (1, 2, 3))
    files = [one.file for one in (done, given_up, old)]
    runs.bring_in(actor=actor, run_id=done.pk)
    runs.give_up(actor=actor, run_id=given_up.pk)
    with clock.at(seed.NOON.replace(day=6)):
        assert runs.forget_files() == 1
    assert not any(default_storage.exists(file) for file in files)
    with pytest.raises(NotFound):
        runs.look(actor, old.pk)


def test_a_kept_file_tells_nobody_anything_without_the_key(town: seed.Town) -> None:
    data = "登记日期,反映人,联系电话,反映问题\n2024-03-01,马晓棠,13800010012,路灯不亮".encode()
    run = started(town, data, "旧台账.csv")
    with default_storage.open(run.file) as file:
        kept = file.read()
    assert b"13800010012" not in kept
    assert "马晓棠".encode() not in kept
    assert runs.look(town.actor("secretary"), run.pk).source.rows
    runs.bring_in(actor=town.actor("secretary"), run_id=run.pk)
    assert Matter.objects.count() == 1


def test_a_file_that_was_changed_or_swapped_is_gone_not_read(town: seed.Town) -> None:
    first, second = started(town, sheet(ROWS[:1])), started(town, sheet(ROWS[:2]))
    ImportRun.objects.filter(pk=first.pk).update(file=second.file)
    with pytest.raises(NotFound):
        runs.look(town.actor("secretary"), first.pk)


def test_the_same_file_sent_twice_at_once_is_one_run_and_one_file(
    town: seed.Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = started(town, sheet(ROWS))
    before = set(default_storage.listdir("imports")[1])
    monkeypatch.setattr(runs, "_existing", _seen_late(run))
    again = runs.start_run(
        actor=town.actor("secretary"), id=run.pk, area=seed.COMMUNITY, name="旧台账.xlsx", data=sheet(ROWS)
    )
    assert again.pk == run.pk
    assert set(default_storage.listdir("imports")[1]) == before, "no second copy of people's names is left behind"


def _seen_late(run: ImportRun) -> Any:
    """Return a look-up that finds nothing at first: the other request has not committed yet."""
    answers = iter([None, run])
    return lambda _actor, _id: next(answers)


def test_an_id_of_somebody_elses_run_is_not_answered_with_it(town: seed.Town) -> None:
    run = started(town, sheet(ROWS))
    with pytest.raises(BadInput):
        runs.start_run(actor=town.actor("street"), id=run.pk, area=seed.COMMUNITY, name="旧台账.xlsx", data=sheet(ROWS))


def test_who_may_not_bring_in_is_refused_and_another_persons_file_is_not_seen(town: seed.Town) -> None:
    from django.core.exceptions import PermissionDenied

    with pytest.raises(PermissionDenied):
        runs.start_run(actor=town.actor("worker"), id=new_id(), area=seed.COMMUNITY, name="a.xlsx", data=sheet(ROWS))
    run = started(town, sheet(ROWS))
    with pytest.raises(NotFound):
        runs.look(town.actor("street"), run.pk)


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04broken"])
def test_what_is_no_table_is_told_plainly(town: seed.Town, data: bytes) -> None:
    with pytest.raises(BadInput) as told:
        started(town, data)
    assert told.value.problems[0].how


def test_no_heading_is_in_two_lines_of_the_table() -> None:
    import yaml

    from bihuan.reporting.bringin.columns import STANDARD

    listed = [heading for row in yaml.safe_load(STANDARD.read_text("utf-8")).values() for heading in row]
    assert len(listed) == len(set(listed))
    assert len(synonyms()) == len(listed)


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        (date(2024, 3, 5), "", (2024, 3, 5)),
        (45356, "45356", (2024, 3, 5)),
        ("45356", "45356", (2024, 3, 5)),
        ("2024.3.5", "2024.3.5", (2024, 3, 5)),
        ("２０２４年３月５日", "２０２４年３月５日", (2024, 3, 5)),
        ("24-3-5", "24-3-5", (2024, 3, 5)),
        ("20240305", "20240305", (2024, 3, 5)),
        ("2024/3/5 15:30", "2024/3/5 15:30", (2024, 3, 5)),
        ("3月5日", "3月5日", (2022, 3, 5)),
        ("2024年13月5日", "2024年13月5日", None),
        ("去年", "去年", None),
    ],
)
def test_dates_of_every_habit_are_read(value: Any, text: str, expected: tuple[int, int, int] | None) -> None:
    at = moment(value, text, 2022)
    assert (None if at is None else (at.year, at.month, at.day)) == expected


@pytest.mark.parametrize("text", ["፩፪፫፬፭", "9" * 5000])
def test_what_only_looks_like_a_day_is_none(text: str) -> None:
    assert moment(text, text) is None


def test_yes_no_and_numbers_are_read_as_meant() -> None:
    assert is_done("未办结") is False
    assert is_done("已办结") is True
    assert is_done("") is None
    assert whole("约２０人") == 20
    assert whole("若干") is None


def test_a_column_without_a_heading_we_know_is_kept_and_phones_are_known_by_their_look() -> None:
    from bihuan.reporting.sheets.layout import Column

    columns = [Column(1, 1, ("咨询号码",)), Column(2, 2, ("问题描述",))]
    assert guess(columns, {1: ["13800010012", "13900010013"], 2: ["x"]}) == {1: "phone", 2: "text"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("二〇二三年四月二十日", datetime(2023, 4, 20, tzinfo=clock.ZONE)),
        ("二零二三年十二月三十一日", datetime(2023, 12, 31, tzinfo=clock.ZONE)),
        ("三月十二日", datetime(2022, 3, 12, tzinfo=clock.ZONE)),
        ("二〇二三年十三月一日", None),
        ("二〇二三年四月二二日", None),
        ("三月", None),
    ],
)
def test_dates_in_chinese_numerals_are_read(text: str, expected: datetime | None) -> None:
    assert moment(text, text, 2022) == expected


def test_a_date_without_a_year_is_in_the_year_that_the_title_names(town: seed.Town) -> None:
    actor = town.actor("secretary")
    rows = [[1, "3月12日", "", "", "12号楼", "路灯不亮", "", "", "", ""]]
    for title, year in (("２０２３年民生问题台账", 2023), ("2022至2023年民生问题台账", None)):
        looked = runs.look(actor, started(town, sheet(rows, title=title)).pk)
        assert looked.year == year
        assert runs.check(actor, looked).stops is (year is None)


def test_a_day_that_never_was_is_told_as_such(town: seed.Town) -> None:
    actor = town.actor("secretary")
    looked = runs.look(actor, started(town, sheet([[1, "2023/5/32", "", "", "", "楼顶漏水", "", "", "", ""]])).pk)
    (problem,) = runs.check(actor, looked).problems
    assert (problem.line, problem.column, problem.why) == (4, "登记日期", "没有这一天。")


def test_the_other_tables_of_a_file_are_named(town: seed.Town) -> None:
    book = openpyxl.load_workbook(io.BytesIO(sheet(ROWS)))
    page = book.create_sheet("旧表")
    for row in (["日期", "楼号", "反映问题"], ["2023-03-05", "1号楼", "墙皮脱落"]):
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    looked = runs.look(town.actor("secretary"), started(town, out.getvalue()).pk)
    assert [(one.sheet, len(one.rows)) for one in looked.others] == [("旧表", 1)]
