"""Registers: every ledger as a definition, filtered, its columns chosen, kept as a view, out as Excel and CSV."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from bihuan.kernel.api import BadInput, NotFound, Refused, new_id
from bihuan.matters.api import report
from bihuan.matters.models import Matter
from bihuan.people.api import ANONYMOUS
from bihuan.people.models import Post
from bihuan.reporting.api import (
    View,
    delete_view,
    export_xlsx,
    open_register,
    register_lines,
    registers_in,
    save_view,
    views_of,
)
from bihuan.reporting.models import SavedView
from bihuan.reporting.registers.definitions import standard
from bihuan.reporting.registers.sources import SOURCES
from bihuan.reporting.registers.views import forget_views

from . import seed
from .conftest import SignedIn

KEYS = sorted(standard())


def sheet_of(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content)).active


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("key", KEYS)
def test_every_column_of_a_register_takes_what_its_source_has(key: str) -> None:
    register = standard()[key]
    source = SOURCES[register.spec.of]
    for column in register.columns:
        assert not column.spec.value or source.of(column.spec.value), column.spec.value
        assert column.spec.title.en, f"{key}: {column.spec.title.zh} has no English"
    assert set(register.spec.where) <= set(source.filters)
    assert len({column.key for column in register.columns}) == len(register.columns)


@pytest.mark.parametrize("key", KEYS)
def test_every_register_opens_and_goes_out(town: seed.Town, as_: SignedIn, key: str) -> None:
    reported = town.report(12, "路灯不亮，晚上看不清。", phone=seed.PHONE)
    town.triage(reported.matter_id)
    client = as_("secretary")
    page = client.get(f"/desk/registers/{key}/")
    assert page.status_code == 200
    register = standard()[key]
    for column in register.columns:
        assert column.spec.title.zh in page.content.decode()
    sheet = sheet_of(body(client.get(f"/desk/registers/{key}/export.xlsx")))
    assert sheet["A1"].value == register.spec.version
    assert sheet["A2"].value == register.spec.title.zh
    assert sheet["A2"].coordinate in sheet.merged_cells
    assert str(sheet["A3"].value).startswith("填写说明：")
    heads = [cell.value for cell in sheet[5]]
    assert heads == [("*" if c.spec.required else "") + c.spec.title.zh for c in register.columns]
    assert sheet.print_area
    assert sheet.print_title_rows == "$5:$5"
    text = body(client.get(f"/desk/registers/{key}/export.csv")).decode()
    assert text.startswith("\ufeff" + register.columns[0].spec.title.zh)
    assert seed.PHONE not in page.content.decode() + text, "personal values are masked, inside and out"


def test_a_line_says_what_the_record_says(town: seed.Town, as_: SignedIn) -> None:
    reported = town.report(12, "路灯不亮，晚上看不清。", phone=seed.PHONE, reporter_name="马晓棠")
    town.triage(reported.matter_id, urgency="urgent")
    sheet = sheet_of(body(as_("secretary").get("/desk/registers/livelihood_card/export.xlsx")))
    line = dict(zip((str(cell.value).lstrip("*") for cell in sheet[5]), (cell.value for cell in sheet[6]), strict=True))
    assert line["编号"] == reported.display_number
    assert line["建卡类型"] == "公共设施"
    assert line["姓名"] == "马**"
    assert line["联系电话"] == "138****0012"
    assert line["问题地点"] == "12号楼"
    assert line["常住地址"] is None, "where the problem is is not where somebody lives"
    assert line["登记时间"] == seed.NOON.replace(tzinfo=None)
    assert line["反映人签名"] is None, "left for a pen"


def test_categories_can_be_chosen_from_in_excel(town: seed.Town, as_: SignedIn) -> None:
    town.report(12, "路灯不亮，晚上看不清。")
    sheet = sheet_of(body(as_("secretary").get("/desk/registers/livelihood_card/export.xlsx")))
    lists = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    assert any("公共设施" in formula for formula in lists.values())


def test_what_looks_like_a_formula_goes_out_as_text(town: seed.Town, as_: SignedIn) -> None:
    town.report(12, '=HYPERLINK("http://x","点我")路灯不亮')
    client = as_("secretary")
    sheet = sheet_of(body(client.get("/desk/registers/event_task/export.xlsx")))
    cells = [cell for row in sheet.iter_rows(min_row=6) for cell in row if str(cell.value).startswith("=")]
    assert cells
    assert all(cell.data_type == "s" for cell in cells), "never a formula"
    text = body(client.get("/desk/registers/event_task/export.csv")).decode()
    assert "'=HYPERLINK" in text
    assert "\n=HYPERLINK" not in text
    assert ",=HYPERLINK" not in text


def test_columns_and_filters_are_chosen_and_hold_in_the_file(town: seed.Town, as_: SignedIn) -> None:
    seed.many(town, 12)
    client = as_("secretary")
    address = "?c=number&c=title&category=environment"
    page = client.get("/desk/registers/livelihood_card/" + address).content.decode()
    assert page.count("<th scope=") == 2
    sheet = sheet_of(body(client.get("/desk/registers/livelihood_card/export.xlsx" + address)))
    assert [cell.value for cell in sheet[5]] == ["*编号", "*主要愿望或诉求"]
    assert sheet.max_row == 5 + 4, "four of twelve are of that kind"


def test_a_register_pages_by_key_and_an_export_takes_every_page(town: seed.Town) -> None:
    made = seed.many(town, 25)
    actor = town.actor("secretary")
    opened = open_register(actor, "livelihood_card", view=View(columns=("number",)))
    seen, cursor = [], None
    while True:
        lines = register_lines(actor, opened, cursor, 10)
        seen += [line.cells[0] for line in lines.rows]
        cursor = lines.next
        if not cursor:
            break
    assert seen == [one.display_number for one in reversed(made)]
    file = io.BytesIO()
    assert export_xlsx(actor, opened, file) == 25


def test_the_register_of_measures_has_a_line_for_each(town: seed.Town) -> None:
    reported = town.report(12, "路灯不亮，晚上看不清。")
    town.triage(reported.matter_id, level="spot")
    opened = open_register(town.actor("secretary"), "work_record")
    before = len(register_lines(town.actor("secretary"), opened).rows)
    assert before == 0, "sorting is no measure"


def test_hazards_are_those_of_their_own_method(town: seed.Town) -> None:
    town.report(12, "路灯不亮，晚上看不清。")
    opened = open_register(town.actor("secretary"), "hazards")
    assert register_lines(town.actor("secretary"), opened).rows == ()
    assert opened.filters["method"] == "yinhuan-liuding"


def test_a_view_is_kept_and_then_shared_under_the_same_name(town: seed.Town) -> None:
    secretary, street = town.actor("secretary"), town.actor("street")
    view = View(columns=("number", "title"), filters={"category": "facility"}, order="due")
    kept = save_view(
        actor=secretary, id=new_id(), key="livelihood_card", area=seed.COMMUNITY, name=" 本月  设施 ", view=view
    )
    assert kept.name == "本月 设施"
    assert View.of_json(kept.spec_json) == view
    assert views_of(street, "livelihood_card", seed.COMMUNITY) == []
    again = save_view(
        actor=secretary,
        id=new_id(),
        key="livelihood_card",
        area=seed.COMMUNITY,
        name="本月 设施",
        view=View(),
        shared=True,
    )
    assert again.pk == kept.pk, "the same name again replaces it"
    assert [one.name for one in views_of(street, "livelihood_card", seed.COMMUNITY)] == ["本月 设施"]


def keep(town: seed.Town, who: str, name: str, *, shared: bool = False, **view: Any) -> Any:
    return save_view(
        actor=town.actor(who),
        id=new_id(),
        key="livelihood_card",
        area=seed.COMMUNITY,
        name=name,
        view=View(**view),
        shared=shared,
    )


def test_a_shared_view_is_the_areas_and_whoever_may_share_there_changes_and_deletes_it(town: seed.Town) -> None:
    kept = keep(town, "secretary", "本月设施", shared=True, columns=("number",))
    changed = keep(town, "leader", "本月设施", shared=True, columns=("number", "title"))
    assert changed.pk == kept.pk, "one of that name in the area, not one for each who keeps it"
    assert [one.name for one in views_of(town.actor("secretary"), "livelihood_card", seed.COMMUNITY)] == ["本月设施"]
    with pytest.raises(NotFound):  # a grid worker reads below the community only
        delete_view(actor=town.actor("worker"), view_id=kept.pk)
    delete_view(actor=town.actor("street"), view_id=kept.pk)
    assert views_of(town.actor("secretary"), "livelihood_card", seed.COMMUNITY) == []


def test_ones_own_view_is_nobody_elses_to_see_or_to_delete(town: seed.Town) -> None:
    kept = keep(town, "secretary", "自己用")
    assert views_of(town.actor("street"), "livelihood_card", seed.COMMUNITY) == []
    with pytest.raises(NotFound):
        delete_view(actor=town.actor("street"), view_id=kept.pk)
    delete_view(actor=town.actor("secretary"), view_id=kept.pk)


def test_who_leaves_takes_their_own_views_along_and_leaves_the_shared_ones(town: seed.Town) -> None:
    keep(town, "leader", "自己用")
    keep(town, "secretary", "书记的")
    shared = keep(town, "leader", "大家用", shared=True)
    assert forget_views() == 0, "nobody has left"
    Post.objects.filter(person=town.people["leader"]).update(until=seed.NOON.date() - timedelta(days=1))
    assert forget_views() == 1
    assert sorted(SavedView.objects.values_list("name", flat=True)) == ["书记的", "大家用"]
    shared.refresh_from_db()
    assert shared.person_id is None
    keep(town, "cadre", "大家用", shared=True, columns=("number",))
    delete_view(actor=town.actor("secretary"), view_id=shared.pk)


def test_who_begins_a_new_post_next_week_has_not_left(town: seed.Town) -> None:
    keep(town, "leader", "自己用")
    post = Post.objects.get(person=town.people["leader"])
    Post.objects.create(
        person=post.person, role=post.role, area_code="410802004", since=seed.NOON.date() + timedelta(days=7)
    )
    Post.objects.filter(pk=post.pk).update(until=seed.NOON.date() - timedelta(days=1))
    assert forget_views() == 0


def test_a_view_keeps_what_the_register_knows_and_shared_no_words_searched_for(town: seed.Town) -> None:
    secretary = town.actor("secretary")
    view = View(filters={"category": "facility", "text": "马晓棠", "anything": "else"})
    given: dict[str, Any] = {"actor": secretary, "key": "livelihood_card", "area": seed.COMMUNITY, "view": view}
    own = save_view(id=new_id(), name="自己用", **given)
    assert own.spec_json["filters"] == {"category": "facility", "text": "马晓棠"}
    shared = save_view(id=new_id(), name="大家用", shared=True, **given)
    assert shared.spec_json["filters"] == {"category": "facility"}, "what is searched for may be somebody's name"


def test_an_id_of_somebody_elses_view_is_not_answered_with_it(town: seed.Town) -> None:
    given: dict[str, Any] = {"key": "livelihood_card", "area": seed.COMMUNITY, "view": View()}
    mine = save_view(actor=town.actor("secretary"), id=new_id(), name="自己用", **given)
    with pytest.raises(BadInput):
        save_view(actor=town.actor("street"), id=mine.pk, name="我的", **given)


def test_a_view_is_kept_from_the_page(town: seed.Town, as_: SignedIn) -> None:
    client = as_("secretary")
    data = {"id": str(new_id()), "area": seed.COMMUNITY, "name": "设施类", "category": "facility", "c": ["number"]}
    response = client.post("/desk/registers/livelihood_card/views/", data, follow=True)
    assert "已保存视图“设施类”" in response.content.decode()
    assert "category=facility" in response.content.decode()
    assert "name=" not in response.redirect_chain[-1][0]


def test_nobody_reads_or_takes_out_beyond_their_rights(town: seed.Town, as_: SignedIn) -> None:
    assert as_("resident").get("/desk/registers/").status_code == 403
    worker = as_("worker")
    assert worker.get("/desk/registers/livelihood_card/").status_code == 200
    assert worker.get("/desk/registers/livelihood_card/export.xlsx").status_code == 403
    assert worker.get("/desk/registers/livelihood_card/export.csv").status_code == 403
    assert as_("secretary").get("/desk/registers/livelihood_card/?area=410802001001").status_code == 403
    with pytest.raises(Refused):
        open_register(ANONYMOUS, "livelihood_card", seed.COMMUNITY)


def test_an_unknown_register_or_cursor_is_told_plainly(as_: SignedIn) -> None:
    client = as_("secretary")
    assert client.get("/desk/registers/nothing/").status_code == 404
    page = client.get("/desk/registers/livelihood_card/?after=bent!").content.decode()
    assert "翻页标记无效" in page


def test_what_one_may_not_see_is_in_no_register(town: seed.Town) -> None:
    town.report(12, "路灯不亮，晚上看不清。")
    far = town.actor("worker_far")
    opened = open_register(far, "livelihood_card", area=seed.building(41))
    assert register_lines(far, opened).rows == ()


def test_the_list_names_each_register(town: seed.Town, as_: SignedIn) -> None:
    page = as_("secretary").get("/desk/registers/").content.decode()
    for register in registers_in(seed.COMMUNITY).values():
        assert register.spec.title.zh in page


def test_who_reported_is_masked_in_the_column_of_a_role_too(town: seed.Town) -> None:
    made = report(actor=town.actor("resident"), id=new_id(), area_code=seed.building(12), text="路灯不亮，晚上看不清。")
    matter = Matter.objects.get(pk=made.matter_id)
    neighbour, own = (str(town.people[key].pk) for key in ("neighbour", "resident"))
    matter.state_json["parties"] = {"lead": [str(town.people["cadre"].pk)], "supervisor": [own, neighbour]}
    matter.save(update_fields=["state_json"])
    secretary = town.actor("secretary")
    opened = open_register(secretary, "handover", area=seed.COMMUNITY)
    (line,) = register_lines(secretary, opened).rows
    assert "齐**、安立新" in line.cells
    assert "蔺国强" in line.cells


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_telephone_within_a_text_is_masked_wherever_it_goes(town: seed.Town, as_: SignedIn, form: str) -> None:
    said = "楼道灯坏了，找我 138-0001-0012，身份证410802196503071234。"
    town.triage(town.report(12, said).matter_id)
    client = as_("secretary")
    page = client.get("/desk/registers/event_task/").content.decode()
    content = body(client.get(f"/desk/registers/event_task/export.{form}"))
    if form == "xlsx":
        content = "".join(str(cell.value) for row in sheet_of(content) for cell in row).encode()
    for text in (page, content.decode()):
        assert "找我 138****0012" in text
        assert "0001-0012" not in text
        assert "196503071234" not in text


def test_the_export_says_what_it_cannot_mask(town: seed.Town, as_: SignedIn) -> None:  # noqa: ARG001
    assert "文字里写到的姓名认不出来" in as_("secretary").get("/desk/registers/event_task/").content.decode()
