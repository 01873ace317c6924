"""Registers of duties (值班登记, 交接班) and of what volunteers gave (志愿服务登记). Names are masked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from bihuan.activities.duties.api import hours_title, progress_of, state_title
from bihuan.activities.models import Call, Duty, Service
from bihuan.areas.api import subtree_q
from bihuan.kernel.api import clock, mask_name
from bihuan.matters.api import LedgerRow, rows_of
from bihuan.people.api import MATTER_READ, Actor, person_names, visible
from bihuan.reporting.registers.sources.base import Cell, Known, Line, Lines, Source
from bihuan.reporting.registers.sources.rows import newest_first

CALL_VALUES: dict[str, Known] = {
    "came": Known("来电时间", "time of the call", "time"),
    "team": Known("队伍", "team"),
    "unit": Known("单位", "caller's unit"),
    "name": Known("姓名", "caller, masked"),
    "phone": Known("电话", "telephone, masked"),
    "text": Known("内容", "what it was about"),
    "proposal": Known("拟办意见", "proposal"),
    "instruction": Known("领导批示", "instruction"),
    "result": Known("处理结果", "what came of it: of the matter, where it became one"),
    "state": Known("状态", "state"),
    "recorder": Known("记录人", "noted by, masked"),
}
HANDOVER_VALUES: dict[str, Known] = {
    "handed": Known("时间", "handed over", "time"),
    "team": Known("队伍", "team"),
    "shift": Known("班次", "shift"),
    "undone": Known("未办事项", "what was open then"),
    "giver": Known("交班人", "handed over by, masked"),
    "taker": Known("接班人", "taken over by, masked"),
}
SERVICE_VALUES: dict[str, Known] = {
    "starts": Known("时间", "when", "time"),
    "name": Known("姓名", "volunteer, masked"),
    "team": Known("队伍", "team"),
    "activity": Known("活动", "activity"),
    "hours": Known("时长（小时）", "hours", "number"),
    "content": Known("内容", "what they did"),
    "leader": Known("负责人", "who leads the team, masked"),
    "recorder": Known("记录人", "noted by, masked"),
    "published": Known("公示时间", "published", "time"),
    "counts": Known("计入时间", "counts from", "time"),
    "state": Known("状态", "state"),
}
_LONG = 40  # of an open call, among others in one cell


def _of(people: Mapping[UUID, str], key: UUID | None) -> str:
    return mask_name(people.get(key, "")) if key is not None else ""


def _call_cell(row: Call, value: str, matters: Mapping[UUID, LedgerRow], people: Mapping[UUID, str]) -> Cell:
    take: dict[str, Callable[[], Cell]] = {
        "came": lambda: row.came_at,
        "team": lambda: row.team.name,
        "unit": lambda: row.unit,
        "name": lambda: row.name,
        "phone": lambda: row.phone,
        "text": lambda: row.text,
        "proposal": lambda: row.proposal,
        "instruction": lambda: row.instruction,
        "result": lambda: progress_of(row, matters.get(row.matter_id) if row.matter_id else None),
        "state": lambda: state_title(row),
        "recorder": lambda: _of(people, row.recorder_id),
    }
    return take[value]() if value in take else None


def _calls(
    actor: Actor,
    area: str,
    filters: Mapping[str, str],
    sort: str,
    wanted: Sequence[str],
    cursor: str | None,
    limit: int,
) -> Lines:
    del sort
    rows = visible(actor, MATTER_READ, Call.objects.filter(subtree_q("area_code", area))).select_related("team")
    if filters.get("state"):
        rows = rows.filter(state=filters["state"])
    found, following = newest_first(rows, "came_at", cursor, limit)
    matters = rows_of(actor, [row.matter_id for row in found if row.matter_id is not None]) if found else {}
    people = person_names({row.recorder_id for row in found if row.recorder_id is not None})
    return Lines(
        tuple(
            Line(
                row.pk,
                reverse("desk:duty", args=[row.duty_id]),
                tuple(_call_cell(row, value, matters, people) for value in wanted),
            )
            for row in found
        ),
        following,
    )


def _open_then(duties: Sequence[Duty]) -> dict[UUID, str]:
    """Return of each duty what was open when it was handed over: calls, and the words beside them. One statement."""
    calls = list(Call.objects.filter(roster_id__in={duty.roster_id for duty in duties}).order_by("came_at", "pk"))
    found = {}
    for duty in duties:
        at = duty.handed_at
        left = [
            call.text[:_LONG]
            for call in calls
            if at is not None
            and call.roster_id == duty.roster_id
            and call.came_at <= at
            and (call.settled_at is None or call.settled_at > at)
        ]
        found[duty.pk] = "；".join(part for part in (*left, duty.undone) if part)
    return found


def _handovers(
    actor: Actor,
    area: str,
    filters: Mapping[str, str],
    sort: str,
    wanted: Sequence[str],
    cursor: str | None,
    limit: int,
) -> Lines:
    del sort, filters
    rows = visible(actor, MATTER_READ, Duty.objects.filter(subtree_q("area_code", area), handed_at__isnull=False))
    found, following = newest_first(rows.select_related("team", "member", "taker"), "handed_at", cursor, limit)
    undone = _open_then(found) if "undone" in wanted else {}
    return Lines(
        tuple(
            Line(
                duty.pk,
                reverse("desk:duty", args=[duty.pk]),
                tuple(_handover_cell(duty, value, undone) for value in wanted),
            )
            for duty in found
        ),
        following,
    )


def _handover_cell(duty: Duty, value: str, undone: Mapping[UUID, str]) -> Cell:
    starts, ends = (at.astimezone(clock.ZONE) for at in (duty.starts_at, duty.ends_at))
    take: dict[str, Callable[[], Cell]] = {
        "handed": lambda: duty.handed_at,
        "team": lambda: duty.team.name,
        "shift": lambda: f"{starts:%m-%d %H:%M}–{ends:%H:%M}",
        "undone": lambda: undone.get(duty.pk, ""),
        "giver": lambda: mask_name(duty.member.name) if duty.member else "",
        "taker": lambda: mask_name(duty.taker.name) if duty.taker else "",
    }
    return take[value]() if value in take else None


def _services(
    actor: Actor,
    area: str,
    filters: Mapping[str, str],
    sort: str,
    wanted: Sequence[str],
    cursor: str | None,
    limit: int,
) -> Lines:
    del sort, filters
    rows: QuerySet[Any] = visible(actor, MATTER_READ, Service.objects.filter(subtree_q("area_code", area)))
    rows = rows.select_related("team", "member", "activity")
    found, following = newest_first(rows, "starts_at", cursor, limit)
    people = person_names({key for row in found for key in (row.recorder_id, row.team.leader_id) if key is not None})
    return Lines(
        tuple(
            Line(
                row.pk,
                reverse("desk:hours", args=[row.team_id]),
                tuple(_service_cell(row, value, people) for value in wanted),
            )
            for row in found
        ),
        following,
    )


def _service_cell(row: Service, value: str, people: Mapping[UUID, str]) -> Cell:
    take: dict[str, Callable[[], Cell]] = {
        "starts": lambda: row.starts_at,
        "name": lambda: mask_name(row.member.name),
        "team": lambda: row.team.name,
        "activity": lambda: row.activity.title if row.activity else gettext("值班"),
        "hours": lambda: round(row.minutes / 60, 1),
        "content": lambda: gettext("活动帮忙") if row.activity else gettext("值班"),
        "leader": lambda: _of(people, row.team.leader_id),
        "recorder": lambda: _of(people, row.recorder_id),
        "published": lambda: row.published_at,
        "counts": lambda: row.counts_from,
        "state": lambda: hours_title(row, clock.now()),
    }
    return take[value]() if value in take else None


CALLS = Source(CALL_VALUES, _calls, filters=("state",))
HANDOVERS = Source(HANDOVER_VALUES, _handovers)
SERVICES = Source(SERVICE_VALUES, _services)
