"""Who is on the list and who came: inviting, the sign-in sheet, signing in oneself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, notify, seal
from bihuan.meetings import guards, tokens
from bihuan.meetings.guards import must
from bihuan.meetings.models import AgendaItem, Attendance, Meeting, Vote
from bihuan.meetings.store import Work, load, load_unguarded
from bihuan.meetings.words import stamp
from bihuan.people.api import Actor
from bihuan.people.models import Person


@transaction.atomic
def invite(
    *,
    actor: Actor,
    entry_id: UUID,
    meeting_id: UUID,
    person_id: UUID | None = None,
    name: str = "",
    role: str = "",
) -> Attendance:
    """Invite somebody to sit in: a person we know, or a guest by name.

    Raises:
        Refused: the actor does not run the meeting, or it has ended.
        BadInput: nobody named; the person is on the list.
    """
    work = load(actor=actor, entry_id=entry_id, meeting_id=meeting_id)
    must(
        guards.may_run(actor, work.meeting, work.ref),
        guards.state_is(work.meeting, Meeting.State.CALLED, Meeting.State.OPEN),
    )
    person = Person.objects.filter(pk=person_id, erased_at=None).first() if person_id else None
    if person_id and person is None:
        raise BadInput(Problem("person_id", _("没有这个人。"), _("请重新选择。")))
    name = person.name if person else name.strip()[:40]
    if not name:
        raise BadInput(Problem("name", _("没有写请谁列席。"), _("选一个人，或写下姓名。")))
    rows = work.meeting.attendances
    there = (rows.filter(person_id=person.pk) if person else rows.filter(person_id=None, name=name)).first()
    if there is not None:
        if work.resent:
            return there
        raise BadInput(Problem("name", _("%(name)s已在名单上。") % {"name": name}, ""))
    row = Attendance.objects.create(
        meeting=work.meeting,
        person_id=person.pk if person else None,
        name=name,
        role=role[:40],
        kind=Attendance.Kind.SITTING_IN,
    )
    work.record("meeting.invited", {"person": str(person.pk) if person else "", "row": row.pk})
    if person is not None:
        notify(
            person.pk,
            "meeting.you_are_invited",
            {"title": work.meeting.title, "when": stamp(work.meeting.starts_at), "place": work.meeting.place},
            f"/desk/meetings/{work.meeting.pk}/",
        )
    return row


@dataclass(frozen=True, slots=True)
class Mark:
    """Who came: one line of the sign-in sheet. ``presence``: "present", "absent", "deputy" or "unknown"."""

    attendance_id: int
    presence: str
    reason: str = ""
    deputy_id: UUID | None = None
    deputy_name: str = ""


@transaction.atomic
def record_attendance(
    *,
    actor: Actor,
    entry_id: UUID,
    meeting_id: UUID,
    marks: Sequence[Mark],
    happened_at: datetime | None = None,
) -> Meeting:
    """Record who is present, absent with a reason, or sent a deputy; many lines at once, one entry.

    Raises:
        Refused: the actor does not run the meeting, it has ended, or a line changes after that mandate voted.
        BadInput: an unknown line, an absence without a reason, a deputy where none may come.
    """
    work = load(actor=actor, entry_id=entry_id, meeting_id=meeting_id, happened_at=happened_at)
    if work.resent:
        return work.meeting
    must(
        guards.may_run(actor, work.meeting, work.ref),
        guards.state_is(work.meeting, Meeting.State.CALLED, Meeting.State.OPEN),
    )
    rows = {row.pk: row for row in work.meeting.attendances.all()}
    voted = _voted_in_open_ballots(work.meeting)
    problems = [problem for mark in marks for problem in _check(mark, rows, voted, work)]
    if problems:
        raise BadInput(problems)
    for mark in marks:
        _mark(rows[mark.attendance_id], mark, work.happened_at)
    fields = ["presence", "reason", "deputy_id", "deputy_name", "ballot_hash", "signed_at"]
    Attendance.objects.bulk_update([rows[mark.attendance_id] for mark in marks], fields)
    told = [[mark.attendance_id, mark.presence, str(mark.deputy_id or "")] for mark in marks]
    reasons = "\n".join(
        f"{rows[mark.attendance_id].name}：{mark.reason.strip()}" for mark in marks if mark.reason.strip()
    )
    sealed = (
        [seal("reasons", reasons, purpose="会议记录：缺席原因", encrypted=False, keep_until=None)] if reasons else []
    )
    work.record("meeting.attendance", {"marks": told}, sealed=sealed)
    return work.meeting


def _check(mark: Mark, rows: dict[int, Attendance], voted: set[UUID], work: Work) -> Sequence[Problem]:
    row = rows.get(mark.attendance_id)
    where = f"attendance-{mark.attendance_id}"
    if row is None or mark.presence not in Attendance.Presence.values:
        return [Problem(where, _("名单上没有这一行。"), _("请刷新页面。"))]
    problems: list[Problem] = []
    if row.person_id in voted and mark.presence != row.presence:
        problems.append(Problem(where, _("%(name)s已经投票，计票前不能改签到。") % {"name": row.name}, _("请先计票。")))
    if mark.presence == Attendance.Presence.ABSENT and not mark.reason.strip():
        problems.append(Problem(where, _("%(name)s缺席没有写原因。") % {"name": row.name}, _("写一句原因。")))
    if mark.presence == Attendance.Presence.DEPUTY:
        problems += _check_deputy(mark, row, rows, where, work)
    return problems


def _check_deputy(
    mark: Mark, row: Attendance, rows: dict[int, Attendance], where: str, work: Work
) -> Sequence[Problem]:
    if not work.ref.body.deputies or row.kind != Attendance.Kind.DUE:
        return [Problem(where, _("这个会议不能委托他人。"), _("请登记为请假。"))]
    if not mark.deputy_id and not mark.deputy_name.strip():
        return [Problem(where, _("没有写受托人是谁。"), _("写下受托人的姓名。"))]
    holders = [r for r in rows.values() if mark.deputy_id and r.deputy_id == mark.deputy_id and r.pk != row.pk]
    if any(r.presence == Attendance.Presence.DEPUTY for r in holders):
        return [Problem(where, _("一人只能受一位成员委托。"), _("请另选受托人，或登记为请假。"))]
    return []


def _mark(row: Attendance, mark: Mark, at: datetime) -> None:
    row.presence = mark.presence
    row.reason = mark.reason.strip()[:120] if mark.presence in {"absent", "deputy"} else ""
    row.deputy_id, row.deputy_name = None, ""
    if mark.presence == Attendance.Presence.DEPUTY:
        row.deputy_id = mark.deputy_id
        known = Person.objects.filter(pk=mark.deputy_id).first() if mark.deputy_id else None
        row.deputy_name = (known.name if known else mark.deputy_name.strip())[:40]
    row.signed_at = at if mark.presence in guards.PRESENT else None
    token = tokens.token_of(row)
    row.ballot_hash = tokens.hash_of(token) if token else None


def _voted_in_open_ballots(meeting: Meeting) -> set[UUID]:
    return set(
        Vote.objects.filter(item__meeting=meeting, item__state=AgendaItem.State.VOTING).values_list(
            "person_id", flat=True
        )
    )


@transaction.atomic
def sign_in(*, actor: Actor, entry_id: UUID, meeting_id: UUID, token: str = "") -> Attendance:
    """Sign in oneself, by the personal link or signed in to the site.

    Raises:
        Refused: not on the list; absent with a deputy already; the meeting has ended.
    """
    work = load_unguarded(actor=actor, entry_id=entry_id, meeting_id=meeting_id)
    row = own_row(work.meeting, actor, token)
    must(guards.state_is(work.meeting, Meeting.State.CALLED, Meeting.State.OPEN))
    if row is None:
        must(Problem("", _("您不在这次会议的名单上。"), _("请告诉主持人，由主持人邀请列席。")))
    assert row is not None  # noqa: S101 - refused just above
    if work.resent or row.presence in guards.PRESENT:
        return row
    row.presence, row.reason, row.signed_at = Attendance.Presence.PRESENT, "", work.now
    row.save(update_fields=["presence", "reason", "signed_at"])
    work.actor = who_acts(actor, row)
    work.record("meeting.signed_in", {"row": row.pk}, role=row.role)
    return row


def own_row(meeting: Meeting, actor: Actor, token: str = "") -> Attendance | None:
    """Return the line of the sign-in sheet that is the actor's own, or that the token stands for."""
    if token:
        return meeting.attendances.filter(ballot_hash=tokens.hash_of(token)).first()
    if actor.person_id is None:
        return None
    return meeting.attendances.filter(person_id=actor.person_id).first()


def who_acts(actor: Actor, row: Attendance) -> Actor:
    """Return who acts by a personal link: the person the link was made for, or their deputy."""
    if actor.person_id is not None or row.person_id is None:
        return actor
    person = row.deputy_id if row.presence == Attendance.Presence.DEPUTY else row.person_id
    return Actor(kind="person", person_id=person, name=row.deputy_name or row.name, language=actor.language)
