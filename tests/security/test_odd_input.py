"""Whatever a program sends is answered with what is wrong, never with a fault; nothing invisible is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bihuan.kernel.api import new_id
from bihuan.matters.models import Matter
from tests.security.conftest import Town

pytestmark = pytest.mark.django_db
AREA = "410802004004012"


def _send(town: Town, role: str, path: str, body: dict[str, Any]) -> Any:
    return town.clients[role].post(path, json.dumps(body), content_type="application/json")


def _report(**given: Any) -> dict[str, Any]:
    return {"id": str(new_id()), "area_code": AREA, "text": "楼道灯不亮，请来看看", **given}


def test_an_unknown_coordinate_system_is_told(town: Town) -> None:
    body = _report(area_code=None, lon=113.2, lat=35.2, system="mars")
    answer = _send(town, "stranger", "/api/v1/reports", body)
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["where"] == "system"


@pytest.mark.parametrize(
    "bad",
    [
        {"parent_id": "x"},
        {"parent_id": 5},
        {"reporter_id": "x"},
        {"reporter_id": 5},
        {"extra": [1]},
        {"extra": "ab"},
    ],
    ids=str,
)
def test_one_bent_report_of_a_batch_keeps_none_of_the_others_out(town: Town, bad: dict[str, Any]) -> None:
    answer = _send(town, "grid worker", "/api/v1/reports/batch", {"reports": [_report(**bad), _report()]})
    assert answer.status_code == 200
    first, second = answer.json()["results"]
    assert first["problem"] is not None
    assert second["reported"] is not None


def test_a_batch_makes_no_part_of_a_matter_that_its_sender_may_not_see(town: Town) -> None:
    parent = str(town.values["matter_id"])
    body = {"reports": [_report(area_code="410802006001", parent_id=parent)]}
    answer = _send(town, "other community's grid worker", "/api/v1/reports/batch", body)
    assert answer.json()["results"][0]["problem"]["where"] == "0.parent_id"
    assert not Matter.objects.filter(parent_id=parent).exists()


@pytest.mark.parametrize(
    "data",
    [
        {"rung": "²"},
        {"rung": "9" * 5000},
        {"parties": {"lead": [str(new_id()) for _n in range(5000)]}},
        {"people_affected": "9" * 30},
        {"category": {"a": 1}},
    ],
    ids=["superscript", "huge", "crowd", "many", "object"],
)
def test_bent_data_of_an_act_is_refused(town: Town, data: dict[str, Any]) -> None:
    path = f"/api/v1/matters/{town.values['matter_id']}/advance"
    answer = _send(town, "secretary", path, {"entry_id": str(new_id()), "action": "triage", "data": data})
    assert 400 <= answer.status_code < 500


def test_a_title_reads_as_it_is_stored(town: Town) -> None:
    body = _report(title="\u202e灯不亮\u2066\u200b", text="\ufeff楼道\u200b灯不亮\u202d")
    answer = _send(town, "stranger", "/api/v1/reports", body)
    matter = Matter.objects.get(pk=answer.json()["matter_id"])
    assert (matter.title, matter.text) == ("灯不亮", "楼道灯不亮")


def test_a_text_of_nothing_visible_is_no_text(town: Town) -> None:
    answer = _send(town, "stranger", "/api/v1/reports", _report(text="\u200b\u200b\u2060\ufeff"))
    assert answer.status_code == 422


@pytest.mark.parametrize("field", ["text", "name", "phone"])
def test_an_objection_keeps_nothing_invisible(town: Town, field: str) -> None:
    from bihuan.kernel.api import clock
    from bihuan.meetings.models import Meeting, Objection

    meeting = Meeting.objects.get(pk=town.values["meeting_id"])
    Meeting.objects.filter(pk=meeting.pk).update(state="published", objections_until=clock.today())
    form = {"entry_id": str(new_id()), "text": "不同意第二项", "name": "某", "phone": "13800138000"}
    form[field] = f"\x00\u202e{form[field]}"
    assert town.clients["stranger"].post(f"/v/o/{meeting.pk}/", form).status_code == 302
    kept = Objection.objects.get(pk=form["entry_id"])
    assert (kept.text, kept.name) == ("不同意第二项", "某")


def test_a_persons_name_reads_as_it_is_stored(town: Town) -> None:
    from bihuan.people.api import SYSTEM, record_person

    person = record_person(actor=SYSTEM, name="\u202e王\u200b小明\x00", role="resident", area_code=AREA)
    assert person.name == "王小明"
