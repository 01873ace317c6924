"""The sample's quarter in the field: rounds, households, findings, pairings, a festival; what is due today."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bihuan.demo.world import World
from bihuan.kernel.api import clock
from tests.demo.conftest import Sample

HEAD = """
from django.db.models import Count
from bihuan.fieldwork.models import *
from bihuan.matters.models import Matter
from bihuan.people.api import actor_of
from bihuan.people.models import User
def actor(name): return actor_of(User.objects.get(username=name).person)
QUARTER = dict(happened_at__year=2024)
"""


def test_each_of_the_five_diligences_has_acts_of_its_own(sample: Sample) -> None:
    acts = sample.ask(
        "from bihuan.demo import figures\n"
        "from bihuan.fieldwork.api import acts_by_plan\n"
        "from bihuan.activities.api import acts_by_kind\n"
        "begin, end = figures._quarter()\n"
        "acts = acts_by_plan(figures.COMMUNITY, figures.FIRST_DAY, figures.LAST_DAY)\n"
        "print(json.dumps(acts | acts_by_kind(figures.COMMUNITY, begin, end)))"
    )
    assert acts["rounds.patrol"] > 400
    assert acts["rounds.prevent"] == 79
    assert acts["rounds.household_visit"] == 20
    assert acts["pairings.yiqi"] == 6
    assert acts["activities.festival"] == 1


def test_a_patrol_goes_with_property_and_police_and_counts_only_with_both(sample: Sample) -> None:
    rows = sample.ask(
        HEAD + "rows = Visit.objects.filter(round='patrol', **QUARTER).values_list('together', 'not_counted')\n"
        "print(json.dumps([[sorted(one['role'] for one in row[0]), row[1]] for row in rows]))"
    )
    assert {(tuple(roles), why) for roles, why in rows} >= {(("police", "property"), ""), (("property",), "alone")}
    assert not [why for roles, why in rows if len(roles) == 1 and why != "alone"]


def test_one_building_was_never_visited_and_the_map_of_coverage_says_so(sample: Sample) -> None:
    never = sample.ask(
        HEAD + "from datetime import date\n"
        "from bihuan.fieldwork.api import coverage\n"
        "view = coverage(actor('shuji'), '410802004004', 'yiwang-sanbu-wuqin', 'patrol', until=date(2024, 4, 3))\n"
        "print(json.dumps([row.name for row in view.rows if row.never]))"
    )
    assert never == ["47号楼"]


def test_the_second_level_goes_where_the_first_has_been(sample: Sample) -> None:
    rows = sample.ask(
        HEAD + "rows = Visit.objects.filter(round='household_visit', **QUARTER).order_by('happened_at')\n"
        "print(json.dumps([[str(row.place_id), row.level, row.counted] for row in rows]))"
    )
    assert all(counted for _place, _level, counted in rows)
    for place in {row[0] for row in rows}:
        assert [level for where, level, _counted in rows if where == place] == [1, 2]


def test_the_blocked_exit_took_the_six_points_and_is_no_livelihood_problem(sample: Sample) -> None:
    matter, roles = sample.ask(
        HEAD + "from bihuan.kernel.models import Entry\n"
        "matter = Matter.objects.get(created_at__year=2024, version_ref__key='yinhuan-liuding')\n"
        "bodies = [(e.actor_id, json.loads(e.body)) for e in Entry.objects.filter(subject_id=matter.pk)]\n"
        "by = {body.get('action'): str(who) for who, body in bodies}\n"
        "print(json.dumps([[matter.outcome, matter.is_open], by]))"
    )
    assert matter == ["mended", False]
    assert roles["finish"] != roles["accept"]
    assert {"grade", "fix_six", "finish", "accept"} <= roles.keys()


def test_wires_seen_again_joined_the_matter_that_was_open(sample: Sample) -> None:
    joined = sample.ask(
        HEAD + "rows = Finding.objects.filter(joined=True, visit__happened_at__year=2024)\n"
        "print(json.dumps([[row.matter.title, row.visit.result] for row in rows]))"
    )
    assert joined == [["19号楼有人飞线充电", "found"]]


def test_a_paired_household_is_known_to_its_unit_alone_and_named_nowhere_in_the_open(sample: Sample) -> None:
    found = sample.ask(
        HEAD + "from django.core.exceptions import PermissionDenied\n"
        "from django.http import Http404\n"
        "from bihuan.fieldwork.api import pairing_page\n"
        "from bihuan.kernel.models import Entry\n"
        "pairing = next(row for row in Pairing.objects.all() if 'medical' in row.needs)\n"
        "def sees(name):\n"
        "    try: pairing_page(actor(name), pairing.pk)\n"
        "    except (Http404, PermissionDenied) as error: return type(error).__name__\n"
        "    return 'sees'\n"
        "told = [*Entry.objects.values_list('body', flat=True), *Visit.objects.values_list('text', flat=True)]\n"
        "print(json.dumps([{n: sees(n) for n in ['lianjian', 'shuji', 'wanggeyuan', 'jingwu', 'jumin']},"
        " pairing.masked_name, pairing.state, '车桂英' in ' '.join(told)]))"
    )
    assert found == [
        {"lianjian": "sees", "shuji": "sees", "wanggeyuan": "Http404", "jingwu": "Http404", "jumin": "Http404"},
        "车**",
        "active",
        False,
    ]


def test_the_festival_was_held_by_the_arts_team_with_sign_ups_and_a_headcount(sample: Sample) -> None:
    held = sample.ask(
        "from bihuan.activities.models import Activity\n"
        "row = Activity.objects.get(state='held')\n"
        "print(json.dumps([row.festival, row.team.name, row.came_uncounted, row.team.members.count(),"
        " sorted(row.sign_ups.values_list('state', flat=True))]))"
    )
    assert held == ["元宵节", "电建社区文艺志愿服务队", 58, 4, ["absent", "came", "came"]]


def test_the_sample_says_which_places_are_invented(sample: Sample) -> None:
    found = sample.ask(HEAD + "print(json.dumps(list(Place.objects.values_list('source', flat=True).distinct())))")
    assert found == ["样例"]


def test_a_grid_worker_finds_buildings_due_today_and_the_secretary_a_diary_answered(sample: Sample) -> None:
    due, answered = sample.ask(
        HEAD + "from bihuan.fieldwork.api import day\n"
        "today = day(actor('wanggeyuan'))\n"
        "due = [t.name for t in today.targets if any(s.round == 'patrol' and s.state == 'due' for s in t.standings)]\n"
        "print(json.dumps([due, Visit.objects.exclude(review='').count()]))"
    )
    assert {"14号楼", "15号楼", "16号楼"} <= set(due)
    assert answered == 1


def test_the_pages_in_the_field_are_printed_with_a_sign_in_that_opens_them(sample: Sample) -> None:
    done = sample.run("demo", "--no-serve")
    lines = [line for line in done.stdout.splitlines() if line.endswith(("/field/", "/rounds/", "/pairings/"))]
    pages = [(line.split("：", 1)[1].split()[1], line.split("http://127.0.0.1:8000")[1]) for line in lines]
    assert [page for _who, page in pages] == ["/field/", "/desk/rounds/", "/desk/pairings/"]
    found = sample.ask(
        "from django.test import Client\n"
        "from bihuan.people.models import User\n"
        "def status(who, page):\n"
        "    client = Client(headers={'host': 'localhost'})\n"
        "    client.force_login(User.objects.get(username=who), backend='bihuan.people.backends.PasswordBackend')\n"
        "    return client.get(page).status_code\n"
        f"print(json.dumps([status(*page) for page in {pages!r}]))"
    )
    assert found == [200, 200, 200]


def test_what_is_ahead_happens_in_its_order_among_the_story() -> None:
    world, seen = World(), []
    start = datetime(2024, 1, 2, 1, 0, tzinfo=UTC)
    world.last = start
    for hours in (3, 1, 2):
        world.ahead(start + timedelta(hours=hours), lambda hours=hours: seen.append((hours, clock.now())))
    with world.on(start + timedelta(hours=2)):
        assert [hours for hours, _at in seen] == [1, 2]
    assert [at for _hours, at in seen] == [start + timedelta(hours=1), start + timedelta(hours=2)]
    with pytest.raises(ValueError, match="before"):
        world.ahead(start, lambda: None)
