"""What a roster would be: proposed by turns, told in a sentence, not yet anybody's duty."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from bihuan.activities import guards
from bihuan.activities.duties import checks, fair, shifts
from bihuan.activities.duties.models import Duty
from bihuan.activities.duties.shifts import Slot
from bihuan.activities.models import Member, Team
from bihuan.kernel.api import CHINA, BadInput, Problem, canonical, clock
from bihuan.people.api import ACTIVITY_READ, Actor, access


@dataclass(frozen=True, slots=True)
class Seat:
    """A turn: the shift on its day, and who stands it; None where nobody can."""

    slot: Slot
    member: Member | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A roster as it would be. ``digest`` names exactly this one: what is published is what was looked at."""

    team: Team
    since: date
    until: date
    shifts: str
    seats: tuple[Seat, ...]
    sentence: str
    digest: str


def make_roster(*, actor: Actor, team_id: UUID, since: date, until: date, text: str) -> Proposal:
    """Propose a roster by turns; nothing is written.

    Args:
        actor: who leads the team, or might have founded it.
        team_id: whose roster.
        since: the first day.
        until: the last one, at most two months on.
        text: the shifts, one a line: 工作日 09:00–11:00 2人.

    Raises:
        Http404: no such team, or the actor may not know of it.
        Refused: it is not the actor's to do, or the team has ended.
        BadInput: days or shifts cannot be read, or nobody is in the team.
    """
    team = access(actor, ACTIVITY_READ, Team.objects.all(), pk=team_id)
    guards.must(checks.may_keep(actor, team), guards.going_on(team))
    return propose(team, since, until, text)


def propose(team: Team, since: date, until: date, text: str) -> Proposal:
    """Share the duties of a team out over its members; see ``fair``."""
    problems = list(checks.period(since, until))
    if problems:
        raise BadInput(problems)
    given = checks.shifts_of(text)
    slots = list(shifts.slots(given, since, until, CHINA.is_workday, clock.ZONE))
    members = {row.pk: row for row in team.members.filter(until__isnull=True)}
    if not slots:
        problems.append(Problem("shifts", _("这些天里没有一班。"), _("核对日子和班次。")))
    if sum(slot.people for slot in slots) > checks.MOST_SEATS:
        problems.append(Problem("shifts", _("班次太多。"), _("排短一些，或分成几支队伍。")))
    if not members or len(members) > checks.MOST_TURNS:
        why = _("轮流的人太多。") if members else _("队里还没有队员。")
        problems.append(Problem("", why, _("分成几支队伍来排。") if members else _("先请队员加入。")))
    if problems:
        raise BadInput(problems)
    turns = _turns(team, members, since)
    seated = fair.share(slots, turns)
    seats = tuple(
        Seat(slot, members[who] if who is not None else None)
        for slot, some in zip(slots, seated, strict=True)
        for who in (*some, *(None for _empty in range(slot.people - len(some))))
    )
    kept = shifts.written(given)
    return Proposal(team, since, until, kept, seats, sentence(seats, members), _digest(kept, seats))


def _turns(team: Team, members: dict[UUID, Member], since: date) -> dict[UUID, fair.Turn]:
    """Return who takes turns, in the order of joining, with what the roster before left uneven."""
    before = team.rosters.filter(until__lt=since, ended_at__isnull=True).order_by("-until").first()
    stood = list(Duty.objects.filter(roster=before, member_id__in=list(members))) if before is not None else []
    counted = Counter(duty.member_id for duty in stood)
    least = min((counted[key] for key in counted), default=0)
    last = {duty.member_id: duty.starts_at for duty in sorted(stood, key=lambda duty: duty.starts_at)}
    return {
        key: fair.Turn(ahead=min(1, max(0, counted[key] - least)), last=last.get(key), away=frozenset(row.away))
        for key, row in members.items()
    }


def sentence(seats: tuple[Seat, ...], members: dict[UUID, Member]) -> str:
    """Tell how the duties are shared out, and what could not be filled."""
    taken = [seat for seat in seats if seat.member is not None]
    shares, rest = (
        Counter(seat.member.pk for seat in some if seat.member is not None)
        for some in (taken, [seat for seat in taken if seat.slot.rest])
    )
    said = _(
        "共 %(n)s 班次，%(people)s 人轮流：每人 %(shares)s 次，其中休息日每人 %(rest)s 次。"
        "次数少的先排，次数一样的，离自己上一班最远的先排，再按入队先后；说了不能来的日子不排。"
    ) % {
        "n": len(seats),
        "people": len(members),
        "shares": _range([shares[key] for key in members]),
        "rest": _range([rest[key] for key in members]),
    }
    empty = [seat.slot.day for seat in seats if seat.member is None]
    if empty:
        days = _("、").join(f"{day:%m-%d}" for day in list(dict.fromkeys(empty))[:10])
        said += _("有 %(n)s 个空位没有人能来：%(days)s。") % {"n": len(empty), "days": days}
    return said


def _range(numbers: list[int]) -> str:
    low, high = min(numbers), max(numbers)
    return str(low) if low == high else f"{low}–{high}"


def _digest(text: str, seats: tuple[Seat, ...]) -> str:
    said = [[seat.slot.starts.isoformat(), seat.member.pk.hex if seat.member else ""] for seat in seats]
    return hashlib.sha256(canonical({"shifts": text, "seats": said})).hexdigest()[:24]
