"""The page of figures: every number opens its list, and the list shows what one may see and says what one may not."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import openpyxl
import pytest
from django.test import Client

from bihuan.kernel.api import clock
from bihuan.matters.models import Matter
from bihuan.people.models import Post, User
from bihuan.reporting.api import drill, figures, fold_pending
from bihuan.reporting.models import Export
from tests.matters.conftest import BUILDINGS, COMMUNITY, Town, make_town
from tests.web.counting import counted, hold

APRIL = 202404


@pytest.fixture
def town(db: None) -> Town:
    made = make_town()
    for n in range(5):
        made.report(text=f"{n}层灯不亮", area_code=BUILDINGS[n % 3])
    made.to_settled(made.report(text="路灯").matter_id)
    return made


def signed_in(town: Town, name: str) -> Client:
    user = User.objects.create(username=name, person_id=town.id_of(name), password="!")  # noqa: S106
    client = Client()
    client.force_login(user)
    return client


def test_each_number_of_the_page_opens_a_list_of_as_many(town: Town) -> None:
    client = signed_in(town, "secretary")
    page = client.get("/desk/figures/", {"since": "2024-04", "until": "2024-04"}).content.decode()
    links = re.findall(r'<a href="(/desk/figures/list/[^"]+)">([\d,]+)</a>', page)
    assert len(links) > 8
    for folded in (False, True):
        for url, number in links:
            if "people_affected" in url or "times" in url:
                continue
            listed = client.get(unescape(url)).content.decode()
            assert listed.count('<th scope="row"') == int(number), (url, folded)
        fold_pending()


@pytest.mark.parametrize("split", ["area", "category", "channel", "outcome", "urgency", "method"])
def test_each_split_is_a_table_with_the_whole_first(town: Town, split: str) -> None:
    fold_pending()
    client = signed_in(town, "secretary")
    page = client.get("/desk/figures/", {"since": "2024-04", "until": "2024-04", "split": split})
    assert page.status_code == 200
    assert "合计" in page.content.decode()


@pytest.mark.parametrize("split", ["", "area", "category"])
def test_the_pages_take_as_many_statements_as_the_baseline_says(town: Town, split: str) -> None:
    fold_pending()
    client = signed_in(town, "secretary")
    month = {"since": "2024-04", "until": "2024-04"}
    answer, count = counted(client, "/desk/figures/", data={**month, "split": split})
    assert answer.status_code == 200
    hold(f"desk:figures {split}".strip(), count)
    if not split:
        answer, count = counted(client, "/desk/figures/list/", data={**month, "key": "due"})
        hold("desk:figure_list", count)


def test_an_area_of_somebody_elses_is_not_there(town: Town) -> None:
    client = signed_in(town, "worker")
    assert client.get("/desk/figures/").status_code == 200  # their own building
    for address in ("/desk/figures/", "/desk/figures/list/"):
        assert client.get(address, {"area": BUILDINGS[1], "key": "collected"}).status_code == 404
    assert signed_in(town, "resident").get("/desk/figures/").status_code == 403


def test_what_cannot_be_read_in_the_address_is_said_or_not_there(town: Town) -> None:
    client = signed_in(town, "secretary")
    for wrong in (
        {"since": "2024-13"},
        {"since": "x"},
        {"since": "2024-04", "until": "2023-01"},
        {"method": "none"},
        {"method": "yiwang-sanbu-wuqin", "split": "category"},
    ):
        page = client.get("/desk/figures/", wrong)
        assert page.status_code == 200
        assert 'role="alert"' in page.content.decode()
    for wrong in ({"key": "nothing"}, {"key": "due", "part": "n"}, {"key": "collected", "after": "%%%"}):
        assert client.get("/desk/figures/list/", wrong).status_code == 404


@pytest.mark.parametrize("uncounted", [0, 3, 6])
def test_the_list_pages_by_key_and_shows_each_matter_once(town: Town, uncounted: int) -> None:
    fold_pending()
    some = list(Matter.objects.order_by("?").values_list("pk", flat=True)[:uncounted])
    Matter.objects.filter(pk__in=some).update(counted=False)
    seen: list[Any] = []
    cursor = None
    while True:
        page = drill(town.secretary, "collected", "", COMMUNITY, APRIL, APRIL, cursor=cursor, limit=2)
        seen += [row.id for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert sorted(seen) == sorted(Matter.objects.values_list("pk", flat=True))
    assert len(seen) == len(set(seen))


def test_a_list_shows_only_what_one_may_see_and_says_how_many_one_may_not(town: Town) -> None:
    """Who may read figures and no matters learns how many there are, which they knew, and nothing else."""
    from bihuan.people import permissions
    from bihuan.people.models import Role

    role = Role.objects.create(key="counter", title="统计员", grants=[permissions.FIGURE_READ])
    person = town.id_of("neighbour")
    Post.objects.filter(person_id=person).delete()
    Post.objects.create(person_id=person, role=role, area_code=COMMUNITY, since=datetime(2024, 1, 1, tzinfo=UTC).date())
    from bihuan.people.api import actor_of
    from bihuan.people.models import Person

    with clock.at(town.now):
        counter = actor_of(Person.objects.get(pk=person))
    found = drill(counter, "collected", "", COMMUNITY, APRIL, APRIL)
    assert figures(counter, COMMUNITY, APRIL, APRIL, ["collected"])[0].value == 6
    assert len(found.rows) + found.hidden == 6
    shown = {row.id for row in found.rows}
    party = set(Matter.objects.filter(parties__person_id=person).values_list("pk", flat=True))
    assert shown == party  # they supervise one of them


def test_while_very_much_waits_to_be_counted_no_number_is_shown(town: Town, monkeypatch: Any) -> None:
    """After an upgrade or a restore everything is counted anew: half of it would be a wrong number."""
    monkeypatch.setattr("bihuan.reporting.figures.snapshot.MOST", 5)
    client = signed_in(town, "secretary")
    month = {"since": "2024-04", "until": "2024-04"}
    page = client.get("/desk/figures/", month)
    assert page.status_code == 200
    assert "正在重新汇总" in page.content.decode()
    assert ">按期办结率</th>" not in page.content.decode(), "no number; it may still be chosen"
    listed = client.get("/desk/figures/list/", {**month, "key": "collected"})
    assert listed.status_code == 503
    assert "正在重新汇总" in listed.content.decode()
    fold_pending()
    assert "按期办结率" in client.get("/desk/figures/", month).content.decode()


@pytest.mark.parametrize(("key", "linked"), [("collected", 6), ("settlement_rate", 4)])
def test_two_splits_are_a_table_whose_numbers_open_their_lists(town: Town, key: str, linked: int) -> None:
    client = signed_in(town, "secretary")
    asked = {"since": "2024-04", "until": "2024-04", "split": "area", "by": "channel", "key": key}
    page = client.get("/desk/figures/", asked).content.decode()
    assert "合计" in page
    links = re.findall(r'<a href="(/desk/figures/list/[^"]+)">([\d,.%]+)</a>', page)
    assert len(links) >= linked
    for url, number in links:
        listed = client.get(unescape(url)).content.decode()
        shown = listed.count('<th scope="row"')
        assert shown == int(number) if key == "collected" else shown > 0, url


@pytest.mark.parametrize(
    ("asked", "head"),
    [
        ({}, ["指标", "本期", "上期", "分子", "分母"]),
        ({"split": "channel"}, ["渠道", "收集"]),
        ({"split": "area", "by": "channel"}, ["下级区域 \\ 渠道", "合计"]),
    ],
)
def test_a_table_goes_out_as_it_is_looked_at_and_leaves_an_entry(
    town: Town, asked: dict[str, str], head: list[str]
) -> None:
    client = signed_in(town, "secretary")
    asked = {"since": "2024-04", "until": "2024-04", **asked}
    assert "export.xlsx" in client.get("/desk/figures/", asked).content.decode()
    content = b"".join(client.get("/desk/figures/export.xlsx", asked).streaming_content)
    lines = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows()]
    at = next(n for n, line in enumerate(lines) if line[0] == head[0])
    assert lines[at][: len(head)] == head
    first = lines[at + 1]
    assert isinstance(first[1], int)
    assert first[1] == 6
    export = Export.objects.get()
    assert (export.what, export.form, export.rows) == ("figures", "xlsx", len(lines) - at - 1)


def test_the_file_of_figures_is_for_who_reads_figures_there(town: Town) -> None:
    assert Client().get("/desk/figures/export.xlsx").status_code == 302
    assert signed_in(town, "resident").get("/desk/figures/export.xlsx").status_code == 403
    assert signed_in(town, "secretary").get("/desk/figures/export.xlsx?area=410803").status_code == 404
    assert not Export.objects.exists()
