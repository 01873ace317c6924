"""Figures: what counts where, with and without a fold; rates, medians, splits; never another number than a recount."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from bihuan.kernel.api import BadInput, Refused, clock
from bihuan.matters.api import migrate_matters
from bihuan.matters.models import Matter
from bihuan.methods.api import publish, save_draft
from bihuan.people.api import SYSTEM
from bihuan.reporting.api import check_figures, figures
from bihuan.reporting.figures.folding import begin_anew, fold, fold_pending, same_rules
from bihuan.reporting.models import Fact, FigureRules, Tally
from tests.matters.conftest import BUILDINGS, COMMUNITY, METHOD, Town, make_town

APRIL = 202404


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


@pytest.fixture
def april(town: Town) -> Town:
    """Five reports in April: one settled, one being acted on, one merged, two as they came; one next door."""
    settled = town.report(people_affected=30).matter_id
    town.to_settled(settled)
    town.to_acting(town.report(text="下水道堵了", channel="door", people_affected=4).matter_id)
    town.report(text="墙皮脱落", area_code=BUILDINGS[1])
    town.report(text="灯不亮", area_code=BUILDINGS[2])
    town.report(text="花园街路灯不亮", area_code="410802006001001")
    twin = town.report(text="还是下水道").matter_id
    town.do("leader", twin, "merge", into=str(settled), reason="同一处")
    return town


def values(actor: Any, area: str = COMMUNITY, **given: Any) -> dict[str, Any]:
    found = figures(actor, area, given.pop("since", APRIL), given.pop("until", APRIL), **given)
    return {one.key: one.value for one in found if not one.split}


def test_figures_are_the_same_before_and_after_a_fold(april: Town) -> None:
    before = {area: values(SYSTEM, area) for area in ("410802", "410802004", COMMUNITY, BUILDINGS[0])}
    assert before[COMMUNITY]["collected"] == 4
    assert before["410802"]["collected"] == 5
    assert before[BUILDINGS[0]]["collected"] == 2
    assert before[COMMUNITY]["settled"] == before[COMMUNITY]["solved"] == 1
    assert before[COMMUNITY]["people_affected"] == 34
    assert not Tally.objects.exists()
    assert fold_pending() == 6
    assert not Matter.objects.filter(counted=False).exists()
    assert {area: values(SYSTEM, area) for area in before} == before
    assert check_figures().differences == []


def test_a_rate_names_what_stands_above_and_below_the_line(april: Town) -> None:
    found = {one.key: one for one in figures(SYSTEM, COMMUNITY, APRIL, APRIL)}
    rate = found["in_time_rate"]
    assert (rate.numerator, rate.denominator, rate.value) == (1, 2, Fraction(1, 2))
    assert (rate.numerator_title, rate.denominator_title) == ("按期办结", "应办结")
    assert found["response_rate"].numerator == 2
    assert found["satisfied_rate"].value is None  # nothing below the line is no rate, and not nought


def test_the_period_before_stands_beside(april: Town) -> None:
    found = {one.key: one for one in figures(SYSTEM, COMMUNITY, 202405, 202405)}
    assert (found["collected"].value, found["collected"].before) == (0, 4)
    quarter = {one.key: one for one in figures(SYSTEM, COMMUNITY, date(2024, 7, 1), date(2024, 9, 30))}
    assert quarter["collected"].before == 4


@pytest.mark.parametrize("folded", [True, False])
def test_the_parts_of_a_split_add_up_to_the_whole(april: Town, *, folded: bool) -> None:
    if folded:
        fold_pending()
    for split in ("area", "category", "channel", "outcome", "urgency", "method"):
        found = figures(SYSTEM, "410802", APRIL, APRIL, keys=["collected", "people_affected"], split=split)
        for key in ("collected", "people_affected"):
            whole, *parts = [one for one in found if one.key == key]
            assert sum(int(part.value or 0) for part in parts) == whole.value, (split, key)
    by_kind = figures(SYSTEM, COMMUNITY, APRIL, APRIL, keys=["collected"], split="category")
    assert [(one.split_title, one.value) for one in by_kind[1:]] == [("公共设施", 2), ("还没有分类", 2)]


def test_a_community_is_split_into_its_buildings(april: Town) -> None:
    for _round in range(2):
        found = figures(SYSTEM, COMMUNITY, APRIL, APRIL, keys=["collected"], split="area")
        assert [(one.split_value, one.value) for one in found[1:]] == [
            (BUILDINGS[0], 2),
            (BUILDINGS[1], 1),
            (BUILDINGS[2], 1),
        ]
        fold_pending()


def test_what_a_building_adds_up_to_is_kept_and_needs_no_facts(april: Town) -> None:
    def by_building() -> list[Any]:
        return [
            (one.key, one.split_value, one.value, one.n)
            for area in (COMMUNITY, BUILDINGS[0])
            for one in figures(SYSTEM, area, APRIL, APRIL, split="area" if area == COMMUNITY else "")
        ]

    before = by_building()
    assert ("people_affected", BUILDINGS[0], 34, 2) in before
    fold_pending()
    Fact.objects.all().delete()  # a community's month is not gone through again
    assert by_building() == before


def test_a_building_is_split_by_its_own_facts(april: Town) -> None:
    one, key = BUILDINGS[0], "yiwang-sanbu-wuqin"
    for _round in range(2):
        by_kind = figures(SYSTEM, one, APRIL, APRIL, keys=["collected"], split="category")
        assert [(part.split_value, part.value) for part in by_kind[1:]] == [("facility", 2)]
        by_channel = figures(SYSTEM, one, APRIL, APRIL, keys=["people_affected"], split="channel")
        assert sum(int(part.value or 0) for part in by_channel[1:]) == by_channel[0].value == 34
        assert values(SYSTEM, one, keys=["collected"], method_key=key)["collected"] == 2
        parts = figures(SYSTEM, COMMUNITY, APRIL, APRIL, keys=["collected"], split="area", method_key=key)
        assert [part.value for part in parts[1:]] == [2, 1, 1]
        fold_pending()


def test_a_city_is_counted_like_its_districts(april: Town) -> None:
    for _round in range(2):
        for split in ("", "category", "urgency"):
            city, district = (figures(SYSTEM, area, APRIL, APRIL, split=split) for area in ("4108", "410802"))
            assert [(one.split_value, one.value) for one in city] == [(one.split_value, one.value) for one in district]
            assert city[0].value == 5
        fold_pending()


def test_a_check_of_one_building_compares_its_own_numbers(april: Town) -> None:
    fold_pending()
    found = check_figures(BUILDINGS[0])
    assert found.ok
    assert found.numbers
    Tally.objects.filter(measure="collected", area_code=BUILDINGS[0], dim="").update(n=7)
    assert [one.area_code for one in check_figures(BUILDINGS[0]).differences] == [BUILDINGS[0]]


def test_whoever_has_no_right_to_figures_there_is_refused(april: Town) -> None:
    with pytest.raises(PermissionDenied):
        figures(april.resident, COMMUNITY, APRIL, APRIL)
    with pytest.raises(PermissionDenied):
        figures(april.worker, COMMUNITY, APRIL, APRIL)  # of one building alone
    assert values(april.worker, BUILDINGS[0])["collected"] == 2


def test_what_is_asked_wrongly_is_said(april: Town) -> None:
    for wrong in (
        {"since": 202413, "until": 202413},
        {"since": APRIL, "until": 202401},
        {"since": date(2024, 1, 15), "until": date(2024, 1, 31)},
        {"since": 200001, "until": APRIL},
        {"keys": ["nothing"]},
        {"keys": ["nothing:there"]},
        {"split": "person"},
        {"method_key": "nothing"},
    ):
        with pytest.raises(BadInput):
            values(SYSTEM, **wrong)


def test_other_rules_count_everything_anew_and_show_nothing_meanwhile(april: Town, monkeypatch: Any) -> None:
    before = values(SYSTEM)
    fold_pending()
    FigureRules.objects.update(fingerprint="of an older program")
    with pytest.raises(Refused):
        values(SYSTEM)
    assert fold(10) == 0  # nothing is folded by other rules
    begin_anew()
    assert same_rules()
    assert Matter.objects.filter(counted=False).count() == 6
    assert values(SYSTEM) == before
    fold_pending()
    assert values(SYSTEM) == before
    assert check_figures().ok


def test_a_check_names_a_number_that_was_changed_by_hand(april: Town) -> None:
    fold_pending()
    Tally.objects.filter(measure="collected", area_code=COMMUNITY, dim="").update(n=7)
    found = check_figures(COMMUNITY)
    assert [str(one) for one in found.differences] == [f"collected {COMMUNITY} {APRIL}: (7, 4) ≠ (4, 4)"]


def test_a_matter_that_moves_during_a_fold_stays_exact(april: Town, monkeypatch: Any) -> None:
    from bihuan.reporting.figures import folding

    mine = Matter.objects.filter(area_code=BUILDINGS[1]).get().pk
    mark = folding._mark

    def moved_meanwhile(done: Any) -> None:
        Matter.objects.filter(pk=mine).update(version=9)
        mark(done)

    monkeypatch.setattr(folding, "_mark", moved_meanwhile)
    fold_pending()
    monkeypatch.undo()
    assert [row.pk for row in Matter.objects.filter(counted=False)] == [mine]
    assert values(SYSTEM)["collected"] == 4
    Matter.objects.filter(pk=mine).update(version=1)
    fold_pending()
    assert check_figures().ok


def test_facts_that_do_not_change_are_not_written_again(april: Town, django_assert_num_queries: Any) -> None:
    fold_pending()
    Matter.objects.update(counted=False)
    kept = set(Fact.objects.values_list("matter_id", "measure"))
    fold_pending()
    assert set(Fact.objects.values_list("matter_id", "measure")) == kept
    assert check_figures().ok


def test_matters_that_move_to_another_version_are_counted_by_it_and_back(april: Town) -> None:
    fold_pending()
    before = values(SYSTEM)
    own = "\n  项目:\n    lamps: {标题: {zh: 公共设施, en: Facilities}, 当: 'category == \"facility\"'}\n"
    source = METHOD.read_text(encoding="utf-8").rstrip("\n") + own
    with clock.at(april.now):
        draft, *_rest = save_draft(actor=SYSTEM, source=source, area_code="410802")
        new = publish(actor=SYSTEM, version_id=draft.pk)
        key = "yiwang-sanbu-wuqin:lamps"
        for old, other, number in ((april.version, new, 1), (new, april.version, 0)):
            done = migrate_matters(actor=april.admin, from_version=old.pk, to_version=other.pk, dry_run=False)
            assert len(done.moved) == 4  # those that are open
            for _round in range(2):
                assert values(SYSTEM, keys=[key])[key] == number
                assert values(SYSTEM) == before
                assert check_figures().ok
                fold_pending()
