"""Handing a duty over (交接班): it was stood, what is still open goes to who takes over, and the hours are noted."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.activities import checks as shape
from bihuan.activities.duties import checks
from bihuan.activities.duties.models import Call, Duty, Service
from bihuan.activities.duties.rosters import keeper, link_of, load_duty
from bihuan.activities.guards import must
from bihuan.activities.models import Member
from bihuan.activities.places import stamp
from bihuan.activities.store import gone
from bihuan.kernel.api import Notice, Problem, notify_many, seal
from bihuan.people.api import Actor

MOST_MINUTES = 24 * 60


@transaction.atomic
def hand_over(
    *,
    actor: Actor,
    entry_id: UUID,
    duty_id: UUID,
    taker_id: UUID | None = None,
    undone: str = "",
    minutes: int | None = None,
) -> Duty:
    """Hand a duty over: it was stood. Calls that are open go along by themselves; words are for what is in none.

    Args:
        actor: who stood it, or who keeps the team.
        entry_id: UUIDv7 made by the client; sent twice it is handed over once.
        duty_id: which.
        taker_id: the member who takes over; None where nobody follows.
        undone: what is still to be done and is no call, at most 500 characters.
        minutes: how long it was stood; by default as long as it is on the roster.

    Raises:
        Http404: no such duty, or the actor may not know of it. NotFound: no such member.
        Refused: not the actor's to do, it has not begun, nobody stood it, or it was handed over.
        BadInput: too long, or no number of minutes.
    """
    work, duty = load_duty(actor, entry_id, duty_id)
    if work.resent:
        return duty
    must(
        may_hand(actor, duty),
        checks.begun(duty, work.now),
        Problem("", _("这一班没有人值。"), _("先安排顶班的人。")) if duty.member is None else None,
        Problem("", _("已经交过班。"), "") if duty.handed_at is not None else None,
    )
    assert duty.member is not None  # noqa: S101 - refused above
    taker = _member(duty, taker_id) if taker_id is not None else None
    problems: list[Problem] = []
    words = shape.line("undone", undone, 500, problems)
    given = int((duty.ends_at - duty.starts_at).total_seconds()) // 60 if minutes is None else minutes
    problems += wrong_minutes(given)
    shape.stop(problems)
    left = [
        str(key) for key in Call.objects.filter(roster=work.row, state=Call.State.OPEN).values_list("pk", flat=True)
    ]
    sealed = [seal("undone", words, purpose="交接班", encrypted=False, keep_until=None)] if words else []
    body = {"duty": str(duty.pk), "taker": str(taker.pk) if taker else "", "open": sorted(left), "minutes": given}
    work.record("roster.handed_over", body, by=keeper(actor, duty.team), sealed=sealed)
    duty.handed_at, duty.handed_by, duty.taker, duty.undone = work.now, actor.person_id, taker, words
    duty.save(update_fields=["handed_at", "handed_by", "taker", "undone"])
    Service.objects.create(
        id=entry_id,
        team=duty.team,
        area_code=duty.area_code,
        member=duty.member,
        duty=duty,
        starts_at=duty.starts_at,
        minutes=given,
        recorder_id=actor.person_id,
    )
    if taker is not None and taker.person_id is not None and taker.person_id != actor.person_id:
        params = {"title": duty.team.name, "when": stamp(duty.ends_at), "number": len(left)}
        notify_many([Notice(taker.person_id, "duty.handed_to_you", params, link_of(duty.team_id))])
    return duty


def may_hand(actor: Actor, duty: Duty) -> Problem | None:
    """Whoever stood it, and whoever keeps the team."""
    return None if checks.own(actor, duty.member) else checks.may_keep(actor, duty.team)


def _member(duty: Duty, key: UUID) -> Member:
    found = duty.team.members.filter(pk=key, until__isnull=True).first()
    if found is None:
        raise gone(_("队里没有这个人。"))
    return found


def wrong_minutes(minutes: int) -> list[Problem]:
    """Return what is wrong with how long somebody helped."""
    if 1 <= minutes <= MOST_MINUTES:
        return []
    return [Problem("minutes", _("时长要在 1 分钟到 24 小时之间。"), _("核对数字；跨天的分几次登记。"))]
