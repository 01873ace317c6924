"""Many phones at once: every vote is counted, none twice, and the chain stays whole."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, connections

from bihuan.kernel.api import Refused, clock, new_id
from bihuan.kernel.models import Entry
from bihuan.meetings import api as meetings
from bihuan.meetings.models import BallotBox, Vote

from .world import World, build


@pytest.fixture
def hall(transactional_db: None) -> Iterator[World]:
    made = build()
    with made.at():
        yield made


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run every act in a thread of its own, all starting together; returns results or what was refused."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)  # type: ignore[var-annotated]
    moment = clock.now()

    def run(i: int, act: Callable[[], object]) -> None:
        try:
            with clock.at(moment):
                barrier.wait(10)
                results[i] = act()
        except Refused as error:
            results[i] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(i, act)) for i, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def shared() -> bool:
    """A database in memory belongs to one thread: these tests need a file or a server."""
    return connection.vendor != "sqlite" or "memory" not in str(connection.settings_dict["NAME"])


@pytest.mark.django_db(transaction=True)
def test_five_phones_at_once_are_five_votes_and_one_chain(hall: World) -> None:
    if not shared():
        pytest.skip("SQLite in memory is not shared between threads")
    meeting, (item,) = hall.opened(kind="secret")
    keys = ["leader", "worker", "worker2", "council", "council2"]
    actors = {key: hall.actor(key) for key in keys}
    results = at_once(
        *(
            lambda key=key: meetings.cast(actor=actors[key], entry_id=new_id(), item_id=item.pk, choice="for")
            for key in keys
        )
    )
    assert all(isinstance(result, Vote) for result in results), results
    assert BallotBox.objects.get(item=item, choice="for").ballots == 5
    seqs = Entry.objects.filter(subject_id=meeting.pk).order_by("seq").values_list("seq", flat=True)
    assert list(seqs) == list(range(1, len(seqs) + 1))
    assert hall.close(item).count["voters"] == 5


@pytest.mark.django_db(transaction=True)
def test_one_person_on_two_phones_at_once_has_one_vote(hall: World) -> None:
    if not shared():
        pytest.skip("SQLite in memory is not shared between threads")
    _meeting, (item,) = hall.opened(kind="secret")
    actor = hall.actor("worker")
    results = at_once(
        *(
            lambda choice=choice: meetings.cast(actor=actor, entry_id=new_id(), item_id=item.pk, choice=choice)
            for choice in ("for", "against", "for", "against")
        )
    )
    assert sum(isinstance(result, Vote) for result in results) == 1
    assert sum(isinstance(result, Refused) for result in results) == 3
    assert sum(BallotBox.objects.filter(item=item).values_list("ballots", flat=True)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_vote_and_the_close_at_once_agree_on_who_voted(hall: World) -> None:
    if not shared():
        pytest.skip("SQLite in memory is not shared between threads")
    _meeting, (item,) = hall.opened(kind="open")
    hall.vote(item, "council", "for")
    actor = hall.actor("worker")
    at_once(
        lambda: meetings.cast(actor=actor, entry_id=new_id(), item_id=item.pk, choice="for"),
        lambda: hall.close(item),
    )
    item.refresh_from_db()
    assert item.count["voters"] == Vote.objects.filter(item=item).count()
