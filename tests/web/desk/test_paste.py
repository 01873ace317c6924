"""A pasted chat or list becomes drafts to look through; one button records those ticked; nothing is lost or doubled."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from bihuan.kernel.api import new_id
from bihuan.kernel.models import Entry, Sealed
from bihuan.matters.models import Follow, Matter

from . import seed
from .conftest import SignedIn

URL = "/desk/record/paste/"
LIST = """#接龙
电建社区问题登记，请接龙

1. 12#2单元501 张某 厨房下水返水 14000010012
2. 王阿姨：10号楼楼道灯不亮
3. 44号楼门禁坏了
"""
INPUT = re.compile(r"<input[^>]*>|<textarea[^>]*>.*?</textarea>", re.DOTALL)


def fields(page: str) -> dict[str, str]:
    """Return what a browser would send of the form: names and values as shown."""
    from html import unescape

    sent: dict[str, str] = {}
    for tag in INPUT.findall(page[page.index('id="paste"') :]):
        name = re.search(r'name="([^"]+)"', tag)
        if name is None or name[1] == "csrfmiddlewaretoken":
            continue
        if tag.startswith("<textarea"):
            sent[name[1]] = unescape(re.sub(r"^<textarea[^>]*>\n?|</textarea>$", "", tag))
        elif 'type="checkbox"' in tag or 'type="radio"' in tag:
            if " checked" in tag:
                value = re.search(r'value="([^"]*)"', tag)
                sent[name[1]] = value[1] if value else "on"
        else:
            value = re.search(r'value="([^"]*)"', tag)
            sent[name[1]] = unescape(value[1]) if value else ""
    return sent


def read(client: Client, text: str) -> tuple[Any, dict[str, str]]:
    """Paste ``text``; return the answer and what its form would send."""
    answer = client.post(URL, {"pasted": text, "step": "read"})
    return answer, fields(answer.content.decode())


def record(client: Client, sent: dict[str, str], **changed: str) -> Any:
    return client.post(URL, {**sent, "step": "record", "channel": "phone", **changed})


@pytest.mark.parametrize("key", ["resident", "admin"])
def test_who_may_not_record_may_not_paste(as_: SignedIn, key: str) -> None:
    assert as_(key).get(URL).status_code == 403
    assert as_(key).post(URL, {"pasted": LIST, "step": "record"}).status_code == 403


def test_a_list_becomes_drafts_each_at_its_place_and_nothing_is_recorded_yet(as_: SignedIn) -> None:
    answer, sent = read(as_("secretary"), LIST)
    assert answer.status_code == 200
    assert [sent[f"d{n}-place"] for n in range(3)] == ["12号楼", "10号楼", "44号楼"]
    assert [sent[f"d{n}-reporter_name"] for n in range(3)] == ["张某", "王阿姨", ""]
    assert sent["d0-text"] == "厨房下水返水\n12#2单元501"
    assert (sent["d0-phone"], sent["d1-text"]) == ("14000010012", "楼道灯不亮")
    assert sent["pasted"].replace("\r", "") == LIST
    assert "电建社区问题登记" in answer.content.decode()
    assert not Matter.objects.exists()


def test_what_is_ticked_is_recorded_with_one_button(as_: SignedIn) -> None:
    client = as_("secretary")
    _answer, sent = read(client, LIST)
    del sent["d1-take"]
    answer = record(client, sent)
    assert answer.status_code == 200
    assert sorted(Matter.objects.values_list("area_code", "title")) == [
        (seed.building(12), "厨房下水返水"),
        (seed.building(44), "门禁坏了"),
    ]
    left = fields(answer.content.decode())
    assert [name for name in left if name.endswith("-text")] == ["d1-text"]
    assert left["d1-text"] == "楼道灯不亮"
    assert "返水" not in left["pasted"]
    assert "王阿姨" in left["pasted"]


def test_all_recorded_leads_back_to_an_empty_page_with_the_numbers(as_: SignedIn) -> None:
    client = as_("secretary")
    _answer, sent = read(client, LIST)
    answer = record(client, sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, URL)
    page = client.get(URL).content.decode()
    assert "已登记 3 条" in page
    assert "d0-text" not in page


def test_the_same_form_sent_twice_records_once(as_: SignedIn) -> None:
    client = as_("secretary")
    _answer, sent = read(client, LIST)
    record(client, sent)
    assert record(client, sent).status_code == 302
    assert Matter.objects.count() == 3
    assert Entry.objects.filter(subject_type="matter", seq=1).count() == 3


def test_one_that_does_not_stand_keeps_none_of_the_others_out_and_loses_no_text(as_: SignedIn) -> None:
    client = as_("worker")  # looks after 9 to 16
    _answer, sent = read(client, LIST)
    answer = record(client, sent, **{"d2-text": "门禁坏了，进不去", "d2-phone": "12"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert Matter.objects.count() == 2
    assert "没有找到这个地方" in page
    assert fields(page)["d2-text"] == "门禁坏了，进不去"
    assert fields(page)["d2-phone"] == "12"


def test_a_bent_telephone_is_told_beside_its_draft(as_: SignedIn) -> None:
    client = as_("secretary")
    _answer, sent = read(client, "3号楼灯不亮")
    answer = record(client, sent, **{"d0-phone": "12345"})
    assert answer.status_code == 422
    assert "电话号码不对" in answer.content.decode()
    assert not Matter.objects.exists()


def test_what_is_open_there_already_is_shown_and_followed_instead(town: seed.Town, as_: SignedIn) -> None:
    known = town.report(10, "楼道灯不亮，晚上看不清。")
    client = as_("secretary")
    answer, sent = read(client, LIST)
    assert known.display_number in answer.content.decode()
    record(client, sent, **{"d1-same": str(known.matter_id)})
    record(client, sent, **{"d1-same": str(known.matter_id)})
    assert Matter.objects.count() == 3
    assert Follow.objects.get().matter_id == known.matter_id
    sealed = {
        row.name: row for row in Sealed.objects.filter(subject_id=known.matter_id, entry_id=Follow.objects.get().pk)
    }
    assert bytes(sealed["reason"].content or b"").decode() == sent["d1-text"]
    assert sealed["follower_name"].masked == "王**"


def test_words_and_number_of_one_who_joins_are_kept_with_the_open_matter(town: seed.Town, as_: SignedIn) -> None:
    known = town.report(12, "厨房下水返水。")
    client = as_("secretary")
    _answer, sent = read(client, LIST)
    came = record(client, sent, **{"d0-same": str(known.matter_id), "d1-take": "", "d2-take": ""})
    assert came.status_code in {200, 302}
    page = as_("worker").get(f"/desk/matters/{known.matter_id}/").content.decode()
    assert "厨房下水返水" in page
    assert "又有人反映这件事" in page
    assert "140****0012" in page


def test_a_message_without_anything_to_record_is_said_so_and_stays(as_: SignedIn) -> None:
    answer, sent = read(as_("secretary"), "收到，谢谢")
    assert answer.status_code == 422
    assert "没有看出要登记的事" in answer.content.decode()
    assert sent["pasted"] == "收到，谢谢"


def test_more_than_fifty_wait_for_the_next_round(as_: SignedIn) -> None:
    client = as_("secretary")
    text = "".join(f"{n}. {n % 48 + 1}号楼 第{n}处井盖松动\n" for n in range(1, 54))
    _answer, sent = read(client, text)
    assert "d49-text" in sent
    assert "d50-text" not in sent
    answer = record(client, sent)
    assert Matter.objects.count() == 50
    left = fields(answer.content.decode())
    assert [left[f"d{n}-place"] for n in range(3)] == ["4号楼", "5号楼", "6号楼"]
    assert left["pasted"].split() == [
        "51.",
        "4号楼",
        "第51处井盖松动",
        "52.",
        "5号楼",
        "第52处井盖松动",
        "53.",
        "6号楼",
        "第53处井盖松动",
    ]


def test_both_times_and_the_reporter_are_kept(as_: SignedIn) -> None:
    client = as_("secretary")
    _answer, sent = read(client, "张三 2024/4/2 14:20\n3号楼路灯不亮")
    record(client, sent)
    entry = Entry.objects.get(subject_type="matter", seq=1)
    assert entry.happened_at.isoformat() == "2024-04-02T06:20:00+00:00"
    assert entry.recorded_at == seed.NOON


@pytest.mark.parametrize("text", ["", "   ", "x" * 20_001, "3号楼\x00灯"])
def test_odd_texts_are_answered_kindly(as_: SignedIn, text: str) -> None:
    assert as_("secretary").post(URL, {"pasted": text, "step": "read"}).status_code == 422


@pytest.mark.parametrize("bent", ["", "x", "0"])
def test_a_bent_id_is_refused_without_a_fall(as_: SignedIn, bent: str) -> None:
    client = as_("secretary")
    _answer, sent = read(client, "3号楼灯不亮")
    assert record(client, sent, **{"d0-entry_id": bent}).status_code == 422
    assert record(client, sent, **{"d0-same": str(new_id())}).status_code == 422
    assert not Matter.objects.exists()


def test_the_page_speaks_english(as_: SignedIn) -> None:
    client = as_("secretary", "en")
    page = client.post(URL, {"pasted": "3号楼灯不亮", "step": "read"}).content.decode()
    assert "Record what is ticked" in page
    words = re.sub(r"<textarea.*?</textarea>|<option.*?</option>", "", page, flags=re.DOTALL)
    assert not re.search(r"登记|粘贴|草稿", words)
