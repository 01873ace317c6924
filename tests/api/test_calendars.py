"""Calendars: stable identities, the zone of China, what was cancelled struck, and a link that is its person's alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from bihuan.activities.api import announce, call_off, change
from bihuan.api.calendars import end_link, make_link
from bihuan.api.models import CalendarLink
from bihuan.kernel.api import clock, new_id
from bihuan.kernel.logs import without_secrets
from bihuan.people.api import SYSTEM
from bihuan.people.models import Person
from tests.matters.conftest import COMMUNITY, Town, make_town


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


def events(answer: Any) -> list[Any]:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def announced(**more: Any) -> Any:
    starts = (clock.now() + timedelta(days=7)).replace(microsecond=0)
    given = {
        "title": "重阳节文艺汇演",
        "place": "小区广场",
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=2),
    }
    return announce(actor=SYSTEM, entry_id=new_id(), area_code=COMMUNITY, kind="festival", **{**given, **more})


def test_an_activity_stands_in_the_calendar_of_its_community(town: Town, client: Client) -> None:
    row = announced()
    answer = client.get(f"/calendar/{COMMUNITY}.ics")
    (one,) = events(answer)
    assert str(one["summary"]) == "重阳节文艺汇演"
    assert str(one["status"]) == "CONFIRMED"
    starts: datetime = one.decoded("dtstart")
    assert starts == row.starts_at
    assert one["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert b"BEGIN:VTIMEZONE" in answer.content
    assert b"\r\n" in answer.content
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def test_what_is_moved_or_called_off_keeps_its_identity(town: Town, client: Client) -> None:
    row = announced()
    before = events(client.get(f"/calendar/{COMMUNITY}.ics"))[0]
    later = row.starts_at + timedelta(days=1)
    change(
        actor=SYSTEM, entry_id=new_id(), activity_id=row.pk, title=row.title, place="会议室", starts_at=later,
        ends_at=later + timedelta(hours=1), reason="下雨",
    )  # fmt: skip
    moved = events(client.get(f"/calendar/{COMMUNITY}.ics"))[0]
    assert moved["uid"] == before["uid"]
    assert int(moved["sequence"]) > int(before["sequence"])
    assert moved.decoded("dtstart") == later
    call_off(actor=SYSTEM, entry_id=new_id(), activity_id=row.pk, reason="下雨")
    struck = events(client.get(f"/calendar/{COMMUNITY}.ics"))[0]
    assert (str(struck["uid"]), str(struck["status"])) == (str(before["uid"]), "CANCELLED")


def test_a_place_that_does_not_exist_has_no_calendar(town: Town, client: Client) -> None:
    assert client.get("/calendar/410899.ics").status_code == 404
    assert client.get("/calendar/own/nonsense.ics").status_code == 404


def test_a_meeting_to_come_is_in_the_calendar_of_who_is_due_and_in_no_public_one(town: Town, client: Client) -> None:
    from bihuan.meetings.api import call_meeting, cancel_meeting

    with clock.at(town.now):
        starts = town.now + timedelta(days=20)
        row = call_meeting(
            actor=town.leader, entry_id=new_id(), area_code=COMMUNITY, body="grid_meeting", starts_at=starts,
            place="活动室", reason="临时有事",
        )  # fmt: skip
        assert events(client.get(f"/calendar/{COMMUNITY}.ics")) == []
        link = make_link(actor=town.worker)
        (one,) = events(client.get(f"/calendar/own/{link}.ics"))
        assert one.decoded("dtstart") == starts
        assert str(one["location"]) == "活动室"
        other = make_link(actor=town.stranger)
        assert events(client.get(f"/calendar/own/{other}.ics")) == []
        cancel_meeting(actor=town.leader, entry_id=new_id(), meeting_id=row.pk, reason="不开了")
        (struck,) = events(client.get(f"/calendar/own/{link}.ics"))
    assert (str(struck["uid"]), str(struck["status"])) == (str(one["uid"]), "CANCELLED")


def test_what_one_owes_by_a_day_is_there_without_a_title(town: Town, client: Client) -> None:
    done = town.report(title="王大妈家门口的灯", text="王大妈家门口的灯坏了三天了")
    town.to_acting(done.matter_id)
    link = make_link(actor=town.cadre)
    answer = client.get(f"/calendar/own/{link}.ics")
    found = events(answer)
    assert any(str(one["uid"]).startswith("duty-") for one in found)
    assert "王大妈" not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_a_new_link_ends_the_one_before_and_only_its_hash_is_kept(town: Town, client: Client) -> None:
    first, second = make_link(actor=town.worker), make_link(actor=town.worker)
    assert client.get(f"/calendar/own/{first}.ics").status_code == 404
    assert client.get(f"/calendar/own/{second}.ics").status_code == 200
    assert all(second.encode() not in bytes(row.token_hash) for row in CalendarLink.objects.all())
    assert end_link(actor=town.worker)
    assert client.get(f"/calendar/own/{second}.ics").status_code == 404


def test_an_erased_persons_link_is_dead(town: Town, client: Client) -> None:
    link = make_link(actor=town.worker)
    Person.objects.filter(pk=town.id_of("worker")).update(erased_at=clock.now())
    assert client.get(f"/calendar/own/{link}.ics").status_code == 404


def test_the_secret_of_a_link_never_stands_in_the_log() -> None:
    assert "s3cret" not in without_secrets('"GET /calendar/own/s3cret-x.ics HTTP/1.1" 500')
