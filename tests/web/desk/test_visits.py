"""Visits recorded by a plain form, read as diaries, answered, corrected: one press where all is well."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from bihuan.fieldwork.api import Sound
from bihuan.fieldwork.models import Finding, Visit
from bihuan.kernel.api import clock, new_id
from bihuan.kernel.models import StoredFile
from bihuan.matters.models import Matter
from tests.kernel.sounds_made import webm
from tests.web.counting import counted, hold

from . import seed
from .conftest import SignedIn
from .test_rounds import METHOD, patrol

PLAN = f"{METHOD}:patrol"
NEW = f"/desk/visits/new/?plan={PLAN}"
HIDDEN = re.compile(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"')
CHECKED = re.compile(r'<input type="radio" name="([\w-]+)" value="([^"]*)"[^>]* checked')


def opened(client: Client, address: str = NEW) -> dict[str, str]:
    """Open the form as a browser does: what is hidden, ticked and chosen in it."""
    page = client.get(address)
    assert page.status_code == 200
    text = page.content.decode()
    text = text[text.index('<form id="visit"') :]
    values = dict(HIDDEN.findall(text)) | dict(CHECKED.findall(text))
    if chosen := re.search(r'<option value="(\w+)" selected', text):
        values["target"] = chosen[1]
    found = re.search(r'name="happened_at" value="([^"]+)"', text)
    assert found is not None
    return values | {"happened_at": found[1], "then": "open"}


def send(client: Client, values: dict[str, str], **more: Any) -> Any:
    """Send the form with changes."""
    return client.post("/desk/visits/new/", {**values, **more})


def test_where_all_is_well_one_press_records_the_visit(as_: SignedIn) -> None:
    client = as_("worker")
    values = opened(client)
    answer = send(client, values)
    assert answer.status_code == 302
    visit = Visit.objects.get()
    assert (visit.area_code, visit.round, visit.result) == (values["target"], "patrol", "nothing")
    assert set(visit.checklist.values()) == {"ok"}
    assert not Matter.objects.exists()


def test_the_same_form_sent_twice_is_one_visit(as_: SignedIn) -> None:
    client = as_("worker")
    values = opened(client) | {"c_facilities": "bad", "w_facilities": "三单元灯不亮。"}
    send(client, values, checked="1")
    send(client, values, checked="1")
    assert Visit.objects.count() == Finding.objects.count() == Matter.objects.count() == 1


def test_an_item_that_is_bad_becomes_a_matter_even_without_a_word(as_: SignedIn) -> None:
    client = as_("worker")
    send(client, opened(client), c_facilities="bad")
    visit = Visit.objects.get()
    assert visit.result == "found"
    assert Finding.objects.get().item == "facilities"
    assert "路灯、门禁等设施完好" in Matter.objects.get().text + Matter.objects.get().title


def test_what_was_found_besides_is_a_matter_of_its_own(as_: SignedIn) -> None:
    client = as_("worker")
    send(client, opened(client), c_facilities="bad", w_facilities="三单元灯不亮。", w_0="一楼有人堆纸箱。")
    assert Finding.objects.count() == 2
    assert Visit.objects.get().findings_count == 2


def test_found_without_a_word_is_asked_for_and_nothing_typed_is_lost(as_: SignedIn) -> None:
    client = as_("worker")
    answer = send(client, opened(client), result="found", text="和邻居聊了聊。")
    assert answer.status_code == 422
    assert "请写下发现了什么" in answer.content.decode()
    assert "和邻居聊了聊。" in answer.content.decode()
    assert not Visit.objects.exists()


def test_what_seems_known_is_asked_about_and_may_be_joined(town: seed.Town, as_: SignedIn) -> None:
    known = town.report(9, "三单元的灯不亮，晚上看不清。")
    client = as_("worker")
    values = opened(client, f"{NEW}&target={seed.building(9)}")
    values |= {"c_facilities": "bad", "w_facilities": "三单元的灯不亮，晚上看不清。"}
    asked = send(client, values)
    assert asked.status_code == 422
    assert "是同一件吗" in asked.content.decode()
    assert not Visit.objects.exists()
    assert send(client, values, checked="1", join_facilities=str(known.matter_id)).status_code == 302
    assert Finding.objects.get().matter_id == known.matter_id
    assert Matter.objects.count() == 1


def test_a_visit_without_those_who_must_come_is_recorded_and_said_not_to_count(as_: SignedIn) -> None:
    client = as_("worker")
    answer = send(client, opened(client))
    page = client.get(answer.headers["Location"]).content.decode()
    assert "不计入" in page
    send(client, opened(client), t_property="on", n_property="牛海波", t_police="on")
    assert sorted(Visit.objects.values_list("counted", flat=True)) == [False, True]


def test_paper_is_typed_later_and_both_times_stay(as_: SignedIn) -> None:
    client = as_("worker")
    answer = send(client, opened(client), happened_at="2024-04-02T16:20", then="next")
    visit = Visit.objects.get()
    assert visit.happened_at.isoformat() == "2024-04-02T08:20:00+00:00"
    assert visit.recorded_at == seed.NOON
    assert opened(client, answer.headers["Location"])["happened_at"] == "2024-04-02T16:20"


def test_after_one_place_comes_the_next_on_the_way(as_: SignedIn) -> None:
    client = as_("worker")
    values = opened(client)
    answer = send(client, values, then="next", t_property="on", t_police="on")
    assert opened(client, answer.headers["Location"])["target"] != values["target"]


def test_a_time_to_come_is_refused(as_: SignedIn) -> None:
    client = as_("worker")
    answer = send(client, opened(client), happened_at="2024-04-05T09:30")
    assert answer.status_code == 422
    assert "这个时间还没有到" in answer.content.decode()


def test_a_place_of_somebody_else_is_refused(as_: SignedIn) -> None:
    client = as_("worker")
    assert send(client, opened(client), target=seed.building(44)).status_code == 422
    assert not Visit.objects.exists()


def test_of_ones_own_accord_a_place_is_typed(as_: SignedIn) -> None:
    client = as_("worker")
    answer = send(client, opened(client, "/desk/visits/new/?plan="), place="12", title="和老人拉家常", text="都好。")
    assert answer.status_code == 302
    visit = Visit.objects.get()
    assert (visit.area_code, visit.round, visit.title) == (seed.building(12), "", "和老人拉家常")


def test_a_photo_belongs_to_what_was_found_else_to_the_visit(as_: SignedIn) -> None:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(file, "JPEG")

    def photo() -> SimpleUploadedFile:
        return SimpleUploadedFile("a.jpg", file.getvalue(), "image/jpeg")

    client = as_("worker")
    first = send(client, opened(client), photos=photo())
    second = send(client, opened(client), c_facilities="bad", photos=photo(), checked="1")
    assert first.status_code == second.status_code == 302
    assert sorted(StoredFile.objects.values_list("subject_type", flat=True)) == ["matter", "visit"]
    kept = StoredFile.objects.get(subject_type="visit")
    assert client.get(f"/photos/{kept.pk}/").status_code == 200
    assert as_("secretary").get(f"/photos/{kept.pk}/").status_code == 200
    assert as_("worker_far").get(f"/photos/{kept.pk}/").status_code == 404
    assert as_("police").get(f"/photos/{kept.pk}/").status_code == 404
    assert Client().get(f"/photos/{kept.pk}/").status_code == 404
    assert str(kept.pk) in client.get(first.headers["Location"]).content.decode()


def test_a_voice_note_is_played_to_whom_may_read_the_visit(town: seed.Town, as_: SignedIn) -> None:
    sound = new_id()
    visit = patrol(town, 12, sounds=[Sound(io.BytesIO(webm()), file_id=sound)])
    page = as_("secretary").get(f"/desk/visits/{visit.visit_id}/").content.decode()
    assert f'<audio class="sound" controls preload="none" src="/sounds/{sound}/"' in page
    for key, status in (("secretary", 200), ("worker", 200), ("police", 404), ("worker_far", 404)):
        assert as_(key).get(f"/sounds/{sound}/").status_code == status, key


@pytest.mark.parametrize("key", ["resident", "admin"])
def test_who_has_no_such_post_is_refused(as_: SignedIn, key: str) -> None:
    for address in ("/desk/visits/", "/desk/visits/new/"):
        assert as_(key).get(address).status_code == 403


def test_who_reads_no_diaries_sees_their_own_alone(town: seed.Town, as_: SignedIn) -> None:
    visit = patrol(town, 12, text="楼道很干净。")
    address = f"/desk/visits/{visit.visit_id}/"
    for key, status in (("worker", 200), ("secretary", 200), ("leader", 200), ("police", 404), ("worker_far", 404)):
        assert as_(key).get(address).status_code == status, key
    assert "楼道很干净。" in as_("worker").get("/desk/visits/").content.decode()
    assert "楼道很干净。" not in as_("worker_far").get("/desk/visits/").content.decode()


def test_diaries_are_filtered_and_paged_by_key(town: seed.Town, as_: SignedIn) -> None:
    for number in range(9, 17):
        for day in range(8):
            patrol(town, number, seed.NOON - timedelta(days=7 * day + 1), together=(), text=f"第{number}栋第{day}天")
    client = as_("secretary")
    first = client.get("/desk/visits/").content.decode()
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    second = client.get(following[1].replace("&amp;", "&")).content.decode()
    link = re.compile(r'href="/desk/visits/([0-9a-f-]{36})/"')
    assert len(link.findall(first)) == 50
    assert len(link.findall(second)) == 14
    assert not set(link.findall(first)) & set(link.findall(second))
    one = client.get(f"/desk/visits/?area={seed.building(9)}&result=nothing&answered=no&round=patrol").content.decode()
    assert len(link.findall(one)) == 8
    assert link.findall(client.get("/desk/visits/?result=found").content.decode()) == []
    tuesday = client.get("/desk/visits/?since=2024-04-02&until=2024-04-02").content.decode()
    assert len(link.findall(tuesday)) == 8


@pytest.mark.parametrize("query", ["after=zzz", "since=x", "area=..", "round=%00", "result=worse", "area=410802006001"])
def test_odd_addresses_are_answered(town: seed.Town, as_: SignedIn, query: str) -> None:
    patrol(town, 12)
    assert as_("secretary").get(f"/desk/visits/?{query}").status_code == 200


def test_the_secretary_answers_and_the_writer_is_told(town: seed.Town, as_: SignedIn) -> None:
    visit = patrol(town, 12, text="楼道很干净。")
    address = f"/desk/visits/{visit.visit_id}/"
    entry = str(new_id())
    for _again in range(2):
        answer = as_("secretary").post(f"{address}review/", {"entry_id": entry, "text": "辛苦了，灯的事再盯一下。"})
        assert answer.status_code == 302
    page = as_("worker").get(address).content.decode()
    assert "辛苦了，灯的事再盯一下。" in page
    assert "review/" not in page  # the writer answers nobody
    assert "点评了您" in as_("worker").get("/desk/bell/").content.decode()


def test_only_who_answers_by_the_method_may(town: seed.Town, as_: SignedIn) -> None:
    visit = patrol(town, 12)
    given = {"entry_id": str(new_id()), "text": "好。"}
    for key, status in (("worker", 403), ("leader", 403), ("worker_far", 404)):
        assert as_(key).post(f"/desk/visits/{visit.visit_id}/review/", given).status_code == status, key
    assert not Visit.objects.get().review


def test_an_empty_answer_is_asked_for(town: seed.Town, as_: SignedIn) -> None:
    visit = patrol(town, 12)
    answer = as_("secretary").post(f"/desk/visits/{visit.visit_id}/review/", {"entry_id": str(new_id()), "text": " "})
    assert answer.status_code == 422


def correction(client: Client, address: str) -> dict[str, str]:
    """Open the form of a correction."""
    text = client.get(address).content.decode()
    text = text[text.index('<form id="correct"') :]
    values = dict(HIDDEN.findall(text)) | dict(CHECKED.findall(text))
    at = re.search(r'name="happened_at" value="([^"]+)"', text)
    words = re.search(r'<textarea name="text"[^>]*>\s*([^<]*)</textarea>', text)
    assert at is not None
    assert words is not None
    return values | {"happened_at": at[1], "title": "", "text": words[1].strip()}


def test_who_recorded_it_corrects_it_and_the_first_words_stay_in_the_record(town: seed.Town, as_: SignedIn) -> None:
    visit = patrol(town, 12, text="灯好的。")
    client, address = as_("worker"), f"/desk/visits/{visit.visit_id}/correct/"
    values = correction(client, address)
    assert client.post(address, values | {"reason": "没有变"}).status_code == 422
    answer = client.post(address, values | {"text": "灯不太亮。", "reason": "写错了"})
    assert answer.status_code == 302
    assert Visit.objects.get().text == "灯不太亮。"
    page = client.get(answer.headers["Location"]).content.decode()
    assert "更正了这次走访" in page
    others = values | {"entry_id": str(new_id()), "text": "x", "reason": "y"}
    assert as_("secretary").post(address, others).status_code == 403
    assert as_("worker_far").post(address, others).status_code == 404


def test_a_visit_recorded_by_mistake_is_taken_back(town: seed.Town, as_: SignedIn) -> None:
    visit = patrol(town, 12)
    client, address = as_("worker"), f"/desk/visits/{visit.visit_id}/correct/"
    answer = client.post(address, correction(client, address) | {"reason": "记错楼了", "withdraw": "1"})
    assert answer.status_code == 302
    assert Visit.objects.get().withdrawn
    assert "已撤回" in client.get(answer.headers["Location"]).content.decode()


def test_a_further_finding_is_added_by_who_was_there(town: seed.Town, as_: SignedIn) -> None:
    visit = patrol(town, 12)
    address = f"/desk/visits/{visit.visit_id}/finding/"
    given = {"id": str(new_id()), "item": "", "text": "一楼有人堆纸箱。"}
    assert as_("secretary").post(address, given).status_code == 403
    assert as_("worker").get(address).status_code == 200
    assert as_("worker").post(address, given).status_code == 302
    assert Finding.objects.get().visit_id == visit.visit_id


def test_what_was_written_is_escaped(town: seed.Town, as_: SignedIn) -> None:
    visit = patrol(town, 12, text="<script>alert(1)</script>", title="<b>x")
    for address in ("/desk/visits/", f"/desk/visits/{visit.visit_id}/"):
        page = as_("secretary").get(address).content.decode()
        assert "<script>alert" not in page
        assert "<b>x" not in page


def test_the_pages_speak_english(town: seed.Town, as_: SignedIn) -> None:
    visit = patrol(town, 12)
    client = as_("worker", "en")
    addresses = ("/desk/visits/", NEW, "/desk/visits/new/?plan=", f"/desk/visits/{visit.visit_id}/",
                 f"/desk/visits/{visit.visit_id}/correct/", f"/desk/visits/{visit.visit_id}/finding/")  # fmt: skip
    for address in addresses:
        page = client.get(address).content.decode()
        for words in ("走访", "日志", "发现", "正常"):
            assert words not in page, (address, words)


def test_the_pages_take_few_statements(town: seed.Town, as_: SignedIn) -> None:
    visit = patrol(town, 12, text="楼道很干净。")
    for number in range(9, 12):
        patrol(town, number, clock.now() - timedelta(minutes=number))
    for name, address in (
        ("desk:visits", "/desk/visits/"),
        ("desk:visit", f"/desk/visits/{visit.visit_id}/"),
        ("desk:visit_new", NEW),
    ):
        answer, count = counted(as_("worker" if name == "desk:visit_new" else "secretary"), address)
        assert answer.status_code == 200
        hold(name, count)


def test_what_is_typed_of_one_place_is_not_put_back_at_another(as_: SignedIn) -> None:
    client = as_("worker")
    drafts = set()
    for number in (12, 13):
        page = client.get(f"{NEW}&target={seed.building(number)}").content.decode()
        drafts |= set(re.findall(r'data-draft="([^"]+)"', page))
    assert len(drafts) == 2
    draft = f"visit-{PLAN}-1-{seed.building(13)}"
    assert draft in drafts
    answer = send(client, opened(client, f"{NEW}&target={seed.building(13)}"))
    assert f'data-draft-done="{draft}"' in client.get(answer.headers["Location"]).content.decode()


def test_beside_the_time_stands_which_day_it_is(as_: SignedIn) -> None:
    page = as_("worker").get(f"{NEW}&happened_at=2024-04-02T16:20").content.decode()
    assert re.search(r'<output class="day-said" for="id_happened_at"[^>]*>2024年4月2日 周二 16:20</output>', page)
