"""Numbers say what they count: projects that offices enter do not swell what the public reads of residents' matters."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from bihuan.kernel.api import clock, new_id
from bihuan.matters.api import record
from bihuan.methods.api import install_library
from bihuan.people.api import SYSTEM
from bihuan.reporting.api import figures, public_counts
from tests.web.desk import seed

PROJECTS, HAZARDS = "xiangmu-diaodu", "yinhuan-liuding"
MONTH = 202404


@pytest.fixture
def town(db: None) -> Any:
    with clock.at(seed.NOON):
        town = seed.make_town()
        install_library(actor=SYSTEM, area_code="410802", keys=[PROJECTS, HAZARDS])
        cache.clear()
        town.report(12, "路灯不亮，晚上看不清")
        for title in ("数字文创基地", "冷链物流园"):
            enter(town, title, PROJECTS)
        enter(town, "楼道堆放杂物", HAZARDS)
        yield town
        cache.clear()


def enter(town: seed.Town, title: str, method: str) -> None:
    given = {"area_code": seed.building(12), "title": title, "text": title, "method_key": method, "channel": "paper"}
    record(actor=town.actor("secretary"), id=new_id(), **given)


@pytest.mark.parametrize("area", [seed.COMMUNITY, "410802004", "410802"])
def test_projects_do_not_swell_what_the_public_reads(town: seed.Town, area: str) -> None:
    counts = public_counts(area, MONTH, MONTH)
    assert (counts.collected, counts.settled, counts.rate) == (2, 0, None), "a problem and a hazard"
    everything = figures(SYSTEM, area, MONTH, MONTH, ["collected"])
    assert [one.value for one in everything] == [4], "the desk counts all methods, and says so"
    html = Client().get(f"/p/{area}/").content.decode()
    row = html[html.index("本月") : html.index("今年")]
    assert ">2</td>" in row
    assert ">4</td>" not in row
    assert "部门自己登记的重点项目不算在内" in html


def test_the_cockpit_says_that_all_methods_count(town: seed.Town) -> None:
    client = Client()
    client.force_login(town.users["street"])
    html = client.get("/desk/cockpit/").content.decode()
    assert "这里数的是所有工作法的事项" in html
    parts = client.get("/desk/figures/?area=410802004&split=method").content.decode()
    assert "重点项目调度" in parts


@pytest.mark.parametrize(("method", "collected"), [("", "4"), (PROJECTS, "2"), (HAZARDS, "1")])
def test_open_figures_say_which_method_they_count(town: seed.Town, method: str, collected: str) -> None:
    asked = {"area": seed.COMMUNITY, "since": MONTH, "until": MONTH, **({"method": method} if method else {})}
    told = Client().get("/api/v1/open/figures.json", asked).json()
    assert told["method"] == method
    assert {row["key"]: row["value"] for row in told["rows"]}["collected"] == collected
    assert not [row["key"] for row in told["rows"] if ":" in row["key"]]


def test_open_figures_of_a_method_that_there_is_not_are_refused(town: seed.Town) -> None:
    asked = {"area": seed.COMMUNITY, "since": MONTH, "until": MONTH, "method": "nichts"}
    assert Client().get("/api/v1/open/figures.json", asked).status_code == 422
