"""The permission rule on matters: its two shapes, the lists and the acts agree, whatever posts somebody holds."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.kernel.api import new_id
from bihuan.matters import api as matters
from bihuan.matters.api import LedgerFilters
from bihuan.matters.models import Matter
from bihuan.people.api import MATTER_READ, Actor, PostRef, can, visible
from bihuan.people.roles import ROLES

from .conftest import AREAS, BUILDINGS, Town, make_town

pytestmark = pytest.mark.django_db
CODES = [code for code, *_rest in AREAS]


@pytest.fixture(scope="module")
def busy(django_db_setup: None, django_db_blocker: Any) -> Any:
    from django.db import transaction

    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        town = make_town()
        for n, code in enumerate([*BUILDINGS, *BUILDINGS, "410802006001001", "410802004004"]):
            who = [town.resident, town.neighbour, town.stranger][n % 3]
            done = town.report(who, text=f"第{n}处台阶破损", area_code=code)
            if code == BUILDINGS[0]:
                town.to_acting(done.matter_id)
        matters.index_pending()
        yield town
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


POSTS = st.lists(
    st.tuples(st.sampled_from([role.key for role in ROLES]), st.sampled_from([*CODES, "4108", "41080200400400"])),
    max_size=4,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(posts=POSTS, who=st.sampled_from(["resident", "neighbour", "cadre", "stranger", "nobody"]))
def test_can_visible_ledger_search_and_page_agree(
    busy: Town, django_db_blocker: Any, posts: list[Any], who: str
) -> None:
    with django_db_blocker.unblock():
        person = new_id() if who == "nobody" else busy.id_of(who)
        actor = Actor(kind="person", person_id=person, posts=tuple(PostRef(role, code) for role, code in posts))
        everything = list(Matter.objects.all())
        may = {matter.pk for matter in everything if can(actor, MATTER_READ, matter)}
        assert may == set(visible(actor, MATTER_READ, Matter.objects.all()).values_list("pk", flat=True))
        assert may == {row.id for row in matters.ledger(actor, LedgerFilters(), limit=100).rows}
        assert may == {row.id for row in matters.search(actor, "台阶破损", limit=100).rows}
        assert {
            row.matter_id for row in matters.todo(actor, limit=100).rows if row.role in {"secretary", "grid_leader"}
        } <= {m.pk for m in everything if actor.roles_in(m.area_code)}
        for matter in everything[:3]:
            if matter.pk in may:
                matters.matter_page(actor, matter.pk)
            else:
                with pytest.raises(Http404):
                    matters.matter_page(actor, matter.pk)
