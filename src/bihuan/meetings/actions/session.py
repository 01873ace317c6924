"""The meeting itself: opening, speaking, ending, the results on the wall."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.kernel.api import CHINA, BadInput, Problem, clock, seal
from bihuan.meetings import guards, roster
from bihuan.meetings.guards import must
from bihuan.meetings.models import AgendaItem, Meeting, Opinion
from bihuan.meetings.rules import quorum_met
from bihuan.meetings.store import NOT_REACHED, item_of, load
from bihuan.people.api import Actor

LONGEST = 2000


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
    item = item_of(item_id)
    work = load(actor=actor, entry_id=entry_id, meeting_id=item.meeting_id, happened_at=happened_at)
    if work.resent:
        return Opinion.objects.get(pk=entry_id)
    must(guards.may_run(actor, work.meeting, work.ref), guards.state_is(work.meeting, Meeting.State.OPEN))
    work.not_before(work.meeting.opened_at, _("会议开始"))
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
    work.not_before(work.meeting.opened_at, _("会议开始"))
    left = list(work.meeting.items.filter(state=AgendaItem.State.WAITING).values_list("pk", flat=True))
    work.meeting.items.filter(pk__in=left).update(state=AgendaItem.State.DEFERRED, reason=NOT_REACHED)
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
    work.not_before(work.meeting.ended_at, _("会议结束"))
    rules = work.ref.body.publicity
    until = None
    if rules.objections:
        end = CHINA.add(work.happened_at, rules.window, "workdays") if rules.window else work.happened_at
        until = end.astimezone(clock.ZONE).date()
    work.set(state=Meeting.State.PUBLISHED, published_at=work.happened_at, objections_until=until)
    work.record("meeting.published", {"objections_until": until.isoformat() if until else ""})
    return work.meeting
