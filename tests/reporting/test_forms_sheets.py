"""Cells filled inside a workbook's zip: all else stays byte for byte; nothing that can be misused is opened."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from shutil import which
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from bihuan.reporting.sheets.grid import Unreadable
from bihuan.reporting.sheets.layout import find_table, read_grid
from bihuan.reporting.sheets.patch import NotBlank, Rate, column_letters, column_number, fill
from bihuan.reporting.sheets.safety import Limits
from tests.reporting.blank_forms import FORMS, blank

NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def rezipped(data: bytes, **changed: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {
            **parts(data),
            **{key.replace("__", "/"): value for key, value in changed.items()},
        }.items():
            archive.writestr(name, content)
    return out.getvalue()


def without(content: bytes, refs: set[str]) -> bytes:
    """A sheet's XML in canonical form; of filled cells and formulas' last results nothing but place and style."""
    root = etree.fromstring(content)
    for cell in list(root.iter(f"{NS}c")):
        if cell.get("r") in refs:
            if cell.get("s") is None and cell.find(f"{NS}f") is None:
                parent = cell.getparent()
                parent.remove(cell)
                if not len(parent) and not set(parent.attrib) - {"r"}:
                    parent.getparent().remove(parent)
                continue
            cell.attrib.pop("t", None)
            for child in list(cell):
                cell.remove(child)
        elif cell.find(f"{NS}f") is not None:
            for value in cell.findall(f"{NS}v"):
                cell.remove(value)
    return etree.tostring(root, method="c14n")


@pytest.mark.parametrize("name", FORMS)
def test_a_filled_form_differs_from_the_blank_one_in_the_filled_cells_alone(name: str) -> None:
    data = blank(name)
    grid = read_grid(data)
    sheet = max(grid.sheets, key=lambda sheet: len(sheet.cells))
    free = [at for at, cell in sorted(sheet.cells.items()) if cell.framed and sheet.empty(*at) and sheet.starts(*at)]
    values: dict[tuple[int, int], Any] = {
        at: n if n % 2 and sheet.at(*at).number_format == "General" else f"第{n}格" for n, at in enumerate(free)
    }
    assert len(values) >= 9
    filled = fill(data, {sheet.name: values})
    before, after = parts(data), parts(filled)
    assert list(after) == list(before)
    changed = {part for part in before if before[part] != after[part]}
    refs = {f"{column_letters(column)}{row}" for row, column in values}
    for part in changed:
        assert part.startswith("xl/worksheets/sheet")
        assert without(after[part], refs) == without(before[part], refs)
    again = read_grid(filled).sheet(sheet.name)
    assert {at: again.at(*at).value for at in values} == values


def test_formulas_stay_and_show_no_old_result() -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1"] = None, "=SUM(A1:A3)"
    other = book.create_sheet("汇总")
    other["A1"] = "=Sheet!B1"
    data = saved(book)
    sheet = parts(data)["xl/worksheets/sheet1.xml"].replace(b"<v></v>", b"<v>7</v>").replace(b"<v />", b"<v>7</v>")
    assert b"<v>7</v>" in sheet
    data = rezipped(data, **{"xl__worksheets__sheet1.xml": sheet})
    after = openpyxl.load_workbook(io.BytesIO(fill(data, {"Sheet": {(1, 1): 5}})))
    assert after["Sheet"]["B1"].value == "=SUM(A1:A3)"
    assert after["汇总"]["A1"].value == "=Sheet!B1"
    assert b"<v>7</v>" not in parts(fill(data, {"Sheet": {(1, 1): 5}}))["xl/worksheets/sheet1.xml"]


def test_a_cell_with_a_formula_is_never_written_over() -> None:
    book = openpyxl.Workbook()
    book.active["B1"] = "=A1*2"
    with pytest.raises(NotBlank):
        fill(saved(book), {"Sheet": {(1, 2): 5}})


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://x","x")', "+86 391", "-5", "@SUM(A1)", "\t=1", "_x0041_"])
def test_what_somebody_typed_is_never_taken_for_a_formula(text: str) -> None:
    filled = fill(saved(openpyxl.Workbook()), {"Sheet": {(2, 2): text}})
    cell = openpyxl.load_workbook(io.BytesIO(filled))["Sheet"]["B2"]
    xml = parts(filled)["xl/worksheets/sheet1.xml"]
    assert b"<f" not in xml
    assert b'r="B2" t="inlineStr"' in xml
    assert cell.value.replace("_x005F_", "_") == text


def test_a_label_in_two_fonts_keeps_them_when_its_blank_is_filled() -> None:
    data = blank("supervision_ledger")
    filled = fill(data, {"督办": {(2, 1): "填报单位：电建社区"}})
    root = etree.fromstring(parts(filled)["xl/worksheets/sheet1.xml"])
    (cell,) = [cell for cell in root.iter(f"{NS}c") if cell.get("r") == "A2"]
    runs = [("".join(run.itertext()), run.find(f"{NS}rPr/{NS}u") is not None) for run in cell.iter(f"{NS}r")]
    assert runs == [("填报单位：", False), ("电建社区", True)]


def test_dates_and_rates_go_in_as_the_cell_wants_them() -> None:
    book = openpyxl.Workbook()
    ws = book.active
    ws["A1"].number_format, ws["A2"].number_format, ws["A5"].number_format = "yyyy-mm-dd", "0.0%", "m/d/yy h:mm"
    half = Rate(Fraction(1, 2))
    day = datetime.fromisoformat("2024-04-03")
    dawn = datetime.fromisoformat("2024-04-03T06:00")
    values: dict[tuple[int, int], Any] = {
        (1, 1): date(2024, 4, 3), (2, 1): half, (3, 1): half, (4, 1): Rate(Fraction(1, 3), in_percent=True),
        (5, 1): dawn, (6, 1): date(2024, 4, 3),
    }  # fmt: skip
    after = openpyxl.load_workbook(io.BytesIO(fill(saved(book), {"Sheet": values})))["Sheet"]
    found = [after.cell(row, 1).value for row in range(1, 7)]
    assert found == [day, 0.5, "50.00%", 33.33, dawn, "2024-04-03"]


def test_a_cell_that_the_file_does_not_hold_takes_the_style_of_its_column() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "题"
    book.active.column_dimensions["C"].font = Font(bold=True)
    after = openpyxl.load_workbook(io.BytesIO(fill(saved(book), {"Sheet": {(7, 3): "字", (7, 1): 1, (3, 2): 2}})))
    assert after["Sheet"]["C7"].font.bold
    assert [after["Sheet"][ref].value for ref in ("A1", "B3", "A7", "C7")] == ["题", 2, 1, "字"]


values = st.one_of(
    st.integers(-(10**9), 10**9),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=20),
)
cells = st.dictionaries(st.tuples(st.integers(1, 40), st.integers(1, 60)), values, min_size=1, max_size=25)


@settings(max_examples=40)
@given(before=cells, after=cells)
def test_what_was_filled_is_read_again_and_what_stood_there_stays(
    before: dict[tuple[int, int], Any], after: dict[tuple[int, int], Any]
) -> None:
    book = openpyxl.Workbook()
    for (row, column), value in before.items():
        cell = book.active.cell(row, column)
        cell.value, cell.data_type = value, "n" if isinstance(value, int) else "s"
    filled = openpyxl.load_workbook(io.BytesIO(fill(saved(book), {"Sheet": after})))["Sheet"]
    stays = {at: value for at, value in before.items() if at not in after}
    assert {at: filled.cell(*at).value for at in stays} == stays
    read = {at: filled.cell(*at).value for at in after}
    assert {at: str(value).replace("_x005F_", "_") for at, value in read.items()} == {
        at: str(value) for at, value in after.items()
    }


@given(st.integers(1, 16_384))
def test_columns_have_one_name(number: int) -> None:
    assert column_number(column_letters(number)) == number
    assert column_letters(number) == get_column_letter(number)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 3_000_000)
    with pytest.raises(Unreadable, match="太大"):
        read_grid(out.getvalue(), Limits(unpacked=1_000_000))
    with pytest.raises(Unreadable, match="太大"):
        read_grid(out.getvalue(), Limits(sheet=1_000_000))


def test_merged_cells_over_a_whole_sheet_are_refused_before_they_are_unfolded() -> None:
    book = openpyxl.Workbook()
    book.active.append(["序号", "类别"])
    book.active.merge_cells("A5:B6")
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    for corner in (b"XFD1048576", b"AZ99999"):
        wide = sheet.replace(b'ref="A5:B6"', b'ref="A5:' + corner + b'"')
        with pytest.raises(Unreadable, match="太大"):
            read_grid(rezipped(out.getvalue(), **{"xl__worksheets__sheet1.xml": wide}))


@pytest.mark.parametrize("source", ["$D$1:$XFD$1048576", "$D:$D", "$D$1:$D$1048576"])
def test_a_dropdown_of_whole_columns_takes_what_stands_there_and_makes_no_cells(source: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["序号", "类别"])
    sheet["D1"], sheet["D2"] = "公共设施", "环境卫生"
    rule = DataValidation(type="list", formula1=source)
    rule.add("B2:B9")
    sheet.add_data_validation(rule)
    out = io.BytesIO()
    book.save(out)
    options = read_grid(out.getvalue()).sheets[0].choices[0].options
    assert options[0] == "公共设施"
    assert "XFD" in source or options == ("公共设施", "环境卫生")


def test_numbers_that_are_none_are_told_as_damage() -> None:
    data = blank("visit_record")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    for bent in (sheet.replace(b'<row r="5"', b'<row r="x"'), re.sub(rb' s="\d+"', b' s="y"', sheet)):
        assert bent != sheet
        with pytest.raises(Unreadable):
            fill(rezipped(data, **{"xl__worksheets__sheet1.xml": bent}), {"走访": {(5, 3): 1}})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_with_entities_is_refused(encoding: str) -> None:
    bad = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'.encode(encoding)
    data = rezipped(blank("visit_record"), **{"xl__worksheets__sheet1.xml": bad})
    for act in (read_grid, lambda it: fill(it, {"走访": {(5, 3): 1}})):
        with pytest.raises(Unreadable):
            act(data)


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0" + b"\x00" * 600, b"<html>", b"\xff" * 4000]
)
def test_what_is_no_workbook_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Unreadable) as told:
        read_grid(data)
    assert all((told.value.why, told.value.how, told.value.why_en, told.value.how_en))


def test_an_old_workbook_can_be_read_but_says_how_to_save_it_anew(tmp_path: Path) -> None:
    office = which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    (tmp_path / "旧表.xlsx").write_bytes(blank("livelihood_ledger"))
    command = [office, "--headless", "--convert-to", "xls", "--outdir", str(tmp_path), str(tmp_path / "旧表.xlsx")]
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run([*command, profile], check=True, capture_output=True, timeout=120)
    data = (tmp_path / "旧表.xls").read_bytes()
    grid = read_grid(data)
    assert not grid.writable
    table = find_table(grid)
    assert table is not None
    assert [column.path for column in table.columns][2] == ("反映人基本情况", "姓名")
    with pytest.raises(Unreadable, match="另存为"):
        fill(data, {})


def test_filled_forms_open_in_libreoffice_with_totals_worked_out(tmp_path: Path) -> None:
    office = which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    filled = fill(blank("hotline_monthly"), {"接诉即办": {(5, 3): 4, (6, 3): 5, (7, 3): 6}})
    (tmp_path / "表.xlsx").write_bytes(filled)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        office,
        profile,
        "--headless",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "表.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    lines = (tmp_path / "表.csv").read_bytes().decode("utf-8", "replace").splitlines()
    total = next(line for line in lines if re.match(r"合", line))
    assert total.split(",")[2] == "15"


def test_a_ledger_with_data_is_found_with_its_headings_and_rows() -> None:
    book = openpyxl.Workbook()
    ws = book.active
    ws.append(["２０２３年民生台账"])
    ws.merge_cells("A1:F1")
    ws.append(["填报单位：电建社区", None, None, None, "填报日期：2023年12月"])
    ws.append(["序号", "诉求人", None, "内容", "办结时间", "备注"])
    ws.append([None, "姓名", "电话", None, None, None])
    for span in ("B3:C3", "A3:A4", "D3:D4", "E3:E4", "F3:F4"):
        ws.merge_cells(span)
    for row in range(1, 31):
        ws.append([row, f"居民{row}", "13800000000", "路灯不亮", "2023.5.1", None])
    ws.append(["合计", None, None, 30])
    ws.append(["说明：本表一式两份"])
    table = find_table(read_grid(saved(book)))
    assert table is not None
    assert (table.first_row, table.last_row, table.totals, table.labels) == (5, 34, (35,), ())
    assert [column.title for column in table.columns] == [
        "序号",
        "诉求人/姓名",
        "诉求人/电话",
        "内容",
        "办结时间",
        "备注",
    ]
    assert table.title == "２０２３年民生台账"


def test_macros_stay_as_they_were_and_are_never_looked_at() -> None:
    macros = b"\xd0\xcf\x11\xe0 not a real project"
    data = rezipped(blank("visit_record"), **{"xl__vbaProject.bin": macros})
    after = parts(fill(data, {"走访": {(5, 3): "字"}}))
    assert after["xl/vbaProject.bin"] == macros


def test_rows_are_added_with_the_height_and_styles_of_the_last_one() -> None:
    data = blank("visit_record")
    filled = fill(data, {"走访": {(31, 3): "字"}}, {"走访": {31: 30}})
    sheet = openpyxl.load_workbook(io.BytesIO(filled))["走访"]
    assert sheet.dimensions == "C2:J31"
    assert (sheet["C31"].value, sheet["J31"].border.left.style) == ("字", "thin")
