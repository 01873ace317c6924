"""Teams: founding one, who joins with which talent, who leaves, who leads, when it ends."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from bihuan.activities import checks, guards, kinds
from bihuan.activities.guards import must
from bihuan.activities.kinds import Ref
from bihuan.activities.models import Member, Team
from bihuan.activities.section import Activities, TeamKind
from bihuan.activities.store import Work, begin, first_of, load, marked, sealed_reason, used_before
from bihuan.areas.api import find
from bihuan.kernel.api import ActorRef, AlreadyRecorded, Conflict, NotFound, Problem, clock, notify, seal
from bihuan.kernel.models import Sealed
from bihuan.people.api import ACTIVITY_READ, Actor
from bihuan.people.models import Person

SUBJECT = "team"
MOST_MEMBERS = 500


def found_team(
    *,
    actor: Actor,
    entry_id: UUID,
    area_code: str,
    kind: str,
    name: str,
    leader_id: UUID | None = None,
    method_key: str | None = None,
) -> Team:
    """Found a team of residents or volunteers.

    Args:
        actor: a founder of that kind in the area.
        entry_id: UUIDv7 made by the client; becomes the team's id. Sent twice it is one team.
        area_code: where it belongs.
        kind: key of the kind of team in a method in use there.
        name: at most 60 characters; no two teams of an area have the same.
        leader_id: who leads it, where they have an account.
        method_key: which method, where two have a kind of that key.

    Raises:
        NotFound: no such area, kind or person.
        Refused: the actor is no founder.
        BadInput: no name. Conflict: the name is taken.
    """
    if (before := first_of(entry_id, SUBJECT)) is not None:
        return Team.objects.get(pk=before)
    ref = kinds.find_team_kind(area_code, kind, method_key)
    if find(area_code) is None:
        raise NotFound(Problem("area_code", _("没有这个区域。"), _("请检查区域编号。")))
    must(guards.may_found(actor, area_code, ref, founders(ref)))
    problems: list[Problem] = []
    name = checks.line("name", name, 60, problems, _("没有写队名。"))
    checks.stop(problems)
    _known(leader_id)
    try:
        with transaction.atomic():
            return _create(actor, entry_id, area_code, ref, name, leader_id)
    except AlreadyRecorded as error:  # the same form sent twice at once
        return Team.objects.get(pk=error.entry.subject_id)
    except IntegrityError as error:
        raise Conflict(None, Problem("name", _("已经有一支同名的队伍。"), _("换一个名字。"))) from error


def _create(
    actor: Actor, entry_id: UUID, area_code: str, ref: Ref[TeamKind], name: str, leader_id: UUID | None
) -> Team:
    now = clock.now()
    head = begin(
        SUBJECT,
        verb="team.founded",
        by=keeper_ref(actor, area_code, ref),
        area_code=area_code,
        now=now,
        method=ref.method_ref,
        body={"kind": ref.key, "title": name, "leader": str(leader_id or "")},
        entry_id=entry_id,
    )
    team = Team.objects.create(
        id=entry_id,
        version_ref_id=ref.version_id,
        kind=ref.key,
        area_code=area_code,
        name=name,
        leader_id=leader_id,
        founded_at=now,
        head_hash=head,
    )
    if leader_id is not None and leader_id != actor.person_id:
        notify(leader_id, "team.you_lead", {"title": name}, link_of(team), created_at=now)
    return team


def founders(ref: Ref[TeamKind]) -> list[str]:
    """Return the roles that may found a team of a kind."""
    section = kinds.section_of(ref.version_id)
    return section.founders(ref.key) if isinstance(section, Activities) else []


def link_of(team: Team) -> str:
    """Return where a team's page is."""
    return f"/desk/teams/{team.pk}/"


def keeper_ref(actor: Actor, area_code: str, ref: Ref[TeamKind]) -> ActorRef:
    """Return who acts, in the role by which they may keep a team's list."""
    held = actor.roles_in(area_code)
    return actor.ref(next((role for role in founders(ref) if role in held), ""))


def _known(person_id: UUID | None) -> None:
    if person_id is not None and not Person.objects.filter(pk=person_id, erased_at__isnull=True).exists():
        raise NotFound(Problem("leader_id", _("没有这个人。"), _("请重新选择。")))


def _load(actor: Actor, entry_id: UUID, team_id: UUID) -> tuple[Work[Team], Ref[TeamKind]]:
    work = load(Team, actor=actor, permission=ACTIVITY_READ, entry_id=entry_id, pk=team_id)
    ref = kinds.team_kind_of(work.row.version_ref_id, work.row.kind)
    work.method = ref.method_ref
    return work, ref


@transaction.atomic
def join_team(
    *,
    actor: Actor,
    entry_id: UUID,
    team_id: UUID,
    name: str = "",
    talent: str = "",
    person_id: UUID | None = None,
) -> Member:
    """Take somebody into a team, at their word; or join it oneself.

    Args:
        actor: its leader or a founder; anybody who may see it, for themselves.
        entry_id: UUIDv7 made by the client; becomes the membership's id.
        team_id: which.
        name: as they want to be called; by default the account's.
        talent: what they bring, theirs to tell: 二胡, 舞蹈; at most 40 characters.
        person_id: their account, where they have one.

    Raises:
        Http404: no such team, or the actor may not know of it.
        Refused: not the actor's to do, the team has ended, or this account is in it already.
        BadInput: no name. NotFound: no such person.
    """
    work, ref = _load(actor, entry_id, team_id)
    team = work.row
    if work.resent:
        return _member(team, entry_id)
    own = person_id is not None and person_id == actor.person_id and not actor.via  # a key is not the person
    must(None if own else guards.may_lead(actor, team, ref, founders(ref)), guards.going_on(team), _full(team))
    _known(person_id)
    if person_id is not None and team.members.filter(person_id=person_id, until__isnull=True).exists():
        must(Problem("name", _("已经在队里了。"), ""))
    problems: list[Problem] = []
    name = checks.line("name", name or (actor.name if own else ""), 40, problems, _("没有写怎么称呼。"))
    talent = checks.line("talent", talent, 40, problems)
    checks.stop(problems)
    sealed = [seal("name", name, purpose="队伍里怎么称呼", encrypted=True, keep_until=None, mask="name")]
    if talent:
        sealed.append(seal("talent", talent, purpose="安排节目", encrypted=True, keep_until=None))
    work.record("team.joined", {"own": own}, by=keeper_ref(actor, team.area_code, ref), sealed=sealed)
    return Member.objects.create(
        id=entry_id, team=team, person_id=person_id, name=name, talent=talent, since=clock.today()
    )


def _full(team: Team) -> Problem | None:
    full = team.members.filter(until__isnull=True).count() >= MOST_MEMBERS
    return Problem("", _("队伍太大了。"), _("分成两支队伍。")) if full else None


def _member(team: Team, key: UUID) -> Member:
    row = team.members.filter(pk=key).first()
    if row is None:
        raise used_before()
    return row


@transaction.atomic
def leave_team(*, actor: Actor, entry_id: UUID, member_id: UUID) -> Member:
    """Let somebody leave a team, or leave it oneself; name and talent are erased some days later.

    Raises:
        Http404: no such member, or the actor may not know of them.
        Refused: not the actor's to do.
    """
    row = Member.objects.filter(pk=member_id).first()
    if row is None:
        raise Http404(_("没有这个队员"))
    work, ref = _load(actor, entry_id, row.team_id)
    row.refresh_from_db()
    if work.resent or row.until is not None:
        return row
    own = row.person_id is not None and row.person_id == actor.person_id and not actor.via
    must(None if own else guards.may_lead(actor, work.row, ref, founders(ref)))
    work.record("team.left", {"member": str(row.pk)}, by=keeper_ref(actor, work.row.area_code, ref))
    _left(work.row, [row.pk])
    row.refresh_from_db()
    return row


def _left(team: Team, members: list[UUID]) -> None:
    """End memberships, and set until when what was sealed of them is kept."""
    today = clock.today()
    Member.objects.filter(pk__in=members).update(until=today, away=[])
    Sealed.objects.filter(
        subject_type=SUBJECT, subject_id=team.pk, entry_id__in=members, erased_at__isnull=True
    ).update(expires_on=today + timedelta(days=kinds.keep_days(team.version_ref_id)))


@transaction.atomic
def hand_team(*, actor: Actor, entry_id: UUID, team_id: UUID, leader_id: UUID | None) -> Team:
    """Name another leader, or none; they are told.

    Raises:
        Http404: no such team, or the actor may not know of it.
        Refused: not the actor's to do, or the team has ended. NotFound: no such person.
    """
    work, ref = _load(actor, entry_id, team_id)
    team = work.row
    if work.resent or team.leader_id == leader_id:
        return team
    must(guards.may_lead(actor, team, ref, founders(ref)), guards.going_on(team))
    _known(leader_id)
    before = team.leader_id
    work.set(leader_id=leader_id)
    body = {"from": str(before or ""), "to": str(leader_id or "")}
    work.record("team.led", body, by=keeper_ref(actor, team.area_code, ref))
    if leader_id is not None and leader_id != actor.person_id:
        notify(leader_id, "team.you_lead", {"title": team.name}, link_of(team))
    return team


@transaction.atomic
def end_team(*, actor: Actor, entry_id: UUID, team_id: UUID, reason: str = "") -> Team:
    """End a team: its members have left it, its activities stay on the list.

    Raises:
        Http404: no such team, or the actor may not know of it.
        Refused: not the actor's to do.
        BadInput: the reason is too long.
    """
    work, ref = _load(actor, entry_id, team_id)
    team = work.row
    if work.resent or team.ended_at is not None:
        return team
    must(guards.may_found(actor, team.area_code, ref, founders(ref)))
    problems: list[Problem] = []
    words = checks.line("reason", reason, 200, problems)
    checks.stop(problems)
    work.set(ended_at=work.now)
    by = keeper_ref(actor, team.area_code, ref)
    work.record("team.ended", marked(words), by=by, sealed=sealed_reason(words))
    _left(team, list(team.members.filter(until__isnull=True).values_list("pk", flat=True)))
    return team
