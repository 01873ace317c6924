"""Why something may not be done with a roster, a duty or an hour now; and is what came in readable?"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from bihuan.activities import guards, kinds
from bihuan.activities.actions.teams import founders
from bihuan.activities.duties import shifts
from bihuan.activities.duties.models import Duty, Roster, Service
from bihuan.activities.duties.shifts import NotAShift, Shift
from bihuan.activities.models import Member, Team
from bihuan.kernel.api import BadInput, Problem, clock
from bihuan.people.api import Actor

MOST_SEATS = 1500  # of one roster
MOST_TURNS = 120  # people who take turns
EARLIEST = timedelta(days=31)  # before today: a roster on paper, typed afterwards
FARTHEST = timedelta(days=366)
_PHONE = re.compile(r"^(?:\+?86)?1[3-9]\d{9}$|^0\d{9,11}$")
_AWAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")


def may_keep(actor: Actor, team: Team) -> Problem | None:
    """Whoever leads the team or might have founded it makes its roster and keeps its record."""
    ref = kinds.team_kind_of(team.version_ref_id, team.kind)
    return guards.may_lead(actor, team, ref, founders(ref))


def in_team(actor: Actor, team: Team) -> Member | None:
    """Return the actor's own membership, of who is in the team with an account."""
    if actor.person_id is None or actor.via:  # a machine's key is in no team
        return None
    return team.members.filter(person_id=actor.person_id, until__isnull=True).first()


def own(actor: Actor, member: Member | None) -> bool:
    """Say whether a membership is the actor's own; a machine's key has none."""
    return member is not None and member.person_id is not None and member.person_id == actor.person_id and not actor.via


def may_log(actor: Actor, team: Team) -> Problem | None:
    """Whoever keeps the team, and each of its members."""
    if in_team(actor, team) is not None:
        return None
    keep = may_keep(actor, team)
    return keep and Problem("", _("值班登记由这支队伍的人来做。"), _("请先加入队伍，或请队长来记。"))


def standing(roster: Roster) -> Problem | None:
    """What was taken back is changed no more."""
    return Problem("", _("这张值班表已经撤回。"), _("请看新排的值班表。")) if roster.ended_at is not None else None


def to_come(duty: Duty, now: datetime) -> Problem | None:
    """What is over or handed over is changed no more."""
    if duty.handed_at is not None or duty.ends_at <= now:
        return Problem("", _("这一班已经过去。"), _("只能换还没有值完的班。"))
    return None


def begun(duty: Duty, now: datetime) -> Problem | None:
    """What has not begun has nothing to be noted."""
    return Problem("", _("这一班还没有开始。"), _("到了时间再登记。")) if now < duty.starts_at else None


def busy(member: Member, duty: Duty, *, but: Duty | None = None) -> Problem | None:
    """Nobody stands two duties at once."""
    at_once = Duty.objects.filter(member=member, starts_at__lt=duty.ends_at, ends_at__gt=duty.starts_at)
    if at_once.exclude(pk__in=[duty.pk, but.pk if but else duty.pk]).exists():
        return Problem(
            "member", _("%(name)s同一时间已有一班。") % {"name": member.name or _("这名队员")}, _("换一个人。")
        )
    return None


def may_object(service: Service, now: datetime) -> Problem | None:
    """An objection is raised while the hours are published and not yet counted, once."""
    if service.objected_at is not None:
        return Problem("", _("已经有人提过异议。"), _("等答复。"))
    if service.published_at is None or service.counts_from is None:
        return Problem("", _("这条时长还没有公示。"), "")
    return Problem("", _("公示期已过。"), _("请找队长说明。")) if now >= service.counts_from else None


def period(since: date, until: date) -> tuple[Problem, ...]:
    """Return what is wrong with the days of a roster."""
    today = clock.today()
    if until < since:
        return (Problem("until", _("截止日早于开始日。"), _("核对日期。")),)
    if (until - since).days >= shifts.MOST_DAYS:
        return (Problem("until", _("一张值班表最长两个月。"), _("分几张来排。")),)
    if since < today - EARLIEST or until > today + FARTHEST:
        return (Problem("since", _("日期离今天太远。"), _("核对年份和月份。")),)
    return ()


def shifts_of(text: str) -> tuple[Shift, ...]:
    """Read the shifts of a roster.

    Raises:
        BadInput: naming the first line that is none, and why.
    """
    how = _("一行一个班次，如：工作日 09:00–11:00 2人；周六 14:00–16:00 1人。")
    try:
        found = shifts.read(text[:2000])
    except NotAShift as error:
        line, wrong = error.args
        why = {
            "days": _("“%(line)s”：日子要写每天、工作日、休息日或周几。"),
            "time": _("“%(line)s”：钟点不对。"),
            "people": _("“%(line)s”：人数要在 1 到 20 之间。"),
            "length": _("“%(line)s”：一班要在 15 分钟到 24 小时之间。"),
        }.get(wrong, _("“%(line)s”：看不懂。"))
        raise BadInput(Problem("shifts", why % {"line": line[:40]}, how)) from error
    if not found:
        raise BadInput(Problem("shifts", _("没有写班次。"), how))
    if len(found) > shifts.MOST_SHIFTS:
        raise BadInput(Problem("shifts", _("班次太多，最多 12 种。"), how))
    return found


def phone(text: str, problems: list[Problem]) -> str:
    """Return a telephone number without blanks and width."""
    digits = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", text))
    if digits and not _PHONE.match(digits):
        problems.append(Problem("phone", _("电话号码不对。"), _("请填 11 位手机号，或带区号的座机号；也可以不留。")))
    return digits


def away(days: list[str]) -> list[str]:
    """Return the days on which somebody cannot come, in order: weekdays as 1 to 7, days as 2024-03-12.

    Raises:
        BadInput: for what is no day, or too many.
    """
    found = sorted(set(days))
    bad = next((day for day in found if not _is_day(day)), None)
    if bad is not None:
        how = _("写成 2024-03-12；几天之间用空格隔开。")
        raise BadInput(Problem("away", _("“%(day)s”不是日期。") % {"day": bad[:20]}, how))
    if len(found) > 100:
        raise BadInput(Problem("away", _("日子太多。"), _("长期不能来，请先离队。")))
    return found


def _is_day(text: str) -> bool:
    if text in {"1", "2", "3", "4", "5", "6", "7"}:
        return True
    try:
        return bool(_AWAY.match(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False
