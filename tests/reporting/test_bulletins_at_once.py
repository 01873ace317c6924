"""Two who sign, one form sent twice: each number is given once, and the chains stay whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bihuan.kernel.api import new_id, verify
from bihuan.people.api import ANONYMOUS
from bihuan.reporting.bulletins import api
from bihuan.reporting.models import Bulletin, Objection
from tests.meetings.test_concurrency import at_once
from tests.meetings.world import COMMUNITY, World, build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    made = build()
    with made.at():
        yield made


def _checked(world: World, title: str) -> Bulletin:
    cadre = world.actor("cadre")
    row = api.draft(actor=cadre, entry_id=new_id(), area_code=COMMUNITY, template="notice")
    api.edit(actor=cadre, entry_id=new_id(), bulletin_id=row.pk, title=title, text="补植三棵树。")
    return api.check(actor=cadre, entry_id=new_id(), bulletin_id=row.pk)


def test_two_signed_at_once_have_two_numbers(world: World) -> None:
    rows = [_checked(world, f"公示{n}") for n in range(3)]
    secretary = world.actor("secretary")
    at_once(*(lambda row=row: api.sign(actor=secretary, entry_id=new_id(), bulletin_id=row.pk) for row in rows))  # type: ignore[misc]
    assert sorted(Bulletin.objects.values_list("serial", flat=True)) == [1, 2, 3]
    assert verify().ok


def test_one_objection_sent_twice_at_once_is_one(world: World) -> None:
    row, secretary = _checked(world, "公示"), world.actor("secretary")
    for act in (api.sign, api.publish):
        act(actor=secretary, entry_id=new_id(), bulletin_id=row.pk)
    key = new_id()
    at_once(*(lambda: api.object_to(actor=ANONYMOUS, entry_id=key, bulletin_id=row.pk, text="挡光") for _n in range(3)))
    assert Objection.objects.count() == 1
    assert verify().ok
