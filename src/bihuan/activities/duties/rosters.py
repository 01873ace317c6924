"""Rosters: published as proposed; swapped, stood in for, taken back; and the days on which members cannot."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from bihuan.activities import checks as shape
from bihuan.activities import guards, kinds
from bihuan.activities.actions.teams import keeper_ref
from bihuan.activities.duties import checks
from bihuan.activities.duties.models import Duty, Roster
from bihuan.activities.duties.planning import Proposal, propose
from bihuan.activities.guards import must
from bihuan.activities.models import Member, Team
from bihuan.activities.places import stamp
from bihuan.activities.store import Work, begin, first_of, gone, load, marked, sealed_reason
from bihuan.kernel.api import (
    ActorRef,
    AlreadyRecorded,
    Conflict,
    Notice,
    Problem,
    clock,
    instant,
    new_id,
    notify_many,
)
from bihuan.people.api import ACTIVITY_READ, Actor, access

SUBJECT = "roster"


def keeper(actor: Actor, team: Team) -> ActorRef:
    """Return who acts, in the role by which they keep the team."""
    return keeper_ref(actor, team.area_code, kinds.team_kind_of(team.version_ref_id, team.kind))


def method_of(team: Team) -> str:
    """Return the version of the method under which the team stands."""
    return kinds.team_kind_of(team.version_ref_id, team.kind).method_ref


def link_of(team_id: UUID) -> str:
    """Return where a team's roster is."""
    return f"/desk/teams/{team_id}/roster/"


def publish_roster(
    *, actor: Actor, entry_id: UUID, team_id: UUID, since: date, until: date, text: str, digest: str = ""
) -> Roster:
    """Publish the roster that ``make_roster`` proposes; whoever stands a duty is told.

    Args:
        actor: who leads the team, or might have founded it.
        entry_id: UUIDv7 made by the client; becomes the roster's id. Sent twice it is one roster.
        team_id: whose.
        since: the first day.
        until: the last one.
        text: the shifts, one a line.
        digest: of the proposal that was looked at; "" takes what is proposed now.

    Raises:
        Http404, Refused, BadInput: as ``make_roster``.
        Conflict: the proposal is another one by now, or some of the days are on a roster already.
    """
    if (before := first_of(entry_id, SUBJECT)) is not None:
        return Roster.objects.get(pk=before)
    try:
        with transaction.atomic():
            teams = Team.objects.select_for_update(of=("self",))
            team = access(actor, ACTIVITY_READ, teams, pk=team_id)
            must(checks.may_keep(actor, team), guards.going_on(team))
            made = propose(team, since, until, text)
            if digest and digest != made.digest:
                why = _("看过以后，队员或不能来的日子变了。")
                raise Conflict(None, Problem("digest", why, _("请再看一遍新排的表。")))
            if team.rosters.filter(since__lte=until, until__gte=since, ended_at__isnull=True).exists():
                why = _("这些天里已有值班表。")
                raise Conflict(None, Problem("since", why, _("改日期，或先撤回那一张。")))
            return _publish(actor, entry_id, made)
    except AlreadyRecorded as error:  # the same form sent twice at once
        return Roster.objects.get(pk=error.entry.subject_id)


def _publish(actor: Actor, entry_id: UUID, made: Proposal) -> Roster:
    now, team = clock.now(), made.team
    keys = [new_id(now) for _seat in made.seats]
    head = begin(
        SUBJECT,
        verb="roster.published",
        by=keeper(actor, team),
        area_code=team.area_code,
        now=now,
        method=method_of(team),
        body={
            "team": str(team.pk),
            "since": made.since.isoformat(),
            "until": made.until.isoformat(),
            "shifts": made.shifts,
            "duties": [
                [
                    str(key),
                    instant(seat.slot.starts),
                    instant(seat.slot.ends),
                    str(seat.member.pk) if seat.member else "",
                ]
                for key, seat in zip(keys, made.seats, strict=True)
            ],
        },
        entry_id=entry_id,
    )
    roster = Roster.objects.create(
        id=entry_id,
        team=team,
        area_code=team.area_code,
        since=made.since,
        until=made.until,
        shifts=made.shifts,
        published_at=now,
        head_hash=head,
    )
    duties = [
        Duty(
            id=key,
            roster=roster,
            team=team,
            area_code=team.area_code,
            day=seat.slot.day,
            rest=seat.slot.rest,
            starts_at=seat.slot.starts,
            ends_at=seat.slot.ends,
            member=seat.member,
        )
        for key, seat in zip(keys, made.seats, strict=True)
    ]
    Duty.objects.bulk_create(duties, batch_size=500)
    _tell_all(team, duties)
    return roster


def _tell_all(team: Team, duties: list[Duty]) -> None:
    """Put one line into the bell of each who stands a duty: how many, and when the first one is."""
    mine: dict[UUID, list[Duty]] = {}
    for duty in duties:
        if duty.member is not None and duty.member.person_id is not None:
            mine.setdefault(duty.member.person_id, []).append(duty)
    notify_many(
        Notice(
            person,
            "duty.yours",
            {"title": team.name, "number": len(some), "when": stamp(some[0].starts_at)},
            link_of(team.pk),
        )
        for person, some in mine.items()
    )


def _load(actor: Actor, entry_id: UUID, duty_id: UUID) -> tuple[Work[Roster], Duty]:
    """Lock the roster of a duty that an actor may see."""
    duty = Duty.objects.filter(pk=duty_id).first()
    if duty is None:
        raise Http404(_("没有这一班"))
    work = load(Roster, actor=actor, permission=ACTIVITY_READ, entry_id=entry_id, pk=duty.roster_id)
    duty = Duty.objects.select_related("team", "member").get(pk=duty_id)
    work.method = method_of(duty.team)
    return work, duty


def load_duty(actor: Actor, entry_id: UUID, duty_id: UUID) -> tuple[Work[Roster], Duty]:
    """Lock the roster of a duty and return both; see ``store.load``."""
    return _load(actor, entry_id, duty_id)


def _reason(words: str, missing: str = "") -> str:
    problems: list[Problem] = []
    said = shape.line("reason", words, 200, problems, missing)
    shape.stop(problems)
    return said


def _changed(duty: Duty, reason: str, *members: Member | None) -> None:
    """Tell those of whom a duty was taken or to whom it was given."""
    notify_many(
        Notice(
            member.person_id,
            "duty.changed",
            {"title": duty.team.name, "when": stamp(duty.starts_at), "reason": reason},
            link_of(duty.team_id),
        )
        for member in members
        if member is not None and member.person_id is not None
    )


@transaction.atomic
def swap(*, actor: Actor, entry_id: UUID, duty_id: UUID, other_id: UUID, reason: str) -> Duty:
    """Let two members change duties of one roster, both having agreed; they are told.

    Raises:
        Http404: no such duty, or the actor may not know of it.
        Refused: not the actor's to do, one of them is over, or somebody would stand two at once.
        BadInput: no reason.
    """
    work, duty = _load(actor, entry_id, duty_id)
    if work.resent:
        return duty
    must(checks.may_keep(actor, duty.team))
    other = Duty.objects.select_related("team", "member").filter(pk=other_id, roster_id=work.row.pk).first()
    if other is None:
        raise gone(_("这张表上没有那一班。"))
    must(
        checks.standing(work.row),
        checks.to_come(duty, work.now) or checks.to_come(other, work.now),
        _differ(duty, other),
        checks.busy(other.member, duty, but=other) if other.member else None,
        checks.busy(duty.member, other, but=duty) if duty.member else None,
    )
    why = _reason(reason, _("换班要写原因。"))
    first, second = duty.member, other.member
    Duty.objects.filter(pk__in=[duty.pk, other.pk]).update(member=None, offered_at=None)  # two rows, one at a time
    Duty.objects.filter(pk=duty.pk).update(member=second)
    Duty.objects.filter(pk=other.pk).update(member=first)
    duty.member, other.member = second, first
    body = {"duty": str(duty.pk), "other": str(other.pk), **marked(why)}
    work.record("roster.swapped", body, by=keeper(actor, duty.team), sealed=sealed_reason(why))
    _changed(duty, why, first, second)
    return duty


def _differ(duty: Duty, other: Duty) -> Problem | None:
    same = duty.pk == other.pk or duty.member_id == other.member_id
    return Problem("other", _("要选两个不同的人的班。"), "") if same else None


@transaction.atomic
def offer(*, actor: Actor, entry_id: UUID, duty_id: UUID, reason: str) -> Duty:
    """Ask for somebody to stand in for one's own duty; until then it stays one's own.

    Raises:
        Http404: no such duty, or the actor may not know of it.
        Refused: it is somebody else's, or over. BadInput: no reason.
    """
    work, duty = _load(actor, entry_id, duty_id)
    if work.resent or duty.offered_at is not None:
        return duty
    not_mine = (
        None
        if checks.own(actor, duty.member)
        else Problem("", _("只有值这一班的人能请人顶班。"), _("队长可以直接安排顶班。"))
    )
    must(not_mine, checks.standing(work.row), checks.to_come(duty, work.now))
    why = _reason(reason, _("请人顶班要写原因。"))
    work.record("roster.offered", {"duty": str(duty.pk), **marked(why)}, by=actor.ref(), sealed=sealed_reason(why))
    Duty.objects.filter(pk=duty.pk).update(offered_at=work.now)
    duty.offered_at = work.now
    if duty.team.leader_id is not None and duty.team.leader_id != actor.person_id:
        params = {"title": duty.team.name, "when": stamp(duty.starts_at), "reason": why}
        notify_many([Notice(duty.team.leader_id, "duty.offered", params, link_of(duty.team_id))])
    return duty


@transaction.atomic
def stand_in(*, actor: Actor, entry_id: UUID, duty_id: UUID, member_id: UUID, reason: str = "") -> Duty:
    """Let a member stand a duty instead of who was to, or take a seat that is empty; both are told.

    Whoever keeps the team may do so for anybody who agreed, saying why; a member for themselves, where the seat is
    empty or its holder asked for it.

    Raises:
        Http404: no such duty, or the actor may not know of it. NotFound: no such member.
        Refused: not the actor's to do, it is over, or they would stand two at once. BadInput: no reason.
    """
    work, duty = _load(actor, entry_id, duty_id)
    if work.resent or duty.member_id == member_id:
        return duty
    member = duty.team.members.filter(pk=member_id, until__isnull=True).first()
    if member is None:
        raise gone(_("队里没有这个人。"))
    own = checks.own(actor, member)
    wanted = duty.member_id is None or duty.offered_at is not None
    must(
        None if own and wanted else checks.may_keep(actor, duty.team),
        checks.standing(work.row),
        checks.to_come(duty, work.now),
        checks.busy(member, duty),
    )
    why = _reason(reason, "" if wanted else _("顶班要写原因。"))
    before = duty.member
    Duty.objects.filter(pk=duty.pk).update(member=member, offered_at=None)
    duty.member, duty.offered_at = member, None
    body = {"duty": str(duty.pk), "member": str(member.pk), "before": str(before.pk) if before else "", **marked(why)}
    work.record("roster.stood_in", body, by=keeper(actor, duty.team), sealed=sealed_reason(why))
    _changed(duty, why, before, member)
    return duty


@transaction.atomic
def take_back(*, actor: Actor, entry_id: UUID, roster_id: UUID, reason: str) -> Roster:
    """Take a roster back: what has not begun is off it, what was stood stays in the record.

    Raises:
        Http404: no such roster, or the actor may not know of it.
        Refused: not the actor's to do. BadInput: no reason.
    """
    work = load(Roster, actor=actor, permission=ACTIVITY_READ, entry_id=entry_id, pk=roster_id)
    roster = work.row
    if work.resent or roster.ended_at is not None:
        return roster
    team = Team.objects.get(pk=roster.team_id)
    must(checks.may_keep(actor, team))
    why = _reason(reason, _("撤回要写原因。"))
    ahead = Duty.objects.filter(roster=roster, starts_at__gt=work.now).select_related("team", "member")
    told = {duty.member_id: duty for duty in ahead.order_by("-starts_at")}
    n, _each = ahead.delete()
    work.method = method_of(team)
    work.set(ended_at=work.now)
    work.record("roster.taken_back", {"number": n, **marked(why)}, by=keeper(actor, team), sealed=sealed_reason(why))
    for duty in told.values():
        _changed(duty, why, duty.member)
    return roster


@transaction.atomic
def set_away(*, actor: Actor, entry_id: UUID, member_id: UUID, days: list[str]) -> Member:
    """Note the days on which a member cannot stand a duty. The record tells that they did, and never which days.

    Args:
        actor: the member, or who keeps the team at their word.
        entry_id: UUIDv7 made by the client.
        member_id: whose days.
        days: 2024-03-12, and weekdays as 1 (Monday) to 7; replaces what was there.

    Raises:
        Http404: no such member, or the actor may not know of them.
        Refused: not the actor's to do. BadInput: for what is no day.
    """
    member = Member.objects.filter(pk=member_id, until__isnull=True).first()
    if member is None:
        raise Http404(_("没有这个队员"))
    work = load(Team, actor=actor, permission=ACTIVITY_READ, entry_id=entry_id, pk=member.team_id)
    if work.resent:
        return member
    own = checks.own(actor, member)
    must(None if own else checks.may_keep(actor, work.row), guards.going_on(work.row))
    today = clock.today().isoformat()
    found = [day for day in checks.away(days) if len(day) == 1 or day >= today]
    member.away = found
    member.save(update_fields=["away"])
    work.method = method_of(work.row)
    work.record("team.away", {"member": str(member.pk)}, by=keeper(actor, work.row))
    return member
