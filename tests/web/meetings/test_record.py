"""The desk's pages of a meeting's record: corrections beside the first words, vote links taken out, the course."""

from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse

from bihuan.kernel.api import new_id
from bihuan.kernel.models import Entry
from bihuan.meetings import api as meetings
from bihuan.meetings.models import Correction
from tests.meetings.world import World

from .test_desk import Enter, page, post


def test_a_correction_is_made_and_read_on_the_page_the_minutes_and_the_wall(world: World, as_: Enter) -> None:
    meeting, (item,) = world.opened()
    client = as_("leader")
    post(client, meeting, "opinion", item, who=str(world.row(meeting, "council").pk), text="先换灯泡")
    assert "更正会议记录" not in page(client, meeting)
    post(client, meeting, "end")
    post(client, meeting, "publish")
    options = re.findall(r'<option value="(opinion\|[^"]+|place)"', page(client, meeting))
    opinion = next(value for value in options if value.startswith("opinion"))
    post(client, meeting, "correct", about="place", words="社区会议室", why="写错了楼层")
    post(client, meeting, "correct", about=opinion, words="先换灯头", why="听错了")
    html = page(client, meeting)
    for words in ("居民会客厅", "社区会议室", "先换灯泡", "先换灯头", "听错了", "更正了会议记录（地点）"):
        assert words in html
    printed = client.get(reverse("desk:meeting_print", args=[meeting.pk, "minutes"])).content.decode()
    assert "居民会客厅（更正为：社区会议室）" in printed
    assert "（更正为：先换灯头）" in printed
    wall = Client().get(reverse("portal:meeting", args=[meeting.pk])).content.decode()
    assert "更正：地点原记“居民会客厅”，应为“社区会议室”。" in wall
    assert "先换灯头" not in wall


def test_a_refused_correction_keeps_what_was_typed(world: World, as_: Enter) -> None:
    meeting, _items = world.opened()
    client = as_("leader")
    post(client, meeting, "end")
    answer = post(client, meeting, "correct", about="place", words="社区会议室", why="")
    html = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "社区会议室" in html
    assert "没有写更正的原因" in html
    assert post(client, meeting, "correct", about="vote", words="通过", why="x").status_code == 422  # type: ignore[attr-defined]
    assert not Correction.objects.exists()


def test_vote_links_appear_only_with_the_entry_that_says_who_took_them(world: World, as_: Enter) -> None:
    meeting, _items = world.opened()
    client, url = as_("leader"), reverse("desk:meeting_print", args=[meeting.pk, "links"])
    token = meetings.ballot_link_token(world.row(meeting, "council"))
    before = client.get(url).content.decode()
    assert "赵德明" in before
    assert token not in before
    assert not Entry.objects.filter(verb="meeting.links_printed").exists()
    given = {"entry_id": str(new_id())}
    for _ in range(2):  # reloaded
        assert token in client.post(url, given).content.decode()
    assert Entry.objects.filter(verb="meeting.links_printed").count() == 1
    assert "取出了手机表决码 5 个" in page(client, meeting)
    assert as_("council").post(url, given).status_code == 403
    assert client.post(url, {"entry_id": "x"}).status_code == 422
    notice = reverse("desk:meeting_print", args=[meeting.pk, "notice"])
    assert client.post(notice, given).status_code == 405


def test_the_course_and_the_corrections_are_english_for_an_english_reader(world: World, as_: Enter) -> None:
    meeting, _items = world.opened()
    client = as_("leader")
    post(client, meeting, "end")
    post(client, meeting, "correct", about="place", words="社区会议室", why="写错了")
    html = client.get(reverse("desk:meeting", args=[meeting.pk]), headers={"Accept-Language": "en"}).content.decode()
    assert "corrected the record (Place)" in html
    assert "It should read" in html
