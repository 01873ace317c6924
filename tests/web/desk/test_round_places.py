"""Places of the rounds: registered, changed, taken out of use, imported with every bad row named."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bihuan.fieldwork.models import Place
from bihuan.kernel.api import new_id
from tests.web.counting import counted, hold

from . import seed
from .conftest import SignedIn


def register(client: Client, **given: Any) -> Any:
    """Send the form."""
    values = {"entry_id": str(new_id()), "area": "12", "kind": "wall", "name": "东围墙", "order": "", **given}
    return client.post("/desk/places/new/", values)


def test_a_place_is_registered_and_listed(as_: SignedIn) -> None:
    client = as_("secretary")
    answer = register(client)
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"]).content.decode()
    for words in ("东围墙", "围墙", "12号楼"):
        assert words in page


def test_the_same_form_sent_twice_is_one_place(as_: SignedIn) -> None:
    entry = str(new_id())
    for _again in range(2):
        register(as_("secretary"), entry_id=entry)
    assert Place.objects.count() == 1


def test_the_next_place_keeps_where_and_what(as_: SignedIn) -> None:
    client = as_("secretary")
    answer = register(client, then="next")
    page = client.get(answer.headers["Location"]).content.decode()
    assert 'value="12号楼"' in page
    assert '<option value="wall" selected>' in page


@pytest.mark.parametrize("given", [{"area": "999"}, {"name": ""}, {"kind": "moon"}, {"order": "-1"}, {"lon": "500"}])
def test_what_is_wrong_is_told_beside_its_field(as_: SignedIn, given: dict[str, str]) -> None:
    answer = register(as_("secretary"), **given)
    assert answer.status_code == 422
    assert "field__error" in answer.content.decode()
    assert not Place.objects.exists()


@pytest.mark.parametrize("key", ["worker", "police", "property", "council", "resident"])
def test_who_does_not_keep_places_is_refused(as_: SignedIn, key: str) -> None:
    assert as_(key).get("/desk/places/new/").status_code == 403
    assert register(as_(key)).status_code == 403
    assert as_(key).get("/desk/places/import/").status_code == 403


def changed(client: Client, place: Place, **given: Any) -> Any:
    """Send the form of a change as it stands, with changes."""
    page = client.get(f"/desk/places/{place.pk}/").content.decode()
    entry = re.search(r'name="entry_id" value="([^"]+)"', page)
    assert entry is not None
    values = {"entry_id": entry[1], "version": place.version, "kind": place.kind, "name": place.name, "order": "0",
              "active": "on", **given}  # fmt: skip
    return client.post(f"/desk/places/{place.pk}/", {name: value for name, value in values.items() if value != ""})


def test_a_place_is_renamed_and_taken_out_of_use(as_: SignedIn) -> None:
    client = as_("secretary")
    register(client)
    place = Place.objects.get()
    assert changed(client, place, name="东南围墙").status_code == 302
    place.refresh_from_db()
    assert place.name == "东南围墙"
    assert changed(client, place, active="").status_code == 302
    place.refresh_from_db()
    assert not place.active
    assert "东南围墙" not in client.get("/desk/places/").content.decode()
    assert "东南围墙" in client.get("/desk/places/?resting=1").content.decode()


def test_somebody_elses_change_meanwhile_is_not_overwritten(as_: SignedIn) -> None:
    client = as_("secretary")
    register(client)
    place = Place.objects.get()
    assert changed(client, place, name="东南围墙").status_code == 302
    answer = changed(client, place, name="东北围墙")  # still with the version before
    assert answer.status_code == 409
    assert "东北围墙" in answer.content.decode()
    place.refresh_from_db()
    assert place.name == "东南围墙"


def test_another_communitys_place_is_not_found(as_: SignedIn) -> None:
    register(as_("secretary"))
    Place.objects.update(area_code="410802006001")
    assert as_("secretary").get(f"/desk/places/{Place.objects.get().pk}/").status_code == 404


def test_an_import_names_every_bad_row_and_writes_nothing(as_: SignedIn) -> None:
    text = "区域,种类,名称\n12号楼,围墙,东围墙\n999号楼,围墙,西围墙\n12号楼,月亮,南围墙\n12号楼,围墙,\n"
    file = SimpleUploadedFile("a.csv", text.encode("utf-8-sig"), "text/csv")
    answer = as_("secretary").post("/desk/places/import/", {"file": file})
    page = answer.content.decode()
    rows = re.findall(r'<th scope="row" class="key num">(\d+)</th>', page)
    assert rows == ["3", "4", "5"]
    assert not Place.objects.exists()


def test_a_good_import_is_confirmed_and_written(as_: SignedIn) -> None:
    text = "区域,种类,名称,顺序\n12号楼,围墙,东围墙,2\n410802004004,道路,中心路,1\n"
    client = as_("secretary")
    file = SimpleUploadedFile("a.csv", text.encode("gb18030"), "text/csv")
    page = client.post("/desk/places/import/", {"file": file}).content.decode()
    token = re.search(r'name="confirm" value="([^"]+)"', page)
    assert token is not None
    assert not Place.objects.exists()
    assert client.post("/desk/places/import/", {"confirm": token[1]}).status_code == 302
    assert sorted(Place.objects.values_list("name", "area_code")) == [
        ("东围墙", seed.building(12)),
        ("中心路", seed.COMMUNITY),
    ]


def test_the_list_speaks_english_and_takes_few_statements(as_: SignedIn) -> None:
    register(as_("secretary"))
    page = as_("secretary", "en").get("/desk/places/").content.decode()
    assert "巡访" not in page
    assert "In use" in page
    answer, count = counted(as_("secretary"), "/desk/places/")
    assert answer.status_code == 200
    hold("desk:round_places", count)
