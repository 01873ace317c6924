"""Signing up without an account, waiting for a place, withdrawing by a secret link."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bihuan.activities import api
from bihuan.activities.models import Activity, SignUp
from bihuan.kernel.api import BadInput, Refused, new_id, verify
from bihuan.kernel.models import Entry, Notification, Sealed
from bihuan.people.api import ANONYMOUS
from tests.activities.conftest import Stage, stage
from tests.meetings.world import START


def test_a_name_is_enough_and_the_link_opens_the_sign_up(world: Stage) -> None:
    activity = world.announced()
    done = world.sign(activity, people=3)
    mine = api.sign_up_by(done.token)
    assert mine is not None
    assert (mine.name, mine.people, mine.state, mine.final) == ("王阿姨", 3, "coming", None)
    assert api.sign_up_by(done.token[:-1] + "!") is None
    assert api.sign_up_by("x" * 500) is None


def test_the_record_tells_that_somebody_signed_up_and_not_who(world: Stage) -> None:
    activity = world.announced()
    world.sign(activity, "", who="resident")
    entry = Entry.objects.get(verb="activity.signed_up")
    assert entry.actor_id is None
    assert "吴小满" not in entry.body
    sealed = Sealed.objects.get(entry_id=entry.pk)
    assert sealed.encrypted
    assert sealed.masked == "吴**"
    row = SignUp.objects.get()
    assert (row.name, row.person_id) == ("吴小满", world.id("resident"))
    assert done_token_is_not_stored(row)


def done_token_is_not_stored(row: SignUp) -> bool:
    from bihuan.activities.tokens import token_of

    return token_of(row.pk).encode() not in bytes(row.follow_hash or b"")


def test_the_same_form_sent_twice_is_one_sign_up_with_one_link(world: Stage) -> None:
    activity, key = world.announced(), new_id()
    first = api.sign_up(actor=ANONYMOUS, id=key, activity_id=activity.pk, name="王阿姨")
    again = api.sign_up(actor=ANONYMOUS, id=key, activity_id=activity.pk, name="别人")
    assert (first.created, again.created) == (True, False)
    assert first.token == again.token
    assert SignUp.objects.get().name == "王阿姨"
    assert Entry.objects.filter(verb="activity.signed_up").count() == 1


def test_an_id_that_names_something_else_is_refused(world: Stage) -> None:
    activity = world.announced()
    with pytest.raises(BadInput):
        api.sign_up(actor=ANONYMOUS, id=activity.pk, activity_id=activity.pk, name="王阿姨")
    other = world.announced(title="端午包粽子")
    done = world.sign(activity)
    with pytest.raises(BadInput):
        api.sign_up(actor=ANONYMOUS, id=done.sign_up.pk, activity_id=other.pk, name="王阿姨")


@pytest.mark.parametrize(("name", "people"), [("", 1), ("王" * 41, 1), ("王阿姨", 0), ("王阿姨", 11), ("\u200b", 1)])
def test_what_cannot_be_is_refused(world: Stage, name: str, people: int) -> None:
    activity = world.announced()
    with pytest.raises(BadInput):
        world.sign(activity, name, people)
    assert not SignUp.objects.exists()


def test_an_account_signs_up_once(world: Stage) -> None:
    activity = world.announced()
    done = world.sign(activity, who="resident")
    with pytest.raises(Refused):
        world.sign(activity, who="resident")
    api.withdraw(actor=world.actor("resident"), entry_id=new_id(), sign_up_id=done.sign_up.pk)
    assert world.sign(activity, who="resident").created


def test_no_sign_up_after_the_day_given_or_once_it_has_begun(world: Stage) -> None:
    activity = world.announced(sign_up_until=START + datetime.timedelta(days=2))
    with world.at(START + datetime.timedelta(days=3)), pytest.raises(Refused) as error:
        world.sign(activity)
    assert "截止" in str(error.value)
    with world.at(START + datetime.timedelta(days=7, hours=1)), pytest.raises(Refused):
        world.sign(activity)


def test_when_it_is_full_people_wait_in_their_order(world: Stage) -> None:
    activity = world.announced(capacity=3)
    first = world.sign(activity, people=2)
    pair = world.sign(activity, "李家", people=2)
    one = world.sign(activity, "赵叔")
    assert (first.waiting, pair.waiting, one.waiting) == (False, True, False)  # who fits has the place
    last = world.sign(activity, "孙婶", people=2)
    seen = api.sign_up_by(last.token)
    assert seen is not None
    assert (seen.state, seen.ahead) == ("waiting", 2)
    api.withdraw(actor=ANONYMOUS, entry_id=new_id(), token=first.token)
    states = dict(SignUp.objects.values_list("name", "state"))
    assert states == {"": "withdrawn", "李家": "coming", "赵叔": "coming", "孙婶": "waiting"}


def test_who_moves_up_is_told_where_they_have_an_account(world: Stage) -> None:
    activity = world.announced(capacity=1)
    first = world.sign(activity)
    world.sign(activity, who="resident")
    api.withdraw(actor=ANONYMOUS, entry_id=new_id(), token=first.token)
    assert Notification.objects.get().kind == "activity.place_for_you"
    assert Notification.objects.get().person_id == world.id("resident")


def test_more_places_go_to_those_who_wait(world: Stage) -> None:
    activity = world.announced(capacity=1)
    world.sign(activity)
    second = world.sign(activity, "李家")
    api.change(
        actor=world.actor("secretary"), entry_id=new_id(), activity_id=activity.pk, title=activity.title,
        place=activity.place, starts_at=activity.starts_at, ends_at=activity.ends_at, capacity=None,
        festival=activity.festival,
    )  # fmt: skip
    second.sign_up.refresh_from_db()
    assert second.sign_up.state == "coming"


def test_withdrawing_erases_the_name_at_once_and_the_record_still_verifies(world: Stage) -> None:
    activity = world.announced()
    done, key = world.sign(activity, who="resident"), new_id()
    for _again in range(2):
        row = api.withdraw(actor=ANONYMOUS, entry_id=key, token=done.token)
    assert (row.state, row.name, row.person_id) == ("withdrawn", "", None)
    assert Sealed.objects.get(name="name", subject_type="activity").content is None
    assert Entry.objects.filter(verb="activity.withdrew").count() == 1
    mine = api.sign_up_by(done.token)
    assert mine is not None
    assert mine.state == "withdrawn"
    assert verify().ok


def test_withdrawing_again_by_another_form_leaves_no_second_entry(world: Stage) -> None:
    activity = world.announced()
    done = world.sign(activity)
    api.withdraw(actor=ANONYMOUS, entry_id=new_id(), token=done.token)
    api.withdraw(actor=ANONYMOUS, entry_id=new_id(), token=done.token)
    assert Entry.objects.filter(verb="activity.withdrew").count() == 1


def test_nobody_withdraws_somebody_elses_sign_up(world: Stage) -> None:
    activity = world.announced()
    done = world.sign(activity, who="resident")
    for who, error in (("outsider", Http404), ("council", PermissionDenied), ("leader", Refused)):
        with pytest.raises(error):
            api.withdraw(actor=world.actor(who), entry_id=new_id(), sign_up_id=done.sign_up.pk)
    with pytest.raises(Http404):
        api.withdraw(actor=ANONYMOUS, entry_id=new_id(), sign_up_id=done.sign_up.pk)
    with pytest.raises(Http404):
        api.withdraw(actor=ANONYMOUS, entry_id=new_id(), token="x" * 24)
    done.sign_up.refresh_from_db()
    assert done.sign_up.state == "coming"


def test_nobody_withdraws_once_it_has_begun(world: Stage) -> None:
    activity = world.announced()
    done = world.sign(activity)
    with world.at(START + datetime.timedelta(days=7, minutes=1)), pytest.raises(Refused):
        api.withdraw(actor=ANONYMOUS, entry_id=new_id(), token=done.token)


def test_an_organiser_signs_up_who_asked_at_the_door_and_withdraws_who_called(world: Stage) -> None:
    activity = world.announced()
    with pytest.raises(Refused):
        api.sign_up_for(actor=world.actor("leader"), id=new_id(), activity_id=activity.pk, name="张奶奶")
    done = api.sign_up_for(actor=world.actor("cadre"), id=new_id(), activity_id=activity.pk, name="张奶奶", people=2)
    assert Entry.objects.get(verb="activity.signed_up_for").actor_id == world.id("cadre")
    assert done.sign_up.person_id is None
    api.withdraw(actor=world.actor("secretary"), entry_id=new_id(), sign_up_id=done.sign_up.pk)
    assert Entry.objects.get(verb="activity.withdrawn_for").actor_id == world.id("secretary")


class Places(TestCase):
    """Whatever comes in whatever order, nobody sits on a place that is not there, and none stays needlessly empty."""

    @settings(max_examples=40)  # each builds a community
    @given(
        capacity=st.integers(1, 6),
        doings=st.lists(st.tuples(st.booleans(), st.integers(1, 4)), max_size=12),
    )
    def test_places_are_never_overbooked_and_never_left_empty(
        self, capacity: int, doings: list[tuple[bool, int]]
    ) -> None:
        world = stage()
        with world.at():
            activity = world.announced(capacity=capacity)
            done: list[api.SignedUp] = []
            for leaves, number in doings:
                if leaves and done:
                    api.withdraw(actor=ANONYMOUS, entry_id=new_id(), token=done.pop(number % len(done)).token)
                elif number <= capacity:
                    done.append(world.sign(activity, people=number))
                self.check(activity, capacity)

    def check(self, activity: Activity, capacity: int) -> None:
        rows = list(activity.sign_ups.all())
        taken = sum(row.people for row in rows if row.state == "coming")
        waiting = [row.people for row in rows if row.state == "waiting"]
        assert taken <= capacity
        assert all(people > capacity - taken for people in waiting)
