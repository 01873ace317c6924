"""The desk's pages of rosters, the duty log and hours, through whole requests."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.activities.duties import api as duties
from bihuan.activities.models import Call, Duty, Roster, Service
from bihuan.kernel.api import new_id
from bihuan.matters.models import Matter
from tests.activities.conftest import Stage
from tests.activities.duty import FIRST, LAST, ON, OVER, SHIFTS, Watch, watch
from tests.web.counting import counted, hold

AFTER = ON + datetime.timedelta(days=2)
Enter = Callable[[str], Client]


@pytest.fixture
def team(world: Stage) -> Watch:
    return watch(world)


def url(name: str, team: Watch, *more: str) -> str:
    return reverse(f"desk:{name}", args=[team.team.pk, *more])


def post(client: Client, address: str, **data: Any) -> Any:
    return client.post(address, {"entry_id": str(new_id()), **data})


def text(answer: Any) -> str:
    return str(answer.content.decode())


def log_act(client: Client, duty: Duty, act: str, **data: Any) -> Any:
    return post(client, reverse("desk:duty_act", args=[duty.pk, act]), **data)


def test_a_roster_is_looked_at_then_published_and_stands_on_the_wall(team: Watch, as_: Enter) -> None:
    client, address = as_("resident"), url("roster_make", team)
    assert 'name="shifts"' in text(client.get(address))
    given = {"since": FIRST.isoformat(), "until": LAST.isoformat(), "shifts": SHIFTS}
    seen = post(client, address, **given)
    assert seen.status_code == 200
    assert "每人 4–5 次" in text(seen)
    assert not Roster.objects.exists()
    digest = re.search(r'name="digest" value="([^"]+)"', text(seen))
    assert digest
    done = post(client, address, digest=digest[1], **given)
    assert done["Location"] == url("roster", team) + "?month=2024-03"
    html = text(client.get(done["Location"]))
    assert "冯红姐" in html
    assert "09:00–11:00" in html
    assert url("roster", team) in text(client.get(url("team", team)))
    assert "公布了 2024-03-11 至 2024-03-24 的值班表" in html


def test_a_refused_roster_says_why_and_keeps_what_was_typed(team: Watch, as_: Enter) -> None:
    answer = post(
        as_("resident"),
        url("roster_make", team),
        since=FIRST.isoformat(),
        until=LAST.isoformat(),
        shifts="初一 9:00-10:00",
    )
    assert answer.status_code == 422
    assert "日子要写每天、工作日、休息日或周几" in text(answer)
    assert "初一" in text(answer)


def test_who_does_not_keep_the_team_reads_no_names_and_makes_nothing(team: Watch, as_: Enter) -> None:
    team.publish()
    reader = as_("police")
    html = text(reader.get(url("roster", team)))
    assert "冯红姐" not in html
    assert "排值班表" not in html
    assert reader.get(url("roster_make", team)).status_code == 403
    assert post(reader, url("roster_make", team), since=FIRST, until=LAST, shifts=SHIFTS).status_code == 422
    stranger = as_("outsider")
    for address in (url("roster", team), url("roster_make", team), url("hours", team)):
        assert stranger.get(address).status_code == 404
    assert post(stranger, url("roster_act", team, "swap")).status_code == 404
    assert stranger.get(reverse("desk:duty", args=[team.duty().pk])).status_code == 404


def test_duties_are_swapped_offered_taken_and_a_roster_taken_back(team: Watch, as_: Enter) -> None:
    roster = team.publish()
    leader, council = as_("resident"), as_("council")
    one, other = team.of(team.leader), team.of(team.neighbour)

    def act(client: Client, doing: str, **data: Any) -> int:
        return int(post(client, url("roster_act", team, doing), month="2024-03", **data).status_code)

    assert act(leader, "swap", duty=one.pk, other=other.pk, reason="家里有事") == 302
    assert act(council, "swap", duty=one.pk, other=other.pk, reason="x") == 422
    assert act(leader, "swap", duty="x", other=other.pk, reason="x") == 422
    mine = team.of(team.leader)
    assert act(leader, "offer", duty=mine.pk, reason="感冒了") == 302
    assert "我来顶" in text(council.get(url("roster", team)))
    assert act(council, "stand_in", duty=mine.pk, member=team.council.pk) == 302
    assert act(council, "away", weekday="3", days="2024-03-20 2024-03-21") == 302
    assert act(council, "away", days="下周") == 422
    assert act(leader, "nothing") == 404
    assert act(leader, "take_back", roster=roster.pk, reason="重排") == 302
    assert Duty.objects.count() == 1  # under way


def test_a_call_is_noted_instructed_settled_and_handed_over(team: Watch, as_: Enter) -> None:
    team.publish()
    leader, council, first = as_("resident"), as_("council"), team.duty()
    with team.world.at(ON):
        page = reverse("desk:duty", args=[first.pk])
        assert "零报告也是好报告" in text(council.get(page))
        assert (
            log_act(
                council, first, "note", text="电梯有异响", phone="13800005678", name="柳春梅", at="09:10"
            ).status_code
            == 302
        )
        wrong = log_act(council, first, "note", text="灯不亮", phone="12")
        assert wrong.status_code == 422
        assert "电话号码不对" in text(wrong)
        assert "灯不亮" in text(wrong)
        call = Call.objects.get()
        html = text(council.get(page))
        assert "138****5678" in html
        assert "13800005678" not in html
        assert "柳春梅" not in html
        shown = log_act(council, first, "reveal", call=call.pk, what="phone", reason="回电")
        assert "13800005678" in text(shown)
        assert log_act(council, first, "reveal", call=call.pk, what="phone", reason="").status_code == 422
        assert log_act(council, first, "instruct", call=call.pk, words="x").status_code == 422
        assert log_act(leader, first, "instruct", call=call.pk, words="请物业来看").status_code == 302
        assert log_act(council, first, "settle", call=call.pk, result="物业已来看").status_code == 302
        assert log_act(leader, first, "hand", taker=team.council.pk, minutes="90").status_code == 302
        assert log_act(leader, first, "hand").status_code == 422
        assert log_act(leader, first, "nothing").status_code == 404
    assert Service.objects.get().minutes == 90


def test_a_call_becomes_a_matter_with_one_press(team: Watch, as_: Enter) -> None:
    team.publish()
    with team.world.at(ON):
        call, client = team.note(), as_("secretary")
        key = str(new_id())
        for _again in range(2):
            done = log_act(client, team.duty(), "matter", entry_id=key, call=call.pk)
        assert done.status_code in {302, 422}
        matter = Matter.objects.get()
        assert str(matter.pk) == key
        assert reverse("desk:matter", args=[matter.pk]) in text(client.get(reverse("desk:duty", args=[team.duty().pk])))
        assert log_act(as_("resident"), team.duty(), "matter", call=call.pk).status_code in {403, 422}


def test_hours_are_published_objected_to_and_answered(team: Watch, as_: Enter) -> None:
    team.publish()
    leader, council, secretary = as_("resident"), as_("council"), as_("secretary")
    with team.world.at(OVER):
        team.do("hand_over", duty_id=team.duty().pk)
        key = Service.objects.get().pk
        assert post(council, url("hours_act", team, "publish")).status_code == 422
        assert post(leader, url("hours_act", team, "publish")).status_code == 302
        assert post(council, url("hours_act", team, "object"), hours=key, text="只到了一小时").status_code == 302
        assert "只到了一小时" in text(secretary.get(url("hours", team)))
        assert post(secretary, url("hours_act", team, "answer"), hours=key, text="改", minutes="x").status_code == 422
        assert post(secretary, url("hours_act", team, "answer"), hours=key, text="改", minutes="60").status_code == 302
        assert "只给队里的人" in text(as_("police").get(url("hours", team)))


def test_who_helped_at_an_activity_is_ticked_on_its_page(team: Watch, as_: Enter) -> None:
    activity = team.world.announced(days=1, team_id=team.team.pk)
    with team.world.at(AFTER):
        team.world.hold(activity)
        client, address = as_("secretary"), reverse("desk:activity_act", args=[activity.pk, "helped"])
        assert "谁来帮忙了" in text(client.get(reverse("desk:activity", args=[activity.pk])))
        assert post(client, address, member=[team.council.pk], minutes="").status_code == 422
        assert post(client, address, member=[team.council.pk, team.neighbour.pk], minutes="90").status_code == 302
    assert Service.objects.count() == 2


def test_ones_duties_stand_on_the_to_do_list(team: Watch, as_: Enter) -> None:
    team.publish()
    html = text(as_("resident").get(reverse("desk:todo")))
    assert reverse("desk:duty", args=[team.of(team.leader).pk]) in html


def test_the_pages_take_no_more_statements_with_more_to_show(team: Watch, as_: Enter) -> None:
    team.publish(text="每天 09:00–11:00 2人\n每天 14:00–16:00 1人")
    first = team.duty()
    with team.world.at(ON):
        for n in range(5):
            team.note(text=f"第{n}件")
        duties.call_to_matter(actor=team.world.actor("secretary"), id=new_id(), call_id=Call.objects.first().pk)  # type: ignore[union-attr]
        for duty in Duty.objects.filter(starts_at=first.starts_at):
            team.do("hand_over", duty_id=duty.pk)
        pages = {
            "desk:roster": url("roster", team),
            "desk:roster_make": url("roster_make", team),
            "desk:duty": reverse("desk:duty", args=[first.pk]),
            "desk:hours": url("hours", team),
        }
        for name, address in pages.items():
            answer, count = counted(as_("secretary"), address)
            assert answer.status_code == 200
            hold(name, count)


def test_the_pages_speak_english(team: Watch, as_: Enter) -> None:
    team.publish()
    client = as_("secretary")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    said = {
        url("roster", team): "Make a roster",
        url("roster_make", team): "Shifts",
        url("hours", team): "Hours of volunteers",
        reverse("desk:duty", args=[team.duty().pk]): "Duty log",
    }
    with team.world.at(ON):
        for address, words in said.items():
            assert words in text(client.get(address)), address
