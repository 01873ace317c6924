"""Anybody checks that what was published was not changed; what somebody changed in the database is found and named."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from bihuan.activities.models import Activity
from bihuan.kernel.api import clock, make_missing_roots, new_id
from bihuan.kernel.models import Entry, Sealed
from bihuan.kernel.testing import tampering
from bihuan.matters.models import Matter
from bihuan.meetings import api as meetings
from bihuan.meetings.models import AgendaItem, Meeting, Resolution
from bihuan.reporting.bulletins import api
from bihuan.reporting.models import Bulletin
from tests.meetings.world import COMMUNITY, World, build

pytestmark = pytest.mark.django_db
UNCHANGED, CHANGED = "没有被改动", "被改动过"


@pytest.fixture
def world(db: None) -> Iterator[World]:
    made = build()
    with made.at():
        yield made


def _act(world: World, who: str, act: Any, row: Bulletin, **more: Any) -> Any:
    return act(actor=world.actor(who), entry_id=new_id(clock.now()), bulletin_id=row.pk, **more)


@pytest.fixture
def notice(world: World) -> Bulletin:
    """A notice on the wall."""
    row = api.draft(
        actor=world.actor("cadre"), entry_id=new_id(clock.now()), area_code=COMMUNITY, template="notice"
    )  # fmt: skip
    _act(world, "cadre", api.edit, row, title="关于补植树木的公示", text="在3号楼北侧补植三棵树。")
    _act(world, "cadre", api.check, row)
    for act in (api.sign, api.publish):
        row = _act(world, "secretary", act, row)
    return row


@pytest.fixture
def meeting(world: World) -> Meeting:
    """A meeting whose results are on the wall."""
    found, (item,) = world.opened(kind="hands")
    leader = world.actor("leader")
    choices = {world.id(key): "for" for key in ("leader", "worker", "worker2", "council", "council2")}
    meetings.enter_votes(actor=leader, entry_id=new_id(), item_id=item.pk, channel="hands", choices=choices)
    world.close(item)
    parties = {"lead": [world.id("cadre")], "tracker": [world.id("worker2")], "supervisor": [world.id("resident")]}
    meetings.resolve(
        actor=leader, entry_id=new_id(), item_id=item.pk, text="三周内换好灯头", parties=parties,
        due_on=datetime.date(2024, 4, 8),
    )  # fmt: skip
    meetings.end_meeting(actor=leader, entry_id=new_id(), meeting_id=found.pk)
    return meetings.publish(actor=leader, entry_id=new_id(), meeting_id=found.pk)


def _said(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def _paths(notice: Bulletin, meeting: Meeting) -> list[str]:
    matter = Matter.objects.filter(agenda_items__meeting=meeting).get()
    return [f"/notices/{notice.pk}/", f"/meetings/{meeting.pk}/", f"/matters/{matter.number}/"]


def test_what_nobody_touched_is_unchanged_before_and_after_its_day_is_published(
    world: World, notice: Bulletin, meeting: Meeting
) -> None:
    for path in _paths(notice, meeting):
        early = _said(f"{path}check/")
        assert UNCHANGED in early
        assert CHANGED not in early
        assert "次日凌晨公布" in early
    with world.at(world.now + datetime.timedelta(days=2)):
        make_missing_roots()
        for path in _paths(notice, meeting):
            late = _said(f"{path}check/")
            assert UNCHANGED in late
            assert "当天的总指纹" in late
            assert "电建社区" in late


def test_a_check_names_the_office_and_no_person(world: World, notice: Bulletin, meeting: Meeting) -> None:
    for path in _paths(notice, meeting):
        told = _said(f"{path}check/") + json.dumps(
            {key: value for key, value in json.loads(_said(f"{path}proof.json")).items() if key != "text"},
            ensure_ascii=False,
        )
        assert not [person.name for person in world.people.values() if person.name in told], path
        assert not [person for person in world.people.values() if str(person.pk) in told], path


def _climb(hashed: str, proof: dict[str, Any]) -> str:
    """RFC 9162, 2.1.3.2, written out from the words in the file."""
    current = hashlib.sha256(b"\x00" + bytes.fromhex(hashed)).digest()
    index, last = proof["index"], proof["count"] - 1
    for step in map(bytes.fromhex, proof["path"]):
        if index % 2 or index == last:
            current = hashlib.sha256(b"\x01" + step + current).digest()
            while index % 2 == 0 and index:
                index, last = index // 2, last // 2
        else:
            current = hashlib.sha256(b"\x01" + current + step).digest()
        index, last = index // 2, last // 2
    assert last == 0
    return current.hex()


def test_the_proof_is_worked_out_again_from_the_file_alone(world: World, notice: Bulletin, meeting: Meeting) -> None:
    with world.at(world.now + datetime.timedelta(days=2)):
        make_missing_roots()
        roots = {row["day"]: row["root"] for row in json.loads(_said("/record/roots.json"))["roots"]}
        for path in _paths(notice, meeting):
            told = json.loads(_said(f"{path}proof.json"))
            assert told["unchanged"] is True
            assert _climb(told["entry_hash"], told["proof"]) == told["proof"]["root"] == roots[told["proof"]["day"]]


def test_the_text_of_a_notice_is_proven_from_the_file_alone(world: World, notice: Bulletin) -> None:
    told = json.loads(_said(f"/notices/{notice.pk}/proof.json"))
    text = told["text"]
    assert hashlib.sha256(text["entry"].encode()).hexdigest() == told["entry_hash"]
    commitment = json.loads(json.loads(text["entry"])["body"])["sealed"]["text"]
    assert hashlib.sha256(bytes.fromhex(text["salt"]) + text["content"].encode()).hexdigest() == commitment
    assert json.loads(text["content"])["title"] == notice.title


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("title", "关于补植树木的公示。", "标题"),
        ("blocks_json", [{"kind": "para", "text": "在3号楼北侧补植四棵树。"}], "正文"),
        ("number", "解放区字〔2024〕9号", "文号"),
        ("window_until", datetime.date(2025, 1, 1), "公示期"),
        ("published_at", datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC), "发布时间"),
        ("outcome", "没有异议。", "公示结果"),
    ],
)
def test_a_notice_changed_in_the_database_is_found_and_named(
    notice: Bulletin, field: str, value: Any, named: str
) -> None:
    Bulletin.objects.filter(pk=notice.pk).update(**{field: value})
    html = _said(f"/notices/{notice.pk}/check/")
    assert CHANGED in html
    assert UNCHANGED not in html
    verdict = html[html.index(CHANGED) : html.index("由谁记录")]
    assert named in verdict
    told = json.loads(_said(f"/notices/{notice.pk}/proof.json"))
    assert told["unchanged"] is False
    assert told["text"] is None


def _one_byte(data: bytes) -> bytes:
    return data[:-2] + bytes([data[-2] ^ 1]) + data[-1:]


def test_one_byte_of_the_sealed_text_is_found_though_the_page_was_changed_along(notice: Bulletin) -> None:
    """Whoever changes the row and the sealed copy alike is found by the commitment in the entry."""
    entry = Entry.objects.get(subject_id=notice.pk, verb="bulletin.published")
    sealed = Sealed.objects.get(entry_id=entry.pk, name="text")
    forged = bytes(sealed.content or b"").replace("三棵".encode(), "五棵".encode())
    blocks = json.loads(json.dumps(notice.blocks_json, ensure_ascii=False).replace("三棵", "五棵"))
    Bulletin.objects.filter(pk=notice.pk).update(blocks_json=blocks)
    with tampering():
        Sealed.objects.filter(pk=sealed.pk).update(content=forged)
    html = _said(f"/notices/{notice.pk}/check/")
    assert CHANGED in html
    assert f"第 {entry.seq} 条记录" in html
    assert "与发布时的记录不一致" in _said(f"/notices/{notice.pk}/")


def test_one_byte_of_an_entry_is_found(notice: Bulletin, meeting: Meeting) -> None:
    for path, subject in zip(_paths(notice, meeting), (notice.pk, meeting.pk, None), strict=True):
        key = subject or Matter.objects.get(agenda_items__meeting=meeting).pk
        entry = Entry.objects.filter(subject_id=key).order_by("-seq").first()
        assert entry is not None
        body = _one_byte(entry.body.encode()).decode()
        with tampering():
            Entry.objects.filter(pk=entry.pk).update(body=body)
        html = _said(f"{path}check/")
        assert CHANGED in html
        assert f"第 {entry.seq} 条记录" in html


def test_a_chain_forged_from_beginning_to_end_is_found_by_the_days_root(world: World, notice: Bulletin) -> None:
    from bihuan.kernel.api import entry_hash

    with world.at(world.now + datetime.timedelta(days=2)):
        make_missing_roots()
        assert UNCHANGED in _said(f"/notices/{notice.pk}/check/")  # and its way is kept
        before = b"\x00" * 32
        for entry in Entry.objects.filter(subject_id=notice.pk).order_by("seq"):
            entry.prev_hash, entry.actor_role = before, "forger"
            before = entry_hash(entry)
            with tampering():
                Entry.objects.filter(pk=entry.pk).update(prev_hash=entry.prev_hash, actor_role="forger", hash=before)
        Bulletin.objects.filter(pk=notice.pk).update(head_hash=before)
        html = _said(f"/notices/{notice.pk}/check/")
    assert CHANGED in html
    assert "公布的总指纹里没有这条记录" in html


def test_a_meetings_counts_and_resolutions_are_held_against_the_record(meeting: Meeting) -> None:
    item = AgendaItem.objects.get(meeting=meeting)
    path = f"/meetings/{meeting.pk}/check/"
    rows = Meeting.objects.filter(pk=meeting.pk)
    changes: list[tuple[Any, dict[str, Any], str]] = [
        (rows, {"place": "别处"}, "地点"),
        (rows, {"quorum": {**meeting.quorum, "zh": "应到 5 人，实到 4 人"}}, "到会人数"),
        (rows, {"objections_until": datetime.date(2025, 1, 1)}, "公示期"),
        (Resolution.objects.filter(item=item), {"text": "不换了"}, "第 1 项议题的决议"),
        (Resolution.objects.filter(item=item), {"due_on": None}, "第 1 项议题的决议"),
        (AgendaItem.objects.filter(pk=item.pk), {"state": "rejected"}, "第 1 项议题的决议"),
        (AgendaItem.objects.filter(pk=item.pk), {"count": {**item.count, "cast": "1"}}, "第 1 项议题的票数"),
    ]
    for rows, change, named in changes:
        before = dict(rows.values(*change).get())
        rows.update(**change)
        assert named in _said(path), change
        rows.update(**before)
        assert UNCHANGED in _said(path)


def test_a_matter_whose_row_was_changed_is_found(meeting: Meeting) -> None:
    matter = Matter.objects.get(agenda_items__meeting=meeting)
    Matter.objects.filter(pk=matter.pk).update(step="recorded")
    assert "办到哪一步与记录不符" in _said(f"/matters/{matter.number}/check/")


def test_a_notice_that_is_withdrawn_says_so_and_gives_its_text_no_more(world: World, notice: Bulletin) -> None:
    _act(world, "secretary", api.withdraw, notice, reason="写错了楼号")
    html = _said(f"/notices/{notice.pk}/check/")
    assert UNCHANGED in html
    assert "发布以后撤回了" in html
    assert json.loads(_said(f"/notices/{notice.pk}/proof.json"))["text"] is None
    assert Client().get(f"/notices/{notice.pk}/card.png").status_code == 404
    assert notice.title not in _said(f"/p/{COMMUNITY}/")
    assert notice.title not in _said(f"/p/{COMMUNITY}/notices.atom")


def test_a_draft_is_not_to_be_checked(world: World) -> None:
    row = api.draft(actor=world.actor("cadre"), entry_id=new_id(clock.now()), area_code=COMMUNITY, template="notice")
    for what in ("", "check/", "proof.json", "qr.svg", "card.png"):
        assert Client().get(f"/notices/{row.pk}/{what}").status_code == 404
    code = Entry.objects.get(pk=row.pk)
    typed = f"{code.recorded_at.astimezone(clock.ZONE):%Y%m%d}-{bytes(code.hash).hex()[:8]}"
    assert "没有查到" in _said(f"/record/check/?q={typed}")


def test_it_is_found_by_number_code_hash_and_address(world: World, notice: Bulletin, meeting: Meeting) -> None:
    matter = Matter.objects.get(agenda_items__meeting=meeting)
    entry = Entry.objects.get(subject_id=notice.pk, verb="bulletin.published")
    day = f"{entry.recorded_at.astimezone(clock.ZONE):%Y%m%d}"
    at = {
        notice.number: f"/notices/{notice.pk}/check/",
        notice.number.replace("〔", "[").replace("〕", "]"): f"/notices/{notice.pk}/check/",
        f"{day}-{bytes(entry.hash).hex()[:8]}": f"/notices/{notice.pk}/check/",
        f" {day}-{bytes(entry.hash).hex()} ": f"/notices/{notice.pk}/check/",
        f"https://example.org/notices/{notice.pk}/": f"/notices/{notice.pk}/check/",
        str(meeting.pk): f"/meetings/{meeting.pk}/check/",
        matter.number: f"/matters/{matter.number}/check/",
        f"电建-{matter.number.partition('-')[2]}": f"/matters/{matter.number}/check/",
    }
    for typed, path in at.items():
        answer = Client().get("/record/check/", {"q": typed})
        assert answer.status_code == 302, typed
        assert answer["Location"] == path, typed


@pytest.mark.parametrize("typed", ["", "x", "20240311-zz", "20249999-00000000", "0" * 300, "\x00", "%", "/matters/../"])
def test_what_names_nothing_is_answered_kindly(world: World, typed: str) -> None:
    answer = Client().get("/record/check/", {"q": typed})
    assert answer.status_code == 200
    assert ("没有查到" in answer.content.decode()) == bool(typed.strip())


def test_a_page_carries_the_code_by_which_it_is_checked(notice: Bulletin) -> None:
    html = _said(f"/notices/{notice.pk}/")
    entry = Entry.objects.get(subject_id=notice.pk, verb="bulletin.published")
    assert f"-{bytes(entry.hash).hex()[:8]}" in html


def test_who_checks_in_a_flood_is_asked_to_wait(notice: Bulletin) -> None:
    from bihuan.web.portal.record import CHECK

    statuses = {Client().get(f"/notices/{notice.pk}/proof.json").status_code for _ in range(3)}
    assert statuses == {200}
    from bihuan.kernel.models import RateCount

    RateCount.objects.update(count=CHECK.limit)
    assert Client().get(f"/notices/{notice.pk}/check/").status_code == 429


def test_checking_takes_a_bounded_number_of_statements(
    world: World, notice: Bulletin, meeting: Meeting, django_assert_max_num_queries: Any
) -> None:
    with world.at(world.now + datetime.timedelta(days=2)):
        make_missing_roots()
        for path in _paths(notice, meeting):
            _said(f"{path}check/")
            with django_assert_max_num_queries(28):
                _said(f"{path}check/")


def test_nothing_of_the_whole_sample_is_called_changed(db: None) -> None:
    """A year of a community: late papers, corrections, merged and reopened matters are no changes."""
    from bihuan.demo.load import load
    from bihuan.web.portal import subjects
    from bihuan.web.portal.checked import check

    load()
    found = [
        subjects.of_matter(number) for number in Matter.objects.filter(public=True).values_list("number", flat=True)
    ]
    found += [
        subjects.of_meeting(key) for key in Meeting.objects.filter(state="published").values_list("pk", flat=True)
    ]
    found += [subjects.of_bulletin(key) for key in Bulletin.objects.values_list("pk", flat=True)]
    found += [subjects.of_activity(key) for key in Activity.objects.values_list("pk", flat=True)]
    checked = [check(one) for one in found if one is not None]
    assert len(checked) > 15
    assert not [(one.subject.title, one.wrong) for one in checked if one is None or one.wrong]  # type: ignore[union-attr]
