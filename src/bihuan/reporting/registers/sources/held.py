"""Registers of meetings (会议记录) and of activities."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext

from bihuan.activities.models import Activity, SignUp
from bihuan.areas.api import names as area_names
from bihuan.areas.api import subtree_q
from bihuan.meetings.models import AgendaItem, Attendance, Meeting
from bihuan.people.api import ACTIVITY_READ, MEETING_READ, Actor, person_names, visible
from bihuan.reporting.registers.sources.base import Cell, Known, Line, Lines, Source
from bihuan.reporting.registers.sources.rows import newest_first

MEETING_VALUES: dict[str, Known] = {
    "starts": Known("时间", "when", "time"),
    "place": Known("地点", "where"),
    "area": Known("区域", "area"),
    "title": Known("会议", "meeting"),
    "number": Known("第几次", "number", "number"),
    "chair": Known("主持", "chair"),
    "minutes": Known("记录", "minutes"),
    "due": Known("应到", "due", "number"),
    "present": Known("实到", "present", "number"),
    "absent": Known("缺席及原因", "absent, and why"),
    "sitting_in": Known("列席", "sitting in"),
    "items": Known("议题", "agenda"),
    "votes": Known("表决", "votes"),
    "resolutions": Known("决议", "resolutions"),
    "state": Known("状态", "state"),
}
ACTIVITY_VALUES: dict[str, Known] = {
    "starts": Known("时间", "when", "time"),
    "ends": Known("结束", "until", "time"),
    "place": Known("地点", "where"),
    "area": Known("区域", "area"),
    "title": Known("活动", "activity"),
    "festival": Known("节日", "festival"),
    "team": Known("队伍", "team"),
    "organiser": Known("负责人", "organiser"),
    "came": Known("到场人数", "people who came", "number"),
    "state": Known("状态", "state"),
    "summary": Known("小结", "summary"),
}
SAID = {"agree": "赞成", "against": "反对", "abstain": "弃权"}
DECIDED = {"carried", "rejected", "referred", "noted"}


def _join(parts: Sequence[str]) -> str:
    return "；".join(part for part in parts if part)


def _count_of(item: AgendaItem) -> str:
    counted = item.count.get("heads") if isinstance(item.count.get("heads"), dict) else item.count
    said = [f"{gettext(SAID[key])}{counted[key]}" for key in SAID if isinstance(counted.get(key), int | str)]
    return f"{item.order}. {' '.join(said)}" if said else ""


def _meeting_cell(meeting: Meeting, value: str, areas: Mapping[str, str], people: Mapping[UUID, str]) -> Cell:
    attendances: list[Attendance] = list(meeting.attendances.all())
    items: list[AgendaItem] = list(meeting.items.all())
    due = [one for one in attendances if one.kind == Attendance.Kind.DUE]
    here = {Attendance.Presence.PRESENT, Attendance.Presence.DEPUTY}
    take: dict[str, Callable[[], Cell]] = {
        "starts": lambda: meeting.opened_at or meeting.starts_at,
        "place": lambda: meeting.place,
        "area": lambda: areas.get(meeting.area_code, ""),
        "title": lambda: meeting.title,
        "number": lambda: meeting.number,
        "chair": lambda: people.get(meeting.chair_id, "") if meeting.chair_id else "",
        "minutes": lambda: people.get(meeting.minutes_id, "") if meeting.minutes_id else "",
        "due": lambda: len(due),
        "present": lambda: sum(one.presence in here for one in due),
        "absent": lambda: _join(
            [f"{one.name}（{one.reason}）" if one.reason else one.name for one in due if one.presence not in here]
        ),
        "sitting_in": lambda: "、".join(one.name for one in attendances if one.kind == Attendance.Kind.SITTING_IN),
        "items": lambda: _join([f"{item.order}. {item.title}" for item in items]),
        "votes": lambda: _join([_count_of(item) for item in items]),
        "resolutions": lambda: _join(
            [f"{item.order}. {gettext(str(item.get_state_display()))}" for item in items if item.state in DECIDED]
        ),
        "state": lambda: gettext(str(meeting.get_state_display())),
    }
    return take[value]() if value in take else None


def _meetings(
    actor: Actor,
    area: str,
    filters: Mapping[str, str],
    sort: str,
    wanted: Sequence[str],
    cursor: str | None,
    limit: int,
) -> Lines:
    del sort
    rows = visible(actor, MEETING_READ, Meeting.objects.filter(subtree_q("area_code", area)))
    rows = rows.exclude(state=Meeting.State.CANCELLED)
    if filters.get("body"):
        rows = rows.filter(body=filters["body"])
    found, following = newest_first(rows.prefetch_related("attendances", "items"), "starts_at", cursor, limit)
    areas = area_names({meeting.area_code for meeting in found})
    people = person_names(
        {person for meeting in found for person in (meeting.chair_id, meeting.minutes_id) if person is not None}
    )
    return Lines(
        tuple(
            Line(
                meeting.pk,
                reverse("desk:meeting", args=[meeting.pk]),
                tuple(_meeting_cell(meeting, value, areas, people) for value in wanted),
            )
            for meeting in found
        ),
        following,
    )


def _came(ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = SignUp.objects.filter(activity_id__in=ids, state=SignUp.State.CAME).values("activity_id")
    return {row["activity_id"]: row["total"] for row in rows.annotate(total=Sum("people"))}


def _activity_cell(
    one: Activity, value: str, areas: Mapping[str, str], people: Mapping[UUID, str], came: Mapping[UUID, int]
) -> Cell:
    take: dict[str, Callable[[], Cell]] = {
        "starts": lambda: one.starts_at,
        "ends": lambda: one.ends_at,
        "place": lambda: one.place,
        "area": lambda: areas.get(one.area_code, ""),
        "title": lambda: one.title,
        "festival": lambda: one.festival,
        "team": lambda: one.team.name if one.team else "",
        "organiser": lambda: people.get(one.organiser_id, ""),
        "came": lambda: came.get(one.pk, 0) + one.came_uncounted if one.state == Activity.State.HELD else None,
        "state": lambda: gettext(str(one.get_state_display())),
        "summary": lambda: one.summary,
    }
    return take[value]() if value in take else None


def _activities(
    actor: Actor,
    area: str,
    filters: Mapping[str, str],
    sort: str,
    wanted: Sequence[str],
    cursor: str | None,
    limit: int,
) -> Lines:
    del sort
    rows = visible(actor, ACTIVITY_READ, Activity.objects.filter(subtree_q("area_code", area))).select_related("team")
    if filters.get("kind"):
        rows = rows.filter(kind=filters["kind"])
    found, following = newest_first(rows, "starts_at", cursor, limit)
    areas = area_names({one.area_code for one in found})
    people = person_names({one.organiser_id for one in found})
    came = _came([one.pk for one in found])
    return Lines(
        tuple(
            Line(
                one.pk,
                reverse("desk:activity", args=[one.pk]),
                tuple(_activity_cell(one, value, areas, people, came) for value in wanted),
            )
            for one in found
        ),
        following,
    )


MEETINGS = Source(MEETING_VALUES, _meetings, filters=("body",))
ACTIVITIES = Source(ACTIVITY_VALUES, _activities, filters=("kind",))
