"""Names of who signed up go thirty days after it was held, and with them the accounts: nobody's coming adds up."""

from __future__ import annotations

import datetime

import pytest

from bihuan.activities import api
from bihuan.activities.models import Activity, Member, SignUp
from bihuan.kernel.api import Refused, erase_expired, new_id, verify
from bihuan.kernel.models import Entry, Sealed
from bihuan.people.api import SYSTEM, erase_person
from tests.activities.conftest import Stage
from tests.meetings.world import START

HELD = START + datetime.timedelta(days=7, hours=3)


def test_names_and_accounts_are_gone_thirty_days_after_and_the_count_stays(world: Stage) -> None:
    activity = world.announced()
    done = [world.sign(activity, people=2), world.sign(activity, who="resident")]
    with world.at(HELD):
        world.hold(activity, came=[one.sign_up.pk for one in done], uncounted=5)
    assert erase_expired(HELD + datetime.timedelta(days=30)) == 0
    erase_expired(HELD + datetime.timedelta(days=31))
    assert set(SignUp.objects.values_list("name", "person_id")) == {("", None)}
    page = api.activity_page(world.actor("secretary"), activity.pk)
    assert (page.came, page.names_erased) == (8, True)
    assert not Sealed.objects.filter(subject_type="activity", name="name", content__isnull=False).exists()
    assert not Entry.objects.filter(actor_id=world.id("resident"), subject_type="activity").exists()
    assert verify().ok


def test_names_go_with_the_term_of_what_was_called_off(world: Stage) -> None:
    activity = world.announced(days=60)
    world.sign(activity)
    api.call_off(actor=world.actor("secretary"), entry_id=new_id(), activity_id=activity.pk, reason="没有场地")
    erase_expired(START + datetime.timedelta(days=31))
    assert SignUp.objects.get().name == ""


def test_one_withdrawal_leaves_the_other_names(world: Stage) -> None:
    activity = world.announced()
    done = world.sign(activity)
    world.sign(activity, "李大爷")
    api.withdraw(actor=SYSTEM, entry_id=new_id(), token=done.token)
    assert sorted(SignUp.objects.values_list("name", flat=True)) == ["", "李大爷"]


def test_an_erased_person_is_on_no_list_any_more(world: Stage) -> None:
    activity, team = world.announced(), world.team()
    world.sign(activity, who="resident")
    api.join_team(
        actor=world.actor("secretary"), entry_id=new_id(), team_id=team.pk, name="吴小满",
        person_id=world.id("resident"),
    )  # fmt: skip
    world.person("stays", "郑留下")
    _with_sealed_name(world)
    erase_person(actor=SYSTEM, person_id=world.id("resident"), reason="本人要求")
    assert (SignUp.objects.get().name, SignUp.objects.get().person_id) == ("", None)
    assert (Member.objects.get().name, Member.objects.get().person_id) == ("", None)
    assert verify().ok


def _with_sealed_name(world: Stage) -> None:
    """Give the resident the sealed name that every recorded person has."""
    from bihuan.kernel.api import clock
    from bihuan.people import record, registry
    from bihuan.people.models import Person

    record.write(
        Person.objects.get(pk=world.id("resident")), verb=registry.RECORDED, actor=SYSTEM.ref(), area_code="410802",
        now=clock.now(), body={}, sealed=record.sealed_identity("吴小满", ""),
    )  # fmt: skip


def test_who_leads_a_team_hands_it_on_before_being_erased(world: Stage) -> None:
    world.team(leader_id=world.id("resident"))
    with pytest.raises(Refused) as error:
        erase_person(actor=SYSTEM, person_id=world.id("resident"), reason="本人要求")
    assert "文艺志愿服务队" in str(error.value)


def test_a_text_that_names_somebody_can_be_erased(world: Stage) -> None:
    from bihuan.kernel.api import SYSTEM_REF, erase

    activity = world.announced(text="找某某报名")
    erase(actor=SYSTEM_REF, subject_type="activity", subject_id=activity.pk, names=["text"])
    assert Activity.objects.get().text == ""
    assert verify().ok
