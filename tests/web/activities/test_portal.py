"""What residents see of activities, and signing up and withdrawing without an account and without JavaScript."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bihuan.activities import api
from bihuan.activities.models import Activity, SignUp
from bihuan.kernel.api import new_id
from tests.activities.conftest import Stage
from tests.activities.test_holding import photo
from tests.meetings.world import COMMUNITY, OTHER, START
from tests.web.portal.test_weight import MOST_BYTES, weigh_page

Enter = Callable[[str], Client]


def form(client: Client, activity: Activity, **given: Any) -> dict[str, Any]:
    """The form as a browser holds it, filled in."""
    html = client.get(f"/activities/{activity.pk}/").content.decode()
    found = re.search(r'name="form_id" value="([^"]+)"', html)
    assert found
    return {"form_id": found[1], "name": "王阿姨", "people": "2", **given}


def test_a_neighbour_signs_up_and_withdraws_by_their_own_link(world: Stage) -> None:
    activity, client = world.announced(), Client()
    answer = client.post(f"/activities/{activity.pk}/", form(client, activity))
    assert answer.status_code == 302
    link = answer["Location"]
    html = client.get(link).content.decode()
    assert "王阿姨" in html
    assert "2 人" in html
    assert SignUp.objects.get().state == "coming"
    withdrawn = client.post(link, follow=True).content.decode()
    assert "您的称呼已经删除" in withdrawn
    assert "王阿姨" not in withdrawn
    assert SignUp.objects.get().state == "withdrawn"
    assert client.post(link).status_code == 302  # pressed twice


def test_the_form_sent_twice_is_one_sign_up_with_one_link(world: Stage) -> None:
    activity, client = world.announced(), Client()
    sent = form(client, activity)
    first = client.post(f"/activities/{activity.pk}/", sent)
    again = client.post(f"/activities/{activity.pk}/", sent)
    assert first["Location"] == again["Location"]
    assert SignUp.objects.count() == 1


def test_a_refused_form_says_why_beside_the_field_and_keeps_what_was_typed(world: Stage) -> None:
    activity, client = world.announced(capacity=1), Client()
    answer = client.post(f"/activities/{activity.pk}/", form(client, activity, name="", people="3"))
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "写姓氏加称呼就行" in html
    assert '<option value="3" selected' in html
    answer = client.post(f"/activities/{activity.pk}/", form(client, activity, people="3"))
    assert answer.status_code == 422
    assert "一次报 1 到 1 人" in answer.content.decode()
    assert client.post(f"/activities/{activity.pk}/", form(client, activity, people="99")).status_code == 422


def test_when_it_is_full_one_waits_and_sees_how_many_are_before(world: Stage) -> None:
    activity, client = world.announced(capacity=2), Client()
    world.sign(activity, "李家", people=2)
    world.sign(activity, "赵叔")
    page = client.get(f"/activities/{activity.pk}/").content.decode()
    assert "名额满了" in page
    assert "排候补" in page
    answer = client.post(f"/activities/{activity.pk}/", form(client, activity, people="1"), follow=True)
    assert "前面还有 1 人候补" in answer.content.decode()


def test_the_lists_show_what_is_coming_first_and_nobodys_name(world: Stage) -> None:
    activity = world.announced()
    world.sign(activity, "王阿姨")
    other = world.announced("outsider", area_code=OTHER, title="别处的活动")
    held = world.announced(days=-5, title="新春写福字")
    world.hold(held, uncounted=60, summary="写了两百张。")
    client = Client()
    for path in (f"/c/{COMMUNITY}/activities/", f"/c/{COMMUNITY}/"):
        html = client.get(path).content.decode()
        assert activity.title in html
        assert "王阿姨" not in html
        assert other.title not in html
    html = client.get(f"/c/{COMMUNITY}/activities/").content.decode()
    assert html.index(activity.title) < html.index("新春写福字")
    assert "60 人到场" in html
    assert "写了两百张" in client.get(f"/activities/{held.pk}/").content.decode()
    assert client.get(f"/c/{COMMUNITY}/activities/?after=xx").status_code == 302
    assert client.get("/c/410802004/activities/").status_code == 404


def test_an_empty_list_says_what_will_be_there(world: Stage) -> None:
    assert "近期没有活动" in Client().get(f"/c/{COMMUNITY}/activities/").content.decode()
    assert "近期没有活动" in Client().get(f"/c/{COMMUNITY}/").content.decode()


def test_what_is_called_off_says_why_and_takes_no_sign_up(world: Stage) -> None:
    activity, client = world.announced(), Client()
    sent = form(client, activity)
    done = world.sign(activity)
    api.call_off(actor=world.actor("secretary"), entry_id=new_id(), activity_id=activity.pk, reason="大雨")
    for path in (f"/activities/{activity.pk}/", f"/activities/mine/{done.token}/"):
        html = client.get(path).content.decode()
        assert "活动取消了" in html
        assert "大雨" in html
        assert "sign-up-form" not in html
    assert client.post(f"/activities/{activity.pk}/", sent).status_code == 422
    assert client.post(f"/activities/mine/{done.token}/").status_code == 422


def test_a_guessed_link_opens_nothing(world: Stage) -> None:
    world.sign(world.announced())
    for token in ("x" * 24, "x", "x" * 300):
        assert Client().get(f"/activities/mine/{token}/").status_code == 404
    assert Client().get(f"/activities/{new_id()}/").status_code == 404


def test_a_flood_of_names_from_one_address_is_slowed_down(world: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    from bihuan.web.portal import activities
    from bihuan.web.source import Pace

    monkeypatch.setattr(activities, "SIGN_UP", Pace("activity-sign-up", 2, 600))
    activity, client = world.announced(), Client()
    codes = [client.post(f"/activities/{activity.pk}/", form(client, activity)).status_code for _n in range(3)]
    assert codes == [302, 302, 429]


def test_a_written_name_is_shown_as_text(world: Stage) -> None:
    done = world.sign(world.announced(), "<b>王</b>")
    assert "&lt;b&gt;王" in Client().get(f"/activities/mine/{done.token}/").content.decode()


def test_pages_keep_to_their_weight_and_their_statements(world: Stage, django_assert_max_num_queries: Any) -> None:
    from bihuan.matters.api import Photo

    activity = world.announced(text="自备小板凳。" * 50, capacity=30)
    done = [world.sign(activity, f"邻居{n}") for n in range(12)]
    held = world.announced(days=-2, title="新春写福字")
    world.hold(held, photos=[Photo(upload=photo(f"{n}.jpg"), tag="scene", file_id=new_id()) for n in range(6)])
    client = Client()
    paths = {
        f"/c/{COMMUNITY}/activities/": 6,
        f"/activities/{activity.pk}/": 5,
        f"/activities/{held.pk}/": 5,
        f"/activities/mine/{done[0].token}/": 6,
    }
    for path, most in paths.items():
        client.get(path)
        with django_assert_max_num_queries(most):
            answer = client.get(path)
        town: Any = type("Visitor", (), {"client": client})()
        assert weigh_page(town, answer.content) <= MOST_BYTES, path


def test_an_account_finds_its_own_name_in_the_form(world: Stage, as_: Enter) -> None:
    activity = world.announced()
    assert 'value="吴小满"' in as_("resident").get(f"/activities/{activity.pk}/").content.decode()


def test_the_pages_speak_english(world: Stage) -> None:
    activity = world.announced(capacity=1)
    done = world.sign(activity)
    held = world.announced(days=-5, title="新春写福字")
    with world.at(START + datetime.timedelta(hours=1)):
        world.hold(held, uncounted=60)
    client = Client(headers={"accept-language": "en"})
    said = {
        f"/c/{COMMUNITY}/activities/": "Held before",
        f"/activities/{activity.pk}/": "Join the waiting list",
        f"/activities/mine/{done.token}/": "Withdraw",
        f"/activities/{held.pk}/": "60 people came",
    }
    for path, words in said.items():
        html = client.get(path).content.decode()
        assert words in html, path
