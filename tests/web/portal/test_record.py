"""The page of day roots; what a reporter sees and erases on the follow page."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.test import Client

from bihuan.kernel.api import clock, make_day_root, merkle
from bihuan.kernel.models import DayRoot, Entry, Sealed
from bihuan.web.portal.record import PAGE

from .conftest import TEXT, Town, hidden

pytestmark = pytest.mark.django_db
FIRST = date(2024, 1, 1)


def roots(count: int) -> None:
    DayRoot.objects.bulk_create(
        [
            DayRoot(day=FIRST + timedelta(days=n), count=n, root=n.to_bytes(32, "big"), made_at=clock.now())
            for n in range(count)
        ]
    )


def test_the_page_opens_before_there_is_any_root() -> None:
    html = Client().get("/record/").content.decode()
    assert "还没有公布过" in html
    assert json.loads(Client().get("/record/roots.json").content)["roots"] == []


def test_roots_are_listed_newest_first_a_page_at_a_time() -> None:
    roots(PAGE + 5)
    html = Client().get("/record/").content.decode()
    newest, oldest = FIRST + timedelta(days=PAGE + 4), FIRST + timedelta(days=5)
    assert html.index(newest.isoformat()) < html.index(oldest.isoformat())
    assert (PAGE + 4).to_bytes(32, "big").hex() in html
    assert f"?before={oldest.isoformat()}" in html
    older = Client().get("/record/", {"before": oldest.isoformat()}).content.decode()
    assert "2024-01-05" in older
    assert newest.isoformat() not in older
    assert "更早" not in older


def test_nonsense_in_the_address_is_the_first_page() -> None:
    roots(1)
    assert "2024-01-01" in Client().get("/record/", {"before": "'; drop"}).content.decode()


def test_machines_get_the_same_and_the_next_page(django_assert_num_queries) -> None:
    roots(PAGE + 1)
    with django_assert_num_queries(1):
        first = json.loads(Client().get("/record/roots.json").content)
    assert len(first["roots"]) == PAGE
    rest = json.loads(Client().get(first["next"]).content)
    assert [row["day"] for row in rest["roots"]] == ["2024-01-01"]
    assert rest["next"] is None


def test_a_published_root_is_the_one_over_the_days_entries(town: Town) -> None:
    town.report()
    entries = Entry.objects.order_by("recorded_at", "id")
    day = entries[0].recorded_at.astimezone(clock.ZONE).date()
    with clock.at(clock.now() + timedelta(days=2)):
        make_day_root(day)
    told = json.loads(Client().get("/record/roots.json").content)["roots"][0]
    leaves = [bytes(row.hash) for row in entries if row.recorded_at.astimezone(clock.ZONE).date() == day]
    assert told["root"] == merkle.root(leaves).hex()
    assert told["count"] == len(leaves)


def test_the_reporter_sees_what_is_kept_and_erases_the_number(town: Town) -> None:
    answer = town.send(town.fill(contact="phone", phone="13812345678"))
    token = answer["Location"].rstrip("/").rsplit("/", 1)[1]
    html = town.client.get(f"/r/{token}/").content.decode()
    assert "这里保存着您的什么" in html
    assert "138****5678" in html
    assert "13812345678" not in html
    assert "删除我写的内容" not in html
    after = town.client.post(f"/r/{token}/forget/", {**hidden(html), "what": "contact"}, follow=True)
    html = after.content.decode()
    assert "您的电话已删除" in html
    assert "138****5678" not in html
    assert not Sealed.objects.filter(name="phone", content__isnull=False).exists()


def test_after_closing_the_reporter_erases_what_they_wrote(town: Town) -> None:
    matter, token = town.report()
    early = town.client.post(f"/r/{token}/forget/", {"what": "text"}, follow=True).content.decode()
    assert "还在办理" in early
    town.to_asking(matter)
    town.client.post(f"/r/{token}/", {"action": "confirm"})
    html = town.client.get(f"/r/{token}/").content.decode()
    assert "删除我写的内容" in html
    after = town.client.post(f"/r/{token}/forget/", {**hidden(html), "what": "text"}, follow=True).content.decode()
    assert "您写的内容和照片已删除" in after
    assert TEXT[:8] not in after
    assert TEXT[:8] not in town.client.get(f"/matters/{matter.number}/").content.decode()


def test_a_followers_link_shows_and_erases_nothing_of_the_reporters(town: Town) -> None:
    matter, _token = town.report()
    own = town.client.post(f"/matters/{matter.number}/follow/", {})["Location"]
    assert "这里保存着您的什么" not in town.client.get(own).content.decode()
    assert town.client.post(f"{own}forget/", {"what": "contact"}).status_code == 404
