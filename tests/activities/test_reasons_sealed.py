"""Why an activity was moved or called off, or a team ended, may name people: sealed, and gone when it is erased."""

from __future__ import annotations

import datetime

from bihuan.activities import api
from bihuan.activities.models import Activity
from bihuan.kernel.api import SYSTEM_REF, erase, new_id, verify
from bihuan.kernel.models import Entry, Notification, Sealed

from .conftest import Stage

WORDS = "吴老师住院"


def _said(world: Stage, activity: Activity) -> str:
    page = api.activity_page(world.actor("secretary"), activity.pk)
    return "\n".join(line.text for line in page.timeline)


def _moved_and_called_off(world: Stage) -> Activity:
    activity = world.announced()
    world.sign(activity, who="resident")
    hour = datetime.timedelta(hours=1)
    api.change(
        actor=world.actor("secretary"), entry_id=new_id(), activity_id=activity.pk, title=activity.title,
        place="小广场", starts_at=activity.starts_at + hour, ends_at=activity.ends_at + hour, text=activity.text,
        capacity=activity.capacity, sign_up_until=activity.sign_up_until, reason=f"因{WORDS}",
    )  # fmt: skip
    api.call_off(actor=world.actor("secretary"), entry_id=new_id(), activity_id=activity.pk, reason=WORDS)
    return activity


def test_no_entry_holds_a_reason_and_the_page_tells_it(world: Stage) -> None:
    activity, team = _moved_and_called_off(world), world.team()
    api.end_team(actor=world.actor("secretary"), entry_id=new_id(), team_id=team.pk, reason=f"{WORDS}，合并")
    assert not Entry.objects.filter(body__contains=WORDS).exists()
    assert f"原因：{WORDS}" in _said(world, activity)
    assert f"原因：因{WORDS}" in _said(world, activity)
    page = api.team_page(world.actor("secretary"), team.pk)
    assert f"{WORDS}，合并" in "\n".join(line.text for line in page.timeline)
    assert verify().ok


def test_an_erased_reason_is_on_no_row_in_no_bell_and_on_no_page(world: Stage) -> None:
    activity = _moved_and_called_off(world)
    assert WORDS in str(list(Notification.objects.values_list("params")))
    erase(actor=SYSTEM_REF, subject_type="activity", subject_id=activity.pk, names=["reason"])
    assert WORDS not in str(list(Notification.objects.values_list("params")))
    assert Activity.objects.get(pk=activity.pk).reason == ""
    assert "原因" not in _said(world, activity)
    assert verify().ok


def test_one_erased_reason_leaves_the_other(world: Stage) -> None:
    activity = _moved_and_called_off(world)
    moved = Entry.objects.get(subject_id=activity.pk, verb="activity.moved")
    erase(actor=SYSTEM_REF, subject_type="activity", subject_id=activity.pk, names=["reason"], entry_ids=[moved.pk])
    assert Activity.objects.get(pk=activity.pk).reason == WORDS
    assert Sealed.objects.filter(subject_id=activity.pk, name="reason", erased_at=None).count() == 1
    assert f"因{WORDS}" not in _said(world, activity) + str(list(Notification.objects.values_list("params")))
    assert f"原因：{WORDS}" in _said(world, activity)
