"""During and after the meeting: who came, opening, speaking, ending, results on the wall, objections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.kernel.api import CHINA, BadInput, Problem, clock, notify, seal, visible
from bihuan.meetings import guards, roster, tokens
from bihuan.meetings.guards import must
from bihuan.meetings.models import AgendaItem, Attendance, Meeting, Objection, Opinion, Vote
from bihuan.meetings.rules import quorum_met
from bihuan.meetings.store import Work, derived_id, load, load_unguarded
from bihuan.people.api import Actor
from bihuan.people.models import Person

LONGEST = 2000


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


@transaction.atomic
def open_meeting(*, actor: Actor, entry_id: UUID, meeting_id: UUID, happened_at: datetime | None = None) -> Meeting:
    """Open the meeting; the quorum as found is kept and shown. Without one it may inform, but not vote.

    Raises:
        Refused: the actor does not chair or call it, or it is not waiting to begin.
        BadInput: nobody has signed in.
    """
    work = load(actor=actor, entry_id=entry_id, meeting_id=meeting_id, happened_at=happened_at)
    if work.resent:
        return work.meeting
    must(
        guards.may_run(actor, work.meeting, work.ref),
        guards.state_is(work.meeting, Meeting.State.CALLED),
    )
    rows = list(work.meeting.attendances.all())
    if not any(row.presence in guards.PRESENT for row in rows):
        raise BadInput(Problem("attendance", _("还没有人签到。"), _("先登记到会的人。")))
    found = quorum_met(roster.mandates(rows), work.ref.body.rule, register=roster.register(work.meeting.area_code))
    work.set(state=Meeting.State.OPEN, opened_at=work.happened_at, quorum=found.as_json())
    work.record("meeting.opened", {"quorum": found.met, "found": found.zh})
    return work.meeting


@transaction.atomic
def record_opinion(
    *,
    actor: Actor,
    entry_id: UUID,
    item_id: UUID,
    text: str,
    attendance_id: int | None = None,
    name: str = "",
    happened_at: datetime | None = None,
) -> Opinion:
    """Write down what somebody said on an item. The order of entries is the order of speaking.

    Raises:
        Refused: the actor does not run the meeting, or it is not open.
        BadInput: no text, or nobody who spoke.
    """
    item = AgendaItem.objects.get(pk=item_id)
    work = load(actor=actor, entry_id=entry_id, meeting_id=item.meeting_id, happened_at=happened_at)
    if work.resent:
        return Opinion.objects.get(pk=entry_id)
    must(guards.may_run(actor, work.meeting, work.ref), guards.state_is(work.meeting, Meeting.State.OPEN))
    row = work.meeting.attendances.filter(pk=attendance_id).first() if attendance_id else None
    speaker, text = (row.name if row else name.strip()[:40]), text.strip()
    problems = []
    if not text:
        problems.append(Problem("text", _("没有写发言内容。"), _("记下要点即可。")))
    if len(text) > LONGEST:
        problems.append(Problem("text", _("发言记录太长。"), _("请控制在 %(n)s 个字以内。") % {"n": LONGEST}))
    if not speaker:
        problems.append(Problem("name", _("没有写谁发言。"), _("选一位到会的人，或写下姓名。")))
    if row is not None and row.presence not in guards.PRESENT:
        problems.append(Problem("name", _("%(name)s没有签到。") % {"name": row.name}, _("先签到，再发言。")))
    if problems:
        raise BadInput(problems)
    opinion = Opinion.objects.create(
        id=entry_id,
        item=item,
        person_id=row.person_id if row else None,
        name=speaker,
        text=text,
        created_at=work.happened_at,
    )
    work.record(
        "meeting.opinion",
        {"item": str(item.pk), "person": str(opinion.person_id or "")},
        sealed=[seal("text", text, purpose="会议记录：发言", encrypted=False, keep_until=None)],
    )
    return opinion


@transaction.atomic
def end_meeting(*, actor: Actor, entry_id: UUID, meeting_id: UUID, happened_at: datetime | None = None) -> Meeting:
    """End the meeting. What was not reached is put off to the next one.

    Raises:
        Refused: the actor neither chairs nor called it; a vote is open or counted but not resolved.
    """
    work = load(actor=actor, entry_id=entry_id, meeting_id=meeting_id, happened_at=happened_at)
    if work.resent:
        return work.meeting
    unfinished = work.meeting.items.filter(state__in=[AgendaItem.State.VOTING, AgendaItem.State.COUNTED])
    must(
        guards.may_decide(actor, work.meeting, work.ref),
        guards.state_is(work.meeting, Meeting.State.OPEN),
        *(
            Problem("item", _("“%(item)s”还没有决议。") % {"item": item.title}, _("先计票、写决议，再散会。"))
            for item in unfinished
        ),
    )
    reason = "会议时间内未议到"
    left = list(work.meeting.items.filter(state=AgendaItem.State.WAITING).values_list("pk", flat=True))
    work.meeting.items.filter(pk__in=left).update(state=AgendaItem.State.DEFERRED, reason=reason)
    work.set(state=Meeting.State.ENDED, ended_at=work.happened_at)
    work.record("meeting.ended", {"deferred": [str(pk) for pk in left]})
    return work.meeting


@transaction.atomic
def publish(*, actor: Actor, entry_id: UUID, meeting_id: UUID, happened_at: datetime | None = None) -> Meeting:
    """Publish the results on the spot: a public page, to project or to print, and the window for objections.

    Raises:
        Refused: the actor neither chairs nor called it, or it has not ended.
    """
    work = load(actor=actor, entry_id=entry_id, meeting_id=meeting_id, happened_at=happened_at)
    if work.resent:
        return work.meeting
    must(
        guards.may_decide(actor, work.meeting, work.ref),
        guards.state_is(work.meeting, Meeting.State.ENDED),
    )
    rules = work.ref.body.publicity
    until = None
    if rules.objections:
        end = CHINA.add(work.happened_at, rules.window, "workdays") if rules.window else work.happened_at
        until = end.astimezone(clock.ZONE).date()
    work.set(state=Meeting.State.PUBLISHED, published_at=work.happened_at, objections_until=until)
    work.record("meeting.published", {"objections_until": until.isoformat() if until else ""})
    return work.meeting


@transaction.atomic
def object_to(
    *,
    actor: Actor,
    entry_id: UUID,
    meeting_id: UUID,
    text: str,
    name: str = "",
    phone: str = "",
    item_id: UUID | None = None,
) -> Objection:
    """Object to a published result; anybody may, with a name or without one.

    Raises:
        Refused: the results are not published, or the window is over.
        BadInput: no text.
    """
    work = load_unguarded(actor=actor, entry_id=entry_id, meeting_id=meeting_id)
    if work.resent:
        return Objection.objects.get(pk=entry_id)
    must(guards.state_is(work.meeting, Meeting.State.PUBLISHED), window_is_open(work.meeting))
    text, name, phone = visible(text), visible(name), visible(phone)
    if not text or len(text) > LONGEST:
        raise BadInput(
            Problem(
                "text",
                _("没有写异议，或写得太长。"),
                _("写明对哪一项、为什么，%(n)s 字以内。") % {"n": LONGEST},
            )
        )
    item = work.meeting.items.filter(pk=item_id).first() if item_id else None
    objection = Objection.objects.create(
        id=entry_id, meeting=work.meeting, item=item, name=name.strip()[:40], text=text, created_at=work.now
    )
    sealed = [seal("text", text, purpose="公示异议", encrypted=False, keep_until=None)]
    if phone.strip():
        sealed.append(
            seal("phone", phone.strip()[:20], purpose="答复异议", encrypted=True, keep_until=None, mask="phone")
        )
    work.record("meeting.objected", {"item": str(item.pk) if item else "", "named": bool(name.strip())}, sealed=sealed)
    for person_id in {work.meeting.chair_id, work.meeting.called_by} - {None}:
        notify(
            person_id,  # type: ignore[arg-type]
            "meeting.objection_received",
            {"title": work.meeting.title},
            f"/desk/meetings/{work.meeting.pk}/",
        )
    return objection


def window_is_open(meeting: Meeting) -> Problem | None:
    """Objections are heard until the end of the last day of the window."""
    if meeting.objections_until is not None and clock.today() <= meeting.objections_until:
        return None
    return Problem("", _("公示期已过，不再接受异议。"), _("有新的情况，请在首页反映问题。"))


@transaction.atomic
def answer_objection(*, actor: Actor, entry_id: UUID, objection_id: UUID, answer: str) -> Objection:
    """Answer an objection; the answer stands beside the result.

    Raises:
        Refused: the actor neither chairs nor called the meeting.
        BadInput: no answer.
    """
    objection = Objection.objects.get(pk=objection_id)
    work = load(actor=actor, entry_id=entry_id, meeting_id=objection.meeting_id)
    if work.resent:
        return objection
    must(
        guards.may_decide(actor, work.meeting, work.ref),
        guards.state_is(work.meeting, Meeting.State.PUBLISHED),
    )
    if not answer.strip() or len(answer) > LONGEST:
        raise BadInput(Problem("answer", _("没有写答复，或写得太长。"), _("写明怎样处理、理由是什么。")))
    objection.answer, objection.answered_by, objection.answered_at = answer.strip(), actor.person_id, work.now
    objection.save(update_fields=["answer", "answered_by", "answered_at"])
    work.record(
        "meeting.answered",
        {"objection": str(objection.pk)},
        sealed=[seal("answer", answer.strip(), purpose="答复异议", encrypted=False, keep_until=None)],
    )
    return objection


__all__ = [
    "Mark",
    "answer_objection",
    "derived_id",
    "end_meeting",
    "object_to",
    "open_meeting",
    "own_row",
    "publish",
    "record_attendance",
    "record_opinion",
    "sign_in",
    "who_acts",
    "window_is_open",
]
