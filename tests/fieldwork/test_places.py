"""Places: registered once, changed on the record, imported whole with every bad row named."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork.models import Place
from bihuan.kernel.api import BadInput, Conflict, new_id, verify
from bihuan.kernel.models import Entry
from tests.fieldwork.rounds import BUILDINGS, COMMUNITY, OTHER, Town, build
from tests.matters.test_statements import statements


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    town = build()
    Place.objects.all().delete()
    with town.at():
        yield town


def add(town: Town, key: str = "leader", **more: Any) -> fieldwork.KeptPlace:
    given = {"id": new_id(), "area_code": BUILDINGS[0], "kind": "wall", "name": "东围墙"} | more
    return fieldwork.register_place(actor=town.actor(key), **given)


def change(town: Town, place: fieldwork.KeptPlace, key: str = "leader", **changes: Any) -> fieldwork.KeptPlace:
    version = changes.pop("expected_version", None)
    return fieldwork.change_place(
        actor=town.actor(key),
        place_id=place.place_id,
        entry_id=new_id(),
        changes=changes,
        expected_version=version,
    )


def test_a_place_is_registered_once_and_gone_to(town: Town) -> None:
    key = new_id()
    first = add(town, id=key, lon=113.2, lat=35.2, order=2)
    again = add(town, id=key, lon=113.2, lat=35.2, order=2)
    assert (first.created, again.created, again.place_id) == (True, False, key)
    assert Entry.objects.filter(subject_type="place").count() == 1
    assert "东围墙" in town.coverage("walls")
    assert verify().ok


def test_an_id_of_another_place_and_a_second_of_one_name_are_refused(town: Town) -> None:
    key = new_id()
    add(town, id=key)
    with pytest.raises(Conflict):
        add(town, id=key, area_code=BUILDINGS[1])
    with pytest.raises(BadInput) as caught:
        add(town)
    assert caught.value.problems[0].field == "name"
    assert Entry.objects.filter(subject_type="place").count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "river"}, "kind"),
        ({"name": " "}, "name"),
        ({"order": "第一"}, "order"),
        ({"lon": 200.0, "lat": 35.0}, "lon"),
        ({"lon": 113.0}, "lon"),
        ({"area_code": "410802004004999"}, "area_code"),
    ],
)
def test_what_is_wrong_with_a_place_is_named(town: Town, given: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as caught:
        add(town, **given)
    assert [problem.field for problem in caught.value.problems] == [field]


def test_a_place_out_of_use_is_gone_to_no_more_and_its_visits_stay(town: Town) -> None:
    place = add(town)
    town.visit(round="walls", area_code="", place_id=place.place_id)
    done = change(town, place, active=False, name="东侧围墙")
    assert (done.created, done.version) == (True, 2)
    assert town.coverage("walls") == {}
    assert fieldwork.diary(town.actor("secretary")).rows[0].place_name == "东侧围墙"
    assert fieldwork.places(town.actor(), COMMUNITY).rows == ()
    assert [row.name for row in fieldwork.places(town.actor(), COMMUNITY, inactive=True).rows] == ["东侧围墙"]
    assert verify().ok


def test_a_change_is_made_once_by_who_may_upon_what_they_saw(town: Town) -> None:
    place = add(town)
    with pytest.raises(PermissionDenied):
        change(town, place, "worker", name="西围墙")
    with pytest.raises(Http404):
        change(town, place, "outsider", name="西围墙")
    with pytest.raises(Conflict) as caught:
        change(town, place, name="西围墙", expected_version=5)
    assert caught.value.current_version == 1
    with pytest.raises(BadInput):
        change(town, place, area_code=OTHER)
    assert not change(town, place, name="东围墙").created  # no change, no entry
    key = new_id()
    for created in (True, False):
        done = fieldwork.change_place(
            actor=town.actor("leader"), place_id=place.place_id, entry_id=key, changes={"order": 3}
        )
        assert done.created is created
    with pytest.raises(PermissionDenied):
        add(town, "worker", name="别的")


def test_places_are_listed_page_by_page(town: Town) -> None:
    for number in range(5):
        add(town, name=f"{number}段", order=5 - number)
    actor = town.actor()
    first = statements(lambda: fieldwork.places(actor, COMMUNITY, "wall", limit=3), 3)
    rest = fieldwork.places(actor, COMMUNITY, "wall", limit=3, cursor=first.next)
    assert [row.name for row in (*first.rows, *rest.rows)] == ["4段", "3段", "2段", "1段", "0段"]
    assert rest.next is None
    with pytest.raises(PermissionDenied):
        fieldwork.places(town.actor("outsider"), COMMUNITY)
    with pytest.raises(BadInput):
        fieldwork.places(actor, COMMUNITY, cursor="x")


# --- a file --------------------------------------------------------------------------------------------------------

FILE = """填写说明：住户只写门牌
区域*,种类*,名称*,顺序,经度,纬度
410802004004001,围墙,东围墙,1,113.2,35.2
2号楼,household,1单元101,,,
"""


def load(town: Town, text: str = FILE, key: str = "leader", **more: Any) -> fieldwork.PlaceImport:
    given = {"file": io.BytesIO(text.encode()), "name": "地点.csv", "dry_run": False} | more
    return fieldwork.import_places(actor=town.actor(key), **given)


def test_a_file_is_imported_by_codes_and_by_names_and_twice_is_once(town: Town) -> None:
    assert load(town, dry_run=True).created == 2
    assert not Place.objects.exists()
    done = load(town)
    assert (done.created, done.changed, done.unchanged, done.problems) == (2, 0, 0, ())
    assert set(Place.objects.values_list("area_code", "kind", "name", "order")) == {
        (BUILDINGS[0], "wall", "东围墙", 1),
        (BUILDINGS[1], "household", "1单元101", 0),
    }
    again = load(town)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 2)
    moved = load(town, FILE.replace("东围墙,1", "东围墙,4"))
    assert (moved.created, moved.changed, moved.unchanged) == (0, 1, 1)
    assert Place.objects.get(kind="wall").order == 4
    assert verify().ok


def test_every_bad_row_is_named_and_nothing_is_imported(town: Town) -> None:
    rows = [
        "410802004004999,围墙,甲,,,",
        "410802004004001,河道,乙,,,",
        "410802004004001,围墙,,,,",
        "410802004004001,围墙,丙,一,,",
        "410802004004001,围墙,丁,,113.2,",
        "410802004004001,围墙,戊,,,",
        "410802004004001,围墙,戊,,,",
        f"{OTHER}001,围墙,己,,,",
    ]
    done = load(town, "区域,种类,名称,顺序,经度,纬度\n" + "\n".join(rows))
    assert [(problem.line, problem.column) for problem in done.problems] == [
        (2, "区域"),
        (3, "种类"),
        (4, "名称"),
        (5, "顺序"),
        (6, "经度"),
        (8, "名称"),
        (9, "区域"),
    ]
    assert all(problem.how for problem in done.problems)
    assert not Place.objects.exists()


def test_who_keeps_no_places_imports_none(town: Town) -> None:
    with pytest.raises(PermissionDenied):
        load(town, key="worker")
    with pytest.raises(BadInput):
        load(town, "没有标题行")
