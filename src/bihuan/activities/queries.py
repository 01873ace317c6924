"""Reads behind sign-in: lists, one activity, one team, what may be announced; counts for figures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Count, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.activities import guards, kinds, rows
from bihuan.activities.actions.teams import founders
from bihuan.activities.kinds import Ref
from bihuan.activities.models import Activity, SignUp, Team
from bihuan.activities.section import ActivityKind
from bihuan.activities.shapes import (
    ActivityPage,
    ActivityRow,
    KindOption,
    Listing,
    MemberLine,
    SignUpLine,
    TeamPage,
    TeamRow,
    TimelineLine,
)
from bihuan.areas.api import ancestors, subtree_q
from bihuan.areas.api import names as area_names
from bihuan.kernel.api import EntryView, NotFound, Problem, clock, photos_of, plain_texts, sentence
from bihuan.kernel.models import Entry
from bihuan.people.api import ACTIVITY_MANAGE, ACTIVITY_READ, Actor, access, person_names, visible

STATES = {
    "ahead": Activity.State.ANNOUNCED,
    "held": Activity.State.HELD,
    "cancelled": Activity.State.CANCELLED,
}
# Who signed up and who withdrew is on the list while it is kept, and in nobody's timeline.
_QUIET = ("activity.signed_up", "activity.withdrew", "activity.signed_up_for", "activity.withdrawn_for")
_MOST_LINES = 200


def activities(
    actor: Actor, *, area: str = "", state: str = "", cursor: str | None = None, limit: int = 30
) -> Listing[ActivityRow]:
    """Return one page of the activities an actor may see, the latest first.

    Args:
        actor: who reads.
        area: only of this area and below.
        state: "ahead", "held", "cancelled" or "" for all.
        cursor: of the page, from the one before.
        limit: rows a page.

    Raises:
        BadInput: for a bent cursor.
    """
    found = visible(actor, ACTIVITY_READ, Activity.objects.all())
    if area:
        found = found.filter(subtree_q("area_code", area))
    if state in STATES:
        found = found.filter(state=STATES[state])
    return rows.page(found, cursor, limit)


def announceable(actor: Actor) -> tuple[KindOption, ...]:
    """Return the kinds of activities that an actor may announce, each with its area: those of their posts."""
    return tuple(
        KindOption(code, name, ref.method.key, ref.key, ref.title, ref.kind.note, ref.kind.team)
        for code, name in _own_areas(actor)
        for ref in kinds.kinds_in(code)
        if guards.may_announce(actor, code, ref) is None
    )


def foundable(actor: Actor) -> tuple[KindOption, ...]:
    """Return the kinds of teams that an actor may found, each with its area: those of their posts."""
    return tuple(
        KindOption(code, name, ref.method.key, ref.key, ref.title, ref.kind.note)
        for code, name in _own_areas(actor)
        for ref in kinds.team_kinds_in(code)
        if guards.may_found(actor, code, ref, founders(ref)) is None
    )


def _own_areas(actor: Actor) -> list[tuple[str, str]]:
    codes = sorted({post.area_code for post in actor.posts if post.area_code and ACTIVITY_MANAGE in post.grants})
    called = area_names(codes) if codes else {}
    return [(code, called.get(code, code)) for code in codes]


def teams_for(actor: Actor, options: Iterable[KindOption]) -> tuple[tuple[str, str], ...]:
    """Return the teams that may hold what an actor may announce: id and name."""
    given = list(options)
    sorts = {option.team for option in given if option.team}
    codes = {code for option in given for code in ancestors(option.area_code)}
    if not sorts:
        return ()
    below = Q(area_code__in=codes)
    for option in given:
        below |= subtree_q("area_code", option.area_code)
    found = Team.objects.filter(below, kind__in=sorts, ended_at__isnull=True).order_by("name")
    return tuple((str(team.pk), team.name) for team in visible(actor, ACTIVITY_READ, found))


def activity_page(actor: Actor, activity_id: UUID) -> ActivityPage:
    """Return one activity as an actor sees it; names of those who signed up only for who runs it.

    Raises:
        Http404: when there is none, or the actor may not know of it.
    """
    activity = access(actor, ACTIVITY_READ, Activity.objects.select_related("team"), pk=activity_id)
    ref = kinds.kind_of(activity.version_ref_id, activity.kind)
    signed = list(activity.sign_ups.exclude(state=SignUp.State.WITHDRAWN))
    may = _may(actor, activity, ref)
    count = {state: sum(row.people for row in signed if row.state == state) for state in SignUp.State.values}
    people = person_names({activity.organiser_id})
    return ActivityPage(
        activity=activity,
        kind_title=ref.title,
        kind_note=ref.kind.note,
        area_name=area_names([activity.area_code]).get(activity.area_code, activity.area_code),
        team_name=activity.team.name if activity.team else "",
        organiser=people.get(activity.organiser_id, ""),
        state_title=guards.state_title(activity),
        sign_ups=() if may["run"] else tuple(_line(row) for row in signed),
        names_erased=bool(signed) and not any(row.name for row in signed),
        coming=count[SignUp.State.COMING],
        waiting=count[SignUp.State.WAITING],
        free=None if activity.capacity is None else max(0, activity.capacity - count[SignUp.State.COMING]),
        came=count[SignUp.State.CAME] + activity.came_uncounted,
        photos=tuple(photos_of("activity", activity.pk)),
        timeline=_timeline("activity", activity.pk, {"title": activity.title}),
        may=may,
    )


def _line(row: SignUp) -> SignUpLine:
    return SignUpLine(
        id=row.pk,
        name=row.name,
        people=row.people,
        state=row.state,
        state_title=guards.sign_up_title(row.state),
        has_account=row.person_id is not None,
        signed_at=row.signed_at,
    )


def _may(actor: Actor, activity: Activity, ref: Ref[ActivityKind]) -> dict[str, Problem | None]:
    run, now = guards.may_run(actor, activity, ref), clock.now()
    changed = run or guards.announced(activity)
    return {
        "run": run,
        "change": changed,
        "call_off": changed,
        "sign_up": changed,
        "hold": run or guards.not_cancelled(activity) or guards.begun(activity, now),
    }


def _timeline(subject_type: str, subject_id: UUID, shown: dict[str, str]) -> tuple[TimelineLine, ...]:
    """Return the entries of a subject as sentences, oldest first. Two statements, three where a reason was given."""
    entries = Entry.objects.filter(subject_type=subject_type, subject_id=subject_id).exclude(verb__in=_QUIET)
    found = list(reversed(entries.order_by("-seq")[:_MOST_LINES]))
    names = person_names({entry.actor_id for entry in found if entry.actor_id is not None})
    bodies: list[dict[str, Any]] = [orjson.loads(entry.body) for entry in found]
    reasons = plain_texts(subject_type, subject_id, "reason") if any("reason" in body for body in bodies) else {}
    language = get_language() or "zh"
    return tuple(
        TimelineLine(
            sentence(
                EntryView(entry.verb, _params(entry, body, names, shown | {"reason": reasons.get(entry.pk, "")})),
                language,
            ),
            entry.happened_at,
        )
        for entry, body in zip(found, bodies, strict=True)
    )


def _params(entry: Entry, body: dict[str, Any], names: dict[UUID, str], shown: dict[str, str]) -> dict[str, Any]:
    when = datetime.fromisoformat(body["starts_at"]).astimezone(clock.ZONE) if body.get("starts_at") else None
    return {
        "actor": names.get(entry.actor_id, _("有人")) if entry.actor_id else _("系统"),
        "title": body.get("title") or shown.get("title", ""),
        "reason": shown["reason"],
        "when": f"{when:%Y-%m-%d %H:%M}" if when else shown.get("when", ""),
        "place": body.get("place") or shown.get("place", ""),
        "number": str(body.get("number", "")),
    }


def teams(actor: Actor) -> tuple[TeamRow, ...]:
    """Return the teams an actor may see, those that go on first."""
    found = visible(actor, ACTIVITY_READ, Team.objects.all())
    got: list[Any] = list(
        found.annotate(n=Count("members", filter=Q(members__until__isnull=True))).order_by("ended_at", "name")[:200]
    )
    got.sort(key=lambda team: team.ended_at is not None)
    called = area_names({team.area_code for team in got}) if got else {}
    leaders = person_names({team.leader_id for team in got if team.leader_id}) if got else {}
    return tuple(
        TeamRow(
            id=team.pk,
            name=team.name,
            kind_title=kinds.team_kind_of(team.version_ref_id, team.kind).title,
            area_name=called.get(team.area_code, team.area_code),
            leader=leaders.get(team.leader_id, ""),
            members=team.n,
            ended=team.ended_at is not None,
        )
        for team in got
    )


def team_page(actor: Actor, team_id: UUID) -> TeamPage:
    """Return one team as an actor sees it; names of members for who leads it, keeps it or is in it.

    Raises:
        Http404: when there is none, or the actor may not know of it.
    """
    team = access(actor, ACTIVITY_READ, Team.objects.all(), pk=team_id)
    ref = kinds.team_kind_of(team.version_ref_id, team.kind)
    keep = guards.may_lead(actor, team, ref, founders(ref))
    found = list(team.members.filter(until__isnull=True))
    mine = {row.pk for row in found if row.person_id is not None and row.person_id == actor.person_id}
    named = keep is None or bool(mine)
    held = Activity.objects.filter(team=team)
    return TeamPage(
        team=team,
        kind_title=ref.title,
        kind_note=ref.kind.note,
        area_name=area_names([team.area_code]).get(team.area_code, team.area_code),
        leader=person_names({team.leader_id}).get(team.leader_id, "") if team.leader_id else "",
        members=tuple(
            MemberLine(
                id=row.pk,
                name=row.name if named else "",
                talent=row.talent,
                since=row.since,
                mine=row.pk in mine,
                person_id=row.person_id if named else None,
            )
            for row in found
        ),
        named=named,
        activities=rows.activity_rows(rows.counted(held).order_by("-starts_at", "-pk")[:10]),
        timeline=_timeline("team", team.pk, {"title": team.name}),
        may={
            "keep": keep or guards.going_on(team),
            "end": guards.may_found(actor, team.area_code, ref, founders(ref)) or guards.going_on(team),
        },
    )


def next_leaders(actor: Actor, page: TeamPage) -> list[tuple[UUID, str]]:
    """Return who may lead a team next: its members who have an account, and oneself; not who leads it now."""
    found = {line.person_id: line.name for line in page.members if line.person_id is not None}
    if actor.person_id is not None:
        found[actor.person_id] = _("%(name)s（我自己）") % {"name": actor.name}
    return [(key, name) for key, name in found.items() if key != page.team.leader_id]


def must_be_next(actor: Actor, page: TeamPage, chosen: str) -> UUID:
    """Return who is to lead a team next, by their id as it was chosen.

    Raises:
        NotFound: it is none of those who may.
    """
    leader = next((key for key, _name in next_leaders(actor, page) if str(key) == chosen), None)
    if leader is None:
        raise NotFound(
            Problem("leader", _("不能把队伍交给这个人。"), _("请从名单中选一位；没有的，请先请他登记加入。"))
        )
    return leader


def acts_by_kind(area_code: str, since: datetime, until: datetime) -> dict[str, int]:
    """Return how many activities of each kind were held in an area and below: ``{"activities.festival": 1}``.

    Held means recorded as held; what counts is when it began, from ``since`` up to ``until``. Activities, not people.
    """
    found = (
        Activity.objects.filter(
            subtree_q("area_code", area_code),
            state=Activity.State.HELD,
            starts_at__gte=since,
            starts_at__lt=until,
        )
        .order_by()
        .values_list("kind")
        .annotate(n=Count("pk"))
    )
    return {f"activities.{kind}": n for kind, n in found}
