"""A form for one matter: filled for those that are chosen, names masked unless somebody says why."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bihuan.cli.fill import fill_command
from bihuan.kernel.api import new_id
from bihuan.kernel.models import PersonalRead
from bihuan.matters.api import report
from bihuan.matters.models import Matter
from bihuan.people.models import Role
from bihuan.reporting.models import FormRun
from tests.reporting.blank_forms import blank

from . import seed
from .conftest import SignedIn


def told(town: seed.Town, number: int = 12, text: str = "路灯不亮") -> Matter:
    made = town.report(number, text, phone=seed.PHONE, reporter_name="齐凤英")
    town.triage(made.matter_id)
    return Matter.objects.get(pk=made.matter_id)


def sent(client: Any, name: str, **more: Any) -> str:
    file = SimpleUploadedFile(f"{name}.xlsx", blank(name))
    given = {"file": file, "area": seed.COMMUNITY, "id": str(new_id()), "since": "2024-04", "until": "2024-04"}
    response = client.post(reverse("desk:forms"), {**given, **more})
    assert response.status_code == 302, response.content.decode()
    return str(response.url)


def download(client: Any, **more: Any) -> Any:
    run = FormRun.objects.latest("created_at")
    return client.post(reverse("desk:form_filled", args=[run.pk]), more)


def sheet_of(response: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active


def test_a_card_is_filled_for_the_matter_from_whose_page_one_came(town: seed.Town, as_: SignedIn) -> None:
    matter = told(town)
    client = as_("secretary")
    assert f"?matter={matter.pk}" in client.get(reverse("desk:matter", args=[matter.pk])).content.decode()
    assert "路灯不亮" in client.get(reverse("desk:forms"), {"matter": str(matter.pk)}).content.decode()
    url = sent(client, "livelihood_card", matter=str(matter.pk))
    assert "<ins>路灯不亮</ins>" in client.get(url).content.decode()
    sheet = sheet_of(download(client))
    assert sheet["A2"].value == "编号：电建-2024-0001"
    assert sheet["E2"].value == "填报日期：2024年4月3日"
    assert sheet["B3"].value == "☑公共设施 □环境卫生 □安全隐患 □矛盾纠纷 □其他"
    assert (sheet["C5"].value, sheet["C6"].value, sheet["B8"].value) == ("齐**", "138****0012", "路灯不亮")
    assert sheet["H5"].value is None
    assert not PersonalRead.objects.exists()


@pytest.mark.parametrize(("unnamed", "name"), [(False, "齐**"), (True, None)])
def test_who_reported_signed_in_is_named_masked_and_who_did_so_unnamed_is_not(
    town: seed.Town, as_: SignedIn, *, unnamed: bool, name: str | None
) -> None:
    told_by = report(
        actor=town.actor("resident"), id=new_id(), area_code=seed.building(12), text="路灯不亮", anonymous=unnamed
    )
    client = as_("secretary")
    sent(client, "livelihood_card", matter=str(told_by.matter_id))
    assert sheet_of(download(client))["C5"].value == name


def test_names_are_in_the_clear_for_a_reason_alone_and_each_reading_is_kept(town: seed.Town, as_: SignedIn) -> None:
    matter = told(town)
    client = as_("secretary")
    url = sent(client, "livelihood_card", matter=str(matter.pk))
    assert download(client, clear="1", why="other").status_code == 422  # other reasons need words
    assert not PersonalRead.objects.exists()
    sheet = sheet_of(download(client, clear="1", why="verify"))
    assert (sheet["C5"].value, sheet["C6"].value) == ("齐凤英", seed.PHONE)
    reads = PersonalRead.objects.select_related("sealed")
    assert {(read.sealed.name, read.reader_id) for read in reads} == {
        ("reporter_name", town.people["secretary"].pk), ("phone", town.people["secretary"].pk),
    }  # fmt: skip
    assert seed.PHONE not in client.get(url).content.decode()  # what is shown on the page stays masked


def test_without_the_right_to_personal_values_a_reason_opens_nothing(town: seed.Town, as_: SignedIn) -> None:
    matter = told(town)
    role = Role.objects.get(pk="secretary")
    role.grants = [grant for grant in role.grants if grant != "matter.personal"]
    role.save()
    client = as_("secretary")
    url = sent(client, "livelihood_card", matter=str(matter.pk))
    assert 'name="clear"' not in client.get(url).content.decode()
    assert download(client, clear="1", why="verify").status_code == 403
    assert not PersonalRead.objects.exists()


def test_several_matters_are_a_card_each_in_one_zip(town: seed.Town, as_: SignedIn) -> None:
    first, second = told(town), told(town, 13, "下水道堵了")
    client = as_("secretary")
    url = sent(client, "handover_sheet")
    page = client.get(url).content.decode()
    assert "填哪一件" in page
    assert "下水道堵了" in page
    answer = client.post(url, {"chosen": "1", "pick": [first.number], "numbers": "电建-2024-0002"}, follow=True)
    assert "每件填一份" in answer.content.decode()
    response = download(client)
    assert response["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:
        assert archive.namelist() == [f"handover_sheet-电建-2024-000{n}.xlsx" for n in (1, 2)]
        found = [openpyxl.load_workbook(io.BytesIO(archive.read(name))).active for name in archive.namelist()]
    assert [sheet["C5"].value for sheet in found] == [first.title, second.title]
    assert [sheet["E3"].value for sheet in found] == ["接件时间：2024年4月3日"] * 2


def test_a_card_without_a_matter_is_left_blank_and_says_what_to_choose(town: seed.Town, as_: SignedIn) -> None:
    told(town)
    client = as_("secretary")
    url = sent(client, "event_task")
    assert "请选是哪一件" in client.get(url).content.decode()
    assert sheet_of(download(client))["B3"].value is None


@pytest.mark.parametrize("number", ["电建-2024-0099", "2023-0001", "<b>", "%", "410802006001-2024-0001"])
def test_a_number_of_no_matter_is_told_beside_what_was_typed(town: seed.Town, as_: SignedIn, number: str) -> None:
    told(town)
    client = as_("secretary")
    url = sent(client, "event_task")
    response = client.post(url, {"chosen": "1", "numbers": number})
    assert response.status_code == 422
    assert "没有编号是" in response.content.decode()
    assert FormRun.objects.get().matters_json == []


def test_a_matter_that_one_may_not_see_is_never_filled_in(town: seed.Town, as_: SignedIn) -> None:
    matter = told(town)
    Matter.objects.filter(pk=matter.pk).update(area_code="410802006001001", community_code="410802006001")
    client = as_("secretary")
    sent(client, "event_task", matter=str(matter.pk))
    assert FormRun.objects.get().matters_json == []
    FormRun.objects.update(matters_json=[matter.pk.hex])  # chosen before it was moved away
    assert sheet_of(download(client))["B3"].value is None


def test_a_count_goes_into_a_cell_of_whole_numbers_and_a_choice_is_one_of_those_offered(
    town: seed.Town, as_: SignedIn
) -> None:
    matter = told(town)
    client = as_("secretary")
    sent(client, "event_task", matter=str(matter.pk))
    sheet = sheet_of(download(client))
    assert (sheet["B7"].value, sheet["E7"].value) == ("公共设施", "☑一般 □紧急 □特急")
    assert sheet["E2"].value == "单号：电建-2024-0001"


def test_the_command_line_fills_a_card_for_each_matter(town: seed.Town, tmp_path: Path) -> None:
    told(town)
    told(town, 13, "下水道堵了")
    template, out = tmp_path / "卡.xlsx", tmp_path / "填好.xlsx"
    template.write_bytes(blank("livelihood_card"))
    common = [str(template), "-o", str(out), "--area", seed.COMMUNITY, "--as", "secretary"]
    one = CliRunner().invoke(fill_command, [*common, "--matter", "电建-2024-0001"])
    assert one.exit_code == 0, one.output
    assert openpyxl.load_workbook(out).active["C5"].value == "齐**"
    two = CliRunner().invoke(
        fill_command, [*common, "--matter", "2024-0001", "--matter", "2024-0002", "--reason", "街道要求报送"]
    )
    assert two.exit_code == 0, two.output
    names = sorted(path.name for path in tmp_path.glob("填好-*.xlsx"))
    assert names == [f"填好-卡-电建-2024-000{n}.xlsx" for n in (1, 2)]
    assert openpyxl.load_workbook(tmp_path / names[1]).active["C5"].value == "齐凤英"
    assert set(PersonalRead.objects.values_list("reason", flat=True)) == {"街道要求报送"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--matter", "2024-0077"], "没有编号是"),
        (["--reason", "看看"], "--matter"),
    ],
)
def test_the_command_line_says_what_is_wrong_with_a_card(
    town: seed.Town, tmp_path: Path, more: list[str], said: str
) -> None:
    template = tmp_path / "卡.xlsx"
    template.write_bytes(blank("livelihood_card"))
    common = [str(template), "-o", str(tmp_path / "o.xlsx"), "--area", seed.COMMUNITY, "--as", "secretary"]
    result = CliRunner().invoke(fill_command, [*common, *more])
    assert (result.exit_code, said in result.output) == (1, True), result.output
    assert not (tmp_path / "o.xlsx").exists()
