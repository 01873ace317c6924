"""A whole meeting: from the problem that waits to the result on the wall."""

from __future__ import annotations

import datetime

import pytest
from django.http import Http404

from bihuan.kernel.api import BadInput, Conflict, Refused, clock, new_id
from bihuan.kernel.models import Entry, Notification
from bihuan.matters.models import Matter, Party
from bihuan.meetings import api as meetings
from bihuan.meetings.models import AgendaItem, Attendance, Meeting

from .world import COMMUNITY, World


def test_the_agenda_fills_itself_and_the_posts_say_who_is_due(world: World) -> None:
    matter = world.waiting_matter()
    meeting = world.call()
    assert [item.matter_id for item in meeting.items.all()] == [matter.pk]
    due = meeting.attendances.filter(kind="due").values_list("name", flat=True)
    assert set(due) == {"周长河", "李素芬", "王建设", "赵德明", "孙桂英"}
    assert list(meeting.attendances.filter(kind="sitting_in").values_list("name", flat=True)) == ["陈卫国"]
    assert meeting.title == "电建社区2024年第1次网格会议"
    assert meeting.chair_id == world.id("leader")


def test_who_is_due_and_the_reporter_are_told(world: World) -> None:
    world.waiting_matter()
    world.call()
    kinds = dict(Notification.objects.filter(kind__startswith="meeting.").values_list("person_id", "kind"))
    assert kinds[world.id("council")] == "meeting.you_are_due"
    assert kinds[world.id("police")] == "meeting.you_are_invited"
    assert kinds[world.id("resident")] == "meeting.your_matter_on_agenda"


@pytest.mark.parametrize("key", ["worker", "council", "secretary", "resident", "outsider"])
def test_only_a_convener_calls(world: World, key: str) -> None:
    with pytest.raises(Refused) as error:
        world.call(key)
    assert "网格长" in error.value.problems[0].why


def test_a_short_notice_needs_a_reason(world: World) -> None:
    with pytest.raises(BadInput) as error:
        world.call(days=1)
    assert error.value.problems[0].field == "starts_at"
    assert world.call(days=1, reason="管道爆裂，当天商议").state == "called"


def test_a_session_is_called_once(world: World) -> None:
    world.call()
    with pytest.raises(Conflict):
        world.call()


def test_calling_again_with_the_same_id_is_the_same_meeting(world: World) -> None:
    entry = new_id()
    for _ in range(2):
        meeting = meetings.call_meeting(
            actor=world.actor("leader"),
            entry_id=entry,
            area_code=COMMUNITY,
            body="grid_meeting",
            starts_at=world.now + datetime.timedelta(days=3),
        )
        assert meeting.pk == entry
    assert Meeting.objects.count() == 1


def test_the_whole_chain_from_problem_to_result_stays_linked(world: World) -> None:
    meeting, (item,) = world.opened(kind="hands")
    leader = world.actor("leader")
    choices = {world.id(key): "for" for key in ("leader", "worker", "worker2", "council")}
    choices[world.id("council2")] = "against"
    meetings.enter_votes(actor=leader, entry_id=new_id(), item_id=item.pk, channel="hands", choices=choices)
    counted = world.close(item)
    assert counted.count["carried"]["met"]
    parties = {
        "lead": [world.id("cadre")],
        "tracker": [world.id("worker2")],
        "supervisor": [world.id("resident")],
    }
    meetings.resolve(
        actor=leader,
        entry_id=new_id(),
        item_id=item.pk,
        text="由社区联系市政，三周内换好灯头",
        parties=parties,
        due_on=datetime.date(2024, 4, 8),
    )
    matter = Matter.objects.get(pk=item.matter_id)
    assert matter.step == "acting"
    held = dict(Party.objects.filter(matter=matter, until=None).values_list("role", "person_id"))
    assert {role: held[role] for role in parties} == {role: people[0] for role, people in parties.items()}
    assert matter.due_at is not None
    assert matter.due_at.astimezone(clock.ZONE).date() == datetime.date(2024, 4, 8)
    told = Notification.objects.filter(person_id=world.id("resident"), kind="meeting.your_matter_decided")
    assert told.get().params["result"] == "通过"
    meetings.end_meeting(actor=leader, entry_id=new_id(), meeting_id=meeting.pk)
    meetings.publish(actor=leader, entry_id=new_id(), meeting_id=meeting.pk)
    wall = meetings.published(meeting.pk)
    assert wall is not None
    assert wall.items[0].number == matter.number
    assert ("监督群众", "吴**") in wall.items[0].parties
    assert ("牵头干部", "刘书平") in wall.items[0].parties
    assert wall.items[0].progress == "正在办理"
    linked = meetings.meetings_of_matter(leader, matter.pk)
    assert [one.meeting_id for one in linked] == [meeting.pk]


def test_every_act_is_one_entry_on_the_meetings_chain(world: World) -> None:
    meeting, (item,) = world.opened(kind="open")
    world.vote(item, "worker", "for")
    world.close(item)
    rows = list(Entry.objects.filter(subject_type="meeting", subject_id=meeting.pk).order_by("seq"))
    assert [row.verb for row in rows] == [
        "meeting.called",
        "meeting.attendance",
        "meeting.opened",
        "meeting.ballot_opened",
        "meeting.voted",
        "meeting.ballot_closed",
    ]
    assert [bytes(row.prev_hash) for row in rows[1:]] == [bytes(row.hash) for row in rows[:-1]]
    meeting.refresh_from_db()
    assert (meeting.version, bytes(meeting.head_hash)) == (rows[-1].seq, bytes(rows[-1].hash))


def test_a_rejected_proposal_goes_where_the_method_says(world: World) -> None:
    _meeting, (item,) = world.opened(kind="open")
    for key in ("leader", "worker", "council"):
        world.vote(item, key, "against")
    world.close(item)
    meetings.resolve(actor=world.actor("leader"), entry_id=new_id(), item_id=item.pk, text="产权不清，议不成")
    assert Matter.objects.get(pk=item.matter_id).step == "joint_agenda"
    item.refresh_from_db()
    assert item.state == AgendaItem.State.REJECTED


def test_nobody_is_made_responsible_for_what_was_not_carried(world: World) -> None:
    _meeting, (item,) = world.opened(kind="open")
    world.vote(item, "worker", "against")
    world.close(item)
    with pytest.raises(BadInput):
        meetings.resolve(
            actor=world.actor("leader"),
            entry_id=new_id(),
            item_id=item.pk,
            text="不办",
            parties={"lead": [world.id("cadre")]},
        )


def test_the_method_refuses_the_wrong_people_and_nothing_is_half_done(world: World) -> None:
    _meeting, (item,) = world.opened(kind="open")
    for key in ("leader", "worker", "council"):
        world.vote(item, key, "for")
    world.close(item)
    with pytest.raises(BadInput) as error:
        meetings.resolve(
            actor=world.actor("leader"),
            entry_id=new_id(),
            item_id=item.pk,
            text="办",
            parties={
                "lead": [world.id("council")],
                "tracker": [world.id("worker")],
                "supervisor": [world.id("resident")],
            },
        )
    assert any("牵头干部" in problem.why for problem in error.value.problems)
    item.refresh_from_db()
    assert item.state == AgendaItem.State.COUNTED
    assert not hasattr(item, "resolution")


def test_what_cannot_be_settled_is_carried_to_the_joint_meeting(world: World) -> None:
    _meeting, (item,) = world.opened()
    meetings.refer(actor=world.actor("leader"), entry_id=new_id(), item_id=item.pk, reason="涉及三家单位")
    assert Matter.objects.get(pk=item.matter_id).step == "joint_agenda"
    joint = world.call("secretary", "joint_meeting", days=10, place="社区会议室")
    assert [one.matter_id for one in joint.items.all()] == [item.matter_id]


def test_a_deferred_item_fills_the_next_agenda(world: World) -> None:
    meeting, (item,) = world.opened()
    meetings.defer(actor=world.actor("leader"), entry_id=new_id(), item_id=item.pk, reason="等物业报价")
    meetings.end_meeting(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk)
    following = world.call(days=9)
    assert [one.matter_id for one in following.items.all()] == [item.matter_id]


def test_what_was_not_reached_is_put_off_at_the_end(world: World) -> None:
    meeting, items = world.opened(items=2)
    meetings.end_meeting(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk)
    assert {item.state for item in meeting.items.all()} == {"deferred"}
    assert len(items) == 2


def test_a_meeting_does_not_end_over_a_vote_that_is_not_resolved(world: World) -> None:
    meeting, (item,) = world.opened(kind="open")
    world.vote(item, "worker", "for")
    for _ in range(2):
        with pytest.raises(Refused):
            meetings.end_meeting(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk)
        if item.state != "counted":
            world.close(item)
            item.state = "counted"


def test_a_matter_is_on_one_open_agenda_only(world: World) -> None:
    matter = world.waiting_matter()
    world.call()
    other = world.call(days=8)
    assert not other.items.exists()
    with pytest.raises(Conflict):
        meetings.add_item(actor=world.actor("leader"), entry_id=new_id(), meeting_id=other.pk, matter_id=matter.pk)


def test_an_absence_needs_a_reason_and_is_kept(world: World) -> None:
    meeting = world.call()
    row = world.row(meeting, "council")
    with pytest.raises(BadInput):
        meetings.record_attendance(
            actor=world.actor("leader"),
            entry_id=new_id(),
            meeting_id=meeting.pk,
            marks=[meetings.Mark(row.pk, "absent")],
        )
    meetings.record_attendance(
        actor=world.actor("leader"),
        entry_id=new_id(),
        meeting_id=meeting.pk,
        marks=[meetings.Mark(row.pk, "absent", reason="出差")],
    )
    world.present(meeting, "leader", "worker", "worker2")
    meetings.open_meeting(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk)
    columns = dict(meetings.minutes(world.actor("leader"), meeting.pk).columns)
    assert "赵德明（出差）" in columns["缺席及原因"]
    assert "孙桂英（未请假）" in columns["缺席及原因"]
    assert columns["应到"] == "5 人"


def test_the_quorum_counts_deputies(world: World) -> None:
    meeting = world.call()
    world.present(meeting, "leader", "worker")
    page = meetings.meeting_page(world.actor("leader"), meeting.pk)
    assert not page.quorum
    row = world.row(meeting, "council")
    meetings.record_attendance(
        actor=world.actor("leader"),
        entry_id=new_id(),
        meeting_id=meeting.pk,
        marks=[meetings.Mark(row.pk, "deputy", deputy_name="赵小明")],
    )
    assert meetings.meeting_page(world.actor("leader"), meeting.pk).quorum


def test_without_a_quorum_there_is_no_vote_and_the_reason_is_told(world: World) -> None:
    _meeting, (item,) = world.opened("leader", "worker")
    with pytest.raises(Refused) as error:
        meetings.open_ballot(actor=world.actor("leader"), entry_id=new_id(), item_id=item.pk)
    assert "应到 5 人，实到 2 人" in error.value.problems[0].why


def test_objections_are_heard_in_the_window_and_answered_in_the_open(world: World) -> None:
    meeting, _items = world.opened()
    leader = world.actor("leader")
    meetings.end_meeting(actor=leader, entry_id=new_id(), meeting_id=meeting.pk)
    meetings.publish(actor=leader, entry_id=new_id(), meeting_id=meeting.pk)
    objection = meetings.object_to(
        actor=world.actor("resident"), entry_id=new_id(), meeting_id=meeting.pk, text="没有问过一楼的住户"
    )
    wall = meetings.published(meeting.pk)
    assert wall is not None
    assert (wall.objections_waiting, wall.objections) == (1, ())
    assert Notification.objects.filter(person_id=world.id("leader"), kind="meeting.objection_received").exists()
    meetings.answer_objection(actor=leader, entry_id=new_id(), objection_id=objection.pk, answer="下周上门逐户征求")
    wall = meetings.published(meeting.pk)
    assert wall is not None
    assert wall.objections[0].answer == "下周上门逐户征求"
    with world.at(world.now + datetime.timedelta(days=9)), pytest.raises(Refused):
        meetings.object_to(actor=world.actor("resident"), entry_id=new_id(), meeting_id=meeting.pk, text="再提一条")


def test_results_are_nobodys_before_they_are_published(world: World) -> None:
    meeting, _items = world.opened()
    assert meetings.published(meeting.pk) is None


def test_a_matter_kept_private_shows_neither_title_nor_text(world: World) -> None:
    meeting, (item,) = world.opened()
    Matter.objects.filter(pk=item.matter_id).update(public=False)
    leader = world.actor("leader")
    meetings.end_meeting(actor=leader, entry_id=new_id(), meeting_id=meeting.pk)
    meetings.publish(actor=leader, entry_id=new_id(), meeting_id=meeting.pk)
    wall = meetings.published(meeting.pk)
    assert wall is not None
    assert (wall.items[0].private, wall.items[0].title, wall.items[0].number) == (True, "", "")


def test_a_session_counts_in_its_quarter_once_it_was_held(world: World) -> None:
    quarter = (
        datetime.datetime(2024, 1, 1, tzinfo=clock.ZONE),
        datetime.datetime(2024, 4, 1, tzinfo=clock.ZONE),
    )
    meeting, _items = world.opened()
    world.call(days=12)
    assert meetings.quarter_count(COMMUNITY, "grid_meeting", *quarter) == 0
    meetings.end_meeting(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk)
    assert meetings.quarter_count(COMMUNITY, "grid_meeting", *quarter) == 1
    assert meetings.quarter_count(COMMUNITY, "joint_meeting", *quarter) == 0


def test_the_next_standing_session_is_proposed_on_a_workday_and_not_twice(world: World) -> None:
    world.waiting_matter()
    (first,) = meetings.ahead(world.actor("leader"))
    assert first.starts_at == datetime.datetime(2024, 3, 15, 15, 0, tzinfo=clock.ZONE)
    assert (first.waiting, first.refusal) == (1, None)
    world.call(starts_at=first.starts_at)
    (following,) = meetings.ahead(world.actor("leader"))
    assert following.starts_at == datetime.datetime(2024, 4, 15, 15, 0, tzinfo=clock.ZONE)
    assert [one.body for one in meetings.ahead(world.actor("secretary"))] == ["joint_meeting"]


def test_opinions_stand_in_the_order_of_speaking_and_the_rules_say_who_is_next(world: World) -> None:
    meeting, (item,) = world.opened()
    leader = world.actor("leader")
    for key, text in (("worker", "路灯归市政"), ("council", "可以先换灯头")):
        meetings.record_opinion(
            actor=leader,
            entry_id=new_id(),
            item_id=item.pk,
            text=text,
            attendance_id=world.row(meeting, key).pk,
        )
    (view,) = meetings.meeting_page(leader, meeting.pk).items
    assert [one.name for one in view.opinions] == ["李素芬", "赵德明"]
    assert view.speakers[0] == "孙桂英"  # council members speak first, and she has not yet


def test_a_cancelled_meeting_lets_its_matters_go_and_tells_everybody(world: World) -> None:
    world.waiting_matter()
    meeting = world.call()
    meetings.cancel_meeting(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk, reason="停电")
    assert Notification.objects.filter(kind="meeting.cancelled_for_you").count() == meeting.attendances.count()
    again = world.call()
    assert again.items.count() == 1


@pytest.mark.parametrize("key", ["worker", "council", "secretary", "cadre"])
def test_who_does_not_run_the_meeting_changes_nothing(world: World, key: str) -> None:
    meeting, (item,) = world.opened()
    actor = world.actor(key)
    if key == "worker":
        Meeting.objects.filter(pk=meeting.pk).update(minutes_id=world.id("worker2"))
    for act in (
        lambda: meetings.open_ballot(actor=actor, entry_id=new_id(), item_id=item.pk),
        lambda: meetings.end_meeting(actor=actor, entry_id=new_id(), meeting_id=meeting.pk),
        lambda: meetings.defer(actor=actor, entry_id=new_id(), item_id=item.pk, reason="不议"),
        lambda: meetings.invite(actor=actor, entry_id=new_id(), meeting_id=meeting.pk, name="某人"),
        lambda: meetings.record_attendance(
            actor=actor,
            entry_id=new_id(),
            meeting_id=meeting.pk,
            marks=[meetings.Mark(world.row(meeting, "leader").pk, "unknown")],
        ),
    ):
        with pytest.raises(Refused):
            act()


def test_another_communitys_leader_does_not_know_of_the_meeting(world: World) -> None:
    meeting, (item,) = world.opened()
    actor = world.actor("outsider")
    with pytest.raises(Http404):
        meetings.meeting_page(actor, meeting.pk)
    with pytest.raises(Http404):
        meetings.open_ballot(actor=actor, entry_id=new_id(), item_id=item.pk)
    assert meetings.meetings(actor).rows == ()


def test_who_is_on_the_list_sees_the_meeting_though_no_post_says_so(world: World) -> None:
    meeting = world.call()
    resident = world.actor("resident")
    with pytest.raises(Http404):
        meetings.meeting_page(resident, meeting.pk)
    meetings.invite(
        actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk, person_id=world.id("resident")
    )
    assert meetings.meeting_page(resident, meeting.pk).own is not None
    assert [row.id for row in meetings.meetings(resident).rows] == [meeting.pk]


def test_the_minutes_taker_writes_but_does_not_declare_what_was_decided(world: World) -> None:
    meeting, (item,) = world.opened()
    Meeting.objects.filter(pk=meeting.pk).update(minutes_id=world.id("worker"))
    worker = world.actor("worker")
    meetings.record_opinion(
        actor=worker, entry_id=new_id(), item_id=item.pk, text="记下", attendance_id=world.row(meeting, "council").pk
    )
    with pytest.raises(Refused):
        meetings.open_ballot(actor=worker, entry_id=new_id(), item_id=item.pk)


def test_a_paper_meeting_typed_later_keeps_both_times(world: World) -> None:
    yesterday = world.now - datetime.timedelta(days=3)
    world.waiting_matter()
    meeting = world.call(starts_at=yesterday, reason="补录纸质记录")
    world.present(meeting, "leader", "worker", "worker2")
    meetings.open_meeting(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk, happened_at=yesterday)
    entry = Entry.objects.get(subject_id=meeting.pk, verb="meeting.opened")
    assert entry.happened_at == yesterday
    assert entry.recorded_at == world.now
    meeting.refresh_from_db()
    assert meeting.opened_at == yesterday


def test_signing_in_by_the_personal_link_needs_no_account(world: World) -> None:
    from bihuan.people.api import ANONYMOUS

    meeting = world.call()
    row = world.row(meeting, "council")
    token = meetings.ballot_link_token(row)
    meetings.sign_in(actor=ANONYMOUS, entry_id=new_id(), meeting_id=meeting.pk, token=token)
    row.refresh_from_db()
    assert row.presence == Attendance.Presence.PRESENT
    entry = Entry.objects.get(subject_id=meeting.pk, verb="meeting.signed_in")
    assert entry.actor_id == world.id("council")
