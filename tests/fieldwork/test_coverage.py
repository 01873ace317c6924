"""Coverage is right whatever comes when: too soon, alone, off season, level by level, by other acts, corrected."""

from __future__ import annotations

import datetime
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork import covering
from bihuan.fieldwork.models import Coverage, Pairing, Visit
from bihuan.kernel.api import clock, new_id, verify
from bihuan.matters import api as matters
from bihuan.people.models import Organisation
from tests.fieldwork.rounds import BOTH, BUILDINGS, COMMUNITY, METHOD, MONDAY, OTHER, Town, build
from tests.matters.test_statements import statements


@pytest.fixture
def town(db: None) -> Town:
    return build()


def counts(town: Town) -> list[tuple[bool, str]]:
    return list(Visit.objects.order_by("happened_at", "pk").values_list("counted", "not_counted"))


def test_a_place_never_visited_is_named_so(town: Town) -> None:
    with town.at():
        town.visit()
        rows = town.coverage()
    assert [name for name, row in rows.items() if not row.never] == ["1号楼"]
    assert rows["1号楼"].standing.state == "done"
    assert rows["1号楼"].visits == 1
    assert rows["2号楼"].standing.state == "due"
    assert len(rows) == 6


def test_it_is_due_again_in_the_next_window(town: Town) -> None:
    with town.at():
        town.visit()
    with town.at(days=6):
        assert town.standing() == "done"
    with town.at(days=7):
        row = town.coverage()["1号楼"]
    assert (row.standing.state, row.never, row.standing.last_at) == ("due", False, MONDAY)


def test_a_visit_too_soon_is_recorded_and_does_not_count(town: Town) -> None:
    with town.at(days=6):  # Sunday
        town.visit()
    with town.at(days=7):  # Monday: a new window, within three days
        assert town.standing() == "too_soon"
        done = town.visit()
        assert (done.counted, done.not_counted) == (False, "too_soon")
        assert done.why
    assert counts(town) == [(True, ""), (False, "too_soon")]
    assert Coverage.objects.get().last_at == MONDAY + timedelta(days=6)


def test_a_visit_alone_does_not_count_and_leaves_the_place_due(town: Town) -> None:
    with town.at():
        done = town.visit(together=BOTH[:1])
        assert (done.counted, done.not_counted) == (False, "alone")
        row = town.coverage()["1号楼"]
        assert (row.standing.state, row.never, row.visits, row.uncounted) == ("due", True, 0, 1)


def test_off_season_nothing_is_due_and_nothing_counts(town: Town) -> None:
    with town.at(datetime.datetime(2024, 12, 2, 9, 0, tzinfo=clock.ZONE)):
        done = town.visit()
        assert (done.counted, done.not_counted) == (False, "off_season")
        assert town.standing() == "off_season"


def test_a_deputy_stands_in_and_a_stranger_to_the_round_is_recorded_without_counting(town: Town) -> None:
    with town.at():
        assert town.visit("leader").counted
        done = town.visit("cadre", area_code=BUILDINGS[1])
        assert (done.counted, done.not_counted) == (False, "role")
    assert Visit.objects.get(person_id=town.id("leader")).stood_in


def test_where_a_round_does_not_go_a_visit_does_not_count(town: Town) -> None:
    with town.at():
        assert town.visit(area_code=COMMUNITY).not_counted == "elsewhere"
    assert not Coverage.objects.exists()


def test_not_even_a_row_that_says_so_makes_a_households_visit_a_rounds(town: Town) -> None:
    with town.at():
        hidden = town.visit().visit_id
        pairing = Pairing.objects.create(
            id=new_id(), version_ref=town.version, key="yiqi", area_code=BUILDINGS[0], state="active",
            organisation=Organisation.objects.get(), person_id=town.id("partner"), masked_name="张**",
            created_at=MONDAY, head_hash=bytes(32),
        )  # fmt: skip
        Visit.objects.filter(pk=hidden).update(pairing=pairing)
        Coverage.objects.all().delete()
    with town.at(days=5):
        assert town.visit(id=new_id(), happened_at=MONDAY + timedelta(days=2)).counted  # else within three days
        town.visit(id=new_id(), happened_at=MONDAY + timedelta(days=1))  # arrives late: all is judged again
        assert counts(town) == [(True, ""), (True, ""), (False, "too_soon")]
        row = town.coverage()["1号楼"]
        assert (row.visits, row.uncounted) == (1, 1)
        then = town.coverage(until=MONDAY.date())["1号楼"]
        assert (then.standing.state, then.never, then.visits) == ("due", True, 0)


# --- levels --------------------------------------------------------------------------------------------------------


def census(town: Town, key: str, **more: Any) -> fieldwork.RecordedVisit:
    return town.visit(key, round="census", together=(), **more)


def test_the_second_level_waits_for_the_first(town: Town) -> None:
    with town.at():
        assert town.standing("census", level=2) == "after_level"
        assert census(town, "cadre").not_counted == "after_level"
        assert census(town, "worker").counted
        assert (town.standing("census"), town.standing("census", level=2)) == ("done", "due")
    with town.at(days=1):
        assert census(town, "leader").counted
        assert town.standing("census", level=2) == "done"


def test_a_first_level_that_arrives_late_lets_the_second_count(town: Town) -> None:
    with town.at(days=2):
        second = census(town, "cadre")
        assert second.not_counted == "after_level"
        first = census(town, "worker", happened_at=MONDAY)
        assert first.counted
        assert Visit.objects.get(pk=second.visit_id).counted
        assert town.standing("census", level=2) == "done"


# --- what counts as a visit ----------------------------------------------------------------------------------------


def test_another_rounds_visit_covers_the_place_too(town: Town) -> None:
    with town.at():
        town.visit()  # the patrol
        row = town.coverage("census")["1号楼"]
        assert (row.standing.state, row.last_act, row.never) == ("done", "plans.patrol", False)
        assert town.standing("census", name="2号楼") == "due"
        assert census(town, "cadre").counted  # and opens the second level


def act(town: Town, area_code: str = BUILDINGS[0], key: str = "worker") -> None:
    done = matters.report(actor=town.actor("resident"), id=new_id(), text="路灯不亮", area_code=area_code)
    matters.advance(
        actor=town.actor(key),
        matter_id=done.matter_id,
        action="triage",
        entry_id=new_id(),
        data={"category": "facility", "urgency": "normal", "level": "grid"},
    )


def test_an_act_on_a_matter_there_covers_the_place_too(town: Town) -> None:
    with town.at():
        act(town)
        row = town.coverage("census")["1号楼"]
        assert (row.standing.state, row.last_act, row.last_visit_id) == ("done", "act.triage", None)
        assert town.standing("patrol") == "due"  # which does not say so
    with town.at(hours=1):
        assert census(town, "cadre").counted


def test_an_act_that_no_round_counts_is_not_kept(town: Town) -> None:
    from bihuan.fieldwork.models import EquivalentAct

    with town.at():
        done = matters.report(actor=town.actor("resident"), id=new_id(), text="路灯不亮", area_code=BUILDINGS[0])
        assert not EquivalentAct.objects.exists()
        assert done.created


# --- whatever the order --------------------------------------------------------------------------------------------


def test_what_counts_does_not_depend_on_the_order_of_arrival(town: Town) -> None:
    days = (0, 2, 6, 7, 9)
    seen = set()
    for order in permutations(range(5)):
        Visit.objects.all().delete()
        Coverage.objects.all().delete()
        with town.at(days=12):
            for at in order:
                town.visit(happened_at=MONDAY + timedelta(days=days[at]), id=new_id())
        row = Coverage.objects.get()
        last = Visit.objects.get(pk=row.last_visit_id).happened_at
        seen.add((tuple(counts(town)), row.last_at, last))
    assert seen == {
        (
            ((True, ""), (False, "too_soon"), (True, ""), (False, "too_soon"), (True, "")),
            MONDAY + timedelta(days=9),
            MONDAY + timedelta(days=9),
        )
    }


# --- asked of another day, by others -------------------------------------------------------------------------------


def test_a_day_that_is_past_is_told_as_it_was(town: Town) -> None:
    with town.at():
        town.visit()
    with town.at(days=8):
        town.visit()
        then = town.coverage(until=MONDAY.date())["1号楼"]
        assert (then.standing.state, then.standing.last_at, then.visits) == ("done", MONDAY, 1)
        before = town.coverage(until=MONDAY.date() - timedelta(days=1))["1号楼"]
        assert (before.standing.state, before.never) == ("due", True)


def test_coverage_takes_at_most_four_statements(town: Town) -> None:
    with town.at():
        town.visit()
        actor = town.actor("secretary")
        for name in ("patrol", "walls", "census"):
            view = statements(lambda name=name: fieldwork.coverage(actor, COMMUNITY, METHOD, name), 4)
            assert view.rows
        assert [row.kind_title for row in view.rows][:1] == ["微网格"]


def test_rows_that_are_not_listed_are_summed_and_counted(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(covering, "MOST_ROWS", 2)
    with town.at():
        for code in BUILDINGS[:5]:
            town.visit(area_code=code, id=new_id())
        view = fieldwork.coverage(town.actor("secretary"), COMMUNITY, METHOD, "patrol")
    assert (view.due, view.done, view.never, view.more) == (1, 5, 1, 4)
    assert [row.name for row in view.rows] == ["1号楼", "6号楼"]  # what is due, and who was covered longest ago


def test_who_has_no_post_there_sees_no_coverage(town: Town) -> None:
    with town.at():
        with pytest.raises(PermissionDenied):
            town.coverage(key="outsider")
        with pytest.raises(PermissionDenied):
            town.coverage(key="secretary", area=OTHER)
        with pytest.raises(Http404):
            town.coverage("nothing")
        assert {ref.round for ref in fieldwork.rounds_in(town.actor(), COMMUNITY)} == {"patrol", "walls", "census"}
        assert fieldwork.rounds_in(town.actor("outsider"), COMMUNITY) == ()


def test_places_stand_beside_areas_in_the_order_they_are_walked(town: Town) -> None:
    with town.at():
        assert list(town.coverage("walls")) == ["1段围墙", "2段围墙"]
        assert list(town.coverage("patrol")) == [f"{number}号楼" for number in range(1, 7)]


def test_the_chain_is_valid_after_all_of_it(town: Town) -> None:
    with town.at(days=7):
        town.visit()
        town.visit(happened_at=MONDAY, id=new_id())
        act(town)
    assert verify().ok
