"""Why something may not be done at a meeting now: one list for the refusal and for the disabled button.

Each guard returns a ``Problem`` in the reader's language, or None.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from bihuan.kernel.api import Problem, Refused
from bihuan.meetings.bodies import BodyRef, role_title
from bihuan.meetings.models import AgendaItem, Attendance, Meeting
from bihuan.people.api import MEETING_CALL, Actor, can

PRESENT = frozenset({Attendance.Presence.PRESENT, Attendance.Presence.DEPUTY})


def must(*problems: Problem | None) -> None:
    """Raise Refused with every problem there is."""
    found = [problem for problem in problems if problem is not None]
    if found:
        raise Refused(found)


def _titles(ref: BodyRef, roles: Iterable[str]) -> str:
    return "、".join(role_title(ref.method, role) for role in roles)


def may_call(actor: Actor, area_code: str, ref: BodyRef) -> Problem | None:
    """Only a convener calls."""
    decision = can(actor, MEETING_CALL, area_code)
    if decision and actor.roles_in(area_code) & set(ref.body.convener):
        return None
    roles = _titles(ref, ref.body.convener)
    return Problem(
        "",
        _("%(title)s由%(roles)s召集。") % {"title": ref.title, "roles": roles},
        _("请告诉%(roles)s。") % {"roles": roles},
    )


def may_run(actor: Actor, meeting: Meeting, ref: BodyRef) -> Problem | None:
    """The chair, the minutes-taker and the conveners run a meeting."""
    if actor.kind == "system":
        return None
    named = {meeting.chair_id, meeting.minutes_id, meeting.called_by} - {None}
    roles = {*ref.body.convener, *ref.body.chair, *(() if meeting.minutes_id else ref.body.minutes)}
    if actor.person_id in named or actor.roles_in(meeting.area_code) & roles:
        return None
    return Problem(
        "",
        _("会议由主持人、记录人和召集人（%(roles)s）操作。") % {"roles": _titles(ref, ref.body.convener)},
        _("请告诉主持人或记录人。"),
    )


def may_decide(actor: Actor, meeting: Meeting, ref: BodyRef) -> Problem | None:
    """The one who only writes the minutes does not declare what was decided: the chair and the conveners do."""
    if actor.kind == "system":
        return None
    roles = {*ref.body.convener, *ref.body.chair}
    if actor.person_id in {meeting.chair_id, meeting.called_by} or actor.roles_in(meeting.area_code) & roles:
        return None
    return Problem("", _("决议由主持人或召集人宣布。"), _("请主持人操作。"))


def state_is(meeting: Meeting, *states: str) -> Problem | None:
    """The meeting must stand in one of ``states``."""
    if meeting.state in states:
        return None
    how = {
        Meeting.State.CALLED: _("先宣布开会。"),
        Meeting.State.OPEN: _("先宣布散会。"),
        Meeting.State.ENDED: _("会议已经散会。写错的地方用“更正”；需要再议的，列入下次会议。"),
        Meeting.State.PUBLISHED: _("结果已经公布。写错的地方用“更正”；需要再议的，列入下次会议。"),
        Meeting.State.CANCELLED: _("会议已经取消，请另行召集。"),
    }[Meeting.State(meeting.state)]
    return Problem("", _("会议现在是“%(state)s”。") % {"state": state_title(meeting)}, how)


def item_is(item: AgendaItem, *states: str) -> Problem | None:
    """The item must stand in one of ``states``."""
    if item.state in states:
        return None
    how = {
        AgendaItem.State.WAITING: _("先表决。"),
        AgendaItem.State.VOTING: _("先计票。"),
        AgendaItem.State.COUNTED: _("已经计票，请写决议。"),
    }.get(AgendaItem.State(item.state), _("这个议题已有结果；需要再议的，列入下次会议。"))
    return Problem("item", _("议题现在是“%(state)s”。") % {"state": item_state_title(item)}, how)


def mandate_is_free(row: Attendance, voted: Iterable[object]) -> Problem | None:
    """One mandate, one vote: the holder is due and here (or their deputy), and has not voted by any channel."""
    if row.kind != Attendance.Kind.DUE:
        return Problem("voter", _("%(name)s是列席，不参加表决。") % {"name": row.name}, _("列席人员可以发言。"))
    if row.presence not in PRESENT:
        return Problem("voter", _("%(name)s没有签到。") % {"name": row.name}, _("先签到，或登记委托，再表决。"))
    if row.person_id in set(voted):
        return Problem(
            "voter",
            _("%(name)s已经投过票，不论举手、纸质还是手机，一人一票。") % {"name": row.name},
            _("不用再投；如有差错请主持人说明并记入发言。"),
        )
    return None


def no_channel(allowed: Sequence[str], channel: str) -> Problem | None:
    """The body's rules must allow the channel."""
    if channel in allowed:
        return None
    return Problem(
        "channel",
        _("这个会议不用%(channel)s表决。") % {"channel": channel_title(channel)},
        _("可用：%(channels)s。") % {"channels": "、".join(channel_title(one) for one in allowed)},
    )


def state_title(meeting: Meeting) -> str:
    """Return the meeting's state in words."""
    return {
        Meeting.State.CALLED: _("已通知"),
        Meeting.State.OPEN: _("进行中"),
        Meeting.State.ENDED: _("已散会"),
        Meeting.State.PUBLISHED: _("已公布"),
        Meeting.State.CANCELLED: _("已取消"),
    }[Meeting.State(meeting.state)]


def item_state_title(item: AgendaItem) -> str:
    """Return the item's state in words."""
    return {
        AgendaItem.State.WAITING: _("待议"),
        AgendaItem.State.VOTING: _("表决中"),
        AgendaItem.State.COUNTED: _("已计票"),
        AgendaItem.State.CARRIED: _("通过"),
        AgendaItem.State.REJECTED: _("未通过"),
        AgendaItem.State.REFERRED: _("已提交上级会议"),
        AgendaItem.State.DEFERRED: _("顺延"),
        AgendaItem.State.NOTED: _("已通报"),
    }[AgendaItem.State(item.state)]


def presence_title(presence: str) -> str:
    """Return a presence in words."""
    return {
        Attendance.Presence.UNKNOWN: _("未签到"),
        Attendance.Presence.PRESENT: _("到会"),
        Attendance.Presence.ABSENT: _("请假"),
        Attendance.Presence.DEPUTY: _("委托"),
    }[Attendance.Presence(presence)]


def correctable_title(what: str) -> str:
    """Return what a correction is about, in words; "" for anything else."""
    return {
        "place": _("地点"),
        "began": _("开会时间"),
        "ended": _("散会时间"),
        "chair": _("主持"),
        "minutes": _("记录"),
        "reason": _("缺席原因"),
        "opinion": _("发言"),
    }.get(what, "")


def ballot_title(kind: str) -> str:
    """Return a kind of ballot in words."""
    return {"hands": _("举手表决"), "open": _("记名投票"), "secret": _("无记名投票"), "": ""}[kind]


def choice_title(choice: str) -> str:
    """Return a choice in words."""
    return {
        "for": _("赞成"),
        "against": _("反对"),
        "abstain": _("弃权"),
        "spoilt": _("废票"),
        "": _("不公开"),
    }[choice]


def channel_title(channel: str) -> str:
    """Return a channel in words."""
    return {"hands": _("举手"), "paper": _("纸质票"), "phone": _("手机")}[channel]
