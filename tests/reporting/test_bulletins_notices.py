"""What a meeting publishes; notices with objections; role models with consent."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from uuid import UUID

import docx
import pytest

from bihuan.kernel.api import BadInput, Refused, erase_expired, new_id, verify
from bihuan.kernel.models import Entry, Sealed
from bihuan.matters.models import Matter
from bihuan.meetings import api as meetings
from bihuan.people.api import ANONYMOUS
from bihuan.reporting.bulletins import api
from bihuan.reporting.models import Bulletin, Objection
from tests.meetings.world import COMMUNITY, World
from tests.reporting.bulletin_course import draft, published, ready, staged


@pytest.fixture
def world(db: None) -> Iterator[World]:
    yield from staged()


def _ended(world: World) -> UUID:
    meeting, (item,) = world.opened(kind="hands")
    leader = world.actor("leader")
    names = {"leader": "for", "worker": "for", "worker2": "for", "council": "for", "council2": "against"}
    meetings.enter_votes(
        actor=leader, entry_id=new_id(), item_id=item.pk, channel="hands",
        choices={world.id(key): choice for key, choice in names.items()},
    )  # fmt: skip
    world.close(item)
    meetings.resolve(
        actor=leader,
        entry_id=new_id(),
        item_id=item.pk,
        text="四月底前修好路面",
        parties={"lead": [world.id("cadre")], "tracker": [world.id("worker2")], "supervisor": [world.id("resident")]},
    )
    meetings.end_meeting(actor=leader, entry_id=new_id(), meeting_id=meeting.pk)
    return meeting.pk


def test_a_meeting_that_is_over_writes_its_own_notice_and_minutes(world: World) -> None:
    key = _ended(world)
    notice = draft(world, "results", meeting_id=key)
    text = api.bulletin_page(world.actor("cadre"), notice.pk).text
    assert (notice.kind, notice.subject_id) == ("notice", key)
    assert "决议：四月底前修好路面。" in text
    assert "赞成4，反对1，弃权0" in text
    assert "刘书平" in text  # an officer
    assert "吴小满" not in text
    assert "吴**" in text  # a resident
    assert "公示期为5个工作日" in text
    minutes = draft(world, "minutes", meeting_id=key)
    assert minutes.form == "jiyao"
    opened = docx.Document(io.BytesIO(api.as_docx(ready(world, minutes))))
    printed = "\n".join(paragraph.text for paragraph in opened.paragraphs)
    assert "电建社区纪要" in printed
    assert "出席：周长河" in printed
    assert "四月底前修好路面" in printed


def test_a_meeting_under_way_has_no_results_yet(world: World) -> None:
    meeting, _items = world.opened()
    with pytest.raises(Refused):
        draft(world, "results", meeting_id=meeting.pk)
    with pytest.raises(BadInput):
        draft(world, "results")


def test_a_private_matter_is_not_told_of(world: World) -> None:
    key = _ended(world)
    Matter.objects.update(public=False)
    text = api.bulletin_page(world.actor("cadre"), draft(world, "results", meeting_id=key).pk).text
    assert "一件不公开的事项" in text
    assert "路面" not in text


def test_a_notice_ends_only_when_every_objection_is_answered(world: World) -> None:
    row = published(world, "notice")
    assert (row.window_from, row.window_until) == (datetime.date(2024, 3, 11), datetime.date(2024, 3, 18))
    made = api.object_to(
        actor=ANONYMOUS, entry_id=new_id(), bulletin_id=row.pk, text="不同意在我窗前种树", contact="13812345678"
    )
    secretary = world.actor("secretary")
    with pytest.raises(Refused):  # its window is open
        api.conclude(actor=secretary, entry_id=new_id(), bulletin_id=row.pk, outcome="无异议")
    (line,) = api.bulletin_page(secretary, row.pk).objections
    assert (line.text, line.contact) == ("不同意在我窗前种树", "138****5678")
    with world.at(world.now + datetime.timedelta(days=8)):
        with pytest.raises(Refused):
            api.object_to(actor=ANONYMOUS, entry_id=new_id(), bulletin_id=row.pk, text="晚了")
        with pytest.raises(Refused) as error:
            api.conclude(actor=secretary, entry_id=new_id(), bulletin_id=row.pk, outcome="无异议")
        assert "没有答复" in error.value.problems[0].why
        api.answer(actor=secretary, entry_id=new_id(), objection_id=made.objection.pk, text="改种在绿地里", upheld=True)
        mine = api.objection_by(made.token)
        assert mine is not None
        assert (mine.text, mine.answer, mine.upheld) == ("不同意在我窗前种树", "改种在绿地里", True)
        done = api.conclude(actor=secretary, entry_id=new_id(), bulletin_id=row.pk, outcome="一条异议，已采纳")
        assert done.concluded_at is not None
    page = api.published_bulletin(row.pk)
    assert page is not None
    assert (page.row.outcome, page.answers[0].text, page.waiting) == ("一条异议，已采纳", "改种在绿地里", 0)
    assert verify(("bulletin", row.pk)).ok


def test_what_an_objection_says_stands_nowhere_in_the_clear(world: World) -> None:
    row = published(world, "notice")
    made = api.object_to(actor=ANONYMOUS, entry_id=new_id(), bulletin_id=row.pk, text="树挡光", contact="13812345678")
    assert Objection.objects.get().follow_hash != made.token.encode()
    for sealed in Sealed.objects.filter(entry_id=made.objection.pk):
        assert sealed.encrypted
        assert "树挡光".encode() not in bytes(sealed.content)
    bodies = "".join(str(body) for body in Entry.objects.values_list("body", flat=True))
    assert "树挡光" not in bodies
    assert "13812345678" not in bodies
    with world.at(world.now + datetime.timedelta(days=300)):
        erase_expired()
    assert Sealed.objects.get(entry_id=made.objection.pk, name="contact").erased_at is not None
    assert api.objection_by("x" * 24) is None


def test_an_objection_sent_twice_is_one(world: World) -> None:
    row = published(world, "notice")
    key = new_id()
    first, second = (api.object_to(actor=ANONYMOUS, entry_id=key, bulletin_id=row.pk, text="树挡光") for _ in "ab")
    assert (first.token, first.created, second.created) == (second.token, True, False)
    assert Objection.objects.count() == 1


def test_nobody_is_held_up_who_has_not_agreed_and_who_wishes_is_forgotten(world: World) -> None:
    row = ready(world, draft(world, "model"), "红姐冯某某，每天给独居老人送饭。")
    cadre, secretary = world.actor("cadre"), world.actor("secretary")
    with pytest.raises(Refused) as error:
        api.sign(actor=secretary, entry_id=new_id(), bulletin_id=row.pk)
    assert "本人的同意" in error.value.problems[0].why
    with pytest.raises(BadInput):
        api.consent(
            actor=cadre, entry_id=new_id(), bulletin_id=row.pk, name="冯某某", how="written",
            given_on=datetime.date(2025, 1, 1),
        )  # fmt: skip
    api.consent(
        actor=cadre, entry_id=new_id(), bulletin_id=row.pk, name="冯某某", how="written",
        given_on=datetime.date(2024, 3, 10),
    )  # fmt: skip
    api.sign(actor=secretary, entry_id=new_id(), bulletin_id=row.pk)
    api.publish(actor=secretary, entry_id=new_id(), bulletin_id=row.pk)
    assert api.published_bulletin(row.pk) is not None
    api.forget(actor=cadre, entry_id=new_id(), bulletin_id=row.pk)
    page = api.published_bulletin(row.pk)
    assert page is not None
    assert (page.withdrawn, page.row.title, page.row.blocks_json) == (True, "（内容已删除）", [])
    assert page.row.consents_json == []
    assert not Sealed.objects.filter(subject_id=row.pk, erased_at__isnull=True).exists()
    told = "".join(str(body) for body in Entry.objects.filter(subject_id=row.pk).values_list("body", flat=True))
    assert "冯" not in told
    assert "红姐" not in told
    assert verify(("bulletin", row.pk)).ok


def _model(world: World, **given: object) -> Bulletin:
    row = draft(world, "model")
    cadre = world.actor("cadre")
    api.edit(
        actor=cadre, entry_id=new_id(), bulletin_id=row.pk, title="身边榜样：红姐帮帮团", text="冯红每天陪老人说话。"
    )
    api.check(actor=cadre, entry_id=new_id(), bulletin_id=row.pk)
    said = {"name": "冯红", "how": "spoken", "given_on": datetime.date(2024, 3, 1), **given}
    api.consent(actor=cadre, entry_id=new_id(), bulletin_id=row.pk, **said)  # type: ignore[arg-type]
    return row


def test_a_picture_needs_its_own_consent_of_each_and_is_taken_back_at_any_time(world: World) -> None:
    row = _model(world, covers=("words", "picture"))
    cadre, secretary = world.actor("cadre"), world.actor("secretary")
    row.refresh_from_db()
    assert api.pictures_agreed(row)
    other = {"entry_id": new_id(), "name": "郭红", "how": "written", "given_on": datetime.date(2024, 3, 1)}
    api.consent(actor=cadre, bulletin_id=row.pk, **other)  # type: ignore[arg-type]
    row.refresh_from_db()
    assert not api.pictures_agreed(row)  # one of two agreed to the words alone
    api.sign(actor=secretary, entry_id=new_id(), bulletin_id=row.pk)
    api.publish(actor=secretary, entry_id=new_id(), bulletin_id=row.pk)
    first = UUID(row.consents_json[0]["entry"])
    api.no_picture(actor=cadre, entry_id=new_id(), bulletin_id=row.pk, consent_id=first)
    row.refresh_from_db()
    assert [one["covers"] for one in row.consents_json] == [["words"], ["words"]]
    assert row.state == "published"
    with pytest.raises(Refused):
        api.no_picture(actor=cadre, entry_id=new_id(), bulletin_id=row.pk, consent_id=first)
    assert verify().ok


def test_a_consent_to_the_picture_alone_is_none(world: World) -> None:
    with pytest.raises(BadInput, match="没有同意公开文字"):
        _model(world, covers=("picture",))


def test_whoever_no_longer_wishes_it_is_taken_down_and_the_page_says_so(world: World) -> None:
    row = _model(world)
    api.sign(actor=world.actor("secretary"), entry_id=new_id(), bulletin_id=row.pk)
    api.publish(actor=world.actor("secretary"), entry_id=new_id(), bulletin_id=row.pk)
    api.forget(actor=world.actor("cadre"), entry_id=new_id(), bulletin_id=row.pk)
    page = api.published_bulletin(row.pk)
    assert page is not None
    assert page.withdrawn
    assert page.row.reason == "按本人意愿撤下"
    assert page.blocks == ()
    assert "红姐" not in page.row.title
    assert not api.published_bulletins(COMMUNITY, kind="model").rows
