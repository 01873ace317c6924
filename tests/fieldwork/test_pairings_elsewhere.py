"""What everything but the pairing's own pages tells of a household: a mask and the door, to the few, and no more."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import Http404
from django.test import Client

from bihuan.fieldwork import api as field
from bihuan.fieldwork.models import Pairing, Visit
from bihuan.fieldwork.pairing_rights import reads, seen_by
from bihuan.fieldwork.schemes import scheme_of
from bihuan.kernel.api import Refused, new_id, verify
from bihuan.kernel.models import Entry, Notification, Sealed
from bihuan.people.api import SYSTEM, answers_for

from .households import COMMUNITY, NAME, PASSWORD_BACKEND, PHONE, World, build

EVERYBODY = (
    "secretary", "cadre", "leader", "worker", "street", "admin", "partner", "colleague", "bank", "outsider",
    "household",
)  # fmt: skip
HERS = {"secretary", "partner"}


@pytest.fixture
def world(db: None) -> Iterator[World]:
    made = build()
    with made.at():
        yield made


def _text(value: Any) -> str:
    return json.dumps(dataclasses.asdict(value), default=str, ensure_ascii=False)


def _visited(world: World, key: str = "partner", **more: Any) -> tuple[Pairing, Visit]:
    pairing = world.paired()
    given: dict[str, Any] = {"help_kind": "life", "text": "腿疼，想要一副拐杖"} | more
    done = field.record_visit(
        actor=world.actor(key),
        id=new_id(),
        area_code=pairing.area_code,
        pairing_id=pairing.pk,
        happened_at=world.now,
        **given,
    )
    return pairing, Visit.objects.get(pk=done.visit_id)


@pytest.mark.parametrize("key", EVERYBODY)
def test_the_day_on_the_phone_shows_a_mask_and_the_door_to_who_goes_there_alone(world: World, key: str) -> None:
    world.paired()
    day = field.day(world.actor(key))
    shown = _text(day)
    if key != "household":  # whose own name it is
        assert NAME not in shown
    assert PHONE not in shown
    mine = [(one.masked_name, one.place_name) for one in day.pairings]
    assert mine == ([("欧**", "3单元501")] if key == "partner" else [])
    if key != "partner":
        assert "欧**" not in shown


@pytest.mark.parametrize("key", EVERYBODY)
def test_a_visit_to_the_household_is_read_by_who_may_know_of_the_pairing(world: World, key: str) -> None:
    _pairing, visit = _visited(world)
    listed = [row.id for row in field.diary(world.actor(key)).rows]
    if key in HERS:
        assert listed == [visit.pk]
        shown = _text(field.diary(world.actor(key)))
        assert NAME not in shown
        assert PHONE not in shown
        field.visit_page(world.actor(key), visit.pk)
    else:
        assert listed == []
        with pytest.raises(Http404):
            field.visit_page(world.actor(key), visit.pk)


@pytest.mark.parametrize("key", [key for key in EVERYBODY if key not in HERS])
def test_nobody_else_records_a_visit_there(world: World, key: str) -> None:
    with pytest.raises((Http404, Refused)):
        _visited(world, key)
    assert not Visit.objects.exists()


def test_nobody_goes_there_before_the_household_agreed(world: World) -> None:
    proposed = world.propose()
    for key in ("secretary", "partner"):
        with pytest.raises((Http404, Refused)):
            field.record_visit(
                actor=world.actor(key),
                id=new_id(),
                area_code=f"{COMMUNITY}001",
                pairing_id=proposed,
                happened_at=world.now,
            )
    assert not Visit.objects.exists()


@pytest.mark.parametrize("key", EVERYBODY)
@pytest.mark.parametrize("stage", ["proposed", "active", "ended"])
def test_list_and_page_agree_on_who_may_know(world: World, key: str, stage: str) -> None:
    pairing_id = world.propose()
    if stage != "proposed":
        world.consent(pairing_id)
    if stage == "ended":
        world.end(pairing_id)
    pairing = Pairing.objects.get(pk=pairing_id)
    actor = world.actor(key)
    seen = seen_by(actor).filter(pk=pairing_id).exists()
    assert seen == reads(actor, pairing, scheme_of(pairing.version_ref_id, pairing.key))
    assert seen == (key == "secretary" or (key == "partner" and stage == "active"))
    assert seen_by(SYSTEM).count() == 1


def test_what_a_visit_found_becomes_no_matter_that_names_the_household(world: World) -> None:
    _pairing, visit = _visited(world)
    found: dict[str, Any] = {"actor": world.actor("partner"), "visit_id": visit.pk}
    for text in (f"{NAME}家水管漏水", f"请打{PHONE}"):
        with pytest.raises(Refused, match="一户居民"):
            field.record_finding(id=new_id(), text=text, **found)
    with pytest.raises(Refused, match="一户居民"):
        field.record_finding(id=new_id(), text="水管漏水", title=f"帮{NAME}修水管", **found)
    done = field.record_finding(id=new_id(), text="一户居民家水管漏水", **found)
    assert done.created


def test_what_was_written_on_visits_goes_with_the_consent(world: World) -> None:
    pairing, visit = _visited(world)
    field.withdraw_consent(actor=world.actor("secretary"), pairing_id=pairing.pk, entry_id=new_id(), how="spoken")
    visit.refresh_from_db()
    assert "拐杖" not in visit.text
    assert not Sealed.objects.filter(subject_type="visit", subject_id=visit.pk, erased_at=None).exists()
    assert (visit.help_kind, visit.pairing_id) == ("life", pairing.pk), "that somebody helped stays"
    assert verify().ok


def test_a_corrected_name_leaves_what_was_written_on_visits(world: World) -> None:
    pairing, visit = _visited(world)
    field.change_pairing(actor=world.actor("secretary"), pairing_id=pairing.pk, entry_id=new_id(), name="欧阳秀云")
    visit.refresh_from_db()
    assert "拐杖" in visit.text


def test_who_still_goes_to_a_household_answers_for_it_and_is_named_without_it(world: World) -> None:
    pairing = world.paired()
    [said] = answers_for(world.id("partner"))
    assert "1号楼" in said
    assert "欧" not in said
    world.end(pairing.pk)
    assert answers_for(world.id("partner")) == []


def test_no_column_or_entry_holds_the_name_or_the_number_in_the_clear(world: World) -> None:
    pairing, _visit = _visited(world)
    world.end(pairing.pk, reason="other", note=f"{NAME}已由女儿接走")
    for text in (NAME, PHONE, "欧阳"):
        for model in (Entry, Pairing, Notification, Visit):
            table = model._meta.db_table
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
                assert text not in str(cursor.fetchall()), (text, table)
    for row in Sealed.objects.filter(subject_id=pairing.pk):
        assert row.encrypted
        assert NAME.encode() not in bytes(row.content or b"")


@pytest.mark.parametrize("key", ["bank", "outsider", "worker", "admin"])
def test_the_api_of_the_phone_gives_nothing_away(world: World, key: str) -> None:
    world.paired()
    client = Client()
    client.force_login(world.account(key), backend=PASSWORD_BACKEND)
    shown = client.get("/api/v1/field/day").content.decode()
    for text in (NAME, PHONE, "欧**"):
        assert text not in shown


def test_the_phone_of_who_goes_there_holds_the_mask_alone(world: World) -> None:
    world.paired()
    client = Client()
    client.force_login(world.account("partner"), backend=PASSWORD_BACKEND)
    shown = client.get("/api/v1/field/day").content.decode()
    assert "欧**" in shown
    assert NAME not in shown
    assert PHONE not in shown


def test_an_erased_household_is_on_no_phone(world: World) -> None:
    pairing = world.paired()
    world.end(pairing.pk)
    with world.at(moment=world.now + datetime.timedelta(hours=1)):
        assert field.day(world.actor("partner")).pairings == ()
