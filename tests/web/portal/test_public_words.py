"""Every word of a public page is held against the record: each altered in the database, past the application, is named.

``HELD`` lists every field that the pages show and where it is held; a field that is added to a page and not listed
fails here.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, fields
from typing import Any

import pytest
from django.db.models import F, QuerySet
from django.test import Client

from bihuan.activities import api as activities
from bihuan.activities.models import Activity, SignUp
from bihuan.activities.shapes import PublicActivity
from bihuan.kernel.api import clock, new_id
from bihuan.kernel.models import Sealed, StoredFile
from bihuan.kernel.testing import tampering
from bihuan.matters.api import PublicPage as MatterPage
from bihuan.matters.models import Matter
from bihuan.meetings.models import AgendaItem, Correction, Meeting, Objection, Resolution
from bihuan.meetings.shapes import Published, PublishedItem, PublishedObjection
from bihuan.reporting.bulletins import api as bulletins
from bihuan.reporting.bulletins.shapes import PublicAnswer
from bihuan.reporting.bulletins.shapes import PublicPage as BulletinPage
from bihuan.reporting.models import Bulletin
from bihuan.reporting.models import Objection as BulletinObjection
from tests.activities.conftest import Stage
from tests.meetings.world import COMMUNITY

from .shown import act

pytestmark = pytest.mark.django_db
UNCHANGED, CHANGED = "没有被改动", "被改动过"
HERE = "compared"  # an alteration below names it
METHOD = "of the method's published version, which each entry names"
AREAS = "of the register of areas; which area it is, is compared"
PEOPLE = "of the register of people; whom it names, is compared"
NOW = "worked out from what is compared, and the clock"
NONE = "not on the page"

HELD: dict[type[Any], dict[str, str]] = {
    MatterPage: {
        "number": "the address itself: another number is another page",
        "display_number": AREAS, "title": HERE, "area_name": AREAS, "is_open": HERE, "step_title": METHOD,
        "public_words": METHOD, "outcome_title": METHOD, "created_at": HERE, "updated_at": NONE, "closed_at": HERE,
        "follower_count": "how many follow is no record", "steps": METHOD,
        "timeline": "the entries themselves, as sentences: the chain holds them", "photos": HERE, "fields": HERE,
        "duplicate_of": NONE,
    },
    Published: {
        "id": "the address itself", "title": HERE, "body_title": NONE, "area_code": HERE, "area_name": AREAS,
        "place": HERE, "starts_at": HERE, "ended_at": NONE, "published_at": HERE,
        "due": "shown where no quorum was found: then by the sentence", "present": "as due", "quorum_sentence": HERE,
        "items": HERE, "corrections": HERE, "objections_until": HERE, "objections_open": NOW,
        "objections_waiting": HERE, "objections": HERE,
    },
    PublishedItem: {
        "order": HERE, "title": HERE, "private": "as the matter is", "number": HERE, "display_number": NONE,
        "state": HERE, "state_title": NOW, "ballot_title": HERE, "count": HERE, "resolution": HERE, "parties": HERE,
        "due_on": HERE, "progress": "on the matter's own page, with its own check", "reason": HERE,
    },
    PublishedObjection: {"text": HERE, "created_at": HERE, "answer": HERE, "answered_at": HERE},
    BulletinPage: {
        "row": HERE, "area_name": AREAS, "kind_title": NONE, "state_title": NOW, "blocks": HERE, "window_open": NOW,
        "waiting": HERE, "answers": HERE, "unchanged": NOW, "withdrawn": HERE,
    },
    PublicAnswer: {"text": "the sealed text itself: the chain holds it", "at": HERE, "upheld": HERE},
    PublicActivity: {
        "id": "the address itself", "title": HERE, "kind_title": METHOD, "area_code": HERE, "area_name": AREAS,
        "place": HERE, "festival": HERE, "text": HERE, "team_name": "of the team; which team it is, is compared",
        "starts_at": HERE, "ends_at": HERE, "sign_up_until": HERE, "state": HERE, "state_title": NOW, "reason": HERE,
        "capacity": HERE, "coming": HERE, "waiting": HERE, "free": NOW, "came": HERE, "summary": HERE,
        "keep_days": METHOD, "photos": HERE, "closed": NOW,
    },
}  # fmt: skip


@pytest.mark.parametrize("shape", HELD, ids=lambda shape: f"{shape.__module__}.{shape.__name__}")
def test_every_word_of_a_public_page_is_listed_with_where_it_is_held(shape: type[Any]) -> None:
    assert {field.name for field in fields(shape)} == set(HELD[shape])


@dataclass
class Alteration:
    """What somebody changes in the database, and the words by which the check names it."""

    rows: QuerySet[Any]
    change: dict[str, Any]
    named: str


def _hold(path: str, alterations: list[Alteration]) -> None:
    client = Client()
    assert UNCHANGED in client.get(f"{path}check/").content.decode()
    for one in alterations:
        before = {row.pk: {name: getattr(row, name) for name in one.change} for row in one.rows.all()}
        assert before, one
        kept = one.rows.model._default_manager.filter(pk__in=before)
        one.rows.update(**one.change)
        html = client.get(f"{path}check/").content.decode()
        assert CHANGED in html, one
        assert one.named in html, (one, html[html.index(CHANGED) :][:600])
        for row in kept:
            type(row)._default_manager.filter(pk=row.pk).update(**before[row.pk])
        assert UNCHANGED in client.get(f"{path}check/").content.decode(), one


def test_each_word_of_a_meetings_page_is_held(world: Stage, meeting: Meeting) -> None:
    items = {item.order: AgendaItem.objects.filter(pk=item.pk) for item in meeting.items.all()}
    answered = Objection.objects.filter(meeting=meeting, answered_at__isnull=False)
    waiting = Objection.objects.filter(meeting=meeting, answered_at__isnull=True)
    row = Meeting.objects.filter(pk=meeting.pk)
    english = {**meeting.quorum, "en": meeting.quorum["en"].replace("5", "4")}
    elsewhere = Matter.objects.get(pk=world.waiting_matter("另一件事").pk)
    later = clock.now() + datetime.timedelta(hours=1)
    _hold(
        f"/meetings/{meeting.pk}/",
        [
            Alteration(row, {"title": "别的会议"}, "会议的名称"),
            Alteration(row, {"place": "别处"}, "地点"),
            Alteration(row, {"body": "alliance"}, "会议的名称"),
            Alteration(row, {"area_code": f"{COMMUNITY}003"}, "区域"),
            Alteration(row, {"opened_at": later}, "开会时间"),
            Alteration(row, {"quorum": english}, "到会人数"),
            Alteration(row, {"quorum": {}}, "到会人数"),
            Alteration(row, {"published_at": later}, "公布时间"),
            Alteration(items[1], {"title": "换成别的标题"}, "第 1 项议题的标题"),
            Alteration(items[2], {"title": "通报别的检查"}, "第 2 项议题的标题"),
            Alteration(items[1], {"title": "（内容已删除）"}, "第 1 项议题的标题"),
            Alteration(items[2], {"title": "（内容已删除）"}, "第 2 项议题的标题"),
            Alteration(items[1], {"matter": elsewhere}, "第 1 项议题不是记录里的议题"),
            Alteration(items[1], {"count": {}}, "第 1 项议题的票数"),
            Alteration(items[1], {"ballot": "secret"}, "第 1 项议题的票数"),
            Alteration(items[2], {"state": "deferred"}, "第 2 项议题怎样处理的"),
            Alteration(items[4], {"reason": "没人想议"}, "第 4 项议题怎样处理的"),
            Alteration(items[4], {"reason": ""}, "第 4 项议题怎样处理的"),
            Alteration(items[3], {"state": "noted"}, "第 3 项议题怎样处理的"),
            Alteration(items[4], {"order": 0}, "议题的顺序"),
            Alteration(Resolution.objects.filter(item=items[1].get()), {"parties": {}}, "第 1 项议题的决议"),
            Alteration(answered, {"text": "没有意见"}, "第 1 条异议"),
            Alteration(answered, {"created_at": clock.now() - datetime.timedelta(days=1)}, "第 1 条异议"),
            Alteration(answered, {"answer": "不用修"}, "对第 1 条异议的答复"),
            Alteration(answered, {"answered_at": later}, "对第 1 条异议的答复"),
            Alteration(waiting, {"answered_at": later}, "对第 2 条异议的答复"),
            Alteration(Correction.objects.filter(meeting=meeting), {"words": "广场"}, "更正"),
            Alteration(Correction.objects.filter(meeting=meeting), {"was": "广场"}, "更正"),
            Alteration(Correction.objects.filter(meeting=meeting), {"what": "chair"}, "更正"),
        ],
    )


def test_what_is_taken_off_a_meetings_page_or_slipped_onto_it_is_named(world: Stage, meeting: Meeting) -> None:
    path = f"/meetings/{meeting.pk}/check/"

    def named(words: str) -> bool:
        return words in Client().get(path).content.decode()

    slipped = AgendaItem.objects.create(id=new_id(), meeting=meeting, order=9, title="多出来的议题", state="noted")
    assert named("第 9 项议题不是记录里的议题")
    slipped.delete()
    made = Objection.objects.create(id=new_id(), meeting=meeting, text="没人提过", created_at=clock.now())
    assert named("异议的条数")
    made.delete()
    assert named(UNCHANGED)
    Objection.objects.filter(meeting=meeting, answered_at__isnull=True).delete()
    assert named("异议的条数")
    AgendaItem.objects.filter(meeting=meeting, order=4).delete()
    assert named("少了 1 项议题")


def test_a_title_that_was_erased_is_no_change(world: Stage, meeting: Meeting) -> None:
    from bihuan.kernel.api import erase
    from bihuan.people.api import SYSTEM

    item = AgendaItem.objects.get(meeting=meeting, order=1)
    erase(actor=SYSTEM.ref(""), subject_type="matter", subject_id=item.matter_id)  # type: ignore[arg-type]
    assert UNCHANGED in Client().get(f"/meetings/{meeting.pk}/check/").content.decode()
    erase(actor=SYSTEM.ref(""), subject_type="meeting", subject_id=meeting.pk, names=["title"])
    item = AgendaItem.objects.get(meeting=meeting, order=2)
    assert item.title == "（内容已删除）"
    assert UNCHANGED in Client().get(f"/meetings/{meeting.pk}/check/").content.decode()


def test_what_a_matters_page_shows_of_its_meeting_is_held_too(world: Stage, meeting: Meeting) -> None:
    item = AgendaItem.objects.select_related("matter").get(meeting=meeting, order=1)
    assert item.matter is not None
    rows, later = Matter.objects.filter(pk=item.matter_id), clock.now() + datetime.timedelta(hours=1)
    state = rows.get().state_json
    _hold(
        f"/matters/{item.matter.number}/",
        [
            Alteration(rows, {"title": "换了标题"}, "标题"),
            Alteration(rows, {"title": "（内容已删除）"}, "标题"),
            Alteration(rows, {"area_code": f"{COMMUNITY}002"}, "区域"),
            Alteration(rows, {"step": "recorded"}, "办到哪一步"),
            Alteration(rows, {"is_open": False}, "是否办结"),
            Alteration(rows, {"created_at": later}, "反映的时间"),
            Alteration(rows, {"closed_at": later}, "办结的时间"),
            Alteration(rows, {"state_json": {**state, "fields": {**state["fields"], "urgency": "urgent"}}}, "办理情况"),
            Alteration(Resolution.objects.filter(item=item), {"text": "不修了"}, "第 1 项议题的决议"),
            Alteration(Meeting.objects.filter(pk=meeting.pk), {"place": "别处"}, "会议的名称或地点"),
        ],
    )


def test_each_word_of_a_notices_page_is_held(world: Stage, notice: Bulletin) -> None:
    rows = Bulletin.objects.filter(pk=notice.pk)
    later = clock.now() + datetime.timedelta(hours=1)
    answered = BulletinObjection.objects.filter(bulletin=notice, answered_at__isnull=False)
    waiting = BulletinObjection.objects.filter(bulletin=notice, answered_at__isnull=True)
    day = datetime.date(2024, 1, 1)
    _hold(
        f"/notices/{notice.pk}/",
        [
            Alteration(rows, {"title": "关于砍树的公示"}, "标题"),
            Alteration(rows, {"blocks_json": [{"para": "在3号楼北侧砍三棵树。"}]}, "正文"),
            Alteration(rows, {"to": "全体业主"}, "主送"),
            Alteration(rows, {"number": "电建〔2024〕99号"}, "文号"),
            Alteration(rows, {"area_code": "410802"}, "区域"),
            Alteration(rows, {"kind": "bulletin"}, "种类"),
            Alteration(rows, {"published_at": later}, "发布时间"),
            Alteration(rows, {"window_from": day}, "公示期"),
            Alteration(rows, {"window_until": day}, "公示期"),
            Alteration(rows, {"outcome": "没有异议"}, "公示结果"),
            Alteration(rows, {"concluded_at": later}, "公示结果"),
            Alteration(answered, {"upheld": False}, "异议和答复"),
            Alteration(answered, {"answered_at": later}, "异议和答复"),
            Alteration(waiting, {"answered_at": later, "upheld": False}, "异议和答复"),
        ],
    )
    waiting.delete()
    assert "异议和答复" in Client().get(f"/notices/{notice.pk}/check/").content.decode()


def test_of_a_withdrawn_notice_its_title_and_reason_are_held(world: Stage, notice: Bulletin) -> None:
    act(world, "secretary", bulletins.withdraw, notice, reason="写错了楼号")
    rows = Bulletin.objects.filter(pk=notice.pk)
    path = f"/notices/{notice.pk}/"
    _hold(
        path,
        [
            Alteration(rows, {"title": "别的公示"}, "标题"),
            Alteration(rows, {"reason": "没有原因"}, "撤回的原因"),
            Alteration(rows, {"state": "published"}, "状态"),
        ],
    )
    assert f'href="{path}check/"' in Client().get(path).content.decode()


def test_each_word_of_an_activitys_page_is_held(world: Stage, activity: Activity) -> None:
    rows = Activity.objects.filter(pk=activity.pk)
    later = clock.now() + datetime.timedelta(days=40)
    people = SignUp.objects.filter(activity=activity)
    pictures = StoredFile.objects.filter(subject_type="activity", subject_id=activity.pk)
    _hold(
        f"/activities/{activity.pk}/",
        [
            Alteration(rows, {"title": "别的活动"}, "活动名称"),
            Alteration(rows, {"place": "别处"}, "地点"),
            Alteration(rows, {"festival": "中秋节"}, "节日"),
            Alteration(rows, {"text": "不猜灯谜。"}, "活动内容"),
            Alteration(rows, {"text": ""}, "活动内容"),
            Alteration(rows, {"starts_at": later}, "时间"),
            Alteration(rows, {"ends_at": later}, "时间"),
            Alteration(rows, {"sign_up_until": later}, "报名截止"),
            Alteration(rows, {"capacity": 5}, "名额"),
            Alteration(rows, {"team": None}, "谁来办、办什么"),
            Alteration(rows, {"kind": "clinic"}, "谁来办、办什么"),
            Alteration(rows, {"area_code": "410802"}, "区域"),
            Alteration(rows, {"announced_at": later}, "发布时间"),
            Alteration(rows, {"state": "cancelled"}, "活动的状态"),
            Alteration(rows, {"reason": "没人来"}, "取消的原因"),
            Alteration(rows, {"summary": "没人来。"}, "办得怎么样"),
            Alteration(rows, {"came_uncounted": 900}, "到场人数"),
            Alteration(people, {"people": F("people") + 5}, "报名人数"),
            Alteration(pictures, {"sha256": "0" * 64}, "照片"),
        ],
    )


def test_an_activity_is_checked_with_its_code_proof_and_picture(world: Stage, activity: Activity) -> None:
    client, path = Client(), f"/activities/{activity.pk}/"
    statuses = [client.get(f"{path}{what}").status_code for what in ("", "check/", "proof.json", "qr.svg", "card.png")]
    assert statuses == [200] * 5
    told = client.get(f"{path}proof.json").json()
    assert told["unchanged"] is True
    assert client.get("/record/check/", {"q": told["code"]})["Location"] == f"{path}check/"
    assert client.get("/record/check/", {"q": path})["Location"] == f"{path}check/"
    names = [person.name for person in world.people.values()]
    said = client.get(f"{path}check/").content.decode() + str(told)
    assert not [name for name in (*names, "王阿姨", "李叔") if name in said]


def test_a_called_off_activity_is_held_to_its_reason(world: Stage) -> None:
    row = world.announced()
    activities.call_off(actor=world.actor("secretary"), entry_id=new_id(), activity_id=row.pk, reason="下大雪")
    _hold(
        f"/activities/{row.pk}/",
        [
            Alteration(Activity.objects.filter(pk=row.pk), {"reason": "没人来"}, "取消的原因"),
            Alteration(Activity.objects.filter(pk=row.pk), {"state": "announced"}, "活动的状态"),
        ],
    )


def test_an_activity_whose_names_were_forgotten_is_unchanged(world: Stage, activity: Activity) -> None:
    from bihuan.kernel.api import erase_expired

    with world.at(world.now + datetime.timedelta(days=60)):
        erase_expired(clock.now())
        assert not SignUp.objects.filter(activity=activity).exclude(name="").exists()
        assert UNCHANGED in Client().get(f"/activities/{activity.pk}/check/").content.decode()


def test_an_areas_check_goes_through_all_that_its_home_shows(
    world: Stage, meeting: Meeting, notice: Bulletin, activity: Activity
) -> None:
    coming = world.announced(title="还没办的活动")
    client, path = Client(), f"/p/{COMMUNITY}/check/"
    html = client.get(path).content.decode()
    assert UNCHANGED in html
    assert CHANGED not in html
    for one in (f"/meetings/{meeting.pk}/", f"/notices/{notice.pk}/", f"/activities/{coming.pk}/"):
        assert f'href="{one}check/"' in html
    Meeting.objects.filter(pk=meeting.pk).update(place="别处")
    html = client.get(path).content.decode()
    assert "有 1 条被改动过" in html
    assert client.get("/p/410802999/check/").status_code == 404


def test_a_page_whose_sealed_words_were_changed_still_opens_and_its_check_says_so(
    world: Stage, notice: Bulletin, meeting: Meeting, activity: Activity
) -> None:
    matter = Matter.objects.get(agenda_items__meeting=meeting)
    for kind, key, name, path in (
        ("bulletin", notice.pk, "answer", f"/notices/{notice.pk}/"),
        ("bulletin", notice.pk, "text", f"/notices/{notice.pk}/"),
        ("meeting", meeting.pk, "text", f"/meetings/{meeting.pk}/"),
        ("meeting", meeting.pk, "title", f"/meetings/{meeting.pk}/"),
        ("activity", activity.pk, "summary", f"/activities/{activity.pk}/"),
        ("matter", matter.pk, "text", f"/matters/{matter.number}/"),
    ):
        row = Sealed.objects.filter(subject_type=kind, subject_id=key, name=name).first()
        assert row is not None, (kind, name)
        with tampering():
            Sealed.objects.filter(pk=row.pk).update(content="改过的话".encode())
        assert Client().get(path).status_code == 200, (kind, name)
        assert CHANGED in Client().get(f"{path}check/").content.decode(), (kind, name)
        with tampering():
            Sealed.objects.filter(pk=row.pk).update(content=row.content)
