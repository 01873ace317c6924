"""Signing in, voting and objecting on a phone, without an account and without JavaScript."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.kernel.api import new_id
from bihuan.meetings import api as meetings
from bihuan.meetings.models import Objection, Vote
from tests.meetings.world import World


def link(world: World, meeting: object, key: str) -> str:
    return meetings.ballot_link_token(world.row(meeting, key))  # type: ignore[arg-type]


def entry(html: str) -> str:
    found = re.search(r'name="entry_id" value="([^"]+)"', html)
    assert found
    return found[1]


def test_the_page_of_a_personal_link_signs_in_votes_and_shows_the_result(world: World) -> None:
    meeting, (item,) = world.opened("leader", "worker", "worker2", kind="open")
    token, client = link(world, meeting, "council"), Client(enforce_csrf_checks=True)
    url = reverse("votes:page", args=[token])
    html = client.get(url).content.decode()
    assert "我到会了" in html
    csrf = client.cookies["csrftoken"].value
    client.post(reverse("votes:sign_in", args=[token]), {"entry_id": entry(html), "csrfmiddlewaretoken": csrf})
    html = client.get(url).content.decode()
    assert "投出这一票" in html
    response = client.post(
        reverse("votes:cast", args=[token, item.pk]),
        {"entry_id": entry(html), "choice": "for", "csrfmiddlewaretoken": csrf},
    )
    assert response.status_code == 302
    html = client.get(url).content.decode()
    assert "您已投过票" in html
    assert "赞成 1" not in html  # nothing of the count before it is closed
    world.close(item)
    assert "赞成 1 票" in client.get(url).content.decode()
    assert Vote.objects.get().person_id == world.id("council")


def test_sending_the_form_twice_is_one_vote(world: World) -> None:
    meeting, (item,) = world.opened(kind="secret")
    token, client = link(world, meeting, "council"), Client()
    given = {"entry_id": str(new_id()), "choice": "against"}
    for _ in range(2):
        assert client.post(reverse("votes:cast", args=[token, item.pk]), given).status_code == 302
    assert Vote.objects.count() == 1


def test_a_second_vote_is_refused_with_the_reason(world: World) -> None:
    meeting, (item,) = world.opened(kind="secret")
    token, client = link(world, meeting, "council"), Client()
    url = reverse("votes:cast", args=[token, item.pk])
    client.post(url, {"entry_id": str(new_id()), "choice": "for"})
    response = client.post(url, {"entry_id": str(new_id()), "choice": "against"})
    assert response.status_code == 422
    assert "一人一票" in response.content.decode()


def test_an_empty_form_is_told_and_keeps_the_mandate(world: World) -> None:
    meeting, (item,) = world.opened(kind="open")
    token = link(world, meeting, "council")
    response = Client().post(reverse("votes:cast", args=[token, item.pk]), {"entry_id": str(new_id())})
    assert response.status_code == 422
    assert "没有选择" in response.content.decode()


@pytest.mark.parametrize("token", ["x", "a" * 24, "AAAA-BBBB_CCCC"])
def test_a_link_that_is_none_of_ours_leads_nowhere(world: World, token: str) -> None:
    assert Client().get(reverse("votes:page", args=[token])).status_code == 404


def test_a_link_does_not_vote_on_another_meetings_item(world: World) -> None:
    _meeting, (item,) = world.opened(kind="open")
    other = world.call(days=20)
    token = link(world, other, "council")
    response = Client().post(reverse("votes:cast", args=[token, item.pk]), {"entry_id": str(new_id()), "choice": "for"})
    assert response.status_code == 422
    assert not Vote.objects.exists()


def test_the_page_is_never_kept_by_a_browser_and_lets_its_own_forms_through(world: World) -> None:
    meeting, _items = world.opened()
    response = Client().get(reverse("votes:page", args=[link(world, meeting, "council")]))
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_anybody_may_object_while_the_window_is_open(world: World) -> None:
    meeting, (item,) = world.opened()
    leader = world.actor("leader")
    url = reverse("votes:object", args=[meeting.pk])
    assert Client().get(url).status_code == 404  # not published yet
    meetings.end_meeting(actor=leader, entry_id=new_id(), meeting_id=meeting.pk)
    meetings.publish(actor=leader, entry_id=new_id(), meeting_id=meeting.pk)
    client = Client()
    refused = client.post(url, {"entry_id": str(new_id()), "text": "", "name": "王阿姨"})
    assert refused.status_code == 422
    assert "王阿姨" in refused.content.decode()
    given = {"entry_id": str(new_id()), "text": "没有问过一楼", "phone": "13800001234", "item": str(item.pk)}
    done = client.post(url, given, follow=True)
    assert f'data-draft-done="object-{meeting.pk}"' in done.content.decode()
    assert Objection.objects.get().item_id == item.pk
    public = client.get(reverse("portal:meeting", args=[meeting.pk])).content.decode()
    assert "13800001234" not in public
    assert "没有问过一楼" not in public  # shown together with its answer
