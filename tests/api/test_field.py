"""A phone's queue and its day: in order, each item for itself, exactly once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.fieldwork.models import Finding, Visit
from bihuan.fieldwork.today import STATEMENTS
from bihuan.kernel import throttle
from bihuan.kernel.api import new_id, verify
from bihuan.kernel.models import Entry, StoredFile
from bihuan.matters.models import Matter
from tests.api.fieldkit import act, finding, item, phone_of, problem, visit, when
from tests.kernel.sounds_made import webm
from tests.matters.conftest import BUILDINGS, COMMUNITY, OTHER, Town, make_town


@pytest.fixture
def town(db: None) -> Town:
    cache.clear()
    throttle._seen.clear()
    return make_town()


def test_a_queue_is_taken_in_in_its_order_and_sent_again_it_is_all_there_already(town: Town) -> None:
    phone = phone_of(town, "worker")
    went = visit("看了一圈", photos=[phone.photo(1)], sounds=[str(phone.put(webm(), kind="sound").json()["id"])])
    found = finding(went, photos=[phone.photo(2, "before")])
    other, told = visit("又看了一圈", minutes=5), problem(photos=[phone.photo(3)])
    sorting = act(told["id"])
    queue = [went, found, other, told, sorting]
    assert phone.states(*queue) == ["done"] * 5
    first = list(Entry.objects.order_by("recorded_at", "id").values_list("pk", flat=True))
    assert [str(key) for key in Entry.objects.filter(pk__in=[i["id"] for i in queue]).values_list("pk", flat=True)]
    results = phone.sync(*queue)
    assert [result["state"] for result in results] == ["again"] * 5
    assert list(Entry.objects.order_by("recorded_at", "id").values_list("pk", flat=True)) == first
    assert results[1]["matter_id"]
    assert results[1]["number"].startswith("电建-")
    assert results[3]["matter_id"] == told["id"]
    assert Matter.objects.get(pk=told["id"]).step != Matter.objects.get(pk=results[1]["matter_id"]).step
    assert set(StoredFile.objects.values_list("subject_type", "tag")) == {
        ("visit", "scene"), ("visit", "note"), ("matter", "before"), ("matter", "scene")}  # fmt: skip
    assert verify(files=True).ok


def test_the_answers_stand_in_the_order_of_the_items_with_their_ids(town: Town) -> None:
    queue = [visit("一"), problem("没有的地方", area_code="999"), visit("二"), item("nonsense", {}), visit("三")]
    results = phone_of(town, "worker").sync(*queue)
    assert [result["id"] for result in results] == [one["id"] for one in queue]
    assert [result["state"] for result in results] == ["done", "refused", "done", "refused", "done"]
    order = Visit.objects.order_by("recorded_at", "id").values_list("text", flat=True)
    assert list(order) == ["一", "二", "三"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"happened_at": "yesterday"},
        {"happened_at": "2024-03-04T09:18:00"},
        {"area_code": "999"},
        {"area_code": OTHER + "001"},
        {"place_id": "not an id"},
        {"place_id": str(new_id())},
        {"pairing_id": str(new_id())},
        {"result": "splendid"},
        {"nonsense": 1},
        {"checklist": {"a": 1}},
        {"together": [{"role": 7}]},
        {"text": "长" * 9000},
        {"happened_at": when(60 * 24 * 30)},
    ],
    ids=[
        "no-instant",
        "no-zone",
        "no-area",
        "another-community",
        "no-id",
        "no-place",
        "no-pairing",
        "no-result",
        "no-such-key",
        "no-mark",
        "no-role",
        "too-long",
        "in-the-future",
    ],
)
def test_one_visit_that_does_not_stand_is_told_why_and_keeps_no_other_out(town: Town, wrong: dict[str, Any]) -> None:
    bad = visit("不对的")
    bad["data"] |= wrong
    results = phone_of(town, "worker").sync(visit("前"), bad, visit("后", minutes=3))
    assert [result["state"] for result in results] == ["done", "refused", "done"]
    problems = results[1]["problems"]
    assert problems
    assert all(set(one) == {"where", "why", "how"} and one["why"] for one in problems)
    assert sorted(Visit.objects.values_list("text", flat=True)) == ["前", "后"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("堆了旧家具\ud83d", "堆了旧家具\ufffd"),
        ("\udc4d堆了", "\ufffd堆了"),
        ("好👍的", "好👍的"),
        ("C:\\ud83d", "C:\\ud83d"),
        ("前\x00后", "前后"),
    ],
    ids=ascii,
)
def test_half_a_character_keeps_no_queue_on_the_phone(town: Town, sent: str, kept: str) -> None:
    assert phone_of(town, "worker").states(visit(sent), visit("别的", minutes=2)) == ["done", "done"]
    assert set(Visit.objects.values_list("text", flat=True)) == {kept, "别的"}


def test_a_mended_item_goes_in_under_its_own_id(town: Town) -> None:
    phone, bad = phone_of(town, "worker"), visit("写错了地点", area_code="999")
    assert phone.states(bad) == ["refused"]
    bad["data"]["area_code"] = BUILDINGS[0]
    assert phone.states(bad) == ["done"]


def test_a_finding_of_a_visit_that_is_not_in_waits_and_comes_with_it(town: Town) -> None:
    phone, went = phone_of(town, "worker"), visit(area_code="999")
    found = finding(went)
    assert phone.states(went, found, visit("别的")) == ["refused", "waiting", "done"]
    assert phone.states(found) == ["waiting"]  # in another sending, too
    assert not Finding.objects.exists()
    went["data"]["area_code"] = BUILDINGS[0]
    assert phone.states(went, found) == ["done", "done"]
    assert Finding.objects.get().visit_id == UUID(went["id"])


def test_what_stands_before_what_it_belongs_to_waits_and_goes_in_when_it_is_sent_again(town: Town) -> None:
    phone, went = phone_of(town, "worker"), visit("看了一圈")
    found, later = finding(went), visit("后", after=[went["id"]])
    assert phone.states(found, later, went) == ["waiting", "waiting", "done"]
    assert phone.states(found, later) == ["done", "done"]


def test_an_item_waits_for_what_it_says_it_is_after_and_for_the_matter_of_the_same_queue(town: Town) -> None:
    phone = phone_of(town, "worker")
    told = problem(area_code="999")
    queue = [
        told,
        act(told["id"]),
        visit("后", after=[told["id"]]),
        visit("再后", after=[str(new_id())]),
        visit("无关"),
    ]
    assert phone.states(*queue) == ["refused", "waiting", "waiting", "waiting", "done"]
    told["data"]["area_code"] = BUILDINGS[0]
    assert phone.states(*queue[:3]) == ["done", "done", "done"]
    assert Matter.objects.get(pk=told["id"]).step != "recorded"


def test_an_item_waits_for_its_files_and_goes_in_when_they_have_come(town: Town) -> None:
    phone, missing = phone_of(town, "worker"), new_id()
    went = visit("带照片", photos=[str(missing)])
    results = phone.sync(went, finding(went), visit("不带"))
    assert [result["state"] for result in results] == ["waiting", "waiting", "done"]
    assert results[0]["problems"][0]["where"] == "photos"
    assert not StoredFile.objects.exists()
    from tests.api.fieldkit import jpeg

    assert phone.put(jpeg(), missing).status_code == 201
    assert phone.states(went) == ["done"]
    assert StoredFile.objects.get().subject_id == UUID(went["id"])


def test_a_file_that_is_somebody_elses_or_another_records_is_taken_by_none(town: Town) -> None:
    phone = phone_of(town, "worker")
    theirs, used = phone_of(town, "worker2").photo(1), phone.photo(2)
    assert phone.states(visit("用掉", photos=[used])) == ["done"]
    before = list(StoredFile.objects.order_by("pk").values_list("pk", "subject_id"))
    queue = [visit("偷", photos=[theirs]), problem(photos=[theirs]), visit("再用", photos=[used]), visit("好的")]
    assert phone.states(*queue) == ["conflict", "conflict", "conflict", "done"]
    assert list(StoredFile.objects.order_by("pk").values_list("pk", "subject_id")) == before
    assert not Visit.objects.filter(text__in=["偷", "再用"]).exists()
    assert not Matter.objects.exists()


def test_a_sound_is_no_photo_of_a_record(town: Town) -> None:
    phone = phone_of(town, "worker")
    sound = str(phone.put(webm(), kind="sound").json()["id"])
    assert phone.states(visit(photos=[sound])) == ["refused"]


def test_a_conflict_says_what_the_matter_is_now_and_costs_no_text(town: Town) -> None:
    matter = town.report()
    seen = Matter.objects.get(pk=matter.matter_id).version
    phone = phone_of(town, "worker")
    town.triage(matter.matter_id)
    late = act(matter.matter_id)
    late["data"]["expected_version"] = seen
    result = phone.sync(late)[0]
    now = Matter.objects.get(pk=matter.matter_id)
    assert result["state"] == "conflict"
    assert result["now"]["version"] == now.version == seen + 1
    assert result["now"]["step"] == now.step
    assert result["now"]["step_title"]
    assert "王网格员" in result["now"]["last"]["who"]
    assert result["now"]["last"]["sentence"]
    assert result["number"] == result["now"]["number"] == matter.display_number
    assert all(set(one) == {"action", "title", "does", "must", "reason", "photos", "assigns", "gives"}
               for one in result["now"]["acts"])  # fmt: skip


def test_a_conflict_is_settled_by_sending_again_what_was_typed_with_the_version_of_now(town: Town) -> None:
    phone, matter = phone_of(town, "worker"), town.report()
    late = act(matter.matter_id)
    late["data"]["expected_version"] = 7
    result = phone.sync(late)[0]
    assert result["state"] == "conflict"
    assert "triage" in [one["action"] for one in result["now"]["acts"]]
    late["data"]["expected_version"] = result["now"]["version"]
    assert phone.states(late) == ["done"]
    assert phone.states(late) == ["again"]


def test_an_act_that_the_method_does_not_allow_now_is_refused_with_what_is_now(town: Town) -> None:
    matter = town.report()
    result = phone_of(town, "worker").sync(act(matter.matter_id, "finish"))[0]
    assert result["state"] == "refused"
    assert result["now"]["step"] == "recorded"
    assert [one["action"] for one in result["now"]["acts"]]
    triage = next(one for one in result["now"]["acts"] if one["action"] == "triage")
    category = next(field for field in triage["gives"] if field["key"] == "category")
    assert category["type"] == "choice"
    assert {"key": "facility", "title": "公共设施"} in category["options"] or category["options"]


def test_who_may_not_see_the_matter_is_told_nothing_of_it(town: Town) -> None:
    matter = town.report()
    one, none = phone_of(town, "stranger").sync(act(matter.matter_id), act(new_id()))
    assert one["state"] == none["state"] == "refused"
    assert one["now"] is none["now"] is None
    assert one["problems"] == none["problems"]
    assert one["number"] == none["number"] == ""


def test_a_finding_joins_the_matter_that_is_open_there_or_says_that_it_is_not_any_more(town: Town) -> None:
    phone, went = phone_of(town, "worker"), visit()
    matter = town.report()
    joining = finding(went, "还是不亮", join=str(matter.matter_id))
    results = phone.sync(went, joining)
    assert [result["state"] for result in results] == ["done", "done"]
    assert results[1]["matter_id"] == str(matter.matter_id)
    assert Matter.objects.count() == 1
    town.to_settled(town.report().matter_id)
    closed = Matter.objects.get(is_open=False)
    result = phone.sync(finding(went, "又坏了", join=str(closed.pk)))[0]
    assert result["state"] in {"conflict", "refused"}
    assert result["now"]["is_open"] is False
    assert result["now"]["outcome_title"]


def test_one_persons_queue_is_never_anothers(town: Town) -> None:
    went = visit("我去的")
    assert phone_of(town, "worker").states(went) == ["done"]
    assert phone_of(town, "secretary").states(went) == ["conflict"]
    assert Visit.objects.get().person_id == town.id_of("worker")


def test_what_was_typed_after_a_visit_had_arrived_stays_on_the_phone(town: Town) -> None:
    phone, went = phone_of(town, "worker"), visit("  看过了\n")
    assert phone.states(went) == ["done"]
    assert phone.states(went) == ["again"]
    went["data"]["text"] = "看过了，三单元门禁坏了"
    result = phone.sync(went)[0]
    assert result["state"] == "conflict"
    assert result["problems"][0]["where"] == "text"
    assert Visit.objects.get().text == "看过了"


def test_a_fault_of_ours_leaves_the_item_on_the_phone_and_takes_the_rest(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, told = phone_of(town, "worker"), problem()
    with monkeypatch.context() as broken:
        broken.setattr("bihuan.api.rest.syncing.record", lambda **_given: 1 / 0)
        results = phone.sync(visit("一"), told, visit("二", minutes=2))
    assert [result["state"] for result in results] == ["done", "waiting", "done"]
    assert results[1]["problems"][0]["why"]
    assert phone.states(told) == ["done"]


def test_a_run_of_visits_that_fails_as_a_whole_is_tried_one_by_one(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bihuan.api.rest.syncing.record_visits", lambda **_given: 1 / 0)
    assert phone_of(town, "worker").states(visit("一"), visit("二", minutes=2)) == ["done", "done"]
    assert list(Visit.objects.order_by("happened_at").values_list("text", flat=True)) == ["一", "二"]


def test_a_run_of_visits_takes_few_statements_however_long_it_is(town: Town) -> None:
    phone = phone_of(town, "worker")
    phone.sync(visit("热身"))
    counts = []
    for many in (5, 50):
        queue = [visit(f"第{n}次", minutes=n) for n in range(many)]
        with CaptureQueriesContext(connection) as caught:
            assert set(phone.states(*queue)) == {"done"}
        counts.append(len(caught))
    assert max(counts) <= 14


def test_who_is_signed_out_gets_401_and_who_sends_no_token_403_and_both_keep_their_queue(town: Town) -> None:
    phone = phone_of(town, "worker", checks=True)
    assert phone.send(visit()).status_code == 403
    assert phone_of(town, "worker").send(visit()).status_code == 200
    from tests.api.fieldkit import Phone

    assert Phone(Client()).send(visit()).status_code == 401
    assert Client().get("/api/v1/field/day").status_code == 401


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"items": 7}', b'{"items": [{}]}', b"{", b'{"items": [null]}'])
def test_what_is_no_queue_is_told(town: Town, body: bytes) -> None:
    answer = phone_of(town, "worker").client.post("/api/v1/field/sync", body, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"


def test_an_empty_queue_is_a_queue_and_one_of_101_is_too_long(town: Town) -> None:
    phone = phone_of(town, "worker")
    assert phone.sync() == []
    assert phone.send(*[visit() for _ in range(101)]).status_code == 422
    assert not Visit.objects.exists()


def test_who_sends_too_much_in_an_hour_is_told_when_to_go_on(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bihuan.api.rest.field.FIELD_PER_HOUR", 3)
    phone = phone_of(town, "worker")
    assert phone.states(visit("一"), visit("二"), visit("三")) == ["done"] * 3
    answer = phone.send(visit("四"))
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert phone_of(town, "secretary").states(visit("书记也去")) == ["done"]


def test_the_day_is_what_the_caller_needs_and_304_when_it_is_the_same(town: Town) -> None:
    matter = town.report()
    phone = phone_of(town, "worker")
    answer = phone.client.get("/api/v1/field/day")
    assert answer.status_code == 200
    today = answer.json()
    assert today["person_name"] == "王网格员"
    assert set(today) == {"date", "language", "person_id", "person_name", "plans", "targets", "matters", "pairings",
                          "areas", "forms", "more_matters", "more_targets", "more_areas"}  # fmt: skip
    shown = next(one for one in today["matters"] if one["matter_id"] == str(matter.matter_id))
    assert shown["version"] == Matter.objects.get().version
    assert "triage" in [one["action"] for one in shown["acts"]]
    assert answer["Cache-Control"] == "private, no-cache"
    tag = answer["ETag"]
    same = phone.client.get("/api/v1/field/day", headers={"If-None-Match": tag})
    assert (same.status_code, same.content) == (304, b"")
    town.triage(matter.matter_id)
    changed = phone.client.get("/api/v1/field/day", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed["ETag"] != tag


def test_the_day_is_the_persons_own_and_speaks_their_language(town: Town) -> None:
    town.report()
    here, there = (phone_of(town, name).client.get("/api/v1/field/day").json() for name in ("worker", "stranger"))
    assert {area["code"] for area in here["areas"]} >= {BUILDINGS[0]}
    assert not any(area["code"].startswith(COMMUNITY) for area in there["areas"])
    assert there["matters"] == []
    english = phone_of(town, "worker").client.get("/api/v1/field/day", headers={"Accept-Language": "en"})
    assert english.json()["language"] == "en"
    assert english.json()["matters"][0]["step_title"].isascii()


def test_who_goes_nowhere_has_no_day(town: Town) -> None:
    assert phone_of(town, "resident").client.get("/api/v1/field/day").status_code == 403


def test_the_day_takes_no_statement_more_than_the_reading_of_it_besides_who_asks(town: Town) -> None:
    for _ in range(3):
        town.report()
    phone = phone_of(town, "worker")
    phone.client.get("/api/v1/field/day")
    with CaptureQueriesContext(connection) as caught:
        phone.client.get("/api/v1/field/day")
    assert len(caught) <= STATEMENTS + 4, [query["sql"][:90] for query in caught.captured_queries]
