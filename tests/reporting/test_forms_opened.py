"""Filled forms opened by another program: every one of them is sound, prints, and keeps all that stood in it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from shutil import which
from typing import Any

import openpyxl
import pytest
from lxml import etree

from bihuan.reporting.forms.filling import Found, Frame, Plan, plan
from bihuan.reporting.forms.recognise import recognise
from bihuan.reporting.forms.shapes import Ask, Form, Say
from bihuan.reporting.forms.words import words
from bihuan.reporting.sheets.patch import column_letters, fill
from bihuan.reporting.sheets.reading import read_grid

from .blank_forms import FORMS, blank
from .test_forms_recognised import here, understood
from .test_forms_sheets import parts, without

VALUES: dict[str, Any] = {
    "number": "电建-2024-0017", "title": "路灯不亮", "text": "三号楼前的路灯不亮，晚上看不清台阶。", "area": "12号楼",
    "community": "电建社区", "category": "公共设施", "urgency": "一般",
    "created": date(2024, 4, 3), "due": date(2024, 4, 8),
    "closed": date(2024, 4, 7), "happened": date(2024, 4, 2), "reporter_name": "齐**", "phone": "138****0012",
    "field:people_affected": 30, "field:satisfaction": "满意", "outcome_class": "实质性", "field:grade": "一般隐患",
}  # fmt: skip


class Some:
    """Facts that know everything: what is compared is how it goes into the file."""

    def figure(self, ask: Ask) -> Found:
        if ask.compare:
            return Found(Fraction(-1, 8), rate=not ask.compare.endswith("_n"))
        rate = ask.figure.endswith("_rate") or ask.figure.startswith("ratio:")
        return Found(Fraction(3, 4) if rate else 12, rate=rate)

    def card(self, wanted: Sequence[str]) -> Sequence[Any] | Say:
        return [VALUES.get(value, "王**" if value.startswith("party:") else "已修好") for value in wanted]

    def items(self, of: str, where: Mapping[str, str], wanted: Sequence[str]) -> Sequence[Sequence[Any]] | Say:
        return [self.card(wanted) for _line in range(3)]  # type: ignore[misc]


def planned(name: str) -> tuple[bytes, Form, Plan]:
    data = blank(name)
    form = understood(name, data)
    tables = [slot.key for slot in form.open if slot.role == "table" and "figures:" not in slot.options]
    if tables:  # what the title does not say is answered
        answers = dict.fromkeys(tables, "rows:matter")
        form = recognise(form.grid, words(), here(), answers=answers, name=f"{name}.xlsx")
    frame = Frame("电建社区居民委员会", "邢慧敏", date(2024, 5, 3), date(2024, 4, 1), date(2024, 4, 30))
    return data, form, plan(form, Some(), frame)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_filled_with_all_that_it_asks_differs_in_these_cells_alone(name: str) -> None:
    data, _form, made = planned(name)
    before = parts(data)
    after = parts(fill(data, made.values, made.like))
    assert list(after) == list(before)
    assert made.values, name
    refs = {f"{column_letters(at[1])}{at[0]}" for cells in made.values.values() for at in cells}
    for part in before:
        if before[part] != after[part]:
            assert part.startswith("xl/worksheets/sheet")
            assert without(after[part], refs) == without(before[part], refs)
    for name_, cells in made.values.items():
        grid = read_grid(fill(data, made.values, made.like)).sheet(name_)
        assert all(grid.text(*at) for at in cells)


def test_every_filled_form_opens_and_prints_in_another_program(tmp_path: Path) -> None:
    office = which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    wanted: dict[str, dict[str, dict[tuple[int, int], Any]]] = {}
    for name in FORMS:
        data, _form, made = planned(name)
        (tmp_path / f"{name}.xlsx").write_bytes(fill(data, made.values, made.like))
        wanted[name] = {sheet: dict(cells) for sheet, cells in made.values.items()}
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    files = [str(tmp_path / f"{name}.xlsx") for name in FORMS]
    for form in ("xlsx", "pdf"):
        command = [office, profile, "--headless", "--convert-to", form, "--outdir", str(tmp_path / form), *files]
        subprocess.run(command, check=True, capture_output=True, timeout=400)
    for name, sheets in wanted.items():
        before = openpyxl.load_workbook(tmp_path / f"{name}.xlsx")
        after = openpyxl.load_workbook(tmp_path / "xlsx" / f"{name}.xlsx")
        for sheet, cells in sheets.items():
            for row, column in cells:
                stood, read = before[sheet].cell(row, column).value, after[sheet].cell(row, column).value
                assert str(read).strip() == str(stood).strip(), (name, sheet, row, column)
            assert len(after[sheet]._images) == len(before[sheet]._images), name
            assert {str(span) for span in after[sheet].merged_cells.ranges} >= {
                str(span) for span in before[sheet].merged_cells.ranges
            }, name
        assert (tmp_path / "pdf" / f"{name}.pdf").read_bytes().startswith(b"%PDF"), name


def test_what_is_written_is_valid_xml_in_the_order_that_programs_insist_on() -> None:
    for name in FORMS:
        data, _form, made = planned(name)
        for part, content in parts(fill(data, made.values, made.like)).items():
            if not part.startswith("xl/worksheets/sheet"):
                continue
            rows = [int(row.get("r")) for row in etree.fromstring(content).iter("{*}row")]
            assert rows == sorted(set(rows)), (name, part)


def test_a_column_too_narrow_for_what_goes_into_it_is_told() -> None:
    _data, _form, made = planned("livelihood_card")
    assert made.narrow == [("登记卡", "H4")]  # yyyy-mm-dd in a column of 8 digits: Excel shows ###
    _data, _form, made = planned("hazard_notice")
    assert made.narrow == []  # yyyy/m/d of an early day fits
