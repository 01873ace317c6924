"""From a matter to the meeting that deliberated it and back: problem, agenda, vote, decision, task, result."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from bihuan.kernel.api import new_id
from bihuan.matters.intake import token_hash
from bihuan.matters.models import Matter
from bihuan.meetings import api as meetings
from bihuan.meetings.models import AgendaItem, Meeting
from tests.meetings.world import World
from tests.web.counting import counted

Enter = Callable[[str], Client]
TOKEN = "a" * 43


def decided(world: World, kind: str = "secret") -> tuple[Meeting, AgendaItem, Matter]:
    """A matter voted on and resolved; the meeting has ended and is not published yet."""
    meeting, (item,) = world.opened(kind=kind)
    for key, choice in (("leader", "for"), ("worker", "for"), ("council", "for"), ("council2", "against")):
        world.vote(item, key, choice)
    world.close(item)
    leader = world.actor("leader")
    meetings.resolve(
        actor=leader,
        entry_id=new_id(),
        item_id=item.pk,
        text="三周内把路面补平",
        parties={
            "lead": [world.id("cadre")],
            "tracker": [world.id("worker2")],
            "supervisor": [world.id("resident")],
        },
        due_on=datetime.date(2024, 4, 8),
    )
    meetings.end_meeting(actor=leader, entry_id=new_id(), meeting_id=meeting.pk)
    Matter.objects.filter(pk=item.matter_id).update(follow_hash=token_hash(TOKEN))
    return Meeting.objects.get(pk=meeting.pk), item, Matter.objects.get(pk=item.matter_id)


def publish(world: World, meeting: Meeting) -> None:
    meetings.publish(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk)


def desk(matter: Matter) -> str:
    return reverse("desk:matter", args=[matter.pk])


def public_pages(matter: Matter) -> dict[str, str]:
    urls = (reverse("portal:matter", args=[matter.number]), reverse("portal:follow", args=[TOKEN]))
    return {url: Client().get(url).content.decode() for url in urls}


def test_staff_go_from_the_matter_to_its_meeting_and_back(world: World, as_: Enter) -> None:
    meeting, item, matter = decided(world)
    html = as_("leader").get(desk(matter)).content.decode()
    there = reverse("desk:meeting", args=[meeting.pk])
    assert f'href="{there}#item-{item.pk}"' in html
    for words in (
        meeting.title,
        "网格会议，当年第 1 次",
        "居民会客厅",
        "赞成 3，反对 1，弃权 0",
        "三周内把路面补平",
        "刘书平",
    ):
        assert words in html, words
    back = as_("leader").get(there).content.decode()
    assert f'id="item-{item.pk}"' in back
    assert f'href="{desk(matter)}"' in back
    assert "现在办到：执 · 办理中" in back


def test_an_item_on_a_coming_agenda_is_on_the_matters_page_too(world: World, as_: Enter) -> None:
    matter = world.waiting_matter()
    meeting = world.call()
    html = as_("leader").get(desk(matter)).content.decode()
    assert reverse("desk:meeting", args=[meeting.pk]) in html
    assert "待议" in html
    meetings.cancel_meeting(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk, reason="改期")
    assert reverse("desk:meeting", args=[meeting.pk]) not in as_("leader").get(desk(matter)).content.decode()


def test_the_public_and_the_reporter_read_it_once_it_is_published(world: World) -> None:
    meeting, item, matter = decided(world)
    there = reverse("portal:meeting", args=[meeting.pk])
    for url, html in public_pages(matter).items():
        assert there not in html, url
        assert "商议和决定" not in html, url
    publish(world, meeting)
    for url, html in public_pages(matter).items():
        assert f'href="{there}#item-{item.order}"' in html, url
        assert reverse("desk:meeting", args=[meeting.pk]) not in html, url
        for words in ("赞成 3，反对 1，弃权 0", "三周内把路面补平", "刘书平", "吴**"):
            assert words in html, (url, words)
        chain = html.split("商议和决定")[1].split("</section>")[0]
        assert "吴小满" not in chain
    back = Client().get(there).content.decode()
    assert f'id="item-{item.order}"' in back
    assert reverse("portal:matter", args=[matter.number]) in back
    assert "正在办理" in back


def test_no_page_of_the_matter_tells_who_voted_in_a_secret_ballot(world: World, as_: Enter) -> None:
    meeting, _item, matter = decided(world, "secret")
    publish(world, meeting)
    pages = {**public_pages(matter), "desk": as_("secretary").get(desk(matter)).content.decode()}
    for url, html in pages.items():
        for voter in ("赵德明", "孙桂英", "李素芬"):
            assert voter not in html.split("商议和决定")[1].split("</section>")[0], (url, voter)


def test_who_may_not_know_of_a_meeting_reads_of_it_only_what_is_published(world: World) -> None:
    meeting, _item, matter = decided(world)
    supervisor, outsider = world.actor("resident"), world.actor("outsider")
    assert [len(meetings.deliberations(actor, matter.pk)) for actor in (supervisor, outsider)] == [0, 0]
    publish(world, meeting)
    for actor in (supervisor, outsider):
        (one,) = meetings.deliberations(actor, matter.pk)
        assert (one.inside, one.published) == (False, True)
    (mine,) = meetings.deliberations(world.actor("council"), matter.pk)
    assert mine.inside


def test_the_chain_speaks_english(world: World, as_: Enter) -> None:
    meeting, _item, matter = decided(world)
    publish(world, meeting)
    url = reverse("portal:matter", args=[matter.number])
    pages = [
        Client(headers={"accept-language": "en"}).get(url).content.decode(),
        as_("leader").get(desk(matter), headers={"accept-language": "en"}).content.decode(),
    ]
    for html in pages:
        for words in ("Deliberated and decided", "Grid meeting, no. 1 of the year", "3 for, 1 against, 0 abstained"):
            assert words in html
        assert "商议和决定" not in html


def test_a_deliberated_matters_page_takes_twelve_statements_at_most(world: World, as_: Enter) -> None:
    _meeting, _item, matter = decided(world)
    _page, count = counted(as_("leader"), desk(matter))
    assert count <= 12
