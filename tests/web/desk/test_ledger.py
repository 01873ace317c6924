"""The ledger: fast, filtered, paged by key, and never more than one may see."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bihuan.kernel.api import clock
from bihuan.matters.api import index_pending
from bihuan.matters.models import Matter
from tests.web.counting import counted, hold

from . import seed
from .conftest import SignedIn

ROW = re.compile(r'href="/desk/matters/([0-9a-f-]{36})/"')


def ids(page: bytes) -> list[str]:
    return ROW.findall(page.decode())


def test_an_empty_ledger_is_a_zero_report(as_: SignedIn) -> None:
    assert "零报告" in as_("secretary").get("/desk/ledger/").content.decode()


def test_the_ledger_shows_number_place_step_limit_and_channel(town: seed.Town, as_: SignedIn) -> None:
    reported = town.report(12, "路灯不亮，晚上看不清。", category="facility")
    page = as_("secretary").get("/desk/ledger/").content.decode()
    assert reported.display_number in page
    for words in ("12号楼", "问 · 待分类", "还剩", "公共设施", "网页"):
        assert words in page


@pytest.mark.parametrize("key", ["property", "resident", "admin"])
def test_who_keeps_no_ledger_is_refused(as_: SignedIn, key: str) -> None:
    assert as_(key).get("/desk/ledger/").status_code == 403


def test_a_stranger_is_sent_to_sign_in(as_: SignedIn, client: object) -> None:
    from django.test import Client

    answer = Client().get("/desk/ledger/")
    assert answer.status_code == 302
    assert "/account/login" in answer.headers["Location"]


def test_a_grid_worker_sees_only_their_own_buildings(town: seed.Town, as_: SignedIn) -> None:
    town.report(12, "路灯不亮，晚上看不清。")
    town.report(44, "别处的井盖。")
    page = as_("worker").get("/desk/ledger/").content.decode()
    assert "路灯不亮" in page
    assert "别处的井盖" not in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("area=410802004004012", {"灯"}),
        ("category=safety", {"井盖"}),
        ("urgency=urgent", {"井盖"}),
        ("state=open", {"灯", "井盖"}),
        ("state=closed", set()),
        ("step=grid_agenda", {"灯"}),
        ("channel=door", set()),
        ("text=井盖", {"井盖"}),
        ("text=灯灯灯", set()),
        ("card=red", set()),
    ],
)
def test_each_filter_keeps_what_it_says(town: seed.Town, as_: SignedIn, query: str, shown: set[str]) -> None:
    lamp = town.report(12, "灯不亮了。")
    town.triage(lamp.matter_id)
    town.report(13, "井盖松动。", category="safety", urgency="urgent")
    index_pending(100)
    page = as_("secretary").get(f"/desk/ledger/?{query}").content.decode()
    assert {word for word in ("灯", "井盖") if f">{word}" in page} == shown


def test_sorting_by_limit_puts_the_nearest_first(town: seed.Town, as_: SignedIn) -> None:
    town.report(12, "普通的路灯。")
    with clock.at(seed.NOON - timedelta(hours=1)):
        town.report(13, "特急的井盖。", urgency="critical")
    client = as_("secretary")
    newest, nearest = (client.get(f"/desk/ledger/?sort={sort}").content.decode() for sort in ("new", "due"))
    assert newest.index("普通的路灯") < newest.index("特急的井盖")
    assert nearest.index("特急的井盖") < nearest.index("普通的路灯")
    assert 'aria-sort="ascending"' in nearest


def test_pages_follow_each_other_without_gap_or_double_though_new_matters_arrive(
    town: seed.Town, as_: SignedIn
) -> None:
    made = {str(reported.matter_id) for reported in seed.many(town, 60)}
    client = as_("secretary")
    first = client.get("/desk/ledger/")
    after = re.search(r'rel="next" href="([^"]+)"', first.content.decode())
    assert after is not None
    town.report(5, "刚刚才报的。")
    second = client.get(after[1].replace("&amp;", "&"))
    seen = ids(first.content) + ids(second.content)
    assert len(seen) == len(set(seen)) == 60
    assert set(seen) == made
    assert "回到第一页" in second.content.decode()


def test_a_bent_cursor_is_told_and_the_first_page_shown(town: seed.Town, as_: SignedIn) -> None:
    town.report(12, "路灯不亮。")
    page = as_("secretary").get("/desk/ledger/?after=zzzz").content.decode()
    assert "翻页标记无效" in page
    assert "路灯不亮" in page


def test_htmx_gets_the_list_alone_with_the_clean_address(town: seed.Town, as_: SignedIn) -> None:
    town.report(12, "路灯不亮。")
    answer = as_("secretary").get("/desk/ledger/?category=&text=&state=open&sort=new", headers={"HX-Request": "true"})
    assert b"<html" not in answer.content
    assert b'id="ledger-list"' in answer.content
    assert answer.headers["HX-Push-Url"] == "/desk/ledger/?state=open"
    assert "HX-Request" in answer.headers["Vary"]


def test_going_back_in_the_browser_gets_the_whole_page(as_: SignedIn) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert b"<html" in as_("secretary").get("/desk/ledger/", headers=headers).content


def test_the_choice_of_columns_and_density_is_remembered(town: seed.Town, as_: SignedIn) -> None:
    town.report(12, "路灯不亮。")
    client = as_("secretary")
    choice = {"columns": ["place", "closed"], "density": "roomy", "next": "/desk/ledger/?state=open"}
    assert client.post("/desk/ledger/view/", choice).headers["Location"] == "/desk/ledger/?state=open"
    page = client.get("/desk/ledger/").content.decode()
    heads = re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>)?([^<↓↑ ]+)', page)
    assert heads == ["编号", "标题", "微网格", "办结时间"]
    assert "ledger--dense" not in page


def test_remembering_leads_nowhere_else(as_: SignedIn) -> None:
    answer = as_("secretary").post("/desk/ledger/view/", {"next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/desk/ledger/"


def test_a_bent_cookie_falls_back_to_the_usual_columns(town: seed.Town, as_: SignedIn) -> None:
    town.report(12, "路灯不亮。")
    client = as_("secretary")
    client.cookies["desk_ledger"] = '"><script>.x|y'
    page = client.get("/desk/ledger/").content.decode()
    assert "路灯不亮" in page
    assert "<script>" not in page


def test_what_people_wrote_is_escaped_in_every_column(town: seed.Town, as_: SignedIn) -> None:
    town.report(12, "<img src=x onerror=alert(1)> & 路灯", title='<b>"灯"</b>')
    Matter.objects.update(category='<i>"x', urgency="<u>'y")
    client = as_("secretary")
    columns = "number.title.place.step.due.lead.channel.category.urgency.parties.happened.created.closed"
    client.cookies["desk_ledger"] = f"{columns}|dense"
    page = client.get("/desk/ledger/").content.decode()
    assert "<b>" not in page
    assert "<img" not in page
    assert "<i>" not in page
    assert "<u>" not in page
    assert "&lt;b&gt;" in page


def test_unknown_and_overlong_filters_do_no_harm(town: seed.Town, as_: SignedIn) -> None:
    town.report(12, "路灯不亮。")
    client = as_("secretary")
    for query in ("sort=x", "state=x", "card=x", "nonsense=1", "area=%00", "step=" + "x" * 5000):
        assert client.get(f"/desk/ledger/?{query}").status_code == 200


def test_the_number_of_statements_is_the_same_for_one_row_and_fifty(town: seed.Town, as_: SignedIn) -> None:
    town.report(12, "路灯不亮。")
    client = as_("secretary")
    _page, one = counted(client, "/desk/ledger/")
    seed.many(town, 55)
    page, fifty = counted(client, "/desk/ledger/")
    assert len(ids(page.content)) == 50
    assert one == fifty
    hold("desk:ledger", fifty)
    _page, fragment = counted(client, "/desk/ledger/", headers={"HX-Request": "true"})
    hold("desk:ledger (fragment)", fragment)


def test_the_ledger_speaks_english(town: seed.Town, as_: SignedIn) -> None:
    town.report(12, "路灯不亮。", category="facility")
    page = as_("secretary", "en").get("/desk/ledger/").content.decode()
    for words in ("Ledger of livelihood problems", "Public facilities", "Ask: to be sorted"):
        assert words in page
    assert "微网格" not in page
    assert "渠道" not in page
