"""Importing areas: every bad row is told, and nothing is half done."""

from __future__ import annotations

import io
import json
from uuid import uuid4

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied

from bihuan.areas.api import find, import_areas, locate_code
from bihuan.areas.coords import wgs84_to_gcj02
from bihuan.areas.models import Area
from bihuan.areas.sample import COMMUNITY, load_sample
from bihuan.kernel.api import BadInput
from bihuan.kernel.models import Entry
from bihuan.people.api import SYSTEM, Actor, PostRef

pytestmark = pytest.mark.django_db

SQUARE = "POLYGON((113.20 35.24, 113.21 35.24, 113.21 35.25, 113.20 35.25, 113.20 35.24))"
BASE = f'编码,名称,级别,图形\n410802,解放区,区县,\n410802004,焦西街道,街道,\n410802004004,电建社区,社区,"{SQUARE}"\n'


def _import(text: str | bytes, *, dry_run: bool = False, actor: Actor = SYSTEM, name: str = "区域.csv"):
    data = text if isinstance(text, bytes) else text.encode()
    return import_areas(actor=actor, data=data, filename=name, dry_run=dry_run)


def _excel(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        ("410802004004,又一个,社区,,,,", "编码", "与第 4 行重复"),
        ("410802009001,某社区,社区,,,,", "上级编码", "既不在系统中"),
        ("410802004005,某社区,社区,410802005,,,", "上级编码", "不是本编码的开头部分"),
        ("41080200400,某社区,社区,,,,", "编码", "不是 6、9、12 或 15 位数字"),
        ("410802004005,某社区,大队,,,,", "级别", "不认识的级别"),
        ("410802004005,某社区,街道,,,,", "级别", "不可能是"),
        (",某社区,社区,,,,", "编码", "没有填编码"),
        ("410802004005,,社区,,,,", "名称", "没有填名称"),
        ("410802004004001,1号楼,微网格,,113.2x,35.24,", "经度", "坐标不是数字"),
        ("410802004004001,1号楼,微网格,,35.24,113.2,", "经度", "可能填反了"),
        ("410802004004001,1号楼,微网格,,0,0,", "经度", "不在中国境内"),
        ("410802004004001,1号楼,微网格,,113.2,,", "纬度", "只填了一个"),
        ("410802004004001,1号楼,微网格,,113.3,35.24,", "经度", "范围之外"),
        ("410802004004001,1号楼,微网格,,113.205,35.245,火星", "坐标系", "不认识的坐标系"),
    ],
)
def test_each_kind_of_bad_row_is_told_with_its_line_column_reason_and_remedy(row: str, column: str, why: str) -> None:
    text = BASE.replace("编码,名称,级别,图形", "编码,名称,级别,上级编码,经度,纬度,坐标系,图形")
    text = text.replace(",区县,", ",区县,,,,,").replace(",街道,", ",街道,,,,,").replace(",社区,", ",社区,,,,,")
    report = _import(text + row + ",\n")
    assert [(p.line, p.column) for p in report.problems] == [(5, column)]
    assert why in report.problems[0].why
    assert report.problems[0].how
    assert not report.applied
    assert Area.objects.count() == 0, "whole or not at all"


def test_all_problems_are_told_at_once() -> None:
    report = _import("编码,名称,户数,建筑面积\n4108,市,x,\nabc,,,\n4108,市,,y\n410802004,街道,,\n")
    assert [problem.line for problem in report.problems] == [2, 3, 4, 5]


def test_a_dry_run_reports_the_same_and_writes_nothing() -> None:
    dry = _import(BASE, dry_run=True)
    assert len(dry.created) == 3
    assert (Area.objects.count(), Entry.objects.count()) == (0, 0)
    assert _import(BASE).created == dry.created
    assert Area.objects.count() == 3


def test_the_same_file_twice_changes_nothing_and_a_changed_cell_is_recorded_with_old_and_new() -> None:
    _import(BASE)
    again = _import(BASE)
    assert (again.created, again.changed, again.unchanged) == ((), (), 3)
    assert Entry.objects.count() == 1
    _import(BASE.replace("焦西街道", "焦西新街道"))
    entry = Entry.objects.get(seq=2)
    assert json.loads(entry.body)["old_and_new"] == {"410802004": {"name": ["焦西街道", "焦西新街道"]}}
    assert bytes(entry.prev_hash) == bytes(Entry.objects.get(seq=1).hash)


def test_an_empty_cell_leaves_what_is_there() -> None:
    _import("编码,名称,户数\n410802,解放区,90000\n")
    _import("编码,名称,户数\n410802,解放区,\n")
    assert find("410802").households == 90000


def test_excel_with_title_instructions_stars_numbers_and_full_width_digits_is_read() -> None:
    data = _excel(
        [
            ["区域登记表"],
            ["填写说明：带 * 的必填"],
            ["* 编码", "*名称", "级别", "户数（户）"],
            [410802, "解放区", "区", "９００"],
            ["４１０８０２００４", "焦西街道", "街道", None],
            [410802004004.0, "电建社区", "社区", 2362],
        ]
    )
    report = _import(data, name="区域.xlsx")
    assert report.problems == ()
    assert report.created == ("410802", "410802004", "410802004004")
    assert find("410802").households == 900


def test_lines_are_counted_as_excel_shows_them() -> None:
    report = _import(_excel([["标题"], ["编码", "名称"], [410802, "解放区"], [410802, "又来"]]), name="a.xlsx")
    assert report.problems[0].line == 4


def test_gb18030_text_from_wps_is_read() -> None:
    assert _import(BASE.encode("gb18030")).created[0] == "410802"
    assert find("410802").name == "解放区"


def test_gcj02_coordinates_and_shapes_are_converted() -> None:
    lon, lat = wgs84_to_gcj02(113.205, 35.245)
    corners = [(113.2048, 35.2449), (113.2052, 35.2449), (113.2052, 35.2451), (113.2048, 35.2449)]
    ring = ", ".join(f"{x} {y}" for x, y in (wgs84_to_gcj02(*corner) for corner in corners))
    _import(BASE)
    report = _import(f'编码,名称,经度,纬度,坐标系,图形\n410802004004001,1号楼,{lon},{lat},高德,"POLYGON(({ring}))"\n')
    assert report.problems == ()
    area = find("410802004004001")
    assert (area.lon, area.lat) == pytest.approx((113.205, 35.245), abs=1e-6)
    for got, wanted in zip(area.shape["coordinates"][0], corners, strict=True):
        assert got == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("shape", ["POINT(113.2 35.24)", "nonsense", '{"type":"Polygon"}', "{", "POLYGON EMPTY"])
def test_a_shape_that_is_none_is_told_and_not_a_crash(shape: str) -> None:
    report = _import("编码,名称,图形\n410802,解放区," + json.dumps(shape).replace('\\"', '""') + "\n")
    assert [problem.column for problem in report.problems] == ["图形"]


def test_a_shape_that_crosses_itself_or_leaves_its_parent_is_told() -> None:
    _import(BASE)
    bow = "POLYGON((113.201 35.241, 113.202 35.242, 113.202 35.241, 113.201 35.242, 113.201 35.241))"
    out = "POLYGON((113.201 35.241, 113.222 35.241, 113.222 35.242, 113.201 35.241))"
    report = _import(f'编码,名称,图形\n410802004004001,1号楼,"{bow}"\n410802004004002,2号楼,"{out}"\n')
    assert [problem.line for problem in report.problems] == [2, 3]
    assert "超出上级" in report.problems[1].why


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"\xd0\xcf\x11\xe0rest", "a.xls", "旧式 .xls"),
        (b"PK\x03\x04broken", "a.xlsx", "已损坏"),
        (b"%PDF-1.7", "a.pdf", "不是 Excel"),
        ("甲,乙\n1,2\n".encode(), "a.csv", "没有找到标题行"),
        (b"", "a.csv", "没有找到标题行"),
        (b"code,name\n\x00\x00,x\n", "a.csv", "空字符"),
        (b"x" * (5 * 1024 * 1024 + 1), "a.csv", "5 MB"),
        (b"\xff\xfe\xff", "a.csv", "编码无法识别"),
        (b'code,name\n"410802,x\n', "a.csv", "CSV 格式有误"),
        ("编码,代码,名称\n1,1,x\n".encode(), "a.csv", "标题意思相同"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(data: bytes, name: str, why: str) -> None:
    with pytest.raises(BadInput) as caught:
        _import(data, name=name)
    assert why in caught.value.problems[0].why
    assert caught.value.problems[0].how


def test_nobody_imports_outside_their_own_area() -> None:
    load_sample()
    secretary = Actor(kind="person", person_id=uuid4(), posts=(PostRef("secretary", COMMUNITY),))
    report = _import(f"编码,名称\n{COMMUNITY}049,49号楼\n410802004005,别的社区\n", actor=secretary)
    assert [(p.line, "管理范围" in p.why) for p in report.problems] == [(3, True)]
    assert find(f"{COMMUNITY}049") is None
    assert _import(f"编码,名称\n{COMMUNITY}049,49号楼\n", actor=secretary).applied


def test_without_the_permission_nothing_is_even_read() -> None:
    worker = Actor(kind="person", person_id=uuid4(), posts=(PostRef("grid_worker", COMMUNITY),))
    with pytest.raises(PermissionDenied):
        _import(b"not even a table", actor=worker)


def test_an_import_is_seen_by_the_point_index_at_once() -> None:
    _import(BASE)
    assert locate_code(113.205, 35.245) == COMMUNITY
    _import(BASE.replace("113.21", "113.202"))
    assert locate_code(113.205, 35.245) is None
