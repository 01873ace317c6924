"""Hours of volunteers (服务时长): from duties stood and help at activities; published before they count.

They are published for three workdays; an objection holds them back until it is answered. Nothing is added up for a
person: no ranking, no points, and no certificate's number is asked for.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from bihuan.activities import checks as shape
from bihuan.activities import guards, kinds
from bihuan.activities.actions.announcing import organiser_ref
from bihuan.activities.duties import checks
from bihuan.activities.duties.handing import wrong_minutes
from bihuan.activities.duties.models import Service
from bihuan.activities.duties.rosters import keeper, method_of
from bihuan.activities.guards import must
from bihuan.activities.models import Activity, Team
from bihuan.activities.store import Work, gone, load
from bihuan.kernel.api import CHINA, Problem, new_id, seal
from bihuan.people.api import ACTIVITY_MANAGE, ACTIVITY_READ, Actor

PUBLISHED_WORKDAYS = 3  # 公示不少于 3 个工作日
_BATCH = 500


def counted(now: datetime) -> Q:
    """Return the condition "its time has passed, and no objection is open"."""
    return Q(counts_from__lte=now) & (Q(objected_at__isnull=True) | Q(answered_at__isnull=False))


@transaction.atomic
def note_helpers(
    *, actor: Actor, entry_id: UUID, activity_id: UUID, members: Collection[UUID], minutes: int
) -> list[Service]:
    """Note which members of its team helped at an activity that was held, and how long.

    Once more with others adds them; hours that are published stay as they are.

    Raises:
        Http404, PermissionDenied: as ``people.access`` says. NotFound: no such member in its team.
        Refused: the actor is no organiser, it was not held, or no team holds it. BadInput: no number of minutes.
    """
    work = load(Activity, actor=actor, permission=ACTIVITY_MANAGE, entry_id=entry_id, pk=activity_id)
    activity = work.row
    if work.resent:
        return list(activity.services.all())
    ref = kinds.kind_of(activity.version_ref_id, activity.kind)
    team = activity.team
    held = activity.state == Activity.State.HELD
    must(
        guards.may_run(actor, activity, ref),
        None if held else Problem("", _("活动还没有登记为已举办。"), _("先登记活动情况。")),
        None if team else Problem("", _("这个活动不由队伍来办。"), ""),
    )
    assert team is not None  # noqa: S101 - refused above
    shape.stop(wrong_minutes(minutes))
    known = {row.pk for row in team.members.filter(pk__in=list(members))}
    if not known or set(members) - known:
        raise gone(_("队里没有这个人。"))
    fresh = sorted(known - set(activity.services.values_list("member_id", flat=True)))
    if not fresh:
        return list(activity.services.all())
    work.method = ref.method_ref
    body = {"members": [str(key) for key in fresh], "minutes": minutes, "number": len(fresh)}
    work.record("activity.helped", body, by=organiser_ref(actor, activity.area_code, ref))
    Service.objects.bulk_create(
        Service(
            id=new_id(work.now),
            team=team,
            area_code=team.area_code,
            member_id=key,
            activity=activity,
            starts_at=activity.starts_at,
            minutes=minutes,
            recorder_id=actor.person_id,
        )
        for key in fresh
    )
    return list(activity.services.all())


@transaction.atomic
def publish_hours(*, actor: Actor, entry_id: UUID, team_id: UUID) -> int:
    """Publish the hours of a team that are not published yet: they count after three workdays; returns how many.

    Raises:
        Http404: no such team, or the actor may not know of it.
        Refused: not the actor's to do, or there is nothing to publish.
    """
    work = load(Team, actor=actor, permission=ACTIVITY_READ, entry_id=entry_id, pk=team_id)
    team = work.row
    if work.resent:
        return team.services.filter(published_at__isnull=False).count()
    rows = list(_unpublished(team).order_by("starts_at", "pk")[:_BATCH])
    nothing = None if rows else Problem("", _("没有要公示的时长。"), _("交过班、登记过帮忙的，才有时长。"))
    must(checks.may_keep(actor, team), nothing)
    counts = CHINA.add(work.now, PUBLISHED_WORKDAYS, "workdays")
    body = {"hours": [[str(row.pk), row.minutes] for row in rows], "number": len(rows), "until": counts.isoformat()}
    work.method = method_of(team)
    work.record("team.hours_published", body, by=keeper(actor, team))
    Service.objects.filter(pk__in=[row.pk for row in rows]).update(published_at=work.now, counts_from=counts)
    return len(rows)


def _unpublished(team: Team) -> QuerySet[Service]:
    return Service.objects.filter(team=team, published_at__isnull=True)


def _load(actor: Actor, entry_id: UUID, service_id: UUID) -> tuple[Work[Team], Service]:
    row = Service.objects.filter(pk=service_id).first()
    if row is None:
        raise Http404(_("没有这条时长"))
    work = load(Team, actor=actor, permission=ACTIVITY_READ, entry_id=entry_id, pk=row.team_id)
    work.method = method_of(work.row)
    return work, Service.objects.select_related("member").get(pk=service_id)


@transaction.atomic
def object_to_hours(*, actor: Actor, entry_id: UUID, service_id: UUID, text: str) -> Service:
    """Object to hours that are published and do not count yet: they wait for an answer.

    Raises:
        Http404: no such hours, or the actor may not know of the team.
        Refused: the actor has nothing to do with the team, they are not published, count already, or are objected to.
        BadInput: no reason.
    """
    work, row = _load(actor, entry_id, service_id)
    if work.resent:
        return row
    must(checks.may_log(actor, work.row), checks.may_object(row, work.now))
    problems: list[Problem] = []
    said = shape.line("text", text, 200, problems, _("没有写为什么有异议。"))
    shape.stop(problems)
    sealed = [seal("objection", said, purpose="核对服务时长", encrypted=False, keep_until=None)]
    work.record("team.hours_objected", {"hours": str(row.pk)}, by=actor.ref(), sealed=sealed)
    row.objected_at, row.objector_id, row.objection = work.now, actor.person_id, said
    row.save(update_fields=["objected_at", "objector_id", "objection"])
    return row


@transaction.atomic
def answer_objection(*, actor: Actor, entry_id: UUID, service_id: UUID, text: str, minutes: int) -> Service:
    """Answer an objection, with the hours as they are right; who objected does not answer it themselves.

    Raises:
        Http404: no such hours, or the actor may not know of the team.
        Refused: not the actor's to do, or there is nothing to answer.
        BadInput: no answer, or no number of minutes.
    """
    work, row = _load(actor, entry_id, service_id)
    if work.resent:
        return row
    asked = row.objected_at is not None and row.answered_at is None
    must(
        checks.may_keep(actor, work.row),
        None if asked else Problem("", _("没有要答复的异议。"), ""),
        Problem("", _("异议不能由提出的人自己答复。"), _("请别的负责人来答复。"))
        if asked and row.objector_id == actor.person_id
        else None,
    )
    problems: list[Problem] = []
    said = shape.line("text", text, 200, problems, _("没有写答复。"))
    problems += wrong_minutes(minutes)
    shape.stop(problems)
    sealed = [seal("answer", said, purpose="核对服务时长", encrypted=False, keep_until=None)]
    body = {"hours": str(row.pk), "before": row.minutes, "minutes": minutes}
    work.record("team.hours_answered", body, by=keeper(actor, work.row), sealed=sealed)
    row.answered_at, row.answer, row.minutes = work.now, said, minutes
    row.save(update_fields=["answered_at", "answer", "minutes"])
    return row
