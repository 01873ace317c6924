"""Why something may not be done with an activity or a team now: one list for the refusal and for the page."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from bihuan.activities.kinds import Ref
from bihuan.activities.models import Activity, SignUp, Team
from bihuan.activities.section import ActivityKind, TeamKind
from bihuan.kernel.api import Problem, Refused
from bihuan.methods.api import Method
from bihuan.people.api import ACTIVITY_MANAGE, Actor

PLACED = (SignUp.State.COMING, SignUp.State.CAME, SignUp.State.ABSENT)  # they had a place
MOST_SIGN_UPS = 2000  # of one activity: a flood, not a festival


def must(*problems: Problem | None) -> None:
    """Refuse with every reason there is.

    Raises:
        Refused: when there is one.
    """
    found = [problem for problem in problems if problem is not None]
    if found:
        raise Refused(found)


def role_titles(method: Method, roles: Collection[str], language: str) -> str:
    """Return roles as the method names them, in a list."""
    return _("、").join(method.role_title(role).say(language) for role in roles)


def may_announce(actor: Actor, area_code: str, ref: Ref[ActivityKind]) -> Problem | None:
    """Whoever holds one of the organisers' roles, with the right to hold activities there."""
    if actor.kind == "system":
        return None
    if actor.holds(ACTIVITY_MANAGE, area_code) and actor.roles_in(area_code) & set(ref.kind.organisers):
        return None
    roles = role_titles(ref.method, ref.kind.organisers, actor.language)
    return Problem("kind", _("“%(kind)s”由%(roles)s组织。") % {"kind": ref.title, "roles": roles}, _("请他们来办。"))


def may_run(actor: Actor, activity: Activity, ref: Ref[ActivityKind]) -> Problem | None:
    """Whoever might have announced it may change it, call it off and record it."""
    return may_announce(actor, activity.area_code, ref)


def may_found(actor: Actor, area_code: str, ref: Ref[TeamKind], founders: Collection[str]) -> Problem | None:
    """Whoever holds one of the founders' roles, with the right to hold activities there."""
    if actor.kind == "system":
        return None
    if actor.holds(ACTIVITY_MANAGE, area_code) and actor.roles_in(area_code) & set(founders):
        return None
    roles = role_titles(ref.method, founders, actor.language)
    return Problem("kind", _("“%(kind)s”由%(roles)s组建。") % {"kind": ref.title, "roles": roles}, _("请他们来办。"))


def may_lead(actor: Actor, team: Team, ref: Ref[TeamKind], founders: Collection[str]) -> Problem | None:
    """Its leader, and whoever might have founded it, keep the list of a team."""
    if actor.person_id is not None and actor.person_id == team.leader_id and not actor.via:
        return None
    return may_found(actor, team.area_code, ref, founders)


def going_on(team: Team) -> Problem | None:
    """A team that has ended takes nobody in."""
    return Problem("", _("这支队伍已经解散。"), "") if team.ended_at is not None else None


def announced(activity: Activity) -> Problem | None:
    """What was held or called off is changed no more."""
    if activity.state == Activity.State.CANCELLED:
        return Problem("", _("活动已经取消。"), "")
    if activity.state == Activity.State.HELD:
        return Problem("", _("活动已经办完。"), _("有错可以更正活动情况。"))
    return None


def not_cancelled(activity: Activity) -> Problem | None:
    """What was called off was not held."""
    return Problem("", _("活动已经取消。"), "") if activity.state == Activity.State.CANCELLED else None


def begun(activity: Activity, now: datetime) -> Problem | None:
    """What has not begun cannot be recorded."""
    if now < activity.starts_at:
        return Problem("", _("活动还没有开始。"), _("开始以后再登记来了多少人。"))
    return None


def takes_sign_ups(activity: Activity, now: datetime) -> Problem | None:
    """Sign-ups are taken until the day given, else until it begins."""
    until = activity.sign_up_until or activity.starts_at
    if (why := announced(activity)) is not None:
        return why
    if now >= activity.starts_at:
        return Problem("", _("活动已经开始，不再报名。"), _("直接来就可以。"))
    if now >= until:
        return Problem("", _("报名已经截止。"), _("想来可以直接问组织的人。"))
    return None


def may_withdraw(activity: Activity, row: SignUp, now: datetime) -> Problem | None:
    """One may withdraw until it begins."""
    if row.state == SignUp.State.WITHDRAWN:
        return Problem("", _("已经取消过了。"), "")
    if (why := announced(activity)) is not None:
        return why
    return Problem("", _("活动已经开始。"), _("不来也没关系。")) if now >= activity.starts_at else None


def state_title(activity: Activity) -> str:
    """Return an activity's state in the reader's language."""
    return {
        Activity.State.ANNOUNCED: _("已发布"),
        Activity.State.HELD: _("已举办"),
        Activity.State.CANCELLED: _("已取消"),
    }[Activity.State(activity.state)]


def sign_up_title(state: str) -> str:
    """Return a sign-up's state in the reader's language."""
    return {
        SignUp.State.COMING: _("已报名"),
        SignUp.State.WAITING: _("候补"),
        SignUp.State.WITHDRAWN: _("已取消"),
        SignUp.State.CAME: _("到场"),
        SignUp.State.ABSENT: _("未到"),
    }[SignUp.State(state)]
