"""A household that takes its consent back: whatever is being written to it at that moment, nothing of it stays."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections
from django.http import Http404

from bihuan.api.rest.syncing import sync
from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork import visits
from bihuan.fieldwork.models import Pairing, Visit
from bihuan.kernel.api import Problem, Refused, append, clock, new_id, verify
from bihuan.kernel.models import Sealed
from tests.fieldwork.households import START, World, build

WORDS = "欧阳秀兰腿疼"


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    made = build()
    with clock.at(START):
        yield made


def _take_back(world: World, pairing: Pairing) -> None:
    fieldwork.withdraw_consent(actor=world.actor("secretary"), pairing_id=pairing.pk, entry_id=new_id(), how="spoken")


def _given(pairing: Pairing) -> dict[str, Any]:
    return {
        "id": new_id(),
        "area_code": pairing.area_code,
        "pairing_id": pairing.pk,
        "help_kind": "life",
        "text": WORDS,
        "happened_at": START,
    }


def _nothing_is_left() -> None:
    assert not Visit.objects.exclude(text="").exists()
    assert not Sealed.objects.filter(subject_type="visit", erased_at=None).exists()
    assert not any(WORDS.encode() in bytes(row.content or b"") for row in Sealed.objects.all())
    assert verify().ok


@pytest.mark.django_db(transaction=True)
def test_consent_taken_back_between_the_question_and_the_writing_is_heeded(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairing, other = world.paired(), world.paired(place=1, person="bank", phone="")
    real = visits._lock

    def first_they_take_it_back(items: Any) -> None:
        if Pairing.objects.get(pk=pairing.pk).masked_name:
            _take_back(world, pairing)
        real(items)

    monkeypatch.setattr(visits, "_lock", first_they_take_it_back)
    with pytest.raises(Refused, match="已经结束"):
        fieldwork.record_visit(actor=world.actor("secretary"), **_given(pairing))
    done = fieldwork.record_visits(actor=world.actor("secretary"), visits=[_given(pairing), _given(other)])
    assert isinstance(done[0], Problem)
    assert isinstance(done[1], fieldwork.RecordedVisit)
    assert not Visit.objects.filter(pairing=pairing).exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_visits_those_to_such_a_household_alone_stay_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    pairing = world.paired()
    given = _given(pairing)
    own = {"id": new_id(), "area_code": pairing.area_code, "text": "看了一圈", "happened_at": START}
    real = visits._lock

    def first_they_take_it_back(items: Any) -> None:
        _take_back(world, pairing)
        real(items)

    monkeypatch.setattr(visits, "_lock", first_they_take_it_back)
    done = fieldwork.record_visits(actor=world.actor("secretary"), visits=[given, own])
    assert isinstance(done[0], Problem)
    assert done[0].field == "0.pairing_id"
    assert isinstance(done[1], fieldwork.RecordedVisit)
    assert [visit.text for visit in Visit.objects.all()] == ["看了一圈"]


def _while(begin: Callable[[], Any], reached: threading.Event, go_on: threading.Event, then: Callable[[], Any]) -> Any:
    """Do ``then`` in another thread while ``begin`` stands still in its transaction; return what ``begin`` raised."""
    raised: list[Any] = []

    def run(act: Callable[[], Any]) -> Callable[[], None]:
        def inside() -> None:
            try:
                with clock.at(START):
                    act()
            except Exception as error:  # noqa: BLE001 - shown by the assertion that fails
                raised.append(error)
            finally:
                connections.close_all()

        return inside

    first, second = threading.Thread(target=run(begin)), threading.Thread(target=run(then))
    first.start()
    assert reached.wait(20)
    second.start()
    second.join(0.5)
    assert second.is_alive(), "it did not wait for what was being written"
    go_on.set()
    first.join(30)
    second.join(30)
    return raised


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["record", "correct"])
def test_consent_taken_back_while_something_is_being_written_erases_that_too(
    world: World, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    pairing, reached, go_on = world.paired(), threading.Event(), threading.Event()
    given = {**_given(pairing), "text": "换了灯泡"} if act == "correct" else _given(pairing)
    acts: dict[str, Callable[[], Any]] = {
        "record": lambda: fieldwork.record_visit(actor=world.actor("partner"), **given),
        "correct": lambda: fieldwork.correct_visit(
            actor=world.actor("partner"),
            visit_id=given["id"],
            entry_id=new_id(),
            reason="写错",
            changes={"text": WORDS},
        ),
    }

    def held(real: Callable[..., Any]) -> Callable[..., Any]:
        def wait(*args: Any, **kwargs: Any) -> Any:
            reached.set()
            assert go_on.wait(30)
            return real(*args, **kwargs)

        return wait

    if act == "correct":
        acts["record"]()
        monkeypatch.setattr("bihuan.fieldwork.chain.append", held(append))
    else:
        monkeypatch.setattr(visits, "_write", held(visits._write))
    assert _while(acts[act], reached, go_on, lambda: _take_back(world, pairing)) == []
    assert Visit.objects.filter(pairing=pairing).exists()
    _nothing_is_left()


@pytest.mark.django_db(transaction=True)
def test_afterwards_nobody_writes_by_any_way(world: World) -> None:
    pairing = world.paired()
    visit = fieldwork.record_visit(actor=world.actor("partner"), **_given(pairing))
    _take_back(world, pairing)
    ways: list[Callable[[], Any]] = [
        lambda: fieldwork.record_visit(actor=world.actor("partner"), **_given(pairing)),
        lambda: fieldwork.correct_visit(
            actor=world.actor("partner"),
            visit_id=visit.visit_id,
            entry_id=new_id(),
            reason="补写",
            changes={"text": WORDS},
        ),
        lambda: fieldwork.record_finding(
            actor=world.actor("partner"), id=new_id(), visit_id=visit.visit_id, text=WORDS
        ),
        lambda: fieldwork.review_visit(
            actor=world.actor("secretary"), visit_id=visit.visit_id, entry_id=new_id(), text=WORDS
        ),
        lambda: fieldwork.change_pairing(
            actor=world.actor("secretary"), pairing_id=pairing.pk, entry_id=new_id(), needs=["health"]
        ),
        lambda: fieldwork.reveal_pairing(
            actor=world.actor("secretary"), pairing_id=pairing.pk, name="needs", reason="看看"
        ),
    ]
    for way in ways:
        with pytest.raises((Refused, Http404)):
            way()
    _nothing_is_left()


@pytest.mark.django_db(transaction=True)
def test_a_phone_that_never_had_the_answer_is_told_that_the_visit_is_in_and_may_let_go_of_its_words(
    world: World,
) -> None:
    pairing = world.paired()
    given = _given(pairing)
    fieldwork.record_visit(actor=world.actor("partner"), **given)
    _take_back(world, pairing)
    actor = world.actor("partner")
    assert not fieldwork.record_visit(actor=actor, **given).created
    (again,) = fieldwork.record_visits(actor=actor, visits=[given])
    assert isinstance(again, fieldwork.RecordedVisit)
    data = {name: str(value) for name, value in given.items() if name != "id"} | {"happened_at": START.isoformat()}
    items = [{"id": str(given["id"]), "kind": "help", "data": data}]
    assert [answer.state for answer in sync(actor=actor, items=items)] == ["again"]
    with pytest.raises(Http404):  # and nobody else is told anything
        fieldwork.record_visit(actor=world.actor("bank"), **given)
    _nothing_is_left()
