"""The pages of bulletins and notices: written and signed at the desk, read and objected to by anybody."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable, Iterator

import docx
import pytest
from django.test import Client
from django.urls import reverse

from bihuan.kernel.api import clock, new_id
from bihuan.kernel.models import PersonalRead
from bihuan.matters import api as matters
from bihuan.meetings import api as meetings
from bihuan.people.models import User
from bihuan.reporting.models import Bulletin, Objection
from tests.meetings.world import COMMUNITY, World, build
from tests.web.counting import counted, hold

Signed = Callable[[str], Client]


@pytest.fixture
def world(db: None) -> Iterator[World]:
    made = build()
    with made.at():
        yield made


@pytest.fixture
def signed(world: World) -> Signed:
    """Sign somebody of the world in."""

    def as_(key: str) -> Client:
        user, _made = User.objects.get_or_create(username=key, defaults={"person": world.people[key]})
        client = Client()
        client.force_login(user)
        return client

    return as_


def _do(client: Client, row: Bulletin, act: str, **more: str) -> object:
    return client.post(reverse("desk:bulletin_act", args=[row.pk, act]), {"entry_id": str(new_id()), **more})


def _drafted(client: Client, template: str, **more: str) -> Bulletin:
    given = {"entry_id": str(new_id()), "template": template, "area": COMMUNITY, **more}
    answer = client.post(reverse("desk:bulletin_new"), given)
    assert answer.status_code == 302, answer.content.decode()
    return Bulletin.objects.latest("created_at")


def _published(signed: Signed, template: str = "notice") -> Bulletin:
    cadre, secretary = signed("cadre"), signed("secretary")
    row = _drafted(cadre, template)
    given = {"title": "关于补植树木的公示", "text": "在3号楼北侧补植三棵树。", "version": str(row.version)}
    assert _do(cadre, row, "edit", **given).status_code == 302  # type: ignore[attr-defined]
    for client, act in ((cadre, "check"), (secretary, "sign"), (secretary, "publish")):
        assert _do(client, row, act).status_code == 302  # type: ignore[attr-defined]
    row.refresh_from_db()
    return row


def test_a_bulletin_is_drafted_checked_signed_and_published(world: World, signed: Signed) -> None:
    matters.report(actor=world.actor("resident"), id=new_id(clock.now()), text="路灯不亮", area_code=COMMUNITY + "003")
    cadre = signed("cadre")
    row = _drafted(cadre, "monthly", period="2024-03")
    page = cadre.get(reverse("desk:bulletin", args=[row.pk])).content.decode()
    assert re.search(r'<a class="num" href="/desk/figures/list/\?[^"]*key=collected[^"]*">1</a>', page)
    opened = re.search(r'href="(/desk/figures/list/\?[^"]*key=collected[^"]*)"', page)
    assert opened is not None
    assert cadre.get(opened[1].replace("&amp;", "&")).status_code == 200
    refused = _do(cadre, row, "check")
    assert refused.status_code == 422  # type: ignore[attr-defined]
    assert "没有填写" in refused.content.decode()  # type: ignore[attr-defined]
    assert cadre.get(reverse("desk:bulletins")).content.decode().count("民生工作简报") == 1


def test_what_was_typed_stays_when_it_is_refused(world: World, signed: Signed) -> None:
    cadre = signed("cadre")
    row = _drafted(cadre, "notice")
    answer = _do(cadre, row, "edit", title="", text="写了很久的正文", version=str(row.version))
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "写了很久的正文" in answer.content.decode()  # type: ignore[attr-defined]


def test_a_notice_is_objected_to_and_its_answer_followed_without_an_account(world: World, signed: Signed) -> None:
    row = _published(signed)
    stranger = Client()
    address = reverse("portal:notice", args=[row.pk])
    assert "提出异议" in stranger.get(address).content.decode()
    assert stranger.post(address, {"form_id": str(new_id()), "text": ""}).status_code == 422
    sent = {"form_id": str(new_id()), "text": "挡了一楼的光", "contact": "13812345678"}
    first, again = stranger.post(address, sent), stranger.post(address, sent)
    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    objection = Objection.objects.get()
    followed = stranger.get(first["Location"]).content.decode()
    assert "还没有答复" in followed
    assert f'data-draft-done="object-{row.pk}"' in followed, "the device keeps neither the words nor the phone number"
    assert "挡了一楼的光" not in stranger.get(address).content.decode()
    secretary = signed("secretary")
    desk = secretary.get(reverse("desk:bulletin", args=[row.pk])).content.decode()
    assert "挡了一楼的光" in desk
    assert "138****5678" in desk
    assert "13812345678" not in desk
    assert _do(secretary, row, "contact", objection=str(objection.pk)).status_code == 422  # type: ignore[attr-defined]
    assert not PersonalRead.objects.exists()
    looked = _do(secretary, row, "contact", objection=str(objection.pk), reason="电话核实")
    assert "13812345678" in looked.content.decode()  # type: ignore[attr-defined]
    assert "13812345678" not in secretary.get(reverse("desk:bulletin", args=[row.pk])).content.decode()
    assert [read.reason for read in PersonalRead.objects.all()] == ["电话核实"]
    refused = _do(secretary, row, "answer", objection=str(objection.pk), text="改种矮树")
    assert refused.status_code == 422  # type: ignore[attr-defined]
    _do(secretary, row, "answer", objection=str(objection.pk), text="改种矮树", upheld="yes")
    assert "改种矮树" in stranger.get(first["Location"]).content.decode()
    public = stranger.get(address).content.decode()
    assert "改种矮树" in public
    assert "一个字也没有改过" in public
    with world.at(world.now + datetime.timedelta(days=8)):
        late = stranger.post(address, {"form_id": str(new_id()), "text": "晚了"})
        assert late.status_code == 422
        done = _do(signed("secretary"), row, "conclude", outcome="一条异议，已采纳。")
        assert done.status_code == 302  # type: ignore[attr-defined]
        assert "一条异议，已采纳。" in stranger.get(address).content.decode()


def test_strangers_see_no_drafts(world: World, signed: Signed) -> None:
    row = _drafted(signed("cadre"), "notice")
    stranger = Client()
    assert stranger.get(reverse("portal:notice", args=[row.pk])).status_code == 404
    assert stranger.get(reverse("desk:bulletin", args=[row.pk])).status_code == 302
    assert signed("outsider").get(reverse("desk:bulletin", args=[row.pk])).status_code == 404
    assert signed("outsider").get(reverse("desk:bulletin_docx", args=[row.pk])).status_code == 404
    assert stranger.get(reverse("portal:objection", args=["x" * 24])).status_code == 404


def test_what_is_published_is_listed_for_its_community(world: World, signed: Signed) -> None:
    _published(signed)
    page = Client().get(reverse("portal:notices", args=[COMMUNITY])).content.decode()
    assert "关于补植树木的公示" in page
    assert "关于补植树木的公示" in Client().get(reverse("portal:notices", args=["410802"])).content.decode()
    assert "关于补植树木的公示" not in Client().get(reverse("portal:notices", args=["410802006"])).content.decode()
    assert Client().get(reverse("portal:notices", args=[COMMUNITY]) + "?after=x").status_code == 302


def test_a_meeting_that_is_over_leads_to_its_notice(world: World, signed: Signed) -> None:
    meeting, _items = world.opened()
    cadre = signed("cadre")
    address = reverse("desk:meeting", args=[meeting.pk])
    assert "写结果公示" not in cadre.get(address).content.decode()
    meetings.end_meeting(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk)
    page = cadre.get(address).content.decode()
    link = re.search(r'href="([^"]*bulletins/new/[^"]*template=results)"', page)
    assert link is not None
    form = cadre.get(link[1].replace("&amp;", "&"))
    assert form.status_code == 200
    assert 'value="results" selected' in form.content.decode()
    row = _drafted(cadre, "results", meeting=str(meeting.pk))
    assert meeting.title in row.title


def test_it_is_taken_out_as_a_word_file_and_a_page_to_print(world: World, signed: Signed) -> None:
    row = _published(signed)
    cadre = signed("cadre")
    answer = cadre.get(reverse("desk:bulletin_docx", args=[row.pk]))
    assert answer.status_code == 200
    text = "\n".join(one.text for one in docx.Document(io.BytesIO(answer.content)).paragraphs)
    assert "在3号楼北侧补植三棵树。" in text
    printed = cadre.get(reverse("desk:bulletin_print", args=[row.pk])).content.decode()
    assert "<svg" in printed
    assert "在3号楼北侧补植三棵树。" in printed


def test_without_libreoffice_the_page_says_how_to_have_it(
    world: World, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIHUAN_SOFFICE", "/nowhere/soffice")
    row = _published(signed)
    answer = signed("cadre").get(reverse("desk:bulletin_pdf", args=[row.pk]), follow=True)
    assert "libreoffice-writer-nogui" in answer.content.decode()


def test_a_role_model_is_told_of_and_taken_down(world: World, signed: Signed) -> None:
    cadre, secretary = signed("cadre"), signed("secretary")
    row = _drafted(cadre, "model")
    _do(cadre, row, "edit", title="身边榜样：冯阿姨", text="每天给邻居送饭。", version=str(row.version))
    _do(cadre, row, "check")
    assert _do(secretary, row, "sign").status_code == 422  # type: ignore[attr-defined]
    _do(cadre, row, "consent", name="冯某某", how="spoken", given_on="2024-03-10")
    assert _do(secretary, row, "sign").status_code == 302  # type: ignore[attr-defined]
    _do(secretary, row, "publish")
    assert "每天给邻居送饭" in Client().get(reverse("portal:notice", args=[row.pk])).content.decode()
    assert _do(cadre, row, "forget").status_code == 302  # type: ignore[attr-defined]
    gone = Client().get(reverse("portal:notice", args=[row.pk])).content.decode()
    assert "每天给邻居送饭" not in gone
    assert "冯" not in gone


def test_odd_input_is_answered_politely(world: World, signed: Signed) -> None:
    cadre = signed("cadre")
    row = _drafted(cadre, "notice")
    assert cadre.get(reverse("desk:bulletins") + "?cursor=x").status_code == 302
    assert cadre.get(reverse("desk:bulletin_new") + "?meeting=x&area=y").status_code == 200
    assert _do(cadre, row, "nothing").status_code == 404  # type: ignore[attr-defined]
    assert _do(cadre, row, "edit", title="x", text="{", version="1").status_code == 422  # type: ignore[attr-defined]
    bent = cadre.post(reverse("desk:bulletin_act", args=[row.pk, "check"]), {"entry_id": "x"})
    assert bent.status_code == 422


def test_the_pages_take_few_statements(world: World, signed: Signed) -> None:
    for _n in range(3):
        matters.report(
            actor=world.actor("resident"), id=new_id(clock.now()), text="路灯不亮", area_code=COMMUNITY + "003"
        )
    row, notice = _drafted(signed("cadre"), "monthly"), _published(signed)
    for client, name, args in (
        (signed("cadre"), "desk:bulletins", []),
        (signed("cadre"), "desk:bulletin_new", []),
        (signed("cadre"), "desk:bulletin", [row.pk]),
        (Client(), "portal:notices", [COMMUNITY]),
        (Client(), "portal:notice", [notice.pk]),
    ):
        answer, count = counted(client, reverse(name, args=args))
        assert answer.status_code == 200
        hold(name, count)
