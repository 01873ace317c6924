"""Reporting without an account and without JavaScript."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from bihuan.kernel.api import id_from
from bihuan.kernel.models import Sealed, StoredFile
from bihuan.matters.api import follow
from bihuan.matters.models import Follow, Matter
from bihuan.people.api import ANONYMOUS
from bihuan.web import source
from bihuan.web.portal.secrets import form_id

from .conftest import BUILDING, COMMUNITY, DOOR, TEXT, Town, hidden, photo, shown_errors

pytestmark = pytest.mark.django_db


def test_the_door_page_knows_the_building_and_tells_the_limits_first(town: Town) -> None:
    html = town.client.get(f"/d/{DOOR}/").content.decode()
    assert "电建社区 12号楼" in html
    assert "最多 6 张" in html
    assert "天后清除" in html  # for what a phone is used, and how long it is kept


def test_an_unknown_door_is_told_kindly(town: Town) -> None:
    answer = town.client.get("/d/nosuchdoor/")
    assert answer.status_code == 404
    assert "从首页找您的楼栋" in answer.content.decode()


def test_a_report_becomes_a_matter_of_that_building_with_a_number_and_a_secret_link(town: Town) -> None:
    answer = town.send(town.fill())
    assert answer.status_code == 302
    matter = Matter.objects.get()
    assert (matter.area_code, matter.channel, matter.text) == (BUILDING, "door", TEXT)
    assert matter.reporter_id is None
    page = town.client.get(answer["Location"])
    html = page.content.decode()
    assert "电建-" in html
    assert "/r/" in html
    assert "<svg" in html
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]


def test_the_same_form_sent_twice_is_one_report_with_one_link(town: Town) -> None:
    form = town.fill()
    first, second = town.send(form), town.send(form)
    assert first["Location"] == second["Location"]
    assert Matter.objects.count() == 1


def test_going_back_and_writing_something_else_is_another_report(town: Town) -> None:
    form = town.fill()
    first = town.send(form)
    second = town.send({**form, "text": "东门口的井盖破了，孩子容易踩空。"})
    assert first["Location"] != second["Location"]
    assert Matter.objects.count() == 2


def test_a_lost_form_id_does_not_stop_a_report(town: Town) -> None:
    assert town.send(town.fill(form_id="nonsense")).status_code == 302


def test_ids_follow_from_form_and_text_and_are_version_7() -> None:
    form = form_id("")
    assert id_from(form, "甲") == id_from(form, "甲") != id_from(form, "乙")
    assert id_from(form, "甲").version == 7
    assert id_from(form, "甲").int >> 80 == form.int >> 80


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": ""}, "还没有写是什么问题"),
        ({"text": "，。！？"}, "没有看到文字"),
        ({"text": "灯" * 2001}, "最多 2000 个字"),
        ({"contact": "phone", "phone": ""}, "还没有填"),
        ({"contact": "phone", "phone": "12345"}, "电话号码不对"),
        ({"urgency": "apocalyptic"}, "没有这个选项"),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_nothing_typed_is_lost(
    town: Town, wrong: dict[str, str], said: str
) -> None:
    answer = town.send({**town.fill(), "reporter_name": "老张", **wrong})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert said in shown_errors(html)
    assert 'value="老张"' in html
    if "text" not in wrong:
        assert TEXT in html
    assert not Matter.objects.exists()


def test_chosen_photos_survive_a_mistake_and_go_with_the_report(town: Town) -> None:
    form = town.fill(contact="phone", phone="1", photos=[photo(), photo("b.jpg", "brown")])
    answer = town.send(form)
    again = hidden(answer.content.decode())
    assert answer.status_code == 422
    assert len(again["kept"]) == 2
    seen = town.client.get(f"/report/photo/{again['kept'][0]}/")
    assert seen.status_code == 200
    assert b"".join(seen.streaming_content)[:2] == b"\xff\xd8"  # type: ignore[arg-type]
    done = town.send({**again, "text": TEXT, "contact": "phone", "phone": "138 0000 1234", "urgency": "normal"})
    assert done.status_code == 302, shown_errors(done.content.decode())
    assert StoredFile.objects.filter(subject_id=Matter.objects.get().pk).count() == 2


def test_a_kept_photo_can_be_left_out(town: Town) -> None:
    again = hidden(town.send(town.fill(text="", photos=[photo(), photo("b.jpg", "brown")])).content.decode())
    town.send({**again, "drop": again["kept"][:1], "text": TEXT, "contact": "anonymous", "urgency": "normal"})
    assert StoredFile.objects.count() == 1


def test_a_kept_photo_is_nobodys_without_its_signed_line(town: Town) -> None:
    again = hidden(town.send(town.fill(text="", photos=[photo()])).content.decode())
    assert town.client.get(f"/report/photo/{again['kept'][0][:-2]}xx/").status_code == 404


def test_a_file_that_is_no_photo_is_named_and_the_good_ones_stay(town: Town) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    bad = SimpleUploadedFile("简历.jpg", b"not a picture at all", "image/jpeg")
    answer = town.send(town.fill(photos=[photo(), bad]))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "简历.jpg" in shown_errors(html)
    assert len(hidden(html)["kept"]) == 1
    assert TEXT in html


def test_a_file_without_end_is_left_out_and_the_rest_is_kept(town: Town, settings: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.UPLOAD_MAX_BYTES = 200_000
    huge = SimpleUploadedFile("录像.mp4", b"\x00" * 300_000, "video/mp4")
    answer = town.send(town.fill(photos=[photo(), huge]))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "录像.mp4：照片太大" in shown_errors(html)
    assert len(hidden(html)["kept"]) == 1
    assert TEXT in html


def test_more_photos_than_allowed_keep_the_first_ones(town: Town) -> None:
    answer = town.send(town.fill(photos=[photo(f"{n}.jpg") for n in range(8)]))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "最多 6 张" in shown_errors(html)
    assert len(hidden(html)["kept"]) == 6


def test_a_phone_is_kept_sealed_and_only_when_left(town: Town) -> None:
    town.send(town.fill(contact="phone", phone="＋86 138-0000-1234", reporter_name="老张"))
    phone = Sealed.objects.get(name="phone")
    assert phone.encrypted
    assert phone.masked == "138****1234"
    town.send(town.fill(text="东门井盖破了一个洞", contact="anonymous", phone="13900001234", reporter_name="老李"))
    assert Sealed.objects.filter(name__in=["phone", "reporter_name"]).count() == 2


def test_a_likely_duplicate_is_shown_once_before_a_second_report(town: Town) -> None:
    matter, _token = town.report()
    form = town.fill(text="三楼楼道的灯不亮，一个星期了", photos=[photo()])
    answer = town.send(form)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "是同一件事吗" in html
    assert matter.number in html
    assert Matter.objects.count() == 1
    again = hidden(html)
    assert len(again["kept"]) == 1  # the photo came along
    insisted = town.send({**form, **again, "photos": [], "seen": [matter.number]})
    assert insisted.status_code == 302
    assert Matter.objects.count() == 2


def test_following_the_earlier_report_needs_no_name_and_gives_a_link_of_ones_own(town: Town) -> None:
    matter, token = town.report()
    form = town.fill(text="三楼楼道的灯不亮，一个星期了")
    town.send(form)
    answer = town.client.post(f"/matters/{matter.number}/follow/", form)
    assert answer.status_code == 302
    own = answer["Location"]
    assert token not in own
    assert "三楼楼道的灯不亮" in town.client.get(own).content.decode()
    town.client.post(f"/matters/{matter.number}/follow/", form)  # sent twice
    assert Follow.objects.filter(matter=matter).count() == 1
    town.client.post(f"{own}stop/")
    assert not Follow.objects.exists()
    assert town.client.get(own).status_code == 404


def test_duplicates_while_typing_show_what_is_near_and_nothing_to_a_stray_request(town: Town) -> None:
    matter, _token = town.report()
    near = town.client.post("/report/alike/", {"area": BUILDING, "text": "三楼楼道的灯不亮"})
    assert matter.number in near.content.decode()
    assert town.client.post("/report/alike/", {"area": "410802", "text": TEXT}).content.strip() == b""
    assert town.client.get("/report/alike/").status_code == 405


def test_too_many_reports_are_answered_kindly_and_lose_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "REPORT", source.Pace("portal-report", 1, 600))
    town.send(town.fill())
    answer = town.send(town.fill(text="车棚的门锁坏了，推不开", photos=[photo()]))
    html = answer.content.decode()
    assert answer.status_code == 429
    assert "分钟后再试" in html
    assert "车棚的门锁坏了" in html
    assert len(hidden(html)["kept"]) == 1
    assert Matter.objects.count() == 1


def test_a_place_chosen_from_the_lists_is_reported_as_web(town: Town) -> None:
    page = town.client.get(f"/a/{COMMUNITY}/")
    data = {**hidden(page.content.decode()), "text": "广场的健身器材松动了", "contact": "anonymous"}
    assert town.client.post(f"/a/{COMMUNITY}/", data).status_code == 302
    assert (Matter.objects.get().channel, Matter.objects.get().area_code) == ("web", COMMUNITY)


def test_a_street_is_no_place_to_report_at(town: Town) -> None:
    assert town.client.get("/a/410802004/").status_code == 404


def test_without_a_method_the_form_says_so_and_keeps_the_text(town: Town) -> None:
    from bihuan.methods.models import MethodUse

    MethodUse.objects.all().delete()
    answer = town.send(town.fill())
    assert answer.status_code == 422
    assert "还没有启用工作法" in answer.content.decode()
    assert TEXT in answer.content.decode()


def test_a_form_without_its_token_is_refused_with_a_way_on(town: Town) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(f"/d/{DOOR}/", {"text": TEXT})
    assert answer.status_code == 403
    assert "刷新后重新提交" in answer.content.decode()


def test_a_private_matter_cannot_be_followed_by_its_number(town: Town) -> None:
    matter, _token = town.report()
    Matter.objects.filter(pk=matter.pk).update(public=False)
    assert town.client.post(f"/matters/{matter.number}/follow/", {}).status_code == 404
    with pytest.raises(Exception, match="没有找到"):
        follow(actor=ANONYMOUS, id=form_id(""), matter_id=UUID(str(matter.pk)))


def test_the_report_page_in_english_has_no_chinese_but_names(town: Town) -> None:
    answer: Any = Client(headers={"accept-language": "en"}).get(f"/d/{DOOR}/")
    html = answer.content.decode()
    assert "What is wrong?" in html
    assert 'lang="en"' in html
    assert "有什么要反映" not in html
