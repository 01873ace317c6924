"""Registers of visits: 走访记录 and 民情日志."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Count
from django.urls import reverse

from bihuan.fieldwork.api import DiaryFilters, DiaryRow, diary
from bihuan.fieldwork.models import Visit
from bihuan.kernel.models import StoredFile
from bihuan.people.api import Actor, person_names
from bihuan.reporting.registers.sources.base import Cell, Known, Line, Lines, Source

KNOWN: dict[str, Known] = {
    "happened": Known("时间", "when", "time"),
    "recorded": Known("录入时间", "typed at", "time"),
    "area": Known("网格", "place"),
    "place": Known("地点", "exact place"),
    "round": Known("巡访", "round"),
    "person": Known("所属人", "who went"),
    "role": Known("身份", "as what"),
    "together": Known("参与人", "together with"),
    "result": Known("结果", "result"),
    "title": Known("标题", "title"),
    "text": Known("内容", "text"),
    "files": Known("附件数", "photos and voice notes", "number"),
    "findings": Known("发现问题数", "findings", "number"),
    "counted": Known("是否计入", "counted"),
    "review": Known("点评语", "answer"),
    "reviewer": Known("点评人", "answered by"),
    "reviewed": Known("点评时间", "answered at", "time"),
}
Take = Callable[[DiaryRow, Visit, Mapping[Any, str]], Cell]
_TAKE: dict[str, Take] = {
    "happened": lambda row, _, __: row.happened_at,
    "recorded": lambda row, _, __: row.recorded_at,
    "area": lambda row, _, __: row.area_name,
    "place": lambda row, _, __: row.place_name,
    "round": lambda row, _, __: row.round_title,
    "person": lambda row, _, __: row.person_name,
    "role": lambda row, _, __: row.role_title,
    "together": lambda _, visit, __: "、".join(str(one.get("name", "")) for one in visit.together if one.get("name")),
    "result": lambda row, _, __: row.result_title,
    "title": lambda row, _, __: row.title,
    "text": lambda _, visit, __: visit.text,
    "findings": lambda row, _, __: row.findings_count,
    "counted": lambda row, _, __: "" if row.counted else row.why,
    "review": lambda _, visit, __: visit.review,
    "reviewer": lambda _, visit, people: people.get(visit.reviewed_by, ""),
    "reviewed": lambda _, visit, __: visit.reviewed_at,
}


def _page(
    actor: Actor,
    area: str,
    filters: Mapping[str, str],
    sort: str,
    wanted: Sequence[str],
    cursor: str | None,
    limit: int,
) -> Lines:
    del sort
    given = DiaryFilters(
        area=area,
        round=filters.get("round", ""),
        result=filters.get("result", ""),
        answered=filters.get("answered", ""),
    )
    listing = diary(actor, given, cursor, limit)
    visits = Visit.objects.in_bulk([row.id for row in listing.rows])
    people = person_names({visit.reviewed_by for visit in visits.values() if visit.reviewed_by is not None})
    files: dict[Any, int] = {}
    if "files" in wanted:
        kept = StoredFile.objects.filter(subject_type="visit", subject_id__in=list(visits)).order_by()
        files = dict(kept.values_list("subject_id").annotate(n=Count("pk")))
    rows = tuple(
        Line(
            row.id,
            reverse("desk:visit", args=[row.id]),
            tuple(
                files.get(row.id, 0)
                if value == "files"
                else _TAKE[value](row, visits[row.id], people)
                if value in _TAKE
                else None
                for value in wanted
            ),
        )
        for row in listing.rows
        if not row.withdrawn
    )
    return Lines(rows, listing.next)


VISITS = Source(KNOWN, _page, filters=("round", "result", "answered"))
