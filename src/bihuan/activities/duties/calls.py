"""The duty log (值班登记): a call or a need noted, an instruction, settled on the spot or made a matter."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.activities import checks as shape
from bihuan.activities import kinds
from bihuan.activities.duties import checks
from bihuan.activities.duties.models import Call, Duty, Roster
from bihuan.activities.duties.rosters import keeper, load_duty, method_of
from bihuan.activities.guards import must
from bihuan.activities.store import Work, gone, load, used_before
from bihuan.areas.api import within
from bihuan.kernel.api import (
    BadInput,
    Conflict,
    Problem,
    SealedValue,
    clock,
    instant,
    mask_name,
    mask_phone,
    new_id,
    parse_id,
    seal,
    unseal,
)
from bihuan.kernel.api import reveal as kernel_reveal
from bihuan.kernel.models import Sealed
from bihuan.matters.api import Reported, record
from bihuan.people.api import ACTIVITY_READ, MATTER_PERSONAL, MATTER_READ, Actor, access, can

KEPT = timedelta(days=180)  # of somebody whose call is still open: nobody forgets them sooner
CONTACT = ("name", "phone", "unit")
TELL = "处理值班期间的来电"


def note_call(
    *,
    actor: Actor,
    entry_id: UUID,
    duty_id: UUID,
    text: str,
    unit: str = "",
    name: str = "",
    phone: str = "",
    proposal: str = "",
    result: str = "",
    came_at: datetime | None = None,
) -> Call:
    """Note a call or a need that came in during a duty; with a result it is settled on the spot.

    Args:
        actor: a member of the team, or who keeps it.
        entry_id: UUIDv7 made by the client; becomes the call's id.
        duty_id: during which duty.
        text: what it is about, at most 2,000 characters.
        unit: where the caller belongs, where they say so.
        name: the caller's; sealed, shown masked.
        phone: likewise.
        proposal: 拟办意见: what should be done.
        result: 处理结果, where it is settled already.
        came_at: aware, within the duty; by default now, at the latest its end.

    Raises:
        Http404: no such duty, or the actor may not know of it.
        Refused: not the actor's to do, or it has not begun.
        BadInput: what was given cannot be; every problem at once.
    """
    with transaction.atomic():
        work, duty = load_duty(actor, entry_id, duty_id)
        if work.resent:
            return _again(duty, entry_id)
        must(checks.may_log(actor, duty.team), checks.begun(duty, work.now))
        problems: list[Problem] = []
        given = {
            "text": shape.text("text", text, problems, _("没有写是什么事。")),
            "unit": shape.line("unit", unit, 60, problems),
            "name": shape.line("name", name, 40, problems),
            "phone": checks.phone(phone, problems),
            "proposal": shape.line("proposal", proposal, 500, problems),
            "result": shape.line("result", result, 500, problems),
        }
        came = _came(duty, came_at, work.now, problems)
        shape.stop(problems)
        return _note(work, duty, given, came)


def _again(duty: Duty, entry_id: UUID) -> Call:
    row = Call.objects.filter(pk=entry_id, duty=duty).first()
    if row is None:
        raise used_before()
    return row


def _came(duty: Duty, came_at: datetime | None, now: datetime, problems: list[Problem]) -> datetime:
    came = came_at or min(now, duty.ends_at)
    if came.tzinfo is None:
        problems.append(Problem("came_at", _("时间缺少时区。"), _("请写成 2024-04-01T09:30+08:00。")))
    elif not duty.starts_at <= came <= duty.ends_at or came > now:
        problems.append(Problem("came_at", _("来电时间不在这一班里。"), _("核对钟点，或记到那一班。")))
    return came


def _note(work: Work[Roster], duty: Duty, given: dict[str, str], came: datetime) -> Call:
    settled = work.now if given["result"] else None
    actor = work.actor
    body = {"duty": str(duty.pk), "came_at": instant(came), "settled": bool(settled)}
    last = (came + KEPT).date()
    sealed: list[SealedValue] = [seal("text", given["text"], purpose=TELL, encrypted=False, keep_until=None)]
    sealed += [
        seal(key, given[key], purpose=TELL, encrypted=True, keep_until=last, mask=key)
        for key in ("name", "phone")
        if given[key]
    ]
    sealed += [
        seal(key, given[key], purpose=TELL, encrypted=False, keep_until=last if key == "unit" else None)
        for key in ("unit", "proposal", "result")
        if given[key]
    ]
    work.record("roster.called", body, by=keeper(actor, duty.team), sealed=sealed)
    call = Call.objects.create(
        id=work.entry_id,
        roster=work.row,
        duty=duty,
        team=duty.team,
        area_code=work.row.area_code,
        came_at=came,
        unit=given["unit"],
        name=mask_name(given["name"]),
        phone=mask_phone(given["phone"]) if given["phone"] else "",
        text=given["text"],
        proposal=given["proposal"],
        result=given["result"],
        state=Call.State.SETTLED if settled else Call.State.OPEN,
        recorder_id=actor.person_id,
        settled_at=settled,
    )
    if settled:
        _set_term(call, duty)
    return call


def _set_term(call: Call, duty: Duty) -> None:
    """Let what was kept of the caller go some days after the call was settled."""
    last = clock.today() + timedelta(days=kinds.keep_days(duty.team.version_ref_id))
    kept = Sealed.objects.filter(subject_type="roster", subject_id=call.roster_id, entry_id=call.pk)
    kept.filter(name__in=CONTACT, erased_at__isnull=True).update(expires_on=last)


def _load(actor: Actor, entry_id: UUID, call_id: UUID) -> tuple[Work[Roster], Call]:
    """Lock the roster of a call that an actor may read."""
    seen = access(actor, MATTER_READ, Call.objects.all(), pk=call_id)
    work = load(Roster, actor=actor, permission=ACTIVITY_READ, entry_id=entry_id, pk=seen.roster_id)
    call = Call.objects.select_related("duty__team", "team").get(pk=call_id)
    work.method = method_of(call.team)
    return work, call


def _open(call: Call) -> Problem | None:
    if call.state == Call.State.OPEN:
        return None
    matter = call.state == Call.State.MATTER
    return Problem("", _("已经转为事项。") if matter else _("已经办结。"), _("进展看事项。") if matter else "")


@transaction.atomic
def instruct(*, actor: Actor, entry_id: UUID, call_id: UUID, words: str) -> Call:
    """Write the instruction (领导批示) of who leads or keeps the team.

    Raises:
        Http404: no such call, or the actor may not know of it.
        Refused: not the actor's to do, or it is settled. BadInput: nothing written.
    """
    work, call = _load(actor, entry_id, call_id)
    if work.resent:
        return call
    must(checks.may_keep(actor, call.team), _open(call))
    problems: list[Problem] = []
    said = shape.line("words", words, 500, problems, _("没有写批示。"))
    shape.stop(problems)
    sealed = [seal("instruction", said, purpose=TELL, encrypted=False, keep_until=None)]
    work.record("roster.instructed", {"call": str(call.pk)}, by=keeper(actor, call.team), sealed=sealed)
    call.instruction, call.instructor_id = said, actor.person_id
    call.save(update_fields=["instruction", "instructor_id"])
    return call


@transaction.atomic
def settle_call(*, actor: Actor, entry_id: UUID, call_id: UUID, result: str) -> Call:
    """Write how a call was settled (处理结果); name and telephone go some days later.

    Raises:
        Http404: no such call, or the actor may not know of it.
        Refused: not the actor's to do, or it is settled. BadInput: nothing written.
    """
    work, call = _load(actor, entry_id, call_id)
    if work.resent:
        return call
    must(checks.may_log(actor, call.team), _open(call))
    problems: list[Problem] = []
    said = shape.line("result", result, 500, problems, _("没有写处理结果。"))
    shape.stop(problems)
    sealed = [seal("result", said, purpose=TELL, encrypted=False, keep_until=None)]
    work.record("roster.settled", {"call": str(call.pk)}, by=keeper(actor, call.team), sealed=sealed)
    call.result, call.state, call.settled_at = said, Call.State.SETTLED, work.now
    call.save(update_fields=["result", "state", "settled_at"])
    _set_term(call, call.duty)
    return call


def call_to_matter(*, actor: Actor, id: UUID | str, call_id: UUID, area_code: str = "", **more: Any) -> Reported:  # noqa: A002
    """Make a matter of a call, with all that was noted: nothing is typed again, and what comes of it is the matter's.

    Args:
        actor: who may read the call and record matters there.
        id: UUIDv7 made by the client; becomes the matter's id.
        call_id: which call.
        area_code: where exactly, within the team's area; by default there.
        more: ``category``, ``urgency``, ``method_key``.

    Raises:
        Http404: no such call, or the actor may not know of it. PermissionDenied: without MATTER_RECORD.
        Refused: it is settled or a matter already. BadInput: as ``matters.record``.
    """
    key = parse_id(id)
    with transaction.atomic():
        work, call = _load(actor, new_id(clock.now()), call_id)
        if call.matter_id != key:
            must(_open(call))
        if area_code and not within(area_code, call.area_code):
            why = _("不在这支队伍的区域里。")
            raise BadInput(Problem("area_code", why, _("请选本区域的楼栋，或留空。")))
        clear = {row.name: unseal(row) for row in _contact(call) if row.name in {"name", "phone"}}
        done = record(
            actor=actor,
            id=key,
            text=call.text,
            area_code=area_code or call.area_code,
            channel="phone",
            happened_at=call.came_at,
            reporter_name=clear.get("name", ""),
            phone=clear.get("phone", ""),
            **more,
        )
        if call.matter_id == key:
            return done
        if not done.created:  # the id is another matter's
            raise Conflict(None, Problem("id", _("这个编号已用于另一条记录。"), _("请刷新页面后重新提交。")))
        body = {"call": str(call.pk), "matter": key.hex}
        work.record("roster.became_matter", body, by=keeper(actor, call.team))
        call.matter_id, call.state, call.settled_at = key, Call.State.MATTER, work.now
        call.save(update_fields=["matter", "state", "settled_at"])
        _set_term(call, call.duty)
        return done


def _contact(call: Call) -> list[Sealed]:
    return list(
        Sealed.objects.filter(
            subject_type="roster", subject_id=call.roster_id, entry_id=call.pk, name__in=CONTACT, content__isnull=False
        )
    )


def reveal_call(*, actor: Actor, call_id: UUID, what: str, reason: str) -> str:
    """Show a caller's name or telephone in the clear, and log who read it and why.

    Raises:
        Http404: no such call, or the actor may not know of it.
        Refused: it is not theirs to read. NotFound: there is none, or it was erased. BadInput: no reason.
    """
    call = access(actor, MATTER_READ, Call.objects.select_related("team"), pk=call_id)
    mine = call.recorder_id is not None and call.recorder_id == actor.person_id and not actor.via
    if not (mine or can(actor, MATTER_PERSONAL, call.area_code)):
        must(Problem("", _("姓名和电话只给记录的人和有权查看个人信息的人看。"), _("请他们联系。")))
    row = next((row for row in _contact(call) if row.name == what), None)
    if row is None:
        raise gone(_("没有留，或已到期删除。"))
    return kernel_reveal(actor=actor.ref(), sealed=row, reason=reason)
