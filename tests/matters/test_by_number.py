"""A matter by its number as people write it: one lookup for merging and for filling cards, by what one may see."""

from __future__ import annotations

from typing import Any

import pytest

from bihuan.kernel.api import BadInput, NotFound, clock
from bihuan.matters.api import by_number, by_numbers
from bihuan.matters.models import Matter
from tests.web.desk import seed


@pytest.fixture
def town(db: None) -> Any:
    with clock.at(seed.NOON):
        yield seed.make_town()


def test_a_number_is_read_as_people_write_it(town: seed.Town) -> None:
    first, second = (town.report(n, "路灯不亮，晚上看不清") for n in (12, 13))
    actor = town.actor("secretary")
    for typed in (second.number, second.display_number, "2024-0002", f" {second.display_number} "):
        assert by_number(actor, Matter.objects.get(pk=first.matter_id), typed) == second.matter_id
        assert by_numbers(actor, seed.COMMUNITY, [typed], 50) == [second.matter_id]


@pytest.mark.parametrize("typed", ["2024-0001", "2024-0009", "别处-2024-0002", "", "0002"])
def test_itself_none_and_another_places_number_are_not_found(town: seed.Town, typed: str) -> None:
    first, _second = (town.report(n, "路灯不亮，晚上看不清") for n in (12, 13))
    with pytest.raises(NotFound):
        by_number(town.actor("secretary"), Matter.objects.get(pk=first.matter_id), typed)


def test_what_one_may_not_see_has_no_number(town: seed.Town) -> None:
    first, second = (town.report(n, "路灯不亮，晚上看不清") for n in (12, 45))
    with pytest.raises(NotFound):
        by_number(town.actor("worker"), Matter.objects.get(pk=first.matter_id), second.number)
    with pytest.raises(BadInput) as refused:
        by_numbers(town.actor("worker"), seed.COMMUNITY, [first.number, second.number], 50)
    assert len(refused.value.problems) == 1


def test_more_than_so_many_are_refused(town: seed.Town) -> None:
    numbers = [town.report(n, "路灯不亮，晚上看不清").number for n in (12, 13)]
    with pytest.raises(BadInput):
        by_numbers(town.actor("secretary"), seed.COMMUNITY, numbers, 1)
