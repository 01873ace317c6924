"""Reads of rosters, logs and hours."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Q
from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.activities import guards
from bihuan.activities.duties import checks, handing
from bihuan.activities.duties.models import Call, Duty, Roster, Service
from bihuan.activities.duties.shapes import (
    CallLine,
    DayLine,
    DutyLine,
    HoursLine,
    LogPage,
    MyDuty,
    RosterPage,
    ShiftLine,
)
from bihuan.activities.models import Activity, Member, Team
from bihuan.activities.shapes import Listing, TimelineLine
from bihuan.areas.api import names as area_names
from bihuan.kernel.api import EntryView, Problem, clock, plain_texts, sentence
from bihuan.kernel.models import Entry
from bihuan.matters.api import LedgerRow, keyset, rows_of
from bihuan.people.api import (
    ACTIVITY_READ,
    MATTER_PERSONAL,
    MATTER_READ,
    MATTER_RECORD,
    Actor,
    access,
    can,
    person_names,
    visible,
)

SOON = timedelta(days=14)
LATE = timedelta(days=14)  # so long a duty that is over waits to be handed over
_MOST_LINES = 60


def state_title(call: Call) -> str:
    """Return a call's state in the reader's language."""
    return {Call.State.OPEN: _("未办结"), Call.State.SETTLED: _("已办结"), Call.State.MATTER: _("已转事项")}[
        Call.State(call.state)
    ]


def _team(actor: Actor, team_id: UUID) -> tuple[Team, Problem | None, Member | None]:
    team = access(actor, ACTIVITY_READ, Team.objects.all(), pk=team_id)
    return team, checks.may_keep(actor, team), checks.in_team(actor, team)


def month_of(text: str, today: date) -> date:
    """Read 2024-03 as the first of that month; what is none is this month."""
    try:
        found = date.fromisoformat(f"{text[:7]}-01")
    except ValueError:
        return today.replace(day=1)
    return found if 2000 <= found.year < 2200 else today.replace(day=1)


def roster_page(actor: Actor, team_id: UUID, month: str = "") -> RosterPage:
    """Return a team's duties of a month; names for who keeps the team or is in it.

    Raises:
        Http404: when there is none, or the actor may not know of it.
    """
    team, keep, own = _team(actor, team_id)
    first = month_of(month, clock.today())
    last = first.replace(day=monthrange(first.year, first.month)[1])
    named = keep is None or own is not None
    found = Duty.objects.filter(team=team, day__gte=first, day__lte=last).select_related("member")
    lines = [_line(duty, own, named=named) for duty in found.order_by("starts_at", "ends_at", "id")]
    members = list(team.members.filter(until__isnull=True)) if named else []
    rosters = tuple(team.rosters.filter(since__lte=last, until__gte=first).order_by("since", "published_at"))
    return RosterPage(
        team=team,
        area_name=area_names([team.area_code]).get(team.area_code, team.area_code),
        month=first,
        days=_days(lines),
        rosters=rosters,
        named=named,
        members=tuple((row.pk, row.name or "—") for row in members) if named else (),
        own_member=own.pk if own else None,
        own_away=tuple(own.away) if own else (),
        timeline=_timeline(rosters) if named else (),
        may={"keep": keep or guards.going_on(team), "log": checks.may_log(actor, team)},
    )


def _line(duty: Duty, own: Member | None, *, named: bool) -> DutyLine:
    now = clock.now()
    return DutyLine(
        id=duty.pk,
        day=duty.day,
        rest=duty.rest,
        starts_at=duty.starts_at,
        ends_at=duty.ends_at,
        member_id=duty.member_id if named else None,
        name=(duty.member.name or "—") if named and duty.member else "",
        empty=duty.member_id is None,
        mine=own is not None and duty.member_id == own.pk,
        offered=duty.offered_at is not None,
        handed=duty.handed_at is not None,
        over=duty.ends_at <= now,
        now=duty.starts_at <= now < duty.ends_at,
    )


def _days(lines: Iterable[DutyLine]) -> tuple[DayLine, ...]:
    today = clock.today()
    return tuple(
        DayLine(
            day,
            rest,
            day == today,
            tuple(
                ShiftLine(starts, ends, tuple(turns))
                for (starts, ends), turns in groupby(some, key=lambda line: (line.starts_at, line.ends_at))
            ),
        )
        for (day, rest), some in groupby(lines, key=lambda line: (line.day, line.rest))
    )


def _timeline(rosters: Iterable[Roster]) -> tuple[TimelineLine, ...]:
    """Return what was published, swapped and taken back, as sentences, the newest first."""
    keys = [roster.pk for roster in rosters]
    told = ("roster.published", "roster.swapped", "roster.offered", "roster.stood_in", "roster.taken_back")
    found = list(
        Entry.objects.filter(subject_type="roster", subject_id__in=keys, verb__in=told).order_by(
            "-recorded_at", "-seq"
        )[:_MOST_LINES]
    )
    names = person_names({entry.actor_id for entry in found if entry.actor_id is not None}) if found else {}
    bodies: list[dict[str, Any]] = [orjson.loads(entry.body) for entry in found]
    reasons: dict[UUID, str] = {}
    for key in {entry.subject_id for entry, body in zip(found, bodies, strict=True) if "reason" in body}:
        reasons |= plain_texts("roster", key, "reason")
    language = get_language() or "zh"
    return tuple(
        TimelineLine(
            sentence(
                EntryView(
                    entry.verb,
                    {
                        "actor": names.get(entry.actor_id, _("有人")) if entry.actor_id else _("系统"),
                        "since": body.get("since", ""),
                        "until": body.get("until", ""),
                        "number": str(body.get("number", "")),
                        "reason": reasons.get(entry.pk, ""),
                    },
                ),
                language,
            ),
            entry.happened_at,
        )
        for entry, body in zip(found, bodies, strict=True)
    )


def log_page(actor: Actor, duty_id: UUID) -> LogPage:
    """Return the log of one duty, for whoever reads calls there.

    Raises:
        Http404: when there is none, or the actor may not know of it.
        PermissionDenied: when they see the roster, and no more.
    """
    duty = Duty.objects.select_related("team", "member", "taker").filter(pk=duty_id).first()
    if duty is None:
        raise Http404(_("没有这一班"))
    team, keep, own = _team(actor, duty.team_id)
    reads = own is not None or keep is None or bool(can(actor, MATTER_READ, team.area_code))
    log = None if own is not None or keep is None else keep
    calls = _calls_of(actor, team, Q(duty=duty)) if reads else []
    before = Q(roster=duty.roster_id, state=Call.State.OPEN, came_at__lt=duty.starts_at)
    earlier = _calls_of(actor, team, before & ~Q(duty=duty)) if reads else []
    members = list(team.members.filter(until__isnull=True)) if log is None else []
    after = Duty.objects.filter(team=team, starts_at__gte=duty.ends_at, member__isnull=False).order_by("starts_at")
    following = after.values_list("member_id", flat=True).first() if log is None else None
    named = own is not None or keep is None
    now = clock.now()
    lines = call_lines(actor, [*calls, *earlier])
    return LogPage(
        team=team,
        duty=_line(duty, own, named=named),
        taker=duty.taker.name if named and duty.taker else "",
        undone=duty.undone if reads else "",
        handed_at=duty.handed_at,
        calls=lines[: len(calls)],
        open_before=lines[len(calls) :],
        members=tuple((row.pk, row.name or "—") for row in members),
        next_member=following,
        may={
            "read": None if reads else Problem("", _("值班登记只给队里的人和管事的人看。"), ""),
            "log": log or checks.begun(duty, now),
            "keep": keep,
            "hand": handing.may_hand(actor, duty)
            or checks.begun(duty, now)
            or (Problem("", _("这一班没有人值。"), _("先安排顶班的人。")) if duty.member_id is None else None)
            or (Problem("", _("已经交过班。"), "") if duty.handed_at is not None else None),
            "matter": None
            if can(actor, MATTER_RECORD, team.area_code)
            else Problem("", _("您不能代群众登记事项。"), _("请社区工作人员来转。")),
        },
    )


def _calls_of(actor: Actor, team: Team, which: Q) -> list[Call]:
    found = visible(actor, MATTER_READ, Call.objects.filter(which, team=team))
    return list(found.select_related("matter").order_by("came_at", "pk")[:200])


def calls(
    actor: Actor, *, team_id: UUID | None = None, state: str = "", cursor: str | None = None, limit: int = 30
) -> Listing[CallLine]:
    """Return one page of the calls that an actor may read, the newest first.

    Raises:
        BadInput: for a bent cursor.
    """
    found = visible(actor, MATTER_READ, Call.objects.all())
    if team_id is not None:
        found = found.filter(team_id=team_id)
    if state in Call.State.values:
        found = found.filter(state=state)
    after = keyset.unpack_uuid(cursor)
    if after is not None:
        at, key = after
        found = found.filter(came_at__lte=at).filter(Q(came_at__lt=at) | Q(pk__lt=key))
    rows = list(found.select_related("matter").order_by("-came_at", "-pk")[: limit + 1])
    more = len(rows) > limit
    following = keyset.pack(rows[limit - 1].came_at, rows[limit - 1].pk) if more else None
    return Listing(call_lines(actor, rows[:limit]), following)


def call_lines(actor: Actor, rows: Iterable[Call]) -> tuple[CallLine, ...]:
    """Return calls as one reader sees them; what became of a matter is the matter's to say. Two statements at most."""
    found = list(rows)
    matters = rows_of(actor, [row.matter_id for row in found if row.matter_id]) if found else {}
    people = person_names({row.recorder_id for row in found if row.recorder_id}) if found else {}
    return tuple(_call(actor, row, matters, people) for row in found)


def progress_of(call: Call, matter: LedgerRow | None) -> str:
    """Return what came of a call (处理结果): its own result, or where its matter stands."""
    if call.matter_id is None:
        return call.result
    if matter is None:
        return _("已转事项")
    return f"{matter.display_number} {matter.step_title if matter.is_open else matter.outcome_title}".strip()


def _call(actor: Actor, row: Call, matters: dict[UUID, LedgerRow], people: dict[UUID, str]) -> CallLine:
    matter = matters.get(row.matter_id) if row.matter_id else None
    mine = row.recorder_id is not None and row.recorder_id == actor.person_id
    return CallLine(
        id=row.pk,
        came_at=row.came_at,
        unit=row.unit,
        name=row.name,
        phone=row.phone,
        text=row.text,
        proposal=row.proposal,
        instruction=row.instruction,
        progress=progress_of(row, matter),
        state=row.state,
        state_title=state_title(row),
        matter_id=matter.id if matter else None,
        number=matter.display_number if matter else "",
        recorder=people.get(row.recorder_id, "") if row.recorder_id else "",
        team_id=row.team_id,
        area_code=row.area_code,
        may_reveal=bool(row.name or row.phone) and (mine or bool(can(actor, MATTER_PERSONAL, row.area_code))),
    )


def hours_page(actor: Actor, team_id: UUID) -> tuple[Team, tuple[HoursLine, ...], dict[str, Problem | None]]:
    """Return a team's hours, the newest first; for the team and whoever keeps it.

    Raises:
        Http404: when there is none, or the actor may not know of it.
    """
    team, keep, own = _team(actor, team_id)
    reads = keep is None or own is not None
    now = clock.now()
    found = Service.objects.filter(team=team).select_related("member", "activity", "duty")
    rows = list(found.order_by("-starts_at", "-pk")[:200]) if reads else []
    lines = tuple(
        HoursLine(
            id=row.pk,
            name=row.member.name or "—",
            what=row.activity.title if row.activity else _("值班"),
            starts_at=row.starts_at,
            minutes=row.minutes,
            state=hours_state(row, now),
            state_title=hours_title(row, now),
            counts_from=row.counts_from,
            objection=row.objection,
            answer=row.answer,
            may_object=checks.may_object(row, now) is None,
            may_answer=keep is None and row.objected_at is not None and row.answered_at is None,
        )
        for row in rows
    )
    nothing = None if any(line.state == "new" for line in lines) else Problem("", _("没有要公示的时长。"), "")
    shut = None if reads else Problem("", _("时长只给队里的人和管理队伍的人看。"), "")
    return team, lines, {"read": shut, "publish": keep or nothing}


def helpers(activity: Activity) -> tuple[tuple[UUID, str, bool], ...]:
    """Return the members of the team that held an activity, for who runs it: id, name, and whether their help is noted.

    Two statements.
    """
    if activity.team_id is None:
        return ()
    noted = set(activity.services.values_list("member_id", flat=True))
    members = Member.objects.filter(team_id=activity.team_id).filter(Q(until__isnull=True) | Q(pk__in=noted))
    return tuple((row.pk, row.name or "—", row.pk in noted) for row in members)


def hours_state(row: Service, now: datetime) -> str:
    """Return "new", "published", "disputed" or "counted"."""
    if row.published_at is None or row.counts_from is None:
        return "new"
    if row.objected_at is not None and row.answered_at is None:
        return "disputed"
    return "counted" if row.counts_from <= now else "published"


def hours_title(row: Service, now: datetime) -> str:
    """Return the state of hours in the reader's language."""
    return {"new": _("待公示"), "published": _("公示中"), "disputed": _("有异议"), "counted": _("已计入")}[
        hours_state(row, now)
    ]


def my_duties(actor: Actor, limit: int = 20) -> tuple[MyDuty, ...]:
    """Return one's own duties of the next two weeks, and those that are over and not handed over. One statement."""
    if actor.person_id is None:
        return ()
    now = clock.now()
    found = Duty.objects.filter(
        member__person_id=actor.person_id,
        handed_at__isnull=True,
        starts_at__lte=now + SOON,
        ends_at__gte=now - LATE,
    )
    return tuple(
        MyDuty(
            duty.pk,
            duty.team_id,
            duty.team.name,
            duty.starts_at,
            duty.ends_at,
            duty.starts_at <= now,
            duty.ends_at <= now,
        )
        for duty in found.select_related("team").order_by("starts_at")[:limit]
    )
