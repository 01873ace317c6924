"""Whatever leaves the house as a file leaves an entry: who, what, of where, by which filters, how many rows."""

from __future__ import annotations

import io
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from bihuan.kernel.api import verify
from bihuan.kernel.models import Entry
from bihuan.people.api import EXPORT_READ, visible
from bihuan.reporting.api import View, counted_export, export_csv, export_xlsx, exports_in, note_export, open_register
from bihuan.reporting.exports.actions import plain_filters
from bihuan.reporting.models import Export
from tests.web.counting import counted, hold

from . import seed
from .conftest import SignedIn


def test_an_excel_file_leaves_who_what_where_and_how_many(town: seed.Town) -> None:
    seed.many(town, 12)
    actor = town.actor("secretary")
    opened = open_register(actor, "livelihood_card", view=View(filters={"category": "environment"}))
    rows = export_xlsx(actor, opened, io.BytesIO())
    export = Export.objects.get()
    entry = Entry.objects.get(subject_type="export")
    assert (export.what, export.key, export.form, export.rows, export.whole) == (
        "register", "livelihood_card", "xlsx", rows, True,
    )  # fmt: skip
    assert (entry.actor_id, entry.area_code, entry.verb) == (actor.person_id, opened.area, "export.taken")
    assert '"category":"environment"' in entry.body
    assert verify().ok


def test_a_stream_leaves_an_entry_before_its_first_line_and_one_at_its_end(town: seed.Town) -> None:
    seed.many(town, 7)
    actor = town.actor("secretary")
    stream = export_csv(actor, open_register(actor, "livelihood_card"))
    next(stream)
    assert [entry.verb for entry in Entry.objects.filter(subject_type="export").order_by("seq")][0] == "export.begun"
    assert not list(stream)
    export = Export.objects.get()
    assert (export.rows, export.whole, export.version) == (7, True, 2)
    assert verify().ok


def test_a_stream_that_breaks_off_says_so_and_how_far_it_came(town: seed.Town) -> None:
    actor = town.actor("secretary")

    def stream() -> Iterator[int]:
        with counted_export(actor=actor, what="register", form="csv", area_code=seed.COMMUNITY, key="k") as out:
            yield from out.over(range(10))

    lines = stream()
    assert [next(lines) for _ in range(4)] == [0, 1, 2, 3]
    lines.close()
    export = Export.objects.get()
    assert (export.rows, export.whole) == (4, False)
    assert Entry.objects.filter(subject_type="export", verb="export.broken_off").count() == 1
    assert verify().ok


def test_who_may_not_export_leaves_nothing_for_nothing_went_out(town: seed.Town) -> None:
    actor = town.actor("worker")
    with pytest.raises(PermissionDenied):
        export_csv(actor, open_register(actor, "livelihood_card"))
    assert not Export.objects.exists()


def test_an_entry_keeps_no_words_that_somebody_typed() -> None:
    assert plain_filters(
        {
            "text": "马晓棠",
            "category": "13800000012",
            "state": "open",
            "card": "红",
            "since": "2024-04",
            "area": "410802",
        }
    ) == {"text": "*", "category": "*", "state": "open", "card": "*", "since": "2024-04", "area": "410802"}


def test_a_machine_that_asks_all_day_leaves_one_entry_a_day_and_is_counted(town: seed.Town) -> None:
    actor = town.actor("secretary")
    same = {"what": "figures", "form": "json", "area_code": seed.COMMUNITY, "rows": 5, "daily": True}
    for _ in range(3):
        note_export(actor=actor, **same)  # type: ignore[arg-type]
    note_export(actor=actor, **same, filters={"since": "2024-04"})  # type: ignore[arg-type]
    first, second = Export.objects.order_by("created_at", "id")
    assert (first.times, first.rows, second.times) == (3, 15, 1)
    assert Entry.objects.filter(subject_type="export").count() == 2
    assert verify().ok


def test_the_secretary_sees_what_was_taken_out_of_the_area_and_a_grid_leader_does_not(town: seed.Town) -> None:
    note_export(actor=town.actor("leader"), what="list", form="csv", area_code=seed.COMMUNITY, rows=1)
    note_export(actor=town.actor("leader"), what="list", form="csv", area_code="410803001001", rows=1)
    assert visible(town.actor("secretary"), EXPORT_READ, Export.objects.all()).count() == 1
    assert not visible(town.actor("leader"), EXPORT_READ, Export.objects.all()).exists()


def test_an_export_of_what_there_is_not_is_a_mistake_of_the_programme(town: seed.Town) -> None:
    with pytest.raises(ValueError, match="no export"):
        note_export(actor=town.actor("secretary"), what="matters", form="csv", area_code=str(uuid4()), rows=1)


def test_the_page_says_who_took_what_in_words(town: seed.Town, as_: SignedIn) -> None:
    seed.many(town, 3)
    b"".join(
        as_("leader").get("/desk/registers/livelihood_card/export.csv?category=facility&text=马晓棠").streaming_content
    )
    text = as_("secretary").get("/desk/exports/").content.decode()
    for said in ("裴志远", "网格长", "民生信息登记卡", "类别 公共设施", "搜索 （有，未保存）", "CSV"):
        assert said in text
    assert "马晓棠" not in text
    assert as_("admin").get("/desk/exports/").status_code == 200
    assert as_("leader").get("/desk/exports/").status_code == 403


def test_exports_page_by_key_and_a_bent_cursor_is_said(town: seed.Town, as_: SignedIn) -> None:
    actor = town.actor("secretary")
    made = [
        note_export(actor=actor, what="list", form="csv", area_code=seed.COMMUNITY, rows=n, key=f"k{n}").pk
        for n in range(7)
    ]
    seen, cursor = [], ""
    while True:
        page = exports_in(actor, seed.COMMUNITY, cursor=cursor, limit=3)
        seen += [one.row.pk for one in page.rows]
        if not (cursor := page.next):
            break
    assert seen == sorted(made, reverse=True)
    assert "翻页标记无效" in as_("secretary").get("/desk/exports/?after=bent").content.decode()


def test_no_export_has_no_page_that_looks_broken(town: seed.Town, as_: SignedIn) -> None:  # noqa: ARG001
    assert "还没有导出过" in as_("secretary").get("/desk/exports/").content.decode()


def test_the_page_costs_the_same_however_much_was_taken_out(town: seed.Town, as_: SignedIn) -> None:
    for n in range(30):
        note_export(actor=town.actor("leader"), what="register", form="csv", area_code=seed.building(n % 9 + 1), rows=n)
    page, count = counted(as_("secretary"), "/desk/exports/")
    assert page.status_code == 200
    hold("desk exports, thirty of them", count)
