"""Voting: one mandate one vote over every channel, nothing known before the count, secrets kept."""

from __future__ import annotations

import json

import pytest

from bihuan.kernel.api import BadInput, Refused, new_id
from bihuan.kernel.models import Entry, Sealed
from bihuan.meetings import api as meetings
from bihuan.meetings.models import BallotBox, Vote
from bihuan.people.api import ANONYMOUS

from .world import World


def test_paper_phone_and_hands_come_into_one_count(world: World) -> None:
    _meeting, (item,) = world.opened(kind="hands")
    leader = world.actor("leader")
    world.vote(item, "worker", "for")
    for channel, key, choice in (("paper", "council", "for"), ("hands", "council2", "against")):
        meetings.enter_votes(
            actor=leader, entry_id=new_id(), item_id=item.pk, channel=channel, choices={world.id(key): choice}
        )
    counted = world.close(item)
    assert counted.count["turnout"] == {"hands": 1, "paper": 1, "phone": 1}
    assert counted.count["voters"] == 3
    (view,) = meetings.meeting_page(leader, counted.meeting_id).items
    assert view.count is not None
    assert (view.count.for_, view.count.against, view.count.abstain) == (2, 1, 0)
    assert not view.count.carried  # two of five present


@pytest.mark.parametrize("kind", ["hands", "open", "secret"])
def test_nobody_votes_twice_by_phone(world: World, kind: str) -> None:
    _meeting, (item,) = world.opened(kind=kind)
    world.vote(item, "worker", "for")
    with pytest.raises(Refused) as error:
        world.vote(item, "worker", "against")
    assert "一人一票" in error.value.problems[0].why
    assert Vote.objects.count() == 1


def test_who_voted_by_phone_cannot_be_entered_on_paper_as_well(world: World) -> None:
    _meeting, (item,) = world.opened(kind="open")
    world.vote(item, "worker", "for")
    with pytest.raises(Refused):
        meetings.enter_votes(
            actor=world.actor("leader"),
            entry_id=new_id(),
            item_id=item.pk,
            channel="paper",
            choices={world.id("worker"): "against", world.id("council"): "for"},
        )
    assert Vote.objects.count() == 1  # everything or nothing


def test_a_secret_paper_bundle_leaves_out_who_voted_by_phone(world: World) -> None:
    _meeting, (item,) = world.opened(kind="secret")
    world.vote(item, "worker", "for")
    voters = [world.id("worker"), world.id("council")]
    with pytest.raises(Refused):
        meetings.enter_secret_paper(
            actor=world.actor("leader"), entry_id=new_id(), item_id=item.pk, voters=voters, counts={"for": 2}
        )
    meetings.enter_secret_paper(
        actor=world.actor("leader"),
        entry_id=new_id(),
        item_id=item.pk,
        voters=[world.id("council"), world.id("council2")],
        counts={"for": 1, "spoilt": 1},
    )
    counted = world.close(item)
    assert counted.count["turnout"] == {"hands": 0, "paper": 2, "phone": 1}
    assert counted.count["choices"]["for"]["heads"] == "2"
    assert (counted.count["spoilt"], counted.count["voters"]) == (1, 3)


@pytest.mark.parametrize("counts", [{"for": 1}, {"for": 3}, {"for": -1, "against": 3}, {}, {"maybe": 2}])
def test_a_bundle_whose_sums_differ_is_refused(world: World, counts: dict[str, int]) -> None:
    _meeting, (item,) = world.opened(kind="secret")
    with pytest.raises(BadInput):
        meetings.enter_secret_paper(
            actor=world.actor("leader"),
            entry_id=new_id(),
            item_id=item.pk,
            voters=[world.id("council"), world.id("council2")],
            counts=counts,
        )
    assert not Vote.objects.exists()


def test_the_record_of_a_secret_ballot_never_tells_a_choice(world: World) -> None:
    meeting, (item,) = world.opened(kind="secret")
    for key, choice in (("worker", "against"), ("council", "for"), ("council2", "for")):
        world.vote(item, key, choice)
    entries = Entry.objects.filter(subject_id=meeting.pk, verb="meeting.voted")
    for entry in entries:
        assert not {"for", "against", "abstain"} & set(json.dumps(json.loads(entry.body)).split('"'))
        assert set(json.loads(entry.body)) == {"item", "ballot", "channel", "mandate"}
    assert not Sealed.objects.filter(entry_id__in=entries.values("id")).exists()
    assert set(Vote.objects.values_list("choice", flat=True)) == {""}
    world.close(item)
    closing = json.loads(Entry.objects.get(subject_id=meeting.pk, verb="meeting.ballot_closed").body)
    assert closing["roll"] == []
    assert closing["count"]["choices"]["for"]["heads"] == "2"


def test_the_boxes_of_a_secret_ballot_hold_nothing_that_leads_to_a_person(world: World) -> None:
    _meeting, (item,) = world.opened(kind="secret")
    before = list(BallotBox.objects.order_by("pk").values_list("pk", "choice"))
    world.vote(item, "council", "against")
    world.vote(item, "worker", "for")
    assert list(BallotBox.objects.order_by("pk").values_list("pk", "choice")) == before
    columns = {field.name for field in BallotBox._meta.get_fields()}
    assert columns == {"id", "item", "choice", "ballots"}


@pytest.mark.parametrize("kind", ["open", "secret"])
def test_nothing_of_the_count_is_known_before_it_is_closed(world: World, kind: str) -> None:
    meeting, (item,) = world.opened(kind=kind)
    world.vote(item, "worker", "for")
    item.refresh_from_db()
    assert item.count == {}
    (view,) = meetings.meeting_page(world.actor("leader"), meeting.pk).items
    assert (view.count, view.votes, view.voted) == (None, (), 1)
    bodies = Entry.objects.filter(subject_id=meeting.pk).values_list("body", flat=True)
    assert not any('"for"' in body for body in bodies)
    page = meetings.vote_page(meetings.ballot_link_token(world.row(meeting, "council")))
    assert page is not None
    assert page.results == ()


def test_in_an_open_ballot_the_roll_is_read_out_after_the_count(world: World) -> None:
    meeting, (item,) = world.opened(kind="open")
    world.vote(item, "worker", "for")
    world.vote(item, "council", "against")
    world.close(item)
    (view,) = meetings.meeting_page(world.actor("leader"), meeting.pk).items
    assert {(line.name, line.choice) for line in view.votes} == {("李素芬", "赞成"), ("赵德明", "反对")}


def test_the_same_vote_sent_twice_is_one_vote(world: World) -> None:
    meeting, (item,) = world.opened(kind="secret")
    entry = new_id()
    for _ in range(2):
        meetings.cast(actor=world.actor("worker"), entry_id=entry, item_id=item.pk, choice="for")
    assert Vote.objects.count() == 1
    assert BallotBox.objects.get(item=item, choice="for").ballots == 1
    assert Entry.objects.filter(subject_id=meeting.pk, verb="meeting.voted").count() == 1


@pytest.mark.parametrize("key", ["police", "resident", "secretary", "outsider"])
def test_who_is_not_due_does_not_vote(world: World, key: str) -> None:
    _meeting, (item,) = world.opened(kind="open")
    with pytest.raises(Refused):
        world.vote(item, key, "for")


def test_who_did_not_sign_in_does_not_vote(world: World) -> None:
    _meeting, (item,) = world.opened("leader", "worker", "worker2", kind="open")
    with pytest.raises(Refused) as error:
        world.vote(item, "council", "for")
    assert "没有签到" in error.value.problems[0].why


def test_the_personal_link_votes_for_its_mandate_and_nobody_else(world: World) -> None:
    meeting, (item,) = world.opened(kind="open")
    token = meetings.ballot_link_token(world.row(meeting, "council"))
    vote = meetings.cast(actor=ANONYMOUS, entry_id=new_id(), item_id=item.pk, choice="for", token=token)
    assert vote.person_id == world.id("council")
    with pytest.raises(Refused):
        meetings.cast(actor=ANONYMOUS, entry_id=new_id(), item_id=item.pk, choice="for", token="x" * 24)


def test_a_deputy_votes_once_for_who_sent_them_and_the_old_link_is_dead(world: World) -> None:
    meeting = world.call()
    row = world.row(meeting, "council")
    old = meetings.ballot_link_token(row)
    meetings.record_attendance(
        actor=world.actor("leader"),
        entry_id=new_id(),
        meeting_id=meeting.pk,
        marks=[meetings.Mark(row.pk, "deputy", deputy_id=world.id("resident"))],
    )
    world.waiting_matter()
    item = meetings.add_item(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk, title="楼道粉刷")
    world.present(meeting, "leader", "worker", "worker2")
    meetings.open_meeting(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk)
    meetings.open_ballot(actor=world.actor("leader"), entry_id=new_id(), item_id=item.pk, kind="open")
    assert meetings.vote_page(old) is None
    with pytest.raises(Refused):
        meetings.cast(actor=ANONYMOUS, entry_id=new_id(), item_id=item.pk, choice="for", token=old)
    with pytest.raises(Refused):
        world.vote(item, "council", "against")
    vote = meetings.cast(actor=world.actor("resident"), entry_id=new_id(), item_id=item.pk, choice="for")
    assert (vote.person_id, vote.cast_by) == (world.id("council"), world.id("resident"))
    with pytest.raises(Refused):
        world.vote(item, "resident", "for")


def test_sign_in_cannot_be_taken_back_after_the_vote(world: World) -> None:
    meeting, (item,) = world.opened(kind="secret")
    world.vote(item, "council", "for")
    with pytest.raises(BadInput):
        meetings.record_attendance(
            actor=world.actor("leader"),
            entry_id=new_id(),
            meeting_id=meeting.pk,
            marks=[meetings.Mark(world.row(meeting, "council").pk, "absent", reason="先走了")],
        )


def test_one_vote_at_a_time_and_none_after_the_count(world: World) -> None:
    _meeting, (first, second) = world.opened(items=2, kind="open")
    with pytest.raises(Refused):
        meetings.open_ballot(actor=world.actor("leader"), entry_id=new_id(), item_id=second.pk)
    with pytest.raises(Refused):
        world.close(first)  # nobody has voted
    world.vote(first, "worker", "for")
    world.close(first)
    with pytest.raises(Refused):
        world.vote(first, "council", "for")


def test_hands_are_not_raised_in_a_ballot_on_paper(world: World) -> None:
    _meeting, (item,) = world.opened(kind="open")
    with pytest.raises(Refused):
        meetings.enter_votes(
            actor=world.actor("leader"),
            entry_id=new_id(),
            item_id=item.pk,
            channel="hands",
            choices={world.id("worker"): "for"},
        )


def test_a_bad_choice_is_told_and_uses_no_mandate(world: World) -> None:
    _meeting, (item,) = world.opened(kind="secret")
    with pytest.raises(BadInput):
        world.vote(item, "worker", "maybe")
    assert not Vote.objects.exists()


def test_the_rule_as_it_stood_is_kept_with_the_result(world: World) -> None:
    _meeting, (item,) = world.opened(kind="open")
    world.vote(item, "worker", "for")
    counted = world.close(item)
    assert counted.count["rule"]["majority_words"] == "到会过半数"
    assert counted.count["rule"]["majority"] == "agree.heads * 2 > present.heads"
