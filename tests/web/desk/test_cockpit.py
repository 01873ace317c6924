"""The cockpit: what stands now, this month, places below; exact, live, every number opens what is behind it."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.matters.models import Matter
from bihuan.people.api import ANONYMOUS
from bihuan.reporting.api import cockpit, fold_pending

from . import seed
from .conftest import SignedIn

PAGE = f"/desk/cockpit/?area={seed.COMMUNITY}"


def test_what_stands_now_is_what_there_is_folded_or_not(town: seed.Town) -> None:
    seed.many(town, 30)
    actor = town.actor("secretary")
    for folded in (False, True):
        if folded:
            fold_pending()
        page = cockpit(actor, seed.COMMUNITY)
        assert page.standing.open == Matter.objects.filter(is_open=True).count() == 30
        values = {value.key: value.value for value in page.values}
        assert values["collected"] == Matter.objects.filter(created_at__month=4).count()
        assert sum(month.collected for month in page.months) == 30
        assert len(page.months) == 12
        assert len(page.below) == 48
        assert sum(one.standing.open for one in page.below) == 30
        assert sum(int(kind.value or 0) for kind in page.kinds) == values["collected"]


def test_a_district_adds_its_places_up(town: seed.Town) -> None:
    seed.many(town, 12)
    page = cockpit(town.actor("street"), "410802004")
    below = {one.area.code: one for one in page.below}
    assert below[seed.COMMUNITY].standing.open == 12
    assert below[seed.COMMUNITY].values[0].key == "collected"
    assert page.standing.open == 12


def test_the_page_has_a_map_tables_and_charts_that_read_the_tables(town: seed.Town, as_: SignedIn) -> None:
    seed.many(town, 10)
    page = as_("secretary").get(PAGE).content.decode()
    for words in ("此刻", "本月", "各地", "一年来逐月", "本月收集，按类别", "上月"):
        assert words in page
    for chart in re.findall(r'data-table="([\w-]+)"', page):
        assert f'id="{chart}"' in page, "a chart draws the table that stands beside it"
    assert "area-map__svg" in page
    assert "build/cockpit.js" in page


def test_every_number_opens_what_is_behind_it(town: seed.Town, as_: SignedIn) -> None:
    seed.many(town, 6)
    client = as_("secretary")
    page = client.get(PAGE).content.decode()
    tiles = re.findall(r"<dd>(?:<span[^>]*>)?<a href=\"([^\"]+)\">", page)
    assert len(tiles) >= 4
    for address in tiles:
        assert client.get(address.replace("&amp;", "&")).status_code == 200, address


def test_asked_again_it_answers_only_where_something_changed(town: seed.Town, as_: SignedIn) -> None:
    seed.many(town, 3)
    client = as_("secretary")
    page = client.get(PAGE).content.decode()
    again = re.search(r'hx-get="([^"]+)"', page)
    assert again is not None
    address = again[1].replace("&amp;", "&")
    assert client.get(address, headers={"HX-Request": "true"}).status_code == 204
    town.report(12, "路灯不亮，晚上看不清。")
    changed = client.get(address, headers={"HX-Request": "true"})
    assert changed.status_code == 200
    assert "<html" not in changed.content.decode()
    assert 'id="cockpit"' in changed.content.decode()


def test_it_costs_the_same_however_much_there_is(town: seed.Town) -> None:
    counts = []
    for more in (3, 40):
        seed.many(town, more)
        fold_pending()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            cockpit(town.actor("secretary"), seed.COMMUNITY)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 20


def test_who_may_not_see_figures_is_refused(town: seed.Town, as_: SignedIn) -> None:
    assert as_("resident").get("/desk/cockpit/").status_code == 403
    assert as_("secretary").get("/desk/cockpit/?area=410802001").status_code == 404
    with pytest.raises(PermissionDenied):
        cockpit(ANONYMOUS, seed.COMMUNITY)


def test_places_where_nothing_is_open_are_one_sentence_and_nothing_at_all_is_a_zero_report(
    town: seed.Town, as_: SignedIn
) -> None:
    empty = as_("secretary").get("/desk/cockpit/").content.decode()
    assert "零报告：此刻没有未办结的事" in empty
    assert "各处都没有未办结的事" in empty
    town.report(12, "路灯不亮，晚上看不清。")
    fold_pending()
    page = as_("secretary").get("/desk/cockpit/").content.decode()
    assert "零报告" not in page
    assert "其余 47 处没有未办结的事" in page
    assert page.count('<th scope="row"><a') == 1


def test_it_asks_what_a_leader_asks(town: seed.Town, as_: SignedIn) -> None:  # noqa: ARG001
    page = as_("street").get("/desk/cockpit/").content.decode()
    for question in ("办得怎样", "拖没拖、反复没反复", "群众怎么说", "回访满意"):
        assert question in page
