"""The page of a matter: what it is, what comes next and why, and everything that may go wrong while acting."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from bihuan.kernel.api import clock, new_id
from bihuan.kernel.models import Entry, PersonalRead, StoredFile
from bihuan.matters.api import record
from bihuan.matters.models import Matter
from tests.web.counting import counted, hold

from . import seed
from .conftest import SignedIn


@pytest.fixture
def lamp(town: seed.Town) -> UUID:
    """A lamp reported at building 12 by its grid worker for a resident with a telephone."""
    return record(
        actor=town.actor("worker"),
        id=new_id(),
        area_code=seed.building(12),
        text="12号楼门口路灯不亮，晚上看不清台阶。",
        channel="visit",
        category="facility",
        phone=seed.PHONE,
        reporter_name="齐凤英",
        reporter_id=town.people["resident"].pk,
    ).matter_id


@pytest.fixture
def acting(town: seed.Town, lamp: UUID) -> UUID:
    """The lamp, deliberated and assigned 1+1+1."""
    town.triage(lamp)
    town.do("leader", lamp, "grid_resolve", meeting="meeting:grid_meeting", data={"result": {"carried": True}})
    people = {"lead": "cadre", "tracker": "worker", "supervisor": "neighbour"}
    parties = {role: [town.people[key].pk] for role, key in people.items()}
    town.do("secretary", lamp, "assign", data={"parties": parties})
    return lamp


def url(matter: UUID, do: str = "") -> str:
    return f"/desk/matters/{matter}/" + (f"?do={do}" if do else "")


def shown(client: Client, matter: UUID, do: str = "") -> str:
    return client.get(url(matter, do)).content.decode()


def form_of(page: str) -> dict[str, str]:
    """Return the hidden values of the act's form, as a browser would send them."""
    form = re.search(r'<form id="act".*?</form>', page, re.S)
    assert form is not None, "the page offers no form"
    found = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", form[0]):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and name[1] != "csrfmiddlewaretoken":
            found[name[1]] = value[1]
    return found


def act(client: Client, matter: UUID, action: str, **given: Any) -> Any:
    """Open the act's form, fill it in and send it."""
    page = shown(client, matter, action)
    return client.post(f"/desk/matters/{matter}/do/{action}/", {**form_of(page), **given})


SORTED = {"f_category": "facility", "f_urgency": "normal", "f_level": "grid"}


def test_the_head_says_what_where_until_when_and_which_step(as_: SignedIn, lamp: UUID) -> None:
    page = shown(as_("worker"), lamp)
    for words in ("路灯不亮", "12号楼", "还剩", "问 · 待分类", "史军", "首次回应时限"):
        assert words in page


def test_the_next_act_stands_first_with_its_reason_and_one_primary_button(as_: SignedIn, lamp: UUID) -> None:
    page = shown(as_("worker"), lamp)
    assert "轮到您了" in page
    assert page.count("btn--primary") == 1
    assert page.index("分类登记") < page.index("经过")


def test_acting_moves_the_matter_and_tells_so(as_: SignedIn, lamp: UUID) -> None:
    client = as_("worker")
    answer = act(client, lamp, "triage", **SORTED)
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"]).content.decode()
    assert "已记下：分类登记" in page
    assert f'data-draft-done="matter-{lamp}-triage"' in page  # what the device kept of the form goes
    assert "议 · 网格会议议题" in page
    assert Matter.objects.get(pk=lamp).step == "grid_agenda"


def test_what_is_missing_is_told_beside_its_field_and_nothing_typed_is_lost(as_: SignedIn, lamp: UUID) -> None:
    answer = act(as_("worker"), lamp, "triage", f_category="safety", f_place="单元门左侧")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="单元门左侧"' in page
    assert re.search(r'value="safety"[^>]*(checked|selected)', page)
    assert "field__error" in page
    assert Matter.objects.get(pk=lamp).step == "recorded"


def test_sending_the_same_form_twice_is_one_act(as_: SignedIn, lamp: UUID) -> None:
    client = as_("worker")
    data = {**form_of(shown(client, lamp, "triage")), **SORTED}
    first = client.post(f"/desk/matters/{lamp}/do/triage/", data)
    entries = Entry.objects.filter(subject_id=lamp).count()
    client.post(f"/desk/matters/{lamp}/do/triage/", data)
    assert first.status_code == 302
    assert Entry.objects.filter(subject_id=lamp).count() == entries


def test_who_may_not_act_sees_the_reason_in_words(as_: SignedIn, lamp: UUID) -> None:
    page = shown(as_("police"), lamp, "triage")
    assert "由网格长、网格员来做" in page
    assert 'id="act"' not in page


def test_an_act_that_is_not_ones_own_is_refused_on_the_server_too(as_: SignedIn, lamp: UUID) -> None:
    sent = {"entry_id": str(new_id()), "version": "1", **SORTED}
    answer = as_("police").post(f"/desk/matters/{lamp}/do/triage/", sent)
    assert answer.status_code == 422
    assert "由网格长、网格员来做" in answer.content.decode()
    assert 'id="act"' not in answer.content.decode()
    assert Matter.objects.get(pk=lamp).step == "recorded"


@pytest.mark.parametrize("key", ["worker_far", "admin"])
def test_who_may_not_see_the_matter_finds_nothing(as_: SignedIn, lamp: UUID, key: str) -> None:
    assert as_(key).get(url(lamp)).status_code == 404
    assert as_(key).post(f"/desk/matters/{lamp}/do/triage/", SORTED).status_code == 404
    assert as_(key).post(f"/desk/matters/{lamp}/reveal/", {"sealed_id": "1", "why": "contact"}).status_code == 404


def test_the_reporter_sees_the_matter_they_reported(as_: SignedIn, lamp: UUID) -> None:
    assert "路灯不亮" in shown(as_("resident"), lamp)


def test_somebody_was_faster_both_are_shown_and_the_typed_text_is_kept(
    town: seed.Town, as_: SignedIn, acting: UUID
) -> None:
    client = as_("cadre")
    stale = form_of(shown(client, acting, "measure"))
    town.do("worker", acting, "measure", data={"measure": "先拉了警戒线。"})
    answer = client.post(f"/desk/matters/{acting}/do/measure/", {**stale, "f_measure": "已联系供电所换灯头。"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "这件事有了变化" in page
    conflict = page[page.index('id="conflict"') : page.index('id="do"')]
    assert "史军" in conflict
    assert "先拉了警戒线。" in conflict
    assert page.count("已联系供电所换灯头。") >= 2  # beside what the other did, and in the form
    fresh = {**form_of(page), "f_measure": "已联系供电所换灯头。"}
    assert client.post(f"/desk/matters/{acting}/do/measure/", fresh).status_code == 302


def test_the_step_is_over_meanwhile_what_was_typed_can_be_copied(town: seed.Town, as_: SignedIn, acting: UUID) -> None:
    client = as_("cadre")
    stale = form_of(shown(client, acting, "extend"))
    town.do("cadre", acting, "finish", data={"answer": "换好了。"})
    answer = client.post(f"/desk/matters/{acting}/do/extend/", {**stale, "reason": "配件还没有到货。"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "配件还没有到货。" in page
    assert "这一步现在不能做了" in page


def test_naming_people_offers_only_who_may_be_named(town: seed.Town, as_: SignedIn, lamp: UUID) -> None:
    town.triage(lamp)
    town.do("leader", lamp, "grid_resolve", meeting="meeting:grid_meeting", data={"result": {"carried": True}})
    page = shown(as_("secretary"), lamp, "assign")
    tracker = re.search(r'<select name="party_tracker".*?</select>', page, re.S)
    supervisor = re.search(r'<select name="party_supervisor".*?</select>', page, re.S)
    assert tracker is not None
    assert supervisor is not None
    assert "史军" in tracker[0]
    assert "邱明" not in tracker[0]
    assert "安立新" in supervisor[0]
    assert "史军" not in supervisor[0]


def test_assigning_by_the_form_gives_one_lead_one_tracker_one_supervisor(
    town: seed.Town, as_: SignedIn, lamp: UUID
) -> None:
    town.triage(lamp)
    town.do("leader", lamp, "grid_resolve", meeting="meeting:grid_meeting", data={"result": {"carried": True}})
    client = as_("secretary")
    parties = {"lead": "cadre", "tracker": "worker", "supervisor": "neighbour"}
    given = {f"party_{role}": str(town.people[key].pk) for role, key in parties.items()}
    assert act(client, lamp, "assign", **given).status_code == 302
    page = shown(client, lamp)
    for words in ("牵头干部", "蔺国强", "跟踪网格员", "史军", "监督群众", "安立新"):
        assert words in page


def test_who_answers_now_is_chosen_already_when_responsibility_changes(
    town: seed.Town, as_: SignedIn, acting: UUID
) -> None:
    page = shown(as_("secretary"), acting, "replace")
    for role, key in {"lead": "cadre", "tracker": "worker", "supervisor": "neighbour"}.items():
        select = re.search(rf'<select name="party_{role}".*?</select>', page, re.S)
        assert select is not None
        assert f'value="{town.people[key].pk}" selected' in select[0]


def test_one_person_in_two_hands_is_told_beside_the_field(town: seed.Town, as_: SignedIn, lamp: UUID) -> None:
    town.triage(lamp)
    town.do("leader", lamp, "grid_resolve", meeting="meeting:grid_meeting", data={"result": {"carried": True}})
    given = {"party_lead": str(town.people["cadre"].pk), "party_tracker": str(town.people["worker"].pk)}
    answer = act(as_("secretary"), lamp, "assign", **given)
    assert answer.status_code == 422
    assert "party_supervisor" in answer.content.decode()


def test_photos_before_and_after_stand_side_by_side(as_: SignedIn, acting: UUID, settings: Any, tmp_path: Any) -> None:
    picture = BytesIO()
    Image.new("RGB", (64, 48), "grey").save(picture, "JPEG")
    client = as_("cadre")
    files = {
        f"photo_{tag}": SimpleUploadedFile(f"{tag}.jpg", picture.getvalue(), "image/jpeg")
        for tag in ("before", "after")
    }
    assert act(client, acting, "measure", f_measure="换了灯头。", **files).status_code == 302
    page = shown(client, acting)
    assert "办理前" in page
    assert "办理后" in page
    assert StoredFile.objects.filter(subject_id=acting).count() == 2


def test_a_photo_that_is_none_is_refused_in_words(as_: SignedIn, acting: UUID) -> None:
    bad = SimpleUploadedFile("x.jpg", b"not a picture", "image/jpeg")
    answer = act(as_("cadre"), acting, "measure", f_measure="换了灯头。", photo_after=bad)
    assert answer.status_code == 422
    assert "换了灯头。" in answer.content.decode()


def test_consent_shows_what_was_asked_for_and_why(town: seed.Town, as_: SignedIn, acting: UUID) -> None:
    town.do("cadre", acting, "extend", data={"reason": "灯杆还要等配件。"})
    page = shown(as_("secretary"), acting)
    assert "同意：申请延期" in page
    assert "灯杆还要等配件。" in page
    assert act(as_("secretary"), acting, "extend.grant").status_code == 302
    assert Matter.objects.get(pk=acting).state_json["clocks"]["act"]["extensions"] == 1


def test_a_masked_number_is_shown_only_for_a_reason_that_is_kept(town: seed.Town, as_: SignedIn, lamp: UUID) -> None:
    client = as_("worker")
    page = shown(client, lamp)
    assert "138****0012" in page
    assert seed.PHONE not in page
    sealed = re.search(r'name="sealed_id" value="(\d+)"[^§]*?', page)
    assert sealed is not None
    refused = client.post(f"/desk/matters/{lamp}/reveal/", {"sealed_id": sealed[1], "why": "other"})
    assert refused.status_code == 422
    assert "请写明原因" in refused.content.decode()
    assert not PersonalRead.objects.exists()
    told = client.post(f"/desk/matters/{lamp}/reveal/", {"sealed_id": sealed[1], "why": "contact"})
    assert "这次查看已记下" in told.content.decode()
    assert "no-store" in told.headers["Cache-Control"]
    read = PersonalRead.objects.get()
    assert read.reason == "联系反映人了解情况"
    assert read.reader_id == town.people["worker"].pk
    later = shown(client, lamp)
    assert seed.PHONE not in later
    assert "谁看过" in later
    assert "联系反映人了解情况" in later


def test_who_may_not_read_personal_data_is_not_offered_to(as_: SignedIn, lamp: UUID) -> None:
    page = shown(as_("police"), lamp)
    assert "138****0012" in page
    assert 'name="sealed_id"' not in page


def test_typed_later_shows_both_times(town: seed.Town, as_: SignedIn) -> None:
    from datetime import timedelta

    told = record(
        actor=town.actor("worker"),
        id=new_id(),
        area_code=seed.building(12),
        text="昨天电话里说的漏水。",
        channel="phone",
        happened_at=clock.now() - timedelta(days=1),
    )
    page = shown(as_("worker"), told.matter_id)
    assert "昨天 12:00" in page
    assert "录入于" in page


def test_what_people_wrote_is_text_and_never_markup(town: seed.Town, as_: SignedIn) -> None:
    reported = town.report(12, "<script>alert(1)</script> 路灯", title="<b>灯</b>")
    page = shown(as_("worker"), reported.matter_id)
    assert "<script>alert" not in page
    assert "<b>灯" not in page


def test_a_closed_matter_says_so_and_offers_what_is_left(town: seed.Town, as_: SignedIn, acting: UUID) -> None:
    town.do("cadre", acting, "finish", data={"answer": "换好了。"})
    town.do("neighbour", acting, "sign_off")
    town.do("resident", acting, "confirm")
    page = shown(as_("secretary"), acting)
    assert "已经办结" in page
    assert "实质办结" in page
    assert "书记决定重新办理" in page


def test_the_page_speaks_english(as_: SignedIn, lamp: UUID) -> None:
    page = as_("worker", "en").get(url(lamp)).content.decode()
    for words in ("It is your turn", "Sort into the ledger", "What happened", "What the public sees", "Personal data"):
        assert words in page
    for words in ("轮到您", "谁负责", "经过", "时限"):
        assert words not in page


def test_the_page_takes_few_statements(as_: SignedIn, acting: UUID) -> None:
    _page, count = counted(as_("cadre"), url(acting))
    hold("desk:matter", count)
    assert count <= 18
