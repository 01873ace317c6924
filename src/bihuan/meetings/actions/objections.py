"""While the results are on the wall: objections, and the answers that stand beside them."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, NotFound, Problem, clock, notify, seal, visible
from bihuan.meetings import guards
from bihuan.meetings.guards import must
from bihuan.meetings.models import Meeting, Objection
from bihuan.meetings.store import load, load_unguarded
from bihuan.people.api import Actor

LONGEST = 2000


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
        NotFound: no such objection.
        Refused: the actor neither chairs nor called the meeting.
        BadInput: no answer.
    """
    objection = Objection.objects.filter(pk=objection_id).first()
    if objection is None:
        raise NotFound(Problem("answer", _("没有这条异议。"), _("请刷新页面。")))
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
