"""Finding one's building, and what anybody may read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.kernel.models import StoredFile
from bihuan.matters.api import party_secret
from bihuan.matters.models import Matter

from .conftest import BUILDING, COMMUNITY, Town, photo

pytestmark = pytest.mark.django_db


def test_the_front_page_lists_communities_by_street_and_explains_the_door_code(town: Town) -> None:
    html = town.client.get("/").content.decode()
    assert "焦西街道" in html
    assert "电建社区" in html
    assert "扫一扫" in html


@pytest.mark.parametrize(("asked", "where"), [("12号楼", f"/a/{BUILDING}/"), ("电建社区", f"/c/{COMMUNITY}/")])
def test_an_exact_name_leads_straight_there(town: Town, asked: str, where: str) -> None:
    answer = town.client.get("/", {"q": asked})
    assert answer.status_code == 302
    assert answer["Location"] == where


def test_part_of_a_name_lists_what_it_may_mean(town: Town) -> None:
    html = town.client.get("/", {"q": "号楼"}).content.decode()
    assert f"/a/{BUILDING}/" in html
    assert f"/a/{COMMUNITY}013/" in html


def test_a_community_is_not_drowned_by_its_buildings(town: Town) -> None:
    html = town.client.get("/", {"q": "电建"}).content.decode()
    assert f"/c/{COMMUNITY}/" in html
    assert f"/a/{BUILDING}/" not in html


@pytest.mark.parametrize("asked", ["没有这个地方", "%", "\x00", "'; drop table", "楼" * 500])
def test_a_name_that_is_not_there_says_how_to_go_on(town: Town, asked: str) -> None:
    answer = town.client.get("/", {"q": asked})
    assert answer.status_code == 200
    assert "没有找到这个名字" in answer.content.decode() or asked == "\x00"


def test_where_there_are_very_many_communities_one_goes_down_a_level_at_a_time(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bihuan.web.portal.queries.MOST_COMMUNITIES", 0)
    first = town.client.get("/report/").content.decode()
    assert "?in=410802#places" in first
    assert f"/c/{COMMUNITY}/" not in first
    second = town.client.get("/report/", {"in": "410802"}).content.decode()
    assert "?in=410802004#places" in second
    assert town.client.get("/report/", {"in": "nonsense'"}).status_code == 200


def test_without_a_code_one_chooses_community_then_building(town: Town) -> None:
    first = town.client.get("/report/").content.decode()
    assert f"/c/{COMMUNITY}/report/" in first
    second = town.client.get(f"/c/{COMMUNITY}/report/").content.decode()
    assert f"/a/{BUILDING}/" in second
    assert f"/a/{COMMUNITY}/" in second  # not in a building, or not sure


def test_a_communitys_page_shows_public_matters_and_never_private_ones(town: Town) -> None:
    shown, _token = town.report()
    hidden, _token = town.report("二号楼有人家暴，请上门看看情况")
    Matter.objects.filter(pk=hidden.pk).update(public=False)
    html = town.client.get(f"/c/{COMMUNITY}/").content.decode()
    assert shown.title in html
    assert hidden.title not in html
    assert "1 件正在办理" in html
    assert hidden.title not in town.client.get("/").content.decode()
    assert town.client.get(f"/matters/{hidden.number}/").status_code == 404


def test_settled_and_open_matters_are_told_apart(town: Town) -> None:
    matter, token = town.report()
    town.to_asking(matter)
    town.client.post(f"/r/{token}/", {"action": "confirm"})
    assert matter.title in town.client.get(f"/c/{COMMUNITY}/", {"state": "closed"}).content.decode()
    assert matter.title not in town.client.get(f"/c/{COMMUNITY}/", {"state": "open"}).content.decode()
    assert "badge--settled" in town.client.get("/").content.decode()  # among the latest results


def test_long_lists_go_on_from_a_cursor_and_a_bent_cursor_starts_again(town: Town) -> None:
    from bihuan.web.portal import queries

    texts = ("车棚的门锁坏了推不开", "东门口井盖破了一个洞", "四楼有人高空抛物很危险")
    titles = {town.report(text)[0].pk for text in texts}
    first = queries.matters_of(COMMUNITY, limit=2)
    rest = queries.matters_of(COMMUNITY, limit=2, cursor=first.next)
    assert len(first.rows) == 2
    assert {row.number for row in first.rows} | {row.number for row in rest.rows} == set(
        Matter.objects.filter(pk__in=titles).values_list("number", flat=True)
    )
    assert rest.next == ""
    assert town.client.get(f"/c/{COMMUNITY}/", {"after": "rubbish"}).status_code == 200


def test_a_public_matter_shows_no_text_and_no_name(town: Town) -> None:
    form = town.fill(contact="phone", phone="13800001234", reporter_name="欧阳老张")
    town.send({**form, "text": "路灯坏了。我家住三单元302，电话13800001234。"})
    matter = Matter.objects.get()
    html = town.client.get(f"/matters/{matter.number}/").content.decode()
    assert "路灯坏了" in html
    for secret in ("302", "13800001234", "欧阳"):
        assert secret not in html


def test_photos_are_seen_by_who_may_see_the_matter_and_by_nobody_else(
    town: Town, signed_in: Callable[[str], Client]
) -> None:
    answer = town.send(town.fill(photos=[photo()]))
    token = answer["Location"].rstrip("/").rsplit("/", 1)[1]
    stored = StoredFile.objects.get()
    StoredFile.objects.update(public=False)
    matter = Matter.objects.get()
    url = reverse("portal:photo", args=[stored.pk])
    assert town.client.get(url).status_code == 404
    assert town.client.get(url, {"t": "wrong"}).status_code == 404
    assert town.client.get(url, {"t": token}).status_code == 200
    assert town.client.get(url, {"t": token, "size": "small"})["Cache-Control"].startswith("private")
    assert signed_in("worker").get(url).status_code == 200
    assert signed_in("elsewhere").get(url).status_code == 404
    assert town.client.get(url, {"t": party_secret(matter.pk, town.people["neighbour"].pk)}).status_code == 404
    StoredFile.objects.update(public=True)
    assert town.client.get(url).status_code == 200
    Matter.objects.update(public=False)
    assert town.client.get(url).status_code == 404


def test_an_unpublished_or_unknown_meeting_is_not_there(town: Town) -> None:
    assert town.client.get("/meetings/01890000-0000-7000-8000-000000000000/").status_code == 404
