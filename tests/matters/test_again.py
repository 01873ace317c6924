"""Somebody else reports what is open already: nothing they said is lost, and they can be reached."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from bihuan.kernel import outbox
from bihuan.kernel.api import SYSTEM_REF, Conflict, Refused, clock, deliver_due, erase, erase_expired, new_id, verify
from bihuan.kernel.models import Entry, OutboxItem, Sealed
from bihuan.matters.api import matter_page, merge, report_again
from bihuan.matters.methodinfo import info_of
from bihuan.matters.models import Follow, Matter
from bihuan.matters.replay import check_matter
from bihuan.matters.retention import set_terms
from tests.web.desk import seed

WORDS = "三楼的灯也不亮，老人上楼看不清。"
PHONE = "13800010077"


@pytest.fixture
def town(db: None) -> Any:
    """The community at noon."""
    with clock.at(seed.NOON):
        yield seed.make_town()


def again(town: seed.Town, matter_id: Any, key: str = "worker", **more: Any) -> Any:
    """Let the grid worker record what another neighbour says."""
    given = {"id": new_id(), "text": WORDS, "phone": PHONE, "reporter_name": "安大姐", **more}
    return report_again(actor=town.actor(key), matter_id=matter_id, **given)


def test_words_name_and_number_are_in_the_record_of_the_open_matter(town: seed.Town) -> None:
    known = town.report(12, "楼道灯坏了。")
    came = again(town, known.matter_id)
    page = matter_page(town.actor("worker"), known.matter_id)
    line = page.timeline[-1]
    assert line.reason == WORDS
    assert WORDS in line.sentence
    assert [(one.name, one.masked) for one in page.sealed] == [
        ("follower_phone", "138****0077"),
        ("follower_name", "安**"),
    ]
    assert PHONE not in "".join(entry.body for entry in Entry.objects.all())
    follow = Follow.objects.get()
    assert (follow.matter_id, follow.person_id) == (known.matter_id, None)
    assert came.follow_token
    assert Matter.objects.get().follower_count == 1
    assert not list(check_matter(Matter.objects.get()))
    assert verify().ok


def test_the_same_again_changes_nothing_and_another_id_is_another_person(town: seed.Town) -> None:
    known, key = town.report(12, "楼道灯坏了。"), new_id()
    first, second = again(town, known.matter_id, id=key), again(town, known.matter_id, id=key)
    assert (first.created, second.created, second.follow_token) == (True, False, "")
    again(town, known.matter_id, text="我家门口也黑。", phone="", reporter_name="")
    assert Matter.objects.get().follower_count == Follow.objects.count() == 2
    other = town.report(13, "水管漏水。")
    with pytest.raises(Conflict):
        again(town, other.matter_id, id=key)


def test_a_known_person_follows_by_name_once(town: seed.Town) -> None:
    known, person = town.report(12, "楼道灯坏了。"), town.people["neighbour"]
    again(town, known.matter_id, reporter_id=person.pk)
    again(town, known.matter_id, reporter_id=person.pk, text="还是不亮。")
    assert Follow.objects.get().person_id == person.pk
    assert Sealed.objects.filter(name="reason").count() == 2


def test_a_further_reporter_is_told_of_progress_by_their_number(
    town: seed.Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = town.report(12, "楼道灯坏了。")
    came = again(town, known.matter_id)
    entry = Follow.objects.get().pk
    town.triage(known.matter_id)
    targets = set(OutboxItem.objects.filter(channel="reporter").values_list("target", flat=True))
    assert targets == {entry.hex}
    assert came.created
    sent: list[str] = []
    monkeypatch.setitem(outbox._channels, "sms", lambda item: sent.append(item.target))
    with clock.at(seed.NOON + timedelta(minutes=5)):
        deliver_due(clock.now(), 10)
    assert sent == [PHONE]


def test_with_the_number_goes_what_was_on_its_way_to_it(town: seed.Town) -> None:
    known = town.report(12, "楼道灯坏了。")
    again(town, known.matter_id)
    town.triage(known.matter_id)
    assert OutboxItem.objects.filter(channel="reporter").exists()
    erase(actor=SYSTEM_REF, subject_type="matter", subject_id=known.matter_id, names=["follower_phone"])
    assert not OutboxItem.objects.filter(channel="reporter").exclude(target="").exists()
    assert not OutboxItem.objects.filter(channel="reporter").exclude(state="failed").exists()


def test_number_and_name_go_at_their_term(town: seed.Town) -> None:
    known = town.report(12, "楼道灯坏了。")
    again(town, known.matter_id)
    matter = Matter.objects.get()
    set_terms(matter.pk, info_of(matter.version_ref_id), clock.now())
    erase_expired(clock.now() + timedelta(days=400))
    assert not Sealed.objects.filter(name__startswith="follower_", erased_at=None).exists()


def test_it_is_refused_where_one_may_not_record_and_when_it_is_closed(town: seed.Town) -> None:
    known = town.report(12, "楼道灯坏了。")
    with pytest.raises(Http404):
        again(town, known.matter_id, "worker_far")
    with pytest.raises(PermissionDenied):
        again(town, known.matter_id, "property")
    town.do("worker", known.matter_id, "triage", data={"category": "facility", "urgency": "normal", "level": "grid"})
    other = town.report(12, "楼道灯坏了，两天了。")
    merge(
        actor=town.actor("leader"), matter_id=other.matter_id, into_id=known.matter_id, entry_id=new_id(), reason="同"
    )
    with pytest.raises(Refused):
        again(town, other.matter_id)
    with pytest.raises(Http404):
        again(town, new_id())
