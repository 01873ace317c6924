"""What the shape of an input gets wrong is said in the reader's language: which field, why, and what to write."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import translation
from pydantic import BaseModel
from pydantic_core._pydantic_core import list_all_errors

from bihuan.api.rest.mistakes import FIELDS, MISTAKES, problem_of, too_many_keys
from bihuan.api.rest.queued import KINDS
from bihuan.api.rest.schemas import AdvanceIn, BatchIn, ReportIn
from bihuan.kernel import throttle
from tests.api.fieldkit import item, phone_of, visit
from tests.matters.conftest import BUILDINGS, Town, make_town

ENGLISH = re.compile(r"[A-Za-z]{2,}")
SHOWN = {"true", "false", "nothing", "found", "nobody"}  # what is to be typed as it stands


@pytest.fixture
def town(db: None) -> Town:
    cache.clear()
    throttle._seen.clear()
    return make_town()


def _english(text: str) -> set[str]:
    return set(ENGLISH.findall(text)) - SHOWN


@pytest.mark.parametrize("kind", [error["type"] for error in list_all_errors()])
def test_no_kind_of_mistake_is_told_in_english_to_who_reads_chinese(kind: str) -> None:
    context = dict.fromkeys(("max_length", "min_length", "gt", "ge", "lt", "le"), 3) | {"expected": "'3' or '4'"}
    with translation.override("zh-hans"):
        said = problem_of({"type": kind, "loc": ("body", "items", 3, "title"), "msg": "Input", "ctx": context})
    assert said.why.startswith("标题：")
    assert said.how
    assert not _english(said.why + said.how)
    assert said.field == "items.3.title"
    with translation.override("en"):
        told = problem_of({"type": kind, "loc": ("title",), "msg": "Input", "ctx": context})
    assert re.search("[\u3400-\u9fff]", told.why + told.how) is None


def test_every_kind_that_is_in_the_table_is_one_of_pydantics() -> None:
    assert set(MISTAKES) <= {str(error["type"]) for error in list_all_errors()}


def test_every_field_that_comes_in_has_a_name_for_people() -> None:
    shapes: list[type[BaseModel]] = [*KINDS.values(), ReportIn, AdvanceIn, BatchIn]
    assert not {name for shape in shapes for name in shape.model_fields} - set(FIELDS)


@pytest.mark.parametrize(
    ("wrong", "where", "why"),
    [
        ({"happened_at": "yesterday"}, "happened_at", "发生时间：时间读不懂。"),
        ({"happened_at": "2024-03-04T09:18:00"}, "happened_at", "发生时间：时间缺少时区。"),
        ({"result": "splendid"}, "result", "结果：选项不对。"),
        ({"nonsense": 1}, "nonsense", "不认识这一项。"),
        ({"text": "长" * 30_000}, "text", "文字：太长了。"),
        ({"level": 12}, "level", "级别：数字超出了范围。"),
        ({"place_id": "12号楼"}, "place_id", "地点：编号不对。"),
    ],
)
def test_a_phone_is_told_in_its_language_what_is_wrong(town: Town, wrong: Any, where: str, why: str) -> None:
    bad = visit("不对的")
    bad["data"] |= wrong
    told = phone_of(town, "worker").sync(bad)[0]
    assert told["state"] == "refused"
    assert [(one["where"], one["why"]) for one in told["problems"]] == [(where, why)]
    assert not _english(told["problems"][0]["how"])


def test_an_english_phone_is_told_in_english(town: Town) -> None:
    phone = phone_of(town, "worker")
    body = json.dumps({"items": [item("visit", {"area_code": BUILDINGS[0], "happened_at": "yesterday"})]})
    answer = phone.client.post(
        "/api/v1/field/sync", body, content_type="application/json", headers={"Accept-Language": "en"}
    )
    assert answer.json()["results"][0]["problems"][0]["why"] == "Happened: the time cannot be read."


def test_a_report_and_a_query_are_told_in_words_too(town: Town) -> None:
    client = phone_of(town, "worker").client
    answer = client.post("/api/v1/reports", "{}", content_type="application/json")
    whys = {one["where"]: one["why"] for one in answer.json()["problems"]}
    assert whys == {"id": "编号：没有填写。", "text": "文字：没有填写。"}
    assert client.get("/api/v1/todo?limit=many").json()["problems"][0]["why"] == "条数：应当是整数。"


def test_a_body_that_is_no_json_is_told_where_it_breaks(town: Town) -> None:
    answer = phone_of(town, "worker").client.post("/api/v1/reports", '{\n"id": }', content_type="application/json")
    assert answer.status_code == 400
    (told,) = answer.json()["problems"]
    assert "第 2 行第 7 列" in told["how"]
    assert not _english(told["why"] + told["how"]) - {"JSON", "UTF"}


def test_a_visit_that_does_not_count_says_why_in_words(town: Town) -> None:
    phone = phone_of(town, "worker")
    counted, (told,) = phone.sync(visit("自己去看看")), phone.sync(visit("没人", result="nobody", round="patrol"))
    assert (counted[0]["counted"], counted[0]["not_counted"], counted[0]["reason"]) == (True, "", "")
    assert (told["state"], told["counted"], told["not_counted"]) == ("done", False, "nobody")
    assert told["reason"] == "去过，不计入：家中无人"


def test_objects_with_too_many_or_too_long_names_are_found_however_deep() -> None:
    assert too_many_keys({"a": [{"b": dict.fromkeys(map(str, range(60)))}]}) is None
    assert too_many_keys({"a": [{"b": dict.fromkeys(map(str, range(61)))}]}) is not None
    assert too_many_keys([{"名" * 61: 1}]) is not None
    assert too_many_keys({"名" * 60: "长" * 1000}) is None


def test_one_item_with_too_many_names_is_refused_and_keeps_no_other_out(town: Town) -> None:
    flood = visit("满了", checklist={})
    flood["data"] |= {f"x{n}": n for n in range(200)}
    deep = visit("深处", together=[{f"x{n}": "1" for n in range(200)}])
    results = phone_of(town, "worker").sync(visit("前"), flood, deep, visit("后", minutes=3))
    assert [one["state"] for one in results] == ["done", "refused", "refused", "done"]
    assert len(results[1]["problems"]) == 1
