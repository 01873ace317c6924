"""Ledger, to-do, search, duplicates, map: what each shows, to whom, and in which order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bihuan.kernel.api import BadInput, clock, new_id
from bihuan.matters import api as matters
from bihuan.matters.api import LedgerFilters
from bihuan.matters.eligible import roles_held
from bihuan.matters.models import Matter, Todo
from bihuan.people.api import ANONYMOUS, MATTER_READ, SYSTEM, visible
from bihuan.people.models import Post

from .conftest import BUILDINGS, COMMUNITY


def walk(actor: Any, filters: LedgerFilters, limit: int) -> list[Any]:
    rows, cursor = [], None
    while True:
        page = matters.ledger(actor, filters, cursor, limit)
        rows += page.rows
        if page.next is None:
            return rows
        cursor = page.next


@pytest.fixture
def full(town: Any) -> Any:
    for n in range(13):
        town.later(hours=1)
        town.report(text=f"第{n}处路灯不亮" if n % 2 else f"{n}单元门口有积水", area_code=BUILDINGS[n % 3])
    town.report(text="花园街的路灯不亮", area_code="410802006001001")
    return town


def test_pages_of_the_ledger_show_each_matter_once_newest_first(full: Any) -> None:
    rows = walk(full.secretary, LedgerFilters(), 4)
    assert len(rows) == len({row.id for row in rows}) == 13
    assert [row.created_at for row in rows] == sorted((row.created_at for row in rows), reverse=True)


def test_the_ledger_shows_exactly_what_the_rule_lets_see(full: Any) -> None:
    for actor in [*full.actors.values(), SYSTEM, ANONYMOUS]:
        shown = {row.id for row in walk(actor, LedgerFilters(), 5)}
        assert shown == set(visible(actor, MATTER_READ, Matter.objects.all()).values_list("pk", flat=True))


def test_filters_narrow_and_never_widen(full: Any) -> None:
    some = Matter.objects.filter(area_code=BUILDINGS[0]).order_by("created_at").first()
    full.triage(some.pk, category="safety")
    assert [row.id for row in walk(full.secretary, LedgerFilters(category="safety"), 5)] == [some.pk]
    assert {row.area_code for row in walk(full.secretary, LedgerFilters(area=BUILDINGS[1]), 2)} == {BUILDINGS[1]}
    assert walk(full.worker, LedgerFilters(area=BUILDINGS[1]), 5) == []
    assert len(walk(full.worker, LedgerFilters(area=COMMUNITY), 5)) == 5
    assert walk(full.worker, LedgerFilters(area="410802006001001"), 5) == []
    assert len(walk(full.secretary, LedgerFilters(step="recorded"), 5)) == 12


def test_by_limit_the_nearest_comes_first_and_the_unlimited_not_at_all(full: Any) -> None:
    rows = walk(full.secretary, LedgerFilters(sort="due"), 4)
    assert len(rows) == 13
    assert [row.due_at for row in rows] == sorted(row.due_at for row in rows)


@pytest.mark.parametrize("cursor", ["x", "!!", "MTIzLnh5eg", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5Lg", "é"])
def test_a_bent_cursor_is_told_plainly(full: Any, cursor: str) -> None:
    with pytest.raises(BadInput):
        matters.ledger(full.secretary, LedgerFilters(), cursor)
    with pytest.raises(BadInput):
        matters.todo(full.secretary, cursor)


def test_the_todo_list_pages_by_key_nearest_limit_first(full: Any) -> None:
    seen, cursor = [], None
    while True:
        page = matters.todo(full.leader, cursor, 4)
        seen += page.rows
        if page.next is None:
            break
        cursor = page.next
    assert len(seen) == len({row.id for row in seen}) == 26
    assert [row.must for row in seen] == [True] * 13 + [False] * 13  # what is owed first, then what is allowed
    assert matters.todo_count(full.leader) == 13
    assert matters.todo_count(full.worker) == 5
    assert matters.todo_count(full.police) == 0
    assert matters.todo(ANONYMOUS).rows == ()


def test_nobody_is_asked_to_check_their_own_work(town: Any) -> None:
    done = town.report()
    town.to_acting(done.matter_id)
    town.do(
        "secretary",
        done.matter_id,
        "replace",
        reason="轮换",
        parties={
            "lead": [str(town.id_of("secretary"))],
            "tracker": [str(town.id_of("worker"))],
            "supervisor": [str(town.id_of("neighbour"))],
        },
    )
    town.do("secretary", done.matter_id, "extend", reason="等配件")
    with clock.at(town.now):
        assert not [row for row in matters.todo(town.secretary).rows if row.action == "extend.grant"]


def test_what_one_may_do_besides_is_one_row_for_each_matter_after_all_that_is_owed(town: Any) -> None:
    done = town.report()
    town.to_acting(done.matter_id)
    with clock.at(town.now):
        owed, allowed = matters.todo(town.cadre).rows
        assert matters.todo_count(town.cadre) == 1
    assert (owed.must, owed.acts) == (True, (("finish", "报告已办好"),))
    assert not allowed.must
    assert dict(allowed.acts) == {
        "measure": "记录措施",
        "extend": "申请延期",
        "hand_back": "退回重新商议",
        "name_deputy": "请人代理牵头",
        "suspend": "申请缓办",
    }
    kept = Todo.objects.filter(matter_id=done.matter_id, must=False)
    assert kept.count() == len(set(kept.values_list("role", "person_id")))
    assert not any("note" in row.action.split() for row in kept)


def test_an_act_asked_for_or_used_up_is_no_longer_among_what_one_may_do(town: Any) -> None:
    done = town.report()
    town.to_acting(done.matter_id)
    town.do("cadre", done.matter_id, "extend", reason="等配件")
    with clock.at(town.now):
        (owed,) = [row for row in matters.todo(town.secretary).rows if row.must]
        acts = {act for row in matters.todo(town.cadre).rows for act, _title in row.acts}
    assert owed.action == "extend.grant"
    assert "extend" not in acts
    assert "measure" in acts


def test_who_did_the_work_is_not_offered_to_check_it_beside_other_acts(town: Any) -> None:
    done = town.report()
    town.to_checking(done.matter_id)
    town.do("neighbour", done.matter_id, "sign_off")
    with clock.at(town.now):
        listed = {
            name: {act for row in matters.todo(town.actors[name]).rows for act, _title in row.acts}
            for name in ("worker", "leader")
        }
    bars = Todo.objects.get(matter_id=done.matter_id, must=False, role="grid_worker").barred
    assert town.id_of("cadre").hex in bars
    assert "ask_by_visit" in listed["leader"]


def test_nothing_is_left_to_do_on_what_is_closed(town: Any) -> None:
    done = town.report()
    town.to_settled(done.matter_id)
    assert not Todo.objects.filter(matter_id=done.matter_id).exists()


@pytest.mark.parametrize("indexed", [False, True])
@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("路灯", 6),
        ("灯不", 6),
        ("积水", 7),
        ("路灯 不亮", 6),
        ("水", 7),
        ("不存在", 0),
        ("１单元", 0),
        ("10单元", 1),
        ("%", 0),
        ("'\"", 0),
    ],
)
def test_search_finds_words_of_two_characters_within_ones_area(
    full: Any, query: str, hits: int, *, indexed: bool
) -> None:
    if indexed:
        assert matters.index_pending() == 14
        assert matters.index_pending() == 0
    with clock.at(full.now):
        rows = matters.search(full.secretary, query).rows
    assert len(rows) == hits
    assert all(row.area_code.startswith(COMMUNITY) for row in rows)
    assert [row.created_at for row in rows] == sorted((row.created_at for row in rows), reverse=True)


def test_search_pages_and_filters_like_the_ledger(full: Any) -> None:
    matters.index_pending()
    with clock.at(full.now):
        found = walk(full.secretary, LedgerFilters(text="积水"), 3)
        assert len({row.id for row in found}) == len(found) == 7
        assert len(walk(full.secretary, LedgerFilters(text="积水", area=BUILDINGS[0]), 3)) == len(
            [row for row in found if row.area_code == BUILDINGS[0]]
        )
        assert matters.search(full.worker, "积水", area=BUILDINGS[1]).rows == ()
        assert matters.search(ANONYMOUS, "积水").rows == ()


def test_a_party_finds_their_matter_and_no_other(full: Any) -> None:
    done = full.report(full.neighbour, text="楼顶太阳能漏水积水")
    matters.index_pending()
    with clock.at(full.now):
        assert [row.id for row in matters.search(full.neighbour, "积水").rows] == [done.matter_id]


def test_a_likely_duplicate_is_shown_with_enough_to_judge_by(town: Any) -> None:
    done = town.report(title="楼道路灯不亮", text="一单元楼道的路灯不亮了，老人上楼看不见")
    town.report(text="小区门口有人占道摆摊卖菜")
    with clock.at(town.now + timedelta(hours=2)):
        found = matters.duplicates(BUILDINGS[0], "一单元路灯不亮了，晚上看不见路")
    assert [item.matter_id for item in found] == [done.matter_id]
    alike = found[0]
    assert (alike.title, alike.area_name, alike.public_words) == ("楼道路灯不亮", "1号楼", "已收到，正在了解情况")
    assert alike.created_at is not None
    assert alike.is_open


def test_the_same_words_elsewhere_are_no_duplicate_unless_within_eighty_metres(town: Any) -> None:
    town.report(area_code=BUILDINGS[1], lon=113.2200, lat=35.2400)
    text = "楼道里的路灯不亮，晚上看不见台阶"
    with clock.at(town.now):
        assert matters.duplicates(BUILDINGS[0], text) == ()
        near = matters.duplicates(BUILDINGS[0], text, 113.2205, 35.2400)
        far = matters.duplicates(BUILDINGS[0], text, 113.2300, 35.2400)
    assert len(near) == 1
    assert 30 < near[0].metres < 80
    assert far == ()


def test_private_matters_are_never_offered_as_duplicates_nor_shown(town: Any) -> None:
    done = town.report()
    town.triage(done.matter_id, category="dispute")
    assert not Matter.objects.get(pk=done.matter_id).public
    with clock.at(town.now):
        assert matters.duplicates(BUILDINGS[0], "楼道里的路灯不亮，晚上看不见台阶") == ()
    assert matters.public_page(done.number) is None
    assert matters.public_page(done.number, done.follow_token) is not None


def test_the_public_page_names_no_resident_and_tells_no_text(town: Any) -> None:
    done = town.report(title="路灯不亮", text="我是卫居民，三单元的灯坏了", reporter_name="卫居民", phone="13812345678")
    town.to_settled(done.matter_id)
    page = matters.public_page(done.number)
    words = repr(page)
    for secret in ("卫居民", "蒋居民", "13812345678", "三单元的灯坏了", "吴干部", "138****5678"):
        assert secret not in words
    assert "吴**" in words
    assert ("答复", "已换新灯") in page.fields
    assert [line.sentence for line in page.timeline][0] == "已收到，正在了解情况"


def test_the_timeline_says_who_did_what_from_where_to_where(town: Any) -> None:
    done = town.report(title="路灯不亮")
    town.triage(done.matter_id, category="safety")
    line = matters.matter_page(town.secretary, done.matter_id).timeline[1]
    assert line.sentence == "网格员 王网格员：分类登记，从“问 · 待分类”到“议 · 网格会议议题”"
    assert ("类别", "", "安全隐患") in [(change.label, change.old, change.new) for change in line.changes]


def test_counts_on_the_map_are_for_those_who_may_see_it(full: Any) -> None:
    counts = {count.area_code: count.open for count in matters.map_counts(full.secretary, COMMUNITY)}
    assert [counts[code] for code in BUILDINGS] == [5, 4, 4]
    assert matters.map_counts(full.stranger, COMMUNITY) == ()
    assert [count.area_code for count in matters.map_counts(full.worker, COMMUNITY)] == [BUILDINGS[0]]


def test_what_waits_for_a_meeting_is_found_by_its_body(town: Any) -> None:
    waiting, other = town.report(), town.report(text="楼顶漏水严重")
    town.triage(waiting.matter_id)
    assert [matter.pk for matter in matters.waiting_for("grid_meeting", COMMUNITY)] == [waiting.matter_id]
    assert matters.waiting_for("joint_meeting", COMMUNITY) == ()
    assert other.matter_id != waiting.matter_id


def test_bad_input_tells_every_problem_at_once(town: Any) -> None:
    with pytest.raises(BadInput) as caught:
        town.report(
            text="",
            phone="12",
            lon="x",
            lat="y",
            happened_at="2099-01-01T00:00+08:00",
            channel="smoke",
            follow_token="short",
        )
    fields = {problem.field for problem in caught.value.problems}
    assert fields == {"text", "phone", "lon", "happened_at", "channel", "follow_token"}
    assert all(problem.how for problem in caught.value.problems)
    with pytest.raises(BadInput) as caught:
        town.report(area_code="", door_token="nowhere")
    assert caught.value.problems[0].field == "door_token"
    with pytest.raises(BadInput):
        matters.report(actor=ANONYMOUS, id="7", text="路灯不亮", area_code=BUILDINGS[0])
    with pytest.raises(BadInput) as caught:
        town.report(category="nonsense")
    assert caught.value.problems[0].field == "category"
    assert new_id() != new_id()


def test_who_is_offered_for_a_party_is_who_the_matter_takes_nearest_first(town: Any) -> None:
    done = town.report()
    matter = Matter.objects.get(pk=done.matter_id)
    roles = {"grid_worker", "committee_member", "secretary"}
    posts = list(matters.candidates(matter.area_code, matter.community_code, roles))
    assert posts
    held = roles_held([post.person_id.hex for post in posts], matter.area_code)
    assert all(post.role_id in held[post.person_id.hex] for post in posts)
    lengths = [len(post.area_code) for post in posts]
    assert lengths == sorted(lengths, reverse=True)
    everybody = Post.objects.filter(role_id__in=roles).exclude(pk__in=[post.pk for post in posts])
    assert not any(matter.area_code.startswith(post.area_code) for post in everybody)
