"""Recording that it was held: ticks, a headcount, words and photos; and correcting that."""

from __future__ import annotations

import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from bihuan.activities import api
from bihuan.activities.jobs import remind
from bihuan.activities.models import Activity, SignUp
from bihuan.kernel.api import BadInput, NotFound, Refused, new_id, verify
from bihuan.kernel.models import Entry, Notification, StoredFile
from bihuan.matters.api import Photo
from tests.activities.conftest import Stage
from tests.meetings.world import START

AFTER = START + datetime.timedelta(days=7, hours=3)


def photo(name: str = "a.jpg") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "teal").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def test_who_came_is_ticked_and_the_rest_are_counted(world: Stage) -> None:
    activity = world.announced()
    wang, li = world.sign(activity, people=2), world.sign(activity, "李大爷")
    with world.at(AFTER):
        world.hold(activity, came=[wang.sign_up.pk], uncounted=35, summary="猜了八十条灯谜。")
        page = api.activity_page(world.actor("secretary"), activity.pk)
    assert page.came == 37
    assert dict(SignUp.objects.values_list("name", "state")) == {"王阿姨": "came", "李大爷": "absent"}
    assert li.sign_up.people == 1
    entry = Entry.objects.get(verb="activity.held")
    assert '"number":37' in entry.body
    assert "灯谜" not in entry.body
    assert verify().ok


def test_a_headcount_alone_is_enough(world: Stage) -> None:
    activity = world.announced()
    world.sign(activity)
    with world.at(AFTER):
        world.hold(activity, uncounted=20)
    assert SignUp.objects.get().state == "coming"  # nobody said that they did not come
    shown = api.public_activity(activity.pk)
    assert shown is not None
    assert (shown.state, shown.came) == ("held", 20)


def test_nobody_at_all_may_have_come(world: Stage) -> None:
    activity = world.announced()
    with world.at(AFTER):
        assert world.hold(activity).state == "held"


def test_sent_twice_it_is_recorded_once_and_sent_anew_it_is_a_correction(world: Stage) -> None:
    activity, key = world.announced(), new_id()
    with world.at(AFTER):
        for number in (20, 99):
            api.hold(actor=world.actor("cadre"), entry_id=key, activity_id=activity.pk, uncounted=number)
        assert Activity.objects.get().came_uncounted == 20
        world.hold(activity, uncounted=21)
    assert Activity.objects.get().came_uncounted == 21
    assert [e.verb for e in Entry.objects.filter(subject_id=activity.pk).order_by("seq")] == [
        "activity.announced", "activity.held", "activity.corrected",
    ]  # fmt: skip


def test_what_has_not_begun_was_not_held(world: Stage) -> None:
    activity = world.announced()
    with pytest.raises(Refused) as error:
        world.hold(activity, uncounted=3)
    assert "还没有开始" in str(error.value)


def test_who_waited_and_came_all_the_same_is_ticked(world: Stage) -> None:
    activity = world.announced(capacity=1)
    world.sign(activity)
    waiting, other = world.sign(activity, "李大爷"), world.sign(activity, "赵叔")
    with world.at(AFTER):
        world.hold(activity, came=[waiting.sign_up.pk])
    states = dict(SignUp.objects.values_list("name", "state"))
    assert states == {"王阿姨": "absent", "李大爷": "came", "赵叔": "waiting"}
    assert other.waiting


def test_a_tick_of_another_list_is_not_found_and_nothing_is_written(world: Stage) -> None:
    activity, other = world.announced(), world.announced(title="端午包粽子")
    done = world.sign(other)
    with world.at(AFTER), pytest.raises(NotFound):
        world.hold(activity, came=[done.sign_up.pk])
    assert Activity.objects.get(pk=activity.pk).state == "announced"


def test_photos_are_public_and_too_many_are_refused(world: Stage) -> None:
    activity = world.announced()
    file_id = new_id()
    with world.at(AFTER):
        world.hold(activity, photos=[Photo(upload=photo(), tag="scene", file_id=file_id)])
        stored = StoredFile.objects.get()
        assert (stored.pk, stored.subject_type, stored.public) == (file_id, "activity", True)
        many = [Photo(upload=photo(), tag="scene", file_id=new_id()) for _n in range(7)]
        with pytest.raises(BadInput):
            world.hold(activity, photos=many)
        with pytest.raises(BadInput):
            world.hold(activity, photos=[Photo(upload=SimpleUploadedFile("a.jpg", b"no"), tag="scene")])
    assert StoredFile.objects.count() == 1


def test_numbers_that_cannot_be_are_refused(world: Stage) -> None:
    activity = world.announced()
    with world.at(AFTER):
        for number in (-1, 1_000_000):
            with pytest.raises(BadInput):
                world.hold(activity, uncounted=number)


def test_the_organiser_is_reminded_once_to_record_it(world: Stage) -> None:
    activity = world.announced()
    assert remind(AFTER) == 0  # still the same evening
    next_day = AFTER + datetime.timedelta(hours=14)
    assert (remind(next_day), remind(next_day)) == (1, 0)
    told = Notification.objects.get()
    assert (told.kind, told.person_id) == ("activity.to_record", world.id("secretary"))
    assert told.link == f"/desk/activities/{activity.pk}/"


def test_nobody_is_reminded_of_what_was_recorded_or_called_off_or_is_long_past(world: Stage) -> None:
    held, off, old = world.announced(), world.announced(title="b"), world.announced(title="c")
    with world.at(AFTER):
        world.hold(held)
    Activity.objects.filter(pk=off.pk).update(state="cancelled")
    Activity.objects.filter(pk=old.pk).update(ends_at=START - datetime.timedelta(days=30))
    assert remind(AFTER + datetime.timedelta(hours=14)) == 0


def test_an_activity_may_be_recorded_that_was_never_announced_beforehand(world: Stage) -> None:
    activity = world.announced(days=-3)
    assert world.hold(activity, uncounted=12).state == "held"
