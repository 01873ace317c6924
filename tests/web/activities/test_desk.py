"""The desk's pages of activities and teams, through whole requests."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.activities import api
from bihuan.activities.models import Activity, Member, SignUp, Team
from bihuan.kernel.api import clock, new_id
from bihuan.kernel.models import StoredFile
from tests.activities.conftest import Stage
from tests.activities.test_holding import AFTER, photo
from tests.meetings.world import COMMUNITY
from tests.web.counting import counted, hold

Enter = Callable[[str], Client]
ACTS = ("change", "call_off", "sign_up", "withdraw", "hold")


def post(client: Client, activity: Activity, act: str, **data: Any) -> Any:
    return client.post(reverse("desk:activity_act", args=[activity.pk, act]), {"entry_id": str(new_id()), **data})


def page(client: Client, activity: Activity) -> str:
    answer = client.get(reverse("desk:activity", args=[activity.pk]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def what(**more: Any) -> dict[str, Any]:
    """The form of an activity, filled in."""
    return {
        "kind": f"{COMMUNITY}|festival|yiwang-sanbu-wuqin",
        "title": "端午包粽子",
        "starts_at": "2024-06-10T09:00",
        "ends_at": "2024-06-10T11:00",
        "place": "居民会客厅",
        "festival": "端午节",
        "text": "",
        "capacity": "",
        "sign_up_until": "",
        **more,
    }


def test_the_secretary_announces_once_and_everybody_can_read_it(world: Stage, as_: Enter) -> None:
    client, team = as_("secretary"), world.team()
    html = client.get(reverse("desk:announce")).content.decode()
    found = re.search(r'name="entry_id" value="([^"]+)"', html)
    assert found
    sent = what(entry_id=found[1], team=str(team.pk))
    answer = client.post(reverse("desk:announce"), sent)
    activity = Activity.objects.get()
    assert answer["Location"] == reverse("desk:activity", args=[activity.pk])
    assert activity.starts_at.astimezone(clock.ZONE).isoformat() == "2024-06-10T09:00:00+08:00"
    assert (activity.team, activity.capacity) == (team, None)
    client.post(reverse("desk:announce"), sent)  # pressed twice
    assert Activity.objects.count() == 1
    assert "端午包粽子" in client.get(reverse("desk:activities")).content.decode()
    assert "端午包粽子" in Client().get(f"/activities/{activity.pk}/").content.decode()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"title": ""}, "没有写活动名称"),
        ({"ends_at": "2024-06-10T08:00"}, "结束时间不晚于开始时间"),
        ({"kind": f"{COMMUNITY}|marathon|x"}, "选择一个有效的选项"),
        ({"starts_at": "端午那天"}, "请选日期和钟点"),
        ({"starts_at": "2034-06-10T09:00", "ends_at": "2034-06-10T10:00"}, "核对年份"),
    ],
)
def test_a_refused_announcement_says_why_and_keeps_what_was_typed(
    world: Stage, as_: Enter, given: dict[str, str], why: str
) -> None:
    answer = as_("secretary").post(reverse("desk:announce"), what(place="小区东门", **given))
    assert answer.status_code == 422
    html = answer.content.decode()
    assert why in html
    assert 'value="小区东门"' in html
    assert not Activity.objects.exists()


def test_who_organises_nothing_is_told_so_and_who_may_not_is_kept_out(world: Stage, as_: Enter) -> None:
    assert "这里没有您能办的活动" in as_("leader").get(reverse("desk:announce")).content.decode()
    for who in ("worker", "council", "resident"):
        assert as_(who).get(reverse("desk:announce")).status_code == 403
        assert as_(who).post(reverse("desk:announce"), what()).status_code == 403
    assert as_("resident").get(reverse("desk:activities")).status_code == 403


def test_another_communitys_staff_find_nothing(world: Stage, as_: Enter) -> None:
    activity, team, client = world.announced(), world.team(), as_("outsider")
    assert client.get(reverse("desk:activity", args=[activity.pk])).status_code == 404
    assert client.get(reverse("desk:activity_print", args=[activity.pk])).status_code == 404
    assert client.get(reverse("desk:team", args=[team.pk])).status_code == 404
    for act in ACTS:
        assert post(client, activity, act).status_code == 404
    assert activity.title not in client.get(reverse("desk:activities")).content.decode()


def test_who_only_reads_sees_numbers_and_no_names_and_does_nothing(world: Stage, as_: Enter) -> None:
    activity = world.announced()
    world.sign(activity, "王阿姨", people=2)
    html = page(as_("council"), activity)
    assert "王阿姨" not in html
    assert "<b>2</b>" in html
    assert "由社区党委书记、社区两委干部组织" in html
    for act in ACTS:
        assert post(as_("council"), activity, act, reason="x").status_code == 403
        assert post(as_("leader"), activity, act, reason="x").status_code == 422
    assert Activity.objects.get().state == "announced"
    assert SignUp.objects.get().state == "coming"


def test_names_are_on_the_organisers_page_where_one_is_withdrawn_and_one_signed_up(world: Stage, as_: Enter) -> None:
    activity, client = world.announced(), as_("cadre")
    done = world.sign(activity, "王阿姨")
    assert "王阿姨" in page(client, activity)
    assert post(client, activity, "sign_up", name="张奶奶", people="2").status_code == 302
    assert "张奶奶" in page(client, activity)
    assert post(client, activity, "sign_up", name="", people="2").status_code == 422
    assert post(client, activity, "withdraw", sign_up=str(done.sign_up.pk)).status_code == 302
    assert "王阿姨" not in page(client, activity)
    assert post(client, activity, "withdraw", sign_up="x").status_code == 422


def test_it_is_moved_and_called_off_with_a_reason(world: Stage, as_: Enter) -> None:
    activity, client = world.announced(), as_("secretary")
    assert 'value="2024-03-18T09:00"' in page(client, activity)
    moved = what(title=activity.title, place="社区礼堂", reason="下雨")
    assert post(client, activity, "change", **moved).status_code == 302
    assert Activity.objects.get().place == "社区礼堂"
    wrong = post(client, activity, "change", **{**moved, "ends_at": "2024-06-10T08:00", "reason": "又下雨"})
    assert wrong.status_code == 422
    assert "又下雨" in wrong.content.decode()
    assert post(client, activity, "call_off", reason=" ").status_code == 422
    assert post(client, activity, "call_off", reason="一直下雨").status_code == 302
    html = page(client, activity)
    assert "一直下雨" in html
    assert "改了时间或地点" in html
    assert post(client, activity, "nothing").status_code == 404


def test_it_is_recorded_by_ticks_a_headcount_words_and_photos(world: Stage, as_: Enter) -> None:
    activity, client = world.announced(), as_("secretary")
    wang, li = world.sign(activity, people=2), world.sign(activity, "李大爷")
    with world.at(AFTER):
        html = page(client, activity)
        assert "登记活动情况" in html
        answer = post(
            client, activity, "hold", came=[str(wang.sign_up.pk)], uncounted="35", summary="猜灯谜", photos=[photo()]
        )
        assert answer.status_code == 302
        html = page(client, activity)
    assert "<b>37</b>" in html
    assert "更正活动情况" in html
    assert 'value="35"' in html
    states = dict(SignUp.objects.values_list("pk", "state"))
    assert states == {wang.sign_up.pk: "came", li.sign_up.pk: "absent"}
    stored = StoredFile.objects.get()
    assert Client().get(reverse("portal:photo", args=[stored.pk])).status_code == 200


def test_a_refused_record_keeps_ticks_words_and_photos(world: Stage, as_: Enter) -> None:
    activity, client = world.announced(), as_("secretary")
    wang = world.sign(activity)
    with world.at(AFTER):
        sent = {"came": [str(wang.sign_up.pk)], "summary": "猜灯谜", "photos": [photo()]}
        answer = post(client, activity, "hold", uncounted="-3", **sent)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert f'value="{wang.sign_up.pk}" checked' in html
        assert "猜灯谜" in html
        assert html.count('name="kept"') == 1
        assert post(client, activity, "hold", came=["x"]).status_code == 422
        strange = post(client, activity, "hold", came=[str(new_id())])
        assert "名单上没有这个人" in strange.content.decode()
    assert Activity.objects.get().state == "announced"


def test_nobody_ticked_says_nothing_unless_one_says_that_nobody_came(world: Stage, as_: Enter) -> None:
    activity, client = world.announced(), as_("secretary")
    world.sign(activity)
    with world.at(AFTER):
        post(client, activity, "hold", uncounted="9")
        assert SignUp.objects.get().state == "coming"
        post(client, activity, "hold", uncounted="9", nobody="1")
        assert SignUp.objects.get().state == "absent"


def test_the_notice_prints_with_the_address_of_its_page(world: Stage, as_: Enter) -> None:
    activity = world.announced()
    html = as_("council").get(reverse("desk:activity_print", args=[activity.pk])).content.decode()
    assert f"/activities/{activity.pk}/" in html
    assert "<svg" in html
    assert "小区广场" in html


def test_a_team_is_founded_joined_left_and_ended(world: Stage, as_: Enter) -> None:
    client = as_("leader")
    answer = client.post(
        reverse("desk:teams"),
        {"entry_id": str(new_id()), "kind": f"{COMMUNITY}|arts|yiwang-sanbu-wuqin", "name": "合唱队"},
    )
    team = Team.objects.get()
    assert answer["Location"] == reverse("desk:team", args=[team.pk])

    def act(doing: str, who: Client = client, **data: str) -> int:
        address = reverse("desk:team_act", args=[team.pk, doing])
        return int(who.post(address, {"entry_id": str(new_id()), **data}).status_code)

    assert act("join", name="孙阿姨", talent="女高音") == 302
    assert act("join", name="") == 422
    assert act("join", as_("council"), name="别人") == 422
    assert act("join_myself", as_("council"), talent="口琴") == 302
    assert act("join_myself", as_("council"), talent="口琴") == 422
    html = client.get(reverse("desk:team", args=[team.pk])).content.decode()
    assert "孙阿姨" in html
    assert "口琴" in html
    assert "孙阿姨" not in as_("worker").get(reverse("desk:team", args=[team.pk])).content.decode()
    member = Member.objects.get(name="孙阿姨")
    assert act("leave", as_("worker"), member=str(member.pk)) == 422
    assert act("leave", member=str(member.pk)) == 302
    assert act("leave", member="x") == 422
    assert act("end", as_("council")) == 422
    assert act("nothing") == 404
    assert act("end", reason="并入文艺队") == 302
    assert "已解散" in client.get(reverse("desk:teams")).content.decode()


def test_who_may_not_found_a_team_is_told_by_403(world: Stage, as_: Enter) -> None:
    assert as_("resident").get(reverse("desk:teams")).status_code == 403
    assert "建一支队伍" not in as_("council").get(reverse("desk:teams")).content.decode()
    assert as_("council").post(reverse("desk:teams"), {"name": "x"}).status_code == 403


def test_the_pages_take_no_more_statements_with_more_to_show(world: Stage, as_: Enter) -> None:
    team = world.team()
    activity = world.announced(team_id=team.pk)
    for n in range(6):
        world.announced(title=f"活动{n}", days=n + 1)
        world.sign(activity, f"邻居{n}")
        api.join_team(actor=world.actor("secretary"), entry_id=new_id(), team_id=team.pk, name=f"队员{n}")
    client = as_("secretary")
    pages = {
        "desk:activities": reverse("desk:activities"),
        "desk:activity": reverse("desk:activity", args=[activity.pk]),
        "desk:announce": reverse("desk:announce"),
        "desk:teams": reverse("desk:teams"),
        "desk:team": reverse("desk:team", args=[team.pk]),
    }
    for name, address in pages.items():
        answer, count = counted(client, address)
        assert answer.status_code == 200
        hold(name, count)


def test_the_pages_speak_english(world: Stage, as_: Enter) -> None:
    activity, team = world.announced(), world.team()
    world.sign(activity)
    client = as_("secretary")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    said = {
        reverse("desk:activities"): "Announce an activity",
        reverse("desk:announce"): "Which kind of activity",
        reverse("desk:activity", args=[activity.pk]): "Who signed up",
        reverse("desk:activity_print", args=[activity.pk]): "Scan to sign up",
        reverse("desk:teams"): "Found a team",
        reverse("desk:team", args=[team.pk]): "Add a member",
    }
    for address, words in said.items():
        assert words in client.get(address).content.decode(), address
    with world.at(AFTER + datetime.timedelta(hours=1)):
        assert "Who came" in client.get(reverse("desk:activity", args=[activity.pk])).content.decode()


def test_a_team_is_handed_to_a_member_who_has_an_account_to_oneself_or_to_nobody(world: Stage, as_: Enter) -> None:
    team = world.team()
    address = reverse("desk:team_act", args=[team.pk, "hand"])
    keeper, member = as_("leader"), as_("council")
    member.post(reverse("desk:team_act", args=[team.pk, "join_myself"]), {"entry_id": str(new_id())})

    def hand(to: str, who: Client = keeper) -> Any:
        answer = who.post(address, {"entry_id": str(new_id()), "leader": to})
        team.refresh_from_db()
        return answer.status_code, team.leader_id

    page = keeper.get(reverse("desk:team", args=[team.pk])).content.decode()
    assert f'<option value="{world.id("council")}">' in page
    assert "把队伍交给别人" not in as_("worker").get(reverse("desk:team", args=[team.pk])).content.decode()
    assert hand(str(world.id("council"))) == (302, world.id("council"))
    assert hand(str(world.id("outsider"))) == (422, world.id("council"))
    assert hand(str(world.id("leader")), member) == (422, world.id("council"))  # no member, and not oneself
    assert hand("", as_("worker"))[0] == 422
    assert hand(str(world.id("leader"))) == (302, world.id("leader"))
    assert hand("") == (302, None)
