"""Recording for somebody else: fast, with both times, and nothing twice."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from bihuan.kernel.api import new_id
from bihuan.kernel.models import Entry, StoredFile
from bihuan.matters.models import Follow, Matter
from bihuan.web.desk.places import places_of, resolve
from tests.web.counting import counted, hold

from . import seed
from .conftest import SignedIn
from .test_visits_found import photo


def send(client: Client, **given: Any) -> Any:
    """Send the form as a browser would."""
    values = {
        "entry_id": str(new_id()),
        "channel": "visit",
        "place": "12",
        "text": "楼道灯坏了，晚上看不清。",
        "happened_at": "2024-04-03T09:30",
        "then": "open",
        **given,
    }
    return client.post("/desk/record/", {name: value for name, value in values.items() if value is not None})


@pytest.mark.parametrize("key", ["worker", "police", "council", "leader", "secretary"])
def test_who_asks_people_may_record(as_: SignedIn, key: str) -> None:
    answer = send(as_(key))
    assert answer.status_code == 302
    assert Matter.objects.get().area_code == seed.building(12)


@pytest.mark.parametrize("key", ["resident", "admin"])
def test_who_has_no_such_post_is_refused(as_: SignedIn, key: str) -> None:
    assert as_(key).get("/desk/record/").status_code == 403
    assert send(as_(key)).status_code == 403
    assert not Matter.objects.exists()


def test_ones_own_buildings_come_first(as_: SignedIn) -> None:
    page = as_("worker").get("/desk/record/").content.decode()
    own = page[page.index("own-places") :]
    assert own.index("9号楼") < own.index("16号楼")
    assert "41号楼" not in page


@pytest.mark.parametrize(
    ("typed", "code"), [("12", "012"), ("012", "012"), ("12号楼", "012"), ("电建社区12号楼", "012")]
)
def test_typing_a_number_finds_the_building(town: seed.Town, typed: str, code: str) -> None:
    found = resolve(places_of(town.actor("secretary")), typed)
    assert [place.code[-3:] for place in found[:1]] == [code]


def test_a_number_means_that_building_and_no_other(town: seed.Town) -> None:
    found = resolve(places_of(town.actor("secretary")), "1")
    assert [place.name for place in found] == ["1号楼"]


def test_a_place_outside_ones_area_is_not_found_and_the_text_is_kept(as_: SignedIn) -> None:
    answer = send(as_("worker"), place="44")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "没有找到这个地方" in page
    assert "楼道灯坏了" in page


def test_both_times_are_kept(as_: SignedIn) -> None:
    send(as_("worker"), channel="paper", happened_at="2024-04-01T16:20")
    entry = Entry.objects.get(subject_type="matter", seq=1)
    assert entry.happened_at.isoformat() == "2024-04-01T08:20:00+00:00"
    assert entry.recorded_at == seed.NOON
    assert Matter.objects.get().channel == "paper"


def test_a_time_to_come_is_refused(as_: SignedIn) -> None:
    answer = send(as_("worker"), happened_at="2024-04-05T09:30")
    assert answer.status_code == 422
    assert "这个时间还没有到" in answer.content.decode()


def test_what_seems_known_already_is_asked_about_first(town: seed.Town, as_: SignedIn) -> None:
    town.report(12, "楼道灯坏了，晚上看不清。")
    client = as_("worker")
    asked = send(client)
    assert asked.status_code == 422
    assert "这里好像已经有人反映过" in asked.content.decode()
    assert Matter.objects.count() == 1
    assert send(client, checked="1").status_code == 302
    assert Matter.objects.count() == 2


def test_the_same_problem_is_followed_instead_of_recorded_twice(town: seed.Town, as_: SignedIn) -> None:
    known = town.report(12, "楼道灯坏了，晚上看不清。")
    client = as_("worker")
    answer = send(client, same=str(known.matter_id), text="灯还是不亮，老人摔了一跤。", phone=seed.PHONE)
    assert answer.headers["Location"] == f"/desk/matters/{known.matter_id}/"
    assert Matter.objects.count() == 1
    assert Follow.objects.get().matter_id == known.matter_id
    page = client.get(answer.headers["Location"]).content.decode()
    assert "/r/" in page
    assert "灯还是不亮，老人摔了一跤。" in page
    assert "138****0012" in page


def test_htmx_shows_what_is_known_while_one_types(town: seed.Town, as_: SignedIn) -> None:
    town.report(12, "楼道灯坏了，晚上看不清。")
    client = as_("worker")
    shown = client.get("/desk/record/alike/", {"place": "12", "text": "楼道的灯坏了"}).content.decode()
    elsewhere = client.get("/desk/record/alike/", {"place": "13", "text": "楼道的灯坏了"}).content.decode()
    assert "这里已有人反映" in shown
    assert elsewhere.strip() == ""


def test_save_and_next_keeps_the_way_and_the_place(as_: SignedIn) -> None:
    client = as_("worker")
    answer = send(client, channel="parlour", then="next")
    page = client.get(answer.headers["Location"]).content.decode()
    assert 'value="12号楼"' in page
    assert 'value="parlour" checked' in page.replace(" required", "").replace('id="id_channel_3" ', "")
    assert "已登记，编号" in page


def test_a_known_telephone_names_the_reporter(town: seed.Town, as_: SignedIn) -> None:
    from bihuan.kernel.api import lookup_hash

    resident = town.people["resident"]
    resident.phone_lookup = lookup_hash(seed.PHONE)
    resident.save()
    send(as_("worker"), phone=seed.PHONE, reporter_name="齐凤英")
    assert Matter.objects.get().reporter_id == resident.pk


def test_a_bent_telephone_is_told_beside_its_field(as_: SignedIn) -> None:
    answer = send(as_("worker"), phone="12")
    assert answer.status_code == 422
    assert "电话号码不对" in answer.content.decode()


def test_sending_twice_records_once(as_: SignedIn) -> None:
    client, key = as_("worker"), str(new_id())
    send(client, entry_id=key, checked="1")
    send(client, entry_id=key, checked="1")
    assert Matter.objects.count() == 1


def test_the_form_speaks_english(as_: SignedIn) -> None:
    page = as_("worker", "en").get("/desk/record/").content.decode()
    for words in ("How did you learn of it?", "Record the problem", "Residents&#x27; parlour"):
        assert words in page
    assert "怎样得知" not in page


def test_the_form_takes_few_statements(as_: SignedIn) -> None:
    _page, count = counted(as_("worker"), "/desk/record/")
    hold("desk:record", count)


def test_photos_stay_when_the_form_comes_back_and_the_draft_goes_once_it_is_recorded(as_: SignedIn) -> None:
    client = as_("worker")
    asked = send(client, phone="12", photos=photo())
    assert asked.status_code == 422
    kept = re.search(r'name="kept" value="([0-9a-f-]{36})" checked', asked.content.decode())
    assert kept is not None
    answer = send(client, channel="paper", kept=kept[1])
    assert answer.status_code == 302
    file = StoredFile.objects.get()
    assert (str(file.pk), file.subject_id, file.tag) == (kept[1], Matter.objects.get().pk, "paper")
    assert 'data-draft-done="record"' in client.get(answer.headers["Location"]).content.decode()
