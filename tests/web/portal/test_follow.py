"""The follow page: where it stands, and what the reporter may say about it."""

from __future__ import annotations

import re

import pytest

from bihuan.matters.api import party_secret, read_party_secret
from bihuan.matters.models import Matter

from .conftest import Town, entry_count, hidden, photo, shown_errors

pytestmark = pytest.mark.django_db


def test_the_page_says_which_stage_which_step_and_until_when(town: Town) -> None:
    _matter, token = town.report()
    html = town.client.get(f"/r/{token}/").content.decode()
    assert "现在是“问”这一步：待分类" in html
    assert re.search(r"还剩 \d+ (个工作日|天|小时|分钟)", html)
    assert "已收到" in html


def test_a_made_up_link_leads_nowhere(town: Town) -> None:
    assert town.client.get("/r/aaaaaaaaaaaaaaaaaaaaaaaa/").status_code == 404
    assert town.client.get("/reported/aaaaaaaaaaaaaaaaaaaaaaaa/").status_code == 404
    assert town.client.get("/s/aaaaaaaaaaaaaaaaaaaaaaaa/").status_code == 404


def test_the_reporter_confirms_that_it_is_solved(town: Town) -> None:
    matter, token = town.report()
    town.to_asking(matter)
    page = town.client.get(f"/r/{token}/").content.decode()
    assert "确认已解决" in page
    data = {**hidden(page), "action": "confirm", "give_satisfaction": "satisfied"}
    answer = town.client.post(f"/r/{token}/", data, follow=True)
    assert "已记下" in answer.content.decode()
    matter.refresh_from_db()
    assert (matter.is_open, matter.outcome) == (False, "solved")


def test_the_reporter_reads_plainly_how_it_ended(town: Town) -> None:
    matter, token = town.report()
    town.to_asking(matter)
    town.client.post(f"/r/{token}/", {"action": "confirm"})
    page = town.client.get(f"/r/{token}/").content.decode()
    assert "已解决</span>" in page
    assert "实质办结" not in page


def test_the_same_answer_sent_twice_is_one_entry(town: Town) -> None:
    matter, token = town.report()
    town.to_asking(matter)
    data = {**hidden(town.client.get(f"/r/{token}/").content.decode()), "action": "confirm"}
    town.client.post(f"/r/{token}/", data)
    before = entry_count(matter.pk)
    answer = town.client.post(f"/r/{token}/", data)
    assert answer.status_code == 302
    assert entry_count(matter.pk) == before


def test_not_solved_needs_a_reason_and_loses_no_photo(town: Town) -> None:
    matter, token = town.report()
    town.to_asking(matter)
    data = {**hidden(town.client.get(f"/r/{token}/").content.decode()), "action": "deny", "photos": [photo()]}
    answer = town.client.post(f"/r/{token}/", data)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "请写明理由" in shown_errors(html)
    kept = hidden(html)["kept"]
    assert len(kept) == 1
    again = {**hidden(html), "action": "deny", "reason": "灯还是不亮", "kept": kept}
    assert town.client.post(f"/r/{token}/", again).status_code == 302
    matter.refresh_from_db()
    assert matter.step == "grid_agenda"
    assert "灯还是不亮" in town.client.get(f"/r/{token}/").content.decode()


def test_a_settled_matter_can_be_reopened_with_a_reason(town: Town) -> None:
    matter, token = town.report()
    town.to_asking(matter)
    town.client.post(f"/r/{token}/", {"action": "confirm"})
    page = town.client.get(f"/r/{token}/").content.decode()
    assert "要求重新办理" in page
    town.client.post(f"/r/{token}/", {**hidden(page), "action": "reopen", "reason": "第二天又不亮了"})
    matter.refresh_from_db()
    assert matter.is_open


def test_an_act_that_is_not_offered_is_answered_with_how_it_stands(town: Town) -> None:
    matter, token = town.report()
    before = entry_count(matter.pk)
    answer = town.client.post(f"/r/{token}/", {"action": "finish", "reason": "x"}, follow=True)
    assert "现在不能办" in answer.content.decode()
    assert entry_count(matter.pk) == before


def test_a_follower_reads_but_is_offered_nothing_of_the_reporters(town: Town) -> None:
    matter, _token = town.report()
    town.to_asking(matter)
    own = town.client.post(f"/matters/{matter.number}/follow/", {})["Location"]
    html = town.client.get(own).content.decode()
    assert 'value="confirm"' not in html
    assert "不再关注" in html
    town.client.post(own, {"action": "confirm"})
    assert Matter.objects.get(pk=matter.pk).is_open


def test_the_supervising_resident_signs_off_by_their_own_link(town: Town) -> None:
    matter, _token = town.report()
    town.to_checking(matter)
    link = f"/s/{party_secret(matter.pk, town.people['neighbour'].pk)}/"
    page = town.client.get(link)
    assert page.status_code == 200
    assert "验收通过" in page.content.decode()
    refused = town.client.post(link, {**hidden(page.content.decode()), "action": "send_back"})
    assert refused.status_code == 422
    assert "请写明理由" in shown_errors(refused.content.decode())
    town.client.post(link, {**hidden(page.content.decode()), "action": "sign_off"})
    matter.refresh_from_db()
    assert matter.step == "asking_reporter"


def test_a_supervisors_link_is_of_one_person_and_one_matter(town: Town) -> None:
    matter, _token = town.report()
    town.to_checking(matter)
    assert town.client.get(f"/s/{party_secret(matter.pk, town.people['cadre'].pk)}/").status_code == 404
    good = party_secret(matter.pk, town.people["neighbour"].pk)
    assert read_party_secret(good) == (matter.pk, town.people["neighbour"].pk)
    assert read_party_secret(good[:-1] + ("A" if good[-1] != "A" else "B")) is None
    assert read_party_secret("!!") is None


def test_personal_pages_are_neither_cached_nor_told_to_other_sites(town: Town) -> None:
    _matter, token = town.report()
    page = town.client.get(f"/r/{token}/")
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]
