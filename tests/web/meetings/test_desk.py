"""The desk's pages of meetings, through whole requests."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.kernel.api import clock, new_id
from bihuan.kernel.models import Entry
from bihuan.matters.models import Matter
from bihuan.meetings import api as meetings
from bihuan.meetings.models import Meeting, Vote
from tests.meetings.world import COMMUNITY, World

Enter = Callable[[str], Client]
ITEM_ACTS = ("opinion", "ballot", "votes", "bundle", "close", "resolve", "refer", "defer", "note", "move")
MEETING_ACTS = ("attendance", "open", "cancel", "end", "publish", "invite", "add")


def post(client: Client, meeting: Meeting, act: str, item: object = None, **data: object) -> object:
    name, args = ("desk:meeting_act", [meeting.pk, act])
    if item is not None:
        name, args = "desk:meeting_item_act", [meeting.pk, item.pk, act]  # type: ignore[attr-defined]
    return client.post(reverse(name, args=args), {"entry_id": str(new_id()), **data})


def page(client: Client, meeting: Meeting) -> str:
    response = client.get(reverse("desk:meeting", args=[meeting.pk]))
    assert response.status_code == 200
    return str(response.content.decode())


def test_a_standing_session_is_called_by_one_button(world: World, as_: Enter) -> None:
    world.waiting_matter("西门路灯不亮")
    client = as_("leader")
    html = client.get(reverse("desk:meetings")).content.decode()
    assert "1 件事项等着商议" in html
    fields = dict(re.findall(r'name="(entry_id|body|starts_at|place)" value="([^"]*)"', html))
    response = client.post(reverse("desk:meeting_call"), fields)
    meeting = Meeting.objects.get()
    assert response.headers["Location"] == reverse("desk:meeting", args=[meeting.pk])
    assert meeting.starts_at.astimezone(clock.ZONE).isoformat() == "2024-03-15T15:00:00+08:00"
    assert "西门路灯不亮" in page(client, meeting)
    client.post(reverse("desk:meeting_call"), fields)  # pressed twice
    assert Meeting.objects.count() == 1


def test_the_place_of_the_last_session_is_proposed_for_the_next(world: World, as_: Enter) -> None:
    form = reverse("desk:meeting_call")
    assert 'name="place" value="居民会客厅"' in as_("leader").get(form).content.decode()  # as the method says
    Meeting.objects.filter(pk=world.call().pk).update(place="三号楼前的树下")
    assert 'name="place" value="三号楼前的树下"' in as_("leader").get(form).content.decode()


def test_a_refused_call_keeps_what_was_typed_and_says_why_beside_the_field(world: World, as_: Enter) -> None:
    response = as_("leader").post(
        reverse("desk:meeting_call"),
        {
            "entry_id": str(new_id()),
            "body": f"{COMMUNITY}|grid_meeting|yiwang-sanbu-wuqin",
            "starts_at": "2024-03-12T09:00",
            "place": "三号楼前的树下",
        },
    )
    html = response.content.decode()
    assert response.status_code == 422
    assert "三号楼前的树下" in html
    assert "按规定要提前 2 天通知" in html
    assert not Meeting.objects.exists()


def test_a_meeting_runs_from_sign_in_to_the_wall_by_its_pages(world: World, as_: Enter) -> None:
    world.waiting_matter("西门路灯不亮", "001")
    meeting = world.call()
    item = meeting.items.get()
    client = as_("leader")
    post(client, meeting, "attendance", presence="all")
    post(client, meeting, "open")
    post(client, meeting, "opinion", item, who=str(world.row(meeting, "council").pk), text="先换灯头")
    html = page(client, meeting)
    assert f'data-draft="opinion-{item.pk}"' in html
    assert f'data-draft-done="opinion-{item.pk}"' in html  # what the device kept of the form goes, once
    assert "data-draft-done" not in page(client, meeting)
    post(client, meeting, "ballot", item, kind="hands")
    hands = {f"vote-{row.person_id}": "for" for row in meeting.attendances.filter(kind="due")}
    hands[f"vote-{world.id('council2')}"] = "against"
    post(client, meeting, "votes", item, channel="hands", **hands)
    post(client, meeting, "close", item)
    html = page(client, meeting)
    assert "赞成人数（4） × 2 ＞ 到会人数（5）" in html
    chosen = re.findall(r'<select id="party-[^"]*" name="(party-\w+)">(.*?)</select>', html, re.DOTALL)
    prefilled = {name: re.search(r'value="([^"]+)" selected', options) for name, options in chosen}
    assert {name: found and found[1] for name, found in prefilled.items()} == {
        "party-lead": str(world.id("cadre")),
        "party-tracker": str(world.id("worker2")),
        "party-supervisor": str(world.id("resident")),
    }
    given = {name: found[1] for name, found in prefilled.items() if found}
    post(client, meeting, "resolve", item, text="三周内换好灯头", due_on="2024-04-08", **given)
    html = page(client, meeting)
    assert html.count('badge--settled">通过<') == 1  # said once, at the item's head
    assert f'data-draft-done="resolve-{item.pk}"' in html
    post(client, meeting, "end")
    post(client, meeting, "publish")
    assert Matter.objects.get(pk=item.matter_id).step == "acting"
    public = Client().get(reverse("portal:meeting", args=[meeting.pk])).content.decode()
    assert "三周内换好灯头" in public
    assert "吴小满" not in public
    for what in ("minutes", "results", "notice", "signin"):
        response = client.get(reverse("desk:meeting_print", args=[meeting.pk, what]))
        assert response.status_code == 200, what
    assert "先换灯头" in client.get(reverse("desk:meeting_print", args=[meeting.pk, "minutes"])).content.decode()


def test_a_refused_act_comes_back_with_its_reason_and_what_was_typed(world: World, as_: Enter) -> None:
    meeting, (item,) = world.opened(kind="secret")
    response = post(
        as_("leader"),
        meeting,
        "bundle",
        item,
        voter=[str(world.id("council"))],
        **{"count-for": "3", "count-against": "", "count-abstain": "x"},
    )
    html = response.content.decode()  # type: ignore[attr-defined]
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert "“x”不是票数" in html
    assert 'name="count-for" min="0" max="9999" inputmode="numeric" value="3"' in html
    assert re.search(rf'value="{world.id("council")}" checked', html)


def test_the_live_count_tells_how_many_and_never_what(world: World, as_: Enter) -> None:
    meeting, (item,) = world.opened(kind="open")
    world.vote(item, "council", "against")
    url = reverse("desk:meeting_live", args=[meeting.pk, item.pk])
    html = as_("leader").get(url).content.decode()
    assert "已投 1 / 5 人" in html
    assert "反对" not in html
    world.close(item)
    assert as_("leader").get(url).status_code == 286  # htmx stops asking


@pytest.mark.parametrize("act", MEETING_ACTS)
def test_a_grid_worker_cannot_run_the_meeting(world: World, as_: Enter, act: str) -> None:
    meeting, _items = world.opened()
    Meeting.objects.filter(pk=meeting.pk).update(minutes_id=world.id("council"))
    version = Meeting.objects.get(pk=meeting.pk).version
    response = post(as_("worker"), meeting, act, presence="all", name="某人", title="题", reason="因")
    # A worker's post in one building shows them only what lies there; on the list they see the meeting.
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert Meeting.objects.get(pk=meeting.pk).version == version


@pytest.mark.parametrize("act", ITEM_ACTS)
def test_a_council_member_cannot_do_the_chairs_acts(world: World, as_: Enter, act: str) -> None:
    meeting, (item,) = world.opened(kind="hands")
    version = Meeting.objects.get(pk=meeting.pk).version
    given = {f"vote-{world.id('worker')}": "for", "channel": "hands", "text": "话", "reason": "因", "to": "up"}
    response = post(as_("council"), meeting, act, item, **given)
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert Meeting.objects.get(pk=meeting.pk).version == version
    assert not Vote.objects.exists()


@pytest.mark.parametrize("key", ["outsider", "resident"])
def test_who_may_not_know_of_a_meeting_finds_no_page_of_it(world: World, as_: Enter, key: str) -> None:
    meeting, (item,) = world.opened()
    client = as_(key)
    urls = [
        reverse("desk:meeting", args=[meeting.pk]),
        reverse("desk:meeting_live", args=[meeting.pk, item.pk]),
        *(
            reverse("desk:meeting_print", args=[meeting.pk, what])
            for what in ("notice", "signin", "links", "ballots", "minutes", "results")
        ),
    ]
    assert [client.get(url).status_code for url in urls] == [404] * len(urls)
    assert post(client, meeting, "end").status_code == 404  # type: ignore[attr-defined]
    assert Client().get(urls[0]).status_code == 302  # strangers are asked to sign in


def test_the_personal_links_are_for_who_runs_the_meeting(world: World, as_: Enter) -> None:
    meeting, _items = world.opened()
    for what in ("links", "ballots"):
        url = reverse("desk:meeting_print", args=[meeting.pk, what])
        assert as_("council").get(url).status_code == 403
        assert as_("leader").get(url).status_code == 200


def test_an_item_of_another_meeting_is_not_reached_through_this_one(world: World, as_: Enter) -> None:
    meeting, _items = world.opened()
    other = world.call(days=20)
    foreign = meetings.add_item(
        actor=world.actor("leader"), entry_id=new_id(), meeting_id=other.pk, title="别的会的议题"
    )
    response = post(as_("leader"), meeting, "defer", foreign, reason="试试")
    assert response.status_code == 422  # type: ignore[attr-defined]
    foreign.refresh_from_db()
    assert foreign.state == "waiting"


@pytest.mark.parametrize("act", ["nonsense", "resolve"])
def test_an_unknown_act_is_told(world: World, as_: Enter, act: str) -> None:
    meeting, _items = world.opened()
    response = post(as_("leader"), meeting, act)
    assert response.status_code == 422  # type: ignore[attr-defined]


def test_the_pages_speak_english(world: World, as_: Enter) -> None:
    meeting, _items = world.opened(kind="hands")
    client = as_("leader")
    client.cookies["django_language"] = "en"
    html = page(client, meeting)
    assert "Show of hands" in html
    assert "a quorum" in html or "heads present" in html


def test_a_meeting_page_takes_few_queries_whatever_the_agenda(
    world: World, as_: Enter, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    meeting, _items = world.opened(items=4, kind="hands")
    client = as_("leader")
    page(client, meeting)
    with django_assert_max_num_queries(34):  # type: ignore[attr-defined]
        page(client, meeting)


def test_the_resident_who_reported_is_invited_by_one_tap(world: World, as_: Enter) -> None:
    meeting, _items = world.opened()
    client = as_("leader")
    assert "请反映人 吴小满" in page(client, meeting)
    post(client, meeting, "invite", person=str(world.id("resident")))
    assert meeting.attendances.get(person_id=world.id("resident")).kind == "sitting_in"
    assert "请反映人 吴小满" not in page(client, meeting)
    assert as_("resident").get(reverse("desk:meeting", args=[meeting.pk])).status_code == 200


def test_a_resident_sitting_in_reads_and_may_do_nothing(world: World, as_: Enter) -> None:
    meeting, _items = world.opened(kind="open")
    post(as_("leader"), meeting, "invite", person=str(world.id("resident")))
    html = page(as_("resident"), meeting)
    assert "会议由主持人、记录人和召集人" in html or "决议由主持人或召集人宣布" in html
    assert "<button" not in html.split('id="agenda"')[1].split("</main>")[0]


def test_a_meeting_held_on_paper_is_typed_later_with_the_times_of_the_paper(world: World, as_: Enter) -> None:
    meeting = world.call()
    client = as_("leader")
    assert "现在补录" not in page(client, meeting)  # it has not begun
    local = meeting.starts_at.astimezone(clock.ZONE)
    with clock.at(meeting.starts_at + timedelta(days=2)):
        assert "现在补录" in page(client, meeting)
        assert post(client, meeting, "paper", happened_at="2099-01-01T10:00").status_code == 422  # type: ignore[attr-defined]
        assert post(client, meeting, "paper", happened_at="x").status_code == 422  # type: ignore[attr-defined]
        post(client, meeting, "paper", happened_at=f"{local:%Y-%m-%dT%H:%M}")
        html = page(client, meeting)
        assert "正在补录" in html
        post(client, meeting, "attendance", presence="all")
        post(client, meeting, "open")
        meeting.refresh_from_db()
        assert meeting.opened_at == meeting.starts_at
        later = local + timedelta(minutes=50)
        post(client, meeting, "paper", happened_at=f"{later:%Y-%m-%dT%H:%M}")
        for item in meeting.items.all():
            assert post(client, meeting, "defer", item, reason="下次再议").status_code == 302  # type: ignore[attr-defined]
        post(client, meeting, "end")
        meeting.refresh_from_db()
        assert meeting.ended_at == meeting.starts_at + timedelta(minutes=50)
        entry = Entry.objects.filter(subject_id=meeting.pk, verb="meeting.ended").get()
        assert (entry.happened_at, entry.recorded_at) == (meeting.ended_at, clock.now())


def test_typing_from_paper_stops_when_it_is_said(world: World, as_: Enter) -> None:
    meeting = world.call()
    client = as_("leader")
    with clock.at(meeting.starts_at + timedelta(hours=1)):
        post(client, meeting, "paper", happened_at=f"{meeting.starts_at.astimezone(clock.ZONE):%Y-%m-%dT%H:%M}")
        post(client, meeting, "paper", stop="1")
        post(client, meeting, "attendance", presence="all")
        post(client, meeting, "open")
        meeting.refresh_from_db()
        assert meeting.opened_at == clock.now()


def test_an_english_reader_reads_the_methods_english_name_of_a_meeting(world: World, as_: Enter) -> None:
    meeting = world.call()
    client = as_("leader")
    assert meeting.title in page(client, meeting)
    client.cookies["django_language"] = "en"
    for html in (page(client, meeting), client.get(reverse("desk:meetings")).content.decode()):
        assert "no. 1 of 2024" in html
        assert "次网格会议" not in html
